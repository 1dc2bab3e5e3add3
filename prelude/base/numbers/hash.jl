# Hashes of numbers: equal numbers have equal hashes, whatever their types.

hash(x) = hash(x, zero(UInt))

# Thomas Wang's mix of 64 bits.
@inline function hash_64_64(a::UInt64)
    a = ~a + (a << 21)
    a = a ⊻ (a >> 24)
    a = a + (a << 3) + (a << 8)
    a = a ⊻ (a >> 14)
    a = a + (a << 2) + (a << 4)
    a = a ⊻ (a >> 28)
    return a + (a << 31)
end
@inline hash_uint64(x::UInt64) = hash_64_64(x)
@inline hash_uint(x::UInt64) = hash_64_64(x)

@inline hash(x::Int64, h::UInt) = hash_64_64(bitcast(UInt64, x)) - 0x0000000000000003 * h
@inline hash(x::UInt64, h::UInt) = hash_64_64(x) - 0x0000000000000003 * h
@inline hash(x::Union{Bool,Int8,Int16,Int32,UInt8,UInt16,UInt32}, h::UInt) = hash(Int64(x), h)
@inline hash(x::Union{Float16,Float32}, h::UInt) = hash(Float64(x), h)
function hash(x::Float64, h::UInt)
    if -9.223372036854775808e18 <= x && x < 9.223372036854775808e18
        i = fptosi(Int64, x)
        isequal(Float64(i), x) && return hash(i, h)
    elseif 0.0 <= x && x < 1.8446744073709551616e19
        return hash(fptoui(UInt64, x), h)
    elseif isnan(x)
        return 0x15d7d083d04ecb90 ⊻ h
    end
    return hash_64_64(bitcast(UInt64, x)) - 0x0000000000000003 * h
end

function hash(x::Union{Int128,UInt128}, h::UInt)
    typemin(Int64) <= x && x <= typemax(Int64) && return hash(rem(x, Int64), h)
    x >= 0 && x <= typemax(UInt64) && return hash(rem(x, UInt64), h)
    return hash_odd_times_power(x, 0, h)
end
function hash(x::Rational{T}, h::UInt) where {T}
    isone(x.den) && return hash(x.num, h)
    iszero(x.den) && return hash(x.num > 0 ? Inf : -Inf, h)
    zeros = trailing_zeros(x.den)
    den = x.den >> zeros
    isone(den) && return hash_odd_times_power(x.num, -zeros, h)
    num_zeros = trailing_zeros(x.num)
    h = hash_integer(den, h)
    h = hash_integer(num_zeros - zeros, h)
    return hash_integer(x.num >> num_zeros, h)
end
# Of x * 2^power: as the float that it is, else from all of its bits.
function hash_odd_times_power(x::Integer, power::Int, h::UInt)
    zeros = trailing_zeros(x)
    power += zeros
    x >>= zeros
    bits = top_set_bit(unsigned(abs(x)))
    bits <= 53 && bits + power <= 1024 && power >= -1074 && return hash(ldexp(Float64(x), power), h)
    return hash_integer(x, hash_integer(power, h))
end
function hash_integer(n::Integer, h::UInt)
    h = h ⊻ hash_64_64(rem(n, UInt64) ⊻ h)
    n = unsigned(abs(n))
    n >>>= 64
    while !iszero(n)
        h = h ⊻ hash_64_64(rem(n, UInt64) ⊻ h)
        n >>>= 64
    end
    return h
end

# hash(0, 0x32a7a07f3e7cd1f9) is a constant of this formula.
@inline hash(z::Complex, h::UInt) =
    hash(real(z), h ⊻ hash(imag(z), 0x32a7a07f3e7cd1f9) ⊻ hash(0, 0x32a7a07f3e7cd1f9))
