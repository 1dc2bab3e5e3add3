# Integers as text in any base, and bytes as hexadecimal text.

function string(n::Integer; base::Integer=10, pad::Integer=1)
    base == 10 && pad <= 1 && return decimal_string(n)
    return string_in_base(n, Int(base), Int(pad))
end
string(b::Bool) = b ? "true" : "false"
function decimal_string(n::Integer)
    out = new_iobuffer()
    print_decimal(out, n)
    return take_string!(out)
end
decimal_string(n::Bool) = n ? "1" : "0"

unsigned_magnitude(n::T) where {T<:Union{Int8,Int16,Int32,Int64,Int128}} = n < zero(T) ? unsigned(-n) : unsigned(n)
unsigned_magnitude(n::Union{UInt8,UInt16,UInt32,UInt64,UInt128}) = n
unsigned_magnitude(n::Bool) = UInt8(n)
widened_magnitude(n::Union{UInt8,UInt16,UInt32,UInt64}) = UInt64(n)
widened_magnitude(n::UInt128) = n

function string_in_base(n::Integer, base::Int, pad::Int)
    if base < 0
        return negative_base_string(n, base, pad)
    end
    2 <= base <= 62 || throw(DomainError(base, "base must satisfy 2 ≤ abs(base) ≤ 62"))
    return digits_string(widened_magnitude(unsigned_magnitude(n)), base, pad, signbit(n))
end

# Digits last first. Bases up to 36 have small letters, others capitals before small ones.
function digits_string(u::T, base::Int, pad::Int, negative::Bool) where {T<:Union{UInt64,UInt128}}
    b = T(base)
    count = 1
    rest = div(u, b)
    while rest != zero(T)
        rest = div(rest, b)
        count += 1
    end
    count = max(count, pad)
    total = count + (negative ? 1 : 0)
    s = new_string(total)
    GC.@preserve s begin
        p = string_bytes(s)
        for i in total:-1:total-count+1
            q = div(u, b)
            store_byte!(p, i, digit_byte((u - q * b) % Int64, base))
            u = q
        end
        negative && store_byte!(p, 1, 0x2d)
    end
    return s
end
function digit_byte(d::Int, base::Int)
    d < 10 && return (0x30 + d) % UInt8
    base <= 36 && return (0x57 + d) % UInt8
    return d < 36 ? (0x37 + d) % UInt8 : (0x3d + d) % UInt8
end

function negative_base_string(n::Integer, base::Int, pad::Int)
    -62 <= base <= -2 || throw(DomainError(base, "base must satisfy 2 ≤ abs(base) ≤ 62"))
    x = Int128(n)
    b = Int128(base)
    out = new_iobuffer()
    count = 0
    while x != Int128(0) || count < pad
        r = mod(x, -b)
        x = div(x - r, b)
        write(out, digit_byte(r % Int64, -base))
        count += 1
    end
    return reverse(take_string!(out))
end

bitstring(x::Union{Bool,Int8,Int16,Int32,Int64,UInt8,UInt16,UInt32,UInt64}) = digits_string(UInt64(unsigned_bits(x)), 2, 8 * sizeof(x), false)
bitstring(x::Union{Int128,UInt128}) = digits_string(x % UInt128, 2, 128, false)
bitstring(x::Float64) = bitstring(reinterpret(UInt64, x))
bitstring(x::Float32) = bitstring(reinterpret(UInt32, x))
bitstring(x::Float16) = bitstring(reinterpret(UInt16, x))
bitstring(c::Char) = bitstring(char_bits(c))
unsigned_bits(x::Union{Int8,Int16,Int32,Int64}) = unsigned(x)
unsigned_bits(x::Union{UInt8,UInt16,UInt32,UInt64}) = x
unsigned_bits(x::Bool) = UInt8(x)

# ---- hexadecimal

bytes2hex(v) = bytes2hex_of(v)
bytes2hex(v::AbstractString) = bytes2hex_of(codeunits(String(v)))
function bytes2hex_of(v)
    s = new_string(2 * length(v))
    GC.@preserve s begin
        p = string_bytes(s)
        i = 1
        for b in v
            store_byte!(p, i, digit_byte(Int(b >> 4), 16))
            store_byte!(p, i + 1, digit_byte(Int(b & 0x0f), 16))
            i += 2
        end
    end
    return s
end
bytes2hex(io::IO, v) = print(io, bytes2hex(v))

function hex_value(b::UInt8)
    0x30 <= b <= 0x39 && return b - 0x30
    0x61 <= b <= 0x66 && return b - 0x57
    0x41 <= b <= 0x46 && return b - 0x37
    throw(ArgumentError("byte is not an ASCII hexadecimal digit"))
