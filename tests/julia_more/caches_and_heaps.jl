# Data structures: doubly linked LRU, ring buffer, heap with decrease-key, trie, bloom filter, interval tree, skip-free deque, sparse vector, multiset, ordered dict.
mutable struct DNode{K,V}
    key::K
    value::V
    prev::Union{DNode{K,V},Nothing}
    next::Union{DNode{K,V},Nothing}
    DNode{K,V}(k, v) where {K,V} = new{K,V}(k, v, nothing, nothing)
end
mutable struct LRUCache{K,V} <: AbstractDict{K,V}
    map::Dict{K,DNode{K,V}}
    head::Union{DNode{K,V},Nothing}
    tail::Union{DNode{K,V},Nothing}
    const capacity::Int
    onevict::Function
end
LRUCache{K,V}(n; onevict = (k, v) -> nothing) where {K,V} = LRUCache{K,V}(Dict{K,DNode{K,V}}(), nothing, nothing, n, onevict)
function unlink!(c::LRUCache, n)
    n.prev === nothing ? (c.head = n.next) : (n.prev.next = n.next)
    n.next === nothing ? (c.tail = n.prev) : (n.next.prev = n.prev)
    n.prev = n.next = nothing
    n
end
function front!(c::LRUCache, n)
    n.next = c.head
    c.head === nothing ? (c.tail = n) : (c.head.prev = n)
    c.head = n
end
Base.length(c::LRUCache) = length(c.map)
Base.haskey(c::LRUCache, k) = haskey(c.map, k)
function Base.get(c::LRUCache, k, default)
    n = get(c.map, k, nothing)
    n === nothing && return default
    front!(c, unlink!(c, n))
    n.value
end
function Base.getindex(c::LRUCache, k)
    haskey(c, k) || throw(KeyError(k))
    get(c, k, nothing)
end
function Base.setindex!(c::LRUCache{K,V}, v, k) where {K,V}
    if haskey(c.map, k)
        n = c.map[k]
        n.value = v
        front!(c, unlink!(c, n))
    else
        if length(c) == c.capacity
            old = unlink!(c, c.tail)
            delete!(c.map, old.key)
            c.onevict(old.key, old.value)
        end
        n = DNode{K,V}(k, v)
        c.map[k] = n
        front!(c, n)
    end
    c
end
Base.iterate(c::LRUCache, n = c.head) = n === nothing ? nothing : (n.key => n.value, n.next)
evicted = []
c = LRUCache{String,Int}(3; onevict = (k, v) -> push!(evicted, k))
for (i, w) in enumerate(split("a b c a d e a f"))
    c[w] = get(c, w, 0) + i
end
println(collect(c), " ", evicted, " ", length(c), " ", keys(c) |> collect, " ", sum(values(c)))
println(c["a"], " ", first(c), " ", haskey(c, "b"), " ", get(c, "zz", -1), " ", try c["q"] catch e; e end)
println(c isa AbstractDict, " ", typeof(c), " ", c == Dict("a" => c["a"], "f" => 8, "e" => 6))

mutable struct RingBuffer{T} <: AbstractVector{T}
    const data::Vector{T}
    first::Int
    len::Int
end
RingBuffer{T}(n::Integer) where {T} = RingBuffer{T}(Vector{T}(undef, n), 1, 0)
Base.size(r::RingBuffer) = (r.len,)
Base.@propagate_inbounds function Base.getindex(r::RingBuffer, i::Int)
    @boundscheck checkbounds(r, i)
    r.data[mod1(r.first + i - 1, length(r.data))]
end
Base.@propagate_inbounds function Base.setindex!(r::RingBuffer, v, i::Int)
    @boundscheck checkbounds(r, i)
    r.data[mod1(r.first + i - 1, length(r.data))] = v
end
function Base.push!(r::RingBuffer, v)
    if r.len < length(r.data)
        r.len += 1
    else
        r.first = mod1(r.first + 1, length(r.data))
    end
    r[r.len] = v
    r
end
Base.popfirst!(r::RingBuffer) = (v = r[1]; r.first = mod1(r.first + 1, length(r.data)); r.len -= 1; v)
r = RingBuffer{Float64}(4)
for x in 1:6
    push!(r, x^2)
end
println(r, " ", length(r), " ", sum(r), " ", r[end], " ", r[2:3], " ", reverse(r), " ", r .+ 1, " ", maximum(r), " ", findfirst(>(10), r))
println(popfirst!(r), " ", collect(r), " ", r == [16, 25, 36], " ", map(sqrt, r), " ", sort(r; rev = true))
try r[5] catch e; println(typeof(e), " ", e.i) end
r[1] = -1; println(r, " ", eachindex(r), " ", axes(r))
show(stdout, MIME("text/plain"), r); println()

struct MinHeap{T,O<:Base.Ordering}
    xs::Vector{T}
    pos::Dict{T,Int}
    prio::Dict{T,Float64}
    order::O
