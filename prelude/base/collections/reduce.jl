# Reductions: folds of any iterable, sums of arrays by halves, minima and maxima, any, all, count.

# "No value to begin with."
struct NoInit end

# ---- how an operation begins

# Sums and products of small integers are those of Int and UInt.
@inline add_sum(x, y) = x + y
@inline add_sum(x::SmallSigned, y::SmallSigned) = Int(x) + Int(y)
@inline add_sum(x::SmallUnsigned, y::SmallUnsigned) = UInt(x) + UInt(y)
@inline add_sum(x::Bool, y::Bool) = Int(x) + Int(y)
@inline mul_prod(x, y) = x * y
@inline mul_prod(x::SmallSigned, y::SmallSigned) = Int(x) * Int(y)
@inline mul_prod(x::SmallUnsigned, y::SmallUnsigned) = UInt(x) * UInt(y)

@inline reduce_first(op, x) = x
@inline reduce_first(::typeof(+), x::Bool) = Int(x)
@inline reduce_first(::typeof(*), x::AbstractChar) = string(x)
@inline reduce_first(::typeof(add_sum), x::Union{SmallSigned,Bool}) = Int(x)
@inline reduce_first(::typeof(add_sum), x::SmallUnsigned) = UInt(x)
@inline reduce_first(::typeof(mul_prod), x::Union{SmallSigned,Bool}) = Int(x)
@inline reduce_first(::typeof(mul_prod), x::SmallUnsigned) = UInt(x)
@inline reduce_first(::typeof(mul_prod), x::AbstractChar) = string(x)
@inline reduce_first(::typeof(vcat), x::AbstractVector) = copy(x)
@inline reduce_first(::typeof(hcat), x::AbstractArray) = hcat(x)
@inline mapreduce_first(f, op, x) = reduce_first(op, f(x))

function reduce_empty(op, ::Type{T}) where {T}
    Core.exceptions_are_objects() && throw(MethodError(reduce_empty, (op, T)))
    # Its text is known; a library need not carry what would write it.
    throw_record(Core.type_hash(MethodError),
        "MethodError: reducing over an empty collection is not allowed; consider supplying `init` to the reducer")
end
reduce_empty(::typeof(+), ::Type{Union{}}) = throw_empty_reduction()
reduce_empty(::typeof(*), ::Type{Union{}}) = throw_empty_reduction()
reduce_empty(::typeof(add_sum), ::Type{Union{}}) = throw_empty_reduction()
reduce_empty(::typeof(mul_prod), ::Type{Union{}}) = throw_empty_reduction()
@noinline throw_empty_reduction() =
    throw(ArgumentError("reducing over an empty collection is not allowed; consider supplying `init` to the reducer"))
reduce_empty(::typeof(+), ::Type{T}) where {T} = zero(T)
reduce_empty(::typeof(+), ::Type{Bool}) = zero(Int)
reduce_empty(::typeof(*), ::Type{T}) where {T} = one(T)
reduce_empty(::typeof(*), ::Type{<:AbstractChar}) = ""
reduce_empty(::typeof(&), ::Type{Bool}) = true
reduce_empty(::typeof(|), ::Type{Bool}) = false
reduce_empty(::typeof(add_sum), ::Type{T}) where {T} = reduce_empty(+, T)
reduce_empty(::typeof(add_sum), ::Type{T}) where {T<:SmallSigned} = zero(Int)
reduce_empty(::typeof(add_sum), ::Type{T}) where {T<:SmallUnsigned} = zero(UInt)
reduce_empty(::typeof(mul_prod), ::Type{T}) where {T} = reduce_empty(*, T)
reduce_empty(::typeof(mul_prod), ::Type{T}) where {T<:SmallSigned} = one(Int)
reduce_empty(::typeof(mul_prod), ::Type{T}) where {T<:SmallUnsigned} = one(UInt)
reduce_empty(::typeof(vcat), ::Type{<:AbstractVector{T}}) where {T} = T[]
mapreduce_empty(f, op, ::Type{T}) where {T} = throw(MethodError(reduce_empty, (op, T)))
mapreduce_empty(::typeof(identity), op, ::Type{T}) where {T} = reduce_empty(op, T)
mapreduce_empty(::typeof(abs), op, ::Type{T}) where {T} = abs(reduce_empty(op, T))
mapreduce_empty(::typeof(abs2), op, ::Type{T}) where {T} = abs2(reduce_empty(op, T))
mapreduce_empty(::typeof(abs), ::typeof(max), ::Type{T}) where {T} = abs(zero(T))
mapreduce_empty(::typeof(abs2), ::typeof(max), ::Type{T}) where {T} = abs2(zero(T))
@inline empty_reduction(f, op, itr) = empty_of_known(f, op, itr, IteratorEltype(itr))
@inline empty_of_known(f, op, itr, ::HasEltype) = mapreduce_empty(f, op, eltype(itr))
empty_of_known(f, op, itr, ::EltypeUnknown) =
    throw(ArgumentError("reducing over an empty collection is not allowed; consider supplying `init` to the reducer"))
