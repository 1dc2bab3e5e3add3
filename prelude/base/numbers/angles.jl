# Trigonometry in degrees, half turns and modulo a full turn.

# pi and pi/180 as sums of two floats.
const PI_HIGH = 3.141592653589793
const PI_LOW = 1.2246467991473532e-16
const DEGREE_HIGH = 0.017453292519943295
const DEGREE_LOW = 2.9486522708701687e-19

@inline deg2rad(x::AbstractFloat) = deg2rad_of(x)
@inline rad2deg(x::AbstractFloat) = rad2deg_of(x)
@inline deg2rad_of(x::T) where {T} = x * (T(pi) / T(180))
@inline rad2deg_of(x::T) where {T} = x * (T(180) / T(pi))
@inline deg2rad(x::Real) = deg2rad(float(x))
@inline rad2deg(x::Real) = rad2deg(float(x))
@inline deg2rad(z::Number) = z * (pi / 180)
@inline rad2deg(z::Number) = z * (180 / pi)

# Sine and cosine of x * (high + low), where x * (high + low) is at most pi/4.
@inline function scaled_sine(x::Float64, high::Float64, low::Float64)
    a = x * high
    rest = fma_float(x, high, -a) + x * low
    return sin(a) + rest * cos(a)
end
@inline function scaled_cosine(x::Float64, high::Float64, low::Float64)
    a = x * high
    rest = fma_float(x, high, -a) + x * low
    return cos(a) - rest * sin(a)
end

# ---- half turns

# The message is that of the magnitude: the functions begin by taking it.
@noinline throw_infinite(x) = throw(DomainError(x, "`x` cannot be infinite."))

function sinpi(x::Float64)
    isnan(x) && return x
    isinf(x) && throw_infinite(abs(x))
    a = abs(rem_float(x, 2.0))
    iszero(a - trunc(a)) && return copysign(0.0, x)
    s = sine_of_half_turns(a)
    return signbit(x) ? -s : s
end
# Of 0 <= a < 2, by the octant.
function sine_of_half_turns(a::Float64)
    a <= 0.25 && return scaled_sine(a, PI_HIGH, PI_LOW)
    a < 0.75 && return scaled_cosine(0.5 - a, PI_HIGH, PI_LOW)
    a < 1.25 && return scaled_sine(1.0 - a, PI_HIGH, PI_LOW)
    a < 1.75 && return -scaled_cosine(1.5 - a, PI_HIGH, PI_LOW)
    return -scaled_sine(2.0 - a, PI_HIGH, PI_LOW)
end
function cospi(x::Float64)
    isnan(x) && return x
    isinf(x) && throw_infinite(abs(x))
    a = abs(rem_float(x, 2.0))
    (a == 0.5) | (a == 1.5) && return 0.0
    a <= 0.25 && return scaled_cosine(a, PI_HIGH, PI_LOW)
    a < 0.75 && return scaled_sine(0.5 - a, PI_HIGH, PI_LOW)
    a < 1.25 && return -scaled_cosine(1.0 - a, PI_HIGH, PI_LOW)
    a < 1.75 && return scaled_sine(a - 1.5, PI_HIGH, PI_LOW)
    return scaled_cosine(2.0 - a, PI_HIGH, PI_LOW)
end
@inline sinpi(x::Float32) = isinf(x) ? throw_infinite(abs(x)) : Float32(sinpi(Float64(x)))
@inline cospi(x::Float32) = isinf(x) ? throw_infinite(abs(x)) : Float32(cospi(Float64(x)))
@inline sinpi(x::Float16) = isinf(x) ? throw_infinite(abs(x)) : Float16(sinpi(Float64(x)))
@inline cospi(x::Float16) = isinf(x) ? throw_infinite(abs(x)) : Float16(cospi(Float64(x)))
sinpi(x::Integer) = zero(float(x))
cospi(x::Integer) = isodd(x) ? -one(float(x)) : one(float(x))
@inline sinpi(x::Real) = sinpi(float(x))
@inline cospi(x::Real) = cospi(float(x))
@inline sincospi(x::Real) = (sinpi(x), cospi(x))
@inline tanpi(x::Real) = sinpi(x) / cospi(x)

# sin(pi*x) / (pi*x) and its derivative.
@inline sinc(x::Number) = sinc_of(float(x))
@inline sinc_of(x) = iszero(x) ? one(x) : (isinf(x) ? zero(x) : sinpi(x) / (oftype(x, pi) * x))
@inline cosc(x::Number) = cosc_of(float(x))
function cosc_of(x)
    (iszero(x) || isinf(x)) && return zero(x)
    return (cospi(x) - sinc_of(x)) / x
