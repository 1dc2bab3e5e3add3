# One call of each exported function of a library of 250 lines.
include(joinpath(@__DIR__, "../../examples/story/signal.jl"))

x = [(mod(37i, 101) - 50) / 7 for i in 1:1000]
y = zeros(1000)
println(detrend(x))
println(biquad(x, y, 0, 80.0, 1000.0, 0.7071))
frequencies = [20.0, 50.0, 80.0, 120.0]
power = zeros(4)
println(spectrum(x, 1000.0, frequencies, power))
found = zeros(Int, 1000)
println(find_peaks(x, 0.8, 10, found))
println(summarize(x).median)
