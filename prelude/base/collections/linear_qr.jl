# module: LinearAlgebra
# QR factorization by Householder reflections, with the signs that LAPACK gives R. Q is kept as its
# reflections; what is made of the factors (least squares, display) is here too.

abstract type AbstractQ{T} end
struct QRCompactWY{S,M<:AbstractMatrix{S},C<:AbstractVector{S}}
    factors::M
    τ::C
end
struct QRCompactWYQ{S,M<:AbstractMatrix{S},C<:AbstractVector{S}} <: AbstractQ{S}
    factors::M
    τ::C
end
struct AdjointQ{S,P<:AbstractQ{S}} <: AbstractQ{S}
    Q::P
end

# The reflection I - τ v v' that leaves of `x` its first element only: v, whose first element is 1,
# takes the place of what is below it. Gives τ and that element.
function reflector!(x::AbstractVector{T}) where {T}
    α = x[1]
    rest = zero(real(T))
    for i in 2:length(x)
        rest += abs2(x[i])
    end
    iszero(rest) && iszero(imag(α)) && return zero(T), α
    β = sqrt(abs2(α) + rest)
    real(α) >= 0 && (β = -β)
    for i in 2:length(x)
        x[i] /= α - β
    end
    return (β - α) / β, T(β)
end
# Columns of `b` from the k-th row down, reflected at v = (1, a[k+1:end, k]).
function reflect_rows!(b::AbstractVecOrMat, a::AbstractMatrix, k::Int, τ, columns)
    iszero(τ) && return b
    m = size(a, 1)
    for j in columns
        s = b[k, j]
        for i in k+1:m
            s += conj(a[i, k]) * b[i, j]
        end
        s *= τ
        b[k, j] -= s
        for i in k+1:m
            b[i, j] -= s * a[i, k]
        end
    end
    return b
end

qr_type(::Type{T}) where {T} = typeof(sqrt(abs2(one(T)) / one(T)) * one(T))
qr(a::AbstractMatrix{T}) where {T} = qr!(copyto!(Matrix{qr_type(T)}(undef, size(a)), a))
qr(v::AbstractVector) = qr(reshape(v, length(v), 1))
function qr!(a::AbstractMatrix{T}) where {T}
    m, n = size(a)
    τs = zeros(T, min(m, n))
    for k in 1:min(m, n)
        column = a[k:m, k]
        τ, β = reflector!(column)
        a[k, k] = β
        for i in k+1:m
            a[i, k] = column[i-k+1]
        end
        τs[k] = τ
        reflect_rows!(a, a, k, conj(τ), k+1:n)
    end
    return QRCompactWY{T,typeof(a),typeof(τs)}(a, τs)
end

Base.getproperty(f::QRCompactWY, name::Symbol) = qr_property(f, Val(name))
qr_property(f::QRCompactWY, ::Val{name}) where {name} = getfield(f, name)
qr_property(f::QRCompactWY, ::Val{:Q}) = reflections(getfield(f, :factors), getfield(f, :τ))
reflections(a::AbstractMatrix{S}, τ::AbstractVector{S}) where {S} = QRCompactWYQ{S,typeof(a),typeof(τ)}(a, τ)
function qr_property(f::QRCompactWY, ::Val{:R})
    a = getfield(f, :factors)
    return triu(a[1:min(size(a, 1), size(a, 2)), :])
end
Base.iterate(f::QRCompactWY) = (f.Q, Val(:R))
Base.iterate(f::QRCompactWY, ::Val{:R}) = (f.R, Val(:done))
Base.iterate(f::QRCompactWY, ::Val{:done}) = nothing
Base.size(f::QRCompactWY) = size(getfield(f, :factors))
Base.size(f::QRCompactWY, d::Integer) = size(getfield(f, :factors), d)

# ---- Q

Base.size(q::QRCompactWYQ) = (size(q.factors, 1), size(q.factors, 1))
Base.size(q::AdjointQ) = size(q.Q)
Base.size(q::AbstractQ, d::Integer) = d <= 2 ? size(q)[d] : 1
Base.axes(q::AbstractQ) = map(Base.OneTo, size(q))
Base.axes(q::AbstractQ, d::Integer) = Base.OneTo(size(q, d))
Base.length(q::AbstractQ) = prod(size(q))
Base.ndims(::AbstractQ) = 2
Base.eltype(::Type{<:AbstractQ{T}}) where {T} = T
Base.adjoint(q::AbstractQ{S}) where {S} = AdjointQ{S,typeof(q)}(q)
Base.adjoint(q::AdjointQ) = q.Q
Base.transpose(q::AbstractQ{<:Real}) = adjoint(q)
# Q times the reflections from the last to the first, Q' from the first to the last.
function multiply!(q::QRCompactWYQ, b::AbstractVecOrMat)
    for k in length(q.τ):-1:1
        reflect_rows!(b, q.factors, k, q.τ[k], 1:size(b, 2))
    end
    return b
