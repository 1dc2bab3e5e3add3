# Elementary functions of complex numbers, after W. Kahan, "Branch cuts for complex elementary
# functions", 1987.

@inline cis(x::Real) = Complex(cos(x), sin(x))
@inline function cis(z::Complex)
    v = exp(-imag(z))
    return Complex(v * cos(real(z)), v * sin(real(z)))
end
@inline cispi(x::Real) = Complex(cospi(x), sinpi(x))
@inline cispi(z::Complex) = cis(oftype(float(real(z)), pi) * z)

# |z|^2 as r * 4^k, where k is 0 unless the square would overflow or vanish.
function scaled_square(x::T, y::T) where {T<:AbstractFloat}
    r = x * x + y * y
    if !isfinite(r) && (isinf(x) | isinf(y))
        return (T(Inf), 0)
    end
    if isinf(r) || r < nextfloat(zero(T)) / (2 * eps(T) * eps(T))
        m = max(abs(x), abs(y))
        k = iszero(m) ? 0 : exponent(m)
        a, b = ldexp(x, -k), ldexp(y, -k)
        return (a * a + b * b, k)
    end
    return (r, 0)
end

@inline sqrt(z::Complex) = complex_sqrt(float(z))
function complex_sqrt(z::Complex{T}) where {T}
    x, y = real(z), imag(z)
    iszero(x) & iszero(y) && return Complex(zero(T), y)
    s = scaled_square(x, y)
    r, k = getfield(s, 1), getfield(s, 2)
    isfinite(x) && (r = ldexp(abs(x), -k) + sqrt(r))
    if isodd(k)
        k = div(k - 1, 2)
    else
        k = div(k, 2) - 1
        r += r
    end
    r = ldexp(sqrt(r), k)
    iszero(r) && return Complex(r, y)
    h = isfinite(y) ? (y / r) / 2 : y
    x < 0 && return Complex(abs(h), copysign(r, y))
    return Complex(r, h)
end

@inline log(z::Complex) = complex_log(float(z))
function complex_log(z::Complex{T}) where {T}
    x, y = real(z), imag(z)
    s = scaled_square(x, y)
    r, k = getfield(s, 1), getfield(s, 2)
    a = min(abs(x), abs(y))
    b = max(abs(x), abs(y))
    # Near the unit circle the square of the modulus is 1 and a small number.
    if k == 0 && T(0.5) < b * b && (b <= T(1.25) || r < T(3))
        return Complex(log1p((b - 1) * (b + 1) + a * a) / 2, angle(z))
    end
    return Complex(log(r) / 2 + k * T(0.6931471805599453), angle(z))
end
@inline log2(z::Complex) = log(z) / log(oftype(float(real(z)), 2))
@inline log10(z::Complex) = log(z) / log(oftype(float(real(z)), 10))
@inline log1p(z::Complex) = complex_log1p(float(z))
function complex_log1p(z::Complex{T}) where {T}
    x, y = real(z), imag(z)
    isfinite(x) || return log(z)
    u = 1 + z
    u == 1 && return Complex(x, y)
    real(u) - 1 == x && return log(u)
    # What was lost in 1 + z is made good to first order.
    return log(u) * (z / (u - 1))
end

@inline exp(z::Complex) = complex_exp(float(z))
function complex_exp(z::Complex{T}) where {T}
    x, y = real(z), imag(z)
    isnan(x) && return Complex(x, iszero(y) ? y : x)
    if !isfinite(y)
        x == T(Inf) && return Complex(-x, T(NaN))
        x == -T(Inf) && return Complex(-zero(T), copysign(zero(T), y))
        return Complex(T(NaN), T(NaN))
    end
    e = exp(x)
    iszero(y) && return Complex(e, y)
    return Complex(e * cos(y), e * sin(y))
end
@inline exp2(z::Complex) = exp(z * log(oftype(float(real(z)), 2)))
@inline exp10(z::Complex) = exp(z * log(oftype(float(real(z)), 10)))
@inline expm1(z::Complex) = complex_expm1(float(z))
function complex_expm1(z::Complex{T}) where {T}
    x, y = real(z), imag(z)
    isfinite(x) && isfinite(y) || return exp(z) - 1
    m = expm1(x)
    iszero(y) && return Complex(m, y)
    s = sin(y / 2)
    return Complex(m - 2 * s * s * (m + 1), (m + 1) * sin(y))
end

@inline sin(z::Complex) = complex_sin(float(z))
function complex_sin(z::Complex{T}) where {T}
    x, y = real(z), imag(z)
    iszero(x) && return Complex(x, sinh(y))
    if !isfinite(x)
        iszero(y) && return Complex(T(NaN), y)
        isinf(y) && return Complex(T(NaN), T(Inf))
        return Complex(T(NaN), T(NaN))
    end
    return Complex(sin(x) * cosh(y), cos(x) * sinh(y))
end
@inline cos(z::Complex) = complex_cos(float(z))
function complex_cos(z::Complex{T}) where {T}
    x, y = real(z), imag(z)
    iszero(x) && return Complex(cosh(y), isnan(y) ? x : -flipsign(x, y))
    if !isfinite(x)
        iszero(y) && return Complex(T(NaN), isnan(x) ? zero(T) : -flipsign(y, x))
        isinf(y) && return Complex(T(Inf), T(NaN))
        return Complex(T(NaN), T(NaN))
    end
    return Complex(cos(x) * cosh(y), -sin(x) * sinh(y))
end
@inline sincos(z::Complex) = (sin(z), cos(z))
@inline function tan(z::Complex)
    w = tanh(Complex(-imag(z), real(z)))
    return Complex(imag(w), -real(w))
