# Char: a character as its UTF-8 bytes, left-aligned in 32 bits, whether they are well formed or not.

@inline char_bits(c::Char) = Core.Intrinsics.bitcast(UInt32, c)
@inline char_of_bits(u::UInt32) = Core.Intrinsics.bitcast(Char, u)

reinterpret(::Type{Char}, u::UInt32) = char_of_bits(u)
reinterpret(::Type{UInt32}, c::Char) = char_bits(c)
reinterpret(::Type{Char}, u::Int32) = char_of_bits(u % UInt32)
reinterpret(::Type{Int32}, c::Char) = char_bits(c) % Int32

# The bits of the character with a code point.
@inline function Char(u::UInt32)
    u < 0x00000080 && return char_of_bits(u << 24)
    u < 0x00200000 || throw_code_point(u)
    low = (u & 0x0000003f) | ((u << 2) & 0x00003f00) | ((u << 4) & 0x003f0000) | ((u << 6) & 0x3f000000)
    return char_of_bits(
        u < 0x00000800 ? (low << 16) | 0xc0800000 :
        u < 0x00010000 ? (low << 8) | 0xe0808000 : low | 0xf0808080)
end
@noinline throw_code_point(u::UInt32) = throw(CodePointError(u))

struct CodePointError{T<:Integer} <: Exception
    code::T
end

Char(c::Char) = c
Char(b::UInt8) = Char(UInt32(b))
Char(b::Bool) = Char(UInt32(b))
Char(x::Integer) = Char(UInt32(x))
Char(x::Number) = Char(UInt32(x))
convert(::Type{Char}, x::Integer) = Char(x)
convert(::Type{Char}, c::Char) = c

@noinline throw_invalid_char(c::Char) = throw(InvalidCharError{Char}(c))

struct InvalidCharError{T} <: Exception
    char::T
end

@inline function codepoint(c::Char)
    u = char_bits(c)
    u < 0x80000000 && return u >> 24
    return codepoint_continued(c, u)
end
function codepoint_continued(c::Char, u::UInt32)
    ones = leading_ones(u)
    zeros = trailing_zeros(u) & 56
    (ones == 1) | (8 * ones + zeros > 32) | (((u & 0x00c0c0c0) ⊻ 0x00808080) >> zeros != 0x00000000) && throw_invalid_char(c)
    u &= 0xffffffff >> ones
    u >>= zeros
    return (u & 0x0000007f) | ((u & 0x00007f00) >> 2) | ((u & 0x007f0000) >> 4) | ((u & 0x7f000000) >> 6)
end

function ismalformed(c::Char)
    u = char_bits(c)
    ones = leading_ones(u)
    zeros = trailing_zeros(u) & 56
    u == 0x00000000 && return false
    return (ones == 1) | (8 * ones + zeros > 32) | (((u & 0x00c0c0c0) ⊻ 0x00808080) >> zeros != 0x00000000)
end

function isoverlong(c::Char)
    u = char_bits(c)
    top = u >> 24
    return top == 0x000000c0 || top == 0x000000c1 || (u & 0xffe00000) == 0xe0800000 || (u & 0xfff00000) == 0xf0800000
end

Int8(c::Char) = Int8(codepoint(c))
Int16(c::Char) = Int16(codepoint(c))
Int32(c::Char) = Int32(codepoint(c))
Int64(c::Char) = Int64(codepoint(c))
Int128(c::Char) = Int128(codepoint(c))
UInt8(c::Char) = UInt8(codepoint(c))
UInt16(c::Char) = UInt16(codepoint(c))
UInt32(c::Char) = codepoint(c)
UInt64(c::Char) = UInt64(codepoint(c))
UInt128(c::Char) = UInt128(codepoint(c))
convert(::Type{T}, c::Char) where {T<:Union{Int8,Int16,Int32,Int64,Int128,UInt8,UInt16,UInt32,UInt64,UInt128}} = T(codepoint(c))
rem(c::Char, ::Type{T}) where {T<:Union{Int8,Int16,Int32,Int64,Int128,UInt8,UInt16,UInt32,UInt64,UInt128}} = codepoint(c) % T

+(c::Char, n::Integer) = Char(Int32(c) + Int32(n))
+(n::Integer, c::Char) = c + n
-(c::Char, n::Integer) = Char(Int32(c) - Int32(n))
-(a::Char, b::Char) = Int64(a) - Int64(b)

==(a::Char, b::Char) = char_bits(a) == char_bits(b)
isless(a::Char, b::Char) = char_bits(a) < char_bits(b)
<(a::Char, b::Char) = char_bits(a) < char_bits(b)
<=(a::Char, b::Char) = char_bits(a) <= char_bits(b)
cmp(a::Char, b::Char) = isless(a, b) ? -1 : (isless(b, a) ? 1 : 0)
hash(c::Char, h::UInt64) = hash_64_64(((UInt64(char_bits(c)) + 0x00000000d4d64234) << 32) ⊻ h)

typemin(::Type{Char}) = '\0'
typemax(::Type{Char}) = char_of_bits(0xffffffff)
(::Colon)(a::Char, b::Char) = StepRange{Char,Int64}(a, 1, b)

# A Char is a collection of itself.
length(c::Char) = 1
ndims(c::Char) = 0
ndims(::Type{Char}) = 0
size(c::Char) = ()
axes(c::Char) = ()
firstindex(c::Char) = 1
lastindex(c::Char) = 1
eltype(::Type{Char}) = Char
isempty(c::Char) = false
iterate(c::Char) = (c, nothing)
iterate(c::Char, ::Nothing) = nothing
in(x::Char, c::Char) = x == c
getindex(c::Char) = c
getindex(c::Char, i::Integer) = i == 1 ? c : throw(BoundsError(c, i))
first(c::Char) = c
last(c::Char) = c
reverse(c::Char) = c
broadcastable(c::Char) = Ref(c)
keys(c::Char) = OneTo(1)

function ncodeunits(c::Char)
    u = bswap(char_bits(c))
    n = 1
    while u >= 0x00000100
        n += 1
        u >>= 8
    end
    return n
end

function char_string(c::Char)
    n = ncodeunits(c)
    s = new_string(n)
    u = char_bits(c)
    GC.@preserve s begin
        p = string_bytes(s)
        for i in 1:n
            store_byte!(p, i, (u >> (32 - 8 * i)) % UInt8)
        end
    end
    return s
end

isvalid(c::Char) = !ismalformed(c) && !isoverlong(c) && isvalid(Char, codepoint(c))
isvalid(::Type{Char}, u::Unsigned) = u < 0xd800 || (0xdfff < u && u < 0x110000)
isvalid(::Type{Char}, u::Integer) = u >= 0 && isvalid(Char, UInt64(u))
isvalid(::Type{Char}, c::Char) = isvalid(c)
isascii(c::Char) = char_bits(c) < 0x80000000
