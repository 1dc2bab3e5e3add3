# Strings from strings: strip, pad, chop, split, replace, reverse, map and filter.

# A test on characters: a function, a character or a collection of them.
char_test(f::Function) = f
char_test(c::Char) = equals_char(c)
char_test(chars) = AmongChars(chars)

# ---- ends

lstrip(s::AbstractString) = lstrip(isspace, s)
rstrip(s::AbstractString) = rstrip(isspace, s)
strip(s::AbstractString) = strip(isspace, s)
lstrip(s::AbstractString, chars) = lstrip(char_test(chars), s)
rstrip(s::AbstractString, chars) = rstrip(char_test(chars), s)
strip(s::AbstractString, chars) = strip(char_test(chars), s)
strip(f::Function, s::AbstractString) = lstrip(f, rstrip(f, s))

function lstrip(f::Function, s::AbstractString)
    b = as_bytes(s)
    i = 1
    n = ncodeunits(b)
    while i <= n && f(char_at(b, i))
        i = char_stop(b, i)
    end
    return bytes_view(b, i, n)
end
function rstrip(f::Function, s::AbstractString)
    b = as_bytes(s)
    n = ncodeunits(b)
    while n > 0
        i = thisind(b, n)
        f(char_at(b, i)) || break
        n = i - 1
    end
    return bytes_view(b, 1, n)
end

function chomp(s::AbstractString)
    b = as_bytes(s)
    n = ncodeunits(b)
    if n > 0 && byte_at(b, n) === 0x0a
        n -= 1
        n > 0 && byte_at(b, n) === 0x0d && (n -= 1)
    end
    return bytes_view(b, 1, n)
end

function chop(s::AbstractString; head::Integer=0, tail::Integer=1)
    b = as_bytes(s)
    head < 0 && throw(ArgumentError(LazyString("n cannot be negative: ", Int(head))))
    tail < 0 && throw(ArgumentError(LazyString("n cannot be negative: ", Int(tail))))
    isempty(b) && return bytes_view(b, 1, 0)
    from = 1
    for _ in 1:head
        from > ncodeunits(b) && break
        from = char_stop(b, from)
    end
    to = ncodeunits(b)
    for _ in 1:tail
        to < 1 && break
        to = thisind(b, to) - 1
    end
    return bytes_view(b, from, to)
end

function chopprefix(s::AbstractString, prefix::AbstractString)
    b = as_bytes(s)
    return startswith(b, prefix) ? bytes_view(b, 1 + ncodeunits(prefix), ncodeunits(b)) : bytes_view(b, 1, ncodeunits(b))
end
function chopsuffix(s::AbstractString, suffix::AbstractString)
    b = as_bytes(s)
    return !isempty(suffix) && endswith(b, suffix) ? bytes_view(b, 1, ncodeunits(b) - ncodeunits(suffix)) : bytes_view(b, 1, ncodeunits(b))
end

# ---- padding

lpad(s, n::Integer, p::Union{Char,AbstractString}=' ') = lpad_string(string(s), Int(n), string(p))
rpad(s, n::Integer, p::Union{Char,AbstractString}=' ') = rpad_string(string(s), Int(n), string(p))

function lpad_string(s::String, n::Int, p::String)
    missing_width = n - textwidth(s)
    missing_width <= 0 && return s
    return padding(p, missing_width) * s
end
function rpad_string(s::String, n::Int, p::String)
    missing_width = n - textwidth(s)
    missing_width <= 0 && return s
    return s * padding(p, missing_width)
end
# Text of a width from repetitions of p, the last one cut.
function padding(p::String, width::Int)
    each = textwidth(p)
    each == 0 && throw(ArgumentError(LazyString(repr(p), " has zero textwidth; maybe you want to use a different pad string")))
    whole = div(width, each)
    rest = width - whole * each
    rest == 0 && return repeat(p, whole)
    return repeat(p, whole) * String(first(p, rest))
end

# ---- splitting

# Positions where a delimiter begins and the byte after it, at or after byte i; (0, 0) if none.
function next_delimiter(f::Function, b::StringOrSub, i::Int)
    n = ncodeunits(b)
    while i <= n
        stop = char_stop(b, i)
        f(char_between(b, i, stop)) && return (i, stop)
        i = stop
    end
    return (0, 0)
end
function next_delimiter(d::String, b::StringOrSub, i::Int)
    if isempty(d)
        # between characters
        i > ncodeunits(b) && return (0, 0)
        at = char_stop(b, i)
        return at > ncodeunits(b) ? (0, 0) : (at, at)
    end
    at = search_forward(b, d, i)
    return at == 0 ? (0, 0) : (at, at + ncodeunits(d))