@inline empty_of_known(f, op, g::Generator, ::EltypeUnknown) = empty_reduction(f ∘ g.f, op, g.iter)
@inline empty_of_known(::typeof(identity), op, g::Generator, ::EltypeUnknown) = empty_reduction(g.f, op, g.iter)

# ---- folds from the left

@inline function fold_left(f::F, op::G, init, itr) where {F,G}
    y = iterate(itr)
    y === nothing && return init
    acc = op(init, f(getfield(y, 1)))
    while true
        y = iterate(itr, getfield(y, 2))
        y === nothing && return acc
        acc = op(acc, f(getfield(y, 1)))
    end
end
@inline function fold_left(f::F, op::G, ::NoInit, itr) where {F,G}
    y = iterate(itr)
    y === nothing && return empty_reduction(f, op, itr)
    acc = mapreduce_first(f, op, getfield(y, 1))
    while true
        y = iterate(itr, getfield(y, 2))
        y === nothing && return acc
        acc = op(acc, f(getfield(y, 1)))
    end
end

@inline foldl(op, itr; init=NoInit()) = fold_left(identity, op, init, itr)
@inline mapfoldl(f, op, itr; init=NoInit()) = fold_left(f, op, init, itr)
@inline foldr(op, itr; init=NoInit()) = fold_right(identity, op, init, itr)
@inline mapfoldr(f, op, itr; init=NoInit()) = fold_right(f, op, init, itr)
fold_right(f::F, op::G, init, itr) where {F,G} = fold_left(f, (acc, x) -> op(x, acc), init, Iterators.reverse(itr))
function fold_right(f::F, op::G, ::NoInit, itr) where {F,G}
    backwards = Iterators.reverse(itr)
    y = iterate(backwards)
    y === nothing && return empty_reduction(f, op, itr)
    acc = mapreduce_first(f, op, getfield(y, 1))
    while true
        y = iterate(backwards, getfield(y, 2))
        y === nothing && return acc
        acc = op(f(getfield(y, 1)), acc)
    end
end

# ---- reductions in no promised order

@inline reduce(op, itr; init=NoInit()) = reduction(identity, op, init, itr)
@inline mapreduce(f, op, itr; init=NoInit()) = reduction(f, op, init, itr)
mapreduce(f, op, a, b, more...; init=NoInit()) = reduction(identity, op, init, Generator(f, a, b, more...))
@inline reduce(op, a::AbstractArray; dims=:, init=NoInit()) = reduction_along(identity, op, init, a, dims)
@inline mapreduce(f, op, a::AbstractArray; dims=:, init=NoInit()) = reduction_along(f, op, init, a, dims)
mapreduce(f, op, a::AbstractArray, b::AbstractArray...; dims=:, init=NoInit()) = reduction_along(identity, op, init, map(f, a, b...), dims)
@inline reduction(f, op, init, itr) = fold_left(f, op, init, itr)
@inline reduction(f, op, init, a::AbstractArray) = fold_left(f, op, init, a)
@inline reduction(f, op, init::NoInit, a::AbstractArray) = reduce_array(f, op, a)
@inline reduction_along(f, op, init, a::AbstractArray, ::Colon) = reduction(f, op, init, a)
reduction_along(f, op, init, a::AbstractArray, dims) = reduce_dims(f, op, init, a, dims)

# Arrays of 16 and more elements are reduced by halves down to blocks of 1024, so that errors of
# sums grow with the logarithm of the length. Blocks are summed from left to right; where Julia's
# own code runs several partial sums in the lanes of a vector register, last digits may differ.
const REDUCTION_BLOCK = 1024
function reduce_array(f::F, op::G, a::AbstractArray) where {F,G}
    n = length(a)
    n == 0 && return empty_reduction(f, op, a)
    return reduce_indexed(IndexStyle(a), f, op, a, n)
