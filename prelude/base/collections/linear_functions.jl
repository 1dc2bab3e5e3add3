# module: LinearAlgebra
# Determinants by their logarithm, and small helpers on indices and vectors.

function logabsdet(a::AbstractMatrix)
    n = checksquare(a)
    f = lu(a; check=false)
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
function logdet(a::AbstractMatrix)
    d, s = logabsdet(a)
    return d + log(s)
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
kron!(out::AbstractMatrix, a::AbstractVecOrMat, b::AbstractVecOrMat) = copyto!(out, kron(a, b))
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
