# What @printf and @sprintf call for each conversion of a format; each function gives a String. The
# macro splits the format: the width is 0 and the precision -1 where none was written, a negative
# width means to the left.

const FORMAT_LEFT = 1
const FORMAT_PLUS = 2
const FORMAT_SPACE = 4
const FORMAT_ALTERNATE = 8
const FORMAT_ZERO = 16

has_flag(flags::Int, flag::Int) = flags & flag != 0

# A text in a field of `width` columns.
function in_field(s::String, flags::Int, width::Int)
    room = abs(width) - textwidth(s)
    room <= 0 && return s
    return width < 0 || has_flag(flags, FORMAT_LEFT) ? s * repeat(" ", room) : repeat(" ", room) * s
end

# The text of a number, sign and prefix apart, in a field; zeros may stand between the two.
function number_in_field(sign::String, body::String, flags::Int, width::Int, zeros::Bool)
    room = width - ncodeunits(sign) - ncodeunits(body)
    if room > 0 && zeros && has_flag(flags, FORMAT_ZERO) && !has_flag(flags, FORMAT_LEFT)
        return sign * (repeat("0", room) * body)
    end
    return in_field(sign * body, flags, width)
end

sign_text(negative::Bool, flags::Int) =
    negative ? "-" : has_flag(flags, FORMAT_PLUS) ? "+" : has_flag(flags, FORMAT_SPACE) ? " " : ""

# %d %i %u %x %X %o
fmt_int(x::Bool, flags::Int, width::Integer, precision::Integer, conversion::Char) = fmt_int(Int64(x), flags, width, precision, conversion)
function fmt_int(x::Union{Int8,Int16,Int32,Int64,Int128,UInt8,UInt16,UInt32,UInt64,UInt128}, flags::Int, width::Integer, precision::Integer, conversion::Char)
    return integer_in_field(widened_magnitude(unsigned_magnitude(x)), signbit(x), flags, Int(width), Int(precision), conversion)
end
fmt_int(x::AbstractFloat, flags::Int, width::Integer, precision::Integer, conversion::Char) = fmt_float(x, flags, width, 0, 'f')
fmt_int(x::Rational, flags::Int, width::Integer, precision::Integer, conversion::Char) = fmt_float(Float64(x), flags, width, 0, 'f')
fmt_int(x::Char, flags::Int, width::Integer, precision::Integer, conversion::Char) = fmt_int(codepoint(x), flags, width, precision, conversion)
fmt_int(x::Ptr, flags::Int, width::Integer, precision::Integer, conversion::Char) = fmt_int(UInt64(x), flags, width, precision, conversion)

function integer_in_field(magnitude, negative::Bool, flags::Int, width::Int, precision::Int, conversion::Char)
    base = conversion == 'x' || conversion == 'X' ? 16 : conversion == 'o' ? 8 : 10
    body = digits_string(magnitude, base, max(precision, 1), false)
    sign = sign_text(negative, flags)
    if has_flag(flags, FORMAT_ALTERNATE) && base != 10
        sign = sign * (base == 8 ? "0" : conversion == 'X' ? "0X" : "0x")
    end
    conversion == 'X' && (body = uppercase(body))
    return number_in_field(sign, body, flags, width, precision < 0)
end

# %f %F %e %E %g %G %a %A
fmt_float(x::Real, flags::Int, width::Integer, precision::Integer, conversion::Char) = fmt_float(Float64(x), flags, width, precision, conversion)
function fmt_float(x::Float64, flags::Int, width::Integer, precision::Integer, conversion::Char)
    return float_in_field(x, flags, Int(width), Int(precision), conversion)
end
function float_in_field(x::AbstractFloat, flags::Int, width::Int, precision::Int, conversion::Char)
    sign = sign_text(signbit(x) && !isnan(x), flags)
    if !isfinite(x)
        return number_in_field(sign, isnan(x) ? "NaN" : "Inf", flags, width, false)
    end
    small = lowercase(conversion)
    alternate = has_flag(flags, FORMAT_ALTERNATE)
    body = small == 'f' ? fixed_text(x, precision < 0 ? 6 : precision, alternate) :
           small == 'e' ? scientific_text(x, precision < 0 ? 6 : precision, alternate) :
           small == 'g' ? general_text(x, precision < 0 ? 6 : precision, alternate) : hexadecimal_text(x, precision, alternate)
    small == conversion || (body = uppercase(body))
    return number_in_field(sign, body, flags, width, true)
end

# The digits from..to; those before the first and behind the last one are zeros.
function write_digits_padded(out::IOBuffer, digits::Vector{UInt8}, from::Int, to::Int)
    n = length(digits)
    for i in from:to
        write(out, 1 <= i <= n ? 0x30 + digits[i] : 0x30)
    end
    return nothing
end

