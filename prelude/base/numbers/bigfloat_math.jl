# Elementary functions of BigFloat, by series of integers that stand for multiples of 2^-w. Some bits
# more than the result has make the last rounding the right one.

# ---- integers as multiples of 2^-w

function big_fixed(x::BigFloat, w::Int)
    iszero(x) && return zero(BigInt)
    shift = x.exponent + w
    m = shift >= 0 ? x.mantissa << shift : x.mantissa >> -shift
    return x.negative ? -m : m
end
big_of_fixed(m::BigInt, w::Int, p::Int) = big_rounded(signbit(m), abs(m), -w, true, p)
# The place of the highest bit: |x| < 2^that.
big_top(x::BigFloat) = x.exponent + x.precision

# The sum of z^(2k+1) / (2k+1), with alternating signs or not: arctangents of small numbers.
function arctan_series(z::BigInt, w::Int, alternating::Bool)
    square = (z * z) >> w
    power = z
    sum = z
    k = 1
    while !iszero(power)
        power = (power * square) >> w
        # Shifting a negative number rounds down and never gets to zero.
        power == -one(BigInt) && break
        k += 2
        term = div(power, BigInt(k))
        sum = alternating && k & 3 == 3 ? sum - term : sum + term
    end
    return sum
end
arctan_inverse(n::Int, w::Int) = arctan_series(div(one(BigInt) << w, BigInt(n)), w, true)
function pi_fixed(w::Int)
    more = w + 16
    return (BigInt(16) * arctan_inverse(5, more) - BigInt(4) * arctan_inverse(239, more)) >> 16
end
function ln2_fixed(w::Int)
    more = w + 16
    return arctan_series(div(one(BigInt) << more, BigInt(3)), more, false) >> 15
end

# ---- exponentials and logarithms

function big_exp(x::BigFloat, p::Int)
    isnan(x) && return big_nan(p)
    isinf(x) && return x.negative ? big_zero(false, p) : big_inf(false, p)
    iszero(x) && return big_rounded(false, one(BigInt), 0, false, p)
    top = big_top(x)
    top > 62 && return x.negative ? big_zero(false, p) : big_inf(false, p)
    top < -p - 4 && return big_add(big_rounded(false, one(BigInt), 0, false, p), x, p)
    w = p + 48 + max(top, 0)
    scaled = big_fixed(x, w)
    ln2 = ln2_fixed(w)
    k = fld((scaled << 1) + ln2, ln2 << 1)
    r = (scaled - k * ln2) >> 12
    term = one(BigInt) << w
    sum = term
    n = 0
    while !iszero(term) && term != -one(BigInt)
        n += 1
        term = div((term * r) >> w, BigInt(n))
        sum += term
    end
    for _ in 1:12
        sum = (sum * sum) >> w
    end
    return big_of_fixed(sum, w - Int(k), p)
end
function big_log(x::BigFloat, p::Int)
    isnan(x) && return big_nan(p)
    isinf(x) && return x
    iszero(x) && return big_inf(true, p)
    e = big_top(x)
    m = BigFloat(false, BIG_FINITE, x.mantissa, -x.precision, x.precision)
    if x.mantissa < (BigInt(11) << (x.precision - 4))
        # less than 11/16
        e -= 1
        m = ldexp(m, 1)
    end
    one_ = big_rounded(false, one(BigInt), 0, false, 1)
    d = big_add(m, -one_, x.precision + 2)
    iszero(d) && e == 0 && return big_zero(false, p)
    w = p + 48 + (e == 0 ? max(0, -big_top(d)) : 0)
    above = big_fixed(d, w)
    z = div(above << w, above + (BigInt(2) << w))
    sum = arctan_series(z, w, false) << 1
    e == 0 || (sum += BigInt(e) * ln2_fixed(w))
    return big_of_fixed(sum, w, p)
