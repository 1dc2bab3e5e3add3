# exercises: corners of Base that programs of tables, numbers and matrices reach
struct Gaussian{T<:Real} <: Number
    re::T
    im::T
end
Gaussian(a::Real, b::Real) = Gaussian(promote(a, b)...)
Base.real(z::Gaussian) = z.re
Base.zero(::Type{Gaussian{T}}) where {T} = Gaussian(zero(T), zero(T))
Base.abs(z::Gaussian) = hypot(z.re, z.im)
Base.:-(a::Gaussian, b::Gaussian) = Gaussian(a.re - b.re, a.im - b.im)
Base.isfinite(z::Gaussian) = isfinite(z.re) && isfinite(z.im)
println(Gaussian(1.0, 2.0) ≈ Gaussian(1.0, 2.0 + 1e-12), " ", Gaussian(1.0, 2.0) ≈ Gaussian(1.0, 2.1), " ", real(Gaussian{Float32}), " ", real(ComplexF64), " ", real(Int))

square = reshape(collect("abcdef"), 2, 3)
println(join(join.(eachcol(transpose(square))), " "), " ", permutedims(square)[3, 2], " ", size(transpose(square)))
println(Base.divgcd(12, 18), " ", map(abs, -3), " ", GC.gc(), " ", cumsum([1 2; 3 4], dims = 2), " ", cumprod([1, 2, 3]), " ", cumsum((1, 2, 3)), " ", cumsum([0.5, 0.25]))
println(round.(inv([4.0 7.0; 2.0 6.0]), digits = 12), " ", inv([2.0 5.0; 1.0 3.0]), " ", inv([1//2 1//3; 1 1]))
A = [2.0 1.0 0.0; 1.0 3.0 1.0; 0.0 1.0 4.0]
println(inv(A) * A ≈ [1 0 0; 0 1 0; 0 0 1], " ", A * inv(A) ≈ [i == j for i in 1:3, j in 1:3])
Z = [1.0+im 2.0; 0.5im 3.0]
println(Z * inv(Z) ≈ [1 0; 0 1], " ", eltype(inv(Z)))

letters(n) = [c for c in 'a':'z'][1:n]
println(join.(Iterators.partition(join(letters(7)), 3), "-"), " ", [length(p) for p in Iterators.partition("naïve café", 4)], " ", collect(Iterators.partition(SubString("xabcx", 2, 4), 2)))
