# Sets, and set operations on any collections.

abstract type AbstractSet{T} end

struct Set{T} <: AbstractSet{T}
    dict::Dict{T,Nothing}
    Set{T}() where {T} = new{T}(Dict{T,Nothing}())
    Set{T}(s::Set{T}) where {T} = new{T}(copy(s.dict))
end
Set{T}(itr) where {T} = union_one!(Set{T}(), itr)
Set() = Set{Any}()
Set(s::Set{T}) where {T} = Set{T}(s)
Set(itr) = Set{element_type(itr)}(itr)

eltype(::Type{<:AbstractSet{T}}) where {T} = T
isempty(s::Set) = isempty(s.dict)
length(s::Set) = length(s.dict)
in(x, s::Set) = slot_of_key(s.dict, x) != 0
push!(s::Set, x) = (s.dict[x] = nothing; s)
push!(s::AbstractSet, x, y) = push!(push!(s, x), y)
push!(s::AbstractSet, x, y, more...) = fold_elements(push!, push!(push!(s, x), y), more)
function pop!(s::Set, x)
    x in s || throw_key_error(x)
    delete!(s.dict, x)
    return x
end
pop!(s::Set, x, default) = x in s ? pop!(s, x) : default
function pop!(s::Set)
    isempty(s) && throw(ArgumentError("set must be non-empty"))
    return pop!(s.dict).first
end
delete!(s::Set, x) = (delete!(s.dict, x); s)
empty!(s::Set) = (empty!(s.dict); s)
copymutable(s::AbstractSet{T}) where {T} = Set{T}(s)
copymutable(s::Set) = copy(s)
copy(s::Set{T}) where {T} = Set{T}(s)
empty(s::AbstractSet{T}) where {T} = Set{T}()
empty(s::AbstractSet, ::Type{U}) where {U} = Set{U}()
replace(s::AbstractSet, ps::Pair...; count::Integer=typemax(Int)) =
    replace!(union!(empty(s, promote_type(eltype(s), map(p -> typeof(p.second), ps)...)), s), ps...; count=count)
sizehint!(s::Set, n::Integer) = (sizehint!(s.dict, n); s)
@inline iterate(s::Set) = iterate(KeySet(s.dict))
@inline iterate(s::Set, i::Int) = iterate(KeySet(s.dict), i)
function filter(f, s::AbstractSet)
    out = empty(s)
    for x in s
        f(x) && push!(out, x)
    end
    return out
end
filter!(f, s::Set) = (filter!(p -> f(p.first), s.dict); s)
unique(s::Set) = s
allunique(::Set) = true
first(s::AbstractSet) = (y = iterate(s); y === nothing ? throw(ArgumentError("collection must be non-empty")) : y[1])
convert(::Type{T}, s::T) where {T<:AbstractSet} = s
convert(::Type{T}, s::AbstractSet) where {T<:AbstractSet} = T(s)

==(a::AbstractSet, b::AbstractSet) = length(a) == length(b) && issubset(a, b)
isequal(a::AbstractSet, b::AbstractSet) = length(a) == length(b) && issubset(a, b)
<(a::AbstractSet, b::AbstractSet) = length(a) < length(b) && issubset(a, b)
<=(a::AbstractSet, b::AbstractSet) = issubset(a, b)
function hash(s::AbstractSet, h::UInt)
    all = 0x852ada37cfe8e0ce
    for x in s
        all = xor(all, hash(x)::UInt)
    end
    return hash(all, h)
end

# ---- operations; of arrays they give vectors in order of first appearance

union(s::AbstractSet) = copymutable(s)
union(s::AbstractSet, itrs...) = union!(widened_copy(s, itrs), itrs...)
widened_copy(s::AbstractSet{T}, itrs::Tuple) where {T} = union_one!(empty(s, promote_type_of(T, itrs)), s)
@inline promote_type_of(::Type{T}, ::Tuple{}) where {T} = T
@inline promote_type_of(::Type{T}, itrs::Tuple) where {T} = promote_type_of(promote_type(T, element_type(getfield(itrs, 1))), tail(itrs))
union(itr) = unique(itr)
union(itr, others...) = unique_of_all((itr, others...))
function unique_of_all(itrs::Tuple)
    T = promote_type_of(Union{}, itrs)
    out = Vector{T}()
    seen = Set{T}()
    foreach(itr -> append_unseen!(out, seen, itr), itrs)
    return out
end
function append_unseen!(out::Vector, seen::Set, itr)
    for x in itr
        if !(x in seen)
            push!(seen, x)
            push!(out, x)
        end
    end
    return nothing
end
union!(s::AbstractSet, itrs...) = (foreach(itr -> union_one!(s, itr), itrs); s)
function union_one!(s::AbstractSet{T}, itr) where {T}
    haslength(itr) && sizehint!(s, length(s) + Int(length(itr)))
    for x in itr
        push!(s, x)
        length(s) == max_values(T) && break
    end
    return s
