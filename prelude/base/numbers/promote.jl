# Promotion: the common type that two numbers are converted to before an operation.

promote_type() = Union{}
promote_type(::Type{T}) where {T} = T
promote_type(::Type{T}, ::Type{T}) where {T} = T
@inline function promote_type(::Type{T}, ::Type{S}) where {T,S}
    T === Union{} && return S
    S === Union{} && return T
    a = promote_rule(T, S)
    b = promote_rule(S, T)
    if a === Union{}
        return b === Union{} ? promote_without_rule(T, S) : b
    end
    return b === Union{} ? a : promote_type(a, b)
end
# What may be nothing or missing stays so; the rest is promoted.
@inline function promote_without_rule(::Type{T}, ::Type{S}) where {T,S}
    A = without_absence(T)
    B = without_absence(S)
    A === T && B === S && return typejoin(T, S)
    return with_absence(with_absence(promote_type(A, B), T), S)
end
promote_type(::Type{T}, ::Type{S}, ::Type{R}, rest...) where {T,S,R} = promote_type(T, promote_type(S, R, rest...))

# Rules are written for one order of the arguments; `Union{}` is "no rule".
promote_rule(::Type{T}, ::Type{S}) where {T,S} = Union{}
promote_rule(::Type{Bool}, ::Type{T}) where {T<:Number} = T
@inline function promote_rule(::Type{T}, ::Type{S}) where {T<:BitInteger,S<:BitInteger}
    if sizeof(T) === sizeof(S)
        return T <: Unsigned ? T : S
    end
    return slt_int(sizeof(S), sizeof(T)) ? T : S
end
promote_rule(::Type{T}, ::Type{S}) where {T<:IEEEFloat,S<:BitInteger} = T
@inline promote_rule(::Type{T}, ::Type{S}) where {T<:IEEEFloat,S<:IEEEFloat} = slt_int(sizeof(S), sizeof(T)) ? T : S

# The type that operands of two types meet in. Without a rule their join would send the operation
# back to itself.
@inline function common_type(::Type{T}, ::Type{S}) where {T,S}
    R = promote_type(T, S)
    isconcretetype(R) || throw_promotion(T, S)
    return R
end
@noinline throw_promotion(::Type{T}, ::Type{S}) where {T,S} =
    throw(ErrorException(LazyString("promotion of types ", T, " and ", S, " failed to change any arguments")))
@inline throw_undefined_operator(name::Symbol, ::Type{T}) where {T} =
    throw(ErrorException(LazyString(name, " not defined for ", T)))

promote() = ()
promote(x) = (x,)
@inline promote(x::T, y::T) where {T} = (x, y)
@inline function promote(x::T, y::S) where {T,S}
    R = promote_type(T, S)
    isconcretetype(R) || throw_promotion(T, S)
    return (convert(R, x), convert(R, y))
end
@inline function promote(x, y, z)
    R = promote_type(typeof(x), typeof(y), typeof(z))
    return (convert(R, x), convert(R, y), convert(R, z))
end
function promote(x, y, z, w, rest...)
    R = promote_type(typeof(x), typeof(y), typeof(z), typeof(w), map(typeof, rest)...)
    return (convert(R, x), convert(R, y), convert(R, z), convert(R, w), map(Fix1(convert, R), rest)...)
end

# ---- operations on numbers of different types

