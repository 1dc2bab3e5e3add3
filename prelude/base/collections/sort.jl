# Sorting: a stable merge sort with insertion sort for short runs, for every element type and order;
# binary search; what is built on them.

abstract type Algorithm end
struct InsertionSortAlg <: Algorithm end
struct MergeSortAlg <: Algorithm end
struct QuickSortAlg <: Algorithm end
struct DefaultStable <: Algorithm end
const InsertionSort = InsertionSortAlg()
const MergeSort = MergeSortAlg()
const QuickSort = QuickSortAlg()
const DEFAULT_STABLE = DefaultStable()
const DEFAULT_UNSTABLE = DefaultStable()
# Sorts as far as the places k are concerned.
struct PartialQuickSort{K<:Union{Integer,OrdinalRange}} <: Algorithm
    k::K
end
# Runs up to this length are sorted by insertion.
const SHORT_RUN = 20

# Every algorithm gives the result of the stable one, so `alg` is accepted and not looked at.
@inline function sort!(v::AbstractVector; alg=DEFAULT_STABLE, lt=isless, by=identity, rev::Union{Bool,Nothing}=nothing, order=Order.Forward, scratch=nothing)
    rev === true && return sort_vector!(v, Order.reversed(Order.order_by(lt, by, order)))
    return sort_vector!(v, Order.order_by(lt, by, order))
end
sort!(v::AbstractVector, alg::Algorithm, o::Order.Ordering) = sort_vector!(v, o)
sort(v::AbstractVector; alg=DEFAULT_STABLE, lt=isless, by=identity, rev::Union{Bool,Nothing}=nothing, order=Order.Forward, scratch=nothing) =
    sort!(copymutable(v); alg=alg, lt=lt, by=by, rev=rev, order=order)

function sort_vector!(v::AbstractVector, o::Order.Ordering)
    n = length(v)
    n < 2 && return v
    lo, hi = firstindex(v), lastindex(v)
    n <= SHORT_RUN ? insertion_sort!(v, lo, hi, o) : merge_sort!(v, lo, hi, o, similar_vector(v, (n + 1) >> 1))
    return v
end
similar_vector(v::AbstractVector{T}, n::Int) where {T} = Vector{T}(undef, n)

function insertion_sort!(v::AbstractVector, lo::Int, hi::Int, o::O) where {O<:Order.Ordering}
    for i in lo+1:hi
        x = @inbounds v[i]
        j = i
        while j > lo
            y = @inbounds v[j-1]
            Order.lt(o, x, y) || break
            @inbounds v[j] = y
            j -= 1
        end
        @inbounds v[j] = x
    end
    return v
end
function merge_sort!(v::AbstractVector, lo::Int, hi::Int, o::O, t::Vector) where {O<:Order.Ordering}
    hi - lo < SHORT_RUN && return insertion_sort!(v, lo, hi, o)
    middle = lo + ((hi - lo) >> 1)
    merge_sort!(v, lo, middle, o, t)
    merge_sort!(v, middle + 1, hi, o, t)
    # Both halves are in order already if the first ends before the second begins.
    Order.lt(o, @inbounds(v[middle+1]), @inbounds(v[middle])) || return v
    n = middle - lo + 1
    for k in 1:n
        @inbounds t[k] = v[lo+k-1]
    end
    i, j, k = 1, middle + 1, lo
    while i <= n && j <= hi
        x, y = @inbounds(t[i]), @inbounds(v[j])
        if Order.lt(o, y, x)
            @inbounds v[k] = y
            j += 1
        else
            @inbounds v[k] = x
            i += 1
        end
        k += 1
    end
    while i <= n
        @inbounds v[k] = t[i]
        i += 1
        k += 1
    end
    return v
end

# ---- along a dimension

sort(a::AbstractArray; dims::Integer, alg=DEFAULT_STABLE, lt=isless, by=identity, rev::Union{Bool,Nothing}=nothing, order=Order.Forward) =
    sort!(copymutable(a); dims=dims, alg=alg, lt=lt, by=by, rev=rev, order=order)
function sort!(a::AbstractArray; dims::Integer, alg=DEFAULT_STABLE, lt=isless, by=identity, rev::Union{Bool,Nothing}=nothing, order=Order.Forward)
    1 <= dims <= ndims(a) || throw(ArgumentError("dimension out of range"))
    for c in CartesianIndices(reduced_others(a, (Int(dims),)))
        places = slice_ranges(a, (Int(dims),), c)
        s = vec(a[places...])
        sort!(s; lt=lt, by=by, rev=rev, order=order)
        a[places...] = reshape(s, map(length, places))
    end
    return a
end
function sortslices(a::AbstractMatrix; dims::Integer, lt=isless, by=identity, rev::Union{Bool,Nothing}=nothing, order=Order.Forward)
    slices = dims == 1 ? [a[i, :] for i in axes(a, 1)] : [a[:, j] for j in axes(a, 2)]
    p = sortperm(slices; lt=lt, by=by, rev=rev, order=order)
    return dims == 1 ? a[p, :] : a[:, p]
end

# ---- permutations

@inline function sortperm(v::AbstractVector; alg=DEFAULT_STABLE, lt=isless, by=identity, rev::Union{Bool,Nothing}=nothing, order=Order.Forward, scratch=nothing)
    rev === true && return sorted_positions(v, Order.reversed(Order.order_by(lt, by, order)))
    return sorted_positions(v, Order.order_by(lt, by, order))
