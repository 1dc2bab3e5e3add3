# Arithmetic, comparison and rounding of floats.

@inline -(x::IEEEFloat) = neg_float(x)
@inline +(x::T, y::T) where {T<:IEEEFloat} = add_float(x, y)
@inline -(x::T, y::T) where {T<:IEEEFloat} = sub_float(x, y)
@inline *(x::T, y::T) where {T<:IEEEFloat} = mul_float(x, y)
@inline /(x::T, y::T) where {T<:IEEEFloat} = div_float(x, y)
@inline inv(x::T) where {T<:IEEEFloat} = div_float(one(T), x)
@inline inv(x::Number) = one(x) / x
@inline fma(x::T, y::T, z::T) where {T<:IEEEFloat} = fma_float(x, y, z)
@inline muladd(x::T, y::T, z::T) where {T<:IEEEFloat} = muladd_float(x, y, z)
@inline fma(x::T, y::T, z::T) where {T<:Integer} = x * y + z

# ---- comparison

@inline ==(x::T, y::T) where {T<:IEEEFloat} = eq_float(x, y)
@inline !=(x::T, y::T) where {T<:IEEEFloat} = ne_float(x, y)
@inline <(x::T, y::T) where {T<:IEEEFloat} = lt_float(x, y)
@inline <=(x::T, y::T) where {T<:IEEEFloat} = le_float(x, y)
@inline isequal(x::T, y::T) where {T<:IEEEFloat} = fpiseq(x, y)
@inline isequal(x::AbstractFloat, y::AbstractFloat) = isequal_float(x, y)
@inline isequal(x::AbstractFloat, y::Real) = isequal_float(x, y)
@inline isequal(x::Real, y::AbstractFloat) = isequal_float(x, y)
@inline isequal_float(x, y) = (isnan(x) & isnan(y)) | ((signbit(x) === signbit(y)) & (x == y))

# -0.0 is before 0.0, NaN behind everything.
@inline isless(x::AbstractFloat, y::AbstractFloat) = isless_float(x, y)
@inline isless(x::AbstractFloat, y::Real) = isless_float(x, y)
@inline isless(x::Real, y::AbstractFloat) = isless_float(x, y)
@inline isless_float(x, y) = (!isnan(x) & (isnan(y) | ((x == y) & signbit(x) & !signbit(y)))) | (x < y)

# Exact comparison with integers. Those of up to 32 bits are exact in Float64. Of a larger one the
# rounded value decides, unless it is the float itself; then the float is an integer, 2^n at most.
@inline ==(x::S, y::T) where {S<:BitInteger,T<:IEEEFloat} = equal_to_float(x, Float64(y))
@inline ==(x::T, y::S) where {S<:BitInteger,T<:IEEEFloat} = equal_to_float(y, Float64(x))
@inline <(x::S, y::T) where {S<:BitInteger,T<:IEEEFloat} = less_than_float(x, Float64(y))
@inline <(x::T, y::S) where {S<:BitInteger,T<:IEEEFloat} = greater_than_float(y, Float64(x))
@inline <=(x::S, y::T) where {S<:BitInteger,T<:IEEEFloat} = or_int(less_than_float(x, Float64(y)), equal_to_float(x, Float64(y)))
@inline <=(x::T, y::S) where {S<:BitInteger,T<:IEEEFloat} = or_int(greater_than_float(y, Float64(x)), equal_to_float(y, Float64(x)))
@inline function equal_to_float(x::S, y::Float64) where {S}
    rounded = Float64(x)
    slt_int(sizeof(S), 8) && return eq_float(rounded, y)
    return eq_float(rounded, y) && lt_float(y, upper_bound(S)) && eq_int(unsafe_trunc(S, y), x)
end
@inline function less_than_float(x::S, y::Float64) where {S}
    rounded = Float64(x)
    slt_int(sizeof(S), 8) && return lt_float(rounded, y)
    lt_float(rounded, y) && return true
    return eq_float(rounded, y) && (le_float(upper_bound(S), y) || x < unsafe_trunc(S, y))
