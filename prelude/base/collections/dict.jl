# Dict: open addressing with linear probing. One byte for each slot says whether it is empty (0x00),
# was deleted (0x7f), or is filled (the highest bit and seven bits of the hash, which spare most
# comparisons of keys). Iteration goes by slot, so the order follows from hashes and sizes alone.

abstract type AbstractDict{K,V} end

mutable struct Dict{K,V} <: AbstractDict{K,V}
    slots::Vector{UInt8}
    keys::Vector{K}
    vals::Vector{V}
    ndel::Int
    count::Int
    age::UInt
    idxfloor::Int
    maxprobe::Int
    Dict{K,V}() where {K,V} =
        new{K,V}(zeros(UInt8, 16), Vector{K}(undef, 16), Vector{V}(undef, 16), 0, 0, 0x0000000000000000, 16, 0)
    Dict{K,V}(d::Dict{K,V}) where {K,V} =
        new{K,V}(copy(d.slots), copy_filled(d.slots, d.keys), copy_filled(d.slots, d.vals), d.ndel, d.count, d.age, d.idxfloor, d.maxprobe)
end
function copy_filled(slots::Vector{UInt8}, a::Vector{T}) where {T}
    isbitstype(T) && return copy(a)
    out = Vector{T}(undef, arraylen(a))
    for i in 1:arraylen(a)
        is_filled(slots, i) && arrayset(false, out, arrayref(false, a, i), i)
    end
    return out
end

Dict() = Dict{Any,Any}()
Dict(::Tuple{}) = Dict{Any,Any}()
Dict(d::Dict{K,V}) where {K,V} = Dict{K,V}(d)
Dict(d::AbstractDict{K,V}) where {K,V} = Dict{K,V}(d)
Dict{K,V}(ps::Pair...) where {K,V} = filled_dict(Dict{K,V}(), ps)
Dict{K,V}(itr) where {K,V} = filled_dict(Dict{K,V}(), itr)
Dict(ps::Pair{K,V}...) where {K,V} = filled_dict(Dict{K,V}(), ps)
Dict(ps::Pair...) = filled_dict(Dict{fold_elements(joined_key, Union{}, ps),fold_elements(joined_value, Union{}, ps)}(), ps)
Dict(itr) = dict_of(element_type(itr), itr)
joined_key(::Type{Union{}}, p::Pair) = typeof(p.first)
joined_key(::Type{K}, p::Pair) where {K} = promote_typejoin(K, typeof(p.first))
joined_value(::Type{Union{}}, p::Pair) = typeof(p.second)
joined_value(::Type{V}, p::Pair) where {V} = promote_typejoin(V, typeof(p.second))
dict_of(::Type{Pair{K,V}}, itr) where {K,V} = filled_dict(Dict{K,V}(), itr)
dict_of(::Type{Tuple{K,V}}, itr) where {K,V} = filled_dict(Dict{K,V}(), itr)
function dict_of(::Type{T}, itr) where {T}
    Core.exceptions_are_objects() && return dict_of_found(itr)
    for x in itr
        x isa Union{Tuple,Pair} || throw_no_pairs()
    end
    return filled_dict(Dict{Any,Any}(), itr)
end
@noinline throw_no_pairs() = throw(ArgumentError("Dict(kv): kv needs to be an iterator of tuples or pairs"))
# The types of keys and values are those that were met. Where a type has to grow, the entries so far
# go into a wider dictionary, in the order in which they lie: that decides where they lie there.
function dict_of_found(itr)
    d::Any = nothing
    K::Any = Union{}
    V::Any = Union{}
    for x in itr
        x isa Union{Tuple,Pair} || throw_no_pairs()
        k, v = x
        if d === nothing || !(k isa K && v isa V)
            K = promote_typejoin(K, typeof(k))
            V = promote_typejoin(V, typeof(v))
            wider = Dict{K,V}()
            d === nothing || merge!(wider, d)
            d = wider
        end
        d[k] = v
    end
    return d === nothing ? Dict{Any,Any}() : d
end
function filled_dict(d::AbstractDict, itr)
    haslength(itr) && sizehint!(d, Int(length(itr)))
    for (k, v) in itr
        d[k] = v
    end
    return d
end
function filled_dict(d::AbstractDict, ps::Tuple)
    sizehint!(d, nfields(ps))
    foreach(p -> setindex!(d, getfield(p, 2), getfield(p, 1)), ps)
    return d
end

# ---- slots

@inline is_filled(slots::Vector{UInt8}, i::Int) = arrayref(false, slots, i) >= 0x80
@inline table_size(n::Int) = n < 16 ? 16 : 1 << (64 - leading_zeros(n - 1))
@inline slot_mark(h::UInt) = ((h >> 57) % UInt8) | 0x80
@inline slot_of(h::UInt, size::Int) = ((h % Int) & (size - 1)) + 1