end
exp(x::BigFloat) = big_exp(x, big_precision())
log(x::BigFloat) = x.negative && !iszero(x) && !isnan(x) ? throw_complex_domain(:log, x) : big_log(x, big_precision())
log(x::BigInt) = log(BigFloat(x))
log2(x::BigFloat) = big_log_of_base(x, 2, :log2)
log10(x::BigFloat) = big_log_of_base(x, 10, :log10)
log2(x::BigInt) = log2(BigFloat(x))
log10(x::BigInt) = log10(BigFloat(x))
function big_log_of_base(x::BigFloat, base::Int, name::Symbol)
    x.negative && !iszero(x) && !isnan(x) && throw_complex_domain(name, x)
    x.kind == BIG_FINITE || return big_log(x, big_precision())
    p = big_precision()
    q = big_div(big_log(x, p + 32), big_log(BigFloat(base; precision=p + 32), p + 32), p + 32)
    # A power of the base has a whole number.
    n = round(q)
    abs(big_add(q, -n, p)) < eps(BigFloat) && BigFloat(base)^Int(big_whole(n)) == x && return big_in_precision(n, p)
    return big_in_precision(q, p)
end
log(base::Number, x::BigFloat) = log(x) / log(BigFloat(base))
log(base::BigFloat, x::Number) = log(BigFloat(x)) / log(base)
log(base::BigFloat, x::BigFloat) = log(x) / log(base)
function log1p(x::BigFloat)
    x < -1 && throw_log1p_domain(x)
    x.kind == BIG_FINITE || return x
    p = big_precision()
    return big_log(big_add(x, BigFloat(1), p + x.precision + max(0, -2 * big_top(x))), p)
end
function expm1(x::BigFloat)
    x.kind == BIG_FINITE || return x.kind == BIG_INF && x.negative ? BigFloat(-1) : x
    p = big_precision()
    return big_add(big_exp(x, p + 16 + max(0, -2 * big_top(x))), BigFloat(-1), p)
end
exp2(x::BigFloat) = BigFloat(2)^x
exp10(x::BigFloat) = BigFloat(10)^x

# ---- powers and roots

function ^(x::BigFloat, n::Integer)
    p = big_precision()
    k = BigInt(n)
    iszero(k) && return one(BigFloat)
    more = p + 32 + 2 * top_set_bit(k)
    count = abs(k)
    y = big_in_precision(x, max(more, x.precision))
    result = y
    for i in top_set_bit(count)-2:-1:0
        result = big_mul(result, result, more)
        limb_bit(count.limbs, i) && (result = big_mul(result, y, more))
    end
    signbit(k) && (result = big_div(BigFloat(1), result, more))
    return big_in_precision(result, p)
end
^(x::BigFloat, n::BigInt) = invoke(^, Tuple{BigFloat,Integer}, x, n)
function ^(x::BigFloat, y::BigFloat)
    isinteger(y) && big_top(y) < 40 && return x^big_whole(y)
    (iszero(x) || isone(x)) && return iszero(x) && y.negative ? big_inf(false, big_precision()) : isnan(y) && iszero(x) ? y : abs(x)
    x.negative && isfinite(x) && isfinite(y) && throw_exp_domainerror(x)
    p = big_precision()
    more = p + 64 + max(0, big_top(y)) + 16
    return big_exp(big_mul(y, big_log(x, more), more), p)
end
^(x::BigInt, y::BigFloat) = BigFloat(x)^y
^(x::BigFloat, y::Rational) = x^BigFloat(y)
^(x::BigFloat, y::AbstractFloat) = x^BigFloat(y)
^(x::BigInt, y::IEEEFloat) = BigFloat(x)^BigFloat(y)
literal_pow(::typeof(^), x::BigFloat, ::Val{n}) where {n} = x^n
throw_exp_domainerror(x::BigFloat) = throw(DomainError(x, string("Exponentiation yielding a complex result requires a complex argument.\nReplace x^y with (x+0im)^y, Complex(x)^y, or similar.")))
cbrt(x::BigFloat) = big_root(x, 3)
fourthroot(x::BigFloat) = sqrt(sqrt(x))
# The n-th root of a number of either sign, n odd.
function big_root(x::BigFloat, n::Int)
    x.kind == BIG_FINITE || return x
    p = big_precision()
    more = p + 64
    y = big_exp(big_div(big_log(abs(x), more), BigFloat(n), more), more)
    near = big_in_precision(y, p)
    return x.negative ? -near : near