end
@inline function greater_than_float(x::S, y::Float64) where {S}
    rounded = Float64(x)
    slt_int(sizeof(S), 8) && return lt_float(y, rounded)
    lt_float(y, rounded) && return true
    return eq_float(rounded, y) && lt_float(y, upper_bound(S)) && unsafe_trunc(S, y) < x
end

# NaN if one is NaN; 0.0 is larger than -0.0. The difference has the sign that decides.
@inline function max(x::T, y::T) where {T<:IEEEFloat}
    d = sub_float(x, y)
    larger = ifelse(signbit(d), y, x)
    return ifelse(isnan(x) | isnan(y), d, larger)
end
@inline function min(x::T, y::T) where {T<:IEEEFloat}
    d = sub_float(x, y)
    smaller = ifelse(signbit(d), x, y)
    return ifelse(isnan(x) | isnan(y), d, smaller)
end
@inline minmax(x::T, y::T) where {T<:IEEEFloat} = (min(x, y), max(x, y))

# ---- sign and kind

@inline abs(x::IEEEFloat) = abs_float(x)
@inline signbit(x::T) where {T<:IEEEFloat} = signbit(bitcast(signed_type(T), x))
@inline sign(x::T) where {T<:IEEEFloat} = ifelse(or_int(isnan(x), eq_float(x, zero(T))), x, copysign_float(one(T), x))
@inline copysign(x::T, y::T) where {T<:IEEEFloat} = copysign_float(x, y)
@inline copysign(x::T, y::Real) where {T<:IEEEFloat} = copysign_float(x, ifelse(signbit(y), -one(T), one(T)))
@inline flipsign(x::T, y::T) where {T<:IEEEFloat} = ifelse(signbit(y), neg_float(x), x)
@inline flipsign(x::T, y::Real) where {T<:IEEEFloat} = ifelse(signbit(y), neg_float(x), x)
@inline isnan(x::IEEEFloat) = ne_float(x, x)
@inline isfinite(x::T) where {T<:IEEEFloat} = lt_float(abs_float(x), T(Inf))
@inline isinf(x::T) where {T<:IEEEFloat} = eq_float(abs_float(x), T(Inf))
@inline isinteger(x::AbstractFloat) = iszero(x - trunc(x))
@inline issubnormal(x::T) where {T<:IEEEFloat} = and_int(lt_float(abs_float(x), floatmin(T)), ne_float(x, zero(T)))
issubnormal(x::Integer) = false
@inline iszero(x::T) where {T<:IEEEFloat} = eq_float(x, zero(T))
@inline isone(x::T) where {T<:IEEEFloat} = eq_float(x, one(T))

# ---- remainder and quotient

@inline rem(x::T, y::T) where {T<:IEEEFloat} = rem_float(x, y)
@inline function mod(x::T, y::T) where {T<:IEEEFloat}
    r = rem_float(x, y)
    iszero(r) && return copysign(r, y)
    return (r > zero(T)) ⊻ (y > zero(T)) ? r + y : r
end
@inline rem(x::Float64, y::Float64, ::RoundingMode{:Nearest}) = ccall(:remainder, Float64, (Float64, Float64), x, y)
@inline rem(x::Float32, y::Float32, ::RoundingMode{:Nearest}) = ccall(:remainderf, Float32, (Float32, Float32), x, y)
@inline rem(x::Float16, y::Float16, r::RoundingMode{:Nearest}) = Float16(rem(Float32(x), Float32(y), r))
@inline function rem(x::T, y::S, r::RoundingMode{:Nearest}) where {T<:Real,S<:Real}
    T === S && throw_undefined_operator(:rem, T)
    R = common_type(T, S)
    return rem(convert(R, x), convert(R, y), r)
end
@inline div(x::T, y::T) where {T<:IEEEFloat} = div(x, y, RoundToZero)
@inline div(x::T, y::T, r::RoundingMode) where {T<:IEEEFloat} = round((x - rem(x, y, r)) / y)

