# run
# exercises: the same module in a program that is run: showing and printing values, dynamic calls, static_type
import StaticTools
using StaticTools: MallocArray, StackArray, MallocString, @c_str, @m_str, mfill, szeros, static_type, StringView

s = c"tab\there"
println(repr(s), " ", length(s), " ", sizeof(s))
println(s == "tab\there", " ", String(s))
m = m"quoted \"text\""
show(stdout, m)
println()
println(string("<", StringView(m, 1:6), ">"))
StaticTools.free(m)

A = mfill(1.5, 2, 2)
A[1, 2] = -3
println(sum(A), " ", size(A), " ", eltype(A), " ", A == [1.5 -3.0; 1.5 1.5])
println(A[:, 2] isa StaticTools.ArrayView{Float64,1}, " ", collect(A[:, 2]))
show(stdout, A)
println()
B = MallocArray([1 2; 3 4])
println(B * B == [7 10; 15 22], " ", maximum(B), " ", map(x -> x + 1, B))
for a in Any[szeros(Int, 3), B, A]
    println(size(a), " ", length(a))
end
println(static_type([1, 2, 3]) isa StaticTools.MallocVector{Int}, " ", static_type(Vector{Float64}) === StaticTools.MallocVector{Float64})
println(static_type("text") isa MallocString)
StaticTools.free(A)
StaticTools.free(B)
try
    B[3, 3]
catch e
    println(typeof(e))
end
rng = StaticTools.SplitMix64(42)
println(string(StaticTools.splitmix64(rng), base=16))
StaticTools.printf(c"%5.2f|\n", 3.14159)
