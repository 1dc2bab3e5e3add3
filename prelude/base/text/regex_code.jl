# The code that a regular expression becomes: instructions for the matcher in regex_match.jl, as a
# vector of integers. Jumps are relative to their instruction, so that pieces can be copied.

const RX_CHAR = 1       # code point
const RX_CHAR_FOLD = 2  # code point of the lower case
const RX_ANY = 3        # all but a newline
const RX_ANY_NL = 4
const RX_SET = 5        # position in the sets
const RX_SPLIT = 6      # jump to try first, jump to try then
const RX_JUMP = 7       # jump
const RX_SAVE = 8       # slot that gets the position
const RX_LINE_START = 9
const RX_LINE_END = 10
const RX_TEXT_START = 11
const RX_TEXT_END = 12  # before a last newline, too
const RX_VERY_END = 13
const RX_WORD_EDGE = 14
const RX_NO_WORD_EDGE = 15
const RX_BACKREF = 16   # group, 1 to ignore case
const RX_LOOK = 17      # kind, length of the code that follows and ends in RX_MATCH
const RX_MATCH = 18
const RX_LEAVE_EMPTY = 19 # slot, jump that is taken if the position is still that of the slot
const RX_ENDS_AT = 20   # slot: goes on if the position is that of the slot
const RX_KEEP = 21      # the match begins here
const RX_SEARCH_START = 22
const RX_CALL = 23      # where the code of the group is that is matched here, without what it saves
const RX_IF_GROUP = 24  # slot, jump that is taken if it is not set
const RX_ASCII_WORD_EDGE = 25
const RX_ASCII_NO_WORD_EDGE = 26

const RX_AHEAD = 0
const RX_NOT_AHEAD = 1
const RX_BEHIND = 2
const RX_NOT_BEHIND = 3
const RX_ATOMIC = 4

# A set of characters: flags, number of items, items of two integers. An item is a range of code
# points, or -1 and a mask of general categories, or -2 and the number of a test.
const RX_SET_NEGATED = 1
const RX_SET_FOLD = 2

const RX_TEST_SPACE = 1
const RX_TEST_NOT_SPACE = 2
const RX_TEST_BLANK = 3
const RX_TEST_NOT_BLANK = 4
const RX_TEST_VERTICAL = 5
const RX_TEST_NOT_VERTICAL = 6

# Masks over `category_code`; bit 30 is for what is no character.
const RX_LETTERS = 0x3e
const RX_DIGITS = 1 << 9
const RX_WORDS = 0x3e | (1 << 9) | (1 << 10) | (1 << 11) | (1 << 6) | (1 << 12)
const RX_ALL = (1 << 31) - 1

mutable struct RegexCompiler
    text::String
    at::Int
    fold::Bool
    multiline::Bool
    dotall::Bool
    extended::Bool
    # \d, \s, \w and what builds on them know ASCII only.
    ascii::Bool
    groups::Int
    # Slots that loops and lookbehind need. They come after those of groups, which are counted later:
    # numbers from RX_EXTRA on are moved when the code is done.
    extra::Int
    names::Vector{Tuple{String,Int}}
    sets::Vector{Int}
    depth::Int
    # The code of each group, and the names of groups that are called.
    bodies::Vector{Vector{Int}}
    called::Vector{String}
    # What holds for the alternatives that are read next: the condition that chooses between them, whether
    # their first item is that condition, whether their groups count from the same number.
    condition::Vector{Int}
    asserting::Bool
    resetting::Bool
end
const RX_EXTRA = 1 << 40

@noinline regex_error(c::RegexCompiler, why::String, at::Int=c.at - 1) =
    error(string("PCRE compilation error: ", why, " at offset ", at))

rx_done(c::RegexCompiler) = c.at > ncodeunits(c.text)
rx_peek(c::RegexCompiler) = rx_done(c) ? '\0' : char_at(c.text, c.at)
rx_looking_at(c::RegexCompiler, s::String) = c.at + ncodeunits(s) - 1 <= ncodeunits(c.text) && matches_at(c.text, s, c.at)
function rx_next!(c::RegexCompiler)
    ch = char_at(c.text, c.at)
    c.at = char_stop(c.text, c.at)
    return ch
