# Conversion and promotion of a program's types; typed variables, fields and results.
struct Celsius <: Real
    t::Float64
end
struct Fahrenheit <: Real
    t::Float64
end
Base.convert(::Type{Celsius}, f::Fahrenheit) = Celsius((f.t - 32) * 5 / 9)
Base.convert(::Type{Fahrenheit}, c::Celsius) = Fahrenheit(c.t * 9 / 5 + 32)
Base.promote_rule(::Type{Celsius}, ::Type{Fahrenheit}) = Celsius
Base.promote_rule(::Type{Celsius}, ::Type{<:Real}) = Celsius
Base.convert(::Type{Celsius}, x::Real) = Celsius(Float64(x))
Base.convert(::Type{Celsius}, x::Celsius) = x
Celsius(f::Fahrenheit) = convert(Celsius, f)
for op in (:+, :-)
    @eval Base.$op(a::Celsius, b::Celsius) = Celsius($op(a.t, b.t))
end
Base.isless(a::Celsius, b::Celsius) = a.t < b.t
Base.:<(a::Celsius, b::Celsius) = a.t < b.t
Base.:(==)(a::Celsius, b::Celsius) = a.t == b.t
Base.show(io::IO, c::Celsius) = print(io, c.t, "°C")
Base.show(io::IO, c::Fahrenheit) = print(io, c.t, "°F")
c, f = Celsius(100), Fahrenheit(32)
println(c + f, " ", promote(c, f), " ", c > f, " ", [c, f], " ", c + 5, " ", f == Celsius(0), " ", Celsius(f), " ", convert(Fahrenheit, c), " ", max(c, f), " ", sort([c, Celsius(-3)]), " ", promote_type(Celsius, Int), " ", typeof([c, 1]))
mutable struct Room
    temp::Celsius
    names::Vector{String}
    id::Union{Int,Nothing}
end
r = Room(Fahrenheit(212), ["a"], nothing)
r.temp = 20
r.id = 0x05
println(r.temp, " ", r.id, " ", typeof(r.id), " ", r)
temps::Vector{Celsius} = [1, 2]
push!(temps, Fahrenheit(50))
temps[1] = 99
println(temps)
avg(x...)::Celsius = sum(v -> convert(Celsius, v).t, x) / length(x)
println(avg(c, f, 50), " ", typeof(avg(c)))
function typed_local()
    n::Int = 2.0
    n = 7.0
    w::Float32 = 1
    n, w, typeof(w)
end
println(typed_local())
try
    (() -> begin
        k::Int = 1
        k = 1.5
    end)()
catch e
    println(sprint(showerror, e))
end
try
    r.names = 5
catch e
    println(typeof(e))
end
d = Dict{Symbol,Celsius}(:a => f)
d[:b] = 3
println(d[:a], d[:b], " ", Dict{String,Float64}("x" => 1), " ", Set{Float64}([1, 2]) == Set([1.0, 2.0]), " ", Vector{Celsius}([1, f]), " ", Celsius[1, f], " ", collect(Celsius, 1:2), " ", map(Celsius, 1:2), " ", Celsius.([1.5]), " ", convert(Vector{Float64}, 1:2), " ", Tuple{Float64,Int}((1, 2.0)), " ", convert(Tuple{Float64,String}, (1, "s")), " ", convert(Pair{Float64,Any}, 1 => 2))
struct Pt{T<:Real}
    x::T
    y::T
    Pt{T}(x, y) where {T} = x < 0 ? error("negative") : new{T}(x, y)
end
Pt(x::T, y::T) where {T} = Pt{T}(x, y)
Pt(x, y) = Pt(promote(x, y)...)
Pt(t::Tuple) = Pt(t...)
Pt{T}(p::Pt) where {T} = Pt{T}(p.x, p.y)
Pt(; x = 0, y = 0) = Pt(x, y)
Base.convert(::Type{Pt{T}}, p::Pt) where {T} = Pt{T}(p)
Base.convert(::Type{Pt{T}}, p::Pt{T}) where {T} = p
Base.convert(::Type{<:Pt}, t::Tuple) = Pt(t...)
Base.:(==)(a::Pt, b::Pt) = a.x == b.x && a.y == b.y
Base.iterate(p::Pt, s = 1) = s > 2 ? nothing : (getfield(p, s), s + 1)
Base.length(::Pt) = 2
Base.eltype(::Type{Pt{T}}) where {T} = T
Base.parse(::Type{Pt}, s::AbstractString) = Pt(parse.(Float64, split(strip(s, ['(', ')']), ','))...)
Base.tryparse(::Type{Pt}, s::AbstractString) = try
    parse(Pt, s)
catch
    nothing
end
println(Pt(1, 2.5), " ", Pt(1, 2), " ", Pt((3, 4)), " ", Pt(), " ", Pt(y = 2), " ", Pt{Float32}(Pt(1, 2)), " ", convert(Pt{Float64}, Pt(1, 2)), " ", Pt{Float64}[Pt(1, 2), (3, 4) |> Pt], " ", Pt(1, 2) == Pt(1.0, 2.0), " ", collect(Pt(1, 2)), " ", sum(Pt(1.5, 2)), " ", Pt[(1, 2), (1.0, 2)])
println(parse(Pt, "(1, 2.5)"), " ", tryparse(Pt, "(1,x)"), " ", (a = Pt(1, 2); a.x), " ", let (p, q) = Pt(5, 6); p - q end, " ", [Pt(1, 2)...], " ", 2 in Pt(1, 2), " ", extrema(Pt(9, 4)))
for bad in (() -> Pt(-1, 2), () -> Pt{Int}(1.5, 2), () -> Pt("a", "b"), () -> convert(Int, 2.5), () -> convert(Celsius, "x"), () -> Int8[300], () -> Celsius("hot"), () -> UInt8(256), () -> Bool(2), () -> Char(-1))
    try
        println(bad())
    catch e
        println(typeof(e), ": ", sprint(showerror, e))
    end
end
println(convert(Float32, 1//3), " ", convert(Rational{Int}, 0.75), " ", convert(Complex{Float64}, 2), " ", convert(String, SubString("abc", 1, 2)), " ", convert(Char, 97), " ", convert(Union{Int,Nothing}, 3.0), " ", convert(Any, :x), " ", convert(Real, 1im - 1im + 2), " ", convert(Bool, 1.0), " ", oftype(1.0, 3), " ", widen(Int8(3)) |> typeof, " ", float(2//3), " ", rationalize(0.1), " ", trunc(Int, -2.7), " ", Int(round(2.5)), " ", unsigned(5), " ", signed(0xff), " ", reinterpret(Int8, 0xff), " ", Int64('a'), " ", Float64("1.5" |> x -> parse(Float64, x)))
println(promote(1, 2.0, 3//1, 0x1), " ", promote_type(Int8, UInt16, Float32), " ", promote(true, 2), " ", promote_type(Union{Int,Missing}, Float64), " ", promote_type(Nothing, Int), " ", promote_type(Vector{Int}, Vector{Float64}), " ", promote_type(String, Int), " ", typeof(1 + true), " ", typeof(1//2 + 0.5), " ", typeof(big(1) + 1.0), " ", typeof(Int8(1) + Int8(1)), " ", typeof(0x1 + 1), " ", typeof('a' + 1), " ", typeof(1.0f0 + 1), " ", typeof(Float16(1) * 2.0f0), " ", typeof(2im + 1.5))
