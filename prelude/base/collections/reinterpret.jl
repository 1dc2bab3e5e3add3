# Arrays whose memory is read as elements of another type. Element i of the result has the bytes
# from (i - 1) * sizeof(T) on, also when the elements have different sizes: only the first dimension
# differs.

struct ReinterpretArray{T,N,S,A<:AbstractArray{S},IsReshaped} <: AbstractArray{T,N}
    parent::A
end
IndexStyle(::Type{<:ReinterpretArray}) = IndexLinear()
parent(a::ReinterpretArray) = a.parent

function reinterpret(::Type{T}, a::AbstractArray{S,N}) where {T,S,N}
    check_reinterpretable(T, S)
    if sizeof(T) !== sizeof(S)
        N === 0 && throw(ArgumentError(LazyString("cannot reinterpret a zero-dimensional `", S, "` array to `", T, "` which is of a different size")))
        (size(a, 1) * sizeof(S)) % sizeof(T) == 0 || throw_nonintegral(T, S, size(a, 1))
    end
    return ReinterpretArray{T,N,S,typeof(a),false}(a)
end
reinterpret(::Type{T}, a::AbstractArray{T}) where {T} = a
reinterpret(::Type{T}, a::ReinterpretArray{R,N,S,A,false}) where {T,R,N,S,A} = reinterpret(T, a.parent)
reinterpret(::Type{T}, a::ReinterpretArray{T,N,S,A,false}) where {T,N,S,A} = a

# The first dimension is made of the parts of an element, or made into one.
function reinterpret(::typeof(reshape), ::Type{T}, a::AbstractArray{S,N}) where {T,S,N}
    check_reinterpretable(T, S)
    if sizeof(T) === sizeof(S)
        return ReinterpretArray{T,N,S,typeof(a),true}(a)
    elseif sizeof(T) < sizeof(S)
        sizeof(S) % sizeof(T) === 0 || throw(ArgumentError(LazyString("`reinterpret(reshape, ", T, ", a)` where `eltype(a)` is ", S, " requires that `sizeof(", T, ")` evenly divides `sizeof(", S, ")`")))
        return ReinterpretArray{T,N + 1,S,typeof(a),true}(a)
    else
        sizeof(T) % sizeof(S) === 0 || throw(ArgumentError(LazyString("`reinterpret(reshape, ", T, ", a)` where `eltype(a)` is ", S, " requires that `sizeof(", S, ")` evenly divides `sizeof(", T, ")`")))
        size(a, 1) * sizeof(S) == sizeof(T) || throw(ArgumentError(LazyString("`reinterpret(reshape, ", T, ", a)` where `eltype(a)` is ", S, " requires that `axes(a, 1)` (got ", axes(a, 1), ") be equal to 1:", div(sizeof(T), sizeof(S)), " (from the ratio of element sizes)")))
        return ReinterpretArray{T,N - 1,S,typeof(a),true}(a)
    end
end

function check_reinterpretable(::Type{T}, ::Type{S}) where {T,S}
    isbitstype(T) || throw(ArgumentError(LazyString("cannot reinterpret `", S, "` as `", T, "`, type `", T, "` is not a bits type")))
    isbitstype(S) || throw(ArgumentError(LazyString("cannot reinterpret `", S, "` as `", T, "`, type `", S, "` is not a bits type")))
    (sizeof(T) === 0) === (sizeof(S) === 0) || throw(ArgumentError(LazyString("cannot reinterpret `", S, "` as `", T, "`, one of which has size 0")))
    return nothing
end
@noinline throw_nonintegral(::Type{T}, ::Type{S}, n::Int) where {T,S} =
    throw(ArgumentError(LazyString("cannot reinterpret an `", S, "` array to `", T, "` whose first dimension has size `", n, "`.\nThe resulting array would have non-integral first dimension.\n")))

size(a::ReinterpretArray{T,N,S,A,false}) where {T,N,S,A} = scaled_size(size(a.parent), sizeof(S), max(sizeof(T), 1))
scaled_size(::Tuple{}, from::Int, to::Int) = ()
scaled_size(dims::Tuple, from::Int, to::Int) = from == to ? dims : (div(getfield(dims, 1) * from, to), tail(dims)...)
function size(a::ReinterpretArray{T,N,S,A,true}) where {T,N,S,A}
    sizeof(T) === sizeof(S) && return size(a.parent)
    sizeof(T) < sizeof(S) && return (div(sizeof(S), sizeof(T)), size(a.parent)...)
    return tail(size(a.parent))
end
similar(a::ReinterpretArray, ::Type{T}, dims::Dims) where {T} = similar(a.parent, T, dims)

@inline function getindex(a::ReinterpretArray, i::Int)
    @boundscheck checkbounds(a, i)
    return element_at(a, a.parent, i)
end
@inline function setindex!(a::ReinterpretArray{T}, x, i::Int) where {T}
    @boundscheck checkbounds(a, i)
    store_element!(a, a.parent, convert(T, x), i)
    return a
end

@inline element_at(::ReinterpretArray{T}, p::Array, i::Int) where {T} =
    GC.@preserve p pointerref(bitcast(Ptr{T}, pointer(p)) + (i - 1) * sizeof(T), 1, 1)
@inline store_element!(::ReinterpretArray{T}, p::Array, x::T, i::Int) where {T} =
    GC.@preserve p pointerset(bitcast(Ptr{T}, pointer(p)) + (i - 1) * sizeof(T), x, 1, 1)

# Of what is no Array, the elements that the bytes lie in are copied.
function element_at(a::ReinterpretArray{T,N,S}, p::AbstractArray, i::Int) where {T,N,S}
    covered, offset = covering_elements(T, S, i)
    bytes = S[@inbounds(p[nth_index(p, j)]) for j in covered]
    return GC.@preserve bytes pointerref(bitcast(Ptr{T}, pointer(bytes)) + offset, 1, 1)
end
function store_element!(a::ReinterpretArray{T,N,S}, p::AbstractArray, x::T, i::Int) where {T,N,S}
    covered, offset = covering_elements(T, S, i)
    bytes = S[@inbounds(p[nth_index(p, j)]) for j in covered]
    GC.@preserve bytes pointerset(bitcast(Ptr{T}, pointer(bytes)) + offset, x, 1, 1)
    for (k, j) in enumerate(covered)
        @inbounds p[nth_index(p, j)] = bytes[k]
    end
    return nothing
end
function covering_elements(::Type{T}, ::Type{S}, i::Int) where {T,S}
    start = (i - 1) * sizeof(T)
    first = div(start, sizeof(S))
    last = div(start + sizeof(T) - 1, sizeof(S))
    return (first+1:last+1, start - first * sizeof(S))
end

pointer(a::ReinterpretArray{T}) where {T} = bitcast(Ptr{T}, pointer(a.parent))
pointer(a::ReinterpretArray{T}, i::Integer) where {T} = pointer(a) + (i - 1) * sizeof(T)
unsafe_convert(::Type{Ptr{T}}, a::ReinterpretArray{T}) where {T} = pointer(a)
cconvert(::Type{Ptr{T}}, a::ReinterpretArray) where {T} = a

function showarg(io::IO, a::ReinterpretArray{T,N,S,A,IsReshaped}, toplevel) where {T,N,S,A,IsReshaped}
    print(io, "reinterpret(")
    IsReshaped && print(io, "reshape, ")
    print(io, T, ", ")
    showarg(io, parent(a), false)
    print(io, ")")
    toplevel && IsReshaped && print(io, " with eltype ", T)
    return nothing
end
