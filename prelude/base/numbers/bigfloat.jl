# BigFloat: floats of any precision, rounded to the nearest, ties to even. A finite number other than
# zero is mantissa * 2^exponent, where the mantissa has as many bits as the precision says. Elementary
# functions are in bigfloat_math.jl, text in bigfloat_text.jl.

struct BigFloat <: AbstractFloat
    negative::Bool
    # What it is: zero, a finite number, infinite, not a number.
    kind::Int
    mantissa::BigInt
    exponent::Int
    precision::Int
    BigFloat(negative::Bool, kind::Int, mantissa::BigInt, exponent::Int, precision::Int) = new(negative, kind, mantissa, exponent, precision)
end
const BIG_ZERO = 0
const BIG_FINITE = 1
const BIG_INF = 2
const BIG_NAN = 3

big_zero(negative::Bool, p::Int) = BigFloat(negative, BIG_ZERO, zero(BigInt), 0, p)
big_inf(negative::Bool, p::Int) = BigFloat(negative, BIG_INF, zero(BigInt), 0, p)
big_nan(p::Int) = BigFloat(false, BIG_NAN, zero(BigInt), 0, p)

# ---- precision of new numbers

# Base has no variables: the process that runs a program keeps the number of bits, 0 before it is set.
float_settings() = ccall(:jlift_float_settings, Ptr{Int}, ())
function big_precision()
    bits = unsafe_load(float_settings(), 1)
    return bits == 0 ? 256 : bits
end
set_big_precision(n::Int) = (unsafe_store!(float_settings(), n, 1); n)
precision(::Type{BigFloat}; base::Integer=2) = precision_in(big_precision(), base)
precision(x::BigFloat; base::Integer=2) = precision_in(x.precision, base)
setprecision(n::Integer; base::Integer=2) = setprecision(BigFloat, n; base=base)
function setprecision(::Type{BigFloat}, n::Integer; base::Integer=2)
    n < 1 && throw(DomainError(n, "`precision` cannot be less than 1."))
    return set_big_precision(base == 2 ? Int(n) : ceil(Int, n * log2(base)))
end
setprecision(f::Function, n::Integer; base::Integer=2) = setprecision(f, BigFloat, n; base=base)
function setprecision(f::Function, ::Type{BigFloat}, n::Integer; base::Integer=2)
    before = big_precision()
    setprecision(BigFloat, n; base=base)
    try
        return f()
    finally
        set_big_precision(before)
    end
end

# ---- rounding

# m * 2^e, and a rest below the last bit of m if there is one, in p bits. With a rest m has more
# bits than p.
function big_rounded(negative::Bool, m::BigInt, e::Int, rest::Bool, p::Int)
    iszero(m) && return big_zero(negative, p)
    drop = top_set_bit(m) - p
    drop <= 0 && return BigFloat(negative, BIG_FINITE, m << -drop, e + drop, p)
    q = m >> drop
    if limb_bit(m.limbs, drop - 1) && (rest || trailing_zeros(m) < drop - 1 || isodd(q))
        q += one(BigInt)
        if top_set_bit(q) > p
            q >>= 1
            drop += 1
        end
    end
    return BigFloat(negative, BIG_FINITE, q, e + drop, p)
end
big_in_precision(x::BigFloat, p::Int) =
    x.kind == BIG_FINITE ? big_rounded(x.negative, x.mantissa, x.exponent, false, p) : BigFloat(x.negative, x.kind, x.mantissa, 0, p)
function big_ratio(negative::Bool, a::BigInt, b::BigInt, p::Int)
    shift = max(0, p + 2 + top_set_bit(b) - top_set_bit(a))
    q, r = divrem(a << shift, b)
    return big_rounded(negative, q, -shift, !iszero(r), p)
end

# ---- from other numbers

BigFloat(x::BigFloat; precision::Integer=x.precision) = precision == x.precision ? x : big_in_precision(x, Int(precision))
BigFloat(x::Integer; precision::Integer=big_precision()) = (n = BigInt(x); big_rounded(signbit(n), abs(n), 0, false, Int(precision)))
function BigFloat(x::IEEEFloat; precision::Integer=big_precision())
    p = Int(precision)
    isnan(x) && return big_nan(p)
    isinf(x) && return big_inf(signbit(x), p)
    iszero(x) && return big_zero(signbit(x), p)
    m, e = frexp(Float64(x))
    return big_rounded(signbit(x), BigInt(Int64(ldexp(abs(m), 53))), e - 53, false, p)
