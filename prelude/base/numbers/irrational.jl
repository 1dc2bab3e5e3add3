# Mathematical constants, which become floats of the type that they meet.

abstract type AbstractIrrational <: Real end
struct Irrational{sym} <: AbstractIrrational end

const π = Irrational{:π}()
const pi = Irrational{:π}()
const ℯ = Irrational{:ℯ}()

# The nearest floats, and whether Float64's is below the constant.
@inline nearest_float(::Irrational{:π}) = 3.141592653589793
@inline nearest_float(::Irrational{:ℯ}) = 2.718281828459045
@inline nearest_float(::Irrational{:γ}) = 0.5772156649015329
@inline nearest_float(::Irrational{:φ}) = 1.618033988749895
@inline nearest_float(::Irrational{:catalan}) = 0.915965594177219
@inline is_rounded_down(::Irrational{s}) where {s} = (s === :π) | (s === :ℯ) | (s === :catalan)

# Rounding twice is safe: none of the five is near the middle of two narrower floats.
@inline Float64(x::Irrational) = nearest_float(x)
@inline Float32(x::Irrational) = fptrunc(Float32, nearest_float(x))
@inline Float16(x::Irrational) = fptrunc(Float16, nearest_float(x))
@inline Float64(x::Irrational, ::RoundingMode{:Down}) = is_rounded_down(x) ? nearest_float(x) : prevfloat(nearest_float(x))
@inline Float64(x::Irrational, ::RoundingMode{:Up}) = is_rounded_down(x) ? nextfloat(nearest_float(x)) : nearest_float(x)
@inline function Float32(x::Irrational, ::RoundingMode{:Down})
    y = fptrunc(Float32, nearest_float(x))
    return Float64(y) > nearest_float(x) ? prevfloat(y) : y
end
@inline function Float32(x::Irrational, ::RoundingMode{:Up})
    y = fptrunc(Float32, nearest_float(x))
    return Float64(y) > nearest_float(x) ? y : nextfloat(y)
end
@inline AbstractFloat(x::AbstractIrrational) = Float64(x)
@inline (::Type{T})(x::AbstractIrrational) where {T<:Integer} = T(Float64(x))
Bool(x::AbstractIrrational) = true
float(::Type{T}) where {T<:AbstractIrrational} = Float64
@inline float(x::AbstractIrrational) = Float64(x)

promote_rule(::Type{<:AbstractIrrational}, ::Type{Float16}) = Float16
promote_rule(::Type{<:AbstractIrrational}, ::Type{Float32}) = Float32
promote_rule(::Type{<:AbstractIrrational}, ::Type{<:AbstractIrrational}) = Float64
promote_rule(::Type{<:AbstractIrrational}, ::Type{T}) where {T<:Real} = promote_type(Float64, T)
promote_rule(::Type{S}, ::Type{T}) where {S<:AbstractIrrational,T<:Number} = promote_type(promote_type(S, real(T)), T)

@inline -(x::AbstractIrrational) = -Float64(x)
@inline +(x::AbstractIrrational, y::AbstractIrrational) = Float64(x) + Float64(y)
@inline -(x::AbstractIrrational, y::AbstractIrrational) = Float64(x) - Float64(y)
@inline *(x::AbstractIrrational, y::AbstractIrrational) = Float64(x) * Float64(y)
@inline /(x::AbstractIrrational, y::AbstractIrrational) = Float64(x) / Float64(y)
@inline ^(x::AbstractIrrational, y::AbstractIrrational) = Float64(x)^Float64(y)
@inline +(x::T, y::T) where {T<:AbstractIrrational} = Float64(x) + Float64(y)
@inline -(x::T, y::T) where {T<:AbstractIrrational} = Float64(x) - Float64(y)
@inline *(x::T, y::T) where {T<:AbstractIrrational} = Float64(x) * Float64(y)
@inline /(x::T, y::T) where {T<:AbstractIrrational} = Float64(x) / Float64(y)
@inline ^(x::T, y::T) where {T<:AbstractIrrational} = Float64(x)^Float64(y)
@inline ^(x::AbstractIrrational, p::Integer) = Float64(x)^p
*(x::Bool, y::AbstractIrrational) = ifelse(x, Float64(y), 0.0)
zero(::Type{<:AbstractIrrational}) = false
one(::Type{<:AbstractIrrational}) = true
zero(x::AbstractIrrational) = false
one(x::AbstractIrrational) = true
sign(x::AbstractIrrational) = 1.0
signbit(x::AbstractIrrational) = false
iszero(x::AbstractIrrational) = false
isone(x::AbstractIrrational) = false
isfinite(x::AbstractIrrational) = true
isinteger(x::AbstractIrrational) = false
abs(x::AbstractIrrational) = x
widen(::Type{T}) where {T<:Irrational} = T

