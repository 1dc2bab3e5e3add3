# module: LinearAlgebra
# Transposes, products, norms, and what follows from an LU factorization.

import ..Base: adjoint, transpose

export Adjoint, Transpose, SymTridiagonal, Tridiagonal, Bidiagonal, Factorization, Cholesky, Eigen, LU, NoPivot, QR, SVD,
    Hermitian, Symmetric, LowerTriangular, UpperTriangular, UnitLowerTriangular, UnitUpperTriangular, Diagonal, UniformScaling,
    SingularException, PosDefException, axpy!, axpby!, cholesky, cond, condskeel, cross, adjoint, det, diag, diagind, diagm, dot, eigen,
    eigen!, eigmax, eigmin, eigvals, eigvals!, eigvecs, hermitianpart, isdiag, ishermitian, isposdef, issuccess, issymmetric, cholesky!,
    istril, istriu, kron, kron!, ldiv!, logabsdet, logdet, lu, lu!, mul!, lmul!, rmul!, norm, normalize, normalize!, nullspace,
    pinv, qr, qr!, opnorm, rank, rdiv!, rotate!, svd, svd!, svdvals, svdvals!, tr, transpose, transpose!, adjoint!, isbanded, givens, tril, triu, tril!, triu!, ⋅, ×, I

# What a factorization is: two are equal if all their parts are.
abstract type Factorization{T} end
function Base.:(==)(a::F, b::F) where {F<:Factorization}
    for k in 1:nfields(a)
        getfield(a, k) == getfield(b, k) || return false
    end
    return true
end
Base.eltype(::Type{<:Factorization{T}}) where {T} = T

# ---- lazy transposes

struct Adjoint{T,S} <: AbstractMatrix{T}
    parent::S
end
struct Transpose{T,S} <: AbstractMatrix{T}
    parent::S
end
const AdjOrTrans{T} = Union{Adjoint{T},Transpose{T}}
const AdjOrTransVec = Union{Adjoint{T,S},Transpose{T,S}} where {T,S<:AbstractVector}
Adjoint(a::AbstractArray) = Adjoint{Core.return_type(Base.adjoint, Tuple{Base.eltype(a)}),typeof(a)}(a)
Transpose(a::AbstractArray) = Transpose{Core.return_type(Base.transpose, Tuple{Base.eltype(a)}),typeof(a)}(a)
Base.adjoint(a::AbstractVecOrMat) = Adjoint(a)
Base.transpose(a::AbstractVecOrMat) = Transpose(a)
Base.adjoint(a::Adjoint) = a.parent
Base.transpose(a::Transpose) = a.parent
Base.adjoint(a::Transpose{<:Real}) = a.parent
Base.transpose(a::Adjoint{<:Real}) = a.parent
Base.parent(a::AdjOrTrans) = a.parent
Base.IndexStyle(::Type{<:Adjoint{T,S}}) where {T,S<:AbstractVector} = Base.IndexLinear()
Base.IndexStyle(::Type{<:Transpose{T,S}}) where {T,S<:AbstractVector} = Base.IndexLinear()
Base.size(a::AdjOrTrans) = swapped_size(a.parent)
swapped_size(a::AbstractVector) = (1, length(a))
swapped_size(a::AbstractMatrix) = (size(a, 2), size(a, 1))
@inline function Base.getindex(a::Adjoint{T,<:AbstractMatrix}, i::Int, j::Int) where {T}
    @boundscheck checkbounds(a, i, j)
    return adjoint(@inbounds a.parent[j, i])
end
@inline function Base.getindex(a::Transpose{T,<:AbstractMatrix}, i::Int, j::Int) where {T}
    @boundscheck checkbounds(a, i, j)
    return transpose(@inbounds a.parent[j, i])
end
@inline function Base.getindex(a::Adjoint{T,<:AbstractVector}, i::Int) where {T}
    @boundscheck checkbounds(a, i)
    return adjoint(@inbounds a.parent[i])
end
@inline function Base.getindex(a::Transpose{T,<:AbstractVector}, i::Int) where {T}
    @boundscheck checkbounds(a, i)
    return transpose(@inbounds a.parent[i])
