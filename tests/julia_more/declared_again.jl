# A type that is declared once more as it is, a constant with the same value, a constant of the same type.
# expect-exit: 1
struct A
    x::Int
end
struct A
    x::Int
end
println(A(3))
abstract type Shape{T} end
abstract type Shape{T} end
mutable struct Circle{T<:Real} <: Shape{T}
    radius::T
    const tags::Vector{<:T}
    Circle(r::T) where {T<:Real} = new{T}(r, T[])
end
circle = Circle(1.5)
mutable struct Circle{T<:Real} <: Shape{T}
    radius::T
    const tags::Vector{<:T}
    Circle(r::T) where {T<:Real} = new{T}(r, T[])
end
println(circle isa Circle{Float64}, " ", Circle(2).radius)
struct Chain
    next::Union{Chain,Nothing}
end
struct Chain
    next::Union{Chain,Nothing}
end
println(Chain(Chain(nothing)))
const limit = 10
const limit = 10
early() = limit
println(early())
const limit = 20
late() = limit
println(late(), " ", limit)
const names = ["a"]
const names = ["b", "c"]
println(names)
struct A
    x::Int
    y::Int
end
println("not reached")
