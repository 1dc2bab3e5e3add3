# What stands for characters in a regular expression: escapes, properties, sets in brackets. Part of
# the compiler in regex_code.jl.

# ---- escapes

function rx_escape!(c::RegexCompiler)
    rx_done(c) && regex_error(c, "\\ at end of pattern")
    ch = rx_peek(c)
    if '1' <= ch <= '9'
        return (Int[RX_BACKREF, rx_number!(c), c.fold], true, true)
    end
    rx_next!(c)
    ch == 'b' && return (Int[c.ascii ? RX_ASCII_WORD_EDGE : RX_WORD_EDGE], true, true)
    ch == 'B' && return (Int[c.ascii ? RX_ASCII_NO_WORD_EDGE : RX_NO_WORD_EDGE], true, true)
    ch == 'A' && return (Int[RX_TEXT_START], true, true)
    ch == 'z' && return (Int[RX_VERY_END], true, true)
    ch == 'Z' && return (Int[RX_TEXT_END], true, true)
    ch == 'G' && return (Int[RX_SEARCH_START], true, true)
    ch == 'K' && return (Int[RX_KEEP], true, false)
    ch == 'N' && return (Int[RX_ANY], false, true)
    ch == 'X' && return rx_cluster!(c)
    ch == 'R' && return (rx_newline_sequence(c), false, true)
    if ch == 'Q'
        code = Int[]
        while !rx_done(c) && !rx_accept!(c, "\\E")
            append!(code, rx_literal(c, rx_code(rx_next!(c))))
        end
        return (code, isempty(code), !isempty(code))
    end
    ch == 'E' && return (Int[], true, false)
    if ch == 'k'
        rx_accept!(c, "<") && return rx_named_reference!(c, '>')
        rx_accept!(c, "{") && return rx_named_reference!(c, '}')
        rx_accept!(c, "'") && return rx_named_reference!(c, '\'')
    elseif ch == 'g'
        if rx_accept!(c, "<")
            return isdigit(rx_peek(c)) || rx_looking_at(c, "-") || rx_looking_at(c, "+") ? rx_called_by_number(c, ">") : rx_called_by_name(c, '>')
        end
        braces = rx_accept!(c, "{")
        relative = rx_accept!(c, "-")
        if isdigit(rx_peek(c))
            n = rx_number!(c)
            braces && !rx_accept!(c, "}") && regex_error(c, "a numbered reference must not be zero")
            return (Int[RX_BACKREF, relative ? c.groups + 1 - n : n, c.fold], true, true)
        elseif braces
            return rx_named_reference!(c, '}')
        end
    end
    items = Int[]
    if rx_class_escape!(c, ch, items)
        return (rx_make_set!(c, items, false), false, true)
    end
    return (rx_literal(c, rx_escaped_code!(c, ch)), false, true)
end
# \R: a carriage return and newline, or one vertical space.
function rx_newline_sequence(c::RegexCompiler)
    one = rx_make_set!(c, Int[-2, RX_TEST_VERTICAL], false)
    code = Int[RX_SPLIT, 3, 9, RX_CHAR, 13, RX_CHAR, 10, RX_JUMP, length(one) + 2]
    append!(code, one)
    return rx_looked(RX_ATOMIC, code)
end

# Appends the items of an escape that stands for several characters; false if it is none.
function rx_class_escape!(c::RegexCompiler, ch::Char, items::Vector{Int})
    if c.ascii && rx_class_by_category(ch)
        rx_plain_class!(ch, items)
    elseif ch == 'd'
        append!(items, (-1, RX_DIGITS))
    elseif ch == 'D'
        append!(items, (-1, RX_ALL & ~RX_DIGITS))
    elseif ch == 'w'
        append!(items, (-1, RX_WORDS))
    elseif ch == 'W'
        append!(items, (-1, RX_ALL & ~RX_WORDS))
    elseif ch == 's'
        append!(items, (-2, RX_TEST_SPACE))
    elseif ch == 'S'
        append!(items, (-2, RX_TEST_NOT_SPACE))
    elseif ch == 'h'
        append!(items, (-2, RX_TEST_BLANK))
    elseif ch == 'H'
        append!(items, (-2, RX_TEST_NOT_BLANK))
    elseif ch == 'v'
        append!(items, (-2, RX_TEST_VERTICAL))
    elseif ch == 'V'
        append!(items, (-2, RX_TEST_NOT_VERTICAL))
    elseif ch == 'p' || ch == 'P'
        rx_property!(c, items, ch == 'P')
    else
        return false
    end
    return true
