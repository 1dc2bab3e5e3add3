# Views: a part of an array under other indices, without copying; arrays under another shape; rows,
# columns and slices as views.

# The indices are Int for dimensions that are gone and AbstractArray{Int} for those that remain.
# Where all of them form one regular stride, elements are found by offset and stride.
struct SubArray{T,N,P,I,L} <: AbstractArray{T,N}
    parent::P
    indices::I
    offset1::Int
    stride1::Int
end
IndexStyle(::Type{<:SubArray{T,N,P,I,true}}) where {T,N,P,I} = IndexLinear()
IndexStyle(::Type{<:SubArray}) = IndexCartesian()

@inline view(a::AbstractArray, i...) = view_of(a, to_indices(a, checked_masks(a, i)))
@inline function view_of(a::AbstractArray, i::Tuple)
    @boundscheck checkbounds(a, i...)
    return unsafe_view(a, i)
end
# Part of a range is a range.
@inline view(r::AbstractRange, i::OrdinalRange{<:Integer}) = r[i]
# One index of an array with several dimensions is an index of its elements in a row.
@inline function view_of(a::Array{T,N}, i::Tuple{Union{Int,AbstractVector{Int}}}) where {T,N}
    @boundscheck checkbounds(a, i...)
    return N == 1 ? unsafe_view(a, i) : unsafe_view(vec(a), i)
end
@inline maybeview(a, i...) = getindex(a, i...)
@inline maybeview(a::AbstractArray, i...) = view(a, i...)
@inline maybeview(a::AbstractArray, i::Int...) = getindex(a, i...)
maybeview(a::Array) = a[]
@inline unsafe_view(a::A, i::Tuple) where {A<:AbstractArray} =
    made_view(a, i, Val(kept_dims(i)), Val(regular_indices(IndexStyle(A), i)))
@inline made_view(a::P, i::I, ::Val{N}, ::Val{false}) where {T,P<:AbstractArray{T},I,N} = SubArray{T,N,P,I,false}(a, i, 0, 0)
@inline function made_view(a::P, i::I, ::Val{N}, ::Val{true}) where {T,P<:AbstractArray{T},I,N}
    stride = view_stride(axes(a), i)
    return SubArray{T,N,P,I,true}(a, i, view_start(a, i) - stride, stride)
end
@inline kept_dims(::Tuple{}) = 0
@inline kept_dims(i::Tuple) = add_int(index_ndims(getfield(i, 1)), kept_dims(tail(i)))
@inline index_ndims(::Int) = 0
@inline index_ndims(::AbstractArray{T,N}) where {T,N} = N
# One range among numbers; or whole axes, then at most one range without gaps, then numbers.
@inline regular_indices(::IndexCartesian, i::Tuple) = false
@inline regular_indices(::IndexLinear, i::Tuple) = false
@inline regular_indices(::IndexLinear, i::Tuple{}) = true
@inline regular_indices(::IndexLinear, i::Tuple{AbstractRange,Vararg{Int}}) = true
@inline regular_indices(::IndexLinear, i::Tuple{Slice,Vararg{Int}}) = true
@inline regular_indices(::IndexLinear, i::Tuple{Slice,AbstractArray,Vararg{Any}}) = regular_behind_axis(tail(i))
@inline regular_indices(::IndexLinear, i::Tuple{Int,Vararg{Any}}) = one_range_among(tail(i))
@inline regular_behind_axis(i::Tuple) = false
@inline regular_behind_axis(i::Tuple{AbstractUnitRange,Vararg{Int}}) = true
@inline regular_behind_axis(i::Tuple{Slice,Vararg{Int}}) = true
@inline regular_behind_axis(i::Tuple{Slice,AbstractArray,Vararg{Any}}) = regular_behind_axis(tail(i))
@inline one_range_among(::Tuple{}) = true
@inline one_range_among(i::Tuple) = false
@inline one_range_among(i::Tuple{Int,Vararg{Any}}) = one_range_among(tail(i))
@inline one_range_among(i::Tuple{AbstractRange,Vararg{Int}}) = true
@inline view_stride(axs::Tuple, i::Tuple) = stride_of_first_range(axs, i, 1)
@inline stride_of_first_range(::Tuple, ::Tuple{}, s::Int) = s
@inline stride_of_first_range(axs::Tuple, i::Tuple, s::Int) = stride_at(axs, getfield(i, 1), tail(i), s)
@inline stride_at(axs::Tuple, i::Int, more::Tuple, s::Int) = stride_of_first_range(behind_axis(axs), more, s * axis_length(axs))
@inline stride_at(axs::Tuple, i::AbstractRange, more::Tuple, s::Int) = s * step(i)
@inline axis_length(axs::Tuple) = length(getfield(axs, 1))
@inline axis_length(::Tuple{}) = 1
@inline view_start(a, i::Tuple{AbstractRange}) = first(getfield(i, 1))
@inline view_start(a, i::Tuple{Int}) = getfield(i, 1)
@inline view_start(a, i::Tuple) = linear_of(axes(a), map(first_of_index, i))
@inline first_of_index(i::Int) = i
@inline first_of_index(i::AbstractRange) = first(i)