end
Base.setindex!(a::Adjoint{T,<:AbstractMatrix}, v, i::Int, j::Int) where {T} = (a.parent[j, i] = adjoint(v); a)
Base.setindex!(a::Transpose{T,<:AbstractMatrix}, v, i::Int, j::Int) where {T} = (a.parent[j, i] = transpose(v); a)
Base.setindex!(a::Adjoint{T,<:AbstractVector}, v, i::Int) where {T} = (a.parent[i] = adjoint(v); a)
Base.setindex!(a::Transpose{T,<:AbstractVector}, v, i::Int) where {T} = (a.parent[i] = transpose(v); a)
Base.similar(a::AdjOrTrans, ::Type{T}, dims::NTuple{N,Int}) where {T,N} = Base.similar(a.parent, T, dims)
# What is like a row is a row of its own kind, and so are its multiples, sums and parts.
const AdjointVec{T,S<:AbstractVector} = Adjoint{T,S}
const TransposeVec{T,S<:AbstractVector} = Transpose{T,S}
Base.similar(a::AdjointVec) = Adjoint(Base.similar(a.parent))
Base.similar(a::TransposeVec) = Transpose(Base.similar(a.parent))
Base.similar(a::AdjointVec, ::Type{T}) where {T} = Adjoint(Base.similar(a.parent, Core.return_type(Base.adjoint, Tuple{T})))
Base.similar(a::TransposeVec, ::Type{T}) where {T} = Transpose(Base.similar(a.parent, Core.return_type(Base.transpose, Tuple{T})))
Base.:-(a::Adjoint) = Adjoint(-a.parent)
Base.:-(a::Transpose) = Transpose(-a.parent)
Base.by_elements(f::F, ::AdjOrTransVec, x::Number, a::AdjOrTransVec) where {F} = row_of(y -> f(x, y), a)
Base.by_elements(f::F, ::AdjOrTransVec, a::AdjOrTransVec, x::Number) where {F} = row_of(y -> f(y, x), a)
row_of(f::F, a::Adjoint) where {F} = Adjoint(map(y -> adjoint(f(adjoint(y))), a.parent))
row_of(f::F, a::Transpose) where {F} = Transpose(map(y -> transpose(f(transpose(y))), a.parent))
Base.:+(a::AdjointVec, b::AdjointVec) = (Base.check_same_axes(a, b); Adjoint(a.parent + b.parent))
Base.:-(a::AdjointVec, b::AdjointVec) = (Base.check_same_axes(a, b); Adjoint(a.parent - b.parent))
Base.:+(a::TransposeVec, b::TransposeVec) = (Base.check_same_axes(a, b); Transpose(a.parent + b.parent))
Base.:-(a::TransposeVec, b::TransposeVec) = (Base.check_same_axes(a, b); Transpose(a.parent - b.parent))
Base.hcat(a::AdjointVec, more::Union{Number,AdjointVec}...) = Adjoint(vcat(a.parent, map(adjoint, more)...))
Base.hcat(a::TransposeVec, more::Union{Number,TransposeVec}...) = Transpose(vcat(a.parent, map(transpose, more)...))
Base.getindex(a::AdjOrTransVec, ::Colon, i::AbstractVector{Int}) = wrapped_as(a, a.parent[i])
Base.getindex(a::AdjOrTransVec, ::Colon, ::Colon) = wrapped_as(a, a.parent[:])
wrapped_as(::Adjoint, x) = Adjoint(x)
wrapped_as(::Transpose, x) = Transpose(x)
Base.vec(a::AdjOrTransVec) = map(identity, a.parent)
Base.map(f, a::Adjoint{<:Real,<:AbstractVector}) = Adjoint(map(f, a.parent))
Base.showarg(io::IO, a::Adjoint, toplevel) = show_wrapped(io, "adjoint(", a, toplevel)
Base.showarg(io::IO, a::Transpose, toplevel) = show_wrapped(io, "transpose(", a, toplevel)
function show_wrapped(io::IO, call::String, a::AdjOrTrans, toplevel::Bool)
    print(io, call)
    Base.showarg(io, a.parent, false)
    print(io, ")")
    toplevel && print(io, " with eltype ", Base.eltype(a))
    return nothing
