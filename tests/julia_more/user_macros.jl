# Macros of programs: hygiene, several methods, generated definitions, matching, string macros
macro assert_eq(a, b)
    quote
        local va = $(esc(a)); local vb = $(esc(b))
        if va == vb
            println("OK ", $(QuoteNode(a)), " == ", $(string(b)))
        else
            println("FAIL ", $(string(a)), ": ", va, " != ", vb)
        end
    end
end
@assert_eq 1 + 1 2
@assert_eq [1, 2] .* 2 [2, 5]
macro forrange(var, lo, hi, body)
    quote
        for $(esc(var)) in $(esc(lo)):$(esc(hi))
            $(esc(body))
        end
    end
end
s = 0
@forrange i 1 4 begin
    global s += i
end
println(s)
macro with_log(f)
    f.head in (:function, :(=)) || error("need function")
    sig, body = f.args
    name = sig.args[1]
    esc(Expr(f.head, sig, quote
        println("enter ", $(string(name)))
        r = $body
        println("leave ", $(string(name)))
        r
    end))
end
@with_log function foo(x, y)
    x + y
end
@with_log bar(x) = 2x
println(foo(1, 2) + bar(4)) 
macro enumx(name, vals...)
    blk = Expr(:block)
    for (i, v) in enumerate(vals)
        push!(blk.args, :(const $(esc(v)) = $i))
    end
    push!(blk.args, :(const $(esc(name)) = $(Expr(:tuple, map(QuoteNode, vals)...))))
    push!(blk.args, nothing)
    blk
end
@enumx Colors RED GREEN BLUE
println(RED, GREEN, BLUE, Colors)
macro match(val, block)
    v = gensym()
    ex = :(error("no match for ", $v))
    for c in reverse(filter(x -> x isa Expr, block.args))
        @assert c.head == :call && c.args[1] == :(=>)
        pat, res = c.args[2], c.args[3]
        if pat === :_
            ex = esc(res)
        elseif pat isa Symbol
            ex = :($v isa $(esc(pat)) ? $(esc(res)) : $ex)
        else
            ex = :($v == $(esc(pat)) ? $(esc(res)) : $ex)
        end
    end
    :(let $v = $(esc(val)); $ex; end)
end
cl(x) = @match x begin
    1 => "one"
    "a" => "letter"
    Int => "int"
    Float64 => "float $x"
    _ => "other"
end
println(cl(1), cl("a"), cl(5), cl(2.5), cl(:q))
macro up_str(s, flags...)
    isempty(flags) ? uppercase(s) : uppercase(s) * "/" * flags[1]
end
println(up"abc", " ", up"def"x)
macro nargs(args...) ; length(args) ; end
println(@nargs(), @nargs(1, 2), (@nargs x y))
macro first_arg(x::Int, rest...) ; "int $x" ; end
macro first_arg(x::Symbol, rest...) ; "sym $x" ; end
macro first_arg(x::Expr, rest...) ; "expr $(x.head)" ; end
macro first_arg(x::String) ; "str " * x ; end
println(@first_arg(1), " ", @first_arg(q, 2), " ", @first_arg(a + b), " ", @first_arg("z"))
macro kw(ex)
    ex.head == :call || error()
    kws = filter(a -> a isa Expr && a.head in (:kw, :parameters), ex.args)
    string(length(kws), " ", kws[1].head, " ", kws[1].args[1])
end
println(@kw(f(x, y = 2)))
macro splice(exs...)
    quote
        ($(map(esc, exs)...),)
    end
end
a, b = 1, 2
println(@splice(a, b, a + b), " ", @splice())
macro ifdebug(ex) ; DEBUG ? esc(ex) : nothing ; end
const DEBUG = false
@ifdebug println("never")
macro build(T, exs...)
    flds = [:($(e.args[1])::$(e.args[2])) for e in exs]
    names = [e.args[1] for e in exs]
    quote
        struct $(esc(T))
            $(map(esc, flds)...)
        end
        function Base.show(io::IO, t::$(esc(T)))
            print(io, $(string(T)), "[")
            join(io, ($([:(string($(string(n)), ":", getfield(t, $(QuoteNode(n))))) for n in names]...),), ", ")
            print(io, "]")
        end
    end
end
@build Person name::String age::Int
println(Person("Al", 3))
macro lazyand(a, b) ; :($(esc(a)) ? $(esc(b)) : false) ; end
println(@lazyand(false, error("no")), @lazyand(true, 1 < 2))
macro outer(x) ; :(@inner $(esc(x))) ; end
macro inner(x) ; :(($(esc(x))) * 100) ; end
println(@outer(2 + 1))
macro doc_it(x) ; string(x) |> length ; end
println(@doc_it(a + b + c))
macro unpack(ex)
    lhs, rhs = ex.args
    v = gensym("v")
    Expr(:block, :($v = $(esc(rhs))), [:($(esc(n)) = getproperty($v, $(QuoteNode(n)))) for n in lhs.args]..., v)
end
@unpack (x, y) = (x = 10, y = 20)
println(x, y)
function local_macro()
    @unpack (p, q) = (p = 1, q = "z")
    return p, q
end
println(local_macro())
macro dump_tree(ex)
    out = String[]
    walk(e, d) = e isa Expr ? (push!(out, "  "^d * string(e.head)); foreach(a -> walk(a, d + 1), e.args)) : push!(out, "  "^d * repr(e))
    walk(ex, 0)
    join(out, "\n")
end
println(@dump_tree x[1] + f(y)) 
println(eval(:(@nargs 1 2)), " ", (@eval @nargs a), " ", macroexpand(Main, :(@nargs 1 2 3)))
