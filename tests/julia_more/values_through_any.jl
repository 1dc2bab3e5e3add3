# Functions of which inference knows no argument: records, interpreters, queues of anything.
data = Any[Dict("id" => 1, "tags" => ["a", "b"], "pos" => (1.5, 2)), Dict("id" => "two", "tags" => [], "pos" => nothing)]
ids(d) = [x["id"] for x in d]
println(ids(data), " ", [length(x["tags"]) for x in data], " ", map(x -> x["pos"] === nothing ? 0.0 : sum(x["pos"]), data))
tagmap = Dict()
for x in data, t in x["tags"]
    push!(get!(tagmap, t, []), x["id"])
end
println(sort(collect(tagmap), by = first))
function summarize(x)
    x isa AbstractDict && return "dict(" * join(sort(["$k=$(summarize(v))" for (k, v) in x]), ", ") * ")"
    x isa AbstractVector && return "[" * join(map(summarize, x), ", ") * "]"
    x isa Tuple && return "(" * join((summarize(y) for y in x), ", ") * ")"
    repr(x)
end
println(summarize(data))
kwcall(f, args; kws...) = f(args...; kws...)
f1(a, b = 2, c...; d = 4, e...) = (a, b, c, d, values(e))
println(kwcall(f1, (1,)), " ", kwcall(f1, [1, "b", :c]; d = 0, z = 9), " ", kwcall(f1, Any[1]; Dict(:d => "q")...))
fs = Any[+, -, (x, y) -> "$x$y", max, =>, (x...) -> length(x), string, tuple]
for f in fs
    print(f(3, 4), " ")
end
println()
vals = Any[1, 2.5, "s", 'c', [1, 2], (1, 2), nothing]
println([typeof(v) for v in vals], " ", map(v -> v isa Number ? v * 2 : v, vals), " ", filter(v -> v isa Number, vals), " ", vals .== 1, " ", string.(vals), " ", any(isnothing, vals), " ", findfirst(isnothing, vals), " ", count(v -> v isa Union{String,Char}, vals))
total = sum(v for v in vals if v isa Number)
println(total, " ", reduce((a, b) -> "$a|$b", vals), " ", foldr((v, acc) -> acc + (v isa Number), vals; init = 0), " ", sort(Any[3, 1.5, 2], rev = true), " ", maximum(Any[3, 1.5, 2]), " ", Any[1, 2] + Any[3, 4.5], " ", Any[1 2; 3 4] * Any[1, 1])
mutable struct Obj
    kind::Any
    props
end
Base.getindex(o::Obj, k) = o.props[k]
Base.setindex!(o::Obj, v, k) = (o.props[k] = v)
o = Obj("t", Dict{Any,Any}())
o[:a] = 1; o["b"] = [o[:a], 2]; o[:a] += 10; push!(o["b"], "x" == "y" ? 1 : 3)
println(o[:a], o["b"], " ", o.kind * "!", " ", (o.kind = 5; o.kind + 1))
function interp(prog)
    env = Dict{Symbol,Any}()
    out = []
    ev(x) = x isa Symbol ? env[x] : x isa Expr ? evx(x) : x
    function evx(e)
        if e.head === :call
            f = e.args[1]
            args = [ev(a) for a in e.args[2:end]]
            f === :+ ? sum(args) : f === :* ? prod(args) : f === :print ? (push!(out, join(args, " ")); nothing) : f === :< ? args[1] < args[2] : f === :list ? args : haskey(env, f) ? env[f](args...) : error("unknown $f")
        elseif e.head === :(=)
            if e.args[1] isa Expr
                name, params, body = e.args[1].args[1], e.args[1].args[2:end], e.args[2]
                env[name] = (as...) -> begin
                    saved = copy(env)
                    for (p, a) in zip(params, as); env[p] = a; end
                    r = ev(body)
                    empty!(env); merge!(env, saved)
                    r
                end
            else
                env[e.args[1]] = ev(e.args[2])
            end
        elseif e.head === :block
            r = nothing
            for a in e.args; a isa LineNumberNode || (r = ev(a)); end
            r
        elseif e.head === :if
            ev(e.args[1]) ? ev(e.args[2]) : length(e.args) > 2 ? ev(e.args[3]) : nothing
        elseif e.head === :while
            while ev(e.args[1]); ev(e.args[2]); end
        else
            error("head $(e.head)")
        end
    end
    r = ev(prog)
    r, out
end
prog = quote
    x = 1
    s = 0
    while x < 5
        s = s + x * 2
        x = x + 1
    end
    fact(n) = if n < 2; 1 else n * fact(n + -1) end
    print("s", s, "f", fact(5))
    list(x, s, "end")
end
println(interp(prog))
try interp(:(nope(1))) catch e println(e.msg) end
compose(gs...) = x -> foldl((a, g) -> g(a), gs; init = x)
pipe = compose(x -> x isa String ? parse(Int, x) : x, x -> x / 2, x -> x > 10 ? :big : round(Int, x))
println(map(pipe, Any["10", 30, 7.0, "99"]))
ops = Dict{String,Any}("add" => (a, b) -> a + b, "rep" => (s, n) -> s^n, "len" => length, "kw" => (; a = 1, b = 2) -> a - b)
println(ops["add"](1, 2.5), ops["rep"]("ab", 2), ops["len"]([1, 2]), ops["kw"](b = 5), ops["kw"](; a = 10))
nested = Any[1, Any[2, Any[3, Any[]]], "x"]
depth(x) = x isa Vector ? 1 + maximum(depth, x; init = 0) : 0
flat(x) = x isa Vector ? reduce(vcat, map(flat, x); init = Any[]) : Any[x]
println(depth(nested), flat(nested), " ", nested[2][2][1], " ", deepcopy(nested) == nested, " ", (nested[2][1] = "changed"; nested))
table = [(name = "a", v = 1), (name = "b", v = 2.5), (name = "c", v = missing)]
println([r.v for r in table], " ", sum(skipmissing(r.v for r in table)), " ", [r.name for r in table if r.v !== missing && r.v > 1], " ", typeof(table), " ", Dict(r.name => r.v for r in table)["b"])
println(typeof([x for x in Any[1, 2]]), typeof([x for x in Any[1, "a"]]), typeof(map(identity, Any[1.5, 2.5])), typeof(collect(Any[1])), typeof([Any[1]...]), typeof(Any[1, 2] .+ 1), typeof(string.(Any[1])), typeof(identity.(Any[1, 2.0])), typeof(Tuple(Any[1, "a"])), typeof((Any[1, "a"]...,)))
swap(x) = x isa Tuple{Int,String} ? (x[2], x[1]) : x isa Pair ? (x.second => x.first) : x isa Vector ? reverse(x) : x
println(map(swap, Any[(1, "a"), :k => 2, [1, 2, 3], 5]))
function process(q)
    log = String[]
    while !isempty(q)
        item = popfirst!(q)
        if item isa Function
            r = item()
            r === nothing || push!(q, r)
        elseif item isa Pair{Symbol}
            push!(log, "$(item.first):$(item.second)")
        elseif item isa Exception
            push!(log, sprint(showerror, item))
        else
            push!(log, "?$(typeof(item))")
        end
    end
    log
end
println(process(Any[() -> :x => 1, ErrorException("e"), 5, () -> nothing, () -> () -> :deep => [1], KeyError(2)]))
