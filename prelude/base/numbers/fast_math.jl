# module: Base.FastMath

# What @fastmath makes of operators and functions. The operations are the exact ones: they are among
# the results that @fastmath allows.

@inline add_fast(x) = +x
@inline add_fast(x, y) = x + y
@inline add_fast(x, y, z, more...) = add_fast(x + y, z, more...)
@inline sub_fast(x) = -x
@inline sub_fast(x, y) = x - y
@inline mul_fast(x) = x
@inline mul_fast(x, y) = x * y
@inline mul_fast(x, y, z, more...) = mul_fast(x * y, z, more...)
@inline div_fast(x, y) = x / y
@inline rem_fast(x, y) = rem(x, y)
@inline pow_fast(x, y) = x^y
@inline pow_fast(x, p::Val) = Base.literal_pow(^, x, p)
@inline eq_fast(x, y) = x == y
@inline ne_fast(x, y) = x != y
@inline lt_fast(x, y) = x < y
@inline le_fast(x, y) = x <= y
@inline gt_fast(x, y) = x > y
@inline ge_fast(x, y) = x >= y
@inline cmp_fast(x, y) = cmp(x, y)
@inline isinf_fast(x) = false
@inline isfinite_fast(x) = true
@inline isnan_fast(x) = false
@inline issubnormal_fast(x) = false
@inline min_fast(x, y) = ifelse(y < x, y, x)
@inline max_fast(x, y) = ifelse(y < x, x, y)
@inline min_fast(x, y, z, more...) = min_fast(min_fast(x, y), z, more...)
@inline max_fast(x, y, z, more...) = max_fast(max_fast(x, y), z, more...)
@inline minmax_fast(x, y) = ifelse(y < x, (y, x), (x, y))
@inline atan_fast(y, x) = atan(y, x)
@inline log_fast(b, x) = log(b, x)
@inline hypot_fast(x, y) = hypot(x, y)
@inline sin_fast(x) = sin(x)
@inline cos_fast(x) = cos(x)
@inline tan_fast(x) = tan(x)
@inline asin_fast(x) = asin(x)
@inline acos_fast(x) = acos(x)
@inline atan_fast(x) = atan(x)
@inline sinh_fast(x) = sinh(x)
@inline cosh_fast(x) = cosh(x)
@inline tanh_fast(x) = tanh(x)
@inline asinh_fast(x) = asinh(x)
@inline acosh_fast(x) = acosh(x)
@inline atanh_fast(x) = atanh(x)
@inline exp_fast(x) = exp(x)
@inline exp2_fast(x) = exp2(x)
@inline exp10_fast(x) = exp10(x)
@inline expm1_fast(x) = expm1(x)
@inline log_fast(x) = log(x)
@inline log2_fast(x) = log2(x)
@inline log10_fast(x) = log10(x)
@inline log1p_fast(x) = log1p(x)
@inline sqrt_fast(x) = sqrt(x)
@inline cbrt_fast(x) = cbrt(x)
@inline abs_fast(x) = abs(x)
@inline abs2_fast(x) = abs2(x)
@inline conj_fast(x) = conj(x)
@inline inv_fast(x) = inv(x)
@inline sign_fast(x) = sign(x)
@inline angle_fast(x) = angle(x)
@inline cis_fast(x) = cis(x)
@inline sincos_fast(x) = sincos(x)
