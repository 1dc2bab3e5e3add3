# module: LinearAlgebra
# Eigenvalues and eigenvectors of real and complex matrices, in the order of Julia: symmetric ones
# ascending, others by real and then imaginary part.

struct Eigen{T,V,S<:AbstractMatrix,U<:AbstractVector}
    values::U
    vectors::S
end
Eigen(values::AbstractVector{V}, vectors::AbstractMatrix{T}) where {T,V} = Eigen{T,V,typeof(vectors),typeof(values)}(values, vectors)
Base.iterate(e::Eigen) = (e.values, Val(:vectors))
Base.iterate(e::Eigen, ::Val{:vectors}) = (e.vectors, Val(:done))
Base.iterate(e::Eigen, ::Val{:done}) = nothing
function Base.show(io::IO, mime::MIME"text/plain", e::Eigen)
    summary(io, e)
    print(io, "\nvalues:\n")
    show(io, mime, e.values)
    print(io, "\nvectors:\n")
    show(io, mime, e.vectors)
end
Base.Matrix(e::Eigen) = e.vectors * Diagonal(e.values) / e.vectors
det(e::Eigen) = prod(e.values)

eigen_float(a::AbstractMatrix{T}) where {T} = copyto!(Matrix{qr_type(T)}(undef, size(a)), a)
eigen(a::AbstractMatrix) = (checksquare(a); eigen_of(a isa Mirrored || ishermitian(a), eigen_float(a)))
# In the order of the diagonal.
eigen(d::Diagonal) = Eigen(copy(d.diag), Matrix{eltype(d)}(I, size(d)...))
eigvals(a::AbstractMatrix) = eigen(a).values
eigvecs(a::AbstractMatrix) = eigen(a).vectors
eigvals(e::Eigen) = e.values
eigvecs(e::Eigen) = e.vectors
eigmax(a::AbstractMatrix) = (v = eigvals(a); eltype(v) <: Real ? maximum(v) : throw(DomainError(a, "`A` cannot have complex eigenvalues.")))
eigmin(a::AbstractMatrix) = (v = eigvals(a); eltype(v) <: Real ? minimum(v) : throw(DomainError(a, "`A` cannot have complex eigenvalues.")))
eigen_order(x::Real) = x
eigen_order(z) = (real(z), imag(z))

# `mirrored` is a value: what follows is of one type only if it is known.
eigen_of(mirrored::Bool, a::Matrix) = mirrored ? mirrored_eigen(a) : general_eigen(a)

# ---- symmetric: tridiagonal first, so that the signs of the vectors are those of LAPACK

function mirrored_eigen(a::Matrix{T}) where {T<:Real}
    n = size(a, 1)
    q = Matrix{T}(I, n, n)
    for k in n-1:-1:2
        x = a[k:-1:1, k+1]
        τ, _ = reflector!(x)
        iszero(τ) && continue
        v = zeros(T, n)
        for i in 1:k
            v[k+1-i] = i == 1 ? one(T) : x[i]
        end
        w = τ * (a * v)
        w -= (τ * dot(v, w) / 2) * v
        a .-= v * transpose(w) .+ w * transpose(v)
        q .-= (τ * (q * v)) * transpose(v)
    end
    values, z = rotated_to_diagonal!(a)
    for j in 1:n
        leading_component(z, j) < 0 && (z[:, j] .*= -1)
    end
    p = sortperm(values)
    return Eigen(values[p], q * z[:, p])
end
# The component of the greatest size; of equal ones the last.
function leading_component(z::Matrix, j::Int)
    best = z[1, j]
    for i in 2:size(z, 1)
        abs(z[i, j]) >= abs(best) * (1 - 1e-10) && (best = z[i, j])
    end
    return best
