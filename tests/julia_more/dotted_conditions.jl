# exercises: .&& and .|| in conditions of arrays, their right sides only where they are needed, their element types; empty literals of any dimension
A = [3 1 2; 9 7 8; 4 6 5]
println(A .> 5 .&& A .< 8, " ", (A .< 2) .|| (A .> 8), " ", A[A .> 2 .&& A .< 5])
v = [0, 2, 5]
println(v .!= 0 .&& 10 .÷ v .> 3, " ", v .== 0 .|| 10 .÷ v .> 3, " ", typeof(v .!= 0 .&& v .> 1))
println((v .> 1) .&& "x", " ", (true, false) .&& (true, true), " ", true .&& false, " ", [true false] .|| [false; true])
inside(x) = @. x > 0 && x < 5
println(inside(v), " ", inside(2), " ", findall(@. v > 0 && isodd(v)), " ", count(v .> 1 .&& v .< 4), " ", any(v .< 0 .|| v .> 4))
B = falses(3)
B .= v .> 1 .&& .!(v .== 5)
println(B, " ", :(a .&& b).head, " ", :(a .|| b))
try
    [1, 0] .&& [true, true]
catch e
    println(sprint(showerror, e))
end
safe = Union{Int,Nothing}[1, nothing, 3]
println(safe .!== nothing .&& isodd.(something.(safe, 0)), " ", .!(safe .=== nothing) .&& .!iseven.(something.(safe, 0)))
println(size(Int[;;]), " ", typeof([;;;]), " ", Int[;;], " ", [1;;], " ", size([1;;;]))
