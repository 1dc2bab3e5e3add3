# module: Core.Compiler
# Inference by the name that programs know it by.

return_type(f, ::Type{T}) where {T<:Tuple} = Core.return_type(f, T)
