# module: StaticTools
# What all arrays over memory share: a view is an address, a length and a size. Linear indices are not
# checked, indices of several dimensions are, as those of any array.

export ArrayView

abstract type DenseStaticArray{T,N} <: DenseArray{T,N} end
# Described by a pointer, a length and a size.
abstract type DensePointerArray{T,N} <: DenseStaticArray{T,N} end
# The memory is the object's own, and its size D part of the type.
abstract type DenseTupleArray{T,N,L,D} <: DenseStaticArray{T,N} end

# Memory of somebody else.
struct ArrayView{T,N} <: DensePointerArray{T,N}
    pointer::Ptr{T}
    length::Int
    size::NTuple{N,Int}
end
@inline view_of(p::Ptr{T}, size::NTuple{N,Int}) where {T,N} = ArrayView{T,N}(p, prod(size), size)

@inline Base.pointer(a::DensePointerArray) = a.pointer
@inline Base.length(a::DensePointerArray) = a.length
@inline Base.size(a::DensePointerArray) = a.size
@inline Base.sizeof(a::DenseStaticArray{T}) where {T} = length(a) * sizeof(T)
@inline Base.unsafe_convert(::Type{Ptr{T}}, a::DenseStaticArray) where {T} = Ptr{T}(pointer(a))
@inline Base.IndexStyle(::Type{<:DenseStaticArray}) = IndexLinear()
@inline function Base.stride(a::DenseStaticArray, dim::Int)
    step = 1
    for d in 1:dim-1
        step *= size(a, d)
    end
    return step
end
@inline Base.strides(a::DenseStaticArray{T,N}) where {T,N} = ntuple(d -> stride(a, d), Val(N))
@inline Base.firstindex(::DenseStaticArray) = 1
@inline Base.lastindex(a::DenseStaticArray) = length(a)
@inline Base.iterate(a::DenseStaticArray, i::Int=1) = i > length(a) ? nothing : (a[i], i + 1)

# ---- elements

@inline at(a::DenseStaticArray{T}, i::Int) where {T} = pointer(a) + (i - 1) * sizeof(T)
@inline Base.getindex(a::DenseStaticArray, i::Int) = GC.@preserve a unsafe_load(at(a, i))
@inline Base.getindex(a::DenseStaticArray{T,0}) where {T} = GC.@preserve a unsafe_load(pointer(a))
@inline Base.getindex(a::DenseStaticArray, indices::NTuple{N,Int}) where {N} = ntuple(k -> a[indices[k]], Val(N))
@inline function Base.setindex!(a::DenseStaticArray{T}, x, i::Int) where {T}
    GC.@preserve a unsafe_store!(at(a, i), convert(T, x))
    return a
end
@inline function Base.setindex!(a::DenseStaticArray{T,0}, x) where {T}
    GC.@preserve a unsafe_store!(pointer(a), convert(T, x))
    return a
end

# ---- contiguous parts are views of the same memory

@inline Base.getindex(a::DenseStaticArray, ::Colon) = a
@inline Base.getindex(a::DenseStaticArray, r::AbstractUnitRange{<:Integer}) = view_of(at(a, Int(first(r))), (length(r),))
@inline Base.getindex(a::DenseStaticArray, r::AbstractUnitRange{<:Integer}, rest::Int...) = getindex(a, r, rest)
@inline Base.getindex(a::DenseStaticArray, r::AbstractUnitRange{<:Integer}, rest::Dims) =
    view_of(at(a, Int(first(r)) + offset(a, 1, rest)), (length(r),))
@inline Base.getindex(a::DenseStaticArray, ::Colon, rest::Int...) = getindex(a, :, rest)
@inline Base.getindex(a::DenseStaticArray, ::Colon, rest::Dims) = view_of(at(a, 1 + offset(a, 1, rest)), (size(a, 1),))
@inline Base.getindex(a::DenseStaticArray, ::Colon, ::Colon, rest::Int...) = getindex(a, :, :, rest)
@inline Base.getindex(a::DenseStaticArray, ::Colon, ::Colon, rest::Dims) =
    view_of(at(a, 1 + offset(a, 2, rest)), (size(a, 1), size(a, 2)))
@inline Base.getindex(a::DenseStaticArray, ::Colon, ::Colon, ::Colon, rest::Int...) = getindex(a, :, :, :, rest)
@inline Base.getindex(a::DenseStaticArray, ::Colon, ::Colon, ::Colon, rest::Dims) =
    view_of(at(a, 1 + offset(a, 3, rest)), (size(a, 1), size(a, 2), size(a, 3)))