end

# ---- degrees

function sind(x::Float64)
    isnan(x) && return x
    isinf(x) && throw(DomainError(x, "`x` cannot be infinite."))
    a = rem_float(x, 360.0)
    m = abs(a)
    iszero(m) && return a
    m == 180.0 && return copysign(0.0, a)
    s = sine_of_degrees(m)
    return signbit(a) ? -s : s
end
function sine_of_degrees(m::Float64)
    m <= 45.0 && return scaled_sine(m, DEGREE_HIGH, DEGREE_LOW)
    m < 135.0 && return scaled_cosine(90.0 - m, DEGREE_HIGH, DEGREE_LOW)
    m <= 225.0 && return scaled_sine(180.0 - m, DEGREE_HIGH, DEGREE_LOW)
    m < 315.0 && return -scaled_cosine(270.0 - m, DEGREE_HIGH, DEGREE_LOW)
    return -scaled_sine(360.0 - m, DEGREE_HIGH, DEGREE_LOW)
end
function cosd(x::Float64)
    isnan(x) && return x
    isinf(x) && throw(DomainError(x, "`x` cannot be infinite."))
    m = abs(rem_float(x, 360.0))
    (m == 90.0) | (m == 270.0) && return 0.0
    m <= 45.0 && return scaled_cosine(m, DEGREE_HIGH, DEGREE_LOW)
    m < 135.0 && return scaled_sine(90.0 - m, DEGREE_HIGH, DEGREE_LOW)
    m <= 225.0 && return -scaled_cosine(180.0 - m, DEGREE_HIGH, DEGREE_LOW)
    m < 315.0 && return scaled_sine(m - 270.0, DEGREE_HIGH, DEGREE_LOW)
    return scaled_cosine(360.0 - m, DEGREE_HIGH, DEGREE_LOW)
end
@inline sind(x::Float32) = Float32(sind(Float64(x)))
@inline cosd(x::Float32) = Float32(cosd(Float64(x)))
@inline sind(x::Float16) = Float16(sind(Float64(x)))
@inline cosd(x::Float16) = Float16(cosd(Float64(x)))
@inline sind(x::Real) = sind(float(x))
@inline cosd(x::Real) = cosd(float(x))
@inline tand(x::Real) = tand(float(x))
@inline tand(x::AbstractFloat) = sind(x) / cosd(x)
@inline sincosd(x::Real) = (sind(x), cosd(x))
@inline secd(x::Number) = inv(cosd(x))
@inline cscd(x::Number) = inv(sind(x))
@inline cotd(x::Number) = inv(tand(x))
@inline asind(x::Number) = rad2deg(asin(x))
@inline acosd(x::Number) = rad2deg(acos(x))
@inline atand(x::Number) = rad2deg(atan(x))
@inline atand(y::Real, x::Real) = rad2deg(atan(y, x))
@inline asecd(x::Number) = rad2deg(asec(x))
@inline acscd(x::Number) = rad2deg(acsc(x))
@inline acotd(x::Number) = rad2deg(acot(x))

# ---- modulo a full turn

# The remainder of x by 2pi with the smallest magnitude. Sine and cosine reduce exactly, whatever
# the size of x.
@inline nearest_turn(x::Float64) = abs(x) <= PI_HIGH ? x : atan(sin(x), cos(x))
function mod2pi(x::Float64)
    (isnan(x) | isinf(x)) && return NaN
    r = nearest_turn(x)
    r >= 0.0 && return abs(r)
    # 2pi as a sum of two floats.
    return (r + 2.0 * PI_LOW) + 2.0 * PI_HIGH
end
@inline mod2pi(x::Float32) = Float32(mod2pi(Float64(x)))
@inline mod2pi(x::Float16) = Float16(mod2pi(Float64(x)))
@inline mod2pi(x::Integer) = mod2pi(float(x))
@inline rem2pi(x::Real, r::RoundingMode) = rem2pi(float(x), r)
@inline rem2pi(x::Float32, r::RoundingMode) = Float32(rem2pi(Float64(x), r))
@inline rem2pi(x::Float16, r::RoundingMode) = Float16(rem2pi(Float64(x), r))
@inline rem2pi(x::Float64, ::RoundingMode{:Nearest}) = isinf(x) ? NaN : nearest_turn(x)
@inline rem2pi(x::Float64, ::RoundingMode{:Down}) = mod2pi(x)
@inline rem2pi(x::Float64, ::RoundingMode{:Up}) = -mod2pi(-x)
@inline rem2pi(x::Float64, ::RoundingMode{:ToZero}) = signbit(x) ? -mod2pi(-x) : mod2pi(x)
