# A small language: tokens, precedence, evaluation and simplification by dispatch, code as data.
abstract type Node end
struct Num{T<:Number} <: Node
    v::T
end
struct Var <: Node
    name::Symbol
end
struct Bin{Op} <: Node
    l::Node
    r::Node
end
struct Un{Op} <: Node
    x::Node
end
struct App <: Node
    f::Symbol
    args::Vector{Node}
end
Bin(op::Symbol, l, r) = Bin{op}(l, r)
Un(op::Symbol, x) = Un{op}(x)
struct ParseError_ <: Exception
    msg::String
    pos::Int
end
Base.showerror(io::IO, e::ParseError_) = print(io, "parse error at ", e.pos, ": ", e.msg)
function tokenize(s)
    toks = Tuple{Symbol,Any,Int}[]
    i = 1
    while i <= lastindex(s)
        c = s[i]
        if isspace(c)
            i = nextind(s, i)
        elseif isdigit(c)
            j = something(findnext(ch -> !(isdigit(ch) || ch == '.'), s, i), lastindex(s) + 1) - 1
            t = SubString(s, i, j)
            push!(toks, (:num, '.' in t ? parse(Float64, t) : parse(Int, t), i))
            i = j + 1
        elseif isletter(c)
            m = match(r"\G?[A-Za-z_]\w*", s, i)
            push!(toks, (:id, Symbol(m.match), i))
            i += length(m.match)
        elseif c in "+-*/^(),"
            push!(toks, (:op, Symbol(c), i))
            i += 1
        else
            throw(ParseError_("unexpected $(repr(c))", i))
        end
    end
    push!(toks, (:eof, nothing, lastindex(s) + 1))
end
mutable struct Parser
    toks::Vector{Tuple{Symbol,Any,Int}}
    i::Int
end
peek_(p::Parser) = p.toks[p.i]
next!(p::Parser) = (t = p.toks[p.i]; p.i += 1; t)
const PREC = Dict(:+ => (1, 2), :- => (1, 2), :* => (3, 4), :/ => (3, 4), :^ => (8, 7))
function expr(p::Parser, minp = 0)
    kind, val, pos = next!(p)
    lhs = if kind === :num
        Num(val)
    elseif kind === :id
        if peek_(p)[2] === Symbol("(")
            next!(p)
            args = Node[]
            while peek_(p)[2] !== Symbol(")")
                push!(args, expr(p))
                peek_(p)[2] === Symbol(",") && next!(p)
            end
            next!(p)
            App(val, args)
        else
            Var(val)
        end
    elseif val === Symbol("(")
        e = expr(p)
        next!(p)[2] === Symbol(")") || throw(ParseError_("expected )", pos))
        e
    elseif val === :-
        Un(:-, expr(p, 5))
    else
        throw(ParseError_(kind === :eof ? "unexpected end" : "unexpected $val", pos))
    end
    while true
        k, op, _ = peek_(p)
        (k === :op && haskey(PREC, op)) || break
        l, r = PREC[op]
        l < minp && break
        next!(p)
        lhs = Bin(op, lhs, expr(p, r))
    end
    lhs
end
parse_expr(s) = (p = Parser(tokenize(s), 1); e = expr(p); peek_(p)[1] === :eof ? e : throw(ParseError_("trailing $(peek_(p)[2])", peek_(p)[3])))
const FUNCS = Dict{Symbol,Function}(:sin => sin, :max => max, :sq => x -> x^2)
ev(n::Num, _) = n.v
ev(n::Var, env) = get(() -> throw(KeyError(n.name)), env, n.name)
for op in (:+, :-, :*, :/, :^)
    @eval ev(n::Bin{$(QuoteNode(op))}, env) = $op(ev(n.l, env), ev(n.r, env))
