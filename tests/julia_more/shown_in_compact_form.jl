# exercises: names of modules in compact form, values of enumerations of modules, what the stream knows of the element type, sets of the program's own, types of functions
module Mo
export Flag, on
@enum Lvl lo hi
@enum Flag on off
struct T{A}
    a::A
end
struct S end
f(x) = x
end
using .Mo
plain(x) = (show(stdout, MIME("text/plain"), x); println())

for x in Any[Dict(:a => Mo.T(1)), [Mo.T(1) Mo.T(2)], [Mo.T(1)], Dict(:a => Mo.lo), [Mo.lo Mo.hi], Dict(Mo.S => 1), [Mo.S Int], Dict(:a => [Mo.T(1)]), (Mo.T(1),), Set([Mo.S()]), Dict(:t => Vector{Mo.S}), Dict(1 => Mo.T{Union{Int,Mo.S}}(2)), Dict(:m => Mo), [Ref(1) Ref(2)], Dict(:a => Ref(1.5)), [Val('.') Val(1.5)], Dict(:a => typeof(Mo.f))]
    plain(x)
end
println(Mo.lo, " ", repr(Mo.lo), " ", [Mo.lo], " ", (Mo.hi,), " ", "$(Mo.hi)", " ", Mo.T(Mo.lo), " ", Dict(Mo.hi => 1), " ", on, " ", repr(on), " ", [on], " ", repr(Mo.off))
plain(Mo.lo)
plain(on)
plain(typeof(sin))
plain([typeof(sin), Int])
plain([typeof(sin) typeof(cos)])
plain(typeof(Mo.f))
plain(undef)

struct Money
    c::Int
end
function Base.show(io::IO, m::Money)
    get(io, :typeinfo, Any) === Money || print(io, "Money:")
    print(io, m.c ÷ 100, '.', lpad(m.c % 100, 2, '0'))
end
println(Money(150), [Money(5), Money(1234)], (Money(1),), Dict("a" => Money(99)), Set([Money(3)]), Money(1) => Money(2), [(Money(1), 2)], Some(Money(7)))
plain([Money(5), Money(123456)])
plain(Dict("a" => Money(99)))
plain(Set([Money(3)]))
io = IOContext(stdout, :compact => true, :typeinfo => Int, :unit => "F")
println(get(io, :compact, nothing), " ", get(io, :typeinfo, Any), " ", io[:compact], " ", io[:typeinfo], " ", haskey(io, :typeinfo), " ", get(stdout, :typeinfo, Any), " ", get(io, :limit, "unset"), " ", io[:unit], " ", get(io, :none, 3))

struct Shelf{T} <: AbstractSet{T}
    v::Vector{T}
end
Base.iterate(s::Shelf, st...) = iterate(s.v, st...)
Base.length(s::Shelf) = length(s.v)
Base.in(x, s::Shelf) = x in s.v
println(Shelf([3, 1]), " ", Shelf(Int[]), " ", [Shelf(["a"])], " ", BitSet(), " ", BitSet([2, 1]))
plain(Shelf(["a"]))
plain(Shelf(Int[]))
plain(Set([1.5f0]))
plain(Set([true]))
plain(Set([[1.5f0]]))

struct Dog end
Base.show(io::IO, ::Type{Dog}) = print(io, "DogType")
println(Dog, " ", [Dog, Int])
plain(Dog)
