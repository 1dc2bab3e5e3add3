# Graphs: generic interface, BFS/DFS iterators, components, bridges, colouring, flows, Euler, MST, SCC, PageRank.
abstract type AbstractGraph{T} end
struct Edge{T,W<:Real}
    src::T
    dst::T
    weight::W
end
Edge(a, b) = Edge(a, b, 1)
Base.show(io::IO, e::Edge) = print(io, e.src, "→", e.dst, isone(e.weight) ? "" : "($(e.weight))")
Base.reverse(e::Edge) = Edge(e.dst, e.src, e.weight)
struct Graph{T,W} <: AbstractGraph{T}
    adj::Dict{T,Vector{Edge{T,W}}}
    directed::Bool
end
Graph{T,W}(; directed = false) where {T,W} = Graph{T,W}(Dict{T,Vector{Edge{T,W}}}(), directed)
function Graph(edges::Vector{Edge{T,W}}; directed = false) where {T,W}
    g = Graph{T,W}(; directed)
    for e in edges
        push!(g, e)
    end
    g
end
function Base.push!(g::Graph{T,W}, e::Edge{T,W}) where {T,W}
    push!(get!(Vector{Edge{T,W}}, g.adj, e.src), e)
    back = get!(Vector{Edge{T,W}}, g.adj, e.dst)
    g.directed || push!(back, reverse(e))
    g
end
vertices(g::AbstractGraph) = sort!(collect(keys(g.adj)))
neighbors(g::AbstractGraph, v) = (e.dst for e in g.adj[v])
edges(g::Graph) = [e for v in vertices(g) for e in g.adj[v] if g.directed || e.src <= e.dst]
Base.length(g::AbstractGraph) = length(g.adj)
Base.eltype(::Type{<:AbstractGraph{T}}) where {T} = T
Base.in(v, g::AbstractGraph) = haskey(g.adj, v)
function Base.show(io::IO, ::MIME"text/plain", g::Graph)
    println(io, g.directed ? "directed" : "undirected", " graph with ", length(g), " vertices and ", length(edges(g)), " edges:")
    for v in vertices(g)
        println(io, "  ", v, " : ", join(sort!(collect(neighbors(g, v))), " "))
    end
end
Base.show(io::IO, g::Graph{T}) where {T} = print(io, "Graph{", T, "}(", length(g), ")")

# traversal as lazy iterators
struct Walk{G,T}
    g::G
    start::T
    breadth::Bool
end
bfs(g, v) = Walk(g, v, true)
dfs(g, v) = Walk(g, v, false)
Base.IteratorSize(::Type{<:Walk}) = Base.SizeUnknown()
Base.eltype(::Type{Walk{G,T}}) where {G,T} = T
function Base.iterate(w::Walk{G,T}, (todo, seen) = (T[w.start], Set{T}())) where {G,T}
    while !isempty(todo)
        v = w.breadth ? popfirst!(todo) : pop!(todo)
        v in seen && continue
        push!(seen, v)
        next = sort(collect(neighbors(w.g, v)); rev = !w.breadth)
        append!(todo, (x for x in next if !(x in seen)))
        return v, (todo, seen)
    end
    nothing
end
g = Graph([Edge(a, b, w) for (a, b, w) in [(:a, :b, 4), (:a, :c, 1), (:c, :b, 2), (:b, :d, 5), (:d, :e, 3), (:f, :g, 1), (:c, :d, 8)]])
show(stdout, MIME"text/plain"(), g)
println(g, " ", eltype(g), " ", :a in g, " ", :z ∈ g, " ", edges(g))
println(collect(bfs(g, :a)), " ", collect(dfs(g, :a)), " ", eltype(bfs(g, :a)), " ", first(Iterators.drop(bfs(g, :a), 2)))
println(Iterators.takewhile(!=(:d), dfs(g, :a)) |> collect)

components(g) = begin
    left = Set(vertices(g))
    out = Vector{eltype(g)}[]
    while !isempty(left)
        c = sort!(collect(bfs(g, minimum(left))))
        push!(out, c)
        setdiff!(left, c)
    end
    out
end
println(components(g))

# union-find and Kruskal
struct DisjointSets{T}
    parent::Dict{T,T}
    rank::Dict{T,Int}
end
DisjointSets(xs) = DisjointSets(Dict(x => x for x in xs), Dict(x => 0 for x in xs))
find!(d::DisjointSets, x) = d.parent[x] == x ? x : (d.parent[x] = find!(d, d.parent[x]))
function unite!(d::DisjointSets, a, b)
    a, b = find!(d, a), find!(d, b)
    a == b && return false
    if d.rank[a] < d.rank[b]
        a, b = b, a
    end
    d.parent[b] = a
    d.rank[a] == d.rank[b] && (d.rank[a] += 1)
    true
end
function kruskal(g)
    d = DisjointSets(vertices(g))
    [e for e in sort(edges(g); by = e -> (e.weight, e.src, e.dst)) if unite!(d, e.src, e.dst)]
end
mst = kruskal(g)
println(mst, " total ", sum(e.weight for e in mst))

