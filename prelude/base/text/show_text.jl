# Characters, strings and symbols as `show` writes them: quoted and escaped.

function show(io::IO, c::Char)
    b = byte_sink(io)
    p = reserve!(b, 24)
    commit!(b, ccall(Symbol("Shims.show_char"), Int64, (Ptr{UInt8}, Int64, Int64, Char), p, 0, 24, c))
    flush_bytes(io, b)
    return nothing
end

show(io::IO, s::String) = GC.@preserve s show_quoted(io, string_bytes(s), sizeof(s))
function show(io::IO, s::SubString{String})
    p = s.string
    return GC.@preserve p show_quoted(io, byte_offset(string_bytes(p), s.offset), s.ncodeunits)
end
show(io::IO, s::AbstractString) = show(io, String(s))

# Measured with the first call if the usual room is not enough.
function show_quoted(io::IO, p::Ptr{UInt8}, n::Int)
    b = byte_sink(io)
    room = n + (n >> 2) + 16
    at = reserve!(b, room)
    used = ccall(Symbol("Shims.show_string"), Int64, (Ptr{UInt8}, Int64, Int64, Ptr{UInt8}, Int64), at, 0, room, p, n)
    if used > room
        at = reserve!(b, used)
        used = ccall(Symbol("Shims.show_string"), Int64, (Ptr{UInt8}, Int64, Int64, Ptr{UInt8}, Int64), at, 0, used, p, n)
    end
    commit!(b, used)
    flush_bytes(io, b)
    return nothing
end

function show(io::IO, s::Symbol)
    text = String(s)
    if is_parenthesized_symbol(text)
        print(io, ":(", text, ")")
    elseif isidentifier(text) || isoperator(text)
        print(io, ":", text)
    else
        out = text_sink(io)
        write_text(out, "Symbol(")
        show(out, text)
        write(out, 0x29)
        flush_sink(io, out)
    end
    return nothing
end

is_parenthesized_symbol(s::String) =
    s == ":" || s == "::" || s == ":=" || s == "=" || s == "==" || s == "===" || s == "=>"

isidentifier(s::Symbol) = isidentifier(String(s))
function isidentifier(s::String)
    (isempty(s) || s == "true" || s == "false") && return false
    first = true
    for c in s
        (first ? is_id_start_char(c) : is_id_char(c)) || return false
        first = false
    end
    return true
end
is_id_start_char(c::Char) = isletter(c) || c === '_' || (c >= '\u80' && !is_operator_char(c) && is_symbol_letter(c))
is_id_char(c::Char) = is_id_start_char(c) || isdigit(c) || c === '!' || (c >= '\u80' && !is_operator_char(c) && is_mark_or_number(c))

# Letters of the language that are no letters of Unicode: currency signs, most symbols, primes.
function is_symbol_letter(c::Char)
    k = category_code(c)
    return k === UTF8PROC_CATEGORY_SC || k === UTF8PROC_CATEGORY_SO || k === UTF8PROC_CATEGORY_NL || c === '∂' || c === '∇' || c === '∞' || c === '∅' || c === '∑' || c === '∏' || c === '∫'
end
function is_mark_or_number(c::Char)
    k = category_code(c)
    return k === UTF8PROC_CATEGORY_MN || k === UTF8PROC_CATEGORY_MC || k === UTF8PROC_CATEGORY_ND || k === UTF8PROC_CATEGORY_PC ||
           k === UTF8PROC_CATEGORY_SK || k === UTF8PROC_CATEGORY_ME || k === UTF8PROC_CATEGORY_NO || ('\u2032' <= c <= '\u2037') || c === '\u2057'
end

isoperator(s::Symbol) = isoperator(String(s))
function isoperator(s::String)
    isempty(s) && return false
    s == "in" && return true
    s == "isa" && return true
    s == "where" && return true
    for c in s
        is_operator_char(c) || is_combining_suffix(c) || return false
    end
    return s != "'" && s != "\"" && s != "#"
end
is_combining_suffix(c::Char) = c === '\'' || ('\u2080' <= c <= '\u209c') || ('\u2032' <= c <= '\u2037') || c === '\u2057' || ('\u1d2c' <= c <= '\u1dbf')
function is_operator_char(c::Char)
    if isascii(c)
        return occursin(c, "+-*/\\^%=!<>~&|:\$?.'")
    end
    return c === '÷' || c === '×' || c === '¬' || c === '±' || c === '·' || ('\u2190' <= c <= '\u21ff') || (('\u2208' <= c <= '\u22ff') && !is_plain_math(c)) ||
           ('\u27c0' <= c <= '\u27ef' && c !== '⟂') || ('\u2900' <= c <= '\u297f') || ('\u2980' <= c <= '\u2aff') || c === '√' || c === '⟂'
end
is_plain_math(c::Char) = c === '∏' || c === '∐' || c === '∑' || c === '∞' || ('\u221f' <= c <= '\u2222') || ('\u222b' <= c <= '\u2233')

# text/plain of a Char: its code point and category.
function show(io::IO, ::MIME_plain, c::Char)
    out = text_sink(io)
    show(out, c)
    if is_compact(io)
        flush_sink(io, out)
        return nothing
    end
    if !ismalformed(c)
        write_text(out, ": ")
        if isoverlong(c)
            write_text(out, "[overlong] ")
        end
        u = codepoint(c)
        write_text(out, u < 0x80 ? "ASCII/Unicode U+" : "Unicode U+")
        write_text(out, uppercase(string(u, base=16, pad=4)))
        k = category_code(c)
        write_text(out, " (category ")
        write_text(out, category_abbrev(k))
        write_text(out, ": ")
        write_text(out, category_string(k))
        write(out, 0x29)
    else
        write_text(out, ": Malformed UTF-8 (category Ma: Malformed, bad data)")
    end
    flush_sink(io, out)
    return nothing
end

# Where the output is limited, the middle of a long string is left out: seven lines of one that stands alone remain, one of an element.
function show(io::IO, ::MIME_plain, s::AbstractString)
    is_limited(io) || return show(io, s)
    limit = max(20, displaysize(io)[2])
    typeinfo(io) === Any && (limit *= 7)
    return show_elided(io, s, limit)
end
function show_elided(io::IO, s::AbstractString, limit::Int)
    units = ncodeunits(s)
    units <= limit - 2 && return show(io, s)
    around = 16
    shown = max(limit, around + 1) - around
    digits = ndigits(units - shown)
    shown -= digits
    shown = max(0, shown + digits - ndigits(units - shown))
    head = nextind(s, 0, 1 + div(shown + 1, 2))
    tail = prevind(s, units + 1, div(shown, 2))
    worth = around + ndigits(units - shown) - 1
    left_out = tail - head
    if 4 * worth <= left_out || (worth <= left_out && worth <= length(s, head, tail - 1))
        show(io, SubString(s, 1, prevind(s, head)))
        printstyled(io, string(" ⋯ ", left_out, " bytes ⋯ "); color=:light_yellow, bold=true)
        show(io, SubString(s, tail))
    else
        show(io, s)
    end
    return nothing
end
