# Global functions that share variables of a `let`, with keywords, patterns and types of loop variables.
let n = 0
    global bump() = n += 1
    global function bump_by(k)
        n += k
    end
end
println(bump(), bump(), bump_by(10), bump(), " ", bump, " ", length(methods(bump)))
let cache = Dict{Int,Int}()
    global function fib(n::Int)::Int
        get!(cache, n) do
            n < 2 ? n : fib(n - 1) + fib(n - 2)
        end
    end
    global fib(s::String) = fib(parse(Int, s))
    global kw(x; y = 2, z...) = (x, y, length(z), length(cache))
    global opt(a, (b, c), ::Type{T}, d = 5; e) where {T} = (a, b, c, T, d, e)
    global all_of(xs...) = sum(xs) + length(cache)
end
println(fib(50), " ", fib("10"), " ", kw(1), " ", kw(1; y = 3, q = 4), " ", opt(1, (2, 3), Int; e = 7), opt(1, (2, 3), Int, 6; e = 7), " ", all_of(1, 2, 3))
struct W
    x
end
let count = 0
    Base.show(io::IO, w::W) = (count += 1; print(io, "W#", count))
    Base.length(w::W) = count
end
println(W(1), W(2))
println(length(W(3)))
for T in (Int, String)
    global name_of(::T) = "a value of $T"
end
println(name_of(1), ", ", name_of("a"))
module Hidden
let n = 0
    global next!() = n += 1
    global reset!() = n = 0
end
end
println(Hidden.next!(), Hidden.next!(), Hidden.reset!(), Hidden.next!())
