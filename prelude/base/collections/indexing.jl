# Indexing with anything: integers of all types, ranges, vectors, masks, colons, Cartesian indices,
# in any mixture. Indices are first brought to Int and AbstractArray{Int}; then one loop gathers or
# stores elements.

# All elements of one axis.
struct Slice{R<:AbstractUnitRange} <: AbstractUnitRange{Int}
    indices::R
end
@inline first(s::Slice) = first(s.indices)
@inline last(s::Slice) = last(s.indices)
@inline length(s::Slice) = length(s.indices)
@inline size(s::Slice) = (length(s.indices),)
@inline axes(s::Slice) = (s.indices,)
show(io::IO, s::Slice) = print(io, "Base.Slice(", s.indices, ")")
@inline getindex(s::Slice, i::Int) = (@boundscheck checkindex(Bool, s.indices, i) || throw_boundserror(s, i); i)

# A range that is its own axis, of arrays whose first index is not 1.
struct IdentityUnitRange{R<:AbstractUnitRange} <: AbstractUnitRange{Int}
    indices::R
end
IdentityUnitRange(r::IdentityUnitRange) = r
@inline first(s::IdentityUnitRange) = first(s.indices)
@inline last(s::IdentityUnitRange) = last(s.indices)
@inline length(s::IdentityUnitRange) = length(s.indices)
@inline size(s::IdentityUnitRange) = (length(s.indices),)
@inline axes(s::IdentityUnitRange) = (s,)
@inline eachindex(s::IdentityUnitRange) = s
@inline getindex(s::IdentityUnitRange, i::Int) = (@boundscheck checkindex(Bool, s.indices, i) || throw_boundserror(s, i); i)

# ---- bringing indices to a few types

# A single index counts the elements of the whole array.
@inline to_indices(a, i::Tuple) = resolved_indices(axes(a), i)
@inline to_indices(a, i::Tuple{Colon}) = (Slice(eachindex(IndexLinear(), a)),)
@inline to_indices(a, i::Tuple{AbstractArray{Bool}}) = (linear_positions(getfield(i, 1)),)
@inline resolved_indices(axs::Tuple, ::Tuple{}) = ()
@inline resolved_indices(axs::Tuple, i::Tuple{Int}) = i
@inline resolved_indices(axs::Tuple, i::Tuple) = resolved_first(axs, getfield(i, 1), tail(i))

@inline resolved_first(axs::Tuple, i::Integer, more::Tuple) = (to_index(i), resolved_indices(behind_axis(axs), more)...)
@inline resolved_first(axs::Tuple, i::CartesianIndex, more::Tuple) = resolved_indices(axs, (i.I..., more...))
@inline resolved_first(axs::Tuple, i::CartesianIndices, more::Tuple) = resolved_indices(axs, (i.indices..., more...))
@inline resolved_first(axs::Tuple, ::Colon, more::Tuple) = (Slice(getfield(axs, 1)), resolved_indices(tail(axs), more)...)
@inline resolved_first(axs::Tuple{}, ::Colon, more::Tuple) = (Slice(OneTo(1)), resolved_indices((), more)...)
@inline resolved_first(axs::Tuple, i::AbstractArray{<:Integer}, more::Tuple) = (i, resolved_indices(behind_axis(axs), more)...)
@inline resolved_first(axs::Tuple, i::AbstractArray{Bool,N}, more::Tuple) where {N} =
    (positions(i), resolved_indices(tuple_from(axs, N + 1), more)...)
@inline resolved_first(axs::Tuple, i::AbstractArray{CartesianIndex{N}}, more::Tuple) where {N} =
    (i, resolved_indices(tuple_from(axs, N + 1), more)...)
@inline resolved_first(axs::Tuple, i::AbstractArray, more::Tuple) = (map(to_index, i), resolved_indices(behind_axis(axs), more)...)
@inline resolved_first(axs::Tuple, i, more::Tuple) = (to_index(i), resolved_indices(behind_axis(axs), more)...)

@inline to_index(i::Int) = i
@inline to_index(i::Integer) = Int(i)
to_index(i::Bool) = throw_bool_index(i)
to_index(i::CartesianIndex) = i
to_index(i::AbstractArray) = i
to_index(::Colon) = throw(ArgumentError("colons must be converted by to_indices(...)"))
to_index(i) = throw(ArgumentError(LazyString("invalid index: ", repr(i), " of type ", typeof(i))))

# Where a mask is true.
positions(mask::AbstractArray{Bool,1}) = linear_positions(mask)
function linear_positions(mask::AbstractArray{Bool})
    out = Vector{Int}(undef, count(mask))
    k = 1
    i = firstindex(mask)
    for b in mask
        if b
            out[k] = i
            k += 1
        end
        i += 1
    end
    return out
end
function positions(mask::AbstractArray{Bool,N}) where {N}
    out = Vector{CartesianIndex{N}}(undef, count(mask))
    k = 1
    for i in CartesianIndices(mask)
        if mask[i]
            out[k] = i
            k += 1
        end
    end
    return out
end

# ---- reading

@inline getindex(a::AbstractArray, i...) = index_any(a, i)
# Indices that are Int already are left to the array; others become Int, or choose many elements.
@inline index_any(a::AbstractArray, i::Tuple{Int,Vararg{Int}}) = scalar_getindex(a, i)
@inline index_any(a::AbstractArray, i::Tuple) = index_by(a, to_indices(a, checked_masks(a, i)))
@inline index_any(a::AbstractArray, i::Tuple{CartesianIndex}) = a[getfield(i, 1).I...]
@inline index_by(a::AbstractArray, i::Tuple{Vararg{Int}}) = a[i...]
@inline function index_by(a::AbstractArray, i::Tuple)
    @boundscheck checkbounds(a, i...)
    return gathered(a, i)
