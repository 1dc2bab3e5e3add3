# exercises: qr, eigen, svd and what follows from them; functions of matrices; statistics of columns; structs whose fields are called like type parameters
using LinearAlgebra, Statistics, Random

short(x) = round.(x; digits = 4) .+ 0.0

# ---- QR
A = [1.0 2; 3 4; 5 6]
F = qr(A)
println(short(F.R), " ", short(Matrix(F.Q)))
println(F.Q * F.R ≈ A, " ", size(F.Q), " ", size(Matrix(F.Q)), " ", short(F \ [1, 2, 3.5]), " ", short(A \ [1, 2, 3.5]))
Q, R = qr([4 1 2; 1 3 0; 2 0 5])
println(Q'Q ≈ I, " ", Q * Q' ≈ I, " ", Q * R ≈ [4 1 2; 1 3 0; 2 0 5], " ", istriu(R), " ", short(Q' * [1, 2, 3]), " ", short(Q[1, 1]))
display(qr([3.0 0; 4 5]))
Qc, Rc = qr([1+1im 2; 3 4im])
println(Qc * Rc ≈ [1+1im 2; 3 4im], " ", Rc[2, 1] == 0)

# ---- eigenvalues
e = eigen([2.0 1; 1 2])
println(e.values, " ", short(e.vectors))
display(eigen([2.0 0; 0 3]))
display(eigen([1 2; 3 4]))
println(eigvals([0 1; -1 0]), " ", eigvals([2 1; 0 3]), " ", eigmax([2 1; 1 2]), " ", eigmin([2 1; 1 2]))
S = [4.0 1 2; 1 3 0; 2 0 5]
values, vectors = eigen(S)
println(short(values), " ", norm(S * vectors - vectors * Diagonal(values)) < 1e-10, " ", vectors' * vectors ≈ I)
M = [1 2 3 4; 5 6 7 8; 2 6 4 8; 3 1 1 2]
λ, V = eigen(M)
println(short(λ), " ", norm(M * V - V * Diagonal(λ)) < 1e-9, " ", sum(λ) ≈ tr(M), " ", prod(λ) ≈ det(M))
H = Hermitian([2 1im 0; -1im 2 1; 0 1 3])
println(short(eigvals(H)), " ", eltype(eigvals(H)), " ", eigvals(Diagonal([3, 1, 2])), " ", eigvals(Symmetric([1 2; 2 1])))

# ---- singular values
U, s, W = svd(A)
println(short(s), " ", U * Diagonal(s) * W' ≈ A, " ", size(U), " ", svdvals([3 0; 0 4]), " ", short(svdvals([1 2 3; 4 5 6])))
println(opnorm([3.0 0; 0 4]), " ", cond([1.0 0; 0 2]), " ", short(pinv([1.0 2; 3 4; 5 6])), " ", pinv(A) * A ≈ I)
N = nullspace([1 1 0; 0 0 1])
println(size(N), " ", norm([1 1 0; 0 0 1] * N) < 1e-12, " ", rank([1 2; 2 4]))

# ---- functions of matrices
println(exp([0.0 1; 0 0]), " ", exp(zeros(2, 2)), " ", short(exp([0 -π; π 0])), " ", short(sqrt([4.0 0; 0 9])), " ", short([5.0 4; 4 5]^0.5))
println(exp(log([4.0 1; 1 3])) ≈ [4 1; 1 3], " ", logabsdet([2.0 0; 0 -3]) .|> short, " ", [1 1; 1 0]^10)
println(diagind(zeros(3, 3)), " ", S[diagind(S)], " ", diagind(zeros(2, 3), 1), " ", hermitianpart([1.0 2; 4 3]))
display(lu([1.0 2; 3 4]))
display(cholesky([4.0 2; 2 3]))
println(typeof(inv(Symmetric([2.0 0; 0 4]))), " ", I == I(2), " ", [1.0 0; 0 1] ≈ I, " ", ldiv!(Diagonal([2.0, 4]), [2.0, 4]))

# ---- statistics of columns, random orders
X = [1 2; 3 5; 5 11]
println(cov(X), " ", short(cor(X)), " ", median([1, missing]), " ", cov(X; dims = 2)[1, 1])
println(isperm(randcycle(5)), " ", all(i -> randcycle(Xoshiro(i), 4)[i] != i, 1:4), " ", length(bitrand(3)), " ", copy(Xoshiro(1)) == Xoshiro(1))

# ---- fields that are called like parameters or like the type
struct Wrapped{Q}
    Q::Q
end
struct Tagged{T,x}
    x::T
    T::Int
end
struct Name
    Name::Int
    Int::Float64
end
println(Wrapped(3), " ", Wrapped{Float64}(4), " ", Wrapped("a").Q, " ", Tagged{Int8,5}(1, 2), " ", Name(1, 2), " ", Name(1.0, 2).Int)

# ---- bounds and dimensions
for f in (() -> CartesianIndices((2, 2))[3, 1], () -> CartesianIndices((2,))[3], () -> float("a"), () -> stack([[1], [2, 3]]),
    () -> selectdim([1 2], 3, 1), () -> selectdim([1 2], 4, 2), () -> selectdim([1 2], 0, 2), () -> symdiff!([1, 2], [2, 3]))
    try
        println(f())
    catch err
        println(sprint(showerror, err))
    end
end

# ---- quoted dots
println(Meta.isexpr(:(f(a...)).args[2], :...), " ", (:..., 1)[1] === Symbol("..."))