end
function multiply!(q::AdjointQ{S,<:QRCompactWYQ}, b::AbstractVecOrMat) where {S}
    for k in 1:length(q.Q.τ)
        reflect_rows!(b, q.Q.factors, k, conj(q.Q.τ[k]), 1:size(b, 2))
    end
    return b
end
lmul!(q::AbstractQ, b::AbstractVecOrMat) = multiply!(q, b)
function Base.:*(q::AbstractQ{S}, b::AbstractVecOrMat{T}) where {S,T}
    m = size(q, 1)
    R = promote_type(S, T)
    rows = size(b, 1)
    thin = q isa QRCompactWYQ && rows == size(q.factors, 2) < m
    rows == m || thin || throw(DimensionMismatch(LazyString("second dimension of Q, ", m, ", does not fit the first of B, ", rows)))
    out = b isa AbstractVector ? zeros(R, m) : zeros(R, m, size(b, 2))
    for j in 1:size(b, 2), i in 1:rows
        out[i, j] = b[i, j]
    end
    return multiply!(q, out)
end
Base.:*(a::AbstractMatrix, q::AbstractQ) = copy(adjoint(adjoint(q) * copy(adjoint(a))))
Base.:*(p::AbstractQ, q::AbstractQ) = p * square(q)
square(q::AbstractQ{S}) where {S} = q * Matrix{S}(I, size(q, 1), size(q, 2))
Base.collect(q::AbstractQ) = Matrix(q)
Base.Matrix(q::AbstractQ) = square(q)
Base.Array(q::AbstractQ) = Matrix(q)
# Of a tall matrix, the columns of Q that R needs.
function Base.Matrix(q::QRCompactWYQ{S}) where {S}
    m, n = size(q.factors)
    return q * Matrix{S}(I, m, min(m, n))
end
Base.getindex(q::AbstractQ, i...) = square(q)[i...]
Base.isapprox(q::AbstractQ, a::AbstractMatrix; kw...) = isapprox(square(q), a; kw...)
Base.isapprox(a::AbstractMatrix, q::AbstractQ; kw...) = isapprox(a, square(q); kw...)
Base.:(==)(q::AbstractQ, a::AbstractMatrix) = square(q) == a
norm(q::AbstractQ, p::Real=2) = norm(square(q), p)
det(q::QRCompactWYQ{<:Real}) = isodd(count(!iszero, q.τ)) ? -one(eltype(q)) : one(eltype(q))

function Base.:\(f::QRCompactWY, b::AbstractVecOrMat)
    m, n = size(f)
    m == size(b, 1) || throw(DimensionMismatch("arguments must have the same number of rows"))
    m >= n || throw(DimensionMismatch("a QR factorization of a matrix with more columns than rows solves nothing"))
    y = adjoint(f.Q) * b
    return triangular_solve(f.R, b isa AbstractVector ? y[1:n] : y[1:n, :], true)
end
Base.Matrix(f::QRCompactWY) = f.Q * f.R
Base.Array(f::QRCompactWY) = Matrix(f)
det(f::QRCompactWY) = det(f.Q) * prod(diag(f.R))

# ---- display: as types with LAPACK's third parameter

q_name(S, M) = string("LinearAlgebra.QRCompactWYQ{", S, ", ", M, ", ", M, "}")
function Base.show(io::IO, ::MIME"text/plain", q::QRCompactWYQ{S,M}) where {S,M}
    print(io, size(q, 1), "×", size(q, 2), " ", q_name(S, M))
end
function Base.show(io::IO, mime::MIME"text/plain", f::QRCompactWY{S,M}) where {S,M}
    println(io, "LinearAlgebra.QRCompactWY{", S, ", ", M, ", ", M, "}")
    print(io, "Q factor: ")
    show(io, mime, f.Q)
    print(io, "\nR factor:\n")
    show(io, mime, f.R)
end