end
@inline Base.described_kind(a::AdjOrTrans) = (Base.described_parent(a)..., " with eltype ", Base.eltype(a))
@inline Base.described_parent(a::Adjoint) = ("adjoint(", Base.described_parent(a.parent)..., ")")
@inline Base.described_parent(a::Transpose) = ("transpose(", Base.described_parent(a.parent)..., ")")
Base.root_array(a::AdjOrTrans) = Base.root_array(a.parent)
Base.independent(a::Adjoint{T,S}) where {T,S} = Adjoint{T,S}(Base.independent(a.parent))
Base.independent(a::Transpose{T,S}) where {T,S} = Transpose{T,S}(Base.independent(a.parent))

# ---- products

product_of(x, y) = x * y + x * y
@inline product_type(a::AbstractArray, b::AbstractArray) = Core.return_type(product_of, Tuple{Base.eltype(a),Base.eltype(b)})

function Base.:*(a::AbstractMatrix, b::AbstractMatrix)
    size(a, 2) == size(b, 1) || throw_product_sizes(a, b)
    return mul!(Base.similar(b, product_type(a, b), (size(a, 1), size(b, 2))), a, b)
end
function Base.:*(a::AbstractMatrix, x::AbstractVector)
    size(a, 2) == length(x) || throw(DimensionMismatch(LazyString(
        "matrix A has dimensions (", size(a, 1), ",", size(a, 2), "), vector B has length ", length(x))))
    return mul!(Base.similar(x, product_type(a, x), (size(a, 1),)), a, x)
end
Base.:*(x::AbstractVector, a::AbstractMatrix) = reshape(x, length(x), 1) * a
Base.:*(a::AdjOrTransVec, x::AbstractVector) = row_times_column(a, x)
Base.:*(a::Adjoint{T,<:AbstractVector}, b::AbstractMatrix) where {T} = adjoint(adjoint(b) * a.parent)
Base.:*(a::Transpose{T,<:AbstractVector}, b::AbstractMatrix) where {T} = transpose(transpose(b) * a.parent)
Base.:*(x::AbstractVector, a::AdjOrTransVec) = x .* a
Base.:*(a::AbstractMatrix, b::AbstractMatrix, c::AbstractVecOrMat) = (a * b) * c
function row_times_column(a, x)
    length(a) == length(x) || throw(DimensionMismatch(LazyString(
        "dot product arguments have lengths ", length(a), " and ", length(x))))
    isempty(x) && return zero(Base.eltype(a)) * zero(Base.eltype(x))
    s = a[1] * x[1]
    for i in 2:length(x)
        s += a[i] * x[i]
    end
    return s
end
@noinline throw_product_sizes(a, b) = throw(DimensionMismatch(product_sizes_text(a, b)))
product_sizes_text(a, b) = LazyString("matrix A has dimensions (", size(a, 1), ",", size(a, 2), "), matrix B has dimensions (", size(b, 1), ",", size(b, 2), ")")
product_sizes_text(a::AbstractMatrix{T}, b::AbstractMatrix{T}) where {T<:AbstractFloat} =
    LazyString("A has dimensions (", size(a, 1), ",", size(a, 2), ") but B has dimensions (", size(b, 1), ",", size(b, 2), ")")

# Where a sum of products begins: elements of any type only have a zero as values.
@inline first_sum(::Type{T}, a::AbstractMatrix, i::Int, b::AbstractVecOrMat, j::Int) where {T} = zero(T)
first_sum(::Type{Any}, a::AbstractMatrix, i::Int, b::AbstractVecOrMat, j::Int) =
    size(a, 2) == 0 ? zero(Any) : zero(product_of(a[i, 1], b[1, j]))

# Each element is summed from left to right.
function mul!(c::AbstractMatrix, a::AbstractMatrix, b::AbstractMatrix)
    (size(c, 1) == size(a, 1) && size(c, 2) == size(b, 2)) || throw(DimensionMismatch(LazyString(
        "result C has dimensions ", size(c), ", needs ", (size(a, 1), size(b, 2)))))
    for j in 1:size(b, 2), i in 1:size(a, 1)
        s = first_sum(Base.eltype(c), a, i, b, j)
        for k in 1:size(a, 2)
            s += @inbounds a[i, k] * b[k, j]
        end
        @inbounds c[i, j] = s
    end
    return c
