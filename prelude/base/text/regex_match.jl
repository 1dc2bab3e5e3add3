# Runs the code of regular expressions: backtracking over a stack of its own. Does not know how a
# pattern is written.

# What one attempt works on. Slots hold positions, 0 where none was saved; 1 and 2 are the match,
# 2n + 1 and 2n + 2 group n. The stack holds triples: an instruction to resume, the position there,
# 0; or a slot, its value before, 1.
mutable struct RegexRun{S<:StringOrSub}
    code::Vector{Int}
    sets::Vector{Int}
    s::S
    slots::Vector{Int}
    stack::Vector{Int}
    # A match that is empty and begins here does not count; 0 if all do.
    not_empty_at::Int
    # Where the search began.
    from::Int
end

# Whether a match begins at byte i; the slots tell the rest.
function run_regex!(r::RegexRun, i::Int)
    fill!(r.slots, 0)
    empty!(r.stack)
    return run_code!(r, 1, i) != 0
end

@inline function push_resume!(r::RegexRun, pc::Int, at::Int)
    push!(r.stack, pc)
    push!(r.stack, at)
    push!(r.stack, 0)
    return nothing
end
@inline function save_slot!(r::RegexRun, slot::Int, value::Int)
    push!(r.stack, slot)
    push!(r.stack, r.slots[slot])
    push!(r.stack, 1)
    r.slots[slot] = value
    return nothing
end
# Undoes what was saved since the stack was this high.
function undo_saves!(r::RegexRun, height::Int)
    while length(r.stack) > height
        tag = pop!(r.stack)
        value = pop!(r.stack)
        slot = pop!(r.stack)
        tag == 1 && (r.slots[slot] = value)
    end
    return nothing
end
# Forgets the alternatives since the stack was this high, but not what was saved.
function forget_resumes!(r::RegexRun, height::Int)
    stack = r.stack
    kept = height
    for at in height+1:3:length(stack)
        if stack[at+2] == 1
            stack[kept+1], stack[kept+2], stack[kept+3] = stack[at], stack[at+1], 1
            kept += 3
        end
    end
    resize!(stack, kept)
    return nothing
end

# The position behind what the code from pc on matches at byte i; 0 if it does not.
function run_code!(r::RegexRun, pc::Int, i::Int)
    code, s = r.code, r.s
    n = ncodeunits(s)
    height = length(r.stack)
    while true
        op = code[pc]
        ok = true
        if op == RX_CHAR
            ok = i <= n && rx_char_at(s, i) == code[pc+1]
            ok && (i = char_stop(s, i))
            pc += 2
        elseif op == RX_SET
            ok = i <= n && in_rx_set(r.sets, code[pc+1], rx_char_at(s, i))
            ok && (i = char_stop(s, i))
            pc += 2
        elseif op == RX_ANY
            ok = i <= n && byte_at(s, i) !== 0x0a
            ok && (i = char_stop(s, i))
            pc += 1
        elseif op == RX_SPLIT
            push_resume!(r, pc + code[pc+2], i)
            pc += code[pc+1]
        elseif op == RX_JUMP
            pc += code[pc+1]
        elseif op == RX_SAVE
            save_slot!(r, code[pc+1], i)
            pc += 2
        elseif op == RX_LEAVE_EMPTY
            pc += r.slots[code[pc+1]] == i ? code[pc+2] : 3
        elseif op == RX_MATCH
            # Only the end of the whole pattern, not one of a part of it, is bound to be not empty.
            if pc == length(code) && i == r.not_empty_at && r.slots[1] == i
                ok = false
            else
                return i
            end
        elseif op == RX_CHAR_FOLD
            ok = i <= n && rx_folded(rx_char_at(s, i)) == code[pc+1]
            ok && (i = char_stop(s, i))
            pc += 2
        elseif op == RX_ANY_NL
            ok = i <= n
            ok && (i = char_stop(s, i))
            pc += 1
        elseif op == RX_LOOK
            inner = pc + 3
            kind = code[pc+1]
            pc = inner + code[pc+2]
            before = length(r.stack)
            found = kind == RX_BEHIND || kind == RX_NOT_BEHIND ? run_behind!(r, inner, i) : run_code!(r, inner, i)
            if kind == RX_NOT_AHEAD || kind == RX_NOT_BEHIND
                undo_saves!(r, before)
                ok = found == 0
            else
                forget_resumes!(r, before)
                ok = found != 0
                ok && kind == RX_ATOMIC && (i = found)
            end
        elseif op == RX_BACKREF
            stop = backreference_stop(r, code[pc+1], code[pc+2] == 1, i)
            ok = stop != 0
            ok && (i = stop)
            pc += 3
        elseif op == RX_ENDS_AT
            ok = r.slots[code[pc+1]] == i
            pc += 2
        elseif op == RX_SEARCH_START
            ok = i == r.from
            pc += 1
        elseif op == RX_CALL
            before = length(r.stack)
            found = run_code!(r, code[pc+1], i)
            undo_saves!(r, before)
            ok = found != 0
            ok && (i = found)
            pc += 2
        elseif op == RX_IF_GROUP
            pc += r.slots[code[pc+1]] == 0 ? code[pc+2] : 3
        elseif op == RX_KEEP
            save_slot!(r, 1, i)
            pc += 1
        else
            ok = rx_stands_at(op, s, i)
            pc += 1
        end
        ok && continue
        # Back to the last alternative of this run.
        while true
            length(r.stack) > height || return 0
            tag = pop!(r.stack)
            value = pop!(r.stack)
            which = pop!(r.stack)
            if tag == 0
                pc, i = which, value
                break
            end
            r.slots[which] = value
        end
    end
