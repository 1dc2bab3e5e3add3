# A dictionary that never changes: what is added gives another one. Pairs are in the order in which
# they were added; a later one hides an earlier one of the same key, as in a linked list.

struct ImmutableDict{K,V} <: AbstractDict{K,V}
    pairs::Vector{Pair{K,V}}
    ImmutableDict{K,V}() where {K,V} = new{K,V}(Pair{K,V}[])
    ImmutableDict{K,V}(key, value) where {K,V} = new{K,V}(Pair{K,V}[Pair{K,V}(key, value)])
    ImmutableDict{K,V}(parent::ImmutableDict, key, value) where {K,V} = new{K,V}(push!(copy(parent.pairs), Pair{K,V}(key, value)))
end
ImmutableDict(p::Pair{K,V}) where {K,V} = ImmutableDict{K,V}(p.first, p.second)
ImmutableDict(p::Pair{K,V}, more::Pair...) where {K,V} = with_pairs(ImmutableDict{K,V}(p.first, p.second), more)
ImmutableDict(d::ImmutableDict{K,V}, p::Pair) where {K,V} = ImmutableDict{K,V}(d, p.first, p.second)
ImmutableDict(d::ImmutableDict{K,V}, p::Pair, more::Pair...) where {K,V} = with_pairs(ImmutableDict(d, p), more)
ImmutableDict{K,V}(p::Pair) where {K,V} = ImmutableDict{K,V}(p.first, p.second)
with_pairs(d::ImmutableDict, ::Tuple{}) = d
with_pairs(d::ImmutableDict, more::Tuple) = with_pairs(ImmutableDict(d, getfield(more, 1)), tail(more))

# The place of a key, the latest first; 0 if there is none.
function place_of(d::ImmutableDict, key)
    for i in length(d.pairs):-1:1
        isequal(d.pairs[i].first, key)::Bool && return i
    end
    return 0
end
length(d::ImmutableDict) = length(d.pairs)
isempty(d::ImmutableDict) = isempty(d.pairs)
haskey(d::ImmutableDict, key) = place_of(d, key) != 0
get(d::ImmutableDict, key, default) = (i = place_of(d, key); i == 0 ? default : d.pairs[i].second)
get(f::Callable, d::ImmutableDict, key) = (i = place_of(d, key); i == 0 ? f() : d.pairs[i].second)
getindex(d::ImmutableDict, key) = (i = place_of(d, key); i == 0 ? throw_key_error(key) : d.pairs[i].second)
# From the latest to the first.
iterate(d::ImmutableDict, i::Int=length(d.pairs)) = i < 1 ? nothing : (d.pairs[i], i - 1)
empty(::ImmutableDict{K,V}) where {K,V} = ImmutableDict{K,V}()
dict_name(d::ImmutableDict) = "Base.ImmutableDict"
