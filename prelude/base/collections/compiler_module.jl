# module: Core.Compiler
# Inference by the name that programs know it by.

return_type(f, ::Type{T}) where {T<:Tuple} = Base.inferred_result(f, T)
