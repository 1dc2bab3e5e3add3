# Conversion between numbers: constructors, which refuse what they cannot represent, and `%`, which
# wraps.

# ---- integers modulo 2^n

@inline function rem(x::S, ::Type{T}) where {T<:BitInteger,S<:BitInteger}
    if sizeof(T) === sizeof(S)
        return bitcast(T, x)
    elseif slt_int(sizeof(T), sizeof(S))
        return trunc_int(T, x)
    elseif S <: Signed
        return sext_int(T, x)
    else
        return zext_int(T, x)
    end
end
@inline rem(x::Bool, ::Type{T}) where {T<:BitInteger} = rem(bitcast(UInt8, x), T)
@inline rem(x::BitInteger, ::Type{Bool}) = eq_int(and_int(rem(x, UInt8), 0x01), 0x01)
rem(x::Bool, ::Type{Bool}) = x
rem(x::T, ::Type{Integer}) where {T<:Integer} = x
@inline rem(x::BitInteger, ::Type{Signed}) = signed(x)
@inline rem(x::BitInteger, ::Type{Unsigned}) = unsigned(x)
rem(x::T, ::Type{T}) where {T<:Integer} = x
rem(x::T, ::Type{T}) where {T<:BitInteger} = x

# ---- integers to integers

# Inlined: the text of the error needs the name as a constant.
@inline throw_inexact(name::Symbol, ::Type{T}, x) where {T} = throw(InexactError(name, T, x))

@inline (::Type{T})(x::T) where {T<:BitInteger} = x
@inline (::Type{T})(x::S) where {T<:BitInteger,S<:BitInteger} = exact_integer(T, x)
@inline (::Type{T})(x::Bool) where {T<:BitInteger} = rem(x, T)
@inline function exact_integer(::Type{T}, x::S) where {T,S}
    if slt_int(sizeof(T), sizeof(S))
        # First, because the error names the check.
        if T <: Signed && S <: Unsigned
            slt_int(x, zero(S)) && throw_inexact(:check_top_bit, T, x)
        end
        y = trunc_int(T, x)
        back = T <: Signed ? sext_int(S, y) : zext_int(S, y)
        eq_int(back, x) || throw_inexact(:trunc, T, x)
        return y
    end
    # An unsigned number fits into anything larger, a signed one into anything signed.
    if S <: Signed
        T <: Unsigned && slt_int(x, zero(S)) && throw_inexact(:check_top_bit, T, x)
    elseif T <: Signed && sizeof(T) === sizeof(S)
        slt_int(x, zero(S)) && throw_inexact(:check_top_bit, T, x)
    end
    return rem(x, T)
end

Bool(x::Bool) = x
@inline function Bool(x::Real)
    x == 0 && return false
    x == 1 && return true
    throw_inexact(:Bool, Bool, x)
end

# ---- integers to floats

@inline (::Type{T})(x::S) where {T<:IEEEFloat,S<:BitInteger} = S <: Signed ? sitofp(T, x) : uitofp(T, x)
@inline (::Type{T})(x::Bool) where {T<:IEEEFloat} = uitofp(T, bitcast(UInt8, x))

# ---- floats to floats

@inline (::Type{T})(x::T) where {T<:IEEEFloat} = x
@inline function (::Type{T})(x::S) where {T<:IEEEFloat,S<:IEEEFloat}
    return slt_int(sizeof(T), sizeof(S)) ? fptrunc(T, x) : fpext(T, x)
end

# ---- floats to integers

# The integers of a type are those of the interval [lower, upper), whose ends are exact.
@inline lower_bound(::Type{T}) where {T<:BitInteger} = Float64(typemin(T))
@inline upper_bound(::Type{T}) where {T<:BitInteger} = add_float(Float64(typemax(T)), 1.0)
@inline function in_range(::Type{T}, x::IEEEFloat) where {T<:BitInteger}
    y = Float64(x)
    return and_int(le_float(lower_bound(T), y), lt_float(y, upper_bound(T)))
end

@inline function (::Type{T})(x::S) where {T<:BitInteger,S<:IEEEFloat}
    and_int(in_range(T, x), eq_float(trunc_llvm(x), x)) || throw_inexact(nameof(T), T, x)
    return unsafe_trunc(T, x)