end
hypot(x::BigFloat, y::BigFloat) = (p = big_precision(); m = 2 * p + 64; big_sqrt(big_add(big_mul(x, x, m), big_mul(y, y, m), m), p))

# ---- circular functions

# The rest of x modulo a quarter of the circle, in multiples of 2^-w, with as many bits as w says
# even if it is small, and the number of quarters modulo 4.
function quarter_rest(x::BigFloat, p::Int)
    top = big_top(x)
    w = p + 40 + max(top, 0) + max(0, -top)
    while true
        half_pi = pi_fixed(w) >> 1
        scaled = big_fixed(x, w)
        q = fld((scaled << 1) + half_pi, half_pi << 1)
        r = scaled - q * half_pi
        lost = p + 24 + max(top, 0) - top_set_bit(abs(r))
        (lost <= 0 || w > 8 * p + 4 * abs(top) + 400) && return r, w, Int(mod(q, BigInt(4)))
        w += lost + 16
    end
end
function sine_fixed(r::BigInt, w::Int)
    square = (r * r) >> w
    term = r
    sum = r
    n = 1
    while !iszero(term) && term != -one(BigInt)
        term = -div((term * square) >> w, BigInt((n + 1) * (n + 2)))
        n += 2
        sum += term
    end
    return sum
end
function cosine_fixed(r::BigInt, w::Int)
    square = (r * r) >> w
    term = one(BigInt) << w
    sum = term
    n = 0
    while !iszero(term) && term != -one(BigInt)
        term = -div((term * square) >> w, BigInt((n + 1) * (n + 2)))
        n += 2
        sum += term
    end
    return sum
end
function big_sine(x::BigFloat, quarters::Int, p::Int)
    r, w, q = quarter_rest(x, p)
    k = (q + quarters) & 3
    v = isodd(k) ? cosine_fixed(r, w) : sine_fixed(r, w)
    return big_of_fixed(k >= 2 ? -v : v, w, p)
end
function sin(x::BigFloat)
    isinf(x) && throw(DomainError(x, "sin(x) is only defined for finite x."))
    return x.kind == BIG_FINITE ? big_sine(x, 0, big_precision()) : x
end
function cos(x::BigFloat)
    isinf(x) && throw(DomainError(x, "cos(x) is only defined for finite x."))
    return x.kind == BIG_FINITE ? big_sine(x, 1, big_precision()) : isnan(x) ? x : one(BigFloat)
end
sincos(x::BigFloat) = (sin(x), cos(x))
function tan(x::BigFloat)
    isinf(x) && throw(DomainError(x, "tan(x) is only defined for finite x."))
    x.kind == BIG_FINITE || return x
    p = big_precision()
    return big_div(big_sine(x, 0, p + 32), big_sine(x, 1, p + 32), p)
end
sinpi(x::BigFloat) = sin(BigFloat(pi) * rem(x, BigFloat(2)))
cospi(x::BigFloat) = cos(BigFloat(pi) * rem(x, BigFloat(2)))

function big_atan(x::BigFloat, p::Int)
    (isnan(x) || iszero(x)) && return x
    half_pi = big_of_fixed(pi_fixed(p + 64) >> 1, p + 64, p + 32)
    isinf(x) && return big_in_precision(copysign(half_pi, x), p)
    unit = BigFloat(1; precision=2)
    more = p + 64
    y = abs(x)
    over = y > unit
    over && (y = big_div(unit, y, more))
    for _ in 1:3
        y = big_div(y, big_add(unit, big_sqrt(big_add(unit, big_mul(y, y, more), more), more), more), more)
    end
    w = p + 64 + max(0, -big_top(y))
    r = big_of_fixed(arctan_series(big_fixed(y, w), w, true) << 3, w, more)
    over && (r = big_add(half_pi, -r, more))
    return big_in_precision(x.negative ? -r : r, p)
