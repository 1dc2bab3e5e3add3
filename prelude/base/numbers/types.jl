# Families of number types, their limits, zeros and ones.

const BitSigned = Union{Int8,Int16,Int32,Int64,Int128}
const BitUnsigned = Union{UInt8,UInt16,UInt32,UInt64,UInt128}
const BitInteger = Union{Int8,Int16,Int32,Int64,Int128,UInt8,UInt16,UInt32,UInt64,UInt128}
const BitSigned64 = Union{Int8,Int16,Int32,Int64}
const BitUnsigned64 = Union{UInt8,UInt16,UInt32,UInt64}
const BitInteger64 = Union{Int8,Int16,Int32,Int64,UInt8,UInt16,UInt32,UInt64}
const BitInteger128 = Union{Int128,UInt128}
const IEEEFloat = Union{Float16,Float32,Float64}
# Numbers that a machine computes with; small literal powers of them are products.
const HWReal = Union{Int8,Int16,Int32,Int64,UInt8,UInt16,UInt32,UInt64,Float32,Float64}

# ---- limits

@inline bit_width(::Type{T}) where {T} = mul_int(sizeof(T), 8)
@inline typemin(::Type{T}) where {T<:BitUnsigned} = zero(T)
@inline typemax(::Type{T}) where {T<:BitUnsigned} = not_int(zero(T))
@inline typemin(::Type{T}) where {T<:BitSigned} = shl_int(one(T), bitcast(UInt64, sub_int(bit_width(T), 1)))
@inline typemax(::Type{T}) where {T<:BitSigned} = not_int(typemin(T))
typemin(::Type{Bool}) = false
typemax(::Type{Bool}) = true
@inline typemin(::Type{T}) where {T<:IEEEFloat} = T(-Inf)
@inline typemax(::Type{T}) where {T<:IEEEFloat} = T(Inf)
typemin(x::Number) = typemin(typeof(x))
typemax(x::Number) = typemax(typeof(x))

const Inf64 = bitcast(Float64, 0x7ff0000000000000)
const NaN64 = bitcast(Float64, 0x7ff8000000000000)
const Inf = bitcast(Float64, 0x7ff0000000000000)
const NaN = bitcast(Float64, 0x7ff8000000000000)
const Inf32 = bitcast(Float32, 0x7f800000)
const NaN32 = bitcast(Float32, 0x7fc00000)
const Inf16 = bitcast(Float16, 0x7c00)
const NaN16 = bitcast(Float16, 0x7e00)

floatmin(::Type{Float16}) = bitcast(Float16, 0x0400)
floatmin(::Type{Float32}) = bitcast(Float32, 0x00800000)
floatmin(::Type{Float64}) = bitcast(Float64, 0x0010000000000000)
floatmax(::Type{Float16}) = bitcast(Float16, 0x7bff)
floatmax(::Type{Float32}) = bitcast(Float32, 0x7f7fffff)
floatmax(::Type{Float64}) = bitcast(Float64, 0x7fefffffffffffff)
floatmin(x::T) where {T<:AbstractFloat} = floatmin(T)
floatmax(x::T) where {T<:AbstractFloat} = floatmax(T)
floatmin() = floatmin(Float64)
floatmax() = floatmax(Float64)

eps(::Type{Float16}) = bitcast(Float16, 0x1400)
eps(::Type{Float32}) = bitcast(Float32, 0x34000000)
eps(::Type{Float64}) = bitcast(Float64, 0x3cb0000000000000)
eps() = eps(Float64)
# The distance to the next larger magnitude.
function eps(x::T) where {T<:IEEEFloat}
    isfinite(x) || return T(NaN)
    a = abs(x)
    return a >= floatmin(T) ? ldexp(eps(T), exponent(a)) : nextfloat(zero(T))
end

precision(::Type{Float16}; base::Integer=2) = precision_in(11, base)
precision(::Type{Float32}; base::Integer=2) = precision_in(24, base)
precision(::Type{Float64}; base::Integer=2) = precision_in(53, base)
precision(x::T; base::Integer=2) where {T<:AbstractFloat} = precision(T; base=base)
@inline precision_in(bits::Int, base::Integer) = base == 2 ? bits : floor(Int, bits / log2(base))

maxintfloat(::Type{Float16}) = Float16(2048)
maxintfloat(::Type{Float32}) = 1.6777216f7
maxintfloat(::Type{Float64}) = 9.007199254740992e15
maxintfloat(x::T) where {T<:AbstractFloat} = maxintfloat(T)
maxintfloat() = maxintfloat(Float64)
# The largest integer of type T that is exact in S as well.
@inline maxintfloat(::Type{S}, ::Type{T}) where {S<:AbstractFloat,T<:Integer} = min(maxintfloat(S), S(typemax(T)))

# ---- zero and one

@inline zero(::Type{T}) where {T<:BitInteger} = rem(0, T)
@inline one(::Type{T}) where {T<:BitInteger} = rem(1, T)
zero(::Type{Bool}) = false
one(::Type{Bool}) = true
zero(::Type{Float16}) = bitcast(Float16, 0x0000)
zero(::Type{Float32}) = 0.0f0
zero(::Type{Float64}) = 0.0
one(::Type{Float16}) = bitcast(Float16, 0x3c00)
one(::Type{Float32}) = 1.0f0
one(::Type{Float64}) = 1.0
@inline zero(::Type{T}) where {T<:Number} = convert(T, 0)
@inline one(::Type{T}) where {T<:Number} = convert(T, 1)
@inline zero(x::Number) = zero(typeof(x))
@inline one(x::Number) = one(typeof(x))
@inline oneunit(::Type{T}) where {T} = T(one(T))
@inline oneunit(x::T) where {T} = oneunit(T)
@inline iszero(x::Number) = x == zero(x)
@inline isone(x::Number) = x == one(x)
iszero(x) = x == zero(x)
isone(x) = x == one(x)

# ---- the next larger types

widen(::Type{Int8}) = Int16
widen(::Type{Int16}) = Int32
widen(::Type{Int32}) = Int64
widen(::Type{Int64}) = Int128
widen(::Type{UInt8}) = UInt16
widen(::Type{UInt16}) = UInt32
widen(::Type{UInt32}) = UInt64
widen(::Type{UInt64}) = UInt128
widen(::Type{Float16}) = Float32
widen(::Type{Float32}) = Float64
@inline widen(x::T) where {T} = convert(widen(T), x)
@inline widemul(x::Number, y::Number) = widen(x) * widen(y)
@inline widemul(x::Bool, y::Bool) = x * y
@inline widemul(x::Bool, y::Number) = x * y
@inline widemul(x::Number, y::Bool) = x * y
@inline widemul(x::Signed, y::Unsigned) = widen(signed(widen(x))) * widen(signed(widen(y)))
@inline widemul(x::Unsigned, y::Signed) = widemul(y, x)
