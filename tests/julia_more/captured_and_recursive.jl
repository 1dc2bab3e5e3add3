# Variables that closures assign; recursive functions over vectors and text.
function counterset()
    counts = Dict{String,Int}()
    total = 0
    add(k) = begin
        counts[k] = get(counts, k, 0) + 1
        total += 1
    end
    report() = (total, sort(collect(counts)))
    add, report
end
add, report = counterset()
foreach(add, ["a", "b", "a"])
println(report())
function acc_types()
    v = nothing
    set(x) = (v = x)
    get_() = v
    set, get_
end
s, g = acc_types()
println(g()); s(1); println(g()); s("str"); println(g()); s([1, 2]); println(g())
function sums(xs)
    t = 0
    foreach(x -> t += x, xs)
    t
end
println(sums([1, 2.5, 3//2]))
function mk(n)
    fs = []
    for i in 1:n
        k = i
        push!(fs, (() -> (k += 1; k), () -> k))
    end
    fs
end
fs = mk(2)
fs[1][1](); fs[1][1](); fs[2][1]()
println(fs[1][2](), fs[2][2]())
function fibgen()
    a, b = 0, 1
    function ()
        r = a
        a, b = b, a + b
        r
    end
end
f = fibgen()
println([f() for _ in 1:10])
function walk(t)
    out = String[]
    depth = 0
    function rec(x)
        if x isa Tuple
            depth += 1
            foreach(rec, x)
            depth -= 1
        else
            push!(out, "$x@$depth")
        end
    end
    rec(t)
    out
end
println(walk((1, (2, (3, 4)), 5)))
function toggle()
    on = false
    () -> (on = !on)
end
t = toggle(); println(t(), t(), t())
function lazyval(f)
    done, val = false, nothing
    () -> begin
        if !done
            val = f()
            done = true
        end
        val
    end
end
lv = lazyval(() -> (println("computing"); 42))
println(lv(), lv())
function permutations_(xs)
    out = Vector{eltype(xs)}[]
    used = falses(length(xs))
    cur = eltype(xs)[]
    function go()
        if length(cur) == length(xs)
            push!(out, copy(cur))
            return
        end
        for i in eachindex(xs)
            used[i] && continue
            used[i] = true
            push!(cur, xs[i])
            go()
            pop!(cur)
            used[i] = false
        end
    end
    go()
    out
end
println(permutations_([1, 2, 3]), " ", length(permutations_(collect(1:5))), " ", join.(permutations_(['a', 'b'])))
function queens(n)
    sols = 0
    first_ = nothing
    place(row, cols) = if row > n
        sols += 1
        first_ === nothing && (first_ = copy(cols))
    else
        for c in 1:n
            if all(r -> cols[r] != c && abs(cols[r] - c) != row - r, 1:row-1)
                push!(cols, c); place(row + 1, cols); pop!(cols)
            end
        end
    end
    place(1, Int[])
    sols, first_
end
println(queens(6))
subsets(xs) = isempty(xs) ? [eltype(xs)[]] : (r = subsets(xs[2:end]); vcat(r, [[xs[1]; s] for s in r]))
println(subsets([1, 2, 3]), " ", length(subsets(1:10)))
combos(xs, k) = k == 0 ? [eltype(xs)[]] : isempty(xs) ? Vector{eltype(xs)}[] : vcat([[xs[1]; c] for c in combos(xs[2:end], k - 1)], combos(xs[2:end], k))
println(combos([1, 2, 3, 4], 2))
function knap(w, v, cap)
    memo = Dict{Tuple{Int,Int},Int}()
    best(i, c) = i == 0 ? 0 : get!(memo, (i, c)) do
        r = best(i - 1, c)
        w[i] <= c ? max(r, v[i] + best(i - 1, c - w[i])) : r
    end
    best(length(w), cap)
end
println(knap([1, 3, 4, 5], [1, 4, 5, 7], 7))
function edit(a, b)
    m, n = length(a), length(b)
    D = [i == 0 ? j : j == 0 ? i : 0 for i in 0:m, j in 0:n]
    for i in 1:m, j in 1:n
        D[i+1, j+1] = min(D[i, j+1] + 1, D[i+1, j] + 1, D[i, j] + (a[i] != b[j]))
    end
    D[end, end]
end
println(edit("kitten", "sitting"), edit("", "abc"), edit("flaw", "lawn"))
lcs(a, b) = isempty(a) || isempty(b) ? "" : a[end] == b[end] ? lcs(chop(a), chop(b)) * a[end] : (x = lcs(chop(a), b); y = lcs(a, chop(b)); length(x) >= length(y) ? x : y)
println(lcs("AGGTAB", "GXTXAYB"))
function change(coins, amt); ways = [1; zeros(Int, amt)]; for c in coins, a in c:amt; ways[a+1] += ways[a-c+1]; end; ways[end]; end
println(change([1, 5, 10, 25], 100))
sieve(n) = (p = trues(n); p[1] = false; for i in 2:isqrt(n); p[i] && (p[i*i:i:n] .= false); end; findall(p))
println(sieve(50), " ", length(sieve(10000)))
factors(n) = (fs = Pair{Int,Int}[]; d = 2; while n > 1; k = 0; while n % d == 0; n ÷= d; k += 1; end; k > 0 && push!(fs, d => k); d += 1; d * d > n && n > 1 && (push!(fs, n => 1); break); end; fs)
println(factors(360), factors(97), factors(1001))
matpow(A, n) = n == 0 ? one(A) : iseven(n) ? matpow(A * A, n ÷ 2) : A * matpow(A, n - 1)
println(matpow([1 1; 1 0], 10), " ", matpow(big.([1 1; 1 0]), 100)[1, 2])
pascal(n) = accumulate((r, _) -> [1; r[1:end-1] .+ r[2:end]; 1], 1:n; init = [1])
foreach(r -> println(lpad(join(r, " "), 12)), pascal(4))
quicksort(v) = length(v) <= 1 ? v : (p = v[1]; r = v[2:end]; [quicksort(filter(<(p), r)); p; quicksort(filter(>=(p), r))])
mergesort(v) = length(v) <= 1 ? v : (m = length(v) ÷ 2; a = mergesort(v[1:m]); b = mergesort(v[m+1:end]); out = similar(v, 0); while !isempty(a) && !isempty(b); push!(out, popfirst!(a[1] <= b[1] ? a : b)); end; [out; a; b])
println(quicksort([3, 1, 2, 3]), mergesort([5, 2, 9, 1]), mergesort(["b", "a"]))
bin(v, x) = (lo = 1; hi = length(v); while lo <= hi; m = (lo + hi) >>> 1; v[m] == x && return m; v[m] < x ? (lo = m + 1) : (hi = m - 1); end; -lo)
println(bin([1, 3, 5, 7], 5), bin([1, 3, 5, 7], 4))
gray(n) = n == 0 ? [""] : (g = gray(n - 1); ["0" .* g; "1" .* reverse(g)])
println(gray(3))
roman(n) = (s = ""; for (v, r) in [(1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")]; while n >= v; s *= r; n -= v; end; end; s)
println(roman.([1994, 2024, 49]))
isprime_(n) = n > 1 && all(n % d != 0 for d in 2:isqrt(n))
println(filter(isprime_, 1:30), " ", gcd(48, 36), " ", foldl(lcm, 1:10), " ", digits(1234) |> reverse |> sum, " ", string(255, base = 2), " ", evalpoly(2, [1, 0, 3]), " ", count(isprime_, 1:100))
