# exercises: modules that only run time knows, and globals that a running function makes
module A
x = 1
export f
f() = "A.f"
module Inner end
end
module B
x = 2
f() = "B.f"
end
for m in (A, B)
    println(m.x, " ", m.f(), " ", names(m), " ", fullname(m))
end
for m in [A, B]
    println(m, " ", m.x)
    m.x = 10 * m.x
    println(m.x, " ", hash(m) == hash(m))
end
value(m::Module, s::Symbol) = getproperty(m, s)
println(value(A, :x), " ", value(B, :f)(), " ", fullname(value(A, :Inner)))
plugins = Dict("a" => A, "b" => B)
println([plugins[k].x for k in ("a", "b")], " ", plugins["b"].f(), " ", Dict(A => 1)[A], " ", length(Set([A, B, A])))
for s in (:x, :nope)
    println(try
        getproperty(A, s)
    catch e
        sprint(showerror, e)
    end)
end
made() = (eval(:(const LATE = 5)); Main.LATE)
made_module() = (eval(:(module Late; x = 3; f() = x + 1; end)); (Main.Late.x, Late.x, Base.invokelatest(Late.f)))
println(made(), " ", made_module())
println(try
    Main.never
catch e
    sprint(showerror, e)
end)