parent(v::SubArray) = v.parent
parentindices(v::SubArray) = v.indices
parent(a::AbstractArray) = a
@inline size(v::SubArray) = index_shape(v.indices)
@inline axes(v::SubArray) = map(OneTo, size(v))
similar(v::SubArray, ::Type{T}, dims::Dims) where {T} = similar(v.parent, T, dims)

@inline function getindex(v::SubArray{T,N,P,I,true}, i::Int) where {T,N,P,I}
    @boundscheck checkbounds(v, i)
    return @inbounds v.parent[v.offset1+v.stride1*i]
end
@inline function setindex!(v::SubArray{T,N,P,I,true}, x, i::Int) where {T,N,P,I}
    @boundscheck checkbounds(v, i)
    @inbounds v.parent[v.offset1+v.stride1*i] = x
    return v
end
@inline function getindex(v::SubArray{T,N,P,I,false}, i::Vararg{Int,N}) where {T,N,P,I}
    @boundscheck checkbounds(v, i...)
    return @inbounds v.parent[parent_indices(v.indices, i)...]
end
@inline function setindex!(v::SubArray{T,N,P,I,false}, x, i::Vararg{Int,N}) where {T,N,P,I}
    @boundscheck checkbounds(v, i...)
    @inbounds setindex!(v.parent, x, parent_indices(v.indices, i)...)
    return v
end
@inline parent_indices(::Tuple{}, ::Tuple) = ()
@inline parent_indices(p::Tuple, i::Tuple) = parent_index(getfield(p, 1), tail(p), i)
@inline parent_index(p::Int, more::Tuple, i::Tuple) = (p, parent_indices(more, i)...)
@inline parent_index(p::AbstractArray{T,0}, more::Tuple, i::Tuple) where {T} = (p[], parent_indices(more, i)...)
@inline parent_index(p::AbstractArray{T,1}, more::Tuple, i::Tuple) where {T} = (@inbounds(p[getfield(i, 1)]), parent_indices(more, tail(i))...)
@inline parent_index(p::AbstractArray{T,N}, more::Tuple, i::Tuple) where {T,N} =
    (@inbounds(p[tuple_upto(i, N)...]), parent_indices(more, tuple_from(i, N + 1))...)

# A view of a view is a view of the parent.
@inline view_of(v::SubArray, i::Tuple) = (@boundscheck checkbounds(v, i...); view_again(v, i, Val(nfields(i) == ndims(v))))
@inline view_again(v::SubArray, i::Tuple, ::Val{true}) = unsafe_view(v.parent, composed(v.indices, i))
@inline view_again(v::SubArray{T,1}, i::Tuple, ::Val{true}) where {T} = unsafe_view(v.parent, composed(v.indices, i))
@inline view_again(v::SubArray, i::Tuple, ::Val{false}) = unsafe_view(v, i)
@inline composed(::Tuple{}, ::Tuple) = ()
@inline composed(p::Tuple, i::Tuple) = composed_first(getfield(p, 1), tail(p), i)
@inline composed_first(p::Int, more::Tuple, i::Tuple) = (p, composed(more, i)...)
@inline composed_first(p::AbstractArray{T,1}, more::Tuple, i::Tuple) where {T} = (reindexed(p, getfield(i, 1)), composed(more, tail(i))...)
@inline reindexed(p::AbstractArray, i::Int) = p[i]
@inline reindexed(p::AbstractArray, i::Slice) = p
@inline reindexed(p::Slice, i::AbstractArray) = i
@inline reindexed(p::Slice, i::Slice) = p
@inline reindexed(p::AbstractArray, i::AbstractArray) = p[i]

