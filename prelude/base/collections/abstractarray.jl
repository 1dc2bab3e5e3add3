# What every AbstractArray has: sizes, axes, indices, checks of bounds, scalar access in either
# index style, iteration, copying. A new array type needs size and getindex only.

abstract type IndexStyle end
struct IndexLinear <: IndexStyle end
struct IndexCartesian <: IndexStyle end
IndexStyle(a::AbstractArray) = IndexStyle(typeof(a))
IndexStyle(::Type{<:AbstractArray}) = IndexCartesian()
IndexStyle(a::AbstractArray, b::AbstractArray) = common_style(IndexStyle(a), IndexStyle(b))
common_style(::IndexLinear, ::IndexLinear) = IndexLinear()
common_style(::IndexStyle, ::IndexStyle) = IndexCartesian()

# ---- sizes and axes

eltype(::Type{<:AbstractArray{T}}) where {T} = T
eltype(::Type) = Any
eltype(x) = eltype(typeof(x))
eltype(::Type{Union{}}) = throw(ArgumentError("Union{} does not have elements"))
valtype(::Type{<:AbstractArray{T}}) where {T} = T
keytype(a::AbstractArray{T,1}) where {T} = Int
keytype(a::AbstractArray{T,N}) where {T,N} = CartesianIndex{N}
valtype(a::AbstractArray) = eltype(a)
@inline ndims(::AbstractArray{T,N}) where {T,N} = N
@inline ndims(::Type{<:AbstractArray{T,N}}) where {T,N} = N
@inline length(a::AbstractArray) = dims_product(size(a))
@inline dims_product(::Tuple{}) = 1
@inline dims_product(d::Tuple{Any}) = getfield(d, 1)
@inline dims_product(d::Tuple{Any,Any}) = getfield(d, 1) * getfield(d, 2)
@inline dims_product(d::Tuple) = getfield(d, 1) * dims_product(tail(d))
@inline isempty(a::AbstractArray) = length(a) == 0
@inline size(a::AbstractArray, d::Integer) = d <= ndims(a) ? size(a)[d] : 1
@inline size(a::AbstractArray, d::Integer, e::Integer, more::Integer...) = map(k -> size(a, k), (d, e, more...))
@inline axes(a::AbstractArray) = map(OneTo, size(a))
# What has a size, as an iterator that is like the array within it, has axes.
@inline axes(itr) = map(OneTo, size(itr))
@inline axes(a::AbstractArray{T,N}, d::Integer) where {T,N} = d <= N ? axes(a)[d] : OneTo(1)
@inline first_axis(a::AbstractArray{T,0}) where {T} = OneTo(1)
@inline first_axis(a::AbstractArray) = getfield(axes(a), 1)
axes1(a::AbstractArray) = first_axis(a)
axes1(itr) = OneTo(length(itr))
isiterable(T)::Bool = hasmethod(iterate, Tuple{T})
has_offset_axes(a::AbstractArray) = any(r -> first(r) != 1, axes(a))
require_one_based_indexing(arrays...) = true
sizeof(a::AbstractArray) = length(a) * Core.sizeof(eltype(a))

@inline strides_of(::Tuple{}) = ()
@inline strides_of(dims::Tuple) = products_before(1, dims)
@inline products_before(p::Int, dims::Tuple{Any}) = (p,)
@inline products_before(p::Int, dims::Tuple) = (p, products_before(p * getfield(dims, 1), tail(dims))...)
function prod_upto(dims::Tuple, d::Integer)
    p = 1
    for k in 1:min(Int(d) - 1, nfields(dims))
        p *= dims[k]
    end
    return p
end

@inline eachindex(a::AbstractArray) = eachindex(IndexStyle(a), a)
@inline eachindex(::IndexLinear, a::AbstractArray) = OneTo(length(a))
@inline eachindex(::IndexLinear, a::AbstractArray{T,1}) where {T} = first_axis(a)
@inline eachindex(::IndexCartesian, a::AbstractArray) = CartesianIndices(axes(a))
@inline eachindex(::IndexCartesian, a::AbstractArray{T,1}) where {T} = first_axis(a)
@inline eachindex(a::AbstractArray{T,1}) where {T} = first_axis(a)
@inline eachindex(a::Array) = OneTo(arraylen(a))
function eachindex(a::AbstractArray, b::AbstractArray)
    r = eachindex(a)
    r == eachindex(b) || throw_eachindex_mismatch(a, b)
    return r
