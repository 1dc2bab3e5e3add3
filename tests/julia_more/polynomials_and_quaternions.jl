# Polynomials and quaternions as number types with promotion.
struct Poly{T<:Number}
    c::Vector{T}
    function Poly{T}(c::AbstractVector) where {T}
        n = something(findlast(!iszero, c), 0)
        new{T}(c[1:n])
    end
end
Poly(c::AbstractVector{T}) where {T} = Poly{T}(c)
Poly(c::Number...) = Poly(collect(promote(c...)))
degree(p::Poly) = length(p.c) - 1
Base.getindex(p::Poly{T}, i::Integer) where {T} = 0 <= i <= degree(p) ? p.c[i+1] : zero(T)
Base.:+(p::Poly, q::Poly) = Poly([p[i] + q[i] for i in 0:max(degree(p), degree(q))])
Base.:-(p::Poly) = Poly(-p.c)
Base.:-(p::Poly, q::Poly) = p + -q
Base.:*(p::Poly{S}, q::Poly{T}) where {S,T} = (isempty(p.c) || isempty(q.c)) ? Poly(promote_type(S, T)[]) : Poly([sum(p[j] * q[i-j] for j in 0:i) for i in 0:degree(p)+degree(q)])
for op in (:+, :-, :*)
    @eval Base.$op(p::Poly, k::Number) = $op(p, Poly(k))
    @eval Base.$op(k::Number, p::Poly) = $op(Poly(k), p)
end
Base.:^(p::Poly, n::Integer) = Base.power_by_squaring(p, n)
Base.one(::Type{Poly{T}}) where {T} = Poly(one(T))
Base.zero(::Type{Poly{T}}) where {T} = Poly(T[])
Base.one(p::Poly) = one(typeof(p))
Base.zero(p::Poly) = zero(typeof(p))
Base.:(==)(p::Poly, q::Poly) = p.c == q.c
Base.iszero(p::Poly) = isempty(p.c)
(p::Poly)(x) = foldr((a, acc) -> a + x * acc, p.c; init = zero(eltype(p.c)))
derivative(p::Poly) = Poly([i * p[i] for i in 1:degree(p)])
function Base.divrem(a::Poly{T}, b::Poly{T}) where {T}
    q = zero(a)
    while degree(a) >= degree(b)
        k = degree(a) - degree(b)
        t = Poly([zeros(T, k); a.c[end] / b.c[end]])
        q, a = q + t, a - t * b
    end
    q, a
end
function Base.show(io::IO, p::Poly)
    iszero(p) && return print(io, "0")
    first = true
    for i in degree(p):-1:0
        a = p[i]
        iszero(a) && continue
        if a isa Real
            print(io, first ? (a < 0 ? "-" : "") : a < 0 ? " - " : " + ")
            (isone(abs(a)) && i > 0) || print(io, abs(a))
        else
            print(io, first ? "" : " + ", "(", a, ")")
        end
        i > 0 && print(io, "x")
        i > 1 && print(io, "^", i)
        first = false
    end
end
x = Poly(0, 1)
p = x^2 - 3x + 2
println(p, " | ", p(1), p(2), p(0.5), " | ", p * p, " | ", derivative(p), " | ", (x + 1)^5, " | ", -x, " | ", zero(p), " | ", Poly(1, 0, 0), " | ", x - x == zero(x))
println(divrem(Poly(-1.0, 0, 1), Poly(1.0, 1)), " ", Poly(1 // 2, 1) * 2, " ", Poly(1im, 2), " ", typeof(Poly(1, 2.5)), " ", p(p), " ", sum([x, x^2, Poly(1)]), " ", prod([x - 1, x - 2]), " ", map(derivative, [x^3, Poly(7)]))
struct Quat{T<:Real} <: Number
    s::T
    i::T
    j::T
    k::T
end
Quat(a::Real, b::Real, c::Real, d::Real) = Quat(promote(a, b, c, d)...)
Quat{T}(x::Real) where {T} = Quat{T}(x, 0, 0, 0)
Quat(x::Real) = Quat(x, zero(x), zero(x), zero(x))
Base.:+(a::Quat, b::Quat) = Quat(a.s + b.s, a.i + b.i, a.j + b.j, a.k + b.k)
Base.:-(a::Quat, b::Quat) = Quat(a.s - b.s, a.i - b.i, a.j - b.j, a.k - b.k)
Base.:*(a::Quat, b::Quat) = Quat(a.s * b.s - a.i * b.i - a.j * b.j - a.k * b.k, a.s * b.i + a.i * b.s + a.j * b.k - a.k * b.j, a.s * b.j - a.i * b.k + a.j * b.s + a.k * b.i, a.s * b.k + a.i * b.j - a.j * b.i + a.k * b.s)
Base.conj(q::Quat) = Quat(q.s, -q.i, -q.j, -q.k)
Base.abs2(q::Quat) = q.s^2 + q.i^2 + q.j^2 + q.k^2
Base.abs(q::Quat) = sqrt(abs2(q))
Base.inv(q::Quat) = (c = conj(q); n = abs2(q); Quat(c.s / n, c.i / n, c.j / n, c.k / n))
Base.:/(a::Quat, b::Quat) = a * inv(b)
Base.promote_rule(::Type{Quat{T}}, ::Type{S}) where {T<:Real,S<:Real} = Quat{promote_type(T, S)}
Base.promote_rule(::Type{Quat{T}}, ::Type{Quat{S}}) where {T<:Real,S<:Real} = Quat{promote_type(T, S)}
Base.convert(::Type{Quat{T}}, q::Quat) where {T} = Quat{T}(q.s, q.i, q.j, q.k)
Base.show(io::IO, q::Quat) = print(io, q.s, q.i < 0 ? "-" : "+", abs(q.i), "i", q.j < 0 ? "-" : "+", abs(q.j), "j", q.k < 0 ? "-" : "+", abs(q.k), "k")
const qi, qj, qk = Quat(0, 1, 0, 0), Quat(0, 0, 1, 0), Quat(0, 0, 0, 1)
println(qi * qj, " ", qj * qi, " ", qi^2, " ", qi * qj * qk, " ", 2qi + 1, " ", 1.5 + qj, " ", qi / qj, " ", inv(Quat(1, 1, 1, 1)), " ", abs(Quat(1, 1, 1, 1)), " ", qi == qi, " ", Quat(3, 0, 0, 0) == 3, " ", conj(qk))
println([qi, 1.5], " ", eltype([qi 2]), " ", sum([qi, qj, qk]), " ", [qi qj; qk qi] * [qi, qj], " ", promote(qi, 2.5), " ", zero(qi), " ", one(Quat{Float64}), " ", iszero(qi - qi), " ", prod([qi, qj]), " ", qi .* [1, 2], " ", convert(Quat{Float64}, qi), " ", Quat{Float64}(3))
