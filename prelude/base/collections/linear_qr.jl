# module: LinearAlgebra
# QR factorization by Householder reflections, with the signs that LAPACK gives R. Q is kept as its
# reflections; what is made of the factors (least squares, display) is here too.

abstract type AbstractQ{T} end
# Of the numbers that LAPACK computes with, in whose form each reflection is a block of its own.
struct QRCompactWY{S,M<:AbstractMatrix{S},C<:AbstractMatrix{S}} <: Factorization{S}
    factors::M
    blocks::C
end
struct QRCompactWYQ{S,M<:AbstractMatrix{S},C<:AbstractMatrix{S}} <: AbstractQ{S}
    factors::M
    blocks::C
end
# Of other numbers.
struct QR{S,M<:AbstractMatrix{S},C<:AbstractVector{S}} <: Factorization{S}
    factors::M
    τ::C
end
struct QRPackedQ{S,M<:AbstractMatrix{S},C<:AbstractVector{S}} <: AbstractQ{S}
    factors::M
    τ::C
end
const Reflected = Union{QRCompactWY,QR}
const Reflections{S} = Union{QRCompactWYQ{S},QRPackedQ{S}}
scalars(q::Union{QRCompactWY,QRCompactWYQ}) = vec(getfield(q, :blocks))
scalars(q::Union{QR,QRPackedQ}) = getfield(q, :τ)
struct AdjointQ{S,P<:AbstractQ{S}} <: AbstractQ{S}
    Q::P
end
struct NoPivot end

# The reflection I - τ v v' that leaves of `x` its first element only: v, whose first element is 1,
# takes the place of what is below it. Gives τ and that element.
function reflector!(x::AbstractVector{T}) where {T}
    α = x[1]
    rest = norm(view(x, 2:length(x)))
    iszero(rest) && iszero(imag(α)) && return zero(T), α
    β = -copysign(scaled_length(abs(α), rest), real(α))
    scale = inv(α - β)
    for i in 2:length(x)
        x[i] *= scale
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
qr(a::AbstractMatrix, ::NoPivot) = qr(a)
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
    return factors_of(a, τs)
end
factors_of(a::AbstractMatrix{T}, τ::Vector{T}) where {T<:LapackFloat} = (b = reshape(τ, 1, length(τ)); QRCompactWY{T,typeof(a),typeof(b)}(a, b))
factors_of(a::AbstractMatrix{T}, τ::Vector{T}) where {T} = QR{T,typeof(a),Vector{T}}(a, τ)

Base.getproperty(f::Reflected, name::Symbol) = qr_property(f, Val(name))
qr_property(f::Reflected, ::Val{name}) where {name} = getfield(f, name)
qr_property(f::QRCompactWY, ::Val{:Q}) = (b = getfield(f, :blocks); QRCompactWYQ{eltype(f),typeof(getfield(f, :factors)),typeof(b)}(getfield(f, :factors), b))
qr_property(f::QR, ::Val{:Q}) = (τ = getfield(f, :τ); QRPackedQ{eltype(f),typeof(getfield(f, :factors)),typeof(τ)}(getfield(f, :factors), τ))
function qr_property(f::Reflected, ::Val{:R})
    a = getfield(f, :factors)
    return triu(a[1:min(size(a, 1), size(a, 2)), :])
end
Base.iterate(f::Reflected) = (f.Q, Val(:R))
Base.iterate(f::Reflected, ::Val{:R}) = (f.R, Val(:done))
Base.iterate(f::Reflected, ::Val{:done}) = nothing
Base.size(f::Reflected) = size(getfield(f, :factors))
Base.size(f::Reflected, d::Integer) = size(getfield(f, :factors), d)

# ---- Q

Base.size(q::Reflections) = (size(q.factors, 1), size(q.factors, 1))
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
function multiply!(q::Reflections, b::AbstractVecOrMat)
    τ = scalars(q)
    for k in length(τ):-1:1
        reflect_rows!(b, q.factors, k, τ[k], 1:size(b, 2))
    end
    return b
end
function multiply!(q::AdjointQ, b::AbstractVecOrMat)
    τ = scalars(q.Q)
    for k in 1:length(τ)
        reflect_rows!(b, q.Q.factors, k, conj(τ[k]), 1:size(b, 2))
    end
    return b
end
lmul!(q::AbstractQ, b::AbstractVecOrMat) = multiply!(q, b)
function Base.:*(q::AbstractQ{S}, b::AbstractVecOrMat{T}) where {S,T}
    m = size(q, 1)
    R = promote_type(S, T)
    rows = size(b, 1)
    thin = q isa Reflections && rows == size(q.factors, 2) < m
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
Base.:*(q::AbstractQ, s::UniformScaling) = square(q) * s
Base.:*(s::UniformScaling, q::AbstractQ) = s * square(q)
Base.inv(q::AbstractQ) = adjoint(q)
Base.collect(q::AbstractQ) = square(q)
Base.Matrix(q::AbstractQ) = square(q)
Base.Array(q::AbstractQ) = Matrix(q)
# Of a tall matrix, the columns of Q that R needs.
function Base.Matrix(q::Reflections{S}) where {S}
    m, n = size(q.factors)
    return q * Matrix{S}(I, m, min(m, n))
