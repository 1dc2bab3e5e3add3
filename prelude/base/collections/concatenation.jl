# [a b; c d] and its relatives. Scalars count as arrays of one element; the element type is the
# promotion of all.

@inline item_eltype(x) = typeof(x)
@inline item_eltype(a::AbstractArray) = eltype(a)
@inline common_eltype(::Tuple{}) = Any
@inline common_eltype(xs::Tuple{Any}) = item_eltype(getfield(xs, 1))
@inline common_eltype(xs::Tuple) = is_long(xs) ? fold_elements(promote_with_item, Union{}, xs) :
    promote_type(item_eltype(getfield(xs, 1)), common_eltype(tail(xs)))
promote_with_item(::Type{T}, x) where {T} = promote_type(T, item_eltype(x))
@inline rows_of(x) = 1
@inline rows_of(a::AbstractArray) = size(a, 1)
@inline columns_of(x) = 1
@inline columns_of(a::AbstractArray) = size(a, 2)

# ---- one below the other

vcat() = Vector{Any}()
vcat(xs...) = typed_vcat(common_eltype(xs), xs...)
vcat(r::AbstractRange) = collect(r)
vcat(v::AbstractVector) = copymutable(v)
vcat(b::BitVector, more::BitVector...) = BitVector(joined(Bool, (b, more...)))
vcat(b::BitMatrix, more::BitMatrix...) = BitMatrix(stacked(Bool, (b, more...)))
hcat(b::Union{BitVector,BitMatrix}, more::Union{BitVector,BitMatrix}...) = BitMatrix(typed_hcat(Bool, b, more...))
typed_vcat(::Type{T}, xs...) where {T} = any_matrix(xs) ? stacked(T, xs) : joined(T, xs)
typed_vcat(::Type{T}) where {T} = Vector{T}()
@inline any_matrix(xs::Tuple) = fold_elements(or_matrix, Val(false), xs) === Val(true)
or_matrix(found::Val, x) = found
or_matrix(found::Val, a::AbstractArray{T,N}) where {T,N} = N > 1 ? Val(true) : found
@inline total(f::F, xs::Tuple) where {F} = fold_tuple(f, +, 0, xs)
@inline item_length(x) = 1
@inline item_length(a::AbstractArray) = length(a)
function joined(::Type{T}, xs::Tuple) where {T}
    out = Vector{T}(undef, total(item_length, xs))
    store_items!(out, 1, xs)
    return out
end
@inline store_items!(out::Vector, at::Int, ::Tuple{}) = nothing
@inline function store_items!(out::Vector, at::Int, xs::Tuple)
    is_long(xs) && return fold_elements((at, x) -> store_next_item!(out, at, x), at, xs)
    x = getfield(xs, 1)
    store_item!(out, at, x)
    return store_items!(out, at + item_length(x), tail(xs))
end
@noinline store_next_item!(out::Vector, at::Int, x) = (store_item!(out, at, x); at + item_length(x))
@inline store_item!(out::Vector{T}, at::Int, x) where {T} = (arrayset(false, out, convert(T, x)::T, at); nothing)
function store_item!(out::Vector{T}, at::Int, a::AbstractArray) where {T}
    for x in a
        arrayset(false, out, convert(T, x)::T, at)
        at += 1
    end
    return nothing
end
function stacked(::Type{T}, xs::Tuple) where {T}
    n = columns_of(getfield(xs, 1))
    foreach(x -> columns_of(x) == n || throw_columns(xs), xs)
    out = Matrix{T}(undef, total(rows_of, xs), n)
    store_below!(out, 0, xs)
    return out
end
@noinline throw_columns(xs) = throw(DimensionMismatch(LazyString("number of columns of each array must match (got ", map(columns_of, xs), ")")))
@inline store_below!(out::Matrix, before::Int, ::Tuple{}) = nothing
@inline function store_below!(out::Matrix, before::Int, xs::Tuple)
    is_long(xs) && return fold_elements((i, x) -> store_next_below!(out, i, x), before, xs)
    x = getfield(xs, 1)
    store_block!(out, before, 0, x)
    return store_below!(out, before + rows_of(x), tail(xs))
