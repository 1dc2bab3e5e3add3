# exercises: macros of packages and of Base by name in imports, names of types that are variables, comments inside brackets, functions before a comma
using Printf: @printf, @sprintf
using Base: @kwdef, @propagate_inbounds
import Base: @invoke

@printf("%05.1f|%s\n", 3.14159, @sprintf("%3d", 7))

TextOrNothing = Union{String,Nothing}
Pairs2 = Vector{Tuple{Int,Int}}
@kwdef mutable struct Player
    name::TextOrNothing = nothing
    moves::Pairs2 = Tuple{Int,Int}[]
end
label(t::TextOrNothing) = t === nothing ? "nobody" : t
p = Player()
push!(p.moves, (1, 2))
println(label(p.name), " ", p.moves, " ", fieldtype(Player, :name), " ", Player(name = "Ann", moves = [(3, 4)]).name)

@propagate_inbounds third(a) = a[3]
println(third([5, 6, 7]))
kind(x) = "anything"
kind(x::Integer) = string("integer, ", @invoke kind(x::Any))
println(kind(3))

# what stands behind a comment inside brackets goes on
function allowed(a, b, c)
    (a > 1 # the first
     && b   # the second
     # and a line of its own
     || c)
end
println(allowed(2, true, false), allowed(0, true, false), allowed(0, false, true))
total(xs...) = sum(xs)
println(total(1 # one
              # two
              + 2,
              # three
              3), " ", [x * y for x in 1:4, y in 1:4
                        if x < y
                           # the sum
                           && x + y == 5], " ", [1 2 # first row
                                                 3 4])

# a comma ends a function, whatever it stands in
f, g = x -> x + 1, y -> 2y
a, b = [1, 2, 3] |> xs -> map(x -> x^2, xs), "b"
c, d = isempty(a) ? x -> 0 : x -> -x, 7
h, k = x -> y -> x - y, 1
println(f(1), g(1), " ", a, b, " ", c(5), d, " ", h(9)(4), k)

# iteration over what has many types, in what counts and what zips
rows = ((1, ("a" => "b", "c" => "d")), (2, ("a" => "b",)), (3, ()), (4, (1.5, :s, 'c')))
for (n, ((k, parts), want)) in enumerate(zip(rows, [2, 1, 0, 3]))
    print(n, k, length(parts), want, " ")
end
println()
function numbered(values)
    for (n, (x, i)) in enumerate(zip(values, 10:14))
        print(n, ":", x, ":", i, " ")
    end
    println()
end
numbered((1, "a", :s, 2.5, 0x05))