end
Base.getindex(q::AbstractQ, i...) = square(q)[i...]
Base.isapprox(q::AbstractQ, a::AbstractMatrix; kw...) = isapprox(square(q), a; kw...)
Base.isapprox(a::AbstractMatrix, q::AbstractQ; kw...) = isapprox(a, square(q); kw...)
Base.:(==)(q::AbstractQ, a::AbstractMatrix) = square(q) == a
norm(q::AbstractQ, p::Real=2) = norm(square(q), p)
Base.:(==)(p::AbstractQ, q::AbstractQ) = square(p) == square(q)
det(q::Reflections) = prod(reflection_det, scalars(q); init=one(eltype(q)))
reflection_det(τ::Real) = iszero(τ) ? one(τ) : -one(τ)
# 1 - τ v'v, where the reflection leaves lengths as they are.
reflection_det(τ::Complex) = iszero(τ) ? one(τ) : one(τ) - τ * (2 * real(τ) / abs2(τ))

function Base.:\(f::Reflected, b::AbstractVecOrMat)
    m, n = size(f)
    m == size(b, 1) || throw(DimensionMismatch("arguments must have the same number of rows"))
    y = adjoint(f.Q) * b
    m >= n || return shortest_solution(f.R, y)
    return triangular_solve(f.R, b isa AbstractVector ? y[1:n] : y[1:n, :], true)
end
Base.inv(f::Reflected) = (n = checksquare(f.factors); f \ Matrix{eltype(f)}(I, n, n))
Base.Matrix(f::Reflected) = f.Q * f.R
Base.Array(f::Reflected) = Matrix(f)
det(f::Reflected) = det(f.Q) * prod(diag(f.R))

# ---- least squares: of all x with the least |a x - b| the shortest

# Columns of the greatest length first; what is left when the lengths are small against the first
# one says nothing about x.
function least_squares(a::AbstractMatrix{T}, b::AbstractVecOrMat{S}) where {T,S}
    R = promote_type(qr_type(T), qr_type(S))
    m, n = size(a)
    q = copyto!(Matrix{R}(undef, m, n), a)
    y = copyto!(Base.similar(b, R), b)
    order = collect(1:n)
    rank = 0
    least = zero(real(R))
    for k in 1:min(m, n)
        best, length_best = k, norm(view(q, k:m, k))
        for j in k+1:n
            length_j = norm(view(q, k:m, j))
            length_j > length_best && ((best, length_best) = (j, length_j))
        end
        k == 1 && (least = min(m, n) * eps(real(R)) * length_best)
        length_best <= least && break
        rank = k
        if best != k
            order[k], order[best] = order[best], order[k]
            for i in 1:m
                q[i, k], q[i, best] = q[i, best], q[i, k]
            end
        end
        column = q[k:m, k]
        τ, β = reflector!(column)
        q[k, k] = β
        for i in k+1:m
            q[i, k] = column[i-k+1]
        end
        reflect_rows!(q, q, k, conj(τ), k+1:n)
        reflect_rows!(y, q, k, conj(τ), 1:size(y, 2))
    end
    z = shortest_solution(triu(q[1:rank, :]), y)
    x = Base.similar(z)
    for c in 1:size(z, 2), i in 1:n
        x[order[i], c] = z[i, c]
    end
    return x
end
# Of r x = y, where r is upper triangular, with as many columns as rows or more: x has no part that
# r takes to zero.
function shortest_solution(r::AbstractMatrix{T}, y::AbstractVecOrMat) where {T}
    m, n = size(r)
    top = y isa AbstractVector ? y[1:m] : y[1:m, :]
    m == n && return triangular_solve(r, top, true)
    f = qr(copy(adjoint(r)))
    z = triangular_solve(copy(adjoint(f.R)), top, false)
    out = fill!(y isa AbstractVector ? Base.similar(z, n) : Base.similar(z, n, size(z, 2)), zero(eltype(z)))
    for c in 1:size(z, 2), i in 1:m
        out[i, c] = z[i, c]
    end
    return lmul!(f.Q, out)
end

# ---- display

Base.show(io::IO, ::MIME"text/plain", q::AbstractQ) = print(io, size(q, 1), "×", size(q, 2), " ", typeof(q))
function Base.show(io::IO, mime::MIME"text/plain", f::Reflected)
    summary(io, f)
    print(io, "\nQ factor: ")
    show(io, mime, f.Q)
    print(io, "\nR factor:\n")
    show(io, mime, f.R)
end
