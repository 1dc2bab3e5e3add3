# Vectors that grow and shrink.

@inline grow_end!(v::Vector, n::Int) = ccall(:jl_array_grow_end, Cvoid, (Any, UInt), v, bitcast(UInt, n))
@inline shrink_end!(v::Vector, n::Int) = ccall(:jl_array_del_end, Cvoid, (Any, UInt), v, bitcast(UInt, n))
@inline grow_beginning!(v::Vector, n::Int) = ccall(:jl_array_grow_beg, Cvoid, (Any, UInt), v, bitcast(UInt, n))
@inline shrink_beginning!(v::Vector, n::Int) = ccall(:jl_array_del_beg, Cvoid, (Any, UInt), v, bitcast(UInt, n))
# n places before the i-th element; the n elements from the i-th on.
@inline grow_at!(v::Vector, i::Int, n::Int) = ccall(:jl_array_grow_at, Cvoid, (Any, Int, UInt), v, sub_int(i, 1), bitcast(UInt, n))
@inline shrink_at!(v::Vector, i::Int, n::Int) = ccall(:jl_array_del_at, Cvoid, (Any, Int, UInt), v, sub_int(i, 1), bitcast(UInt, n))

function sizehint!(v::Vector, n::Integer)
    ccall(:jl_array_sizehint, Cvoid, (Any, UInt), v, UInt(n))
    return v
end
sizehint!(c, n::Integer) = c

@inline function push!(v::Vector{T}, x) where {T}
    value = convert(T, x)::T
    grow_end!(v, 1)
    arrayset(false, v, value, arraylen(v))
    return v
end
function push!(v::Vector{T}, x, y, more...) where {T}
    push!(v, x)
    push!(v, y)
    foreach(e -> push!(v, e), more)
    return v
end
push!(v::AbstractVector) = v
push!(v::AbstractVector, x) = append!(v, (x,))
push!(c, x, y) = push!(push!(c, x), y)
push!(c, x, y, more...) = fold_elements(push!, push!(push!(c, x), y), more)

@inline function pop!(v::Vector)
    isempty(v) && throw(ArgumentError("array must be non-empty"))
    x = v[arraylen(v)]
    shrink_end!(v, 1)
    return x
end

function pushfirst!(v::Vector{T}, x) where {T}
    value = convert(T, x)::T
    grow_beginning!(v, 1)
    arrayset(false, v, value, 1)
    return v
end
pushfirst!(v::Vector, x, y) = pushfirst!(pushfirst!(v, y), x)
pushfirst!(v::Vector, x, y, more...) = pushfirst!(pushfirst!(fold_elements(pushfirst!, v, reverse(more)), y), x)

function popfirst!(v::Vector)
    isempty(v) && throw(ArgumentError("array must be non-empty"))
    x = v[1]
    shrink_beginning!(v, 1)
    return x
end

function popat!(v::Vector, i::Integer)
    x = v[i]
    shrink_at!(v, Int(i), 1)
    return x
end
popat!(v::Vector, i::Integer, default) = 1 <= i <= length(v) ? popat!(v, i) : default

function append!(v::Vector{T}, items::AbstractVector) where {T}
    n = length(items)
    old = arraylen(v)
    grow_end!(v, n)
    copyto!(v, old + 1, items, firstindex(items), n)
    return v
end
function append!(v::Vector, itr)
    for x in itr
        push!(v, x)
    end
    return v
end
append!(v::AbstractVector) = v
append!(v::AbstractVector, a, b) = append!(append!(v, a), b)
append!(v::AbstractVector, a, b, more...) = append!(append!(append!(v, a), b), more...)
# Vectors of programs that can be resized.
append!(v::AbstractVector, itr) = append_counted!(v, IteratorSize(itr), itr)
function append_counted!(v::AbstractVector, ::Union{HasLength,HasShape}, itr)
    at = lastindex(v)
    resize!(v, length(v) + Int(length(itr)))
    for x in itr
        at += 1
        v[at] = x
    end
    return v
end
append_counted!(v::AbstractVector, ::IteratorSize, itr) = (foreach(x -> push!(v, x), itr); v)

function prepend!(v::Vector{T}, items::AbstractVector) where {T}
    n = length(items)
    items === v && return prepend!(v, copy(items))
    grow_beginning!(v, n)
    copyto!(v, 1, items, firstindex(items), n)
    return v
end
prepend!(v::Vector, itr) = prepend!(v, collect(itr))
prepend!(v::AbstractVector) = v
prepend!(v::AbstractVector, a, b) = prepend!(prepend!(v, b), a)

