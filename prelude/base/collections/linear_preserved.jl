# module: LinearAlgebra
# Structured matrices whose copies, sums, multiples, products and broadcasts have a structure again.

const UpperTriangle = Union{UpperTriangular,UnitUpperTriangular}
const LowerTriangle = Union{LowerTriangular,UnitLowerTriangular}
const Structured = Union{Diagonal,UpperTriangular,LowerTriangular,UnitUpperTriangular,UnitLowerTriangular,Tridiagonal,SymTridiagonal,Bidiagonal}

# ---- copies, and arrays to be filled

with_data(::UpperTriangular, a) = UpperTriangular(a)
with_data(::LowerTriangular, a) = LowerTriangular(a)
with_data(::UnitUpperTriangular, a) = UnitUpperTriangular(a)
with_data(::UnitLowerTriangular, a) = UnitLowerTriangular(a)
with_data(s::Symmetric, a) = Symmetric(a, Symbol(s.uplo))
with_data(s::Hermitian, a) = Hermitian(a, Symbol(s.uplo))
Base.copy(t::Union{Triangular,Mirrored}) = with_data(t, copy(t.data))
Base.copy(t::Tridiagonal) = Tridiagonal(copy(t.dl), copy(t.d), copy(t.du))
Base.copy(t::SymTridiagonal) = SymTridiagonal(copy(t.dv), copy(t.ev))
Base.copy(t::Bidiagonal) = Bidiagonal(copy(t.dv), copy(t.ev), Symbol(t.uplo))
Base.similar(t::Triangular) = with_data(t, Base.similar(t.data))
Base.similar(t::Triangular, ::Type{T}) where {T} = with_data(t, Base.similar(t.data, T))
Base.similar(d::Diagonal) = Diagonal(Base.similar(d.diag))
Base.similar(d::Diagonal, ::Type{T}) where {T} = Diagonal(Base.similar(d.diag, T))
Base.similar(t::Tridiagonal) = Tridiagonal(Base.similar(t.dl), Base.similar(t.d), Base.similar(t.du))
Base.similar(t::Tridiagonal, ::Type{T}) where {T} = Tridiagonal(Base.similar(t.dl, T), Base.similar(t.d, T), Base.similar(t.du, T))
Base.similar(t::Bidiagonal) = Bidiagonal(Base.similar(t.dv), Base.similar(t.ev), Symbol(t.uplo))
Base.similar(t::Bidiagonal, ::Type{T}) where {T} = Bidiagonal(Base.similar(t.dv, T), Base.similar(t.ev, T), Symbol(t.uplo))
Base.float(t::Union{Triangular,Mirrored}) = with_data(t, float(t.data))
Base.float(d::Diagonal) = Diagonal(float(d.diag))
Base.float(t::Tridiagonal) = Tridiagonal(float(t.dl), float(t.d), float(t.du))
Base.adjoint(t::Tridiagonal{<:Real}) = Tridiagonal(t.du, t.d, t.dl)
Base.transpose(t::Tridiagonal{<:Number}) = Tridiagonal(t.du, t.d, t.dl)
Base.adjoint(t::SymTridiagonal{<:Real}) = t
Base.transpose(t::SymTridiagonal) = t
Base.adjoint(t::Bidiagonal{<:Real}) = Bidiagonal(t.dv, t.ev, t.uplo == 'U' ? :L : :U)
Base.transpose(t::Bidiagonal{<:Number}) = Bidiagonal(t.dv, t.ev, t.uplo == 'U' ? :L : :U)

# ---- the structure of a result

# A kind, and the matrix of this kind with the elements of `m`, which has zeros elsewhere.
struct Kind{K} end
kind(::Diagonal) = Kind{:diagonal}()
kind(::UpperTriangle) = Kind{:upper}()
kind(::LowerTriangle) = Kind{:lower}()
kind(::Tridiagonal) = Kind{:tridiagonal}()
kind(::SymTridiagonal) = Kind{:symtridiagonal}()
kind(b::Bidiagonal) = Kind{:bidiagonal}()
joined_kind(::Kind{A}, ::Kind{A}) where {A} = Kind{A}()
joined_kind(::Kind{:diagonal}, ::Kind{:diagonal}) = Kind{:diagonal}()
joined_kind(::Kind{:diagonal}, b::Kind) = b
joined_kind(a::Kind, ::Kind{:diagonal}) = a
joined_kind(a::Kind, b::Kind) = has_few(a) && has_few(b) ? Kind{:tridiagonal}() : Kind{:full}()
has_few(::Union{Kind{:tridiagonal},Kind{:symtridiagonal},Kind{:bidiagonal}}) = true
has_few(::Kind) = false
of_kind(::Kind{:full}, m, like) = m
of_kind(::Kind{:diagonal}, m, like) = Diagonal(diag(m))
of_kind(::Kind{:upper}, m, like) = UpperTriangular(m)
of_kind(::Kind{:lower}, m, like) = LowerTriangular(m)
of_kind(::Kind{:tridiagonal}, m, like) = Tridiagonal(diag(m, -1), diag(m), diag(m, 1))
of_kind(::Kind{:symtridiagonal}, m, like) = SymTridiagonal(diag(m), diag(m, 1))
of_kind(::Kind{:bidiagonal}, m, like) = Bidiagonal(diag(m), diag(m, like == 'U' ? 1 : -1), Symbol(like))
side(b::Bidiagonal) = b.uplo
side(x) = 'U'

