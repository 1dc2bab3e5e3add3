# A name that a block declares global names a global function in it, which keeps what it captures.
let total = 0
    global bump, peek_total
    bump(x) = (total += x; total)
    peek_total() = total
end
bump(3)
bump(4)
println(peek_total())
let cache = Dict{Int,Int}()
    global function fib_cached(n)
        get!(cache, n) do
            n < 2 ? n : fib_cached(n - 1) + fib_cached(n - 2)
        end
    end
    global cached_count
    cached_count() = length(cache)
end
println(fib_cached(50), " ", cached_count())
let
    helper(x) = x + 1
    println(helper(1))
end
println(@isdefined(helper))
for k in 1:2
    global latest
    latest() = k
end
println(latest())
