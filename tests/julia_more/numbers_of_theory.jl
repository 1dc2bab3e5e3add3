# Number theory: sieves, factorisation, continued fractions, CRT, Diophantine, partitions, Collatz, perfect numbers, digits.
module NT
export primes, factor, divisors, totient, crt, cfrac, convergents, Factorization
function primes(n)
    sieve = trues(n)
    sieve[1:min(1, n)] .= false
    for p in 2:isqrt(n)
        sieve[p] && (sieve[p*p:p:n] .= false)
    end
    findall(sieve)
end
struct Factorization
    pe::Vector{Pair{Int,Int}}
end
Base.iterate(f::Factorization, s...) = iterate(f.pe, s...)
Base.length(f::Factorization) = length(f.pe)
Base.eltype(::Type{Factorization}) = Pair{Int,Int}
const SUP = collect("⁰¹²³⁴⁵⁶⁷⁸⁹")
sup(n) = join(SUP[d+1] for d in reverse(digits(n)))
Base.show(io::IO, f::Factorization) = isempty(f.pe) ? print(io, 1) : join(io, (e == 1 ? "$p" : "$p$(sup(e))" for (p, e) in f), "·")
Base.prod(f::Factorization) = prod(p^e for (p, e) in f; init = 1)
function factor(n::Integer)
    n > 0 || throw(DomainError(n, "only positive numbers have a factorisation"))
    pe = Pair{Int,Int}[]
    p = 2
    while p * p <= n
        e = 0
        while n % p == 0
            n ÷= p
            e += 1
        end
        e > 0 && push!(pe, p => e)
        p += p == 2 ? 1 : 2
    end
    n > 1 && push!(pe, n => 1)
    Factorization(pe)
end
function divisors(n)
    ds = [1]
    for (p, e) in factor(n)
        ds = [d * p^k for d in ds for k in 0:e]
    end
    sort!(ds)
end
totient(n) = prod(p^(e - 1) * (p - 1) for (p, e) in factor(n); init = 1)
function crt(rs, ms)
    M = prod(ms)
    x = sum(r * (M ÷ m) * invmod(M ÷ m, m) for (r, m) in zip(rs, ms))
    mod(x, M)
end
function cfrac(x::Rational)
    out = Int[]
    while true
        a = floor(Int, x)
        push!(out, a)
        x == a && return out
        x = 1 // (x - a)
    end
end
function convergents(cf)
    h, k = (1, 0), (0, 1)
    map(cf) do a
        h, k = (a * h[1] + h[2], h[1]), (a * k[1] + k[2], k[1])
        h[1] // k[1]
    end
end
end
using .NT
println(primes(50), " ", length(primes(10_000)), " ", primes(1), primes(2))
for n in (1, 2, 12, 97, 360, 1001, 2^10 * 3^5, 999999000001)
    f = factor(n)
    println(rpad(n, 14), f, " ", prod(f) == n, " ", length(f))