end
rx_accept!(c::RegexCompiler, s::String) = rx_looking_at(c, s) ? (c.at += ncodeunits(s); true) : false
rx_code(ch::Char) = isvalid(ch) ? Int(codepoint(ch)) : -1
rx_fresh_slot!(c::RegexCompiler) = (c.extra += 1; RX_EXTRA + c.extra)

# The code of a whole pattern: the match is slot 1 and 2.
function compile_regex(text::String, flags::String)
    c = RegexCompiler(text, 1, 'i' in flags, 'm' in flags, 's' in flags, 'x' in flags, 'a' in flags, 0, 0, Tuple{String,Int}[], Int[], 0, Vector{Int}[], String[], Int[], false, false)
    body, _ = rx_alternatives!(c)
    rx_done(c) || regex_error(c, "unmatched closing parenthesis")
    code = Int[RX_SAVE, 1]
    append!(code, body)
    append!(code, (RX_SAVE, 2))
    any(>=(RX_CALLS), body) && rx_add_called!(c, code, body)
    push!(code, RX_MATCH)
    for i in eachindex(code)
        if code[i] > RX_EXTRA
            code[i] += 2 * (c.groups + 1) - RX_EXTRA
        end
    end
    return (code, c.sets, c.groups, 2 * (c.groups + 1) + c.extra, c.names)
end

# Code, and whether it can match nothing.
function rx_alternatives!(c::RegexCompiler)
    c.depth += 1
    c.depth > 250 && regex_error(c, "parentheses are too deeply nested")
    condition, asserting, resetting, groups = c.condition, c.asserting, c.resetting, c.groups
    c.condition, c.resetting = Int[], false
    first, empty = rx_sequence!(c)
    asserting && (condition = c.condition; c.condition = Int[])
    if rx_peek(c) == '|' && !rx_done(c)
        c.at += 1
        most = c.groups
        resetting && (c.groups = groups; c.resetting = true)
        rest, other = rx_alternatives!(c)
        resetting && (c.groups = max(c.groups, most))
        c.depth -= 1
        isempty(condition) || return (rx_chosen(condition, first, rest), empty || other)
        code = Int[RX_SPLIT, 3, length(first) + 5]
        append!(code, first)
        append!(code, (RX_JUMP, length(rest) + 2))
        append!(code, rest)
        return (code, empty || other)
    end
    c.depth -= 1
    isempty(condition) || return (rx_chosen(condition, first, Int[]), true)
    return (first, empty)
end

function rx_sequence!(c::RegexCompiler)
    code = Int[]
    condition = Int[]
    asserting, c.asserting = c.asserting, false
    empty = true
    while !rx_done(c)
        ch = rx_peek(c)
        (ch == '|' || ch == ')') && break
        if c.extended && rx_skip_comment!(c)
            continue
        end
        atom, nothing_needed, repeatable = rx_atom!(c)
        if asserting
            asserting, condition = false, atom
            continue
        end
        c.extended && while !rx_done(c) && rx_skip_comment!(c) end
        atom, nothing_needed = rx_quantified!(c, atom, nothing_needed, repeatable)
        append!(code, atom)
        empty &= nothing_needed
    end
    isempty(condition) || (c.condition = condition)
    return (code, empty)
end
function rx_skip_comment!(c::RegexCompiler)
    ch = rx_peek(c)
    if isspace(ch)
        rx_next!(c)
        return true
    end
    ch == '#' || return false
    while !rx_done(c) && rx_next!(c) != '\n'
    end
    return true
end

# ---- repetition

# {n}, {n,}, {n,m} at the position; nothing if the brace is an ordinary character.
function rx_counts!(c::RegexCompiler)
    start = c.at
    c.at += 1
    low = rx_number!(c)
    high = low
    if low >= 0 && rx_accept!(c, ",")
        high = rx_peek(c) == '}' ? -1 : rx_number!(c)
        high == -2 && (low = -2)
    end
    if low < 0 || !rx_accept!(c, "}")
        c.at = start
        return nothing
    end
    (low > 65535 || high > 65535) && regex_error(c, "number too big in {} quantifier")
    high >= 0 && low > high && regex_error(c, "numbers out of order in {} quantifier")
    return (low, high)
end
# A decimal number, -2 if there is none.
function rx_number!(c::RegexCompiler)
    isdigit(rx_peek(c)) || return -2
    n = 0
    while isdigit(rx_peek(c))
        n = min(10 * n + (rx_next!(c) - '0'), 1000000)
    end
    return n
end

