# Broadcasting. `f.(a, g.(b))` becomes one Broadcasted that holds functions and arguments; nothing is
# computed before it is materialized, then in one loop.

abstract type BroadcastStyle end
abstract type AbstractArrayStyle{N} <: BroadcastStyle end
# The result is an array of N dimensions; of none, a scalar.
struct DefaultArrayStyle{N} <: AbstractArrayStyle{N} end
struct Style{T} <: BroadcastStyle end
# The result is an array as `similar` of the Broadcasted makes it.
struct ArrayStyle{A} <: AbstractArrayStyle{Any} end
ArrayStyle{A}(::Val) where {A} = ArrayStyle{A}()
DefaultArrayStyle(::Val{N}) where {N} = DefaultArrayStyle{N}()
DefaultArrayStyle{M}(::Val{N}) where {M,N} = DefaultArrayStyle{N}()
struct Unknown <: BroadcastStyle end

BroadcastStyle(::Type{<:AbstractArray{T,N}}) where {T,N} = DefaultArrayStyle{N}()
BroadcastStyle(::Type{<:Tuple}) = Style{Tuple}()
BroadcastStyle(::Type) = DefaultArrayStyle{0}()
# Which style two arguments have together. A rule for one order is enough.
BroadcastStyle(a::BroadcastStyle, b::BroadcastStyle) = Unknown()
BroadcastStyle(a::DefaultArrayStyle{M}, b::DefaultArrayStyle{N}) where {M,N} = DefaultArrayStyle{M < N ? N : M}()
BroadcastStyle(a::AbstractArrayStyle, b::DefaultArrayStyle) = a
BroadcastStyle(a::AbstractArrayStyle, b::Style{Tuple}) = a
BroadcastStyle(a::DefaultArrayStyle{0}, b::Style{Tuple}) = b
@inline joined_style(a::S, b::S) where {S<:BroadcastStyle} = a
@inline joined_style(a::BroadcastStyle, b::BroadcastStyle) = known_style(BroadcastStyle(a, b), a, b)
@inline known_style(style, a, b) = style
@inline known_style(::Unknown, a, b) = BroadcastStyle(b, a)

struct Broadcasted{S,F,A<:Tuple}
    style::S
    f::F
    args::A
end
@inline Broadcasted(style::S, f::Type{T}, args::A) where {S,T,A<:Tuple} = Broadcasted{S,Type{T},A}(style, f, args)

@inline style_of(bc::Broadcasted) = bc.style
@inline style_of(x) = BroadcastStyle(typeof(x))
@inline common_broadcast_style(::Tuple{}) = DefaultArrayStyle{0}()
@inline common_broadcast_style(args::Tuple{Any}) = style_of(getfield(args, 1))
@inline common_broadcast_style(args::Tuple) = joined_style(style_of(getfield(args, 1)), common_broadcast_style(tail(args)))

# What an argument is iterated as; things without elements are scalars.
@inline broadcastable(x::Union{AbstractArray,Number,AbstractChar,Ref,Tuple,Broadcasted}) = x
@inline broadcastable(x::Union{Symbol,AbstractString,Function,Ptr,Pair,Val,Some,UndefInitializer,Module,Colon}) = FixedArg(x)
@inline broadcastable(::Type{T}) where {T} = FixedArg{Type{T}}(T)
@inline broadcastable(x::FixedArg) = x
# A symbol that is known when the code is compiled goes into the type: `getfield.(records, :x)`
# has an element type then.
struct FixedSymbol{S} end
@inline broadcasted(f, arg, x::Symbol) =
    broadcasted_as(f, (settled_arg(arg), Core.is_compile_constant(x) ? FixedSymbol{x}() : FixedArg(x)))
broadcastable(x::Union{AbstractDict,NamedTuple}) = throw(ArgumentError("broadcasting over dictionaries and `NamedTuple`s is reserved"))
broadcastable(x) = collect(x)