end
function mul!(y::AbstractVector, a::AbstractMatrix, x::AbstractVector)
    length(y) == size(a, 1) || throw(DimensionMismatch(LazyString("result C has length ", length(y), ", needs length ", size(a, 1))))
    for i in 1:size(a, 1)
        s = first_sum(Base.eltype(y), a, i, x, 1)
        for k in 1:size(a, 2)
            s += @inbounds a[i, k] * x[k]
        end
        @inbounds y[i] = s
    end
    return y
end
mul!(c, a, b, α, β) = (c .= α .* (a * b) .+ β .* c)

function Base.:^(a::AbstractMatrix, p::Integer)
    size(a, 1) == size(a, 2) || throw_not_square(a)
    p < 0 && return inv(a)^(-p)
    p == 0 && return one(a)
    result = a
    started = false
    while true
        if isodd(p)
            result = started ? result * a : copy(a)
            started = true
        end
        p >>= 1
        p == 0 && return result
        a = a * a
    end
end
@noinline throw_not_square(a) = throw(DimensionMismatch(LazyString("matrix is not square: dimensions are ", size(a))))
checksquare(a::AbstractMatrix) = size(a, 1) == size(a, 2) ? size(a, 1) : throw_not_square(a)
Base.oneunit(a::AbstractMatrix{T}) where {T} = one(a) .* oneunit(T)
function Base.one(a::AbstractMatrix{T}) where {T}
    size(a, 1) == size(a, 2) || throw(DimensionMismatch("multiplicative identity defined only for square matrices"))
    n = checksquare(a)
    out = fill!(Base.similar(a, T, (n, n)), zero(T))
    for i in 1:n
        out[i, i] = one(T)
    end
    return out
end

function dot(x, y)
    length(x) == length(y) || throw(DimensionMismatch(LazyString(
        "first array has length ", length(x), " which does not match the length of the second, ", length(y), ".")))
    isempty(x) && return dot(zero(Base.eltype(x)), zero(Base.eltype(y)))
    s = zero(dot(first(x), first(y)))
    for (a, b) in zip(x, y)
        s += dot(a, b)
    end
    return s
end
dot(x::Number, y::Number) = conj(x) * y
dot(x::AbstractVector, a::AbstractMatrix, y::AbstractVector) = dot(x, a * y)
const ⋅ = dot
function cross(a::AbstractVector, b::AbstractVector)
    length(a) == length(b) == 3 || throw(DimensionMismatch("cross product is only defined for vectors of length 3"))
    return [a[2] * b[3] - a[3] * b[2], a[3] * b[1] - a[1] * b[3], a[1] * b[2] - a[2] * b[1]]
end
const × = cross

# ---- norms and sums

function norm(itr, p::Real=2)
    isempty(itr) && return float(norm(zero(Base.eltype(itr))))
    p == 2 && return norm2(itr)
    p == 1 && return float(sum(norm, itr))
    p == Inf && return float(maximum(norm, itr))
    p == -Inf && return float(minimum(norm, itr))
    p == 0 && return float(count(!iszero, itr))
    return sum(x -> norm(x)^p, itr)^inv(p)
end
norm(x::Number, p::Real=2) = p == 0 ? (iszero(x) ? zero(float(abs(x))) : one(float(abs(x)))) : float(abs(x))
# Squares are scaled only where they would overflow or vanish.
function norm2(itr)
    largest = float(maximum(norm, itr))
    (iszero(largest) || isinf(largest)) && return largest
    if isfinite(length(itr) * largest * largest) && !iszero(largest * largest)
        s = zero(Float64)
        for x in itr
            s += Float64(norm(x))^2
        end
        return oftype(largest, sqrt(s))
    end
    s = zero(Float64)
    for x in itr
        s += Float64(norm(x) / largest)^2
    end
    return oftype(largest, largest * sqrt(s))
end
norm_of_array(a) = norm(a)
# Arrays are about equal if their distance is small compared with them.
function Base.isapprox(x::AbstractArray, y::AbstractArray; atol::Real=0,
    rtol::Real=Base.rtoldefault(real(Base.eltype(x)), real(Base.eltype(y)), atol), nans::Bool=false, norm=norm_of_array)
    distance = norm(x - y)
    isfinite(distance) && return distance <= max(atol, rtol * max(norm(x), norm(y)))
    for (a, b) in zip(x, y)
        isapprox(a, b; atol=atol, rtol=rtol, nans=nans) || return false
    end
    return true
