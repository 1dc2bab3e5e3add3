# export: nineteen(Int64, Float64, Int32, Float32, UInt8, Int64, Float64, Int32, Float32, UInt8, Int64, Float64, Int32, Float32, UInt8, Int64, Float64, Int32, Bool)
# export: weighted(Vector{Float64}, Float64, Vector{Int32}, Int64, Matrix{Float64}, Int64, Int64, Float64, Float64, Float64, Float64, Float64, Float64, Float64, Float64, Float64, Int64, Int64, Bool)
function nineteen(a::Int64, b::Float64, c::Int32, d::Float32, e::UInt8, f::Int64, g::Float64,
                  h::Int32, i::Float32, j::UInt8, k::Int64, l::Float64, m::Int32, n::Float32,
                  o::UInt8, p::Int64, q::Float64, r::Int32, s::Bool)
    ints = a + 2c + 3e + 4f + 5h + 6j + 7k + 8m + 9o + 10p + 11r
    floats = b + 2d + 3g + 4i + 5l + 6n + 7q
    return s ? ints + floats : ints - floats
end

function weighted(x::Vector{Float64}, scale::Float64, ix::Vector{Int32}, shift::Int64,
                  m::Matrix{Float64}, row::Int64, col::Int64, a::Float64, b::Float64, c::Float64,
                  d::Float64, e::Float64, f::Float64, g::Float64, h::Float64, i::Float64,
                  j::Int64, k::Int64, add::Bool)
    s = 0.0
    for p in eachindex(ix)
        s += scale * x[ix[p] + shift]
    end
    rest = a + b + c + d + e + f + g + h + i + j + k
    return add ? s + m[row, col] + rest : s - m[row, col]
end
