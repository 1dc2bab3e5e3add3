# Reading: single bytes from an IOBuffer, and all else in terms of `eof`, `peek` and single bytes.

eof(io::IOBuffer) = io.ptr > io.size

@noinline throw_not_readable() = throw(ArgumentError("read failed, IOBuffer is not readable"))

@inline function read(io::IOBuffer, ::Type{UInt8})
    io.readable || throw_not_readable()
    io.ptr > io.size && throw_eof()
    data = io.data
    b = GC.@preserve data load_byte(vector_bytes(data), io.ptr)
    io.ptr += 1
    return b
end

function peek(io::IOBuffer, ::Type{UInt8})
    io.readable || throw_not_readable()
    io.ptr > io.size && throw_eof()
    data = io.data
    return GC.@preserve data load_byte(vector_bytes(data), io.ptr)
end
peek(io::IO) = peek(io, UInt8)

# A plain value from its bytes in memory order.
function read(io::IOBuffer, ::Type{T}) where {T<:Union{Int8,Int16,Int32,Int64,Int128,UInt16,UInt32,UInt64,UInt128,Float16,Float32,Float64}}
    io.readable || throw_not_readable()
    io.ptr - 1 + sizeof(T) > io.size && throw_eof()
    data = io.data
    p = byte_offset(vector_bytes(data), io.ptr - 1)
    x = GC.@preserve data Core.Intrinsics.pointerref(Core.Intrinsics.bitcast(Ptr{T}, p), 1, 1)
    io.ptr += sizeof(T)
    return x
end
function read(io::IO, ::Type{T}) where {T<:Union{Int8,Int16,Int32,Int64,Int128,UInt16,UInt32,UInt64,UInt128,Float16,Float32,Float64}}
    return read(IOBuffer(read(io, sizeof(T))), T)
end
read(io::IO, ::Type{Bool}) = read(io, UInt8) !== 0x00
function peek(io::IOBuffer, ::Type{T}) where {T}
    at = io.ptr
    x = read(io, T)
    io.ptr = at
    return x
end

# A Char: a lead byte and as many continuation bytes as it announces and are there.
function read(io::IO, ::Type{Char})
    first = read(io, UInt8)
    u = UInt32(first) << 24
    ones = leading_ones(first)
    (ones < 2 || ones > 4) && return reinterpret(Char, u)
    shift = 16
    for k in 2:ones
        eof(io) && break
        b = peek(io, UInt8)
        b & 0xc0 === 0x80 || break
        read(io, UInt8)
        u |= UInt32(b) << shift
        shift -= 8
    end
    return reinterpret(Char, u)
end

function read(io::IOBuffer, n::Integer)
    io.readable || throw_not_readable()
    count = min(Int(n), io.size - io.ptr + 1)
    out = StringVector(count)
    data = io.data
    GC.@preserve data out copy_bytes!(vector_bytes(out), byte_offset(vector_bytes(data), io.ptr - 1), count)
    io.ptr += count
    return out
end
function read(io::IO, n::Integer)
    buf = new_iobuffer()
    k = 0
    while k < n && !eof(io)
        write(buf, read(io, UInt8))
        k += 1
    end
    return take!(buf)
end

read(io::IOBuffer) = read(io, io.size - io.ptr + 1)
function read(io::IO)
    return take!(read_rest(io))
end
readavailable(io::IO) = read(io)

# What is left, in a buffer.
function read_rest(io::IO)
    buf = new_iobuffer()
    while !eof(io)
        write(buf, read(io, UInt8))
    end
    return buf
end

function read(io::IOBuffer, ::Type{String})
    io.readable || throw_not_readable()
    data = io.data
    count = io.size - io.ptr + 1
    s = GC.@preserve data string_from_bytes(byte_offset(vector_bytes(data), io.ptr - 1), count)
    io.ptr += count
    return s
end
read(io::IO, ::Type{String}) = take_string!(read_rest(io))

function readbytes!(io::IO, b::Vector{UInt8}, n::Integer=length(b))
    n > length(b) && resize!(b, n)
    k = 0
    while k < n && !eof(io)
        k += 1
        b[k] = read(io, UInt8)
    end
    return k
end

function read!(io::IO, a::AbstractArray{T}) where {T}
    for i in eachindex(a)
        a[i] = read(io, T)
    end
    return a
