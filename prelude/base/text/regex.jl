# Regular expressions: patterns, matches, and searching, testing and replacing with them.

abstract type AbstractPattern end
abstract type AbstractMatch end

struct Regex <: AbstractPattern
    pattern::String
    flags::String
    code::Vector{Int}
    sets::Vector{Int}
    groups::Int
    slots::Int
    names::Vector{Tuple{String,Int}}
end
function Regex(pattern::AbstractString, flags::AbstractString)
    for f in flags
        f in "imsxa" || throw(ArgumentError(LazyString("unknown regex flag: ", f)))
    end
    text = String(pattern)
    code, sets, groups, slots, names = compile_regex(text, String(flags))
    return Regex(text, String(flags), code, sets, groups, slots, names)
end
Regex(pattern::AbstractString) = Regex(pattern, "")
Regex(r::Regex) = r

==(a::Regex, b::Regex) = a.pattern == b.pattern && sort_flags(a.flags) == sort_flags(b.flags)
isequal(a::Regex, b::Regex) = a == b
hash(r::Regex, h::UInt) = hash(r.pattern, hash(sort_flags(r.flags), h))
broadcastable(r::Regex) = Ref(r)
# In the order in which they are shown.
sort_flags(flags::String) = filter(f -> f in flags, "imsxa")

function show(io::IO, r::Regex)
    print(io, "r\"")
    write_raw(io, r.pattern)
    print(io, "\"", sort_flags(r.flags))
    return nothing
end
# Quotes get a backslash, and backslashes before a quote or the end are doubled.
function write_raw(io::IO, s::String)
    backslashes = 0
    for c in s
        if c == '\\'
            backslashes += 1
        else
            if c == '"'
                for _ in 1:backslashes+1
                    write(io, '\\')
                end
            end
            backslashes = 0
        end
        write(io, c)
    end
    for _ in 1:backslashes
        write(io, '\\')
    end
    return nothing
end

# ---- matches

struct RegexMatch{S<:AbstractString} <: AbstractMatch
    match::SubString{S}
    captures::Vector{Union{Nothing,SubString{S}}}
    offset::Int
    offsets::Vector{Int}
    regex::Regex
end

# The next place at or after byte i where the pattern matches, as the slots of a run; nothing if there
# is none. `not_empty_at` as in RegexRun; `anchored` tries byte i only.
function regex_search(r::Regex, s::StringOrSub, i::Int, not_empty_at::Int=0, anchored::Bool=false)
    run = RegexRun(r.code, r.sets, s, zeros(Int, r.slots), Int[], not_empty_at, i)
    n = ncodeunits(s)
    # A pattern that begins with a character is tried where its first byte stands.
    first = length(r.code) > 3 && r.code[3] == RX_CHAR && 0 <= r.code[4] < 0x80 ? r.code[4] : -1
    while i <= n + 1
        if first >= 0 && !anchored
            i = findfirst_byte(s, first % UInt8, i)
            i == 0 && return nothing
        end
        run_regex!(run, i) && return run.slots
        (anchored || i > n) && return nothing
        i = char_stop(s, i)
    end
    return nothing
end

function match(r::Regex, s::AbstractString, start::Integer=1)
    b = as_bytes(s)
    i = Int(start)
    1 <= i <= ncodeunits(b) + 1 || throw_search_start(s, i)
    return made_match(r, b, regex_search(r, b, i))
end
made_match(r::Regex, b::StringOrSub, ::Nothing) = nothing
function made_match(r::Regex, b::StringOrSub, slots::Vector{Int})
    captures = Vector{Union{Nothing,SubString{String}}}(undef, r.groups)
    offsets = zeros(Int, r.groups)
    for g in 1:r.groups
        from, to = slots[2g+1], slots[2g+2]
        if from == 0 || to == 0
            captures[g] = nothing
        else
            captures[g] = bytes_view(b, from, to - 1)
            offsets[g] = from
        end
    end
    return RegexMatch{String}(bytes_view(b, slots[1], slots[2] - 1), captures, slots[1], offsets, r)
end

# The number of the group with a name, 0 if there is none.
function group_number(r::Regex, name::AbstractString)
    for (other, number) in r.names
        other == name && return number
    end
    return 0
end
group_number(r::Regex, name::Symbol) = group_number(r, String(name))
function group_name(r::Regex, number::Int)
    for (name, other) in r.names
        other == number && return name
    end
    return ""
end

getindex(m::RegexMatch, i::Integer) = m.captures[i]
function getindex(m::RegexMatch, name::Union{Symbol,AbstractString})
    number = group_number(m.regex, name)
    number == 0 && throw_no_group(name)
    return m.captures[number]
