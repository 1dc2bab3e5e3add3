# The standard streams, and files: streams over C's descriptors.

# FD is the descriptor; a stream of this kind has no data.
struct StdStream{FD} <: IO end

const stdin = StdStream{0}()
const stdout = StdStream{1}()
const stderr = StdStream{2}()

# What is written there is gone; there is nothing to read.
struct DevNull <: IO end
const devnull = DevNull()
unsafe_write(::DevNull, ::Ptr{UInt8}, n::UInt64) = n % Int
write(::DevNull, ::UInt8) = 1
read(::DevNull, ::Type{UInt8}) = throw(EOFError())
eof(::DevNull) = true
isopen(::DevNull) = true
isreadable(::DevNull) = true
iswritable(::DevNull) = true
close(::DevNull) = nothing
flush(::DevNull) = nothing
show(io::IO, ::DevNull) = write_text(io, "Base.DevNull()")

# Several writes if the system takes fewer bytes at a time; an error ends them silently.
function write_all(fd::Int32, p::Ptr{UInt8}, n::Int)
    done = 0
    while done < n
        at = Core.Intrinsics.bitcast(Ptr{Cvoid}, byte_offset(p, done))
        got = ccall(:jlift_sys_write, Int64, (Cint, Ptr{Cvoid}, UInt64), fd, at, Core.Intrinsics.bitcast(UInt64, n - done))
        got <= 0 && break
        done += got
    end
    return n
end

unsafe_write(io::StdStream{FD}, p::Ptr{UInt8}, n::UInt64) where {FD} = write_all(FD % Int32, p, Core.Intrinsics.bitcast(Int64, n))
function write(io::StdStream, b::UInt8)
    buf = new_iobuffer()
    write(buf, b)
    flush_sink(io, buf)
    return 1
end
isreadable(io::StdStream{FD}) where {FD} = FD === 0
iswritable(io::StdStream{FD}) where {FD} = FD !== 0
fd(io::StdStream{FD}) where {FD} = FD

# Writes text that was gathered for stdout.
function flush_stdout(b::IOBuffer)
    flush_sink(stdout, b)
    return nothing
end

# Standard input goes through C's buffered stream, so that looking ahead loses nothing.
c_stdin() = Core.Intrinsics.pointerref(cglobal(:stdin, Ptr{Cvoid}), 1, 8)

function eof(io::StdStream{0})
    c = ccall(:getc, Cint, (Ptr{Cvoid},), c_stdin())
    c < Int32(0) && return true
    ccall(:ungetc, Cint, (Cint, Ptr{Cvoid}), c, c_stdin())
    return false
end
function read(io::StdStream{0}, ::Type{UInt8})
    c = ccall(:getc, Cint, (Ptr{Cvoid},), c_stdin())
    c < Int32(0) && throw_eof()
    return c % UInt8
end
function peek(io::StdStream{0}, ::Type{UInt8})
    c = ccall(:getc, Cint, (Ptr{Cvoid},), c_stdin())
    c < Int32(0) && throw_eof()
    ccall(:ungetc, Cint, (Cint, Ptr{Cvoid}), c, c_stdin())
    return c % UInt8
end
bytesavailable(io::StdStream) = 0

# A file: C's FILE, null once it is closed.
mutable struct IOStream <: IO
    handle::Ptr{Cvoid}
    name::String
    readable::Bool
    writable::Bool
end

@noinline throw_open_error(path::String, code::Int32) =
    throw(SystemError(string("opening file ", repr(path)), code, nothing))
@noinline throw_closed() = throw(ArgumentError("stream is closed or unusable"))

function open(path::String, mode::String)
    handle = GC.@preserve path mode ccall(:fopen, Ptr{Cvoid}, (Ptr{UInt8}, Ptr{UInt8}), cstring_bytes(path), cstring_bytes(mode))
    handle === Core.Intrinsics.bitcast(Ptr{Cvoid}, 0x0000000000000000) && throw_open_error(path, Libc.errno())
    plus = occursin('+', mode)
    return IOStream(handle, path, plus || startswith(mode, 'r'), plus || !startswith(mode, 'r'))