function rx_quantified!(c::RegexCompiler, atom::Vector{Int}, empty::Bool, repeatable::Bool)
    while !rx_done(c)
        ch = rx_peek(c)
        start = c.at
        low, high = 0, -1
        if ch == '*' || ch == '+' || ch == '?'
            c.at += 1
            low = ch == '+' ? 1 : 0
            high = ch == '?' ? 1 : -1
        elseif ch == '{'
            counts = rx_counts!(c)
            counts === nothing && break
            low, high = counts
        else
            break
        end
        repeatable || regex_error(c, "quantifier does not follow a repeatable item", start - 1)
        lazy = rx_accept!(c, "?")
        possessive = !lazy && rx_accept!(c, "+")
        atom = rx_repeated(c, atom, empty, low, high, lazy)
        possessive && (atom = rx_looked(RX_ATOMIC, atom))
        empty = empty || low == 0
    end
    return (atom, empty)
end

function rx_repeated(c::RegexCompiler, atom::Vector{Int}, empty::Bool, low::Int, high::Int, lazy::Bool)
    (low + max(high, 0)) * length(atom) > 2000000 && regex_error(c, "regular expression is too large")
    code = Int[]
    for _ in 1:low
        append!(code, atom)
    end
    if high == -1
        append!(code, rx_loop(c, atom, empty, lazy))
    elseif high > low
        total = (high - low) * (length(atom) + 3)
        for k in 1:high-low
            rx_split!(code, 3, total - (k - 1) * (length(atom) + 3), lazy)
            append!(code, atom)
        end
    end
    return code
end
function rx_split!(code::Vector{Int}, into::Int, past::Int, lazy::Bool)
    append!(code, lazy ? (RX_SPLIT, past, into) : (RX_SPLIT, into, past))
    return code
end
# Any number of times. A turn that matches nothing is the last one.
function rx_loop(c::RegexCompiler, atom::Vector{Int}, empty::Bool, lazy::Bool)
    if !empty
        code = rx_split!(Int[], 3, length(atom) + 5, lazy)
        append!(code, atom)
        append!(code, (RX_JUMP, -(length(atom) + 3)))
        return code
    end
    slot = rx_fresh_slot!(c)
    code = rx_split!(Int[], 3, length(atom) + 10, lazy)
    append!(code, (RX_SAVE, slot))
    append!(code, atom)
    append!(code, (RX_LEAVE_EMPTY, slot, 5))
    append!(code, (RX_JUMP, -(length(atom) + 8)))
    return code
end
rx_looked(kind::Int, code::Vector{Int}) = append!(append!(Int[RX_LOOK, kind, length(code) + 1], code), (RX_MATCH,))

# ---- atoms

# Code, whether it can match nothing, whether it can be repeated.
function rx_atom!(c::RegexCompiler)
    ch = rx_next!(c)
    ch == '(' && return rx_group!(c)
    ch == '[' && return (rx_set!(c), false, true)
    ch == '.' && return (Int[c.dotall ? RX_ANY_NL : RX_ANY], false, true)
    ch == '^' && return (Int[c.multiline ? RX_LINE_START : RX_TEXT_START], true, true)
    ch == '$' && return (Int[c.multiline ? RX_LINE_END : RX_TEXT_END], true, true)
    ch == '\\' && return rx_escape!(c)
    (ch == '*' || ch == '+' || ch == '?') && regex_error(c, "quantifier does not follow a repeatable item", c.at - 2)
    return (rx_literal(c, rx_code(ch)), false, true)
end
function rx_literal(c::RegexCompiler, code::Int)
    if c.fold && code >= 0
        ch = Char(code)
        (lowercase(ch) != ch || uppercase(ch) != ch) && return Int[RX_CHAR_FOLD, rx_code(lowercase(ch))]
    end
    return Int[RX_CHAR, code]
end

