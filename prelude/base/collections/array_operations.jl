# Functions on whole arrays: map, filter, comparison, arithmetic, reversal, rotation, repetition.

# ---- map

map(f, itr) = collect(Generator(f, itr))
map(f, x::Number, more::Number...) = f(x, more...)
map(f, a::AbstractArray) = as_similar(a, collect(Generator(f, a)))
# Results for an array of a type that says what is similar to it go into one of those.
@inline function as_similar(a::AbstractArray, result::AbstractArray)
    shape = shape_of(axes(a))
    Core.return_type(similar, Tuple{typeof(a),Type{eltype(result)},typeof(shape)}) === typeof(result) && return result
    return copyto!(similar(a, eltype(result), shape), result)
end
map(f, a::Array{T}) where {T} = map_array(f, a, Core.return_type(f, Tuple{T}))
function map_array(f::F, a::Array{T,N}, ::Type{S}) where {F,T,N,S}
    isconcretetype(S) || return collect(Generator(f, a))
    out = Array{S,N}(undef, size(a))
    for i in 1:arraylen(a)
        arrayset(false, out, f(arrayref(false, a, i)), i)
    end
    return out
end
map(f, itr, second, more...) = collect(Generator(args -> f(args...), zip(itr, second, more...)))
function map!(f::F, out::AbstractArray, a::AbstractArray) where {F}
    for (i, j) in zip(eachindex(out), eachindex(a))
        @inbounds out[i] = f(a[j])
    end
    return out
end
function map!(f::F, out::AbstractArray, a::AbstractArray, b::AbstractArray) where {F}
    for (i, j, k) in zip(eachindex(out), eachindex(a), eachindex(b))
        @inbounds out[i] = f(a[j], b[k])
    end
    return out
end
function map!(f, out::AbstractArray, a::AbstractArray, b::AbstractArray, c::AbstractArray, more::AbstractArray...)
    for (i, args) in zip(eachindex(out), zip(a, b, c, more...))
        out[i] = f(args...)
    end
    return out
end
@inline function foreach(f::F, itr) where {F}
    for x in itr
        f(x)
    end
    return nothing
end
@inline function foreach(f::F, itr, second, more...) where {F}
    for args in zip(itr, second, more...)
        f(args...)
    end
    return nothing
end

filter(f, v::AbstractArray) = filtered_elements(f, v)
function filtered_elements(f::F, v::AbstractArray{T}) where {F,T}
    out = Vector{T}()
    for x in v
        f(x) && push!(out, x)
    end
    return out
end
filter(f, itr::SkipMissing{<:AbstractArray}) = collect(Iterators.filter(f, itr))
filter(f) = Fix1(filter, f)

# ---- comparison

function ==(a::AbstractArray, b::AbstractArray)
    axes(a) == axes(b) || return false
    unknown = false
    for i in eachindex(IndexStyle(a, b), a)
        e = @inbounds a[i] == b[i]
        if e === missing
            unknown = true
        elseif !e
            return false
        end
    end
    return unknown ? missing : true
end
function isequal(a::AbstractArray, b::AbstractArray)
    a === b && return true
    axes(a) == axes(b) || return false
    for i in eachindex(IndexStyle(a, b), a)
        isequal(@inbounds(a[i]), @inbounds(b[i])) || return false
    end
    return true
end
isless(a::AbstractVector, b::AbstractVector) = cmp(a, b) < 0
function cmp(a::AbstractVector, b::AbstractVector)
    for (x, y) in zip(a, b)
        isequal(x, y) || return isless(x, y) ? -1 : 1
    end
    return cmp(length(a), length(b))
end

hash(a::AbstractArray, h::UInt) = hash_elements(a, h)
function hash_elements(a::AbstractArray, h0::UInt)
    h = h0 + 0x7e2d6fb6448beb77
    h = hash(map(first, axes(a)), h)
    h = hash(map(last, axes(a)), h)
    length(a) < 8192 || return hash_some_elements(a, h)
    for x in a
        h = hash(x, h)::UInt
    end
    return h
