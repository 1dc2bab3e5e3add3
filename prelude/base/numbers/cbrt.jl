# The cube root. The bits of a float divided by three are nearly the bits of its cube root; a
# polynomial makes that 23 bits, and one step of Halley's method the nearest float or, rarely, the
# one next to it. C's function is not used because its last digit differs between libraries.

function cbrt(x::Float64)
    (isfinite(x) && x != 0.0) || return x
    m = abs_float(x)
    # Subnormal numbers are scaled by 2^54, their root then by 2^-18.
    small = m < floatmin(Float64)
    m = small ? m * 1.8014398509481984e16 : m
    guess = bitcast(Float64, div(bitcast(UInt64, m), 0x0000000000000003) + 0x2a9f78d4fdf3b600)
    # guess³ / m lies in 0.909..1.0993, where the polynomial is its -1/3rd power.
    ratio = guess * guess * (guess / m)
    t = guess * evalpoly(ratio, (1.872193425400438, -1.8700957655091366, 1.599356075304985, -0.7438683003689422, 0.14241455107133402))
    # With 23 bits only, the square is exact.
    t = bitcast(Float64, (bitcast(UInt64, t) + 0x0000000080000000) & 0xffffffffc0000000)
    q = m / (t * t)
    t = muladd(t, (q - t) / (t + t + q), t)
    return copysign(small ? t * 3.814697265625e-6 : t, x)
end
cbrt(x::Float32) = Float32(cbrt(Float64(x)))
