# Tuples. Functions over them recurse on the tail, or are written out for short ones, so that every
# element keeps its own type.

# ---- parts

@inline getindex(t::Tuple, i::Int) = getfield(t, i)
@inline getindex(t::Tuple, i::Integer) = getfield(t, Int(i))
@inline getindex(t::Tuple, ::Colon) = t
@inline getindex(t::Tuple, r::AbstractUnitRange) = (from = Int(first(r)); ntuple(k -> getfield(t, from + k - 1), length(r)))
@inline getindex(t::Tuple, r::OrdinalRange) = ntuple(k -> getfield(t, Int(r[k])), length(r))
getindex(t::Tuple, v::AbstractVector) = (Tuple(eltype(t)[t[i] for i in v]))
getindex(t::Tuple, mask::AbstractVector{Bool}) = Tuple(collect(t)[mask])

@inline length(t::Tuple) = nfields(t)
@inline isempty(::Tuple{}) = true
@inline isempty(::Tuple) = false
@inline firstindex(t::Tuple) = 1
@inline lastindex(t::Tuple) = nfields(t)
@inline size(t::Tuple, d::Integer) = d == 1 ? nfields(t) : throw(ArgumentError(LazyString("invalid tuple dimension ", d)))
@inline axes(t::Tuple) = (OneTo(nfields(t)),)
@inline axes(t::Tuple, d::Integer) = d == 1 ? OneTo(nfields(t)) : throw(ArgumentError(LazyString("invalid tuple dimension ", d)))
@inline eachindex(t::Tuple) = OneTo(nfields(t))
@inline keys(t::Tuple) = OneTo(nfields(t))
@inline values(t::Tuple) = t
pairs(t::Tuple) = Pairs(t, keys(t))
ndims(::Tuple) = 1
prevind(t::Tuple, i::Integer) = Int(i) - 1
nextind(t::Tuple, i::Integer) = Int(i) + 1
get(t::Tuple, i::Integer, default) = 1 <= i <= nfields(t) ? t[i] : default
get(f::Callable, t::Tuple, i::Integer) = 1 <= i <= nfields(t) ? t[i] : f()
checkbounds(::Type{Bool}, t::Tuple, i::Integer) = 1 <= i <= nfields(t)
haskey(t::Tuple, i::Integer) = 1 <= i <= nfields(t)

@inline iterate(::Tuple{}) = nothing
@inline iterate(t::Tuple) = (getfield(t, 1), 2)
@inline iterate(t::Tuple, i::Int) = 1 <= i <= nfields(t) ? (getfield(t, i), i + 1) : nothing

first(t::Tuple) = getfield(t, 1)
first(::Tuple{}) = throw(ArgumentError("tuple must be non-empty"))
last(t::Tuple) = getfield(t, nfields(t))
last(t::Tuple{}) = throw(BoundsError(t, 0))

@inline behind_first(x, rest...) = rest
@inline tail(t::Tuple) = behind_first(t...)
tail(::Tuple{}) = throw(ArgumentError("Cannot call tail on an empty tuple."))
@inline front(t::Tuple) = ntuple(i -> getfield(t, i), Val(sub_int(nfields(t), 1)))
front(::Tuple{}) = throw(ArgumentError("Cannot call front on an empty tuple."))
# The elements from the i-th on, the first n.
@inline tuple_from(t::Tuple, i::Int) = ntuple(k -> getfield(t, i + k - 1), Val(max(nfields(t) - i + 1, 0)))
@inline tuple_upto(t::Tuple, n::Int) = ntuple(k -> getfield(t, k), Val(n))

@inline function setindex(t::Tuple, v, i::Integer)
    1 <= i <= nfields(t) || throw(BoundsError(t, i))
    return replace_at(v, i, 1, t)
end
@inline replace_at(v, i, at::Int, ::Tuple{}) = ()
@inline replace_at(v, i, at::Int, t::Tuple{Any}) = (at == i ? v : getfield(t, 1),)
@inline replace_at(v, i, at::Int, t::Tuple) = (at == i ? v : getfield(t, 1), replace_at(v, i, at + 1, tail(t))...)
@inline function setindex(t::NTuple{N,T}, v::T, i::Integer) where {N,T}
    1 <= i <= N || throw(BoundsError(t, i))
    return ntuple(k -> ifelse(k == i, v, getfield(t, k)), Val(N))
end

# ---- many elements

