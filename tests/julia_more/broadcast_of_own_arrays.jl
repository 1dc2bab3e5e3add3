# styles of broadcasting of the program's own, slices along several dimensions, stack, unique slices
struct ArrayAndChar{T,N} <: AbstractArray{T,N}
    data::Array{T,N}
    char::Char
end
Base.size(A::ArrayAndChar) = size(A.data)
Base.getindex(A::ArrayAndChar{T,N}, inds::Vararg{Int,N}) where {T,N} = A.data[inds...]
Base.setindex!(A::ArrayAndChar{T,N}, val, inds::Vararg{Int,N}) where {T,N} = A.data[inds...] = val
Base.showarg(io::IO, A::ArrayAndChar, toplevel) = print(io, typeof(A), " with char '", A.char, "'")
Base.BroadcastStyle(::Type{<:ArrayAndChar}) = Broadcast.ArrayStyle{ArrayAndChar}()
function Base.similar(bc::Broadcast.Broadcasted{Broadcast.ArrayStyle{ArrayAndChar}}, ::Type{ElType}) where ElType
    A = find_aac(bc)
    ArrayAndChar(similar(Array{ElType}, axes(bc)), A.char)
end
find_aac(bc::Base.Broadcast.Broadcasted) = find_aac(bc.args)
find_aac(args::Tuple) = find_aac(find_aac(args[1]), Base.tail(args))
find_aac(x) = x
find_aac(::Tuple{}) = nothing
find_aac(a::ArrayAndChar, rest) = a
find_aac(::Any, rest) = find_aac(rest)
a = ArrayAndChar([1 2; 3 4], 'x')
b = a .+ 1
println(b, " ", typeof(b), " ", b.char)
c = a .+ [5, 10]
println(c, " ", c.char)
show(stdout, MIME("text/plain"), c); println()
struct Poly
    c::Vector{Int}
end
(p::Poly)(x) = evalpoly(x, p.c)
Base.broadcastable(p::Poly) = Ref(p)
ev(p, x) = p(x)
println(ev.(Poly([1, 2, 3]), [0, 1, 2]), " ", Poly([1, 2]).([1, 2]))
d = similar(a, Float64)
println(typeof(d), " ", Broadcast.broadcast_shape((1:2,), (1:2, 1:3)))
bc = Broadcast.broadcasted(+, 1:3, 10)
println(Broadcast.materialize(bc), " ", axes(Broadcast.broadcasted(*, [1, 2], [1 2 3])))
println(sum(Broadcast.broadcasted(*, [1, 2, 3], [1, 2, 3])))
A3 = reshape(collect(1:12), 2, 3, 2)
for s in eachslice(A3; dims = 3) println(s, " ", sum(s)) end
println(size(eachslice(A3; dims = (1, 3))), " ", eachslice(A3; dims = (1, 3))[2, 1])
println(findmax(abs, [1 -9; 3 4]; dims = 1), " ", findmin(abs2, [1 -9; 3 4]))
println(unique([1 2 1; 3 4 3]; dims = 2), " ", stack([[1 2; 3 4], [5 6; 7 8]]; dims = 1) |> size)
println(sum!([0, 0], [1 2; 3 4]), " ", Base.promote_shape([1, 2], [3, 4]), " ", [1 2; 3 4] isa StridedMatrix)
try Base.promote_shape([1, 2], [3]) catch e; println(sprint(showerror, e)) end
try stack([[1, 2], [3]]) catch e; println(sprint(showerror, e)) end
println(nextprod((2, 3), 13), " ", vcat(trues(1), falses(1)) isa BitVector, " ", (1:3) - (1:3), " ", extrema!([(0, 0)], [3, 1, 2]))
println(filter(iseven)(1:6), " ", sprint(show, MIME("text/plain"), LinRange(0, 1, 3)))
