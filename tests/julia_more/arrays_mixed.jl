# indexing, views, literals, ranges, sorting, printing in many small statements
A = reshape(collect(1.0:12.0), 3, 4)
println(A[:, 2:3]', " ", A[2, :]' * A[1, :], " ", A[end, begin], " ", A[begin:2, end])
v = [5, 3, 8]
a, b, c = v
println(a + b + c, " ", ((x, y...) = v; y))
v[[1, 3]] = [50, 80]; println(v)
v[2:end] .= 0; println(v)
v .+= 1:3; println(v)
M = zeros(Int, 3, 3)
for (k, I) in enumerate(CartesianIndices(M)) M[I] = k end
println(M)
M[CartesianIndex.(1:3, 1:3)] .= 0
println(M, " ", M[CartesianIndex.(1:2, 2:3)])
M[isodd.(M)] .*= -1
println(M, " ", count(<(0), M), " ", M[M.<0])
println([M[i, i+1] for i in 1:2], " ", [x for x in M if x > 4], " ", Dict(i => sum(M[i, :]) for i in 1:3)[2])
R = CartesianIndices((2:3, 1:2))
println(R[end], " ", first(R), " ", length(R), " ", M[R], " ", LinearIndices(M)[R])
println(CartesianIndex(2, 3) in CartesianIndices(M), " ", CartesianIndex(4, 3) in CartesianIndices(M), " ", [I.I for I in R])
for I in CartesianIndices((1:2, 1:2)), J in (CartesianIndex(1, 0),)
    K = I + J
    print(Tuple(K), " ")
