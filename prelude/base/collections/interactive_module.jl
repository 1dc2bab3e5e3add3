# module: InteractiveUtils
# The package InteractiveUtils: what programs ask about types.

export supertypes, subtypes

# The types above a type, itself first.
@inline supertypes(::Type{T}) where {T} = T === Any ? (Any,) : (T, supertypes(supertype(T))...)

# The types right below a type, in the order of their texts.
@inline subtypes(::Type{T}) where {T} = Any[x for x in ntuple(i -> Core.subtype_at(T, i), Val(Core.subtype_count(T)))]
