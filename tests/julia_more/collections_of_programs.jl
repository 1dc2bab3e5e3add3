# Maps, bags, caches, tries and heaps of a program with Base's protocols; keywords in brackets.
struct OrderedMap{K,V} <: AbstractDict{K,V}
    ks::Vector{K}
    d::Dict{K,V}
end
OrderedMap{K,V}() where {K,V} = OrderedMap{K,V}(K[], Dict{K,V}())
function OrderedMap(ps::Pair{K,V}...) where {K,V}
    m = OrderedMap{K,V}()
    for (k, v) in ps
        m[k] = v
    end
    m
end
Base.length(m::OrderedMap) = length(m.ks)
Base.iterate(m::OrderedMap, i = 1) = i > length(m.ks) ? nothing : (m.ks[i] => m.d[m.ks[i]], i + 1)
Base.get(m::OrderedMap, k, default) = get(m.d, k, default)
Base.haskey(m::OrderedMap, k) = haskey(m.d, k)
function Base.setindex!(m::OrderedMap, v, k)
    haskey(m.d, k) || push!(m.ks, k)
    m.d[k] = v
    m
end
Base.delete!(m::OrderedMap, k) = (filter!(!=(k), m.ks); delete!(m.d, k); m)
m = OrderedMap("z" => 1, "a" => 2)
m["m"] = 3
m["z"] += 10
println(m["z"], " ", keys(m), " ", collect(values(m)), " ", length(m), " ", haskey(m, "q"), " ", get(m, "q", 0), " ", collect(m), " ", [k for (k, v) in m if v > 2], " ", "a" in keys(m), " ", m == Dict("z" => 11, "a" => 2, "m" => 3), " ", first(m))
println(m, " ", typeof(m), " ", eltype(m), " ", keytype(m), " ", valtype(m), " ", sum(values(m)), " ", get!(m, "n", 7), " ", collect(keys(m)), " ", delete!(m, "a") |> length, " ", pop!(Dict(m), "m"), " ", merge(Dict("p" => 0), m) |> length, " ", filter(p -> p.second > 5, m) |> typeof)
try
    m["nope"]
catch e
    println(typeof(e), " ", sprint(showerror, e))
end
show(stdout, MIME("text/plain"), m)
println()
struct Bag{T}
    counts::Dict{T,Int}
end
Bag(xs) = (b = Bag(Dict{eltype(xs),Int}()); foreach(x -> push!(b, x), xs); b)
Base.push!(b::Bag, x) = (b.counts[x] = b[x] + 1; b)
Base.getindex(b::Bag, x) = get(b.counts, x, 0)
Base.length(b::Bag) = sum(values(b.counts); init = 0)
Base.eltype(::Type{Bag{T}}) where {T} = T
Base.in(x, b::Bag) = b[x] > 0
Base.union(a::Bag, b::Bag) = Bag(mergewith(max, a.counts, b.counts))
Base.:+(a::Bag, b::Bag) = Bag(mergewith(+, a.counts, b.counts))
Base.issubset(a::Bag, b::Bag) = all(n <= b[k] for (k, n) in a.counts)
function Base.iterate(b::Bag, st = (sort!(collect(keys(b.counts))), 1, 1))
    ks, i, n = st
    i > length(ks) && return nothing
    n > b.counts[ks[i]] && return iterate(b, (ks, i + 1, 1))
    ks[i], (ks, i, n + 1)
end
Base.show(io::IO, b::Bag) = print(io, "Bag(", join(("$k×$n" for (k, n) in sort!(collect(b.counts))), ", "), ")")
b = Bag("mississippi")
println(b, " ", length(b), " ", b['s'], " ", 'z' in b, " ", join(b), " ", collect(Bag([2, 1, 2])), " ", Bag([1]) ⊆ Bag([1, 1]), " ", Bag([1, 1, 2]) + Bag([2]), " ", union(Bag([1, 1]), Bag([1, 3])), " ", Bag(Int[]), " ", maximum(b), " ", [uppercase(c) for c in Bag("ba")])
mutable struct LRU{K,V}
    cap::Int
    order::Vector{K}
    data::Dict{K,V}
    hits::Int
    misses::Int
    LRU{K,V}(cap) where {K,V} = new{K,V}(cap, K[], Dict{K,V}(), 0, 0)
end
function Base.get!(f::Function, c::LRU, k)
    if haskey(c.data, k)
        c.hits += 1
        deleteat!(c.order, findfirst(==(k), c.order))
    else
        c.misses += 1
        length(c.order) == c.cap && delete!(c.data, popfirst!(c.order))
        c.data[k] = f()
    end
    push!(c.order, k)
    c.data[k]
end
c = LRU{Int,String}(2)
for k in [1, 2, 1, 3, 2, 1]
    get!(c, k) do
        "v$k"
    end
