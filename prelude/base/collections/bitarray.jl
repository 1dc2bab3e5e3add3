# Arrays of Bool in one bit each: 64 to a word, lowest bit first. Bits behind the end are zero.

mutable struct BitArray{N} <: AbstractArray{Bool,N}
    chunks::Vector{UInt64}
    len::Int
    dims::NTuple{N,Int}
    function BitArray{N}(::UndefInitializer, dims::NTuple{N,Int}) where {N}
        n = dims_product(map(checked_dim, dims))
        return new{N}(zeros(UInt64, (n + 63) >> 6), n, dims)
    end
end
const BitVector = BitArray{1}
const BitMatrix = BitArray{2}
BitArray{N}(::UndefInitializer, dims::Integer...) where {N} = BitArray{N}(undef, map(Int, dims))
BitArray(::UndefInitializer, dims::Integer...) = bits_of_size(map(Int, dims))
BitArray(::UndefInitializer, dims::NTuple{N,Int}) where {N} = BitArray{N}(undef, dims)
bits_of_size(dims::NTuple{N,Int}) where {N} = BitArray{N}(undef, dims)
BitArray{1}() = BitArray{1}(undef, (0,))
BitArray{N}(a::AbstractArray{T,N}) where {T,N} = copy_bits!(BitArray{N}(undef, size(a)), a)
BitArray(a::AbstractArray{T,N}) where {T,N} = copy_bits!(BitArray{N}(undef, size(a)), a)
BitArray{1}(a::AbstractArray{T,1}) where {T} = copy_bits!(BitArray{1}(undef, size(a)), a)
BitArray{1}(itr) = haslength(itr) ? copy_bits!(BitArray{1}(undef, (length(itr),)), itr) : BitArray{1}(collect(itr))
BitArray(itr) = bits_of_items(IteratorSize(itr), itr)
bits_of_items(_, itr) = BitArray{1}(itr)
bits_of_items(::HasShape{N}, itr) where {N} = copy_bits!(BitArray{N}(undef, lengths_of(axes(itr))), itr)
bits_of_items(::SizeUnknown, itr) = BitArray{1}(collect(itr))
function copy_bits!(b::BitArray, itr)
    i = 1
    for x in itr
        set_bit!(b, convert(Bool, x)::Bool, i)
        i += 1
    end
    return b
end
convert(::Type{BitArray{N}}, a::AbstractArray{T,N}) where {T,N} = BitArray{N}(a)
convert(::Type{BitArray{N}}, b::BitArray{N}) where {N} = b

trues(n::Integer...) = fill!(bits_of_size(map(Int, n)), true)
falses(n::Integer...) = bits_of_size(map(Int, n))
trues(dims::Tuple) = fill!(bits_of_size(lengths_of(dims)), true)
falses(dims::Tuple) = bits_of_size(lengths_of(dims))

@inline length(b::BitArray) = b.len
@inline isempty(b::BitArray) = b.len == 0
@inline size(b::BitArray) = b.dims
@inline size(b::BitArray{1}) = (b.len,)
IndexStyle(::Type{<:BitArray}) = IndexLinear()
similar(b::BitArray) = bits_of_size(size(b))
similar(b::BitArray, dims::NTuple{N,Int}) where {N} = BitArray{N}(undef, dims)
similar(b::BitArray, ::Type{Bool}, dims::NTuple{N,Int}) where {N} = BitArray{N}(undef, dims)
similar(b::BitArray, ::Type{T}, dims::NTuple{N,Int}) where {T,N} = Array{T,N}(undef, dims)
copy(b::BitArray) = copy_chunks!(similar(b), b)
function copy_chunks!(dst::BitArray, src::BitArray)
    copyto!(dst.chunks, src.chunks)
    return dst
end

@inline word_of(i::Int) = ((i - 1) >> 6) + 1
@inline bit_of(i::Int) = 0x0000000000000001 << ((i - 1) & 63)
@inline get_bit(b::BitArray, i::Int) = (arrayref(false, b.chunks, word_of(i)) & bit_of(i)) != 0x0000000000000000
@inline function set_bit!(b::BitArray, x::Bool, i::Int)
    w = arrayref(false, b.chunks, word_of(i))
    arrayset(false, b.chunks, x ? w | bit_of(i) : w & ~bit_of(i), word_of(i))
    return nothing
