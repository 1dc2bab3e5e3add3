# Indices of several dimensions: CartesianIndex, the array of all of them, and their linear numbers.

abstract type AbstractCartesianIndex{N} end
struct CartesianIndex{N} <: AbstractCartesianIndex{N}
    I::NTuple{N,Int}
    @inline CartesianIndex{N}(i::NTuple{N,Int}) where {N} = new{N}(i)
end
@inline CartesianIndex{N}(i::NTuple{N,Integer}) where {N} = CartesianIndex{N}(map(Int, i))
@inline CartesianIndex{N}(i::Integer...) where {N} = CartesianIndex{N}(padded_with_ones(map(Int, i), Val(N)))
@inline CartesianIndex(i::NTuple{N,Integer}) where {N} = CartesianIndex{N}(map(Int, i))
@inline CartesianIndex(i::Integer...) = CartesianIndex(map(Int, i))
CartesianIndex(parts::Union{Integer,CartesianIndex}...) = CartesianIndex(flattened_indices(parts))
CartesianIndex(i::CartesianIndex) = i
@inline flattened_indices(::Tuple{}) = ()
@inline flattened_indices(t::Tuple) = (index_numbers(getfield(t, 1))..., flattened_indices(tail(t))...)
@inline index_numbers(i::Integer) = (Int(i),)
@inline index_numbers(i::CartesianIndex) = i.I
@inline padded_with_ones(i::Tuple, ::Val{N}) where {N} = ntuple(d -> d <= nfields(i) ? getfield(i, d) : 1, Val(N))

@inline Tuple(i::CartesianIndex) = i.I
@inline getindex(i::CartesianIndex, d::Integer) = i.I[d]
@inline length(::CartesianIndex{N}) where {N} = N
@inline length(::Type{CartesianIndex{N}}) where {N} = N
@inline size(::CartesianIndex{N}) where {N} = (N,)
firstindex(::CartesianIndex) = 1
lastindex(::CartesianIndex{N}) where {N} = N
ndims(::CartesianIndex{N}) where {N} = N
eltype(::Type{<:CartesianIndex}) = Int
iterate(::CartesianIndex) = error("iteration is deliberately unsupported for CartesianIndex. Use `I` rather than `I...`, or use `Tuple(I)...`")
broadcastable(i::CartesianIndex) = RefValue(i)

@inline +(a::CartesianIndex{N}, b::CartesianIndex{N}) where {N} = CartesianIndex{N}(map(+, a.I, b.I))
@inline -(a::CartesianIndex{N}, b::CartesianIndex{N}) where {N} = CartesianIndex{N}(map(-, a.I, b.I))
@inline +(a::CartesianIndex) = a
@inline -(a::CartesianIndex{N}) where {N} = CartesianIndex{N}(map(-, a.I))
@inline *(n::Integer, a::CartesianIndex{N}) where {N} = CartesianIndex{N}(map(i -> Int(n * i), a.I))
@inline *(a::CartesianIndex, n::Integer) = n * a
@inline min(a::CartesianIndex{N}, b::CartesianIndex{N}) where {N} = CartesianIndex{N}(map(min, a.I, b.I))
@inline max(a::CartesianIndex{N}, b::CartesianIndex{N}) where {N} = CartesianIndex{N}(map(max, a.I, b.I))
@inline zero(::Type{CartesianIndex{N}}) where {N} = CartesianIndex{N}(ntuple(d -> 0, Val(N)))
@inline zero(::CartesianIndex{N}) where {N} = zero(CartesianIndex{N})
@inline oneunit(::Type{CartesianIndex{N}}) where {N} = CartesianIndex{N}(ntuple(d -> 1, Val(N)))
@inline oneunit(::CartesianIndex{N}) where {N} = oneunit(CartesianIndex{N})
one(::Type{CartesianIndex{N}}) where {N} = oneunit(CartesianIndex{N})
@inline ==(a::CartesianIndex{N}, b::CartesianIndex{N}) where {N} = a.I == b.I
# The last dimension counts most, as in memory.
@inline isless(a::CartesianIndex{N}, b::CartesianIndex{N}) where {N} = isless(reverse(a.I), reverse(b.I))
hash(a::CartesianIndex, h::UInt) = hash(a.I, xor(h, 0x4a5c8a2c3f7bd01d))