pointer(v::SubArray{T,N,P,I,true}) where {T,N,P,I} = pointer(v.parent, v.offset1 + v.stride1)
unsafe_convert(::Type{Ptr{T}}, v::SubArray{T}) where {T} = pointer(v)
cconvert(::Type{Ptr{T}}, v::SubArray) where {T} = v

# ---- another shape

struct ReshapedArray{T,N,P<:AbstractArray,MI<:Tuple} <: AbstractArray{T,N}
    parent::P
    dims::NTuple{N,Int}
end
IndexStyle(::Type{<:ReshapedArray}) = IndexLinear()
size(r::ReshapedArray) = r.dims
parent(r::ReshapedArray) = r.parent
@inline function getindex(r::ReshapedArray, i::Int)
    @boundscheck checkbounds(r, i)
    return @inbounds r.parent[nth_index(r.parent, i)]
end
@inline function setindex!(r::ReshapedArray, x, i::Int)
    @boundscheck checkbounds(r, i)
    @inbounds r.parent[nth_index(r.parent, i)] = x
    return r
end
@inline nth_index(a::AbstractArray, i::Int) = nth_index(IndexStyle(a), a, i)
@inline nth_index(::IndexLinear, a::AbstractArray, i::Int) = firstindex(a) + i - 1
@inline nth_index(::IndexCartesian, a::AbstractArray, i::Int) = CartesianIndex(cartesian_of(axes(a), i))
@inline nth_index(::IndexCartesian, a::AbstractArray{T,1}, i::Int) where {T} = firstindex(a) + i - 1

@inline reshape(a::AbstractArray, n::Union{Integer,Colon}...) = reshape(a, n)
@inline reshape(a::AbstractArray, dims::Tuple{Vararg{Integer}}) = reshape(a, map(Int, dims))
reshape(a::AbstractArray, dims::Tuple{Vararg{Union{Integer,Colon}}}) = reshape(a, completed_dims(a, dims))
reshape(a::AbstractArray, dims::Tuple{Vararg{Union{Integer,AbstractUnitRange}}}) = reshape(a, lengths_of(dims))
reshape(a::AbstractArray{T,M}, ::Val{N}) where {T,M,N} = reshape(a, ntuple(d -> d < N ? size(a, d) : prod_from(size(a), d), Val(N)))
function reshape(a::AbstractArray{T}, dims::NTuple{N,Int}) where {T,N}
    dims_product(dims) == length(a) || throw_reshape_mismatch(a, dims)
    return reshaped_view(a, dims)
end
throw_reshape_mismatch(a, dims) = throw(DimensionMismatch(LazyString(
    "parent has ", length(a), " elements, which is incompatible with size ", dims)))
throw_reshape_mismatch(a::AbstractVector, dims::Tuple{Int}) = throw(DimensionMismatch(LazyString(
    "parent has ", length(a), " elements, which is incompatible with length ", dims[1])))