end
@noinline store_next_below!(out::Matrix, before::Int, x) = (store_block!(out, before, 0, x); before + rows_of(x))
@inline store_block!(out::Matrix, i::Int, j::Int, x) = (out[i+1, j+1] = x; nothing)
function store_block!(out::Matrix, i::Int, j::Int, a::AbstractArray)
    for c in 1:size(a, 2), r in 1:size(a, 1)
        out[i+r, j+c] = a[r, c]
    end
    return nothing
end

# ---- side by side

hcat() = Vector{Any}()
hcat(xs...) = typed_hcat(common_eltype(xs), xs...)
typed_hcat(::Type{T}) where {T} = Vector{T}()
function typed_hcat(::Type{T}, xs...) where {T}
    n = rows_of(getfield(xs, 1))
    foreach(x -> rows_of(x) == n || throw_rows(xs), xs)
    out = Matrix{T}(undef, n, total(columns_of, xs))
    store_beside!(out, 0, xs)
    return out
end
@noinline throw_rows(xs) = any_matrix(xs) ?
    throw(DimensionMismatch(LazyString("number of rows of each array must match (got ", map(rows_of, xs), ")"))) :
    throw(DimensionMismatch("vectors must have same lengths"))
@inline store_beside!(out::Matrix, before::Int, ::Tuple{}) = nothing
@inline function store_beside!(out::Matrix, before::Int, xs::Tuple)
    is_long(xs) && return fold_elements((j, x) -> store_next_beside!(out, j, x), before, xs)
    x = getfield(xs, 1)
    store_block!(out, 0, before, x)
    return store_beside!(out, before + columns_of(x), tail(xs))
end
@noinline store_next_beside!(out::Matrix, before::Int, x) = (store_block!(out, 0, before, x); before + columns_of(x))

# ---- rows of items: `rows` says how many items each row has

hvcat(rows::Tuple{Vararg{Int}}, xs...) = typed_hvcat(common_eltype(xs), rows, xs...)
hvcat(columns::Int, xs...) = typed_hvcat(common_eltype(xs), ntuple(i -> columns, Val(div(nfields(xs), columns))), xs...)
function typed_hvcat(::Type{T}, rows::Tuple{Vararg{Int}}, xs...) where {T}
    all_scalars(xs) && return scalar_rows(T, rows, xs)
    heights, height, width = measured_rows(rows, xs)
    out = Matrix{T}(undef, height, width)
    k = 1
    i = 0
    for r in 1:nfields(rows)
        j = 0
        for _ in 1:rows[r]
            x = xs[k]
            j + columns_of(x) <= width && rows_of(x) == heights[r] || throw_hvcat(x, j, width, heights[r])
            store_block!(out, i, j, x)
            j += columns_of(x)
            k += 1
        end
        j == width || throw(DimensionMismatch(LazyString("row ", r, " has mismatched number of columns (expected ", width, ", got ", j, ")")))
        i += heights[r]
    end
    return out
end
@noinline function throw_hvcat(x, j, width, height)
    rows_of(x) == height || throw(DimensionMismatch(LazyString("row has mismatched number of rows (expected ", height, ", got ", rows_of(x), ")")))
    throw(DimensionMismatch(LazyString("row has too many columns (expected ", width, ")")))
end
@inline all_scalars(xs::Tuple) = fold_elements(or_array, Val(false), xs) === Val(false)
or_array(found::Val, x) = found
or_array(found::Val, a::AbstractArray) = Val(true)
function scalar_rows(::Type{T}, rows::NTuple{R,Int}, xs::Tuple) where {T,R}
    width = rows[1]
    width * R == nfields(xs) || throw(ArgumentError(LazyString("argument count does not match specified shape (expected ", width * R, ", got ", nfields(xs), ")")))
    for r in 2:R
        rows[r] == width || throw(ArgumentError(LazyString("row ", r, " has mismatched number of columns (expected ", width, ", got ", rows[r], ")")))
    end
    out = Matrix{T}(undef, R, width)
    store_scalars!(out, 1, 1, xs)
    return out
end
@inline store_scalars!(out::Matrix, i::Int, j::Int, ::Tuple{}) = nothing
@inline function store_scalars!(out::Matrix, i::Int, j::Int, xs::Tuple)
    is_long(xs) && return fold_elements((k, x) -> store_next_scalar!(out, k, x), 0, xs)
    out[i, j] = getfield(xs, 1)
    return j == size(out, 2) ? store_scalars!(out, i + 1, 1, tail(xs)) : store_scalars!(out, i, j + 1, tail(xs))