function fixed_text(x::AbstractFloat, precision::Int, alternate::Bool)
    digits, point = exact_decimal(x)
    point += round_digits!(digits, point + precision)
    out = new_iobuffer()
    point <= 0 ? write(out, 0x30) : write_digits_padded(out, digits, 1, point)
    if precision > 0 || alternate
        write(out, 0x2e)
        write_digits_padded(out, digits, point + 1, point + precision)
    end
    return take_string!(out)
end

function write_exponent(out::IOBuffer, exponent::Int)
    write_text(out, exponent < 0 ? "e-" : "e+")
    write_text(out, digits_string(UInt64(abs(exponent)), 10, 2, false))
    return nothing
end

function scientific_text(x::AbstractFloat, precision::Int, alternate::Bool)
    digits, point = exact_decimal(x)
    isempty(digits) && (point = 1)
    point += round_digits!(digits, precision + 1)
    out = new_iobuffer()
    write_digits_padded(out, digits, 1, 1)
    if precision > 0 || alternate
        write(out, 0x2e)
        write_digits_padded(out, digits, 2, precision + 1)
    end
    write_exponent(out, point - 1)
    return take_string!(out)
end

function general_text(x::AbstractFloat, precision::Int, alternate::Bool)
    significant = max(precision, 1)
    digits, point = exact_decimal(x)
    isempty(digits) && (point = 1)
    point += round_digits!(digits, significant)
    alternate || drop_trailing_zeros!(digits)
    shown = alternate ? significant : max(length(digits), 1)
    out = new_iobuffer()
    if -4 <= point - 1 < significant
        point <= 0 ? write(out, 0x30) : write_digits_padded(out, digits, 1, point)
        if shown > point || alternate
            write(out, 0x2e)
            write_digits_padded(out, digits, point + 1, shown)
        end
    else
        write_digits_padded(out, digits, 1, 1)
        if shown > 1 || alternate
            write(out, 0x2e)
            write_digits_padded(out, digits, 2, shown)
        end
        write_exponent(out, point - 1)
    end
    return take_string!(out)
end

function hexadecimal_text(x::Float64, precision::Int, alternate::Bool)
    bits = reinterpret(UInt64, x)
    field = Int((bits >> 52) & 0x00000000000007ff)
    fraction = bits & 0x000fffffffffffff
    lead = field == 0 ? UInt64(0) : UInt64(1)
    exponent = field == 0 ? -1022 : field - 1023
    if field == 0
        if fraction == UInt64(0)
            exponent = 0
        else
            shift = leading_zeros(fraction) - 11
            fraction = (fraction << shift) & 0x000fffffffffffff
            lead = UInt64(1)
            exponent -= shift
        end
    end
    mant = (lead << 52) | fraction
    count = 13
    if 0 <= precision < 13
        drop = 4 * (13 - precision)
        half = UInt64(1) << (drop - 1)
        rest = mant & ((UInt64(1) << drop) - UInt64(1))
        mant >>= drop
        (rest > half || (rest == half && isodd(mant))) && (mant += UInt64(1))
        count = precision
    end
    text = digits_string(mant, 16, count + 1, false)
    out = new_iobuffer()
    write_text(out, "0x")
    write_text(out, string_slice(text, 1, ncodeunits(text) - count))
    tail_text = string_slice(text, ncodeunits(text) - count + 1, ncodeunits(text))
    if precision < 0
        tail_text = String(rstrip(tail_text, '0'))
    elseif precision > 13
        tail_text = tail_text * repeat("0", precision - 13)
    end
    if !isempty(tail_text) || alternate
        write(out, 0x2e)
        write_text(out, tail_text)
    end
    write_text(out, exponent < 0 ? "p-" : "p+")
    print_decimal(out, abs(exponent))
    return take_string!(out)
end

# %c
fmt_char(c::Char, flags::Int, width::Integer) = in_field(char_string(c), flags, Int(width))
fmt_char(x::Integer, flags::Int, width::Integer) = fmt_char(Char(x), flags, width)
fmt_char(s::AbstractString, flags::Int, width::Integer) = fmt_char(s[1], flags, width)

# %s: at most `precision` characters.
function fmt_string(x, flags::Int, width::Integer, precision::Integer)
    s = has_flag(flags, FORMAT_ALTERNATE) ? repr(x) : string(x)
    return in_field(precision < 0 ? s : String(first(s, precision)), flags, Int(width))
end

# %p
fmt_pointer(p::Ptr, flags::Int, width::Integer) = in_field("0x" * digits_string(UInt64(p), 16, 16, false), flags, Int(width))
fmt_pointer(x::Integer, flags::Int, width::Integer) = fmt_pointer(Ptr{Nothing}(UInt64(x)), flags, width)

# The arguments of a format of `@printf` that were given as `values...`: as many as it wants.
format_arguments(expected::Int, args...) = expected == length(args) ? args : throw_format_arguments(expected, length(args))
@noinline throw_format_arguments(expected::Int, given::Int) = throw(ArgumentError(string("mismatch between # of format specifiers and provided args: ", expected, " != ", given)))
