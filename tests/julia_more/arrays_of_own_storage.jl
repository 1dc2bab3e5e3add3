# Array types with axes, storage and size of their own.
struct ZeroBased{T,N,A<:AbstractArray{T,N}} <: AbstractArray{T,N}
    data::A
end
struct ZeroRange <: AbstractUnitRange{Int}
    n::Int
end
Base.first(::ZeroRange) = 0
Base.last(r::ZeroRange) = r.n - 1
Base.length(r::ZeroRange) = r.n
Base.size(r::ZeroRange) = (r.n,)
Base.axes(r::ZeroRange) = (r,)
Base.getindex(r::ZeroRange, i::Int) = i
Base.size(z::ZeroBased) = size(z.data)
Base.axes(z::ZeroBased) = map(n -> ZeroRange(n), size(z.data))
Base.getindex(z::ZeroBased{T,N}, I::Vararg{Int,N}) where {T,N} = z.data[(I .+ 1)...]
Base.setindex!(z::ZeroBased{T,N}, v, I::Vararg{Int,N}) where {T,N} = (z.data[(I .+ 1)...] = v)
z = ZeroBased([10, 20, 30])
println(z[0], " ", z[2], " ", firstindex(z), " ", lastindex(z), " ", z[begin], " ", z[end], " ", length(z), " ", sum(z), " ", [i => z[i] for i in eachindex(z)])
try
    z[3]
catch e
    println(typeof(e))
end
for (i, v) in pairs(z)
    print(i, ":", v, " ")
end
println()
m = ZeroBased([1 2; 3 4])
println(m[0, 0], m[1, 1], " ", sum(m), " ", maximum(m), " ", size(m))
z[1] = 99
println(collect(z), " ", z.data)

# lazy Toeplitz and outer products
struct Toeplitz{T} <: AbstractMatrix{T}
    c::Vector{T}
    r::Vector{T}
end
Base.size(t::Toeplitz) = (length(t.c), length(t.r))
Base.getindex(t::Toeplitz, i::Int, j::Int) = i >= j ? t.c[i-j+1] : t.r[j-i+1]
t = Toeplitz([1, 2, 3], [1, 5, 6])
println(t, " ", t * [1, 1, 1], " ", t', " ", t[2, :], " ", t[:, 1:2], " ", t .* 2, " ", sum(t, dims = 1), " ", t == collect(t), " ", typeof(t .+ 0.5), " ", [t; t][4, :], " ", vec(t))
show(stdout, MIME("text/plain"), t)
println()
struct Outer{T,A<:AbstractVector{T},B<:AbstractVector{T}} <: AbstractMatrix{T}
    a::A
    b::B
end
Base.size(o::Outer) = (length(o.a), length(o.b))
Base.getindex(o::Outer, i::Int, j::Int) = o.a[i] * o.b[j]
o = Outer(1:3, 1:4)
println(o, " ", o[end, end], " ", view(o, 2, :), " ", maximum(o, dims = 1), " ", argmax(o), " ", count(iseven, o), " ", typeof(o), " ", reshape(o, 2, 6)[2, :], " ", eachrow(o) |> collect |> length)

# sparse vector over a dictionary
struct Sparse{T} <: AbstractVector{T}
    n::Int
    nz::Dict{Int,T}
end
Sparse{T}(n) where {T} = Sparse{T}(n, Dict{Int,T}())
Base.size(s::Sparse) = (s.n,)
Base.IndexStyle(::Type{<:Sparse}) = IndexLinear()
Base.getindex(s::Sparse{T}, i::Int) where {T} = (checkbounds(s, i); get(s.nz, i, zero(T)))
function Base.setindex!(s::Sparse, v, i::Int)
    checkbounds(s, i)
    iszero(v) ? delete!(s.nz, i) : (s.nz[i] = v)
    s
end
Base.similar(s::Sparse, ::Type{T}, d::Dims{1}) where {T} = Sparse{T}(d[1])
s = Sparse{Float64}(6)
s[2] = 1.5
s[5] = -2
println(s, " ", length(s.nz), " ", sum(s), " ", findall(!iszero, s), " ", s[2:3], " ", typeof(s[2:3]), " ", typeof(s .* 2), " ", typeof(map(abs, s)), " ", s == [0, 1.5, 0, 0, -2, 0], " ", s' * s, " ", reverse(s), " ", copy(s) == s, " ", typeof(copy(s)))
s[2] = 0
println(length(s.nz), " ", s .+ 1, " ", filter(!iszero, s), " ", sort(s), " ", extrema(s), " ", cumsum(s))
try
    s[7] = 1
catch e
    println(e isa BoundsError, " ", sprint(showerror, e))
end
# symmetric packed storage
struct Packed{T} <: AbstractMatrix{T}
    n::Int
    v::Vector{T}
    Packed{T}(n) where {T} = new{T}(n, zeros(T, n * (n + 1) ÷ 2))
end
idx(i, j) = i < j ? idx(j, i) : i * (i - 1) ÷ 2 + j
Base.size(p::Packed) = (p.n, p.n)
Base.getindex(p::Packed, i::Int, j::Int) = p.v[idx(i, j)]
Base.setindex!(p::Packed, x, i::Int, j::Int) = p.v[idx(i, j)] = x
p = Packed{Int}(3)
for I in CartesianIndices(p)
    I[1] >= I[2] && (p[I] = 10I[1] + I[2])
end
println(p, " ", p == p', " ", p.v, " ", p * p, " ", sum(p), " ", p[2, :], " ", p[:, end], " ", similar(p) |> typeof, " ", [p[i, i] for i in axes(p, 1)], " ", Matrix(p), " ", transpose(p)[1, 3])
fill!(p, 2)
println(p, " ", p.v)
p .= [1 2 3; 2 4 5; 3 5 6]
println(p.v, " ", p .== p', " ", map(x -> x // 2, p), " ", maximum(p, dims = 2), " ", all(p .> 0))
# strings as an array of chars
struct Letters <: AbstractVector{Char}
    s::String
end
Base.size(l::Letters) = (length(l.s),)
Base.getindex(l::Letters, i::Int) = l.s[nextind(l.s, 0, i)]
l = Letters("añb")
println(l, " ", l[2], " ", reverse(l), " ", join(l, "-"), " ", l .== 'a', " ", uppercase.(l), " ", sort(l), " ", 'ñ' in l, " ", findfirst(==('b'), l), " ", l[[1, 3]], " ", collect(enumerate(l)))
summary(stdout, l)
println()
display(l)
display(Sparse{Int}(2))
println(summary(t), " | ", summary(z.data), " | ", summary(o), " | ", summary(view(t, 1:2, 1)))