# op(… op(op(acc, t[1]), t[2]) …). Inference writes the calls out, one behind the other, where it knows the
# length; that costs one instance, where recursion over the rest needs one for each element.
function fold_elements(op, acc, t::Tuple)
    for x in t
        acc = op(acc, x)
    end
    return acc
end
# op(… op(op(acc, t[n]), t[n-1]) …), op(… op(op(acc, s[1], t[1]), s[2], t[2]) …) and (f(t[1]), f(t[2]), …), written
# out in the same way.
function fold_elements_back(op, acc, t::Tuple)
    for i in nfields(t):-1:1
        acc = op(acc, t[i])
    end
    return acc
end
function fold_pairs(op, acc, s::Tuple, t::Tuple)
    for i in 1:nfields(s)
        acc = op(acc, s[i], t[i])
    end
    return acc
end
map_elements(f, t::Tuple) = (Any[f(x) for x in t]...,)

# Tuples of more elements than this are not taken apart one element after the other.
@inline is_long(t::Tuple) = nfields(t) > 16

# f for each element of a long tuple; elements of one type need no more than a loop.
function foreach_of_many(f::F, t::NTuple{N,T}) where {F,N,T}
    for x in t
        f(x)
    end
    return nothing
end
foreach_of_many(f::F, t::Tuple) where {F} = fold_elements((acc, x) -> (f(x); acc), nothing, t)

# ---- types of elements

eltype(::Type{Tuple{}}) = Union{}
eltype(::Type{Tuple{Vararg{T,N}}}) where {N,T} = T
eltype(::Type{T}) where {T<:Tuple} = joined_distinct(Core.distinct_elements(T))
joined_distinct(::Type{T}) where {T} = joined_fields(T, Val(fieldcount(T)))
eltype(t::Tuple) = eltype(typeof(t))
joined_fields(::Type{T}, ::Val{0}) where {T} = Union{}
joined_fields(::Type{T}, ::Val{1}) where {T} = fieldtype(T, 1)
joined_fields(::Type{T}, ::Val{N}) where {T,N} = joined_between(T, fieldtype(T, 1), Val(2), Val(N))
# One after the other, but by halves: what recurs does not become deep.
joined_between(::Type{T}, ::Type{A}, ::Val{I}, ::Val{I}) where {T,A,I} = promote_typejoin(A, fieldtype(T, I))
joined_between(::Type{T}, ::Type{A}, ::Val{I}, ::Val{J}) where {T,A,I,J} =
    joined_between(T, joined_between(T, A, Val(I), Val(div(I + J, 2))), Val(div(I + J, 2) + 1), Val(J))

# The join of two types that keeps Nothing and Missing as members of a union.
promote_typejoin(::Type{A}, ::Type{A}) where {A} = A
promote_typejoin(::Type{A}, ::Type{B}) where {A,B} = join_with_absence(A, B)
@inline function join_with_absence(::Type{A}, ::Type{B}) where {A,B}
    (A === Any || B === Any) && return Any
    return Union{A,B,typejoin(without_absence(A), without_absence(B))}
end

@inline without_absence(::Type{A}) where {A} = typesplit(typesplit(A, Nothing), Missing)

# A with Nothing and Missing where B has them.
@inline with_absence(::Type{A}, ::Type{B}) where {A,B} = Union{A,typeintersect(B, Union{Nothing,Missing})}

# ---- making tuples

@inline function ntuple(f::F, n::Integer) where {F}
    n >= 0 || throw(ArgumentError(LazyString("tuple length should be ≥ 0, got ", n)))
    n == 0 && return ()
    n == 1 && return (f(1),)
    n == 2 && return (f(1), f(2))
    n == 3 && return (f(1), f(2), f(3))
    n == 4 && return (f(1), f(2), f(3), f(4))
    return ntuple(f, Val(Int(n)))
end

@inline ntuple(f::F, ::Val{0}) where {F} = ()
@inline ntuple(f::F, ::Val{1}) where {F} = (f(1),)
@inline ntuple(f::F, ::Val{2}) where {F} = (f(1), f(2))
@inline ntuple(f::F, ::Val{3}) where {F} = (f(1), f(2), f(3))
@inline ntuple(f::F, ::Val{4}) where {F} = (f(1), f(2), f(3), f(4))
@inline ntuple(f::F, ::Val{5}) where {F} = (f(1), f(2), f(3), f(4), f(5))
@inline ntuple(f::F, ::Val{6}) where {F} = (f(1), f(2), f(3), f(4), f(5), f(6))
@inline ntuple(f::F, ::Val{7}) where {F} = (f(1), f(2), f(3), f(4), f(5), f(6), f(7))
@inline ntuple(f::F, ::Val{8}) where {F} = (f(1), f(2), f(3), f(4), f(5), f(6), f(7), f(8))
@inline function ntuple(f::F, ::Val{N}) where {F,N}
    N >= 0 || throw(ArgumentError(LazyString("tuple length should be ≥ 0, got ", N)))
    return tuple_of_range(f, Val(0), Val(N))
