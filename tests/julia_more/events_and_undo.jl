# Event bus, reactive values, observers, middleware chain, dependency injection, plugins, undo/redo, command pattern, text buffer.
module Events
export Bus, on!, off!, emit!, Signal, computed, effect!

const Handler = Function
mutable struct Subscription
    const id::Int
    const topic::Symbol
    const handler::Handler
    const priority::Int
    active::Bool
end
struct Bus
    subs::Dict{Symbol,Vector{Subscription}}
    counter::Base.RefValue{Int}
    errors::Vector{Exception}
end
Bus() = Bus(Dict{Symbol,Vector{Subscription}}(), Ref(0), Exception[])
function on!(f::Function, b::Bus, topic::Symbol; priority = 0, once = false)
    b.counter[] += 1
    id = b.counter[]
    local sub
    handler = once ? (args...; kw...) -> (sub.active = false; f(args...; kw...)) : f
    sub = Subscription(id, topic, handler, priority, true)
    list = get!(() -> Subscription[], b.subs, topic)
    at = searchsortedlast(list, sub; by = s -> -s.priority)
    insert!(list, at + 1, sub)
    sub
end
off!(b::Bus, s::Subscription) = (s.active = false; filter!(x -> x !== s, b.subs[s.topic]); b)
function emit!(b::Bus, topic::Symbol, args...; kw...)
    n = 0
    for s in copy(get(b.subs, topic, Subscription[]))
        s.active || continue
        try
            s.handler(args...; kw...)
            n += 1
        catch e
            push!(b.errors, e)
        end
    end
    haskey(b.subs, topic) && filter!(s -> s.active, b.subs[topic])
    n
end

mutable struct Signal{T}
    value::T
    listeners::Vector{Function}
    Signal{T}(x) where {T} = new{T}(x, Function[])
end
Signal(x::T) where {T} = Signal{T}(x)
Base.getindex(s::Signal) = s.value
function Base.setindex!(s::Signal, v)
    old = s.value
    s.value = v
    isequal(old, v) || foreach(f -> f(v), s.listeners)
    v
end
Base.show(io::IO, s::Signal{T}) where {T} = print(io, "Signal{", T, "}(", repr(s.value), ", ", length(s.listeners), " listeners)")
function computed(f, deps::Signal...)
    s = Signal(f(map(getindex, deps)...))
    for d in deps
        push!(d.listeners, _ -> (s[] = f(map(getindex, deps)...)))
    end
    s
end
effect!(f, s::Signal) = (push!(s.listeners, f); f(s[]))
end
using .Events
b = Bus()
log = String[]
s1 = on!(b, :greet) do name; greeting = "hello"
    push!(log, "$greeting $name")
end
on!((n; kw...) -> push!(log, "first $n $(length(kw))"), b, :greet; priority = 10)
on!(n -> push!(log, "once $n"), b, :greet; once = true)
on!(n -> error("bad handler for $n"), b, :greet, priority = -1)
println(emit!(b, :greet, "ann"), " ", log, " ", b.errors)
empty!(log)
println(emit!(b, :greet, "bob"; loud = true), " ", log, " ", length(b.errors), " ", typeof.(b.errors))
off!(b, s1)
empty!(log); println(emit!(b, :greet, "cy"), log, " ", emit!(b, :nothing), " ", [s.priority for s in b.subs[:greet]])

x, y = Signal(3), Signal(4)
h = computed(hypot, x, y)
label = computed(v -> "h=$(round(v; digits = 2))", h)
seen = []
effect!(v -> push!(seen, v), label)
x[] = 6; y[] = 8; y[] = 8
println(h[], " ", label[], " ", seen, " ", x, " ", h)

# middleware as function composition
const Next = Any
logger(next) = req -> (r = next(req); push!(log, "$(req.path) -> $(r.status)"); r)
auth(token) = next -> req -> get(req.headers, "auth", "") == token ? next(req) : (status = 401, body = "denied")
function router(routes)
    function (req)
        for (pattern, f) in routes
            m = match(pattern, req.path)
            m === nothing || return f(req, m)
        end
        (status = 404, body = "no route for $(req.path)")
    end
end
safe(next) = req -> try
    next(req)
catch e
    (status = 500, body = sprint(showerror, e))
