# All decimal digits of a float, exactly, and rounding them: what formats with a precision need.

# The digits of |x| as numbers 0 to 9 without leading zeros, and where the point is:
# |x| = 0.d1d2d3… * 10^point. Zero has no digits.
function exact_decimal(x::Float64)
    bits = reinterpret(UInt64, x)
    field = Int((bits >> 52) & 0x00000000000007ff)
    fraction = bits & 0x000fffffffffffff
    mant = field == 0 ? fraction : fraction | 0x0010000000000000
    exponent = (field == 0 ? 1 : field) - 1075
    digits = StringVector(0)
    mant == UInt64(0) && return (digits, 0)
    if exponent >= 0
        push_integer!(digits, mant, exponent)
        return (digits, length(digits))
    end
    shift = -exponent
    whole = shift < 64 ? mant >> shift : UInt64(0)
    whole == UInt64(0) || push_integer!(digits, whole, 0)
    point = length(digits)
    push_fraction!(digits, shift < 64 ? mant - (whole << shift) : mant, shift)
    if point == 0
        zeros = 0
        while zeros < length(digits) && digits[zeros+1] === 0x00
            zeros += 1
        end
        deleteat_front!(digits, zeros)
        point = -zeros
    end
    drop_trailing_zeros!(digits)
    return (digits, point)
end

function deleteat_front!(v::Vector{UInt8}, n::Int)
    for i in 1:length(v)-n
        v[i] = v[i+n]
    end
    return resize!(v, length(v) - n)
end
function drop_trailing_zeros!(v::Vector{UInt8})
    n = length(v)
    while n > 0 && v[n] === 0x00
        n -= 1
    end
    return resize!(v, n)
end

# The decimal digits of mant * 2^shift, by limbs of nine digits, lowest first.
function push_integer!(digits::Vector{UInt8}, mant::UInt64, shift::Int)
    limbs = Vector{UInt64}(undef, 0)
    while mant != UInt64(0)
        push!(limbs, mant % UInt64(1000000000))
        mant = div(mant, UInt64(1000000000))
    end
    while shift > 0
        step = min(shift, 29)
        carry = UInt64(0)
        for i in 1:length(limbs)
            wide = (limbs[i] << step) + carry
            carry = div(wide, UInt64(1000000000))
            limbs[i] = wide - carry * UInt64(1000000000)
        end
        carry == UInt64(0) || push!(limbs, carry)
        shift -= step
    end
    for i in length(limbs):-1:1
        push_nine!(digits, limbs[i], i == length(limbs))
    end
    return nothing
end

# Nine digits, without leading zeros if they are the first ones.
function push_nine!(digits::Vector{UInt8}, limb::UInt64, first::Bool)
    scale = UInt64(100000000)
    started = !first
    while scale != UInt64(0)
        d = div(limb, scale)
        limb -= d * scale
        started |= d != UInt64(0)
        started && push!(digits, d % UInt8)
        scale = div(scale, UInt64(10))
    end
    return nothing
end

# The digits of mant / 2^shift, which is below one: nine come out of each multiplication by 10^9.
function push_fraction!(digits::Vector{UInt8}, mant::UInt64, shift::Int)
    count = (shift + 31) >> 5
    words = Vector{UInt64}(undef, count)
    for i in 1:count
        words[i] = UInt64(0)
    end
    # words[1] holds the highest 32 bits behind the point
    left = (count << 5) - shift
    low = mant << left
    high = left == 0 ? UInt64(0) : mant >> (64 - left)
    put_word!(words, count, low & 0x00000000ffffffff)
    put_word!(words, count - 1, low >> 32)
    put_word!(words, count - 2, high & 0x00000000ffffffff)
    used = count
    while used > 0
        if words[used] == UInt64(0)
            used -= 1
            continue
        end
        carry = UInt64(0)
        for i in used:-1:1
            wide = words[i] * UInt64(1000000000) + carry
            words[i] = wide & 0x00000000ffffffff
            carry = wide >> 32
        end
        push_nine!(digits, carry, false)
    end
    return nothing
end
put_word!(words::Vector{UInt64}, i::Int, w::UInt64) = i >= 1 ? (words[i] = w; nothing) : nothing

# Keeps the first `count` digits, rounded half to even. Returns 1 if a digit came in front, else 0.
function round_digits!(digits::Vector{UInt8}, count::Int)
    n = length(digits)
    count >= n && return 0
    if count < 0
        resize!(digits, 0)
        return 0
    end
    next = digits[count+1]
    up = next > 0x05
    if next === 0x05
        up = n > count + 1 || (count > 0 && isodd(digits[count]))
    end
    resize!(digits, count)
    up || return 0
    i = count
    while i > 0 && digits[i] === 0x09
        digits[i] = 0x00
        i -= 1
    end
    if i > 0
        digits[i] += 0x01
        return 0
    end
    # all nines, or nothing in front: a one and zeros
    push!(digits, 0x00)
    digits[1] = 0x01
    return 1
end
