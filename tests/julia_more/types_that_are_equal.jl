# Types that differ in the names of their variables only are equal: for methods, constants and
# declarations.

m(x::Vector{Vector{Q} where Q<:Real}) = "of vectors"
m(x) = "any"
println(m(Vector{Vector{<:Real}}()), " ", m([1]))

d(x::Dict{String,Union{Vector{T} where T<:Real,Nothing}}) = 1
d(x) = 2
println(d(Dict{String,Union{Nothing,Vector{<:Real}}}()), d(Dict("a" => nothing)))

p(x::Vector{Pair{A,B} where {B,A}}) = 1
p(x) = 2
println(p(Pair[1 => 2]), p([1 => 2]))

t(x::Vector{Tuple{Vararg{Int}}}) = 1
t(x) = 2
println(t(Tuple{Vararg{Int}}[]), t([(1,)]))

# A method of equal types replaces the first.
r(x::Vector{Vector{Q} where Q<:Real}) = 1
r(x::Vector{Vector{P} where P<:Real}) = 2
println(length(methods(r)), " ", r(Vector{<:Real}[[1]]))

# Declared twice, they are the same.
struct Bounded{T<:Vector{<:Real}}
    x::T
end
struct Bounded{T<:Vector{<:Real}}
    x::T
end
abstract type Kinds{T} end
struct OfVectors <: Kinds{Vector{<:Real}} end
struct OfVectors <: Kinds{Vector{<:Real}} end
const Reals = Vector{<:Real}
const Reals = Vector{<:Real}
const Nested{T} = Vector{Vector{T}}
const Nested{T} = Vector{Vector{T}}
println(Bounded([1.5]).x, " ", OfVectors() isa Kinds{Reals}, " ", Nested{Int} == Vector{Vector{Int}})

# What was inferred with a constant keeps it.
const kept = [1]
use_kept() = kept[1]
println(use_kept())
const kept = [2]
println(use_kept(), " ", kept)
