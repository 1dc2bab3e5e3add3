# Reductions, running results and functions along some dimensions of an array.

# ---- reductions: the dimensions stay, with length 1

@inline dims_tuple(d::Integer) = (Int(d),)
@inline dims_tuple(d::Tuple) = map(Int, d)
@inline dims_tuple(::Val{D}) where {D} = dims_tuple(D)
dims_tuple(d) = (map(Int, collect(d))...,)
@inline reduced_size(a::AbstractArray{T,N}, dims::Tuple) where {T,N} = ntuple(k -> k in dims ? 1 : size(a, k), Val(N))
function check_dims(dims::Tuple)
    for d in dims
        d >= 1 || throw(ArgumentError(LazyString("region dimension(s) must be ≥ 1, got ", d)))
    end
    return nothing
end

twice_reduced(f, op, x) = op(f(x), f(x))
once_reduced(f, op, x) = mapreduce_first(f, op, x)
@inline reduced_eltype(f::F, op::G, ::Type{T}) where {F,G,T} = Core.return_type(twice_reduced, Tuple{F,G,T})
@inline reduced_eltype(f::F, op::Union{typeof(min),typeof(max)}, ::Type{T}) where {F,T} = Core.return_type(f, Tuple{T})
@inline reduced_eltype(f::Type{S}, op, ::Type{T}) where {S,T} = S

function reduce_dims(f, op, init, a::AbstractArray, dims)
    d = dims_tuple(dims)
    check_dims(d)
    out = fill!(Array{typeof(init),ndims(a)}(undef, reduced_size(a, d)), init)
    return reduce_into!(f, op, out, a)
end
function reduce_dims(f, op::Union{typeof(+),typeof(add_sum)}, ::NoInit, a::AbstractArray, dims)
    d = dims_tuple(dims)
    check_dims(d)
    T = reduced_eltype(f, op, eltype(a))
    out = fill!(similar(a, T, reduced_size(a, d)), zero(T))
    return reduce_into!(f, op, out, a)
end
function reduce_dims(f, op::Union{typeof(*),typeof(mul_prod)}, ::NoInit, a::AbstractArray, dims)
    d = dims_tuple(dims)
    check_dims(d)
    T = reduced_eltype(f, op, eltype(a))
    out = fill!(similar(a, T, reduced_size(a, d)), one(T))
    return reduce_into!(f, op, out, a)
end
reduce_dims(f, op::typeof(&), ::NoInit, a::AbstractArray{Bool}, dims) = reduce_dims(f, op, true, a, dims)
reduce_dims(f, op::typeof(|), ::NoInit, a::AbstractArray{Bool}, dims) = reduce_dims(f, op, false, a, dims)
# Other operations begin with the first element of every slice.
function reduce_dims(f, op, ::NoInit, a::AbstractArray, dims)
    d = dims_tuple(dims)
    check_dims(d)
    out = similar(a, reduced_eltype(f, op, eltype(a)), reduced_size(a, d))
    isempty(a) && !isempty(out) && throw(ArgumentError("reducing over an empty collection is not allowed; consider supplying `init` to the reducer"))
    for i in CartesianIndices(out)
        out[i] = mapreduce_first(f, op, a[i])
    end
    for i in CartesianIndices(a)
        j = folded_index(i, out)
        i == j || (out[j] = op(out[j], f(a[i])))
    end
    return out
end

@inline folded_index(i::CartesianIndex, out::AbstractArray) = CartesianIndex(map((k, n) -> ifelse(n == 1, 1, k), i.I, size(out)))
# Slices that are contiguous and longer than 16 are reduced by halves.
function reduce_into!(f::F, op::G, out::AbstractArray, a::AbstractArray) where {F,G}
    isempty(a) && return out
    n = contiguous_length(size(a), size(out))
    if n > 16 && IndexStyle(a) isa IndexLinear
        for k in 1:length(out)
            from = (k - 1) * n
            out[k] = op(out[k], reduce_by_halves(f, op, a, from + 1, from + n))
        end
        return out
    end
    for i in CartesianIndices(a)
        j = folded_index(i, out)
        @inbounds out[j] = op(out[j], f(a[i]))
    end
    return out