end

delimiter(d::AbstractString) = String(d)
delimiter(d) = char_test(d)

function split(s::AbstractString, d; limit::Integer=0, keepempty::Bool=true)
    return split_bytes(as_bytes(s), delimiter(d), Int(limit), keepempty)
end
split(s::AbstractString; limit::Integer=0, keepempty::Bool=false) = split_bytes(as_bytes(s), isspace, Int(limit), keepempty)

function split_bytes(b::StringOrSub, d, limit::Int, keepempty::Bool)
    parts = Vector{SubString{String}}(undef, 0)
    n = ncodeunits(b)
    from = 1
    at, stop = next_delimiter(d, b, 1)
    while at != 0 && !(limit > 0 && length(parts) >= limit - 1)
        if keepempty || at > from
            push!(parts, bytes_view(b, from, at - 1))
        end
        from = stop
        at, stop = next_delimiter(d, b, from)
    end
    if keepempty || from <= n
        push!(parts, bytes_view(b, from, n))
    end
    return parts
end

function rsplit(s::AbstractString, d; limit::Integer=0, keepempty::Bool=true)
    return rsplit_bytes(as_bytes(s), delimiter(d), Int(limit), keepempty)
end
rsplit(s::AbstractString; limit::Integer=0, keepempty::Bool=false) = rsplit_bytes(as_bytes(s), isspace, Int(limit), keepempty)

# Where the last delimiter that ends at or before byte `to` begins and the byte after it.
function last_delimiter(f::Function, b::StringOrSub, to::Int)
    while to >= 1
        i = thisind(b, to)
        f(char_at(b, i)) && return (i, to + 1)
        to = i - 1
    end
    return (0, 0)
end
function last_delimiter(d::String, b::StringOrSub, to::Int)
    if isempty(d)
        to < 1 && return (0, 0)
        i = thisind(b, to)
        return i <= 1 ? (0, 0) : (i, i)
    end
    at = search_backward(b, d, to - ncodeunits(d) + 1)
    return at == 0 ? (0, 0) : (at, at + ncodeunits(d))
end
function rsplit_bytes(b::StringOrSub, d, limit::Int, keepempty::Bool)
    parts = Vector{SubString{String}}(undef, 0)
    to = ncodeunits(b)
    at, stop = last_delimiter(d, b, to)
    while at != 0 && !(limit > 0 && length(parts) >= limit - 1)
        if keepempty || stop <= to
            push!(parts, bytes_view(b, stop, to))
        end
        to = at - 1
        at, stop = last_delimiter(d, b, to)
    end
    if keepempty || to >= 1
        push!(parts, bytes_view(b, 1, to))
    end
    return reverse!(parts)
end

struct SplitIterator{D}
    parts::Vector{SubString{String}}
    delimiter::D
end
eachsplit(s::AbstractString, d; limit::Integer=0, keepempty::Bool=true) = split_iterator(as_bytes(s), delimiter(d), Int(limit), keepempty)
eachsplit(s::AbstractString; limit::Integer=0, keepempty::Bool=false) = split_iterator(as_bytes(s), isspace, Int(limit), keepempty)
split_iterator(b::StringOrSub, d, limit::Int, keepempty::Bool) = SplitIterator{typeof(d)}(split_bytes(b, d, limit, keepempty), d)
iterate(s::SplitIterator, i::Int=1) = i > length(s.parts) ? nothing : (s.parts[i], i + 1)
IteratorSize(::Type{<:SplitIterator}) = SizeUnknown()
eltype(::Type{<:SplitIterator}) = SubString{String}

# ---- replacing

# A pattern: the string or the test to find, and what replaces it.
pattern(p::AbstractString) = String(p)
pattern(p) = char_test(p)

# Where the next match of a pattern is: (first byte, byte after it).
next_match(p::Function, b::StringOrSub, i::Int) = next_delimiter(p, b, i)
function next_match(p::String, b::StringOrSub, i::Int)
    i > ncodeunits(b) + 1 && return (0, 0)
    at = search_forward(b, p, i)
    return at == 0 ? (0, 0) : (at, at + ncodeunits(p))
end

