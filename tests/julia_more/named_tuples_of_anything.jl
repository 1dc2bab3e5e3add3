# Named tuples whose fields may be of any type, and lists of types beside values.
n = NamedTuple{(:a, :b),Tuple{Any,Any}}((1, "x"))
println(n, " ", n.a, " ", typeof(n), " ", fieldtypes(typeof(n)))
println(@NamedTuple{a::Real, b}((1, "s")), " ", [@NamedTuple{a::Real}((1,))], " ", NamedTuple{(:a, :b),Tuple{Int,Any}}((1, 2.5)).b)
rows = Vector{@NamedTuple{id::Int, value::Any}}()
push!(rows, (id = 1, value = "x"))
push!(rows, (id = 2, value = [3]))
println(rows, " ", rows[2].value, " ", [r.id for r in rows])
println(NamedTuple{(:x, :y)}([1, 2]), " ", NamedTuple{(:x, :y)}(i^2 for i in 1:2))
println(collect(Array{Int,3}.parameters), " ", [p for p in Vector{String}.parameters], " ", [p for p in Pair{Int,String}.parameters])
struct Dog{T<:Real,N}
    x::T
    y::NTuple{N,T}
end
println(Dog.body.body.name === Dog{Int,2}.name, " ", typeof(Dog.body), " ", typeof(Dog.body.body), " ", Dog.var, " ", Vector.body)
light(::Val{:green}) = Val(:yellow)
light(::Val{:yellow}) = Val(:red)
light(::Val{:red}) = Val(:green)
let l = Val(:green), seen = Symbol[]
    for _ in 1:4
        push!(seen, typeof(l).parameters[1])
        l = light(l)
    end
    println(seen, " ", l)
end
fresh() = "old"
function again()
    @eval fresh() = "new"
    return fresh(), Base.invokelatest(fresh)
end
println(again(), " ", fresh())
x = Any[Main, 1]
println((x[1], 2), " ", typeof((x[1], 2)), " ", eval(QuoteNode((:a, 1))))
println([1 2; 3 4] // 2, " ", sortperm([8 7; 5 6], dims = 1), " ", sortperm([3 1 2], dims = 2), " ", oneunit([1.0 2; 3 4]))
for f in (() -> supertype(Union{Int,String}), () -> sizeof(Real))
    try
        f()
    catch e
        println(typeof(e))
    end
end
