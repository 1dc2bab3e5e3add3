# Number types of a program in promotion, sums and products; trees that iterate; types of many values.
for (a, b) in zip([1, 2], ["x", "y"]), c in 'p':'q'
    print(a, b, c, ",")
end
println()
f(x; y::Int = 2, z::Union{Nothing,String} = nothing)::String = string(x + y, something(z, "-"))
println(f(1), f(1; z = "q"), f(1, y = 5))
try f(1; y = "s") catch e println(typeof(e), " ", sprint(showerror, e)) end
try f("a") catch e println(typeof(e)) end
println(sum(1:3) do x; x^2 end, " ", mapreduce(+, 1:3) do x; 2x end, " ", findfirst([5, 6, 7]) do x; x > 5 end, " ", sort([(2, 'b'), (1, 'z')]; by = last), " ", any([1, 2]) do x; x > 1 end)
g(x::Int, ::Type{T} = Float64) where {T} = T(x)
println(g(1), g(1, Int8), typeof(g(2, Float32)))
h(v::AbstractVector{<:Integer}) = "ints"; h(v::AbstractVector) = "other"; h(v::AbstractVector{T}) where {T<:AbstractFloat} = "floats $T"
println(h([1]), h([1.0]), h(["a"]), h(1:3), h([true]), h(Float32[1]))
abstract type Tree{T} end
struct Leaf{T} <: Tree{T} v::T end
struct Branch{T} <: Tree{T} l::Tree{T}; r::Tree{T} end
Base.sum(l::Leaf) = l.v; Base.sum(b::Branch) = sum(b.l) + sum(b.r)
Base.map(f, l::Leaf) = Leaf(f(l.v)); Base.map(f, b::Branch) = Branch(map(f, b.l), map(f, b.r))
Base.length(::Leaf) = 1; Base.length(b::Branch) = length(b.l) + length(b.r)
t = Branch(Leaf(1), Branch(Leaf(2), Leaf(3)))
println(sum(t), " ", map(x -> x / 2, t), " ", length(t), " ", typeof(t), " ", t isa Tree{Int}, " ", Branch{Int} <: Tree)
depth(::Leaf) = 1; depth(b::Branch) = 1 + max(depth(b.l), depth(b.r)); println(depth(t))
Base.iterate(t::Tree, st = Tree[t]) = begin
    isempty(st) && return nothing
    n = pop!(st)
    while n isa Branch
        push!(st, n.r); n = n.l
    end
    (n.v, st)
