# Which values can be parameters of types, where only run time knows them.
f(x) = Val{x}
struct S; a::Int; s::Symbol; S(a) = new(a); S(a, s) = new(a, s); end
mutable struct Mu; a::Int; end
struct In; a::Int; b::Float64; end
t(x) = println(try f(x) catch e; sprint(showerror, e) end)
for x in Any[S(1), S(1, :a), Mu(1), UInt128(3), (1, Int128(-3)), (Int,), Some(Int), Dict(1 => 2), (1, "s"), 1 => "a", In(1, 2.0), (a = 1, b = :x), r"a", 'x', nothing, Some(3), 1 => 2]
    t(x)
end
g(::Val{(Int,)}) = "int"
g(::Val) = "other"
println(g(f(Any[(Int,)][1])()), g(Val((Int,))), f(Any[(Int,)][1]), f(Any[(Int,)][1]) === Val{(Int,)})
println(eval(Expr(:quote, Expr(:block, :a, :b))).args)
# Methods of a program for its own numbers go before those for all.
struct U <: Real; x::Float64; end
Base.:-(u::U) = U(-u.x)
Base.:-(v::AbstractVector{U}) = "mine"
println(-[U(1.0)])
struct Q <: Number; x::Float64; end
Base.:*(a::AbstractArray{<:Number}, q::Q) = map(x -> x * q.x, a)
println([1, 2] * Q(2.0))
println(2 * fill(3), -fill(1), fill(4) / 2, 2 * [1 2; 3 4], [1, 2] * 2, [2, 4] / 2, 2 \ [2, 4], -[1, 2])