end
function BigFloat(x::Rational; precision::Integer=big_precision())
    p = Int(precision)
    iszero(x.den) && return big_inf(signbit(x.num), p)
    n = BigInt(x.num)
    return iszero(n) ? big_zero(false, p) : big_ratio(signbit(n), abs(n), BigInt(x.den), p)
end
BigFloat(x::Real) = BigFloat(Float64(x))
BigFloat(x::Real, ::RoundingMode) = BigFloat(x)
BigFloat(z::Complex) = isreal(z) ? BigFloat(real(z)) : throw_inexact(:BigFloat, BigFloat, z)
convert(::Type{BigFloat}, x::Real) = BigFloat(x)
convert(::Type{BigFloat}, x::BigFloat) = x
BigFloat(x::Irrational{:π}) = (p = big_precision(); big_of_fixed(pi_fixed(p + 32), p + 32, p))
BigFloat(x::Irrational{:ℯ}) = exp(BigFloat(1))
BigFloat(x::Irrational{:φ}) = (1 + sqrt(BigFloat(5))) / 2
function BigFloat(x::Irrational{:γ})
    throw(ArgumentError("the digits of this constant are not known beyond Float64"))
end
big(x::AbstractFloat) = BigFloat(x)
big(x::AbstractIrrational) = BigFloat(x)
big(::Type{<:AbstractFloat}) = BigFloat
big(::Type{<:Complex{T}}) where {T} = Complex{big(T)}
widen(::Type{Float64}) = BigFloat
widen(::Type{BigFloat}) = BigFloat
AbstractFloat(x::BigInt) = BigFloat(x)
float(x::BigInt) = BigFloat(x)
float(::Type{BigInt}) = BigFloat
AbstractFloat(x::Rational{BigInt}) = BigFloat(x)
float(x::Rational{BigInt}) = BigFloat(x)
float(::Type{Rational{BigInt}}) = BigFloat
float(x::BigFloat) = x

promote_rule(::Type{BigFloat}, ::Type{<:Real}) = BigFloat
promote_rule(::Type{BigInt}, ::Type{<:AbstractFloat}) = BigFloat
promote_rule(::Type{BigFloat}, ::Type{BigFloat}) = BigFloat
promote_rule(::Type{<:AbstractIrrational}, ::Type{BigFloat}) = BigFloat
promote_rule(::Type{<:AbstractIrrational}, ::Type{BigInt}) = BigFloat

zero(::Type{BigFloat}) = big_zero(false, big_precision())
one(::Type{BigFloat}) = BigFloat(1)
zero(x::BigFloat) = zero(BigFloat)
one(x::BigFloat) = one(BigFloat)
typemax(::Type{BigFloat}) = big_inf(false, big_precision())
typemin(::Type{BigFloat}) = big_inf(true, big_precision())
eps(::Type{BigFloat}) = BigFloat(false, BIG_FINITE, one(BigInt) << (big_precision() - 1), 2 - 2 * big_precision(), big_precision())
eps(x::BigFloat) = x.kind == BIG_FINITE ? ldexp(one(BigFloat), x.exponent) : x.kind == BIG_ZERO ? nextfloat(x) : big_nan(x.precision)
nextfloat(x::BigFloat) = big_neighbour(x, false)
prevfloat(x::BigFloat) = big_neighbour(x, true)
function big_neighbour(x::BigFloat, down::Bool)
    x.kind == BIG_FINITE || return x
    p = x.precision
    away = x.negative === down
    m = away ? x.mantissa + one(BigInt) : x.mantissa - one(BigInt)
    top_set_bit(m) == p && return BigFloat(x.negative, BIG_FINITE, m, x.exponent, p)
    # Below a power of two the numbers are twice as dense.
    away && return BigFloat(x.negative, BIG_FINITE, m >> 1, x.exponent + 1, p)
    return BigFloat(x.negative, BIG_FINITE, (x.mantissa << 1) - one(BigInt), x.exponent - 1, p)
end

# ---- to other numbers

# Numbers below the normal ones have fewer bits.
function Float64(x::BigFloat)
    x.kind == BIG_NAN && return NaN
    x.kind == BIG_INF && return x.negative ? -Inf : Inf
    x.kind == BIG_ZERO && return x.negative ? -0.0 : 0.0
    top = x.exponent + x.precision
    top > 1025 && return x.negative ? -Inf : Inf
    top < -1080 && return x.negative ? -0.0 : 0.0
    bits = top > -1022 ? 53 : max(1, 53 + 1021 + top)
    y = big_rounded(x.negative, x.mantissa, x.exponent, false, bits)
    z = ldexp(Float64(rem(y.mantissa, Int64)), y.exponent)
    return x.negative ? -z : z
