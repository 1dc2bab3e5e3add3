# Number theory: divisors, roots, powers modulo m, combinatorics, digits.

function gcd(a::T, b::T) where {T<:BitSigned}
    iszero(a) && return checked_abs(b)
    iszero(b) && return checked_abs(a)
    r = binary_gcd(unsigned(abs(a)), unsigned(abs(b)))
    s = signed(r)
    s < 0 && throw(OverflowError(LazyString("gcd(", a, ", ", b, ") overflows")))
    return s
end
function gcd(a::T, b::T) where {T<:BitUnsigned}
    iszero(a) && return b
    iszero(b) && return a
    return binary_gcd(a, b)
end
# Common factors of two are set aside, then the smaller odd number is subtracted from the larger.
function binary_gcd(a::T, b::T) where {T}
    a_zeros = trailing_zeros(a)
    b_zeros = trailing_zeros(b)
    a >>>= a_zeros
    b >>>= b_zeros
    while a != b
        larger = max(a, b)
        b = min(a, b)
        a = larger - b
        a >>>= trailing_zeros(a)
    end
    return a << min(a_zeros, b_zeros)
end
gcd(a::Bool, b::Bool) = a | b
lcm(a::Bool, b::Bool) = a & b
gcd(a::T, b::T) where {T<:Integer} = euclidean_gcd(a, b)
function euclidean_gcd(a, b)
    while !iszero(b)
        a, b = b, rem(a, b)
    end
    return abs(a)
end
function lcm(a::T, b::T) where {T<:Integer}
    # Without the second test the magnitude of the least number would be taken.
    (iszero(a) | iszero(b)) && return zero(T)
    return checked_abs(checked_mul(a, div(b, gcd(b, a))))
end
@inline gcd(a::T, b::S) where {T<:Integer,S<:Integer} = (R = common_type(T, S); gcd(convert(R, a), convert(R, b)))
@inline lcm(a::T, b::S) where {T<:Integer,S<:Integer} = (R = common_type(T, S); lcm(convert(R, a), convert(R, b)))
gcd(a::Integer) = checked_abs(a)
lcm(a::Integer) = checked_abs(a)
gcd(a::Real, b::Real, c::Real, more...) = gcd(gcd(a, b), c, more...)
lcm(a::Real, b::Real, c::Real, more...) = lcm(lcm(a, b), c, more...)
function gcd(numbers::AbstractArray{T}) where {T<:Integer}
    result = zero(T)
    for x in numbers
        result = gcd(result, x)
        isone(result) && return result
    end
    return result
end
function lcm(numbers::AbstractArray{T}) where {T<:Integer}
    result = one(T)
    for x in numbers
        result = lcm(result, x)
        iszero(result) && return result
    end
    return result
end

# The greatest common divisor d and the factors u, v with u*a + v*b == d.
function gcdx(a::T, b::T) where {T<:Integer}
    u, u_next = one(T), zero(T)
    v, v_next = zero(T), one(T)
    x, y = a, b
    while !iszero(y)
        q = div(x, y)
        x, y = y, rem(x, y)
        u, u_next = u_next, u - q * u_next
        v, v_next = v_next, v - q * v_next
    end
    return signbit(x) ? (-x, -u, -v) : (x, u, v)
end
# What is no integer and no fraction has no divisors: the error names the common type.
gcd(a::Real, b::Real) = gcd(promote(a, b)...)
lcm(a::Real, b::Real) = lcm(promote(a, b)...)
gcd(a::T, b::T) where {T<:Real} = throw(MethodError(gcd, (a, b)))
lcm(a::T, b::T) where {T<:Real} = throw(MethodError(lcm, (a, b)))
@inline gcdx(a::T, b::S) where {T<:Integer,S<:Integer} = (R = common_type(T, S); gcdx(convert(R, a), convert(R, b)))
gcdx(a::T, b::S) where {T<:Bool,S<:Bool} = gcdx(Int(a), Int(b))

function invmod(n::T, m::T) where {T<:Integer}
    iszero(m) && throw(DomainError(m, "`m` must not be 0."))
    if T <: Signed && m == -one(T)
        return zero(T)
    end
    t = gcdx(n, m)
    isone(getfield(t, 1)) || throw(DomainError((n, m), LazyString("Greatest common divisor is ", getfield(t, 1), ".")))
    x = getfield(t, 2)
    # Of an unsigned factor the sign is lost: it stands for x - 2^bits.
    if T <: Unsigned && x > typemax(T) >> 1
        return mod(x + m, m)
    end
    return mod(x, m)
end
@inline invmod(n::T, m::S) where {T<:Integer,S<:Integer} = (R = common_type(T, S); invmod(convert(R, n), convert(R, m)))

