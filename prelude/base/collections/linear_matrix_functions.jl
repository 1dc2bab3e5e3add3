# module: LinearAlgebra
# Functions of square matrices: of Hermitian ones by eigenvalues, of others by what the function is
# of triangular matrices, or by exponentials. Eigenvectors of matrices that are not Hermitian may span
# less than the space, and are not used.

const HermitianForm = Union{Symmetric{<:Real},Hermitian}
like(::Symmetric, a::Matrix) = Symmetric(a)
like(::Hermitian, a::Matrix) = Hermitian(a)
# Products are mirrored up to rounding only: the upper triangle says what the lower one is.
function like(::Matrix, a::Matrix)
    for k in 1:size(a, 1)
        a[k, k] = real(a[k, k])
    end
    return copytri!(a, 'U', true)
end
function spectral(e::Eigen, values::AbstractVector)
    v = e.vectors
    scaled = Matrix{promote_type(eltype(v), eltype(values))}(undef, size(v))
    for j in 1:size(v, 2), i in 1:size(v, 1)
        scaled[i, j] = v[i, j] * values[j]
    end
    return scaled * adjoint(v)
end
# Of what is Hermitian, whether its type says so or not.
hermitian_eigen(a::HermitianForm) = eigen(a)
hermitian_eigen(a::Matrix) = eigen(Hermitian(a))
entire(f, a) = (e = hermitian_eigen(a); like(a, spectral(e, map(f, e.values))))
# Where the function needs `complex` numbers the result is symmetric, but is not Hermitian.
beyond(f, e::Eigen) = spectral(e, map(x -> f(complex(x)), e.values))
function on_diagonal(f, x::Matrix)
    for k in 1:size(x, 1)
        x[k, k] = f(x[k, k])
    end
    return x
end
within(a::AbstractMatrix) = (checksquare(a); eigen_float(a))

# ---- exponentials

function Base.exp(a::AbstractMatrix)
    x = within(a)
    checkfinite(x)
    isdiag(x) && return on_diagonal(exp, x)
    return ishermitian(x) ? entire(exp, x) : exp_of_quotient(x)
end
# Scaled down, a quotient of polynomials, squared up again.
function exp_of_quotient(x::Matrix{T}) where {T<:LapackFloat}
    n = size(x, 1)
    doublings = max(0, ceil(Int, log2(max(Float64(opnorm(x, 1)), floatmin(Float64)) / 2.0)))
    x = x / T(2)^doublings
    up, down = Matrix{T}(I, n, n), Matrix{T}(I, n, n)
    power = Matrix{T}(I, n, n)
    c = one(real(T))
    degree = 10
    for k in 1:degree
        c = c * (degree - k + 1) / (k * (2 * degree - k + 1))
        power = power * x
        up += c * power
        down += (isodd(k) ? -c : c) * power
    end
    out = down \ up
    for _ in 1:doublings
        out = out * out
    end
    return out
end
Base.exp(a::HermitianForm) = entire(exp, a)
Base.exp(d::Diagonal) = Diagonal(map(exp, d.diag))
Base.:^(x::Number, a::AbstractMatrix) = exp(log(x) * a)
Base.:^(::Irrational{:ℯ}, a::AbstractMatrix) = exp(a)

# ---- the functions that exponentials give

function Base.sincos(a::AbstractMatrix)
    x = within(a)
    isempty(x) && return x, x
    ishermitian(x) && return entire(sin, x), entire(cos, x)
    return sincos_of_exponentials(x)
end
function sincos_of_exponentials(x::Matrix{<:Real})
    z = exp(im * x)
    return imag(z), real(z)
end
function sincos_of_exponentials(x::Matrix{<:Complex})
    up, down = exp(im * x), exp(-im * x)
    return (up - down) / (2im), (up + down) / 2
end
Base.sin(a::AbstractMatrix) = sincos(a)[1]
Base.cos(a::AbstractMatrix) = sincos(a)[2]
function Base.tan(a::AbstractMatrix)
    x = within(a)
    ishermitian(x) && return entire(tan, x)
    s, c = sincos(x)
    return s / c