end
Float32(x::BigFloat) = x.kind == BIG_FINITE ? Float32(Float64(big_odd_rounded(x))) : Float32(Float64(x))
Float16(x::BigFloat) = x.kind == BIG_FINITE ? Float16(Float64(big_odd_rounded(x))) : Float16(Float64(x))
# In 50 bits, the last one set if anything is below: rounding again is then rounding once.
function big_odd_rounded(x::BigFloat)
    drop = x.precision - 50
    drop <= 0 && return x
    m = x.mantissa >> drop
    trailing_zeros(x.mantissa) < drop && iseven(m) && (m += one(BigInt))
    return BigFloat(x.negative, BIG_FINITE, m, x.exponent + drop, 50)
end
isinteger(x::BigFloat) = x.kind == BIG_ZERO || (x.kind == BIG_FINITE && (x.exponent >= 0 || trailing_zeros(x.mantissa) >= -x.exponent))
# Towards zero.
function big_whole(x::BigFloat)
    m = x.exponent >= 0 ? x.mantissa << x.exponent : x.mantissa >> -x.exponent
    return x.negative ? -m : m
end
BigInt(x::BigFloat) = isinteger(x) ? big_whole(x) : throw_inexact(:BigInt, BigInt, x)
function (::Type{T})(x::BigFloat) where {T<:BitInteger}
    isinteger(x) || throw_inexact(nameof(T), T, x)
    n = big_whole(x)
    fits_in(T, n) || throw_inexact(nameof(T), T, x)
    return rem(n, T)
end
Integer(x::BigFloat) = BigInt(x)
Bool(x::BigFloat) = iszero(x) ? false : isone(x) ? true : throw_inexact(:Bool, Bool, x)
function Rational{BigInt}(x::BigFloat)
    isfinite(x) || return x.kind == BIG_INF ? BigInt(x.negative ? -1 : 1) // BigInt(0) : throw_inexact(:Rational, Rational{BigInt}, x)
    n = x.negative ? -x.mantissa : x.mantissa
    return x.exponent >= 0 ? (n << x.exponent) // one(BigInt) : n // (one(BigInt) << -x.exponent)
end
Rational(x::BigFloat) = Rational{BigInt}(x)

function round(x::BigFloat, mode::RoundingMode)
    (x.kind != BIG_FINITE || x.exponent >= 0) && return x
    n = big_round_whole(x, mode)
    return iszero(n) ? big_zero(x.negative, x.precision) : big_rounded(signbit(n), abs(n), 0, false, x.precision)
end
function big_round_whole(x::BigFloat, mode::RoundingMode)
    n = big_whole(x)
    x.exponent >= 0 && return n
    rest = abs(x.mantissa) - (abs(n) << -x.exponent)
    iszero(rest) && return n
    c = cmp(rest << 1, one(BigInt) << -x.exponent)
    away = mode === RoundToZero ? false :
           mode === RoundDown ? x.negative :
           mode === RoundUp ? !x.negative :
           mode === RoundFromZero ? true :
           c != 0 ? c > 0 : mode === RoundNearest ? isodd(n) : mode === RoundNearestTiesUp ? !x.negative : true
    return away ? (x.negative ? n - one(BigInt) : n + one(BigInt)) : n
end
round(x::BigFloat) = round(x, RoundNearest)
trunc(x::BigFloat) = round(x, RoundToZero)
floor(x::BigFloat) = round(x, RoundDown)
ceil(x::BigFloat) = round(x, RoundUp)
round(::Type{T}, x::BigFloat, mode::RoundingMode=RoundNearest) where {T<:Integer} = big_round_to(T, x, mode, :round)
trunc(::Type{T}, x::BigFloat) where {T<:Integer} = big_round_to(T, x, RoundToZero, :trunc)
floor(::Type{T}, x::BigFloat) where {T<:Integer} = big_round_to(T, x, RoundDown, :floor)
ceil(::Type{T}, x::BigFloat) where {T<:Integer} = big_round_to(T, x, RoundUp, :ceil)
function big_round_to(::Type{T}, x::BigFloat, mode::RoundingMode, name::Symbol) where {T}
    isfinite(x) || throw_inexact(name, T, x)
    n = x.kind == BIG_ZERO ? zero(BigInt) : big_round_whole(x, mode)
    (T === Integer || T === BigInt || T === Signed) && return n
    fits_in(T, n) || throw_inexact(name, T, x)
    return rem(n, T)