end
# Jacobi's rotations until nothing is left beside the diagonal.
function rotated_to_diagonal!(a::Matrix{T}) where {T<:Real}
    n = size(a, 1)
    z = Matrix{T}(I, n, n)
    for _ in 1:60
        off = zero(T)
        for j in 2:n, i in 1:j-1
            off += abs2(a[i, j])
        end
        iszero(off) && break
        for j in 2:n, i in 1:j-1
            x = a[i, j]
            if abs(x) <= eps(T) * sqrt(abs(a[i, i] * a[j, j])) / 8 || iszero(x)
                a[i, j] = a[j, i] = zero(T)
                continue
            end
            θ = (a[j, j] - a[i, i]) / (2x)
            t = (θ >= 0 ? one(T) : -one(T)) / (abs(θ) + sqrt(θ^2 + 1))
            c = 1 / sqrt(t^2 + 1)
            s = t * c
            a[i, i] -= t * x
            a[j, j] += t * x
            a[i, j] = a[j, i] = zero(T)
            for k in 1:n
                if k != i && k != j
                    p, r = a[k, i], a[k, j]
                    a[k, i] = a[i, k] = c * p - s * r
                    a[k, j] = a[j, k] = s * p + c * r
                end
                p, r = z[k, i], z[k, j]
                z[k, i] = c * p - s * r
                z[k, j] = s * p + c * r
            end
        end
    end
    return [a[i, i] for i in 1:n], z
end
# A Hermitian matrix x + iy as the symmetric one of twice the size, [x -y; y x]: each value twice.
function mirrored_eigen(a::Matrix{Complex{T}}) where {T<:Real}
    n = size(a, 1)
    x, y = real.(a), imag.(a)
    e = mirrored_eigen([x -y; y x])
    values, vectors = T[], zeros(Complex{T}, n, n)
    for j in 1:2n
        length(values) == n && break
        v = complex.(e.vectors[1:n, j], e.vectors[n+1:2n, j])
        for k in 1:length(values)
            v -= dot(vectors[:, k], v) * vectors[:, k]
        end
        norm(v) < 1e-6 && continue
        push!(values, e.values[j])
        vectors[:, length(values)] = v / norm(v)
    end
    return Eigen(values, vectors)
end

# ---- general: shifted QR steps on a Hessenberg matrix, in complex numbers

function general_eigen(a::Matrix{T}) where {T}
    n = size(a, 1)
    T <: Real && n == 2 && return small_eigen(a)
    C = Complex{real(T)}
    t, q = schur_form(Matrix{C}(a))
    scale = norm(a)
    values = [t[i, i] for i in 1:n]
    if T <: Real
        for i in 1:n
            abs(imag(values[i])) <= 50 * eps(real(T)) * max(abs(values[i]), scale) * n && (values[i] = real(values[i]))
        end
    end
    vectors = zeros(C, n, n)
    for k in 1:n
        x = zeros(C, n)
        x[k] = 1
        for i in k-1:-1:1
            s = zero(C)
            for j in i+1:k
                s += t[i, j] * x[j]
            end
            gap = t[k, k] - t[i, i]
            abs(gap) < eps(real(T)) * scale && (gap = C(eps(real(T)) * scale))
            x[i] = s / gap
        end
        v = q * x
        vectors[:, k] = turned(v / norm(v))
    end
    p = sortperm(values; by=eigen_order)
    values, vectors = values[p], vectors[:, p]
    T <: Real || return Eigen(values, vectors)
    all(isreal, values) && return Eigen(real.(values), real.(vectors))
    # What is not real comes in pairs.
    for k in 1:n-1
        if imag(values[k]) != 0 && abs(values[k] - conj(values[k+1])) <= 1e-8 * abs(values[k])
            imag(values[k]) > 0 && (values[k] = conj(values[k]); vectors[:, k] = conj.(vectors[:, k]))
            values[k+1] = conj(values[k])
            vectors[:, k+1] = conj.(vectors[:, k])
        end
    end
    return Eigen(values, vectors)