# A scalar argument: what a Ref held, without a place in memory.
struct FixedArg{T}
    x::T
end
@inline settled(x) = x
@inline settled(r::RefValue{T}) where {T} = FixedArg{T}(getfield(r, :x))
@inline settled_arg(x) = settled(broadcastable(x))

@inline broadcasted(f, args...) = broadcasted_as(f, map(settled_arg, args))
@inline broadcasted_as(f, args::Tuple) = broadcasted_by(common_broadcast_style(args), f, args)
@inline broadcasted_by(style::Union{DefaultArrayStyle,Style{Tuple}}, f, args::Tuple) = Broadcasted(style, f, args)
# Styles of programs may have ways of their own for some functions.
@inline broadcasted_by(style::BroadcastStyle, f, args::Tuple) = broadcasted(style, f, args...)
@inline broadcasted(style::BroadcastStyle, f, args...) = Broadcasted(style, f, args)

# Ranges stay ranges under shifts and scalings.
broadcasted_by(::DefaultArrayStyle{1}, ::typeof(+), args::Tuple{AbstractRange}) = args[1]
broadcasted_by(::DefaultArrayStyle{1}, ::typeof(-), args::Tuple{AbstractRange}) = -args[1]
broadcasted_by(::DefaultArrayStyle{1}, ::typeof(+), args::Tuple{AbstractRange{<:Number},Number}) = shifted_range(args[1], args[2])
broadcasted_by(::DefaultArrayStyle{1}, ::typeof(+), args::Tuple{Number,AbstractRange{<:Number}}) = shifted_range(args[2], args[1])
broadcasted_by(::DefaultArrayStyle{1}, ::typeof(-), args::Tuple{AbstractRange{<:Number},Number}) = shifted_range(args[1], -args[2])
broadcasted_by(::DefaultArrayStyle{1}, ::typeof(-), args::Tuple{Number,AbstractRange{<:Number}}) = shifted_range(-args[2], args[1])
broadcasted_by(::DefaultArrayStyle{1}, ::typeof(*), args::Tuple{AbstractRange{<:Number},Number}) = scaled_range(args[1], args[2])
broadcasted_by(::DefaultArrayStyle{1}, ::typeof(*), args::Tuple{Number,AbstractRange{<:Number}}) = scaled_range(args[2], args[1])
broadcasted_by(::DefaultArrayStyle{1}, ::typeof(/), args::Tuple{AbstractRange{<:Number},Number}) = divided_range(args[1], args[2])
broadcasted_by(::DefaultArrayStyle{1}, ::typeof(+), args::Tuple{AbstractRange{<:Real},AbstractRange{<:Real}}) = added_equal_lengths(+, args)
broadcasted_by(::DefaultArrayStyle{1}, ::typeof(-), args::Tuple{AbstractRange{<:Real},AbstractRange{<:Real}}) = added_equal_lengths(-, args)
broadcasted_by(::DefaultArrayStyle{1}, ::Type{Float64}, args::Tuple{AbstractUnitRange{<:Integer}}) = float_range(Float64, args[1])
float_range(::Type{T}, r::AbstractUnitRange) where {T} = T(first(r)):T(last(r))
function added_equal_lengths(op, args::Tuple)
    a, b = args
    length(a) == length(b) || throw_broadcast_lengths(length(a), length(b))
    return op(a, b)
end

@inline broadcast(f, args...) = materialize(broadcasted(f, args...))
# f.(xs...; keywords...): the keywords are given to every call.
@inline broadcasted_kwsyntax(f, args...; keywords...) = broadcasted((xs...) -> f(xs...; keywords...), args...)
broadcast!(f, dest, args...) = materialize!(dest, broadcasted(f, args...))
@inline dotview(a, i...) = maybeview(a, i...)
@inline dotgetproperty(x, name) = getproperty(x, name)

# ---- axes