function rehash!(d::Dict{K,V}, wanted::Int) where {K,V}
    olds, oldk, oldv = d.slots, d.keys, d.vals
    size = table_size(wanted)
    d.age += 0x0000000000000001
    d.idxfloor = 1
    slots, ks, vs = zeros(UInt8, size), Vector{K}(undef, size), Vector{V}(undef, size)
    maxprobe = 0
    for i in 1:arraylen(olds)
        is_filled(olds, i) || continue
        k = arrayref(false, oldk, i)
        start = slot_of(hash(k)::UInt, size)
        at = start
        while arrayref(false, slots, at) != 0x00
            at = (at & (size - 1)) + 1
        end
        maxprobe = max(maxprobe, (at - start) & (size - 1))
        arrayset(false, slots, arrayref(false, olds, i), at)
        arrayset(false, ks, k, at)
        arrayset(false, vs, arrayref(false, oldv, i), at)
    end
    d.slots, d.keys, d.vals = slots, ks, vs
    d.ndel = 0
    d.maxprobe = maxprobe
    return d
end
function sizehint!(d::Dict{K}, n::Integer) where {K}
    size = table_size(cld(3 * min(max(Int(n), d.count), max_values(K)), 2))
    return size == arraylen(d.slots) ? d : rehash!(d, size)
end
# How many different values a type has.
max_values(::Type) = typemax(Int)
max_values(::Type{Bool}) = 2
max_values(::Type{T}) where {T<:Union{Int8,UInt8}} = 256
max_values(::Type{T}) where {T<:Union{Int16,UInt16}} = 65536

# The slot of a key, or 0.
function slot_of_key(d::Dict, key)
    d.count == 0 && return 0
    h = hash(key)::UInt
    slots, ks = d.slots, d.keys
    size = arraylen(slots)
    mark = slot_mark(h)
    at = slot_of(h, size)
    for _ in 0:d.maxprobe
        m = arrayref(false, slots, at)
        m == 0x00 && return 0
        if m == mark
            k = arrayref(false, ks, at)
            (k === key || isequal(k, key)::Bool) && return at
        end
        at = (at & (size - 1)) + 1
    end
    return 0
end
# The slot of a key, or minus the slot where it belongs.
function slot_for_key(d::Dict{K}, key::K) where {K}
    h = hash(key)::UInt
    mark = slot_mark(h)
    while true
        slots, ks = d.slots, d.keys
        size = arraylen(slots)
        at = slot_of(h, size)
        probes = 0
        deleted = 0
        while probes <= d.maxprobe
            m = arrayref(false, slots, at)
            if m == 0x00
                return deleted == 0 ? -at : -deleted
            elseif m == 0x7f
                deleted == 0 && (deleted = at)
            elseif m == mark
                k = arrayref(false, ks, at)
                (k === key || isequal(k, key)::Bool) && return at
            end
            at = (at & (size - 1)) + 1
            probes += 1
        end
        deleted == 0 || return -deleted
        allowed = max(16, size >> 6)
        while probes < allowed
            if !is_filled(slots, at)
                d.maxprobe = probes
                return -at
            end
            at = (at & (size - 1)) + 1
            probes += 1
        end
        rehash!(d, d.count > 64000 ? size * 2 : size * 4)
    end
end
function store_new!(d::Dict{K,V}, v::V, key::K, at::Int) where {K,V}
    arrayref(false, d.slots, at) == 0x7f && (d.ndel -= 1)
    arrayset(false, d.slots, slot_mark(hash(key)::UInt), at)
    arrayset(false, d.keys, key, at)
    arrayset(false, d.vals, v, at)
    d.count += 1
    d.age += 0x0000000000000001
    at < d.idxfloor && (d.idxfloor = at)
    if (d.count + d.ndel) * 3 > arraylen(d.slots) * 2
        rehash!(d, d.count > 64000 ? d.count * 2 : max(d.count * 4, 4))
    end
    return nothing
end
function delete_slot!(d::Dict, at::Int)
    slots = d.slots
    size = arraylen(slots)
    gone = 1
    if arrayref(false, slots, (at & (size - 1)) + 1) == 0x00
        # Nothing is found beyond an empty slot: deleted ones before it can be empty too.
        while true
            gone -= 1
            arrayset(false, slots, 0x00, at)
            at = ((at - 2) & (size - 1)) + 1
            arrayref(false, slots, at) == 0x7f || break
        end
    else
        arrayset(false, slots, 0x7f, at)
    end
    d.ndel += gone
    d.count -= 1
    d.age += 0x0000000000000001
    return d
end

# ---- access

@inline length(d::Dict) = d.count
@inline isempty(d::Dict) = d.count == 0

function setindex!(d::Dict{K,V}, v, key) where {K,V}
    k = convert(K, key)::K
    isequal(k, key)::Bool || throw(ArgumentError(LazyString(key, " is not a valid key for type ", K)))
    return setindex!(d, v, k)
end
function setindex!(d::Dict{K,V}, v, key::K) where {K,V}
    value = convert(V, v)::V
    at = slot_for_key(d, key)
    if at > 0
        d.age += 0x0000000000000001
        arrayset(false, d.keys, key, at)
        arrayset(false, d.vals, value, at)
    else
        store_new!(d, value, key, -at)
    end
    return d
end
function getindex(d::Dict, key)
    at = slot_of_key(d, key)
    at == 0 && throw_key_error(key)
    return arrayref(false, d.vals, at)
