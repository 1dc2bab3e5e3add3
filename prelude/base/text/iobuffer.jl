# IOBuffer: a growing vector of bytes with a position. The write side, and what moves the position;
# reading is in read.jl.

mutable struct IOBuffer <: IO
    data::Vector{UInt8}
    readable::Bool
    writable::Bool
    seekable::Bool
    append::Bool
    size::Int
    maxsize::Int
    ptr::Int
    mark::Int
end

const GenericIOBuffer = IOBuffer

function show(io::IO, b::IOBuffer)
    print(io, "IOBuffer(data=UInt8[...], readable=", b.readable, ", writable=", b.writable, ", seekable=", b.seekable,
        ", append=", b.append, ", size=", b.size, ", maxsize=", b.maxsize == typemax(Int) ? "Inf" : b.maxsize,
        ", ptr=", b.ptr, ", mark=", b.mark, ")")
    return nothing
end

# A buffer to write and read, without keywords to process.
new_iobuffer() = IOBuffer(StringVector(64), true, true, true, false, 0, typemax(Int), 1, -1)

function IOBuffer(; read::Bool=true, write::Bool=true, append::Bool=false, truncate::Bool=true, maxsize::Int=typemax(Int), sizehint::Int=32)
    return IOBuffer(StringVector(sizehint), read, write, true, append, 0, maxsize, 1, -1)
end

function IOBuffer(data::Vector{UInt8}; read::Bool=true, write::Bool=false, append::Bool=false, truncate::Bool=false, maxsize::Int=typemax(Int))
    return IOBuffer(data, read, write, true, append, truncate ? 0 : length(data), maxsize, 1, -1)
end
IOBuffer(s::String) = IOBuffer(Vector{UInt8}(s), true, false, true, false, sizeof(s), typemax(Int), 1, -1)
IOBuffer(s::SubString{String}) = IOBuffer(String(s))
IOBuffer(s::CodeUnits{UInt8,String}) = IOBuffer(s.s)

# Reads behind what was written last wherever it is written.
PipeBuffer(data::Vector{UInt8}=UInt8[]; maxsize::Int=typemax(Int)) = IOBuffer(data, true, true, false, true, length(data), maxsize, 1, -1)
copy(io::IOBuffer) = IOBuffer(io.writable ? copy(io.data) : io.data, io.readable, io.writable, io.seekable, io.append, io.size, io.maxsize, io.ptr, io.mark)
text_sink(io::IOBuffer) = io
byte_sink(io::IOBuffer) = io
flush_sink(io::IOBuffer, sink::IOBuffer) = nothing
flush_bytes(io::IOBuffer, b::IOBuffer) = nothing

@noinline throw_not_writable() = throw(ArgumentError("ensureroom failed, IOBuffer is not writeable"))

# The number of bytes before the place where the next one is written.
@inline write_offset(io::IOBuffer) = io.append ? io.size : io.ptr - 1

# Makes room for n bytes and gives the address where they go; commit! makes them part of the buffer.
@inline function reserve!(io::IOBuffer, n::Int)
    io.writable || throw_not_writable()
    at = write_offset(io)
    at + n > length(io.data) && grow!(io, at + n)
    return byte_offset(vector_bytes(io.data), at)
end

@noinline function grow!(io::IOBuffer, need::Int)
    have = length(io.data)
    more = max(need - have, have, 32)
    ccall(:jl_array_grow_end, Cvoid, (Any, UInt), io.data, Core.Intrinsics.bitcast(UInt64, more))
    return nothing
end

@inline function commit!(io::IOBuffer, n::Int)
    at = write_offset(io)
    stop = at + n
    if stop > io.maxsize
        stop = max(io.maxsize, at)
    end
    stop > io.size && (io.size = stop)
    io.append || (io.ptr = stop + 1)
    return stop - at
end

function write(io::IOBuffer, b::UInt8)
    p = reserve!(io, 1)
    store_byte!(p, 1, b)
    return commit!(io, 1)
end

function unsafe_write(io::IOBuffer, p::Ptr{UInt8}, n::UInt64)
    count = Core.Intrinsics.bitcast(Int64, n)
    dst = reserve!(io, count)
    copy_bytes!(dst, p, count)
    return commit!(io, count)
end

# The text so far as a String; the buffer is empty afterwards.
function take_string!(io::IOBuffer)
    data = io.data
    s = GC.@preserve data string_from_bytes(vector_bytes(data), io.size)
    io.size = 0
    io.ptr = 1
    return s
end

function take!(io::IOBuffer)
    n = io.size
    if io.writable
        data = io.data
        extra = length(data) - n
        extra > 0 && ccall(:jl_array_del_end, Cvoid, (Any, UInt), data, Core.Intrinsics.bitcast(UInt64, extra))
        io.data = StringVector(32)
        io.size = 0
        io.ptr = 1
        return data
    end
    out = StringVector(n)
    data = io.data
    GC.@preserve out data copy_bytes!(vector_bytes(out), vector_bytes(data), n)
    io.ptr = 1
    return out
end

position(io::IOBuffer) = io.ptr - 1
bytesavailable(io::IOBuffer) = io.size - io.ptr + 1
isopen(io::IOBuffer) = io.readable || io.writable || io.seekable || bytesavailable(io) > 0
isreadable(io::IOBuffer) = io.readable
iswritable(io::IOBuffer) = io.writable

function close(io::IOBuffer)
    io.readable = false
    io.writable = false
    io.seekable = false
    io.size = 0
    io.ptr = 1
    io.mark = -1
    return nothing
end

function seek(io::IOBuffer, n::Integer)
    io.ptr = min(max(0, Int(n)) + 1, io.size + 1)
    return io
end
seekstart(io::IOBuffer) = seek(io, 0)
function seekend(io::IOBuffer)
    io.ptr = io.size + 1
    return io
end
skip(io::IOBuffer, n::Integer) = seek(io, io.ptr - 1 + Int(n))

function truncate(io::IOBuffer, n::Integer)
    io.writable || throw(ArgumentError("truncate failed, IOBuffer is not writeable"))
    n < 0 && throw(ArgumentError(LazyString("truncate failed, n bytes must be ≥ 0, got ", Int(n))))
    n > io.maxsize && throw(ArgumentError(LazyString("truncate failed, ", Int(n), " bytes is exceeds IOBuffer maxsize ", io.maxsize)))
    size = Int(n)
    size > length(io.data) && grow!(io, size)
    for i in io.size+1:size
        io.data[i] = 0x00
    end
    io.size = size
    io.ptr = min(io.ptr, size + 1)
    return io
end

function mark(io::IOBuffer)
    io.mark = io.ptr - 1
    return io.mark
end
function unmark(io::IOBuffer)
    was = io.mark >= 0
    io.mark = -1
    return was
end
ismarked(io::IOBuffer) = io.mark >= 0
function reset(io::IOBuffer)
    io.mark >= 0 || throw(ArgumentError("IOBuffer is not marked"))
    io.ptr = io.mark + 1
    io.mark = -1
    return io.ptr - 1
end
