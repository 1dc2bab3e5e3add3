# module: LinearAlgebra
# Singular values, those of complex matrices by rotations of pairs of columns, and what follows from
# them: pseudoinverse, rank, null space, condition.

struct SVD{T,Tr,M<:AbstractMatrix{T},C<:AbstractVector{Tr}} <: Factorization{T}
    U::M
    S::C
    Vt::M
end
Base.getproperty(f::SVD, name::Symbol) = svd_property(f, Val(name))
svd_property(f::SVD, ::Val{name}) where {name} = getfield(f, name)
svd_property(f::SVD, ::Val{:V}) = adjoint(getfield(f, :Vt))
Base.iterate(f::SVD) = (f.U, Val(:S))
Base.iterate(f::SVD, ::Val{:S}) = (f.S, Val(:V))
Base.iterate(f::SVD, ::Val{:V}) = (f.V, Val(:done))
Base.iterate(f::SVD, ::Val{:done}) = nothing
Base.Matrix(f::SVD) = f.U * Diagonal(f.S) * f.Vt
function Base.show(io::IO, mime::MIME"text/plain", f::SVD)
    summary(io, f)
    for (title, part) in (("U factor:", f.U), ("singular values:", f.S), ("Vt factor:", f.Vt))
        print(io, "\n", title, "\n")
        show(io, mime, part)
    end
end

svd(a::AbstractMatrix; full::Bool=false) = svd!(eigen_float(a); full=full)
function svd!(a::Matrix{T}; full::Bool=false) where {T<:LapackFloat}
    checkfinite(a)
    factor = scale_of(a)
    factor == 1 && return svd_of(a, full)
    f = svd_of(a ./ factor, full)
    return svd_parts(f.U, f.S .* factor, f.Vt)
end
svd_of(a::Matrix{<:Real}, full::Bool) = size(a, 1) >= size(a, 2) ? tall_svd(copy(a), full) : wide_svd(a, full)
# Of complex matrices by rotations of pairs of columns.
function svd_of(a::Matrix{T}, full::Bool) where {T<:Complex}
    m, n = size(a)
    if m < n
        f = svd_of(Matrix(adjoint(a)), full)
        return svd_parts(copy(adjoint(f.Vt)), f.S, copy(adjoint(f.U)))
    end
    v = Matrix{T}(I, n, n)
    orthogonal_columns!(a, v)
    lengths = [norm(a[:, j]) for j in 1:n]
    p = sortperm(lengths; rev=true)
    s = lengths[p]
    k = full ? m : n
    u = zeros(T, m, k)
    cut = isempty(s) ? zero(real(T)) : s[1] * eps(real(T)) * max(m, n)
    unit = 0
    for j in 1:k
        if j <= n && s[j] > cut
            u[:, j] = a[:, p[j]] / s[j]
        else
            # Where there is no column left, any direction that the others do not have.
            unit = new_direction!(u, j, unit)
        end
    end
    return svd_parts(u, s, copy(adjoint(v[:, p])))
end
svd_parts(u::Matrix{T}, s::Vector{R}, vt::Matrix{T}) where {T,R} = SVD{T,R,Matrix{T},Vector{R}}(u, s, vt)
# What is left of a unit vector without its parts along the columns before; those up to the `unit`-th
# have been tried. Gives the number of the one that was taken.
function new_direction!(u::Matrix{T}, j::Int, unit::Int) where {T}
    m = size(u, 1)
    for i in unit+1:m
        x = zeros(T, m)
        x[i] = 1
        for _ in 1:2, k in 1:j-1
            s = zero(T)
            for r in 1:m
                s += conj(u[r, k]) * x[r]
            end
            for r in 1:m
                x[r] -= s * u[r, k]
            end
        end
        length_left = norm(x)
        if length_left > 0.1 / m
            u[:, j] = x / length_left
            return i
        end
    end
    return m
