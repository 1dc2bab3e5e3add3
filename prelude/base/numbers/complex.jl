# Complex numbers: parts, arithmetic, comparison.

struct Complex{T<:Real} <: Number
    re::T
    im::T
    Complex{T}(re, im) where {T<:Real} = new{T}(convert(T, re), convert(T, im))
end
const ComplexF64 = Complex{Float64}
const ComplexF32 = Complex{Float32}
const ComplexF16 = Complex{Float16}
const im = Complex{Bool}(false, true)

@inline Complex(x::T, y::T) where {T<:Real} = Complex{T}(x, y)
@inline Complex(x::T, y::S) where {T<:Real,S<:Real} = Complex{promote_type(T, S)}(x, y)
@inline Complex(x::T) where {T<:Real} = Complex{T}(x, zero(T))
Complex(z::Complex) = z
Complex{T}(z::Complex{T}) where {T<:Real} = z
@inline Complex{T}(z::Complex) where {T<:Real} = Complex{T}(real(z), imag(z))
@inline Complex{T}(x::Real) where {T<:Real} = Complex{T}(x, zero(T))
@inline complex(x::Real, y::Real) = Complex(x, y)
@inline complex(x::Real) = Complex(x)
complex(z::Complex) = z
complex(::Type{T}) where {T<:Real} = Complex{T}
complex(::Type{Complex{T}}) where {T<:Real} = Complex{T}
@inline (::Type{T})(z::Complex) where {T<:Real} = isreal(z) ? T(real(z))::T : throw_inexact(nameof(T), T, z)

promote_rule(::Type{Complex{T}}, ::Type{S}) where {T<:Real,S<:Real} = Complex{promote_type(T, S)}
promote_rule(::Type{Complex{T}}, ::Type{Complex{S}}) where {T<:Real,S<:Real} = Complex{promote_type(T, S)}
widen(::Type{Complex{T}}) where {T} = Complex{widen(T)}
float(::Type{Complex{T}}) where {T} = Complex{float(T)}
float(z::Complex{T}) where {T<:AbstractFloat} = z
@inline float(z::Complex) = Complex(float(real(z)), float(imag(z)))
zero(::Type{Complex{T}}) where {T} = Complex{T}(zero(T), zero(T))
one(::Type{Complex{T}}) where {T} = Complex{T}(one(T), zero(T))

@inline real(z::Complex) = getfield(z, :re)
@inline imag(z::Complex) = getfield(z, :im)
real(x::Real) = x
real(::Type{T}) where {T<:Number} = typeof(real(zero(T)))
@inline imag(x::Real) = zero(x)
@inline reim(z) = (real(z), imag(z))
real(::Type{T}) where {T<:Real} = T
real(::Type{Complex{T}}) where {T<:Real} = T
@inline conj(z::Complex) = Complex(real(z), -imag(z))
conj(x::Real) = x
@inline abs(z::Complex) = hypot(real(z), imag(z))
@inline abs2(z::Complex) = real(z) * real(z) + imag(z) * imag(z)
@inline angle(z::Complex) = atan(imag(z), real(z))
@inline angle(x::Real) = atan(zero(x), x)
@inline isreal(z::Complex) = iszero(imag(z))
@inline isinteger(z::Complex) = isreal(z) & isinteger(real(z))
@inline isfinite(z::Complex) = isfinite(real(z)) & isfinite(imag(z))
@inline isnan(z::Complex) = isnan(real(z)) | isnan(imag(z))
@inline isinf(z::Complex) = isinf(real(z)) | isinf(imag(z))
@inline iszero(z::Complex) = iszero(real(z)) & iszero(imag(z))
@inline isone(z::Complex) = isone(real(z)) & iszero(imag(z))
@inline flipsign(z::Complex, y::Real) = ifelse(signbit(y), -z, z)
@inline sign(z::Complex) = iszero(z) ? float(z) : z / abs(z)
adjoint(z::Complex) = conj(z)

# ---- comparison

