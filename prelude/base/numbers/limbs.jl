# Natural numbers as vectors of 32-bit digits ("limbs"), the lowest first and the highest not zero.
# What BigInt computes with; nothing here knows signs. No function changes its arguments unless its
# name ends in `!`.

const Limbs = Vector{UInt32}

new_limbs(n::Int) = Limbs(undef, n)

function limbs_of(x::Union{UInt64,UInt128})
    v = new_limbs(0)
    while !iszero(x)
        push!(v, rem(x, UInt32))
        x >>>= 32
    end
    return v
end

# Drops zeros at the high end.
function trim_limbs!(v::Limbs)
    n = length(v)
    while n > 0 && @inbounds(v[n]) === 0x00000000
        n -= 1
    end
    return resize!(v, n)
end

@inline limb_or_zero(v::Limbs, i::Int) = i <= length(v) ? @inbounds(v[i]) : 0x00000000

# The number of bits without leading zeros.
limbs_width(v::Limbs) = isempty(v) ? 0 : 32 * length(v) - leading_zeros(v[end])

function limbs_cmp(a::Limbs, b::Limbs)
    length(a) == length(b) || return length(a) < length(b) ? -1 : 1
    for i in length(a):-1:1
        x = @inbounds a[i]
        y = @inbounds b[i]
        x == y || return x < y ? -1 : 1
    end
    return 0
end

function limbs_add(a::Limbs, b::Limbs)
    length(a) < length(b) && return limbs_add(b, a)
    sum = new_limbs(length(a) + 1)
    carry = 0x0000000000000000
    for i in 1:length(a)
        carry += UInt64(@inbounds a[i]) + UInt64(limb_or_zero(b, i))
        @inbounds sum[i] = rem(carry, UInt32)
        carry >>>= 32
    end
    sum[end] = rem(carry, UInt32)
    return trim_limbs!(sum)
end

# a - b, which must not be negative.
function limbs_sub(a::Limbs, b::Limbs)
    difference = new_limbs(length(a))
    borrow = 0x0000000000000000
    for i in 1:length(a)
        d = UInt64(@inbounds a[i]) - UInt64(limb_or_zero(b, i)) - borrow
        @inbounds difference[i] = rem(d, UInt32)
        borrow = d >>> 63
    end
    return trim_limbs!(difference)
end

# From so many limbs on, three products of halves are faster than one product of everything.
const KARATSUBA_LIMBS = 40

function limbs_mul(a::Limbs, b::Limbs)
    (isempty(a) || isempty(b)) && return new_limbs(0)
    min(length(a), length(b)) >= KARATSUBA_LIMBS && return karatsuba(a, b)
    product = fill(0x00000000, length(a) + length(b))
    for i in 1:length(a)
        x = UInt64(@inbounds a[i])
        carry = 0x0000000000000000
        for j in 1:length(b)
            carry += x * UInt64(@inbounds b[j]) + UInt64(@inbounds product[i+j-1])
            @inbounds product[i+j-1] = rem(carry, UInt32)
            carry >>>= 32
        end
        @inbounds product[i+length(b)] = rem(carry, UInt32)
    end
    return trim_limbs!(product)
end

# With a = a1 B + a0 and b = b1 B + b0: a1 b0 + a0 b1 = (a1 + a0)(b1 + b0) - a1 b1 - a0 b0.
function karatsuba(a::Limbs, b::Limbs)
    half = (max(length(a), length(b)) + 1) >> 1
    a0, a1 = low_limbs(a, half), high_limbs(a, half)
    b0, b1 = low_limbs(b, half), high_limbs(b, half)
    low = limbs_mul(a0, b0)
    high = limbs_mul(a1, b1)
    middle = limbs_sub(limbs_sub(limbs_mul(limbs_add(a0, a1), limbs_add(b0, b1)), low), high)
    product = fill(0x00000000, length(a) + length(b) + 1)
    add_limbs_at!(product, low, 0)
    add_limbs_at!(product, middle, half)
    add_limbs_at!(product, high, 2 * half)
    return trim_limbs!(product)
end
low_limbs(v::Limbs, n::Int) = trim_limbs!(v[1:min(n, length(v))])
high_limbs(v::Limbs, n::Int) = v[n+1:end]

# Adds b times 2^(32 shift); there must be room for the sum.
function add_limbs_at!(v::Limbs, b::Limbs, shift::Int)
    carry = 0x0000000000000000
    i = 1
    while i <= length(b) || carry !== 0x0000000000000000
        carry += UInt64(v[i+shift]) + UInt64(limb_or_zero(b, i))
        @inbounds v[i+shift] = rem(carry, UInt32)
        carry >>>= 32
        i += 1
    end
    return v
end

