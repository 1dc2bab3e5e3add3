# Names that are bound while the statement that mentions them runs.
function define_new(name, body)
    f = @eval function $name(x)
        $body
    end
    Base.invokelatest(f, 10)
end
println(define_new(:triple, :(3x)), " ", triple(2), " ", define_new(:decr, :(x -= 1; x)), " ", nameof(triple))
try
    println(never_defined)
catch e
    println(e)
end
for i in 1:2
    try
        println("late ", late)
    catch e
        println(e isa UndefVarError ? e.var : e)
    end
    @eval late = 10
end
use() = some_global + 1
try
    use()
catch e
    println(e.var)
end
some_global = 4
println(use())