end
Base.sinh(a::AbstractMatrix) = (x = within(a); ishermitian(x) ? entire(sinh, x) : (exp(x) - exp(-x)) / 2)
Base.cosh(a::AbstractMatrix) = (x = within(a); ishermitian(x) ? entire(cosh, x) : (exp(x) + exp(-x)) / 2)
function Base.tanh(a::AbstractMatrix)
    x = within(a)
    ishermitian(x) && return entire(tanh, x)
    up, down = exp(x), exp(-x)
    return (up - down) / (up + down)
end
Base.sincos(a::HermitianForm) = (entire(sin, a), entire(cos, a))
Base.tan(a::HermitianForm) = entire(tan, a)
Base.sinh(a::HermitianForm) = entire(sinh, a)
Base.cosh(a::HermitianForm) = entire(cosh, a)
Base.tanh(a::HermitianForm) = entire(tanh, a)
Base.sincos(d::Diagonal) = (Diagonal(map(sin, d.diag)), Diagonal(map(cos, d.diag)))
Base.tan(d::Diagonal) = Diagonal(map(tan, d.diag))
Base.sinh(d::Diagonal) = Diagonal(map(sinh, d.diag))
Base.cosh(d::Diagonal) = Diagonal(map(cosh, d.diag))
Base.tanh(d::Diagonal) = Diagonal(map(tanh, d.diag))

# ---- square roots

function Base.sqrt(a::AbstractMatrix)
    x = within(a)
    isempty(x) && return x
    ishermitian(x) && return hermitian_root(x, hermitian_eigen(x))
    istriu(x) && return real_triangle(x, 0) ? triangular_root(x) : triangular_root(complex(x))
    return checked_root(of_schur_form(triangular_root, x, >=(0)), x)
end
Base.sqrt(a::HermitianForm) = hermitian_root(a, eigen(a))
Base.sqrt(d::Diagonal) = Diagonal(map(sqrt, d.diag))
Base.sqrt(t::UpperTriangular) = UpperTriangular(sqrt(eigen_float(t)))
Base.sqrt(t::LowerTriangular) = LowerTriangular(copy(transpose(sqrt(copy(transpose(eigen_float(t)))))))
# Values that are below zero only by rounding are zero.
function hermitian_root(a, e::Eigen)
    least = -maximum(abs, e.values) * size(a, 1) * eps(eltype(e.values))
    all(>=(least), e.values) && return like(a, spectral(e, map(x -> sqrt(max(x, zero(x))), e.values)))
    return unlike(a, beyond(sqrt, e))
end
unlike(::Symmetric, a::Matrix) = Symmetric(a)
unlike(a, m::Matrix) = m
real_triangle(t::Matrix{<:Real}, least) = all(k -> t[k, k] >= least, 1:size(t, 1))
real_triangle(t::Matrix{<:Complex}, least) = true
function triangular_root(t::Matrix{T}) where {T}
    n = size(t, 1)
    r = zeros(T, n, n)
    for j in 1:n
        r[j, j] = sqrt(t[j, j])
        for i in j-1:-1:1
            s = t[i, j]
            for k in i+1:j-1
                s -= r[i, k] * r[k, j]
            end
            iszero(s) && continue
            both = r[i, i] + r[j, j]
            iszero(both) && throw_no_root()
            r[i, j] = s / both
        end
    end
    return r
end
@noinline throw_no_root() = throw(ArgumentError("the matrix is singular and has no square root, or none that can be computed"))
# What is almost singular may have roots so large that nothing of the matrix is left in them.
function checked_root(r::Matrix, a::Matrix)
    norm(r * r - a) <= sqrt(eps(real(eltype(a)))) * norm(a) || throw_no_root()
    return r
end

# By the triangular form, which is real if all values are real: `fits` says of real values whether
# the function of the matrix is real.
function of_schur_form(f, x::Matrix{<:Real}, fits)
    t, q = schur_form(complex(x))
    small = 100 * size(x, 1) * eps(eltype(x)) * norm(x)
    out = q * f(t) * adjoint(q)
    return all(k -> abs(imag(t[k, k])) > small || fits(real(t[k, k])), 1:size(x, 1)) ? real(out) : out
