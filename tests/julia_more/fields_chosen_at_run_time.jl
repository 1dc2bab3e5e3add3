# Fields of different types, chosen by an index that is known at run time: declared types that are
# abstract, concrete, unions and parametric.
struct TextOf
    a
    b::AbstractString
end
struct Numbers
    a::Integer
    b::Number
    c::Any
end
struct Mixed
    a::Int
    b::Any
    c::Float64
    d::Union{Nothing,Int}
end
mutable struct Changing
    a::Real
    b::Vector{Int}
    c::Union{Int,String}
end
fields(x) = [getfield(x, k) for k in 1:nfields(x)]
for x in (TextOf(1, "y"), Numbers(1, 2.5, :c), Mixed(1, "two", 3.5, nothing), Mixed(1, 2, 3.5, 4), Changing(1//2, [1, 2], "s"))
    for k in 1:nfields(x)
        print(getfield(x, k), " ", typeof(getfield(x, k)), "; ")
    end
    println(fields(x))
end
second(t, k) = t[k]
for k in 1:3
    println(second((1, 2.5, "a"), k), " ", second((TextOf(1, "x"), 'c', nothing), k))
end
a, b = DomainError(1, "x"), DomainError(1, "y")
println(all(getfield(a, k) == getfield(b, k) for k in 1:nfields(a)))
