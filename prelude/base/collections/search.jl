# Searching: membership, positions of what satisfies a predicate, unique elements, replacement.

# ---- membership

function in(x, itr)
    unknown = false
    for y in itr
        e = y == x
        if e === missing
            unknown = true
        elseif e
            return true
        end
    end
    return unknown ? missing : false
end
@inline ∈(x, itr) = in(x, itr)
@inline ∈(itr) = in(itr)
@inline ∉(x, itr) = !in(x, itr)
@inline ∉(itr) = !in(itr)
@inline ∋(itr, x) = in(x, itr)
@inline ∌(itr, x) = !in(x, itr)
in(x::Number, y::Number) = x == y
contains_element(v::AbstractArray, x) = in(x, v)

# ---- positions. Keys are what pairs gives: Int for vectors, CartesianIndex for other arrays.

# Bytes among bytes, as a text in a text.
const ByteVector = Union{AbstractVector{UInt8},AbstractVector{Int8}}
function findnext(p::ByteVector, v::ByteVector, start::Integer)
    for i in Int(start):length(v)-length(p)+1
        all(k -> v[i+k-1] == p[k], eachindex(p)) && return i:i+length(p)-1
    end
    return nothing
end
findfirst(p::ByteVector, v::ByteVector) = findnext(p, v, 1)
findfirst(f::Function, a) = first_key(f, pairs(a))
findfirst(a) = first_key(identity, pairs(a))
@inline function first_key(f::F, ps) where {F}
    for (k, x) in ps
        f(x) && return k
    end
    return nothing
end
findfirst(f::Function, v::AbstractVector) = findnext(f, v, firstindex(v))
findfirst(v::AbstractVector) = findnext(identity, v, firstindex(v))
findfirst(f::Function, r::AbstractUnitRange) = findnext(f, r, 1)
function findfirst(p::Fix2{typeof(==)}, r::AbstractRange)
    in(p.x, r) || return nothing
    return isempty(r) ? nothing : Int(round((p.x - first(r)) / step(r))) + 1
end
findfirst(p::Fix2{typeof(==)}, r::AbstractUnitRange{<:Integer}) = in(p.x, r) ? Int(p.x - first(r)) + 1 : nothing
findlast(f::Function, a) = first_key(f, Iterators.reverse(pairs(a)))
findlast(a) = findlast(identity, a)
findlast(f::Function, v::AbstractVector) = findprev(f, v, lastindex(v))
findlast(v::AbstractVector) = findprev(identity, v, lastindex(v))
function findlast(f::Function, a::AbstractArray)
    for k in Iterators.reverse(collect(keys(a)))
        f(a[k]) && return k
    end
    return nothing
end

function findnext(f::F, v::AbstractVector, start::Integer) where {F<:Function}
    i = Int(start)
    n = lastindex(v)
    while i <= n
        f(v[i]) && return i
        i += 1
    end
    return nothing
end
findnext(v, start) = findnext(identity, v, start)
function findprev(f::F, v::AbstractVector, start::Integer) where {F<:Function}
    i = Int(start)
    while i >= firstindex(v)
        f(v[i]) && return i
        i -= 1
    end
    return nothing
end
findprev(v, start) = findprev(identity, v, start)
function findnext(f::Function, a::AbstractArray, start::CartesianIndex)
    l = LinearIndices(a)
    for k in l[start]:length(a)
        i = CartesianIndices(a)[k]
        f(a[i]) && return i
    end
    return nothing
end
findnext(f::Function, t::Tuple, start::Integer) = findnext(f, collect(t), start)

findall(f::Function, a) = keys_where(f, pairs(a))
findall(a) = keys_where(identity, pairs(a))
findall(mask::AbstractArray{Bool}) = positions(mask)
function keys_where(f::F, ps) where {F}
    out = Vector{keytype(ps)}()
    for (k, x) in ps
        f(x) && push!(out, k)
    end
    return out
end
keytype(x) = keytype(typeof(x))
valtype(x) = valtype(typeof(x))
keytype(::Type{<:AbstractArray{T,1}}) where {T} = Int
keytype(::Type{<:AbstractArray{T,N}}) where {T,N} = CartesianIndex{N}
keytype(::Type{<:Tuple}) = Int
findall(f::Function, v::AbstractVector) = Int[i for i in eachindex(v) if f(v[i])]
indexin(a, b) = (places = first_places(b); Union{Nothing,keytype(b)}[get(places, x, nothing) for x in a])
function first_places(b)
    places = Dict{eltype(b),keytype(b)}()
    for (k, x) in pairs(b)
        get!(places, x, k)
    end
    return places
end

# ---- unique elements, in order of first appearance

