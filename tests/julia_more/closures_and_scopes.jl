# Closures that share variables, keywords, optional arguments, scopes, do blocks.
counter() = (n = 0; () -> (n += 1))
c1, c2 = counter(), counter()
c1(); c1()
println(c1(), c2())
function bank(balance = 0)
    deposit!(x) = (balance += x; balance)
    withdraw!(x) = x > balance ? error("insufficient funds: $balance < $x") : (balance -= x)
    peek() = balance
    (; deposit!, withdraw!, peek)
end
b = bank(10)
b.deposit!(5)
println(b.withdraw!(3), " ", b.peek())
try b.withdraw!(100) catch e println(e.msg) end
fs = [() -> i^2 for i in 1:3]
println([f() for f in fs])
gs = Function[]
for i in 1:3
    push!(gs, x -> x + i)
end
println(map(g -> g(10), gs))
let x = 1, y = x + 1
    global z = x + y
    x = 5
end
println(z)
x = 100
f() = (x = 1; g() = (x += 1; x); g(); g(); x)
println(f(), " ", x)
function kw(a, b = a + 1, args...; scale = 2, name = "n$(a)", opts...)
    string((a, b, args, scale, name, (; opts...)))
end
println(kw(1)); println(kw(1, 5, 6, 7; scale = 3, extra = true, z = "q")); println(kw(1; name = "x", (:k => 2,)...))
opts = (scale = 9, name = "o")
println(kw(0; opts...), " ", kw(0; opts..., scale = 1))
d = Dict(:scale => 7)
println(kw(0; d...))
compose(fs...) = x -> foldl((acc, f) -> f(acc), fs; init = x)
println(compose(x -> x + 1, x -> 2x, string)(3), " ", ((x, y) -> x * y)(3, 4), " ", (() -> 7)(), " ", (x -> (y -> x + y))(1)(2), " ", map((x, y) -> x - y, [5, 6], [1, 2]), " ", (function (x) x^2 end)(3))
fact(n) = n <= 1 ? 1 : n * fact(n - 1)
ack(m, n) = m == 0 ? n + 1 : n == 0 ? ack(m - 1, 1) : ack(m - 1, ack(m, n - 1))
hanoi(n, a = "A", b = "B", c = "C") = n == 0 ? String[] : [hanoi(n - 1, a, c, b); "$a$c"; hanoi(n - 1, b, a, c)]
println(fact(20), " ", fact(big(25)), " ", ack(2, 3), " ", join(hanoi(3), " "))
iseven_(n) = n == 0 ? true : isodd_(n - 1)
isodd_(n) = n == 0 ? false : iseven_(n - 1)
println(iseven_(10), isodd_(7))
function memo(f)
    cache = Dict()
    function inner(args...)
        get!(cache, args) do
            f(args...)
        end
    end
end
slow(n) = (print("!"); n^2)
fast = memo(slow)
println(fast(3), fast(3), fast(4))
function withlog(f, name)
    println("enter $name")
    r = try
        f()
    finally
        println("leave $name")
    end
    r
end
println(withlog("job") do
    sum(1:10)
end)
try
    withlog("bad") do
        error("oops")
    end
catch e
    println("caught ", e.msg)
end
r = map([1, 2, 3]) do x
    x == 2 && return -1
    x * 10
end
println(r, " ", filter([1, 2, 3, 4]) do x; iseven(x) end, " ", sort([3, -1, 2]; by = x -> -x))
(a, b2), c... = (1, 2), 3, 4
println(a, b2, c)
a, b2 = b2, a
println(a, b2)
t = (x = 1, y = (z = 2, w = [3, 4]))
(; x, y) = t
println(x, y, " ", t.y.w[end])
swap((a, b)) = (b, a)
println((((a, (b, c)),) -> a + b + c)((1, (2, 3))))
function g(n)
    n > 2 || return "small"
    for i in 1:n
        i * i > n && return i
    end
end
println(g(1), g(10), g(3))
v = [1, 2, 3]
mut!(v) = (v[1] = 99; v = [0]; v)
println(mut!(v), v)
println(begin 1; 2; 3 end, " ", (1; 2), " ", let a = 5; a^2 end, " ", if false; 1 end, " ", (for i in 1:2 end), " ", (while false end))
s = 0
for i in 1:10
    i == 3 && continue
    i == 7 && break
    global s += i
end
println(s)
for (i, x) in enumerate("ab"), j in 1:2
    print(i, x, j, " ")
end
println()
i = 10
for i in 1:3 end
println(i)
outer() = (for i in 1:5; i == 3 && return i; end; nothing)
println(outer())
function collatz(n; trace = Int[])
    push!(trace, n)
    n == 1 ? trace : collatz(iseven(n) ? n ÷ 2 : 3n + 1; trace)
end
println(collatz(6))
println(1 < 2 < 3, 1 < 3 < 2, 1 == 1.0 == 1//1, !(true && false) || false, 5 |> x -> x + 1 |> sqrt, true ? "y" : "n")
h(x::Int)::Float64 = x
println(h(3), " ", typeof(h(3)))
function nested()
    function inner1(k)
        inner2() = k * 2
        inner2() + 1
    end
    inner1.(1:3)
end
println(nested())
q = 5
q += 2; q *= 3; q -= 1; q ÷= 2; q ^= 2; q %= 7; q <<= 3; q |= 1; q &= 0xf; q ⊻= 2
println(q, " ", typeof(q))
println([x + y for x in 1:2 for y in 1:2], [x for x in 1:10 if x % 3 == 0], Dict(k => v for (k, v) in zip("ab", 1:2)) == Dict('a' => 1, 'b' => 2), Set(x % 3 for x in 1:10) == Set(0:2), sum(x^2 for x in 1:3; init = 100), [(x, y) for x in 1:2, y in 'a':'b'][2, 1])
@show q t.x
println(@isdefined(q), @isdefined(nope), " ", @something(nothing, 3), " ", @coalesce(missing, 4))
