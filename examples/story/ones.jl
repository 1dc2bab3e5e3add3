# export: sum_of_ones(Int64)
# export: squares_sum(Int64)
# export: past_the_end(Int64)
sum_of_ones(n::Int64) = sum(ones(Int, n))

function squares_sum(n::Int64)
    squares = zeros(n)
    for i in eachindex(squares)
        squares[i] = i^2
    end
    return sum(squares)
end

# An array is freed on this way out, too.
past_the_end(n::Int64) = ones(Int, n)[n+1]
