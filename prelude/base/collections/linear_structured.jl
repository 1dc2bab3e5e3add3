# module: LinearAlgebra
# Matrices of which a part is known: diagonal, symmetric, triangular; and what uses that.

# ---- diagonal matrices

struct Diagonal{T,V<:AbstractVector{T}} <: AbstractMatrix{T}
    diag::V
end
Diagonal(a::AbstractMatrix) = Diagonal(diag(a))
Diagonal{T}(v::AbstractVector) where {T} = Diagonal(convert(AbstractVector{T}, v))
Base.size(d::Diagonal) = (length(d.diag), length(d.diag))
@inline function Base.getindex(d::Diagonal{T}, i::Int, j::Int) where {T}
    @boundscheck checkbounds(d, i, j)
    return i == j ? @inbounds(d.diag[i]) : zero(T)
end
function Base.setindex!(d::Diagonal, v, i::Int, j::Int)
    @boundscheck checkbounds(d, i, j)
    if i == j
        d.diag[i] = v
    elseif !iszero(v)
        throw(ArgumentError(LazyString("cannot set off-diagonal entry (", i, ", ", j, ") to a nonzero value (", v, ")")))
    end
    return d
end
diag(d::Diagonal) = copy(d.diag)
det(d::Diagonal) = prod(d.diag)
tr(d::Diagonal) = sum(d.diag)
isdiag(::Diagonal) = true
Base.copy(d::Diagonal) = Diagonal(copy(d.diag))
Base.transpose(d::Diagonal) = Diagonal(map(transpose, d.diag))
Base.adjoint(d::Diagonal) = Diagonal(map(adjoint, d.diag))
Base.:+(a::Diagonal, b::Diagonal) = Diagonal(a.diag + b.diag)
Base.:-(a::Diagonal, b::Diagonal) = Diagonal(a.diag - b.diag)
Base.:-(a::Diagonal) = Diagonal(-a.diag)
Base.:*(a::Diagonal, b::Diagonal) = Diagonal(a.diag .* b.diag)
Base.:*(x::Number, d::Diagonal) = Diagonal(x * d.diag)
Base.:*(d::Diagonal, x::Number) = Diagonal(d.diag * x)
Base.:/(d::Diagonal, x::Number) = Diagonal(d.diag / x)
Base.:*(d::Diagonal, v::AbstractVector) = d.diag .* v
Base.:*(d::Diagonal, a::AbstractMatrix) = d.diag .* a
Base.:*(a::AbstractMatrix, d::Diagonal) = a .* transpose(d.diag)
Base.:*(d::Diagonal, a::Diagonal, b::AbstractVecOrMat) = (d * a) * b
Base.:+(d::Diagonal, s::UniformScaling) = Diagonal(d.diag .+ s.λ)
Base.:\(d::Diagonal, v::AbstractVector) = d.diag .\ v
Base.:\(d::Diagonal, a::AbstractMatrix) = d.diag .\ a
Base.:^(d::Diagonal, p::Integer) = Diagonal(d.diag .^ p)
function Base.inv(d::Diagonal)
    for k in 1:length(d.diag)
        iszero(d.diag[k]) && throw(SingularException(k))
    end
    return Diagonal(map(inv, d.diag))
end
pinv(d::Diagonal) = Diagonal(map(pinv, d.diag))

# ---- symmetric and Hermitian matrices: one triangle says what the other is

struct Symmetric{T,S<:AbstractMatrix{<:T}} <: AbstractMatrix{T}
    data::S
    uplo::Char
end
struct Hermitian{T,S<:AbstractMatrix{<:T}} <: AbstractMatrix{T}
    data::S
    uplo::Char
end
const Mirrored = Union{Symmetric,Hermitian}
triangle_char(s::Symbol) = s === :U ? 'U' : s === :L ? 'L' : throw(ArgumentError(LazyString("uplo argument must be either :U (upper) or :L (lower), got ", s)))
Symmetric(a::AbstractMatrix{T}, uplo::Symbol=:U) where {T} = (checksquare(a); Symmetric{T,typeof(a)}(a, triangle_char(uplo)))
Hermitian(a::AbstractMatrix{T}, uplo::Symbol=:U) where {T} = (checksquare(a); Hermitian{T,typeof(a)}(a, triangle_char(uplo)))
Base.size(s::Mirrored) = size(s.data)
Base.parent(s::Mirrored) = s.data
@inline function Base.getindex(s::Symmetric, i::Int, j::Int)
    @boundscheck checkbounds(s, i, j)
    return @inbounds i == j || (i < j) == (s.uplo == 'U') ? s.data[i, j] : transpose(s.data[j, i])
