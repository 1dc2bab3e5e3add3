# Rounding to digits of any base, and comparison up to rounding errors.

@inline round(x::Real; digits=nothing, sigdigits=nothing, base=nothing) = round_to(x, RoundNearest, digits, sigdigits, base)
@inline round(x::Real, r::RoundingMode; digits=nothing, sigdigits=nothing, base=nothing) = round_to(x, r, digits, sigdigits, base)
@inline trunc(x::Real; digits=nothing, sigdigits=nothing, base=nothing) = round_to(x, RoundToZero, digits, sigdigits, base)
@inline floor(x::Real; digits=nothing, sigdigits=nothing, base=nothing) = round_to(x, RoundDown, digits, sigdigits, base)
@inline ceil(x::Real; digits=nothing, sigdigits=nothing, base=nothing) = round_to(x, RoundUp, digits, sigdigits, base)

@inline round_to(x, r::RoundingMode, ::Nothing, ::Nothing, ::Nothing) = round(x, r)
@inline round_to(x, r::RoundingMode, ::Nothing, ::Nothing, base) = round_to_digits(float(x), r, 0, base)
@inline round_to(x, r::RoundingMode, digits, ::Nothing, ::Nothing) = round_to_digits(float(x), r, digits, 10)
@inline round_to(x, r::RoundingMode, digits, ::Nothing, base) = round_to_digits(float(x), r, digits, base)
@inline round_to(x, r::RoundingMode, ::Nothing, sigdigits, ::Nothing) = round_to_significant(float(x), r, sigdigits, 10)
@inline round_to(x, r::RoundingMode, ::Nothing, sigdigits, base) = round_to_significant(float(x), r, sigdigits, base)
round_to(x, r::RoundingMode, digits, sigdigits, base) =
    throw(ArgumentError("`round` cannot use both `digits` and `sigdigits` arguments."))

function round_to_digits(x::T, r::RoundingMode, digits::Integer, base::Integer) where {T<:AbstractFloat}
    if digits >= 0
        scale = T(base)^digits
        if isfinite(scale)
            y = round(x * scale, r) / scale
        else
            # In two steps, each of which is in range.
            half = T(base)^T(digits / 2)
            y = round((x * half) * half, r) / half / half
        end
        return isfinite(y) ? y : x
    end
    step = T(base)^-digits
    y = round(x / step, r) * step
    isfinite(y) && return y
    x > 0 && return r === RoundUp ? T(Inf) : zero(T)
    x < 0 && return r === RoundDown ? -T(Inf) : -zero(T)
    return x
end

function round_to_significant(x::T, r::RoundingMode, sigdigits::Integer, base::Integer) where {T<:AbstractFloat}
    return round_to_digits(x, r, sigdigits - leading_position(x, base), base)
end

# The number of digits before the point; 0 or less if there are none.
function leading_position(x::AbstractFloat, base::Integer)
    (iszero(x) | !isfinite(x)) && return 0
    base == 10 && return 1 + floor(Int, log10(abs(x)))
    base == 2 && return 1 + exponent(x)
    return 1 + floor(Int, log(base, abs(x)))
end

# ---- about equal

rtoldefault(::Type{T}) where {T<:AbstractFloat} = sqrt(eps(T))
rtoldefault(::Type{T}) where {T<:Real} = 0
rtoldefault(x::Union{T,Type{T}}, y::Union{S,Type{S}}, atol::Real) where {T<:Number,S<:Number} =
    atol > 0 ? zero(default_tolerance(T, S)) : default_tolerance(T, S)
@inline default_tolerance(::Type{T}, ::Type{S}) where {T,S} = max(rtoldefault(real(T)), rtoldefault(real(S)))

@inline isapprox(x::T, y::T) where {T<:IEEEFloat} =
    x == y || (isfinite(x) && isfinite(y) && abs(x - y) <= rtoldefault(T) * max(abs(x), abs(y)))
function isapprox(x::Number, y::Number; atol::Real=0, rtol::Real=rtoldefault(x, y, atol), nans::Bool=false, norm=abs)
    x == y && return true
    if isfinite(x) && isfinite(y)
        return norm(x - y) <= max(atol, rtol * max(norm(x), norm(y)))
    end
    return nans && isnan(x) && isnan(y)
end
function isapprox(x::Integer, y::Integer; atol::Real=0, rtol::Real=rtoldefault(x, y, atol), nans::Bool=false, norm=abs)
    x == y && return true
    norm === abs || return norm(x - y) <= max(atol, rtol * max(norm(x), norm(y)))
    difference = x < y ? unsigned(y - x) : unsigned(x - y)
    return difference <= max(atol, rtol * max(abs(x), abs(y)))
end
isapprox(y; kw...) = ApproximatelyTo(y, values(kw))
struct ApproximatelyTo{T,K} <: Function
    y::T
    options::K
end
(f::ApproximatelyTo)(x) = isapprox(x, f.y; f.options...)
const ≈ = isapprox
≉(x, y; kw...) = !isapprox(x, y; kw...)
