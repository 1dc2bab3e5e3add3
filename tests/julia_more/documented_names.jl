# Texts in front of what is named only document it; kron needs no package.
takes(cond, xs) = 1
"""
    takes(cond, xs)
"""
takes(cond, xs)
"the function"
takes
println("done")
"doc of g"
g(x) = x
function h()
    "a text, and a call"
    println("in h")
end
h()
"a module"
module M
"of f"
f
x = 1
end
println(g(1), M.x)
println(kron([1, 2], [3, 4]), kron([1 2; 3 4], [1 0]), kron(2, [1, 2]))