end
function contiguous_length(full::Tuple, reduced::Tuple)
    n = 1
    leading = true
    for k in 1:nfields(full)
        if reduced[k] == 1
            if full[k] > 1
                leading || return 0
                n *= full[k]
            end
        else
            leading = false
        end
    end
    return n
end

function best_along(better, a::AbstractArray, dims)
    d = dims_tuple(dims)
    sizes = reduced_size(a, d)
    best = similar(a, eltype(a), sizes)
    keys = similar(a, CartesianIndex{ndims(a)}, sizes)
    for i in CartesianIndices(best)
        best[i] = a[i]
        keys[i] = i
    end
    for i in CartesianIndices(a)
        j = folded_index(i, best)
        if better(a[i], best[j])
            best[j] = a[i]
            keys[j] = i
        end
    end
    return best, keys
end

sum!(out::AbstractArray, a::AbstractArray) = reduce_into!(identity, add_sum, fill!(as_reduced(out, a), zero(eltype(out))), a, out)
prod!(out::AbstractArray, a::AbstractArray) = reduce_into!(identity, mul_prod, fill!(as_reduced(out, a), one(eltype(out))), a, out)
reduce_into!(f, op, sums::AbstractArray, a::AbstractArray, out::AbstractArray) = (reduce_into!(f, op, sums, a); out)
# A result of fewer dimensions than the array has the size 1 in the others.
as_reduced(out::AbstractArray{S,N}, a::AbstractArray{T,N}) where {S,T,N} = out
as_reduced(out::AbstractArray, a::AbstractArray{T,N}) where {T,N} = reshape(out, ntuple(k -> size(out, k), Val(N)))

maximum!(out::AbstractArray, a::AbstractArray) = maximum!(identity, out, a)
minimum!(out::AbstractArray, a::AbstractArray) = minimum!(identity, out, a)
maximum!(f, out::AbstractArray, a::AbstractArray) = reduced_into!(maximum, f, out, a)
minimum!(f, out::AbstractArray, a::AbstractArray) = reduced_into!(minimum, f, out, a)
any!(out::AbstractArray, a::AbstractArray) = any!(identity, out, a)
all!(out::AbstractArray, a::AbstractArray) = all!(identity, out, a)
any!(f, out::AbstractArray, a::AbstractArray) = reduced_into!(any, f, out, a)
all!(f, out::AbstractArray, a::AbstractArray) = reduced_into!(all, f, out, a)
count!(out::AbstractArray, a::AbstractArray) = count!(identity, out, a)
count!(f, out::AbstractArray, a::AbstractArray) = reduced_into!(count, f, out, a)
extrema!(out::AbstractArray, a::AbstractArray) = extrema!(identity, out, a)
extrema!(f, out::AbstractArray, a::AbstractArray) = reduced_into!(extrema, f, out, a)
findmax!(values::AbstractArray, places::AbstractArray, a::AbstractArray) = best_into!(findmax, values, places, a)
findmin!(values::AbstractArray, places::AbstractArray, a::AbstractArray) = best_into!(findmin, values, places, a)
function best_into!(find, values::AbstractArray, places::AbstractArray, a::AbstractArray)
    dims = Tuple(d for d in 1:ndims(a) if size(values, d) == 1 && size(a, d) != 1)
    found, at = find(a; dims=dims)
    copyto!(values, found)
    copyto!(places, at)
    return values, places
end
sum!(f, out::AbstractArray, a::AbstractArray) = reduced_into!(sum, f, out, a)
prod!(f, out::AbstractArray, a::AbstractArray) = reduced_into!(prod, f, out, a)
# What is reduced is each dimension in which the result has the size 1 and the array another.
function reduced_into!(reduction, f, out::AbstractArray, a::AbstractArray)
    reduced = reduction(f, a; dims=reduced_dims(out, a))
    for i in eachindex(out)
        out[i] = reduced[i]
    end
    return out
end

