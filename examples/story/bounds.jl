# export: element(Vector{Float64}, Int64)
# export: corner(Matrix{Int64}, Int64, Int64)
element(x::Vector{Float64}, i::Int64) = x[i]
corner(m::Matrix{Int64}, i::Int64, j::Int64) = m[i, j]
