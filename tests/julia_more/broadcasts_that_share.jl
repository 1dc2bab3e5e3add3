# Broadcasts whose arguments share elements with the result, arrays of own types among them, and arrays without dimensions.
A = [1 2; 3 4]
A .= A'
println(A)
v = [1, 2, 3, 4]
v[2:4] .= @view v[1:3]
println(v)
println(fill(2) .* [1 2; 3 4], " ", [1 2; 3 4] .+ fill(1), " ", fill(2) .+ [1, 2], " ", fill(3) .+ fill(4))
B = [1.0 2.0; 3.0 4.0]
B ./= view(B, 2, 2)
println(B)
x = fill(5)
x .= 7
println(x, " ", x .+ 1, " ", fill(1) .+ reshape(1:4, 1, 2, 2))

struct Boxed{T} <: AbstractVector{T}
    data::Vector{T}
end
Base.size(b::Boxed) = size(b.data)
Base.getindex(b::Boxed, i::Int) = b.data[i]
Base.setindex!(b::Boxed, x, i::Int) = (b.data[i] = x)
p, q = Boxed([1, 2, 3]), Boxed([4, 5, 6])
p .= p .+ q
println(p.data)
p .+= 2 .* q
println(p.data)
try
    view(p, 1:2) .= view(p, 2:3)
catch e
    println(typeof(e))
end

# Addresses are plain bits: nothing is taken to be shared, nothing is copied.
struct At{T} <: AbstractVector{T}
    address::Ptr{T}
    length::Int
end
Base.size(a::At) = (a.length,)
Base.getindex(a::At, i::Int) = unsafe_load(a.address, i)
Base.setindex!(a::At{T}, x, i::Int) where {T} = unsafe_store!(a.address, convert(T, x), i)
function added!(y::Vector{Float64}, x::Vector{Float64})
    GC.@preserve x y begin
        to, from = At(pointer(y), length(y)), At(pointer(x), length(x))
        to .+= 2 .* from
        return sum(to)
    end
end
y = [1.0, 2.0]
println(added!(y, [10.0, 20.0]), " ", y)
println(get(A, CartesianIndex(2, 1), 0), " ", get(A, CartesianIndex(3, 1), 0))
