# What was printed before an exception stays printed; `applicable` of a function that is only known when the program
# runs; numbers in tuples as type parameters.
struct Bad end
Base.show(io::IO, ::Bad) = (print(io, "half "); error("cannot show"))
try
    print("partial ", Bad())
catch e
    println("| ", e.msg)
end
try
    println("list ", [Bad()])
catch e
    println("| ", e.msg)
end
hooks = Any[x -> x, () -> 1, (x::String) -> 1]
println([applicable(h, 1) for h in hooks])
println(applicable(hooks[1], 1), applicable(hooks[2], 1))
n = 3
println(Val{(n, 2)}())
println(Val((n, :a, 'c')))
f(::Val{(3, true)}) = "three and true"
f(::Val) = "other"
println(f(Val((n, n > 2))), " ", f(Val((n, n > 5))))
