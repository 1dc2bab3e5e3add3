# Floats from text: the grammar is checked here, the digits are read by C, which rounds correctly.

# The bytes of a text without the white space around it, as a String that C can read.
function trimmed(s::StringOrSub)
    from = 1
    n = ncodeunits(s)
    while from <= n && is_space_byte(byte_at(s, from))
        from += 1
    end
    while n >= from && is_space_byte(byte_at(s, n))
        n -= 1
    end
    return String(bytes_view(s, from, n))
end
is_space_byte(b::UInt8) = b === 0x20 || 0x09 <= b <= 0x0d

# Whether a text is a number: decimal, hexadecimal, or a name for infinity or no number.
function is_float_text(s::String)
    n = ncodeunits(s)
    i = 1
    n == 0 && return false
    b = byte_at(s, 1)
    (b === 0x2b || b === 0x2d) && (i = 2)
    i > n && return false
    is_float_name(s, i) && return true
    if i + 1 <= n && byte_at(s, i) === 0x30 && byte_at(s, i + 1) | 0x20 === 0x78
        return is_float_body(s, i + 2, 16, 0x70)
    end
    return is_float_body(s, i, 10, 0x65)
end

# Digits with or without a point, then perhaps an exponent after the letter `mark`.
function is_float_body(s::String, i::Int, base::Int, mark::UInt8)
    n = ncodeunits(s)
    digits = 0
    pointed = false
    while i <= n
        b = byte_at(s, i)
        if b === 0x2e && !pointed
            pointed = true
        elseif digit_value(b, base) < base
            digits += 1
        else
            break
        end
        i += 1
    end
    digits == 0 && return false
    i > n && return true
    byte_at(s, i) | 0x20 === mark || return false
    i += 1
    i <= n && (byte_at(s, i) === 0x2b || byte_at(s, i) === 0x2d) && (i += 1)
    i > n && return false
    while i <= n
        0x30 <= byte_at(s, i) <= 0x39 || return false
        i += 1
    end
    return true
end

is_float_name(s::String, i::Int) = is_word_at(s, i, "inf") || is_word_at(s, i, "infinity") || is_word_at(s, i, "nan")
function is_word_at(s::String, i::Int, word::String)
    ncodeunits(s) - i + 1 == ncodeunits(word) || return false
    for k in 1:ncodeunits(word)
        byte_at(s, i + k - 1) | 0x20 === byte_at(word, k) || return false
    end
    return true
end

c_strtod(s::String) = GC.@preserve s ccall(:strtod, Float64, (Ptr{UInt8}, Ptr{Nothing}), string_bytes(s), C_NULL)
c_strtof(s::String) = GC.@preserve s ccall(:strtof, Float32, (Ptr{UInt8}, Ptr{Nothing}), string_bytes(s), C_NULL)

# Numbers beyond the range, in either direction, are no results; a text that names infinity is.
has_digit_only(s::String) = !is_float_name(s, (byte_at(s, 1) === 0x2b || byte_at(s, 1) === 0x2d) ? 2 : 1)
function has_nonzero_digit(s::String)
    for k in 1:ncodeunits(s)
        b = byte_at(s, k)
        b | 0x20 === 0x65 && return false
        0x31 <= b <= 0x39 && return true
    end
    return false
end

function tryparse(::Type{Float64}, s::AbstractString)
    t = trimmed(as_bytes(s))
    is_float_text(t) || return nothing
    x = c_strtod(t)
    has_digit_only(t) && (isinf(x) || (x == 0.0 && has_nonzero_digit(t))) && return nothing
    return x
end
function tryparse(::Type{Float32}, s::AbstractString)
    t = trimmed(as_bytes(s))
    is_float_text(t) || return nothing
    x = c_strtof(t)
    has_digit_only(t) && (isinf(x) || (x == 0.0f0 && has_nonzero_digit(t))) && return nothing
    return x
end
function tryparse(::Type{Float16}, s::AbstractString)
    x = tryparse(Float32, s)
    return x === nothing ? nothing : Float16(x)
end

@noinline throw_float_text(s::AbstractString, ::Type{T}) where {T} =
    throw(ArgumentError(LazyString("cannot parse ", repr(s), " as ", T)))
function parse(::Type{T}, s::AbstractString) where {T<:Union{Float16,Float32,Float64}}
    x = tryparse(T, s)
    x === nothing && throw_float_text(s, T)
    return x
end
parse(::Type{AbstractFloat}, s::AbstractString) = parse(Float64, s)

# ---- complex numbers: a+bim, bim, a

# The byte of the sign between the parts, 0 if there is only one part; `n` is the last byte to look at.
function sign_between(s::String, n::Int)
    i = n
    while i > 1
        b = byte_at(s, i)
        if b === 0x2b || b === 0x2d
            before = byte_at(s, i - 1) | 0x20
            before === 0x65 || before === 0x66 || return i
        end
        i -= 1
    end
    return 0
end

function parse(::Type{Complex{T}}, s::AbstractString) where {T<:Real}
    z = tryparse(Complex{T}, s)
    if z === nothing
        t = trimmed(as_bytes(s))
        isempty(t) && throw(ArgumentError("input string is empty or only contains whitespace"))
        throw(ArgumentError(sign_between(t, ncodeunits(t)) == 0 ? "expected complex number" : "missing imaginary unit"))
    end
    return z
end
function tryparse(::Type{Complex{T}}, s::AbstractString) where {T<:Real}
    t = trimmed(as_bytes(s))
    n = ncodeunits(t)
    n == 0 && return nothing
    last = byte_at(t, n)
    unit = last === 0x69 || last === 0x6a ? 1 : (n > 1 && last === 0x6d && byte_at(t, n - 1) === 0x69 ? 2 : 0)
    if unit == 0
        r = tryparse(T, t)
        return r === nothing ? nothing : Complex{T}(r, zero(T))
    end
    stop = n - unit
    at = sign_between(t, stop)
    if at == 0
        i = tryparse(T, string_slice(t, 1, stop))
        return i === nothing ? nothing : Complex{T}(zero(T), i)
    end
    r = tryparse(T, string_slice(t, 1, at - 1))
    i = tryparse(T, trimmed(bytes_view(t, at + 1, stop)))
    (r === nothing || i === nothing) && return nothing
    return Complex{T}(r, byte_at(t, at) === 0x2d ? -i : i)
end
