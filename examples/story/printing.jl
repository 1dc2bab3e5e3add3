# export: report(Int64, Float64)
function report(n::Int64, x::Float64)
    println("n = ", n, ", x = ", x, ", pair = ", (n, x))
    for i in 1:n
        println("  ", i, ": ", x^i)
    end
    return nothing
end