end
println(c.order, " ", c.hits, "/", c.misses, " ", sort(collect(c.data)))
mutable struct Trie
    kids::Dict{Char,Trie}
    stop::Bool
    Trie() = new(Dict{Char,Trie}(), false)
end
function Base.push!(t::Trie, w::AbstractString)
    n = t
    for ch in w
        n = get!(Trie, n.kids, ch)
    end
    n.stop = true
    t
end
function node(t::Trie, w)
    for ch in w
        t = get(t.kids, ch, nothing)
        t === nothing && return nothing
    end
    t
end
Base.in(w::AbstractString, t::Trie) = (n = node(t, w); n !== nothing && n.stop)
function words(t::Trie, pre = "", out = String[])
    t.stop && push!(out, pre)
    for k in sort!(collect(keys(t.kids)))
        words(t.kids[k], pre * k, out)
    end
    out
end
complete(t, pre) = (n = node(t, pre); n === nothing ? String[] : words(n, pre))
t = foldl(push!, ["tea", "ten", "to", "inn", "tent"]; init = Trie())
println("ten" in t, " ", "te" in t, " ", words(t), " ", complete(t, "te"), " ", complete(t, "x"), " ", length(t.kids))
struct Heap{T,F}
    v::Vector{T}
    lt::F
end
Heap{T}(lt = isless) where {T} = Heap(T[], lt)
Base.isempty(h::Heap) = isempty(h.v)
Base.length(h::Heap) = length(h.v)
Base.first(h::Heap) = first(h.v)
function Base.push!(h::Heap, x)
    push!(h.v, x)
    i = length(h.v)
    while i > 1 && h.lt(h.v[i], h.v[i÷2])
        h.v[i], h.v[i÷2] = h.v[i÷2], h.v[i]
        i ÷= 2
    end
    h
end
function Base.pop!(h::Heap)
    v = h.v
    v[1], v[end] = v[end], v[1]
    x = pop!(v)
    i = 1
    while 2i <= length(v)
        j = 2i < length(v) && h.lt(v[2i+1], v[2i]) ? 2i + 1 : 2i
        h.lt(v[j], v[i]) || break
        v[i], v[j] = v[j], v[i]
        i = j
    end
    x
end
h = Heap{Int}()
foreach(x -> push!(h, x), [5, 2, 9, 1, 7])
println(first(h), " ", [pop!(h) for _ in 1:length(h)], " ", isempty(h))
h2 = Heap{Tuple{Float64,String}}((a, b) -> a[1] > b[1])
foreach(x -> push!(h2, x), [(1.5, "low"), (9.0, "high"), (3, "mid")])
println(pop!(h2), pop!(h2), length(h2), " ", typeof(Heap{Int}()))
struct Named{T,N,NT<:NamedTuple}
    data::Array{T,N}
    axes::NT
end
Base.getindex(n::Named; kw...) = n.data[(let ax = n.axes[k]
    haskey(kw, k) ? something(findfirst(==(kw[k]), ax)) : Colon()
end for k in keys(n.axes))...]
nm = Named([1 2 3; 4 5 6], (row = ["a", "b"], col = [:x, :y, :z]))
println(nm[row = "a"], " ", nm[col = :y], " ", nm[row = "b", col = :z], " ", nm[], " ", keys(nm.axes))
struct Graph
    adj::Dict{Symbol,Vector{Symbol}}
end
Graph(es::Pair...) = (d = Dict{Symbol,Vector{Symbol}}(); foreach(e -> (push!(get!(d, e.first, Symbol[]), e.second); get!(d, e.second, Symbol[])), es); Graph(d))
struct BFS
    g::Graph
    start::Symbol
end
Base.IteratorSize(::Type{BFS}) = Base.SizeUnknown()
Base.eltype(::Type{BFS}) = Symbol
function Base.iterate(b::BFS, (q, seen) = ([b.start], Set([b.start])))
    isempty(q) && return nothing
    v = popfirst!(q)
    for w in sort(b.g.adj[v])
        w in seen || (push!(seen, w); push!(q, w))
    end
    v, (q, seen)
end
g = Graph(:a => :b, :a => :c, :b => :d, :c => :d, :d => :e)
println(collect(BFS(g, :a)), " ", first(BFS(g, :c)), " ", :e in BFS(g, :b), " ", count(_ -> true, BFS(g, :d)), " ", join(BFS(g, :b), "->"), " ", [s for s in BFS(g, :a) if s != :c], " ", Tuple(BFS(g, :d)), " ", enumerate(BFS(g, :d)) |> collect, " ", zip(BFS(g, :a), 1:2) |> collect, " ", reduce((x, y) -> Symbol(x, y), BFS(g, :a)))