end
# With its greatest component real.
turned(v::Vector) = (x = v[argmax(abs.(v))]; v * (conj(x) / abs(x)))
# Of a real 2×2 matrix: by the rotation that makes it triangular, which also gives the signs.
function small_eigen(m::Matrix{T}) where {T}
    a, c, b, d = m[1, 1], m[2, 1], m[1, 2], m[2, 2]
    p = (a - d) / 2
    if p^2 + b * c < 0
        λ = complex((a + d) / 2, sqrt(-(p^2 + b * c)))
        v = turned([complex(b), λ - a])
        v /= norm(v)
        return Eigen([conj(λ), λ], [conj(v[1]) v[1]; conj(v[2]) v[2]])
    end
    if iszero(c)
        first_value, second_value, co, si, coupling = a, d, one(T), zero(T), b
    else
        z = p + copysign(sqrt(p^2 + b * c), p)
        first_value, second_value = iszero(z) ? (a, d) : (d + z, d - b * c / z)
        r = hypot(c, z)
        co, si, coupling = z / r, c / r, b - c
    end
    gap = first_value - second_value
    abs(gap) < eps(T) * norm(m) && (gap = iszero(m) ? one(T) : eps(T) * norm(m))
    x = -coupling / gap
    second = [co * x - si, si * x + co]
    vectors = [co second[1]/norm(second); si second[2]/norm(second)]
    first_value <= second_value && return Eigen([first_value, second_value], vectors)
    return Eigen([second_value, first_value], vectors[:, [2, 1]])
end
# The unitary q and upper triangular t with a = q t q'.
function schur_form(a::Matrix{C}) where {C<:Complex}
    n = size(a, 1)
    q = Matrix{C}(I, n, n)
    for k in 1:n-2
        x = a[k+1:n, k]
        τ, β = reflector!(x)
        iszero(τ) && continue
        x[1] = 1
        a[k+1:n, :] -= conj(τ) * x * (x' * a[k+1:n, :])
        a[:, k+1:n] -= τ * (a[:, k+1:n] * x) * x'
        q[:, k+1:n] -= τ * (q[:, k+1:n] * x) * x'
    end
    hi = n
    tries = 0
    while hi > 1
        lo = hi
        while lo > 1 && abs(a[lo, lo-1]) > eps(real(C)) * (abs(a[lo, lo]) + abs(a[lo-1, lo-1]))
            lo -= 1
        end
        lo > 1 && (a[lo, lo-1] = 0)
        if lo == hi
            hi -= 1
            tries = 0
            continue
        end
        tries += 1
        tries > 300 && throw(ErrorException("the eigenvalues were not found"))
        qr_step!(a, q, lo, hi, tries % 11 == 10 ? C(abs(a[hi, hi-1])) : shift_of(a, hi))
    end
    return triu(a), q
end
# The eigenvalue of the last 2×2 block that is nearer to its last element.
function shift_of(a::Matrix, hi::Int)
    p, q, r, s = a[hi-1, hi-1], a[hi-1, hi], a[hi, hi-1], a[hi, hi]
    mid = (p + s) / 2
    root = sqrt(((p - s) / 2)^2 + q * r)
    return abs(mid + root - s) < abs(mid - root - s) ? mid + root : mid - root
end
function qr_step!(a::Matrix{C}, q::Matrix{C}, lo::Int, hi::Int, μ) where {C}
    n = size(a, 1)
    for i in lo:hi
        a[i, i] -= μ
    end
    cs = Vector{real(C)}(undef, hi - lo)
    ss = Vector{C}(undef, hi - lo)
    for k in lo:hi-1
        x, y = a[k, k], a[k+1, k]
        r = hypot(abs(x), abs(y))
        c, s = iszero(x) ? (zero(real(C)), one(C)) : (abs(x) / r, x / abs(x) * conj(y) / r)
        cs[k-lo+1], ss[k-lo+1] = c, s
        for j in k:n
            u, v = a[k, j], a[k+1, j]
            a[k, j], a[k+1, j] = c * u + s * v, -conj(s) * u + c * v
        end
    end
    for k in lo:hi-1
        c, s = cs[k-lo+1], ss[k-lo+1]
        for (m, last) in ((a, min(k + 1, hi)), (q, n)), i in 1:last
            u, v = m[i, k], m[i, k+1]
            m[i, k], m[i, k+1] = c * u + conj(s) * v, -s * u + c * v
        end
    end
    for i in lo:hi
        a[i, i] += μ
    end
    return a
end
