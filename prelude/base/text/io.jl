# What all streams share: the type IO, the sink that text is gathered in, and `write`.
#
# All text is made in an IOBuffer. Other streams get one for the length of a call (`text_sink`) and
# take its bytes at the end (`flush_sink`), so that one println is one write of the system.

abstract type IO end

# The stream to print on for this io: io itself if it is backed by a buffer.
text_sink(io::IO) = new_iobuffer()

# Hands the text gathered in `sink` to the stream that it was made for.
function flush_sink(io::IO, sink::IOBuffer)
    data = sink.data
    GC.@preserve data unsafe_write(io, vector_bytes(data), Core.Intrinsics.bitcast(UInt64, sink.size))
    return nothing
end

# The buffer below contexts.
byte_sink(io::IO) = new_iobuffer()

# Streams of other kinds need only `write(io, ::UInt8)`.
function unsafe_write(io::IO, p::Ptr{UInt8}, n::UInt64)
    count = Core.Intrinsics.bitcast(Int64, n)
    for i in 1:count
        write(io, load_byte(p, i))
    end
    return count
end

function write(io::IO, s::String)
    return GC.@preserve s unsafe_write(io, string_bytes(s), Core.Intrinsics.bitcast(UInt64, sizeof(s)))
end
write(io::IO, s::Symbol) = write(io, String(s))
write(io::IO, x::Bool) = write(io, ifelse(x, 0x01, 0x00))

function write(io::IO, s::SubString{String})
    p = s.string
    return GC.@preserve p unsafe_write(io, byte_offset(string_bytes(p), s.offset), Core.Intrinsics.bitcast(UInt64, s.ncodeunits))
end

function write(io::IO, s::AbstractString)
    n = 0
    for c in s
        n += write(io, c)
    end
    return n
end

# The UTF-8 bytes of a Char: at least one, then up to the last that is not zero.
function write(io::IO, c::Char)
    u = bswap(reinterpret(UInt32, c))
    n = 0
    while true
        n += write(io, u % UInt8)
        u >>= 8
        u == 0x00000000 && return n
    end
end

# The bytes of a plain value in memory order.
function write(io::IO, x::T) where {T<:Union{Int8,Int16,Int32,Int64,Int128,UInt16,UInt32,UInt64,UInt128,Float16,Float32,Float64}}
    b = byte_sink(io)
    p = reserve!(b, sizeof(T))
    Core.Intrinsics.pointerset(Core.Intrinsics.bitcast(Ptr{T}, p), x, 1, 1)
    n = commit!(b, sizeof(T))
    flush_bytes(io, b)
    return n
end
write(io::IO, x::Ptr{T}) where {T} = write(io, reinterpret(UInt64, x))

function write(io::IO, v::Vector{UInt8})
    return GC.@preserve v unsafe_write(io, vector_bytes(v), Core.Intrinsics.bitcast(UInt64, length(v)))
end
function write(io::IO, a::AbstractArray)
    n = 0
    for x in a
        n += write(io, x)
    end
    return n
end
write(io::IO, x::Complex) = write(io, real(x)) + write(io, imag(x))

write(io::IO, x, y, rest...) = write(io, x) + write(io, y, rest...)
write(x) = write(stdout, x)

# Like flush_sink, for byte_sink.
flush_bytes(io::IO, b::IOBuffer) = flush_sink(io, b)

flush(io::IO) = nothing
close(io::IO) = nothing
isopen(io::IO) = true
isreadable(io::IO) = false
iswritable(io::IO) = false
lock(io::IO) = nothing
unlock(io::IO) = nothing

displaysize(io::IO) = (24, 80)
displaysize() = (24, 80)
