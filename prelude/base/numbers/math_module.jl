# module: Base.Math

import ..Base: sin, cos, tan, sinh, cosh, tanh, asin, acos, atan, asinh, acosh, atanh, sec, csc, cot, asec, acsc, acot, sech, csch, coth, asech, acsch, acoth, sinpi, cospi, sincospi, tanpi, sinc, cosc, sind, cosd, tand, sincosd, sincos, cbrt, sqrt, fourthroot, log, log2, log10, log1p, exponent, exp, exp2, exp10, expm1, hypot, max, min, minmax, ldexp, frexp, significand, modf, clamp, clamp!, mod2pi, rem2pi, evalpoly, deg2rad, rad2deg
export sin, cos, tan, exp, log, sqrt