# x^p modulo m, with products in the next larger type.
function powermod(x::Integer, p::Integer, m::T) where {T<:Integer}
    p == 0 && return mod(one(m), m)
    p < 0 && return powermod(invmod(x, m), -p, m)
    b = oftype(m, mod(x, m))
    r = mod(one(m), m)
    (m == 1 || m == -1) && return zero(m)
    while p > 0
        isodd(p) && (r = multiply_modulo(r, b, m))
        p >>= 1
        p > 0 && (b = multiply_modulo(b, b, m))
    end
    return r
end
@inline multiply_modulo(a::T, b::T, m::T) where {T<:BitInteger64} = rem(mod(widemul(a, b), m), T)
# Of 128 bits there is no larger type: by doubling.
function multiply_modulo(a::T, b::T, m::T) where {T<:BitInteger128}
    n = unsigned(abs(m))
    x = unsigned(mod(a, signed_like(n, a)))
    y = unsigned(mod(b, signed_like(n, b)))
    r = zero(x)
    while !iszero(y)
        isodd(y) && (r = add_modulo(r, x, n))
        x = add_modulo(x, x, n)
        y >>>= 1
    end
    s = rem(r, T)
    return signbit(m) && !iszero(s) ? s + m : s
end
@inline signed_like(n::UInt128, ::Int128) = bitcast(Int128, n)
@inline signed_like(n::UInt128, ::UInt128) = n
@inline add_modulo(a::T, b::T, n::T) where {T} = a >= n - b ? a - (n - b) : a + b

# ---- roots

@inline isqrt(x::Integer) = integer_root(x)
@inline integer_root(x::T) where {T<:Union{Bool,Int8,UInt8,Int16,UInt16,Int32,UInt32}} = trunc(T, sqrt(x))
function integer_root(x::T) where {T<:Union{Int64,UInt64}}
    s = min(unsafe_trunc(UInt64, sqrt(x)), 0x00000000ffffffff)
    u = unsigned(x)
    s * s > u && (s -= 0x0000000000000001)
    return rem(s, T)
end
function integer_root(x::T) where {T<:BitInteger128}
    s = trunc(UInt128, min(sqrt(x), 1.8446744073709552e19))
    u = unsigned(x)
    iszero(u) && return x
    # One step of Newton's method makes the 53 digits twice as many.
    s = (s + div(u, s)) >> 1
    s = min(s, 0x0000000000000000ffffffffffffffff)
    while s * s > u
        s -= one(s)
    end
    return rem(s, T)
end
integer_root(x::Integer) = oftype(x, trunc(sqrt(x)))

@inline nextpow2_of(x::Unsigned) = iszero(x) ? x : one(x) << top_set_bit(x - one(x))
@inline nextpow2_of(x::Signed) = rem(nextpow2_of(unsigned(abs(x))), typeof(x))
@inline prevpow2_of(x::Unsigned) = iszero(x) ? x : one(x) << (top_set_bit(x) - 1)
@inline prevpow2_of(x::Signed) = rem(prevpow2_of(unsigned(abs(x))), typeof(x))
function nextpow(a::Real, x::Real)
    x <= 0 && throw(DomainError(x, "`x` must be positive."))
    a == 2 && x isa BitInteger && return nextpow2_of(x)
    a <= 1 && throw(DomainError(a, "`a` must be greater than 1."))
    x <= 1 && return one(a)
    n = ceil(Integer, log(a, x))
    p = a^(n - 1)
    # The logarithm may be off by one.
    return p >= x ? p : a^n
end
# The smallest product of powers of the factors that is not below x.
function nextprod(factors::Union{Tuple{Vararg{Integer}},AbstractVector{<:Integer}}, x::Real)
    all(>(1), factors) || throw(DomainError(factors, "all factors must be greater than one"))
    goal = x <= 1 ? 1 : ceil(Int, x)
    best = typemax(Int)
    open = Int[1]
    seen = Set{Int}()
    while !isempty(open)
        n = pop!(open)
        if n >= goal
            best = min(best, n)
            continue
        end
        for f in factors
            m, overflow = Checked.mul_with_overflow(n, Int(f))
            (overflow || m >= best || m in seen) && continue
            push!(seen, m)
            push!(open, m)
        end
    end
    best == typemax(Int) && throw(OverflowError("unable to find the next product"))
    return best
