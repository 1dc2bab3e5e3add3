# module: StaticTools
# Arrays in memory of C's heap, which is freed by hand. What cannot be allocated is an empty array at
# no address.

export MallocArray, MallocMatrix, MallocVector, mfill, mzeros, mones, meye

struct MallocArray{T,N} <: DensePointerArray{T,N}
    pointer::Ptr{T}
    length::Int
    size::NTuple{N,Int}
end
const MallocMatrix{T} = MallocArray{T,2}
const MallocVector{T} = MallocArray{T,1}

@inline MallocArray{T,N}(::UndefInitializer, length::Int, dims::NTuple{N,Int}) where {T,N} = allocated(T, dims, false)
@inline MallocArray{T,N}(::typeof(zeros), length::Int, dims::NTuple{N,Int}) where {T,N} = allocated(T, dims, true)
@inline MallocArray{T,N}(p::Ptr, dims::NTuple{N,Int}) where {T,N} = MallocArray{T,N}(Ptr{T}(p), prod(dims), dims)
@inline MallocArray{T,N}(x::Union{UndefInitializer,typeof(zeros)}, dims::NTuple{N,Int}) where {T,N} = MallocArray{T,N}(x, prod(dims), dims)
@inline MallocArray{T,N}(x::Union{Ptr,UndefInitializer,typeof(zeros)}, dims::Int...) where {T,N} = MallocArray{T,N}(x, dims)
@inline MallocArray{T}(x::Union{Ptr,UndefInitializer,typeof(zeros)}, dims::NTuple{N,Int}) where {T,N} = MallocArray{T,N}(x, dims)
@inline MallocArray{T}(x::Union{Ptr,UndefInitializer,typeof(zeros)}, dims::Int...) where {T} = MallocArray{T}(x, dims)
@inline MallocArray(x::AbstractArray{T,N}) where {T,N} = copyto!(MallocArray{T,N}(undef, size(x)), x)
@inline MallocArray(f::Function, ::Type{T}, dims...) where {T} = passed(f, MallocArray{T}(undef, dims...))

# Memory for an array of this size; sizes that are negative or too large are not allocated.
function allocated(::Type{T}, dims::NTuple{N,Int}, zeroed::Bool) where {T,N}
    n, fits = sizeof(T), true
    for d in 1:N
        n, overflows = Base.Checked.mul_with_overflow(n, dims[d])
        fits &= !overflows & (dims[d] >= 0)
    end
    p = !fits ? Ptr{UInt8}(0) : zeroed ? calloc(n) : malloc(n)
    p == C_NULL && return MallocArray{T,N}(Ptr{T}(0), 0, ntuple(d -> 0, Val(N)))
    return MallocArray{T,N}(Ptr{T}(p), prod(dims), dims)
end
@inline free(a::MallocArray) = free(a.pointer)

# What a function makes of an array that it has for a while.
@inline function passed(f::F, a::MallocArray) where {F}
    result = f(a)
    free(a)
    return result
end

@inline Base.similar(a::MallocArray{T}) where {T} = MallocArray{T}(undef, size(a))
@inline Base.similar(a::MallocArray, ::Type{S}) where {S} = MallocArray{S}(undef, size(a))
@inline Base.similar(a::MallocArray{T}, dims::Int...) where {T} = MallocArray{T}(undef, dims)
@inline Base.similar(a::MallocArray{T}, dims::NTuple{N,Int}) where {T,N} = MallocArray{T,N}(undef, dims)
@inline Base.similar(a::MallocArray, ::Type{S}, dims::Int...) where {S} = MallocArray{S}(undef, dims)
@inline Base.similar(a::MallocArray, ::Type{S}, dims::NTuple{N,Int}) where {S,N} = MallocArray{S,N}(undef, dims)
@inline function Base.copy(a::MallocArray)
    made = similar(a)
    memcpy!(pointer(made), pointer(a), length(a))
    return made
end

@inline Base.unsafe_wrap(::Union{Type{MallocArray},Type{MallocArray{T}},Type{MallocArray{T,N}}}, p::Ptr{T}, dims::NTuple{N,Int}; own::Bool=false) where {T,N} =
    wrapped(p, dims, own)
@inline Base.unsafe_wrap(::Union{Type{MallocArray},Type{MallocArray{T}},Type{MallocArray{T,1}}}, p::Ptr{T}, n::Integer; own::Bool=false) where {T} =
    wrapped(p, (Int(n),), own)
@inline function wrapped(p::Ptr{T}, dims::NTuple{N,Int}, own::Bool) where {T,N}
    own && throw(ErrorException("A MallocArray cannot be owned via `unsafe_wrap`. Set the keyword `own` to be false."))
    return MallocArray{T,N}(p, dims)
end

# ---- filled ones, or what a function makes of one before it is freed

@inline mfill(x, dims::Int...) = mfill(x, dims)
@inline mfill(x::T, dims::NTuple{N,Int}) where {T,N} = fill!(MallocArray{T,N}(undef, dims), x)
@inline mfill(f::Function, args...) = passed(f, mfill(args...))
@inline mfill(f::Function, x::Int, dims::Int...) = passed(f, mfill(x, dims))
@inline mzeros(dims::Int...) = mzeros(Float64, dims)
@inline mzeros(dims::NTuple{N,Int}) where {N} = mzeros(Float64, dims)
@inline mzeros(::Type{T}, dims::Int...) where {T} = mzeros(T, dims)
@inline mzeros(::Type{T}, dims::NTuple{N,Int}) where {T,N} = MallocArray{T,N}(zeros, dims)
@inline mzeros(f::Function, args...) = passed(f, mzeros(args...))
@inline mones(dims::Int...) = mfill(1.0, dims)
@inline mones(dims::NTuple{N,Int}) where {N} = mfill(1.0, dims)
@inline mones(::Type{T}, dims::Int...) where {T} = mfill(one(T), dims)
@inline mones(::Type{T}, dims::NTuple{N,Int}) where {T,N} = mfill(one(T), dims)
@inline mones(f::Function, args...) = passed(f, mones(args...))
@inline meye(n::Int) = meye(Float64, n)
@inline meye(::Type{T}, n::Int) where {T} = ones_along!(MallocArray{T,2}(zeros, (n, n)), n)
@inline meye(f::Function, args...) = passed(f, meye(args...))
@inline function ones_along!(a::DenseStaticArray{T}, n::Int) where {T}
    for i in 1:n
        a[i+(i-1)*n] = one(T)
    end
    return a
end
