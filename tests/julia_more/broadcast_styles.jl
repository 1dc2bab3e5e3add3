# Array types and containers with broadcasting of their own; kinds of text; references to elements
struct Named{T,N} <: AbstractArray{T,N}
    data::Array{T,N}
    name::String
end
Base.size(a::Named) = size(a.data)
Base.getindex(a::Named{T,N}, i::Vararg{Int,N}) where {T,N} = a.data[i...]
Base.setindex!(a::Named{T,N}, v, i::Vararg{Int,N}) where {T,N} = (a.data[i...] = v)
Base.showarg(io::IO, a::Named, toplevel) = print(io, typeof(a), " called ", a.name)
Base.BroadcastStyle(::Type{<:Named}) = Broadcast.ArrayStyle{Named}()
function Base.similar(bc::Broadcast.Broadcasted{Broadcast.ArrayStyle{Named}}, ::Type{T}) where {T}
    a = find_named(bc)
    Named(similar(Array{T}, axes(bc)), a.name)
end
find_named(bc::Base.Broadcast.Broadcasted) = find_named(bc.args)
find_named(args::Tuple) = find_named(find_named(args[1]), Base.tail(args))
find_named(x) = x
find_named(::Tuple{}) = nothing
find_named(a::Named, rest) = a
find_named(::Any, rest) = find_named(rest)
a = Named([1 2; 3 4], "m")
b = a .+ 1
println(b, " ", typeof(b), " ", b.name)
c = 2.0 .* a .- [1, 2]
println(c, " ", typeof(c), " ", c.name)
a .*= 10
println(a, " ", a.name, " ", sum(a), " ", typeof(map(x -> x, a)))
d = string.(a, "!")
println(d, typeof(d))
struct MyStyle <: Broadcast.BroadcastStyle end
struct Bag; v::Vector{Int}; end
Base.BroadcastStyle(::Type{Bag}) = MyStyle()
Base.BroadcastStyle(::MyStyle, ::Broadcast.BroadcastStyle) = MyStyle()
Base.broadcastable(b::Bag) = b
Broadcast.broadcasted(::MyStyle, f, b::Bag) = Bag(map(f, b.v))
Broadcast.broadcasted(::MyStyle, f, b::Bag, x::Number) = Bag(map(y -> f(y, x), b.v))
println(abs.(Bag([-1, 2])), " ", Bag([1, 2]) .+ 10)
struct W; x::Float64; end
Base.Broadcast.broadcastable(w::W) = Ref(w)
h(w::W, y) = w.x + y
println(h.(W(1), [1, 2]), " ", h.(W(2), 3))
bc = Broadcast.broadcasted(+, [1, 2], 3)
println(Broadcast.materialize(bc), " ", broadcast(max, [1, 5], 3), " ", size(bc), " ", axes(bc))
r3 = Ref([1, 2], 2)
r3[] = 5
println(r3[], " ", r3 isa Ref)
struct Tmp; d::Float64; end
Base.show(io::IO, ::MIME"text/html", t::Tmp) = print(io, "<b>", t.d, "</b>")
println(repr("text/html", Tmp(2)), " ", repr(MIME("text/html"), Tmp(1)), " ", repr("text/plain", [1, 2]))
show(stdout, "text/html", Tmp(3)); println()
show(stdout, "text/plain", Tmp(3)); println()
