result = nothing
set() = (global result = 5)
run_all(cbs) = (for cb in cbs; cb(); end; println(result))
run_all(Any[set])
y = 1
fs = Any[v -> (global y = v)]
for v in Any[1, 2.5, "s"]
    fs[1](v)
    println(y)
end
a = 1
b = c = d = nothing
x = nothing
function m()
    global x, a, b, c, d
    x = d; d = c; c = b; b = a; a = "str"
end
for g in Any[m, m, m, m, m]
    g()
end
println(x)
state = nothing
for ev in [1, 2]
    if ev == 1
        global state = Dict("n" => 0)
    else
        println(length(state))
    end
end
acc = nothing
function g(x)
    if acc === nothing
        global acc = x
    else
        global acc = 7
    end
end
g(Any["a"][1])
g(Any["a"][1])
println(acc)
acc2 = nothing
for x in Any[1, 2]
    global acc2 = acc2 === nothing ? x : 7
end
println(acc2)
acc3 = nothing
for x in Real[1, 2]
    global acc3 = acc3 === nothing ? x : acc3 + x
end
println(acc3)
t = ()
for i in 1:6
    global t = (t..., i)
end
println(t)