end
@noinline throw_no_group(name) = error(string("no capture group named ", name, " found in regex"))
haskey(m::RegexMatch, i::Integer) = 1 <= i <= length(m.captures)
haskey(m::RegexMatch, name::Union{Symbol,AbstractString}) = group_number(m.regex, name) != 0
length(m::RegexMatch) = length(m.captures)
eltype(::Type{RegexMatch{S}}) where {S} = Union{Nothing,SubString{S}}
iterate(m::RegexMatch) = iterate(m.captures)
iterate(m::RegexMatch, state) = iterate(m.captures, state)
lastindex(m::RegexMatch) = length(m.captures)
firstindex(m::RegexMatch) = 1
# The name of each group, or its number where it has none.
function keys(m::RegexMatch)
    n = length(m.captures)
    isempty(m.regex.names) && return Int[i for i in 1:n]
    length(m.regex.names) == n && return String[group_name(m.regex, i) for i in 1:n]
    out = Vector{Any}(undef, n)
    for i in 1:n
        name = group_name(m.regex, i)
        if isempty(name)
            out[i] = i
        else
            out[i] = name
        end
    end
    return out
end

function show(io::IO, m::RegexMatch)
    print(io, "RegexMatch(")
    show(io, m.match)
    for i in 1:length(m.captures)
        name = group_name(m.regex, i)
        print(io, ", ", isempty(name) ? string(i) : name, "=")
        show(io, m.captures[i])
    end
    print(io, ")")
    return nothing
end
function Tuple(m::RegexMatch)
    return Tuple(m.captures)
end

struct RegexMatchIterator{S<:StringOrSub}
    regex::Regex
    string::S
    overlap::Bool
end
eachmatch(r::Regex, s::AbstractString; overlap::Bool=false) = RegexMatchIterator(r, as_bytes(s), overlap)
eltype(::Type{<:RegexMatchIterator}) = RegexMatch
IteratorSize(::Type{<:RegexMatchIterator}) = SizeUnknown()
# The state: where to go on, and whether the last match was empty. After one of those a match at the
# same place counts if it is longer.
function iterate(it::RegexMatchIterator, state::Tuple{Int,Bool}=(1, false))
    i, after_empty = state
    s = it.string
    while i <= ncodeunits(s) + 1
        slots = regex_search(it.regex, s, i, after_empty ? i : 0, after_empty)
        if slots === nothing
            (after_empty && i <= ncodeunits(s)) || return nothing
            i = char_stop(s, i)
            after_empty = false
            continue
        end
        from, stop = slots[1], slots[2]
        next = it.overlap && stop > from ? char_stop(s, from) : stop
        return (made_match(it.regex, s, slots), (next, stop == from))
    end
    return nothing
end

# ---- searching

function findnext(r::Regex, s::AbstractString, start::Integer)
    b = as_bytes(s)
    i = Int(start)
    i == ncodeunits(b) + 2 && return nothing
    1 <= i <= ncodeunits(b) + 1 || throw_search_start(s, i)
    slots = regex_search(r, b, i)
    slots === nothing && return nothing
    from, stop = slots[1], slots[2]
    return stop == from ? (from:from-1) : (from:thisind(b, stop - 1))
end
findfirst(r::Regex, s::AbstractString) = findnext(r, s, 1)
function findall(r::Regex, s::AbstractString; overlap::Bool=false)
    found = UnitRange{Int}[]
    for m in eachmatch(r, s; overlap=overlap)
        n = ncodeunits(m.match)
        push!(found, m.offset:(n == 0 ? m.offset - 1 : m.offset + lastindex(m.match) - 1))
    end
    return found
end
function count(r::Regex, s::AbstractString; overlap::Bool=false)
    n = 0
    for _ in eachmatch(r, s; overlap=overlap)
        n += 1
    end
    return n
end

occursin(r::Regex, s::AbstractString; offset::Integer=0) = regex_search(r, as_bytes(s), Int(offset) + 1) !== nothing
startswith(s::AbstractString, r::Regex) = regex_search(r, as_bytes(s), 1, 0, true) !== nothing
function endswith(s::AbstractString, r::Regex)
    at_end = Regex(string("(?:", r.pattern, ")\\z"), r.flags)
    return occursin(at_end, s)
end
chopprefix(s::AbstractString, r::Regex) = chopped_prefix(as_bytes(s), regex_search(r, as_bytes(s), 1, 0, true))
chopped_prefix(b::StringOrSub, ::Nothing) = bytes_view(b, 1, ncodeunits(b))
chopped_prefix(b::StringOrSub, slots::Vector{Int}) = bytes_view(b, slots[2], ncodeunits(b))
function chopsuffix(s::AbstractString, r::Regex)
    b = as_bytes(s)
    slots = regex_search(Regex(string("(?:", r.pattern, ")\\z"), r.flags), b, 1)
    return slots === nothing ? bytes_view(b, 1, ncodeunits(b)) : bytes_view(b, 1, slots[1] - 1)
