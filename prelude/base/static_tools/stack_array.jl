# module: StaticTools
# Arrays whose memory is the object itself and whose size is part of their type.

export StackArray, StackMatrix, StackVector, sfill, szeros, sones, seye

mutable struct StackArray{T,N,L,D} <: DenseTupleArray{T,N,L,D}
    data::NTuple{L,T}
    @inline function StackArray{T,N,L,D}(::UndefInitializer) where {T,N,L,D}
        check_stack_array(Val(L), Val(N), Val(D))
        return new{T,N,L,D}()
    end
    @inline function StackArray{T,N,L,D}(data::NTuple{L,T}) where {T,N,L,D}
        check_stack_array(Val(L), Val(N), Val(D))
        return new{T,N,L,D}(data)
    end
end
# The longest tuple that a type can be made of.
const LARGEST_STACK_ARRAY = 32768
@inline function check_stack_array(::Val{L}, ::Val{N}, ::Val{D}) where {L,N,D}
    L <= LARGEST_STACK_ARRAY || throw(ArgumentError("a StackArray of more than 32768 elements is not supported: use a MallocArray"))
    N == length(D) && L == prod(D) || throw(AssertionError("L == prod(D)"))
    return nothing
end
const StackMatrix{T,L,D} = StackArray{T,2,L,D}
const StackVector{T,L,D} = StackArray{T,1,L,D}

@inline StackArray{T,N}(::UndefInitializer, dims::NTuple{N,Int}) where {T,N} = StackArray{T,N,prod(dims),dims}(undef)
@inline StackArray{T,N}(::UndefInitializer, dims::Int...) where {T,N} = StackArray{T,N}(undef, dims)
@inline StackArray{T}(::UndefInitializer, dims::NTuple{N,Int}) where {T,N} = StackArray{T,N}(undef, dims)
@inline StackArray{T}(::UndefInitializer, dims::Int...) where {T} = StackArray{T}(undef, dims)
@inline StackArray(data::NTuple{L,T}) where {L,T} = StackArray{T,1,L,(L,)}(data)
@inline StackArray(data::NTuple{L,T}, dims::NTuple{N,Int}) where {L,T,N} = StackArray{T,N,L,dims}(data)
@inline StackArray(data::Tuple, dims::Int...) = StackArray(data, dims)
@inline StackArray(x::AbstractArray{T,N}) where {T,N} = copyto!(StackArray{T,N,length(x),size(x)}(undef), x)

@inline Base.pointer(a::StackArray{T}) where {T} = Ptr{T}(pointer_from_objref(a))
@inline Base.length(::DenseTupleArray{T,N,L}) where {T,N,L} = L
@inline Base.size(::DenseTupleArray{T,N,L,D}) where {T,N,L,D} = D
@inline Base.Tuple(a::StackArray) = a.data

@inline Base.similar(::StackArray{T,N,L,D}) where {T,N,L,D} = StackArray{T,N,L,D}(undef)
@inline Base.similar(::StackArray{T,N,L,D}, ::Type{S}) where {T,N,L,D,S} = StackArray{S,N,L,D}(undef)
@inline Base.similar(a::StackArray{T}, dims::Int...) where {T} = StackArray{T}(undef, dims)
@inline Base.similar(a::StackArray{T}, dims::NTuple{N,Int}) where {T,N} = StackArray{T,N}(undef, dims)
@inline Base.similar(a::StackArray, ::Type{S}, dims::Int...) where {S} = StackArray{S}(undef, dims)
@inline Base.similar(a::StackArray, ::Type{S}, dims::NTuple{N,Int}) where {S,N} = StackArray{S,N}(undef, dims)
@inline Base.copy(a::StackArray{T,N,L,D}) where {T,N,L,D} = StackArray{T,N,L,D}(a.data)

@inline sfill(x, dims::Int...) = sfill(x, dims)
@inline sfill(x::T, dims::NTuple{N,Int}) where {T,N} = fill!(StackArray{T,N,prod(dims),dims}(undef), x)
@inline szeros(dims::Int...) = sfill(0.0, dims)
@inline szeros(dims::NTuple{N,Int}) where {N} = sfill(0.0, dims)
@inline szeros(::Type{T}, dims::Int...) where {T} = sfill(zero(T), dims)
@inline szeros(::Type{T}, dims::NTuple{N,Int}) where {T,N} = sfill(zero(T), dims)
@inline sones(dims::Int...) = sfill(1.0, dims)
@inline sones(dims::NTuple{N,Int}) where {N} = sfill(1.0, dims)
@inline sones(::Type{T}, dims::Int...) where {T} = sfill(one(T), dims)
@inline sones(::Type{T}, dims::NTuple{N,Int}) where {T,N} = sfill(one(T), dims)
@inline seye(n::Int) = seye(Float64, n)
@inline seye(::Type{T}, n::Int) where {T} = ones_along!(sfill(zero(T), (n, n)), n)

# The size of a product follows from the types.
@inline function Base.:*(a::StackArray{S,M,K,DA}, b::StackArray{T,N,L,DB}) where {S<:Number,T<:Number,M,N,K,L,DA,DB}
    return mul!(StackArray{promote_type(S, T)}(undef, (DA[1], N == 1 ? 1 : DB[2])), a, b)
end