end
# The one with the number k (from 0) when rows are counted through.
@noinline function store_next_scalar!(out::Matrix, k::Int, x)
    i, j = divrem(k, size(out, 2))
    out[i+1, j+1] = x
    return k + 1
end
function store_scalars!(out::Matrix, i::Int, j::Int, xs::NTuple{N,T}) where {N,T}
    width = size(out, 2)
    for k in 1:N
        out[i+div(j + k - 2, width), mod(j + k - 2, width)+1] = xs[k]
    end
    return nothing
end
function measured_rows(rows::NTuple{R,Int}, xs::Tuple) where {R}
    heights = Vector{Int}(undef, R)
    row_counts = map(rows_of, xs)
    column_counts = map(columns_of, xs)
    width = 0
    k = 1
    for r in 1:R
        heights[r] = row_counts[k]
        k += rows[r]
    end
    for m in 1:rows[1]
        width += column_counts[m]
    end
    return heights, sum(heights), width
end

# ---- along any dimension

# The number of dimensions of the result follows from `dims`, which has to be seen as a constant.
@inline cat(xs...; dims) = concatenated(xs, dims)
@inline concatenated(xs::Tuple, dims) = cat_along(common_eltype(xs), xs, dims_tuple(dims))
@inline function cat_along(::Type{T}, xs::Tuple, d::Tuple) where {T}
    return cat_into(T, xs, d, Val(max(largest_ndims(xs), largest(d))))
end
@inline largest_ndims(::Tuple{}) = 0
@inline largest_ndims(xs::Tuple) = max(item_ndims(getfield(xs, 1)), largest_ndims(tail(xs)))
@inline item_ndims(x) = 0
@inline item_ndims(a::AbstractArray{T,N}) where {T,N} = N
@inline largest(d::Tuple) = fold_tuple(identity, max, 0, d)
@inline item_size(x, k::Int) = 1
@inline item_size(a::AbstractArray, k::Int) = size(a, k)
function cat_into(::Type{T}, xs::Tuple, d::Tuple, ::Val{N}) where {T,N}
    first_item = getfield(xs, 1)
    sizes = ntuple(k -> k in d ? total(x -> item_size(x, k), xs) : item_size(first_item, k), Val(N))
    for k in 1:N
        k in d || foreach(x -> item_size(x, k) == sizes[k] || throw_cat(k, sizes[k], item_size(x, k)), xs)
    end
    out = Array{T,N}(undef, sizes)
    nfields(d) > 1 && fill!(out, zero(T))
    store_shifted!(out, ntuple(k -> 0, Val(N)), xs, d)
    return out
end
@noinline throw_cat(k, m, n) = throw(DimensionMismatch(LazyString("mismatch in dimension ", k, " (expected ", m, " got ", n, ")")))
@inline store_shifted!(out::Array{T,N}, shift::NTuple{N,Int}, ::Tuple{}, d::Tuple) where {T,N} = nothing
@inline function store_shifted!(out::Array{T,N}, shift::NTuple{N,Int}, xs::Tuple, d::Tuple) where {T,N}
    x = getfield(xs, 1)
    store_at_shift!(out, shift, x)
    return store_shifted!(out, ntuple(k -> k in d ? shift[k] + item_size(x, k) : shift[k], Val(N)), tail(xs), d)
end
store_at_shift!(out::Array{T,N}, shift::NTuple{N,Int}, x) where {T,N} = (out[map(s -> s + 1, shift)...] = x; nothing)
function store_at_shift!(out::Array{T,N}, shift::NTuple{N,Int}, a::AbstractArray{S,M}) where {T,N,S,M}
    for i in CartesianIndices(a)
        out[ntuple(k -> shift[k] + (k <= M ? i[k] : 1), Val(N))...] = a[i]
    end
    return nothing