end

# ---- joining patterns

*(a::Regex, b::Regex) = Regex(string("(?:", a.pattern, ")(?:", b.pattern, ")"), joined_flags(a, b))
*(a::Regex, b::Union{Char,AbstractString}) = Regex(string("(?:", a.pattern, ")", quoted_for_regex(string(b))), a.flags)
*(a::Union{Char,AbstractString}, b::Regex) = Regex(string(quoted_for_regex(string(a)), "(?:", b.pattern, ")"), b.flags)
^(a::Regex, n::Integer) = Regex(string("(?:", a.pattern, "){", n, "}"), a.flags)
joined_flags(a::Regex, b::Regex) = filter(f -> f in a.flags || f in b.flags, "imsxa")
quoted_for_regex(s::String) = string("\\Q", s, "\\E")

# ---- splitting and replacing

delimiter(r::Regex) = r
function next_delimiter(r::Regex, b::StringOrSub, from::Int)
    n = ncodeunits(b)
    i = from
    while i <= n
        slots = regex_search(r, b, i)
        (slots === nothing || slots[1] > n) && return (0, 0)
        # Nothing is split off by an empty match at the beginning.
        slots[2] > from && return (slots[1], slots[2])
        i = char_stop(b, i)
    end
    return (0, 0)
end

pattern(r::Regex) = r
function next_match(r::Regex, b::StringOrSub, i::Int)
    i > ncodeunits(b) + 1 && return (0, 0)
    slots = regex_search(r, b, i)
    return slots === nothing ? (0, 0) : (slots[1], slots[2])
end
write_replacement(io::IO, f::Function, b::StringOrSub, from::Int, to::Int, p::Regex) = print(io, f(bytes_view(b, from, to)))

# A replacement that mentions groups: \1, \g<1>, \g<name>; \0 is the match.
struct SubstitutionString{T<:AbstractString} <: AbstractString
    string::T
end
ncodeunits(s::SubstitutionString) = ncodeunits(s.string)
codeunit(s::SubstitutionString, i::Integer) = codeunit(s.string, i)
isvalid(s::SubstitutionString, i::Int) = isvalid(s.string, i)
iterate(s::SubstitutionString, i::Int=1) = iterate(s.string, i)
String(s::SubstitutionString) = String(s.string)
function show(io::IO, s::SubstitutionString)
    print(io, "s\"")
    write_raw(io, String(s))
    print(io, "\"")
    return nothing
end

write_replacement(io::IO, t::SubstitutionString, b::StringOrSub, from::Int, to::Int, p) = print(io, t.string)
function write_replacement(io::IO, t::SubstitutionString, b::StringOrSub, from::Int, to::Int, p::Regex)
    slots = regex_search(p, b, from, 0, true)
    slots === nothing && return nothing
    text = String(t.string)
    n = ncodeunits(text)
    i = 1
    while i <= n
        stop = char_stop(text, i)
        if byte_at(text, i) !== 0x5c
            write(io, char_at(text, i))
            i = stop
            continue
        end
        i == n && throw_bad_substitution(text)
        c = char_at(text, i + 1)
        if '0' <= c <= '9'
            number = 0
            i += 1
            while i <= n && 0x30 <= byte_at(text, i) <= 0x39
                number = min(10 * number + (byte_at(text, i) - 0x30), 1000000)
                i += 1
            end
            write_group(io, p, b, slots, number)
        elseif c == 'g'
            (i + 2 <= n && byte_at(text, i + 2) === 0x3c) || throw_bad_substitution(text)
            close = findfirst_byte(text, 0x3e, i + 3)
            close == 0 && throw_bad_substitution(text)
            name = String(bytes_view(text, i + 3, close - 1))
            number = all(isdigit, name) && !isempty(name) ? parse(Int, name) : group_number(p, name)
            number == 0 && name != "0" && error(string("Bad replacement string: Group ", name, " not found in regex ", repr(p)))
            write_group(io, p, b, slots, number)
            i = close + 1
        elseif c == '\\'
            write(io, '\\')
            i += 2
        else
            throw_bad_substitution(text)
        end
    end
    return nothing
end
function write_group(io::IO, p::Regex, b::StringOrSub, slots::Vector{Int}, number::Int)
    number > p.groups && error("PCRE error: unknown substring")
    from, stop = slots[2*number+1], slots[2*number+2]
    from > 0 && stop > 0 && print(io, bytes_view(b, from, stop - 1))
    return nothing
end
@noinline throw_bad_substitution(text::String) = error(string("Bad replacement string: ", text))