end
hex2bytes(s::AbstractString) = hex2bytes(bytes_of(String(s)))
function hex2bytes(v::AbstractVector{UInt8})
    isodd(length(v)) && throw(ArgumentError("length of iterable must be even"))
    return hex2bytes!(StringVector(div(length(v), 2)), v)
end
hex2bytes!(out::AbstractVector{UInt8}, s::AbstractString) = hex2bytes!(out, bytes_of(String(s)))
function hex2bytes!(out::AbstractVector{UInt8}, v::AbstractVector{UInt8})
    2 * length(out) == length(v) || throw(ArgumentError("length of byte array must match length of iterable"))
    for i in 1:length(out)
        out[i] = (hex_value(v[2*i-1]) << 4) | hex_value(v[2*i])
    end
    return out
end

# ---- escapes

function escape_string(io::IO, s::AbstractString, esc=""; keep=())
    out = text_sink(io)
    escape_into(out, String(s), esc, keep)
    flush_sink(io, out)
    return nothing
end
function escape_string(s::AbstractString, esc="\""; keep=())
    out = new_iobuffer()
    escape_into(out, String(s), esc, keep)
    return take_string!(out)
end
function escape_into(out::IO, s::String, esc, keep)
    i = 1
    n = ncodeunits(s)
    while i <= n
        c = char_at(s, i)
        next = char_stop(s, i)
        following = next <= n ? byte_at(s, next) : 0x20
        if c in keep
            write(out, c)
        elseif c in esc
            write(out, '\\')
            write(out, c)
        elseif c == '\0'
            write_text(out, 0x30 <= following <= 0x37 ? "\\x00" : "\\0")
        elseif c == '\e'
            write_text(out, "\\e")
        elseif c == '\\'
            write_text(out, "\\\\")
        elseif '\a' <= c <= '\r'
            write(out, '\\')
            write(out, codeunit("abtnvfr", Int(c) - 6))
        elseif isascii(c)
            isprint(c) ? write(out, c) : print(out, "\\x", string(UInt32(c), base=16, pad=2))
        elseif isvalid(c)
            if isprint(c)
                write(out, c)
            else
                u = codepoint(c)
                wide = is_hex_byte(following)
                print(out, u <= 0xffff ? "\\u" : "\\U", string(u, base=16, pad=wide ? (u <= 0xffff ? 4 : 8) : 2))
            end
        else
            for k in i:next-1
                print(out, "\\x", string(byte_at(s, k), base=16, pad=2))
            end
        end
        i = next
    end
    return nothing
end
is_hex_byte(b::UInt8) = 0x30 <= b <= 0x39 || 0x61 <= b <= 0x66 || 0x41 <= b <= 0x46

unescape_string(s::AbstractString, keep=()) = sprint_in(nothing, unescape_string, s, keep)
function unescape_string(io::IO, s::AbstractString, keep=())
    b = String(s)
    n = ncodeunits(b)
    i = 1
    while i <= n
        c = char_at(b, i)
        i = char_stop(b, i)
        if c != '\\' || i > n
            write(io, c)
            continue
        end
        c = char_at(b, i)
        i = char_stop(b, i)
        if c in keep
            write(io, '\\')
            write(io, c)
        elseif c == 'x' || c == 'u' || c == 'U'
            most = c == 'x' ? 2 : (c == 'u' ? 4 : 8)
            value = UInt32(0)
            k = 0
            while k < most && i <= n && is_hex_byte(byte_at(b, i))
                value = (value << 4) + UInt32(hex_value(byte_at(b, i)))
                i += 1
                k += 1
            end
            if k == 0
                throw(ArgumentError(c == 'x' ? "invalid hex (\\x) escape sequence" : (c == 'u' ? "invalid unicode (\\u) escape sequence" : "invalid unicode (\\U) escape sequence")))
            end
            c == 'x' ? write(io, value % UInt8) : write(io, Char(value))
        elseif '0' <= c <= '7'
            value = UInt32(c) - UInt32('0')
            k = 1
            while k < 3 && i <= n && 0x30 <= byte_at(b, i) <= 0x37
                value = value * UInt32(8) + UInt32(byte_at(b, i) - 0x30)
                i += 1
                k += 1
            end
            value > UInt32(255) && throw(ArgumentError("octal escape sequence out of range"))
            write(io, value % UInt8)
        else
            write(io, unescaped_char(c))
        end
    end
    return nothing
end
function unescaped_char(c::Char)
    c == 'a' && return '\a'
    c == 'b' && return '\b'
    c == 't' && return '\t'
    c == 'n' && return '\n'
    c == 'v' && return '\v'
    c == 'f' && return '\f'
    c == 'r' && return '\r'
    c == 'e' && return '\e'
    (c == '\\' || c == '"' || c == '\'' || c == '$' || c == '`') && return c
    throw(ArgumentError(LazyString("invalid escape sequence \\", c)))
end
