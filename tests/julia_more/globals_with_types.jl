x::Int = 5
f() = (global x = 7.0; x)
println(f(), typeof(x))
try
    global x = 2.5
catch e
    println(typeof(e))
end
println(x)
global total::Float64 = 0
for i in 1:3
    global total += i
end
println(total)
h() = (global total = 1; total)
println(h())
