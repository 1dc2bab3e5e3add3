# module: StaticTools
# Strings that are memory: of a length that the type tells, of C's heap, and views of either. Their
# elements are bytes; lengths leave out the zero byte at the end, sizes count it.

export AbstractStaticString, StaticString, MallocString, StringView, strlen, unsafe_mallocstring

abstract type AbstractStaticString <: AbstractString end
abstract type AbstractPointerString <: AbstractStaticString end

# N bytes, the zero among them.
mutable struct StaticString{N} <: AbstractStaticString
    data::NTuple{N,UInt8}
    @inline StaticString{N}(::UndefInitializer) where {N} = new{N}()
    @inline StaticString(data::NTuple{N,UInt8}) where {N} = new{N}(data)
end
struct MallocString <: AbstractPointerString
    pointer::Ptr{UInt8}
    length::Int
end
# Part of another string, without a zero of its own.
struct StringView <: AbstractPointerString
    pointer::Ptr{UInt8}
    length::Int
end

# ---- making them

@inline StaticString(s::StaticString{N}) where {N} = StaticString(s.data)
@inline StaticString(s::AbstractString) = terminated!(StaticString{text_length(s)+1}(undef), s)
@inline function MallocString(::UndefInitializer, n::Int)
    s = MallocString(malloc(n), n)
    s[n] = 0x00
    return s
end
@inline MallocString(data::NTuple{N,UInt8}) where {N} = from_bytes(Ref(data), N)
@inline function from_bytes(data::Ref, n::Int)
    s = MallocString(malloc(n), n)
    GC.@preserve data memcpy!(s.pointer, Ptr{UInt8}(pointer_from_objref(data)), n)
    return s
end
@inline MallocString(s::AbstractString) = terminated!(MallocString(undef, text_length(s) + 1), s)
@inline MallocString(p::Ptr{UInt8}) = MallocString(p, strlen(p) + 1)
@inline MallocString(argv::Ptr{Ptr{UInt8}}, n::Integer) = MallocString(unsafe_load(argv, n))
@inline StringView(s::AbstractStaticString, r::AbstractUnitRange{<:Integer}) = StringView(pointer(s) + (first(r) - 1), length(r))

# A copy of what C's string holds.
@inline function unsafe_mallocstring(p::Ptr{UInt8})
    n = strlen(p) + 1
    s = MallocString(undef, n)
    memcpy!(s.pointer, p, n)
    return s
end
@inline free(s::MallocString) = free(s.pointer)
# Frees a text that was made for a moment, if it is one that has to be.
@inline drop_text(s::MallocString) = free(s)
@inline drop_text(s::AbstractStaticString) = Int32(0)

@inline strlen(s) = GC.@preserve s strlen(pointer(s))
@inline strlen(p::Ptr{UInt8}) = ccall(:strlen, UInt64, (Ptr{UInt8},), p) % Int64

# ---- memory

@inline Base.pointer(s::StaticString) = Ptr{UInt8}(pointer_from_objref(s))
@inline Base.pointer(s::AbstractPointerString) = s.pointer
@inline Base.cconvert(::Type{Ptr{UInt8}}, s::AbstractStaticString) = s
@inline Base.cconvert(::Type{Ptr{Int8}}, s::AbstractStaticString) = s
@inline Base.unsafe_convert(::Type{Ptr{T}}, s::AbstractStaticString) where {T} = Ptr{T}(pointer(s))
@inline Base.sizeof(::StaticString{N}) where {N} = N
@inline Base.sizeof(s::AbstractPointerString) = s.length
@inline Base.length(::StaticString{N}) where {N} = N - 1
@inline Base.length(s::MallocString) = s.length - 1
@inline Base.length(s::StringView) = s.length
@inline Base.ncodeunits(s::AbstractStaticString) = sizeof(s)
@inline Base.codeunit(::AbstractStaticString) = UInt8
@inline Base.codeunit(s::AbstractStaticString, i::Integer) = s[Int(i)]
@inline Base.codeunits(s::StaticString) = s.data
@inline Base.codeunits(s::AbstractPointerString) = MallocVector{UInt8}(s.pointer, s.length)
Base.String(s::AbstractStaticString) = GC.@preserve s unsafe_string(pointer(s), text_length(s))
@inline Base.copy(s::StaticString) = StaticString(s.data)
@inline function Base.copy(s::MallocString)
    made = MallocString(undef, s.length)
    memcpy!(made.pointer, s.pointer, s.length)
    return made
