# One call into a library of 250 lines.
include(joinpath(@__DIR__, "../../examples/story/signal.jl"))

x = [(mod(37i, 101) - 50) / 7 for i in 1:1000]
println(detrend(x))
