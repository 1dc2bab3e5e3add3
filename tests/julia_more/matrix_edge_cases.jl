# exercises: functions of defective and of structured matrices, least squares of any rank, very large and very small elements, small eigenproblems, what is refused
using LinearAlgebra

short(x) = round.(x; digits = 4) .+ 0.0
function attempt(f)
    try
        println(f())
    catch err
        println(first(split(sprint(showerror, err), '\n')))
    end
end

# ---- functions of matrices whose eigenvectors do not span the space
println(sqrt([1 1; 0 1]), " ", log([1 1; 0 1]), " ", sin([0.0 1; 0 0]), " ", cos([0.0 1; 0 0]), " ", [4.0 1; 0 4]^0.5)
println(short(sqrt([3.0 1; -1 1])), " ", short(log([1.0 2 0; 0 1 3; 0 0 1])), " ", short([2.0 1 0; 0 2 1; 0 0 2]^0.3))
println(exp([0 1; 0 0]), " ", sqrt(zeros(2, 2)), " ", short(exp(log([3.0 1; -1 1]))))
# ---- of others
println(short(sqrt([1 2; 3 4])), " ", short(log([1 2; 3 4])))
println(short([1.0 2; 3 4]^1.5), " ", short(sqrt([7 10; 15 22])))
println(short(sin([1 2; 3 4])), " ", short(cos([1.0 2; 3 4])), " ", short(exp([1 2; 3 4])), " ", short(2^[0 1; 2 3]), " ", ℯ^[0 1; 0 0])
B = [0.1 0.2; 0.3 0.4]
println(short(tan(B)), " ", short(sinh(B)), " ", short(cosh(B)), " ", short(tanh(B)))
C = [1 2im; 3 5]
println(short(sqrt(C)), " ", short(log(C)), " ", short(sin(C)))
# ---- of Hermitian and other matrices that keep their form
S = Symmetric([1.0 2; 2 1])
println(short(exp(S)), " ", issymmetric(exp([1.0 2; 2 1])), " ", typeof(exp(S)), " ", typeof(sqrt(Symmetric([2.0 1; 1 2]))), " ", typeof(sin(S)))
println(typeof(sqrt(UpperTriangular([4.0 1; 0 9]))), " ", sqrt(UpperTriangular([4.0 1; 0 9])), " ", sqrt(LowerTriangular([4.0 0; 1 9])))
println(typeof(sin(Diagonal([0.0, 1]))), " ", exp(Diagonal([0.0, 0.0])), " ", Diagonal([4.0, 9])^0.5, " ", log(Diagonal([1.0, 1])))
println(Symmetric([2 1; 1 2])^2, " ", typeof(Symmetric([2 1; 1 2])^2), " ", exp([1e3 0; 0 0]), " ", typeof(exp(Hermitian([1.0 2im; -2im 1]))))
attempt(() -> sqrt([0 1; 0 0]) isa Matrix)
attempt(() -> exp([NaN 0.5; 0 1]))

# ---- least squares: the shortest solution
println(short([1.0 2; 2 4; 3 6] \ [1, 2, 3]), " ", short([1.0 1; 1 1; 1 1] \ [1.0, 2, 3]), " ", short([1 2 3; 2 4 6] \ [1, 2]))
println(short([1.0 2 3; 4 5 6] \ [1.0, 2]), " ", short([1 2 3; 4 5 6; 7 8 9; 1 1 1] \ [1, 2, 3, 4]), " ", zeros(3, 2) \ [1.0, 2, 3])
println(short([1+1im 2; 3 4; 5 6] \ [1.0, 2, 3.5]), " ", short(qr([1.0 2 3; 4 5 6]) \ [1 0; 0 1]), " ", zeros(3, 0) \ zeros(3), " ", zeros(0, 2) \ zeros(0))

# ---- elements whose squares are no numbers
println(short(qr([1e200 1; 1e200 2]).R ./ [1e200 1; 1 1]), " ", short(qr([1e-200 1; 1e-200 2]).R ./ [1e-200 1; 1 1]))
println(short(eigvals([1e200 1e200; 1e200 2e200]) / 1e200), " ", short(eigvals([1e200 2e200; 1e200 2e200]) / 1e200), " ", short(svdvals([1e-200 2e-200; 1e-201 2e-200]) * 1e200))
println(short(eigvals([1e-200 2e-200 0; 1e-200 2e-200 0; 0 0 1e-200]) * 1e200), " ", short(svdvals([3e200 0; 0 4e200]) / 1e200), " ", rank([1e-200 0; 0 1e-200]))

