# A script whose variables change their types in loops.
x = 1
x = "one"
x = [x, 2]
println(x)
total = 0
for v in (1, 2.5, 3//2)
    global total += v
    println(total, " ", typeof(total))
end
state = nothing
for ev in ["start", "data 5", "data x", "stop", "data 1"]
    global state
    parts = split(ev)
    cmd = parts[1]
    if cmd == "start"
        state = Dict{String,Any}("n" => 0, "errs" => String[])
    elseif cmd == "stop"
        println(sort(collect(state), by = first))
        state = nothing
    elseif state === nothing
        println("ignored $ev")
    else
        n = tryparse(Int, parts[2])
        if n === nothing
            push!(state["errs"], parts[2])
        else
            state["n"] += n
        end
    end
end
best = nothing
for w in split("a quick brown fox jumped")
    if best === nothing || length(w) > length(best)
        global best = w
    end
end
println(best)
result = if total > 3
    "big"
else
    0
end
println(result)
y = missing
y = coalesce(y, 10) + 1
println(y)
hist = Dict()
for c in "mississippi"
    hist[c] = get(hist, c, 0) + 1
end
for k in sort(collect(keys(hist)))
    print(k, hist[k], " ")
end
println(typeof(hist))
queue = [(0, "root")]
seen = Set{String}()
graph = Dict("root" => ["a", "b"], "a" => ["c"], "b" => ["c", "d"], "c" => [], "d" => ["root"])
while !isempty(queue)
    depth, node = popfirst!(queue)
    node in seen && continue
    push!(seen, node)
    println("  "^depth, node)
    for n in graph[node]
        push!(queue, (depth + 1, n))
    end
end
cur = 1
cur2 = cur
while cur < 100
    global cur, cur2 = cur + cur2, cur
end
println(cur, " ", cur2)
f = x -> x + 1
f = f ∘ f
println(f(1))
acc = []
for i in 1:3
    push!(acc, i => (j -> i * j))
end
println([p.first => p.second(10) for p in acc])
val = 10
val = val > 5 ? "gt" : :le
val = val isa String ? uppercase(val) : val
println(val)
m = zeros(Int, 2, 2)
m[1, :] .= 5
m .+= [1, 2]
m = m'
println(m, typeof(m))
m = m * m
println(m)
a = b = c = 0
a += 1
println(a, b, c)
a, b = b, a
println(a, b)
(a, b), c = (3, 4), [5]
println(a, b, c)
c[1], a = a, c[1]
println(a, c)
s = ""
for i in 1:3
    global s *= string(i)
    s = s * ","
end
println(s)
t = ()
for i in 1:3
    global t = (t..., i)
end
println(t, typeof(t))
nt = (;)
for (k, v) in zip([:a, :b], [1, "x"])
    global nt = merge(nt, NamedTuple{(k,)}((v,)))
end
println(nt)
lst = nothing
for i in 1:3
    global lst = (i, lst)
end
println(lst)
function walk(l)
    out = Int[]
    while l !== nothing
        h, l = l
        push!(out, h)
    end
    out
end
println(walk(lst))
num = 27
steps = 0
while num != 1
    global num = num % 2 == 0 ? num ÷ 2 : 3num + 1
    global steps += 1
end
println(steps)
flag = false
flag |= true
flag &= 3 > 2
println(flag)
arr = [5, 3, 8]
for i in eachindex(arr), j in i+1:lastindex(arr)
    if arr[j] < arr[i]
        arr[i], arr[j] = arr[j], arr[i]
    end
end
println(arr)
err = try
    sqrt(-1)
catch e
    e
end
println(typeof(err), " ", err.val)
val2 = try parse(Int, "12") catch; -1 end
val3 = try parse(Int, "zz") catch; -1 end
println(val2, val3)
obj = nothing
mutable struct Node2; v; next; end
for i in 1:3
    global obj = Node2(i, obj)
end
while obj !== nothing
    print(obj.v, " ")
    global obj = obj.next
end
println()