@inline axes(bc::Broadcasted) = axes_of_args(bc.args)
@inline axes_of_args(::Tuple{}) = ()
@inline axes_of_args(args::Tuple{Any}) = axes_of_arg(getfield(args, 1))
@inline axes_of_args(args::Tuple) = common_axes(axes_of_arg(getfield(args, 1)), axes_of_args(tail(args)))
@inline axes_of_arg(x::Union{Number,AbstractChar,Ref,FixedArg,FixedSymbol}) = ()
@inline axes_of_arg(x) = axes(x)
@inline axes_of_arg(x::Tuple) = (OneTo(nfields(x)),)
@inline axes_of_arg(x::AbstractArray) = axes(x)
@inline axes_of_arg(x::Broadcasted) = axes(x)
@inline common_axes(::Tuple{}, ::Tuple{}) = ()
@inline common_axes(a::Tuple, ::Tuple{}) = a
@inline common_axes(::Tuple{}, b::Tuple) = b
@inline common_axes(a::Tuple, b::Tuple) =
    (common_axis(getfield(a, 1), getfield(b, 1)), common_axes(tail(a), tail(b))...)
@inline common_axis(a::OneTo, b::OneTo) = a.stop == b.stop ? a : one_of_axes(a, b)
@inline common_axis(a::AbstractUnitRange, b::AbstractUnitRange) = a == b ? UnitRange{Int}(a) : one_of_axes(UnitRange{Int}(a), UnitRange{Int}(b))
@inline one_of_axes(a, b) = length(a) == 1 ? b : length(b) == 1 ? a : throw_broadcast_lengths(length(a), length(b))
@noinline throw_broadcast_lengths(m, n) = throw(DimensionMismatch(LazyString(
    "arrays could not be broadcast to a common size; got a dimension with lengths ", m, " and ", n)))
length(bc::Broadcasted) = dims_product(map(length, axes(bc)))
size(bc::Broadcasted) = map(length, axes(bc))
ndims(bc::Broadcasted) = nfields(axes(bc))
@inline eachindex(bc::Broadcasted) = CartesianIndices(axes(bc))
IteratorSize(::Type{<:Broadcasted{DefaultArrayStyle{N}}}) where {N} = HasShape{N}()
IteratorEltype(::Type{<:Broadcasted}) = EltypeUnknown()
iterate(bc::Broadcasted) = iterate(bc, (materialize(bc),))
function iterate(bc::Broadcasted, state::Tuple)
    y = iterate(state...)
    return y === nothing ? nothing : (y[1], (state[1], y[2]))
end
collect(bc::Broadcasted) = collect(materialize(bc))

# ---- elements

# An array among the arguments: dimensions of length 1 are read at their only index.
struct Extruded{A,N}
    x::A
    keeps::NTuple{N,Bool}
end
@inline Extruded(x::AbstractArray{T,N}) where {T,N} = Extruded{typeof(x),N}(x, map(n -> n != 1, size(x)))
@inline prepared(bc::Broadcasted, dest) = Broadcasted(bc.style, bc.f, prepared_args(bc.args, dest))
@inline prepared_args(::Tuple{}, dest) = ()
@inline prepared_args(args::Tuple, dest) = (prepared_arg(getfield(args, 1), dest), prepared_args(tail(args), dest)...)
@inline prepared_arg(x, dest) = x
@inline prepared_arg(bc::Broadcasted, dest) = prepared(bc, dest)
@inline prepared_arg(x::AbstractArray, dest) = Extruded(unaliased(x, dest))
# The same questions by the names that programs ask them by, and extend.
dataids(a::AbstractArray) = (objectid(root_array(a)),)
mightalias(a::AbstractArray, b::AbstractArray) = !isempty(a) && !isempty(b) && any(in(dataids(b)), dataids(a))
mightalias(x, y) = false
unalias(dest, x::AbstractArray) = mightalias(dest, x) ? unaliascopy(x) : x
unalias(dest, x) = x
unaliascopy(x::AbstractArray) = independent(x)
unaliascopy(x) = x
# An array that is written while it is read at other places is copied first.
@inline unaliased(x, dest) = x
# Arrays that are plain bits are taken not to share, as there is nothing to compare.
@inline unaliased(x::AbstractArray, dest::AbstractArray) =
    isbitstype(typeof(x)) || x === dest || !same_elements(root_array(x), root_array(dest)) ? x : independent(x)
