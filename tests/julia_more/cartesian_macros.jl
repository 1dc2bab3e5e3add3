# Code that is written for each dimension, and locks.
using Base.Cartesian
l = ReentrantLock()
println(@lock l 1 + 1)
println(islocked(l))
println(try @lock l error("x") catch e; (e.msg, islocked(l)) end)
f() = begin
    @nexprs 3 i -> x_i = i^2
    (@ntuple 3 i -> x_i), (@ntuple 3 x)
end
println(f())
g(A::Array{T,2}) where T = begin
    s = zero(T)
    @nloops 2 i A begin
        s += @nref 2 A i
    end
    s
end
println(g([1 2; 3 4]))
function h(A)
    out = Int[]
    @nloops 2 i d -> 1:size(A, d) d -> (j_d = i_d + 1) begin
        push!(out, (@nref 2 A i) * j_1)
    end
    out
end
println(h([1 2; 3 4]))
println(@ncall 3 max i -> i + 1)
k(x) = @nif 4 d -> (x == d) d -> "is $d" d -> "none"
println(k(2), k(9))
m() = begin
    a_1, a_2, a_3 = 1, 2, 3
    @nall(3, d -> a_d > 0), @nany(3, d -> a_d > 2), (@nexprs 2 d -> b_d = a_{d+1}), b_1, b_2
end
println(m())
@generated function sumn(A::Array{T,N}) where {T,N}
    quote
        s = zero(T)
        @nloops $N i A begin
            s += @nref $N A i
        end
        s
    end
end
println(sumn(ones(2,3,4)))
p() = begin
    t = (5, 6)
    @nextract 2 q t
    @nextract 2 w d -> 10d
    (q_1, q_2, w_1, w_2)
end
println(p())