end

# ---- bytes

@inline Base.firstindex(::AbstractStaticString) = 1
@inline Base.lastindex(s::AbstractStaticString) = sizeof(s)
@inline Base.eachindex(s::AbstractStaticString) = 1:sizeof(s)
@inline Base.getindex(s::AbstractStaticString, i::Int) = GC.@preserve s unsafe_load(pointer(s), i)
@inline Base.getindex(s::AbstractStaticString, ::Colon) = s
@inline function Base.getindex(s::AbstractStaticString, r::UnitRange{<:Integer})
    return StringView(pointer(s) + (max(first(r), 1) - 1), min(length(r), length(s)))
end
Base.view(s::AbstractStaticString, r::AbstractUnitRange{<:Integer}) = StringView(s, r)

@inline as_byte(x::UInt8) = x
@inline as_byte(x::Char) = UInt8(x)
@inline as_byte(x) = convert(UInt8, x)
@inline function Base.setindex!(s::AbstractStaticString, x, i::Integer)
    GC.@preserve s unsafe_store!(pointer(s), as_byte(x), Int(i))
    return s
end
@inline function Base.setindex!(s::AbstractStaticString, x, r::UnitRange{<:Integer})
    for i in 1:length(r)
        s[first(r)+i-1] = byte_at(x, i)
    end
    return s
end
@inline function Base.setindex!(s::AbstractStaticString, x, ::Colon)
    for i in eachindex(s)
        s[i] = byte_at(x, i)
    end
    return s
end
# The bytes of what is written into a string: another string, a tuple, an array.
@inline byte_at(x::AbstractString, i::Int) = codeunit(x, i)
@inline byte_at(x, i::Int) = as_byte(x[i])
# The bytes of a string without the zero at the end.
@inline text_length(s::AbstractStaticString) = length(s)
@inline text_length(s::AbstractString) = ncodeunits(s)

# Writes a text and the zero behind it.
@inline function terminated!(s::AbstractStaticString, text::AbstractString)
    n = text_length(text)
    for i in 1:n
        s[i] = codeunit(text, i)
    end
    s[n+1] = 0x00
    return s
end

# ---- comparing, joining, searching

@inline Base.:(==)(a::AbstractStaticString, b::AbstractStaticString) = same_text(a, b)
@inline Base.:(==)(a::AbstractStaticString, b::AbstractString) = same_text(a, b)
@inline Base.:(==)(a::AbstractString, b::AbstractStaticString) = same_text(a, b)
@inline function same_text(a::AbstractString, b::AbstractString)
    n = text_length(a)
    n == text_length(b) || return false
    for i in 1:n
        codeunit(a, i) == codeunit(b, i) || return false
    end
    return true
end

@inline Base.:*(a::StaticString{M}, b::StaticString{N}) where {M,N} = joined!(StaticString{M + N - 1}(undef), a, b)
@inline Base.:*(a::AbstractStaticString, b::AbstractStaticString) = joined(a, b)
@inline Base.:*(a::AbstractStaticString, b::AbstractString) = joined(a, b)
@inline Base.:*(a::AbstractString, b::AbstractStaticString) = joined(a, b)
@inline Base.:*(a::MallocString, b::AbstractStaticString) = joined!(MallocString(undef, text_length(a) + text_length(b) + 1), a, b)
@inline Base.:*(a::MallocString, b::AbstractString) = joined!(MallocString(undef, text_length(a) + text_length(b) + 1), a, b)
@inline joined(a, b) = joined!(StaticString{text_length(a) + text_length(b) + 1}(undef), a, b)
@inline function joined!(s::AbstractStaticString, a::AbstractString, b::AbstractString)
    m, n = text_length(a), text_length(b)
    for i in 1:m
        s[i] = codeunit(a, i)
    end
    for i in 1:n
        s[m+i] = codeunit(b, i)
    end
    s[m+n+1] = 0x00
    return s
