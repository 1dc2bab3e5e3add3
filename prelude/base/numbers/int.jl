# Arithmetic, comparison and bits of integers.

@inline -(x::BitInteger) = neg_int(x)
@inline +(x::T, y::T) where {T<:BitInteger} = add_int(x, y)
@inline -(x::T, y::T) where {T<:BitInteger} = sub_int(x, y)
@inline *(x::T, y::T) where {T<:BitInteger} = mul_int(x, y)
@inline /(x::T, y::T) where {T<:BitInteger} = Float64(x) / Float64(y)
@inline /(x::Integer, y::Integer) = float(x) / float(y)
@inline inv(x::Integer) = float(one(x)) / float(x)
@inline \(x::Union{Real,Complex}, y::Union{Real,Complex}) = y / x
\(x, y) = adjoint(adjoint(y) / adjoint(x))

# ---- comparison

@inline ==(x::T, y::T) where {T<:BitInteger} = eq_int(x, y)
@inline !=(x::T, y::T) where {T<:BitInteger} = ne_int(x, y)
@inline <(x::T, y::T) where {T<:BitSigned} = slt_int(x, y)
@inline <(x::T, y::T) where {T<:BitUnsigned} = ult_int(x, y)
@inline <=(x::T, y::T) where {T<:BitSigned} = sle_int(x, y)
@inline <=(x::T, y::T) where {T<:BitUnsigned} = ule_int(x, y)

# Integers of different types compare by value. The common type holds both, except that a negative
# number has no place in an unsigned one.
@inline function ==(x::T, y::S) where {T<:BitInteger,S<:BitInteger}
    R = promote_type(T, S)
    same = eq_int(rem(x, R), rem(y, R))
    R <: Unsigned && T <: Signed && return and_int(same, is_not_negative(x))
    R <: Unsigned && S <: Signed && return and_int(same, is_not_negative(y))
    return same
end
@inline function <(x::T, y::S) where {T<:BitInteger,S<:BitInteger}
    R = promote_type(T, S)
    R <: Signed && return slt_int(rem(x, R), rem(y, R))
    less = ult_int(rem(x, R), rem(y, R))
    T <: Signed && return or_int(less, not_int(is_not_negative(x)))
    S <: Signed && return and_int(less, is_not_negative(y))
    return less
end
@inline function <=(x::T, y::S) where {T<:BitInteger,S<:BitInteger}
    R = promote_type(T, S)
    R <: Signed && return sle_int(rem(x, R), rem(y, R))
    less = ule_int(rem(x, R), rem(y, R))
    T <: Signed && return or_int(less, not_int(is_not_negative(x)))
    S <: Signed && return and_int(less, is_not_negative(y))
    return less
end
@inline is_not_negative(x::BitSigned) = sle_int(zero(x), x)

@inline isless(x::Real, y::Real) = x < y
@inline isequal(x::Number, y::Number) = x == y
@inline cmp(x::Real, y::Real) = isless(x, y) ? -1 : ifelse(isless(y, x), 1, 0)
@inline cmp(x::T, y::T) where {T<:BitInteger} = sub_int(zext_int(Int, bitcast(UInt8, y < x)), zext_int(Int, bitcast(UInt8, x < y)))

@inline max(x::T, y::T) where {T<:BitInteger} = ifelse(y < x, x, y)
@inline min(x::T, y::T) where {T<:BitInteger} = ifelse(y < x, y, x)

@inline function clamp(x::X, lo::L, hi::H) where {X,L,H}
    T = promote_type(X, L, H)
    # Only the result need fit into T: an Int's least number is no UInt64.
    return hi < x ? convert(T, hi) : x < lo ? convert(T, lo) : convert(T, x)
end
@inline clamp(x, ::Type{T}) where {T<:Integer} = rem(clamp(x, typemin(T), typemax(T)), T)

# As an Int, or the nearest one.
saturated(n::Int) = n
@inline saturated(n::Union{Bool,Int8,Int16,Int32,UInt8,UInt16,UInt32}) = Int(n)
@inline saturated(n::Integer) = clamp(n, Int)

# ---- sign

@inline abs(x::BitSigned) = flipsign_int(x, x)
abs(x::Unsigned) = x
@inline abs(x::Real) = ifelse(signbit(x), -x, x)
@inline abs2(x::Number) = abs(x)^2
@inline abs2(x::Real) = x * x
@inline sign(x::Number) = iszero(x) ? x : x / abs(x)
@inline sign(x::Real) = x > zero(x) ? one(x) : x < zero(x) ? -one(x) : one(x) * x
@inline sign(x::BitSigned) = or_int(ashr_int(x, bitcast(UInt64, sub_int(bit_width(typeof(x)), 1))), rem(ne_int(x, zero(x)), typeof(x)))
@inline sign(x::BitUnsigned) = rem(ne_int(x, zero(x)), typeof(x))
@inline signbit(x::BitSigned) = slt_int(x, zero(x))
signbit(x::Unsigned) = false
@inline signbit(x::Real) = x < 0
@inline flipsign(x::T, y::T) where {T<:BitSigned} = flipsign_int(x, y)
@inline flipsign(x::Real, y::Real) = ifelse(signbit(y), -x, +x)
@inline flipsign(x::Unsigned, y::Real) = ifelse(signbit(y), -x, +x)
@inline copysign(x::T, y::T) where {T<:BitSigned} = flipsign_int(x, xor_int(x, y))
@inline copysign(x::Real, y::Real) = ifelse(signbit(x) !== signbit(y), -x, +x)
copysign(x::Unsigned, y::Unsigned) = x

