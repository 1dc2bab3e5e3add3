# what elements of different types promote to: pairs, texts, ranges
println([1 => 2, 3 => 4.0]); println(["a" => 1, "b" => "x"]); println(typeof([:a => 1, "b" => 2])); println(promote_type(Pair{Int,Int}, Pair{Int,Float64})); println([1 => nothing, 2 => 3])
println(typeof(collect(pairs((a=1,b="x"))))); println([:a => +, :b => sin])
println(collect("a" => 1), " ", collect(1 => 2.0), " ", eltype(1 => "a"), " ", vcat([1=>2], [3=>4.0]), " ", ["x" => 1, "y" => nothing, "z" => "s"])
p = [:a => 1, :b => "x"]; push!(p, :c => nothing); println(p); d = Dict("a" => 1, "b" => 2.0); println(typeof(d)); println(typeof(Dict(:a => 1, :b => "x")), " ", typeof(Dict([:a => 1, :b => "x"])), " ", typeof(Dict(k => v for (k, v) in [(1, 2), (2, 3.0)])), " ", typeof(Dict([(1, 2), (2, 3.5)])))
for (k, v) in ["one" => 1, "two" => 2.0, "three" => [3]]; println(k, ": ", v, " ", typeof(v)); end
v = SubString{String}[]; push!(v, "abc"); println(v, typeof(v))
d = Dict{SubString{String},Int}(); d["k"] = 1; println(d)
for r in [1:3, 1:2:7, 5:-1:1]; println(r); end
println([1:2, Base.OneTo(3)], " ", [1:2, 0x1:0x2], " ", [1:2, big(1):big(3)] |> typeof, " ", typeof([1:2, [1]]), " ", promote_type(StepRange{Int,Int}, UnitRange{Int}), " ", vcat(1:2, 5:-1:4), " ", typeof([1:1, 2:3]), " ", [Base.OneTo(1), Base.OneTo(2)], " ", typeof([1:2 => "a", 1:2:3 => "b"]))
# what is no Bool is no condition of ifelse either; fields of named tuples do not change
println(try ifelse(1, 2, 3) catch e; sprint(showerror, e) end)
println(try ifelse(missing, 2, 3) catch e; sprint(showerror, e) end)
nt = (a = 1,)
println(try nt.a = 2 catch e; sprint(showerror, e) end)