reshaped_view(a::AbstractArray{T,N}, dims::NTuple{N,Int}) where {T,N} = size(a) == dims ? a : ReshapedArray{T,N,typeof(a),Tuple{}}(a, dims)
reshaped_view(a::AbstractArray{T}, dims::NTuple{N,Int}) where {T,N} = ReshapedArray{T,N,typeof(a),Tuple{}}(a, dims)
# What is reshaped once more is the parent, in its own form where that is asked for again.
reshaped_view(r::ReshapedArray{T,M}, dims::NTuple{N,Int}) where {T,M,N} = reshaped_view(r.parent, dims)
reshaped_view(r::ReshapedArray{T,N}, dims::NTuple{N,Int}) where {T,N} = size(r) == dims ? r : ReshapedArray{T,N,typeof(r.parent),Tuple{}}(r.parent, dims)
vec(a::AbstractArray) = reshape(a, (length(a),))
vec(a::AbstractArray{T,1}) where {T} = a
function prod_from(dims::Tuple, d::Int)
    p = 1
    for k in d:nfields(dims)
        p *= dims[k]
    end
    return p
end
# The dimension that is given as a colon follows from the others.
function completed_dims(a::AbstractArray, dims::Tuple)
    known = dims_product(map(known_dim, dims))
    one_colon(dims) || throw(DimensionMismatch(LazyString(
        "new dimensions ", string(dims), " may have at most one omitted dimension specified by `Colon()`")))
    whole = known == 0 ? 0 : div(length(a), known)
    known == 0 || whole * known == length(a) || throw(DimensionMismatch(LazyString(
        "array size ", length(a), " must be divisible by the product of the new dimensions ", string(dims))))
    return map(d -> d isa Colon ? whole : Int(d), dims)
end
@inline known_dim(::Colon) = 1
@inline known_dim(n::Integer) = Int(n)
@inline one_colon(dims::Tuple) = fold_tuple(d -> d isa Colon ? 1 : 0, +, 0, dims) <= 1

function dropdims(a::AbstractArray; dims)
    d = dims isa Integer ? (Int(dims),) : map(Int, dims)
    for k in d
        1 <= k <= ndims(a) || throw(ArgumentError("dropped dims must be in range 1:ndims(A)"))
        size(a, k) == 1 || throw(ArgumentError("dropped dims must all be size 1"))
    end
    return reshape(a, dims_without(size(a), d, 1, Val(ndims(a) - nfields(d))))
end
@inline dims_without(sizes::Tuple, d::Tuple, from::Int, ::Val{N}) where {N} = ntuple(k -> sizes[kept_dim(k, d)], Val(N))
# The k-th dimension that is not among d.
function kept_dim(k::Int, d::Tuple)
    at = 0
    while k > 0
        at += 1
        at in d || (k -= 1)
    end
    return at
end

# ---- rows, columns, slices

eachcol(a::AbstractMatrix) = EachSlice(a, Val(2))
eachrow(a::AbstractMatrix) = EachSlice(a, Val(1))
eachcol(a::AbstractVector) = EachSlice(reshape(a, length(a), 1), Val(2))
eachrow(a::AbstractVector) = EachSlice(reshape(a, length(a), 1), Val(1))
eachslice(a::AbstractArray; dims, drop::Bool=true) = slices_along(a, dims, drop)
slices_along(a::AbstractArray, d::Integer, drop::Bool) = drop ? EachSlice(a, Val(Int(d))) : slices_along(a, (d,), false)
slices_along(a::AbstractArray, d::Tuple, drop::Bool) = slices_along(a, map(Int, d), Val(drop))
function slices_along(a::AbstractArray, d::Tuple{Vararg{Int}}, ::Val{Drop}) where {Drop}
    for k in d
        1 <= k <= ndims(a) || throw(DimensionMismatch(LazyString("invalid dimension ", k, " in slices of an array of ", ndims(a), " dimensions")))
    end
    N = Drop ? nfields(d) : ndims(a)
    sizes = Drop ? map(k -> size(a, k), d) : ntuple(k -> k in d ? size(a, k) : 1, Val(ndims(a)))
    return SliceGrid{typeof(first_slice(a, d)),N,typeof(a),typeof(d)}(a, d, sizes)
end
first_slice(a::AbstractArray, d::Tuple) = view(a, ntuple(k -> k in d ? 1 : (:), Val(ndims(a)))...)

# The views of `parent` that have indices in several dimensions, as an array of them.
struct SliceGrid{T,N,P<:AbstractArray,D<:Tuple} <: AbstractArray{T,N}
    parent::P
    along::D
    sizes::NTuple{N,Int}
