# What every dictionary has, and IdDict.

struct KeySet{K,T<:AbstractDict{K}} <: AbstractSet{K}
    dict::T
end
struct ValueIterator{T<:AbstractDict}
    dict::T
end
keys(d::AbstractDict) = KeySet(d)
values(d::AbstractDict) = ValueIterator(d)
pairs(d::AbstractDict) = d
length(ks::KeySet) = length(ks.dict)
isempty(ks::KeySet) = isempty(ks.dict)
# By way of `get`, which a dictionary of the program may define alone.
in(key, ks::KeySet) = !(get(ks.dict, key, NoInit()) isa NoInit)
in(key, ks::KeySet{K,Dict{K,V}}) where {K,V} = haskey(ks.dict, key)
length(vs::ValueIterator) = length(vs.dict)
isempty(vs::ValueIterator) = isempty(vs.dict)
eltype(::Type{ValueIterator{T}}) where {T} = valtype(T)
iterate(ks::KeySet, state...) = key_of(iterate(ks.dict, state...))
iterate(vs::ValueIterator, state...) = value_of(iterate(vs.dict, state...))
key_of(::Nothing) = nothing
key_of(y::Tuple) = (y[1].first, y[2])
value_of(::Nothing) = nothing
value_of(y::Tuple) = (y[1].second, y[2])

keytype(::Type{<:AbstractDict{K,V}}) where {K,V} = K
valtype(::Type{<:AbstractDict{K,V}}) where {K,V} = V
eltype(::Type{<:AbstractDict{K,V}}) where {K,V} = Pair{K,V}
isempty(d::AbstractDict) = length(d) == 0
first(d::AbstractDict) = (y = iterate(d); y === nothing ? throw(ArgumentError("collection must be non-empty")) : y[1])

getindex(d::AbstractDict, key) = (v = get(d, key, NoInit()); v isa NoInit ? throw_key_error(key) : v)
getindex(d::AbstractDict, k1, k2, more...) = d[(k1, k2, more...)]
setindex!(d::AbstractDict, v, k1, k2, more...) = setindex!(d, v, (k1, k2, more...))
get(f::Callable, d::AbstractDict, key) = haskey(d, key) ? d[key] : f()
get!(d::AbstractDict, key, default) = haskey(d, key) ? d[key] : (d[key] = default; d[key])
get!(f::Callable, d::AbstractDict, key) = haskey(d, key) ? d[key] : (v = f(); d[key] = v; v)
push!(d::AbstractDict, p::Pair) = setindex!(d, p.second, p.first)
push!(d::AbstractDict, p::Pair, q::Pair) = push!(push!(d, p), q)
push!(d::AbstractDict, p::Pair, q::Pair, more::Pair...) = push!(push!(push!(d, p), q), more...)
haskey(d::AbstractDict, key) = in(key, keys(d))
function in(p::Pair, d::AbstractDict)
    v = get(d, p.first, NoInit())
    return v isa NoInit ? false : v == p.second
end
in(x, d::AbstractDict) = error("AbstractDict collections only contain Pairs;\nEither look for e.g. A=>B instead, or use the `keys` or `values`\nfunction if you are looking for a key or value respectively.")

function ==(a::AbstractDict, b::AbstractDict)
    length(a) == length(b) || return false
    unknown = false
    for (k, v) in a
        haskey(b, k) || return false
        e = v == b[k]
        if e === missing
            unknown = true
        elseif !e
            return false
        end
    end
    return unknown ? missing : true
end
function isequal(a::AbstractDict, b::AbstractDict)
    length(a) == length(b) || return false
    for (k, v) in a
        haskey(b, k) && isequal(v, b[k]) || return false
    end
    return true
end
function hash(d::AbstractDict, h::UInt)
    all = 0x6d35bb51952d5539
    for (k, v) in d
        all = xor(all, hash(k, hash(v)::UInt)::UInt)
    end
    return hash(all, h)
end

# ---- merging, filtering

function merge!(d::AbstractDict, others::AbstractDict...)
    foreach(o -> merge_one!(d, o), others)
    return d
end
function merge_one!(d::AbstractDict, other::AbstractDict)
    for (k, v) in other
        d[k] = v
    end
    return d
end
merge(d::AbstractDict) = copy(d)
merge(d::AbstractDict, others::AbstractDict...) = merge!(merged_empty(d, others), d, others...)
merged_empty(d::AbstractDict{K,V}, others::Tuple) where {K,V} =
    sizehint!(Dict{promote_type(K, map(keytype, others)...),promote_type(V, map(valtype, others)...)}(), length(d))
mergewith(combine, d::AbstractDict, others::AbstractDict...) = mergewith!(combine, merge_one!(merged_empty(d, others), d), others...)
mergewith(combine) = (ds...) -> mergewith(combine, ds...)
mergewith!(combine) = (ds...) -> mergewith!(combine, ds...)
merge(combine::Function, d::AbstractDict, others::AbstractDict...) = mergewith(combine, d, others...)
function mergewith!(combine, d::AbstractDict, others::AbstractDict...)
    foreach(o -> mergewith_one!(combine, d, o), others)
    return d