end

# A line without or with its end, "\n" or "\r\n".
function readline(io::IO; keep::Bool=false)
    buf = new_iobuffer()
    return read_line!(io, buf, keep)
end
readline(path::AbstractString; keep::Bool=false) = open(io -> readline(io; keep=keep), path)
readline(; keep::Bool=false) = read_line!(stdin, new_iobuffer(), keep)

function read_line!(io::IO, buf::IOBuffer, keep::Bool)
    while !eof(io)
        b = read(io, UInt8)
        write(buf, b)
        if b === 0x0a
            keep || drop_line_end!(buf)
            break
        end
    end
    return take_string!(buf)
end

function drop_line_end!(buf::IOBuffer)
    n = buf.size - 1
    n > 0 && buf.data[n] === 0x0d && (n -= 1)
    buf.size = n
    buf.ptr = n + 1
    return nothing
end

function readuntil(io::IO, delim::UInt8; keep::Bool=false)
    buf = new_iobuffer()
    while !eof(io)
        b = read(io, UInt8)
        if b === delim
            keep && write(buf, b)
            break
        end
        write(buf, b)
    end
    return take!(buf)
end
readuntil(io::IO, delim::Char; keep::Bool=false) = readuntil(io, string(delim); keep=keep)
function readuntil(io::IO, delim::String; keep::Bool=false)
    buf = new_iobuffer()
    n = sizeof(delim)
    while !eof(io)
        write(buf, read(io, UInt8))
        if ends_with_bytes(buf, delim)
            if !keep
                buf.size -= n
                buf.ptr = buf.size + 1
            end
            break
        end
    end
    return take_string!(buf)
end

function ends_with_bytes(buf::IOBuffer, s::String)
    n = sizeof(s)
    n > buf.size && return false
    data = buf.data
    return GC.@preserve data s compare_bytes(byte_offset(vector_bytes(data), buf.size - n), string_bytes(s), n) === 0
end

struct EachLine{I<:IO}
    stream::I
    keep::Bool
end
eachline(io::IO=stdin; keep::Bool=false) = EachLine{typeof(io)}(io, keep)
eachline(path::AbstractString; keep::Bool=false) = eachline(open(path, "r"); keep=keep)
IteratorSize(::Type{<:EachLine}) = SizeUnknown()
eltype(::Type{<:EachLine}) = String
function iterate(l::EachLine, state::Nothing=nothing)
    eof(l.stream) && return nothing
    return (read_line!(l.stream, new_iobuffer(), l.keep), nothing)
end

function readlines(io::IO=stdin; keep::Bool=false)
    lines = Vector{String}(undef, 0)
    while !eof(io)
        push!(lines, read_line!(io, new_iobuffer(), keep))
    end
    return lines
end

countlines(path::AbstractString; eol::Char='\n') = open(io -> countlines(io; eol=eol), path)
function countlines(io::IO; eol::Char='\n')
    n = 0
    ended = true
    while !eof(io)
        ended = read(io, UInt8) === eol % UInt8
        ended && (n += 1)
    end
    return ended ? n : n + 1
end

function copyuntil(out::IO, io::IO, delim::Char; keep::Bool=false)
    write(out, readuntil(io, delim; keep=keep))
    return out
end

# Past the characters of this kind; comments to the end of the line count among them.
function skipchars(predicate, io::IO; linecomment=nothing)
    while !eof(io)
        c = read(io, Char)
        if c === linecomment
            readline(io)
        elseif !predicate(c)
            skip(io, -ncodeunits(c))
            break
        end
    end
    return io
end

readchomp(source) = chomp(read(source, String))

# The values of one type that are left in a stream.
struct ReadEachIterator{T,S<:IO}
    stream::S
end
readeach(io::S, ::Type{T}) where {T,S<:IO} = ReadEachIterator{T,S}(io)
iterate(r::ReadEachIterator{T}, state=nothing) where {T} = eof(r.stream) ? nothing : (read(r.stream, T), nothing)
eltype(::Type{ReadEachIterator{T,S}}) where {T,S} = T
IteratorSize(::Type{<:ReadEachIterator}) = SizeUnknown()
isdone(r::ReadEachIterator, state=nothing) = eof(r.stream)