end
# Rotates columns of `a`, and those of `v` with them, until any two are orthogonal.
function orthogonal_columns!(a::Matrix{T}, v::Matrix{T}) where {T}
    n = size(a, 2)
    for _ in 1:60
        turned = false
        for j in 2:n, i in 1:j-1
            x, y = sum(abs2, view(a, :, i)), sum(abs2, view(a, :, j))
            g = dot(view(a, :, i), view(a, :, j))
            abs(g) <= eps(real(T)) * sqrt(x * y) && continue
            turned = true
            θ = (y - x) / (2 * abs(g))
            t = (θ >= 0 ? 1 : -1) / (abs(θ) + sqrt(θ^2 + 1))
            c = 1 / sqrt(t^2 + 1)
            s = t * c * (g / abs(g))
            for m in (a, v), k in 1:size(m, 1)
                p, q = m[k, i], m[k, j]
                m[k, i], m[k, j] = c * p - conj(s) * q, s * p + c * q
            end
        end
        turned || break
    end
    return nothing
end

svdvals(a::AbstractMatrix) = svd(a).S
svdvals!(a::AbstractMatrix) = svd!(a).S
svdvals(f::SVD) = f.S
svdvals(x::Number) = [abs(x)]
# Singular values that are small against the greatest one count for nothing.
single_tolerance(a) = eps(real(float(one(eltype(a))))) * min(size(a)...)
function rank(a::AbstractMatrix; atol::Real=0, rtol::Real=single_tolerance(a) * iszero(atol))
    isempty(a) && return 0
    s = svdvals(a)
    return count(>(max(atol, rtol * s[1])), s)
end
rank(x::Number) = iszero(x) ? 0 : 1
function Base.:\(f::SVD, b::AbstractVecOrMat)
    k = isempty(f.S) ? 0 : count(>(eps(eltype(f.S)) * f.S[1]), f.S)
    return adjoint(f.Vt[1:k, :]) * (Diagonal(f.S[1:k]) \ (adjoint(f.U[:, 1:k]) * b))
end
function Base.inv(f::SVD)
    for k in 1:length(f.S)
        iszero(f.S[k]) && throw(SingularException(k))
    end
    return adjoint(f.Vt) * (Diagonal(f.S) \ adjoint(f.U))
end
function cond(a::AbstractMatrix, p::Real=2)
    if p == 2
        s = svdvals(a)
        return isempty(s) ? zero(eltype(s)) : iszero(s[end]) ? oftype(s[1], Inf) : s[1] / s[end]
    end
    p == 1 || p == Inf || throw(ArgumentError(LazyString("p-norm must be 1, 2 or Inf, got ", p)))
    checksquare(a)
    f = lu(a; check=false)
    f.info == 0 || return oftype(opnorm(a, p), Inf)
    return opnorm(a, p) * opnorm(inverse_by_factors(f), p)
end
function pinv(a::AbstractMatrix; atol::Real=0, rtol::Real=single_tolerance(a) * iszero(atol))
    f = svd(a)
    cut = isempty(f.S) ? zero(eltype(f.S)) : max(atol, rtol * f.S[1])
    return f.V * Diagonal([x > cut ? inv(x) : zero(x) for x in f.S]) * adjoint(f.U)
end
pinv(x::Number) = iszero(x) ? zero(inv(oneunit(x))) : inv(x)
function pinv(v::AbstractVector)
    s = float(sum(abs2, v))
    return adjoint(iszero(s) ? zero(v / one(s)) : v / s)
end
Base.:\(a::AbstractVector, b::AbstractVecOrMat) = pinv(a) * b
function nullspace(a::AbstractMatrix; atol::Real=0, rtol::Real=single_tolerance(a) * iszero(atol))
    f = svd(a; full=true)
    cut = isempty(f.S) ? zero(eltype(f.S)) : max(atol, rtol * f.S[1])
    kept = count(>(cut), f.S)
    return copy(adjoint(f.Vt[kept+1:end, :]))
end
nullspace(v::AbstractVector; atol::Real=0, rtol::Real=eps(real(float(one(eltype(v))))) * iszero(atol)) =
    nullspace(reshape(v, length(v), 1); atol=atol, rtol=rtol)