end

@inline unsafe_trunc(::Type{T}, x::IEEEFloat) where {T<:BitSigned} = fptosi(T, x)
@inline unsafe_trunc(::Type{T}, x::IEEEFloat) where {T<:BitUnsigned} = fptoui(T, x)
@inline unsafe_trunc(::Type{T}, x::Integer) where {T<:Integer} = rem(x, T)

# ---- characters, abstract types, anything else

@inline (::Type{T})(c::Char) where {T<:AbstractFloat} = T(UInt32(c))
@inline (::Type{T})(x::T) where {T<:Number} = x

Integer(x::Integer) = x
@inline Integer(x::AbstractFloat) = Int(x)
Signed(x::Signed) = x
@inline Signed(x::Union{BitUnsigned,Bool,AbstractFloat}) = Int(x)
Unsigned(x::Unsigned) = x
@inline Unsigned(x::Union{BitSigned,Bool,AbstractFloat}) = UInt(x)
AbstractFloat(x::AbstractFloat) = x
@inline AbstractFloat(x::Union{Integer,Rational,AbstractIrrational}) = float(x)

@inline convert(::Type{T}, x::T) where {T<:Number} = x
@inline convert(::Type{T}, x::Number) where {T<:Number} = T(x)::T

# The signed or unsigned number with the same bits.
signed(::Type{T}) where {T<:BitSigned} = T
signed(::Type{UInt8}) = Int8
signed(::Type{UInt16}) = Int16
signed(::Type{UInt32}) = Int32
signed(::Type{UInt64}) = Int64
signed(::Type{UInt128}) = Int128
signed(::Type{Bool}) = Int
unsigned(::Type{T}) where {T<:BitUnsigned} = T
unsigned(::Type{Int8}) = UInt8
unsigned(::Type{Int16}) = UInt16
unsigned(::Type{Int32}) = UInt32
unsigned(::Type{Int64}) = UInt64
unsigned(::Type{Int128}) = UInt128
unsigned(::Type{Bool}) = UInt
signed(x::Signed) = x
@inline signed(x::T) where {T<:BitUnsigned} = bitcast(signed(T), x)
@inline signed(x::Bool) = Int(x)
@inline signed(x::AbstractFloat) = Int(x)
unsigned(x::Unsigned) = x
@inline unsigned(x::T) where {T<:BitSigned} = bitcast(unsigned(T), x)
@inline unsigned(x::Bool) = UInt(x)
@inline unsigned(x::AbstractFloat) = UInt(x)

float(::Type{T}) where {T<:AbstractFloat} = T
float(::Type{T}) where {T<:Integer} = Float64
float(::Type{T}) where {T<:Number} = typeof(float(zero(T)))
float(x::AbstractFloat) = x
float(x) = AbstractFloat(x)
@inline float(x::Integer) = Float64(x)

# The value with the same bits.
@inline function reinterpret(::Type{T}, x::S) where {T,S}
    isprimitivetype(T) && isprimitivetype(S) || return reinterpret_aggregate(T, x)
    sizeof(T) === sizeof(S) || throw_reinterpret_size(T, S)
    return bitcast(T, x)
end
reinterpret(::Type{T}, x::T) where {T} = x
# Structs and tuples go through memory.
function reinterpret_aggregate(::Type{T}, x::S) where {T,S}
    isbitstype(T) || throw(ArgumentError(LazyString("Target type for `reinterpret` must be isbits. Got ", T)))
    isbitstype(S) || throw(ArgumentError(LazyString("Source type for `reinterpret` must be isbits. Got ", S)))
    sizeof(T) === sizeof(S) ||
        throw(ArgumentError(LazyString("Packed sizes of types ", T, " and ", S, " do not match; got ", sizeof(T), " and ", sizeof(S), ", respectively.")))
    bytes = S[x]
    return GC.@preserve bytes pointerref(bitcast(Ptr{T}, pointer(bytes)), 1, 1)
end
@noinline throw_reinterpret_size(::Type{T}, ::Type{S}) where {T,S} =
    throw(ErrorException("bitcast: argument size does not match size of target type"))