end
@inline function Base.getindex(s::Hermitian, i::Int, j::Int)
    @boundscheck checkbounds(s, i, j)
    i == j && return @inbounds oftype(s.data[i, j], real(s.data[i, j]))
    return @inbounds (i < j) == (s.uplo == 'U') ? s.data[i, j] : adjoint(s.data[j, i])
end
function Base.setindex!(s::Symmetric, v, i::Int, j::Int)
    i == j || throw(ArgumentError("Cannot set a non-diagonal index in a symmetric matrix"))
    s.data[i, j] = v
    return s
end
function Base.setindex!(s::Hermitian, v, i::Int, j::Int)
    i == j || throw(ArgumentError("Cannot set a non-diagonal index in a Hermitian matrix"))
    isreal(v) || throw(ArgumentError("Cannot set a diagonal entry in a Hermitian matrix to a nonreal value"))
    s.data[i, j] = v
    return s
end
issymmetric(::Symmetric) = true
ishermitian(::Hermitian) = true
Base.transpose(s::Symmetric) = s
Base.adjoint(s::Hermitian) = s
Base.adjoint(s::Symmetric{<:Real}) = s

Base.inv(s::Symmetric) = Symmetric(inv(Matrix(s)), Symbol(s.uplo))
Base.inv(s::Hermitian) = Hermitian(inv(Matrix(s)), Symbol(s.uplo))
Base.:+(s::Symmetric, i::UniformScaling) = Symmetric(s.data + i, Symbol(s.uplo))
Base.:-(s::Symmetric, i::UniformScaling) = Symmetric(s.data - i, Symbol(s.uplo))

# ---- triangular matrices

struct UpperTriangular{T,S<:AbstractMatrix{T}} <: AbstractMatrix{T}
    data::S
    UpperTriangular{T,S}(a) where {T,S<:AbstractMatrix{T}} = new{T,S}(a)
end
struct LowerTriangular{T,S<:AbstractMatrix{T}} <: AbstractMatrix{T}
    data::S
    LowerTriangular{T,S}(a) where {T,S<:AbstractMatrix{T}} = new{T,S}(a)
end
struct UnitLowerTriangular{T,S<:AbstractMatrix{T}} <: AbstractMatrix{T}
    data::S
    UnitLowerTriangular{T,S}(a) where {T,S<:AbstractMatrix{T}} = new{T,S}(a)
end
struct UnitUpperTriangular{T,S<:AbstractMatrix{T}} <: AbstractMatrix{T}
    data::S
    UnitUpperTriangular{T,S}(a) where {T,S<:AbstractMatrix{T}} = new{T,S}(a)
end
const Triangular = Union{UpperTriangular,LowerTriangular,UnitLowerTriangular,UnitUpperTriangular}
UpperTriangular(a::AbstractMatrix{T}) where {T} = (checksquare(a); UpperTriangular{T,typeof(a)}(a))
LowerTriangular(a::AbstractMatrix{T}) where {T} = (checksquare(a); LowerTriangular{T,typeof(a)}(a))
UnitLowerTriangular(a::AbstractMatrix{T}) where {T} = (checksquare(a); UnitLowerTriangular{T,typeof(a)}(a))
UnitUpperTriangular(a::AbstractMatrix{T}) where {T} = (checksquare(a); UnitUpperTriangular{T,typeof(a)}(a))
Base.size(t::Triangular) = size(t.data)
Base.parent(t::Triangular) = t.data
stored(::UpperTriangular, i::Int, j::Int) = i <= j
stored(::LowerTriangular, i::Int, j::Int) = i >= j
stored(::UnitUpperTriangular, i::Int, j::Int) = i < j
stored(::UnitLowerTriangular, i::Int, j::Int) = i > j
has_unit_diagonal(::Union{UnitLowerTriangular,UnitUpperTriangular}) = true
has_unit_diagonal(::Triangular) = false
@inline function Base.getindex(t::Triangular, i::Int, j::Int)
    @boundscheck checkbounds(t, i, j)
    stored(t, i, j) && return @inbounds t.data[i, j]
    return i == j && has_unit_diagonal(t) ? oneunit(Base.eltype(t)) : zero(Base.eltype(t))
