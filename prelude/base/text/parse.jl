# Integers and Bools from text. Parsing stops with a number that says what is wrong, so that
# `tryparse` needs no exceptions; `parse` turns it into one.

# Why a text is no integer; `at` is the byte where it shows.
const PARSE_OK = 0
const PARSE_EMPTY = 1
const PARSE_END = 2
const PARSE_DIGIT = 3
const PARSE_OVERFLOW = 4
const PARSE_EXTRA = 5

struct ParsedInteger{T}
    value::T
    problem::Int
    at::Int
    base::Int
end

function parse(::Type{T}, s::AbstractString; base::Integer=0) where {T<:Integer}
    return parse_integer_or_throw(T, as_bytes(s), Int(base))
end
function tryparse(::Type{T}, s::AbstractString; base::Integer=0) where {T<:Integer}
    b = Int(base)
    b == 0 || check_base(b)
    p = parse_integer(T, as_bytes(s), b)
    return p.problem == PARSE_OK ? p.value : nothing
end
parse(::Type{Integer}, s::AbstractString; base::Integer=0) = parse(Int, s; base=base)

function parse_integer_or_throw(::Type{T}, s::StringOrSub, base::Int) where {T<:Integer}
    base == 0 || check_base(base)
    p = parse_integer(T, s, base)
    p.problem == PARSE_OK || throw_parse_problem(s, p.problem, p.at, p.base)
    return p.value
end

function check_base(base::Int)
    2 <= base <= 62 || throw(ArgumentError(LazyString("invalid base: base must be 2 ≤ base ≤ 62, got ", base)))
    return nothing
end

@noinline function throw_parse_problem(s::StringOrSub, problem::Int, at::Int, base::Int)
    problem == PARSE_EMPTY && throw(ArgumentError("input string is empty or only contains whitespace"))
    problem == PARSE_END && throw(ArgumentError(LazyString("premature end of integer: ", repr(s))))
    problem == PARSE_OVERFLOW && throw(OverflowError(LazyString("overflow parsing ", repr(s))))
    problem == PARSE_EXTRA && throw(ArgumentError(LazyString("extra characters after whitespace in ", repr(s))))
    throw(ArgumentError(LazyString("invalid base ", base, " digit ", repr(char_at(s, at)), " in ", repr(s))))
end

# The value of a digit; 255 for what is none.
function digit_value(c::UInt8, base::Int)
    0x30 <= c <= 0x39 && return Int(c) - 0x30
    0x41 <= c <= 0x5a && return Int(c) - 0x37
    0x61 <= c <= 0x7a && return Int(c) - (base > 36 ? 0x3d : 0x57)
    return 255
end

# The first byte at or after i that is no white space.
function skip_space(s::StringOrSub, i::Int)
    n = ncodeunits(s)
    while i <= n && isspace(char_at(s, i))
        i = char_stop(s, i)
    end
    return i
end

function parse_integer(::Type{T}, s::StringOrSub, given_base::Int) where {T<:Integer}
    n = ncodeunits(s)
    base = given_base == 0 ? 10 : given_base
    i = skip_space(s, 1)
    i > n && return ParsedInteger{T}(zero(T), PARSE_EMPTY, i, base)
    negative = false
    c = byte_at(s, i)
    if c === 0x2b || (c === 0x2d && T <: Signed)
        negative = c === 0x2d
        i += 1
        i > n && return ParsedInteger{T}(zero(T), PARSE_END, i, base)
        c = byte_at(s, i)
    end
    if given_base == 0 && c === 0x30 && i < n
        mark = byte_at(s, i + 1)
        base = mark === 0x78 ? 16 : (mark === 0x6f ? 8 : (mark === 0x62 ? 2 : 10))
        base == 10 || (i += 2)
        i > n && return ParsedInteger{T}(zero(T), PARSE_END, i, base)
    end
    value = zero(T)
    count = 0
    while i <= n
        d = digit_value(byte_at(s, i), base)
        if d >= base
            isspace(char_at(s, i)) && count > 0 && break
            return ParsedInteger{T}(zero(T), PARSE_DIGIT, i, base)
        end
        value, fits = append_digit(value, d, base, negative)
        fits || return ParsedInteger{T}(zero(T), PARSE_OVERFLOW, i, base)
        count += 1
        i += 1
    end
    rest = skip_space(s, i)
    rest <= n && return ParsedInteger{T}(zero(T), PARSE_EXTRA, rest, base)
    return ParsedInteger{T}(value, PARSE_OK, i, base)
end

# value * base ± digit and whether that is in range.
function append_digit(value::T, d::Int, base::Int, negative::Bool) where {T<:Union{Int64,Int128}}
    product, over = Core.Intrinsics.checked_smul_int(value, base % T)
    over && return (value, false)
    sum, beyond = negative ? Core.Intrinsics.checked_ssub_int(product, d % T) : Core.Intrinsics.checked_sadd_int(product, d % T)
    return (sum, !beyond)
end
function append_digit(value::T, d::Int, base::Int, negative::Bool) where {T<:Union{UInt64,UInt128}}
    product, over = Core.Intrinsics.checked_umul_int(value, base % T)
    over && return (value, false)
    sum, beyond = Core.Intrinsics.checked_uadd_int(product, d % T)
    return (sum, !beyond)
end
function append_digit(value::T, d::Int, base::Int, negative::Bool) where {T<:Union{Int8,Int16,Int32,UInt8,UInt16,UInt32}}
    wide = Int64(value) * base + (negative ? -d : d)
    return (wide % T, Int64(typemin(T)) <= wide <= Int64(typemax(T)))
end

function parse(::Type{T}, c::Char; base::Integer=10) where {T<:Integer}
    check_base(Int(base))
    v = tryparse(T, c; base=base)
    v === nothing && throw(ArgumentError(LazyString("invalid base ", Int(base), " digit ", repr(c))))
    return v
end
function tryparse(::Type{T}, c::Char; base::Integer=10) where {T<:Integer}
    isascii(c) || return nothing
    d = digit_value(codepoint(c) % UInt8, Int(base))
    return d < base ? T(d) : nothing
end

# ---- Bool

function tryparse_bool(s::StringOrSub)
    from = skip_space(s, 1)
    to = ncodeunits(s)
    while to >= from
        i = thisind(s, to)
        isspace(char_at(s, i)) || break
        to = i - 1
    end
    word = bytes_view(s, from, to)
    (word == "true" || word == "1") && return 1
    (word == "false" || word == "0") && return 0
    return to < from ? -2 : -1
end
function parse(::Type{Bool}, s::AbstractString)
    v = tryparse_bool(as_bytes(s))
    v == -2 && throw(ArgumentError("input string is empty or only contains whitespace"))
    v == -1 && throw(ArgumentError(LazyString("invalid Bool representation: ", repr(s))))
    return v == 1
end
function tryparse(::Type{Bool}, s::AbstractString)
    v = tryparse_bool(as_bytes(s))
    return v < 0 ? nothing : v == 1
end
