# Values that hold themselves are shown once, with how far around they are.
mutable struct N
    v
    next
    N(v) = new(v)
end
a = N(1)
println(a)
a.next = a
println(a)
b = N(2)
b.next = a
a.next = b
println(a)
v = Any[1]
push!(v, v)
println(v)
d = Dict{Any,Any}()
d[1] = d
println(d)
r = Ref{Any}()
r[] = r
println(r)
mutable struct Linked{T}
    v::T
    prev::Union{Linked{T},Nothing}
    next::Union{Linked{T},Nothing}
end
x = Linked(1, nothing, nothing)
y = Linked(2, x, nothing)
x.next = y
println(x)
println(y.next, " ", Any[1, [2, Any[3]]])
