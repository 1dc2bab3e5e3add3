# exercises: a float for a C function with variable arguments
# expect-refusal: @symbolcall cannot pass floats to printf
using StaticTools
main() = @symbolcall printf(pointer(c"%f\n")::Ptr{UInt8}, 1.5::Float64)::Int32