write_replacement(io::IO, r::Union{Char,AbstractString}, b::StringOrSub, from::Int, to::Int, p) = print(io, r)
write_replacement(io::IO, f::Function, b::StringOrSub, from::Int, to::Int, p::String) = print(io, f(bytes_view(b, from, to)))
write_replacement(io::IO, f::Function, b::StringOrSub, from::Int, to::Int, p::Function) = print(io, f(char_at(b, from)))
write_replacement(io::IO, r, b::StringOrSub, from::Int, to::Int, p) = print(io, r)

function replace(s::AbstractString, r::Pair; count::Integer=typemax(Int))
    count < 0 && throw(DomainError(Int(count), "`count` must be non-negative."))
    return replace_one(as_bytes(s), pattern(r.first), r.second, Int(count))
end
function replace_one(b::StringOrSub, p, r, most::Int)
    n = ncodeunits(b)
    at, stop = next_match(p, b, 1)
    (at == 0 || most == 0) && return String(b)
    out = new_iobuffer()
    from = 1
    done = 0
    # Where the last match ended that was not empty: an empty one right there does not count.
    after = 0
    while at != 0 && done < most
        print(out, bytes_view(b, from, at - 1))
        if stop > at || at != after
            write_replacement(out, r, b, at, stop - 1, p)
            done += 1
        end
        stop > at && (after = stop)
        from = stop
        if stop == at
            # an empty match: the next character stays
            at > n && break
            stop = char_stop(b, at)
            print(out, bytes_view(b, at, stop - 1))
            from = stop
        end
        at, stop = next_match(p, b, from)
    end
    print(out, bytes_view(b, from, n))
    return take_string!(out)
end

# Several patterns at once: the match that begins first wins, among those the pattern given first.
replace(s::AbstractString, a::Pair, b::Pair, rest::Pair...; count::Integer=typemax(Int)) =
    replace_many(as_bytes(s), (a, b, rest...), Int(count))
function replace_many(b::StringOrSub, pairs::Tuple, most::Int)
    n = ncodeunits(b)
    out = new_iobuffer()
    from = 1
    done = 0
    while from <= n + 1 && done < most
        at = earliest_match(b, pairs, from)
        at == 0 && break
        print(out, bytes_view(b, from, at - 1))
        from = write_match_at(out, b, pairs, at)
        done += 1
        if from == at
            at > n && break
            stop = char_stop(b, at)
            print(out, bytes_view(b, at, stop - 1))
            from = stop
        end
    end
    print(out, bytes_view(b, from, n))
    return take_string!(out)
end
earliest_match(b::StringOrSub, ::Tuple{}, from::Int) = 0
function earliest_match(b::StringOrSub, pairs::Tuple, from::Int)
    at, _ = next_match(pattern(getfield(pairs, 1).first), b, from)
    other = earliest_match(b, tail(pairs), from)
    return at == 0 ? other : (other == 0 ? at : min(at, other))
end
# Writes the replacement of the first pattern that matches at a place where one does, and gives the
# byte behind the match.
write_match_at(out::IO, b::StringOrSub, ::Tuple{}, at::Int) = at
function write_match_at(out::IO, b::StringOrSub, pairs::Tuple, at::Int)
    r = getfield(pairs, 1)
    p = pattern(r.first)
    found, stop = next_match(p, b, at)
    if found == at
        write_replacement(out, r.second, b, at, stop - 1, p)
        return stop
    end
    return write_match_at(out, b, tail(pairs), at)
end
replace(s::AbstractString) = String(s)
replace(io::IO, s::AbstractString, pairs::Pair...; count::Integer=typemax(Int)) = print(io, replace(s, pairs...; count=count))

# ---- characters

function reverse(s::AbstractString)
    b = as_bytes(s)
    n = ncodeunits(b)
    out = new_iobuffer()
    while n > 0
        i = thisind(b, n)
        print(out, bytes_view(b, i, n))
        n = i - 1
    end
    return take_string!(out)
end

function map(f, s::AbstractString)
    out = new_iobuffer()
    for c in s
        write_mapped(out, f(c))
    end
    return take_string!(out)
end
write_mapped(out::IOBuffer, c::Char) = write(out, c)
write_mapped(out::IOBuffer, x) = throw(ArgumentError("map(f, s::AbstractString) requires f to return AbstractChar; try map(f, collect(s)) or a comprehension instead"))

function filter(f, s::AbstractString)
    out = new_iobuffer()
    for c in s
        f(c) && write(out, c)
    end
    return take_string!(out)
end

function collect(s::AbstractString)
    chars = Vector{Char}(undef, 0)
    for c in s
        push!(chars, c)
    end
    return chars
end