end
@inline function getindex(b::BitArray, i::Int)
    @boundscheck checkbounds(b, i)
    return get_bit(b, i)
end
@inline function setindex!(b::BitArray, x, i::Int)
    @boundscheck checkbounds(b, i)
    set_bit!(b, convert(Bool, x)::Bool, i)
    return b
end
@inline iterate(b::BitArray) = b.len == 0 ? nothing : (get_bit(b, 1), 1)
@inline iterate(b::BitArray, i::Int) = i >= b.len ? nothing : (get_bit(b, i + 1), i + 1)

# Zeroes the bits behind the end.
function trim_bits!(b::BitArray)
    used = b.len & 63
    n = length(b.chunks)
    used == 0 || n == 0 || (b.chunks[n] &= (0x0000000000000001 << used) - 0x0000000000000001)
    return b
end
function fill!(b::BitArray, x)
    fill!(b.chunks, convert(Bool, x) ? 0xffffffffffffffff : 0x0000000000000000)
    return trim_bits!(b)
end
function counted_bits(b::BitArray)
    n = 0
    for w in b.chunks
        n += count_ones(w)
    end
    return n
end
count(b::BitArray) = counted_bits(b)
sum(b::BitArray) = counted_bits(b)
any(b::BitArray) = counted_bits(b) != 0
all(b::BitArray) = counted_bits(b) == b.len
function ==(a::BitArray{N}, b::BitArray{N}) where {N}
    return size(a) == size(b) && a.chunks == b.chunks
end
reshape(b::BitArray, dims::NTuple{N,Int}) where {N} = reshaped_bits(b, dims)
function reshaped_bits(b::BitArray, dims::NTuple{N,Int}) where {N}
    dims_product(dims) == b.len || throw(DimensionMismatch(LazyString("new dimensions ", dims, " must be consistent with array size ", b.len)))
    out = BitArray{N}(undef, dims)
    out.chunks = b.chunks
    return out
end
vec(b::BitArray{1}) = b
vec(b::BitArray) = reshaped_bits(b, (b.len,))

function resize!(b::BitArray{1}, n::Integer)
    n >= 0 || throw(ArgumentError("new length must be ≥ 0"))
    words = (Int(n) + 63) >> 6
    old = length(b.chunks)
    resize!(b.chunks, words)
    for k in old+1:words
        b.chunks[k] = 0x0000000000000000
    end
    b.len = Int(n)
    return trim_bits!(b)
end
function push!(b::BitArray{1}, x)
    v = convert(Bool, x)::Bool
    resize!(b, b.len + 1)
    set_bit!(b, v, b.len)
    return b
end
function pop!(b::BitArray{1})
    isempty(b) && throw(ArgumentError("array must be non-empty"))
    x = b[b.len]
    resize!(b, b.len - 1)
    return x
end
popfirst!(b::BitArray{1}) = (isempty(b) && throw(ArgumentError("array must be non-empty")); x = b[1]; deleteat!(b, 1); x)
pushfirst!(b::BitArray{1}, x) = insert!(b, 1, x)
append!(b::BitArray{1}, itr) = (foreach(x -> push!(b, x), itr); b)
append!(b::BitArray{1}, v::AbstractVector) = (foreach(x -> push!(b, x), v); b)
empty!(b::BitArray{1}) = resize!(b, 0)
sizehint!(b::BitArray{1}, n::Integer) = b
function insert!(b::BitArray{1}, i::Integer, x)
    1 <= i <= b.len + 1 || throw(BoundsError(b, i))
    v = convert(Bool, x)::Bool
    resize!(b, b.len + 1)
    k = b.len
    while k > i
        set_bit!(b, get_bit(b, k - 1), k)
        k -= 1
    end
    set_bit!(b, v, Int(i))
    return b
end
function deleteat!(b::BitArray{1}, i::Integer)
    1 <= i <= b.len || throw(BoundsError(b, i))
    return delete_bits!(b, Int(i), 1)