end
# f of the N numbers behind S; halves, so that the depth is the logarithm of N.
@inline tuple_of_range(f::F, ::Val{S}, ::Val{1}) where {F,S} = (f(add_int(S, 1)),)
@inline tuple_of_range(f::F, ::Val{S}, ::Val{2}) where {F,S} = (f(add_int(S, 1)), f(add_int(S, 2)))
@inline tuple_of_range(f::F, ::Val{S}, ::Val{3}) where {F,S} = (f(add_int(S, 1)), f(add_int(S, 2)), f(add_int(S, 3)))
@inline tuple_of_range(f::F, ::Val{S}, ::Val{4}) where {F,S} = (f(add_int(S, 1)), f(add_int(S, 2)), f(add_int(S, 3)), f(add_int(S, 4)))
@inline tuple_of_range(f::F, ::Val{S}, ::Val{N}) where {F,S,N} =
    (tuple_of_range(f, Val(S), Val(ashr_int(N, 1)))...,
     tuple_of_range(f, Val(add_int(S, ashr_int(N, 1))), Val(sub_int(N, ashr_int(N, 1))))...)

# Conversion element by element; the lengths must agree.
convert(::Type{T}, t::T) where {T<:Tuple} = t
convert(::Type{T}, t::Tuple) where {T<:Tuple} = tuple_converted(T, t)
convert(::Type{Tuple}, t::Tuple) = t
@inline function tuple_converted(::Type{T}, t::Tuple) where {T<:Tuple}
    nfields(t) == fieldcount(T) || throw(MethodError(convert, (T, t)))
    return ntuple(i -> convert(fieldtype(T, i), getfield(t, i)), Val(fieldcount(T)))
end
convert(::Type{Tuple{Vararg{T}}}, t::Tuple) where {T} = map(x -> convert(T, x), t)

Tuple(t::Tuple) = t
Tuple(p::Pair) = (p.first, p.second)
Tuple(t::NamedTuple) = values(t)
Tuple(itr) = (collect(itr)...,)
(::Type{T})(t::Tuple) where {T<:Tuple} = convert(T, t)
(::Type{T})(itr) where {T<:Tuple} = tuple_taken(T, itr)
function tuple_taken(::Type{T}, itr) where {T<:Tuple}
    v = collect(itr)
    length(v) >= fieldcount(T) || throw(ArgumentError(LazyString("too few elements for tuple type ", T)))
    length(v) > fieldcount(T) && throw(ArgumentError(LazyString("too many elements for tuple type ", T)))
    return ntuple(i -> convert(fieldtype(T, i), v[i]), Val(fieldcount(T)))
end

# ---- map, filter, foreach

@inline map(f::F, ::Tuple{}) where {F} = ()
@inline map(f::F, t::Tuple{Any}) where {F} = (f(getfield(t, 1)),)
@inline map(f::F, t::Tuple{Any,Any}) where {F} = (f(getfield(t, 1)), f(getfield(t, 2)))
@inline map(f::F, t::Tuple{Any,Any,Any}) where {F} = (f(getfield(t, 1)), f(getfield(t, 2)), f(getfield(t, 3)))
# One element after the other, so that every result has the type that its element gives; long
# tuples are counted through.
@inline map(f::F, t::Tuple) where {F} = (f(getfield(t, 1)), map(f, tail(t))...)
map(f::F, t::Tuple{Any,Any,Any,Any,Any,Any,Any,Any,Any,Any,Any,Any,Any,Any,Any,Any,Any,Vararg{Any}}) where {F} =
    map_elements(f, t)

@inline map(f::F, ::Tuple{}, ::Tuple{}) where {F} = ()
@inline map(f::F, s::Tuple{Any}, t::Tuple{Any}) where {F} = (f(getfield(s, 1), getfield(t, 1)),)
@inline map(f::F, s::Tuple{Any,Any}, t::Tuple{Any,Any}) where {F} =
    (f(getfield(s, 1), getfield(t, 1)), f(getfield(s, 2), getfield(t, 2)))