@inline unaliased(x::AbstractRange, dest::AbstractArray) = x
# Arrays of different shapes may share their elements.
@inline same_elements(a, b) = a === b
@inline same_elements(a::Array, b::Array) = a === b || (!isempty(a) && UInt(pointer(a)) == UInt(pointer(b)))
@inline root_array(a::AbstractArray) = a
@inline root_array(a::SubArray) = root_array(a.parent)
@inline root_array(a::ReshapedArray) = root_array(a.parent)
# A copy that shares no elements and has the same type.
independent(a::AbstractArray) = same_type_as(a, copy(a))
same_type_as(a::T, b::T) where {T} = b
@noinline same_type_as(a, b) = throw(ArgumentError(string("an array of type `", typeof(a).name.wrapper,
    "` shares memory with another argument\nand must make a preventative copy of itself in order to maintain consistent semantics,\nbut `copy(::",
    typeof(a), ")` returns a new array of type `", typeof(b), "`.\nTo fix, implement:\n    `Base.unaliascopy(A::", typeof(a).name.wrapper, ")::typeof(A)`")))
independent(a::SubArray{T,N,P,I,L}) where {T,N,P,I,L} = SubArray{T,N,P,I,L}(independent(a.parent), a.indices, a.offset1, a.stride1)
independent(a::ReshapedArray{T,N,P,MI}) where {T,N,P,MI} = ReshapedArray{T,N,P,MI}(independent(a.parent), a.dims)

@inline element_at(bc::Broadcasted, i) = applied_at(bc.f, bc.args, i)
@inline applied_at(f, ::Tuple{}, i) = f()
@inline applied_at(f, args::Tuple{Any}, i) = f(arg_at(getfield(args, 1), i))
@inline applied_at(f, args::Tuple{Any,Any}, i) = f(arg_at(getfield(args, 1), i), arg_at(getfield(args, 2), i))
@inline applied_at(f, args::Tuple{Any,Any,Any}, i) =
    f(arg_at(getfield(args, 1), i), arg_at(getfield(args, 2), i), arg_at(getfield(args, 3), i))
@inline applied_at(f, args::Tuple, i) = f(args_at(args, i)...)
# What `.&&` and `.||` call. Elements of the right side are computed where the left ones leave it open.
@inline andand(a, b) = a && b
@inline oror(a, b) = a || b
@inline applied_at(::typeof(andand), args::Tuple{Any,Any}, i) = arg_at(getfield(args, 1), i) && arg_at(getfield(args, 2), i)
@inline applied_at(::typeof(oror), args::Tuple{Any,Any}, i) = arg_at(getfield(args, 1), i) || arg_at(getfield(args, 2), i)
@inline args_at(::Tuple{}, i) = ()
@inline args_at(args::Tuple, i) = (arg_at(getfield(args, 1), i), args_at(tail(args), i)...)
@inline arg_at(x::Union{Number,AbstractChar}, i) = x
@inline arg_at(x, i) = length(x) == 1 ? x[1] : x[i]
@inline arg_at(x::Ref, i) = x[]
@inline arg_at(x::FixedArg, i) = x.x
@inline arg_at(::FixedSymbol{S}, i) where {S} = S
@inline arg_at(x::AbstractArray{T,0}, i) where {T} = x[]
@inline arg_at(bc::Broadcasted, i) = element_at(bc, i)
@inline arg_at(t::Tuple, i::Int) = getfield(t, nfields(t) == 1 ? 1 : i)
@inline arg_at(t::Tuple, i::CartesianIndex) = getfield(t, nfields(t) == 1 ? 1 : getfield(i.I, 1))
@inline arg_at(e::Extruded{A,0}, i) where {A} = @inbounds e.x[]
@inline arg_at(e::Extruded{A,0}, i::Int) where {A} = @inbounds e.x[]
@inline arg_at(e::Extruded{A,0}, i::CartesianIndex) where {A} = @inbounds e.x[]
@inline arg_at(e::Extruded{A,1}, i::Int) where {A} = @inbounds e.x[ifelse(getfield(e.keeps, 1), i, 1)]
@inline arg_at(e::Extruded{A,1}, i::CartesianIndex) where {A} = @inbounds e.x[ifelse(getfield(e.keeps, 1), getfield(i.I, 1), 1)]
@inline arg_at(e::Extruded{A,N}, i::CartesianIndex) where {A,N} = @inbounds e.x[kept_indices(e.keeps, i.I)...]
@inline kept_indices(::Tuple{}, ::Tuple) = ()
@inline kept_indices(keeps::Tuple, i::Tuple) = (ifelse(getfield(keeps, 1), getfield(i, 1), 1), kept_indices(tail(keeps), tail(i))...)

