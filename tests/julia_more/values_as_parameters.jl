# Values of any immutable type as parameters of types, made when the program runs, and how they are shown.
struct Unit{L} end
g(n) = Unit{n}
for n in [1//2, 3//4] println(g(n)) end
half(n) = (y = n.den == 1 ? 1 : n; Unit{y})
println(half(1//3))
for x in Any[1.5, (a=1,)] println(g(x)) end
try g(Any["s"][1]) catch e; println(sprint(showerror, e)) end
println(Unit{Val(1)}, " ", Unit{missing})
struct Dim{L,T} end
Base.:*(::Dim{L,T}, ::Dim{M,U}) where {L,T,M,U} = Dim{L+M,T+U}()
Base.sqrt(::Dim{L,T}) where {L,T} = Dim{L//2,T//2}()
Base.show(io::IO, ::Dim{L,T}) where {L,T} = print(io, "m^", L, " s^", T)
a = Dim{1//1,0//1}()
println(a*a, " ", sqrt(a), " ", sqrt(sqrt(a)))
xs = Any[a]
for _ in 1:3 push!(xs, sqrt(xs[end])) end
println(xs)
struct Static{N} end
mk(x) = Static{x}()
println(mk.([1.5, 2.5]), mk.([(1,2.0),(3,4.0)]), mk(0x01), mk('c'), mk(:s), mk(nothing), mk(1//3), mk((a=1,b=:x)), mk(true), mk(2im))
println([typeof(mk(x)) for x in Any[1, 2.0, :a, (1, 'x')]])
println(Static{missing}, Static{1.0e20}, Static{-0.0}, Static{NaN}, Static{1f0}, Static{Inf})
println(mk.(Any[missing, Val(3), sin]))