@inline ==(z::Complex, w::Complex) = (real(z) == real(w)) & (imag(z) == imag(w))
@inline ==(z::Complex, x::Real) = isreal(z) & (real(z) == x)
@inline ==(x::Real, z::Complex) = isreal(z) & (real(z) == x)
@inline isequal(z::Complex, w::Complex) = isequal(real(z), real(w)) & isequal(imag(z), imag(w))
@inline isequal(z::Complex, x::Real) = isequal(real(z), x) & isequal(imag(z), zero(x))
@inline isequal(x::Real, z::Complex) = isequal(z, x)

# ---- arithmetic

@inline +(z::Complex) = Complex(+real(z), +imag(z))
@inline -(z::Complex) = Complex(-real(z), -imag(z))
@inline +(z::Complex, w::Complex) = Complex(real(z) + real(w), imag(z) + imag(w))
@inline -(z::Complex, w::Complex) = Complex(real(z) - real(w), imag(z) - imag(w))
@inline *(z::Complex, w::Complex) =
    Complex(real(z) * real(w) - imag(z) * imag(w), real(z) * imag(w) + imag(z) * real(w))
# Of one type, too, lest these be ambiguous with what no type defines for itself.
@inline +(z::Complex{T}, w::Complex{T}) where {T<:Real} = Complex(real(z) + real(w), imag(z) + imag(w))
@inline -(z::Complex{T}, w::Complex{T}) where {T<:Real} = Complex(real(z) - real(w), imag(z) - imag(w))
@inline *(z::Complex{T}, w::Complex{T}) where {T<:Real} =
    Complex(real(z) * real(w) - imag(z) * imag(w), real(z) * imag(w) + imag(z) * real(w))
@inline ==(z::Complex{T}, w::Complex{T}) where {T<:Real} = (real(z) == real(w)) & (imag(z) == imag(w))

@inline +(x::Real, z::Complex) = Complex(x + real(z), imag(z))
@inline +(z::Complex, x::Real) = Complex(real(z) + x, imag(z))
@inline -(z::Complex, x::Real) = Complex(real(z) - x, imag(z))
@inline function -(x::Real, z::Complex)
    # The parts get one type before the sign changes, for which Bool is too small.
    re = x - real(z)
    return Complex(re, -oftype(re, imag(z)))
end
@inline *(x::Real, z::Complex) = Complex(x * real(z), x * imag(z))
@inline *(z::Complex, x::Real) = Complex(real(z) * x, imag(z) * x)
@inline muladd(z::Complex, w::Complex, x::Complex) =
    Complex(muladd(real(z), real(w), muladd(-imag(z), imag(w), real(x))), muladd(real(z), imag(w), muladd(imag(z), real(w), imag(x))))

@inline /(z::Complex, x::Real) = Complex(real(z) / x, imag(z) / x)
@inline /(x::T, z::S) where {T<:Real,S<:Complex} = x * inv(promote_type(T, S)(z))
@inline function /(z::Complex{T}, w::Complex{S}) where {T<:Real,S<:Real}
    R = float(promote_type(T, S))
    return divide(Complex{R}(z), Complex{R}(w))
end
@inline /(z::Complex{T}, w::Complex{T}) where {T<:Real} = divide(float(z), float(w))
@inline /(z::Complex{Rational{T}}, w::Complex{Rational{T}}) where {T<:Integer} = divide(z, w)

# Smith's method: the quotient of the denominator's parts is taken first.
function divide(z::Complex{T}, w::Complex{T}) where {T<:Real}
    a, b = real(z), imag(z)
    c, d = real(w), imag(w)
    if isinf(c) | isinf(d)
        return divide_by_infinity(z, w)
    end
    if abs(c) <= abs(d)
        r = c / d
        t = d + r * c
        return Complex((a * r + b) / t, (b * r - a) / t)
    end
    r = d / c
    t = c + r * d
    return Complex((a + b * r) / t, (b - a * r) / t)
