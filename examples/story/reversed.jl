# export: countdown(Int64)
function countdown(n::Int64)
    digits = 0
    for i in reverse(1:n)
        digits = 10digits + i
    end
    return digits
end