end
function prevpow(a::T, x::Real) where {T<:Real}
    x < 1 && throw(DomainError(x, "`x` must be ≥ 1."))
    a == 2 && x isa BitInteger && return prevpow2_of(x)
    a <= 1 && throw(DomainError(a, "`a` must be greater than 1."))
    n = floor(Integer, log(a, x))
    n < 0 && throw(DomainError(n, "`n` must not be negative."))
    p = a^n
    if a isa Integer
        r = mul_with_overflow(a, p)
        return getfield(r, 1) <= x && !getfield(r, 2) ? getfield(r, 1) : p
    end
    q = a^(n + 1)
    return q <= x ? q : p
end

# ---- combinatorics

function factorial(n::Union{Int64,UInt64,Int128,UInt128})
    n < 0 && throw(DomainError(n, "`n` must not be negative."))
    limit = sizeof(n) === 8 ? 20 : (n isa Int128 ? 33 : 34)
    n > limit && throw(OverflowError(LazyString(n, " is too large to look up in the table; consider using `factorial(big(", n, "))` instead")))
    result = one(n)
    i = oftype(n, 2)
    while i <= n
        result *= i
        i += one(n)
    end
    return result
end
factorial(n::Union{Int8,UInt8,Int16,UInt16,Int32,UInt32,Bool}) = factorial(Int64(n))

function binomial(n::T, k::T) where {T<:BitInteger}
    k < 0 && return zero(T)
    sgn = one(T)
    n0, k0 = n, k
    if n < 0
        n = -n + k - one(T)
        isodd(k) && (sgn = -sgn)
    end
    k > n && return zero(T)
    (iszero(k) || k == n) && return sgn
    k > (n >> 1) && (k = n - k)
    isone(k) && return sgn * n
    factor = n - k + one(T)
    x = factor
    factor += one(T)
    i = one(T) + one(T)
    while i <= k
        # x * factor / i is an integer; what i shares with x is cancelled first.
        d = gcd(x, i)
        r = mul_with_overflow(div(x, d), div(factor, div(i, d)))
        getfield(r, 2) && throw(OverflowError(LazyString("binomial(", n0, ", ", k0, ") overflows")))
        x = getfield(r, 1)
        i += one(T)
        factor += one(T)
    end
    return copysign(x, sgn)
end
@inline binomial(n::T, k::S) where {T<:Integer,S<:Integer} = (R = common_type(T, S); binomial(convert(R, n), convert(R, k)))
binomial(n::Bool, k::Bool) = binomial(Int(n), Int(k))
function binomial(x::Number, k::Integer)
    k < 0 && return zero(x) / one(x)
    result = one(x) / one(x)
    i = 1
    while i <= k
        result = result * (x - i + 1) / i
        i += 1
    end
    return result
end

# ---- digits

# How many digits, none for 0.
function ndigits_without_zero(x::Integer, base::Integer)
    abs(base) < 2 && throw(DomainError(base, "The base must not be in `[-1, 0, 1]`."))
    base < 0 && return ndigits_negative_base(x, base)
    u = x isa BitSigned ? unsigned(abs(x)) : x
    b = rem(base, typeof(u))
    # A base beyond the type's numbers has them all as digits.
    b == base || return Int(!iszero(u))
    n = 0
    while !iszero(u)
        u = div(u, b)
        n += 1
    end
    return n
end
function ndigits_negative_base(x::Integer, base::Integer)
    n = 0
    rest = Int128(x)
    b = Int128(base)
    while !iszero(rest)
        rest = cld(rest, b)
        n += 1
    end
    return n
end
ndigits0z(x::Integer) = ndigits_without_zero(x, 10)
ndigits0z(x::Integer, base::Integer) = ndigits_without_zero(x, base)
ndigits(x::Integer; base::Integer=10, pad::Integer=1) = max(Int(pad), ndigits_without_zero(x, base))

digits(n::Integer; base::Integer=10, pad::Integer=1) = digits(typeof(base), n; base=base, pad=pad)
function digits(::Type{T}, n::Integer; base::Integer=10, pad::Integer=1) where {T<:Integer}
    a = zeros(T, ndigits(n; base=base, pad=pad))
    digits!(a, n; base=base)
    return a
end
function digits!(a::AbstractVector{T}, n::Integer; base::Integer=10) where {T<:Integer}
    abs(base) < 2 && throw(DomainError(base, "The base must not be in `[-1, 0, 1]`."))
    base < 0 && n isa Unsigned && throw(DomainError(n, "`n` must not be unsigned for a negative `base`."))
    rest = n
    for i in eachindex(a)
        if base > 0
            a[i] = rem(rem(rest, base), T)
            rest = rem(div(rest, base), typeof(n))
        else
            a[i] = rem(mod(rest, -base), T)
            rest = rem(cld(rest, base), typeof(n))
        end
    end
    return a
end
