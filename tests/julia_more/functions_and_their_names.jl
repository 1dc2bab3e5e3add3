# functions printed, shown and named; types from names that are only known at run time

module Tools
helper(x) = x
struct Thing; x; end
end
f(x) = 1
println(Tools.helper, " ", repr(Tools.helper), " ", [sin, Tools.helper], " ", (sin, +), " ", Dict(:f => f), " $f ", map)
println(nameof(f), " ", nameof(typeof(f)), " ", nameof(typeof(println)), " ", nameof(typeof(+)), " ", nameof(Tools.Thing), " ", nameof(Tools), " ", nameof(Vector{Int}))
for g in (() -> [1].x, () -> Tools.Thing(1).y, () -> (1:2).x, () -> Dict(1 => 2).x, () -> (a=1,).b, () -> (1, 2).c, () -> nothing.x)
    println(try g() catch e; e.msg end)
end
struct Scale <: Function; k::Int; end
(s::Scale)(x) = s.k * x
println(Scale(2)(4), " ", Scale(2), " ", repr(Scale(2)), " ", map(Scale(3), [1, 2]))
display(f)
keys_of = ["x", "y"]
println(NamedTuple{Tuple(Symbol.(keys_of))}([1, 2.5]), " ", NamedTuple{(:a, Symbol(keys_of[1], 1))}((1, 2)))
row(name, n) = NamedTuple{(:id, Symbol(name))}((n, "v"))
println([row("c$i", i) for i in 1:2], " ", row("z", 0).z, " ", replace(Set([1, 2]), 2 => 5) == Set([1, 5]))
