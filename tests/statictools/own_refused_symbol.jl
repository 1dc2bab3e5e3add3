# exercises: a C function that no library has
# expect-refusal: the C function `surely_no_function_of_c` is in neither libc nor libm
using StaticTools
main() = @symbolcall surely_no_function_of_c(1::Int32)::Int32