end
function Base.setindex!(t::Triangular, v, i::Int, j::Int)
    @boundscheck checkbounds(t, i, j)
    if stored(t, i, j)
        t.data[i, j] = v
    elseif i == j
        v == oneunit(v) || throw(ArgumentError(LazyString("cannot set index on the diagonal (", i, ", ", j, ") of ", triangular_name(t), " matrix to a non-unit value (", v, ")")))
    elseif !iszero(v)
        throw(ArgumentError(LazyString("cannot set index in the ", i > j ? "lower" : "upper", " triangular part (", i, ", ", j, ") of ", triangular_name(t), " matrix to a nonzero value (", v, ")")))
    end
    return t
end
triangular_name(::UpperTriangular) = "an UpperTriangular"
triangular_name(::LowerTriangular) = "a LowerTriangular"
triangular_name(::UnitUpperTriangular) = "a UnitUpperTriangular"
triangular_name(::UnitLowerTriangular) = "a UnitLowerTriangular"
det(t::Triangular) = has_unit_diagonal(t) ? one(Base.eltype(t)) : prod(diag(t))
Base.:\(t::Union{UpperTriangular,UnitUpperTriangular}, b::AbstractVecOrMat) = triangular_solve(t, b, true)
Base.:\(t::Union{LowerTriangular,UnitLowerTriangular}, b::AbstractVecOrMat) = triangular_solve(t, b, false)
Base.transpose(t::UpperTriangular) = LowerTriangular(transpose(t.data))
Base.transpose(t::LowerTriangular) = UpperTriangular(transpose(t.data))
Base.adjoint(t::UpperTriangular) = LowerTriangular(adjoint(t.data))
Base.adjoint(t::LowerTriangular) = UpperTriangular(adjoint(t.data))
Base.inv(t::Triangular) = typeof(t).name.wrapper(t \ one(copyto!(Matrix{lu_type(Base.eltype(t))}(undef, size(t)), t)))

function triangular_solve(a::AbstractMatrix{T}, b::AbstractVecOrMat{S}, upper::Bool) where {T,S}
    n = size(a, 1)
    n == size(b, 1) || throw(DimensionMismatch(LazyString("dimensions ", size(a), " and ", size(b), " do not fit")))
    for k in 1:n
        iszero(a[k, k]) && throw(SingularException(k))
    end
    x = copyto!(Base.similar(b, promote_type(lu_type(T), lu_type(S)), size(b)), b)
    for c in 1:size(b, 2), k in (upper ? (n:-1:1) : (1:1:n))
        x[k, c] = a[k, k] \ x[k, c]
        for i in (upper ? (1:k-1) : (k+1:n))
            x[i, c] -= a[i, k] * x[k, c]
        end
    end
    return x
end

# ---- matrices with few diagonals

struct Tridiagonal{T,V<:AbstractVector{T}} <: AbstractMatrix{T}
    dl::V
    d::V
    du::V
end
struct SymTridiagonal{T,V<:AbstractVector{T}} <: AbstractMatrix{T}
    dv::V
    ev::V
end
struct Bidiagonal{T,V<:AbstractVector{T}} <: AbstractMatrix{T}
    dv::V
    ev::V
    uplo::Char
end
Bidiagonal(dv::V, ev::V, uplo::Symbol) where {T,V<:AbstractVector{T}} = Bidiagonal{T,V}(dv, ev, triangle_char(uplo))
Base.size(t::Tridiagonal) = (length(t.d), length(t.d))
Base.size(t::Union{SymTridiagonal,Bidiagonal}) = (length(t.dv), length(t.dv))
function Base.getindex(t::Tridiagonal{T}, i::Int, j::Int) where {T}
    @boundscheck checkbounds(t, i, j)
    return i == j ? t.d[i] : i == j + 1 ? t.dl[j] : i + 1 == j ? t.du[i] : zero(T)
