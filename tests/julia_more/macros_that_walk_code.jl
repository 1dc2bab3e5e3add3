# Macros that walk and build code, generated functions, values in code.
macro timesn(n, ex)
    Expr(:block, (esc(ex) for _ in 1:n)...)
end
cnt = 0
@timesn 3 global cnt += 1
println(cnt)
macro swap!(a, b)
    quote
        tmp = $(esc(a))
        $(esc(a)) = $(esc(b))
        $(esc(b)) = tmp
        nothing
    end
end
tmp, y = 1, 2
@swap! tmp y
println(tmp, y)
arr = [1, 2, 3]
@swap! arr[1] arr[3]
println(arr)
macro defstruct(name, fields...)
    defs = map(fields) do f
        f isa Symbol ? f : f.head == :(=) ? f.args[1] : f
    end
    defaults = [f.args[2] for f in fields if f isa Expr && f.head == :(=)]
    names = map(d -> d isa Symbol ? d : d.args[1], defs)
    quote
        mutable struct $(esc(name))
            $(defs...)
        end
        Base.:(==)(a::$(esc(name)), b::$(esc(name))) = $(foldr((n, acc) -> :(a.$n == b.$n && $acc), names; init = true))
        $(esc(:fields_of))(::Type{$(esc(name))}) = $(QuoteNode(names))
    end
end
@defstruct Point2 x::Int y::Int
println(Point2(1, 2) == Point2(1, 2), " ", Point2(1, 2) == Point2(1, 3), " ", fields_of(Point2))
macro switch(x, cases...)
    v = gensym(:v)
    body = :(nothing)
    for c in reverse(cases)
        c isa Expr && c.head == :call && c.args[1] == :(=>) || error("bad case $c")
        k, r = c.args[2], c.args[3]
        body = k === :default ? esc(r) : :(isequal($v, $(esc(k))) ? $(esc(r)) : $body)
    end
    :(let $v = $(esc(x)); $body end)
end
name(n) = @switch n 1 => "one" 2 => "two" default => "many($n)"
println(name.([1, 2, 3]))
macro chain(x, steps...)
    foldl(steps; init = esc(x)) do acc, s
        s isa Symbol ? :($(esc(s))($acc)) : Expr(:call, esc(s.args[1]), acc, map(esc, s.args[2:end])...)
    end
end
println(@chain [3, 1, 2] sort reverse push!(0) join("-"))
macro memo(def)
    call, body = def.args
    f, args = call.args[1], call.args[2:end]
    cache = gensym("cache_$f")
    quote
        const $(esc(cache)) = Dict()
        $(esc(f))($(map(esc, args)...)) = get!(() -> $(esc(body)), $(esc(cache)), ($(map(esc, args)...),))
    end
end
@memo fibm(n) = n < 2 ? big(n) : fibm(n - 1) + fibm(n - 2)
println(fibm(90))
@memo choose(n, k) = k in (0, n) ? 1 : choose(n - 1, k - 1) + choose(n - 1, k)
println(choose(20, 10))
walk(f, x) = f(x)
walk(f, e::Expr) = f(Expr(e.head, (walk(f, a) for a in e.args)...))
symbols(e) = (out = Symbol[]; walk(x -> (x isa Symbol && push!(out, x); x), e); unique(out))
println(symbols(:(a + b * sin(a))), " ", walk(x -> x === :a ? 42 : x, :(a + f(a, b))), " ", walk(x -> x isa Int ? float(x) : x, :(1 + x^2)))
macro floats(ex)
    esc(walk(x -> x isa Int ? Rational(x) : x, ex))
end
println(@floats(1 / 3 + 1 / 6), " ", @floats [1, 2] ./ 4)
macro where_am_i()
    __module__, __source__ isa LineNumberNode
end

macro show_args(args...)
    println("macro sees ", args)
    :(tuple($(map(esc, args)...)))
end
println(@show_args 1 + 1 "s" :q [1 2])
macro kwargs(ex...)
    d = Dict(e.args[1] => e.args[2] for e in ex if e isa Expr && e.head === :(=))
    :($(get(d, :a, 0)) + $(get(d, :b, 0)))
end
println(@kwargs(a = 1, b = 2), " ", @kwargs b = 7)
macro unless(c, ex)
    :($(esc(c)) ? nothing : $(esc(ex)))
end
@unless false println("ran")
@unless true println("not")
macro repeat_until(c, body)
    quote
        while true
            $(esc(body))
            $(esc(c)) && break
        end
    end
end
function collatz(n)
    k = 0
    @repeat_until n == 1 begin
        n = iseven(n) ? n ÷ 2 : 3n + 1
        k += 1
    end
    k
end
println(collatz(27))
macro static_table(f, n)
    t = Tuple(Core.eval(__module__, :($f($i))) for i in 1:n)
    :($t)
end
sq(x) = x^2
const T = @static_table sq 6
println(T, " ", typeof(T))
@generated function dotprod(a::NTuple{N,T}, b::NTuple{N,T}) where {N,T}
    N == 0 && return :(zero(T))
    ex = :(a[1] * b[1])
    for i in 2:N
        ex = :($ex + a[$i] * b[$i])
    end
    ex
end
println(dotprod((1, 2, 3), (4, 5, 6)))
@generated fieldsum(x) = Expr(:call, :+, (:(x.$n) for n in fieldnames(x))...)
println(fieldsum(Point2(3, 4)), " ", fieldsum((a = 1, b = 2.5)), " ", fieldsum(1 + 2im))
@generated function typename_of(::Val{x}, rest...) where {x}
    "val $x with $(length(rest)) of $(join(rest, ","))"
end
println(typename_of(Val(:k), 1, "a"))
macro r_str(s)
    length(s)
end
macro csv_str(s, opts = "")
    rows = [split(strip(l), ',') for l in split(strip(s), '\n')]
    'n' in opts ? [parse.(Int, r) for r in rows] : [String.(r) for r in rows]
end
println(csv"a,b
c,d", " ", csv"1,2
3,4"n)
println(@macroexpand(@unless a b), " ", macroexpand(Main, :(@kwargs a = 1)), " ", @eval(@switch 2 2 => :two))
ex = quote
    x = 1
    y = x + 1
end
filter!(a -> !(a isa LineNumberNode), ex.args)
println(ex, " ", length(ex.args), " ", ex.args[2].args[2])
let blk = Expr(:block)
    for (i, n) in enumerate([:p, :q])
        push!(blk.args, :($n = $(i * 10)))
    end
    eval(blk)
end
println(p + q)
f = eval(:((x, y = 2; z = 3) -> x + y + z))
println(f(1), f(1, 1), f(1; z = 0))
println(Expr(:call, GlobalRef(Base, :+), 1, 2) |> eval, " ", :($(Expr(:vect, 1, 2))), " ", Meta.isexpr(:(a.b), :.), " ", :(a.b).args, " ", dump(:(x = 1)))
