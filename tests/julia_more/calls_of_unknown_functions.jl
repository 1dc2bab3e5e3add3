# Keywords of functions that inference does not know; recursion over arguments that get fewer; elements that inference finds late.
g(a, b; scale=1) = (a + b) * scale
fs = Function[g, (a, b; scale=1) -> a * b * scale]
println(fs[1](1, 2), " ", fs[1](1, 2; scale=10), " ", fs[2](3, 4; scale=10))
emit(fs, args...; kw...) = [f(args...; kw...) for f in fs]
println(emit(fs, 1, 2), " ", emit(fs, 1, 2; scale=10))
println(try fs[1](1, 2; other=1) catch e; typeof(e) end)
count_all() = 0
count_all(x, rest...) = 1 + count_all(rest...)
println(count_all(1:60...), " ", count_all(1, 2.0, "3", :four, '5', 6//1, 7im, 8.0f0, nothing, missing))
permutations(v) = length(v) <= 1 ? [v] : [[v[i]; p] for i in eachindex(v) for p in permutations([v[1:i-1]; v[i+1:end]])]
println(permutations([1, 2, 3]), " ", length(permutations(collect(1:5))))
