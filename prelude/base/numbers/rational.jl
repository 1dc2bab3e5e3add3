# Exact quotients of integers, in lowest terms with a positive denominator.

struct LowestTerms end

struct Rational{T<:Integer} <: Real
    num::T
    den::T
    # The caller knows that these are in lowest terms.
    Rational{T}(num, den, ::LowestTerms) where {T} = new{T}(num, den)
    function Rational{T}(num::Integer, den::Integer) where {T}
        n, d = convert(T, num), convert(T, den)
        iszero(n) && iszero(d) && throw_rational_zero(T)
        if !isone(d)
            g = gcd(n, d)
            n, d = div(n, g), div(d, g)
        end
        if signbit(d)
            n, d = negated_numerator(n), -d
            signbit(d) && throw_rational_typemin(T)
        end
        return new{T}(n, d)
    end
end
@noinline throw_rational_zero(::Type{T}) where {T} = throw(ArgumentError(LazyString("invalid rational: zero(", T, ")//zero(", T, ")")))
@noinline throw_rational_typemin(::Type{T}) where {T} = throw(ArgumentError(LazyString("invalid rational: denominator can't be typemin(", T, ")")))
@inline negated_numerator(n) = checked_neg(n)
@inline lowest_terms(n::T, d::T) where {T} = Rational{T}(n, d, LowestTerms())
@inline unsafe_rational(n::T, d::T) where {T<:Integer} = lowest_terms(n, d)

@inline Rational(n::T, d::T) where {T<:Integer} = Rational{T}(n, d)
@inline Rational(n::T, d::S) where {T<:Integer,S<:Integer} = Rational{promote_type(T, S)}(n, d)
@inline Rational(n::Integer) = lowest_terms(n, one(n))
Rational(x::Rational) = x
@inline Rational(x::AbstractFloat) = Rational{Int}(x)
Rational{T}(x::Rational{T}) where {T<:Integer} = x
@inline Rational{T}(x::Rational) where {T<:Integer} = lowest_terms(convert(T, x.num), convert(T, x.den))
@inline Rational{T}(x::Integer) where {T<:Integer} = lowest_terms(convert(T, x), one(T))
function Rational{T}(x::AbstractFloat) where {T<:Integer}
    r = rationalize(T, x, 0)
    x == convert(typeof(x), r) || throw_inexact(:convert, Rational{T}, x)
    return r
end
Bool(x::Rational) = x == 0 ? false : x == 1 ? true : throw_inexact(:Bool, Bool, x)
@inline (::Type{T})(x::Rational) where {T<:Integer} = isone(x.den) ? convert(T, x.num)::T : throw_inexact(nameof(T), T, x)
@inline function (::Type{T})(x::Rational{S}) where {T<:IEEEFloat,S}
    P = promote_type(T, S)
    return convert(T, convert(P, x.num) / convert(P, x.den))
end
@inline AbstractFloat(x::Rational) = float(x.num) / float(x.den)
@inline float(x::Rational) = float(x.num) / float(x.den)
float(::Type{Rational{T}}) where {T<:Integer} = float(T)

promote_rule(::Type{Rational{T}}, ::Type{S}) where {T<:Integer,S<:Integer} = Rational{promote_type(T, S)}
promote_rule(::Type{Rational{T}}, ::Type{Rational{S}}) where {T<:Integer,S<:Integer} = Rational{promote_type(T, S)}
promote_rule(::Type{Rational{T}}, ::Type{S}) where {T<:Integer,S<:AbstractFloat} = promote_type(T, S)
widen(::Type{Rational{T}}) where {T} = Rational{widen(T)}

numerator(x::Rational) = x.num
denominator(x::Rational) = x.den
numerator(x::Integer) = x
denominator(x::Integer) = one(x)

@inline //(n::Integer, d::Integer) = Rational(n, d)
function //(x::Rational, y::Integer)
    n, d = without_common(x.num, y)
    return signed_denominator(n, checked_mul(x.den, d))
end
function //(x::Integer, y::Rational)
    n, d = without_common(x, y.num)
    return signed_denominator(checked_mul(n, y.den), d)
end
function //(x::Rational, y::Rational)
    xn, yn = without_common(x.num, y.num)
    xd, yd = without_common(x.den, y.den)
    return signed_denominator(checked_mul(xn, yd), checked_mul(xd, yn))
end
//(x::AbstractArray, y::Number) = x .// y
//(x::Number, y::Complex) = x * conj(y) // abs2(y)
//(x::Complex, y::Real) = Complex(real(x) // y, imag(x) // y)

