# own collections, arrays and values shown in all ways
struct Deck; cards::Vector{String}; end
Base.length(d::Deck) = length(d.cards)
Base.iterate(d::Deck, i=1) = i > length(d) ? nothing : (d.cards[i], i + 1)
Base.eltype(::Type{Deck}) = String
Base.getindex(d::Deck, i) = d.cards[i]
Base.firstindex(d::Deck) = 1; Base.lastindex(d::Deck) = length(d)
d = Deck(["K", "Q", "J"])
println(d, " ", collect(d), " ", join(d, "-"), " ", d[end], " ", "Q" in d, " ", [uppercase(c) * "!" for c in d], " ", first(d), " ", enumerate(d) |> collect, " ", maximum(d), " ", sort(collect(d)), " ", Set(d) == Set(["K", "J", "Q"]), " ", map(lowercase, d), " ", reduce(*, d), " ", zip(d, 1:3) |> collect, " ", count(==("K"), d), " ", d[1:2], " ", string(d...), " ", (d...,), " ", [d...], " ", length(d), " ", isempty(d))
struct Matrix3 <: AbstractMatrix{Int}; f; end
Base.size(::Matrix3) = (3, 3); Base.getindex(m::Matrix3, i::Int, j::Int) = m.f(i, j)
m = Matrix3((i, j) -> 10i + j)
println(m); display(m); println(m[2, :], " ", sum(m), " ", m[end], " ", m', " ", m .+ 1, " ", collect(m) == m, " ", maximum(m), " ", size(m), " ", m[2:3, 1], " ", eltype(m), " ", [m; m] |> size)
struct MyVec{T} <: AbstractVector{T}; v::Vector{T}; end
Base.size(v::MyVec) = size(v.v); Base.getindex(v::MyVec, i::Int) = v.v[i]; Base.setindex!(v::MyVec, x, i::Int) = v.v[i] = x
v = MyVec([3, 1, 2]); println(v, " ", sort(v), " ", v .* 2, " ", reverse(v), " ", v == [3, 1, 2], " ", v[2:end], " ", findmax(v), " ", repr(v), " ", "$v", " ", sum(v), " ", sort!(v), " ", v); display(v); display(MyVec(["a"]));
try v[7] catch e; println(sprint(showerror, e)) end
try v["x"] catch e; println(sprint(showerror, e)) end
try m[4, 1] catch e; println(typeof(e)) end
struct Poly; c::Vector{Int}; end
function Base.show(io::IO, p::Poly)
    first = true
    for (i, c) in Iterators.reverse(enumerate(p.c))
        c == 0 && continue
        print(io, first ? (c < 0 ? "-" : "") : (c < 0 ? " - " : " + "))
        (abs(c) != 1 || i == 1) && print(io, abs(c))
        i > 1 && print(io, "x"); i > 2 && print(io, "^", i - 1)
        first = false
    end
    first && print(io, "0")
end
println(Poly([1, -2, 3]), " | ", Poly([0, 1]), " | ", Poly([0]), " | ", [Poly([1]), Poly([0, -1])], " | ", "p=$(Poly([2,2]))", " | ", (a=Poly([5]),), " | ", Dict("p" => Poly([1, 1])), " | ", Poly([1]) => Poly([2]), " | ", Some(Poly([3])), " | ", Ref(Poly([4])))
display([Poly([1]), Poly([0, 1])]); display(Dict(1 => Poly([1, 2]))); display((Poly([1]), 2)); display(Poly([7]))
mutable struct Node; val::Int; next::Union{Node,Nothing}; end
abstract type Animal end; struct Dog <: Animal; name::String; end; struct Cat <: Animal; name; lives::Int; end
Base.show(io::IO, a::Animal) = print(io, nameof(typeof(a)), "(", a.name, ")")
println(Animal[Dog("Rex"), Cat("Tom", 9)], " ", Dog("a"), " ", [Dog("b")], " ", Dict(:d => Dog("c")), " ", typeof([Dog("x"), Cat("y", 1)]))
Base.show(io::IO, ::MIME"text/plain", c::Cat) = print(io, "Cat named ", c.name, "\n  lives: ", c.lives)
display(Cat("Z", 3)); display([Cat("Z", 3)]); println(repr("text/plain", Cat("Q", 1)))
struct Grid; w::Int; h::Int; cells::Matrix{Char}; end
Grid(w, h) = Grid(w, h, fill('.', h, w))
Base.show(io::IO, g::Grid) = for r in eachrow(g.cells); println(io, join(r)); end
g = Grid(4, 2); g.cells[1, 2] = '#'; print(g); println(sprint(show, g) |> repr)
Base.string(g::Grid) = "grid $(g.w)x$(g.h)"; println(string(g), " ", length("$g"))
@show g.w; @show d.cards v
Base.:(==)(a::Poly, b::Poly) = a.c == b.c; Base.hash(p::Poly, h::UInt) = hash(p.c, h); println(Poly([1]) == Poly([1]), " ", Set([Poly([1]), Poly([1])]) |> length, " ", unique([Poly([1]), Poly([1])]), " ", Dict(Poly([1]) => 2)[Poly([1])], " ", Poly([1]) in [Poly([1])])
Base.isless(a::Poly, b::Poly) = length(a.c) < length(b.c); println(sort([Poly([1, 2]), Poly([3])]), " ", maximum([Poly([1]), Poly([1, 2])]), " ", Poly([1]) < Poly([1, 2]))
Base.:+(a::Poly, b::Poly) = Poly(a.c .+ b.c); println(Poly([1, 2]) + Poly([3, 4]), " ", sum([Poly([1]), Poly([2])]), " ", reduce(+, [Poly([1]), Poly([2])]))
Base.convert(::Type{Poly}, x::Int) = Poly([x]); ps = Poly[1, 2]; println(ps); push!(ps, 7); println(ps); struct H; p::Poly; end; println(H(3))
Base.print(io::IO, d::Dog) = print(io, "dog:", d.name); println(Dog("p"), " ", string(Dog("q")), " ", [Dog("r")], " ", "$(Dog("s"))", " ", repr(Dog("t")), " ", join([Dog("u")], ","))
