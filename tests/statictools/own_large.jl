# exercises: arrays of thousands of elements on the stack; arguments of main without types; what main returns is the exit status
# args: x y
# expect-exit: 3
using StaticTools

function main(argc, argv)
    A = StackArray{Float64}(undef, 100, 100)
    for j = 1:100, i = 1:100
        A[i, j] = i + j
    end
    B = similar(A)
    B .= A .* 2
    printf(c"%.1f\n", sum(B))
    C = A * B
    printf(c"%.1f\n", C[3, 4])
    println(MallocString(argv, 2))
    return argc
end