end

# The categories of \pL, \p{Lu}, \p{^L}, \p{Any}, or the ranges of a script.
function rx_property!(c::RegexCompiler, items::Vector{Int}, negated::Bool)
    rx_done(c) && regex_error(c, "malformed \\P or \\p sequence")
    start = c.at
    if rx_accept!(c, "{")
        rx_accept!(c, "^") && (negated = !negated)
        start = c.at
        while !rx_done(c) && rx_peek(c) != '}'
            rx_next!(c)
        end
    else
        rx_next!(c)
    end
    name = String(bytes_view(c.text, start, c.at - 1))
    byte_at(c.text, start - 1) === 0x70 || byte_at(c.text, start - 1) === 0x50 ||
        rx_accept!(c, "}") || regex_error(c, "malformed \\P or \\p sequence")
    if ncodeunits(name) > 2 && name != "Any" && !startswith(name, 'X')
        ranges = rx_script_ranges(name)
        isempty(ranges) && regex_error(c, "unknown property after \\P or \\p")
        append!(items, negated ? rx_other_ranges(ranges) : ranges)
        return nothing
    end
    mask = rx_category_mask(c, name)
    append!(items, (-1, negated ? RX_ALL & ~mask : mask))
    return nothing
end
function rx_category_mask(c::RegexCompiler, name::String)
    name == "Any" && return RX_ALL
    (name == "L&" || name == "LC") && return 0x0e
    name == "Xan" && return RX_LETTERS | 0x0e00
    name == "Xwd" && return RX_WORDS
    mask = 0
    for code in 0:29
        startswith(category_abbrev(code), name) && (mask |= 1 << code)
    end
    mask == 0 && regex_error(c, "unknown property after \\P or \\p")
    return mask
end

# The code point of an escape that stands for one character.
function rx_escaped_code!(c::RegexCompiler, ch::Char)
    ch == 'n' && return 10
    ch == 't' && return 9
    ch == 'r' && return 13
    ch == 'f' && return 12
    ch == 'a' && return 7
    ch == 'e' && return 27
    ch == '0' && return rx_digits!(c, 2, 8)
    if ch == 'o' && rx_accept!(c, "{")
        code = rx_digits!(c, 8, 8)
        rx_accept!(c, "}") || regex_error(c, "missing terminating } for hexadecimal or octal escape")
        return code
    end
    if ch == 'x' || ch == 'u'
        if ch == 'x' && rx_accept!(c, "{")
            code = rx_digits!(c, 8, 16)
            rx_accept!(c, "}") || regex_error(c, "missing terminating } for hexadecimal or octal escape")
            return code
        end
        return rx_digits!(c, ch == 'x' ? 2 : 4, 16)
    end
    if ch == 'c' && !rx_done(c)
        return rx_code(uppercase(rx_next!(c))) ⊻ 64
    end
    (isletter(ch) && isascii(ch)) && regex_error(c, "unrecognized character follows \\")
    return rx_code(ch)
end
function rx_digits!(c::RegexCompiler, most::Int, base::Int)
    code = 0
    for _ in 1:most
        d = rx_done(c) ? -1 : rx_digit(rx_peek(c))
        0 <= d < base || break
        code = code * base + d
        c.at += 1
    end
    code > 0x10ffff && regex_error(c, "character code point value in \\x{} or \\o{} is too large")
    return code
end
rx_digit(ch::Char) = '0' <= ch <= '9' ? ch - '0' : ('a' <= ch <= 'f' ? ch - 'a' + 10 : ('A' <= ch <= 'F' ? ch - 'A' + 10 : -1))

