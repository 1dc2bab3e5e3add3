# exercises: rows made by ', their multiples, sums and parts; products of numbers and arrays with a style of their own; reshaping again
plain(x) = (show(stdout, MIME("text/plain"), x); println())
v = [1, 2]
plain(2v')
plain(-v' / 2)
plain(v' + [3, 4]' - v')
plain([v' v'])
plain(v'[:, [2]])
w = copy([1.5, 2]')
w[1] = 9
plain(w)
plain(-[1 2; 3 4]')
plain([1 + im, 2]' * im)
plain(transpose([1 + im, 2]) * im)
plain(v' .+ 1)
plain([v' 3])
println(2v' == [2 4], " ", size(similar(v')), " ", (2v') * v, " ", v * (2v'))

# a style of its own
struct Named{T,N} <: AbstractArray{T,N}
    data::Array{T,N}
    name::String
end
Base.size(a::Named) = size(a.data)
Base.getindex(a::Named, i::Int...) = a.data[i...]
Base.setindex!(a::Named, x, i::Int...) = a.data[i...] = x
Base.BroadcastStyle(::Type{<:Named}) = Broadcast.ArrayStyle{Named}()
Base.similar(bc::Broadcast.Broadcasted{Broadcast.ArrayStyle{Named}}, ::Type{T}) where {T} = Named(similar(Array{T}, axes(bc)), "result")
a = Named([1 2; 3 4], "a")
println([typeof(x) for x in (2a, a * 2, a / 2, 2 \ a, -a, a + a, a .+ 1)], " ", (2a).name, " ", -a)

# what says of all values that they are Bool only when it is computed
println(typeof(Any[1, 2] .== [1, 2]), " ", typeof(isodd.(Any[1, 2])), " ", Any[1, "a"] .== 1)

# an assignment to what is no array
struct Cup
    inside::Vector{Int}
end
Base.broadcastable(c::Cup) = c.inside
Base.ndims(::Type{Cup}) = 1
Base.axes(c::Cup) = axes(c.inside)
Base.copyto!(c::Cup, bc::Broadcast.Broadcasted) = (copyto!(c.inside, bc); c)
c = Cup([1, 2])
c .= [5, 6]
c .+= 1
println(c)
try
    (1, 2) .= 3
catch e
    println(typeof(e))
end

# reshaped again
println(vec(reshape(1:6, 2, 3)), " ", dropdims(reshape(1:3, 1, 3); dims=1), " ", reshape(reshape(1:6, 2, 3), 3, :))
for f in (() -> reshape(1:6, 5), () -> reshape(1:6, 5, 1), () -> reverse([1 2; 3 4]; dims=3))
    try
        f()
    catch e
        println(sprint(showerror, e))
    end
end
println(parentindices(view([1 2; 3 4], :, 1)), " ", Base.axes1([1, 2]), " ", to_indices([1 2; 3 4], (1, 2)))
println(Base.mightalias([1], [1]), " ", (x = [1, 2]; Base.mightalias(x, view(x, 1:1))))
println(NamedTuple{(:c, :a)}((a=1, b="x", c=[1])), " ", NamedTuple{(:a,),Tuple{Float64}}((a=1, b=2)))
Base.print_matrix(stdout, [1 20; 300 4])
println()