end
# A mask has the shape of what it selects from.
@inline checked_masks(a, i::Tuple) = i
@inline checked_masks(a::AbstractArray, i::Tuple{AbstractArray{Bool}}) = (checkbounds(a, getfield(i, 1)); i)

@inline index_dims(i::Int) = ()
@inline index_dims(i::AbstractArray) = size(i)
@inline index_length(i::Int) = 1
@inline index_length(i::AbstractArray) = length(i)
@inline index_at(i::Int, k::Int) = i
@inline index_at(i::Slice, k::Int) = first(i) + k - 1
@inline index_at(i::AbstractArray, k::Int) = @inbounds i[firstindex(i)+k-1]
@inline index_shape(::Tuple{}) = ()
@inline index_shape(i::Tuple) = (index_dims(getfield(i, 1))..., index_shape(tail(i))...)

function gathered(a::AbstractArray{T}, i::Tuple{AbstractArray}) where {T}
    places = getfield(i, 1)
    out = similar(a, T, size(places))
    k = firstindex(out)
    for p in places
        @inbounds out[k] = a[p]
        k += 1
    end
    return out
end
function gathered(a::Array{T}, i::Tuple{AbstractUnitRange}) where {T}
    r = getfield(i, 1)
    n = length(r)
    return copy_elements!(Vector{T}(undef, n), 1, a, first(r), n)
end
# A column, or the first rows of it.
function gathered(a::Array{T,2}, i::Tuple{AbstractUnitRange,Int}) where {T}
    r, j = i
    n = length(r)
    return copy_elements!(Vector{T}(undef, n), 1, a, (j - 1) * arraysize(a, 1) + first(r), n)
end
function gathered(a::AbstractArray{T}, i::Tuple) where {T}
    out = similar(a, T, index_shape(i))
    k = firstindex(out)
    for c in CartesianIndices(map(index_length, i))
        @inbounds out[k] = a[map(index_at, i, c.I)...]
        k += 1
    end
    return out
end

# ---- writing

@inline setindex!(a::AbstractArray, v, i...) = store_any!(a, v, i)
@inline store_any!(a::AbstractArray, v, i::Tuple{Int,Vararg{Int}}) = scalar_setindex!(a, v, i)
@inline store_any!(a::AbstractArray, v, i::Tuple) = store_by!(a, v, to_indices(a, checked_masks(a, i)))
@inline store_any!(a::AbstractArray, v, i::Tuple{CartesianIndex}) = setindex!(a, v, getfield(i, 1).I...)
@inline store_by!(a::AbstractArray, v, i::Tuple{Vararg{Int}}) = setindex!(a, v, i...)
store_by!(a::AbstractArray, v, i::Tuple) =
    throw(ArgumentError("indexed assignment with a single value to possibly many locations is not supported; perhaps use broadcasting `.=` instead?"))
function store_by!(a::AbstractArray, v::AbstractArray, i::Tuple)
    @boundscheck checkbounds(a, i...)
    check_assigned_shape(v, map(index_length, i))
    values = v === a ? copy(v) : v
    k = firstindex(values)
    for c in CartesianIndices(map(index_length, i))
        @inbounds setindex!(a, values[k], map(index_at, i, c.I)...)
        k += 1
    end
    return a
end
@inline store_by!(a::AbstractArray, v::AbstractArray, i::Tuple{Vararg{Int}}) = setindex!(a, v, i...)
function store_by!(a::AbstractArray, v::AbstractArray, i::Tuple{AbstractArray})
    @boundscheck checkbounds(a, i...)
    places = getfield(i, 1)
    length(v) == length(places) || throw_assigned_count(v, length(places))
    values = v === a ? copy(v) : v
    k = firstindex(values)
    for p in places
        @inbounds a[p] = values[k]
        k += 1
    end
    return a
end

# Shapes agree if they do without the dimensions of length 1.
function check_assigned_shape(v::AbstractArray, lengths::Tuple)
    same_but_ones(size(v), lengths) || throw_assigned_shape(v, lengths)
    return nothing
end
@inline same_but_ones(::Tuple{}, ::Tuple{}) = true
@inline same_but_ones(::Tuple{}, b::Tuple) = getfield(b, 1) == 1 && same_but_ones((), tail(b))
@inline same_but_ones(a::Tuple, ::Tuple{}) = getfield(a, 1) == 1 && same_but_ones(tail(a), ())
@inline function same_but_ones(a::Tuple, b::Tuple)
    getfield(a, 1) == getfield(b, 1) && return same_but_ones(tail(a), tail(b))
    getfield(a, 1) == 1 && return same_but_ones(tail(a), b)
    return getfield(b, 1) == 1 && same_but_ones(a, tail(b))
end
@noinline throw_assigned_count(v, n) =
    throw(DimensionMismatch(LazyString("tried to assign ", length(v), " elements to ", n, " destinations")))
@noinline throw_assigned_shape(v, lengths) =
    throw(DimensionMismatch(LazyString("tried to assign ", dims_parts(size(v))..., " array to ", dims_parts(lengths)..., " destination")))
# The parts of "2×3" and "4-element".
dims_parts(::Tuple{}) = ("0-dimensional",)
dims_parts(d::Tuple{Any}) = (getfield(d, 1), "-element")
dims_parts(d::Tuple) = (getfield(d, 1), more_dims(tail(d))...)
more_dims(::Tuple{}) = ()
more_dims(d::Tuple) = ("×", getfield(d, 1), more_dims(tail(d))...)