# ---- eigenvectors of 2×2 matrices have LAPACK's signs
for A in ([-2 5; 5 -3], [0 -3; -3 3], [4 1; 1 -3], [-1 3; 3 3], [-1 -3; -3 3], [1 -2; -2 -1], [3 0; -2 1], [1 0; 1 2], [4 1; 2 3], [1 1; 0 1], [1 0; 1 1])
    e = eigen(A)
    println(short(e.values), " ", short(e.vectors))
end
for A in ([0 -3; 1 0], [0 -4; 1 2], [-4 -2; 5 -1], [1 -1; 1 1])
    e = eigen(A)
    println(short(e.values), " ", short(e.vectors))
end
println(eigen([3 1; -1 1]).values)
# ---- so have larger ones that are far from any doubt, and singular vectors
for A in ([1 2 3; 4 5 6; 7 8 10], [2 0 2; -3 4 1; -4 4 5], [0.5 0.25 0.25; 0.2 0.6 0.2; 0.1 0.3 0.6])
    e = eigen(A)
    println(short(e.values), " ", short(e.vectors))
end
for A in ([1 2; 3 4], [3 0; 0 -4], [1 2 3; 4 5 6], [1 2; 3 4; 5 6], [4 1 -2; 1 2 0; -2 0 3], [-2 1], [1 2; 2 4])
    F = svd(A)
    println(short(F.S), " ", short(F.U), " ", short(F.Vt))
end
println(short(svd([1 2; 3 4; 5 6]; full = true).U), " ", short(nullspace([1 1])))
println(eigvals(UpperTriangular([3.0 2; 0 1])), " ", eigen(UpperTriangular([3.0 2; 0 1])).vectors, " ", eigvals([3 2; 0 1]))
println(short(eigvals(Symmetric([1 1im; 1im 2]))), " ", eigen(Diagonal([3.0, 1, 2])).values, " ", eigen([3.0 0; 0 2]), " ", eigvals([3 1; 1 3]; sortby = x -> -x))
attempt(() -> eigvals([1.0 NaN; 2 3]))
attempt(() -> eigen([1.0 Inf; Inf 3]))
attempt(() -> svdvals([1.0 NaN; 2 3]))
attempt(() -> eigvals([1 2 3; 4 5 6]))

# ---- types and equality of factorizations
F = qr([1.0 2; 3 4; 5 6])
println(typeof(F), " ", typeof(F.Q), " ", size(collect(F.Q)), " ", size(Matrix(F.Q)), " ", size(F.Q * I), " ", F.Q'F.Q ≈ I)
println(F == qr([1.0 2; 3 4; 5 6]), " ", lu([1.0 2; 3 4]) == lu([1.0 2; 3 5]), " ", F isa Factorization, " ", svd([1.0 2; 3 4]) isa Factorization)
println(short(inv(qr([1.0 2; 3 4]))), " ", short(inv(svd([1.0 2; 3 4]))), " ", short(svd([1.0 2; 3 4]) \ [1, 2]), " ", short(det(qr([1+1im 2; 3 4im]))))

# ---- norms, conditions, determinants
println(short(opnorm([1 2; 3 4], 2)), " ", opnorm([1 2; 3 4], 1), " ", opnorm([1 2; 3 4], Inf), " ", cond([1 2; 2 4], 1), " ", short(cond([1 2; 3 4], 1)))
attempt(() -> opnorm([1 2; 3 4], 3))
attempt(() -> cond([1 2; 3 4], 3))
println(logabsdet([1 2; 2 4]), " ", short.(logabsdet([2.0 0; 0 -3])), " ", short(logdet([2 1; 1 4])))
attempt(() -> logdet([1 2; 3 4]))
println(short(pinv([1.0, 2, 3])), " ", pinv(Diagonal([2.0, 0])), " ", size(nullspace([1.0, 2])), " ", rank([1 2; 2 4]), " ", short(pinv([1 2; 2 4])))

# ---- helpers of the module are its own
square(x) = 2x
turned(x) = -x
println(square(3), " ", turned(3), " ", @isdefined(multiply!), " ", @isdefined(checksquare), " ", LinearAlgebra.checksquare([1 2; 3 4]))