end
# Of a long array only some elements count: from the end on, at distances that grow as Fibonacci
# numbers, each with its position, and none that equals the one before.
function hash_some_elements(a::AbstractArray, h::UInt)
    places = keys(a)
    k = length(a)
    skip, before = 1, 1
    n = 0
    while true
        n += 1
        x = a[places[k]]
        h = hash(places[k] => x, h)::UInt
        k <= skip && break
        k -= skip
        if rem(n, 4096) == 0
            skip, before = skip + before, skip
        end
        while k >= 1 && isequal(a[places[k]], x)
            k -= 1
        end
        k < 1 && break
    end
    return h
end

# ---- arithmetic

+(a::AbstractArray, b::AbstractArray) = (check_same_axes(a, b); map_two(+, a, b))
-(a::AbstractArray, b::AbstractArray) = (check_same_axes(a, b); map_two(-, a, b))
+(a::AbstractArray, b::AbstractArray, c::AbstractArray) = (a + b) + c
+(a::AbstractArray) = a
# Broadcasts, whose styles say what the result is; but the result for no dimensions has none either.
-(a::AbstractArray) = by_elements(-, a, a)
*(x::Number, a::AbstractArray) = by_elements(*, a, x, a)
*(a::AbstractArray, x::Number) = by_elements(*, a, a, x)
/(a::AbstractArray, x::Number) = by_elements(/, a, a, x)
\(x::Number, a::AbstractArray) = by_elements(\, a, x, a)
# One method for each operator, as programs have methods beside them: what is quicker is chosen behind it.
@inline by_elements(f::F, a::AbstractArray, args...) where {F} = ndims(a) == 0 ? fill(broadcast(f, args...)) : broadcast(f, args...)
@inline by_elements(f::F, ::Array, a::Array) where {F} = map(f, a)
@inline by_elements(f::F, ::Array, x::Number, a::Array) where {F} = map(y -> f(x, y), a)
@inline by_elements(f::F, ::Array, a::Array, x::Number) where {F} = map(y -> f(y, x), a)
map_two(f::F, a::AbstractArray, b::AbstractArray) where {F} = broadcast(f, a, b)
function check_same_axes(a::AbstractArray, b::AbstractArray)
    axes(a) == axes(b) || throw_axes_mismatch(a, b)
    return nothing
end
@noinline throw_axes_mismatch(a, b) = throw_dim_mismatch(string(
    "dimensions must match: a has dims ", axes(a), ", b has dims ", axes(b), ", mismatch at ", first_mismatch(axes(a), axes(b))))
# The shape of the sum of two arrays: sizes of 1 behind those of the other do not count.
promote_shape(a::AbstractArray, b::AbstractArray) = promote_shape(axes(a), axes(b))
function promote_shape(a::Tuple, b::Tuple)
    nfields(a) < nfields(b) && return promote_shape(b, a)
    for d in 1:nfields(a)
        a[d] == (d <= nfields(b) ? b[d] : same_kind_of_one(a[d])) || throw_shapes(a, b, d)
    end
    return a
end
same_kind_of_one(::Integer) = 1
same_kind_of_one(::AbstractUnitRange) = OneTo(1)
@noinline throw_shapes(a, b, d) = throw_dim_mismatch(string("dimensions must match: a has dims ", a, ", b has dims ", b, ", mismatch at ", d))
function first_mismatch(a::Tuple, b::Tuple)
    for d in 1:min(nfields(a), nfields(b))
        length(a[d]) == length(b[d]) || return d
    end
    return min(nfields(a), nfields(b)) + 1
