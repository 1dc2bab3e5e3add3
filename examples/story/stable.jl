# export: harmonic(Int64)
# As unstable.jl, with one type on the way out.
function harmonic(n::Int64)
    s = 0
    for i in 1:n
        s += 1 / i
    end
    return Float64(s)
end
