# The element type of what nothing was collected into is that of what the function would return for the
# values that it captured, whatever was known of them before.
function scores(values; rank = string)
    t = values[1]
    n = 0
    return [(d, rank(d) * t) for d in Int[]], [x * t for x in Int[] if x > 0], [(n += 1; d * t) for d in 1.0:0.0]
end
println(scores(Any[2.5]; rank = identity))
println(scores(Any[2]; rank = identity))
println(typeof(scores(Any["a"])[1]))
pairs_of(v) = (t = v[1]; map(x -> x => t, Int[]))
println(pairs_of(Any["b"]), pairs_of(Any[1.5]), " ", [d * "a" for d in Float64[]])
f(x::T, y) where {T} = [T(d) * y for d in Int[]]
println(f(1, 2.0), f(1.0, Any[1][1]))
