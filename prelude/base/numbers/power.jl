# Powers: of integers by squaring, of floats by squaring in twice the precision or by libm.

@inline ^(x::T, p::T) where {T<:Integer} = power_by_squaring(x, p)
@inline ^(x::T, p::S) where {T<:Integer,S<:Integer} = power_by_squaring(x, p)
@inline ^(x::Bool, p::Bool) = x | !p
@inline ^(x::Integer, p::Bool) = ifelse(p, x, one(x))
@inline ^(x::T, p::Integer) where {T<:Number} = power_by_squaring(x, p)
@inline ^(x::T, p::Bool) where {T<:Number} = p ? x : one(x)

function power_by_squaring(x, p::Integer)
    p < 0 && return negative_power(x, p)
    p == 0 && return one(x) * one(x)
    result = to_power_type(x)
    square = result
    # The lowest bit that is set begins the product.
    zeros = trailing_zeros(p)
    while zeros > 0
        square *= square
        zeros -= 1
    end
    result = square
    p >>= trailing_zeros(p) + 1
    while p > 0
        square *= square
        isodd(p) && (result *= square)
        p >>= 1
    end
    return result
end
function power_by_squaring(x::BitInteger, p::Integer)
    p < 0 && return negative_power(x, p)
    result = one(x)
    while true
        isodd(p) && (result *= x)
        p >>= 1
        iszero(p) && return result
        x *= x
    end
end
function power_by_squaring(x::Bool, p::Integer)
    p < 0 && !x && throw_negative_power(p)
    return iszero(p) | x
end
@inline to_power_type(x::Number) = oftype(x * x, x)
@inline to_power_type(x) = convert(typeof(x * x), x)

function negative_power(x::Integer, p::Integer)
    x == 1 && return one(x)
    x == -1 && return iseven(p) ? one(x) : -one(x)
    throw_negative_power(p)
end
function negative_power(x::Complex{<:Integer}, p::Integer)
    isone(x) && return one(x)
    isone(-x) && return iseven(p) ? one(x) : -one(x)
    throw(DomainError(p, LazyString("Cannot raise an integer x to a negative power ", p, ".\nConvert input to float.")))
end
negative_power(x, p::Integer) = power_by_squaring(inv(x), -p)
@noinline throw_negative_power(p) = throw(DomainError(p, LazyString(
    "Cannot raise an integer x to a negative power ", p, ".", "\nMake x or ", p, " a float by adding a zero decimal ",
    "(e.g., 2.0^", p, " or 2^", float(p), " instead of 2^", p, ")", "or write 1/x^", -p, ", float(x)^", p, ", x^float(", p,
    ") or (x//1)^", p, ".")))

# ---- x^3 with a literal exponent

@inline function literal_pow(f::typeof(^), x, ::Val{p}) where {p}
    if x isa HWReal
        p === 0 && return one(x)
        p === 1 && return x
        p === 2 && return x * x
        p === 3 && return x * x * x
        p === -1 && return inv(x)
        if p === -2
            i = inv(x)
            return i * i
        end
        p isa Int && p < 0 && x isa BitInteger64 && return Float64(x)^p
        return x^p
    end
    return literal_power(x, Val(p))
end
@inline literal_pow(f, x, ::Val{p}) where {p} = f(x, p)
@inline function literal_power(x::Number, ::Val{p}) where {p}
    p === 0 && return one(x)
    p === 1 && return x
    p === 2 && return x * x
    p === 3 && return x * x * x
    p isa Int && p < 0 && return inv(x)^-p
    return x^p
end
@inline function literal_power(x, ::Val{p}) where {p}
    p isa Int && p < 0 && return inv(x)^-p
    return x^p
end

# ---- floats

# Beyond these exponents the errors of squaring could add up.
@inline use_squaring(n::Int) = -4096 <= n && n <= 24576

@inline ^(x::Float64, n::Integer) = float_power(x, saturated(n))
@inline ^(x::Float64, n::Bool) = n ? x : 1.0
@inline ^(x::Float32, n::Integer) = narrow_power(x, saturated(n))
@inline ^(x::Float16, n::Integer) = narrow_power(x, saturated(n))
@inline ^(x::Float32, n::Bool) = n ? x : 1.0f0
@inline ^(x::Float16, n::Bool) = n ? x : one(x)

function float_power(x::Float64, n::Int)
    use_squaring(n) && return power_in_pairs(x, n)
    return libm_power(x, Float64(n))
end
function narrow_power(x::T, n::Int) where {T}
    n == -2 && return (i = inv(x); i * i)
    n == 3 && return x * x * x
    n < 0 && return T(power_by_repetition(inv(widen(x)), -n))
    return T(power_by_repetition(widen(x), n))
end
function power_by_repetition(x::T, n::Int) where {T<:AbstractFloat}
    result = one(T)
    while n > 0
        isodd(n) && (result *= x)
        x *= x
        n >>= 1
    end
    return result
end

# The exact product of two floats as a sum of two.
@inline function exact_product(x::Float64, y::Float64)
    high = x * y
    return (high, fma_float(x, y, -high))
end

# Base and result are sums of two floats, of which the second one is the error of the first.
function power_in_pairs(x::Float64, n::Int)
    n == 3 && return x * x * x
    result = 1.0
    result_error = 0.0
    base_error = 0.0
    if n < 0
        i = inv(x)
        n == -2 && return i * i
        isfinite(x) && (base_error = -fma_float(x, i, -1.0) * i)
        x = i
        n = -n
    end
    while n > 1
        if isodd(n)
            cross = muladd_float(result, base_error, x * result_error)
            product = exact_product(x, result)
            result = getfield(product, 1)
            result_error = getfield(product, 2) + cross
        end
        cross = x * 2.0 * base_error
        product = exact_product(x, x)
        x = getfield(product, 1)
        base_error = getfield(product, 2) + cross
        n >>= 1
    end
    n == 0 && return 1.0
    cross = muladd_float(result, base_error, x * result_error)
    return ifelse(isfinite(x) & isfinite(cross), muladd_float(x, result, cross), x * result)
end

function ^(x::Float64, y::Float64)
    x === 1.0 && return 1.0
    isnan(y) && return y
    if abs(y) < 9.0e15
        n = unsafe_trunc(Int, y)
        if Float64(n) == y
            n == 0 && return 1.0
            use_squaring(n) && return power_in_pairs(x, n)
            return libm_power(x, y)
        end
        x < 0.0 && throw_power_domain(x)
    end
    return libm_power(x, y)
end
function ^(x::Float32, y::Float32)
    x === 1.0f0 && return 1.0f0
    isnan(y) && return y
    if abs(y) < 1.6777216f7
        n = unsafe_trunc(Int, y)
        Float32(n) == y && return narrow_power(x, n)
        x < 0.0f0 && throw_power_domain(x)
    end
    return Float32(libm_power(Float64(x), Float64(y)))
end
@inline ^(x::Float16, y::Float16) = Float16(half_power(Float32(x), Float32(y), x))
function half_power(x::Float32, y::Float32, original::Float16)
    x < 0.0f0 && isfinite(y) && trunc(y) != y && throw_power_domain(original)
    return x^y
end
@inline libm_power(x::Float64, y::Float64) = ccall(:pow, Float64, (Float64, Float64), x, y)
@noinline throw_power_domain(x) = throw(DomainError(x, "Exponentiation yielding a complex result requires a complex argument.\nReplace x^y with (x+0im)^y, Complex(x)^y, or similar."))