# Both divided by what they have in common; of two zeros, the division fails.
@inline function without_common(x::T, y::S) where {T<:Integer,S<:Integer}
    R = promote_type(T, S)
    a, b = convert(R, x), convert(R, y)
    g = gcd(a, b)
    return (div(a, g), div(b, g))
end
@inline function signed_denominator(n::T, d::T) where {T}
    signbit(d) || return lowest_terms(n, d)
    signbit(-d) && throw_rational_typemin(T)
    return lowest_terms(checked_neg(n), -d)
end
@inline signed_denominator(n::T, d::S) where {T,S} = (R = promote_type(T, S); signed_denominator(convert(R, n), convert(R, d)))

# ---- properties

zero(::Type{Rational{T}}) where {T<:Integer} = lowest_terms(zero(T), one(T))
one(::Type{Rational{T}}) where {T<:Integer} = lowest_terms(one(T), one(T))
typemin(::Type{Rational{T}}) where {T<:Signed} = lowest_terms(-one(T), zero(T))
typemin(::Type{Rational{T}}) where {T<:Integer} = lowest_terms(zero(T), one(T))
typemax(::Type{Rational{T}}) where {T<:Integer} = lowest_terms(one(T), zero(T))
isinteger(x::Rational) = isone(x.den)
isfinite(x::Rational) = !iszero(x.den)
isinf(x::Rational) = iszero(x.den)
ispow2(x::Rational) = ispow2(x.num) & ispow2(x.den)
iszero(x::Rational) = iszero(x.num)
isone(x::Rational) = isone(x.num) & isone(x.den)
signbit(x::Rational) = signbit(x.num)
sign(x::Rational) = oftype(x, sign(x.num))
abs(x::Rational) = lowest_terms(checked_abs(x.num), x.den)
@inline copysign(x::Rational, y::Real) = lowest_terms(copysign(x.num, y), x.den)
copysign(x::Rational, y::Rational) = lowest_terms(copysign(x.num, y.num), x.den)
flipsign(x::Rational, y::Real) = lowest_terms(flipsign(x.num, y), x.den)

# ---- arithmetic

-(x::Rational) = lowest_terms(checked_neg(x.num), x.den)
function +(x::Rational{T}, y::Rational{T}) where {T}
    # Infinity and itself are infinity.
    isinf(x) && x == y && return x
    xd, yd = without_common(x.den, y.den)
    return Rational{T}(checked_add(checked_mul(x.num, yd), checked_mul(y.num, xd)), checked_mul(x.den, yd))
end
function -(x::Rational{T}, y::Rational{T}) where {T}
    xd, yd = without_common(x.den, y.den)
    return Rational{T}(checked_sub(checked_mul(x.num, yd), checked_mul(y.num, xd)), checked_mul(x.den, yd))
end
function *(x::Rational{T}, y::Rational{T}) where {T}
    xn, yd = without_common_factor(x.num, y.den)
    xd, yn = without_common_factor(x.den, y.num)
    n, d = checked_mul(xn, yn), checked_mul(xd, yd)
    iszero(n) && iszero(d) && throw_rational_zero(T)
    return lowest_terms(n, d)
end
@inline function without_common_factor(x::T, y::T) where {T}
    g = gcd(x, y)
    return (div(x, g), div(y, g))
end
/(x::Rational{T}, y::Rational{T}) where {T} = x // y
/(x::Rational, y::Integer) = x // y
/(x::Integer, y::Rational) = x // y
# A sum with an integer stays in lowest terms.
+(x::Rational, y::Integer) = integer_sum(checked_add(x.num, checked_mul(x.den, y)), x.den)
+(x::Integer, y::Rational) = integer_sum(checked_add(checked_mul(x, y.den), y.num), y.den)
-(x::Rational, y::Integer) = integer_sum(checked_sub(x.num, checked_mul(x.den, y)), x.den)
-(x::Integer, y::Rational) = integer_sum(checked_sub(checked_mul(x, y.den), y.num), y.den)
@inline integer_sum(n::T, d::S) where {T,S} = lowest_terms(n, convert(T, d))
function inv(x::Rational{T}) where {T}
    iszero(x) && return lowest_terms(one(T), zero(T))
    return signed_denominator(x.den, x.num)
