# module: StaticTools
# What the C library does with memory, time and processes. Knows addresses and counts of bytes, no
# arrays and no strings beyond their addresses.

export malloc, calloc, free, memset!, memcpy!, memcmp, usleep, ⅋

# What a `FILE *` and the handle of a loaded library point to.
struct FILE end
struct DYLIB end

@inline malloc(size::Integer) = ccall(:malloc, Ptr{UInt8}, (UInt64,), size % UInt64)
@inline calloc(n::Int, size::Int) = ccall(:calloc, Ptr{UInt8}, (UInt64, UInt64), n % UInt64, size % UInt64)
@inline calloc(size::Integer) = calloc(1, size % Int)
@inline function free(p::Ptr)
    ccall(:free, Nothing, (Ptr{Nothing},), p)
    return Int32(0)
end

# The memory of an object: its address is valid as long as the object is.
@inline memset!(a, byte, n=sizeof(a)) = GC.@preserve a memset!(pointer(a), byte, n)
@inline function memset!(p::Ptr, byte::Integer, n::Integer)
    ccall(:memset, Ptr{Nothing}, (Ptr{Nothing}, Int32, UInt64), p, byte % Int32, n % UInt64)
    return Int32(0)
end

# Elements of the source are counted, not bytes.
@inline memcpy!(a, b) = memcpy!(a, b, length(b))
@inline memcpy!(a, b, n::Int64) = GC.@preserve a b memcpy!(pointer(a), pointer(b), n)
@inline function memcpy!(to::Ptr, from::Ptr{T}, n::Int64) where {T}
    ccall(:memcpy, Ptr{Nothing}, (Ptr{Nothing}, Ptr{Nothing}, UInt64), to, from, (n * sizeof(T)) % UInt64)
    return Int32(0)
end
@inline memcmp(a, b, n::Int64) = GC.@preserve a b memcmp(pointer(a), pointer(b), n)
@inline memcmp(a::Ptr, b::Ptr, n::Int64) = ccall(:memcmp, Int32, (Ptr{Nothing}, Ptr{Nothing}, UInt64), a, b, n % UInt64)

@inline ⅋(x) = pointer(x)
@inline ⅋(x::Ref{T}) where {T} = Ptr{T}(pointer_from_objref(x))

# Seconds since 1970, whole ones.
@inline time() = ccall(:time, Int64, (Ptr{Nothing},), C_NULL)
@inline usleep(microseconds::Integer) = ccall(:usleep, Int32, (UInt32,), microseconds % UInt32)

@inline system(command) = GC.@preserve command system(pointer(command))
@inline system(command::Ptr{UInt8}) = ccall(:system, Int32, (Ptr{UInt8},), command)

# ---- libraries that are loaded while the program runs; the flags are those of this system

const RTLD_LOCAL = Int32(0)
const RTLD_LAZY = Int32(1)
const RTLD_NOW = Int32(2)
const RTLD_GLOBAL = Int32(256)
const RTLD_DEFAULT = Ptr{DYLIB}(0)

@inline DLEXT() = StaticString((0x2e, 0x73, 0x6f, 0x00))

# A name without `.so` in it gets that ending.
@inline function dlopen(name::AbstractStaticString, flag=RTLD_LOCAL | RTLD_LAZY)
    contains(name, DLEXT()) && return GC.@preserve name dlopen(pointer(name), flag)
    full = name * DLEXT()
    handle = GC.@preserve full dlopen(pointer(full), flag)
    drop_text(full)
    return handle
end
@inline dlopen(name::Ptr{UInt8}, flag::Int32) = ccall(:dlopen, Ptr{DYLIB}, (Ptr{UInt8}, Int32), name, flag)
@inline dlsym(handle::Ptr{DYLIB}, symbol) = GC.@preserve symbol dlsym(handle, pointer(symbol))
@inline dlsym(handle::Ptr{DYLIB}, symbol::Ptr{UInt8}) = ccall(:dlsym, Ptr{Nothing}, (Ptr{DYLIB}, Ptr{UInt8}), handle, symbol)
@inline dlclose(handle::Ptr{DYLIB}) = ccall(:dlclose, Int32, (Ptr{DYLIB},), handle)