end
function Base.getindex(t::SymTridiagonal{T}, i::Int, j::Int) where {T}
    @boundscheck checkbounds(t, i, j)
    return i == j ? t.dv[i] : i == j + 1 ? t.ev[j] : i + 1 == j ? t.ev[i] : zero(T)
end
function Base.getindex(t::Bidiagonal{T}, i::Int, j::Int) where {T}
    @boundscheck checkbounds(t, i, j)
    i == j && return t.dv[i]
    return t.uplo == 'U' && i + 1 == j ? t.ev[i] : t.uplo == 'L' && i == j + 1 ? t.ev[j] : zero(T)
end
function Base.setindex!(t::Tridiagonal, v, i::Int, j::Int)
    @boundscheck checkbounds(t, i, j)
    if i == j
        t.d[i] = v
    elseif i == j + 1
        t.dl[j] = v
    elseif i + 1 == j
        t.du[i] = v
    elseif !iszero(v)
        throw(ArgumentError(LazyString("cannot set entry (", i, ", ", j, ") off the tridiagonal band to a nonzero value (", v, ")")))
    end
    return t
end
function Base.setindex!(t::SymTridiagonal, v, i::Int, j::Int)
    @boundscheck checkbounds(t, i, j)
    i == j || throw(ArgumentError(LazyString("cannot set off-diagonal entry (", i, ", ", j, ")")))
    t.dv[i] = v
    return t
end
function Base.setindex!(t::Bidiagonal, v, i::Int, j::Int)
    @boundscheck checkbounds(t, i, j)
    if i == j
        t.dv[i] = v
    elseif t.uplo == 'U' && i + 1 == j
        t.ev[i] = v
    elseif t.uplo == 'L' && i == j + 1
        t.ev[j] = v
    elseif !iszero(v)
        throw(ArgumentError(LazyString("cannot set entry (", i, ", ", j, ") off the ", t.uplo == 'U' ? "upper" : "lower", " bidiagonal band to a nonzero value ", v)))
    end
    return t
end

# ---- factors

Base.getproperty(f::LU, name::Symbol) = lu_property(f, Val(name))
lu_property(f::LU, ::Val{name}) where {name} = getfield(f, name)
function lu_property(f::LU, ::Val{:L})
    a = getfield(f, :factors)
    k = min(size(a, 1), size(a, 2))
    return [i == j ? one(Base.eltype(a)) : i > j ? a[i, j] : zero(Base.eltype(a)) for i in 1:size(a, 1), j in 1:k]
end
function lu_property(f::LU, ::Val{:U})
    a = getfield(f, :factors)
    k = min(size(a, 1), size(a, 2))
    return [i <= j ? a[i, j] : zero(Base.eltype(a)) for i in 1:k, j in 1:size(a, 2)]
end
function lu_property(f::LU, ::Val{:p})
    p = collect(1:size(getfield(f, :factors), 1))
    for (k, q) in enumerate(getfield(f, :ipiv))
        p[k], p[q] = p[q], p[k]
    end
    return p
end
function lu_property(f::LU, ::Val{:P})
    p = lu_property(f, Val(:p))
    return [p[i] == j ? one(Base.eltype(getfield(f, :factors))) : zero(Base.eltype(getfield(f, :factors))) for i in 1:length(p), j in 1:length(p)]
end
Base.iterate(f::LU) = (f.L, Val(:U))
Base.iterate(f::LU, ::Val{:U}) = (f.U, Val(:p))
Base.iterate(f::LU, ::Val{:p}) = (f.p, Val(:done))
Base.iterate(f::LU, ::Val{:done}) = nothing
det(f::LU) = prod(f.U[i, i] for i in 1:size(f.factors, 1)) * (count(i -> f.ipiv[i] != i, 1:length(f.ipiv)) % 2 == 0 ? 1 : -1)

struct PosDefException <: Exception
    info::Int
end
Base.showerror(io::IO, e::PosDefException) = print(io, "PosDefException: matrix is not ",
    e.info == -1 ? "Hermitian" : "positive definite", "; Cholesky factorization failed.")
