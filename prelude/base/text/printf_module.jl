# module: Printf
# The package Printf: its macros are the compiler's, what they call is in printf.jl.

export @printf, @sprintf

# A format that is known when the program runs, taken apart: texts and conversions.
struct Conversion
    letter::Char
    flags::Int
    width::Int
    precision::Int
    # The width or the precision is the next argument.
    width_given::Bool
    precision_given::Bool
end
struct Format
    str::String
    pieces::Vector{Union{String,Conversion}}
end
function Format(text::AbstractString)
    s = String(text)
    pieces = Union{String,Conversion}[]
    plain = Base.IOBuffer()
    i = 1
    while i <= Base.ncodeunits(s)
        c = s[i]
        i = Base.nextind(s, i)
        if c != '%'
            Base.print(plain, c)
        elseif i <= Base.ncodeunits(s) && s[i] == '%'
            Base.print(plain, '%')
            i += 1
        else
            conversion, i = read_conversion(s, i)
            text_before = Base.String(Base.take!(plain))
            Base.isempty(text_before) || Base.push!(pieces, text_before)
            Base.push!(pieces, conversion)
        end
    end
    rest = Base.String(Base.take!(plain))
    Base.isempty(rest) || Base.push!(pieces, rest)
    return Format(s, pieces)
end
function read_conversion(s::String, i::Int)
    flags = 0
    while i <= Base.ncodeunits(s) && s[i] in "-+ #0"
        c = s[i]
        flags |= c == '-' ? Base.FORMAT_LEFT : c == '+' ? Base.FORMAT_PLUS : c == ' ' ? Base.FORMAT_SPACE : c == '#' ? Base.FORMAT_ALTERNATE : Base.FORMAT_ZERO
        i += 1
    end
    width, width_given, i = read_number(s, i)
    precision, precision_given = -1, false
    if i <= Base.ncodeunits(s) && s[i] == '.'
        precision, precision_given, i = read_number(s, i + 1)
    end
    while i <= Base.ncodeunits(s) && s[i] in "hlLjqtz"
        i += 1
    end
    i <= Base.ncodeunits(s) && s[i] in "diuxXoeEfFgGaAcsp" || throw_format(s)
    return Conversion(s[i], flags, width, precision, width_given, precision_given), i + 1
end
throw_format(s::String) = throw(Base.ArgumentError(Base.string("invalid format string: ", Base.repr(s))))
function read_number(s::String, i::Int)
    i <= Base.ncodeunits(s) && s[i] == '*' && return (0, true, i + 1)
    n = 0
    while i <= Base.ncodeunits(s) && Base.isdigit(s[i])
        n = 10n + (s[i] - '0')
        i += 1
    end
    return (n, false, i)
end

function format(f::Format, args...)
    io = Base.IOBuffer()
    format(io, f, args...)
    return Base.String(Base.take!(io))
end
format(f::Base.AbstractString, args...) = format(Format(f), args...)
function format(io::Base.IO, f::Format, args...)
    expected = Base.sum(count_arguments, f.pieces; init = 0)
    expected == Base.length(args) || Base.throw_format_arguments(expected, Base.length(args))
    at = 1
    for piece in f.pieces
        if piece isa String
            Base.print(io, piece)
        else
            width, precision = piece.width, piece.precision
            if piece.width_given
                width = args[at]
                at += 1
            end
            if piece.precision_given
                precision = args[at]
                at += 1
            end
            Base.print(io, converted(args[at], piece.letter, piece.flags, width, precision))
            at += 1
        end
    end
    return nothing
end
count_arguments(::String) = 0
count_arguments(c::Conversion) = 1 + c.width_given + c.precision_given
function converted(x, letter::Char, flags::Int, width, precision)
    letter == 'c' && return Base.fmt_char(x, flags, width)
    letter == 's' && return Base.fmt_string(x, flags, width, precision)
    letter == 'p' && return Base.fmt_pointer(x, flags, width)
    letter in "diuxXo" && return Base.fmt_int(x, flags, width, precision, letter)
    return Base.fmt_float(x, flags, width, precision, letter)
end