end
function of_schur_form(f, x::Matrix{<:Complex}, fits)
    t, q = schur_form(copy(x))
    return q * f(t) * adjoint(q)
end

# ---- logarithms

function Base.log(a::AbstractMatrix)
    x = within(a)
    isempty(x) && return x
    ishermitian(x) && return hermitian_log(x, hermitian_eigen(x))
    istriu(x) && return real_triangle(x, 0) ? triangular_log(x) : triangular_log(complex(x))
    return of_schur_form(triangular_log, x, >(0))
end
Base.log(a::HermitianForm) = hermitian_log(a, eigen(a))
Base.log(d::Diagonal) = Diagonal(map(log, d.diag))
Base.log(t::UpperTriangular) = UpperTriangular(log(eigen_float(t)))
Base.log(t::LowerTriangular) = LowerTriangular(copy(transpose(log(copy(transpose(eigen_float(t)))))))
hermitian_log(a, e::Eigen) = all(>=(0), e.values) ? like(a, spectral(e, map(log, e.values))) : unlike(a, beyond(log, e))
# Roots until it is near to the unit matrix, then the series of twice the area tangent of
# (x + 2)^-1 x, which is short. The diagonals that can be had at once are.
function triangular_log(t::Matrix{T}) where {T}
    n = size(t, 1)
    any(k -> iszero(t[k, k]), 1:n) && throw(ArgumentError("the matrix is singular and has no logarithm"))
    unit = Matrix{T}(I, n, n)
    root = t
    roots = 0
    while roots < 100 && opnorm(root - unit, 1) > 0.25
        root = triangular_root(root)
        roots += 1
    end
    x = root - unit
    z = triangular_solve(x + 2 * unit, x, true)
    square_of_z = z * z
    power, out = z, copy(z)
    for k in 3:2:25
        power = power * square_of_z
        out += power / k
    end
    out = out * T(2)^(roots + 1)
    for k in 1:n
        out[k, k] = log(t[k, k])
        k < n && (out[k, k+1] = t[k, k+1] * slope_of_log(t[k, k], t[k+1, k+1]))
    end
    return out
end
# (log b - log a) / (b - a), also where both are about equal.
function slope_of_log(a, b)
    a == b && return inv(a)
    2 * abs(a) < abs(b) || 2 * abs(b) < abs(a) && return (log(b) - log(a)) / (b - a)
    turns = turns_between(a, b)
    return (2 * atanh((b - a) / (b + a)) + turns) / (b - a)
end
turns_between(a::Real, b::Real) = zero(a)
turns_between(a::Complex, b::Complex) = (d = log(b) - log(a); 2π * im * round((imag(d) - imag(2 * atanh((b - a) / (b + a)))) / 2π))

# ---- powers

function Base.:^(a::AbstractMatrix, p::Real)
    checksquare(a)
    isinteger(p) && return float(a)^Int(p)
    x = eigen_float(a)
    isdiag(x) && return on_diagonal(y -> y^p, x)
    issymmetric(x) && x isa Matrix{<:Real} && return Symmetric(x)^p
    ishermitian(x) && return Hermitian(x)^p
    istriu(x) || return of_schur_form(t -> triangular_power(t, p), x, >=(0))
    return real_triangle(x, 0) ? triangular_power(x, p) : triangular_power(complex(x), p)
end
Base.:^(d::Diagonal, p::Real) = Diagonal(map(x -> x^p, d.diag))
Base.:^(a::HermitianForm, p::Integer) = like(a, Matrix(a)^p)
function Base.:^(a::HermitianForm, p::Real)
    isinteger(p) && return like(a, float(Matrix(a))^Int(p))
    e = eigen(a)
    return all(>=(0), e.values) ? like(a, spectral(e, map(x -> x^p, e.values))) : unlike(a, beyond(x -> x^p, e))
end
function triangular_power(t::Matrix, p)
    whole = floor(Int, p)
    rest = p - whole
    part = rest == 0.5 ? triangular_root(t) : exp_of_quotient(rest * triangular_log(t))
    return t^whole * part
end
