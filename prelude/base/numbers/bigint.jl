# BigInt: integers of any size, a sign and a natural number as limbs (limbs.jl). Zero is not
# negative. Bits are those of two's complement without end.

struct BigInt <: Signed
    negative::Bool
    limbs::Vector{UInt32}
    BigInt(negative::Bool, limbs::Vector{UInt32}) = new(negative & !isempty(limbs), limbs)
end

# ---- from and to other numbers

BigInt(x::BigInt) = x
BigInt(x::Union{BitUnsigned64,Bool}) = BigInt(false, limbs_of(UInt64(x)))
BigInt(x::BitSigned64) = BigInt(x < 0, limbs_of(UInt64(unsigned(abs(Int64(x))))))
BigInt(x::UInt128) = BigInt(false, limbs_of(x))
BigInt(x::Int128) = BigInt(x < 0, limbs_of(unsigned(abs(x))))
function BigInt(x::IEEEFloat)
    isinteger(x) || throw_inexact(:BigInt, BigInt, x)
    m, e = frexp(Float64(x))
    n = BigInt(Int64(ldexp(m, 53)))
    return e >= 53 ? n << (e - 53) : n >> (53 - e)
end
trunc(::Type{BigInt}, x::IEEEFloat) = isfinite(x) ? BigInt(trunc(x)) : throw_inexact(:trunc, BigInt, x)
unsafe_trunc(::Type{BigInt}, x::IEEEFloat) = trunc(BigInt, x)
BigInt(x::Rational) = isone(x.den) ? BigInt(x.num) : throw_inexact(:BigInt, BigInt, x)
BigInt(x::Integer) = BigInt(Int128(x))

big(x::Integer) = BigInt(x)
big(x::Rational) = Rational{BigInt}(x)
big(x::Complex) = Complex(big(real(x)), big(imag(x)))
big(::Type{T}) where {T<:Integer} = BigInt
big(::Type{Rational{T}}) where {T<:Integer} = Rational{BigInt}
widen(::Type{Int128}) = BigInt
widen(::Type{UInt128}) = BigInt
widen(::Type{BigInt}) = BigInt
Signed(x::BigInt) = x

promote_rule(::Type{BigInt}, ::Type{<:BitInteger}) = BigInt
promote_rule(::Type{BigInt}, ::Type{BigInt}) = BigInt
zero(::Type{BigInt}) = BigInt(false, new_limbs(0))
one(::Type{BigInt}) = BigInt(1)
typemin(::Type{BigInt}) = throw(MethodError(typemin, (BigInt,)))

# The low bits.
function rem(x::BigInt, ::Type{T}) where {T<:BitInteger}
    u = UInt128(0)
    for i in min(length(x.limbs), 4):-1:1
        u = u << 32 | UInt128(x.limbs[i])
    end
    return rem(x.negative ? -u : u, T)
end
rem(x::BigInt, ::Type{Bool}) = isodd(x)
rem(x::BitInteger, ::Type{BigInt}) = BigInt(x)
rem(x::Bool, ::Type{BigInt}) = BigInt(x)
rem(x::BigInt, ::Type{BigInt}) = x
unsigned(x::BigInt) = x.negative ? throw_inexact(:convert, Unsigned, x) : x
signed(x::BigInt) = x

function (::Type{T})(x::BigInt) where {T<:BitInteger}
    fits_in(T, x) || throw_inexact(nameof(T), T, x)
    return rem(x, T)
end
function fits_in(::Type{T}, x::BigInt) where {T<:BitInteger}
    limbs_width(x.limbs) <= 128 || return false
    wrapped = rem(x, T)
    return (wrapped < zero(T)) === x.negative && BigInt(wrapped) == x
end
function Bool(x::BigInt)
    iszero(x) && return false
    isone(x) && return true
    throw_inexact(:Bool, Bool, x)
end
Integer(x::BigInt) = x

# The nearest float: of the highest 64 bits, the last one telling whether any below is set.
function Float64(x::BigInt)
    width = limbs_width(x.limbs)
    width <= 64 && return x.negative ? -Float64(rem(-x, UInt64)) : Float64(rem(x, UInt64))
    width > 1024 && return x.negative ? -Inf : Inf
    head = limbs_shr(x.limbs, width - 64)
    bits = UInt64(head[2]) << 32 | UInt64(head[1])
    limbs_trailing_zeros(x.limbs) < width - 64 && (bits |= 0x0000000000000001)
    y = ldexp(Float64(bits), width - 64)
    return x.negative ? -y : y
end
# Rounding to 64 bits that remember a rest, then to a float, is rounding once.
function Float32(x::BigInt)
    width = limbs_width(x.limbs)
    width <= 64 && return x.negative ? -Float32(rem(-x, UInt64)) : Float32(rem(x, UInt64))
    width > 128 && return x.negative ? -Inf32 : Inf32
    return Float32(rem(x, Int128))
