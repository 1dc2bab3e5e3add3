# exceptions that were being handled when another was thrown, rethrow with another exception, finally on all ways out

function outer(n)
    try
        return inner(n)
    catch err
        println("caught: ", err)
        throw(ErrorException("wrapped: " * sprint(showerror, err)))
    end
end
inner(n) = n > 2 ? error("too big: $n") : n
println(outer(1))
try
    outer(3)
catch
    for (exc, bt) in current_exceptions()
        println("stack: ", sprint(showerror, exc))
    end
end
try
    try
        error("a")
    catch
        error("b")
    finally
        println("first finally")
    end
catch
    st = current_exceptions()
    println(length(st), " ", [x.exception.msg for x in st], " ", first(st).exception, " ", last(st).exception.msg)
end
function depth(n)
    n == 0 && return length(current_exceptions())
    try
        error("level $n")
    catch
        return depth(n - 1)
    end
end
println([depth(i) for i in 0:3], " ", length(current_exceptions()))

# rethrow keeps one exception, rethrow(e) takes its place, throw adds another
function again(how)
    try
        try
            error("original")
        catch e
            how === :rethrow && rethrow()
            how === :other && rethrow(ArgumentError("other"))
            how === :throw && throw(ArgumentError("thrown"))
            how === :same && throw(e)
        end
    catch e
        return (e, length(current_exceptions()))
    end
    return :through
end
for how in (:rethrow, :other, :throw, :same, :none)
    println(how, " ", again(how))
end
function swallowed()
    try
        error("x")
    catch
        try
            rethrow()
        catch e
            println("inner ", e.msg, " ", length(current_exceptions()))
        end
        println("still handling ", length(current_exceptions()))
    end
    return length(current_exceptions())
end
println(swallowed())
for i in 1:3
    try
        try
            error("in $i")
        finally
            i == 2 && continue
        end
    catch e
        println(e.msg, " ", length(current_exceptions()))
    end
end
println(length(current_exceptions()))
