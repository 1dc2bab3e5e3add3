# Replacing in sets and dictionaries, functions shown, values of a stream one by one, rounding infinite fractions and missing.
println(collect(readeach(IOBuffer("aé"), Char)), [b for b in readeach(IOBuffer("ab"), UInt8)], readchomp(IOBuffer("x\n")), eltype(readeach(IOBuffer("x"), Char)))
t(l, f) = try println(l, " => ", repr(f())) catch e; println(l, " !! ", typeof(e), " ", sprint(showerror, e)) end
t("Char", () -> (Char(65.0), Char(2.5)))
t("sc", () -> sincos(Inf)); t("sc2", () -> (sincos(0.5), sincos(1), sincos(0.5f0)))
t("gcd", () -> gcd(1.5, 2)); t("gcd2", () -> (gcd(4,6), gcd(1//2,1//3), gcd(4,1//2), gcd(big(4),6), gcd(0x4,6), gcd([4,8]), lcm(4,6), lcm(2,1//3), gcd(4,6,8), gcd(true,false), lcm(Int8(3),5)))
t("lcm", () -> lcm(1.0, 2.0))
t("r", () -> (round(1//0), floor(-1//0), trunc(1//0), ceil(5//2), round(7//2), round(Int, 7//2)))
t("miss", () -> round(Int, missing)); t("miss2", () -> floor(Int, missing))
t("nt", () -> (a=1,b=2,c=3)[[:c,:a]]); t("nt2", () -> collect(eachindex((a=1,b=2))))
t("zip", () -> (Base.IteratorSize(zip(1:2, Iterators.cycle(1:3))), collect(zip(1:2, Iterators.cycle([9]))), collect(zip(Iterators.countfrom(1), [1 2;3 4])), collect(zip(Iterators.countfrom(1), "ab"))))
t("repl", () -> (replace!(Set([1,2]), 1=>3) == Set([2,3]), replace!(p -> p.first == 1 ? (1 => 'Z') : p, Dict(1=>'a',2=>'b'))[1], replace(Dict(:a=>1), (:a=>1)=>(:b=>2)), replace(Dict(:a=>1), (:a=>1)=>(:b=>2.5)), replace(Set(["a"]), "a"=>"b"), replace(x->x^2, [1,2,3]; count=2), replace(uppercase, ["a"])))
t("repl3", () -> replace("aaa", "a"=>"b"; count=-1))
struct Nothing0 end
dump(Nothing0())
dump(Val(1))
println(Returns(1), " ", sin ∘ cos, " ", !isodd, " ", Base.splat(+))
for f in (Returns(1), sin ∘ cos, Base.splat(+))
    show(stdout, MIME("text/plain"), f)
    println()
end
t("replace -1", () -> replace([1], 1 => 2; count=-1))
