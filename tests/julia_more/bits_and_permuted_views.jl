# Bit vectors that grow and shrink, views with permuted dimensions, indices of skipmissing, errors of accumulate and repeat.
b = BitVector([1, 0, 1, 1])
println(splice!(b, 2), " ", repr(b), " ", splice!(b, 1:2), " ", repr(b))
println(splice!(b, 1, [false, true]), " ", prepend!(b, (true, true)), " ", filter!(identity, copy(b)), " ", deleteat!(copy(b), [1, 3]), " ", deleteat!(copy(b), b), " ", keepat!(copy(b), 2:3), " ", keepat!(copy(b), b))
println(BitVector([1, 0, 0]) << 1, " ", BitVector([1, 0, 0]) >> 1, " ", BitVector([1, 1, 0]) >>> 2, " ", BitArray(x + y > 2 for x in 1:2, y in 1:2), " ", BitVector(x > 1 for x in 1:3 if x != 2))
M = [1 2 3; 4 5 6]
P = PermutedDimsArray(M, (2, 1))
show(stdout, MIME("text/plain"), P)
println()
P[3, 1] = 30
println(M, " ", P, " ", size(P), " ", parent(P) === M, " ", strides(P), " ", sum(P, dims = 1), " ", P * [1, 1], " ", P .+ 1, " ", P[:, 1], " ", P[2], " ", typeof(copy(P)))
A = reshape(collect(1:24), 2, 3, 4)
B = PermutedDimsArray(A, [3, 1, 2])
println(size(B), " ", B[4, 2, 3], " ", B == permutedims(A, (3, 1, 2)), " ", typeof(B), " ", summary(B))
B[:, 1, 1] .= 0
println(A[1, 1, :])
P .= P .* 2
println(M, " ", vec(P), " ", findall(>(8), P), " ", view(P, 2, :))
m = [1, missing, 3]
println(collect(keys(skipmissing(m))), " ", collect(eachindex(skipmissing(m))), " ", skipmissing(m)[3])
println(cumsum([1, 2, 3], dims = 2), " ", cumsum([1 2; 3 4], dims = 3), " ", accumulate(*, [1, 2, 3], dims = 1), " ", ∜(16.0))
for f in (() -> cumsum([1 2], dims = 0), () -> cumprod([1], dims = 0), () -> repeat([1], -1), () -> repeat([1], inner = -1), () -> skipmissing(m)[2], () -> deleteat!(trues(2), [2, 1]), () -> P[4, 1])
    try
        println(f())
    catch e
        println(sprint(showerror, e))
    end
end
using Statistics
println(varm([1, 2, 3], 2), " ", stdm([1, 2, 3], 2), " ", mean!([0.0, 0.0], [1 2; 3 4]))