# ---- sums and multiples

# All elements, in a matrix without structure.
function full_sum(op::F, a::AbstractMatrix, b::AbstractMatrix) where {F}
    Base.check_same_axes(a, b)
    return [op(a[i, j], b[i, j]) for i in 1:size(a, 1), j in 1:size(a, 2)]
end
Base.:+(a::Structured, b::Structured) = structured_sum(+, a, b)
Base.:-(a::Structured, b::Structured) = structured_sum(-, a, b)
structured_sum(op::F, a, b) where {F} = of_kind(joined_kind(kind(a), kind(b)), full_sum(op, a, b), a isa Bidiagonal ? side(a) : side(b))
function structured_sum(op::F, a::Bidiagonal, b::Bidiagonal) where {F}
    m = full_sum(op, a, b)
    return a.uplo == b.uplo ? of_kind(kind(a), m, a.uplo) : of_kind(Kind{:tridiagonal}(), m, 'U')
end
each_element(f::F, t::Structured) where {F} = of_kind(kind(t), Base.map(f, t), side(t))
Base.:-(t::Structured) = each_element(-, t)
Base.:*(x::Number, t::Structured) = each_element(y -> x * y, t)
Base.:*(t::Structured, x::Number) = each_element(y -> y * x, t)
Base.:/(t::Structured, x::Number) = each_element(y -> y / x, t)
Base.:\(x::Number, t::Structured) = each_element(y -> x \ y, t)
Base.:+(t::Union{UnitUpperTriangular,UnitLowerTriangular,SymTridiagonal}, s::UniformScaling) = t + Diagonal(fill(s.λ, size(t, 1)))

Base.:-(s::Mirrored) = with_data(s, -Matrix(s))
Base.:+(a::Symmetric, b::Symmetric) = with_data(a, full_sum(+, a, b))
Base.:-(a::Symmetric, b::Symmetric) = with_data(a, full_sum(-, a, b))
Base.:+(a::Hermitian, b::Hermitian) = with_data(a, full_sum(+, a, b))
Base.:-(a::Hermitian, b::Hermitian) = with_data(a, full_sum(-, a, b))
Base.:+(a::Symmetric, b::Diagonal{<:Number}) = with_data(a, full_sum(+, a, b))
Base.:-(a::Symmetric, b::Diagonal{<:Number}) = with_data(a, full_sum(-, a, b))
Base.:+(a::Diagonal{<:Number}, b::Symmetric) = with_data(b, full_sum(+, a, b))
Base.:-(a::Diagonal{<:Number}, b::Symmetric) = with_data(b, full_sum(-, a, b))
Base.:*(x::Number, s::Symmetric) = with_data(s, x * Matrix(s))
Base.:*(s::Symmetric, x::Number) = with_data(s, Matrix(s) * x)
Base.:/(s::Symmetric, x::Number) = with_data(s, Matrix(s) / x)
Base.:*(x::Real, s::Hermitian) = with_data(s, x * Matrix(s))
Base.:*(s::Hermitian, x::Real) = with_data(s, Matrix(s) * x)
Base.:/(s::Hermitian, x::Real) = with_data(s, Matrix(s) / x)
Base.:+(s::Hermitian, i::UniformScaling{<:Real}) = with_data(s, Matrix(s) + i)
Base.:^(s::Symmetric{<:Real}, p::Integer) = with_data(s, Matrix(s)^p)

# ---- products and quotients

