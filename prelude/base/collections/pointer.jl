# Raw pointers: conversions, arithmetic in bytes, loads and stores without checks.

const C_NULL = bitcast(Ptr{Cvoid}, 0)

@inline Ptr{T}(p::Union{Int,UInt,Ptr}) where {T} = bitcast(Ptr{T}, p)
@inline Ptr{T}(n::Integer) where {T} = bitcast(Ptr{T}, UInt(n))
@inline Ptr{T}() where {T} = bitcast(Ptr{T}, 0)
@inline UInt(p::Ptr) = bitcast(UInt, p)
@inline Int(p::Ptr) = bitcast(Int, p)
@inline convert(::Type{Ptr{T}}, p::Ptr{T}) where {T} = p
@inline convert(::Type{Ptr{T}}, p::Ptr) where {T} = bitcast(Ptr{T}, p)
@inline convert(::Type{Ptr{T}}, n::Union{Int,UInt}) where {T} = bitcast(Ptr{T}, n)
@inline convert(::Type{UInt}, p::Ptr) = bitcast(UInt, p)
@inline convert(::Type{Int}, p::Ptr) = bitcast(Int, p)
@inline unsigned(p::Ptr) = bitcast(UInt, p)
@inline signed(p::Ptr) = bitcast(Int, p)
@inline reinterpret(::Type{Ptr{T}}, p::Ptr) where {T} = bitcast(Ptr{T}, p)
@inline reinterpret(::Type{Ptr{T}}, n::Union{Int,UInt}) where {T} = bitcast(Ptr{T}, n)

@inline +(p::Ptr{T}, n::Integer) where {T} = bitcast(Ptr{T}, add_int(bitcast(UInt, p), n % UInt))
@inline -(p::Ptr{T}, n::Integer) where {T} = bitcast(Ptr{T}, sub_int(bitcast(UInt, p), n % UInt))
@inline +(n::Integer, p::Ptr) = p + n
@inline -(p::Ptr, q::Ptr) = sub_int(bitcast(UInt, p), bitcast(UInt, q))
@inline ==(p::Ptr, q::Ptr) = eq_int(bitcast(UInt, p), bitcast(UInt, q))
@inline <(p::Ptr, q::Ptr) = ult_int(bitcast(UInt, p), bitcast(UInt, q))
@inline isless(p::Ptr, q::Ptr) = ult_int(bitcast(UInt, p), bitcast(UInt, q))
@inline hash(p::Ptr, h::UInt) = hash(bitcast(UInt, p), h)
eltype(::Type{Ptr{T}}) where {T} = T
eltype(p::Ptr) = eltype(typeof(p))

@inline unsafe_load(p::Ptr) = pointerref(p, 1, 1)
@inline unsafe_load(p::Ptr, i::Integer) = pointerref(p, Int(i), 1)
@inline unsafe_store!(p::Ptr{T}, x) where {T} = pointerset(p, convert(T, x)::T, 1, 1)
@inline unsafe_store!(p::Ptr{T}, x, i::Integer) where {T} = pointerset(p, convert(T, x)::T, Int(i), 1)

# Bytes from one element to the next in an array of T.
@inline function aligned_sizeof(::Type{T}) where {T}
    isbitstype(T) || return 8
    align = Core.datatype_alignment(T)
    return and_int(add_int(Core.sizeof(T), sub_int(align, 1)), neg_int(align))
end

@inline function unsafe_copyto!(dst::Ptr{T}, src::Ptr{T}, n::Integer) where {T}
    ccall(:memmove, Ptr{Cvoid}, (Ptr{Cvoid}, Ptr{Cvoid}, Csize_t), dst, src, (n * aligned_sizeof(T)) % UInt)
    return dst
end
function unsafe_copyto!(dst::Ptr, src::Ptr, n::Integer)
    for i in 1:n
        unsafe_store!(dst, unsafe_load(src, i), i)
    end
    return dst
end

# An array over memory that somebody else owns, unless own is true.
unsafe_wrap(::Union{Type{Array},Type{Array{T}},Type{Array{T,1}}}, p::Ptr{T}, n::Integer; own::Bool=false) where {T} =
    ccall(:jl_ptr_to_array_1d, Array{T,1}, (Any, Ptr{Cvoid}, Csize_t, Cint), Array{T,1}, p, UInt(n), Int32(own))
unsafe_wrap(::Union{Type{Array},Type{Array{T}},Type{Array{T,N}}}, p::Ptr{T}, dims::NTuple{N,Int}; own::Bool=false) where {T,N} =
    ccall(:jl_ptr_to_array, Array{T,N}, (Any, Ptr{Cvoid}, Any, Cint), Array{T,N}, p, dims, Int32(own))
