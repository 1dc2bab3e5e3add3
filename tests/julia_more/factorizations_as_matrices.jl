# What factorizations stand for: sizes, matrices, inverses, logarithms of determinants. Multiples of the identity as blocks.
using LinearAlgebra
A = [4.0 2.0; 2.0 5.0]
C = cholesky(A)
F = lu([1.0 2.0; 4.0 8.5])
println(size(C), " ", size(F), " ", size(F, 1), " ", size(F, 3), " ", size(svd([1.0 2.0 3.0; 4.0 5.0 6.0])))
println(Matrix(C), " ", Array(C) == A, " ", Matrix(F))
println(det(C), " ", logdet(C) ≈ log(16), " ", logabsdet(C) == (logdet(C), 1.0), " ", logdet(A) ≈ log(16))
println(logabsdet(F)[2], " ", logabsdet(F)[1] ≈ log(0.5), " ", logabsdet([0.0 1.0; 1.0 0.0]), " ", logabsdet(-2.0) == (log(2.0), -1.0))
println(inv(C) ≈ inv(A), " ", inv(F) ≈ inv([1.0 2.0; 4.0 8.5]), " ", inv(lu([1//1 2; 3 4])))
B = [4.0 2.0; 2.0 5.0]
println(cholesky!(B).U, " ", B)
println([A I], " ", [I; A])
println([A I; I A])
println([A I; zeros(2, 2) A] == [A Matrix(I, 2, 2); zeros(2, 2) A], " ", [I A A] == [Matrix(I, 2, 2) A A])
println(I + I, " ", 3I - I, " ", (2I)^3, " ", inv(4I), " ", 2I * 3I, " ", I / 2, " ", I')
println([1 2; 3 4] / 2I, " ", copyto!(ones(2, 3), 5I), " ", iszero(0I), isone(I))
