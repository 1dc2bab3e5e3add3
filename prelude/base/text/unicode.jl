# Classes, widths and cases of characters, by the tables of Unicode; ASCII is answered without them.

const UTF8PROC_CATEGORY_MN = 6
const UTF8PROC_CATEGORY_MC = 7
const UTF8PROC_CATEGORY_ME = 8
const UTF8PROC_CATEGORY_ND = 9
const UTF8PROC_CATEGORY_NL = 10
const UTF8PROC_CATEGORY_NO = 11
const UTF8PROC_CATEGORY_PC = 12
const UTF8PROC_CATEGORY_SC = 20
const UTF8PROC_CATEGORY_SK = 21
const UTF8PROC_CATEGORY_SO = 22

# The number that `count` digits of a table say, from byte i on.
@inline function table_number(table::String, i::Int, count::Int)
    v = 0
    for k in i:i+count-1
        b = Int(byte_at(table, k))
        v = (v << 6) | (b - 0x30 - (b > 0x5c ? 1 : 0))
    end
    return v
end

# The byte index of the last entry whose first number is at most c, 0 if there is none.
function table_entry(table::String, width::Int, c::Int)
    low = 0
    high = div(ncodeunits(table), width)
    while low < high
        mid = (low + high) >> 1
        if table_number(table, mid * width + 1, 4) <= c
            low = mid + 1
        else
            high = mid
        end
    end
    return low == 0 ? 0 : (low - 1) * width + 1
end

# The general category as a number: 0 for unassigned, 1 to 29 in the order of `category_abbrev`,
# 30 for code points that are too high, 31 for malformed characters.
function category_code(c::Char)
    ismalformed(c) && return 31
    return category_code(codepoint(c))
end
function category_code(x::UInt32)
    x > 0x0010ffff && return 30
    c = Int(x)
    i = table_entry(CATEGORY_TABLE, 6, c)
    k = table_number(CATEGORY_TABLE, i + 4, 1)
    k == 30 && return 1 + (c & 1)
    k == 31 && return 2 - (c & 1)
    return k
end
category_code(x::Integer) = category_code(UInt32(x))

category_abbrev(c::Char) = category_abbrev(category_code(c))
category_abbrev(k::Int) = string_slice("CnLuLlLtLmLoMnMcMeNdNlNoPcPdPsPePiPfPoSmScSkSoZsZlZpCcCfCsCoInMa", 2 * k + 1, 2 * k + 2)
category_string(c::Char) = category_string(category_code(c))
function category_string(k::Int)
    k == 0 && return "Other, not assigned"
    k <= 5 && return k == 1 ? "Letter, uppercase" : k == 2 ? "Letter, lowercase" : k == 3 ? "Letter, titlecase" : k == 4 ? "Letter, modifier" : "Letter, other"
    k <= 8 && return k == 6 ? "Mark, nonspacing" : k == 7 ? "Mark, spacing combining" : "Mark, enclosing"
    k <= 11 && return k == 9 ? "Number, decimal digit" : k == 10 ? "Number, letter" : "Number, other"
    k <= 15 && return k == 12 ? "Punctuation, connector" : k == 13 ? "Punctuation, dash" : k == 14 ? "Punctuation, open" : "Punctuation, close"
    k <= 18 && return k == 16 ? "Punctuation, initial quote" : k == 17 ? "Punctuation, final quote" : "Punctuation, other"
    k <= 22 && return k == 19 ? "Symbol, math" : k == 20 ? "Symbol, currency" : k == 21 ? "Symbol, modifier" : "Symbol, other"
    k <= 25 && return k == 23 ? "Separator, space" : k == 24 ? "Separator, line" : "Separator, paragraph"
    k <= 29 && return k == 26 ? "Other, control" : k == 27 ? "Other, format" : k == 28 ? "Other, surrogate" : "Other, private use"
    return k == 30 ? "Invalid, too high" : "Malformed, bad data"
end

function isletter(c::Char)
    isascii(c) && return 'a' <= c <= 'z' || 'A' <= c <= 'Z'
    return 1 <= category_code(c) <= 5
end
@inline isdigit(c::Char) = '0' <= c <= '9'
function isnumeric(c::Char)
    isascii(c) && return isdigit(c)
    return 9 <= category_code(c) <= 11
end
isxdigit(c::Char) = '0' <= c <= '9' || 'a' <= c <= 'f' || 'A' <= c <= 'F'
function isspace(c::Char)
    isascii(c) && return c == ' ' || '\t' <= c <= '\r'
    return c == '\u85' || (c >= '\ua0' && category_code(c) == 23)
end
iscntrl(c::Char) = c <= '\x1f' || '\x7f' <= c <= '\u9f'
function ispunct(c::Char)
    return 12 <= category_code(c) <= 18
end
function isprint(c::Char)
    isascii(c) && return ' ' <= c <= '~'
    return 1 <= category_code(c) <= 23
end
function isuppercase(c::Char)
    isascii(c) && return 'A' <= c <= 'Z'
    ismalformed(c) && return false
    return category_code(c) != 3 && case_mapped(LOWERCASE_TABLE, c) != c && case_mapped(UPPERCASE_TABLE, c) == c
end
function islowercase(c::Char)
    isascii(c) && return 'a' <= c <= 'z'
    ismalformed(c) && return false
    return category_code(c) == 2
end

function case_mapped(table::String, c::Char)
    ismalformed(c) && return c
    x = Int(codepoint(c))
    i = table_entry(table, 10, x)
    i == 0 && return c
    first = table_number(table, i, 4)
    count = table_number(table, i + 4, 2)
    distance = table_number(table, i + 6, 1)
    steps = x - first
    (steps < count * distance && steps % distance == 0) || return c
    return Char((x + table_number(table, i + 7, 3) - 131072) % UInt32)