end
function union!(v::AbstractVector{T}, itrs...) where {T}
    seen = Set{T}()
    kept = 0
    for i in eachindex(v)
        x = v[i]
        if !(x in seen)
            push!(seen, x)
            kept += 1
            v[kept] = x
        end
    end
    resize!(v, kept)
    foreach(itr -> append_unseen!(v, seen, itr), itrs)
    return v
end

intersect(s::AbstractSet) = copymutable(s)
intersect(s::AbstractSet, itr) = common_set(s, itr)
intersect(s::AbstractSet, itr, more...) = intersect(common_set(s, itr), more...)
function common_set(s::AbstractSet{T}, itr) where {T}
    out = Set{promote_type(T, element_type(itr))}()
    for x in itr
        x in s && push!(out, x)
    end
    return out
end
function common_set(s::AbstractSet{T}, t::AbstractSet) where {T}
    length(s) < length(t) && return common_smaller(t, s, promote_type(T, eltype(t)))
    return common_smaller(s, t, promote_type(T, eltype(t)))
end
function common_smaller(large, small, ::Type{T}) where {T}
    out = empty(small, T)
    for x in small
        x in large && push!(out, x)
    end
    return out
end
intersect(itr) = unique(itr)
intersect(itr, other) = common_vector(itr, other)
intersect(itr, other, more...) = intersect(common_vector(itr, other), more...)
function common_vector(itr, other)
    T = promote_type(element_type(itr), element_type(other))
    out = Vector{T}()
    seen = Set{T}()
    among = Set(other)
    for x in itr
        if x in among && !(x in seen)
            push!(seen, x)
            push!(out, x)
        end
    end
    return out
end
intersect!(s::AbstractSet, itrs...) = (foreach(itr -> keep_only!(s, Set(itr)), itrs); s)
keep_only!(s::AbstractSet, others::Set) = filter!(x -> x in others, s)
intersect!(v::AbstractVector, itrs...) = copy!(v, intersect(v, itrs...))

setdiff(s::AbstractSet, itrs...) = setdiff!(copymutable(s), itrs...)
setdiff!(s::AbstractSet, itrs...) = (foreach(itr -> delete_all!(s, itr), itrs); s)
function delete_all!(s::AbstractSet, itr)
    for x in itr
        delete!(s, x)
    end
    return nothing
end
setdiff(itr) = unique(itr)
setdiff(itr, others...) = without_all(unique(itr), others)
without_all(v, ::Tuple{}) = v
function without_all(v, others::Tuple)
    drop = Set(getfield(others, 1))
    return without_all([x for x in v if !(x in drop)], tail(others))
end
setdiff!(v::AbstractVector, itrs...) = copy!(v, setdiff(v, itrs...))

symdiff(s::AbstractSet) = copymutable(s)
symdiff(s::AbstractSet, itrs...) = symdiff!(widened_copy(s, itrs), itrs...)
symdiff!(s::AbstractSet, itrs...) = (foreach(itr -> toggle_all!(s, Set(itr)), itrs); s)
function toggle_all!(s::AbstractSet, itr)
    for x in itr
        x in s ? delete!(s, x) : push!(s, x)
    end
    return nothing
end
symdiff(itr) = unique(itr)
symdiff(a, b) = vcat(setdiff(a, b), setdiff(b, a))
symdiff(a, b, more...) = symdiff(symdiff(a, b), more...)

symdiff!(v::AbstractVector, itrs...) = copy!(v, symdiff(v, itrs...))

@inline ∪(a, b...) = union(a, b...)
@inline ∩(a, b...) = intersect(a, b...)

function issubset(a, b)
    among = searchable(b)
    for x in a
        x in among || return false
    end
    return true
end
searchable(s::Union{AbstractSet,AbstractDict,AbstractRange,Tuple}) = s
searchable(itr) = length(itr) < 70 ? itr : Set(itr)
const ⊆ = issubset
⊇(a, b) = issubset(b, a)
⊈(a, b) = !issubset(a, b)
⊉(a, b) = !issubset(b, a)
⊊(a::AbstractSet, b::AbstractSet) = a < b
⊋(a::AbstractSet, b::AbstractSet) = b < a
⊊(a, b) = Set(a) < Set(b)
⊋(a, b) = Set(b) < Set(a)
issubset(b) = Fix2(issubset, b)
issetequal(a, b) = Set(a) == Set(b)
issetequal(a::AbstractSet, b::AbstractSet) = a == b
issetequal(b) = Fix2(issetequal, b)
function isdisjoint(a, b)
    among = searchable(b)
    for x in a
        x in among && return false
    end
    return true
end
isdisjoint(a::AbstractUnitRange, b::AbstractUnitRange) = isempty(intersect(a, b))
isdisjoint(b) = Fix2(isdisjoint, b)
in!(x, s::AbstractSet) = x in s ? true : (push!(s, x); false)
