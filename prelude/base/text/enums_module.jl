# module: Base.Enums
# What programs ask of enumerations by way of their module.

import ..Base: Enum, instances

basetype(::Type{<:Enum{T}}) where {T<:Integer} = T
namemap(::Type{E}) where {T,E<:Enum{T}} = Base.Dict{T,Symbol}(Base.Pair(Base.enum_value(x), Base.enum_symbol(x)) for x in instances(E))