# ---- results

@inline materialize(x) = x
@inline materialize(bc::Broadcasted) = copy(bc)
@inline copy(bc::Broadcasted{DefaultArrayStyle{0}}) = element_at(bc, 1)
@inline copy(bc::Broadcasted{Style{Tuple}}) = ntuple(i -> element_at(bc, i), Val(tuple_length(bc)))
@inline tuple_length(bc::Broadcasted) = longest_tuple(bc.args)
@inline tuple_length(t::Tuple) = nfields(t)
@inline tuple_length(x) = -1
@inline longest_tuple(::Tuple{}) = -1
@inline longest_tuple(args::Tuple) = common_length(tuple_length(getfield(args, 1)), longest_tuple(tail(args)))
@inline common_length(m::Int, n::Int) = m == n ? m : m == -1 || (m == 1 && n != -1) ? n : n == -1 || n == 1 ? m : throw_broadcast_lengths(m, n)

function copy(bc::Broadcasted{DefaultArrayStyle{N}}) where {N}
    ready = prepared(bc, nothing)
    return filled_by(ready, axes(bc), Core.return_type(element_at, Tuple{typeof(ready),index_type(Val(N))}))
end
index_type(::Val{1}) = Int
index_type(::Val{N}) where {N} = CartesianIndex{N}
@inline function filled_by(bc::Broadcasted, axs::NTuple{N,Any}, ::Type{T}) where {N,T}
    isconcretetype(T) || return filled_widening(bc, axs, T)
    return fill_from!(result_with_axes(T, axs), axs, bc)
end
@inline result_with_axes(::Type{T}, axs::Tuple{Vararg{OneTo}}) where {T} = broadcast_result(T, lengths_of(axs))
# Axes that begin elsewhere are for the methods of `similar` that programs have for them.
@inline result_with_axes(::Type{T}, axs::Tuple) where {T} =
    T === Bool ? broadcast_result(T, lengths_of(axs)) : similar(Array{T,nfields(axs)}, axs)
@inline broadcast_result(::Type{T}, dims::Dims{N}) where {T,N} = Array{T,N}(undef, dims)
@inline broadcast_result(::Type{Bool}, dims::Dims{N}) where {N} = BitArray{N}(undef, dims)
@inline function fill_from!(dest::AbstractArray, axs::Tuple{AbstractUnitRange}, bc::Broadcasted)
    k = firstindex(dest)
    for i in getfield(axs, 1)
        @inbounds dest[k] = element_at(bc, i)
        k += 1
    end
    return dest
end
@inline function fill_from!(dest::AbstractArray, axs::Tuple, bc::Broadcasted)
    k = firstindex(dest)
    for i in CartesianIndices(axs)
        @inbounds dest[k] = element_at(bc, i)
        k += 1
    end
    return dest