@inline map(f::F, s::Tuple{Any,Any,Any}, t::Tuple{Any,Any,Any}) where {F} =
    (f(getfield(s, 1), getfield(t, 1)), f(getfield(s, 2), getfield(t, 2)), f(getfield(s, 3), getfield(t, 3)))
@inline map(f::F, s::Tuple{}, t::Tuple) where {F} = ()
@inline map(f::F, s::Tuple, t::Tuple{}) where {F} = ()
@inline map(f::F, s::Tuple, t::Tuple) where {F} = (f(getfield(s, 1), getfield(t, 1)), map(f, tail(s), tail(t))...)
@inline map(f::F, s::Tuple, t::Tuple, u::Tuple, more::Tuple...) where {F} = map_heads(f, (s, t, u, more...))
@inline map_heads(f::F, ts::Tuple) where {F} =
    any_empty(ts) ? () : (f(map(first, ts)...), map_heads(f, map(tail, ts))...)
@inline any_empty(::Tuple{}) = false
@inline any_empty(ts::Tuple{Tuple{},Vararg{Any}}) = true
@inline any_empty(ts::Tuple) = any_empty(tail(ts))

@inline foreach(f::F, ::Tuple{}) where {F} = nothing
@inline function foreach(f::F, t::Tuple) where {F}
    is_long(t) && return foreach_of_many(f, t)
    f(getfield(t, 1))
    return foreach(f, tail(t))
end

filter(f, ::Tuple{}) = ()
@inline filter(f::F, t::Tuple) where {F} =
    f(getfield(t, 1)) ? (getfield(t, 1), filter(f, tail(t))...) : filter(f, tail(t))

@inline reverse(t::Tuple) = (n = nfields(t); ntuple(i -> getfield(t, n + 1 - i), Val(nfields(t))))
reverse(t::Tuple, start::Integer) = reverse(t, start, nfields(t))
reverse(t::Tuple, start::Integer, stop::Integer) =
    ntuple(i -> start <= i <= stop ? getfield(t, start + stop - i) : getfield(t, i), Val(nfields(t)))

# ---- comparison

@inline ==(a::Tuple, b::Tuple) = nfields(a) == nfields(b) && equal_elements(a, b)
@inline equal_elements(::Tuple{}, ::Tuple{}) = true
@inline equal_elements(a::Tuple{Any}, b::Tuple{Any}) = getfield(a, 1) == getfield(b, 1)
@inline function equal_elements(a::Tuple, b::Tuple)
    is_long(a) && return fold_pairs(equal_so_far, true, a, b)
    e = getfield(a, 1) == getfield(b, 1)
    e === false && return false
    return e & equal_elements(tail(a), tail(b))
end
equal_so_far(e, x, y) = e === false ? false : e & (x == y)
# Never reached with different lengths, which the comparison of lengths already told apart.
@inline equal_elements(a::Tuple{}, b::Tuple) = false
@inline equal_elements(a::Tuple, b::Tuple{}) = false

@inline isequal(a::Tuple, b::Tuple) = nfields(a) == nfields(b) && isequal_elements(a, b)
@inline isequal_elements(::Tuple{}, ::Tuple{}) = true
@inline isequal_elements(::Tuple{}, ::Tuple) = false
@inline isequal_elements(::Tuple, ::Tuple{}) = false
@inline isequal_elements(a::Tuple, b::Tuple) =
    is_long(a) ? fold_pairs((e, x, y) -> e && isequal(x, y), true, a, b) : isequal(getfield(a, 1), getfield(b, 1)) && isequal_elements(tail(a), tail(b))

@inline isless(::Tuple{}, ::Tuple{}) = false
@inline isless(::Tuple{}, ::Tuple) = true
@inline isless(::Tuple, ::Tuple{}) = false
@inline function isless(a::Tuple, b::Tuple)
    x, y = getfield(a, 1), getfield(b, 1)
    isless(x, y) && return true
    isequal(x, y) || return false
    return isless(tail(a), tail(b))
end

@inline <(::Tuple{}, ::Tuple{}) = false
@inline <(::Tuple{}, ::Tuple) = true
@inline <(::Tuple, ::Tuple{}) = false
@inline function <(a::Tuple, b::Tuple)
    x, y = getfield(a, 1), getfield(b, 1)
    e = x == y
    e === missing && return missing
    e || return x < y
    return tail(a) < tail(b)
end

