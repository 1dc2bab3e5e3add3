# A discrete simulation, a cache, shortest paths, orders, an adventure, accounts, an interpreter.
abstract type Event end
struct Arrive <: Event; t::Float64; id::Int; end
struct Depart <: Event; t::Float64; id::Int; end
Base.isless(a::Event, b::Event) = isless((a.t, a.id), (b.t, b.id))
mutable struct Sim
    now::Float64
    queue::Vector{Event}
    waiting::Vector{Int}
    busy::Union{Nothing,Int}
    log::Vector{String}
end
Sim() = Sim(0.0, Event[], Int[], nothing, String[])
schedule!(s::Sim, e::Event) = (push!(s.queue, e); sort!(s.queue; rev = true); s)
function handle!(s::Sim, e::Arrive)
    push!(s.log, "t=$(e.t) arrive $(e.id)")
    if s.busy === nothing
        s.busy = e.id
        schedule!(s, Depart(s.now + 2.5, e.id))
    else
        push!(s.waiting, e.id)
    end
end
function handle!(s::Sim, e::Depart)
    push!(s.log, "t=$(e.t) depart $(e.id)")
    if isempty(s.waiting)
        s.busy = nothing
    else
        s.busy = popfirst!(s.waiting)
        schedule!(s, Depart(s.now + 2.5, s.busy))
    end
end
function run!(s::Sim)
    while !isempty(s.queue)
        e = pop!(s.queue)
        s.now = e.t
        handle!(s, e)
    end
    s
end
s = Sim()
foreach(i -> schedule!(s, Arrive(i * 1.0, i)), 1:3)
foreach(println, run!(s).log)
println(s.now, " ", s.busy, " ", s)
mutable struct LRU{K,V}
    cap::Int
    order::Vector{K}
    data::Dict{K,V}
    hits::Int
    misses::Int
end
LRU{K,V}(cap) where {K,V} = LRU{K,V}(cap, K[], Dict{K,V}(), 0, 0)
function Base.get!(f::Function, c::LRU{K,V}, k) where {K,V}
    if haskey(c.data, k)
        c.hits += 1
        deleteat!(c.order, findfirst(==(k), c.order))
    else
        c.misses += 1
        c.data[k] = f()
        length(c.order) >= c.cap && delete!(c.data, popfirst!(c.order))
    end
    push!(c.order, k)
    c.data[k]
end
c = LRU{Int,String}(2)
for k in [1, 2, 1, 3, 2, 1]
    get!(() -> "v$k", c, k)
end
println(c.order, " ", sort(collect(c.data)), " ", c.hits, "/", c.misses, " ", typeof(c))
function chain(dims)
    n = length(dims) - 1
    cost = zeros(Int, n, n)
    split_ = zeros(Int, n, n)
    for len in 2:n, i in 1:n-len+1
        j = i + len - 1
        cost[i, j], split_[i, j] = minimum((cost[i, k] + cost[k+1, j] + dims[i] * dims[k+1] * dims[j+1], k) for k in i:j-1)
    end
    paren(i, j) = i == j ? "A$i" : "(" * paren(i, split_[i, j]) * paren(split_[i, j] + 1, j) * ")"
    cost[1, n], paren(1, n)
end
println(chain([10, 30, 5, 60]), " ", chain([40, 20, 30, 10, 30]))
function dijkstra(g, src)
    dist = Dict(k => Inf for k in keys(g))
    prev = Dict{eltype(keys(g)),Union{Nothing,eltype(keys(g))}}(k => nothing for k in keys(g))
    dist[src] = 0
    todo = Set(keys(g))
    while !isempty(todo)
        u = argmin(k -> (dist[k], k), todo)
        delete!(todo, u)
        for (v, w) in g[u]
            alt = dist[u] + w
            alt < dist[v] && ((dist[v], prev[v]) = (alt, u))
        end
    end
    dist, prev