end

function uppercase(c::Char)
    isascii(c) && return 'a' <= c <= 'z' ? c - 32 : c
    return case_mapped(UPPERCASE_TABLE, c)
end
function lowercase(c::Char)
    isascii(c) && return 'A' <= c <= 'Z' ? c + 32 : c
    return case_mapped(LOWERCASE_TABLE, c)
end
function titlecase(c::Char)
    isascii(c) && return uppercase(c)
    # the letters with two parts, and those whose capitals are not for titles
    '\u01c4' <= c <= '\u01c6' && return '\u01c5'
    '\u01c7' <= c <= '\u01c9' && return '\u01c8'
    '\u01ca' <= c <= '\u01cc' && return '\u01cb'
    '\u01f1' <= c <= '\u01f3' && return '\u01f2'
    '\u10d0' <= c <= '\u10ff' && return c
    return uppercase(c)
end

uppercase(s::AbstractString) = map(uppercase, s)
lowercase(s::AbstractString) = map(lowercase, s)
function uppercasefirst(s::AbstractString)
    b = as_bytes(s)
    isempty(b) && return ""
    return string(titlecase(char_at(b, 1)), bytes_view(b, char_stop(b, 1), ncodeunits(b)))
end
function lowercasefirst(s::AbstractString)
    b = as_bytes(s)
    isempty(b) && return ""
    return string(lowercase(char_at(b, 1)), bytes_view(b, char_stop(b, 1), ncodeunits(b)))
end

titlecase(s::AbstractString; wordsep=is_word_separator, strict::Bool=true) = titlecase_words(s, wordsep, strict)
is_word_separator(c::Char) = !isletter(c)
function titlecase_words(s::AbstractString, wordsep, strict::Bool)
    out = new_iobuffer()
    start = true
    for c in s
        if isascii(c) ? wordsep(c) : (wordsep(c) && !is_mark(c))
            write(out, c)
            start = true
        else
            write(out, start ? titlecase(c) : (strict ? lowercase(c) : c))
            start = false
        end
    end
    return take_string!(out)
end
is_mark(c::Char) = 6 <= category_code(c) <= 8

# Columns of a screen.
function textwidth(c::Char)
    isascii(c) && return ' ' <= c <= '~' ? 1 : 0
    ismalformed(c) && return 1
    x = codepoint(c)
    x > 0x0010ffff && return 1
    i = table_entry(CATEGORY_TABLE, 6, Int(x))
    return table_number(CATEGORY_TABLE, i + 5, 1)
end
function textwidth(s::StringOrSub)
    n = ncodeunits(s)
    i = 1
    width = 0
    while i <= n
        b = byte_at(s, i)
        if b < 0x80
            width += 0x20 <= b < 0x7f ? 1 : 0
            i += 1
        else
            stop = char_stop(s, i)
            width += textwidth(char_between(s, i, stop))
            i = stop
        end
    end
    return width
end
textwidth(s::AbstractString) = textwidth(String(s))

isascii(s::AbstractString) = isascii(String(s))
isascii(v::AbstractVector{<:Union{Int8,UInt8}}) = all(b -> b % UInt8 < 0x80, v)

# A transcoding between UTF-8, UTF-16 and UTF-32 as far as it needs no other table.
transcode(::Type{String}, v::Vector{UInt8}) = String(copy(v))
transcode(::Type{String}, s::String) = s
transcode(::Type{UInt8}, s::String) = bytes_of(s)
transcode(::Type{UInt8}, v::Vector{UInt8}) = v
function transcode(::Type{UInt32}, s::String)
    out = Vector{UInt32}(undef, 0)
    for c in s
        push!(out, codepoint(c))
    end
    return out
end
transcode(::Type{Int32}, s::String) = Vector{Int32}(transcode(UInt32, s))
function transcode(::Type{UInt16}, s::String)
    out = Vector{UInt16}(undef, 0)
    for c in s
        u = codepoint(c)
        if u < 0x00010000
            push!(out, u % UInt16)
        else
            v = u - 0x00010000
            push!(out, (0x0000d800 + (v >> 10)) % UInt16)
            push!(out, (0x0000dc00 + (v & 0x000003ff)) % UInt16)
        end
    end
    return out
end
function transcode(::Type{String}, v::Vector{UInt16})
    out = new_iobuffer()
    i = 1
    while i <= length(v)
        u = UInt32(v[i])
        if 0x0000d800 <= u < 0x0000dc00 && i < length(v) && 0xdc00 <= v[i+1] < 0xe000
            i += 1
            u = 0x00010000 + ((u - 0x0000d800) << 10) + (UInt32(v[i]) - 0x0000dc00)
        end
        write(out, Char(u))
        i += 1
    end
    return take_string!(out)
end
transcode(::Type{String}, v::Vector{UInt32}) = String(Vector{Char}(v))
transcode(::Type{UInt8}, v::Union{Vector{UInt16},Vector{UInt32}}) = bytes_of(transcode(String, v))
transcode(::Type{UInt16}, v::Union{Vector{UInt8},Vector{UInt32}}) = transcode(UInt16, transcode(String, v))
transcode(::Type{UInt32}, v::Union{Vector{UInt8},Vector{UInt16}}) = transcode(UInt32, transcode(String, v))
transcode(::Type{T}, v::Vector{T}) where {T<:Union{UInt16,UInt32}} = v
