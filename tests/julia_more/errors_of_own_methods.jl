# exceptions from methods and functions that the program hands to Base
struct Trap{T}; v::T; end
Base.getproperty(t::Trap, s::Symbol) = s === :v ? getfield(t, :v) : throw(ArgumentError("no property $s"))
Base.setproperty!(t::Trap, s::Symbol, x) = error("cannot set $s to $x")
Base.propertynames(::Trap) = (:v, :w)
Base.iterate(t::Trap, i=1) = i > 2 ? throw(EOFError()) : (i, i + 1)
Base.length(t::Trap) = throw(DomainError(t.v, "no length"))
Base.hash(t::Trap, h::UInt) = error("hash of trap")
Base.:(==)(a::Trap, b::Trap) = error("== of traps")
Base.isless(a::Trap, b::Trap) = error("isless of traps $(a.v) $(b.v)")
Base.convert(::Type{Int}, t::Trap) = t.v isa Int ? getfield(t, :v) : throw(InexactError(:convert, Int, t.v))
Base.getindex(t::Trap, i) = throw(BoundsError(t, i))
Base.:+(a::Trap, b) = throw(OverflowError("trap + $b"))
(t::Trap)(x) = throw(KeyError(x))
Base.show(io::IO, t::Trap) = t.v === :bad ? error("bad show") : print(io, "Trap(", t.v, ")")
t = Trap(1)
what(f) = try f() catch e first(split(sprint(showerror, e), "\n")) end
println(what(() -> t.w)); println(what(() -> (t.v = 2))); println(what(() -> [x for x in t])); println(what(() -> length(t))); println(what(() -> Dict(t => 1))); println(what(() -> t == Trap(2))); println(what(() -> sort([Trap(2), Trap(1)]))); println(what(() -> Int[Trap(3)])); println(what(() -> Int[Trap("x")])); println(what(() -> t[3])); println(what(() -> t + 1)); println(what(() -> t(:q))); println(what(() -> "$(Trap(:bad))")); println(what(() -> t in [Trap(1)])); println(what(() -> Set([t]))); println(what(() -> sum([t, 1]))); println(what(() -> maximum([t, t]))); println(what(() -> unique([t, t]))); println(what(() -> [t] == [t])); println(what(() -> collect(t))); println(what(() -> map(identity, t))); println(what(() -> ((a, b, c) = t; c))); println(what(() -> t .+ 1)); println(what(() -> [Trap(1)] .+ 1)); println(what(() -> t[1:2])); println(what(() -> t[end])); println(what(() -> (x = [1, 2]; x[t]))); println(what(() -> repr([Trap(:bad)]))); println(what(() -> propertynames(t))); println(what(() -> hasproperty(t, :w)))
println(what(() -> sort([3, 1, 2], by=x -> x == 2 ? error("by $x") : x))); println(what(() -> sort([3, 1, 2], lt=(a, b) -> error("lt")))); println(what(() -> map(x -> x > 1 ? error("m$x") : x, [1, 2, 3]))); println(what(() -> filter(x -> error("f$x"), [1]))); println(what(() -> foreach(x -> error("fe$x"), 1:3))); println(what(() -> reduce((a, b) -> error("r$a$b"), 1:3))); println(what(() -> get!(() -> error("g"), Dict{Int,Int}(), 1))); println(what(() -> [error("c$i") for i in 1:2])); println(what(() -> sum(error("s$i") for i in 1:2))); println(what(() -> any(x -> error("a$x"), [1]))); println(what(() -> findfirst(x -> error("ff$x"), [1]))); println(what(() -> (x -> error("bc$x")).([1, 2]))); println(what(() -> ntuple(i -> error("nt$i"), 2))); println(what(() -> Dict(i => error("d$i") for i in 1:2))); println(what(() -> replace("abc", r"b" => m -> error("rp$m")))); println(what(() -> sprint(io -> error("sp")))); println(what(() -> open(f -> error("op"), "/dev/null"))); println(what(() -> mapreduce(x -> error("mr$x"), +, [1]))); println(what(() -> accumulate((a, b) -> error("ac$a$b"), [1, 2]))); println(what(() -> zip(1:2, (error("z$i") for i in 1:2)) |> collect)); println(what(() -> first(x for x in 1:3 if error("cond$x")))); println(what(() -> Iterators.map(x -> error("im$x"), 1:2) |> collect)); println(what(() -> merge((a, b) -> error("mg"), Dict(1 => 1), Dict(1 => 2)))); println(what(() -> count(x -> error("ct"), [1]))); println(what(() -> argmax(x -> error("am"), [1]))); println(what(() -> partialsort([2, 1], 1, by=x -> error("ps")))); println(what(() -> searchsortedfirst([1, 2], 1, by=x -> error("ss")))); println(what(() -> unique(x -> error("uq"), [1, 2]))); println(what(() -> filter!(x -> x == 2 ? error("fi") : false, [1, 2, 3])))
kwdef(; a=error("default a"), b=a) = b
println(what(() -> kwdef())); println(what(() -> kwdef(a=2))); println(what(() -> kwdef(b=2)))
opt(x, y=error("default y $x")) = x + y; println(what(() -> opt(1))); println(what(() -> opt(1, 2)))
struct Pos; x::Int; Pos(x) = x < 0 ? throw(ArgumentError("negative: $x")) : new(x); end
println(what(() -> Pos(-1))); println(what(() -> Pos(2))); println(what(() -> [Pos(i) for i in (1, -2)])); println(what(() -> Pos.([1, -3]))); println(what(() -> Pos("a"))); println(what(() -> Pos(1.5)))
Base.@kwdef struct Conf; name::String; n::Int = 3; v::Vector{Int} = [n]; end
println(what(() -> Conf(name="a"))); println(what(() -> Conf())); println(what(() -> Conf(name="a", n=1.5))); println(what(() -> Conf(name="b", q=1) isa Conf)); println(what(() -> Conf(name=3)))
a = [1, 2, 3]; r = try map!(x -> x == 3 ? error("stop") : 10x, a, a) catch; :failed end; println(r, " ", a)
v = Int[]; try for i in 1:5; push!(v, i); i == 3 && error(); end catch end; println(v)
d = Dict(1 => 1); try get!(d, 2) do; d[3] = 3; error("x"); end; catch; end; println(sort(collect(d)))
cnt = 0; for i in 1:4; try; global cnt += 1; i % 2 == 0 && error("e"); catch; global cnt += 10; finally; global cnt += 100; end; end; println(cnt)
acc = Int[]; for i in 1:3, j in 1:3; try; j == 2 && continue; i == 2 && break; push!(acc, 10i + j); finally; push!(acc, -j); end; end; println(acc)
g() = (s = 0; while true; try; s += 1; s > 3 && return s; continue; finally; s += 1; end; end); println(g())
nested(n) = try; n == 0 ? error("bottom") : nested(n - 1); catch e; error(e.msg * "<$n"); finally; print(n, " "); end
println(what(() -> nested(3)))
struct Bad end
Base.show(io::IO, ::Bad) = error("cannot show")
for f in (string, repr, x -> string([x]), x -> "$x", x -> sprint(show, x), x -> string(x, 1))
    println(what(() -> f(Bad())))
