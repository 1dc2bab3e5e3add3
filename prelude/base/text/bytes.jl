# Raw bytes: loads and stores through pointers, the bytes of a String and of a Vector{UInt8}.
# Everything above works on these few functions; nothing here checks bounds.

@inline load_byte(p::Ptr{UInt8}, i::Int) = Core.Intrinsics.pointerref(p, i, 1)

@inline function store_byte!(p::Ptr{UInt8}, i::Int, b::UInt8)
    Core.Intrinsics.pointerset(p, b, i, 1)
    return nothing
end

# The address n bytes after p.
@inline byte_offset(p::Ptr{UInt8}, n::Int) =
    Core.Intrinsics.bitcast(Ptr{UInt8}, Core.Intrinsics.add_int(Core.Intrinsics.bitcast(UInt64, p), Core.Intrinsics.bitcast(UInt64, n)))

@inline function copy_bytes!(dst::Ptr{UInt8}, src::Ptr{UInt8}, n::Int)
    ccall(:memmove, Ptr{Cvoid}, (Ptr{Cvoid}, Ptr{Cvoid}, Csize_t),
          Core.Intrinsics.bitcast(Ptr{Cvoid}, dst), Core.Intrinsics.bitcast(Ptr{Cvoid}, src), Core.Intrinsics.bitcast(UInt64, n))
    return nothing
end

# -1, 0 or 1 as the first n bytes at a sort before, with or after those at b.
@inline function compare_bytes(a::Ptr{UInt8}, b::Ptr{UInt8}, n::Int)
    c = ccall(:memcmp, Cint, (Ptr{Cvoid}, Ptr{Cvoid}, Csize_t),
              Core.Intrinsics.bitcast(Ptr{Cvoid}, a), Core.Intrinsics.bitcast(Ptr{Cvoid}, b), Core.Intrinsics.bitcast(UInt64, n))
    return ifelse(c < Int32(0), -1, ifelse(c > Int32(0), 1, 0))
end

# The address of the first byte. The owner must be kept alive while it is used.
@inline string_bytes(s::String) = ccall(:jl_string_ptr, Ptr{UInt8}, (Any,), s)
@inline vector_bytes(v::Vector{UInt8}) = ccall(:jl_array_ptr, Ptr{UInt8}, (Any,), v)

# Uninitialised bytes.
@inline new_string(n::Int) = ccall(:jl_alloc_string, String, (Csize_t,), Core.Intrinsics.bitcast(UInt64, n))
@inline StringVector(n::Int) = ccall(:jl_alloc_array_1d, Vector{UInt8}, (Any, Int), Vector{UInt8}, n)

function string_from_bytes(p::Ptr{UInt8}, n::Int)
    s = new_string(n)
    GC.@preserve s copy_bytes!(string_bytes(s), p, n)
    return s
end

# A String of the bytes from..to (1-based, inclusive) of s, which must exist.
function string_slice(s::String, from::Int, to::Int)
    n = to - from + 1
    n <= 0 && return ""
    return GC.@preserve s string_from_bytes(byte_offset(string_bytes(s), from - 1), n)
end

# Not the one of Core: it has methods.
function sizeof end
@inline sizeof(x) = Core.sizeof(x)
