# Fields of types, tuples of types, structs that contain themselves, undefined fields.
struct Pair2{A,B}
    a::A
    b::B
end
println(Pair2{Int,String}.parameters, " ", Vector{Int}.parameters[1], " ", Dict{String,Int}.name.name)
println(typeof((Int, 2)), " ", [typeof(Val(v)).parameters[1] for v in (1, :s, true)])
println(Base.uniontypes(Union{Int,Nothing,String}), " ", (Vector{T} where {T<:Real}).var)
println(fieldoffset(Pair2{Int8,Int}, 2), " ", fieldnames(Pair2), " ", fieldnames(Tuple{Int,Int}))
hold(x::T) where {T<:Tuple} = T
println(hold((Int, "a")))
seen = Dict{DataType,Int}()
for v in Any[1, "a", 2.0, 3]; seen[typeof(v)] = get(seen, typeof(v), 0) + 1; end
println(seen[Int], seen[String], length(seen))
struct Tree{T}
    left::Union{Nothing,Tree{T}}
    x::T
    right::Union{Nothing,Tree{T}}
end
leaf(x) = Tree(nothing, x, nothing)
s, t = Tree(leaf(1), 2, leaf(3)), Tree(leaf(1), 2, leaf(3))
println(s === t, " ", s == t, " ", s === Tree(leaf(1), 2, leaf(4)), " ", t)
struct Partly
    a
    b::Vector{Int}
    Partly() = new()
    Partly(a) = new(a)
end
kept = Any[Partly([1]), Partly(), 3]
for p in kept; println(p isa Partly ? (isdefined(p, :a), isdefined(p, :b)) : p); end
println(kept[2], " ", try kept[2].a catch e; e end)
println(Union{}[], " ", length(Union{}[]), " ", (5)(3), " ", 2(3))