end
function eachindex(a::AbstractArray, b::AbstractArray, more::AbstractArray...)
    r = eachindex(a, b)
    eachindex(a, more...)
    return r
end
@noinline throw_eachindex_mismatch(a, b) = throw(DimensionMismatch(LazyString(
    "all inputs to eachindex must have the same indices, got ", eachindex(a), " and ", eachindex(b))))
eachindex(itr) = keys(itr)

@inline keys(a::AbstractArray) = CartesianIndices(axes(a))
@inline keys(a::AbstractArray{T,1}) where {T} = LinearIndices(a)
@inline keys(::IndexStyle, a::AbstractArray) = keys(a)
@inline keys(s::IndexStyle, a::AbstractArray, b::AbstractArray) = eachindex(s, a)
values(a::AbstractArray) = a
values(itr) = itr
pairs(a::AbstractArray) = Pairs(a, keys(a))
pairs(a::AbstractArray{T,1}) where {T} = Pairs(a, eachindex(a))
pairs(::IndexLinear, a::AbstractArray) = Pairs(a, LinearIndices(a))
pairs(::IndexCartesian, a::AbstractArray) = Pairs(a, CartesianIndices(axes(a)))
pairs(x) = Pairs(x, keys(x))
@inline firstindex(a::AbstractArray) = first(eachindex(IndexLinear(), a))
@inline lastindex(a::AbstractArray) = last(eachindex(IndexLinear(), a))
@inline firstindex(a::AbstractArray, d::Integer) = first(axes(a, d))
@inline lastindex(a::AbstractArray, d::Integer) = last(axes(a, d))
@inline lastindex(a::Array) = arraylen(a)
@inline firstindex(a::Array) = 1

# ---- bounds

@inline checkbounds(a::AbstractArray, i::Int) = checkbounds(Bool, a, i) ? nothing : throw_boundserror(a, (i,))
@inline checkbounds(a::AbstractArray, i::Int, j::Int) = checkbounds(Bool, a, i, j) ? nothing : throw_boundserror(a, (i, j))
@inline checkbounds(a::AbstractArray, i...) = checkbounds(Bool, a, i...) ? nothing : throw_boundserror(a, map(shown_index, i))
# Messages show a colon as the range that it stands for.
@inline shown_index(i) = i
@inline shown_index(s::Slice) = first(s):last(s)
@inline shown_index(i::Union{Vector,BitVector}) = Core.exceptions_are_objects() ? i : LazyString(string(i))

@inline checkbounds(::Type{Bool}, a::AbstractArray, i) = checkindex(Bool, eachindex(IndexLinear(), a), i)
@inline checkbounds(::Type{Bool}, a::AbstractArray, i...) = check_indices(axes(a), i)
@inline checkbounds(::Type{Bool}, a::AbstractArray, mask::AbstractArray{Bool}) = axes(a) == axes(mask)
@inline checkbounds(::Type{Bool}, a::AbstractArray{T,1}, mask::AbstractArray{Bool,1}) where {T} = axes(a) == axes(mask)
@inline checkbounds(::Type{Bool}, a::AbstractArray, i::Union{CartesianIndex,AbstractArray{<:CartesianIndex}}) = check_indices(axes(a), (i,))

# Every axis against its index. What is left over of axes or indices must have length 1 or be 1.
@inline check_indices(::Tuple{}, ::Tuple{}) = true
@inline check_indices(axs::Tuple, ::Tuple{}) = all(r -> length(r) == 1, axs)
@inline function check_indices(axs::Tuple, i::Tuple)
    head = getfield(i, 1)
    head isa CartesianIndex && return check_indices(axs, (head.I..., tail(i)...))
    head isa AbstractArray{<:CartesianIndex} && return check_cartesian_array(axs, head, tail(i))
    head isa AbstractArray{Bool} && return check_mask(axs, head, tail(i))
    return check_one_index(axs, head) && check_indices(behind_axis(axs), tail(i))
end
@inline check_one_index(axs::Tuple, i) = checkindex(Bool, getfield(axs, 1), i)
@inline check_one_index(::Tuple{}, i) = checkindex(Bool, OneTo(1), i)
@inline behind_axis(axs::Tuple) = tail(axs)
@inline behind_axis(::Tuple{}) = ()
check_cartesian_array(axs::Tuple, v::AbstractArray{CartesianIndex{N}}, more::Tuple) where {N} =
    all(i -> check_indices(tuple_upto(axs, N), i.I), v) && check_indices(tuple_from(axs, N + 1), more)
