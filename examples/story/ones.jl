# export: sum_of_ones(Int64)
# export: squares_sum(Int64)
sum_of_ones(n::Int64) = sum(ones(Int, n))

function squares_sum(n::Int64)
    squares = zeros(n)
    for i in eachindex(squares)
        squares[i] = i^2
    end
    return sum(squares)
end
