# exercises: an array that is too large for the stack: what its size says is known when the program is built, and told when it is made
# expect-exit: 1
# expect-stderr: ERROR: ArgumentError: a StackArray of more than 32768 elements is not supported: use a MallocArray
using StaticTools
function main()
    puts(c"before")
    A = szeros(1000, 1000)
    printf(c"%g\n", A[1])
    return 0
end