end
complex(a::AbstractArray{<:Complex}) = a
complex(a::AbstractArray) = map(complex, a)
real(a::AbstractArray{<:Real}) = a
real(a::AbstractArray) = map(real, a)
imag(a::AbstractArray) = map(imag, a)
conj(a::AbstractArray{<:Real}) = a
conj(a::AbstractArray) = map(conj, a)
conj!(a::AbstractArray{<:Number}) = map!(conj, a, a)
float(a::AbstractArray{<:AbstractFloat}) = a
float(a::AbstractArray) = map(float, a)
float(r::OrdinalRange{<:Integer}) = float(first(r)):float(step(r)):float(last(r))
float(r::AbstractUnitRange{<:Integer}) = float(first(r)):float(last(r))

# ---- reversal and rotation

function reverse(v::AbstractVector)
    out = similar(v)
    before = firstindex(v) - 1
    for k in 1:length(v)
        out[before+k] = v[lastindex(v)+1-k]
    end
    return out
end
reverse(v::AbstractVector, start::Integer) = reverse(v, start, lastindex(v))
reverse(v::AbstractVector, start::Integer, stop::Integer) = reverse!(copymutable(v), start, stop)
reverse(a::AbstractArray; dims=:) = reversed_along(a, dims)
reversed_along(v::AbstractVector, ::Colon) = reverse(v)
reversed_along(a::AbstractArray, ::Colon) = reversed_along(a, ntuple(identity, Val(ndims(a))))
function reversed_along(a::AbstractArray{T,N}, dims) where {T,N}
    d = dims_tuple(dims)
    for k in d
        1 <= k <= N || throw(ArgumentError(LazyString("dimension ", k, " is not 1 ≤ ", k, " ≤ ", N)))
    end
    out = similar(a, T, size(a))
    for i in CartesianIndices(a)
        out[CartesianIndex(ntuple(k -> k in d ? size(a, k) + 1 - i[k] : i[k], Val(N)))] = a[i]
    end
    return out
end
reverse!(v::AbstractVector) = reverse!(v, firstindex(v), lastindex(v))
reverse!(a::AbstractArray; dims=:) = copyto!(a, reverse(a; dims=dims))

circshift(a::AbstractArray, n::Integer) = circshifted(a, ntuple(d -> d == 1 ? Int(n) : 0, Val(ndims(a))))
circshift(a::AbstractArray, n::Tuple) = circshifted(a, ntuple(d -> d <= nfields(n) ? Int(n[d]) : 0, Val(ndims(a))))
circshift(a::AbstractArray, n::AbstractVector) = circshifted(a, ntuple(d -> d <= length(n) ? Int(n[d]) : 0, Val(ndims(a))))
function circshifted(a::AbstractArray{T,N}, n::NTuple{N,Int}) where {T,N}
    out = similar(a, T, size(a))
    for i in CartesianIndices(a)
        out[CartesianIndex(ntuple(d -> mod(i[d] - 1 + n[d], size(a, d)) + 1, Val(N)))] = a[i]
    end
    return out
end
circshift!(out::AbstractArray, a::AbstractArray, n) = copyto!(out, circshift(a, n))
circshift!(a::AbstractArray, n) = copyto!(a, circshift(a, n))

rotl90(a::AbstractMatrix) = (m = size(a, 2); similar_filled(a, (size(a, 2), size(a, 1)), (i, j) -> a[j, m+1-i]))
rotr90(a::AbstractMatrix) = (n = size(a, 1); similar_filled(a, (size(a, 2), size(a, 1)), (i, j) -> a[n+1-j, i]))
rot180(a::AbstractMatrix) = (n = size(a, 1); m = size(a, 2); similar_filled(a, size(a), (i, j) -> a[n+1-i, m+1-j]))
rotl90(a::AbstractMatrix, k::Integer) = rotated(a, mod(k, 4))
rotr90(a::AbstractMatrix, k::Integer) = rotated(a, mod(-k, 4))
rotated(a, k) = k == 1 ? rotl90(a) : k == 2 ? rot180(a) : k == 3 ? rotr90(a) : copy(a)
function similar_filled(a::AbstractMatrix, dims::Dims{2}, f::F) where {F}
    out = similar(a, eltype(a), dims)
    for j in 1:dims[2], i in 1:dims[1]
        out[i, j] = f(i, j)
    end
    return out