end
g = Dict('a' => ['b' => 7, 'c' => 3], 'b' => ['d' => 2], 'c' => ['b' => 1, 'd' => 8], 'd' => Pair{Char,Int}[], 'z' => Pair{Char,Int}[])
dist, prev = dijkstra(g, 'a')
path(p, t) = p[t] === nothing ? string(t) : path(p, p[t]) * string(t)
println(sort(collect(dist)), " ", path(prev, 'd'), " ", prev['a'])
function toposort(deps)
    order, state = String[], Dict{String,Symbol}()
    function visit(n)
        st = get(state, n, :new)
        st === :done && return
        st === :active && throw(ArgumentError("cycle at $n"))
        state[n] = :active
        foreach(visit, sort(get(deps, n, String[])))
        state[n] = :done
        push!(order, n)
    end
    foreach(visit, sort(collect(keys(deps))))
    order
end
println(toposort(Dict("app" => ["lib", "log"], "lib" => ["core"], "log" => ["core"], "core" => String[])))
try toposort(Dict("a" => ["b"], "b" => ["a"])) catch e println(e.msg) end
struct Room; name::String; exits::Dict{Symbol,Int}; items::Vector{String}; end
rooms = [Room("hall", Dict(:n => 2), ["lamp"]), Room("attic", Dict(:s => 1, :e => 3), []), Room("tower", Dict(:w => 2), ["gold", "map"])]
let pos = 1, inv = String[]
    for cmd in split("look; go e; go n; go e; take gold; take sword; look; drop gold; inv", "; ")
        verb, arg = (split(cmd)..., "")
        r = rooms[pos]
        out = if verb == "look"
            "$(r.name): exits $(join(sort(string.(keys(r.exits))), ",")) items $(isempty(r.items) ? "none" : join(r.items, ","))"
        elseif verb == "go"
            pos = get(r.exits, Symbol(arg), pos)
            rooms[pos] === r ? "no way $arg" : "now in $(rooms[pos].name)"
        elseif verb == "take"
            i = findfirst(==(arg), r.items)
            i === nothing ? "no $arg here" : (push!(inv, popat!(r.items, i)); "took $arg")
        elseif verb == "drop"
            filter!(!=(arg), inv); push!(r.items, arg); "dropped $arg"
        else
            "have $(inv)"
        end
        println("> ", rpad(cmd, 11), out)
    end
end
accounts = Dict("ann" => 100.0, "bob" => 20.0)
struct Insufficient <: Exception; who; need; have; end
Base.showerror(io::IO, e::Insufficient) = print(io, e.who, " needs ", e.need, " but has ", e.have)
function transfer!(a, from, to, amt)
    haskey(a, to) || throw(KeyError(to))
    a[from] < amt && throw(Insufficient(from, amt, a[from]))
    a[from] -= amt; a[to] += amt
    (; from, to, amt)
end
for args in [("ann", "bob", 30), ("bob", "ann", 500), ("ann", "eve", 1), ("zed", "ann", 1)]
    r = try transfer!(accounts, args...) catch e; sprint(showerror, e) end
    println(r)
end
println(sort(collect(accounts)), " ", sum(values(accounts)))
rng = let st = UInt32(42); () -> (st ⊻= st << 13; st ⊻= st >> 17; st ⊻= st << 5; st); end
println([Int(rng() % 100) for _ in 1:5], " ", rng())
bf(src, input = "") = begin
    tape, ptr, pc, out, inp = zeros(UInt8, 100), 1, 1, IOBuffer(), IOBuffer(input)
    jump, st = Dict{Int,Int}(), Int[]
    for (i, ch) in enumerate(src)
        ch == '[' ? push!(st, i) : ch == ']' && (j = pop!(st); jump[i] = j; jump[j] = i)
    end
    while pc <= length(src)
        ch = src[pc]
        ch == '>' ? (ptr += 1) : ch == '<' ? (ptr -= 1) : ch == '+' ? (tape[ptr] += 0x01) : ch == '-' ? (tape[ptr] -= 0x01) : ch == '.' ? write(out, tape[ptr]) : ch == ',' ? (tape[ptr] = eof(inp) ? 0x00 : read(inp, UInt8)) : ch == '[' && tape[ptr] == 0 ? (pc = jump[pc]) : ch == ']' && tape[ptr] != 0 ? (pc = jump[pc]) : nothing
        pc += 1
    end
    String(take!(out))
end
println(bf("++++++++[>++++[>++>+++>+++>+<<<<-]>+>+>->>+[<]<-]>>.>---.+++++++..+++."), bf(",[.,]", "echo"))
