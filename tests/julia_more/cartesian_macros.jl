# exercises: @nexprs, @ntuple, @nref, @ncall, @nloops, @nextract, @nall, @nany, @nif of Base.Cartesian
using Base.Cartesian
@nexprs 3 i -> println(i, " ", i + 1)
@nexprs 3 i -> x_i = i^2
println(x_1, x_2, x_3, (@ntuple 3 x), (@ntuple 3 d -> x_d + d))
A = reshape(1:6, 2, 3)
s = Int[]
@nloops 2 i A begin
    push!(s, @nref 2 A i)
end
println(s)
function total(A::AbstractArray{T,3}) where T
    s = zero(T)
    @nloops 3 i d -> 1:size(A, d) d -> (d == 1 ? nothing : (s += 0)) begin
        s += (@nref 3 A i) * (@ncall 3 max i)
    end
    s
end
println(total(reshape(1:8, 2, 2, 2)))
@generated function sum_nd(A::AbstractArray{T,N}) where {T,N}
    quote
        s = zero(T)
        @nloops $N i A begin
            s += @nref $N A i
        end
        return s
    end
end
println(sum_nd([1 2; 3 4]), " ", sum_nd([1.5, 2]), " ", sum_nd(ones(2, 2, 2)))
ind = (2, 3)
@nextract 2 k ind
println(k_1, k_2, (@nall 2 d -> k_d > 1), (@nany 2 d -> k_d > 2), (@nif 3 d -> (x_d > 3) d -> ("x", d) d -> "none"))
@nexprs 2 d -> (y_{d+1} = d)
println(y_2, y_3)
@nexprs 2 i -> @nexprs 2 j -> (m_i_j = 10i + j)
println(m_1_1, m_2_1, m_1_2, m_2_2)