hash(::Tuple{}, h::UInt) = h + 0x77cfa1eef01bca90
hash(t::Tuple, h::UInt) = is_long(t) ? hash_of_many(t, h) : hash(getfield(t, 1), hash(tail(t), h))::UInt
hash_of_many(t::Tuple, h::UInt) = fold_elements_back((h, x) -> hash(x, h)::UInt, hash((), h), t)

# ---- reductions

@inline in(x, ::Tuple{}) = false
@inline in(x, t::Tuple) = in_tuple(x, t)
@inline in_tuple(x, t::Tuple{Any}) = getfield(t, 1) == x
@inline function in_tuple(x, t::Tuple)
    e = getfield(t, 1) == x
    e === true && return true
    return e | in_tuple(x, tail(t))
end

# op(… op(op(acc, f(t[1])), f(t[2])) …)
@inline fold_tuple(f::F, op::G, acc, ::Tuple{}) where {F,G} = acc
@inline fold_tuple(f::F, op::G, acc, t::Tuple{Any}) where {F,G} = op(acc, f(getfield(t, 1)))
@inline fold_tuple(f::F, op::G, acc, t::Tuple{Any,Any}) where {F,G} = op(op(acc, f(getfield(t, 1))), f(getfield(t, 2)))
@inline fold_tuple(f::F, op::G, acc, t::Tuple) where {F,G} =
    is_long(t) ? fold_elements((acc, x) -> op(acc, f(x)), acc, t) : fold_tuple(f, op, op(acc, f(getfield(t, 1))), tail(t))
function fold_tuple(f::F, op::G, acc, t::Tuple{T,T,T,T,T,T,T,T,T,T,T,T,T,T,T,T,T,Vararg{T}}) where {F,G,T}
    for x in t
        acc = op(acc, f(x))
    end
    return acc
end

@inline fold_left(f::F, op::G, init, t::Tuple) where {F,G} = fold_tuple(f, op, init, t)
@inline fold_left(f::F, op::G, ::NoInit, t::Tuple) where {F,G} =
    fold_tuple(f, op, mapreduce_first(f, op, getfield(t, 1)), tail(t))
fold_left(f::F, op::G, ::NoInit, t::Tuple{}) where {F,G} = mapreduce_empty(f, op, Union{})

# As +(t...), without the widening of sums over other collections.
@inline sum(t::Tuple{Any,Vararg{Any}}) = fold_tuple(identity, +, +getfield(t, 1), tail(t))
@inline prod(t::Tuple{Any,Vararg{Any}}) = fold_left(identity, mul_prod, NoInit(), t)
prod(::Tuple{}) = 1
@inline any(f::F, ::Tuple{}) where {F} = false
@inline any(f::F, t::Tuple) where {F} = (e = f(getfield(t, 1)); e === true ? true : or_missing(e, any(f, tail(t))))
@inline all(f::F, ::Tuple{}) where {F} = true
@inline all(f::F, t::Tuple) where {F} = (e = f(getfield(t, 1)); e === false ? false : and_missing(e, all(f, tail(t))))
@inline any(t::Tuple) = any(identity, t)
@inline all(t::Tuple) = all(identity, t)
@inline or_missing(e::Union{Bool,Missing}, rest) = e | rest
@inline and_missing(e::Union{Bool,Missing}, rest) = e & rest
or_missing(e, rest) = throw(TypeError(:if, "", Bool, e))
and_missing(e, rest) = throw(TypeError(:if, "", Bool, e))

accumulate(op, ::Tuple{}) = ()
@inline accumulate(op::F, t::Tuple; init=NoInit()) where {F} = accumulate_tuple(op, init, t)
@inline accumulate_tuple(op::F, acc, ::Tuple{}) where {F} = ()
@inline accumulate_tuple(op::F, ::NoInit, ::Tuple{}) where {F} = ()
@inline accumulate_tuple(op::F, ::NoInit, t::Tuple) where {F} =
    (x = reduce_first(op, getfield(t, 1)); (x, accumulate_tuple(op, x, tail(t))...))
@inline accumulate_tuple(op::F, acc, t::Tuple) where {F} =
    (x = op(acc, getfield(t, 1)); (x, accumulate_tuple(op, x, tail(t))...))
cumsum(t::Tuple) = accumulate(add_sum, t)
cumprod(t::Tuple) = accumulate(mul_prod, t)

function findfirst(f::Function, t::Tuple)
    return first_from(f, t, 1)
end
@inline first_from(f::F, ::Tuple{}, i::Int) where {F} = nothing
@inline first_from(f::F, t::Tuple, i::Int) where {F} = f(getfield(t, 1)) ? i : first_from(f, tail(t), i + 1)
