# print, println, show and string: how values become text on a stream.
#
# `show(io, x)` writes a value as one would write it in a program, `print(io, x)` for a reader; they
# differ for text, unsigned numbers and some floats. The `show` methods of the types are in the
# show_*.jl files; most of them only call a function on the buffer below.

print(io::IO, x) = show(io, x)
function print(io::IO, x, y, rest...)
    out = text_sink(io)
    print_into(io, out, x, y, rest...)
    flush_sink(io, out)
    return nothing
end
print(io::IO) = nothing
function print(xs...)
    out = new_iobuffer()
    print_into(stdout, out, xs...)
    return flush_stdout(out)
end

function println(io::IO, xs...)
    out = text_sink(io)
    print_into(io, out, xs...)
    write(out, 0x0a)
    flush_sink(io, out)
    return nothing
end
function println(xs...)
    out = new_iobuffer()
    print_into(stdout, out, xs...)
    write(out, 0x0a)
    return flush_stdout(out)
end

# Where printing one of the arguments throws, what was printed before is printed. Outputs do without:
# each of their calls would need a handler.
@inline print_into(io::T, out::T, xs...) where {T<:IO} = print_each(out, xs...)
@inline function print_into(io::IO, out::IO, xs...)
    Core.exceptions_are_objects() && fold_elements(or_may_throw, Val(false), xs) === Val(true) && return print_with_handler(io, out, xs...)
    return print_each(out, xs...)
end
or_may_throw(found::Val, x) = Val(true)
or_may_throw(found::Val, x::Union{Int64,UInt8,Bool,Float64,Char,String,Symbol,Nothing}) = found
function print_with_handler(io::IO, out::IO, xs...)
    try
        print_each(out, xs...)
    catch
        flush_sink(io, out)
        rethrow()
    end
    return nothing
end

# One number or text needs no buffer, unless the program has its own idea of how it looks.
print(x::Union{Int64,Float64,String}) = prints_plainly(typeof(x)) ? print_directly(x, false) : print_gathered(x, false)
println(x::Union{Int64,Float64,String}) = prints_plainly(typeof(x)) ? print_directly(x, true) : print_gathered(x, true)

prints_plainly(::Type{T}) where {T} = !(Core.is_extended(print, T) || Core.is_extended(show, T))

function print_gathered(x, newline::Bool)
    out = new_iobuffer()
    print(out, x)
    newline && write(out, 0x0a)
    return flush_stdout(out)
end

print_directly(x::Int64, newline::Bool) = ccall(Symbol("Shims.print_int64"), Nothing, (Int64, Bool), x, newline)
print_directly(x::Float64, newline::Bool) = ccall(Symbol("Shims.print_float64"), Nothing, (Float64, Bool), x, newline)
function print_directly(s::String, newline::Bool)
    GC.@preserve s ccall(Symbol("Shims.print_bytes"), Nothing, (Ptr{UInt8}, Int64, Bool), string_bytes(s), sizeof(s), newline)
    return nothing
end

@inline print_each(io::IO) = nothing
@inline function print_each(io::IO, x)
    print(io, x)
    return nothing
end
@inline function print_each(io::IO, x, rest...)
    print(io, x)
    return print_each(io, rest...)
end
@inline print_each(io::IO, a, b, c, d, e, f, g, h, rest...) =
    foreach_of_many(x -> print(io, x), (a, b, c, d, e, f, g, h, rest...))

function show(x)
    out = new_iobuffer()
    show(out, x)
    return flush_stdout(out)
end

# One String of the texts of all arguments. Errors are recognised by calls of these functions, so
# they stay calls.
@noinline function string(xs...)
    out = new_iobuffer()
    print_each(out, xs...)
    return take_string!(out)
end
@noinline print_to_string(xs...) = string(xs...)
# Texts that are there already need no buffer.
@noinline function string(a::String, b::String)
    m, n = ncodeunits(a), ncodeunits(b)
    s = new_string(m + n)
    GC.@preserve s a b begin
        copy_bytes!(string_bytes(s), string_bytes(a), m)
        copy_bytes!(byte_offset(string_bytes(s), m), string_bytes(b), n)
    end
    return s
end
@noinline function string(a::String, b::String, c::String)
    k, m, n = ncodeunits(a), ncodeunits(b), ncodeunits(c)
    s = new_string(k + m + n)
    GC.@preserve s a b c begin
        copy_bytes!(string_bytes(s), string_bytes(a), k)
        copy_bytes!(byte_offset(string_bytes(s), k), string_bytes(b), m)
        copy_bytes!(byte_offset(string_bytes(s), k + m), string_bytes(c), n)
    end
    return s
end
string(s::String) = s
string(s::SubString{String}) = String(s)
string(c::Char) = char_string(c)
string(s::Symbol) = String(s)
string() = ""