end
open(path::String) = open(path, "r")
open(path::AbstractString, mode::AbstractString) = open(String(path), String(mode))

function open(path::AbstractString; read::Bool=false, write::Bool=false, create::Bool=false, truncate::Bool=false, append::Bool=false)
    append && return open(String(path), read ? "a+" : "a")
    truncate && return open(String(path), read ? "w+" : "w")
    write && return open(String(path), create || !read ? (read ? "w+" : "w") : "r+")
    return open(String(path), "r")
end

function open(f::Function, path::AbstractString, mode::AbstractString="r")
    io = open(path, mode)
    try
        return f(io)
    finally
        close(io)
    end
end

isopen(io::IOStream) = io.handle !== Ptr{Cvoid}(0)
isreadable(io::IOStream) = io.readable
iswritable(io::IOStream) = io.writable
function close(io::IOStream)
    if isopen(io)
        ccall(:fclose, Cint, (Ptr{Cvoid},), io.handle)
        io.handle = Ptr{Cvoid}(0)
    end
    return nothing
end
function flush(io::IOStream)
    isopen(io) && ccall(:fflush, Cint, (Ptr{Cvoid},), io.handle)
    return nothing
end
function unsafe_write(io::IOStream, p::Ptr{UInt8}, n::UInt64)
    io.writable || throw(ArgumentError("write failed, IOStream is not writeable"))
    isopen(io) || throw_closed()
    return ccall(:fwrite, Csize_t, (Ptr{Cvoid}, Csize_t, Csize_t, Ptr{Cvoid}), Core.Intrinsics.bitcast(Ptr{Cvoid}, p), UInt64(1), n, io.handle) % Int64
end
function write(io::IOStream, b::UInt8)
    isopen(io) || throw_closed()
    ccall(:fputc, Cint, (Cint, Ptr{Cvoid}), b % Int32, io.handle)
    return 1
end
function eof(io::IOStream)
    isopen(io) || throw_closed()
    c = ccall(:getc, Cint, (Ptr{Cvoid},), io.handle)
    c < Int32(0) && return true
    ccall(:ungetc, Cint, (Cint, Ptr{Cvoid}), c, io.handle)
    return false
end
function read(io::IOStream, ::Type{UInt8})
    io.readable || throw(ArgumentError("read failed, IOStream is not readable"))
    isopen(io) || throw_closed()
    c = ccall(:getc, Cint, (Ptr{Cvoid},), io.handle)
    c < Int32(0) && throw_eof()
    return c % UInt8
end
function peek(io::IOStream, ::Type{UInt8})
    b = read(io, UInt8)
    ccall(:ungetc, Cint, (Cint, Ptr{Cvoid}), b % Int32, io.handle)
    return b
end
position(io::IOStream) = ccall(:ftell, Int64, (Ptr{Cvoid},), io.handle)
function seek(io::IOStream, n::Integer)
    ccall(:fseek, Cint, (Ptr{Cvoid}, Int64, Cint), io.handle, Int64(n), Int32(0))
    return io
end
seekstart(io::IOStream) = seek(io, 0)
function seekend(io::IOStream)
    ccall(:fseek, Cint, (Ptr{Cvoid}, Int64, Cint), io.handle, 0, Int32(2))
    return io
end
show(io::IO, s::IOStream) = print(io, "IOStream(", repr(string("<file ", s.name, ">")), ")")

# Whole files.
function write(path::AbstractString, x)
    io = open(String(path), "w")
    n = write(io, x)
    close(io)
    return n
end
function read(path::AbstractString, ::Type{String})
    io = open(String(path), "r")
    s = read(io, String)
    close(io)
    return s
end
function read(path::AbstractString)
    io = open(String(path), "r")
    v = read(io)
    close(io)
    return v
end
function readlines(path::AbstractString; keep::Bool=false)
    io = open(String(path), "r")
    lines = readlines(io; keep=keep)
    close(io)
    return lines
end
