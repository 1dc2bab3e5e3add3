# exercises: arrays of a program whose axes do not begin at one, vectors of a program that grow by resize!, matrices of its own that are sliced
struct Shifted{T,N,A<:AbstractArray{T,N}} <: AbstractArray{T,N}
    data::A
    before::NTuple{N,Int}
end
Shifted(a::AbstractArray{T,N}, before::Vararg{Int,N}) where {T,N} = Shifted{T,N,typeof(a)}(a, before)
Base.size(s::Shifted) = size(s.data)
Base.axes(s::Shifted) = map((n, b) -> 1+b:n+b, size(s.data), s.before)
function Base.getindex(s::Shifted{T,N}, i::Vararg{Int,N}) where {T,N}
    checkbounds(s, i...)
    return s.data[(i .- s.before)...]
end
function Base.setindex!(s::Shifted{T,N}, x, i::Vararg{Int,N}) where {T,N}
    checkbounds(s, i...)
    s.data[(i .- s.before)...] = x
end
const Ranges = Tuple{UnitRange,Vararg{UnitRange}}
Base.similar(::AbstractArray, ::Type{T}, axs::Ranges) where {T} = Shifted(Array{T}(undef, length.(axs)), (first.(axs) .- 1)...)
Base.similar(::Type{<:Array{T}}, axs::Ranges) where {T} = Shifted(Array{T}(undef, length.(axs)), (first.(axs) .- 1)...)

v = Shifted([10, 20, 30], -2)
m = Shifted([1 2; 3 4], -1, 4)
for f in (() -> v[2], () -> m[0, 0], () -> v[-2] = 1)
    try
        f()
    catch e
        println(sprint(showerror, e))
    end
end
show(stdout, MIME("text/plain"), v)
println()
show(stdout, MIME("text/plain"), m)
println()
println(summary(m), " ", collect(v), " ", collect(m))
w = v .+ 1
println(collect(w), " ", axes(w), " ", typeof(v .* 1.5), " ", collect(v .* w))
println(axes(similar(v, Bool)), " ", typeof(copy(v)), " ", collect(2v), " ", typeof(v / 10), " ", axes(-m), " ", collect(v + w))
v .= 7
v[-1] = 0
println([v[i] for i in -1:1], " ", v[begin], " ", v[end], " ", sum(v), " ", collect(fill!(similar(v), 1)))

# what grows by resize! has push! and its kin
struct Logged{T} <: AbstractVector{T}
    data::Vector{T}
    sizes::Vector{Int}
end
Base.size(l::Logged) = size(l.data)
Base.getindex(l::Logged, i::Int) = l.data[i]
Base.setindex!(l::Logged, x, i::Int) = l.data[i] = x
Base.resize!(l::Logged, n::Integer) = (push!(l.sizes, n); resize!(l.data, n); l)
l = Logged([1, 2], Int[])
push!(l, 3)
append!(l, (4, 5), [6])
append!(l, (x for x in 1:9 if x > 8))
println(l, " ", l.sizes)
struct Fixed <: AbstractVector{Int} end
Base.size(::Fixed) = (1,)
Base.getindex(::Fixed, i::Int) = i
try
    push!(Fixed(), 1)
catch e
    println(first(split(sprint(showerror, e), '\n')))
end

# slices of a matrix that has room for symmetric ones only
struct Mirror{T} <: AbstractMatrix{T}
    data::Matrix{T}
end
Base.size(s::Mirror) = size(s.data)
Base.getindex(s::Mirror, i::Int, j::Int) = s.data[min(i, j), max(i, j)]
Base.setindex!(s::Mirror, x, i::Int, j::Int) = s.data[min(i, j), max(i, j)] = x
Base.similar(s::Mirror, ::Type{T}, dims::Dims{2}) where {T} = Mirror(zeros(T, dims))
s = Mirror([1 2 3; 0 4 5; 0 0 6])
println(mapslices(sum, s; dims=1), " ", typeof(mapslices(sum, s; dims=2)), " ", mapslices(x -> x .- minimum(x), s; dims=1))
println(typeof(2s), " ", typeof(similar(s)), " ", -s)
