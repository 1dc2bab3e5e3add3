# export: harmonic(Int64)
# The accumulator starts as the integer 0: for n = 0 the sum is an Int64, else a Float64.
function harmonic(n::Int64)
    s = 0
    for i in 1:n
        s += 1 / i
    end
    return s
end

println(harmonic(0))
println(harmonic(10))
