# exercises: what macros throw, while code is evaluated, expanded and run; texts of code with regular expressions and arrays of more dimensions
# expect-exit: 1
macro small(n)
    n isa Int || throw(ArgumentError("@small needs a number, got $n"))
    n < 10 || error("$n is too large")
    n
end
println(@small(3))
function caught(f)
    try
        string("gave ", f())
    catch e
        e isa LoadError ? string("LoadError of ", typeof(e.error), ": ", sprint(showerror, e.error)) : string(typeof(e), ": ", sprint(showerror, e))
    end
end
println(caught(() -> eval(:(@small 4))))
println(caught(() -> eval(:(@small 40))))
println(caught(() -> @eval @small x))
println(caught(() -> macroexpand(Main, :(@small 50))))
println(caught(() -> macroexpand(Main, :(@small "s"))))
println(caught(() -> include_string(Main, "1 + @small 60")))
println(@small(5))
try
    @assert occursin(r"a+\d\"?"i, "b") && !isempty(raw"x\y")
catch e
    println(e.msg)
end
println(:([1 2;;; 3 4]), " ", :(Int[1;; 2]), " ", :([a; b;; c; d]), " ", :(.!x .& .-y), " ", Meta.parse("import A.B: c as d, e"))
println("before")
@small 99
println("never")
