# Pairs of index and value, lazily: what `pairs` gives for arrays, tuples and named tuples, and what
# functions get as their further keywords.

struct Pairs{K,V,I,A} <: AbstractDict{K,V}
    data::A
    itr::I
end
@inline Pairs(data::A, itr::I) where {A,I} = Pairs{eltype(I),eltype(A),I,A}(data, itr)
@inline Pairs{K}(data::A, itr::I) where {K,A,I} = Pairs{K,eltype(A),I,A}(data, itr)
@inline iterate(p::Pairs) = paired(p, iterate(getfield(p, :itr)))
@inline iterate(p::Pairs, state) = paired(p, iterate(getfield(p, :itr), state))
@inline paired(p::Pairs, ::Nothing) = nothing
@inline paired(p::Pairs, y::Tuple) = (Pair(getfield(y, 1), @inbounds(getfield(p, :data)[getfield(y, 1)])), getfield(y, 2))
@inline length(p::Pairs) = length(getfield(p, :itr))
@inline size(p::Pairs) = size(getfield(p, :itr))
@inline axes(p::Pairs) = axes(getfield(p, :itr))
isempty(p::Pairs) = isempty(getfield(p, :itr))
IteratorSize(::Type{<:Pairs{K,V,I}}) where {K,V,I} = IteratorSize(I)
@inline keys(p::Pairs) = getfield(p, :itr)
@inline values(p::Pairs) = getfield(p, :data)
pairs(p::Pairs) = p
@inline getindex(p::Pairs, key) = getfield(p, :data)[key]
setindex!(p::Pairs, value, key) = (getfield(p, :data)[key] = value; p)
@inline haskey(p::Pairs, key) = haskey(getfield(p, :data), key)
@inline get(p::Pairs, key, default) = get(getfield(p, :data), key, default)
get(f::Callable, p::Pairs, key) = get(f, getfield(p, :data), key)
merge(a::Pairs, b::Pairs) = pairs(merge(getfield(a, :data), getfield(b, :data)))
getproperty(p::Pairs, name::Symbol) = getfield(p, name)
first(p::Pairs) = (k = first(getfield(p, :itr)); Pair(k, getfield(p, :data)[k]))
last(p::Pairs) = (k = last(getfield(p, :itr)); Pair(k, getfield(p, :data)[k]))
reverse(p::Pairs) = Pairs(getfield(p, :data), reverse(getfield(p, :itr)))
==(a::Pairs, b::Pairs) = keys(a) == keys(b) && values(a) == values(b)