function rx_group!(c::RegexCompiler)
    fold, multiline, dotall, extended = c.fold, c.multiline, c.dotall, c.extended
    number = 0
    kind = -1
    if rx_accept!(c, "?")
        if rx_accept!(c, "#")
            while !rx_done(c) && rx_next!(c) != ')'
            end
            return (Int[], true, false)
        elseif rx_accept!(c, ":")
        elseif rx_accept!(c, "=")
            kind = RX_AHEAD
        elseif rx_accept!(c, "!")
            kind = RX_NOT_AHEAD
        elseif rx_accept!(c, "<=")
            kind = RX_BEHIND
        elseif rx_accept!(c, "<!")
            kind = RX_NOT_BEHIND
        elseif rx_accept!(c, ">")
            kind = RX_ATOMIC
        elseif rx_accept!(c, "(")
            rx_condition!(c)
        elseif rx_accept!(c, "|")
            c.resetting = true
        elseif rx_accept!(c, "R)")
            return rx_called(0)
        elseif rx_accept!(c, "&") || rx_accept!(c, "P>")
            return rx_called_by_name(c, ')')
        elseif isdigit(rx_peek(c)) || rx_looking_at(c, "+") || (rx_looking_at(c, "-") && c.at < ncodeunits(c.text) && 0x30 <= byte_at(c.text, c.at + 1) <= 0x39)
            return rx_called_by_number(c, ")")
        elseif rx_accept!(c, "<") || rx_accept!(c, "P<")
            number = rx_named_group!(c, '>')
        elseif rx_accept!(c, "'")
            number = rx_named_group!(c, '\'')
        elseif rx_accept!(c, "P=")
            return rx_named_reference!(c, ')')
        elseif rx_options!(c)
            # (?i) holds up to the end of the group around it.
            return (Int[], true, false)
        end
    elseif rx_looking_at(c, "*")
        regex_error(c, "verbs are not supported")
    else
        c.groups += 1
        number = c.groups
    end
    body, empty = rx_alternatives!(c)
    rx_accept!(c, ")") || regex_error(c, "missing closing parenthesis")
    c.fold, c.multiline, c.dotall, c.extended = fold, multiline, dotall, extended
    if number > 0
        while length(c.bodies) < number
            push!(c.bodies, Int[])
        end
        c.bodies[number] = copy(body)
        code = Int[RX_SAVE, 2 * number + 1]
        append!(code, body)
        append!(code, (RX_SAVE, 2 * number + 2))
        return (code, empty, true)
    elseif kind == RX_BEHIND || kind == RX_NOT_BEHIND
        slot = rx_fresh_slot!(c)
        code = Int[RX_SAVE, slot]
        append!(code, rx_looked(kind, append!(body, (RX_ENDS_AT, slot))))
        return (code, true, true)
    elseif kind >= 0
        return (rx_looked(kind, body), kind != RX_ATOMIC || empty, true)
    end
    return (body, empty, true)
end
# The number of a group that is given a name here.
function rx_named_group!(c::RegexCompiler, close::Char)
    name = rx_name!(c, close)
    c.groups += 1
    for (other, _) in c.names
        other == name && regex_error(c, "two named subpatterns have the same name (PCRE2_DUPNAMES not set)")
    end
    push!(c.names, (name, c.groups))
    return c.groups
end
function rx_name!(c::RegexCompiler, close::Char)
    start = c.at
    while !rx_done(c) && (isletter(rx_peek(c)) || isdigit(rx_peek(c)) || rx_peek(c) == '_')
        rx_next!(c)
    end
    name = String(bytes_view(c.text, start, c.at - 1))
    isempty(name) && regex_error(c, "subpattern name expected", c.at - 1)
    (rx_done(c) || rx_next!(c) != close) && regex_error(c, "syntax error in subpattern name (missing terminator?)")
    return name
end
# Reads `i-m)` or `i-m:`; gives true behind the parenthesis, false where the group's body begins.
function rx_options!(c::RegexCompiler)
    on = true
    while !rx_done(c)
        ch = rx_next!(c)
        if ch == '-'
            on = false
        elseif ch == '^'
            c.fold = c.multiline = c.dotall = c.extended = false
        elseif ch == 'i'
            c.fold = on
        elseif ch == 'm'
            c.multiline = on
        elseif ch == 's'
            c.dotall = on
        elseif ch == 'x'
            c.extended = on
        elseif ch == ')'
            return true
        elseif ch == ':'
            return false
        else
            regex_error(c, "unrecognized character after (? or (?-")
        end
    end
    return regex_error(c, "missing closing parenthesis")
end

function rx_named_reference!(c::RegexCompiler, close::Char)
    name = rx_name!(c, close)
    for (other, number) in c.names
        other == name && return (Int[RX_BACKREF, number, c.fold], true, true)
    end
    return regex_error(c, "reference to non-existent subpattern")
end
