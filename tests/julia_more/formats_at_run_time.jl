# Formats taken apart when the program runs; the environment for one call.
using Printf
f = Printf.Format("%5.2f|%-6s|%03d|%*d|%%|%x\n")
print(Printf.format(f, pi, "ab", 7, 4, 2, 255))
Printf.format(stdout, f, 1, :c, 70, 6, 22, 16)
println(objectid(1) == objectid(1), objectid([1]) == objectid([1]), reverseind("añb", 2), Libc.getpid() > 0)
println(withenv(() -> ENV["FOO_X"], "FOO_X" => "1"), haskey(ENV, "FOO_X"))
g(v::StridedVector) = "strided"
g(v) = "other"
println(g([1]), g(1:2), g(view([1, 2], 1:1)))
println(Vector{Int} <: StridedVector, isinteractive())
try Printf.format(f, 1) catch e println(e) end