end

# ---- signs, classes, comparison

isnan(x::BigFloat) = x.kind == BIG_NAN
isinf(x::BigFloat) = x.kind == BIG_INF
isfinite(x::BigFloat) = x.kind <= BIG_FINITE
iszero(x::BigFloat) = x.kind == BIG_ZERO
isone(x::BigFloat) = x == one(BigFloat)
issubnormal(x::BigFloat) = false
signbit(x::BigFloat) = x.negative
-(x::BigFloat) = BigFloat(!x.negative, x.kind, x.mantissa, x.exponent, x.precision)
abs(x::BigFloat) = BigFloat(false, x.kind, x.mantissa, x.exponent, x.precision)
sign(x::BigFloat) = x.kind == BIG_NAN || iszero(x) ? x : BigFloat(x.negative ? -1 : 1)
copysign(x::BigFloat, y::Real) = signbit(x) === signbit(y) ? x : -x
flipsign(x::BigFloat, y::Real) = signbit(y) ? -x : x
exponent(x::BigFloat) = x.kind == BIG_FINITE ? x.exponent + x.precision - 1 : throw(DomainError(x, "`x` must be non-zero and finite."))
significand(x::BigFloat) = x.kind == BIG_FINITE ? BigFloat(x.negative, BIG_FINITE, x.mantissa, 1 - x.precision, x.precision) : x
frexp(x::BigFloat) = x.kind == BIG_FINITE ? (BigFloat(x.negative, BIG_FINITE, x.mantissa, -x.precision, x.precision), x.exponent + x.precision) : (x, 0)
ldexp(x::BigFloat, n::Integer) = x.kind == BIG_FINITE ? BigFloat(x.negative, BIG_FINITE, x.mantissa, x.exponent + Int(n), x.precision) : x

# The order of two numbers, neither of which is NaN.
function big_cmp(x::BigFloat, y::BigFloat)
    a = big_rank(x)
    b = big_rank(y)
    a == b || return a < b ? -1 : 1
    x.kind == BIG_FINITE || return 0
    return x.negative ? big_cmp_magnitude(y, x) : big_cmp_magnitude(x, y)
end
big_rank(x::BigFloat) = (x.kind == BIG_ZERO ? 0 : x.kind == BIG_FINITE ? 1 : 2) * (x.negative ? -1 : 1)
function big_cmp_magnitude(x::BigFloat, y::BigFloat)
    a = x.exponent + x.precision
    b = y.exponent + y.precision
    a == b || return a < b ? -1 : 1
    gap = x.exponent - y.exponent
    return gap >= 0 ? cmp(x.mantissa << gap, y.mantissa) : cmp(x.mantissa, y.mantissa << -gap)
end
==(x::BigFloat, y::BigFloat) = !isnan(x) && !isnan(y) && big_cmp(x, y) == 0
<(x::BigFloat, y::BigFloat) = !isnan(x) && !isnan(y) && big_cmp(x, y) < 0
<=(x::BigFloat, y::BigFloat) = !isnan(x) && !isnan(y) && big_cmp(x, y) <= 0
function isless(x::BigFloat, y::BigFloat)
    (isnan(x) || isnan(y)) && return !isnan(x)
    c = big_cmp(x, y)
    return c == 0 && iszero(x) ? signbit(x) && !signbit(y) : c < 0
end
isequal(x::BigFloat, y::BigFloat) = (isnan(x) && isnan(y)) || (x == y && signbit(x) === signbit(y))
max(x::BigFloat, y::BigFloat) = isnan(x) ? x : isnan(y) ? y : x < y ? y : x
min(x::BigFloat, y::BigFloat) = isnan(x) ? x : isnan(y) ? y : y < x ? y : x
function hash(x::BigFloat, h::UInt)
    x.kind == BIG_FINITE || return hash(Float64(x), h)
    isinteger(x) && return hash(big_whole(x), h)
    y = Float64(x)
    return BigFloat(y) == x ? hash(y, h) : hash(x.mantissa, hash(x.exponent, h))
end

# ---- arithmetic

+(x::BigFloat, y::BigFloat) = big_add(x, y, big_precision())
-(x::BigFloat, y::BigFloat) = big_add(x, -y, big_precision())
*(x::BigFloat, y::BigFloat) = big_mul(x, y, big_precision())
/(x::BigFloat, y::BigFloat) = big_div(x, y, big_precision())
inv(x::BigFloat) = one(BigFloat) / x
muladd(x::BigFloat, y::BigFloat, z::BigFloat) = x * y + z
function fma(x::BigFloat, y::BigFloat, z::BigFloat)
    p = big_precision()
    return big_add(big_mul(x, y, x.precision + y.precision), z, p)
