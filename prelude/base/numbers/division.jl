# Division of integers in all its roundings, and of real numbers by means of the remainder.

struct RoundingMode{T} end
const RoundNearest = RoundingMode{:Nearest}()
const RoundToZero = RoundingMode{:ToZero}()
const RoundUp = RoundingMode{:Up}()
const RoundDown = RoundingMode{:Down}()
const RoundFromZero = RoundingMode{:FromZero}()
const RoundNearestTiesAway = RoundingMode{:NearestTiesAway}()
const RoundNearestTiesUp = RoundingMode{:NearestTiesUp}()

# ---- integers of one type

@inline div(x::T, y::T) where {T<:BitSigned} = checked_sdiv_int(x, y)
@inline div(x::T, y::T) where {T<:BitUnsigned} = checked_udiv_int(x, y)
@inline rem(x::T, y::T) where {T<:BitSigned} = checked_srem_int(x, y)
@inline rem(x::T, y::T) where {T<:BitUnsigned} = checked_urem_int(x, y)
const ÷ = div
const % = rem

@inline function fld(x::T, y::T) where {T<:BitSigned}
    d = div(x, y)
    inexact = ne_int(mul_int(d, y), x)
    return sub_int(d, rem(and_int(signbit(xor_int(x, y)), inexact), T))
end
@inline function cld(x::T, y::T) where {T<:BitSigned}
    d = div(x, y)
    inexact = ne_int(mul_int(d, y), x)
    return add_int(d, rem(and_int(not_int(signbit(xor_int(x, y))), inexact), T))
end
@inline fld(x::T, y::T) where {T<:BitUnsigned} = div(x, y)
@inline function cld(x::T, y::T) where {T<:BitUnsigned}
    d = div(x, y)
    return add_int(d, rem(ne_int(mul_int(d, y), x), T))
end
@inline function mod(x::T, y::T) where {T<:BitSigned}
    r = rem(x, y)
    return and_int(ne_int(r, zero(T)), signbit(xor_int(r, y))) ? add_int(r, y) : r
end
@inline mod(x::T, y::T) where {T<:BitUnsigned} = rem(x, y)

# ---- a signed and an unsigned integer

@inline div(x::BitSigned, y::BitUnsigned) = flipsign(signed(div(unsigned(abs(x)), y)), x)
@inline div(x::BitUnsigned, y::BitSigned) = unsigned(flipsign(signed(div(x, unsigned(abs(y)))), y))
@inline rem(x::BitSigned, y::BitUnsigned) = flipsign(signed(rem(unsigned(abs(x)), y)), x)
@inline rem(x::BitUnsigned, y::BitSigned) = rem(x, unsigned(abs(y)))
@inline fld(x::BitSigned, y::BitUnsigned) = div(x, y) - (signbit(x) & (rem(x, y) != 0))
@inline fld(x::BitUnsigned, y::BitSigned) = div(x, y) - (signbit(y) & (rem(x, y) != 0))
@inline cld(x::BitSigned, y::BitUnsigned) = div(x, y) + (!signbit(x) & (rem(x, y) != 0))
@inline cld(x::BitUnsigned, y::BitSigned) = div(x, y) + (!signbit(y) & (rem(x, y) != 0))
@inline mod(x::BitSigned, y::BitUnsigned) = rem(y + unsigned(rem(x, y)), y)
@inline mod(x::BitUnsigned, y::BitSigned) = rem(y + signed(rem(x, y)), y)

# ---- real numbers in general

@inline function mod_of_rem(x::T, y::T) where {T<:Real}
    r = rem(x, y)
    iszero(r) && return copysign(r, y)
    return ((r > 0) ⊻ (y > 0)) ? r + y : r
end
@inline fld(x::T, y::T) where {T<:Real} = div(x, y, RoundDown)
@inline cld(x::T, y::T) where {T<:Real} = div(x, y, RoundUp)

@inline mod1(x::T, y::T) where {T<:Real} = (m = mod(x, y); ifelse(iszero(m), y, m))
@inline fld1(x::T, y::T) where {T<:Real} = (m = mod1(x, y); fld((x - m) + y, y))
@inline fld1(x::T, y::T) where {T<:BitInteger} = cld(x, y)
@inline fldmod1(x, y) = (fld1(x, y), mod1(x, y))

# ---- with a rounding mode

@inline div(x::T, y::T, ::RoundingMode{:FromZero}) where {T<:Integer} = signbit(x) === signbit(y) ? cld(x, y) : fld(x, y)
function div(x::T, y::T, r::Union{RoundingMode{:Nearest},RoundingMode{:NearestTiesAway},RoundingMode{:NearestTiesUp}}) where {T<:Integer}
    q = fld(x, y)
    m = x - q * y
    iszero(m) && return q
    # m has the sign of y and is smaller; compare it with what is missing to the next multiple.
    missing_part = y - m
    if abs(m) == abs(missing_part)
        return ties_up(q, r) ? q + one(T) : q
    end
    return abs(m) > abs(missing_part) ? q + one(T) : q
end
@inline ties_up(q, ::RoundingMode{:Nearest}) = isodd(q)
@inline ties_up(q, ::RoundingMode{:NearestTiesUp}) = true
@inline ties_up(q, ::RoundingMode{:NearestTiesAway}) = q >= zero(q)
@inline div(x::Integer, y::Integer, ::RoundingMode{:ToZero}) = div(x, y)
@inline div(x::Integer, y::Integer, ::RoundingMode{:Down}) = fld(x, y)
@inline div(x::Integer, y::Integer, ::RoundingMode{:Up}) = cld(x, y)
@inline function div(x::T, y::S, r::RoundingMode) where {T<:Real,S<:Real}
    T === S && throw_undefined_operator(:div, T)
    R = common_type(T, S)
    return div(convert(R, x), convert(R, y), r)
end

@inline rem(x::Real, y::Real, ::RoundingMode{:ToZero}) = rem(x, y)
@inline rem(x::Real, y::Real, ::RoundingMode{:Down}) = mod(x, y)
@inline rem(x::Real, y::Real, ::RoundingMode{:Up}) = mod(x, -y)
@inline rem(x::Real, y::Real, ::RoundingMode{:FromZero}) = signbit(x) === signbit(y) ? rem(x, y, RoundUp) : rem(x, y, RoundDown)
@inline rem(x::Integer, y::Integer, r::RoundingMode{:Nearest}) = x - y * div(x, y, r)
@inline rem(x::Real, y::Real, r::RoundingMode{:NearestTiesAway}) = x - y * div(x, y, r)
@inline rem(x::Real, y::Real, r::RoundingMode{:NearestTiesUp}) = x - y * div(x, y, r)

@inline divrem(x, y) = (div(x, y), rem(x, y))
@inline divrem(x::T, y::T) where {T<:BitInteger} = (d = div(x, y); (d, sub_int(x, mul_int(d, y))))
@inline divrem(x, y, r::RoundingMode) = (div(x, y, r), rem(x, y, r))
@inline fldmod(x, y) = (fld(x, y), mod(x, y))
@inline fldmod(x::T, y::T) where {T<:BitInteger} = (d = fld(x, y); (d, sub_int(x, mul_int(d, y))))