@inline +(x::T, y::S) where {T<:Number,S<:Number} = (R = common_type(T, S); convert(R, x) + convert(R, y))
@inline -(x::T, y::S) where {T<:Number,S<:Number} = (R = common_type(T, S); convert(R, x) - convert(R, y))
@inline *(x::T, y::S) where {T<:Number,S<:Number} = (R = common_type(T, S); convert(R, x) * convert(R, y))
@inline /(x::T, y::S) where {T<:Number,S<:Number} = (R = common_type(T, S); convert(R, x) / convert(R, y))
@inline ^(x::T, y::S) where {T<:Number,S<:Number} = (R = common_type(T, S); convert(R, x)^convert(R, y))
@inline ==(x::T, y::S) where {T<:Number,S<:Number} = (R = common_type(T, S); convert(R, x) == convert(R, y))
@inline <(x::T, y::S) where {T<:Real,S<:Real} = (R = common_type(T, S); convert(R, x) < convert(R, y))
@inline <=(x::T, y::S) where {T<:Real,S<:Real} = (R = common_type(T, S); convert(R, x) <= convert(R, y))
@inline div(x::T, y::S) where {T<:Real,S<:Real} = (R = common_type(T, S); div(convert(R, x), convert(R, y)))
@inline rem(x::T, y::S) where {T<:Real,S<:Real} = (R = common_type(T, S); rem(convert(R, x), convert(R, y)))
@inline mod(x::T, y::S) where {T<:Real,S<:Real} = (R = common_type(T, S); mod(convert(R, x), convert(R, y)))
@inline fld(x::T, y::S) where {T<:Real,S<:Real} = (R = common_type(T, S); fld(convert(R, x), convert(R, y)))
@inline cld(x::T, y::S) where {T<:Real,S<:Real} = (R = common_type(T, S); cld(convert(R, x), convert(R, y)))
@inline mod1(x::T, y::S) where {T<:Real,S<:Real} = (R = common_type(T, S); mod1(convert(R, x), convert(R, y)))
@inline fld1(x::T, y::S) where {T<:Real,S<:Real} = (R = common_type(T, S); fld1(convert(R, x), convert(R, y)))
@inline max(x::T, y::S) where {T<:Real,S<:Real} = (R = common_type(T, S); max(convert(R, x), convert(R, y)))
@inline min(x::T, y::S) where {T<:Real,S<:Real} = (R = common_type(T, S); min(convert(R, x), convert(R, y)))
@inline minmax(x::T, y::S) where {T<:Real,S<:Real} = (R = common_type(T, S); minmax(convert(R, x), convert(R, y)))
@inline (&)(x::T, y::S) where {T<:Integer,S<:Integer} = (R = common_type(T, S); convert_bits(R, x) & convert_bits(R, y))
@inline (|)(x::T, y::S) where {T<:Integer,S<:Integer} = (R = common_type(T, S); convert_bits(R, x) | convert_bits(R, y))
# Sums, differences and products of integers wrap around, also where a negative one meets an unsigned.
@inline +(x::T, y::S) where {T<:BitInteger,S<:BitInteger} = (R = promote_type(T, S); add_int(rem(x, R), rem(y, R)))
@inline -(x::T, y::S) where {T<:BitInteger,S<:BitInteger} = (R = promote_type(T, S); sub_int(rem(x, R), rem(y, R)))
@inline *(x::T, y::S) where {T<:BitInteger,S<:BitInteger} = (R = promote_type(T, S); mul_int(rem(x, R), rem(y, R)))
@inline xor(x::T, y::S) where {T<:Integer,S<:Integer} = (R = common_type(T, S); xor(convert_bits(R, x), convert_bits(R, y)))
@inline convert_bits(::Type{R}, x) where {R} = rem(x, R)
@inline function fma(x::T, y::S, z::U) where {T<:Number,S<:Number,U<:Number}
    T === S && S === U && throw_undefined_operator(:fma, T)
    R = common_type(common_type(T, S), U)
    return fma(convert(R, x), convert(R, y), convert(R, z))
end
@inline function muladd(x::T, y::S, z::U) where {T<:Number,S<:Number,U<:Number}
    T === S && S === U && return x * y + z
    R = common_type(common_type(T, S), U)
    return muladd(convert(R, x), convert(R, y), convert(R, z))
end
@inline muladd(x, y, z) = x * y + z

# What no type defines for itself.
+(x::T, y::T) where {T<:Number} = throw_undefined_operator(:+, T)
-(x::T, y::T) where {T<:Number} = throw_undefined_operator(:-, T)
*(x::T, y::T) where {T<:Number} = throw_undefined_operator(:*, T)
/(x::T, y::T) where {T<:Number} = throw_undefined_operator(:/, T)
^(x::T, y::T) where {T<:Number} = throw_undefined_operator(:^, T)
<(x::T, y::T) where {T<:Real} = throw_undefined_operator(:<, T)
<=(x::T, y::T) where {T<:Real} = throw_undefined_operator(:<=, T)
div(x::T, y::T) where {T<:Real} = throw_undefined_operator(:div, T)
rem(x::T, y::T) where {T<:Real} = throw_undefined_operator(:rem, T)
mod(x::T, y::T) where {T<:Real} = mod_of_rem(x, y)
==(x::T, y::T) where {T<:Number} = x === y
@inline max(x::T, y::T) where {T<:Real} = ifelse(y < x, x, y)
@inline min(x::T, y::T) where {T<:Real} = ifelse(y < x, y, x)
@inline minmax(x::T, y::T) where {T<:Real} = y < x ? (y, x) : (x, y)

@inline +(x::Number) = x
@inline *(x::Number) = x
@inline +(x, y, z) = (x + y) + z
@inline *(x, y, z) = (x * y) * z
@inline +(x, y, z, w) = ((x + y) + z) + w
@inline +(x, y, z, w, v, more...) = fold_elements(+, (((x + y) + z) + w) + v, more)
@inline *(x, y, z, w) = ((x * y) * z) * w
@inline *(x, y, z, w, v, more...) = fold_elements(*, (((x * y) * z) * w) * v, more)
@inline (&)(x::Integer, y::Integer, z::Integer, more...) = fold_elements(&, (x & y) & z, more)
@inline (|)(x::Integer, y::Integer, z::Integer, more...) = fold_elements(|, (x | y) | z, more)
@inline xor(x::Integer, y::Integer, z::Integer, more...) = fold_elements(xor, xor(xor(x, y), z), more)
@inline max(x, y, z, more...) = fold_elements(max, max(max(x, y), z), more)
@inline min(x, y, z, more...) = fold_elements(min, min(min(x, y), z), more)
max(x) = x
min(x) = x