# ---- bits

@inline ~(x::BitInteger) = not_int(x)
@inline (&)(x::T, y::T) where {T<:BitInteger} = and_int(x, y)
@inline (|)(x::T, y::T) where {T<:BitInteger} = or_int(x, y)
@inline xor(x::T, y::T) where {T<:BitInteger} = xor_int(x, y)
@inline nand(x::Integer, y::Integer) = ~(x & y)
@inline nor(x::Integer, y::Integer) = ~(x | y)
@inline nand(x::Integer, y::Integer, z::Integer, more::Integer...) = ~((&)(x, y, z, more...))
@inline nor(x::Integer, y::Integer, z::Integer, more::Integer...) = ~((|)(x, y, z, more...))
xor(x::Integer) = x
(&)(x::Integer) = x
(|)(x::Integer) = x
const ⊻ = xor
const ⊼ = nand
const ⊽ = nor

# A count of the type's width or more shifts everything out, a negative one shifts the other way.
@inline <<(x::BitInteger, n::BitUnsigned) = shl_int(x, n)
@inline >>(x::BitSigned, n::BitUnsigned) = ashr_int(x, n)
@inline >>(x::BitUnsigned, n::BitUnsigned) = lshr_int(x, n)
@inline >>>(x::BitInteger, n::BitUnsigned) = lshr_int(x, n)
@inline <<(x::BitInteger, n::BitSigned) = is_not_negative(n) ? x << unsigned(n) : x >> unsigned(neg_int(n))
@inline >>(x::BitInteger, n::BitSigned) = is_not_negative(n) ? x >> unsigned(n) : x << unsigned(neg_int(n))
@inline >>>(x::BitInteger, n::BitSigned) = is_not_negative(n) ? x >>> unsigned(n) : x << unsigned(neg_int(n))
@inline <<(x::BitInteger, n::Bool) = x << UInt8(n)
@inline >>(x::BitInteger, n::Bool) = x >> UInt8(n)
@inline >>>(x::BitInteger, n::Bool) = x >>> UInt8(n)

@inline count_ones(x::BitInteger) = rem(ctpop_int(x), Int)
@inline count_zeros(x::Integer) = count_ones(~x)
@inline leading_zeros(x::BitInteger) = rem(ctlz_int(x), Int)
@inline trailing_zeros(x::BitInteger) = rem(cttz_int(x), Int)
@inline leading_ones(x::Integer) = leading_zeros(~x)
@inline trailing_ones(x::Integer) = trailing_zeros(~x)
@inline top_set_bit(x::BitInteger) = sub_int(bit_width(typeof(x)), leading_zeros(x))
@inline bswap(x::T) where {T<:BitInteger} = sizeof(T) === 1 ? x : bswap_int(x)
@inline bitreverse(x::BitInteger) = bitreverse_int(x)
@inline function bitrotate(x::T, k::Integer) where {T<:BitInteger}
    last = sub_int(bit_width(T), 1)
    n = rem(k, Int)
    left = bitcast(UInt64, and_int(n, last))
    right = bitcast(UInt64, and_int(neg_int(n), last))
    return or_int(shl_int(x, left), lshr_int(x, right))
end
ntoh(x) = bswap(x)
hton(x) = bswap(x)
ltoh(x) = x
htol(x) = x
const ENDIAN_BOM = 0x04030201

# ---- predicates

isinteger(x::Integer) = true
isfinite(x::Integer) = true
isnan(x::Real) = false
isinf(x::Real) = !isnan(x) & !isfinite(x)
isfinite(x::Real) = isfinite(float(x))
isreal(x::Real) = true
@inline isodd(x::BitInteger) = eq_int(and_int(x, one(x)), one(x))
@inline iseven(x::BitInteger) = eq_int(and_int(x, one(x)), zero(x))
@inline isodd(x::Real) = isinteger(x) && !iszero(rem(x, 2))
@inline iseven(x::Real) = isinteger(x) && iszero(rem(x, 2))
@inline iszero(x::BitInteger) = eq_int(x, zero(x))
@inline isone(x::BitInteger) = eq_int(x, one(x))
@inline ispow2(x::Integer) = x > 0 && count_ones(x) == 1
@inline ispow2(x::Number) = isreal(x) && ispow2(real(x))

# ---- every number is a collection of itself

size(x::Number) = ()
axes(x::Number) = ()
length(x::Number) = 1
ndims(x::Number) = 0
ndims(::Type{T}) where {T<:Number} = 0
eltype(::Type{T}) where {T<:Number} = T
eltype(x::T) where {T<:Number} = T
firstindex(x::Number) = 1
lastindex(x::Number) = 1
isempty(x::Number) = false
first(x::Number) = x
last(x::Number) = x
keys(x::Number) = OneTo(1)
iterate(x::Number) = (x, nothing)
iterate(x::Number, ::Nothing) = nothing
getindex(x::Number) = x
@inline getindex(x::Number, i::Integer) = i == 1 ? x : throw(BoundsError(x, i))
broadcastable(x::Number) = x
copy(x::Number) = x
adjoint(x::Number) = conj(x)
transpose(x::Number) = x
transpose(c::AbstractChar) = c
dot(x::Number, y::Number) = conj(x) * y
