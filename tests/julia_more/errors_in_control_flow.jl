# Exceptions beside loops, returns and finally; their texts.
function a(n)
    for i in 1:n
        try
            i == 2 && continue
            i == 4 && break
            i == 3 && error("three")
            println("body $i")
        catch e
            println("caught ", e.msg)
        finally
            println("finally $i")
        end
    end
    "end"
end
println(a(6))
function b(x)
    try
        x > 0 && return "pos"
        x == 0 && throw(DomainError(x))
        return sqrt(x)
    catch e
        e isa DomainError || rethrow()
        return "domain $(e.val)"
    finally
        print("[fin $x] ")
    end
end
println(b(1), " ", b(0), " ", b(-4))
function c(k)
    try
        try
            k == 1 ? error("inner") : k == 2 ? throw(KeyError(:k)) : k
        catch e
            e isa ErrorException ? throw(ArgumentError("wrapped: " * e.msg)) : rethrow(e)
        end
    catch e
        return string(typeof(e), "/", sprint(showerror, e))
    else
        return "no error"
    end
end
println(c(1), " ", c(2), " ", c(3))
struct MyErr <: Exception
    code::Int
    msg::String
end
Base.showerror(io::IO, e::MyErr) = print(io, "MyErr[", e.code, "]: ", e.msg)
for f in (() -> throw(MyErr(7, "bad")), () -> error("x"), () -> [1][2], () -> nothing + 1, () -> "ok")
    try
        println("result: ", f())
    catch err
        if err isa MyErr
            println("my ", err.code)
        elseif err isa BoundsError
            println("bounds ", err.i, " ", err.a)
        else
            println("other ", nameof(typeof(err)))
        end
    end
end
println(MyErr(1, "q"), " ", sprint(showerror, MyErr(1, "q")), " ", repr(MyErr(2, "z")))
function retry(f, n)
    attempts = 0
    while true
        attempts += 1
        try
            return (f(attempts), attempts)
        catch e
            attempts >= n && rethrow()
        end
    end
end
println(retry(i -> i < 3 ? error("no") : i * 10, 5))
try retry(i -> error("always $i"), 2) catch e println(e.msg) end
log = String[]
function resource(f)
    push!(log, "open")
    try
        f()
    finally
        push!(log, "close")
    end
end
try
    resource() do
        push!(log, "use")
        resource(() -> error("deep"))
    end
catch e
    push!(log, e.msg)
end
println(log)
x = try
    parse(Int, "4x")
catch
    -1
end
println(x)
y = try 10 finally println("fin") end
println(y)
function order()
    out = []
    try
        push!(out, 1)
        try
            push!(out, 2)
            throw("a")
        finally
            push!(out, 3)
        end
    catch e
        push!(out, e)
        try
            throw("b")
        catch f
            push!(out, f)
        end
        push!(out, e)
    finally
        push!(out, :z)
    end
    out
end
println(order())
safe(f, default) = try f() catch; default end
println(safe(() -> 1 ÷ 0, "div"), safe(() -> [][1], "idx"), safe(() -> 3, 0))
function valid(d)
    errs = String[]
    for (k, check) in ["age" => (x -> x isa Int && x >= 0), "name" => (x -> !isempty(x)), "mail" => (x -> occursin("@", x))]
        try
            check(d[k]) || push!(errs, "invalid $k")
        catch e
            push!(errs, e isa KeyError ? "missing $(e.key)" : "error $(typeof(e))")
        end
    end
    errs
end
println(valid(Dict("age" => 3, "name" => "x", "mail" => "a@b")), valid(Dict("age" => -1, "name" => "")), valid(Dict("name" => 5, "mail" => 'c')))
function deep(n)
    n == 0 && throw(ErrorException("bottom"))
    try
        deep(n - 1)
    catch e
        throw(ErrorException(e.msg * " <- $n"))
    end
end
try deep(3) catch e println(e.msg) end
@assert 1 + 1 == 2 "math works"
try @assert isempty([1]) catch e println(e.msg, " ", e isa AssertionError) end
function ff(x)
    x isa Int || throw(ArgumentError("expected Int, got $(typeof(x))"))
    x < 0 && throw(DomainError(x, "negative"))
    x
end
for v in (1, -1, "s")
    try println(ff(v)) catch e; showerror(stdout, e); println() end
end
function gen()
    try
        return 1
    finally
        println("cleanup")
    end
end
println(gen() + 1)
e1 = ErrorException("x"); println(e1 == ErrorException("x"), e1.msg, typeof(e1), e1 isa Exception)
r = [try i == 2 ? error("!") : i catch; 0 end for i in 1:3]
println(r)
while true
    try
        break
    finally
        println("left")
    end
end
t = @elapsed nothing
println(t >= 0, " ", (try; error("v"); catch e; e; end).msg)
try
    try error("first") finally error("second") end
catch e
    println(e.msg)
end
try throw([1, 2]) catch e println(e, typeof(e)) end
try error("a", 1, :b, "c") catch e println(e.msg) end
println(try Dict(1 => 2)[3] catch e; e end, " ", try [1, 2][3] catch e; e end, " ", try sqrt(-1.0) catch e; e end, " ", try "a" + 1 catch e; typeof(e) end, " ", try Int(1.5) catch e; e end, " ", try parse(Int, "q") catch e; e end, " ", try error("z") catch e; e end, " ", try undefd catch e; e end, " ", try (1, 2)[3] catch e; e end, " ", try convert(Int8, 300) catch e; e end, " ", try 1 ÷ 0 catch e; e end, " ", try throw(MyErr(1, "m")) catch e; e end)