end
atan(x::BigFloat) = big_atan(x, big_precision())
function atan(y::BigFloat, x::BigFloat)
    (isnan(x) || isnan(y)) && return big_nan(big_precision())
    turn = BigFloat(pi)
    iszero(y) && return signbit(x) ? copysign(turn, y) : y
    iszero(x) && return copysign(turn / 2, y)
    p = big_precision()
    a = big_atan(big_div(y, x, p + 32), p + 32)
    signbit(x) || return big_in_precision(a, p)
    return big_add(a, copysign(big_of_fixed(pi_fixed(p + 64), p + 64, p + 32), y), p)
end
function asin(x::BigFloat)
    abs(x) > 1 && throw(DomainError(x, "asin(x) is not defined for |x| > 1."))
    (isnan(x) || iszero(x)) && return x
    p = big_precision()
    m = 2 * max(p, x.precision) + 64
    c = big_sqrt(big_add(BigFloat(1), -big_mul(x, x, m), m), m)
    iszero(c) && return copysign(BigFloat(pi) / 2, x)
    return big_atan(big_div(x, c, p + 32), p)
end
function acos(x::BigFloat)
    abs(x) > 1 && throw(DomainError(x, "acos(x) is not defined for |x| > 1."))
    isnan(x) && return x
    p = big_precision()
    m = 2 * max(p, x.precision) + 64
    s = big_sqrt(big_add(BigFloat(1), -big_mul(x, x, m), m), m)
    return setprecision(() -> atan(s, x), BigFloat, p + 16) |> y -> big_in_precision(y, p)
end

# ---- hyperbolic functions

function big_exponentials(x::BigFloat)
    p = big_precision() + 32 + max(0, -2 * big_top(x))
    e = big_exp(x, p)
    return e, big_div(BigFloat(1), e, p), p
end
function sinh(x::BigFloat)
    x.kind == BIG_FINITE || return x
    a, b, p = big_exponentials(x)
    return big_in_precision(ldexp(big_add(a, -b, p), -1), big_precision())
end
function cosh(x::BigFloat)
    x.kind == BIG_FINITE || return iszero(x) ? one(BigFloat) : abs(x)
    a, b, p = big_exponentials(x)
    return big_in_precision(ldexp(big_add(a, b, p), -1), big_precision())
end
function tanh(x::BigFloat)
    x.kind == BIG_FINITE || return isinf(x) ? sign(x) : x
    a, b, p = big_exponentials(x)
    return big_div(big_add(a, -b, p), big_add(a, b, p), big_precision())
end
function asinh(x::BigFloat)
    x.kind == BIG_FINITE || return x
    p = 2 * big_precision() + 64 + max(0, -2 * big_top(x))
    a = abs(x)
    y = big_log(big_add(a, big_sqrt(big_add(big_mul(a, a, p), BigFloat(1), p), p), p), big_precision())
    return x.negative ? -y : y
end
function acosh(x::BigFloat)
    x < 1 && throw(DomainError(x, "acosh(x) is only defined for x ≥ 1."))
    x.kind == BIG_FINITE || return x
    p = 2 * big_precision() + 64
    return big_log(big_add(x, big_sqrt(big_add(big_mul(x, x, p), BigFloat(-1), p), p), p), big_precision())
end
function atanh(x::BigFloat)
    abs(x) > 1 && throw(DomainError(x, "atanh(x) is only defined for |x| ≤ 1."))
    x.kind == BIG_FINITE || return x
    p = 2 * big_precision() + 64 + max(0, -2 * big_top(x))
    one_ = BigFloat(1)
    return ldexp(big_log(big_div(big_add(one_, x, p), big_add(one_, -x, p), p), big_precision()), -1)
end