end
reduce_indexed(::IndexCartesian, f::F, op::G, a::AbstractArray, n) where {F,G} = fold_left(f, op, NoInit(), a)
function reduce_indexed(::IndexLinear, f::F, op::G, a::AbstractArray, n) where {F,G}
    from = firstindex(a)
    n == 1 && return mapreduce_first(f, op, @inbounds a[from])
    return reduce_by_halves(f, op, a, from, lastindex(a))
end
function reduce_by_halves(f::F, op::G, a::AbstractArray, from::Int, to::Int) where {F,G}
    if from == to
        return mapreduce_first(f, op, @inbounds a[from])
    elseif to - from < REDUCTION_BLOCK
        acc = op(f(@inbounds a[from]), f(@inbounds a[from+1]))
        i = from + 2
        while i <= to
            acc = op(acc, f(@inbounds a[i]))
            i += 1
        end
        return acc
    end
    middle = from + ((to - from) >> 1)
    return op(reduce_by_halves(f, op, a, from, middle), reduce_by_halves(f, op, a, middle + 1, to))
end

@inline sum(itr; init=NoInit()) = reduction(identity, add_sum, init, itr)
@inline sum(f, itr; init=NoInit()) = reduction(f, add_sum, init, itr)
@inline prod(itr; init=NoInit()) = reduction(identity, mul_prod, init, itr)
@inline prod(f, itr; init=NoInit()) = reduction(f, mul_prod, init, itr)
@inline maximum(itr; init=NoInit()) = reduction(identity, max, init, itr)
@inline maximum(f, itr; init=NoInit()) = reduction(f, max, init, itr)
@inline minimum(itr; init=NoInit()) = reduction(identity, min, init, itr)
@inline minimum(f, itr; init=NoInit()) = reduction(f, min, init, itr)
@inline sum(a::AbstractArray; dims=:, init=NoInit()) = reduction_along(identity, add_sum, init, a, dims)
@inline sum(f, a::AbstractArray; dims=:, init=NoInit()) = reduction_along(f, add_sum, init, a, dims)
@inline prod(a::AbstractArray; dims=:, init=NoInit()) = reduction_along(identity, mul_prod, init, a, dims)
@inline prod(f, a::AbstractArray; dims=:, init=NoInit()) = reduction_along(f, mul_prod, init, a, dims)
@inline maximum(a::AbstractArray; dims=:, init=NoInit()) = reduction_along(identity, max, init, a, dims)
@inline maximum(f, a::AbstractArray; dims=:, init=NoInit()) = reduction_along(f, max, init, a, dims)
@inline minimum(a::AbstractArray; dims=:, init=NoInit()) = reduction_along(identity, min, init, a, dims)
@inline minimum(f, a::AbstractArray; dims=:, init=NoInit()) = reduction_along(f, min, init, a, dims)
@inline sum(a::AbstractArray{Bool}; dims=:, init=NoInit()) = init isa NoInit && dims isa Colon ? count(a) : reduction_along(identity, add_sum, init, a, dims)

@inline extrema(itr; init=NoInit()) = extrema_by(identity, itr, init)
@inline extrema(f, itr; init=NoInit()) = extrema_by(f, itr, init)
@inline extrema(a::AbstractArray; dims=:, init=NoInit()) = extrema_along(identity, a, dims, init)
@inline extrema(f, a::AbstractArray; dims=:, init=NoInit()) = extrema_along(f, a, dims, init)
@inline extrema_along(f, a::AbstractArray, ::Colon, init) = extrema_by(f, a, init)
extrema_along(f, a::AbstractArray, dims, init) = map(tuple, reduce_dims(f, min, init, a, dims), reduce_dims(f, max, init, a, dims))
@inline wider_extrema(a, b) = (min(getfield(a, 1), getfield(b, 1)), max(getfield(a, 2), getfield(b, 2)))
extrema_by(f::F, itr, init) where {F} = fold_left(x -> (v = f(x); (v, v)), wider_extrema, init, itr)
function extrema_by(f::F, itr, ::NoInit) where {F}
    y = iterate(itr)
    y === nothing && throw(MethodError(reduce_empty, (wider_extrema, eltype(itr))))
    v = f(getfield(y, 1))
    lo, hi = v, v
    while true
        y = iterate(itr, getfield(y, 2))
        y === nothing && return (lo, hi)
        v = f(getfield(y, 1))
        lo, hi = min(lo, v), max(hi, v)
    end
end

# ---- positions of extrema. NaN counts as both smallest and largest, the first of equals wins.

