# Wrappers that are called, arrays of a program and what is similar to them, plugins, running statistics.
struct Wrapper{F<:Function}; f::F; name::Symbol; end
(w::Wrapper)(args...; kw...) = (println("call ", w.name, " ", args, isempty(kw) ? "" : " " * string((; kw...))); w.f(args...; kw...))
w = Wrapper((a, b = 2; c = 3) -> a + b + c, :add3)
println(w(1), w(1, 1), w(1; c = 0))
println(map(Wrapper(x -> x^2, :sq), [1, 2]))
struct Matrixish{T} <: AbstractMatrix{T}; rows::Vector{Vector{T}}; end
Base.size(m::Matrixish) = (length(m.rows), isempty(m.rows) ? 0 : length(m.rows[1]))
Base.getindex(m::Matrixish, i::Int, j::Int) = m.rows[i][j]
Base.setindex!(m::Matrixish, v, i::Int, j::Int) = (m.rows[i][j] = v)
Base.similar(m::Matrixish, ::Type{T}, dims::Dims{2}) where T = Matrixish([Vector{T}(undef, dims[2]) for _ in 1:dims[1]])
mm = Matrixish([[1, 2], [3, 4]])
mm[1, 2] = 20
println(mm, " ", mm .+ 1, " ", typeof(map(x -> x / 2, mm)), " ", mm[:, 1], " ", mm * mm, " ", sum(mm, dims = 1), " ", mm', " ", copy(mm) == mm, " ", findall(>(3), mm), " ", maximum(mm), " ", eltype(mm), " ", collect(eachrow(mm)))
Base.show(io::IO, ::MIME"text/plain", m::Matrixish) = print(io, "Matrixish ", size(m))
display(mm); println(repr("text/plain", mm))
struct Countdown; n::Int; end
Base.iterate(c::Countdown, s = c.n) = s == 0 ? nothing : (s, s - 1)
Base.length(c::Countdown) = c.n
Base.eltype(::Type{Countdown}) = Int
Base.reverse(c::Countdown) = 1:c.n
Base.in(x, c::Countdown) = 1 <= x <= c.n
println(collect(Countdown(3)), " ", [2x for x in Countdown(3)], " ", reverse(Countdown(3)), " ", 5 in Countdown(3), " ", collect(enumerate(Countdown(2))), " ", sort(collect(Countdown(3))), " ", zip(Countdown(2), "ab") |> collect, " ", Dict(Countdown(2) .=> ["x", "y"]) |> length, " ", (Countdown(2)...,), " ", max(Countdown(4)...), " ", vcat(Countdown(2)...), " ", Set(Countdown(2)) == Set([1, 2]))
import Base: ==, hash
struct Key; a::Int; b::String; end
==(x::Key, y::Key) = x.a == y.a
hash(k::Key, h::UInt) = hash(k.a, h)
d = Dict(Key(1, "x") => 1); d[Key(1, "y")] = 2; println(length(d), d[Key(1, "zzz")], unique([Key(1, "a"), Key(1, "b"), Key(2, "c")]))
abstract type Plugin end
const PLUGINS = Plugin[]
register(p::Plugin) = (push!(PLUGINS, p); p)
struct Up <: Plugin end; struct Rep <: Plugin; n::Int; end
apply(::Up, s) = uppercase(s); apply(r::Rep, s) = s^r.n; apply(::Plugin, s) = s
struct Noop <: Plugin end
foreach(register, [Up(), Rep(2), Noop()])
println(foldl((s, p) -> apply(p, s), PLUGINS; init = "ab"), " ", PLUGINS, " ", findfirst(p -> p isa Rep, PLUGINS))
safediv(a, b) = b == 0 ? nothing : a / b
chain(x, fs...) = foldl((acc, f) -> acc === nothing ? nothing : f(acc), fs; init = x)
println(chain(10, x -> safediv(x, 2), x -> x + 1), " ", chain(10, x -> safediv(x, 0), x -> x + 1) === nothing, " ", something(chain(1, x -> safediv(x, 0)), "none"))
mutable struct Stats; n::Int; mean::Float64; m2::Float64; Stats() = new(0, 0.0, 0.0); end
function Base.push!(s::Stats, x)
    s.n += 1; δ = x - s.mean; s.mean += δ / s.n; s.m2 += δ * (x - s.mean); s
end
var_(s::Stats) = s.m2 / (s.n - 1)
st = foldl(push!, [2, 4, 4, 4, 5, 5, 7, 9]; init = Stats()); println(st.n, " ", st.mean, " ", round(var_(st), digits = 6))
α, β₁, x̂ = 1, 2.5, [3]; println(α + β₁, x̂, " ", √(β₁ * 10), " ", α ∈ x̂)