end
# Along a dimension: the linear indices of the elements in their order.
function sortperm(a::AbstractArray{T,N}; dims::Integer, alg=DEFAULT_STABLE, lt=isless, by=identity, rev::Union{Bool,Nothing}=nothing, order=Order.Forward, scratch=nothing) where {T,N}
    places = copy(LinearIndices(a))
    return mapslices(at -> at[sortperm(view(a, at); lt=lt, by=by, rev=rev, order=order)], places; dims=dims)
end
function sorted_positions(v::AbstractVector, o::Order.Ordering)
    p = Vector{Int}(undef, length(v))
    at = firstindex(v)
    for k in 1:length(v)
        p[k] = at
        at += 1
    end
    return sort_vector!(p, Order.Perm(o, v))
end
function sortperm!(p::AbstractVector, v::AbstractVector; lt=isless, by=identity, rev::Union{Bool,Nothing}=nothing, order=Order.Forward)
    return copyto!(p, sortperm(v; lt=lt, by=by, rev=rev, order=order))
end

# ---- some elements only

partialsort(v::AbstractVector, k; lt=isless, by=identity, rev::Union{Bool,Nothing}=nothing, order=Order.Forward) =
    sort!(copymutable(v); lt=lt, by=by, rev=rev, order=order)[k]
function partialsort!(v::AbstractVector, k; lt=isless, by=identity, rev::Union{Bool,Nothing}=nothing, order=Order.Forward)
    sort!(v; lt=lt, by=by, rev=rev, order=order)
    return maybeview(v, k)
end
partialsortperm(v::AbstractVector, k; lt=isless, by=identity, rev::Union{Bool,Nothing}=nothing, order=Order.Forward) =
    sortperm(v; lt=lt, by=by, rev=rev, order=order)[k]

function partialsortperm!(places::AbstractVector{<:Integer}, v::AbstractVector, k; lt=isless, by=identity, rev::Union{Bool,Nothing}=nothing, order=Order.Forward, initialized::Bool=false)
    copyto!(places, sortperm(v; lt=lt, by=by, rev=rev, order=order))
    return maybeview(places, k)
end

# ---- order of what is there

@inline issorted(itr; lt=isless, by=identity, rev::Union{Bool,Nothing}=nothing, order=Order.Forward) =
    rev === true ? in_order(itr, Order.reversed(Order.order_by(lt, by, order))) : in_order(itr, Order.order_by(lt, by, order))
function in_order(itr, o::Order.Ordering)
    y = iterate(itr)
    y === nothing && return true
    before = y[1]
    while true
        y = iterate(itr, y[2])
        y === nothing && return true
        Order.lt(o, y[1], before) && return false
        before = y[1]
    end
end

# The first place whose element does not come before x; the last whose element does not come behind.
@inline searchsortedfirst(v::AbstractVector, x; lt=isless, by=identity, rev::Union{Bool,Nothing}=nothing, order=Order.Forward) =
    rev === true ? first_not_before(v, x, Order.reversed(Order.order_by(lt, by, order))) : first_not_before(v, x, Order.order_by(lt, by, order))
@inline searchsortedlast(v::AbstractVector, x; lt=isless, by=identity, rev::Union{Bool,Nothing}=nothing, order=Order.Forward) =
    rev === true ? last_not_behind(v, x, Order.reversed(Order.order_by(lt, by, order))) : last_not_behind(v, x, Order.order_by(lt, by, order))
@inline searchsorted(v::AbstractVector, x; lt=isless, by=identity, rev::Union{Bool,Nothing}=nothing, order=Order.Forward) =
    rev === true ? equal_range(v, x, Order.reversed(Order.order_by(lt, by, order))) : equal_range(v, x, Order.order_by(lt, by, order))
function first_not_before(v::AbstractVector, x, o::Order.Ordering)
    lo, hi = firstindex(v), lastindex(v) + 1
    while lo < hi
        middle = lo + ((hi - lo) >> 1)
        if Order.lt(o, @inbounds(v[middle]), x)
            lo = middle + 1
        else
            hi = middle
        end
    end
    return lo
end
function last_not_behind(v::AbstractVector, x, o::Order.Ordering)
    lo, hi = firstindex(v), lastindex(v) + 1
    while lo < hi
        middle = lo + ((hi - lo) >> 1)
        if Order.lt(o, x, @inbounds(v[middle]))
            hi = middle
        else
            lo = middle + 1
        end
    end
    return lo - 1
end
searchsortedfirst(v::AbstractVector, x, o::Order.Ordering) = first_not_before(v, x, o)
searchsortedlast(v::AbstractVector, x, o::Order.Ordering) = last_not_behind(v, x, o)
searchsorted(v::AbstractVector, x, o::Order.Ordering) = equal_range(v, x, o)
issorted(itr, o::Order.Ordering) = in_order(itr, o)
equal_range(v::AbstractVector, x, o::Order.Ordering) = first_not_before(v, x, o):last_not_behind(v, x, o)
searchsortedfirst(x; kw...) = v -> searchsortedfirst(v, x; kw...)
insorted(x, v::AbstractVector; kw...) = !isempty(searchsorted(v, x; kw...))
insorted(x, r::AbstractRange) = in(x, r)