findmax(f, domain) = best_of(f, is_better_max, pairs(domain))
findmin(f, domain) = best_of(f, is_better_min, pairs(domain))
findmax(itr) = best_of(identity, is_better_max, pairs(itr))
findmin(itr) = best_of(identity, is_better_min, pairs(itr))
argmax(itr) = findmax(itr)[2]
argmin(itr) = findmin(itr)[2]
findmax(a::AbstractArray; dims=:) = best_along(is_better_max, a, dims)
findmin(a::AbstractArray; dims=:) = best_along(is_better_min, a, dims)
argmax(a::AbstractArray; dims=:) = best_along(is_better_max, a, dims)[2]
argmin(a::AbstractArray; dims=:) = best_along(is_better_min, a, dims)[2]
findmax(f, a::AbstractArray; dims=:) = dims isa Colon ? best_of(f, is_better_max, pairs(a)) : best_along(is_better_max, map(f, a), dims)
findmin(f, a::AbstractArray; dims=:) = dims isa Colon ? best_of(f, is_better_min, pairs(a)) : best_along(is_better_min, map(f, a), dims)
best_along(better, a::AbstractArray, ::Colon) = best_of(identity, better, pairs(a))
argmax(f, domain) = best_element(f, is_better_max, domain)
argmin(f, domain) = best_element(f, is_better_min, domain)
@inline is_better_max(x, best) = isless(best, x)
@inline is_better_min(x, best) = isless(x, best)
@inline is_better_min(x::AbstractFloat, best::AbstractFloat) = isnan(best) ? false : isnan(x) ? true : isless(x, best)
function best_of(f::F, better::B, itr) where {F,B}
    y = iterate(itr)
    y === nothing && throw(MethodError(reduce_empty, (findmax, eltype(itr))))
    key, x = getfield(y, 1)
    best = f(x)
    while true
        y = iterate(itr, getfield(y, 2))
        y === nothing && return (best, key)
        k, x = getfield(y, 1)
        v = f(x)
        if better(v, best)
            best, key = v, k
        end
    end
end
function best_element(f::F, better::B, itr) where {F,B}
    y = iterate(itr)
    y === nothing && throw(MethodError(reduce_empty, (findmax, eltype(itr))))
    element = getfield(y, 1)
    best = f(element)
    while true
        y = iterate(itr, getfield(y, 2))
        y === nothing && return element
        x = getfield(y, 1)
        v = f(x)
        if better(v, best)
            best, element = v, x
        end
    end
end

# ---- any, all, count

@inline any(itr) = any_true(identity, itr)
@inline all(itr) = all_true(identity, itr)
@inline any(f, itr) = any_true(f, itr)
@inline all(f, itr) = all_true(f, itr)
@inline any(a::AbstractArray; dims=:) = any_along(identity, a, dims)
@inline any(f, a::AbstractArray; dims=:) = any_along(f, a, dims)
@inline all(a::AbstractArray; dims=:) = all_along(identity, a, dims)
@inline all(f, a::AbstractArray; dims=:) = all_along(f, a, dims)
@inline any_along(f, a, ::Colon) = any_true(f, a)
@inline all_along(f, a, ::Colon) = all_true(f, a)
any_along(f, a, dims) = reduce_dims(f, |, false, a, dims)
all_along(f, a, dims) = reduce_dims(f, &, true, a, dims)
@inline function any_true(f::F, itr) where {F}
    unknown = false
    for x in itr
        v = f(x)
        if v === missing
            unknown = true
        elseif v
            return true
        end
    end
    return unknown ? missing : false
end
@inline function all_true(f::F, itr) where {F}
    unknown = false
    for x in itr
        v = f(x)
        if v === missing
            unknown = true
        elseif v
            continue
        else
            return false
        end
    end
    return unknown ? missing : true
end

@inline count(itr; init=0) = counted_true(identity, itr, init)
@inline count(f, itr; init=0) = counted_true(f, itr, init)
@inline count(a::AbstractArray; dims=:, init=0) = count_along(identity, a, dims, init)
@inline count(f, a::AbstractArray; dims=:, init=0) = count_along(f, a, dims, init)
@inline count_along(f, a, ::Colon, init) = counted_true(f, a, init)
count_along(f, a, dims, init) = reduce_dims(x -> Int(f(x)::Bool), +, init, a, dims)
@inline function counted_true(f::F, itr, init) where {F}
    n = init
    for x in itr
        n += f(x)::Bool
    end
    return n
end
