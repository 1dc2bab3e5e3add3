# module: LinearAlgebra
# Determinants by their logarithm, and small helpers on indices and vectors.

logabsdet(a::AbstractMatrix) = (checksquare(a); logabsdet(lu(a; check=false)))
logabsdet(x::Number) = (log(abs(x)), sign(x))
function logabsdet(f::LU)
    n = checksquare(f.factors)
    T = eltype(f.factors)
    size_log, sign = zero(real(T)), one(T)
    for i in 1:n
        x = f.factors[i, i]
        iszero(x) && return oftype(size_log, -Inf), zero(T)
        size_log += log(abs(x))
        sign *= x / abs(x)
        f.ipiv[i] == i || (sign = -sign)
    end
    return size_log, sign
end
logabsdet(f::Cholesky) = (logdet(f), one(eltype(f.factors)))
function logdet(a::Union{AbstractMatrix,LU,Number})
    d, s = logabsdet(a)
    return d + log(s)
end
logdet(f::Cholesky) = (half = sum(x -> log(real(x)), diag(f.factors)); half + half)

# ---- what factorizations stand for

Base.size(f::Union{LU,Cholesky}) = size(f.factors)
Base.size(f::SVD) = (size(f.U, 1), size(f.Vt, 2))
Base.size(f::Union{LU,Cholesky,SVD}, d::Integer) = d <= 2 ? size(f)[d] : 1
Base.Matrix(f::LU) = (f.L*f.U)[invperm(f.p), :]
Base.Matrix(f::Cholesky) = Matrix(f.L * f.U)
Base.Array(f::Union{LU,Cholesky}) = Matrix(f)
Base.inv(f::LU) = inverse_by_factors(LU(copy(f.factors), f.ipiv, f.info))
Base.inv(f::Cholesky) = (n = size(f, 1); f \ Matrix{eltype(f.factors)}(I, n, n))
# The triangle below keeps what it held.
function cholesky!(a::AbstractMatrix; check::Bool=true)
    f = cholesky(a; check=check)
    for j in axes(a, 2), i in 1:j
        a[i, j] = f.factors[i, j]
    end
    return Cholesky{eltype(a),typeof(a)}(a, f.uplo, f.info)
end

# ---- multiples of the identity

Base.:+(s::UniformScaling, t::UniformScaling) = UniformScaling(s.λ + t.λ)
Base.:-(s::UniformScaling, t::UniformScaling) = UniformScaling(s.λ - t.λ)
Base.:*(s::UniformScaling, t::UniformScaling) = UniformScaling(s.λ * t.λ)
Base.:^(s::UniformScaling, n::Number) = UniformScaling(s.λ^n)
Base.:/(s::UniformScaling, x::Number) = UniformScaling(s.λ / x)
Base.:/(a::AbstractMatrix, s::UniformScaling) = a / s.λ
Base.:\(a::AbstractMatrix, s::UniformScaling) = inv(a) * s.λ
Base.inv(s::UniformScaling) = UniformScaling(inv(s.λ))
Base.transpose(s::UniformScaling) = s
Base.adjoint(s::UniformScaling) = UniformScaling(conj(s.λ))
Base.iszero(s::UniformScaling) = iszero(s.λ)
Base.isone(s::UniformScaling) = isone(s.λ)
Base.copyto!(a::AbstractMatrix, s::UniformScaling) = shifted_diagonal(fill!(a, zero(eltype(a))), s.λ)
# Beside or below matrices it has the size that fits.
square_of(s::UniformScaling, n::Int) = Matrix(s, n, n)
square_of(a, n::Int) = a
Base.hcat(s::UniformScaling, a::AbstractVecOrMat, xs::Union{AbstractVecOrMat,UniformScaling}...) = (n = size(a, 1); hcat(square_of(s, n), a, map(x -> square_of(x, n), xs)...))
Base.hcat(a::AbstractVecOrMat, s::UniformScaling, xs::Union{AbstractVecOrMat,UniformScaling}...) = (n = size(a, 1); hcat(a, square_of(s, n), map(x -> square_of(x, n), xs)...))
Base.vcat(s::UniformScaling, a::AbstractMatrix, xs::Union{AbstractMatrix,UniformScaling}...) = (n = size(a, 2); vcat(square_of(s, n), a, map(x -> square_of(x, n), xs)...))
Base.vcat(a::AbstractMatrix, s::UniformScaling, xs::Union{AbstractMatrix,UniformScaling}...) = (n = size(a, 2); vcat(a, square_of(s, n), map(x -> square_of(x, n), xs)...))
# `[A I; I B]`, by what stands first, so that blocks without `I` are not concerned.
const Block = Union{AbstractVecOrMat,UniformScaling}
Base.hvcat(rows::Tuple{Vararg{Int}}, s::UniformScaling, xs::Block...) = blocks_in_rows(rows, s, xs...)
Base.hvcat(rows::Tuple{Vararg{Int}}, a::AbstractVecOrMat, s::UniformScaling, xs::Block...) = blocks_in_rows(rows, a, s, xs...)
Base.hvcat(rows::Tuple{Vararg{Int}}, a::AbstractVecOrMat, b::AbstractVecOrMat, s::UniformScaling, xs::Block...) = blocks_in_rows(rows, a, b, s, xs...)
Base.hvcat(rows::Tuple{Vararg{Int}}, a::AbstractVecOrMat, b::AbstractVecOrMat, c::AbstractVecOrMat, s::UniformScaling, xs::Block...) =
    blocks_in_rows(rows, a, b, c, s, xs...)
