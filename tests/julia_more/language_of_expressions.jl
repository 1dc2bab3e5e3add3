# A small language: lexer, Pratt parser, tree-walking interpreter with closures, errors with positions.
struct Token{T}
    value::T
    pos::Int
end
abstract type Node end
struct Num <: Node; v::Float64; end
struct Str <: Node; v::String; end
struct Var <: Node; name::Symbol; pos::Int; end
struct Unary <: Node; op::Symbol; x::Node; end
struct Binary <: Node; op::Symbol; l::Node; r::Node; pos::Int; end
struct Let <: Node; name::Symbol; value::Node; end
struct Fn <: Node; params::Vector{Symbol}; body::Node; end
struct Call <: Node; f::Node; args::Vector{Node}; pos::Int; end
struct Cond <: Node; c::Node; a::Node; b::Node; end
struct Seq <: Node; items::Vector{Node}; end

struct LangError <: Exception
    kind::Symbol
    msg::String
    pos::Int
end
Base.showerror(io::IO, e::LangError) = print(io, e.kind, " error at ", e.pos, ": ", e.msg)

const KEYWORDS = Set([:let, :fn, :if, :then, :else, :and, :or, :not])
const PUNCT = ["<=", ">=", "==", "!=", "->", "+", "-", "*", "/", "%", "^", "(", ")", "<", ">", "=", ",", ";", "{", "}"]

function lex(src::AbstractString)
    toks = Token[]
    i = firstindex(src)
    while i <= lastindex(src)
        c = src[i]
        if isspace(c)
            i = nextind(src, i)
        elseif c == '#'
            while i <= lastindex(src) && src[i] != '\n'
                i = nextind(src, i)
            end
        elseif isdigit(c) || c == '.'
            m = match(r"^\d*\.?\d+(e[+-]?\d+)?", SubString(src, i))
            m === nothing && throw(LangError(:lex, "bad number", i))
            push!(toks, Token(parse(Float64, m.match), i))
            i += ncodeunits(m.match)
        elseif isletter(c) || c == '_'
            j = i
            while j <= lastindex(src) && (isletter(src[j]) || isdigit(src[j]) || src[j] == '_')
                j = nextind(src, j)
            end
            push!(toks, Token(Symbol(src[i:prevind(src, j)]), i))
            i = j
        elseif c == '"'
            j = findnext('"', src, i + 1)
            j === nothing && throw(LangError(:lex, "unterminated string", i))
            push!(toks, Token(String(src[i+1:prevind(src, j)]), i))
            i = j + 1
        else
            k = findfirst(p -> startswith(SubString(src, i), p), PUNCT)
            k === nothing && throw(LangError(:lex, "unexpected $(repr(c))", i))
            push!(toks, Token(Symbol(PUNCT[k]), i))
            i += length(PUNCT[k])
        end
    end
    push!(toks, Token(:eof, ncodeunits(src) + 1))
end

mutable struct Parser
    toks::Vector{Token}
    i::Int
end
peek(p::Parser) = p.toks[p.i]
next!(p::Parser) = (t = p.toks[p.i]; p.i += 1; t)
at(p::Parser, s::Symbol) = peek(p).value === s
function expect!(p::Parser, s::Symbol)
    t = next!(p)
    t.value === s || throw(LangError(:parse, "expected $s, got $(t.value)", t.pos))
    t
end
const BINDING = Dict(:or => 1, :and => 2, :(==) => 3, :!= => 3, :< => 4, :> => 4, :<= => 4, :>= => 4, :+ => 5, :- => 5, :* => 6, :/ => 6, :% => 6, :^ => 8)
function expression(p::Parser, min = 0)
    left = prefix(p)
    while true
        t = peek(p)
        op = t.value
        if op === Symbol("(")
            next!(p)
            args = Node[]
            while !at(p, Symbol(")"))
                push!(args, expression(p))
                at(p, Symbol(",")) ? next!(p) : break
            end
            expect!(p, Symbol(")"))
            left = Call(left, args, t.pos)
            continue
        end
        op isa Symbol && haskey(BINDING, op) || return left
        bp = BINDING[op]
        bp <= min && return left
        next!(p)
        left = Binary(op, left, expression(p, op === :^ ? bp - 1 : bp), t.pos)
    end
end
prefix(p::Parser) = prefix(p, next!(p))
prefix(p::Parser, t::Token{Float64}) = Num(t.value)
prefix(p::Parser, t::Token{String}) = Str(t.value)
function prefix(p::Parser, t::Token{Symbol})
    v = t.value
    if v === :-
        Unary(:-, expression(p, 7))
    elseif v === :not
        Unary(:not, expression(p, 2))
    elseif v === Symbol("(")
        e = expression(p)
        expect!(p, Symbol(")"))
        e
    elseif v === Symbol("{")
        items = Node[]
        while !at(p, Symbol("}"))
            push!(items, expression(p))
            at(p, Symbol(";")) ? next!(p) : break
        end
        expect!(p, Symbol("}"))
        Seq(items)
    elseif v === :let
        name = next!(p).value
        expect!(p, :(=))
        Let(name, expression(p))
    elseif v === :fn
        params = Symbol[]
        expect!(p, Symbol("("))
        while !at(p, Symbol(")"))
            push!(params, next!(p).value)
            at(p, Symbol(",")) ? next!(p) : break
        end
        expect!(p, Symbol(")"))
        expect!(p, :->)
        Fn(params, expression(p))
    elseif v === :if
        c = expression(p)
        expect!(p, :then)
        a = expression(p)
        expect!(p, :else)
        Cond(c, a, expression(p))
    elseif v in KEYWORDS || v === :eof || string(v) in PUNCT
        throw(LangError(:parse, "unexpected $v", t.pos))
    else
        Var(v, t.pos)
    end