function insert!(v::Vector{T}, i::Integer, x) where {T}
    value = convert(T, x)::T
    1 <= i <= length(v) + 1 || throw(BoundsError(v, i))
    grow_at!(v, Int(i), 1)
    arrayset(false, v, value, Int(i))
    return v
end

function deleteat!(v::Vector, i::Integer)
    i isa Bool && throw_bool_index(i)
    1 <= i <= length(v) || throw(BoundsError(v, i))
    shrink_at!(v, Int(i), 1)
    return v
end
function deleteat!(v::Vector, r::AbstractUnitRange{<:Integer})
    n = length(r)
    n == 0 && return v
    (first(r) < 1 || last(r) > length(v)) && throw(BoundsError(v, r))
    shrink_at!(v, Int(first(r)), Int(n))
    return v
end
function deleteat!(v::Vector, places)
    y = iterate(places)
    y === nothing && return v
    n = length(v)
    p, state = y
    1 <= p <= n || throw(BoundsError(v, p))
    kept = Int(p)
    q = Int(p) + 1
    while true
        y = iterate(places, state)
        y === nothing && break
        p, state = y
        if p < q || p > n
            1 <= p <= n || throw(BoundsError(v, p))
            throw(ArgumentError("indices must be unique and sorted"))
        end
        while q < p
            v[kept] = v[q]
            kept += 1
            q += 1
        end
        q = Int(p) + 1
    end
    while q <= n
        v[kept] = v[q]
        kept += 1
        q += 1
    end
    shrink_end!(v, n - kept + 1)
    return v
end
function deleteat!(v::Vector, mask::AbstractVector{Bool})
    length(mask) == length(v) || throw(BoundsError(v, mask))
    kept = 0
    for i in 1:length(v)
        if !mask[i]
            kept += 1
            v[kept] = v[i]
        end
    end
    resize!(v, kept)
    return v
end

function keepat!(v::Vector, places)
    kept = 0
    before = 0
    for p in places
        checkbounds(v, p)
        before < p || throw(ArgumentError("indices must be unique and sorted"))
        kept += 1
        v[kept] = v[p]
        before = p
    end
    return resize!(v, kept)
end
keepat!(v::Vector, mask::AbstractVector{Bool}) = deleteat!(v, map(!, mask))

# Removed elements are given back; what takes their place follows.
splice!(v::Vector, i::Integer) = splice_one!(v, Int(i), ())
splice!(v::Vector, i::Integer, new) = splice_one!(v, Int(i), new)
function splice_one!(v::Vector, i::Int, new)
    x = v[i]
    n = length(new)
    if n == 0
        shrink_at!(v, i, 1)
    else
        n > 1 && grow_at!(v, i + 1, n - 1)
        store_in_turn!(v, i, new)
    end
    return x
end
splice!(v::Vector, r::AbstractUnitRange{<:Integer}) = splice_range!(v, r, ())
splice!(v::Vector, r::AbstractUnitRange{<:Integer}, new) = splice_range!(v, r, new)
function splice_range!(v::Vector, r::AbstractUnitRange{<:Integer}, new)
    removed = v[r]
    isempty(r) && !(1 <= first(r) <= length(v) + 1) && throw(BoundsError(v, first(r)))
    old, n = Int(length(r)), length(new)
    at = Int(first(r))
    if n > old
        grow_at!(v, at + old, n - old)
    elseif n < old
        shrink_at!(v, at + n, old - n)
    end
    store_in_turn!(v, at, new)
    return removed
end
splice!(v::Vector, places) = (removed = v[collect(places)]; deleteat!(v, places); removed)
function store_in_turn!(v::Vector, at::Int, items)
    for x in items
        v[at] = x
        at += 1
    end
    return v
end

function resize!(v::Vector, n::Integer)
    n >= 0 || throw(ArgumentError("new length must be ≥ 0"))
    old = length(v)
    n > old ? grow_end!(v, Int(n) - old) : n < old ? shrink_end!(v, old - Int(n)) : nothing
    return v
end
function empty!(v::Vector)
    shrink_end!(v, length(v))
    return v
end
empty(v::AbstractVector{T}) where {T} = Vector{T}()
empty(v::AbstractVector, ::Type{T}) where {T} = Vector{T}()

function filter!(f::F, v::AbstractVector) where {F}
    kept = firstindex(v) - 1
    for x in v
        if f(x)
            kept += 1
            v[kept] = x
        end
    end
    kept < lastindex(v) && deleteat!(v, kept+1:lastindex(v))
    return v
end
function filter!(f::F, v::Vector) where {F}
    kept = 0
    for i in 1:length(v)
        x = v[i]
        if f(x)
            kept += 1
            v[kept] = x
        end
    end
    return resize!(v, kept)
end
