# LinearAlgebra: structured matrices, factors, least squares
using LinearAlgebra
import LinearAlgebra: Diagonal, Symmetric, UpperTriangular, LowerTriangular, Hermitian, Bidiagonal, Tridiagonal, SymTridiagonal, cholesky, isposdef, lmul!, rmul!, axpy!, rank
D = Diagonal([1, 2, 3])
println(D, " ", D * [1, 1, 1], " ", D * D, " ", inv(Diagonal([2.0, 4.0])), " ", det(D), " ", tr(D), " ", D + D, " ", 2D, " ", D[2, 2], " ", D[1, 2], " ", I(2))
show(stdout, MIME("text/plain"), D); println()
show(stdout, MIME("text/plain"), Diagonal([1.5, 22.25])); println()
show(stdout, MIME("text/plain"), UpperTriangular([1 2 3; 4 5 6; 7 8 9])); println()
show(stdout, MIME("text/plain"), Symmetric([1 2; 3 4])); println()
show(stdout, MIME("text/plain"), Bidiagonal([1, 2, 3], [4, 5], :L)); println()
try D[1, 2] = 5 catch e; println(sprint(showerror, e)) end
println(Symmetric([1 2; 3 4]) + I, " ", issymmetric(Symmetric([1 2; 3 4])), " ", Symmetric([1 2; 3 4], :L), " ", Hermitian([1 2im; 0 3])[2, 1])
C = cholesky([4.0 2.0; 2.0 5.0])
println(C.L, " ", C.U, " ", C \ [2.0, 1.0], " ", C.L * C.U, " ", isposdef([1 2; 2 1]))
try cholesky([1.0 2.0; 2.0 1.0]) catch e; println(nameof(typeof(e)), " ", sprint(showerror, e)) end
F = lu([2.0 1.0; 4.0 3.0])
println(F.L, " ", F.U, " ", F.p, " ", F.L * F.U == [2.0 1.0; 4.0 3.0][F.p, :])
L, U, p = F
println(L == F.L, " ", p, " ", det(F))
println(UpperTriangular([2.0 2.0; 0.0 4.0]) \ [4.0, 4.0], " ", LowerTriangular([2 0; 1 4]) \ [4, 6], " ", [2 0; 0 4] \ [2, 4])
println(kron([1 2], [1, 1]), " ", diagm(1 => [1, 2]), " ", diagm(0 => [1, 1], -1 => [5]), " ", diag([1 2 3; 4 5 6], 1), " ", rank([1 2; 2 4]), " ", rank([1 0; 0 1]), " ", opnorm([1 -2; 3 4], 1))
println(round.([1.0 1; 1 2; 1 3] \ [1.0, 3, 5], digits = 6) .+ 0.0, " ", lmul!(2, [1, 2]), " ", axpy!(2, [1, 2], [10, 20]))
show(stdout, MIME("text/plain"), 2I); println()