end
normalize(v::AbstractArray, p::Real=2) = (n = norm(v, p); normalize_by!(copyto!(similar(v, typeof(zero(Base.eltype(v)) / n)), v), n))
normalize!(v::AbstractArray, p::Real=2) = normalize_by!(v, norm(v, p))
# Multiplied by the inverse, unless that is infinite.
function normalize_by!(v::AbstractArray, n)
    smallest = inv(prevfloat(typemax(float(n))))
    n >= smallest && return (v .= v .* inv(n))
    up = eps(one(n)) / smallest
    v .= v .* up
    return v .= v .* inv(n * up)
end
# The greatest singular value, or the greatest sum of a column or of a row.
function opnorm(a::AbstractMatrix, p::Real=2)
    p == 2 || p == 1 || p == Inf || throw(ArgumentError(LazyString("invalid p-norm p=", p, ". Valid: 1, 2, Inf")))
    isempty(a) && return zero(float(real(Base.eltype(a))))
    return p == 2 ? svdvals(a)[1] : float(maximum(sum(abs, a; dims=p == 1 ? 1 : 2)))
end
function tr(a::AbstractMatrix)
    n = checksquare(a)
    s = zero(Base.eltype(a))
    for i in 1:n
        s += a[i, i]
    end
    return s
end
function diag(a::AbstractMatrix, k::Integer=0)
    from = max(1, 1 - k)
    return [a[i, i+k] for i in from:min(size(a, 1), size(a, 2) - k)]
end
# Vectors on diagonals: how far each is above the main one.
diagm(kv::Pair{<:Integer,<:AbstractVector}...) = diagonals(zero_matrix(kv, diagonals_size(kv), diagonals_size(kv)), kv)
diagm(m::Integer, n::Integer, kv::Pair{<:Integer,<:AbstractVector}...) = diagonals(zero_matrix(kv, m, n), kv)
diagonals_size(kv) = mapreduce(p -> length(last(p)) + abs(first(p)), max, kv)
zero_matrix(kv, m, n) = zeros(promote_type(map(p -> Base.eltype(last(p)), kv)...), Int(m), Int(n))
function diagonals(out::AbstractMatrix, kv)
    for (k, v) in kv, i in 1:length(v)
        out[k < 0 ? i - k : i, k < 0 ? i : i + k] += v[i]
    end
    return out
end
function diagm(v::AbstractVector{T}) where {T}
    out = zeros(T, length(v), length(v))
    for i in 1:length(v)
        out[i, i] = v[i]
    end
    return out
end
triu(a::AbstractMatrix, k::Integer=0) = masked(a, (i, j) -> j - i >= k)
tril(a::AbstractMatrix, k::Integer=0) = masked(a, (i, j) -> j - i <= k)
function masked(a::AbstractMatrix, f::F) where {F}
    out = a isa Mirrored ? Matrix(a) : copy(a)
    for j in 1:size(a, 2), i in 1:size(a, 1)
        f(i, j) || (out[i, j] = zero(Base.eltype(a)))
    end
    return out
end
issymmetric(a::AbstractMatrix) = size(a, 1) == size(a, 2) && all(a[i, j] == transpose(a[j, i]) for j in 1:size(a, 2) for i in 1:j)
ishermitian(a::AbstractMatrix) = size(a, 1) == size(a, 2) && all(a[i, j] == adjoint(a[j, i]) for j in 1:size(a, 2) for i in 1:j)
istriu(a::AbstractMatrix) = istriu(a, 0)
istril(a::AbstractMatrix) = istril(a, 0)
istriu(a::AbstractMatrix, k::Integer) = all(iszero(a[i, j]) for j in 1:size(a, 2) for i in max(1, j - k + 1):size(a, 1))
istril(a::AbstractMatrix, k::Integer) = all(iszero(a[i, j]) for j in 1:size(a, 2) for i in 1:min(j - k - 1, size(a, 1)))
isbanded(a::AbstractMatrix, low::Integer, high::Integer) = istriu(a, low) && istril(a, high)
isdiag(a::AbstractMatrix) = istriu(a) && istril(a)

# ---- multiples of the identity

struct UniformScaling{T<:Number}
    λ::T