end
function divide_by_infinity(z::Complex{T}, w::Complex{T}) where {T}
    isfinite(z) || return Complex(T(NaN), T(NaN))
    return Complex(zero(T) * sign(real(z)) * sign(real(w)), -zero(T) * sign(imag(z)) * sign(imag(w)))
end
# In the next larger type nothing overflows.
function divide(z::Complex{T}, w::Complex{T}) where {T<:Union{Float16,Float32}}
    (isinf(real(w)) | isinf(imag(w))) && return divide_by_infinity(z, w)
    a, b = widen(real(z)), widen(imag(z))
    c, d = widen(real(w)), widen(imag(w))
    m = inv(muladd(c, c, d * d))
    return Complex{T}(muladd(a, c, b * d) * m, muladd(b, c, -(a * d)) * m)
end
# M. Baudin, R. L. Smith, "A robust complex division in Scilab", 2012: operands near the limits of
# the range are scaled, and a product that vanishes is computed in another order.
function divide(z::ComplexF64, w::ComplexF64)
    a, b = real(z), imag(z)
    c, d = real(w), imag(w)
    (isinf(c) | isinf(d)) && return divide_by_infinity(z, w)
    ab = abs(a) >= abs(b) ? abs(a) : abs(b)
    cd = abs(c) >= abs(d) ? abs(c) : abs(d)
    large = 8.988465674311579e307
    small = 2.004168360008973e-292
    (ab >= large) | (ab <= small) | (cd >= large) | (cd <= small) || return divide_robustly(a, b, c, d)
    scale = 1.0
    raise = 4.056481920730334e31
    if ab >= large
        a, b, scale = a * 0.5, b * 0.5, scale * 2.0
    end
    if cd >= large
        c, d, scale = c * 0.5, d * 0.5, scale * 0.5
    end
    if ab <= small
        a, b, scale = a * raise, b * raise, scale / raise
    end
    if cd <= small
        c, d, scale = c * raise, d * raise, scale * raise
    end
    q = divide_robustly(a, b, c, d)
    return Complex(real(q) * scale, imag(q) * scale)
end
@inline function divide_robustly(a::Float64, b::Float64, c::Float64, d::Float64)
    if abs(d) <= abs(c)
        r = d / c
        t = 1.0 / (c + d * r)
        return Complex(quotient_part(a, b, c, d, r, t), quotient_part(b, -a, c, d, r, t))
    end
    r = c / d
    t = 1.0 / (d + c * r)
    return Complex(quotient_part(b, a, d, c, r, t), -quotient_part(a, -b, d, c, r, t))
end
@inline function quotient_part(a::Float64, b::Float64, c::Float64, d::Float64, r::Float64, t::Float64)
    r == 0.0 && return (a + d * (b / c)) * t
    br = b * r
    return br == 0.0 ? a * t + (b * t) * r : (a + br) * t
end

@inline inv(z::Complex{T}) where {T<:Integer} = inv(float(z))
function inv(z::Complex)
    c, d = real(z), imag(z)
    (isinf(c) | isinf(d)) && return Complex(copysign(zero(c), c), flipsign(-zero(d), d))
    return Complex(c, -d) / (c * c + d * d)
end
function inv(z::ComplexF64)
    c, d = real(z), imag(z)
    (isinf(c) | isinf(d)) && return Complex(copysign(0.0, c), flipsign(-0.0, d))
    m = abs(c) > abs(d) ? abs(c) : abs(d)
    # The squares neither overflow nor vanish.
    1.0547686614863435e-154 <= m && m <= 9.480751908109176e153 && return Complex(c, -d) / abs2(z)
    return divide(Complex(1.0, 0.0), z)
end

@inline round(z::Complex, r::RoundingMode=RoundNearest, i::RoundingMode=r; digits=nothing, sigdigits=nothing, base=nothing) =
    Complex(round_to(real(z), r, digits, sigdigits, base), round_to(imag(z), i, digits, sigdigits, base))
