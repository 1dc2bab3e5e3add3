# array types of the program: wrapping indices, a ring buffer, numbers with a unit
struct Grid{T} 
    cells::Matrix{T}
end
Base.getindex(g::Grid, i, j) = g.cells[mod1(i, size(g.cells, 1)), mod1(j, size(g.cells, 2))]
Base.getindex(g::Grid, I::CartesianIndex{2}) = g[I[1], I[2]]
Base.setindex!(g::Grid, v, i, j) = (g.cells[mod1(i, end_(g, 1)), mod1(j, end_(g, 2))] = v)
end_(g, d) = size(g.cells, d)
Base.lastindex(g::Grid, d) = size(g.cells, d)
Base.iterate(g::Grid, s...) = iterate(g.cells, s...)
Base.length(g::Grid) = length(g.cells)
Base.eltype(::Type{Grid{T}}) where {T} = T
g = Grid([1 2 3; 4 5 6])
println(g[0, 0], " ", g[3, 4], " ", g[CartesianIndex(1, -1)], " ", g[end, end], " ", collect(g), " ", sum(g), " ", maximum(g), " ", 5 in g, " ", [x^2 for x in g])
g[3, 1] = 10; println(g.cells)
mutable struct Ring{T} <: AbstractVector{T}
    buf::Vector{T}
    start::Int
    len::Int
end
Ring{T}(n::Int) where {T} = Ring{T}(Vector{T}(undef, n), 1, 0)
Base.size(r::Ring) = (r.len,)
function Base.getindex(r::Ring, i::Int)
    @boundscheck checkbounds(r, i)
    r.buf[mod1(r.start + i - 1, length(r.buf))]
end
function Base.setindex!(r::Ring, v, i::Int)
    @boundscheck checkbounds(r, i)
    r.buf[mod1(r.start + i - 1, length(r.buf))] = v
end
function Base.push!(r::Ring, v)
    if r.len < length(r.buf)
        r.len += 1
    else
        r.start = mod1(r.start + 1, length(r.buf))
    end
    r[r.len] = v
    r
end
function Base.popfirst!(r::Ring)
    isempty(r) && throw(ArgumentError("ring is empty"))
    v = r[1]
    r.start = mod1(r.start + 1, length(r.buf)); r.len -= 1
    v
end
r = Ring{Int}(3)
for i in 1:5 push!(r, i) end
println(r, " ", length(r), " ", r[end], " ", popfirst!(r), " ", r, " ", sum(r), " ", r .* 2, " ", reverse(r), " ", collect(r))
try r[3] catch e; println(sprint(showerror, e)) end
try r[0] = 1 catch e; println(sprint(showerror, e)) end
popfirst!(r); popfirst!(r)
try popfirst!(r) catch e; println(sprint(showerror, e)) end
println(isempty(r), " ", r)
show(stdout, MIME("text/plain"), r); println()
push!(r, 7); r[1] += 1; println(r, " ", first(r), " ", last(r), " ", eachindex(r), " ", sort!(push!(r, 2)), " ", findall(>(3), r), " ", r == [2, 8])
struct Meters <: Number
    v::Float64
end
Base.:+(a::Meters, b::Meters) = Meters(a.v + b.v)
Base.:-(a::Meters, b::Meters) = Meters(a.v - b.v)
Base.:*(a::Real, b::Meters) = Meters(a * b.v)
Base.:*(a::Meters, b::Real) = Meters(a.v * b)
Base.:/(a::Meters, b::Meters) = a.v / b.v
Base.:/(a::Meters, b::Real) = Meters(a.v / b)
Base.isless(a::Meters, b::Meters) = a.v < b.v
Base.zero(::Type{Meters}) = Meters(0)
Base.show(io::IO, m::Meters) = print(io, m.v, "m")
ms = Meters.([3, 1, 2])
println(ms, " ", sum(ms), " ", sort(ms), " ", maximum(ms), " ", 2 .* ms, " ", ms ./ Meters(2), " ", ms .+ Ref(Meters(1)), " ", ms .+ Meters(1), " ", cumsum(ms), " ", extrema(ms), " ", ms / 2, " ", 3 * ms, " ", diff(ms))
println(reduce(+, ms), " ", findmax(ms), " ", [Meters(1) Meters(2)], " ", zeros(Meters, 2), " ", ms == copy(ms), " ", Meters(1) in ms)
show(stdout, MIME("text/plain"), ms); println()
V = [10.5, 20.25]
for i in eachindex(V) V[i] = round(V[i]) end
for (i, x) in enumerate(V) V[i] = x / i end
println(V, " ", axes(V, 1), " ", keys(V), " ", eachindex(V))
println(typeof([1, 2, 3][2:3]), " ", typeof(view(1:5, 2:3)), " ", typeof([1 2][1, :]), " ", typeof((1:3)[2:3]), " ", typeof([1:3;]), " ", typeof(Any[1][1]))
println(isa([1], AbstractVector{<:Integer}), " ", Vector{Int} <: AbstractVector{<:Real}, " ", Vector{Int} <: Vector{Real}, " ", Array{Int,2} === Matrix{Int}, " ", eltype(Vector{<:Real}), " ", [1, 2] isa Vector{Int})
println(summary(zeros(2, 3)), " ", summary(1:3), " ", summary([1]'), " ", summary(trues(2)), " ", summary(reshape(1:4, 2, 2)), " ", summary("abc"), " ", summary(Dict(1 => 2)), " ", summary((1, 2)))
println(Base.dims2string((2, 3)), " ", Base.IteratorSize([1]), " ", Base.IndexStyle([1]), " ", Base.IndexStyle(view([1 2; 3 4], 1:1, :)), " ", strides(view(zeros(4, 4), 1:2:4, :)), " ", pointer([1]) isa Ptr)