end
size(g::SliceGrid) = g.sizes
parent(g::SliceGrid) = g.parent
function getindex(g::SliceGrid{T,N}, i::Vararg{Int,N}) where {T,N}
    @boundscheck checkbounds(g, i...)
    d = g.along
    place(k) = nfields(d) == N ? something(findfirst(==(k), d)) : k
    return view(g.parent, ntuple(k -> k in d ? i[place(k)] : (:), Val(ndims(g.parent)))...)
end

# The views of `parent` that have one index in dimension D.
struct EachSlice{D,P<:AbstractArray,T} <: AbstractArray{T,1}
    parent::P
end
EachSlice(a::P, ::Val{D}) where {P<:AbstractArray,D} = EachSlice{D,P,Core.return_type(slice_at, Tuple{P,Val{D},Int})}(a)
@inline slice_at(a::AbstractArray, ::Val{D}, i::Int) where {D} = view(a, ntuple(d -> d == D ? i : (:), Val(ndims(a)))...)
@inline slice_at(a::AbstractMatrix, ::Val{1}, i::Int) = view(a, i, :)
@inline slice_at(a::AbstractMatrix, ::Val{2}, i::Int) = view(a, :, i)
IndexStyle(::Type{<:EachSlice}) = IndexLinear()
size(e::EachSlice{D}) where {D} = (size(e.parent, D),)
@inline function getindex(e::EachSlice{D}, i::Int) where {D}
    @boundscheck checkbounds(e, i)
    return slice_at(e.parent, Val(D), i)
end
parent(e::EachSlice) = e.parent

# The names that Julia's types of slices have, with what they say of the parent, its axes and a slice.
function showarg(io::IO, e::EachSlice{D,P,T}, toplevel) where {D,P,T}
    toplevel || print(io, "::")
    along = Tuple{typeof(axes(e.parent, D))}
    if ndims(e.parent) == 2
        print(io, D == 1 ? "RowSlices{" : "ColumnSlices{", P, ", ", along, ", ", T, "}")
    else
        print(io, "Slices{", P, ", ", Tuple{ntuple(k -> k == D ? Int : Colon, Val(ndims(e.parent)))...}, ", ", along, ", ", T, ", 1}")
    end
end
function showarg(io::IO, g::SliceGrid{T,N,P}, toplevel) where {T,N,P}
    toplevel || print(io, "::")
    places = Tuple{ntuple(k -> k in g.along ? Int : Colon, Val(ndims(g.parent)))...}
    print(io, "Slices{", P, ", ", places, ", ", typeof(axes(g)), ", ", T, ", ", N, "}")
end

function selectdim(a::AbstractArray, d::Integer, i)
    check_selected(a, d, i)
    return view(a, ntuple(k -> k == d ? i : (:), Val(ndims(a)))...)
end
function selectdim(a::AbstractMatrix, d::Integer, i)
    check_selected(a, d, i)
    return d == 1 ? view(a, i, :) : d == 2 ? view(a, :, i) : view(a, :, :)
end
# Behind its last dimension an array has one place.
function check_selected(a::AbstractArray, d::Integer, i)
    d >= 1 || throw(ArgumentError(LazyString("dimension must be ≥ 1, got ", d)))
    d <= ndims(a) || i == 1 || throw_boundserror(a, (ntuple(k -> (:), d - 1)..., i))
    return nothing
end

# How far apart in memory the elements of a view are, along each of its dimensions.
strides(v::SubArray) = strides_of_indices(strides(v.parent), v.indices)
strides_of_indices(::Tuple{}, ::Tuple{}) = ()
@inline strides_of_indices(s::Tuple, i::Tuple) = (stride_of_index(getfield(s, 1), getfield(i, 1))..., strides_of_indices(tail(s), tail(i))...)
stride_of_index(s::Int, ::Integer) = ()
stride_of_index(s::Int, ::Slice) = (s,)
stride_of_index(s::Int, r::AbstractRange) = (s * Int(step(r)),)