end
^(x::Rational, n::Integer) = n >= 0 ? power_by_squaring(x, n) : power_by_squaring(inv(x), -n)
^(x::Rational, n::Bool) = n ? x : one(x)
@inline ^(x::T, y::Rational) where {T<:AbstractFloat} = x^convert(T, y)
@inline ^(x::Complex{T}, y::Rational) where {T<:AbstractFloat} = x^convert(T, y)
@inline ^(x::Union{Integer,Rational}, y::Rational) = float(x)^float(y)
@inline ^(x::Rational{T}, y::Rational{T}) where {T<:Integer} = float(x)^float(y)
@inline ^(x::Rational, y::T) where {T<:AbstractFloat} = convert(T, x)^y
fma(x::Rational{T}, y::Rational{T}, z::Rational{T}) where {T} = x * y + z

@inline div(x::Rational{T}, y::Rational{T}) where {T} = div(x, y, RoundToZero)
function div(x::Rational{T}, y::Rational{T}, r::RoundingMode) where {T}
    xn, yn = without_common(x.num, y.num)
    xd, yd = without_common(x.den, y.den)
    return div(checked_mul(xn, yd), checked_mul(xd, yn), r)
end
function rem(x::Rational{T}, y::Rational{T}) where {T}
    xd, yd = without_common(x.den, y.den)
    return Rational{T}(rem(checked_mul(x.num, yd), checked_mul(y.num, xd)), checked_mul(x.den, yd))
end
function mod(x::Rational{T}, y::Rational{T}) where {T}
    xd, yd = without_common(x.den, y.den)
    return Rational{T}(mod(checked_mul(x.num, yd), checked_mul(y.num, xd)), checked_mul(x.den, yd))
end
gcd(x::Rational{T}, y::Rational{T}) where {T} = lowest_terms(gcd(x.num, y.num), lcm(x.den, y.den))
lcm(x::Rational{T}, y::Rational{T}) where {T} = lowest_terms(lcm(x.num, y.num), gcd(x.den, y.den))
gcd(x::Rational, y::Integer) = gcd(promote(x, y)...)
gcd(x::Integer, y::Rational) = gcd(promote(x, y)...)
lcm(x::Rational, y::Integer) = lcm(promote(x, y)...)
lcm(x::Integer, y::Rational) = lcm(promote(x, y)...)

# ---- comparison

==(x::Rational{T}, y::Rational{T}) where {T} = (x.num == y.num) & (x.den == y.den)
==(x::Rational, y::Integer) = isone(x.den) & (x.num == y)
==(x::Integer, y::Rational) = y == x
function <(x::Rational{T}, y::Rational{T}) where {T}
    x.den == y.den && return x.num < y.num
    return widemul(x.num, y.den) < widemul(x.den, y.num)
end
function <=(x::Rational{T}, y::Rational{T}) where {T}
    x.den == y.den && return x.num <= y.num
    return widemul(x.num, y.den) <= widemul(x.den, y.num)
end
<(x::Rational, y::Integer) = x.num < widemul(x.den, y)
<(x::Integer, y::Rational) = widemul(x, y.den) < y.num
<=(x::Rational, y::Integer) = x.num <= widemul(x.den, y)
<=(x::Integer, y::Rational) = widemul(x, y.den) <= y.num
# A float is a rational number whose denominator is a power of two.
==(x::Rational, y::AbstractFloat) = isfinite(y) ? (count_ones(x.den) == 1) & (y * x.den == x.num) : y == x.num / x.den
==(x::AbstractFloat, y::Rational) = y == x
@inline <(x::Rational, y::AbstractFloat) = compare_with_float(x, Float64(y)) == -1
@inline <(x::AbstractFloat, y::Rational) = compare_with_float(y, Float64(x)) == 1
@inline <=(x::Rational, y::AbstractFloat) = (c = compare_with_float(x, Float64(y)); (c == -1) | (c == 0))
@inline <=(x::AbstractFloat, y::Rational) = (c = compare_with_float(y, Float64(x)); (c == 1) | (c == 0))
# -1, 0 or 1 as x is smaller than, equal to or larger than y; 2 for NaN. The whole parts decide,
# then the rest of x times its denominator against the rest of y, as an exact product.
function compare_with_float(x::Rational, y::Float64)
    isnan(y) && return 2
    if iszero(x.den) || isinf(y)
        a = float(x)
        return a < y ? -1 : (a == y ? 0 : 1)
    end
    whole = fld(x.num, x.den)
    floor_y = floor(y)
    whole == floor_y || return whole < floor_y ? -1 : 1
    d = Float64(x.den)
    n = Float64(x.num - whole * x.den)
    product = exact_product(y - floor_y, d)
    high, low = getfield(product, 1), getfield(product, 2)
    n == high && return low > 0.0 ? -1 : (low < 0.0 ? 1 : 0)
    return n < high ? -1 : 1
