# The function of examples/harmonic.jl, called once.
function harmonic(n::Int64)
    s = 0.0
    for i in 1:n
        s += 1 / i
    end
    return s
end

println(harmonic(10))
