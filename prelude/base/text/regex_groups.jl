# Groups of regular expressions that are called, that depend on a condition, or that share their
# numbers. Part of the compiler in regex_code.jl.

const RX_CALLS = 1 << 41
const RX_CALLED_BY_NAME = 1 << 20

# A call of a group, which may be around it: where its code is comes out at the end.
rx_called(group::Int) = (Int[RX_CALL, RX_CALLS + group], true, true)
function rx_called_by_name(c::RegexCompiler, close::Char)
    push!(c.called, rx_name!(c, close))
    return rx_called(RX_CALLED_BY_NAME + length(c.called))
end
function rx_called_by_number(c::RegexCompiler, close::String)
    back, ahead = rx_accept!(c, "-"), rx_accept!(c, "+")
    n = rx_number!(c)
    n < 0 && regex_error(c, "unrecognized character after (? or (?-")
    rx_accept!(c, close) || regex_error(c, "closing parenthesis for (?R expected")
    return rx_called(back ? c.groups + 1 - n : (ahead ? c.groups + n : n))
end

# Appends the code of the groups that are called, before the end of the whole.
function rx_add_called!(c::RegexCompiler, code::Vector{Int}, whole::Vector{Int})
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
function rx_group_of_name(c::RegexCompiler, name::String)
    for (other, number) in c.names
        other == name && return number
    end
    return regex_error(c, "reference to non-existent subpattern")
end

# (?(condition)yes|no), behind the second parenthesis.
function rx_conditional!(c::RegexCompiler)
    look = Int[]
    group = 0
    if rx_peek(c) == '?'
        look, _, _ = rx_group!(c)
    else
        if isdigit(rx_peek(c))
            group = rx_number!(c)
            rx_accept!(c, ")") || regex_error(c, "missing closing parenthesis for condition")
        elseif rx_accept!(c, "<")
            group = rx_group_of_name(c, rx_name!(c, '>'))
            rx_accept!(c, ")") || regex_error(c, "missing closing parenthesis for condition")
        else
            group = rx_group_of_name(c, rx_name!(c, ')'))
        end
    end
    yes, empty = rx_sequence!(c)
    no, other = rx_accept!(c, "|") ? rx_sequence!(c) : (Int[], true)
    rx_accept!(c, ")") || regex_error(c, "missing closing parenthesis")
    if group > 0
        code = Int[RX_IF_GROUP, 2 * group + 2, length(yes) + 5]
    else
        code = append!(rx_split!(Int[], 3, length(look) + length(yes) + 5, false), look)
        # Where the condition fails, its opposite holds.
        opposite = copy(look)
        opposite[look[1] == RX_LOOK ? 2 : 4] ⊻= 1
        no = append!(opposite, no)
    end
    append!(code, yes)
    append!(code, (RX_JUMP, length(no) + 2))
    return (append!(code, no), empty || other, true)
end

# (?|…|…): the groups of each alternative count from the same number.
function rx_branch_reset!(c::RegexCompiler)
    start = c.groups
    most = start
    parts = Vector{Int}[]
    empty = false
    while true
        c.groups = start
        part, nothing_needed = rx_sequence!(c)
        push!(parts, part)
        empty |= nothing_needed
        most = max(most, c.groups)
        rx_accept!(c, "|") || break
    end
    c.groups = most
    rx_accept!(c, ")") || regex_error(c, "missing closing parenthesis")
    code = pop!(parts)
    for part in Iterators.reverse(parts)
        first = rx_split!(Int[], 3, length(part) + 5, false)
        append!(append!(first, part), (RX_JUMP, length(code) + 2))
        code = append!(first, code)
    end
    return (code, empty, true)
end

# \X: a character with what belongs to it, written as a pattern.
const RX_CLUSTER = "(?>\\r\\n|(?s:.)(?:\\x{200d}\\P{M}|[\\p{M}\\x{200d}\\x{1f3fb}-\\x{1f3ff}])*)"
function rx_cluster!(c::RegexCompiler)
    text, at = c.text, c.at
    c.text, c.at = RX_CLUSTER, 1
    code, _ = rx_sequence!(c)
    c.text, c.at = text, at
    return (code, false, true)
end