end
Float16(x::BigInt) = Float16(Float32(x))

# ---- comparison

function cmp(x::BigInt, y::BigInt)
    x.negative === y.negative || return x.negative ? -1 : 1
    c = limbs_cmp(x.limbs, y.limbs)
    return x.negative ? -c : c
end
==(x::BigInt, y::BigInt) = cmp(x, y) == 0
<(x::BigInt, y::BigInt) = cmp(x, y) < 0
<=(x::BigInt, y::BigInt) = cmp(x, y) <= 0
isless(x::BigInt, y::BigInt) = cmp(x, y) < 0
==(x::BigInt, y::IEEEFloat) = isinteger(y) && x == BigInt(y)
==(x::IEEEFloat, y::BigInt) = y == x
<(x::BigInt, y::IEEEFloat) = isfinite(y) ? x < BigInt(ceil(y)) : y == typeof(y)(Inf)
<(x::IEEEFloat, y::BigInt) = isfinite(x) ? BigInt(floor(x)) < y : x == typeof(x)(-Inf)
<=(x::BigInt, y::IEEEFloat) = isfinite(y) ? x <= BigInt(floor(y)) : y == typeof(y)(Inf)
<=(x::IEEEFloat, y::BigInt) = isfinite(x) ? BigInt(ceil(x)) <= y : x == typeof(x)(-Inf)
max(x::BigInt, y::BigInt) = y < x ? x : y
min(x::BigInt, y::BigInt) = y < x ? y : x
iszero(x::BigInt) = isempty(x.limbs)
isone(x::BigInt) = !x.negative && length(x.limbs) == 1 && x.limbs[1] === 0x00000001
isodd(x::BigInt) = !isempty(x.limbs) && isodd(x.limbs[1])
iseven(x::BigInt) = !isodd(x)
signbit(x::BigInt) = x.negative
sign(x::BigInt) = BigInt(x.negative, limbs_of(iszero(x) ? 0x0000000000000000 : 0x0000000000000001))
abs(x::BigInt) = BigInt(false, x.limbs)
flipsign(x::BigInt, y::Real) = signbit(y) ? -x : x
copysign(x::BigInt, y::Real) = BigInt(signbit(y), x.limbs)
checked_abs(x::BigInt) = abs(x)
checked_neg(x::BigInt) = -x
checked_add(x::BigInt, y::BigInt) = x + y
checked_sub(x::BigInt, y::BigInt) = x - y
checked_mul(x::BigInt, y::BigInt) = x * y
add_with_overflow(x::BigInt, y::BigInt) = (x + y, false)
sub_with_overflow(x::BigInt, y::BigInt) = (x - y, false)
mul_with_overflow(x::BigInt, y::BigInt) = (x * y, false)

# ---- arithmetic

-(x::BigInt) = BigInt(!x.negative, x.limbs)
+(x::BigInt, y::BigInt) = add_signed(x.negative, x.limbs, y.negative, y.limbs)
-(x::BigInt, y::BigInt) = add_signed(x.negative, x.limbs, !y.negative, y.limbs)
*(x::BigInt, y::BigInt) = BigInt(x.negative ⊻ y.negative, limbs_mul(x.limbs, y.limbs))
function add_signed(x_negative::Bool, x::Limbs, y_negative::Bool, y::Limbs)
    x_negative === y_negative && return BigInt(x_negative, limbs_add(x, y))
    return limbs_cmp(x, y) >= 0 ? BigInt(x_negative, limbs_sub(x, y)) : BigInt(y_negative, limbs_sub(y, x))
end
widemul(x::BigInt, y::BigInt) = x * y
muladd(x::BigInt, y::BigInt, z::BigInt) = x * y + z

function divrem(x::BigInt, y::BigInt)
    iszero(y) && throw(DivideError())
    q, r = limbs_divrem(x.limbs, y.limbs)
    return (BigInt(x.negative ⊻ y.negative, q), BigInt(x.negative, r))
end
function fldmod(x::BigInt, y::BigInt)
    q, r = divrem(x, y)
    (iszero(r) || r.negative === y.negative) && return (q, r)
    return (q - one(BigInt), r + y)
end
div(x::BigInt, y::BigInt) = divrem(x, y)[1]
rem(x::BigInt, y::BigInt) = divrem(x, y)[2]
fld(x::BigInt, y::BigInt) = fldmod(x, y)[1]
mod(x::BigInt, y::BigInt) = fldmod(x, y)[2]
function cld(x::BigInt, y::BigInt)
    q, r = divrem(x, y)
    return iszero(r) || r.negative !== y.negative ? q : q + one(BigInt)