end
routes = [r"^/users/(\d+)$" => (q, m) -> (status = 200, body = "user #$(parse(Int, m[1]))"),
    r"^/add/(?<a>-?\d+)/(?<b>-?\d+)$" => (q, m) -> (status = 200, body = string(parse(Int, m["a"]) + parse(Int, m[:b]))),
    r"^/crash" => (q, m) -> (status = 200, body = [][1])]
empty!(log)
app = reduce(|>, [router(routes), safe, auth("s3cret"), logger])
for (p, t) in [("/users/42", "s3cret"), ("/users/x", "s3cret"), ("/add/-5/12", "s3cret"), ("/add/1/2", "no"), ("/crash", "s3cret")]
    r = app((path = p, headers = Dict("auth" => t)))
    println(rpad(p, 12), r.status, " ", first(r.body, 60))
end
println(log, " ", (logger ∘ safe)(router(routes))((; path = "/zzz", headers = Dict())).status)

# undo and redo over commands on a text buffer
abstract type Command end
mutable struct Buffer
    text::String
    undo::Vector{Command}
    redo::Vector{Command}
end
Buffer(t = "") = Buffer(t, Command[], Command[])
struct Insert <: Command; at::Int; s::String; end
mutable struct Delete <: Command
    at::Int
    n::Int
    removed::Union{String,Nothing}
end
Delete(at, n) = Delete(at, n, nothing)
struct Batch <: Command; cmds::Vector{Command}; end
apply!(b::Buffer, c::Insert) = (cs = collect(b.text); b.text = String([cs[1:c.at]; collect(c.s); cs[c.at+1:end]]); b)
function apply!(b::Buffer, c::Delete)
    cs = collect(b.text)
    r = c.at+1:min(c.at + c.n, length(cs))
    c.removed = String(cs[r])
    b.text = String(deleteat!(cs, r))
    b
end
apply!(b::Buffer, c::Batch) = foldl(apply!, c.cmds; init = b)
revert!(b::Buffer, c::Insert) = apply!(b, Delete(c.at, length(c.s)))
revert!(b::Buffer, c::Delete) = apply!(b, Insert(c.at, something(c.removed)))
revert!(b::Buffer, c::Batch) = (foreach(x -> revert!(b, x), Iterators.reverse(c.cmds)); b)
Base.push!(b::Buffer, c::Command) = (apply!(b, c); push!(b.undo, c); empty!(b.redo); b)
undo!(b) = isempty(b.undo) ? false : (c = pop!(b.undo); revert!(b, c); push!(b.redo, c); true)
redo!(b) = isempty(b.redo) ? false : (c = pop!(b.redo); apply!(b, c); push!(b.undo, c); true)
buf = Buffer("héllo")
push!(buf, Insert(5, " wörld"))
push!(buf, Delete(0, 1))
push!(buf, Batch([Insert(0, "J"), Delete(1, 4), Insert(1, "ulia,")]))
states = [buf.text]
while undo!(buf); push!(states, buf.text); end
while redo!(buf); push!(states, buf.text); end
println(states, " ", undo!(Buffer()), " ", length(buf.undo))
println([nameof(typeof(c)) for c in buf.undo], " ", buf.undo[2].removed, " ", buf.undo[1])

# a registry of plugins by type with traits and defaults
abstract type Plugin end
const REGISTRY = Dict{String,Type{<:Plugin}}()
macro plugin(name, T)
    quote
        struct $(esc(T)) <: Plugin end
        REGISTRY[$name] = $(esc(T))
    end
end
@plugin "upper" Upper
@plugin "rev" Rev
@plugin "none" NoOp
run(::Plugin, s) = s
run(::Upper, s) = uppercase(s)
run(::Rev, s) = reverse(s)
isfast(::Type{<:Plugin}) = false
isfast(::Type{NoOp}) = true
println([k => run(T(), "abc") for (k, T) in sort(collect(REGISTRY); by = first)], " ", filter(p -> isfast(p.second), REGISTRY), " ", REGISTRY["rev"] <: Plugin)
pipeline(names) = foldl((f, n) -> (s -> run(REGISTRY[n](), f(s))), names; init = identity)
println(pipeline(["upper", "rev"])("plugin"), " ", try pipeline(["zip"])("x") catch e; sprint(showerror, e) end)
