# What a handler throws again is what it has caught, whatever was caught in between, by itself or by what it calls.
function attempt(x::Int64)
    try
        x > 0 && throw(ArgumentError("attempt"))
        return 1
    catch
        return 2
    end
end
again() = rethrow()
struct Odd <: Exception
    n::Int64
end
Base.showerror(io::IO, e::Odd) = print(io, "odd ", e.n)
function fails(x::Int64)
    x == 1 && return div(x, 0)
    x == 2 && throw(BoundsError([1, 2], 3))
    x == 3 && throw(Odd(x))
    x == 4 && error("fourth")
    x
end
function by_call(x::Int64)
    try
        fails(x)
    catch
        attempt(x)
        rethrow()
    end
end
function by_two_calls(x::Int64)
    try
        fails(x)
    catch
        x = attempt(x)
        again()
    end
end
@noinline function again_after_another(x::Int64)
    attempt(x)
    rethrow()
end
function by_inner(x::Int64)
    try
        fails(x)
    catch
        again_after_another(x)
    end
end
function nested(x::Int64)
    try
        fails(x)
    finally
        try
            try
                fails(5 - x)
            finally
                attempt(x)
            end
        catch e
            e isa DivideError && attempt(7)
        end
    end
end
function in_a_loop(x::Int64)
    total = 0
    for i in 1:3
        try
            try
                fails(i)
            catch
                attempt(i)
                i == x && rethrow()
            end
        catch e
            total += e isa BoundsError ? 100 : 10
            attempt(i)
            x == 3 && rethrow()
        end
    end
    total
end
function outcome(f::F, x::Int64) where {F}
    try
        f(x)
    catch e
        e isa DivideError && return 1001
        e isa BoundsError && return 1002
        e isa Odd && return 1003
        e isa ErrorException && return 1004
        e isa ArgumentError && return 1005
        return 1006
    end
end
function p1(x::Int64)
    h = UInt64(0)
    for y in 0:4
        h = h * 31 + (outcome(by_call, y) % UInt64)
        h = h * 31 + (outcome(by_two_calls, y) % UInt64)
        h = h * 31 + (outcome(by_inner, y) % UInt64)
        h = h * 31 + (outcome(nested, y) % UInt64)
        h = h * 31 + (outcome(in_a_loop, y) % UInt64)
    end
    y = abs(x % 5)
    h += by_call(y) % UInt64
    h
end
for y in 0:4
    println(y, " ", outcome(by_call, y), " ", outcome(by_two_calls, y), " ", outcome(by_inner, y), " ", outcome(nested, y), " ", outcome(in_a_loop, y))
end
println(try p1(0) catch e; typeof(e) end)