# v * factor + term, in place.
function muladd_limbs!(v::Limbs, factor::UInt32, term::UInt32)
    carry = UInt64(term)
    for i in 1:length(v)
        carry += UInt64(@inbounds v[i]) * UInt64(factor)
        @inbounds v[i] = rem(carry, UInt32)
        carry >>>= 32
    end
    iszero(carry) || push!(v, rem(carry, UInt32))
    return v
end

# Divides in place by one limb and gives the remainder.
function divide_limbs!(v::Limbs, d::UInt32)
    rest = 0x0000000000000000
    for i in length(v):-1:1
        rest = rest << 32 | UInt64(@inbounds v[i])
        q = div(rest, UInt64(d))
        @inbounds v[i] = rem(q, UInt32)
        rest -= q * UInt64(d)
    end
    trim_limbs!(v)
    return rem(rest, UInt32)
end

function limbs_shl(v::Limbs, n::Int)
    isempty(v) && return new_limbs(0)
    whole = n >> 5
    bits = n & 31
    shifted = fill(0x00000000, length(v) + whole + 1)
    for i in 1:length(v)
        x = UInt64(@inbounds v[i]) << bits
        @inbounds shifted[i+whole] |= rem(x, UInt32)
        @inbounds shifted[i+whole+1] = rem(x >>> 32, UInt32)
    end
    return trim_limbs!(shifted)
end

function limbs_shr(v::Limbs, n::Int)
    whole = n >> 5
    bits = n & 31
    whole >= length(v) && return new_limbs(0)
    shifted = new_limbs(length(v) - whole)
    for i in 1:length(shifted)
        x = UInt64(@inbounds v[i+whole]) | UInt64(limb_or_zero(v, i + whole + 1)) << 32
        @inbounds shifted[i] = rem(x >>> bits, UInt32)
    end
    return trim_limbs!(shifted)
end

# The number of zero bits at the low end; v is not zero.
function limbs_trailing_zeros(v::Limbs)
    i = 1
    while v[i] === 0x00000000
        i += 1
    end
    return 32 * (i - 1) + trailing_zeros(v[i])
end

# Quotient and remainder; b is not zero.
function limbs_divrem(a::Limbs, b::Limbs)
    limbs_cmp(a, b) < 0 && return (new_limbs(0), copy(a))
    if length(b) == 1
        q = copy(a)
        r = divide_limbs!(q, b[1])
        return (q, limbs_of(UInt64(r)))
    end
    # Long division. With the divisor's highest bit set, an estimate of a digit of the quotient from
    # two digits of the rest and one of the divisor is too large by two at most.
    shift = leading_zeros(b[end])
    d = limbs_shl(b, shift)
    rest = limbs_shl(a, shift)
    length(rest) == length(a) && push!(rest, 0x00000000)
    n = length(d)
    count = length(rest) - n
    quotient = new_limbs(count)
    top = UInt64(d[n])
    next = UInt64(d[n-1])
    for j in count:-1:1
        head = UInt64(rest[j+n]) << 32 | UInt64(rest[j+n-1])
        q = div(head, top)
        r = head - q * top
        while q > 0x00000000ffffffff || q * next > (r << 32 | UInt64(rest[j+n-2]))
            q -= 0x0000000000000001
            r += top
            r > 0x00000000ffffffff && break
        end
        if subtract_multiple!(rest, d, rem(q, UInt32), j - 1)
            # One too many after all.
            q -= 0x0000000000000001
            add_back!(rest, d, j - 1)
        end
        quotient[j] = rem(q, UInt32)
    end
    return (trim_limbs!(quotient), limbs_shr(trim_limbs!(rest), shift))
end

# v -= factor * d * 2^(32 shift), and whether that is negative: then v has lost its highest borrow.
function subtract_multiple!(v::Limbs, d::Limbs, factor::UInt32, shift::Int)
    carry = 0x0000000000000000
    borrow = 0x0000000000000000
    for i in 1:length(d)
        carry += UInt64(@inbounds d[i]) * UInt64(factor)
        t = UInt64(v[i+shift]) - UInt64(rem(carry, UInt32)) - borrow
        @inbounds v[i+shift] = rem(t, UInt32)
        borrow = t >>> 63
        carry >>>= 32
    end
    t = UInt64(v[length(d)+shift+1]) - carry - borrow
    v[length(d)+shift+1] = rem(t, UInt32)
    return t >>> 63 === 0x0000000000000001
end
function add_back!(v::Limbs, d::Limbs, shift::Int)
    carry = 0x0000000000000000
    for i in 1:length(d)
        carry += UInt64(v[i+shift]) + UInt64(@inbounds d[i])
        @inbounds v[i+shift] = rem(carry, UInt32)
        carry >>>= 32
    end
    v[length(d)+shift+1] = rem(UInt64(v[length(d)+shift+1]) + carry, UInt32)
    return v
end