end
# `[a;; b]`, `[a b;;; c d]`
hvncat(dim::Int) = typed_hvncat(Any, dim)
typed_hvncat(::Type{T}, dim::Int) where {T} = Array{T,dim}(undef, ntuple(k -> 0, dim))
hvncat(dim::Int, xs...) = cat_along(common_eltype(xs), xs, (dim,))
typed_hvncat(::Type{T}, dim::Int, xs...) where {T} = cat_along(T, xs, (dim,))
hvncat(dims::Dims{N}, row_first::Bool, xs...) where {N} = typed_hvncat(common_eltype(xs), dims, row_first, xs...)
function typed_hvncat(::Type{T}, dims::Dims{N}, row_first::Bool, xs...) where {T,N}
    dims_product(dims) == nfields(xs) || throw(ArgumentError(LazyString("argument count does not match specified shape (expected ", dims_product(dims), ", got ", nfields(xs), ")")))
    out = Array{T,N}(undef, dims)
    k = 1
    if row_first
        swapped = ntuple(d -> d == 1 ? dims[2] : d == 2 ? dims[1] : dims[d], Val(N))
        for i in CartesianIndices(swapped)
            out[ntuple(d -> d == 1 ? i[2] : d == 2 ? i[1] : i[d], Val(N))...] = xs[k]
            k += 1
        end
    else
        for i in CartesianIndices(dims)
            out[i] = xs[k]
            k += 1
        end
    end
    return out
end

# ---- many arrays in a collection

reduce(::typeof(vcat), vs::AbstractVector{<:AbstractVector}) = joined_vectors(vs)
function joined_vectors(vs)
    T = eltype(eltype(vs))
    out = Vector{T}()
    for v in vs
        append!(out, v)
    end
    return out
end
function reduce(::typeof(hcat), vs::AbstractVector{<:AbstractVector})
    isempty(vs) && return reduce_empty(hcat, eltype(vs))
    n = length(first(vs))
    out = Matrix{eltype(eltype(vs))}(undef, n, length(vs))
    for (j, v) in enumerate(vs)
        length(v) == n || throw(DimensionMismatch("vectors must have same lengths"))
        for i in 1:n
            out[i, j] = v[i]
        end
    end
    return out
end
stack(items; dims=nothing) = stacked_items(items isa AbstractArray ? items : collect(items), dims)
stack(f, items; dims=nothing) = stacked_items(map(f, collect(items)), dims)
stack(f, items, second, more...; dims=nothing) = stacked_items(map(f, items, second, more...), dims)
function stacked_items(vs, dims)
    isempty(vs) && throw(ArgumentError("`stack` on an empty collection is not allowed"))
    return stacked_like(first(vs), vs, dims)
end
# Sizes of what is stacked: those of an item, with the sizes of the collection behind them, or its
# length at the place of the new dimension.
item_sizes(x) = haslength_and_shape(IteratorSize(x)) ? size(x) : (length(x),)
item_sizes(x::AbstractArray) = size(x)
item_sizes(x::Union{Tuple,AbstractString,NamedTuple}) = (length(x),)
haslength_and_shape(::IteratorSize) = false
haslength_and_shape(::HasShape) = true
function stacked_like(x, vs, dims)
    sizes = item_sizes(x)
    T = stacked_eltype(vs)
    dims === nothing && return stacked_behind(Array{T}(undef, sizes..., size(vs)...), sizes, vs)
    d = Int(dims)
    1 <= d <= nfields(sizes) + 1 || throw(ArgumentError(LazyString("cannot stack slices ndims(x) = ", nfields(sizes), " along dims = ", dims)))
    out = Array{T}(undef, sizes[1:d-1]..., length(vs), sizes[d:end]...)
    return stacked_within(out, sizes, vs, d)
end
stacked_eltype(vs) = isconcretetype(eltype(vs)) ? eltype(eltype(vs)) : mapreduce(eltype, promote_type, vs)
check_item_sizes(sizes::Tuple, v) = item_sizes(v) == sizes || throw(DimensionMismatch(LazyString(
    "stack expects uniform slices, got axes(x) == ", map(n -> 1:n, item_sizes(v)), " while first had ", map(n -> 1:n, sizes))))
function stacked_behind(out::AbstractArray, sizes::Tuple, vs)
    k = 0
    for v in vs
        check_item_sizes(sizes, v)
        for x in v
            k += 1
            out[k] = x
        end
    end
    return out
end
function stacked_within(out::AbstractArray, sizes::Tuple, vs, d::Int)
    places = CartesianIndices(sizes)
    for (j, v) in enumerate(vs)
        check_item_sizes(sizes, v)
        for (i, x) in zip(places, v)
            out[i.I[1:d-1]..., j, i.I[d:end]...] = x
        end
    end
    return out
end
