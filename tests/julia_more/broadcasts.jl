# Broadcasting over arrays, tuples, ranges, records and operators as values.
x = [1.0, 2.0, 3.0]
y = similar(x)
@. y = 2x^2 - 1
println(y, " ", @.(sqrt(abs(x)) + 1), " ", x .+ y', " ", (x .> 1) .& (x .< 3), " ", .!(x .> 1), " ", x .=== 1.0)
x .*= 2
x[2:3] .-= 1
println(x, " ", ifelse.(x .> 2, "hi", "lo"), " ", clamp.(x, 2, 4), " ", fld.(x, 2), " ", string.(x, "!"), " ", tuple.(x, 1:3))
A = [1 2; 3 4]
println(A .* [10, 20], " ", A .* [10 20], " ", A ./ sum(A, dims = 1), " ", A .- sum(A) / 4, " ", A .^ 2, " ", 2 .^ A, " ", A .== A', " ", exp.(zeros(2)), " ", max.(A, 2), " ", A .% 2 .== 0)
f(a, b = 1; c = 0) = a + 10b + 100c
println(f.([1, 2]), " ", f.([1, 2], [3, 4]), " ", f.([1, 2], 3; c = 5), " ", (a -> a^2).(1:3), " ", map(f, 1:2), " ", broadcast((x, y) -> x * y, [1, 2], [3 4]), " ", [f(i) for i in 1:2])
struct P; x; y; end
Base.broadcastable(p::P) = Ref(p)
shift(p::P, k) = P(p.x + k, p.y)
println(shift.(P(1, 2), 1:3), " ", getfield.([P(1, 2), P(3, 4)], :x), " ", getproperty.([P(1, 2), P(3, 4)], :y), " ", (p -> p.x).([P(5, 6)]))
println(string.("a", ["b", "c"], 1:2), " ", length.(["a", "bb"]), " ", uppercase.(["x", "y"]), " ", split.(["a b", "c d"]), " ", first.(split.(["a b", "c d"])), " ", occursin.("a", ["abc", "xyz"]), " ", parse.(Int, ["1", "2"]), " ", tryparse.(Int, ["1", "z"]), " ", ["a", "b"] .* "x" .* ["1", "2"], " ", "n=" .* string.(1:2), " ", lpad.(1:3, 2, '0'), " ", ["a", "b"] .=> 1:2, " ", Pair.(1:2, "x"), " ", in.([1, 5], Ref([1, 2])), " ", [1, 2] .∈ [[1], [3]], " ", replace.(["aa", "ba"], "a" => "c"))
println((1, 2, 3) .+ (4, 5, 6), " ", (1, 2) .* 2.0, " ", abs.((-1, 2)), " ", (1:3) .+ 0.5, " ", (1:3) .* 2, " ", 1:3 .+ 1, " ", [1, 2, 3] .|> (x -> x + 1), " ", (1, 2) .=> ('a', 'b'), " ", Int.(round.([1.4, 2.6])), " ", round.(Int, [1.5, 2.5]), " ", Float64.([1, 2]), " ", Char.([97, 98]), " ", Symbol.(["a", "b"]), " ", zero.([1, 2.5]), " ", fill(1, 2) .+ fill(2, 2, 2))
v = collect(1:6)
v[v .> 3] .= 0
println(v, " ", v[iseven.(v)], " ", count(v .== 0), " ", sum(v .> 0), " ", any(v .> 2), " ", findall(v .== 0), " ", v[[true, false, true, false, true, false]])
M = zeros(Int, 3, 3)
M[2, :] .= 1:3
M[:, 1] = [7, 8, 9]
M[3, 2:3] .+= 5
println(M, " ", M[2:3, 2:3], " ", M[M .> 4], " ", vec(M)[1:4], " ", M[end, :], " ", M[:, end], " ", M[end])
B = reshape(1:24, 2, 3, 4)
println(B[1, 2, 3], " ", B[:, :, 1], " ", size(B[:, 1, :]), " ", sum(B, dims = (1, 2)), " ", sum(B, dims = 3)[:, :, 1], " ", B[end, end, end], " ", size(sum(B, dims = 2)), " ", dropdims(sum(B, dims = (1, 3)), dims = (1, 3)), " ", mapslices(sum, B, dims = [1, 2])[:], " ", maximum(B, dims = (1, 2, 3)), " ", permutedims(B, (3, 1, 2))[4, 2, 3], " ", argmax(B), " ", LinearIndices(B)[2, 3, 4], " ", CartesianIndices(B)[24], " ", B[CartesianIndex(1, 1), 2], " ", selectdim(B, 3, 2))
try x .+ [1, 2] catch e println(sprint(showerror, e)) end
try y .= [1, 2] catch e println(sprint(showerror, e)) end
try A[3, :] catch e println(sprint(showerror, e)) end
try A[:, 3] = [1, 2] catch e println(sprint(showerror, e)) end
try A[1, 2, 3] catch e println(sprint(showerror, e)) end
try sqrt.([-1]) catch e println(sprint(showerror, e)) end
z = x .+ 1im .* y
println(z, " ", abs.(z), " ", real.(z), " ", conj.(z), " ", sum(abs2, z))
println([1, 2, 3] .+ [10 20], " ", [[1, 2], [3]] .|> sum, " ", map(.+, ([1, 2], [3, 4]), ([5, 6], [7, 8])), " ", reduce(.+, [[1, 2], [3, 4]]), " ", foldl((a, b) -> a .* b, [[1, 2], [3, 4]]))
w = 1:5 .|> iseven
println(w, typeof(w), " ", typeof([1, 2] .== [1, 3]), typeof((1:3) .+ 1), typeof((1, 2) .+ 1), typeof([1, 2] ./ 2), typeof("a" .* ["b"]), typeof([1, missing] .+ 1), " ", [1, missing] .+ 1, " ", sum(skipmissing([1, missing])), " ", coalesce.([1, missing], 0), " ", isequal.([missing], missing), " ", [missing, 1] .== 1)