# strongly connected components (Tarjan), topological order
function tarjan(g::Graph{T}) where {T}
    index, low, onstack = Dict{T,Int}(), Dict{T,Int}(), Set{T}()
    stack, result = T[], Vector{T}[]
    counter = 0
    function connect(v)
        counter += 1
        index[v] = low[v] = counter
        push!(stack, v); push!(onstack, v)
        for w in neighbors(g, v)
            if !haskey(index, w)
                connect(w)
                low[v] = min(low[v], low[w])
            elseif w in onstack
                low[v] = min(low[v], index[w])
            end
        end
        if low[v] == index[v]
            comp = T[]
            while true
                w = pop!(stack)
                delete!(onstack, w)
                push!(comp, w)
                w == v && break
            end
            push!(result, sort!(comp))
        end
    end
    for v in vertices(g)
        haskey(index, v) || connect(v)
    end
    result
end
d = Graph([Edge(a, b) for (a, b) in [1 => 2, 2 => 3, 3 => 1, 3 => 4, 4 => 5, 5 => 6, 6 => 4, 7 => 6]]; directed = true)
println(tarjan(d), " ", d, " ", edges(d)[1:3])

# bipartite check with the odd cycle as a witness, greedy colouring
function twocolor(g)
    color = Dict{eltype(g),Bool}()
    for s in vertices(g)
        haskey(color, s) && continue
        color[s] = true
        for v in bfs(g, s), w in neighbors(g, v)
            if get!(color, w, !color[v]) == color[v]
                return nothing
            end
        end
    end
    color
end
even = Graph([Edge(i, mod1(i + 1, 6)) for i in 1:6])
odd = Graph([Edge(i, mod1(i + 1, 5)) for i in 1:5])
println(sort([k for (k, v) in twocolor(even) if v]), " ", twocolor(odd), " ", isnothing(twocolor(g)))
function greedy(g)
    color = Dict{eltype(g),Int}()
    for v in sort(vertices(g), by = v -> -length(g.adj[v]))
        used = Set(get(color, w, 0) for w in neighbors(g, v))
        color[v] = first(c for c in Iterators.countfrom(1) if c ∉ used)
    end
    color
end
println(sort!(collect(greedy(odd))), " ", maximum(values(greedy(g))))

# maximum flow by augmenting paths on a matrix, min cut
function maxflow(cap::Matrix{Int}, s, t)
    n = size(cap, 1)
    res = copy(cap)
    flow = 0
    reach = falses(n)
    while true
        prev = zeros(Int, n)
        prev[s] = s
        queue = [s]
        while !isempty(queue) && prev[t] == 0
            u = popfirst!(queue)
            for v in findall(>(0), @view res[u, :])
                prev[v] == 0 || continue
                prev[v] = u
                push!(queue, v)
            end
        end
        if prev[t] == 0
            reach .= prev .!= 0
            break
        end
        path = [t]
        while path[end] != s
            push!(path, prev[path[end]])
        end
        b = minimum(res[path[i+1], path[i]] for i in 1:length(path)-1)
        for i in 1:length(path)-1
            res[path[i+1], path[i]] -= b
            res[path[i], path[i+1]] += b
        end
        flow += b
    end
    flow, findall(reach), max.(cap - res, 0)
end
cap = [0 16 13 0 0 0; 0 0 10 12 0 0; 0 4 0 0 14 0; 0 0 9 0 0 20; 0 0 0 7 0 4; 0 0 0 0 0 0]
f, side, flows = maxflow(cap, 1, 6)
println(f, " ", side, " ", sum(flows[1, :]), " ", sum(flows[:, 6]))
display(flows)

# Euler path, PageRank with a stopping rule
function euler(g)
    odd = [v for v in vertices(g) if isodd(length(g.adj[v]))]
    length(odd) in (0, 2) || return nothing
    left = Dict(v => sort!(collect(neighbors(g, v))) for v in vertices(g))
    stack, path = [isempty(odd) ? minimum(keys(left)) : odd[1]], eltype(g)[]
    while !isempty(stack)
        v = stack[end]
        if isempty(left[v])
            push!(path, pop!(stack))
        else
            w = popfirst!(left[v])
            deleteat!(left[w], findfirst(==(v), left[w]))
            push!(stack, w)
        end
    end
    reverse!(path)
end
house = Graph([Edge(a, b) for (a, b) in [(1, 2), (2, 3), (3, 4), (4, 1), (1, 3), (2, 4), (3, 5), (4, 5)]])
println(euler(house), " ", euler(odd), " ", euler(Graph([Edge(1, 2), Edge(1, 3), Edge(1, 4)])))
function pagerank(g; damping = 0.85, tol = 1e-10)
    vs = vertices(g)
    r = Dict(v => 1 / length(vs) for v in vs)
    for it in 1:1000
        new = Dict(v => (1 - damping) / length(vs) for v in vs)
        for v in vs
            out = g.adj[v]
            if isempty(out)
                foreach(w -> new[w] += damping * r[v] / length(vs), vs)
            else
                foreach(e -> new[e.dst] += damping * r[v] / length(out), out)
            end
        end
        delta = sum(abs(new[v] - r[v]) for v in vs)
        r = new
        delta < tol && return r, it
    end
    error("no convergence")
end
r, its = pagerank(d)
println([v => round(x; digits = 4) for (v, x) in sort(collect(r); by = p -> (-p[2], p[1]))], " ", sum(values(r)) ≈ 1, " ", its < 100)
