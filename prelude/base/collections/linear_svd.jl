# module: LinearAlgebra
# Singular values by rotations of pairs of columns, and what follows from them: pseudoinverse, rank of
# the null space, condition, the 2-norm of a matrix.

struct SVD{T,Tr,M<:AbstractMatrix{T},C<:AbstractVector{Tr}}
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

svd(a::AbstractMatrix; full::Bool=false) = svd_of(eigen_float(a), full)
function svd_of(a::Matrix{T}, full::Bool) where {T}
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
    for j in 1:k
        # Where there is no column left, any direction that the others do not have.
        u[:, j] = j <= n && s[j] > cut ? a[:, p[j]] / s[j] : new_direction(u, j)
    end
    return svd_parts(u, s, copy(adjoint(v[:, p])))
end
svd_parts(u::Matrix{T}, s::Vector{R}, vt::Matrix{T}) where {T,R} = SVD{T,R,Matrix{T},Vector{R}}(u, s, vt)
function new_direction(u::Matrix{T}, j::Int) where {T}
    for i in 1:size(u, 1)
        x = zeros(T, size(u, 1))
        x[i] = 1
        for _ in 1:2, k in 1:j-1
            x -= dot(u[:, k], x) * u[:, k]
        end
        norm(x) > 0.1 / size(u, 1) && return x / norm(x)
    end
    return zeros(T, size(u, 1))
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
svdvals(f::SVD) = f.S
opnorm(a::AbstractMatrix) = isempty(a) ? zero(float(real(eltype(a)))) : svdvals(a)[1]
function cond(a::AbstractMatrix, p::Real=2)
    p == 2 || return opnorm(a, p) * opnorm(inv(a), p)
    s = svdvals(a)
    return isempty(s) ? zero(eltype(s)) : iszero(s[end]) ? oftype(s[1], Inf) : s[1] / s[end]
end
function pinv(a::AbstractMatrix; rtol::Real=eps(real(float(one(eltype(a))))) * min(size(a)...))
    f = svd(a)
    cut = isempty(f.S) ? zero(eltype(f.S)) : rtol * f.S[1]
    return f.V * Diagonal([x > cut ? inv(x) : zero(x) for x in f.S]) * adjoint(f.U)
end
pinv(x::Number) = iszero(x) ? zero(inv(oneunit(x))) : inv(x)
function nullspace(a::AbstractMatrix; rtol::Real=min(size(a)...) * eps(real(float(one(eltype(a))))))
    f = svd(copy(adjoint(a)); full=true)
    cut = isempty(f.S) ? zero(eltype(f.S)) : rtol * f.S[1]
    kept = count(>(cut), f.S)
    return f.U[:, kept+1:end]
end
function pinv(v::AbstractVector{T}) where {T}
    n = sum(abs2, v)
    return adjoint(iszero(n) ? zero(v) / oneunit(real(float(n))) : v / n)
end
Base.:\(a::AbstractVector, b::AbstractVecOrMat) = pinv(a) * b