end
println()
B = [1 2; 3 4]
B2 = copy(B); B3 = B; B3[1] = 100
println(B, B2, B === B3, B == B2)
nested = [[1, 2], [3]]
sh = copy(nested); dp = deepcopy(nested)
nested[1][1] = 99
println(sh, dp, sh[1] === nested[1])
C = fill([0], 2); push!(C[1], 1); println(C)
D = [Int[] for _ in 1:2]; push!(D[1], 1); println(D)
println(hcat([1, 2], [3 4; 5 6]), " ", vcat([1 2], [3 4; 5 6]), " ", [B B2; B2 B], " ", [B; [7 8]], " ", [B [7, 8]])
println([1; 2;; 3; 4;;; 5; 6;; 7; 8], " ", [[1 2]; [3 4]], " ", Int8[1 2; 3 4], " ", Float64[1; 2])
println(ndims([1;;;]), " ", size([1 2 3;;;]), " ", [1 2 3][:], " ", [i for i in 1:3, _ in 1:2], " ", [(i, j) for i in 1:2, j in 'a':'b'])
println(reduce(hcat, [[i, i^2] for i in 1:3]), " ", mapreduce(permutedims, vcat, [[1, 2], [3, 4]]))
x = range(0, 1; length = 5)
println(x, " ", collect(x), " ", x[2], " ", step(x), " ", x .^ 2, " ", sum(x), " ", x[2:3], " ", reverse(x))
y = 10:-3:0
println(y, " ", collect(y), " ", last(y), " ", length(y), " ", y[end], " ", 4 in y, " ", findfirst(==(4), y), " ", minimum(y), " ", sort(y))
println(0.1:0.1:0.3, " ", collect(0.1:0.1:0.3), " ", (1:3) .* 0.1, " ", 1:2:10 == [1, 3, 5, 7, 9], " ", typeof(1:2:3), " ", typeof(0:0.5:1))
z = view(A, 2:3, [1, 4])
z .= -1
println(A, " ", size(z), " ", z[end], " ", sum(z), " ", typeof(parent(z)))
@views w = A[1, :] .+ A[2, :]
println(w)
acc = Int[]
for (i, x) in pairs([10, 20]) push!(acc, i * x) end
for (x, y) in zip(1:3, "ab") push!(acc, x + Int(y)) end
println(acc)
println(any(isnan, [1, NaN]), all(isfinite, [1.0, Inf]), " ", findall(isnan, [NaN, 1, NaN]), " ", replace([1.0, NaN], NaN => 0.0), " ", filter(!isnan, [NaN, 2.0]))
println(skipmissing([1, missing, 3]) |> collect, " ", sum(skipmissing([1, missing])), " ", coalesce.([1, missing], 0), " ", ismissing.([1, missing]), " ", [missing, 1] .+ 1, " ", count(ismissing, [missing, 1]))
println(map((x, y) -> x => y, [1, 2], ["a", "b"]), " ", zip([1, 2], 'a':'b') |> collect, " ", Dict(zip([:a, :b], 1:2))[:b], " ", collect(Iterators.product([1, 2], "xy")) |> vec)
s = sort([(3, "c"), (1, "z"), (3, "a")]); println(s, " ", sort(s, by = last), " ", sort(s, by = t -> (-t[1], t[2])), " ", sortperm([3, 1, 2], rev = true), " ", sort([3, 1, 2], lt = >))
println(sort!([3.5, -1, 2], by = abs), " ", sort(["b", "A", "c"], lt = (p, q) -> lowercase(p) < lowercase(q)), " ", sort(collect("hello")), " ", issorted([1, 2, 2], lt = <=), " ", searchsorted([1, 2, 2, 4], 2), " ", searchsortedfirst([10, 8, 5], 8, rev = true))
println(accumulate((a, b) -> a > b ? a : b, [3, 1, 4, 1, 5]), " ", cumsum(ones(Int, 2, 2), dims = 2), " ", foldl((a, b) -> "($a$b)", 1:4), " ", foldr((a, b) -> "($a$b)", 1:4), " ", reduce((a, b) -> a * b, 1:5; init = 2))
t = (1, 2.5, "x")
println(t .=> 1:3, " ", map(typeof, t), " ", t[2:end], " ", reverse(t), " ", (t..., :y), " ", length(t), " ", 2.5 in t, " ", findfirst(==("x"), t), " ", Tuple([1, 2]), " ", collect((1, 2.0)))
println(zeros(2) .+ (1, 2), " ", string.([1, 2], ["a" "b"]), " ", ((x, y) -> x + y).(1:2, [1 2]), " ", broadcast(*, [1, 2], [3 4]), " ", max.([1, 5], [3, 2]), " ", [1, 2] .|> [sqrt, x -> x^2], " ", @.(sin([0.0]) + 1))
println(circshift([1, 2, 3, 4], (1,)), " ", rotl90([1 2 3; 4 5 6]), " ", permutedims(reshape(1:6, 1, 2, 3), (2, 3, 1))[:, :, 1], " ", selectdim([1 2; 3 4], 2, 1), " ", dropdims(sum([1 2; 3 4], dims = 1), dims = 1), " ", repeat([1 2], 2), " ", repeat("ab", 2), " ", repeat([1, 2], inner = 2, outer = 2))
show(stdout, MIME("text/plain"), [1.5 NaN; missing 3]); println()
show(stdout, MIME("text/plain"), Any[1 "a" :b; 2.5 nothing (1, 2)]); println()
show(stdout, MIME("text/plain"), [1//2 3; 4 5//6]); println()
show(stdout, MIME("text/plain"), reshape(["a", "bb", "ccc", "d"], 1, 2, 2)); println()
show(stdout, MIME("text/plain"), [1 2; 3 4] .> 2); println()
show(stdout, MIME("text/plain"), Dict("a" => [1, 2])); println()
show(stdout, MIME("text/plain"), Set([3])); println()
show(stdout, MIME("text/plain"), (1, [2, 3])); println()
show(IOContext(stdout, :limit => true, :displaysize => (8, 40)), MIME("text/plain"), collect(1:20)); println()
show(IOContext(stdout, :limit => true, :displaysize => (10, 30)), MIME("text/plain"), [i * j for i in 1:3, j in 1:30]); println()
show(IOContext(stdout, :compact => true), [1/3, 2/3]); println()
println(IOContext(stdout, :limit => true), collect(1:50))