reduced_dims(out::AbstractArray, a::AbstractArray) = Tuple(d for d in 1:ndims(a) if size(out, d) == 1 && size(a, d) != 1)

# ---- running results

@inline accumulate(op, a; dims=nothing, init=NoInit()) = accumulate_along(op, init, a, dims)
accumulate_along(op, init, a, ::Nothing) = collect(Iterators.accumulate(op, a; init=init))
accumulate_along(op, init, a::AbstractArray{T,1}, ::Nothing) where {T} = accumulate_along(op, init, a, 1)
function accumulate_along(op::F, init, a::AbstractArray, dims::Integer) where {F}
    out = similar(a, accumulated_type(op, init, eltype(a)))
    return accumulate_into!(op, out, a, Int(dims), init)
end
accumulated_type(op::F, init::I, ::Type{T}) where {F,I,T} =
    promote_type(Core.return_type(op, Tuple{I,T}), Core.return_type(op, Tuple{Core.return_type(op, Tuple{I,T}),T}))
accumulated_type(op::F, ::NoInit, ::Type{T}) where {F,T} =
    promote_type(Core.return_type(reduce_first, Tuple{F,T}), Core.return_type(op, Tuple{Core.return_type(reduce_first, Tuple{F,T}),T}))
accumulate!(op, out, a; dims=nothing, init=NoInit()) = accumulate_into!(op, out, a, dims === nothing ? 1 : Int(dims), init)
function accumulate_into!(op::F, out::AbstractArray, a::AbstractArray, d::Int, init) where {F}
    d > 0 || throw_nonpositive_dims()
    axes(out) == axes(a) || throw(DimensionMismatch("shape of out must match input"))
    from = CartesianIndex(ntuple(k -> k == d ? 1 : 0, Val(ndims(a))))
    for i in CartesianIndices(a)
        if d > ndims(a) || i[d] == first(axes(a, d))
            out[i] = init isa NoInit ? reduce_first(op, a[i]) : op(init, a[i])
        else
            out[i] = op(out[i-from], a[i])
        end
    end
    return out
end
function accumulate_into!(op::F, out::AbstractVector, a::AbstractVector, d::Int, init) where {F}
    d > 0 || throw_nonpositive_dims()
    axes(out) == axes(a) || throw(DimensionMismatch("shape of out must match input"))
    isempty(a) && return out
    # In the second dimension a vector has single elements only.
    d > 1 && return (foreach(i -> out[i] = init isa NoInit ? reduce_first(op, a[i]) : op(init, a[i]), eachindex(a)); out)
    k = firstindex(a)
    acc = init isa NoInit ? reduce_first(op, a[k]) : op(init, a[k])
    out[k] = acc
    while k < lastindex(a)
        k += 1
        next = op(out[k-1], a[k])
        out[k] = next
    end
    return out
end
@noinline throw_nonpositive_dims() = throw(ArgumentError("dims must be a positive integer"))
@inline cumsum(itr) = accumulate_along(add_sum, NoInit(), itr, nothing)
@inline cumprod(itr) = accumulate_along(mul_prod, NoInit(), itr, nothing)
@inline cumsum(v::AbstractVector; dims=nothing) = accumulate_along(add_sum, NoInit(), v, dims)
@inline cumprod(v::AbstractVector; dims=nothing) = accumulate_along(mul_prod, NoInit(), v, dims)
@inline cumsum(a::AbstractArray; dims) = accumulate_along(add_sum, NoInit(), a, dims)
@inline cumprod(a::AbstractArray; dims) = accumulate_along(mul_prod, NoInit(), a, dims)
# Sums of floats are formed by halves too, down to blocks of 128.
cumsum(v::AbstractVector{<:Union{AbstractFloat,Complex}}; dims=nothing) =
    dims === nothing || dims == 1 ? cumsum_by_halves!(similar(v), v) : accumulate_along(add_sum, NoInit(), v, dims)
function cumsum_by_halves!(out::AbstractVector, v::AbstractVector)
    n = length(v)
    n == 0 && return out
    from = firstindex(v)
    out[from] = v[from]
    n > 1 && cumsum_block!(out, v, v[from], from + 1, n - 1)
    return out
