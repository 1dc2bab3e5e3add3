# exercises: arguments without types
# expect-refusal: @symbolcall arguments must be annotated with a type
using StaticTools
main() = @symbolcall abs(Int32(1))::Int32
