# Top-level code that gives its globals values of many types.
config = nothing
config = Dict("a" => 1)
config["b"] = 2
config = merge(config, Dict("c" => "x"))
println(sort(collect(config), by = first), typeof(config))
value = 3
function setvalue(x)
    global value
    old = value
    value = x
    old
end
println(setvalue("str"), setvalue([1]), value)
readvalue() = value
println(readvalue(), typeof(readvalue()))
value = 2.5
println(readvalue() + 1)
callbacks = []
for name in ("x", "y")
    push!(callbacks, () -> "$name:$value")
end
println([c() for c in callbacks])
value = :changed
println([c() for c in callbacks])
counter = 0
inc() = (global counter += 1)
for _ in 1:5; inc(); end
println(counter)
mode = :a
trace = String[]
for step in 1:6
    global mode
    if mode === :a
        mode = step > 2 ? "text" : :a
    elseif mode isa String
        mode = length(mode)
    else
        mode = mode + 0.5
    end
    push!(trace, string(mode))
end
println(trace)
x = 10
f() = x
println(f())
x = "ten"
println(f())
x = nothing
println(f() === nothing)
g(y) = y === nothing ? "none" : "some $y"
println(g(x))
results = Dict()
for (name, fn) in [("sum", sum), ("max", maximum), ("len", length), ("str", v -> join(v, "-"))]
    results[name] = fn([3, 1, 2])
end
for k in sort(collect(keys(results)))
    println(k, " => ", results[k], " ", typeof(results[k]))
end
stack = Any[]
push!(stack, 1); push!(stack, "two"); push!(stack, [3])
while !isempty(stack)
    global top = pop!(stack)
    print(top, " ")
end
println(top)
a, b = 1, 2
while b < 50
    global a, b = b, a + b
end
println((a, b))
memo = Dict{Int,BigInt}()
fibm(n) = n < 2 ? big(n) : get!(() -> fibm(n - 1) + fibm(n - 2), memo, n)
println(fibm(90), " ", length(memo))
last_err = nothing
for s in ["1", "x", "3"]
    try
        global acc2 = @isdefined(acc2) ? acc2 + parse(Int, s) : parse(Int, s)
    catch err
        global last_err = err
    end
end
println(acc2, " ", last_err isa ArgumentError)
matrix = [0 0; 0 0]
for i in 1:2, j in 1:2
    matrix[i, j] = i * 10 + j
end
matrix = matrix .* 2
matrix = string.(matrix)
println(matrix)
struct Pt; x; y; end
p = Pt(1, 2)
p = Pt(p, p)
println(p, " ", p.x.y)
n = 0
n += 1; n = n / 2; n = string(n); n = n * "!"; n = Symbol(n)
println(repr(n))
it = (i^2 for i in 1:3)
it = collect(it)
it = Tuple(it)
it = Dict(zip(it, "abc"))
println(sort(collect(it)))
t = 0.0
for i = 1:10
    global t
    t += 1 / i
    i == 5 && (t = round(t, digits = 2))
end
println(t)
let n = 5
    global fact5 = 1
    for i in 1:n
        global fact5 *= i
    end
end
println(fact5)
y = [1, 2, 3]
y2 = y
push!(y2, 4)
y = copy(y)
push!(y, 5)
println(y, y2)
maybe = rand(1:1) == 1 ? "yes" : 5
println(maybe * "!")
w = if true; 1 else "a" end
println(w)
z = try; error("q"); catch e; e.msg; end
println(z)
const LIM = 3
k = 0
while true
    global k += 1
    k > LIM && break
end
println(k)
arr = Array{Any}(undef, 2); arr[1] = 1; arr[2] = "b"; println(arr)
d = Dict{Any,Any}(); d[1] = "a"; d["b"] = :c; d[(1, 2)] = [1]; println(length(d), d[(1, 2)], d["b"])
s = Set(); push!(s, 1, "a", 1.0); println(length(s))
q = Pair{Symbol,Any}[]; push!(q, :a => 1, :b => "x"); println(q, " ", Dict(q)[:b])
h = Vector{Function}(undef, 0); push!(h, sin, x -> x + 1); println(h[2](1))
r = 1:5; r = r[2:4]; r = collect(r); r = r'; println(r, size(r))
