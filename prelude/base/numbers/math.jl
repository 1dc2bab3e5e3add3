# Elementary functions of floats: libm's, with the errors that Julia has for arguments outside of
# the domain. Float16 is computed in Float32.

@inline throw_complex_domain(name::Symbol, x) = throw(DomainError(x, LazyString(
    name, " was called with a negative real argument but will only return a complex result if called with a complex argument. Try ",
    name, "(Complex(x)).")))

@inline function sqrt(x::IEEEFloat)
    x < zero(x) && throw_complex_domain(:sqrt, x)
    return sqrt_llvm(x)
end
@inline sqrt(x::Real) = sqrt(float(x))
const √ = sqrt
const ∛ = cbrt

@inline exp(x::Float64) = ccall(:exp, Float64, (Float64,), x)
@inline exp(x::Float32) = ccall(:expf, Float32, (Float32,), x)
@inline exp2(x::Float64) = ccall(:exp2, Float64, (Float64,), x)
@inline exp2(x::Float32) = ccall(:exp2f, Float32, (Float32,), x)
@inline exp10(x::Float64) = ccall(:exp10, Float64, (Float64,), x)
@inline exp10(x::Float32) = ccall(:exp10f, Float32, (Float32,), x)
@inline expm1(x::Float64) = ccall(:expm1, Float64, (Float64,), x)
@inline expm1(x::Float32) = ccall(:expm1f, Float32, (Float32,), x)
@inline sinh(x::Float64) = ccall(:sinh, Float64, (Float64,), x)
@inline sinh(x::Float32) = ccall(:sinhf, Float32, (Float32,), x)
@inline cosh(x::Float64) = ccall(:cosh, Float64, (Float64,), x)
@inline cosh(x::Float32) = ccall(:coshf, Float32, (Float32,), x)
@inline tanh(x::Float64) = ccall(:tanh, Float64, (Float64,), x)
@inline tanh(x::Float32) = ccall(:tanhf, Float32, (Float32,), x)
@inline asinh(x::Float64) = ccall(:asinh, Float64, (Float64,), x)
@inline asinh(x::Float32) = ccall(:asinhf, Float32, (Float32,), x)
@inline atan(x::Float64) = ccall(:atan, Float64, (Float64,), x)
@inline atan(x::Float32) = ccall(:atanf, Float32, (Float32,), x)
@inline atan(y::Float64, x::Float64) = ccall(:atan2, Float64, (Float64, Float64), y, x)
@inline atan(y::Float32, x::Float32) = ccall(:atan2f, Float32, (Float32, Float32), y, x)
@inline atan(y::Float16, x::Float16) = Float16(atan(Float32(y), Float32(x)))
@inline atan(y::Real, x::Real) = (R = float(promote_type(typeof(y), typeof(x))); atan(convert(R, y), convert(R, x)))

# ---- functions with a bounded domain

@inline function log(x::Float64)
    x < 0.0 && throw_complex_domain(:log, x)
    return ccall(:log, Float64, (Float64,), x)
end
@inline function log(x::Float32)
    x < 0.0f0 && throw_complex_domain(:log, x)
    return ccall(:logf, Float32, (Float32,), x)
end
@inline function log2(x::Float64)
    x < 0.0 && throw_complex_domain(:log2, x)
    return ccall(:log2, Float64, (Float64,), x)
end
@inline function log2(x::Float32)
    x < 0.0f0 && throw_complex_domain(:log2, x)
    return ccall(:log2f, Float32, (Float32,), x)
end
@inline function log10(x::Float64)
    x < 0.0 && throw_complex_domain(:log10, x)
    return ccall(:log10, Float64, (Float64,), x)
end
@inline function log10(x::Float32)
    x < 0.0f0 && throw_complex_domain(:log10, x)
    return ccall(:log10f, Float32, (Float32,), x)
end
@inline throw_log1p_domain(x) = throw(DomainError(x, "log1p was called with a real argument < -1 but will only return a complex result if called with a complex argument. Try log1p(Complex(x))."))
@inline function log1p(x::Float64)
    x < -1.0 && throw_log1p_domain(x)
    return ccall(:log1p, Float64, (Float64,), x)
end
@inline function log1p(x::Float32)
    x < -1.0f0 && throw_log1p_domain(x)
    return ccall(:log1pf, Float32, (Float32,), x)
end
@inline function sin(x::Float64)
    isinf(x) && throw(DomainError(x, "sin(x) is only defined for finite x."))
    return ccall(:sin, Float64, (Float64,), x)
