# Groups of regular expressions that are called, that depend on a condition, or that share their
# numbers. Part of the compiler in regex_code.jl.

const RX_CALLS = 1 << 41
const RX_CALLED_BY_NAME = 1 << 20

# A call of a group, which may be around it: where its code is comes out at the end.
@noinline rx_called(group::Int) = (Int[RX_CALL, RX_CALLS + group], true, true)
@noinline function rx_called_by_name(c::RegexCompiler, close::Char)
    push!(c.called, rx_name!(c, close))
    return rx_called(RX_CALLED_BY_NAME + length(c.called))
end
@noinline function rx_called_by_number(c::RegexCompiler, close::String)
    back, ahead = rx_accept!(c, "-"), rx_accept!(c, "+")
    n = rx_number!(c)
    n < 0 && regex_error(c, "unrecognized character after (? or (?-")
    rx_accept!(c, close) || regex_error(c, "closing parenthesis for (?R expected")
    return rx_called(back ? c.groups + 1 - n : (ahead ? c.groups + n : n))
end

# Appends the code of the groups that are called, before the end of the whole.
@noinline function rx_add_called!(c::RegexCompiler, code::Vector{Int}, whole::Vector{Int})
    places = zeros(Int, c.groups + 1)
    push!(code, RX_JUMP, 0)
    jump = length(code)
    i = 1
    while i <= length(code)
        if code[i] >= RX_CALLS
            group = code[i] - RX_CALLS
            group > RX_CALLED_BY_NAME && (group = rx_group_of_name(c, c.called[group-RX_CALLED_BY_NAME]))
            group > c.groups && regex_error(c, "reference to non-existent subpattern")
            if places[group+1] == 0
                places[group+1] = length(code) + 1
                append!(code, group == 0 ? whole : c.bodies[group])
                push!(code, RX_MATCH)
            end
            code[i] = places[group+1]
        end
        i += 1
    end
    code[jump] = length(code) + 2 - jump
    return nothing
end
@noinline function rx_group_of_name(c::RegexCompiler, name::String)
    for (other, number) in c.names
        other == name && return number
    end
    return regex_error(c, "reference to non-existent subpattern")
end

# The condition of (?(condition)yes|no), behind the second parenthesis: a group, or an assertion, which
# is read as the beginning of the first alternative.
@noinline function rx_condition!(c::RegexCompiler)
    if rx_peek(c) == '?'
        c.at -= 1
        c.asserting = true
        return nothing
    end
    group = 0
    if isdigit(rx_peek(c))
        group = rx_number!(c)
        rx_accept!(c, ")") || regex_error(c, "missing closing parenthesis for condition")
    elseif rx_accept!(c, "<")
        group = rx_group_of_name(c, rx_name!(c, '>'))
        rx_accept!(c, ")") || regex_error(c, "missing closing parenthesis for condition")
    else
        group = rx_group_of_name(c, rx_name!(c, ')'))
    end
    c.condition = Int[RX_IF_GROUP, 2 * group + 2, 0]
    return nothing
end
@noinline function rx_chosen(condition::Vector{Int}, yes::Vector{Int}, no::Vector{Int})
    code = copy(condition)
    if code[1] == RX_IF_GROUP
        code[3] = length(yes) + 5
    else
        # Where the assertion fails, its opposite holds.
        opposite = copy(condition)
        opposite[code[1] == RX_LOOK ? 2 : 4] ⊻= 1
        no = append!(opposite, no)
        code = append!(rx_split!(Int[], 3, length(condition) + length(yes) + 5, false), condition)
    end
    append!(code, yes)
    append!(code, (RX_JUMP, length(no) + 2))
    return append!(code, no)
end

# \d, \s, \w in ASCII, and their opposites.
@noinline function rx_plain_class!(ch::Char, items::Vector{Int})
    plain = Int[]
    c = lowercase(ch)
    c == 's' ? rx_add_range!(plain, 9, 13) : rx_add_range!(plain, 48, 57)
    c == 's' && rx_add_range!(plain, 32, 32)
    if c == 'w'
        rx_add_range!(plain, 65, 90)
        rx_add_range!(plain, 95, 95)
        rx_add_range!(plain, 97, 122)
    end
    append!(items, c == ch ? plain : rx_other_ranges(plain))
    return nothing
end
rx_class_by_category(ch::Char) = ch == 'd' || ch == 'D' || ch == 's' || ch == 'S' || ch == 'w' || ch == 'W'
@noinline rx_add_range!(ranges::Vector{Int}, low::Int, high::Int) = (push!(ranges, low); push!(ranges, high); nothing)

# \X: a character with what belongs to it, written as a pattern.
const RX_CLUSTER = "(?>\\r\\n|(?s:.)(?:\\x{200d}\\P{M}|[\\p{M}\\x{200d}\\x{1f3fb}-\\x{1f3ff}])*)"
@noinline function rx_cluster!(c::RegexCompiler)
    text, at = c.text, c.at
    c.text, c.at = RX_CLUSTER, 1
    code, _ = rx_sequence!(c)
    c.text, c.at = text, at
    return (code, false, true)
end
