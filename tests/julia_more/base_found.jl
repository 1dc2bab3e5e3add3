# exercises: functions shown, \G, reductions into arrays, repeat by outer, keys of matches, locks, errors of Dict and indices
println(repr(sqrt ∘ abs), " ", sprint(show, !iseven), " ", repr(sqrt ∘ (+) ∘ abs), " ", [sqrt, +])
g(x) = 1
g(x, y) = 2
show(stdout, MIME("text/plain"), g)
println()
struct CallMe <: Function
    x::Int
end
(c::CallMe)(y) = c.x + y
println(CallMe(3)(4), repr(CallMe(3)))
struct Ci{T<:Real}
    r::T
end
area(c::Ci) = c.r
println(hasmethod(area, (Ci,)), hasmethod(area, (Int,)))
try
    [1, 2]["a"]
catch e
    println(e.msg)
end
try
    Dict([1, 2])
catch e
    println(e)
end
println(Array{Union{Nothing,Int}}(nothing, 2), Array{Union{Missing,Int}}(missing, 1, 2))
println(maximum!([0, 0], [1 2; 3 4]), any!([true, true], [false false; true false]), sum!(abs, [0 0], [1 -2; 3 4]))
l = ReentrantLock()
println(lock(() -> islocked(l), l), islocked(l))
println(match(r"\Gb", "ab", 2).match, match(r"\Gb", "ab"))
println(repeat(["a", "b"]; outer=2), keys(match(r"(?<a>.)(.)", "xy")), keys(match(r"(.)(.)", "xy")), fieldnames(String))
println(sprint(showerror, CompositeException([ErrorException("a"), ErrorException("b")])))
