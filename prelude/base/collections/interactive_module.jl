# module: InteractiveUtils
# The package InteractiveUtils: what programs ask about types.

export supertypes

# The types above a type, itself first.
@inline supertypes(::Type{T}) where {T} = T === Any ? (Any,) : (T, supertypes(supertype(T))...)