check_mask(axs::Tuple, mask::AbstractArray{Bool,N}, more::Tuple) where {N} =
    tuple_upto(axs, N) == axes(mask) && check_indices(tuple_from(axs, N + 1), more)

@inline checkindex(::Type{Bool}, r::AbstractUnitRange, i::Integer) = (first(r) <= i) & (i <= last(r))
@inline checkindex(::Type{Bool}, r::OneTo{Int}, i::Int) = ult_int(bitcast(UInt, sub_int(i, 1)), bitcast(UInt, r.stop))
@inline checkindex(::Type{Bool}, r::AbstractUnitRange, ::Colon) = true
@inline checkindex(::Type{Bool}, r::AbstractUnitRange, s::Slice) = true
@inline checkindex(::Type{Bool}, r::AbstractUnitRange, s::AbstractRange{<:Integer}) =
    isempty(s) || (checkindex(Bool, r, first(s)) & checkindex(Bool, r, last(s)))
checkindex(::Type{Bool}, r::AbstractUnitRange, mask::AbstractArray{Bool,1}) = r == first_axis(mask)
function checkindex(::Type{Bool}, r::AbstractUnitRange, v::AbstractArray)
    for i in v
        checkindex(Bool, r, i) || return false
    end
    return true
end
checkindex(::Type{Bool}, r::AbstractUnitRange, i) = throw(ArgumentError(LazyString("unable to check bounds for indices of type ", typeof(i))))

# ---- scalar access in the style that the array does not have itself

# All signatures of an array type are more specific than these with any indices; methods that asked
# for Int here would be ambiguous with those that a type has for Integer.
@inline scalar_getindex(a::AbstractArray, i::Tuple{Int}) = linear_getindex(IndexStyle(a), a, getfield(i, 1))
@inline scalar_getindex(a::AbstractArray, i::Tuple) = cartesian_getindex(IndexStyle(a), a, i)
@inline linear_getindex(::IndexLinear, a::AbstractArray, i::Int) = throw(CanonicalIndexError("getindex", typeof(a)))
@inline linear_getindex(::IndexCartesian, a::AbstractArray{T,1}, i::Int) where {T} = throw(CanonicalIndexError("getindex", typeof(a)))
@inline function linear_getindex(::IndexCartesian, a::AbstractArray, i::Int)
    @boundscheck checkbounds(a, i)
    return @inbounds getindex(a, cartesian_of(axes(a), i)...)
end
@inline function cartesian_getindex(::IndexLinear, a::AbstractArray, i::Tuple)
    @boundscheck checkbounds(a, i...)
    return @inbounds getindex(a, linear_of(axes(a), i))
end
@inline cartesian_getindex(::IndexCartesian, a::AbstractArray{T,N}, i::NTuple{N,Int}) where {T,N} =
    throw(CanonicalIndexError("getindex", typeof(a)))
@inline function cartesian_getindex(::IndexCartesian, a::AbstractArray{T,N}, i::Tuple) where {T,N}
    @boundscheck checkbounds(a, i...)
    return @inbounds getindex(a, fitted_indices(axes(a), i)...)
end
@inline getindex(a::AbstractArray) = (@boundscheck length(a) == 1 || throw_boundserror(a, ()); @inbounds a[first(eachindex(a))])

@inline scalar_setindex!(a::AbstractArray, v, i::Tuple{Int}) = linear_setindex!(IndexStyle(a), a, v, getfield(i, 1))
@inline scalar_setindex!(a::AbstractArray, v, i::Tuple) = cartesian_setindex!(IndexStyle(a), a, v, i)
@inline linear_setindex!(::IndexLinear, a::AbstractArray, v, i::Int) = throw(CanonicalIndexError("setindex!", typeof(a)))
@inline linear_setindex!(::IndexCartesian, a::AbstractArray{T,1}, v, i::Int) where {T} = throw(CanonicalIndexError("setindex!", typeof(a)))
@inline function linear_setindex!(::IndexCartesian, a::AbstractArray, v, i::Int)
    @boundscheck checkbounds(a, i)
    @inbounds setindex!(a, v, cartesian_of(axes(a), i)...)
    return a
end
@inline function cartesian_setindex!(::IndexLinear, a::AbstractArray, v, i::Tuple)
    @boundscheck checkbounds(a, i...)
    @inbounds setindex!(a, v, linear_of(axes(a), i))
    return a
