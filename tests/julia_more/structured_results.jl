# Structured matrices keep their structure: copies, sums, multiples, products, broadcasts; entries are set within it.
using LinearAlgebra
U, L, D, S, T = UpperTriangular([1 2; 3 4]), LowerTriangular([1 2; 3 4]), Diagonal([2, 3]), Symmetric([1 2; 2 5]), Tridiagonal([1, 1], [2, 2, 2], [3, 3])
n(x) = x isa AbstractArray ? string(nameof(typeof(x))) : string(typeof(x))
for (name, f) in ["copy" => copy, "-x" => -, "2x" => x -> 2x, "x*2" => x -> x * 2, "x/2" => x -> x / 2, "x+x" => x -> x + x, "x-x" => x -> x - x, "x*x" => x -> x * x, "x+I" => x -> x + I, "x-2I" => x -> x - 2I, "x'" => adjoint, "x.*2" => x -> x .* 2, "x.+1" => x -> x .+ 1, "map" => x -> map(y -> y + 1, x), "abs." => x -> abs.(x), "x.*x" => x -> x .* x, "x[:,1]" => x -> x[:, 1], "x==M" => x -> x == Matrix(x), "float" => float, "x*[..]" => x -> x * ones(Int, size(x)), "x.+x" => x -> x .+ x]
    println(rpad(name, 8), join((rpad(n(f(x)), 16) for x in (U, L, D, S, T)), " ") |> rstrip)
end
println(n(U * L), " ", n(U + L), " ", n(D + U), " ", n(D * U), " ", n(U * D), " ", n(D + S), " ", n(U \ [1, 2]), " ", n(U \ U), " ", n(D * D), " ", n(D + [1 2; 3 4]), " ", n(inv(U)), " ", n(U .+ L), " ", n(D .* U), " ", n(cos.(D)), " ", n(U^2), " ", n(S^2), " ", n(zero(U)))
show(stdout, MIME("text/plain"), 2U + D)
println()
show(stdout, MIME("text/plain"), sqrt.(Diagonal([4.0, 9.0])))
println()
show(stdout, MIME("text/plain"), T - Diagonal([1, 1, 1]))
println()
show(stdout, MIME("text/plain"), Symmetric([1.5 2; 0 3]) * 2)
println()
L2 = LowerTriangular(zeros(2, 2))
L2[2, 1] = 5
L2[1, 2] = 0
L2 .*= 2
println(L2, " ", L2 * L2', " ", reverse(L2, dims = 1), " ", L \ [1 2; 3 4])
for f in (() -> L2[1, 2] = 3, () -> (UpperTriangular(zeros(2, 2))[2, 1] = 1), () -> (UnitLowerTriangular([1 2; 3 4])[1, 1] = 2), () -> (D[1, 2] = 1), () -> (S[1, 2] = 7), () -> (T[1, 3] = 1), () -> (Bidiagonal([1, 2], [3], :U)[2, 1] = 1), () -> U[3, 1])
    try
        println(f())
    catch e
        println(sprint(showerror, e))
    end
end
S[1, 1] = 100; T[1, 2] = 9; T[2, 1] = 8
println(S, " ", T, " ", U[2, 1], " ", diag(T, 1), " ", T * [1, 1, 1], " ", Matrix(T), " ", issymmetric(S), " ", tr(T), " ", T')
# what multiplies by an inverse rounds so; exact determinants; other small functions
println(normalize([3, 4]), " ", det(big.([1 2; 3 5])), " ", det(BigInt[0 1; 1 0]), " ", [1.0, 2] \ [2.0, 4], " ", pinv([3, 4]))
println(transpose!(zeros(2, 2), [1 2; 3 4]), " ", adjoint!(zeros(ComplexF64, 1, 2), [1 + im, 2]), " ", isbanded([4 1 0; 1 3 1; 0 1 2], -1, 1), " ", istriu([1 1; 1 1], -1), " ", istril([1 1; 1 1]))
G, r = givens(3.0, 4.0, 1, 2)
println(r, " ", round.(G * [3.0, 4.0], digits = 12) == [5, 0])
println(Tridiagonal([1 2 3; 4 5 6; 7 8 9]), " ", SymTridiagonal([1 2 0; 2 5 6; 0 6 9]), " ", Bidiagonal([1 2 3; 4 5 6; 7 8 9], :U), " ", typeof(UpperTriangular([1 2; 3 4]) .> 1))
