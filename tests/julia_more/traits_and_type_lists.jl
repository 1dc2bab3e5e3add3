# Traits, numbers and lists as types, recursion over tuples, values as types.
abstract type Shape end
abstract type Poly <: Shape end
struct Tri <: Poly
    a::Float64
    b::Float64
    c::Float64
end
struct Rect{T<:Real} <: Poly
    w::T
    h::T
end
struct Disc{T} <: Shape
    r::T
end
struct Symmetric_ end
struct Asymmetric end
symmetry(::Type) = Asymmetric()
symmetry(::Type{<:Disc}) = Symmetric_()
symmetry(::Type{Rect{T}}) where {T<:Integer} = Symmetric_()
symmetry(x::T) where {T} = symmetry(T)
info(x) = info(symmetry(x), x)
info(::Symmetric_, x::Poly) = "regular polygon-ish $(nameof(typeof(x)))"
info(::Symmetric_, x) = "symmetric $(typeof(x))"
info(::Asymmetric, x) = "asymmetric $(typeof(x))"
println(info.([Disc(1), Rect(1, 2), Rect(1.0, 2.0), Tri(3, 4, 5)]))
sides(::Type{<:Shape}) = missing
sides(::Type{<:Poly}) = 4
sides(::Type{Tri}) = 3
sides(x) = sides(typeof(x))
println([sides(s) for s in (Tri(1, 1, 1), Rect(1, 1), Disc(2.0))], " ", coalesce.(sides.((Disc(1), Tri(1, 2, 3))), 0))
area(t::Tri) = (s = (t.a + t.b + t.c) / 2; sqrt(s * (s - t.a) * (s - t.b) * (s - t.c)))
area(r::Rect) = r.w * r.h
area(d::Disc) = π * d.r^2
area(xs::Shape...) = sum(area, xs; init = 0)
println(area(Tri(3, 4, 5)), " ", area(Rect(2, 3)), " ", area(Disc(1)), " ", area(Rect(1, 2), Rect(3, 4)), " ", area(), " ", map(area, (Rect(1, 1), Rect(1.5, 2.0))))
# type-level lists and naturals
struct Z end
struct S{N} end
toint(::Type{Z}) = 0
toint(::Type{S{N}}) where {N} = 1 + toint(N)
add(::Type{Z}, ::Type{N}) where {N} = N
add(::Type{S{M}}, ::Type{N}) where {M,N} = S{add(M, N)}
mul(::Type{Z}, ::Type) = Z
mul(::Type{S{M}}, ::Type{N}) where {M,N} = add(N, mul(M, N))
const Two = S{S{Z}}
const Three = S{Two}
println(toint(add(Two, Three)), " ", toint(mul(Two, Three)), " ", add(Two, Z) === Two, " ", mul(Three, Three) |> toint, " ", Two)
# recursion on tuples
rev(::Tuple{}) = ()
rev(t::Tuple) = (rev(Base.tail(t))..., first(t))
zipt(::Tuple{}, ::Tuple{}) = ()
zipt(a::Tuple, b::Tuple) = ((a[1], b[1]), zipt(Base.tail(a), Base.tail(b))...)
flatten(x) = (x,)
flatten(t::Tuple) = _flat(t...)
_flat() = ()
_flat(x, rest...) = (flatten(x)..., _flat(rest...)...)
println(rev((1, "a", :c)), " ", zipt((1, 2), ("x", 'y')), " ", flatten((1, (2, (3, "x")), (), ((4,),))), " ", typeof(rev((1, 2.0))))
firsttype(::Type{<:Tuple{T,Vararg}}) where {T} = T
firsttype(::Type{Tuple{}}) = Union{}
println(firsttype(Tuple{Int,String}), " ", firsttype(Tuple{}), " ", firsttype(typeof((1.5,))))
count_type(::Type{T}, t::Tuple) where {T} = count_type(T, Base.tail(t)) + (first(t) isa T)
count_type(::Type, ::Tuple{}) = 0
println(count_type(Number, (1, "a", 2.5, :x, 3im)), " ", count_type(Any, (1, 2)))
# dispatch on length and on equal types
same(::T, ::T) where {T} = true
same(::Any, ::Any) = false
println(same(1, 2), same(1, 2.0), same([1], [2]), same([1], [2.0]), same(nothing, nothing), same(Int, Int), same(Int, Float64), same(sin, cos))
kind(::Type{T}) where {T<:AbstractFloat} = :float
kind(::Type{T}) where {T<:Integer} = :int
kind(::Type{T}) where {T} = :other
kind(::Type{Vector{T}}) where {T} = Symbol(:vector_, kind(T))
kind(::Type{Union{T,Missing}}) where {T} = Symbol(:maybe_, kind(T))
kind(::Type{Pair{A,B}}) where {A,B} = Symbol(kind(A), :_to_, kind(B))
println(kind.([Int8, Float16, String, Vector{Int}, Vector{Vector{Float64}}, Union{Int,Missing}, Pair{Int,String}]))
# Val with several parameter kinds
v(::Val{true}) = "yes"
v(::Val{false}) = "no"
v(::Val{N}) where {N} = N isa Integer ? "int $N" : N isa Symbol ? "sym $N" : "other $(repr(N))"
v(::Val{T}) where {T<:Tuple} = "tuple type $T"
println(v.((Val(true), Val(1), Val(:s), Val('c'), Val(1.5), Val((1, :a)), Val(Int))), " ", Val(2) === Val{2}(), " ", Val{:x}() isa Val)
power(x, ::Val{0}) = one(x)
power(x, ::Val{N}) where {N} = iseven(N) ? power(x * x, Val(N ÷ 2)) : x * power(x, Val(N - 1))
println(power(2, Val(10)), " ", power(1.5, Val(3)), " ", power([1 1; 1 0], Val(9)))
# stateful trait registry with runtime types
const REG = Dict{DataType,Function}()
register!(f, Ts...) = foreach(T -> REG[T] = f, Ts)
register!(x -> "number $x", Int, Float64)
register!(String, Symbol) do x
    "text $x"
end
lookup(x) = begin
    T = typeof(x)
    while T !== Any
        haskey(REG, T) && return REG[T](x)
        T = supertype(T)
    end
    "unknown $(typeof(x))"
end
println(lookup(1), " ", lookup("s"), " ", lookup(:q), " ", lookup('c'), " ", lookup(nothing), " ", length(REG))
REG[Integer] = x -> "integer-like $(Int(x))" 
println(get(REG, Bool, nothing) === nothing, " ", haskey(REG, Int))
# ambiguity and its resolution
amb(::Int, ::Any) = "left"
amb(::Any, ::Int) = "right"
try
    amb(1, 1)
catch e
    println(typeof(e))
end
amb(::Int, ::Int) = "both"
println(amb(1, 1), amb(1, "x"), amb("x", 1))
sup(x::Integer) = "integer"
sup(x::Number) = "number>" * (x isa Real ? "real" : "complex")
sup(x) = "any"
println(sup(0x1), " ", sup(1.5), " ", sup(1im), " ", sup("q"), " ", invoke(sup, Tuple{Number}, 3), " ", invoke(sup, Tuple{Any}, 3))