end
@noinline throw_key_error(key) = throw(KeyError(key))
function get(d::Dict, key, default)
    at = slot_of_key(d, key)
    return at == 0 ? default : arrayref(false, d.vals, at)
end
function get(default::Callable, d::Dict, key)
    at = slot_of_key(d, key)
    return at == 0 ? default() : arrayref(false, d.vals, at)
end
function get!(d::Dict{K,V}, key, default) where {K,V}
    k = convert(K, key)::K
    at = slot_for_key(d, k)
    at > 0 && return arrayref(false, d.vals, at)
    value = convert(V, default)::V
    store_new!(d, value, k, -at)
    return value
end
function get!(default::Callable, d::Dict{K,V}, key) where {K,V}
    k = convert(K, key)::K
    at = slot_for_key(d, k)
    at > 0 && return arrayref(false, d.vals, at)
    age = d.age
    value = convert(V, default())
    # The function may have changed the dictionary.
    d.age == age || (at = slot_for_key(d, k))
    if at > 0
        arrayset(false, d.vals, value, at)
    else
        store_new!(d, value, k, -at)
    end
    return value
end
haskey(d::Dict, key) = slot_of_key(d, key) != 0
in(key, ks::KeySet{K,<:Dict}) where {K} = slot_of_key(ks.dict, key) != 0
function getkey(d::Dict, key, default)
    at = slot_of_key(d, key)
    return at == 0 ? default : arrayref(false, d.keys, at)
end
function pop!(d::Dict, key)
    at = slot_of_key(d, key)
    at == 0 && throw_key_error(key)
    v = arrayref(false, d.vals, at)
    delete_slot!(d, at)
    return v
end
function pop!(d::Dict, key, default)
    at = slot_of_key(d, key)
    at == 0 && return default
    v = arrayref(false, d.vals, at)
    delete_slot!(d, at)
    return v
end
function pop!(d::Dict)
    isempty(d) && throw(ArgumentError("dict must be non-empty"))
    at = first_filled(d)
    p = arrayref(false, d.keys, at) => arrayref(false, d.vals, at)
    delete_slot!(d, at)
    return p
end
function delete!(d::Dict, key)
    at = slot_of_key(d, key)
    at == 0 || delete_slot!(d, at)
    return d
end
function empty!(d::Dict{K,V}) where {K,V}
    size = arraylen(d.slots)
    fill!(d.slots, 0x00)
    d.keys, d.vals = Vector{K}(undef, size), Vector{V}(undef, size)
    d.ndel = 0
    d.count = 0
    d.maxprobe = 0
    d.age += 0x0000000000000001
    d.idxfloor = size
    return d
end
copy(d::Dict{K,V}) where {K,V} = Dict{K,V}(d)
empty(d::AbstractDict{K,V}) where {K,V} = Dict{K,V}()
empty(d::AbstractDict, ::Type{V}) where {V} = empty(d, keytype(d), V)
empty(d::AbstractDict, ::Type{K}, ::Type{V}) where {K,V} = Dict{K,V}()

# ---- iteration

function next_filled(d::Dict, i::Int)
    n = arraylen(d.slots)
    while i <= n
        is_filled(d.slots, i) && return i
        i += 1
    end
    return 0
end
function first_filled(d::Dict)
    i = next_filled(d, d.idxfloor)
    d.idxfloor = i == 0 ? arraylen(d.slots) : i
    return i
end
@inline iterate(d::Dict) = pair_at(d, first_filled(d))
@inline iterate(d::Dict, i::Int) = pair_at(d, next_filled(d, i))
@inline pair_at(d::Dict{K,V}, i::Int) where {K,V} =
    i == 0 ? nothing : (Pair{K,V}(arrayref(false, d.keys, i), arrayref(false, d.vals, i)), i + 1)
@inline iterate(ks::KeySet{K,<:Dict}) where {K} = (d = ks.dict; i = first_filled(d); i == 0 ? nothing : (arrayref(false, d.keys, i), i + 1))
@inline iterate(ks::KeySet{K,<:Dict}, i::Int) where {K} = (d = ks.dict; i = next_filled(d, i); i == 0 ? nothing : (arrayref(false, d.keys, i), i + 1))
@inline iterate(vs::ValueIterator{<:Dict}) = (d = vs.dict; i = first_filled(d); i == 0 ? nothing : (arrayref(false, d.vals, i), i + 1))
@inline iterate(vs::ValueIterator{<:Dict}, i::Int) = (d = vs.dict; i = next_filled(d, i); i == 0 ? nothing : (arrayref(false, d.vals, i), i + 1))
function filter!(f, d::Dict)
    for i in 1:arraylen(d.slots)
        if is_filled(d.slots, i) && !f(arrayref(false, d.keys, i) => arrayref(false, d.vals, i))
            delete_slot!(d, i)
        end
    end
    return d
end
function map!(f, vs::ValueIterator{<:Dict})
    d = vs.dict
    for i in 1:arraylen(d.slots)
        is_filled(d.slots, i) && (d.vals[i] = f(d.vals[i]))
    end
    return vs
end