struct Cholesky{T,S<:AbstractMatrix} <: Factorization{T}
    factors::S
    uplo::Char
    info::Int
end
cholesky_type(::Type{T}) where {T} = typeof(sqrt(one(T)))
function cholesky(a::AbstractMatrix{T}; check::Bool=true) where {T}
    n = checksquare(a)
    S = cholesky_type(T)
    ishermitian(a) || (check && throw(PosDefException(-1)); return Cholesky{S,Matrix{S}}(zeros(S, n, n), 'U', -1))
    u = zeros(S, n, n)
    for j in 1:n
        for i in 1:j-1
            s = S(a[i, j])
            for k in 1:i-1
                s -= conj(u[k, i]) * u[k, j]
            end
            u[i, j] = s / conj(u[i, i])
        end
        s = real(S(a[j, j]))
        for k in 1:j-1
            s -= abs2(u[k, j])
        end
        if s <= 0
            check && throw(PosDefException(j))
            return Cholesky{S,Matrix{S}}(u, 'U', j)
        end
        u[j, j] = sqrt(s)
    end
    return Cholesky{S,Matrix{S}}(u, 'U', 0)
end
Base.getproperty(f::Cholesky, name::Symbol) = cholesky_property(f, Val(name))
cholesky_property(f::Cholesky, ::Val{name}) where {name} = getfield(f, name)
cholesky_property(f::Cholesky, ::Val{:U}) = UpperTriangular(getfield(f, :factors))
cholesky_property(f::Cholesky, ::Val{:L}) = LowerTriangular(copy(adjoint(getfield(f, :factors))))
issuccess(f::Union{LU,Cholesky}) = f.info == 0
isposdef(a::AbstractMatrix) = ishermitian(a) && cholesky(a; check=false).info == 0
det(f::Cholesky) = prod(x -> real(x)^2, diag(f.factors))
Base.:\(f::Cholesky, b::AbstractVecOrMat) = f.U \ (f.L \ b)

function Base.show(io::IO, mime::MIME"text/plain", f::LU)
    summary(io, f)

    print(io, "\nL factor:\n")
    show(io, mime, f.L)
    print(io, "\nU factor:\n")
    show(io, mime, f.U)
end
function Base.show(io::IO, mime::MIME"text/plain", f::Cholesky)
    f.info == 0 || return print(io, "Failed factorization of type ", typeof(f))
    summary(io, f)
    print(io, "\nU factor:\n")
    show(io, mime, f.U)
end

lmul!(x::Number, a::AbstractArray) = (a .= x .* a)
rmul!(a::AbstractArray, x::Number) = (a .= a .* x)
axpy!(x::Number, a::AbstractArray, b::AbstractArray) = (b .+= x .* a; b)
axpby!(x::Number, a::AbstractArray, y::Number, b::AbstractArray) = (b .= x .* a .+ y .* b)
triu!(a::AbstractMatrix, k::Integer=0) = copyto!(a, triu(a, k))
tril!(a::AbstractMatrix, k::Integer=0) = copyto!(a, tril(a, k))

# ---- display: a dot for what is not stored

const Patterned = Union{Diagonal,UpperTriangular,LowerTriangular,UnitLowerTriangular,UnitUpperTriangular,Tridiagonal,SymTridiagonal,Bidiagonal}
is_stored(d::Diagonal, i::Int, j::Int) = i == j
is_stored(t::Triangular, i::Int, j::Int) = stored(t, i, j) || (i == j && has_unit_diagonal(t))
is_stored(t::Union{Tridiagonal,SymTridiagonal}, i::Int, j::Int) = abs(i - j) <= 1
is_stored(t::Bidiagonal, i::Int, j::Int) = i == j || (t.uplo == 'U' ? i + 1 == j : i == j + 1)
Base.cell_text(a::Patterned, k::Int, s::String) =
    is_stored(a, (k - 1) % size(a, 1) + 1, div(k - 1, size(a, 1)) + 1) ? s : centered_dot(textwidth(s))
centered_dot(width::Int) = string(" "^(div(width + 1, 2) - 1), "⋅", " "^(width - div(width + 1, 2)))
