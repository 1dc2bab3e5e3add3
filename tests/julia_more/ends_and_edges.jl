f(n) = try
    f(n + 1) + 1
catch e
    e isa StackOverflowError ? 0 : -1
end
println(f(1) > 100)
println(2.0^-24, " ", 2.0^-24 == parse(Float64, string(2.0^-24)))
println(Float32(2.0)^-24, " ", 9.5367431640625e-7, " ", 5.0e-324, " ", 2.0^-1074 * 3)
f(x) = x > 0 ? 1 : "a"
const c = f(parse(Int, "5"))
const d = f(parse(Int, "-5"))
println(c, d)
const t = (f(3), 2.5)
println(t)
println(eval(:(())), " ", eval(:([])), " ", eval(Expr(:block)))
for x in Any[1, "a"]
    println(x)
end
g(n) = n == 0 ? 0 : g(n - 1) + 1
println(Any[g][1](3))
