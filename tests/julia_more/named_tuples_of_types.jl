# Types as values of keywords and of named tuples
typed(x; T::Type = Float64) = convert(T, x)
println(typed(1))
println(typed(1; T = Int8))
println(typed(2; T = Rational{Int}))
k2(x; T = Float64) = T
println(k2(1; T = Int))
println((T = Int,))
println(typeof((T = Int,)))
nt = (a = Int, b = 1)
println(nt.a, nt)
k3(x; kw...) = (kw[:T], collect(keys(kw)))
println(k3(1; T = Int, z = String))
k4(x; T::Type{S} = Float64) where {S} = S
println(k4(1), k4(1; T = Int))
t = (Int, "a", Vector)
println(t, " ", typeof(t))
f6(; kw...) = k2(1; kw...)
println(f6(T = Int), f6())
