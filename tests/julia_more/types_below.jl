# Types right below and above a type; types as parts of named tuples
using InteractiveUtils
abstract type A end
abstract type B <: A end
struct C <: A end
struct D{T} <: B; x::T; end
struct E2 <: B end
println(subtypes(A), subtypes(B), subtypes(C), supertypes(C))
function tree(T, d = 0)
    println("  "^d, T)
    for s in subtypes(T)
        tree(s, d + 1)
    end
end
tree(A)
println(subtypes(Integer))
println(subtypes(Real))