end
const I = UniformScaling(true)
Base.getindex(s::UniformScaling, i::Integer, j::Integer) = i == j ? s.λ : zero(s.λ)
Base.eltype(::Type{UniformScaling{T}}) where {T} = T
(s::UniformScaling)(n::Integer) = Diagonal(fill(s.λ, n))
function Base.show(io::IO, ::MIME"text/plain", s::UniformScaling)
    print(io, typeof(s), "\n")
    factor = string(s.λ)
    print(io, s.λ isa Complex ? string("(", factor, ")") : factor, "*I")
    return nothing
end
Base.Matrix{T}(s::UniformScaling, m::Integer, n::Integer) where {T} = shifted_diagonal(zeros(T, m, n), s.λ)
Base.Matrix(s::UniformScaling{T}, m::Integer, n::Integer) where {T} = shifted_diagonal(zeros(T, m, n), s.λ)
function shifted_diagonal(a::AbstractMatrix, λ)
    for i in 1:min(size(a, 1), size(a, 2))
        a[i, i] += λ
    end
    return a
end
function Base.:+(a::AbstractMatrix{T}, s::UniformScaling{S}) where {T,S}
    checksquare(a)
    return shifted_diagonal(copyto!(Base.similar(a, promote_type(T, S)), a), s.λ)
end
Base.:+(s::UniformScaling, a::AbstractMatrix) = a + s
Base.:-(a::AbstractMatrix, s::UniformScaling) = a + UniformScaling(-s.λ)
Base.:-(s::UniformScaling, a::AbstractMatrix) = -a + s
Base.:-(s::UniformScaling) = UniformScaling(-s.λ)
Base.:*(a::AbstractMatrix, s::UniformScaling) = a * s.λ
Base.:*(s::UniformScaling, a::AbstractVecOrMat) = s.λ * a
Base.:*(x::Number, s::UniformScaling) = UniformScaling(x * s.λ)
Base.:*(s::UniformScaling, x::Number) = UniformScaling(s.λ * x)
Base.:(==)(s::UniformScaling, a::AbstractMatrix) = a == s
Base.:(==)(a::AbstractMatrix, s::UniformScaling) = size(a, 1) == size(a, 2) && all(a[i, j] == s[i, j] for j in axes(a, 2) for i in axes(a, 1))

# ---- LU with partial pivoting

struct SingularException <: Exception
    info::Int
end
struct LU{T,M<:AbstractMatrix{T},P<:AbstractVector{Int}} <: Factorization{T}
    factors::M
    ipiv::P
    info::Int
end
lu_type(::Type{T}) where {T} = Core.return_type(quotient_of, Tuple{T})
quotient_of(x) = (y = oneunit(x) / one(x); y * y + x)
function lu(a::AbstractMatrix{T}; check::Bool=true) where {T}
    f = lu!(copyto!(Matrix{lu_type(T)}(undef, size(a, 1), size(a, 2)), a))
    check && f.info != 0 && throw(SingularException(f.info))
    return f
end
# L below the diagonal, U on it and above. The row with the largest element of a column goes up.
function lu!(a::AbstractMatrix{T}) where {T}
    m, n = size(a, 1), size(a, 2)
    pivots = Vector{Int}(undef, min(m, n))
    info = 0
    for k in 1:min(m, n)
        p = k
        for i in k+1:m
            abs(a[i, k]) > abs(a[p, k]) && (p = i)
        end
        pivots[k] = p
        if iszero(a[p, k])
            info == 0 && (info = k)
            continue
        end
        if p != k
            for j in 1:n
                a[k, j], a[p, j] = a[p, j], a[k, j]
            end
        end
        r = inv(a[k, k])
        for i in k+1:m
            a[i, k] *= r
        end
        for j in k+1:n, i in k+1:m
            a[i, j] -= a[i, k] * a[k, j]
        end
    end
    return LU{T,typeof(a),Vector{Int}}(a, pivots, info)
end
function det(a::AbstractMatrix{T}) where {T}
    n = checksquare(a)
    n == 0 && return one(T)
    f = lu(a; check=false)
    f.info == 0 || return zero(Base.eltype(f.factors))
    d = one(Base.eltype(f.factors))
    for i in 1:n
        d *= f.factors[i, i]
        f.ipiv[i] == i || (d = -d)
    end
    return d