end
@inline function sinh(z::Complex)
    w = sin(Complex(imag(z), real(z)))
    return Complex(imag(w), real(w))
end
@inline cosh(z::Complex) = cos(Complex(imag(z), -real(z)))
@inline tanh(z::Complex) = complex_tanh(float(z))
function complex_tanh(z::Complex{T}) where {T}
    x, y = real(z), imag(z)
    isnan(x) && iszero(y) && return z
    if 4 * abs(x) > asinh(floatmax(T))
        sine = isfinite(y) ? sin(2 * abs(y)) : one(T)
        return Complex(copysign(one(T), x), copysign(zero(T), y * sine))
    end
    t = tan(y)
    b = 1 + t * t
    s = sinh(x)
    r = sqrt(1 + s * s)
    isinf(t) && return Complex(r / s, 1 / t)
    return Complex(b * r * s, t) / (1 + b * s * s)
end

@inline asin(z::Complex) = complex_asin(float(z))
function complex_asin(z::Complex{T}) where {T}
    x, y = real(z), imag(z)
    isnan(x) && iszero(y) && return z
    minus, plus = sqrt(1 - z), sqrt(1 + z)
    return Complex(atan(x, real(minus * plus)), asinh(imag(conj(minus) * plus)))
end
@inline acos(z::Complex) = complex_acos(float(z))
function complex_acos(z::Complex{T}) where {T}
    x, y = real(z), imag(z)
    isnan(x) && return isinf(y) ? Complex(x, -y) : Complex(x, x)
    minus, plus = sqrt(1 - z), sqrt(1 + z)
    return Complex(2 * atan(real(minus), real(plus)), asinh(imag(conj(plus) * minus)))
end
@inline function atan(z::Complex)
    w = atanh(Complex(-imag(z), real(z)))
    return Complex(imag(w), -real(w))
end
@inline function asinh(z::Complex)
    w = asin(Complex(-imag(z), real(z)))
    return Complex(imag(w), -real(w))
end
@inline acosh(z::Complex) = complex_acosh(float(z))
function complex_acosh(z::Complex{T}) where {T}
    minus, plus = sqrt(z - 1), sqrt(z + 1)
    return Complex(asinh(real(conj(minus) * plus)), 2 * atan(imag(minus), real(plus)))
end
@inline atanh(z::Complex) = complex_atanh(float(z))
function complex_atanh(z::Complex{T}) where {T}
    # In the right half plane; the function is odd.
    x, y = abs(real(z)), imag(z)
    flip = signbit(real(z))
    flip && (y = -y)
    large = sqrt(floatmax(T)) / 4
    tiny = 1 / large
    half = T(pi) / 2
    re, angle_ = zero(T), zero(T)
    if x > large || abs(y) > large
        if isinf(y)
            re = copysign(zero(T), x)
        elseif isinf(x)
            re = zero(T)
        else
            re = real(1 / Complex(x, y))
        end
        angle_ = copysign(half, y)
    elseif x == 1
        if iszero(y)
            re, angle_ = T(Inf), y
        else
            m = abs(y) + tiny
            re = log(sqrt(sqrt(4 + y * y)) / sqrt(m))
            angle_ = copysign((half + atan(m / 2)) / 2, y)
        end
    else
        m = (abs(y) + tiny) * (abs(y) + tiny)
        re = log1p(4 * x / ((1 - x) * (1 - x) + m)) / 4
        angle_ = angle(Complex((1 - x) * (1 + x) - m, 2 * y)) / 2
    end
    return flip ? Complex(-re, -angle_) : Complex(re, angle_)
end

# ---- powers

@inline ^(z::Complex, n::Integer) = n >= 0 ? power_by_squaring(z, n) : power_by_squaring(inv(z), -n)
@inline ^(z::Complex{<:Integer}, n::Integer) = power_by_squaring(z, n)
@inline ^(z::Complex{<:Integer}, n::Bool) = n ? z : one(z)
@inline ^(z::Complex, n::Bool) = n ? z : one(z)
@inline ^(z::Complex{T}, p::Complex{T}) where {T<:Real} = complex_power(float(z), float(p))
@inline ^(z::Complex{T}, p::S) where {T<:Real,S<:Real} = (R = float(promote_type(T, S)); complex_power(Complex{R}(z), Complex{R}(p)))
@inline ^(x::S, p::Complex{T}) where {S<:Real,T<:Real} = (R = float(promote_type(T, S)); complex_power(Complex{R}(x), Complex{R}(p)))
@inline ^(z::Complex{S}, p::Complex{T}) where {S<:Real,T<:Real} = (R = float(promote_type(T, S)); complex_power(Complex{R}(z), Complex{R}(p)))
function complex_power(z::Complex{T}, p::Complex{T}) where {T<:AbstractFloat}
    a, b = real(p), imag(p)
    if iszero(b)
        if isinteger(a) && abs(a) < 2.147483647e9
            return z^unsafe_trunc(Int, a)
        end
        if isreal(z)
            x = real(z)
            if x >= 0
                return Complex(x^a, zero(T))
            end
            return (-x)^a * cispi(imag(z) < 0 ? -a : a)
        end
        return polar(abs(z)^a, a * angle(z))
    end
    if iszero(z)
        return a > 0 ? z : Complex(T(NaN), T(NaN))
    end
    r, t = abs(z), angle(z)
    return polar(r^a * exp(-b * t), a * t + b * log(r))
end
@inline polar(r, angle_) = Complex(r * cos(angle_), r * sin(angle_))
