# A cooperative scheduler with priorities, dependencies, retries and a log; state machines for tasks.
@enum Status pending ready running done failed blocked
abstract type AbstractJob end
Base.@kwdef mutable struct Job{F<:Function} <: AbstractJob
    name::Symbol
    work::F
    priority::Int = 0
    deps::Vector{Symbol} = Symbol[]
    retries::Int = 1
    status::Status = pending
    attempts::Int = 0
    result::Any = nothing
end
struct CycleError <: Exception
    path::Vector{Symbol}
end
Base.showerror(io::IO, e::CycleError) = print(io, "CycleError: ", join(e.path, " -> "))

struct Scheduler
    jobs::Dict{Symbol,AbstractJob}
    order::Vector{Symbol}
    log::Vector{NamedTuple{(:tick, :job, :event),Tuple{Int,Symbol,String}}}
    clock::Ref{Int}
end
Scheduler() = Scheduler(Dict(), [], [], Ref(0))
function add!(f::Function, s::Scheduler, name::Symbol; kw...)
    haskey(s.jobs, name) && error("job $name exists")
    s.jobs[name] = Job(; name, work = f, kw...)
    push!(s.order, name)
    s
end
note!(s::Scheduler, job, event) = push!(s.log, (tick = s.clock[], job = job, event = event))
function check_cycles(s::Scheduler)
    color = Dict{Symbol,Int}()
    path = Symbol[]
    function visit(n)
        c = get(color, n, 0)
        c == 2 && return
        push!(path, n)
        c == 1 && throw(CycleError(path[findfirst(==(n), path):end]))
        color[n] = 1
        for d in s.jobs[n].deps
            haskey(s.jobs, d) || throw(KeyError(d))
            visit(d)
        end
        color[n] = 2
        pop!(path)
    end
    foreach(visit, s.order)
end
function update_ready!(s::Scheduler)
    for n in s.order
        j = s.jobs[n]
        j.status == pending || continue
        states = [s.jobs[d].status for d in j.deps]
        if any(in((failed, blocked)), states)
            j.status = blocked
            note!(s, n, "blocked by $(j.deps[findfirst(in((failed, blocked)), states)])")
        elseif all(==(done), states)
            j.status = ready
        end
    end
end
function step!(s::Scheduler)
    update_ready!(s)
    candidates = filter(n -> s.jobs[n].status === ready, s.order)
    isempty(candidates) && return false
    _, k = findmax(n -> s.jobs[n].priority, candidates)
    j = s.jobs[candidates[k]]
    s.clock[] += 1
    j.status = running
    j.attempts += 1
    inputs = map(d -> s.jobs[d].result, Tuple(j.deps))
    try
        j.result = j.work(inputs...)
        j.status = done
        note!(s, j.name, "done: $(repr(j.result))")
    catch err
        if j.attempts <= j.retries
            j.status = ready
            note!(s, j.name, "retry after $(typeof(err))")
        else
            j.status = failed
            note!(s, j.name, "failed: " * sprint(showerror, err))
        end
    finally
        j.status == running && error("unreachable")
    end
    true
end
function run_all!(s::Scheduler)
    check_cycles(s)
    while step!(s)
    end
    s
end
s = Scheduler()
add!(s, :load; priority = 5) do
    collect(1:10)
end
add!(s, :clean, deps = [:load], priority = 3) do xs
    filter(isodd, xs)
end
add!((xs, ys) -> sum(xs) - sum(ys), s, :diff; deps = [:load, :clean])
let count = 0
    add!(s, :flaky; retries = 2, priority = 9) do
        count += 1
        count < 3 && error("attempt $count")
        "ok after $count"
    end
end
add!(s, :broken; deps = [:clean]) do xs
    xs[100]
end
add!(identity, s, :after; deps = [:broken])
add!(x -> sqrt(-x), s, :domain; deps = [:diff], retries = 0)
run_all!(s)
for (; tick, job, event) in s.log
    println(lpad(tick, 3), " ", rpad(job, 8), event)
end
println([n => s.jobs[n].status for n in s.order])
println(Dict(st => count(j -> j.status == st, values(s.jobs)) for st in instances(Status))[done], " ", Int(blocked), " ", Status(2), " ", typeof(s.jobs[:load]).name.name)
println(s.log[1], " ", typeof(s.log[1]))
c = Scheduler()
add!(() -> 1, c, :a; deps = [:b])
add!(x -> x, c, :b; deps = [:c])
add!(x -> x, c, :c; deps = [:a])
add!(() -> 0, c, :d)
try
    run_all!(c)
catch e
    showerror(stdout, e)
    println()
end
try
    add!(() -> 1, c, :a)
catch e
    println(e)
end
add!(() -> 1, c, :e; deps = [:zzz])
c.jobs[:a].deps |> empty!
try run_all!(c) catch e; println(sprint(showerror, e)) end

# a state machine per traffic light, driven by a transition table
const TRANSITIONS = Dict((:green, :timer) => :yellow, (:yellow, :timer) => :red, (:red, :timer) => :green, (:green, :fault) => :flashing, (:yellow, :fault) => :flashing, (:red, :fault) => :flashing, (:flashing, :reset) => :red)
mutable struct Machine
    state::Symbol
    hooks::Dict{Symbol,Vector{Function}}
end
Machine(s) = Machine(s, Dict{Symbol,Vector{Function}}())
on!(f, m::Machine, st) = push!(get!(() -> Function[], m.hooks, st), f)
function fire!(m::Machine, ev)
    new = get(TRANSITIONS, (m.state, ev), nothing)
    if isnothing(new)
        return m
    end
    old, m.state = m.state, new
    for h in get(m.hooks, new, ())
        h(old, new)
    end
    m
end
m = Machine(:green)
visits = Dict{Symbol,Int}()
for st in (:green, :yellow, :red, :flashing)
    on!((o, n) -> visits[n] = get(visits, n, 0) + 1, m, st)
end
on!((o, n) -> println("alarm: ", o, " => ", n), m, :flashing)
for ev in [:timer, :timer, :reset, :timer, :fault, :timer, :reset, :timer]
    fire!(m, ev)
end
println(m.state, " ", sort(collect(visits); by = first), " ", length(m.hooks[:flashing]))