unique(itr) = unique_elements(itr)
function unique_elements(itr)
    T = element_type(itr)
    out = Vector{T}()
    seen = Set{T}()
    for x in itr
        if !(x in seen)
            push!(seen, x)
            push!(out, x)
        end
    end
    return out
end
unique(r::AbstractRange) = r
unique(a::AbstractArray; dims=:) = dims isa Colon ? unique_elements(a) : unique_slices(a, Int(dims))
function unique_slices(a::AbstractArray, d::Int)
    1 <= d <= ndims(a) || return copy(a)
    seen = Set{Any}()
    kept = Int[]
    for k in axes(a, d)
        slice = copy(selectdim(a, d, k))
        slice in seen && continue
        push!(seen, slice)
        push!(kept, k)
    end
    return copy(selectdim(a, d, kept))
end
function unique(f, itr)
    T = element_type(itr)
    out = Vector{T}()
    seen = Set{Core.return_type(f, Tuple{T})}()
    for x in itr
        y = f(x)
        if !(y in seen)
            push!(seen, y)
            push!(out, x)
        end
    end
    return out
end
unique!(v::AbstractVector) = unique!(identity, v)
function unique!(f, v::AbstractVector)
    seen = Set{Core.return_type(f, Tuple{eltype(v)})}()
    kept = 0
    for i in eachindex(v)
        y = f(v[i])
        if !(y in seen)
            push!(seen, y)
            kept += 1
            v[kept] = v[i]
        end
    end
    return resize!(v, kept)
end
function allunique(itr)
    seen = Set{element_type(itr)}()
    for x in itr
        x in seen && return false
        push!(seen, x)
    end
    return true
end
allunique(f, itr) = allunique(Generator(f, itr))
allequal(itr) = (y = iterate(itr); y === nothing || all(isequal(y[1]), itr))
allequal(f, itr) = allequal(collect(Generator(f, itr)))

# ---- replacement

replace(a::AbstractArray, ps::Pair...; count::Integer=typemax(Int)) = replaced(a, ps, replacements(count))
function replacements(count::Integer)
    count < 0 && throw(DomainError(count, string("`count` must not be negative (got ", count, ")")))
    return Int(min(count, typemax(Int)))
end
function replaced(a::AbstractArray, ps::Tuple, count::Int)
    out = similar(a, promote_type(replaced_eltype(eltype(a), ps), map(p -> typeof(last(p)), ps)...))
    left = count
    for i in eachindex(a)
        x = a[i]
        if left > 0 && matches_any(x, ps)
            out[i] = replacement_of(x, ps)
            left -= 1
        else
            out[i] = x
        end
    end
    return out
end
# Missing leaves the element type where all of it is replaced.
@inline replaced_eltype(::Type{T}, ::Tuple{}) where {T} = T
@inline replaced_eltype(::Type{T}, ps::Tuple) where {T} = replaced_eltype(T, tail(ps))
@inline replaced_eltype(::Type{T}, ps::Tuple{Pair{Missing,V},Vararg{Any}}) where {T,V} = replaced_eltype(typesplit(T, Missing), tail(ps))
@inline replaced_eltype(::Type{T}, ps::Tuple{Pair{Nothing,V},Vararg{Any}}) where {T,V} = replaced_eltype(typesplit(T, Nothing), tail(ps))
@inline matches_any(x, ::Tuple{}) = false
@inline matches_any(x, ps::Tuple) = isequal(first(getfield(ps, 1)), x) || matches_any(x, tail(ps))
@inline replacement_of(x, ps::Tuple{Any}) = last(getfield(ps, 1))
@inline replacement_of(x, ps::Tuple) = isequal(first(getfield(ps, 1)), x) ? last(getfield(ps, 1)) : replacement_of(x, tail(ps))
function replace!(a::AbstractArray, ps::Pair...; count::Integer=typemax(Int))
    left = replacements(count)
    for i in eachindex(a)
        x = a[i]
        if left > 0 && matches_any(x, ps)
            a[i] = replacement_of(x, ps)
            left -= 1
        end
    end
    return a
end
replace(f::Union{Function,Type}, a::AbstractArray; count::Integer=typemax(Int)) = replace!(f, copymutable(a); count=count)
function replace!(f::Union{Function,Type}, a::AbstractArray; count::Integer=typemax(Int))
    left = replacements(count)
    for i in eachindex(a)
        x = a[i]
        y = f(x)
        if left > 0 && x !== y
            a[i] = y
            left -= 1
        end
    end
    return a
end
replace(t::Tuple, ps::Pair...) = map(x -> matches_any(x, ps) ? replacement_of(x, ps) : x, t)