end
multiply_modulo(a::BigInt, b::BigInt, m::BigInt) = mod(a * b, m)
powermod(x::Integer, p::Integer, m::BigInt) = powermod_big(BigInt(x), BigInt(p), m)
function powermod_big(x::BigInt, p::BigInt, m::BigInt)
    p.negative && return powermod_big(invmod(x, m), -p, m)
    r = mod(one(BigInt), m)
    b = mod(x, m)
    for i in 0:limbs_width(p.limbs)-1
        limb_bit(p.limbs, i) && (r = mod(r * b, m))
        b = mod(b * b, m)
    end
    return r
end
limb_bit(v::Limbs, i::Int) = isodd(v[(i>>5)+1] >>> (i & 31))

^(x::Integer, p::BigInt) = BigInt(x)^p
^(x::Bool, p::BigInt) = power_by_squaring(x, p)
function negative_power(x::BigInt, p::Integer)
    isone(abs(x)) || throw(DomainError(p, "`y` cannot be negative."))
    return isodd(p) ? x : one(x)
end
^(x::BigInt, p::BigInt) = isone(x) || iszero(x) ? (p.negative ? negative_power(x, p) : iszero(p) ? one(x) : x) : x^Int(p)

# Newton's method from above.
function isqrt(x::BigInt)
    x.negative && throw(DomainError(x, "isqrt was called with a negative argument"))
    iszero(x) && return x
    s = one(BigInt) << ((limbs_width(x.limbs) + 1) >> 1)
    while true
        t = (s + div(x, s)) >> 1
        t >= s && return s
        s = t
    end
end


function factorial(n::BigInt)
    n.negative && throw(DomainError(n, "`n` must not be negative."))
    limbs = limbs_of(0x0000000000000001)
    for k in 2:Int(n)
        muladd_limbs!(limbs, rem(k, UInt32), 0x00000000)
    end
    return BigInt(false, limbs)
end
function binomial(n::BigInt, k::BigInt)
    k.negative && return zero(BigInt)
    n.negative && return isodd(k) ? -binomial(k - n - 1, k) : binomial(k - n - 1, k)
    k > n && return zero(BigInt)
    steps = Int(min(k, n - k))
    result = one(BigInt)
    for i in 1:steps
        result = div(result * (n - (steps - i)), BigInt(i))
    end
    return result
end

# ---- bits

function <<(x::BigInt, n::Int)
    n < 0 && return x >> -n
    return BigInt(x.negative, limbs_shl(x.limbs, n))
end
function >>(x::BigInt, n::Int)
    n < 0 && return x << -n
    shifted = limbs_shr(x.limbs, n)
    # Towards minus infinity: one more if a bit of a negative number is lost.
    if x.negative && limbs_trailing_zeros(x.limbs) < n
        shifted = limbs_add(shifted, limbs_of(0x0000000000000001))
    end
    return BigInt(x.negative, shifted)
end
<<(x::BigInt, n::Union{BitInteger,Bool}) = x << Int(n)
>>(x::BigInt, n::Union{BitInteger,Bool}) = x >> Int(n)
>>>(x::BigInt, n::Union{BitInteger,Bool}) = x >> Int(n)

~(x::BigInt) = -x - one(BigInt)
(&)(x::BigInt, y::BigInt) = combine_bits(&, x, y)
(|)(x::BigInt, y::BigInt) = combine_bits(|, x, y)
xor(x::BigInt, y::BigInt) = combine_bits(xor, x, y)
# Limb by limb of the two's complements, of which -x has ~(x - 1).
function combine_bits(op::F, x::BigInt, y::BigInt) where {F}
    a = complement_base(x)
    b = complement_base(y)
    n = max(length(a), length(b))
    negative = op(x.negative, y.negative)
    result = new_limbs(n)
    for i in 1:n
        p = limb_or_zero(a, i)
        q = limb_or_zero(b, i)
        bits = op(x.negative ? ~p : p, y.negative ? ~q : q)
        result[i] = negative ? ~bits : bits
    end
    trim_limbs!(result)
    return negative ? BigInt(true, limbs_add(result, limbs_of(0x0000000000000001))) : BigInt(false, result)
end
complement_base(x::BigInt) = x.negative ? limbs_sub(x.limbs, limbs_of(0x0000000000000001)) : x.limbs

function count_ones(x::BigInt)
    x.negative && throw(DomainError(x, "`x` must be non-negative."))
    n = 0
    for limb in x.limbs
        n += count_ones(limb)
    end
    return n
end
trailing_zeros(x::BigInt) = iszero(x) ? throw(DomainError(x, "`x` must be non-zero.")) : limbs_trailing_zeros(x.limbs)
trailing_ones(x::BigInt) = trailing_zeros(~x)
top_set_bit(x::BigInt) = limbs_width(x.limbs)
ispow2(x::BigInt) = !x.negative && !iszero(x) && limbs_trailing_zeros(x.limbs) == limbs_width(x.limbs) - 1

function hash(x::BigInt, h::UInt)
    width = limbs_width(x.limbs)
    width <= 126 && return hash(rem(x, Int128), h)
    return hash_odd_times_power(x, 0, h)
end
