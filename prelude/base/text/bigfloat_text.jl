# BigFloat as text and from text.

# The n first decimal digits of a finite number, rounded, and the exponent of ten of the first one.
function big_digits(x::BigFloat, n::Int)
    iszero(x) && return (repeat("0", n), 0)
    # An estimate of the exponent that may be one too small.
    e = floor(Int, (x.exponent + x.precision - 1) * 0.30102999566398120)
    while true
        shift = n - 1 - e
        top = x.mantissa
        under = one(BigInt)
        shift >= 0 ? (top *= BigInt(10)^shift) : (under *= BigInt(10)^-shift)
        x.exponent >= 0 ? (top <<= x.exponent) : (under <<= -x.exponent)
        q, r = divrem(top, under)
        c = cmp(r << 1, under)
        (c > 0 || (c == 0 && isodd(q))) && (q += one(BigInt))
        text = decimal_string(q)
        ncodeunits(text) == n && return (text, e)
        e += ncodeunits(text) > n ? 1 : -1
    end
end

function big_string(x::BigFloat, n::Int)
    isnan(x) && return "NaN"
    isinf(x) && return x.negative ? "-Inf" : "Inf"
    digits, e = big_digits(x, n)
    sign = x.negative ? "-" : ""
    iszero(x) && return sign * "0.0"
    last = ncodeunits(digits)
    while last > 1 && codeunit(digits, last) === 0x30
        last -= 1
    end
    digits = string_slice(digits, 1, last)
    if -5 < e < 6
        e < 0 && return string(sign, "0.", repeat("0", -e - 1), digits)
        whole = e + 1
        last <= whole && return string(sign, digits, repeat("0", whole - last), ".0")
        return string(sign, string_slice(digits, 1, whole), ".", string_slice(digits, whole + 1, last))
    end
    rest = last == 1 ? "0" : string_slice(digits, 2, last)
    power = digits_string(UInt64(abs(e)), 10, 2, false)
    return string(sign, string_slice(digits, 1, 1), ".", rest, e < 0 ? "e-" : "e+", power)
end
# So many digits tell every number of the precision from its neighbours.
digits_of_precision(p::Int) = 1 + ceil(Int, p * 0.30102999566398120)
show(io::IO, x::BigFloat) = write_text(io, big_string(x, is_compact(io) ? 6 : digits_of_precision(x.precision)))
print(io::IO, x::BigFloat) = show(io, x)
string(x::BigFloat) = big_string(x, digits_of_precision(x.precision))

# ---- formats

function exact_decimal(x::BigFloat)
    digits = StringVector(0)
    x.kind == BIG_FINITE || return (digits, 0)
    # m * 2^-k is m * 5^k / 10^k.
    k = max(0, -x.exponent)
    m = x.exponent >= 0 ? x.mantissa << x.exponent : x.mantissa * BigInt(5)^k
    text = decimal_string(m)
    for b in codeunits(text)
        push!(digits, b - 0x30)
    end
    point = length(digits) - k
    drop_trailing_zeros!(digits)
    return (digits, point)
end
fmt_float(x::BigFloat, flags::Int, width::Integer, precision::Integer, conversion::Char) =
    float_in_field(x, flags, Int(width), Int(precision), conversion)
fmt_int(x::BigFloat, flags::Int, width::Integer, precision::Integer, conversion::Char) =
    fmt_int(round(BigInt, x), flags, width, precision, conversion)

# ---- from text

BigFloat(s::AbstractString; precision::Integer=big_precision()) = parse_bigfloat_or_throw(String(s), Int(precision))
parse(::Type{BigFloat}, s::AbstractString; precision::Integer=big_precision()) = parse_bigfloat_or_throw(String(s), Int(precision))
tryparse(::Type{BigFloat}, s::AbstractString; precision::Integer=big_precision()) = parse_bigfloat(String(s), Int(precision))
function parse_bigfloat_or_throw(s::String, p::Int)
    x = parse_bigfloat(s, p)
    x === nothing && throw(ArgumentError(LazyString("cannot parse ", repr(s), " as BigFloat")))
    return x
end
function parse_bigfloat(text::String, p::Int)
    s = String(strip(text))
    i = 1
    n = ncodeunits(s)
    negative = n > 0 && codeunit(s, 1) === 0x2d
    n > 0 && (negative || codeunit(s, 1) === 0x2b) && (i = 2)
    word = lowercase(string_slice(s, i, n))
    (word == "inf" || word == "infinity") && return big_inf(negative, p)
    word == "nan" && return big_nan(p)
    value = zero(BigInt)
    shift = 0
    seen = false
    point = false
    while i <= n
        b = codeunit(s, i)
        if 0x30 <= b <= 0x39
            value = value * BigInt(10) + BigInt(b - 0x30)
            seen = true
            point && (shift -= 1)
        elseif b === 0x2e && !point
            point = true
        else
            break
        end
        i += 1
    end
    seen || return nothing
    if i <= n
        b = codeunit(s, i)
        (b === 0x65 || b === 0x45) || return nothing
        power = tryparse(Int, string_slice(s, i + 1, n))
        power === nothing && return nothing
        shift += power
    end
    iszero(value) && return big_zero(negative, p)
    shift >= 0 && return big_rounded(negative, value * BigInt(10)^shift, 0, false, p)
    return big_ratio(negative, value, BigInt(10)^-shift, p)
end
