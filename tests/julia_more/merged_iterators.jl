# An iterator whose state is a tuple of two that may be nothing.
struct Merged{A,B,P}
    less::P
    a::A
    b::B
end
Base.length(m::Merged) = length(m.a) + length(m.b)
Base.eltype(::Type{<:Merged{A,B}}) where {A,B} = Union{eltype(A),eltype(B)}
function Base.iterate(m::Merged, (x, y)=(iterate(m.a), iterate(m.b)))
    if isnothing(x) && isnothing(y)
        return nothing
    end
    if isnothing(y)
        return x[1], (iterate(m.a, x[2]), y)
    end
    if isnothing(x)
        return y[1], (x, iterate(m.b, y[2]))
    end
    if m.less(x[1], y[1])
        return x[1], (iterate(m.a, x[2]), y)
    else
        return y[1], (x, iterate(m.b, y[2]))
    end
end
println(collect(Merged(isless, 1:2:5, 2:2:6)))
println(collect(Merged(isless, [1, 4], 2:2)), " ", [x for x in Merged((a, b) -> a > b, [9, 3], [7, 5, 1])], " ", sum(Merged(isless, 1:3, 4:6)))
