# A stack that ends is an exception; generated functions; macros in one line.
down(n) = down(n + 1) + 1
println(try down(1) catch e; e isa StackOverflowError end)
even(n) = n == 0 ? true : odd(n - 1)
odd(n) = n == 0 ? false : even(n - 1)
println(even(10_000), " ", try even(-1) catch e; typeof(e) end)
deep(n) = n == 0 ? 0 : 1 + deep(n - 1)
println(deep(20_000))
@generated function half(x)
    x <: Integer ? :(x >> 1) : :(x / 2)
end
println(half(7), " ", half(7.0), " ", half(0x08))
@generated sum_all(xs...) = Expr(:call, :+, (:(xs[$i]) for i in 1:length(xs))...)
println(sum_all(1, 2.5, 3), " ", sum_all(1))
@generated size_of(::Val{N}) where {N} = N * 2
println(size_of(Val(4)))
macro twice(ex) :($(esc(ex)); $(esc(ex))) end
n = 0
@twice n += 1
println(n)
println(:(-(x - y)), " ", :(0 * x), " ", :(2x))