full_product(a, b) = mul!(Matrix{product_type(a, b)}(undef, size(a, 1), size(b, 2)), a, checked_factor(a, b))
checked_factor(a, b) = size(a, 2) == size(b, 1) ? b : throw_product_sizes(a, b)
Base.:*(a::UpperTriangle, b::UpperTriangle) = UpperTriangular(full_product(a, b))
Base.:*(a::LowerTriangle, b::LowerTriangle) = LowerTriangular(full_product(a, b))
Base.:*(a::UnitUpperTriangular, b::UnitUpperTriangular) = UnitUpperTriangular(full_product(a, b))
Base.:*(a::UnitLowerTriangular, b::UnitLowerTriangular) = UnitLowerTriangular(full_product(a, b))
Base.:*(a::Diagonal, b::UpperTriangle) = UpperTriangular(full_product(a, b))
Base.:*(a::Diagonal, b::LowerTriangle) = LowerTriangular(full_product(a, b))
Base.:*(a::UpperTriangle, b::Diagonal) = UpperTriangular(full_product(a, b))
Base.:*(a::LowerTriangle, b::Diagonal) = LowerTriangular(full_product(a, b))
Base.:\(a::UpperTriangle, b::UpperTriangle) = UpperTriangular(triangular_solve(a, Matrix(b), true))
Base.:\(a::LowerTriangle, b::LowerTriangle) = LowerTriangular(triangular_solve(a, Matrix(b), false))

# ---- broadcasts: those that keep zeros zero keep the structure

struct StructuredMatrixStyle{K} <: Base.AbstractArrayStyle{2} end
StructuredMatrixStyle{K}(::Val) where {K} = StructuredMatrixStyle{K}()
Base.BroadcastStyle(::Type{<:Diagonal}) = StructuredMatrixStyle{:diagonal}()
Base.BroadcastStyle(::Type{<:UpperTriangle}) = StructuredMatrixStyle{:upper}()
Base.BroadcastStyle(::Type{<:LowerTriangle}) = StructuredMatrixStyle{:lower}()
Base.BroadcastStyle(::Type{<:Union{Tridiagonal,SymTridiagonal}}) = StructuredMatrixStyle{:tridiagonal}()
Base.BroadcastStyle(a::StructuredMatrixStyle, b::StructuredMatrixStyle) = style_of_kind(joined_kind(Kind_of(a), Kind_of(b)))
Base.BroadcastStyle(a::StructuredMatrixStyle, ::Base.DefaultArrayStyle{0}) = a
Base.BroadcastStyle(::StructuredMatrixStyle, ::Base.DefaultArrayStyle{N}) where {N} = Base.DefaultArrayStyle{max(2, N)}()
Base.BroadcastStyle(::StructuredMatrixStyle, ::Base.Style{Tuple}) = Base.DefaultArrayStyle{2}()
Kind_of(::StructuredMatrixStyle{K}) where {K} = Kind{K}()
style_of_kind(::Kind{K}) where {K} = StructuredMatrixStyle{K}()
style_of_kind(::Kind{:full}) = Base.DefaultArrayStyle{2}()
function Base.copy(bc::Base.Broadcasted{StructuredMatrixStyle{K}}) where {K}
    m = copy(Base.Broadcasted(Base.DefaultArrayStyle{2}(), bc.f, bc.args))
    return keeps_zeros(bc) ? of_kind(Kind{K}(), m isa BitMatrix ? Matrix(m) : m, 'U') : m
end
function keeps_zeros(bc::Base.Broadcasted)
    z = at_zeros(bc)
    return !(z isa Missing) && z isa Number && iszero(z)
end
at_zeros(x) = missing
at_zeros(x::Number) = x
at_zeros(x::Base.Ref) = x[]
at_zeros(x::Base.FixedArg) = x.x
at_zeros(a::Structured) = zero(Base.eltype(a))
function at_zeros(bc::Base.Broadcasted)
    args = map(at_zeros, bc.args)
    any(x -> x isa Missing, args) && return missing
    return bc.f(args...)
end

# ---- from whole matrices

Tridiagonal(a::AbstractMatrix) = Tridiagonal(diag(a, -1), diag(a), diag(a, 1))
function SymTridiagonal(a::AbstractMatrix)
    diag(a, 1) == map(transpose, diag(a, -1)) || throw(ArgumentError("matrix is not symmetric; cannot convert to SymTridiagonal"))
    return SymTridiagonal(diag(a), diag(a, 1))
end
Bidiagonal(a::AbstractMatrix, uplo::Symbol) = Bidiagonal(diag(a), diag(a, triangle_char(uplo) == 'U' ? 1 : -1), uplo)
