# BitSet: a sorted set of Ints, one bit each in words that begin near its smallest element.

mutable struct BitSet <: AbstractSet{Int}
    words::Vector{UInt64}
    # The first bit of the first word is the number 64 * first_word.
    first_word::Int
    BitSet() = new(Vector{UInt64}(undef, 0), 0)
    BitSet(words::Vector{UInt64}, first_word::Int) = new(words, first_word)
end
BitSet(itr) = union_one!(BitSet(), itr)

empty(::BitSet, ::Type{Int}) = BitSet()
empty(::BitSet) = BitSet()
copy(s::BitSet) = BitSet(copy(s.words), s.first_word)
deepcopy(s::BitSet) = copy(s)
sizehint!(s::BitSet, n::Integer) = s
empty!(s::BitSet) = (empty!(s.words); s)

@inline member_bit(n::Int) = 0x0000000000000001 << (n & 63)

# The index of the word with the bit of n, which is made if it is not there.
function word_index!(s::BitSet, n::Int)
    w = n >> 6
    if isempty(s.words)
        s.first_word = w
        push!(s.words, 0x0000000000000000)
    end
    while w < s.first_word
        pushfirst!(s.words, 0x0000000000000000)
        s.first_word -= 1
    end
    while w - s.first_word >= length(s.words)
        push!(s.words, 0x0000000000000000)
    end
    return w - s.first_word + 1
end

function in(n::Integer, s::BitSet)
    (typemin(Int) <= n <= typemax(Int)) || return false
    i = (Int(n) >> 6) - s.first_word + 1
    return 1 <= i <= length(s.words) && s.words[i] & member_bit(Int(n)) !== 0x0000000000000000
end
function push!(s::BitSet, n::Integer)
    i = word_index!(s, Int(n))
    s.words[i] |= member_bit(Int(n))
    return s
end
function delete!(s::BitSet, n::Integer)
    if n in s
        s.words[(Int(n)>>6)-s.first_word+1] &= ~member_bit(Int(n))
    end
    return s
end
function pop!(s::BitSet, n::Integer)
    n in s || throw_key_error(n)
    delete!(s, n)
    return n
end
pop!(s::BitSet, n::Integer, default) = n in s ? pop!(s, n) : default
pop!(s::BitSet) = pop!(s, last(s))
popfirst!(s::BitSet) = pop!(s, first(s))

function length(s::BitSet)
    n = 0
    for w in s.words
        n += count_ones(w)
    end
    return n
end
isempty(s::BitSet) = length(s) == 0
function iterate(s::BitSet, at::Int=0)
    i = (at >> 6) + 1
    while i <= length(s.words)
        w = s.words[i] >> (at & 63)
        if w !== 0x0000000000000000
            at += trailing_zeros(w)
            return (64 * s.first_word + at, at + 1)
        end
        at = 64 * i
        i += 1
    end
    return nothing
end
function last(s::BitSet)
    for i in length(s.words):-1:1
        w = s.words[i]
        w === 0x0000000000000000 || return 64 * (s.first_word + i) - 1 - leading_zeros(w)
    end
    throw(ArgumentError("collection must be non-empty"))
end
minimum(s::BitSet) = first(s)
maximum(s::BitSet) = last(s)
extrema(s::BitSet) = (first(s), last(s))
issorted(s::BitSet) = true
filter(f, s::BitSet) = filter!(f, copy(s))
function filter!(f, s::BitSet)
    for n in s
        f(n) || delete!(s, n)
    end
    return s
end

function show(io::IO, s::BitSet)
    out = text_sink(io)
    write_text(out, "BitSet([")
    for (i, n) in enumerate(s)
        i > 1 && write_text(out, ", ")
        print(out, n)
    end
    write_text(out, "])")
    flush_sink(io, out)
    return nothing
end