end
function parse_program(src)
    p = Parser(lex(src), 1)
    items = Node[]
    while !at(p, :eof)
        push!(items, expression(p))
        at(p, Symbol(";")) ? next!(p) : break
    end
    at(p, :eof) || throw(LangError(:parse, "trailing $(peek(p).value)", peek(p).pos))
    length(items) == 1 ? items[1] : Seq(items)
end

struct Env
    vars::Dict{Symbol,Any}
    parent::Union{Env,Nothing}
end
Env(parent = nothing; kw...) = Env(Dict{Symbol,Any}(kw), parent)
function lookup(e::Env, s::Symbol, pos)
    while e !== nothing
        haskey(e.vars, s) && return e.vars[s]
        e = e.parent
    end
    throw(LangError(:name, "undefined $s", pos))
end
struct Closure
    params::Vector{Symbol}
    body::Node
    env::Env
end
Base.show(io::IO, c::Closure) = print(io, "fn(", join(c.params, ", "), ")")
truthy(x) = !(x === false || x === nothing || x == 0)

run(n::Num, env) = n.v
run(n::Str, env) = n.v
run(n::Var, env) = lookup(env, n.name, n.pos)
run(n::Unary, env) = n.op === :- ? -run(n.x, env) : !truthy(run(n.x, env))
run(n::Let, env) = env.vars[n.name] = run(n.value, env)
run(n::Fn, env) = Closure(n.params, n.body, env)
run(n::Cond, env) = truthy(run(n.c, env)) ? run(n.a, env) : run(n.b, env)
function run(n::Seq, env)
    inner = Env(env)
    result = nothing
    for x in n.items
        result = run(x, inner)
    end
    result
end
const OPS = Dict{Symbol,Function}(:+ => +, :- => -, :* => *, :/ => /, :% => mod, :^ => ^, :(==) => ==, :!= => !=, :< => <, :> => >, :<= => <=, :>= => >=)
function run(n::Binary, env)
    l = run(n.l, env)
    n.op === :and && return truthy(l) ? run(n.r, env) : l
    n.op === :or && return truthy(l) ? l : run(n.r, env)
    r = run(n.r, env)
    l isa String && n.op === :+ && return l * string(r)
    try
        OPS[n.op](l, r)
    catch e
        e isa MethodError || rethrow()
        throw(LangError(:type, "cannot apply $(n.op) to $(typeof(l)) and $(typeof(r))", n.pos))
    end
end
function run(n::Call, env)
    f = run(n.f, env)
    args = Any[run(a, env) for a in n.args]
    f isa Function && return f(args...)
    f isa Closure || throw(LangError(:type, "$(repr(f)) is no function", n.pos))
    length(args) == length(f.params) || throw(LangError(:arity, "expected $(length(f.params)) arguments, got $(length(args))", n.pos))
    run(f.body, Env(Dict{Symbol,Any}(zip(f.params, args)), f.env))
end

globals = Env(; pi = Float64(π), sqrt = sqrt, max = max, list = (xs...) -> collect(xs), map = (f, xs) -> [run(f.body, Env(Dict{Symbol,Any}(f.params[1] => x), f.env)) for x in xs], len = x -> Float64(length(x)))
programs = [
    "1 + 2 * 3 ^ 2 ^ 1",
    "-2 ^ 2",
    "(1 + 2) * -3 % 5",
    "let fact = fn(n) -> if n < 2 then 1 else n * fact(n - 1); fact(20)",
    "let add = fn(a) -> fn(b) -> a + b; let inc = add(1); inc(41)",
    "let fib = fn(n) -> if n < 2 then n else fib(n-1) + fib(n-2); map(fib, list(1, 5, 10, 15))",
    "\"a\" + 1 + \"b\"",
    "len(\"héllo\") + len(list(1,2))",
    "{ let x = 1; { let x = 2; x }; x }",
    "1 < 2 and 2 < 3 or nope",
    "not 0 == 1",
    "fn(x, y) -> x",
    "max(1, 2, sqrt(16))",
    "# only a comment\n.5e1",
]
for src in programs
    println(rpad(repr(first(src, 30)), 36), " => ", repr(run(parse_program(src), Env(globals))))
end
for src in ["1 +", "(1", "let x 3", "foo + 1", "1(2)", "\"abc", "1 - \"x\"", "fn(a) -> a)", "let f = fn(a) -> a; f(1, 2)", "3 § 4", "if 1 then 2"]
    try
        println(run(parse_program(src), Env(globals)))
    catch e
        println(rpad(src, 30), sprint(showerror, e))
    end
end
size_of(n::Node) = 1 + sum(size_of(getfield(n, f)) for f in fieldnames(typeof(n)) if getfield(n, f) isa Union{Node,Vector{Node}}; init = 0)
size_of(v::Vector{Node}) = sum(size_of, v; init = 0)
println([size_of(parse_program(s)) for s in programs])
dump_node(n::Num) = string(n.v)
dump_node(n::Var) = ":$(n.name)"
dump_node(n::Binary) = "($(n.op) $(dump_node(n.l)) $(dump_node(n.r)))"
dump_node(n::Unary) = "($(n.op) $(dump_node(n.x)))"
dump_node(n::Call) = "(call " * join(map(dump_node, [n.f; n.args]), " ") * ")"
dump_node(n) = string("<", nameof(typeof(n)), ">")
println(dump_node(parse_program("a - b - c * -f(x, 2 ^ y) and not d")))
println(lex("x1 <= .5")[2], " ", typeof(lex("\"s\"")[1]), " ", eltype(lex("1")))