end

# ---- permuted dimensions

permutedims(a::AbstractMatrix) = similar_filled(a, (size(a, 2), size(a, 1)), (i, j) -> a[j, i])
permutedims(v::AbstractVector) = reshape(copy(v), (1, length(v)))
permutedims(a::AbstractArray, perm) = permuted(a, (perm...,))
permutedims(a::AbstractArray, perm::Tuple) = permuted(a, perm)
function permuted(a::AbstractArray{T,N}, perm::Tuple) where {T,N}
    (nfields(perm) == N && is_permutation(perm)) || throw(ArgumentError("no valid permutation of dimensions"))
    out = similar(a, T, ntuple(d -> size(a, perm[d]), Val(N)))
    inverse = ntuple(d -> place_in(d, perm), Val(N))
    for i in CartesianIndices(out)
        out[i] = a[CartesianIndex(ntuple(d -> i[inverse[d]], Val(N)))]
    end
    return out
end
permutedims!(out::AbstractArray, a::AbstractArray, perm) = copyto!(out, permutedims(a, perm))
function is_permutation(perm::Tuple)
    for d in 1:nfields(perm)
        d in perm || return false
    end
    return true
end
# The same without a copy.
struct PermutedDimsArray{T,N,perm,iperm,AA<:AbstractArray} <: AbstractArray{T,N}
    parent::AA
end
PermutedDimsArray(a::AbstractArray, perm) = permuted_view(a, (perm...,))
function permuted_view(a::AbstractArray{T,N}, perm::Tuple) where {T,N}
    nfields(perm) == N || throw(ArgumentError(LazyString(string(perm), " is not a valid permutation of dimensions 1:", N)))
    is_permutation(perm) || throw(ArgumentError("argument is not a permutation"))
    return PermutedDimsArray{T,N,map(Int, perm),ntuple(d -> place_in(d, perm), Val(N)),typeof(a)}(a)
end
@inline parent(a::PermutedDimsArray) = a.parent
@inline size(a::PermutedDimsArray{T,N,perm}) where {T,N,perm} = (dims = size(a.parent); ntuple(d -> dims[perm[d]], Val(N)))
strides(a::PermutedDimsArray{T,N,perm}) where {T,N,perm} = (steps = strides(a.parent); ntuple(d -> steps[perm[d]], Val(N)))
similar(a::PermutedDimsArray, ::Type{T}, dims::NTuple{N,Int}) where {T,N} = similar(a.parent, T, dims)
@inline function getindex(a::PermutedDimsArray{T,N,perm,iperm}, i::Vararg{Int,N}) where {T,N,perm,iperm}
    @boundscheck checkbounds(a, i...)
    return @inbounds a.parent[ntuple(d -> i[iperm[d]], Val(N))...]
end
@inline function setindex!(a::PermutedDimsArray{T,N,perm,iperm}, x, i::Vararg{Int,N}) where {T,N,perm,iperm}
    @boundscheck checkbounds(a, i...)
    @inbounds a.parent[ntuple(d -> i[iperm[d]], Val(N))...] = x
    return a
end
@inline root_array(a::PermutedDimsArray) = root_array(a.parent)
independent(a::PermutedDimsArray{T,N,perm,iperm,AA}) where {T,N,perm,iperm,AA} = PermutedDimsArray{T,N,perm,iperm,AA}(independent(a.parent))

function isperm(v)
    n = length(v)
    seen = fill(false, n)
    for x in v
        (1 <= x <= n && !seen[x]) || return false
        seen[x] = true
    end
    return true