end
function cumsum_block!(out::AbstractVector, v::AbstractVector, before, from::Int, n::Int)
    if n < 128
        s = v[from]
        out[from] = before + s
        for i in from+1:from+n-1
            s += v[i]
            out[i] = before + s
        end
        return s
    end
    half = n >> 1
    s = cumsum_block!(out, v, before, from, half)
    return s + cumsum_block!(out, v, before + s, from + half, n - half)
end
cumsum!(out, a; dims=nothing) = accumulate_into!(add_sum, out, a, dims === nothing ? 1 : Int(dims), NoInit())
cumprod!(out, a; dims=nothing) = accumulate_into!(mul_prod, out, a, dims === nothing ? 1 : Int(dims), NoInit())
function cumsum!(out::AbstractVector{<:AbstractFloat}, v::AbstractVector{<:AbstractFloat})
    length(out) == length(v) || throw(DimensionMismatch("shape of out must match input"))
    return cumsum_by_halves!(out, v)
end

function diff(v::AbstractVector)
    n = length(v)
    from = firstindex(v)
    return [v[i+1] - v[i] for i in from:from+n-2]
end
function diff(a::AbstractArray{T,N}; dims::Integer) where {T,N}
    1 <= dims <= N || throw(ArgumentError(LazyString("dimension ", dims, " out of range (1:", N, ")")))
    step = CartesianIndex(ntuple(k -> k == dims ? 1 : 0, Val(N)))
    return [a[i+step] - a[i] for i in CartesianIndices(ntuple(k -> k == dims ? max(size(a, k) - 1, 0) : size(a, k), Val(N)))]
end

# ---- functions of slices

function mapslices(f, a::AbstractArray{T,N}; dims) where {T,N}
    d = dims_tuple(dims)
    others = CartesianIndices(reduced_others(a, d))
    isempty(others) && return similar(a)
    first_result = f(slice_copy(a, d, first(others)))
    out = slices_output(first_result, a, d)
    store_slice!(out, first_result, d, first(others))
    for c in others
        c == first(others) || store_slice!(out, f(slice_copy(a, d, c)), d, c)
    end
    return out
end
reduced_others(a::AbstractArray{T,N}, d::Tuple) where {T,N} = ntuple(k -> k in d ? 1 : size(a, k), Val(N))
slice_ranges(a::AbstractArray{T,N}, d::Tuple, c::CartesianIndex) where {T,N} = ntuple(k -> k in d ? (1:size(a, k)) : (c[k]:c[k]), Val(N))
slice_copy(a::AbstractArray, d::Tuple, c::CartesianIndex) = reshape(a[slice_ranges(a, d, c)...], map(k -> size(a, k), d))
# A type of a program may have room for arrays of its own shapes only.
slice_copy(a::AbstractMatrix, d::Tuple, c::CartesianIndex) = reshape(elements_of(a, slice_ranges(a, d, c)), map(k -> size(a, k), d))
elements_of(a::AbstractMatrix, ranges::Tuple) = collect(view(a, ranges...))
elements_of(a::Union{Array,BitArray}, ranges::Tuple) = a[ranges...]
slices_output(r, a::AbstractArray{T,N}, d::Tuple) where {T,N} = Array{typeof(r),N}(undef, reduced_size(a, d))
slices_output(r::AbstractArray, a::AbstractArray{T,N}, d::Tuple) where {T,N} =
    similar(r, ntuple(k -> k in d ? size(r, place_in(k, d)) : size(a, k), Val(N)))
place_in(k::Int, d::Tuple) = something(findfirst(==(k), d), 1)
store_slice!(out::AbstractArray, r, d::Tuple, c::CartesianIndex) = (out[c] = r; out)
function store_slice!(out::AbstractArray, r::AbstractArray, d::Tuple, c::CartesianIndex)
    ranges = slice_ranges(out, d, c)
    return setindex!(out, reshape(r, map(length, ranges)), ranges...)
end
