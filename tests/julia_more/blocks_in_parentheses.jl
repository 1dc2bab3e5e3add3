# Blocks in parentheses with commas inside of their statements.
f(n) = (s = 0; for i in 1:n, j in 1:i; s += 1; end; s)
println(f(3))
fib(n) = (a = 0; b = 1; for _ in 1:n; a, b = b, a + b; end; a)
println(map(fib, 1:10))
x = (for i in 1:2, j in 1:2; print(i, j, " "); end; 5)
println(x)
