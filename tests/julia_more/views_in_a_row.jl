# Views of several dimensions by one index are of the elements in a row; arrays of other shapes share elements when they are broadcast; blocks are copied; ranges of floats.
M = [1 2; 3 4]
println(typeof(view(M, 1:3)), " ", parent(view(M, 2:3)), " ", typeof(view(M, :)), " ", typeof(view(M, 2)), " ", parentindices(view(M, 2:3)))
show(stdout, MIME("text/plain"), view(M, 1:3)); println()
println(typeof(collect(Iterators.partition(M, 3))), " ", typeof(collect(Iterators.partition([1, 2], 2))), " ", typeof(collect(Iterators.partition(1:3, 2))))
println(float(1:3), " ", float(1:2:5), " ", float(0:0.5:1), " ", float([1, 2]))
A = [1 2; 3 4]
v = vec(A)
v[2:4] .= @view A[1:3]
println(A)
B = collect(reshape(1:6, 2, 3))
@views B[1:3] .= B[2:4]
println(B)
B[:, 1] .= vec(B)[2:3]
R = reshape(B, 3, 2)
R .= R[:, 2:-1:1] .+ 1
println(B, " ", view(B, 2)[], " ", view(B, 4:-1:2), " ", view(B, [1, 6]), " ", sum(view(B, :)), " ", view(view(B, 2:5), 2:3))
view(B, 2:3) .= 0
B[5:6] .+= 100
println(B, " ", parent(view(B, 2:3)) == vec(B), " ", last(B, 2), " ", copyto!(zeros(Int, 2, 2), CartesianIndices((1:1, 1:2)), B, CartesianIndices((2:2, 2:3))))
x = [1.0 2; 3 4]
y = view(x, :, 1)
x .= x .+ y
println(x)
x[1:2, :] .= x[[2, 1], :]
println(x)
println(collect(Iterators.partition([1 2; 3 4], 3)), " ", [sum(p) for p in Iterators.partition([1 2; 3 4], 3)], " ", collect(Iterators.partition([1, 2, 3], 2)), " ", collect(Iterators.partition(1:5, 2)), " ", map(sum, Iterators.partition(view([1, 2, 3], 1:3), 2)), " ", collect(Iterators.partition("abcde", 2)), " ", collect(Iterators.partition((i for i in 1:3), 2)))
for p in Iterators.partition([1 2; 3 4], 2)
    println(p, " ", length(p))
end
println(view(1:10, 3:5), " ", view(1:2:9, 2:3), " ", view(0:0.5:2, 1:2:3), " ", typeof(view(1:10, 2:4)), " ", typeof(@view (1:10)[2:2:6]), " ", view(1:5, 2), " ", sum(@view (1:10)[end-2:end]))
