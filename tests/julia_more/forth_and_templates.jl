# Interpreters of small languages: Forth, regex by derivatives, template engine, INI and query strings, markdown, tables, diff.
using Printf
# ---- Forth
mutable struct Forth
    stack::Vector{Int}
    words::Dict{String,Union{Function,Vector{String}}}
    out::IOBuffer
end
struct ForthError <: Exception
    msg::String
end
Base.showerror(io::IO, e::ForthError) = print(io, "forth: ", e.msg)
function need(f::Forth, n)
    length(f.stack) >= n || throw(ForthError("stack underflow"))
    splice!(f.stack, length(f.stack)-n+1:length(f.stack))
end
binary(op) = f -> ((a, b) = need(f, 2); push!(f.stack, Int(op(a, b))))
function Forth()
    f = Forth(Int[], Dict(), IOBuffer())
    for (name, op) in ("+" => +, "-" => -, "*" => *, "/" => div, "mod" => mod, "max" => max, "=" => (a, b) -> a == b ? -1 : 0, "<" => (a, b) -> -(a < b))
        f.words[name] = binary(op)
    end
    f.words["dup"] = f -> (a = only(need(f, 1)); push!(f.stack, a, a))
    f.words["drop"] = f -> need(f, 1)
    f.words["swap"] = f -> ((a, b) = need(f, 2); append!(f.stack, (b, a)))
    f.words["over"] = f -> ((a, b) = need(f, 2); append!(f.stack, (a, b, a)))
    f.words["."] = f -> print(f.out, only(need(f, 1)), ' ')
    f.words["emit"] = f -> print(f.out, Char(only(need(f, 1))))
    f.words["cr"] = f -> println(f.out)
    f
end
function run!(f::Forth, tokens::Vector{<:AbstractString})
    i = 1
    while i <= length(tokens)
        t = lowercase(tokens[i])
        if t == ":"
            j = findnext(==(";"), tokens, i)
            j === nothing && throw(ForthError("unfinished definition"))
            f.words[lowercase(tokens[i+1])] = String.(tokens[i+2:j-1])
            i = j
        elseif t == "if"
            depth, e, k = 1, 0, i
            while depth > 0
                k += 1
                k > length(tokens) && throw(ForthError("if without then"))
                depth += tokens[k] == "if" ? 1 : tokens[k] == "then" ? -1 : 0
                tokens[k] == "else" && depth == 1 && (e = k)
            end
            c, = need(f, 1)
            run!(f, c != 0 ? tokens[i+1:(e == 0 ? k : e)-1] : e == 0 ? String[] : tokens[e+1:k-1])
            i = k
        elseif haskey(f.words, t)
            w = f.words[t]
            w isa Function ? w(f) : run!(f, w)
        else
            v = tryparse(Int, t)
            v === nothing && throw(ForthError("unknown word $t"))
            push!(f.stack, v)
        end
        i += 1
    end
    f
end
run!(f::Forth, s::String) = run!(f, split(s))
f = Forth()
run!(f, ": sq dup * ; : fact dup 2 < if drop 1 else dup 1 - fact * then ; 5 sq . 10 fact . cr 72 emit 105 emit 7 3 over . . .")
print(String(take!(f.out)), "\n")
println(f.stack, " ", length(f.words), " ", f.words["sq"])
for s in ["1 +", "foo", ": x 1", "1 if 2", "1 0 /"]
    g = Forth()
    try
        run!(g, s)
    catch e
        println(rpad(s, 8), sprint(showerror, e))
    end
end
# ---- regular expressions by derivatives
abstract type Re end
struct Empty <: Re end
struct Eps <: Re end
struct Chr <: Re; c::Char; end
struct Alt <: Re; a::Re; b::Re; end
struct Cat <: Re; a::Re; b::Re; end
struct Star <: Re; r::Re; end
Base.:|(a::Re, b::Re) = a isa Empty ? b : b isa Empty ? a : a == b ? a : Alt(a, b)
Base.:*(a::Re, b::Re) = a isa Empty || b isa Empty ? Empty() : a isa Eps ? b : b isa Eps ? a : Cat(a, b)
Base.:^(a::Re, ::typeof(*)) = a isa Union{Empty,Eps} ? Eps() : Star(a)
Base.:(==)(a::T, b::T) where {T<:Re} = all(getfield(a, i) == getfield(b, i) for i in 1:fieldcount(T))
nullable(::Union{Eps,Star}) = true
nullable(::Union{Empty,Chr}) = false
nullable(r::Alt) = nullable(r.a) || nullable(r.b)
nullable(r::Cat) = nullable(r.a) && nullable(r.b)
d(::Union{Empty,Eps}, c) = Empty()
d(r::Chr, c) = r.c == c ? Eps() : Empty()
d(r::Alt, c) = d(r.a, c) | d(r.b, c)
d(r::Cat, c) = nullable(r.a) ? d(r.a, c) * r.b | d(r.b, c) : d(r.a, c) * r.b
d(r::Star, c) = d(r.r, c) * r
Base.occursin(r::Re, s::AbstractString) = nullable(foldl(d, s; init = r))
Base.show(io::IO, ::Empty) = print(io, "∅")
Base.show(io::IO, ::Eps) = print(io, "ε")
Base.show(io::IO, r::Chr) = print(io, r.c)
Base.show(io::IO, r::Alt) = print(io, "(", r.a, "|", r.b, ")")
Base.show(io::IO, r::Cat) = print(io, r.a, r.b)
Base.show(io::IO, r::Star) = r.r isa Chr ? print(io, r.r, "*") : print(io, "(", r.r, ")*")
lit(s) = foldr((c, r) -> Chr(c) * r, s; init = Eps())
r = (lit("ab") | Chr('c'))^(*) * lit("d")
println(r, " ", [occursin(r, s) for s in ("d", "abd", "cabcd", "abab", "")], " ", d(r, 'a'), " ", d(d(r, 'a'), 'b') == r)
# ---- templates
function render(t, vars)
    out = replace(t, r"\{\{#(\w+)\}\}(.*?)\{\{/\1\}\}"s => function (s)
        m = match(r"\{\{#(\w+)\}\}(.*?)\{\{/\1\}\}"s, s)
        v = get(vars, Symbol(m[1]), nothing)
        v isa AbstractVector ? join(render(m[2], merge(vars, x isa NamedTuple ? Dict(pairs(x)) : Dict(:it => x))) for x in v) : v === true ? render(m[2], vars) : ""
    end)
    replace(out, r"\{\{(\w+)(?:\|(\w+))?\}\}" => function (s)
        m = match(r"\{\{(\w+)(?:\|(\w+))?\}\}", s)
        v = string(get(vars, Symbol(m[1]), "?"))
        m[2] === nothing ? v : m[2] == "upper" ? uppercase(v) : m[2] == "len" ? string(length(v)) : "<$(m[2])>"
    end)