end
det(x::Number) = x
det(a::AbstractMatrix{BigInt}) = det_bareiss(a)
# Elimination without fractions: what is divided by the pivot before the last is a multiple of it.
det_bareiss(a::AbstractMatrix) = det_bareiss!(copymutable(a))
function det_bareiss!(a::AbstractMatrix)
    n = checksquare(a)
    n == 0 && return one(Base.eltype(a))
    negative = false
    before = one(Base.eltype(a))
    for k in 1:n-1
        if iszero(a[k, k])
            c = findfirst(j -> !iszero(a[k, j]), k+1:n)
            c === nothing && return zero(Base.eltype(a))
            for i in k:n
                a[i, k], a[i, k+c] = a[i, k+c], a[i, k]
            end
            negative = !negative
        end
        for j in k+1:n, i in k+1:n
            a[i, j] = exact_quotient(a[i, j] * a[k, k] - a[i, k] * a[k, j], before)
        end
        before = a[k, k]
    end
    return negative ? -a[n, n] : a[n, n]
end
exact_quotient(x::Integer, y::Integer) = div(x, y)
exact_quotient(x, y) = x / y
function solve!(f::LU, b::AbstractVecOrMat)
    a = f.factors
    n = size(a, 1)
    for c in 1:size(b, 2)
        for k in 1:n
            p = f.ipiv[k]
            p == k || ((b[k, c], b[p, c]) = (b[p, c], b[k, c]))
        end
        for k in 1:n, i in k+1:n
            b[i, c] -= a[i, k] * b[k, c]
        end
        back_substitute!(a, b, c)
    end
    return b
end
function back_substitute!(a::AbstractMatrix, b::AbstractVecOrMat, c::Int)
    for k in size(a, 1):-1:1
        b[k, c] = a[k, k] \ b[k, c]
        for i in 1:k-1
            b[i, c] -= a[i, k] * b[k, c]
        end
    end
    return b
end
function Base.:\(f::LU{T}, b::AbstractVecOrMat{S}) where {T,S}
    size(f.factors, 1) == size(b, 1) || throw(DimensionMismatch("arguments must have the same number of rows"))
    return solve!(f, copyto!(Base.similar(b, promote_type(T, S), size(b)), b))
end
function Base.:\(a::AbstractMatrix, b::AbstractVecOrMat)
    size(a, 1) == size(b, 1) || throw(DimensionMismatch("arguments must have the same number of rows"))
    size(a, 1) == size(a, 2) || return least_squares(a, b)
    is_upper = istriu(a)
    is_upper && !all(k -> iszero(a[k, k]), axes(a, 1)) && return triangular_solve(a, b, true)
    istril(a) && return triangular_solve(a, b, false)
    return lu(a) \ b
end
Base.:/(a::AbstractMatrix, b::AbstractMatrix) = copy(transpose(transpose(b) \ transpose(a)))
function Base.inv(a::AbstractMatrix{T}) where {T}
    checksquare(a)
    return inverse_by_factors(lu(a))
end
inverse_by_factors(f::LU) = solve!(f, one(f.factors))
# Of floats: the inverse of U, which is multiplied by that of L from the right, column after column
# from the last.
function inverse_by_factors(f::LU{T}) where {T<:Union{Float32,Float64,ComplexF32,ComplexF64}}
    a = f.factors
    n = size(a, 1)
    for j in 1:n
        a[j, j] = inv(a[j, j])
        for k in 1:j-1
            x = a[k, j]
            for i in 1:k-1
                a[i, j] = muladd(x, a[i, k], a[i, j])
            end
            a[k, j] = x * a[k, k]
        end
        for i in 1:j-1
            a[i, j] *= -a[j, j]
        end
    end
    below = Vector{T}(undef, n)
    for j in n-1:-1:1
        for i in j+1:n
            below[i] = a[i, j]
            a[i, j] = zero(T)
        end
        for k in j+1:n, i in 1:n
            a[i, j] = muladd(-below[k], a[i, k], a[i, j])
        end
    end
    for j in n-1:-1:1
        p = f.ipiv[j]
        p == j && continue
        for i in 1:n
            a[i, j], a[i, p] = a[i, p], a[i, j]
        end
    end
    return a
end