end
@inline cartesian_setindex!(::IndexCartesian, a::AbstractArray{T,N}, v, i::NTuple{N,Int}) where {T,N} =
    throw(CanonicalIndexError("setindex!", typeof(a)))
@inline function cartesian_setindex!(::IndexCartesian, a::AbstractArray{T,N}, v, i::Tuple) where {T,N}
    @boundscheck checkbounds(a, i...)
    @inbounds setindex!(a, v, fitted_indices(axes(a), i)...)
    return a
end
@inline setindex!(a::AbstractArray, v) = (@boundscheck length(a) == 1 || throw_boundserror(a, ()); @inbounds a[first(eachindex(a))] = v; a)

# Position 1… of an element, and back.
@inline linear_of(axs::Tuple, i::Tuple) = linear_from(axs, i, 1, 1)
@inline linear_from(::Tuple{}, ::Tuple, at::Int, stride::Int) = at
@inline linear_from(::Tuple, ::Tuple{}, at::Int, stride::Int) = at
@inline linear_from(::Tuple{}, ::Tuple{}, at::Int, stride::Int) = at
@inline linear_from(axs::Tuple, i::Tuple, at::Int, stride::Int) =
    linear_from(tail(axs), tail(i), at + (getfield(i, 1) - first(getfield(axs, 1))) * stride, stride * length(getfield(axs, 1)))
@inline cartesian_of(axs::Tuple, i::Int) = cartesian_from(axs, i - 1)
@inline cartesian_from(::Tuple{}, i::Int) = ()
@inline cartesian_from(axs::Tuple{Any}, i::Int) = (i + first(getfield(axs, 1)),)
@inline function cartesian_from(axs::Tuple, i::Int)
    n = length(getfield(axs, 1))
    q = div(i, n)
    return (i - q * n + first(getfield(axs, 1)), cartesian_from(tail(axs), q)...)
end
# As many indices as axes: surplus ones are dropped, the last one is spread over what is left.
@inline fitted_indices(::Tuple{}, i::Tuple) = ()
@inline fitted_indices(::Tuple{}, i::Tuple{}) = ()
@inline fitted_indices(::Tuple{}, i::Tuple{Any}) = ()
@inline fitted_indices(axs::Tuple, ::Tuple{}) = map(first, axs)
@inline fitted_indices(axs::Tuple{Any}, i::Tuple{Any}) = i
@inline fitted_indices(axs::Tuple, i::Tuple{Any}) = cartesian_of(axs, getfield(i, 1))
@inline fitted_indices(axs::Tuple, i::Tuple) = (getfield(i, 1), fitted_indices(tail(axs), tail(i))...)

# ---- iteration

@inline iterate(a::AbstractArray) = iterate_by(a, eachindex(a))
@inline function iterate_by(a::AbstractArray, r)
    y = iterate(r)
    y === nothing && return nothing
    return (@inbounds(a[getfield(y, 1)]), (r, getfield(y, 2)))
end
@inline function iterate(a::AbstractArray, state::Tuple)
    y = iterate(getfield(state, 1), getfield(state, 2))
    y === nothing && return nothing
    return (@inbounds(a[getfield(y, 1)]), (getfield(state, 1), getfield(y, 2)))
end

@inline first(a::AbstractArray) = a[first(eachindex(a))]
@inline last(a::AbstractArray) = a[last(eachindex(a))]
first(a::Array) = a[1]
last(a::Array) = a[arraylen(a)]
function first(itr)
    y = iterate(itr)
    y === nothing && throw(ArgumentError("collection must be non-empty"))
    return y[1]
end
last(itr) = itr[end]
first(v::AbstractVector, n::Integer) = v[begin:min(firstindex(v) + check_count(n) - 1, lastindex(v))]
last(v::AbstractVector, n::Integer) = v[max(firstindex(v), lastindex(v) - check_count(n) + 1):end]
first(itr, n::Integer) = collect(Iterators.take(itr, n))
check_count(n::Integer) = n >= 0 ? Int(n) : throw(ArgumentError("Number of elements must be nonnegative"))

# ---- copies

