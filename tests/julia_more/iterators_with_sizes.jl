# exercises: iterators of a program that have the size of what they wrap, and axes and arrays made of them
struct Noted{I}
    within::I
    seen::Vector{Int}
end
Noted(itr) = Noted(itr, Int[])
Base.iterate(n::Noted, s...) = (push!(n.seen, length(n.seen) + 1); iterate(n.within, s...))
Base.IteratorSize(::Type{Noted{I}}) where {I} = Base.IteratorSize(I)
Base.IteratorEltype(::Type{Noted{I}}) where {I} = Base.IteratorEltype(I)
Base.eltype(::Type{Noted{I}}) where {I} = eltype(I)
Base.length(n::Noted) = length(n.within)
Base.size(n::Noted) = size(n.within)
println(collect(Noted(1:3)), " ", collect(Noted([1 2; 3 4])), " ", collect(Noted((1, 2.0))), " ", collect(Noted(x^2 for x in 1:3)))
println(axes(Noted([1 2 3])), " ", [x + 1 for x in Noted([1 2; 3 4])], " ", map(string, Noted(1:2)), " ", collect(zip(Noted(1:2), "ab")), " ", sum(Noted([1 2; 3 4])))
println(collect(Noted(x for x in 1:9 if x > 6)), " ", collect(Iterators.take(Noted(1:9), 2)), " ", collect(enumerate(Noted('a':'b'))), " ", collect(Float64, Noted(1:2)))
n = Noted([5, 6])
println(maximum(n), " ", n.seen, " ", collect(Iterators.product(Noted(1:2), 3:4)))
try
    axes(Some(1))
catch e
    println(first(split(sprint(showerror, e), '\n')))
end
