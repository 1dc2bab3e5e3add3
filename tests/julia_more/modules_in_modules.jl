# Modules in modules: relative imports, state, methods across them, bare modules, all names.
module Geometry
export area, Square, perimeter, Shapes
abstract type Shape end
function area end
perimeter(s::Shape) = error("no perimeter for ", nameof(typeof(s)))
struct Square <: Shape
    s::Float64
end
area(q::Square) = q.s^2
perimeter(q::Square) = 4q.s
const COUNT = Ref(0)
bump() = (COUNT[] += 1)
module Shapes
import ..Geometry: area, Shape, bump
using ..Geometry: perimeter as peri
export Circle, double
struct Circle <: Shape
    r::Float64
    Circle(r) = (bump(); new(r))
end
area(c::Circle) = 3.0 * c.r^2
double(s) = 2 * peri(s)
module Deep
using ...Geometry
where_() = (nameof(@__MODULE__), nameof(parentmodule(@__MODULE__)), area(Square(2)))
const VERSION_ = v"1.2.3"
end
end
using .Shapes
export Circle
end
using .Geometry
import .Geometry.Shapes.Deep as D
using .Geometry.Shapes: double as twice
println(area(Square(3)), " ", area(Circle(2)), " ", perimeter(Square(1)), " ", twice(Square(1)), " ", D.where_(), " ", D.VERSION_, " ", Geometry.COUNT[])
try
    perimeter(Circle(1))
catch e
    println(e.msg)
end
println(Geometry.Shapes.Deep === D, " ", D, " ", nameof(D), " ", parentmodule(D), " ", fullname(D), " ", names(Geometry), " ", isdefined(Geometry, :bump), " ", isdefined(Main, :bump), " ", Base.isexported(Geometry, :area), " ", Base.moduleroot(D))
struct Hex <: Geometry.Shape
    s::Float64
end
Geometry.area(h::Hex) = round(1.5 * sqrt(3) * h.s^2, digits = 3)
println(area(Hex(2)), " ", sum(area, [Square(1), Circle(1), Hex(1)]), " ", length(methods(area)))
module Counter
let n = 0
    global next!() = n += 1
    global reset!() = n = 0
end
value::Int = 10
set(v) = (global value = v)
get_() = value
macro twice(ex)
    quote
        $(esc(ex))
        $(esc(ex))
        value
    end
end
secret = "s"
__init__() = push!(LOG, "init")
const LOG = String[]
end
Counter.next!(); Counter.next!()
println(Counter.next!(), " ", Counter.reset!(), " ", Counter.next!(), " ", Counter.get_(), " ", Counter.set(5), " ", Counter.value, " ", Counter.LOG)
k = 0
println(Counter.@twice(global k += 2), " ", k)
using .Counter: @twice
@twice push!(Counter.LOG, "x")
println(length(Counter.LOG), " ", Counter.secret)
try
    Counter.set("no")
catch e
    println(typeof(e))
end
try
    Counter.missing_name
catch e
    println(sprint(showerror, e))
end
try
    undefined_here
catch e
    println(sprint(showerror, e), " ", e.var)
end
module A
export f, g
f() = "A.f"
g() = "A.g"
end
module B
export f, h
f() = "B.f"
h() = "B.h"
end
using .A, .B
println(g(), " ", h(), " ", A.f(), " ", B.f())
import .A: f as af
println(af(), " ", af === A.f)
baremodule Bare
using Base: +, println
add(x) = x + 1
end
println(Bare.add(2), " ", isdefined(Bare, :sin), " ", isdefined(Bare, :println))
module Config
const DEFAULTS = (; host = "localhost", port = 80)
Base.@kwdef struct Settings
    host::String = DEFAULTS.host
    port::Int = DEFAULTS.port
    tags::Vector{Symbol} = Symbol[]
end
Base.show(io::IO, s::Settings) = print(io, s.host, ":", s.port, isempty(s.tags) ? "" : " $(s.tags)")
end
println(Config.Settings(), " ", Config.Settings(port = 8080, tags = [:a]), " ", typeof(Config.Settings()), " ", [Config.Settings()], " ", Config.Settings)
println(Main.Geometry.Square(2) isa Geometry.Shape, " ", typeof(Circle(1)), " ", @__MODULE__, " ", Base.Math, " ", parentmodule(sin), " ", parentmodule(Circle), " ", which(area, (Hex,)).module)
f2 = Geometry.Shapes.area
println(f2 === area, " ", getfield(Geometry, :COUNT)[], " ", getproperty(Geometry, :COUNT) === Geometry.COUNT, " ", :COUNT in names(Geometry; all = true), " ", eval(:(Geometry.bump())), " ", Core.eval(Geometry, :(COUNT[] * 10)))
@eval Geometry triple(x) = 3x
println(Geometry.triple(4), " ", Geometry.eval(:(triple(2))), " ", invokelatest(getfield(Geometry, :triple), 1))
module Ops
export ⊕, ⊗, ..
a ⊕ b = a + 2b
a ⊗ b = (a, b)
..(a, b) = a:b
end
using .Ops
println(1 ⊕ 2, " ", 1 ⊗ 2, " ", 1..3, " ", reduce(⊕, 1:3), " ", map(⊗, 1:2, 3:4))