end
println(divisors(60), " ", [totient(n) for n in 1:12], " ", sum(totient, divisors(100)))
println([n for n in 2:9000 if sum(divisors(n)) == 2n], " ", count(n -> sum(divisors(n)) > 2n, 1:100))
println(crt([2, 3, 2], [3, 5, 7]), " ", crt([1, 4, 6], [3, 5, 7]))
println(cfrac(415 // 93), " ", convergents(cfrac(415 // 93)), " ", convergents([1; fill(2, 8)])[end] |> float)
println(rationalize(float(π); tol = 1e-6), " ", cfrac(rationalize(exp(1); tol = 1e-9)))
try factor(-5) catch e; println(sprint(showerror, e)) end
try invmod(6, 9) catch e; println(e) end
g, x, y = gcdx(240, 46)
println((g, x, y), " ", 240x + 46y == g, " ", gcd(12, 18, 27), " ", lcm([4, 6, 10]), " ", powermod(3, 200, 13), " ", binomial(30, 15), " ", factorial(20))
collatz(n) = begin
    steps = 0
    while n != 1
        n = iseven(n) ? n >> 1 : 3n + 1
        steps += 1
    end
    steps
end
println(findmax(collatz, 1:1000), " ", [collatz(n) for n in 1:10])
function partitions(n, m = n)
    n == 0 && return [Int[]]
    [pushfirst!(p, k) for k in min(n, m):-1:1 for p in partitions(n - k, k)]
end
println(length(partitions(10)), " ", partitions(5))
const memo = Dict{Tuple{Int,Int},BigInt}()
pcount(n, m = n) = n == 0 ? big(1) : n < 0 || m == 0 ? big(0) : get!(() -> pcount(n, m - 1) + pcount(n - m, m), memo, (n, m))
println(pcount(100), " ", pcount(200), " ", length(memo) > 100, " ", typeof(pcount(5)))
println(digits(2024), " ", digits(255; base = 16), " ", string(255, base = 2), " ", string(3735928559; base = 16, pad = 10), " ", parse(Int, "zz", base = 36), " ", ndigits(10^9), " ", reverse(string(12345)), " ", sum(digits(big(2)^100)))
happy(n) = (seen = Set{Int}(); while n != 1 && !(n in seen); push!(seen, n); n = sum(abs2, digits(n)); end; n == 1)
println(filter(happy, 1:50))
kaprekar(n) = (s = sort(digits(n; pad = 4)); a = evalpoly(10, s); b = evalpoly(10, reverse(s)); a - b)
println(Iterators.takewhile(!=(6174), Iterators.accumulate((n, _) -> kaprekar(n), Iterators.repeated(0); init = 3524)) |> collect)
pyth = [(a, b, c) for c in 1:30 for b in 1:c for a in 1:b if a^2 + b^2 == c^2 && gcd(a, b) == 1]
println(pyth)
legendre(a, p) = (r = powermod(a, (p - 1) ÷ 2, p); r == p - 1 ? -1 : Int(r))
println([legendre(a, 11) for a in 0:10], " ", [p for p in primes(100) if legendre(2, p) == 1 && p > 2])
function millerrabin(n::T) where {T<:Integer}
    n < 2 && return false
    for p in (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37)
        n % p == 0 && return n == p
    end
    s = trailing_zeros(n - 1)
    d = (n - 1) >> s
    all((2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37)) do a
        x = powermod(widen(a), d, n)
        (x == 1 || x == n - 1) && return true
        for _ in 1:s-1
            x = powermod(x, 2, n)
            x == n - 1 && return true
        end
        false
    end
end
println(millerrabin(2^61 - 1), " ", millerrabin(big(2)^127 - 1), " ", millerrabin(561), " ", count(millerrabin, 1:1000), " ", filter(millerrabin, [10^9 + k for k in 1:30]))
gray(n) = n ⊻ (n >> 1)
println([bitstring(UInt8(gray(i)))[5:8] for i in 0:7], " ", [count_ones(gray(i) ⊻ gray(i + 1)) for i in 0:6] |> unique)
fibs = Iterators.map(first, Iterators.accumulate(((a, b), _) -> (b, a + b), Iterators.countfrom(); init = (0, 1)))
println(collect(Iterators.take(fibs, 12)), " ", first(Iterators.dropwhile(<(1000), fibs)))
zeck(n) = (out = Int[]; for f in reverse(collect(Iterators.takewhile(<=(n), Iterators.drop(fibs, 1)))); f <= n && (push!(out, f); n -= f); end; out)
println(zeck(100), " ", zeck(1000), " ", 7 |> zeck |> sum)
println(fld(-7, 2), cld(-7, 2), div(-7, 2), mod(-7, 2), rem(-7, 2), " ", fldmod(-7, 3), divrem(-7, 3), mod1(6, 3), fld1(6, 3), " ", divrem(7, 2, RoundUp), " ", isqrt(big(10)^40))
