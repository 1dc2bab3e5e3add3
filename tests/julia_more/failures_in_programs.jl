# recursion, retries, results, cleanup, and the fields of exceptions
function fact(n)
    n < 0 && throw(DomainError(n, "factorial needs n >= 0"))
    n == 0 ? 1 : n * fact(n - 1)
end
for n in (5, 0, -1)
    try
        println(n, "! = ", fact(n))
    catch e
        println(n, "! -> ", sprint(showerror, e))
        println("   val=", e.val, " msg=", e.msg)
    end
end
infinite(x) = 1 + infinite(x + 1)
r = try infinite(0) catch e; e isa StackOverflowError ? "overflowed" : rethrow() end
println(r)
mutual_a(n) = mutual_b(n) + 1; mutual_b(n) = mutual_a(n) - 1
println(try mutual_a(1) catch e; typeof(e) end)
# retry
attempts = Ref(0)
flaky() = (attempts[] += 1; attempts[] < 3 ? error("fail $(attempts[])") : "ok after $(attempts[])")
println(retry(flaky, delays=[0.0, 0.0, 0.0])())
attempts[] = -10
println(try retry(flaky, delays=zeros(2))() catch e; e.msg end, " ", attempts[])
function with_retry(f, n; on_error=(i, e) -> nothing)
    for i in 1:n
        try
            return f(i)
        catch e
            on_error(i, e)
            i == n && rethrow()
        end
    end
end
log = String[]
println(with_retry(i -> i < 3 ? throw(ArgumentError("try $i")) : i^2, 5; on_error=(i, e) -> push!(log, "$i:$(e.msg)")), " ", log)
try with_retry(i -> error("always $i"), 2) catch e; println(e) end
# resource stack
struct Res; name::String; log::Vector{String}; end
function Res(f::Function, name, log)
    r = Res(name, log); push!(log, "open $name")
    try f(r) finally push!(log, "close $name") end
end
lg = String[]
try
    Res("A", lg) do a
        Res("B", lg) do b
            push!(lg, "using $(a.name)$(b.name)")
            error("inside")
        end
    end
catch e
    push!(lg, "caught $(e.msg)")
end
println(join(lg, ", "))
# finally overriding & nested returns
f1() = try; return 1; finally; println("f1 cleanup"); end
f2() = begin; try; error("x"); catch; return 2; finally; println("f2 cleanup"); end; end
f3() = begin; for i in 1:3; try; i == 2 && return i; finally; print("i=$i "); end; end; 0; end
f4() = begin; x = 0; try; x = 1; error(); catch; x = 2; finally; x += 10; end; x; end
println(f1(), f2(), f3(), f4())
f5(n) = try; n == 0 ? error("zero") : n; catch e; -1; else; n * 100; finally; print("<$n>"); end
println(f5(0), " ", f5(2))
# exception fields and types
for e in (ErrorException("m"), ArgumentError("a"), KeyError(:k), BoundsError([1], 2), DivideError(), DomainError(1, "d"), InexactError(:Int, Int, 1.5), OverflowError("o"), UndefVarError(:v), MethodError(+, (1, "a")), TypeError(:f, Int, 1.0), AssertionError("as"), StackOverflowError(), EOFError(), DimensionMismatch("dm"), UndefKeywordError(:kw), StringIndexError("é", 2), LoadError("f", 1, ErrorException("i")), MissingException("mi"), InterruptException(), OutOfMemoryError(), UndefRefError(), SystemError("se", 2))
    println(rpad(string(nameof(typeof(e))), 20), " ", fieldnames(typeof(e)), " ", supertype(typeof(e)), " ", e isa Exception)
end
for e in (ErrorException("m"), KeyError("k"), BoundsError([1, 2], 3), BoundsError((1, 2), 3), DivideError(), DomainError(-1, "d"), InexactError(:Int8, Int8, 300), UndefVarError(:v), TypeError(:f, Int, 1.0), AssertionError("as"), EOFError(), DimensionMismatch("dm"), ArgumentError("q\"uote"), OverflowError("big"))
    println(e, " | ", repr(e), " | ", sprint(showerror, e))
end
println(ErrorException("a") == ErrorException("a"), " ", ArgumentError("x") === ArgumentError("x"), " ", KeyError(1) == KeyError(1), " ", DivideError() === DivideError())
println(typeof(ErrorException), " ", ErrorException <: Exception, " ", isabstracttype(Exception), " ", fieldtypes(ErrorException), " ", hasfield(KeyError, :key))
try; throw(ErrorException("with\nnewline \"q\" \$x é")); catch e; println(e); println(e.msg); show(e); println(); showerror(stdout, e); println(); end
try error("Value: ", 42, ' ', [1, 2], " ", :sym, nothing) catch e; println(e.msg) end
try error("interp $(1 + 1) $("nested")") catch e; println(e.msg) end
@assert true "never"
msg(x) = x > 0 ? "pos" : throw(ArgumentError("x must be positive, got $x"))
println(msg(1)); try msg(-3) catch e; println(e.msg, " ", e isa ArgumentError) end
ex = try msg(-1) catch err err end; println(ex, " ", typeof(ex))
y = try 1 finally 2 end; println(y); z = try error() catch; 3 finally 4 end; println(z)
let e = 5; try error("q") catch e; println(e) end; println(e) end
function scoped(); local v; try; v = 1; error("s"); catch; v += 1; end; v; end; println(scoped())