end

@inline Base.:^(s::AbstractStaticString, n::Integer) = repeated!(StaticString{length(s) * n + 1}(undef), s, n)
@inline Base.:^(s::MallocString, n::Integer) = repeated!(MallocString(undef, Int(length(s) * n + 1)), s, n)
@inline function repeated!(made::AbstractStaticString, s::AbstractStaticString, n::Integer)
    l = length(s)
    for k in 0:n-1, i in 1:l
        made[l*k+i] = s[i]
    end
    made[l*n+1] = 0x00
    return made
end

@inline function Base.contains(text::AbstractStaticString, part::AbstractStaticString)
    n = length(part)
    for start in 0:length(text)-n
        i = 1
        while i <= n && text[start+i] == part[i]
            i += 1
        end
        i > n && return true
    end
    return false
end

# ---- characters; a zero byte ends the text

@inline function Base.iterate(s::AbstractStaticString, i::Int=1)
    (1 <= i <= ncodeunits(s) && s[i] != 0x00) || return nothing
    return decoded(s, i)
end
# The character at a place and the place behind it; bytes that begin no character stand for themselves.
function decoded(s::AbstractStaticString, i::Int)
    byte = s[i]
    bits = UInt32(byte) << 24
    more = byte < 0xc0 || byte > 0xf7 ? 0 : byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3
    i += 1
    shift = 16
    while more > 0 && i <= ncodeunits(s) && s[i] & 0xc0 == 0x80
        bits |= UInt32(s[i]) << shift
        shift -= 8
        more -= 1
        i += 1
    end
    return reinterpret(Char, bits), i
end
@inline Base.isvalid(s::AbstractStaticString, i::Int) = 1 <= i <= ncodeunits(s) && thisind(s, i) == i
# Where the character begins that has a byte here.
function Base.thisind(s::AbstractStaticString, i::Int)
    1 <= i <= ncodeunits(s) || return i
    start = i
    while start > 1 && i - start < 3 && s[start] & 0xc0 == 0x80
        start -= 1
    end
    return s[start] & 0xc0 != 0x80 && decoded(s, start)[2] > i ? start : i
end
# Places beyond the ends are answered by the nearest one; nothing is thrown.
function Base.nextind(s::AbstractStaticString, i::Int, n::Int=1)
    n < 0 && return i
    last = ncodeunits(s)
    0 <= i < last || return i <= 0 ? 0 : last
    n == 0 && return thisind(s, i)
    while n > 0 && i < last
        i += 1
        n -= isvalid(s, i)
    end
    return i + n
end
function Base.prevind(s::AbstractStaticString, i::Int, n::Int=1)
    n < 0 && return i
    behind = ncodeunits(s) + 1
    0 < i <= behind || return i <= 0 ? 0 : behind - 1
    n == 0 && return thisind(s, i)
    while n > 0 && i > 1
        i -= 1
        n -= isvalid(s, i)
    end
    return i - n
end

# ---- as Julia shows them

Base.show(io::IO, s::StaticString) = show_literal(io, "c\"", s)
Base.show(io::IO, s::MallocString) = show_literal(io, "m\"", s)
Base.show(io::IO, s::StringView) = show_literal(io, string(length(s), "-byte StringView:\n \""), s)
function show_literal(io::IO, before::String, s::AbstractStaticString)
    Base.print(io, before)
    Base.escape_string(io, String(s))
    Base.print(io, '"')
    return nothing
end
