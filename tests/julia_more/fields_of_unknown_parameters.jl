# Of a value whose type is known but for its parameters, the fields that do not depend on them have
# known types.

struct Layer{A}
    weights::Vector{Float64}
    act::A
    name::String
end
mutable struct Node{T<:Real}
    const id::Int
    value::T
    next::Union{Node,Nothing}
end

println([l.weights[1] for l in Layer[]], " ", [l.name for l in Layer[]], " ", [l.act for l in Layer[]])
println([n.id for n in Node[]])

layers = Layer[Layer([1.0, 2.0], sin, "a"), Layer([3.0], 2, "b")]
total(ls) = sum(l -> sum(l.weights), ls)
println(total(layers), " ", join((l.name for l in layers), "+"), " ", [l.act isa Function for l in layers])

function last_id(n::Node)
    while n.next !== nothing
        n = n.next
    end
    n.value += 1
    n.id
end
chain = Node(1, 2.5, Node(2, 3, Node{Real}(3, 1 // 2, nothing)))
println(last_id(chain), " ", chain.next.next.value, " ", typeof(chain))

# What is not there is an error as it was.
try
    [l.weight for l in layers]
catch e
    println(e)
end
