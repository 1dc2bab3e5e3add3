# Parsers put together of closures: deep types that do not grow, and rules that are found when the program runs.
struct Input; s::String; i::Int; end
struct P{F}; f::F; end
(p::P)(inp::Input) = p.f(inp)
lit(c::Char) = P(inp -> inp.i <= ncodeunits(inp.s) && inp.s[inp.i] == c ? (c, Input(inp.s, inp.i + 1)) : nothing)
alt(a::P, b::P) = P(inp -> something(a(inp), Some(b(inp))))
seq(a::P, b::P) = P(function (inp)
    r = a(inp)
    r === nothing && return nothing
    q = b(r[2])
    q === nothing ? nothing : ((r[1], q[1]), q[2])
end)
app(p::P, f) = P(inp -> (r = p(inp); r === nothing ? nothing : (f(r[1]), r[2])))
second(a, b) = app(seq(a, b), last)
before(a, b) = app(seq(a, b), first)
many(p::P) = P(function (inp)
    out = []
    while (r = p(inp)) !== nothing
        push!(out, r[1]); inp = r[2]
    end
    (out, inp)
end)
sepby(p, s) = P(function (inp)
    r = p(inp)
    r === nothing && return ([], inp)
    (xs, inp2) = many(second(s, p))(r[2])
    ([r[1]; xs], inp2)
end)
delay(f) = P(inp -> f()(inp))
text = before(second(lit('"'), many(lit('x'))), lit('"'))
value = delay(() -> alt(alt(text, list), table))
list = before(second(lit('['), many(value)), lit(']'))
table = app(before(second(lit('{'), sepby(seq(before(text, lit(':')), value), lit(','))), lit('}')), kv -> kv)
println(value(Input("[\"x\"]", 1))[1])
println(value(Input("{\"x\":[\"\"]}", 1))[1])
