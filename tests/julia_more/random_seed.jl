# exercises: the numbers that follow a seed, shuffles keep their elements
using Random
Random.seed!(1234)
println(rand(), " ", rand(), " ", rand())
Random.seed!(42)
println(rand(3))
println(sort(shuffle(1:5)), sort(randperm(4)), length(randstring(5)), rand(1:6, 3) isa Vector{Int}, all(0 .<= rand(10) .< 1))
println(rand(Xoshiro(1)) == rand(Xoshiro(1)), rand(1:3) in 1:3)
