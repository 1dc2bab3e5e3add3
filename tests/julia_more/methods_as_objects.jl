# Methods as objects: which ones calls reach, their keywords and places.
abstract type Animal end
struct Dog{T} <: Animal
    name::T
end
speak(a::Animal) = "..."
speak(d::Dog{String}) = "woof from $(d.name)"
speak(d::Dog, times::Int) = repeat("woof", times)
println(hasmethod(speak, Tuple{Dog{String}}), " ", hasmethod(speak, Tuple{Int}), " ", length(methods(speak)), " ", which(speak, Tuple{Dog{Int}}).sig == Tuple{typeof(speak),Animal}, " ", first(methods(speak, Tuple{Dog{Int},Int})).nargs, " ", isempty(methods(speak, Tuple{String})))
kw(a; scale = 1, rest...) = a
kw2(a, b = 2; scale = 1) = a
println(hasmethod(kw, Tuple{Int}, (:nope,)), hasmethod(kw2, Tuple{Int,Int}, (:scale,)), hasmethod(kw2, Tuple{Int}, (:scale,)), hasmethod(kw2, Tuple{Int,Int}, (:nope,)))
println(length(methods(kw2)), " ", fieldcount(String), fieldcount(Vector{Int}))
try
    which(speak, Tuple{Int})
catch e
    println(e.msg)
end
w(x::T, ys::Vector{S}...) where {T<:Real,S} = x
m = first(methods(w))
println(m.isva, " ", m.module)
