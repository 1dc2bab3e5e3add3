# BigInt as text and from text.

show(io::IO, x::BigInt) = print_decimal(io, x)
print_decimal(io::IO, x::BigInt) = write_text(io, decimal_string(x))
decimal_string(x::BigInt) = limbs_string(x.limbs, 10, 1, x.negative)
function string_in_base(x::BigInt, base::Int, pad::Int)
    2 <= base <= 62 || throw(DomainError(base, "base must satisfy 2 ≤ abs(base) ≤ 62"))
    return limbs_string(x.limbs, base, pad, x.negative)
end

# The largest power of the base below 2^32 and its exponent: so many digits come off at a time.
function digit_chunk(base::Int)
    power = base
    count = 1
    while power * base <= 0x00000000ffffffff
        power *= base
        count += 1
    end
    return (power % UInt32, count)
end
function limbs_string(limbs::Limbs, base::Int, pad::Int, negative::Bool)
    rest = copy(limbs)
    power, per_chunk = digit_chunk(base)
    # The digits, the last first.
    out = StringVector(0)
    while !isempty(rest)
        chunk = Int(divide_limbs!(rest, power))
        for _ in 1:per_chunk
            isempty(rest) && chunk == 0 && break
            q = div(chunk, base)
            push!(out, digit_byte(chunk - q * base, base))
            chunk = q
        end
    end
    while length(out) < max(pad, 1)
        push!(out, 0x30)
    end
    negative && push!(out, 0x2d)
    return String(reverse!(out))
end
ndigits_without_zero(x::BigInt, base::Integer) = iszero(x) ? 0 : ncodeunits(limbs_string(x.limbs, Int(base), 1, false))

fmt_int(x::BigInt, flags::Int, width::Integer, precision::Integer, conversion::Char) =
    integer_in_field(x, x.negative, flags, Int(width), Int(precision), conversion)
digits_string(x::BigInt, base::Int, pad::Int, negative::Bool) = limbs_string(x.limbs, base, pad, negative)

# parse_integer builds the number digit by digit.
append_digit(value::BigInt, d::Int, base::Int, negative::Bool) =
    (negative ? value * BigInt(base) - BigInt(d) : value * BigInt(base) + BigInt(d), true)

function parse_integer_or_throw(::Type{BigInt}, s::StringOrSub, base::Int)
    base == 0 || check_base(base)
    p = parse_integer(BigInt, s, base)
    p.problem == PARSE_OK || throw_no_bigint(s, p.problem == PARSE_EMPTY || p.problem == PARSE_END)
    return p.value
end
@noinline throw_no_bigint(s::StringOrSub, ends_early::Bool) =
    throw(ArgumentError(LazyString(ends_early ? "premature end of integer: " : "invalid BigInt: ", repr(s))))