# ---- to an integer value

@inline trunc(x::IEEEFloat) = trunc_llvm(x)
@inline floor(x::IEEEFloat) = floor_llvm(x)
@inline ceil(x::IEEEFloat) = ceil_llvm(x)
@inline round(x::IEEEFloat) = rint_llvm(x)
@inline round(x::IEEEFloat, ::RoundingMode{:Nearest}) = rint_llvm(x)
@inline round(x::IEEEFloat, ::RoundingMode{:ToZero}) = trunc_llvm(x)
@inline round(x::IEEEFloat, ::RoundingMode{:Down}) = floor_llvm(x)
@inline round(x::IEEEFloat, ::RoundingMode{:Up}) = ceil_llvm(x)
@inline round(x::IEEEFloat, ::RoundingMode{:FromZero}) = ifelse(signbit(x), floor_llvm(x), ceil_llvm(x))
@inline function round(x::T, ::RoundingMode{:NearestTiesAway}) where {T<:IEEEFloat}
    t = trunc_llvm(x)
    return ifelse(abs(x - t) >= one(T) / T(2), t + copysign(one(T), x), t)
end
@inline function round(x::T, ::RoundingMode{:NearestTiesUp}) where {T<:IEEEFloat}
    f = floor_llvm(x)
    return copysign(ifelse(x - f >= one(T) / T(2), f + one(T), f), x)
end

@inline trunc(x::Integer) = x
@inline floor(x::Integer) = x
@inline ceil(x::Integer) = x
@inline round(x::Integer) = x
@inline round(x::Integer, r::RoundingMode) = x

@inline function trunc(::Type{T}, x::IEEEFloat) where {T<:BitInteger}
    t = trunc_llvm(x)
    in_range(T, t) || throw_inexact(:trunc, T, x)
    return unsafe_trunc(T, t)
end
@inline function trunc(::Type{Bool}, x::IEEEFloat)
    and_int(x > -one(x), x < one(x) + one(x)) || throw_inexact(:trunc, Bool, x)
    return x >= one(x)
end
@inline floor(::Type{T}, x::AbstractFloat) where {T<:Integer} = trunc(T, floor(x))
@inline ceil(::Type{T}, x::AbstractFloat) where {T<:Integer} = trunc(T, ceil(x))
@inline round(::Type{T}, x::AbstractFloat) where {T<:Integer} = trunc(T, round(x))
@inline round(::Type{T}, x::AbstractFloat, r::RoundingMode) where {T<:Integer} = trunc(T, round(x, r))
@inline trunc(::Type{Integer}, x::IEEEFloat) = trunc(Int, x)
@inline trunc(::Type{Signed}, x::IEEEFloat) = trunc(Int, x)
@inline trunc(::Type{Unsigned}, x::IEEEFloat) = trunc(UInt, x)
@inline trunc(::Type{T}, x::Integer) where {T<:Integer} = convert(T, x)
@inline floor(::Type{T}, x::Integer) where {T<:Integer} = convert(T, x)
@inline ceil(::Type{T}, x::Integer) where {T<:Integer} = convert(T, x)
@inline round(::Type{T}, x::Integer) where {T<:Integer} = convert(T, x)
@inline round(::Type{T}, x::Integer, r::RoundingMode) where {T<:Integer} = convert(T, x)
@inline trunc(::Type{T}, x::Real) where {T<:AbstractFloat} = convert(T, trunc(x))
@inline floor(::Type{T}, x::Real) where {T<:AbstractFloat} = convert(T, floor(x))
@inline ceil(::Type{T}, x::Real) where {T<:AbstractFloat} = convert(T, ceil(x))
@inline round(::Type{T}, x::Real) where {T<:AbstractFloat} = convert(T, round(x))
@inline round(::Type{T}, x::Real, r::RoundingMode) where {T<:AbstractFloat} = convert(T, round(x, r))
