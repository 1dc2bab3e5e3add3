# module: LinearAlgebra
# Eigenvalues and eigenvectors of real and complex matrices, in the order of Julia: symmetric ones
# ascending, others by real and then imaginary part.

struct Eigen{T,V,S<:AbstractMatrix,U<:AbstractVector} <: Factorization{T}
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
Base.inv(e::Eigen) = e.vectors * Diagonal(map(inv, e.values)) / e.vectors
det(e::Eigen) = prod(e.values)

# The numbers that LAPACK computes with, as Julia does here: there is no method for others.
const LapackFloat = Union{Float32,Float64,ComplexF32,ComplexF64}
eigen_type(::Type{T}) where {T} = promote_type(Float32, qr_type(T))
eigen_float(a::AbstractMatrix{T}) where {T} = copyto!(Matrix{eigen_type(T)}(undef, size(a)), a)
@noinline throw_not_finite() = throw(ArgumentError("matrix contains Infs or NaNs"))
checkfinite(a) = all(isfinite, a) || throw_not_finite()

# By the real and then the imaginary part.
eigsortby(x::Real) = x
eigsortby(z) = (real(z), imag(z))
const SortBy = Union{Function,Nothing}
function eigen(a::AbstractMatrix; permute::Bool=true, scale::Bool=true, sortby::SortBy=eigsortby)
    checksquare(a)
    isdiag(a) && return eigen(Diagonal(eigen_float(a)); sortby=sortby)
    return eigen!(eigen_float(a); permute=permute, scale=scale, sortby=sortby)
end
function eigen!(a::Matrix{T}; permute::Bool=true, scale::Bool=true, sortby::SortBy=eigsortby) where {T<:LapackFloat}
    checksquare(a)
    checkfinite(a)
    return sorted_eigen(scaled_eigen(ishermitian(a), a), sortby)
end
# What is said to be its mirror image is not asked whether it is; the order is ascending.
eigen(a::Union{Symmetric{<:Real},Hermitian}; sortby::SortBy=nothing) = eigen!(Hermitian(eigen_float(a)); sortby=sortby)
function eigen!(a::Hermitian{T,Matrix{T}}; sortby::SortBy=nothing) where {T<:LapackFloat}
    checkfinite(a.data)
    return sorted_eigen(scaled_eigen(true, a.data), sortby)
end
# In the order of the diagonal, if nothing else is asked for.
function eigen(d::Diagonal{T}; permute::Bool=true, scale::Bool=true, sortby::SortBy=nothing) where {T}
    checkfinite(d.diag)
    return sorted_eigen(Eigen(copy(d.diag), Matrix{typeof(one(T) / one(T))}(I, size(d)...)), sortby)
end
sorted_eigen(e::Eigen, ::Nothing) = e
function sorted_eigen(e::Eigen, by)
    p = sortperm(e.values; by=by)
    return Eigen(e.values[p], e.vectors[:, p])
end
# The diagonal says the values of triangular matrices, in its order.
eigen(t::Triangular) = Eigen(eigvals(t), eigvecs(t))
eigvals(t::Triangular) = diag(t)
eigvecs(t::Union{UpperTriangular,UnitUpperTriangular}) = triangle_vectors(eigen_float(t))
# With rows and columns in reverse order it is upper triangular.
eigvecs(t::Union{LowerTriangular,UnitLowerTriangular}) = (v = triangle_vectors(eigen_float(t)[end:-1:1, end:-1:1]); v[end:-1:1, end:-1:1])
function triangle_vectors(t::Matrix{T}) where {T<:LapackFloat}
    vectors = zeros(T, size(t))
    for k in 1:size(t, 1)
        x = triangle_vector(t, k)
        vectors[:, k] = x / maximum(z -> abs(real(z)) + abs(imag(z)), x)
    end
    return vectors
end
# The vector of the k-th value of an upper triangular matrix. Where two values are equal, they are
# taken to differ by the least that makes sense.
function triangle_vector(t::Matrix{T}, k::Int) where {T}
    n = size(t, 1)
    R = real(T)
    x = zeros(T, n)
    x[k] = one(T)
    least = max(eps(R) * abs(t[k, k]), floatmin(R) * (n / eps(R)))
    for i in k-1:-1:1
        s = zero(T)
        for j in i+1:k
            s += t[i, j] * x[j]
        end
        gap = t[k, k] - t[i, i]
        abs(gap) < least && (gap = T(least))
        if abs(s) > abs(gap) * (sqrt(floatmax(R)) / 2)
            shrunk = min(abs(gap) / abs(s), one(R))
            x .*= shrunk
            s *= shrunk
        end
        x[i] = s / gap
    end
    return x
end
eigvals(x::Number) = [x]
function eigvals(a::AbstractMatrix; permute::Bool=true, scale::Bool=true, sortby::SortBy=eigsortby)
    checksquare(a)
    return eigvals!(eigen_float(a); permute=permute, scale=scale, sortby=sortby)
end
eigvals!(a::Matrix{T}; permute::Bool=true, scale::Bool=true, sortby::SortBy=eigsortby) where {T<:LapackFloat} =
    eigen!(a; permute=permute, scale=scale, sortby=sortby).values