end
function mergewith_one!(combine::F, d::AbstractDict, other::AbstractDict) where {F}
    for (k, v) in other
        d[k] = haskey(d, k) ? combine(d[k], v) : v
    end
    return d
end
function filter(f, d::AbstractDict)
    out = empty(d)
    for p in d
        f(p) && push!(out, p)
    end
    return out
end
function filter!(f, d::AbstractDict)
    drop = [p.first for p in d if !f(p)]
    foreach(k -> delete!(d, k), drop)
    return d
end
# Members of dictionaries and sets are replaced by taking all old ones out before new ones go in.
key_of_member(p::Pair, ::AbstractDict) = p.first
key_of_member(x, ::AbstractSet) = x
function replace!(f::Union{Function,Type}, c::Union{AbstractDict,AbstractSet}; count::Integer=typemax(Int))
    most = replacements(count)
    old, new = eltype(c)[], eltype(c)[]
    for x in c
        length(old) < most || break
        y = f(x)
        x === y || (push!(old, x); push!(new, y))
    end
    foreach(x -> delete!(c, key_of_member(x, c)), old)
    foreach(y -> push!(c, y), new)
    return c
end
replace!(c::Union{AbstractDict,AbstractSet}, ps::Pair...; count::Integer=typemax(Int)) =
    replace!(x -> matches_any(x, ps) ? replacement_of(x, ps) : x, c; count=count)
replace(f::Union{Function,Type}, c::Union{AbstractDict,AbstractSet}; count::Integer=typemax(Int)) = replace!(f, copy(c); count=count)
function replace(d::AbstractDict, ps::Pair{<:Any,<:Pair}...; count::Integer=typemax(Int))
    K = promote_type(keytype(d), map(p -> typeof(p.second.first), ps)...)
    V = promote_type(valtype(d), map(p -> typeof(p.second.second), ps)...)
    return replace!(merge!(empty(d, K, V), d), ps...; count=count)
end
map(f, d::AbstractDict) = error("map is not defined on dictionaries")
map(f, s::AbstractSet) = error("map is not defined on sets")
convert(::Type{T}, d::T) where {T<:AbstractDict} = d
convert(::Type{T}, d::AbstractDict) where {T<:AbstractDict} = merge_one!(T(), d)
copy(d::AbstractDict) = merge_one!(empty(d), d)
findfirst(f::Function, d::AbstractDict) = first_key(f, d)

# ---- by identity

# A key that is found by what it is, not by what it equals.
struct Identical{K}
    key::K
end
hash(k::Identical, h::UInt) = hash_of_identity(k.key, h)::UInt
isequal(a::Identical, b::Identical) = a.key === b.key
hash_of_identity(x, h::UInt) = identity_hash(x, h)
hash_of_identity(x::Union{String,Symbol,Type,Function}, h::UInt) = hash(x, h)

mutable struct IdDict{K,V} <: AbstractDict{K,V}
    table::Dict{Identical{K},V}
    IdDict{K,V}() where {K,V} = new{K,V}(Dict{Identical{K},V}())
end
IdDict() = IdDict{Any,Any}()
IdDict{K,V}(ps::Pair...) where {K,V} = filled_dict(IdDict{K,V}(), ps)
IdDict{K,V}(itr) where {K,V} = filled_dict(IdDict{K,V}(), itr)
IdDict(ps::Pair{K,V}...) where {K,V} = filled_dict(IdDict{K,V}(), ps)
@inline identical(::IdDict{K}, key) where {K} = Identical{K}(key)
length(d::IdDict) = length(d.table)
iterate(d::IdDict, state...) = unwrapped_pair(d, iterate(d.table, state...))
unwrapped_pair(d::IdDict, ::Nothing) = nothing
unwrapped_pair(d::IdDict{K,V}, y::Tuple) where {K,V} = (Pair{K,V}(y[1].first.key, y[1].second), y[2])
haskey(d::IdDict{K}, key) where {K} = key isa K && haskey(d.table, identical(d, key))
get(d::IdDict{K}, key, default) where {K} = key isa K ? get(d.table, identical(d, key), default) : default
function getindex(d::IdDict{K}, key) where {K}
    haskey(d, key) || throw_key_error(key)
    return d.table[identical(d, key)]
end
setindex!(d::IdDict{K,V}, v, key) where {K,V} = (d.table[identical(d, convert(K, key)::K)] = v; d)
delete!(d::IdDict{K}, key) where {K} = (key isa K && delete!(d.table, identical(d, key)); d)
function pop!(d::IdDict, key)
    v = d[key]
    delete!(d, key)
    return v
end
pop!(d::IdDict, key, default) = haskey(d, key) ? pop!(d, key) : default
empty!(d::IdDict) = (empty!(d.table); d)
copy(d::IdDict{K,V}) where {K,V} = merge_one!(IdDict{K,V}(), d)
empty(d::IdDict{K,V}) where {K,V} = IdDict{K,V}()
sizehint!(d::IdDict, n::Integer) = (sizehint!(d.table, n); d)
