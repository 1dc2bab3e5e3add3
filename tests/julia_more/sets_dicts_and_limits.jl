# exercises: order of filtered sets, dictionaries whose value types grow, sets of the program's own, what a limit leaves out, long tuples, parts of strings
println(filter(>(15), Set(1:20)), " ", filter(iseven, Set([1, 2, 3, 4])))
println(Dict(x for x in Any[(i, isodd(i) ? i : "s") for i in 1:5]), " ", Dict(1 => 2.0, 2 => 3), " ", Dict(k => v for (k, v) in Any["a" => 1, "b" => nothing]))

struct Bits <: AbstractSet{Int}
    mask::UInt64
end
Bits(xs::Int...) = Bits(reduce(|, (UInt64(1) << x for x in xs); init = UInt64(0)))
Base.length(s::Bits) = count_ones(s.mask)
Base.in(x::Int, s::Bits) = (s.mask >> x) & 1 == 1
Base.iterate(s::Bits, m = s.mask) = m == 0 ? nothing : (trailing_zeros(m), m & (m - 1))
b = Bits(1, 5, 9)
println(5 in b, " ", collect(b), " ", union(b, [2]) == Set([1, 2, 5, 9]), " ", intersect(b, [5]), " ", setdiff(b, [5, 1]), " ", b == Set([9, 5, 1]), " ", issubset(Bits(1), b), " ", sum(b), " ", typeof(symdiff(b, [1])))
try
    map(identity, Set([1]))
catch e
    println(sprint(showerror, e))
end

limited(x) = sprint(show, x; context = :limit => true)
println(limited(collect(1:21)), " ", limited(Dict(i => i for i in 1:12)) == replace(string(Dict(i => i for i in 1:12)), r"^((?:[^,]*,){9}[^,]*),.*" => s"\1…)"))
println(count(==('…'), limited(Set(1:30))), " ", length(split(limited(Set(1:30)), ",")))

t = (1, "a", 2.5, :s, 'c', nothing, 1 => 2, (3,), [4], true, 1, "a", 2.5, :s, 'c', nothing, 1 => 2, (3,), [4], true, 1, "a", 2.5, :s, 'c', nothing, 1 => 2, (3,), [4], true, 1, "a", 2.5, :s, 'c', nothing, 1 => 2, (3,), [4], true, 1, "a", 2.5, :s, 'c', nothing, 1 => 2, (3,), [4], true, 1, "a", 2.5)
println(length(t), " ", t[41:end], " ", length(string(t)), " ", eltype(t), " ", [typeof(x) for x in t if x isa Number] |> unique, " ", count(x -> x isa String, t))
println(t)

println(collect(Iterators.partition("abcdé", 2)), " ", join(Iterators.partition("héllo", 3), "|"), " ", typeof(first(Iterators.partition("ab", 1))))
println(map(+, 1, 2), " ", sort([3, 1, 2]; alg = PartialQuickSort(2)), " ", sort([3, 1, 2]; alg = Base.Sort.DEFAULT_STABLE), " ", inv([1 2; 3 4]) * [1 2; 3 4] ≈ [1 0; 0 1])
for f in (() -> cumsum([1 2; 3 4]), () -> Vector{Int}(undef, 2, 2), () -> one([1 2 3]))
    try
        println(f())
    catch e
        println(sprint(showerror, e))
    end
end
