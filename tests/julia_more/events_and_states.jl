# Handlers by event type, states as types and as Val, closures with state.
abstract type Event end
struct Click <: Event
    x::Int
    y::Int
end
struct Key <: Event
    char::Char
    mods::Set{Symbol}
end
Key(c; mods...) = Key(c, Set(k for (k, v) in mods if v))
struct Tick <: Event end
mutable struct Bus
    handlers::Dict{Type,Vector{Function}}
    log::Vector{String}
    Bus() = new(Dict(), [])
end
function on!(f::Function, b::Bus, T::Type{<:Event} = Event)
    push!(get!(() -> Function[], b.handlers, T), f)
    b
end
function emit!(b::Bus, e::T) where {T<:Event}
    n = 0
    for (S, fs) in sort!(collect(b.handlers), by = p -> string(p.first))
        T <: S || continue
        for f in fs
            f(e)
            n += 1
        end
    end
    n
end
b = Bus()
clicks = Ref(0)
on!(b, Click) do e
    clicks[] += 1
    push!(b.log, "click at $(e.x),$(e.y)")
end
on!(b, Key) do (; char, mods)
    push!(b.log, string("key ", repr(char), isempty(mods) ? "" : " with " * join(sort!(collect(mods)), "+")))
end
on!(e -> push!(b.log, "any " * string(nameof(typeof(e)))), b)
println(emit!(b, Click(1, 2)), emit!(b, Key('a')), emit!(b, Key('z'; ctrl = true, alt = true, shift = false)), emit!(b, Tick()))
println(clicks[], " ", length(b.log))
foreach(println, b.log)
println(sort(string.(keys(b.handlers))), " ", Key('q').mods, " ", length(b.handlers[Event]))

# a state machine whose states are types
abstract type State end
struct Idle <: State end
struct Running <: State
    since::Int
end
struct Done <: State
    result::Any
end
next(s::State, ::Any) = s
next(::Idle, cmd::Symbol) = cmd === :start ? Running(0) : Idle()
next(r::Running, n::Int) = n > 3 ? Done("late " * string(n)) : Running(r.since + n)
next(r::Running, cmd::Symbol) = next(r, Val(cmd))
next(r::Running, ::Val{:stop}) = Done(r.since)
next(r::Running, ::Val) = r
run_machine(cmds; start = Idle()) = accumulate(next, cmds; init = start)
println(run_machine(Any[:noop, :start, 1, 2, :hm, :stop, :start]))
println(foldl(next, Any[:start, 1, 9]; init = Idle()), " ", last(run_machine([:start])), " ", typeof(run_machine(Any[1, 2])))
# traffic light with Val
after(::Val{:green}) = Val(:yellow)
after(::Val{:yellow}) = Val(:red)
after(::Val{:red}) = Val(:green)
sym(::Val{S}) where {S} = S
let l = Val(:green), out = Symbol[]
    for _ in 1:4
        push!(out, sym(l))
        l = after(l)
    end
    println(out, " ", l)
end
# counters, accumulators, once, debounce-like wrappers
function counter(start = 0; step = 1)
    n = start
    inc() = n += step
    dec() = n -= step
    get() = n
    (; inc, dec, get)
end
c = counter(10; step = 5)
c.inc(); c.inc(); c.dec()
println(c.get(), " ", counter().get(), " ", keys(c), " ", c.inc())
once(f) = let done = false, r = nothing
    (args...) -> done ? r : (done = true; r = f(args...))
end
g = once((a, b) -> (println("computing"); a + b))
println(g(1, 2), " ", g(5, 5), " ", g())
limit(f, n) = (calls = 0; (xs...) -> (calls += 1) > n ? missing : f(xs...))
h = limit(sqrt, 2)
println([h(x) for x in (4, 9, 16)])
adders = [x -> x + i for i in 1:3]
println([f(10) for f in adders], " ", map(f -> f(0), adders), " ", (adders[1] ∘ adders[2])(0))
acc = Function[]
for i in 1:3
    j = i^2
    push!(acc, () -> (j += 1; j))
end
println([f() for f in acc], " ", [f() for f in acc])
pipeline(fs...) = x -> foldl((v, f) -> f(v), fs; init = x)
println(pipeline(x -> x + 1, sqrt, string)(15), " ", pipeline()(3), " ", pipeline(reverse, join)("a b" |> split))
undo_stack = Tuple{Function,Any}[]
state = Dict(:a => 1)
function set!(k, v)
    old = get(state, k, nothing)
    push!(undo_stack, ((s, o) -> o === nothing ? delete!(s, k) : (s[k] = o), old))
    state[k] = v
end
set!(:a, 5); set!(:b, 6)
println(sort(collect(state)))
while !isempty(undo_stack)
    f, old = pop!(undo_stack)
    f(state, old)
end
println(state)
observers = Dict{Symbol,Vector{Any}}()
listen(f, name) = push!(get!(observers, name, []), f)
notify_(name, args...; kw...) = [f(args...; kw...) for f in get(observers, name, ())]
listen(:sum) do xs...
    sum(xs)
end
listen((xs...; scale = 1) -> scale * prod(xs), :prod)
listen(length ∘ tuple, :sum)
println(notify_(:sum, 1, 2, 3), " ", notify_(:prod, 2, 3; scale = 10))