similar(a::AbstractArray{T}) where {T} = similar(a, T, shape_of(axes(a)))
similar(a::AbstractArray, ::Type{T}) where {T} = similar(a, T, shape_of(axes(a)))
# What `similar` is asked for: sizes, or axes where they may begin elsewhere than at one.
@inline shape_of(axs::Tuple{Vararg{OneTo}}) = lengths_of(axs)
@inline shape_of(axs::Tuple) = axs
similar(a::AbstractArray{T}, dims::Tuple) where {T} = similar(a, T, lengths_of(dims))
similar(a::AbstractArray{T}, dims::Integer...) where {T} = similar(a, T, map(Int, dims))
similar(a::AbstractArray, ::Type{T}, dims::Integer...) where {T} = similar(a, T, map(Int, dims))
similar(a::AbstractArray, ::Type{T}, dims::Tuple) where {T} = similar(a, T, lengths_of(dims))
similar(a::AbstractArray, ::Type{T}, dims::NTuple{N,Int}) where {T,N} = Array{T,N}(undef, dims)
similar(a::AbstractArray, ::Type{T}, ::Tuple{}) where {T} = Array{T,0}(undef, ())
similar(::Type{A}, dims::Tuple) where {T,A<:Array{T}} = Array{T}(undef, lengths_of(dims))
similar(::Type{A}, dims::Integer...) where {A<:AbstractArray} = similar(A, dims)
@inline lengths_of(dims::Tuple) = map(length_of_axis, dims)
@inline length_of_axis(n::Integer) = Int(n)
@inline length_of_axis(r::AbstractUnitRange) = Int(length(r))

copy(a::AbstractArray) = copyto!(similar(a), a)
copymutable(a::AbstractArray) = copyto!(similar(a), a)
copymutable(itr) = collect(itr)
function copyto!(dst::AbstractArray, src::AbstractArray)
    n = length(src)
    n == 0 && return dst
    length(dst) >= n || throw(BoundsError(dst, LinearIndices(src)))
    if axes(dst) == axes(src)
        for i in eachindex(IndexStyle(dst, src), dst)
            @inbounds dst[i] = src[i]
        end
    else
        j = firstindex(dst)
        for x in src
            @inbounds dst[j] = x
            j += 1
        end
    end
    return dst
end
function copyto!(dst::AbstractArray, d::Integer, src::AbstractArray, s::Integer, n::Integer)
    n == 0 && return dst
    n > 0 || throw(ArgumentError("Number of elements to copy must be nonnegative."))
    (checkbounds(Bool, src, s) && checkbounds(Bool, src, s + n - 1)) || throw(BoundsError(src, s:s+n-1))
    (checkbounds(Bool, dst, d) && checkbounds(Bool, dst, d + n - 1)) || throw(BoundsError(dst, d:d+n-1))
    for k in 0:Int(n)-1
        @inbounds dst[d+k] = src[s+k]
    end
    return dst
end
copyto!(dst::AbstractArray, d::Integer, src::AbstractArray) = copyto!(dst, d, src, firstindex(src), length(src))
copyto!(dst::AbstractArray, d::Integer, src::AbstractArray, s::Integer) = copyto!(dst, d, src, s, lastindex(src) - s + 1)
function copyto!(dst::AbstractArray, src)
    i = firstindex(dst)
    last = lastindex(dst)
    for x in src
        i > last && throw(ArgumentError("destination has fewer elements than required"))
        @inbounds dst[i] = x
        i += 1
    end
    return dst
end
copy!(dst::AbstractVector, src::AbstractVector) = (length(dst) != length(src) && resize!(dst, length(src)); copyto!(dst, src))
copy!(dst::AbstractArray, src::AbstractArray) =
    axes(dst) == axes(src) ? copyto!(dst, src) : throw(ArgumentError("arrays must have the same axes for copy! (consider using `copyto!`)"))

function fill!(a::AbstractArray{T}, x) where {T}
    v = convert(T, x)::T
    for i in eachindex(a)
        @inbounds a[i] = v
    end
    return a
end
zero(a::AbstractArray{T}) where {T} = fill!(similar(a), zero(T))
iszero(a::AbstractArray) = all(iszero, a)

isassigned(a::AbstractArray, i::Integer...) = checkbounds(Bool, a, i...)
get(a::AbstractArray, i::Integer, default) = checkbounds(Bool, a, i) ? a[i] : default
get(a::AbstractArray, i::Tuple{}, default) = default
get(a::AbstractArray, i::Tuple, default) = checkbounds(Bool, a, i...) ? a[i...] : default
get(a::AbstractArray, i::CartesianIndex, default) = get(a, i.I, default)
get(f::Callable, a::AbstractArray, i::Integer) = checkbounds(Bool, a, i) ? a[i] : f()
get(f::Callable, a::AbstractArray, i::Tuple) = checkbounds(Bool, a, i...) ? a[i...] : f()
haskey(a::AbstractArray, i) = checkbounds(Bool, a, i)
