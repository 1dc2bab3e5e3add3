# The first thing to run: `jlift run examples/first.jl [N]`.
include("harmonic.jl")

n = isempty(ARGS) ? 10 : parse(Int, ARGS[1])
println("harmonic(", n, ") = ", harmonic(n))

squares = [k^2 for k in 1:n if isodd(k)]
println(squares, " sums up to ", sum(squares))
