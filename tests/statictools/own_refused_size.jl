# exercises: an array on the stack whose size is known only when the program runs
# expect-refusal: StackArray
using StaticTools
function main(argc::Int, argv::Ptr{Ptr{UInt8}})
    A = szeros(argc, 2)
    printf(A)
    return 0
end
