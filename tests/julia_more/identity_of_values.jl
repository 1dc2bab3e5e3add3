struct S
    x::Any
end
s(i) = S(i)
println(s(3) == s(3), s(3) === s(3), s(3) === s(4), s("a") === s("a"))
struct P
    x::Real
    y::Real
end
println(length(Set([P(1, 2), P(1, 2), P(1.0, 2)])))
struct Node
    v::Int
    next::Union{Node,Nothing}
end
struct W
    n::Node
end
println(W(Node(1, nothing)) === W(Node(1, nothing)), (Node(1, nothing), 2) === (Node(1, nothing), 2), Some(Node(1, nothing)) === Some(Node(2, nothing)))
println(unique([S(1), S(1), S("b"), S("b")]) |> length)
