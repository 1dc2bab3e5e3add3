# Arguments of formats that come from collections, and values that hold themselves in tuples.
using Printf
t = (1, 2.5)
@printf("%d %.2f\n", t...)
println(@sprintf("%s-%s-%s", "a", ["b", "c"]...))
@printf(stdout, "%*d|%-5s|\n", [6, 42]..., "x")
println(try @sprintf("%d %d", t..., 3) catch e; sprint(showerror, e) end)
struct Tree
    value::Int
    children::NTuple{2,Union{Nothing,Tree}}
end
Tree(x) = Tree(x, (nothing, nothing))
total(::Nothing) = 0
total(t::Tree) = t.value + sum(total, t.children)
println(total(Tree(1, (Tree(2), Tree(3, (nothing, Tree(4)))))))
println(Tree(1, (nothing, Tree(2))))
struct Link
    x::Int
    next::Tuple{Int,Union{Nothing,Link}}
end
println(Link(1, (2, Link(3, (4, nothing)))))
struct Named
    at::@NamedTuple{name::String, inner::Union{Nothing,Named}}
end
println(Named((name = "a", inner = Named((name = "b", inner = nothing)))).at.inner.at.name)
