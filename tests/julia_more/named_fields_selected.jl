# Fields of named tuples are selected by their names, in the order of the names, and converted where types are given.
nt = (a = 1, b = 2.0, c = "x")
println(NamedTuple{(:a, :c)}(nt))
println(NamedTuple{(:c, :b, :a)}(nt))
println(NamedTuple{(:a, :b, :c)}(nt) === nt)
println(NamedTuple{()}(nt))
println(NamedTuple{(:b, :a),Tuple{Float64,Int}}((a = 1, b = 2)))
println(NamedTuple{(:p, :q)}((1, 2)), " ", NamedTuple{(:p, :q)}([1, 2]))
const Row = @NamedTuple{x::Float64, y::Union{Missing,Int}}
println(Row((1, 2)), " ", Row((x = 1, y = missing)), " ", Row((y = 3, x = 4)))
pick(t, names...) = NamedTuple{names}(t)
println(pick(nt, :c), " ", pick(nt, :b, :a))
without(t, name) = NamedTuple{filter(!=(name), keys(t))}(t)
println(without(nt, :b), " ", without(without(nt, :a), :c))
try
    NamedTuple{(:z,)}(nt)
catch e
    println(sprint(showerror, e))
end
options(; kw...) = NamedTuple{(:size, :name)}(merge((size = 1, name = "n"), values(kw)))
println(options(name = "m", other = 3), " ", options())
