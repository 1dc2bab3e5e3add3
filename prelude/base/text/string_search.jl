# Searching in strings: for bytes, characters, predicates on characters, and strings.

# The index of the first byte b of s at or after i, 0 if there is none.
function findfirst_byte(s::StringOrSub, b::UInt8, i::Int)
    n = ncodeunits(s)
    while i <= n
        byte_at(s, i) === b && return i
        i += 1
    end
    return 0
end

# Whether the bytes of t stand at index i of s, which has room for them.
function matches_at(s::StringOrSub, t::StringOrSub, i::Int)
    for k in 1:ncodeunits(t)
        byte_at(s, i + k - 1) === byte_at(t, k) || return false
    end
    return true
end

# The index of t in s at or after i, at or before i; 0 if there is none.
function search_forward(s::StringOrSub, t::StringOrSub, i::Int)
    m = ncodeunits(t)
    last_start = ncodeunits(s) - m + 1
    m == 0 && return i
    b = byte_at(t, 1)
    while i <= last_start
        byte_at(s, i) === b && matches_at(s, t, i) && return i
        i += 1
    end
    return 0
end
function search_backward(s::StringOrSub, t::StringOrSub, i::Int)
    while i >= 1
        matches_at(s, t, i) && return i
        i -= 1
    end
    return 0
end

as_bytes(s::StringOrSub) = s
as_bytes(s::AbstractString) = String(s)

@noinline throw_search_start(s, i::Int) = throw(BoundsError(s, i))

# ---- strings in strings

function findnext(t::AbstractString, s::AbstractString, start::Integer)
    return find_string_from(as_bytes(t), as_bytes(s), Int(start))
end
function find_string_from(t::StringOrSub, s::StringOrSub, start::Int)
    n = ncodeunits(s)
    1 <= start <= n + 1 || (start == n + 2 && return nothing) || throw_search_start(s, start)
    i = search_forward(s, t, start)
    (i == 0 || i > n + 1) && return nothing
    return ncodeunits(t) == 0 ? (i:i-1) : (i:thisind(s, i + ncodeunits(t) - 1))
end
findfirst(t::AbstractString, s::AbstractString) = findnext(t, s, 1)

function findprev(t::AbstractString, s::AbstractString, start::Integer)
    return find_string_before(as_bytes(t), as_bytes(s), Int(start))
end
function find_string_before(t::StringOrSub, s::StringOrSub, start::Int)
    n = ncodeunits(s)
    m = ncodeunits(t)
    if m == 0
        return start > n || start < 0 ? nothing : start == 0 ? (1:0) : (start:start-1)
    end
    # the match ends at or before the last byte of the character at start
    stop = start >= n ? n : (start < 1 ? 0 : char_stop(s, thisind(s, start)) - 1)
    i = search_backward(s, t, stop - m + 1)
    i == 0 && return nothing
    return i:thisind(s, i + m - 1)
end
findlast(t::AbstractString, s::AbstractString) = findprev(t, s, lastindex(s))

function findall(t::AbstractString, s::AbstractString; overlap::Bool=false)
    found = Vector{UnitRange{Int}}(undef, 0)
    i = 1
    n = ncodeunits(s)
    while i <= n + 1
        r = findnext(t, s, i)
        r === nothing && break
        push!(found, r)
        if isempty(r)
            i = first(r) <= n ? nextind(s, first(r)) : n + 2
        else
            i = overlap ? nextind(s, first(r)) : nextind(s, last(r))
        end
    end
    return found
end
function findall(c::Char, s::AbstractString)
    return findall(equals_char(c), s)
end
function findall(f::Function, s::AbstractString)
    found = Vector{Int}(undef, 0)
    i = 1
    n = ncodeunits(s)
    while i <= n
        f(s[i]) && push!(found, i)
        i = nextind(s, i)
    end
    return found
end

function count(t::AbstractString, s::AbstractString; overlap::Bool=false)
    return length(findall(t, s; overlap=overlap))
end
count(c::Char, s::AbstractString; overlap::Bool=false) = count(equals_char(c), s)

# ---- characters and predicates

struct EqualsChar <: Function
    c::Char
end
(f::EqualsChar)(x::Char) = f.c == x
equals_char(c::Char) = EqualsChar(c)

# A set of characters, as strip, split and replace take it.
struct AmongChars{C} <: Function
    chars::C
end
(f::AmongChars)(x::Char) = x in f.chars

findfirst(c::Char, s::AbstractString) = findnext(equals_char(c), s, 1)
findfirst(f::Function, s::AbstractString) = findnext(f, s, 1)
findnext(c::Char, s::AbstractString, i::Integer) = findnext(equals_char(c), s, i)
function findnext(f::Function, s::AbstractString, start::Integer)
    i = Int(start)
    n = ncodeunits(s)
    1 <= i <= n + 1 || throw_search_start(s, i)
    i <= n && !isvalid(s, i) && throw_string_index(s, i)
    while i <= n
        f(s[i]) && return i
        i = nextind(s, i)
    end
    return nothing
end
findlast(c::Char, s::AbstractString) = findlast(equals_char(c), s)
function findlast(f::Function, s::AbstractString)
    n = ncodeunits(s)
    return n == 0 ? nothing : findprev(f, s, lastindex(s))
end
findprev(c::Char, s::AbstractString, i::Integer) = findprev(equals_char(c), s, i)
function findprev(f::Function, s::AbstractString, start::Integer)
    i = Int(start)
    0 <= i <= ncodeunits(s) + 1 || throw_search_start(s, i)
    i > ncodeunits(s) && return nothing
    while i >= 1
        f(s[i]) && return i
        i = prevind(s, i)
    end
    return nothing
end

# ---- tests

occursin(t::AbstractString, s::AbstractString) = search_forward(as_bytes(s), as_bytes(t), 1) != 0
occursin(c::Char, s::AbstractString) = findfirst(c, s) !== nothing
occursin(s::AbstractString) = Fix2(occursin, s)
contains(s::AbstractString, t) = occursin(t, s)
contains(t) = Fix2(contains, t)

function startswith(s::AbstractString, t::AbstractString)
    a = as_bytes(s)
    b = as_bytes(t)
    n = ncodeunits(b)
    n <= ncodeunits(a) && matches_at(a, b, 1) || return false
    # the match may not end within a character
    return n == ncodeunits(a) || n == 0 || nextind(a, thisind(a, n)) == n + 1
end
startswith(s::AbstractString, c::Char) = !isempty(s) && s[1] == c
startswith(s::AbstractString, chars::Union{Tuple,AbstractVector{Char},AbstractSet{Char}}) = !isempty(s) && s[1] in chars
# What comes next in a stream, which stays where it is.
function startswith(io::IO, t::Union{AbstractString,Char})
    start = position(io)
    next = String(read(io, ncodeunits(t)))
    seek(io, start)
    return next == string(t)
end
startswith(io::IO, chars::Union{Tuple,AbstractVector{Char},AbstractSet{Char}}) = !eof(io) && peek(io, Char) in chars
startswith(t) = Fix2(startswith, t)
function endswith(s::AbstractString, t::AbstractString)
    a = as_bytes(s)
    b = as_bytes(t)
    i = ncodeunits(a) - ncodeunits(b) + 1
    return i >= 1 && matches_at(a, b, i) && thisind(a, i) == i
end
endswith(s::AbstractString, c::Char) = !isempty(s) && s[end] == c
endswith(s::AbstractString, chars::Union{Tuple,AbstractVector{Char},AbstractSet{Char}}) = !isempty(s) && s[end] in chars
endswith(t) = Fix2(endswith, t)
