# What is only called on the way to an exception gets its arguments as any other call does, the
# first time and every other time, whatever registers they come in.

struct Bad <: Exception
    text::String
    sum::Float64
end
struct Pair2
    a::Int
    b::Float64
end

@noinline many(a, b, c, d, e, f, g, h, u, v, w, x, y, z, p, q, r, s, t) =
    a + 2b + 3c + 4d + 5e + 6f + 7g + 8h + u / 2 + v / 4 + w / 8 + x / 16 + y / 32 + z / 64 + p + q + r + s + t
@noinline described(p::Pair2, name::String, c::Char) = string(name, c, p.a, c, p.b)
@noinline both(x::Int, y::Float64) = (x + 1, y * 2)

function check(n::Int, x::Float64)
    if n > 2
        total = many(n, 1, 2, 3, 4, 5, 6, 7, x, 2x, 3x, 4x, 5x, 6x, 7x, 8x, 9x, 10x, 11)
        a, b = both(n, x)
        throw(Bad(described(Pair2(a, b), "pair", '|'), total))
    end
    return n * x
end

function tried(n, x)
    try
        return check(n, x)
    catch e
        return e isa Bad ? (e.text, e.sum) : e
    end
end
println(tried(1, 2.5))
println(tried(3, 2.5))
println(tried(4, -0.5))
println(tried(5, 1e3))

# The same functions called where nothing is thrown.
println(both(1, 1.0), " ", described(Pair2(1, 2.0), "x", '-'))
println(many(1:7..., 8, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 11))

# One that calls itself on the way to its own exception.
countdown(n) = n == 0 ? error("done") : n < 0 ? 0 : throw(Bad(string(n), tried_countdown(n - 1)))
@noinline function tried_countdown(n)
    try
        countdown(n)
        return 0.0
    catch e
        return e isa Bad ? e.sum + 1 : 0.5
    end
end
println(tried_countdown(20))

# Where the stack ends.
endless(n) = n < 0 ? throw(Bad("never", 0.0)) : 1 + endless(n + 1)
function at_the_end()
    try
        endless(1)
    catch e
        e isa StackOverflowError || throw(Bad(string(typeof(e)), 1.0))
        return check(7, 1.0)
    end
end
println(try
    at_the_end()
catch e
    (typeof(e), e.text)
end)
