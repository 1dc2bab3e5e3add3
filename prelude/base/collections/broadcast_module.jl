# module: Base.Broadcast
# Broadcasting by the names under which programs extend it.

import ..Base: broadcast, broadcast!, broadcasted, broadcastable, materialize, materialize!, instantiate, BroadcastStyle, AbstractArrayStyle, DefaultArrayStyle, ArrayStyle, Style, Unknown, Broadcasted, dotview, copy, copyto!, similar, axes
export broadcast, broadcast!, BroadcastStyle, broadcast_axes, broadcastable, dotview

broadcast_axes(x) = axes(x)
flatten(bc::Broadcasted) = bc
combine_axes(args...) = Base.axes_of_args(args)
combine_styles(args...) = Base.common_broadcast_style(args)
combine_eltypes(f, args::Tuple) = Base.eltype(Base.broadcasted(f, args...))
result_style(style::BroadcastStyle) = style
result_style(a::BroadcastStyle, b::BroadcastStyle) = Base.joined_style(a, b)
broadcast_shape(a::Tuple, more::Tuple...) = foldl(Base.common_axes, more; init=a)
