# Quantities with dimensions in their types: operators, promotion, errors of their own.
struct Dim{L,M,T} end
struct Quantity{D,V<:Real} <: Number
    val::V
end
Quantity{D}(v::V) where {D,V<:Real} = Quantity{D,V}(v)
const Length = Dim{1,0,0}
const Time = Dim{0,0,1}
const Mass = Dim{0,1,0}
Base.:*(::Type{Dim{a,b,c}}, ::Type{Dim{d,e,f}}) where {a,b,c,d,e,f} = Dim{a + d,b + e,c + f}
Base.:/(::Type{Dim{a,b,c}}, ::Type{Dim{d,e,f}}) where {a,b,c,d,e,f} = Dim{a - d,b - e,c - f}
Base.:*(x::Quantity{D}, y::Quantity{E}) where {D,E} = Quantity{D * E}(x.val * y.val)
Base.:/(x::Quantity{D}, y::Quantity{E}) where {D,E} = D === E ? x.val / y.val : Quantity{D / E}(x.val / y.val)
Base.:+(x::Quantity{D}, y::Quantity{D}) where {D} = Quantity{D}(x.val + y.val)
Base.:-(x::Quantity{D}, y::Quantity{D}) where {D} = Quantity{D}(x.val - y.val)
Base.:-(x::Quantity{D}) where {D} = Quantity{D}(-x.val)
Base.:*(k::Real, x::Quantity{D}) where {D} = Quantity{D}(k * x.val)
Base.:*(x::Quantity, k::Real) = k * x
Base.:/(x::Quantity{D}, k::Real) where {D} = Quantity{D}(x.val / k)
Base.isless(x::Quantity{D}, y::Quantity{D}) where {D} = isless(x.val, y.val)
Base.:(==)(x::Quantity{D}, y::Quantity{D}) where {D} = x.val == y.val
Base.:(==)(x::Quantity, y::Quantity) = false
Base.zero(::Type{Quantity{D,V}}) where {D,V} = Quantity{D}(zero(V))
Base.zero(x::Quantity) = zero(typeof(x))
Base.convert(::Type{Quantity{D,V}}, x::Quantity{D}) where {D,V} = Quantity{D,V}(x.val)
Base.promote_rule(::Type{Quantity{D,V}}, ::Type{Quantity{D,W}}) where {D,V,W} = Quantity{D,promote_type(V, W)}
Base.:^(x::Quantity, n::Integer) = n == 1 ? x : x * x^(n - 1)
Base.abs(x::Quantity{D}) where {D} = Quantity{D}(abs(x.val))
suffix(n, s) = n == 0 ? "" : n == 1 ? " $s" : " $s^$n"
symbol(::Type{Dim{L,M,T}}) where {L,M,T} = suffix(L, "m") * suffix(M, "kg") * suffix(T, "s")
Base.show(io::IO, x::Quantity{D}) where {D} = print(io, x.val, symbol(D))
m(x) = Quantity{Length}(x)
s(x) = Quantity{Time}(x)
const kg = Quantity{Mass}(1)
println(m(3), " ", m(3) + m(4.5), " ", m(6) / s(2), " ", m(2) * m(3), " ", m(1) / s(2)^2, " ", 5kg * m(2) / s(1)^2, " ", m(4) / m(2))
println(typeof(m(3)), " ", typeof(m(1.0) / s(1)), " ", m(1) == m(1.0), " ", m(1) == s(1), " ", m(1) < m(2), " ", max(m(1), m(5)), " ", -m(2), " ", abs(m(-2)))
println([m(1), m(2.5)], " ", sum([m(1), m(2), m(3)]), " ", maximum(m.([3, 9, 2])), " ", sort(m.([3, 1, 2])), " ", m.(1:3) .* 2, " ", m.(1:3) ./ s.(1:3), " ", extrema(m.([4, 1])))
println(eltype([m(1), m(2.5)]), " ", promote(m(1), m(0.5)), " ", zero(m(2)), " ", accumulate(+, m.(1:3)), " ", cumsum(m.([1.5, 2])), " ", reduce(+, m.(1:4); init = m(100)))
try
    m(1) + s(1)
catch e
    println(typeof(e))
end
try
    m(1) < s(1)
catch e
    println(typeof(e))
end
struct DimError <: Exception
    a::DataType
    b::DataType
end
Base.showerror(io::IO, e::DimError) = print(io, "cannot add", symbol(e.a), " and", symbol(e.b))
add(x::Quantity{D}, y::Quantity{E}) where {D,E} = D === E ? x + y : throw(DimError(D, E))
println(add(m(1), m(2)))
try
    add(m(1), s(2))
catch e
    println(sprint(showerror, e), " | ", e)
end
module Prefix
const milli = 1 // 1000
const kilo = 1000
for (p, f) in ((:k, 1000), (:c, 1 // 100))
    @eval $(Symbol(p, :meters))(x) = Main.m($f * x)
end
end
println(Prefix.kmeters(2), " ", Prefix.cmeters(5), " ", Prefix.cmeters(250) == m(5 // 2), " ", convert(Quantity{Length,Float64}, Prefix.cmeters(250)))
speed(d::Quantity{Length}, t::Quantity{Time}) = d / t
speed(t::Quantity{Time}, d::Quantity{Length}) = speed(d, t)
println(speed(s(2), m(10)), " ", speed(m(10), s(4)), " ", hasmethod(speed, Tuple{Quantity{Mass},Quantity{Time}}), " ", applicable(speed, m(1), s(1)))
const Speed = Quantity{Dim{1,0,-1}}
describe(::Speed) = "speed"
describe(::Quantity{Dim{L,0,0}}) where {L} = L == 2 ? "area" : L == 3 ? "volume" : "length^$L"
describe(q::Quantity) = "quantity" * symbol(typeof(q).parameters[1])
println(describe.([m(1) / s(1), m(1)^2, m(1)^3, m(1)^4, kg, kg / m(1)]))
println(Dict(m(1) => "one")[m(1)], " ", unique([m(1), m(1), m(2)]), " ", m(1) in [m(1), m(2)], " ", hash(m(1)) == hash(m(1)), " ", findfirst(==(m(2)), m.(1:3)))
println(m(7), " ", repr(m(7)), " ", "$(m(7))", " ", string(m(7)), " ", (m(7), s(1)), " ", m(7) => s(2))