function blocks_in_rows(rows, xs...)
    heights = zeros(Int, length(xs))
    at = 0
    for n in rows
        k = findfirst(i -> !(xs[i] isa UniformScaling), at+1:at+n)
        k === nothing && throw(ArgumentError("hvcat of only UniformScaling objects cannot determine the matrix size"))
        heights[at+1:at+n] .= size(xs[at+k], 1)
        at += n
    end
    return hvcat(rows, map(square_of, xs, Tuple(heights))...)
end

diagind(a::AbstractMatrix, k::Integer=0) = diagind(size(a, 1), size(a, 2), k)
diagind(m::Integer, n::Integer, k::Integer=0) =
    k <= 0 ? range(1 - k; step=m + 1, length=max(0, min(m + k, n))) : range(k * m + 1; step=m + 1, length=max(0, min(m, n - k)))
hermitianpart(a::AbstractMatrix, uplo::Symbol=:U) = (checksquare(a); Hermitian((a + adjoint(a)) / 2, uplo))
function copytri!(a::AbstractMatrix, uplo::Char, conjugated::Bool=false)
    for j in axes(a, 2), i in 1:j-1
        x = uplo == 'U' ? a[i, j] : a[j, i]
        y = conjugated ? adjoint(x) : x
        uplo == 'U' ? (a[j, i] = y) : (a[i, j] = y)
    end
    return a
end
ldiv!(a, b::AbstractVecOrMat) = copyto!(b, a \ b)
ldiv!(out::AbstractVecOrMat, a, b::AbstractVecOrMat) = copyto!(out, a \ b)
rdiv!(b::AbstractMatrix, a) = copyto!(b, b / a)
function rotate!(x::AbstractVector, y::AbstractVector, c, s)
    for i in eachindex(x, y)
        x[i], y[i] = c * x[i] + s * y[i], -conj(s) * x[i] + c * y[i]
    end
    return x, y
end
cross!(out::AbstractVector, a::AbstractVector, b::AbstractVector) = copyto!(out, cross(a, b))
condskeel(a::AbstractMatrix) = opnorm(abs.(inv(a)) * abs.(a), Inf)
Base.isapprox(a::AbstractMatrix, s::UniformScaling; kw...) = isapprox(a, Matrix(s, size(a, 1), size(a, 2)); kw...)
Base.isapprox(s::UniformScaling, a::AbstractMatrix; kw...) = isapprox(a, s; kw...)

# Transposes that are stored.
function transpose!(out::AbstractVecOrMat, a::AbstractVecOrMat)
    (size(out, 1), size(out, 2)) == (size(a, 2), size(a, 1)) || throw(DimensionMismatch("transpose"))
    return copyto!(out, transpose(a))
end
function adjoint!(out::AbstractVecOrMat, a::AbstractVecOrMat)
    (size(out, 1), size(out, 2)) == (size(a, 2), size(a, 1)) || throw(DimensionMismatch("adjoint"))
    return copyto!(out, adjoint(a))
end

# A rotation in the plane of two coordinates.
struct Givens{T}
    i1::Int
    i2::Int
    c::T
    s::T
end
function givens(f::T, g::T, i1::Integer, i2::Integer) where {T<:Real}
    i1 == i2 && throw(ArgumentError("Indices must be distinct."))
    c, s, r = plane_rotation(float(f), float(g))
    i1 > i2 && ((i1, i2, s) = (i2, i1, -s))
    return Givens{typeof(c)}(i1, i2, c, s), r
end
givens(f::Real, g::Real, i1::Integer, i2::Integer) = givens(promote(f, g)..., i1, i2)
givens(a::AbstractMatrix, i1::Integer, i2::Integer, j::Integer) = givens(a[i1, j], a[i2, j], i1, i2)
givens(v::AbstractVector, i1::Integer, i2::Integer) = givens(v[i1], v[i2], i1, i2)
# The larger of the two coordinates is positive in the cosine, as LAPACK's rotations have it.
function plane_rotation(f::T, g::T) where {T<:AbstractFloat}
    iszero(g) && return one(T), zero(T), f
    iszero(f) && return zero(T), one(T), g
    r = sqrt(abs2(f) + abs2(g))
    c, s = f / r, g / r
    return abs(f) > abs(g) && c < 0 ? (-c, -s, -r) : (c, s, r)
end
function lmul!(g::Givens, a::AbstractVecOrMat)
    for j in 1:size(a, 2)
        x, y = a[g.i1, j], a[g.i2, j]
        a[g.i1, j] = g.c * x + g.s * y
        a[g.i2, j] = -g.s * x + g.c * y
    end
    return a
end
function rmul!(a::AbstractMatrix, g::Givens)
    for i in 1:size(a, 1)
        x, y = a[i, g.i1], a[i, g.i2]
        a[i, g.i1] = g.c * x - g.s * y
        a[i, g.i2] = g.s * x + g.c * y
    end
    return a
end
Base.:*(g::Givens, a::AbstractVecOrMat) = lmul!(g, copyto!(similar(a, promote_type(typeof(g.c), eltype(a)), size(a)), a))
Base.:*(a::AbstractMatrix, g::Givens) = rmul!(copyto!(similar(a, promote_type(typeof(g.c), eltype(a)), size(a)), a), g)
Base.adjoint(g::Givens) = Givens{typeof(g.c)}(g.i1, g.i2, g.c, -g.s)
Base.transpose(g::Givens) = g'