end

# ---- rounding

# The infinities 1//0 and -1//0 are whole, as those of floats.
@inline trunc(x::Rational{T}) where {T} = iszero(x.den) ? x : Rational{T}(div(x.num, x.den), one(T))
@inline floor(x::Rational{T}) where {T} = iszero(x.den) ? x : Rational{T}(fld(x.num, x.den), one(T))
@inline ceil(x::Rational{T}) where {T} = iszero(x.den) ? x : Rational{T}(cld(x.num, x.den), one(T))
@inline round(x::Rational) = round(x, RoundNearest)
@inline round(x::Rational{T}, r::RoundingMode) where {T} = iszero(x.den) ? x : Rational{T}(div(x.num, x.den, r), one(T))
@inline trunc(::Type{T}, x::Rational) where {T<:Integer} = convert(T, div(x.num, x.den))
@inline floor(::Type{T}, x::Rational) where {T<:Integer} = convert(T, fld(x.num, x.den))
@inline ceil(::Type{T}, x::Rational) where {T<:Integer} = convert(T, cld(x.num, x.den))
@inline round(::Type{T}, x::Rational) where {T<:Integer} = convert(T, div(x.num, x.den, RoundNearest))
@inline round(::Type{T}, x::Rational, r::RoundingMode) where {T<:Integer} = convert(T, div(x.num, x.den, r))

# ---- the simplest fraction near a float

rationalize(::Type{T}, x::AbstractFloat; tol::Real=eps(x)) where {T<:Integer} = rationalize(T, x, tol)
rationalize(x::AbstractFloat; tol::Real=eps(x)) = rationalize(Int, x, tol)
rationalize(x::Rational; tol::Real=0) = x
rationalize(x::Integer; tol::Real=0) = Rational(x)
rationalize(::Type{T}, x::Integer; tol::Real=0) where {T<:Integer} = Rational{T}(x)
rationalize(::Type{T}, x::Rational; tol::Real=0) where {T<:Integer} = Rational{T}(x)

# Convergents p/q of the continued fraction of x, until the error is within the tolerance; the last
# step takes the smallest partial quotient that suffices. The remainder of x is kept as the quotient
# x/y of two exact numbers.
function rationalize(::Type{T}, x::F, tol::Real) where {T<:Integer,F<:AbstractFloat}
    tol < 0 && throw(ArgumentError(LazyString("negative tolerance ", tol)))
    T <: Unsigned && x < 0 && throw(OverflowError("cannot negate unsigned number"))
    isnan(x) && return convert(T, x) // one(T)
    sgn = x < 0 ? -one(T) : one(T)
    isinf(x) && return lowest_terms(sgn, zero(T))
    p, q = sgn, zero(T)
    p_before, q_before = zero(T), one(T)
    x = abs(x)
    quotient = trunc(x)
    r = x - quotient
    y = one(F)
    tolerance = F(tol)
    t_next, t, t_before = tolerance, zero(F), tolerance
    while r > t_next
        in_range(T, quotient) || return p // q
        a = unsafe_trunc(T, quotient)
        next_p = next_convergent(a, p, p_before)
        next_q = next_convergent(a, q, q_before)
        (getfield(next_p, 2) | getfield(next_q, 2)) && return p // q
        p, p_before = getfield(next_p, 1), p
        q, q_before = getfield(next_q, 1), q
        x, y = y, r
        quotient, r = div(x, y), rem(x, y)
        t, t_before = t_next, t
        t_next = quotient * t + t_before
    end
    quotient = cld(x - t_before, y + t)
    in_range(T, quotient) || return p // q
    a = unsafe_trunc(T, quotient)
    next_p = next_convergent(a, p, p_before)
    next_q = next_convergent(a, q, q_before)
    (getfield(next_p, 2) | getfield(next_q, 2)) && return p // q
    return getfield(next_p, 1) // getfield(next_q, 1)
end
# a*p + before, and whether that overflows.
@inline function next_convergent(a::T, p::T, before::T) where {T}
    product = mul_with_overflow(a, p)
    sum = add_with_overflow(getfield(product, 1), before)
    return (getfield(sum, 1), getfield(product, 2) | getfield(sum, 2))
end

# Two integers without their common divisor.
function divgcd(x::Integer, y::Integer)
    g = gcd(x, y)
    return div(x, g), div(y, g)
end