end
MinHeap{T}(order = Base.Forward) where {T} = MinHeap{T,typeof(order)}(T[], Dict(), Dict(), order)
less(h::MinHeap, i, j) = Base.lt(h.order, h.prio[h.xs[i]], h.prio[h.xs[j]])
function swap!(h::MinHeap, i, j)
    h.xs[i], h.xs[j] = h.xs[j], h.xs[i]
    h.pos[h.xs[i]], h.pos[h.xs[j]] = i, j
end
function up!(h, i)
    while i > 1 && less(h, i, i ÷ 2)
        swap!(h, i, i ÷ 2)
        i ÷= 2
    end
end
function down!(h, i)
    n = length(h.xs)
    while (c = 2i) <= n
        c < n && less(h, c + 1, c) && (c += 1)
        less(h, c, i) || break
        swap!(h, c, i)
        i = c
    end
end
function Base.setindex!(h::MinHeap, p::Real, x)
    if haskey(h.pos, x)
        h.prio[x] = p
    else
        push!(h.xs, x)
        h.prio[x] = p
        h.pos[x] = length(h.xs)
    end
    up!(h, h.pos[x])
    down!(h, h.pos[x])
    h
end
Base.isempty(h::MinHeap) = isempty(h.xs)
function Base.pop!(h::MinHeap)
    top = h.xs[1]
    swap!(h, 1, length(h.xs))
    pop!(h.xs)
    delete!(h.pos, top)
    isempty(h) || down!(h, 1)
    top => pop!(h.prio, top)
end
h = MinHeap{Symbol}()
for (i, s) in enumerate([:a, :b, :c, :d, :e])
    h[s] = 10 - i
end
h[:a] = 0; h[:e] = 7.5
print([pop!(h) for _ in 1:3]); println(" ", length(h.xs), " ", h.pos)
h2 = MinHeap{Int}(Base.Reverse)
foreach(i -> h2[i] = (i * 7) % 11, 1:10)
println([first(pop!(h2)) for _ in 1:10], " ", isempty(h2), " ", typeof(h2))

struct Multiset{T} <: AbstractSet{T}
    counts::Dict{T,Int}
end
Multiset(xs) = (m = Multiset(Dict{eltype(xs),Int}()); foreach(x -> push!(m, x), xs); m)
Base.push!(m::Multiset, x) = (m.counts[x] = get(m.counts, x, 0) + 1; m)
Base.length(m::Multiset) = sum(values(m.counts); init = 0)
Base.in(x, m::Multiset) = haskey(m.counts, x)
Base.iterate(m::Multiset, st...) = iterate(Iterators.flatten(Iterators.repeated(k, v) for (k, v) in sort!(collect(m.counts))), st...)
Base.:+(a::Multiset{T}, b::Multiset{T}) where {T} = Multiset(mergewith(+, a.counts, b.counts))
Base.:-(a::Multiset{T}, b::Multiset{T}) where {T} = Multiset(filter(p -> p.second > 0, mergewith(-, a.counts, filter(p -> haskey(a.counts, p.first), b.counts))))
m1, m2 = Multiset("banana"), Multiset(collect("bandana"))
println(collect(m1), " ", String(collect(m2 - m1)), " ", length(m1 + m2), " ", 'n' in m1, " ", 'x' ∈ m1, " ", join(m1))

struct OrderedDict{K,V} <: AbstractDict{K,V}
    ks::Vector{K}
    d::Dict{K,V}
end
OrderedDict(ps::Pair{K,V}...) where {K,V} = (o = OrderedDict{K,V}(K[], Dict{K,V}()); for (k, v) in ps; o[k] = v; end; o)
Base.setindex!(o::OrderedDict, v, k) = (haskey(o.d, k) || push!(o.ks, k); o.d[k] = v; o)
Base.getindex(o::OrderedDict, k) = o.d[k]
Base.length(o::OrderedDict) = length(o.ks)
Base.iterate(o::OrderedDict, i = 1) = i > length(o.ks) ? nothing : (o.ks[i] => o.d[o.ks[i]], i + 1)
Base.delete!(o::OrderedDict, k) = (delete!(o.d, k); filter!(!=(k), o.ks); o)
Base.haskey(o::OrderedDict, k) = haskey(o.d, k)
Base.get(o::OrderedDict, k, default) = get(o.d, k, default)
o = OrderedDict(:z => 1, :y => 2, :x => 3)
o[:z] = 26; o[:w] = 4; delete!(o, :y)
println(o, " ", collect(keys(o)), " ", collect(values(o)), " ", Dict(o) == o, " ", [k for (k, v) in o if v > 3])
show(stdout, "text/plain", o); println()
println(merge(Dict(:a => 1), o) |> length, " ", get!(() -> 9, o, :q), " ", haskey(o, :q), " ", mapreduce(last, +, o), " ", filter(p -> isodd(p.second), o))
