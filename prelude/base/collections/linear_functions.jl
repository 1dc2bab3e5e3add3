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