end
@inline function sin(x::Float32)
    isinf(x) && throw(DomainError(x, "sin(x) is only defined for finite x."))
    return ccall(:sinf, Float32, (Float32,), x)
end
@inline function cos(x::Float64)
    isinf(x) && throw(DomainError(x, "cos(x) is only defined for finite x."))
    return ccall(:cos, Float64, (Float64,), x)
end
@inline function cos(x::Float32)
    isinf(x) && throw(DomainError(x, "cos(x) is only defined for finite x."))
    return ccall(:cosf, Float32, (Float32,), x)
end
@inline function tan(x::Float64)
    isinf(x) && throw(DomainError(x, "tan(x) is only defined for finite x."))
    return ccall(:tan, Float64, (Float64,), x)
end
@inline function tan(x::Float32)
    isinf(x) && throw(DomainError(x, "tan(x) is only defined for finite x."))
    return ccall(:tanf, Float32, (Float32,), x)
end
@inline function asin(x::Float64)
    abs(x) > 1.0 && throw(DomainError(x, "asin(x) is not defined for |x| > 1."))
    return ccall(:asin, Float64, (Float64,), x)
end
@inline function asin(x::Float32)
    abs(x) > 1.0f0 && throw(DomainError(x, "asin(x) is not defined for |x| > 1."))
    return ccall(:asinf, Float32, (Float32,), x)
end
@inline function acos(x::Float64)
    abs(x) > 1.0 && throw(DomainError(x, "acos(x) not defined for |x| > 1"))
    return ccall(:acos, Float64, (Float64,), x)
end
@inline function acos(x::Float32)
    abs(x) > 1.0f0 && throw(DomainError(x, "acos(x) not defined for |x| > 1"))
    return ccall(:acosf, Float32, (Float32,), x)
end
@inline function acosh(x::Float64)
    x < 1.0 && throw(DomainError(x, "acosh(x) is only defined for x ≥ 1."))
    return ccall(:acosh, Float64, (Float64,), x)
end
@inline function acosh(x::Float32)
    x < 1.0f0 && throw(DomainError(x, "acosh(x) is only defined for x ≥ 1."))
    return ccall(:acoshf, Float32, (Float32,), x)
end
@inline function atanh(x::Float64)
    abs(x) > 1.0 && throw(DomainError(x, "atanh(x) is only defined for |x| ≤ 1."))
    return ccall(:atanh, Float64, (Float64,), x)
end
@inline function atanh(x::Float32)
    abs(x) > 1.0f0 && throw(DomainError(x, "atanh(x) is only defined for |x| ≤ 1."))
    return ccall(:atanhf, Float32, (Float32,), x)
end
@inline function sincos(x::T) where {T<:Union{Float32,Float64}}
    isinf(x) && throw(DomainError(x, "sincos(x) is only defined for finite x."))
    return sin(x), cos(x)
end

# The domain error of a Float16 shows a Float16.
@inline function log(x::Float16)
    x < zero(x) && throw_complex_domain(:log, x)
    return Float16(log(Float32(x)))
end
@inline function log2(x::Float16)
    x < zero(x) && throw_complex_domain(:log2, x)
    return Float16(log2(Float32(x)))
end
@inline function log10(x::Float16)
    x < zero(x) && throw_complex_domain(:log10, x)
    return Float16(log10(Float32(x)))
end
@inline log1p(x::Float16) = Float16(log1p(Float32(x)))
@inline cbrt(x::Float16) = Float16(cbrt(Float32(x)))
@inline exp(x::Float16) = Float16(exp(Float32(x)))
@inline exp2(x::Float16) = Float16(exp2(Float32(x)))
@inline exp10(x::Float16) = Float16(exp10(Float32(x)))
@inline expm1(x::Float16) = Float16(expm1(Float32(x)))
@inline sin(x::Float16) = Float16(sin(Float32(x)))
@inline cos(x::Float16) = Float16(cos(Float32(x)))
@inline tan(x::Float16) = Float16(tan(Float32(x)))
@inline asin(x::Float16) = Float16(asin(Float32(x)))
@inline acos(x::Float16) = Float16(acos(Float32(x)))
@inline atan(x::Float16) = Float16(atan(Float32(x)))
@inline sinh(x::Float16) = Float16(sinh(Float32(x)))
@inline cosh(x::Float16) = Float16(cosh(Float32(x)))
@inline tanh(x::Float16) = Float16(tanh(Float32(x)))
@inline asinh(x::Float16) = Float16(asinh(Float32(x)))
@inline acosh(x::Float16) = Float16(acosh(Float32(x)))
@inline atanh(x::Float16) = Float16(atanh(Float32(x)))
@inline sincos(x::Float16) = (sin(x), cos(x))