end

function big_add(x::BigFloat, y::BigFloat, p::Int)
    if x.kind != BIG_FINITE || y.kind != BIG_FINITE
        (isnan(x) || isnan(y)) && return big_nan(p)
        isinf(x) && return isinf(y) && x.negative !== y.negative ? big_nan(p) : big_inf(x.negative, p)
        isinf(y) && return big_inf(y.negative, p)
        iszero(x) && iszero(y) && return big_zero(x.negative && y.negative, p)
        return big_in_precision(iszero(x) ? y : x, p)
    end
    high, low = x.exponent >= y.exponent ? (x, y) : (y, x)
    gap = high.exponent - low.exponent
    if gap > p + low.precision + 8
        # The lower one only says to which side of the higher one the sum is.
        shift = p + 4
        m = high.mantissa << shift
        x.negative === y.negative || (m -= one(BigInt))
        return big_rounded(high.negative, m, high.exponent - shift, true, p)
    end
    a = high.mantissa << gap
    high.negative && (a = -a)
    sum = low.negative ? a - low.mantissa : a + low.mantissa
    return big_rounded(signbit(sum), abs(sum), low.exponent, false, p)
end
function big_mul(x::BigFloat, y::BigFloat, p::Int)
    negative = x.negative ⊻ y.negative
    if x.kind != BIG_FINITE || y.kind != BIG_FINITE
        (isnan(x) || isnan(y)) && return big_nan(p)
        (isinf(x) || isinf(y)) && return iszero(x) || iszero(y) ? big_nan(p) : big_inf(negative, p)
        return big_zero(negative, p)
    end
    return big_rounded(negative, x.mantissa * y.mantissa, x.exponent + y.exponent, false, p)
end
function big_div(x::BigFloat, y::BigFloat, p::Int)
    negative = x.negative ⊻ y.negative
    if x.kind != BIG_FINITE || y.kind != BIG_FINITE
        (isnan(x) || isnan(y)) && return big_nan(p)
        isinf(x) && return isinf(y) ? big_nan(p) : big_inf(negative, p)
        isinf(y) && return big_zero(negative, p)
        iszero(y) && return iszero(x) ? big_nan(p) : big_inf(negative, p)
        return big_zero(negative, p)
    end
    q = big_ratio(negative, x.mantissa, y.mantissa, p)
    return BigFloat(q.negative, BIG_FINITE, q.mantissa, q.exponent + x.exponent - y.exponent, p)
end
sqrt(x::BigFloat) = x.negative && x.kind != BIG_ZERO && !isnan(x) ? throw_complex_domain(:sqrt, x) : big_sqrt(x, big_precision())
function big_sqrt(x::BigFloat, p::Int)
    x.kind == BIG_FINITE || return BigFloat(x.negative, x.kind, x.mantissa, 0, p)
    shift = max(0, 2 * (p + 2) - x.precision)
    isodd(x.exponent - shift) && (shift += 1)
    m = x.mantissa << shift
    r = isqrt(m)
    return big_rounded(false, r, div(x.exponent - shift, 2), r * r != m, p)
end
sqrt(x::BigInt) = sqrt(BigFloat(x))

function rem(x::BigFloat, y::BigFloat)
    (!isfinite(x) || isnan(y) || iszero(y)) && return big_nan(big_precision())
    (isinf(y) || iszero(x)) && return x
    e = min(x.exponent, y.exponent)
    r = rem(x.mantissa << (x.exponent - e), y.mantissa << (y.exponent - e))
    return iszero(r) ? big_zero(x.negative, big_precision()) : big_rounded(x.negative, r, e, false, big_precision())
end
function mod(x::BigFloat, y::BigFloat)
    r = rem(x, y)
    iszero(r) && return copysign(r, y)
    return signbit(r) === signbit(y) ? r : r + y
end
div(x::BigFloat, y::BigFloat) = trunc(x / y)
fld(x::BigFloat, y::BigFloat) = floor(x / y)
cld(x::BigFloat, y::BigFloat) = ceil(x / y)
modf(x::BigFloat) = (w = trunc(x); (copysign(x - w, x), w))
rationalize(x::BigFloat; tol::Real=eps(x)) = rationalize(BigInt, x; tol=tol)