end

# Tries the code from every earlier position; it ends where the lookbehind stands.
function run_behind!(r::RegexRun, pc::Int, i::Int)
    start = i
    while true
        found = run_code!(r, pc, start)
        found != 0 && return found
        start <= 1 && return 0
        start = thisind(r.s, start - 1)
    end
end

@inline function rx_char_at(s::StringOrSub, i::Int)
    b = byte_at(s, i)
    return b < 0x80 ? Int(b) : rx_code(char_at(s, i))
end
function rx_folded(code::Int)
    code < 0 && return code
    return Int(codepoint(lowercase(Char(code))))
end

function backreference_stop(r::RegexRun, group::Int, fold::Bool, i::Int)
    2 * group + 2 <= length(r.slots) || return 0
    from, to = r.slots[2*group+1], r.slots[2*group+2]
    (from == 0 || to == 0) && return 0
    while from < to
        i <= ncodeunits(r.s) || return 0
        a, b = rx_char_at(r.s, from), rx_char_at(r.s, i)
        (a == b || (fold && rx_folded(a) == rx_folded(b))) || return 0
        from, i = char_stop(r.s, from), char_stop(r.s, i)
    end
    return i
end

function rx_stands_at(op::Int, s::StringOrSub, i::Int)
    n = ncodeunits(s)
    op == RX_TEXT_START && return i == 1
    op == RX_VERY_END && return i == n + 1
    op == RX_TEXT_END && return i == n + 1 || (i == n && byte_at(s, i) === 0x0a)
    op == RX_LINE_START && return i == 1 || (i <= n && byte_at(s, i - 1) === 0x0a)
    op == RX_LINE_END && return i == n + 1 || byte_at(s, i) === 0x0a
    if op == RX_ASCII_WORD_EDGE || op == RX_ASCII_NO_WORD_EDGE
        here = (i > 1 && is_name_byte(byte_at(s, i - 1), false)) != (i <= n && is_name_byte(byte_at(s, i), false))
        return here == (op == RX_ASCII_WORD_EDGE)
    end
    edge = (i > 1 && is_word_code(rx_char_at(s, thisind(s, i - 1)))) != (i <= n && is_word_code(rx_char_at(s, i)))
    return op == RX_WORD_EDGE ? edge : !edge
end

is_word_code(code::Int) = in_category(code, RX_WORDS)
in_category(code::Int, mask::Int) = (mask >> (code < 0 ? 30 : category_code(UInt32(code)))) & 1 == 1

function in_rx_set(sets::Vector{Int}, at::Int, code::Int)
    flags = sets[at]
    found = in_rx_items(sets, at, code)
    if !found && flags & RX_SET_FOLD != 0 && code >= 0
        c = Char(code)
        found = in_rx_items(sets, at, Int(codepoint(lowercase(c)))) || in_rx_items(sets, at, Int(codepoint(uppercase(c))))
    end
    return found != (flags & RX_SET_NEGATED != 0)
end
function in_rx_items(sets::Vector{Int}, at::Int, code::Int)
    for k in 1:sets[at+1]
        low, high = sets[at+2k], sets[at+2k+1]
        if low >= 0
            low <= code <= high && return true
        elseif low == -1
            in_category(code, high) && return true
        elseif rx_test(high, code)
            return true
        end
    end
    return false
end
function rx_test(test::Int, code::Int)
    test == RX_TEST_NOT_SPACE && return !rx_test(RX_TEST_SPACE, code)
    test == RX_TEST_NOT_BLANK && return !rx_test(RX_TEST_BLANK, code)
    test == RX_TEST_NOT_VERTICAL && return !rx_test(RX_TEST_VERTICAL, code)
    vertical = 10 <= code <= 13 || code == 0x85 || code == 0x2028 || code == 0x2029
    test == RX_TEST_VERTICAL && return vertical
    blank = code == 9 || in_category(code, 1 << 23)
    return test == RX_TEST_BLANK ? blank : blank || vertical
end