# ---- comparison: no constant equals a number

==(x::Irrational{s}, y::Irrational{s}) where {s} = true
==(x::AbstractIrrational, y::AbstractIrrational) = false
==(x::AbstractIrrational, y::Real) = false
==(x::Real, y::AbstractIrrational) = false
<(x::Irrational{s}, y::Irrational{s}) where {s} = false
@inline <(x::AbstractIrrational, y::AbstractIrrational) = Float64(x) < Float64(y)
<=(x::Irrational{s}, y::Irrational{s}) where {s} = true
@inline <=(x::AbstractIrrational, y::AbstractIrrational) = Float64(x) <= Float64(y)
@inline <(x::AbstractIrrational, y::Float64) = Float64(x, RoundUp) <= y
@inline <(x::Float64, y::AbstractIrrational) = x <= Float64(y, RoundDown)
@inline <(x::AbstractIrrational, y::IEEEFloat) = x < Float64(y)
@inline <(x::IEEEFloat, y::AbstractIrrational) = Float64(x) < y
@inline <(x::AbstractIrrational, y::Integer) = Float64(x) < y
@inline <(x::Integer, y::AbstractIrrational) = x < Float64(y)
@inline <=(x::AbstractIrrational, y::Real) = x < y
@inline <=(x::Real, y::AbstractIrrational) = x < y
hash(x::Irrational, h::UInt) = 3 * objectid(x) - h

# ---- rounding

@inline round(x::AbstractIrrational, r::RoundingMode) = round(Float64(x), r)
@inline round(x::AbstractIrrational) = round(Float64(x))
@inline trunc(x::AbstractIrrational) = trunc(Float64(x))
@inline floor(x::AbstractIrrational) = floor(Float64(x))
@inline ceil(x::AbstractIrrational) = ceil(Float64(x))
@inline round(::Type{T}, x::AbstractIrrational) where {T<:Integer} = round(T, Float64(x))
@inline trunc(::Type{T}, x::AbstractIrrational) where {T<:Integer} = trunc(T, Float64(x))
@inline floor(::Type{T}, x::AbstractIrrational) where {T<:Integer} = floor(T, Float64(x))
@inline ceil(::Type{T}, x::AbstractIrrational) where {T<:Integer} = ceil(T, Float64(x))

# ---- e as a base, exact values

@inline ^(::Irrational{:ℯ}, x::Number) = exp(x)
@inline ^(::Irrational{:ℯ}, x::Integer) = exp(x)
@inline ^(::Irrational{:ℯ}, x::Rational) = exp(x)
@inline ^(::Irrational{:ℯ}, x::Complex) = exp(x)
@inline ^(::Irrational{:ℯ}, x::AbstractIrrational) = exp(x)
@inline ^(::Irrational{:ℯ}, ::Irrational{:ℯ}) = exp(ℯ)
@inline ^(::Irrational{:ℯ}, x::Bool) = exp(x)
@inline literal_pow(::typeof(^), ::Irrational{:ℯ}, ::Val{p}) where {p} = exp(p)
log(::Irrational{:ℯ}) = 1
@inline log(::Irrational{:ℯ}, x::Number) = log(x)
sin(::Irrational{:π}) = 0.0
cos(::Irrational{:π}) = -1.0
tan(::Irrational{:π}) = 0.0
cot(::Irrational{:π}) = -Inf
