# A pair whose sides do not tell its type is written with it; operators beside arrows.
p = Pair{Symbol,Any}(:a, 1)
println(typeof(p), " ", p, " ", repr(p), " ", (p, 1), " ", [p], " ", Any[p], " ", Dict(p), " ", Pair{Any,Any}(1, 2) => 3)
x = Pair{Integer,Integer}(1, 2)
println(x)
println([:a => +, :b => sin], " ", "x" => (-), " ", first(Dict{String,Any}("a" => 1)), " ", Dict{String,Any}("a" => 1))
for p in Dict{String,Any}("k" => [1]); println(p); end
println(Dict(:a => Pair{Any,Any}(1, 2)), " ", [Pair{Any,Any}(1, 2)], " ", Pair{Any,Int}[1 => 2, "a" => 3], " ", [1 => nothing, 2 => 3], " ", [1 => nothing, 2 => 3][1])
show(stdout, MIME("text/plain"), Pair{Symbol,Any}[:a => 1, :bcd => "x"]); println()
println((a = Pair{Symbol,Any}(:a, 1), b = 1 => 2))
abstract type Q end
try Q(1) catch e println(sprint(showerror, e)) end