eigvals(a::Union{Symmetric{<:Real},Hermitian}; sortby::SortBy=nothing) = eigen(a; sortby=sortby).values
function eigvals(d::Diagonal; permute::Bool=true, scale::Bool=true, sortby::SortBy=nothing)
    return sortby === nothing ? copy(d.diag) : sort(d.diag; by=sortby)
end
eigvecs(a::AbstractMatrix) = eigen(a).vectors
eigvals(e::Eigen) = e.values
eigvecs(e::Eigen) = e.vectors
eigmax(a::AbstractMatrix) = (v = eigvals(a); eltype(v) <: Real ? maximum(v) : throw(DomainError(a, "`A` cannot have complex eigenvalues.")))
eigmin(a::AbstractMatrix) = (v = eigvals(a); eltype(v) <: Real ? minimum(v) : throw(DomainError(a, "`A` cannot have complex eigenvalues.")))

# Elements whose squares are no floats are brought near to one first, by a power of two.
function scaled_eigen(mirrored::Bool, a::Matrix)
    factor = scale_of(a)
    factor == 1 && return eigen_of(mirrored, a)
    e = eigen_of(mirrored, a ./ factor)
    return Eigen(e.values .* factor, e.vectors)
end
function scale_of(a::AbstractMatrix{T}) where {T}
    R = real(T)
    greatest = maximum(abs, a; init=zero(R))
    (iszero(greatest) || sqrt(floatmin(R)) / eps(R) < greatest < eps(R) / sqrt(floatmin(R))) && return one(R)
    return ldexp(one(R), max(exponent(greatest), exponent(floatmin(R))))
end
# `mirrored` is a value: what follows is of one type only if it is known.
eigen_of(mirrored::Bool, a::Matrix) = mirrored ? mirrored_eigen(a) : general_eigen(a)

# ---- symmetric: tridiagonal first, so that the signs of the vectors are those of LAPACK

function mirrored_eigen(a::Matrix{T}) where {T<:Real}
    n = size(a, 1)
    n == 2 && return small_mirrored_eigen(a[1, 1], a[1, 2], a[2, 2])
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
# Of [a b; b c]: the value of the greater size first, then the other one by the determinant.
function small_mirrored_eigen(a::T, b::T, c::T) where {T<:Real}
    if iszero(b)
        return a <= c ? Eigen([a, c], Matrix{T}(I, 2, 2)) : Eigen([c, a], [zero(T) one(T); one(T) zero(T)])
    end
    sum, difference, twice = a + c, a - c, 2b
    root = hypot(difference, twice)
    greater, less = abs(a) > abs(c) ? (a, c) : (c, a)
    if iszero(sum)
        first_value, second_value = root / 2, -root / 2
    else
        first_value = (sum < 0 ? sum - root : sum + root) / 2
        second_value = (greater / first_value) * less - (b / first_value) * b
    end
    direction = difference >= 0 ? difference + root : difference - root
    if abs(direction) > abs(twice)
        t = -twice / direction
        si = 1 / sqrt(1 + t * t)
        co = t * si
    else
        t = -direction / twice
        co = 1 / sqrt(1 + t * t)
        si = t * co
    end
    (sum < 0) == (difference < 0) && ((co, si) = (-si, co))
    second_value <= first_value && return Eigen([second_value, first_value], [-si co; co si])
    return Eigen([first_value, second_value], [co -si; si co])
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

# ---- general: shifted QR steps on a Hessenberg matrix, in complex numbers if it has some

general_eigen(a::Matrix{<:Real}) = real_eigen(a)
function general_eigen(a::Matrix{C}) where {C<:Complex}
    n = size(a, 1)
    t, q = schur_form(copy(a))
    values = [t[i, i] for i in 1:n]
    vectors = zeros(C, n, n)
    for k in 1:n
        v = q * triangle_vector(t, k)
        vectors[:, k] = turned(v / norm(v))
    end
    p = sortperm(values; by=eigsortby)
    return Eigen(values[p], vectors[:, p])
end
# With its greatest component real.
turned(v::Vector) = (x = v[argmax(abs.(v))]; v * (conj(x) / abs(x)))
# The unitary q and upper triangular t with a = q t q'.
function schur_form(a::Matrix{C}) where {C<:Complex}
    n = size(a, 1)
    q = Matrix{C}(I, n, n)
    for k in 1:n-2
        x = a[k+1:n, k]
        τ, β = reflector!(x)
        iszero(τ) && continue
        x[1] = 1
        for j in 1:n
            s = zero(C)
            for i in 1:n-k
                s += conj(x[i]) * a[k+i, j]
            end
            s *= conj(τ)
            for i in 1:n-k
                a[k+i, j] -= s * x[i]
            end
        end
        reflect_columns!(a, x, τ, k, n)
        reflect_columns!(q, x, τ, k, n)
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
# Rows of `m` up to the last one from behind the k-th column, reflected at x.
function reflect_columns!(m::Matrix{C}, x::Vector{C}, τ, k::Int, last::Int) where {C}
    for i in 1:last
        s = zero(C)
        for j in 1:length(x)
            s += m[i, k+j] * x[j]
        end
        for j in 1:length(x)
            m[i, k+j] -= s * (τ * conj(x[j]))
        end
    end
    return m
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