end
function filled_widening(bc::Broadcasted, axs::NTuple{N,Any}, ::Type{T}) where {N,T}
    values = N == 1 ? Generator(i -> element_at(bc, i), axs[1]) : Generator(i -> element_at(bc, i), CartesianIndices(axs))
    return bits_of_bools(collect_widening(T, HasShape{N}(), values))
end
# Where only the values tell that all are Bools they are packed, too.
bits_of_bools(values) = values
bits_of_bools(values::Array{Bool}) = BitArray(values)

# Arrays of types that have a style of their own. What type the elements have decides what `similar` makes.
similar(bc::Broadcasted, ::Type{T}) where {T} = broadcast_result(T, lengths_of(axes(bc)))
similar(bc::Broadcasted, ::Type{T}, axs::Tuple) where {T} = broadcast_result(T, lengths_of(axs))
function copy(bc::Broadcasted{<:AbstractArrayStyle})
    axs = axes(bc)
    nfields(axs) == 0 && return element_at(bc, 1)
    ready = prepared(bc, nothing)
    T = Core.return_type(element_at, Tuple{typeof(ready),index_type(Val(nfields(axs)))})
    isconcretetype(T) && return copyto!(similar(bc, T), bc)
    values = filled_widening(ready, axs, T)
    return copyto!(similar(bc, eltype(values)), values)
end
eltype(bc::Broadcasted) = Core.return_type(element_at, Tuple{typeof(prepared(bc, nothing)),index_type(Val(nfields(axes(bc))))})
instantiate(bc) = bc
@inline getindex(bc::Broadcasted, i::Int) = element_at(prepared(bc, nothing), i)
@inline getindex(bc::Broadcasted, i::CartesianIndex) = element_at(prepared(bc, nothing), i)
@inline getindex(bc::Broadcasted, i::Int, j::Int, more::Int...) = bc[CartesianIndex(i, j, more...)]

# ---- into an existing array

# What is no array may have a method of `copyto!` for what is assigned to it.
@inline materialize!(dest, bc::Broadcasted) = copyto!(dest, bc)
@inline materialize!(dest, x) = materialize!(dest, Broadcasted(DefaultArrayStyle{0}(), identity, (broadcastable(x),)))
@inline function materialize!(dest::AbstractArray, bc::Broadcasted)
    fits_axes(axes(dest), axes(bc)) || throw(DimensionMismatch("array could not be broadcast to match destination"))
    return copyto!(dest, bc)
end
@inline fits_axes(::Tuple, ::Tuple{}) = true
@inline fits_axes(::Tuple{}, ::Tuple{}) = true
@inline fits_axes(::Tuple{}, b::Tuple) = all(r -> length(r) == 1, b)
@inline fits_axes(a::Tuple, b::Tuple) =
    (length(getfield(b, 1)) == 1 || getfield(a, 1) == getfield(b, 1)) && fits_axes(tail(a), tail(b))
function copyto!(dest::AbstractArray, bc::Broadcasted)
    ready = prepared(bc, dest)
    for i in CartesianIndices(axes(dest))
        @inbounds dest[i] = element_at(ready, i)
    end
    return dest
end
function copyto!(dest::AbstractVector, bc::Broadcasted)
    ready = prepared(bc, dest)
    for i in eachindex(dest)
        @inbounds dest[i] = element_at(ready, i)
    end
    return dest
end
function copyto!(dest::AbstractArray{T,0}, bc::Broadcasted) where {T}
    dest[] = element_at(prepared(bc, dest), CartesianIndex(()))
    return dest
end

# What `.+` is as a value.
struct BroadcastFunction{F} <: Function
    f::F
end
@inline (b::BroadcastFunction)(args...; kw...) = broadcast(b.f, args...; kw...)
show(io::IO, b::BroadcastFunction) = print(io, "Base.Broadcast.BroadcastFunction(", b.f, ")")
