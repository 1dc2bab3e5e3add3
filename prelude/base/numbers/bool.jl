# Bool: a number that is 0 or 1.

@inline !(x::Bool) = not_int(x)
@inline ~(x::Bool) = not_int(x)
@inline (&)(x::Bool, y::Bool) = and_int(x, y)
@inline (|)(x::Bool, y::Bool) = or_int(x, y)
@inline xor(x::Bool, y::Bool) = xor_int(x, y)

zero(x::Bool) = false
one(x::Bool) = true
iszero(x::Bool) = !x
isone(x::Bool) = x
signbit(x::Bool) = false
sign(x::Bool) = x
abs(x::Bool) = x
abs2(x::Bool) = x
isodd(x::Bool) = x
iseven(x::Bool) = !x
count_ones(x::Bool) = Int(x)
leading_zeros(x::Bool) = Int(!x)
trailing_zeros(x::Bool) = Int(!x)
typemin(x::Bool) = false
typemax(x::Bool) = true
widen(::Type{Bool}) = Int

@inline +(x::Bool) = Int(x)
@inline -(x::Bool) = neg_int(Int(x))
@inline +(x::Bool, y::Bool) = add_int(Int(x), Int(y))
@inline -(x::Bool, y::Bool) = sub_int(Int(x), Int(y))
@inline *(x::Bool, y::Bool) = and_int(x, y)
@inline /(x::Bool, y::Bool) = Float64(x) / Float64(y)
@inline inv(x::Bool) = inv(Float64(x))
@inline ==(x::Bool, y::Bool) = eq_int(x, y)
@inline <(x::Bool, y::Bool) = and_int(not_int(x), y)
@inline <=(x::Bool, y::Bool) = or_int(not_int(x), y)

# `false` is a zero that nothing, not even NaN, survives; adding it changes nothing, not even -0.0.
@inline *(x::Bool, y::T) where {T<:AbstractFloat} = ifelse(x, y, copysign(zero(y), y))
@inline *(x::T, y::Bool) where {T<:AbstractFloat} = y * x
@inline *(x::Bool, y::T) where {T<:BitInteger} = ifelse(x, y, zero(y))
@inline *(x::T, y::Bool) where {T<:BitInteger} = ifelse(y, x, zero(x))
@inline +(x::Bool, y::T) where {T<:AbstractFloat} = ifelse(x, oneunit(y) + y, y)
@inline +(x::T, y::Bool) where {T<:AbstractFloat} = ifelse(y, oneunit(x) + x, x)

@inline div(x::Bool, y::Bool) = y ? x : throw(DivideError())
@inline rem(x::Bool, y::Bool) = y ? false : throw(DivideError())
@inline mod(x::Bool, y::Bool) = rem(x, y)
@inline fld(x::Bool, y::Bool) = div(x, y)
@inline cld(x::Bool, y::Bool) = div(x, y)

@inline <<(x::Bool, n::Integer) = Int(x) << n
@inline >>(x::Bool, n::Integer) = Int(x) >> n
@inline >>>(x::Bool, n::Integer) = Int(x) >>> n

@inline max(x::Bool, y::Bool) = or_int(x, y)
@inline min(x::Bool, y::Bool) = and_int(x, y)
@inline flipsign(x::Bool, y::Bool) = ifelse(signbit(y), -x, +x)