end
try string(Bad()) catch e; println("unused: ", e.msg) end
try string([Bad()]) catch e; println("unused: ", e.msg) end
# what cannot be iterated cannot be splatted
pair(a, b) = (a, b)
println(what(() -> pair(Bad()...)), " ", what(() -> [Bad()...]), " ", what(() -> (1, nothing...)), " ", what(() -> pair(1, 2...)), " ", what(() -> pair([1, 2]..., :a...)))
# callables that do not take what they get
struct Adder; n::Int; end
(a::Adder)(x::Int) = a.n + x
println(what(() -> Adder(1)(2)), " ", what(() -> Adder(1)("s")), " ", what(() -> Bad()(1)), " ", what(() -> 'a':1))
adder(n) = (x::Int) -> x + n
println(replace(what(() -> adder(2)("a")), r"#\d+#\d+" => "closure"))
println(what(() -> "a" in "abc"), " | ", what(() -> all([1])), " | ", what(() -> Bad()[end]), " | ", what(() -> [1].x))
# a dictionary has the types of the keys and values that were met
found(k) = try parse(Int, k) catch; nothing end
println(typeof(Dict(k => found(k) for k in ["1"])), " ", typeof(Dict(k => found(k) for k in ["1", "x"])), " ", typeof(Dict(k => Any[1, "a"][k] for k in 1:2)))
