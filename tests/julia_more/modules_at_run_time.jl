# Modules that only run time knows, and fields whose names only run time knows.
module A; module B; x = 1; end; y = 2; f() = "A.f"; end
module C; y = 3; f() = "C.f"; end
for m in [A, A.B, Main]
    println(m, " ", nameof(m), " ", parentmodule(m), " ", isdefined(m, :x), " ", isdefined(m, :sin))
end
for m in (A, C)
    println(m.y, " ", m.f(), " ", getfield(m, :y), " ", nameof(m))
end
lookup(m::Module, s::Symbol) = getfield(m, s)
println(lookup(A, :y), " ", lookup(C, :f)())
named = Dict("a" => A, "c" => C)
println(named["c"].y, " ", sort([getproperty(m, :y) for m in values(named)]))
for m in (A,)
    setglobal!(m, :y, 5)
end
println(A.y, " ", getglobal([A.B][1], :x))
for s in (:y, :nope)
    println(try getproperty(A, s) catch e; sprint(showerror, e) end)
end
println(try getfield([A][1], :zz) catch e; sprint(showerror, e) end)
println([x isa Module for x in Any[A, 1, "x"]])
println([parentmodule(g) for g in Any[lookup, A.f]])
mutable struct P; a::Int; b::String; P(a) = new(a); end
for s in (:a, :b, :c)
    print(isdefined(P(1), s), " ")
end
for i in 0:3
    print(isdefined(P(1), i), isdefined((1, "x"), i), " ")
end
println()
println([isdefined(P(1), s) for s in Any[:a, :zz]])