repr(x; context=nothing) = sprint_in(context, show, x)
repr(m::MIME, x; context=nothing) = sprint_in(context, show, m, x)
# A text is taken to be in its format already, but for plain text.
repr(m::MIME, s::AbstractString; context=nothing) = m isa MIME_plain || !istextmime(m) ? sprint_in(context, show, m, s) : s
@inline repr(m::AbstractString, x; context=nothing) = repr(MIME(m), x; context)

# What f(io, args...) writes.
sprint(f, args...; context=nothing, sizehint::Integer=0) = sprint_in(context, f, args...)

function sprint_in(::Nothing, f, args...)
    out = new_iobuffer()
    f(out, args...)
    return take_string!(out)
end
function sprint_in(context::IO, f, args...)
    out = new_iobuffer()
    f(IOContext(out, context), args...)
    return take_string!(out)
end
function sprint_in(context::Pair, f, args...)
    out = new_iobuffer()
    f(IOContext(out, context), args...)
    return take_string!(out)
end
function sprint_in(context::Tuple, f, args...)
    out = new_iobuffer()
    f(IOContext(out, context...), args...)
    return take_string!(out)
end

# Kinds of text.
struct MIME{mime} end
const MIME_plain = MIME{:var"text/plain"}
MIME(s::Symbol) = MIME{s}()
# Compiled code knows only the types that it was compiled with.
@inline MIME(s::AbstractString) = Core.exceptions_are_objects() ? MIME{Symbol(s)}() : plain_mime(s)
function plain_mime(s::AbstractString)
    s == "text/plain" || throw(ArgumentError("only the MIME type text/plain is supported"))
    return MIME_plain()
end

show(io::IO, ::MIME{M}) where {M} = print(io, "MIME type ", String(M))
print(io::IO, ::MIME{M}) where {M} = print(io, String(M))

show(io::IO, ::MIME_plain, x) = show(io, x)
show(m::MIME, x) = show(stdout, m, x)
show(io::IO, m::AbstractString, x) = show(io, MIME(m), x)

# Whether there is a way to show x as this kind of text.
showable(m::AbstractString, x) = showable(MIME(m), x)
showable(::MIME_plain, x) = true
istextmime(m::Union{MIME,AbstractString}) =
    startswith(string(m), "text/") || string(m) in ("application/json", "application/javascript", "application/julia", "application/xml", "application/x-latex", "image/svg+xml")
showable(m::MIME, x) = hasmethod(show, Tuple{IO,typeof(m),typeof(x)})

# What a session shows of a value; in a program the text/plain form and a newline.
function display(x)
    out = new_iobuffer()
    show(out, MIME_plain(), x)
    write(out, 0x0a)
    return flush_stdout(out)
end
display(m::MIME, x) = display(x)

function write_text(io::IO, s::String)
    write(io, s)
    return nothing
end

print(io::IO, s::String) = write_text(io, s)
print(io::IO, s::SubString{String}) = (write(io, s); nothing)
print(io::IO, s::AbstractString) = (write(io, s); nothing)
print(io::IO, c::Char) = (write(io, c); nothing)
print(io::IO, s::Symbol) = write_text(io, String(s))
print(io::IO, x::Unsigned) = print_decimal(io, x)
print(io::IO, x::Union{Float16,Float32}) = print_float(io, x)

# join: the texts of the elements with a text between them.
function join(io::IO, iterator, delim, last)
    out = text_sink(io)
    join_into(out, iterator, delim, last)
    flush_sink(io, out)
    return nothing
end
function join(io::IO, iterator, delim="")
    out = text_sink(io)
    join_into(out, iterator, delim)
    flush_sink(io, out)
    return nothing
end
function join(iterator)
    out = new_iobuffer()
    join_into(out, iterator, "")
    return take_string!(out)
end
function join(iterator, delim)
    out = new_iobuffer()
    join_into(out, iterator, delim)
    return take_string!(out)
end
function join(iterator, delim, last)
    out = new_iobuffer()
    join_into(out, iterator, delim, last)
    return take_string!(out)
end

function join_into(out::IO, iterator, delim)
    first = true
    for x in iterator
        first || print(out, delim)
        print(out, x)
        first = false
    end
    return nothing
end

# A tuple may hold values of different types.
function join_into(out::IO, t::Tuple, delim)
    nfields(t) == 0 && return nothing
    print(out, getfield(t, 1))
    return join_rest(out, tail(t), delim)
end
join_rest(out::IO, ::Tuple{}, delim) = nothing
function join_rest(out::IO, t::Tuple, delim)
    print(out, delim)
    print(out, getfield(t, 1))
    return join_rest(out, tail(t), delim)
end

# One element is held back, so that the last delimiter is known when it is written.
function join_into(out::IO, iterator, delim, last)
    y = iterate(iterator)
    y === nothing && return nothing
    held, state = y
    first = true
    while true
        y = iterate(iterator, state)
        if y === nothing
            first || print(out, last)
            print(out, held)
            return nothing
        end
        first || print(out, delim)
        print(out, held)
        first = false
        held, state = y
    end
end
