# types are shown by the constants of the module that declares them, where exactly one of its names fits
struct W{T,N} end
const WM{T} = W{T,2}
println(W{Int,2}, " ", W{Int,3}, " ", WM, " ", W{<:Real,2}, " ", Vector{W{Int,2}}, " ", W, " ", W{Int}, " ", W{T,2} where T<:Real)
module Q
export WX
struct W{T,N} end
const WM{T} = W{T,2}
const WX{T} = W{T,3}
end
println(Q.W{Int,2}, " ", Q.W{Int,3})
struct Pt{T<:Real}; x::T; y::T; end
const PtF = Pt{Float64}
const PtI{T<:Integer} = Pt{T}
println(Pt(1.0, 2.0), " ", Pt(1, 2), " ", [Pt(1.5, 2.0)], " ", PtF, " ", typeof(Pt(0x1, 0x2)), " ", Dict(1 => Pt(1.0, 1.0)), " ", Pt, " ", Pt{Float32})
display(PtF(1, 2)); display([PtF(1, 2)]); display(PtF); display(WM{Int}); display(Vector{Int}); display(Vector{Vector{Int}}); display(Matrix{<:Real}); display(ComplexF64); display(Vector{PtF}); display(BitVector); display(Vector)
struct Circle; r; end
struct Square; s; end
struct Tri; a; end
const Shape = Union{Circle,Square}
println(Shape, " ", Union{Circle,Square,Nothing}, " ", Union{Circle,Tri}, " ", Vector{Shape}, " ", Shape[Circle(1)], " ", Union{Circle,Square,Tri})
const Maybe{T} = Union{T,Nothing}
const PtOrMod{T} = Union{Pt{T},Vector{Pt{T}}}
println(PtOrMod{Int})
println(Maybe{Circle}, " ", Maybe{Int}, " ", Maybe, " ", Union{Nothing,Circle,Tri}, " ", Vector{Maybe{Circle}}, " ", Maybe{Circle}[nothing], " ", Dict{String,Maybe{Circle}}())
const Num = Union{Int,Float64}
println(Num, " ", Vector{Num})
f(x::PtF) = 1
try f(1) catch e; println(first(split(sprint(showerror, e), "\n"))) end
try f(Pt(1, 2)) catch e; println(first(split(sprint(showerror, e), "\n"))) end
try f(Pt(1f0, 2f0)) catch e; println(first(split(sprint(showerror, e), "\n"))) end
struct Mod{N}; v::Int; end
const F7 = Mod{7}
println(F7(3), " ", Mod{5}(2), " ", [F7(1), F7(2)], " ", typeof(F7(1)), " ", first(methods(f)).sig)
const Alias2 = Pt
println(Alias2, " ", Alias2{Int8}(1, 2))
println(fieldtypes(Tuple{PtF,Int}), " ", Tuple{PtF,PtF}, " ", NTuple{5,PtF}, " ", @NamedTuple{a::PtF}, " ", Type{PtF}, " ", typeof((PtF(1,1), 2)))

# A type without parameters has its own name; functions belong where they are defined.
struct Turned{A,B} end
const Flip{B,A} = Turned{A,B}
println(Turned, " ", Turned{Int,String})
f_one(x) = x
f_two(x) = 2x
const Both = Union{typeof(f_one),typeof(f_two)}
println(Both)
struct Sized{S,K} end
const OneOrTwo{T,S} = Union{Sized{T,1},Sized{S,2}}
println(Union{Sized{Int,1},Sized{String,2}}, " ", Union{Sized{Int,1},Sized{Int,2}})