struct CartesianIndices{N,R<:NTuple{N,OrdinalRange{Int,Int}}} <: AbstractArray{CartesianIndex{N},N}
    indices::R
end
@inline CartesianIndices(ranges::Tuple{Vararg{Union{Integer,OrdinalRange{<:Integer,<:Integer}}}}) = cartesian_indices(map(as_axis, ranges))
@inline CartesianIndices(a::AbstractArray) = cartesian_indices(axes(a))
CartesianIndices(c::CartesianIndices) = c
@inline cartesian_indices(r::R) where {N,R<:NTuple{N,OrdinalRange{Int,Int}}} = CartesianIndices{N,R}(r)
@inline cartesian_indices(::Tuple{}) = CartesianIndices{0,Tuple{}}(())
@inline as_axis(n::Integer) = OneTo(Int(n))
@inline as_axis(r::AbstractUnitRange{Int}) = r
@inline as_axis(r::AbstractUnitRange) = UnitRange{Int}(first(r), last(r))
@inline as_axis(r::StepRange{Int,Int}) = r
@inline as_axis(r::OrdinalRange) = StepRange{Int,Int}(first(r), step(r), last(r))

@inline (::Colon)(a::CartesianIndex{N}, b::CartesianIndex{N}) where {N} = cartesian_indices(map((i, j) -> i:j, a.I, b.I))
@inline (::Colon)(a::CartesianIndex{N}, s::CartesianIndex{N}, b::CartesianIndex{N}) where {N} =
    cartesian_indices(map((i, d, j) -> i:d:j, a.I, s.I, b.I))

@inline size(c::CartesianIndices) = map(length, c.indices)
@inline axes(c::CartesianIndices) = map(r -> axes(r, 1), c.indices)
@inline length(c::CartesianIndices) = dims_product(map(length, c.indices))
@inline isempty(c::CartesianIndices) = any(isempty, c.indices)
@inline first(c::CartesianIndices) = CartesianIndex(map(first, c.indices))
@inline last(c::CartesianIndices) = CartesianIndex(map(last, c.indices))
@inline step(c::CartesianIndices) = CartesianIndex(map(step, c.indices))
IndexStyle(::Type{<:CartesianIndices}) = IndexCartesian()
@inline ndims(c::CartesianIndices{N}) where {N} = N
@inline eachindex(::IndexCartesian, c::CartesianIndices) = c
@inline function getindex(c::CartesianIndices{N}, i::Vararg{Int,N}) where {N}
    @boundscheck checkbounds(c, i...)
    return CartesianIndex(map((r, k) -> @inbounds(r[k]), c.indices, i))
end
@inline function getindex(c::CartesianIndices{1}, i::Int)
    @boundscheck checkbounds(c, i)
    return CartesianIndex((@inbounds(c.indices[1][i]),))
end
@inline getindex(c::CartesianIndices{0}) = CartesianIndex(())
@inline function getindex(c::CartesianIndices, i::Int)
    @boundscheck 1 <= i <= length(c) || throw_boundserror(c, (i,))
    return CartesianIndex(cartesian_steps(c.indices, i - 1))
end
@inline cartesian_steps(::Tuple{}, i::Int) = ()
@inline cartesian_steps(r::Tuple{Any}, i::Int) = (first(getfield(r, 1)) + i * step(getfield(r, 1)),)
@inline function cartesian_steps(r::Tuple, i::Int)
    n = length(getfield(r, 1))
    q = div(i, n)
    return (first(getfield(r, 1)) + (i - q * n) * step(getfield(r, 1)), cartesian_steps(tail(r), q)...)
