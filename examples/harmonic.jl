# The n-th harmonic number. `harmonic.jir` is what Julia 1.10 infers for harmonic(::Int64).
function harmonic(n::Int64)
    s = 0.0
    for i in 1:n
        s += 1 / i
    end
    return s
end
