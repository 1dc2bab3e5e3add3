# The iteration protocol for types of a program, and lazy iterators.
struct Fib
    n::Int
end
Base.iterate(f::Fib, (a, b, k) = (0, 1, 0)) = k >= f.n ? nothing : (a, (b, a + b, k + 1))
Base.length(f::Fib) = f.n
Base.eltype(::Type{Fib}) = Int
println(collect(Fib(10)), " ", sum(Fib(10)), " ", maximum(Fib(5)), " ", [x for x in Fib(6)], " ", 5 in Fib(10), " ", collect(zip(Fib(3), "abc")), " ", Iterators.take(Fib(10), 3) |> collect, " ", map(x -> x^2, Fib(5)), " ", filter(iseven, collect(Fib(10))), " ", reduce(+, Fib(4)), " ", first(Fib(3)), " ", Tuple(Fib(4)), " ", Set(Fib(3)) == Set([0, 1]), " ", join(Fib(5), "-"), " ", extrema(Fib(8)), " ", count(isodd, Fib(9)), " ", enumerate(Fib(2)) |> collect, " ", vcat(Fib(3)...), " ", any(>(20), Fib(9)))
struct Countdown end
Base.iterate(::Countdown, s = 3) = s < 0 ? nothing : (s, s - 1)
Base.IteratorSize(::Type{Countdown}) = Base.SizeUnknown()
println(collect(Countdown()), " ", typeof(collect(Countdown())))
a, b, rest... = Countdown()
println(a, b, rest)
(x, y), z = (1, 2), 3
println(x, y, z)
first_, _, third = [10, 20, 30]
println(first_ + third)
h, t... = "hello"
println(h, " ", t, " ", typeof(t))
struct Grid
    w::Int
    h::Int
end
Base.iterate(g::Grid, s = 1) = s > g.w * g.h ? nothing : (((s - 1) % g.w + 1, (s - 1) ÷ g.w + 1), s + 1)
Base.length(g::Grid) = g.w * g.h
Base.eltype(::Type{Grid}) = Tuple{Int,Int}
println(collect(Grid(2, 2)), " ", [x * y for (x, y) in Grid(3, 2)])
primes = Iterators.filter(n -> all(d -> n % d != 0, 2:isqrt(n)), Iterators.countfrom(2))
println(collect(Iterators.take(primes, 10)), " ", first(Iterators.dropwhile(<(100), primes)), " ", sum(Iterators.takewhile(<(30), primes)))
sq = (x^2 for x in 1:10 if isodd(x))
println(collect(sq), " ", sum(sq), " ", typeof(sq) <: Base.Generator, " ", Base.IteratorSize(sq), " ", Base.IteratorSize(1:3), " ", Base.IteratorSize("abc"), " ", Base.IteratorEltype(sq), " ", Base.IteratorSize(Iterators.countfrom(1)))
nested = ((i, j) for i in 1:3 for j in 1:i)
println(collect(nested))
mat = ((i, j) for i in 1:2, j in 1:3)
println(size(collect(mat)), " ", length(mat), " ", size(mat), " ", axes(mat))
it = Iterators.Stateful(1:10)
println(popfirst!(it), " ", collect(Iterators.take(it, 3)), " ", peek(it), " ", isempty(it), " ", length(collect(it)), " ", isempty(it))
for (i, chunk) in enumerate(Iterators.partition('a':'g', 3))
    print(i, ":", join(chunk), " ")
end
println()
println([join(p) for p in Iterators.product("ab", "xy")], " ", vec(collect(Iterators.product(1:2, 3:4))), " ", length(Iterators.product(1:2, 1:3, 1:4)), " ", size(Iterators.product(1:2, 1:3)))
println(collect(Iterators.flatten((1:2, [5.0], (7,)))), " ", collect(Iterators.flatten(["ab", "c"])), " ", collect(Iterators.accumulate(max, [1, 3, 2])), " ", collect(Iterators.accumulate(+, 1:4; init = 100)))
println(collect(Iterators.reverse(zip(1:2, 3:4)) |> x -> x), " ", collect(Iterators.reverse("abc")))
zipped = zip([1, 2, 3], ["a", "b", "c"], (:x, :y, :z))
println(collect(zipped), " ", length(zipped), " ", eltype(zipped), " ", last(collect(zipped)))
us, vs = zip((1, 'a'), (2, 'b')) |> collect |> p -> (first.(p), last.(p))
println(us, vs)
println(Iterators.map(+, 1:3, 4:6) |> collect, " ", Iterators.map(uppercase, "abc") |> join)
for (k, v) in pairs((a = 1, b = 2)); print(k, "=", v, ";"); end; println()
for (i, c) in pairs("añb"); print(i, "=", c, ";"); end; println()
for i in eachindex("añb"); print(i, " "); end; println()
for x in (1, "two", :three, 4.0); print(typeof(x), " "); end; println()
for i in 3:-1:1, j in i:3; i == j && continue; print((i, j)); end; println()
for x = 0.1:0.1:0.5; print(x, " "); end; println()
for c in 'a':2:'i'; print(c); end; println()
i = 0
while true
    global i += 1
    i % 2 == 0 && continue
    i > 7 && break
    print(i, " ")
end
println()
println(iterate([1, 2]), iterate([]), iterate(1:3, 3), iterate("é"), iterate((1,)), iterate(Dict(:a => 1)) |> first, iterate(5), iterate(5, nothing))
foreach((a, b) -> print(a + b, " "), [1, 2], [3, 4]); println()
println(mapfoldl(x -> x^2, +, 1:4), " ", mapfoldr(string, *, 1:4), " ", mapreduce(*, +, [1, 2], [3, 4]), " ", accumulate((a, x) -> 2a + x, [1, 0, 1, 1]), " ", foldl(=>, 1:3), " ", foldr(=>, 1:3), " ", reduce((a, b) -> a * 10 + b, [1, 2, 3]), " ", cumsum([1.5, 2.5]), " ", cumprod([1, 2, 3]))
println(zip(1:3, Iterators.repeated('x')) |> collect)
