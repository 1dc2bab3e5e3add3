# Floats taken apart: exponents, significands, neighbours.

unsigned_type(::Type{Float16}) = UInt16
unsigned_type(::Type{Float32}) = UInt32
unsigned_type(::Type{Float64}) = UInt64
signed_type(::Type{Float16}) = Int16
signed_type(::Type{Float32}) = Int32
signed_type(::Type{Float64}) = Int64
fraction_width(::Type{Float16}) = 10
fraction_width(::Type{Float32}) = 23
fraction_width(::Type{Float64}) = 52
exponent_bias(::Type{Float16}) = 15
exponent_bias(::Type{Float32}) = 127
exponent_bias(::Type{Float64}) = 1023
uinttype(::Type{T}) where {T<:IEEEFloat} = unsigned_type(T)
inttype(::Type{T}) where {T<:IEEEFloat} = signed_type(T)
significand_bits(::Type{T}) where {T<:IEEEFloat} = fraction_width(T)
exponent_bits(::Type{T}) where {T<:IEEEFloat} = bit_width(T) - fraction_width(T) - 1
sign_mask(::Type{T}) where {T<:IEEEFloat} = bitcast(unsigned_type(T), -zero(T))
exponent_mask(::Type{T}) where {T<:IEEEFloat} = bitcast(unsigned_type(T), T(Inf))
exponent_one(::Type{T}) where {T<:IEEEFloat} = bitcast(unsigned_type(T), one(T))
significand_mask(::Type{T}) where {T<:IEEEFloat} = bitcast(unsigned_type(T), floatmin(T)) - one(unsigned_type(T))

# The biased exponent of the bits without sign.
@inline exponent_field(::Type{T}, magnitude) where {T} = rem(magnitude >>> fraction_width(T), Int)
@inline magnitude_bits(x::T) where {T<:IEEEFloat} = bitcast(unsigned_type(T), abs_float(x))

function exponent(x::T) where {T<:IEEEFloat}
    m = magnitude_bits(x)
    e = exponent_field(T, m)
    if e == 0
        iszero(m) && throw(DomainError(x, "Cannot be ±0.0."))
        # The position of the leading one of a subnormal number.
        return top_set_bit(m) - fraction_width(T) - exponent_bias(T)
    end
    isfinite(x) || throw(DomainError(x, "Cannot be NaN or Inf."))
    return e - exponent_bias(T)
end
exponent(x::Real) = exponent(float(x))

# The number with this sign and significand between 1 and 2; x must be finite and not zero.
@inline function with_exponent(x::T, e::Int) where {T<:IEEEFloat}
    U = unsigned_type(T)
    bits = bitcast(U, x)
    m = magnitude_bits(x)
    if exponent_field(T, m) == 0
        bits = (bits & sign_mask(T)) | (m << (fraction_width(T) + 1 - top_set_bit(m)))
    end
    kept = bits & (sign_mask(T) | significand_mask(T))
    return bitcast(T, kept | (rem(e + exponent_bias(T), U) << fraction_width(T)))
end

function significand(x::T) where {T<:IEEEFloat}
    (iszero(x) | !isfinite(x)) && return x
    return with_exponent(x, 0)
end

function frexp(x::T) where {T<:IEEEFloat}
    (iszero(x) | !isfinite(x)) && return (x, 0)
    return (with_exponent(x, -1), exponent(x) + 1)
end

@inline ldexp(x::IEEEFloat, n::Integer) = ldexp(x, saturated(n))
function ldexp(x::T, n::Int) where {T<:IEEEFloat}
    (iszero(x) | !isfinite(x)) && return x
    limit = 4 * exponent_bias(T)
    e = exponent(x) + clamp(n, -limit, limit)
    e > exponent_bias(T) && return copysign(T(Inf), x)
    e >= 1 - exponent_bias(T) && return with_exponent(x, e)
    # A subnormal result is rounded once, by a product with a power of two.
    shift = fraction_width(T) + 2
    e + shift < 1 - exponent_bias(T) && return copysign(zero(T), x)
    return with_exponent(x, e + shift) * with_exponent(one(T), -shift)
end

function modf(x::T) where {T<:AbstractFloat}
    isinf(x) && return (copysign(zero(T), x), x)
    whole = trunc(x)
    return (copysign(x - whole, x), whole)
end
modf(x::Real) = modf(float(x))

# The n-th next number. Numbers are counted by their bits, negative ones downwards.
@inline nextfloat(x::IEEEFloat, n::Integer) = nextfloat(x, saturated(n))
function nextfloat(x::T, n::Int) where {T<:IEEEFloat}
    (isnan(x) | (n == 0)) && return x
    most = rem(exponent_mask(T), Int)
    m = rem(magnitude_bits(x), Int)
    at = checked_sadd_int(ifelse(signbit(x), -m, m), n)
    to = getfield(at, 1)
    if getfield(at, 2)
        to = n > 0 ? most : -most
    end
    to == 0 && return copysign(zero(T), x)
    size = bitcast(T, rem(min(abs(to), most), unsigned_type(T)))
    return ifelse(to < 0, -size, size)
end
@inline nextfloat(x::IEEEFloat) = nextfloat(x, 1)
@inline prevfloat(x::IEEEFloat) = nextfloat(x, -1)
@inline prevfloat(x::IEEEFloat, n::Integer) = nextfloat(x, -max(saturated(n), -typemax(Int)))
