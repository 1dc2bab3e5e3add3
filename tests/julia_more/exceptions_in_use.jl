# exceptions: hierarchies, retry, finally, messages, fields
struct InsufficientFunds <: Exception
    need::Float64
    have::Float64
end
Base.showerror(io::IO, e::InsufficientFunds) = print(io, "need ", e.need, ", have ", e.have)
mutable struct Account
    id::Symbol
    balance::Float64
    log::Vector{String}
end
Account(id, b) = Account(id, b, String[])
function withdraw!(a::Account, x::Real)
    x > 0 || throw(ArgumentError("amount must be positive, got $x"))
    a.balance >= x || throw(InsufficientFunds(x, a.balance))
    a.balance -= x
    push!(a.log, "w$(x)")
    a
end
acc = Account(:a, 10)
for amt in (5, -1, 7.5, 0)
    msg = try
        withdraw!(acc, amt)
        "ok $(acc.balance)"
    catch err
        err isa InsufficientFunds ? "insufficient: $(sprint(showerror, err))" :
        err isa ArgumentError ? "bad: $(err.msg)" : rethrow()
    end
    println(rpad(amt, 5), msg)
end
println(acc.log, " ", acc)
retry_count = Ref(0)
f = retry(delays = zeros(3)) do
    retry_count[] += 1
    retry_count[] < 3 && error("try again")
    "done after $(retry_count[])"
end
println(f())
g = retry(() -> error("never"); delays = zeros(2))
println(try g() catch e; e.msg end)
h = retry(() -> (retry_count[] += 1; throw(KeyError(:x))); delays = zeros(5), check = (s, e) -> e isa ErrorException)
retry_count[] = 0
println(try h() catch e; (typeof(e), retry_count[]) end)
struct Countdown; from::Int; end
Base.iterate(c::Countdown, s = c.from) = s < 0 ? throw(DomainError(s, "went below zero")) : (s, s - 1)
Base.length(c::Countdown) = c.from + 2
println(try collect(Countdown(2)) catch e; sprint(showerror, e) end)
acc2 = Int[]
try for x in Countdown(2) push!(acc2, x) end catch e; println(acc2, " ", e.val) end
for t in (() -> @assert(1 + 1 == 3), () -> @assert(false, "custom"), () -> @assert(isempty([1]), "not empty: $([1])"), () -> @assert(!true), () -> @assert 2 > 1)
    try println(t()) catch e; println(typeof(e), "|", e.msg) end
end
println(try parse.(Int, ["1", "x"]) catch e; e.msg end)
println(try [1 ÷ (2 - i) for i in 1:3] catch e; typeof(e) end)
println(try sort([3, "a", 1]) catch e; typeof(e) end)
println(try Dict(1 => 2)[3] catch e; (e.key, sprint(showerror, e)) end)
println(try (1, 2, 3)[4] catch e; sprint(showerror, e) end)
println(try (a = 1,)[:b] catch e; sprint(showerror, e) end)
println(try getproperty((a = 1,), :b) catch e; sprint(showerror, e) end)
println(try convert(Int8, 1000) catch e; (e.func, e.T, e.val) end)
println(try Int64("12") catch e; (e.f, e.args) end)
println(try strip(5) catch e; typeof(e) end)
function order()
    v = String[]
    try
        try
            push!(v, "a")
            error("x")
        finally
            push!(v, "b")
        end
    catch e
        push!(v, "c:" * e.msg)
        try
            throw(e)
        catch e2
            push!(v, string(e2 === e))
        end
    else
        push!(v, "never")
    finally
        push!(v, "d")
    end
    v
end
println(order())
function loopy()
    out = Int[]
    for i in 1:5
        try
            iseven(i) && continue
            i == 5 && return out
            push!(out, i)
        finally
            push!(out, -i)
        end
    end
end
println(loopy())
println(@isdefined(undefined_thing), " ", try undefined_thing catch e; e.var end)
let
    local y
    println(try y catch e; sprint(showerror, e) end)
end
println(try error() catch e; repr(e.msg) end, " ", try error("a", 1, nothing, [2]) catch e; e.msg end, " ", try throw((1, "t")) catch e; e end)
warned = try
    throw(ErrorException("multi\nline"))
catch e
    split(e.msg, '\n')
end
println(warned)
println(sprint(showerror, ErrorException("abc")), " ", sprint(io -> showerror(io, KeyError("k"))), " ", sprint(print, DivideError()), " ", string(BoundsError([1, 2], 3)))
println(ArgumentError("x") == ArgumentError("x"), " ", ErrorException <: Exception, " ", supertype(KeyError), " ", isabstracttype(Exception), " ", fieldnames(DomainError), " ", fieldnames(BoundsError))
e = try [1, 2][5] catch err; err end
showerror(stdout, e); println()
println(e isa BoundsError && e.i == (5,), " ", typeof(e.a))
