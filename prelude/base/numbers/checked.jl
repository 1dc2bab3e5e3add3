# Integer arithmetic that refuses to overflow, or tells that it did.

@inline add_with_overflow(x::T, y::T) where {T<:BitSigned} = checked_sadd_int(x, y)
@inline add_with_overflow(x::T, y::T) where {T<:BitUnsigned} = checked_uadd_int(x, y)
@inline sub_with_overflow(x::T, y::T) where {T<:BitSigned} = checked_ssub_int(x, y)
@inline sub_with_overflow(x::T, y::T) where {T<:BitUnsigned} = checked_usub_int(x, y)
@inline mul_with_overflow(x::T, y::T) where {T<:BitSigned} = checked_smul_int(x, y)
@inline mul_with_overflow(x::T, y::T) where {T<:BitUnsigned} = checked_umul_int(x, y)
add_with_overflow(x::Bool, y::Bool) = (x + y, false)
sub_with_overflow(x::Bool, y::Bool) = (x - y, false)
mul_with_overflow(x::Bool, y::Bool) = (x * y, false)
@inline add_with_overflow(x::T, y::S) where {T<:Integer,S<:Integer} = (R = common_type(T, S); add_with_overflow(convert(R, x), convert(R, y)))
@inline sub_with_overflow(x::T, y::S) where {T<:Integer,S<:Integer} = (R = common_type(T, S); sub_with_overflow(convert(R, x), convert(R, y)))
@inline mul_with_overflow(x::T, y::S) where {T<:Integer,S<:Integer} = (R = common_type(T, S); mul_with_overflow(convert(R, x), convert(R, y)))

@inline throw_overflow(operator::Symbol, x::T, y) where {T} =
    throw(OverflowError(LazyString(x, " ", operator, " ", y, " overflowed for type ", T)))

@inline checked_add(x::T, y::T) where {T<:BitInteger} =
    (r = add_with_overflow(x, y); getfield(r, 2) ? throw_overflow(:+, x, y) : getfield(r, 1))
@inline checked_sub(x::T, y::T) where {T<:BitInteger} =
    (r = sub_with_overflow(x, y); getfield(r, 2) ? throw_overflow(:-, x, y) : getfield(r, 1))
@inline checked_mul(x::T, y::T) where {T<:BitInteger} =
    (r = mul_with_overflow(x, y); getfield(r, 2) ? throw_overflow(:*, x, y) : getfield(r, 1))
checked_add(x::Integer) = x
checked_mul(x::Integer) = x
checked_add(x::Bool, y::Bool) = x + y
checked_sub(x::Bool, y::Bool) = x - y
checked_mul(x::Bool, y::Bool) = x * y
@inline checked_add(x::T, y::S) where {T<:Integer,S<:Integer} = (R = common_type(T, S); checked_add(convert(R, x), convert(R, y)))
@inline checked_sub(x::T, y::S) where {T<:Integer,S<:Integer} = (R = common_type(T, S); checked_sub(convert(R, x), convert(R, y)))
@inline checked_mul(x::T, y::S) where {T<:Integer,S<:Integer} = (R = common_type(T, S); checked_mul(convert(R, x), convert(R, y)))
@inline checked_add(x, y, z, more...) = checked_add(checked_add(x, y), z, more...)
@inline checked_mul(x, y, z, more...) = checked_mul(checked_mul(x, y), z, more...)

@inline checked_neg(x::BitInteger) = checked_sub(zero(x), x)
@inline checked_neg(x::Bool) = -x
@inline function checked_abs(x::T) where {T<:BitSigned}
    a = abs(x)
    a < 0 && throw_checked_abs(x)
    return a
end
checked_abs(x::Integer) = abs(x)
@inline throw_checked_abs(x::T) where {T} =
    throw(OverflowError(LazyString("checked arithmetic: cannot compute |x| for x = ", x, "::", T)))

@inline checked_div(x::Integer, y::Integer) = div(x, y)
@inline checked_rem(x::Integer, y::Integer) = rem(x, y)
@inline checked_fld(x::Integer, y::Integer) = fld(x, y)
@inline checked_mod(x::Integer, y::Integer) = mod(x, y)
@inline checked_cld(x::Integer, y::Integer) = cld(x, y)
@inline function checked_pow(x::Integer, p::Integer)
    result = one(x)
    square = x
    p < 0 && throw_negative_power(p)
    while true
        isodd(p) && (result = checked_mul(result, square))
        p >>= 1
        iszero(p) && return result
        square = checked_mul(square, square)
    end
end
