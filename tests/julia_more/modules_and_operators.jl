# Modules in modules, operators and macros of programs, types with keywords.
module Shapes
export area, Circle, Square
abstract type Shape end
struct Circle <: Shape
    r::Float64
end
struct Square <: Shape
    s::Float64
end
area(c::Circle) = π * c.r^2
area(s::Square) = s.s^2
perimeter(c::Circle) = 2π * c.r
const COUNT = Ref(0)
bump() = COUNT[] += 1
module Util
import ..Shape, ..area
biggest(shapes) = shapes[argmax(area.(shapes))]
export biggest
end
using .Util
describe(s::Shape) = "$(nameof(typeof(s))) of area $(round(area(s), digits = 2))"
end
using .Shapes
using .Shapes: describe, perimeter as perim
import .Shapes.Util
println(area(Square(2)), " ", describe(Circle(1)), " ", round(perim(Circle(1)), digits = 3), " ", Util.biggest([Square(1), Circle(2), Square(3)]))
Shapes.bump(); Shapes.bump()
println(Shapes.COUNT[], " ", Shapes.COUNT, " ", isdefined(Main, :describe), " ", isdefined(Main, :bump), " ", nameof(Shapes), " ", parentmodule(Shapes.Util), " ", fullname(Shapes.Util), " ", names(Shapes) |> sort)
println(Circle(2), " ", [Square(1)], " ", Circle, " ", Shapes.Shape, " ", typeof(area), " ", area, " ", Shapes.Util.biggest)
Shapes.area(x::Number) = x
println(area(5), " ", length(methods(area)))
import Base: +, show, length, ==, hash, isless, getindex, *
struct V2
    x::Int
    y::Int
end
+(a::V2, b::V2) = V2(a.x + b.x, a.y + b.y)
*(k::Int, a::V2) = V2(k * a.x, k * a.y)
==(a::V2, b::V2) = a.x == b.x && a.y == b.y
hash(v::V2, h::UInt) = hash(v.x, hash(v.y, h))
isless(a::V2, b::V2) = (a.x, a.y) < (b.x, b.y)
length(::V2) = 2
getindex(v::V2, i::Int) = i == 1 ? v.x : i == 2 ? v.y : throw(BoundsError(v, i))
show(io::IO, v::V2) = print(io, "<", v.x, ",", v.y, ">")
println(V2(1, 2) + V2(3, 4), " ", 3V2(1, 1), " ", sum([V2(1, 1), V2(2, 2)]), " ", V2(1, 2) == V2(1, 2), " ", V2(1, 2) != V2(1, 3), " ", sort([V2(2, 1), V2(1, 9)]), " ", V2(5, 6)[2], " ", length(V2(0, 0)), " ", Set([V2(1, 1), V2(1, 1)]), " ", Dict(V2(1, 1) => "a")[V2(1, 1)], " ", maximum([V2(1, 1), V2(1, 2)]), " ", V2(1, 2) < V2(1, 3), " ", unique([V2(1, 1), V2(1, 1)]), " ", V2(1, 1) in [V2(1, 1)], " ", findfirst(==(V2(2, 2)), [V2(1, 1), V2(2, 2)]))
try V2(1, 2)[3] catch e println(sprint(showerror, e)) end
⊕(a, b) = (a + b) % 7
a ⋆ b = "$a*$b"
println(5 ⊕ 6, " ", ⊕(1, 2), " ", 1 ⋆ 2, " ", reduce(⊕, 1:10))
√(s::String) = "root of $s"
println(√"x", " ", Base.:√(4))
struct Poly
    c::Vector{Int}
end
(p::Poly)(x) = foldr((a, acc) -> a + x * acc, p.c)
println(Poly([1, 2, 3])(2), " ", Poly([1, 2, 3]).([0, 1]))
baremodule Bare
x = 1
end
println(Bare.x)
module Counter
n = 0
inc() = (global n += 1)
reset() = (global n = 0)
end
Counter.inc(); Counter.inc()
println(Counter.n, Counter.reset(), Counter.n)
module A
f() = "A.f"
g() = f() * "!"
end
A.f() = "patched"
println(A.g())
module WithInit
const table = Dict{String,Int}()
function __init__()
    table["ready"] = 1
end
end
println(WithInit.table)
module Macros
macro hello(x) :(string("hello ", $(esc(x)))) end
macro internal() :(secret()) end
secret() = "s3cret"
export @hello
end
using .Macros
println(@hello("w"), " ", Macros.@internal, " ", Macros.@hello 1 + 1)
Base.@kwdef struct Config
    host::String = "localhost"
    port::Int = 8080
    tags::Vector{String} = String[]
    url::String = "http://$host:$port"
end
println(Config(), " ", Config(port = 1), " ", Config(; host = "h", tags = ["a"]).url)
Base.@kwdef mutable struct Opt{T}
    v::T
    w::T = v
end
println(Opt(v = 1), " ", Opt{Float64}(v = 1, w = 2))
try Opt(w = 1) catch e println(sprint(showerror, e)) end
