# exercises: methods shown and listed, whom a MethodError names, conversions that fail between types of one name
area(x::Int, y) = 1
area(x, y::Int; scale=1, more...) = 2
area(x::T, ys::T...) where {T<:Number} = 3
area((a, b)::Tuple, ::String, ::Type{T}) where {T} = 4
without_folder(x) = replace(string(x), r"@ (Main )?\S*?([^/\s]+:\d+)" => s"@ \1\2")
println(without_folder(methods(area, Tuple{Int,String})))
println(without_folder(which(area, Tuple{String,Int})))
println(without_folder(which(area, Tuple{Float64,Float64,Float64})))
println(without_folder(which(area, Tuple{Tuple{Int,Int},String,Type{Int}})))

struct Both{A<:Real,B}
    a::A
    b::B
end
struct Alone{T}
    x::T
end
mutable struct Holds
    some::AbstractVector
    one::Alone{Int}
end
failing = (() -> Vector(1), () -> Array{Int}("a"), () -> Matrix{Int}(1), () -> Both("a"), () -> Both{Int}("a", 1),
    () -> Both{Int,Int}(1), () -> convert(Alone{Int}, Alone(1.5)), () -> convert(Int, "a"), () -> Holds("text", Alone(1)),
    () -> Holds([1], Alone("s")), () -> convert(Alone{Int}, 3))
for f in failing
    try
        f()
    catch e
        println(sprint(showerror, e))
    end
end

half(x) = x / 2
sized(x) = x > 0 ? 1 : "none"
println(Base.return_types(half, (Int,)), " ", Base.return_types(sized, Tuple{Int}), " ", Core.Compiler.return_type(half, Tuple{Float32}), " ", Base.promote_op(half, Int))