end
function deleteat!(b::BitArray{1}, r::AbstractUnitRange{<:Integer})
    isempty(r) && return b
    (first(r) < 1 || last(r) > b.len) && throw(BoundsError(b, r))
    return delete_bits!(b, Int(first(r)), Int(length(r)))
end
deleteat!(b::BitArray{1}, mask::AbstractVector{Bool}) = (length(mask) == b.len || throw(BoundsError(b, mask)); keep_where!(i -> !mask[i], b))
function deleteat!(b::BitArray{1}, places)
    gone = falses(b.len)
    before = 0
    for p in places
        1 <= p <= b.len || throw(BoundsError(b, p))
        before < p || throw(ArgumentError("indices must be unique and sorted"))
        gone[p] = true
        before = p
    end
    return keep_where!(i -> !gone[i], b)
end
keepat!(b::BitArray{1}, mask::AbstractVector{Bool}) = (length(mask) == b.len || throw(BoundsError(b, mask)); keep_where!(i -> mask[i], b))
function keepat!(b::BitArray{1}, places)
    kept = 0
    before = 0
    for p in places
        checkbounds(b, p)
        before < p || throw(ArgumentError("indices must be unique and sorted"))
        kept += 1
        set_bit!(b, get_bit(b, Int(p)), kept)
        before = p
    end
    return resize!(b, kept)
end
function keep_where!(f::F, b::BitArray{1}) where {F}
    kept = 0
    for i in 1:b.len
        f(i) || continue
        kept += 1
        set_bit!(b, get_bit(b, i), kept)
    end
    return resize!(b, kept)
end
prepend!(b::BitArray{1}, itr) = prepend!(b, collect(itr))
function prepend!(b::BitArray{1}, v::AbstractVector)
    splice!(b, 1:0, v)
    return b
end
splice!(b::BitArray{1}, i::Integer) = (x = b[i]; deleteat!(b, i); x)
splice!(b::BitArray{1}, i::Integer, new) = (x = b[i]; splice!(b, i:i, new); x)
splice!(b::BitArray{1}, r::AbstractUnitRange{<:Integer}) = (removed = b[r]; deleteat!(b, r); removed)
splice!(b::BitArray{1}, places) = (removed = b[collect(places)]; deleteat!(b, places); removed)
function splice!(b::BitArray{1}, r::AbstractUnitRange{<:Integer}, new)
    removed = b[r]
    isempty(r) && !(1 <= first(r) <= b.len + 1) && throw(BoundsError(b, first(r)))
    behind = b[Int(first(r)) + Int(length(r)):b.len]
    resize!(b, Int(first(r)) - 1)
    append!(b, new)
    append!(b, behind)
    return removed
end
function filter!(f::F, b::BitArray{1}) where {F}
    return keep_where!(i -> f(get_bit(b, i)), b)
end
# Shifts towards the end and towards the beginning; what comes in is false.
<<(b::BitArray{1}, n::Int) = shifted_bits(b, -n)
>>(b::BitArray{1}, n::Int) = shifted_bits(b, n)
<<(b::BitArray{1}, n::UInt) = shifted_bits(b, -Int(min(n, UInt(b.len))))
>>(b::BitArray{1}, n::UInt) = shifted_bits(b, Int(min(n, UInt(b.len))))
>>>(b::BitArray{1}, n::Union{Int,UInt}) = b >> n
function shifted_bits(b::BitArray{1}, n::Int)
    out = falses(b.len)
    for i in max(1, 1 - n):min(b.len, b.len - n)
        set_bit!(out, get_bit(b, i), i + n)
    end
    return out
end
function delete_bits!(b::BitArray{1}, from::Int, n::Int)
    for k in from:b.len-n
        set_bit!(b, get_bit(b, k + n), k)
    end
    return resize!(b, b.len - n)
end
map(f, b::BitArray) = copy_mapped(f, b)
function copy_mapped(f::F, b::BitArray) where {F}
    T = Core.return_type(f, Tuple{Bool})
    T === Bool || return collect(Generator(f, b))
    out = similar(b)
    for i in 1:b.len
        set_bit!(out, f(get_bit(b, i)), i)
    end
    return out
end
reverse(b::BitArray{1}) = (out = similar(b); n = b.len; foreach(i -> set_bit!(out, get_bit(b, n + 1 - i), i), 1:n); out)