end
Base.eltype(::Type{<:Tree{T}}) where T = T
println(collect(t), [x for x in t], " ", maximum(t), " ", 2 in t, " ", join(t, "<"))
struct Celsius <: Real; d::Float64; end
Base.convert(::Type{Float64}, c::Celsius) = c.d
Base.promote_rule(::Type{Celsius}, ::Type{T}) where {T<:Real} = Float64
Base.Float64(c::Celsius) = c.d
println(Celsius(20) + 1.5, " ", 2 * Celsius(3), " ", Celsius(1) < 2, " ", [Celsius(1), 2.5])
struct Mod{N} <: Integer; v::Int; Mod{N}(x::Integer) where N = new{N}(mod(x, N)); end
Base.:+(a::Mod{N}, b::Mod{N}) where N = Mod{N}(a.v + b.v)
Base.:*(a::Mod{N}, b::Mod{N}) where N = Mod{N}(a.v * b.v)
Base.:-(a::Mod{N}) where N = Mod{N}(-a.v)
Base.:-(a::Mod{N}, b::Mod{N}) where N = Mod{N}(a.v - b.v)
Base.one(::Type{Mod{N}}) where N = Mod{N}(1); Base.zero(::Type{Mod{N}}) where N = Mod{N}(0)
Base.one(::Mod{N}) where N = Mod{N}(1)
Base.show(io::IO, m::Mod{N}) where N = print(io, m.v, " (mod ", N, ")")
Base.inv(a::Mod{N}) where N = Mod{N}(invmod(a.v, N))
a = Mod{7}(10)
println(a, " ", a + a, " ", a * Mod{7}(5), " ", a^3, " ", -a, " ", inv(a) * a, " ", sum([a, a, a]), " ", prod([a, a]), " ", [a a; a a], " ", zero(a), " ", a == Mod{7}(3), " ", zeros(Mod{7}, 2))
v = [10, 20, 30, 40]
v[end÷2] += 1; v[begin] -= 1; v[[1, end]] .*= 2
println(v, v[end-1:end], v[begin+1], " ", lastindex(v), " ", v[length(v)÷2+1])
x, y... = v; println(x, y); (p, q), r = (1, 2), 3; println(p + q + r); m, n = n_, m_ = 1, 2; println(m, n, m_, n_)
d = Dict(:a => [1], :b => Int[]); push!(d[:a], 2); d[:c] = get(d, :z, [9]); println(sort(collect(d); by = first), " ", haskey(d, :z), " ", pop!(d, :a), " ", length(d), " ", sort(collect(keys(d))), " ", mergewith(vcat, d, Dict(:b => [7]))[:b])
s = Set([3, 1]); push!(s, 2); println(sort([s...]), 2 ∈ s, " ", s ⊆ 1:5, " ", isempty(setdiff(s, 1:3)), " ", sum(s), " ", maximum(s), " ", sort(collect(s ∪ [9])), " ", issubset([1], s), " ", length(unique([1, 1, 2])), " ", allunique([1, 2]))
println(0.1 + 0.2, " ", 1 / 3, " ", 2 / 4, " ", 1e20, " ", 123456789.0, " ", 1.0e-7, " ", 100.0, " ", 1f0 / 3, " ", Float16(1) / 3, " ", 5 ÷ 2, " ", 5 % -3, " ", mod(5, -3), " ", 7 // 21, " ", 1.0 == 1, " ", 0.1f0 == 0.1, " ", 3.0, " ", -0.0, " ", 1e15, " ", 1e16, " ", 123456.789e3, " ", 2.0^70, " ", 10.0^-3)
println(round(2.675, digits = 2), " ", round(-1.5), " ", round(0.5), " ", round(Int, 1e3 + 0.5), " ", floor(-0.5), " ", ceil(-0.5), " ", trunc(-1.7), " ", round(123.456, sigdigits = 2), " ", round(0.00012345, sigdigits = 3), " ", round(1e10 + 0.4), " ", rem(-5, 3), " ", fld(-5, 3), " ", cld(5, 3), " ", divrem(17, 5), " ", gcd(54, 24), " ", lcm(4, 6), " ", 17 & 5, " ", 17 | 5, " ", xor(17, 5), " ", 1 << 10, " ", -8 >> 1, " ", ~0, " ", hypot(3, 4), " ", cbrt(-8), " ", exp(0), " ", log(ℯ), " ", sign(-3), " ", abs(-2.5), " ", clamp(7, 1, 5))
if 1 in (1, 2) && !("a" in ["b"]) || false println("cond") end
println(let x = 3; x > 2 ? (x > 5 ? "a" : "b") : "c" end, " ", (x -> begin y = x; y * 2 end)(4), " ", ((a, b) -> a + b)((1, 2)...), " ", [1, 2, 3][end], " ", "abc"[[1, 3]], " ", (1:10)[[2, 4]], " ", (10:10:50)[2:3], " ", [10, 20][2], " ", ("x", "y")[1])
println([1, 2, 3] |> x -> x .^ 2 |> sum, " ", 4 |> sqrt |> string, " ", ["b", "a"] |> sort |> first, " ", (1, 2) |> collect |> reverse, " ", 1:3 |> collect |> v -> push!(v, 9))
@show 1 + 1 [1, 2] "s" :sym (1, 2)
println(Int[], String[], Any[], Float64[1], Dict{Int,Int}(), Set{String}(), (), Tuple{}[], Vector{Int}[], [[]], [Int[]], [nothing], Union{}[], Symbol[:a])
println(typeof((1, 'a', "s", 2.0, :x, nothing, 1:2, [1])), " ", typeof(Dict(:a => [1])), " ", typeof([1 => "a"]), " ", typeof(Set("a")), " ", typeof(zip(1:2, "ab")), " ", typeof(enumerate([1])), " ", typeof(1 => (2, 3)), " ", typeof(x -> x) <: Function, " ", typeof(:(a + b)), " ", typeof(r"a"), " ", typeof(1:2:3), " ", typeof("a"[1:1]), " ", typeof(SubString("ab", 1)), " ", typeof(view([1], 1:1)), " ", typeof(nothing), " ", typeof(Int), " ", typeof(big(1)), " ", typeof(1//2), " ", typeof(1im), " ", typeof(0x1), " ", typeof('a'), " ", typeof(pi), " ", typeof(true), " ", typeof([true] .& [false]), " ", typeof(Ref(1)), " ", typeof(missing), " ", typeof(:a), " ", typeof(stdin) <: IO)