end
@inline in(i::CartesianIndex{N}, c::CartesianIndices{N}) where {N} = all(map(in, i.I, c.indices))
in(i::CartesianIndex, c::CartesianIndices) = false
reverse(c::CartesianIndices) = cartesian_indices(map(reverse, c.indices))
intersect(a::CartesianIndices{N}, b::CartesianIndices{N}) where {N} = cartesian_indices(map(intersect, a.indices, b.indices))
==(a::CartesianIndices{N}, b::CartesianIndices{N}) where {N} = all(map(==, a.indices, b.indices))

# The first dimension runs fastest; the state is the index that was given last.
@inline function iterate(c::CartesianIndices)
    isempty(c) && return nothing
    i = first(c)
    return (i, i)
end
@inline function iterate(c::CartesianIndices, state::CartesianIndex)
    valid, i = next_index(state.I, c.indices)
    valid || return nothing
    next = CartesianIndex(i)
    return (next, next)
end
@inline next_index(::Tuple{}, ::Tuple{}) = (false, ())
@inline next_index(i::Tuple{Int}, r::Tuple{Any}) =
    (getfield(i, 1) != last(getfield(r, 1)), (getfield(i, 1) + step(getfield(r, 1)),))
@inline function next_index(i::Tuple{Int,Int,Vararg{Int}}, r::Tuple)
    getfield(i, 1) != last(getfield(r, 1)) && return (true, (getfield(i, 1) + step(getfield(r, 1)), tail(i)...))
    valid, rest = next_index(tail(i), tail(r))
    return (valid, (first(getfield(r, 1)), rest...))
end

function show(io::IO, c::CartesianIndices)
    print(io, "CartesianIndices(", map(shown_axis, c.indices), ")")
    return nothing
end
show(io::IO, ::MIME_plain, c::CartesianIndices) = show(io, c)
shown_axis(r) = r
shown_axis(r::OneTo) = r.stop

struct LinearIndices{N,R<:NTuple{N,AbstractUnitRange{Int}}} <: AbstractArray{Int,N}
    indices::R
end
@inline LinearIndices(a::AbstractArray) = linear_indices(axes(a))
@inline LinearIndices(ranges::Tuple{Vararg{Union{Integer,AbstractUnitRange{<:Integer}}}}) = linear_indices(map(as_axis, ranges))
@inline linear_indices(r::R) where {N,R<:NTuple{N,AbstractUnitRange{Int}}} = LinearIndices{N,R}(r)
IndexStyle(::Type{<:LinearIndices}) = IndexLinear()
@inline size(l::LinearIndices) = map(length, l.indices)
@inline axes(l::LinearIndices) = map(r -> axes(r, 1), l.indices)
@inline function getindex(l::LinearIndices, i::Int)
    @boundscheck 1 <= i <= length(l) || throw_boundserror(l, (i,))
    return i
end
@inline getindex(l::LinearIndices, i::CartesianIndex) = l[i.I...]
first(l::LinearIndices) = 1
last(l::LinearIndices) = length(l)

# A block of one array into a block of another.
function copyto!(dest::AbstractArray{T,N}, to::CartesianIndices{N}, src::AbstractArray{S,N}, from::CartesianIndices{N}) where {T,S,N}
    size(to) == size(from) || throw(ArgumentError(LazyString("source and destination must have same size (got ", size(from), " and ", size(to), ")")))
    isempty(from) && return dest
    checkbounds(dest, first(to))
    checkbounds(dest, last(to))
    checkbounds(src, first(from))
    checkbounds(src, last(from))
    shared = root_array(src) === root_array(dest) ? copy(src) : src
    for k in 1:length(from)
        dest[to[k]] = shared[from[k]]
    end
    return dest
end