end
ev(n::Un{:-}, env) = -ev(n.x, env)
ev(n::App, env) = FUNCS[n.f](ev.(n.args, Ref(env))...)
simp(n::Node) = n
simp(n::Un{:-}) = (x = simp(n.x); x isa Num ? Num(-x.v) : x isa Un{:-} ? x.x : Un{:-}(x))
function simp(n::Bin{Op}) where {Op}
    l, r = simp(n.l), simp(n.r)
    l isa Num && r isa Num && return Num(ev(Bin(Op, l, r), nothing))
    rule(Val(Op), l, r)
end
simp(n::App) = App(n.f, simp.(n.args))
is(n, v) = n isa Num && n.v == v
rule(::Val{:+}, l, r) = is(l, 0) ? r : is(r, 0) ? l : Bin(:+, l, r)
rule(::Val{:*}, l, r) = is(l, 0) || is(r, 0) ? Num(0) : is(l, 1) ? r : is(r, 1) ? l : Bin(:*, l, r)
rule(::Val{:^}, l, r) = is(r, 1) ? l : is(r, 0) ? Num(1) : Bin(:^, l, r)
rule(::Val{op}, l, r) where {op} = Bin(op, l, r)
Base.show(io::IO, n::Num) = print(io, n.v)
Base.show(io::IO, n::Var) = print(io, n.name)
Base.show(io::IO, n::Bin{Op}) where {Op} = print(io, "(", n.l, " ", Op, " ", n.r, ")")
Base.show(io::IO, n::Un{Op}) where {Op} = print(io, Op, n.x)
Base.show(io::IO, n::App) = (print(io, n.f); show_args(io, n.args))
show_args(io, a) = (print(io, "("); join(io, a, ", "); print(io, ")"))
toexpr(n::Num) = n.v
toexpr(n::Var) = n.name
toexpr(n::Bin{Op}) where {Op} = Expr(:call, Op, toexpr(n.l), toexpr(n.r))
toexpr(n::Un{Op}) where {Op} = Expr(:call, Op, toexpr(n.x))
toexpr(n::App) = Expr(:call, n.f, toexpr.(n.args)...)
for s in ["1 + 2 * 3", "2^3^2", "-x^2 + 4", "(1 + x) * (1 + x)", "max(x, 2 * x, 7) - sin(0)", "1.5 * sq(x) / 3", "0 * x + 1 * y^1"]
    n = parse_expr(s)
    println(rpad(s, 26), n, "  ->  ", simp(n), "  =  ", ev(n, Dict(:x => 3, :y => 0.5)))
end
for s in ["1 +", "2 \$ 3", "(1", "1 2", "z + 1"]
    try
        println(ev(parse_expr(s), Dict{Symbol,Int}()))
    catch e
        println(rpad(s, 8), typeof(e), ": ", sprint(showerror, e))
    end
end
n = parse_expr("a * sq(b) - -3")
println(toexpr(n), " ", typeof(n), " ", n isa Bin{:-}, " ", n.l isa Bin{:*}, " ", typeof(n.r))
@eval compiled(a, b) = $(let ex = toexpr(n)
    ex.args[2].args[3].args[1] = :abs2
    ex
end)
println(compiled(2, 3), " ", map(compiled, 1:3, 4:6))
count_nodes(n::Node) = 1
count_nodes(n::Bin) = 1 + count_nodes(n.l) + count_nodes(n.r)
count_nodes(n::Un) = 1 + count_nodes(n.x)
count_nodes(n::App) = 1 + sum(count_nodes, n.args; init = 0)
vars(n::Node) = Set{Symbol}()
vars(n::Var) = Set([n.name])
vars(n::Bin) = vars(n.l) ∪ vars(n.r)
vars(n::Union{Un}) = vars(n.x)
vars(n::App) = mapreduce(vars, ∪, n.args; init = Set{Symbol}())
println(count_nodes(n), " ", sort!(collect(vars(n))), " ", vars(Num(1)), " ", [typeof(x) for x in (Num(1), Num(1.5), Var(:q), Un(:-, Num(1)))], " ", Bin{:+} <: Node, " ", supertype(Bin{:+}), " ", Bin)