# The elements before the part that these indices of the last dimensions name.
@inline function offset(a::DenseStaticArray, whole::Int, rest::NTuple{N,Int}) where {N}
    n = 0
    for k in 1:N
        n += (rest[k] - 1) * stride(a, whole + k)
    end
    return n
end

# ---- many elements at once: others one by one, or one for all

@inline function Base.setindex!(a::DenseStaticArray, x::Union{AbstractArray,Tuple}, indices::Union{AbstractUnitRange{Int},NTuple{L,Int}}) where {L}
    length(x) == length(indices) || perror_text("ERROR: DimensionMismatch: indices and values not of matching length")
    for k in 1:min(length(x), length(indices))
        a[indices[k]] = x[k]
    end
    return a
end
@inline function Base.setindex!(a::DenseStaticArray, x::Union{Number,Ptr}, indices::Union{AbstractUnitRange{<:Integer},NTuple{L,Integer}}) where {L}
    for i in indices
        a[Int(i)] = x
    end
    return a
end
@inline Base.setindex!(a::DenseStaticArray, x::Union{AbstractArray,Tuple}, ::Colon) = setindex!(a, x, 1:length(a))
@inline Base.setindex!(a::DenseStaticArray, x, ::Colon) = fill!(a, x)
@inline function Base.fill!(a::DenseStaticArray{T}, x) where {T}
    value = convert(T, x)
    for i in 1:length(a)
        a[i] = value
    end
    return a
end

# Views of the same memory are not looked for: what is assigned may be read back, as in C.
@inline Base.unaliased(a::DenseStaticArray, dest::AbstractArray) = a

# ---- comparing

@inline Base.:(==)(a::DenseStaticArray, b::DenseStaticArray) = same_elements(a, b)
@inline Base.:(==)(a::DenseStaticArray, b::Union{DenseArray,Tuple}) = same_elements(a, b)
@inline Base.:(==)(a::Union{DenseArray,Tuple}, b::DenseStaticArray) = same_elements(a, b)
@inline function same_elements(a, b)
    axes(a) == axes(b) || return false
    for i in 1:length(a)
        (@inbounds a[i] == b[i]) || return false
    end
    return true
end

# ---- the same memory in another shape; an empty view if it does not fit

@inline Base.reshape(a::DenseStaticArray, dims::Int...) = reshape(a, dims)
@inline Base.reshape(a::DenseStaticArray{T}, dims::NTuple{N,Int}) where {T,N} =
    prod(dims) == length(a) ? ArrayView{T,N}(pointer(a), length(a), dims) : no_view(T, Val(N))
@inline function Base.reinterpret(::Type{S}, a::DenseStaticArray{T,N}) where {S,T,N}
    rows = size(a, 1) * sizeof(T)
    rows % sizeof(S) == 0 || return no_view(S, Val(N))
    return view_of(Ptr{S}(pointer(a)), ntuple(d -> d == 1 ? rows ÷ sizeof(S) : size(a, d), Val(N)))
end
@inline no_view(::Type{T}, ::Val{N}) where {T,N} = ArrayView{T,N}(Ptr{T}(0), 0, ntuple(d -> 0, Val(N)))

# ---- products

import LinearAlgebra: mul!

@inline Base.:*(a::DenseStaticArray, c::Number) = c * a
@inline function Base.:*(c::S, a::DenseStaticArray{T}) where {S<:Number,T<:Number}
    made = similar(a, promote_type(S, T))
    for i in 1:length(a)
        made[i] = a[i] * c
    end
    return made
end
# A vector is a matrix of one column.
@inline function Base.:*(a::DenseStaticArray{S}, b::DenseStaticArray{T}) where {S<:Number,T<:Number}
    return mul!(similar(a, promote_type(S, T), size(a, 1), size(b, 2)), a, b)
end
@inline function mul!(c::DenseStaticArray, a::DenseStaticArray, b::DenseStaticArray)
    for j in 1:size(b, 2), i in 1:size(a, 1)
        c[i+(j-1)*size(c, 1)] = dot_product(eltype(c), a, b, i, j)
    end
    return c
end
@inline function mul!(c::DenseStaticArray, a::DenseStaticArray, b::DenseStaticArray, α::Number, β::Number)
    for j in 1:size(b, 2), i in 1:size(a, 1)
        k = i + (j - 1) * size(c, 1)
        c[k] = c[k] * β + dot_product(eltype(c), a, b, i, j) * α
    end
    return c
end
# Row i of a times column j of b.
@inline function dot_product(::Type{T}, a, b, i::Int, j::Int) where {T}
    total = zero(T)
    for k in 1:size(a, 2)
        total += a[i+(k-1)*size(a, 1)] * b[k+(j-1)*size(b, 1)]
    end
    return total
end
