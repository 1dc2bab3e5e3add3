# Vectors of static size, typed expressions, a search tree as a dictionary.
struct SVec{N,T<:Number} <: AbstractVector{T}
    data::NTuple{N,T}
end
SVec(xs::Number...) = SVec(promote(xs...))
Base.size(::SVec{N}) where {N} = (N,)
Base.getindex(v::SVec, i::Int) = v.data[i]
Base.IndexStyle(::Type{<:SVec}) = IndexLinear()
Base.:+(a::SVec{N}, b::SVec{N}) where {N} = SVec(ntuple(i -> a[i] + b[i], Val(N)))
Base.:*(k::Number, v::SVec) = SVec(map(x -> k * x, v.data))
Base.map(f, v::SVec) = SVec(map(f, v.data))
dot(a::SVec{N}, b::SVec{N}) where {N} = sum(map(*, a.data, b.data))
cross(a::SVec{3}, b::SVec{3}) = SVec(a[2] * b[3] - a[3] * b[2], a[3] * b[1] - a[1] * b[3], a[1] * b[2] - a[2] * b[1])
Base.promote_rule(::Type{SVec{N,T}}, ::Type{SVec{N,S}}) where {N,T,S} = SVec{N,promote_type(T, S)}
Base.convert(::Type{SVec{N,T}}, v::SVec{N}) where {N,T} = SVec{N,T}(map(x -> convert(T, x), v.data))
a, b = SVec(1, 2, 3), SVec(1.5, 0, -1)
println(a, " ", b, " ", a + b, " ", 2a, " ", dot(a, b), " ", cross(a, b), " ", sum(a), " ", maximum(b), " ", a .* 2, " ", typeof(a), " ", map(x -> x^2, a), " ", a[2:3], " ", length(a), " ", collect(a), " ", a == [1, 2, 3], " ", reverse(a), " ", 2 in a, " ", SVec(1) isa SVec{1}, " ", eltype(b))
println([a, b], " ", typeof([a, b]), " ", sort([SVec(2, 1), SVec(1, 5)]), " ", Dict(a => 1)[SVec(1, 2, 3)], " ", hash(a) == hash([1, 2, 3]), " ", a' * a, " ", [a b])
struct SMat{M,N,T} <: AbstractMatrix{T}
    cols::NTuple{N,SVec{M,T}}
end
SMat(cols::SVec{M,T}...) where {M,T} = SMat{M,length(cols),T}(cols)
Base.size(::SMat{M,N}) where {M,N} = (M, N)
Base.getindex(m::SMat, i::Int, j::Int) = m.cols[j][i]
@generated function mulv(m::SMat{M,N,T}, v::SVec{N,S}) where {M,N,T,S}
    rows = [foldl((x, y) -> :($x + $y), [:(m[$i, $j] * v[$j]) for j in 1:N]) for i in 1:M]
    :(SVec($(rows...)))
end
m = SMat(SVec(1, 3), SVec(2, 4))
println(m, " ", mulv(m, SVec(1, 1)), " ", m * [1, 1], " ", m', " ", m[:, 1], " ", sum(m, dims = 1), " ", m .+ 1, " ", size(m), " ", typeof(m))
abstract type Expr_{T} end
struct Lit{T} <: Expr_{T}
    v::T
end
struct Add{T,A<:Expr_{T},B<:Expr_{T}} <: Expr_{T}
    a::A
    b::B
end
struct If{T,C<:Expr_{Bool},A<:Expr_{T},B<:Expr_{T}} <: Expr_{T}
    c::C
    a::A
    b::B
end
struct Less{A,B} <: Expr_{Bool}
    a::A
    b::B
end
Add(a::A, b::B) where {T,A<:Expr_{T},B<:Expr_{T}} = Add{T,A,B}(a, b)
If(c::C, a::A, b::B) where {T,C<:Expr_{Bool},A<:Expr_{T},B<:Expr_{T}} = If{T,C,A,B}(c, a, b)
ev(l::Lit) = l.v
ev(x::Add) = ev(x.a) + ev(x.b)
ev(x::If) = ev(x.c) ? ev(x.a) : ev(x.b)
ev(x::Less) = ev(x.a) < ev(x.b)
type(::Expr_{T}) where {T} = T
prog = If(Less(Lit(1), Lit(2.5)), Add(Lit(1), Lit(41)), Lit(0))
println(ev(prog), " ", type(prog), " ", typeof(prog.a), " ", prog isa Expr_{Int}, " ", prog isa Expr_{<:Real})
try
    Add(Lit(1), Lit("s"))
catch e
    println(typeof(e))
end
mutable struct Tree{K,V}
    key::K
    val::V
    left::Union{Tree{K,V},Nothing}
    right::Union{Tree{K,V},Nothing}
    Tree{K,V}(k, v) where {K,V} = new{K,V}(k, v, nothing, nothing)
end
mutable struct Map{K,V} <: AbstractDict{K,V}
    root::Union{Tree{K,V},Nothing}
    n::Int
    Map{K,V}() where {K,V} = new{K,V}(nothing, 0)
end
Map(ps::Pair{K,V}...) where {K,V} = foldl((m, p) -> (m[p.first] = p.second; m), ps; init = Map{K,V}())
function Base.setindex!(m::Map{K,V}, v, k) where {K,V}
    m.root === nothing && (m.root = Tree{K,V}(k, v); m.n = 1; return m)
    t = m.root
    while true
        if isequal(k, t.key)
            t.val = v
            return m
        end
        side = isless(k, t.key) ? :left : :right
        next = getfield(t, side)
        if next === nothing
            setfield!(t, side, Tree{K,V}(k, v))
            m.n += 1
            return m
        end
        t = next
    end
end
function Base.get(m::Map, k, default)
    t = m.root
    while t !== nothing
        isequal(k, t.key) && return t.val
        t = isless(k, t.key) ? t.left : t.right
    end
    default
end
Base.length(m::Map) = m.n
function Base.iterate(m::Map{K,V}, stack = push_left!(Tree{K,V}[], m.root)) where {K,V}
    isempty(stack) && return nothing
    t = pop!(stack)
    push_left!(stack, t.right)
    (t.key => t.val), stack
end
push_left!(s, ::Nothing) = s
push_left!(s, t::Tree) = (push!(s, t); push_left!(s, t.left))
m = Map("m" => 1, "c" => 2, "x" => 3)
m["a"] = 4
m["x"] = 30
println(m, " ", length(m), " ", collect(keys(m)), " ", collect(values(m)), " ", m["x"], " ", get(m, "q", -1), " ", haskey(m, "a"), " ", sum(values(m)), " ", first(m), " ", [k => v for (k, v) in m if v > 2], " ", m == Dict("m" => 1, "c" => 2, "x" => 30, "a" => 4), " ", merge(m, Dict("z" => 0))["z"], " ", maximum(values(m)), " ", findfirst(==(2), m), " ", "c" in keys(m), " ", ("c" => 2) in m)
depth(::Nothing) = 0
depth(t::Tree) = 1 + max(depth(t.left), depth(t.right))
println(depth(m.root), " ", fieldtypes(Tree{Int,String}), " ", Tree{Int,Int}(1, 2).left === nothing)
function Base.mapreduce(f, op, t::Tree)
    r = f(t.val)
    for c in (t.left, t.right)
        c === nothing || (r = op(r, mapreduce(f, op, c)))
    end
    r
end
println(mapreduce(x -> 2x, +, m.root), " ", mapreduce(identity, max, m.root))
try
    m["nope"]
catch e
    println(sprint(showerror, e))
end