end
println(render("Hi {{name|upper}} ({{name|len}}), {{#items}}[{{n}}x {{what}}]{{/items}} {{#nums}}{{it}};{{/nums}}{{#off}}no{{/off}}{{#on}}yes {{name}}{{/on}} {{zip}} {{name|bad}}", Dict{Symbol,Any}(:name => "Zoë", :items => [(n = 1, what = "a"), (n = 2, what = "b")], :nums => 1:3, :on => true, :off => false)))
# ---- INI and query strings
function ini(s)
    doc = Dict{String,Dict{String,Any}}()
    section = get!(Dict{String,Any}, doc, "")
    for (n, line) in enumerate(eachline(IOBuffer(s)))
        line = strip(replace(line, r"[#;].*$" => ""))
        isempty(line) && continue
        if (m = match(r"^\[(.+)\]$", line)) !== nothing
            section = get!(Dict{String,Any}, doc, m[1])
        elseif (m = match(r"^([\w.]+)\s*=\s*(.*)$", line)) !== nothing
            k, v = m.captures
            section[k] = something(tryparse(Int, v), tryparse(Float64, v), tryparse(Bool, v), String(v))
        else
            error("line $n: cannot read $(repr(line))")
        end
    end
    doc
end
doc = ini("a = 1\n[server]\nhost = example.org ; the host\nport=8080\nratio = 0.5\n# c\nssl = true\n[empty]\n")
for s in sort(collect(keys(doc)))
    println("[", s, "] ", join(("$k=$(repr(v))::$(typeof(v))" for (k, v) in sort(collect(doc[s]), by = first)), " "))
end
try ini("x\n") catch e; println(e.msg) end
unescape(s) = (bytes = UInt8[]; i = 1; u = codeunits(s); while i <= length(u); if u[i] == UInt8('%'); push!(bytes, parse(UInt8, String(u[i+1:i+2]); base = 16)); i += 3; else; push!(bytes, u[i] == UInt8('+') ? 0x20 : u[i]); i += 1; end; end; String(bytes))
query(s) = [unescape(k) => unescape(v) for (k, v) in (split(p, '='; limit = 2) for p in split(s, '&'))]
println(query("q=caf%C3%A9+au+lait&n=1%2B1&e="))
# ---- diff by longest common subsequence
function lcsdiff(a, b)
    m, n = length(a), length(b)
    t = zeros(Int, m + 1, n + 1)
    for i in m:-1:1, j in n:-1:1
        t[i, j] = a[i] == b[j] ? t[i+1, j+1] + 1 : max(t[i+1, j], t[i, j+1])
    end
    out, i, j = Pair{Char,eltype(a)}[], 1, 1
    while i <= m || j <= n
        if i <= m && j <= n && a[i] == b[j]
            push!(out, ' ' => a[i]); i += 1; j += 1
        elseif j > n || (i <= m && t[i+1, j] >= t[i, j+1])
            push!(out, '-' => a[i]); i += 1
        else
            push!(out, '+' => b[j]); j += 1
        end
    end
    out
end
for (op, line) in lcsdiff(split("a b c d e"), split("a x c e f"))
    print(op, line, " ")
end
println()
# ---- markdown to text
md(s) = replace(s, r"^(#+)\s*(.*)$"m => s"<h>\2</h>", r"\*\*(.+?)\*\*" => s"<b>\1</b>", r"`([^`]*)`" => s"<code>\g<1></code>", r"\[([^\]]+)\]\(([^)]+)\)" => s"<a \2>\1</a>")
println(md("# Title\nsome **bold** and `code` [link](http://x.y)\n## Sub"))
for row in [("id", "name", "score"), (1, "Ann", 9.5), (22, "Björn", 10.25)]
    println("| ", join(map((c, w) -> c isa Number ? lpad(c, w) : rpad(c, w), row, (4, 8, 6)), " | "), " |")
end
