# Scopes of loops, let, try and local functions; what closures share; goto and finally.
x = 10
function shadow(x)
    x += 1
    let x = x * 2
        x += 1
        return x, (() -> x)()
    end
end
println(shadow(1), " ", x)
function outer()
    a = 1
    function inner()
        a += 1
        b = a
        b * 10
    end
    r = (inner(), inner())
    return r, a
end
println(outer())
function even_odd(n)
    iseven_(k) = k == 0 ? true : isodd_(k - 1)
    isodd_(k) = k == 0 ? false : iseven_(k - 1)
    iseven_(n), isodd_(n)
end
println(even_odd(10), even_odd(7))
function counter_pair()
    n = 0
    inc = () -> (n += 1)
    reset = () -> (n = 0)
    peek() = n
    inc, reset, peek
end
inc, reset, peek_ = counter_pair()
inc(); inc()
print(peek_(), " "); reset(); println(peek_())
fs = Function[]
for i in 1:3
    push!(fs, () -> (i += 10; i))
end
println([f() for f in fs], [f() for f in fs])
gs = []
i = 0
while i < 3
    global i += 1
    let j = i
        push!(gs, () -> j)
    end
end
println([g() for g in gs], " ", i)
hs = [() -> k^2 for k in 1:3]
println(map(h -> h(), hs))
function loop_scopes()
    out = []
    for k in 1:2
        t = k * 10
        for k in 5:6
            push!(out, (k, t))
        end
        push!(out, k)
    end
    v = 0
    for outer_ in 1:3
        v = outer_
    end
    local z
    for q in 1:2
        z = q
    end
    k = 100
    for outer k in 1:4
        k == 3 && break
    end
    return out, v, z, k
end
println(loop_scopes())
y = try
    parse(Int, "12x")
catch e
    e isa ArgumentError ? -1 : rethrow()
finally
    print("cleanup ")
end
println(y)
function multi()
    log = String[]
    try
        try
            error("inner")
        catch e
            push!(log, "caught " * e.msg)
            throw(DomainError(3))
        finally
            push!(log, "fin1")
        end
    catch e
        push!(log, string(typeof(e)))
    else
        push!(log, "else")
    finally
        push!(log, "fin2")
    end
    r = try
        42
    catch
        0
    else
        43
    finally
        push!(log, "fin3")
    end
    push!(log, string(r))
    for i in 1:3
        try
            i == 2 && continue
            i == 3 && break
            push!(log, "body$i")
        finally
            push!(log, "f$i")
        end
    end
    log
end
println(multi())
ret_in_finally() = try
    return "try"
finally
    print("[fin] ")
end
println(ret_in_finally())
function gotos(n)
    k = 0
    @label top
    k += 1
    if k < n
        @goto top
    end
    for i in 1:5, j in 1:5
        i * j == 12 && @goto found
    end
    return k, nothing
    @label found
    return k, :found
end
println(gotos(4))
apply2(f, g, x) = g(f(x))
println(apply2(x -> x + 1, x -> x * 2, 3))
total = 0
foreach([1, 2], [3, 4]) do a, b
    global total += a * b
end
println(total)
r = map(enumerate("ab")) do (i, c)
    string(c)^i
end
println(r, " ", mapreduce(+, 1:3, 4:6) do a, b
    a * b
end)
open_like(f, name) = (print("<", name, ">"); try f(uppercase(name)) finally print("</", name, "> ") end)
println(open_like("doc") do s
    length(s)
end)
function kwclosure(; scale = 2, offset = scale + 1)
    f(x; scale = scale, k...) = x * scale + offset + sum(values(k); init = 0)
    f(1), f(1; scale = 10), f(1; a = 5, b = 6)
end
println(kwclosure(), kwclosure(offset = 0))
fact = n -> n <= 1 ? 1 : n * fact(n - 1)
println(fact(10))
Y(f) = (g -> g(g))(g -> f((args...) -> g(g)(args...)))
println(Y(self -> n -> n < 2 ? n : self(n - 1) + self(n - 2))(15))
curry(f, n = 2) = n == 1 ? f : x -> curry((ys...) -> f(x, ys...), n - 1)
println(curry(+, 3)(1)(2)(3), " ", map(curry(*)(3), 1:3))
memo = let cache = Dict{Int,BigInt}()
    function fib(n)
        haskey(cache, n) && return cache[n]
        cache[n] = n < 2 ? big(n) : fib(n - 1) + fib(n - 2)
    end
end
println(memo(100))
begin
    local hidden = 5
    global shown = hidden + 1
end
println(shown, " ", @isdefined(hidden), " ", @isdefined(shown))
if true
    in_if = "visible"
end
println(in_if)
for _ in 1:1
    loop_local = 1
end
println(@isdefined(loop_local))
const C = [1]
push!(C, 2)
println(C)
let
    a, b = 1, 2
    f() = (a, b)
    a = 100
    println(f())
end
f_default(a, b = a + 1, c = a * b) = (a, b, c)
println(f_default(1), f_default(1, 5), f_default(1, 5, 0))
vararg(f, xs...; kw...) = f(xs...; kw...)
println(vararg(string, 1, "a"), vararg(sort, [3, 1, 2]; rev = true), vararg(round, 3.14159; digits = 2))
z = 5
addz = x -> x + z
z = 7
println(addz(1))
function nested_capture()
    acc = Int[]
    level1 = function (n)
        level2 = m -> begin
            push!(acc, m)
            m > 0 && level2(m - 1)
            nothing
        end
        level2(n)
    end
    level1(3)
    acc
end
println(nested_capture())