end
function invperm(v::AbstractVector)
    isperm(v) || throw(ArgumentError("argument is not a permutation"))
    out = similar(v)
    for (i, p) in enumerate(v)
        out[p] = i
    end
    return out
end
invperm(t::Tuple) = ntuple(d -> place_in(d, t), Val(nfields(t)))
permute!(v, p::AbstractVector) = copyto!(v, v[p])
invpermute!(v, p::AbstractVector) = copyto!(v, v[invperm(p)])

# ---- repetition

repeat(a::AbstractArray, counts::Integer...) = repeated_blocks(a, map(Int, counts))
repeat(a::AbstractArray; inner=nothing, outer=nothing) = repeated_outer(repeated_inner(a, inner), outer)
repeated_inner(a::AbstractArray, ::Nothing) = a
repeated_outer(a, ::Nothing) = copymutable(a)
repeated_outer(a, n) = repeated_blocks(a, dims_tuple(n))
function repeated_inner(a::AbstractArray, inner)
    n = dims_tuple(inner)
    for k in n
        k >= 0 || throw(ArgumentError(LazyString("no inner repetition count may be negative; got ", n)))
    end
    N = max(ndims(a), nfields(n))
    return repeated_inner_by(a, n, Val(N))
end
function repeated_inner_by(a::AbstractArray{T,M}, n::Tuple, ::Val{N}) where {T,M,N}
    out = similar(a, T, ntuple(d -> size(a, d) * (d <= nfields(n) ? n[d] : 1), Val(N)))
    for i in CartesianIndices(out)
        out[i] = a[CartesianIndex(ntuple(d -> div(i[d] - 1, d <= nfields(n) ? n[d] : 1) + 1, Val(M)))]
    end
    return out
end
repeated_blocks(a::AbstractArray, n::Tuple) = repeated_blocks_by(a, n, Val(max(ndims(a), nfields(n))))
function repeated_blocks_by(a::AbstractArray{T,M}, n::Tuple, ::Val{N}) where {T,M,N}
    for k in n
        k >= 0 || throw(ArgumentError(LazyString("no outer repetition count may be negative; got ", n)))
    end
    out = similar(a, T, ntuple(d -> size(a, d) * (d <= nfields(n) ? n[d] : 1), Val(N)))
    for i in CartesianIndices(out)
        out[i] = a[CartesianIndex(ntuple(d -> mod(i[d] - 1, size(a, d)) + 1, Val(M)))]
    end
    return out
end

# ---- transposes and products are in LinearAlgebra; these are their names here

function adjoint end
function transpose end

function clamp!(a::AbstractArray, lo, hi)
    for i in eachindex(a)
        a[i] = clamp(a[i], lo, hi)
    end
    return a
end

# ---- Kronecker products, which LinearAlgebra exports too

function kron(a::AbstractMatrix, b::AbstractMatrix)
    out = Matrix{Core.return_type(*, Tuple{eltype(a),eltype(b)})}(undef, size(a, 1) * size(b, 1), size(a, 2) * size(b, 2))
    k = 1
    for j in 1:size(a, 2), l in 1:size(b, 2), i in 1:size(a, 1), m in 1:size(b, 1)
        out[k] = a[i, j] * b[m, l]
        k += 1
    end
    return out
end
kron(a::AbstractMatrix, b::AbstractVector) = kron(a, reshape(b, length(b), 1))
kron(a::AbstractVector, b::AbstractMatrix) = kron(reshape(a, length(a), 1), b)
kron(a::Number, b::Union{Number,AbstractVecOrMat}) = a * b
kron(a::AbstractVecOrMat, b::Number) = a * b
kron(a, b, c, more...) = kron(kron(a, b), c, more...)
kron(a::AbstractVector, b::AbstractVector) = [x * y for x in a for y in b]
kron!(out::AbstractMatrix, a::AbstractVecOrMat, b::AbstractVecOrMat) = copyto!(out, kron(a, b))