# ---- of any real number, through its float

@inline cbrt(x::Real) = cbrt(float(x))
@inline exp(x::Real) = exp(float(x))
@inline exp2(x::Real) = exp2(float(x))
@inline exp10(x::Real) = exp10(float(x))
@inline expm1(x::Real) = expm1(float(x))
@inline log(x::Real) = log(float(x))
@inline log2(x::Real) = log2(float(x))
@inline log10(x::Real) = log10(float(x))
@inline log1p(x::Real) = log1p(float(x))
@inline sin(x::Real) = sin(float(x))
@inline cos(x::Real) = cos(float(x))
@inline tan(x::Real) = tan(float(x))
@inline asin(x::Real) = asin(float(x))
@inline acos(x::Real) = acos(float(x))
@inline atan(x::Real) = atan(float(x))
@inline sinh(x::Real) = sinh(float(x))
@inline cosh(x::Real) = cosh(float(x))
@inline tanh(x::Real) = tanh(float(x))
@inline asinh(x::Real) = asinh(float(x))
@inline acosh(x::Real) = acosh(float(x))
@inline atanh(x::Real) = atanh(float(x))
@inline sincos(x::Real) = sincos(float(x))

# The logarithm to a base: of two numbers of the base's powers it is not always exact.
@inline log(b::T, x::T) where {T<:Number} = log(x) / log(b)
@inline log(b::T, x::S) where {T<:Number,S<:Number} = (R = common_type(T, S); log(convert(R, b), convert(R, x)))
@inline fourthroot(x::Real) = sqrt(sqrt(x))
const ∜ = fourthroot

# ---- reciprocal functions

@inline sec(z::Number) = inv(cos(z))
@inline csc(z::Number) = inv(sin(z))
@inline cot(z::Number) = inv(tan(z))
@inline sech(z::Number) = inv(cosh(z))
@inline csch(z::Number) = inv(sinh(z))
@inline coth(z::Number) = inv(tanh(z))
@inline asec(z::Number) = acos(inv(z))
@inline acsc(z::Number) = asin(inv(z))
@inline acot(z::Number) = atan(inv(z))
@inline asech(z::Number) = acosh(inv(z))
@inline acsch(z::Number) = asinh(inv(z))
@inline acoth(z::Number) = atanh(inv(z))

# ---- the length of a vector

@inline hypot(x::Float64, y::Float64) = ccall(:hypot, Float64, (Float64, Float64), x, y)
@inline hypot(x::Float32, y::Float32) = ccall(:hypotf, Float32, (Float32, Float32), x, y)
@inline hypot(x::Float16, y::Float16) = Float16(hypot(Float32(x), Float32(y)))
@inline hypot(x::Number) = abs(float(x))
@inline hypot(x::Real, y::Real) = (R = float(promote_type(typeof(x), typeof(y))); hypot(convert(R, x), convert(R, y)))
@inline hypot(x::Number, y::Number) = hypot(abs(x), abs(y))
@inline hypot(x::Number, y::Number, z::Number) = hypot_scaled(float(abs(x)), float(abs(y)), float(abs(z)))
@inline hypot_scaled(x::Real, y::Real, z::Real) = (R = promote_type(typeof(x), typeof(y), typeof(z)); hypot_scaled(convert(R, x), convert(R, y), convert(R, z)))
function hypot_scaled(x::T, y::T, z::T) where {T<:AbstractFloat}
    m = max(max(x, y), z)
    (isinf(x) | isinf(y) | isinf(z)) && return T(Inf)
    (iszero(m) | isnan(m)) && return m
    a, b, c = x / m, y / m, z / m
    return m * sqrt(a * a + b * b + c * c)
end
hypot(x::Number, y::Number, z::Number, w::Number, more::Number...) = hypot(hypot(x, y, z), w, more...)

# ---- polynomials

@inline evalpoly(x, p::Tuple{Any}) = getfield(p, 1)
@inline evalpoly(x, p::Tuple) = muladd(x, evalpoly(x, tail(p)), getfield(p, 1))
function evalpoly(x, p::AbstractVector)
    n = length(p)
    result = p[n]
    i = n - 1
    while i >= 1
        result = muladd(x, result, p[i])
        i -= 1
    end
    return result
end