# ---- sets

function rx_make_set!(c::RegexCompiler, items::Vector{Int}, negated::Bool)
    at = length(c.sets) + 1
    push!(c.sets, (negated ? RX_SET_NEGATED : 0) | (c.fold ? RX_SET_FOLD : 0), div(length(items), 2))
    append!(c.sets, items)
    return Int[RX_SET, at]
end

function rx_set!(c::RegexCompiler)
    start = c.at
    items = Int[]
    negated = rx_accept!(c, "^")
    first = true
    while true
        rx_done(c) && regex_error(c, "missing terminating ] for character class", ncodeunits(c.text))
        !first && rx_accept!(c, "]") && break
        first = false
        if rx_looking_at(c, "[:") && rx_posix_class!(c, items)
            continue
        end
        low = rx_set_char!(c, items)
        low == -3 && continue
        # A dash at the end, or before a class, is itself.
        if rx_looking_at(c, "-") && c.at < ncodeunits(c.text) && byte_at(c.text, c.at + 1) !== 0x5d
            dash = c.at
            c.at += 1
            before = length(items)
            high = rx_set_char!(c, items)
            if high == -3
                append!(items, (low, low, 45, 45))
            else
                high < low && regex_error(c, "range out of order in character class")
                append!(items, (low, high))
            end
            continue
        end
        append!(items, (low, low))
    end
    return rx_make_set!(c, items, negated)
end
# The code point of the next member; -3 if it was a class, whose items are appended.
function rx_set_char!(c::RegexCompiler, items::Vector{Int})
    ch = rx_next!(c)
    ch == '\\' || return rx_code(ch)
    rx_done(c) && regex_error(c, "\\ at end of pattern")
    ch = rx_next!(c)
    ch == 'b' && return 8
    (ch == 'E' || ch == 'Q') && return -3
    rx_class_escape!(c, ch, items) && return -3
    '1' <= ch <= '7' && (c.at -= 1; return rx_digits!(c, 3, 8))
    return rx_escaped_code!(c, ch)
end
function rx_posix_class!(c::RegexCompiler, items::Vector{Int})
    stop = search_forward(c.text, ":]", c.at + 2)
    stop == 0 && return false
    name = String(bytes_view(c.text, c.at + 2, stop - 1))
    negated = startswith(name, "^")
    negated && (name = String(bytes_view(name, 2, ncodeunits(name))))
    mask = rx_posix_mask(name)
    if mask == 0
        all(isletter, name) && regex_error(c, "unknown POSIX class name")
        return false
    end
    c.at = stop + 2
    if mask == -1
        append!(items, (-2, negated ? RX_TEST_NOT_SPACE : RX_TEST_SPACE))
    elseif mask == -2
        append!(items, (-2, negated ? RX_TEST_NOT_BLANK : RX_TEST_BLANK))
    elseif mask == -3
        negated ? append!(items, (0, 47, 58, 64, 71, 96, 103, 1114111)) : append!(items, (48, 57, 65, 70, 97, 102))
    elseif mask == -4
        append!(items, negated ? (128, 1114111) : (0, 127))
    else
        append!(items, (-1, negated ? RX_ALL & ~mask : mask))
    end
    return true
end
function rx_posix_mask(name::String)
    name == "alpha" && return RX_LETTERS
    name == "digit" && return RX_DIGITS
    name == "alnum" && return RX_LETTERS | 0x0e00
    name == "upper" && return 1 << 1
    name == "lower" && return 1 << 2
    name == "word" && return RX_WORDS
    name == "punct" && return 0x7f000 | 0x780000
    name == "cntrl" && return 1 << 26
    name == "graph" && return RX_ALL & ~((1 << 26) | 0x3800000 | 1 | (1 << 28))
    name == "print" && return RX_ALL & ~((1 << 26) | 0x3000000 | 1 | (1 << 28))
    name == "space" && return -1
    name == "blank" && return -2
    name == "xdigit" && return -3
    name == "ascii" && return -4
    return 0
end
