# Series of numbers: windows, ranks, quantiles, interpolation, missing values.
x = [3.0, 5.0, 2.0, 8.0, 6.0, 4.0, 9.0, 1.0]
movavg(v, n) = [sum(@view v[i:i+n-1]) / n for i in 1:length(v)-n+1]
println(movavg(x, 3) .|> y -> round(y, digits = 4))
println([maximum(w) for w in (view(x, i:i+2) for i in 1:6)], " ", [extrema(x[i:i+1]) for i in 1:3])
ps = [0; cumsum(x)]
rangesum(i, j) = ps[j+1] - ps[i]
println(ps, " ", rangesum(2, 4), " ", sum(x[2:4]) == rangesum(2, 4))
println(diff(x), " ", diff(diff(x)), " ", sign.(diff(x)), " ", accumulate(max, x), " ", accumulate(min, x), " ", accumulate((a, b) -> 0.5a + 0.5b, x))
peaks = [i for i in 2:length(x)-1 if x[i-1] < x[i] > x[i+1]]
println(peaks, " ", x[peaks], " ", findall(i -> x[i-1] > x[i] < x[i+1], 2:7), " ", sortperm(x), " ", sortperm(x, rev = true)[1:3])
mean(v) = sum(v) / length(v)
var(v) = (m = mean(v); sum(abs2, v .- m) / (length(v) - 1))
std(v) = sqrt(var(v))
median(v) = (s = sort(v); n = length(s); isodd(n) ? s[(n+1)÷2] : (s[n÷2] + s[n÷2+1]) / 2)
println(mean(x), " ", var(x), " ", round(std(x), digits = 6), " ", median(x), " ", median([3, 1, 2]), " ", mean(1:10), " ", std([1, 1, 1]))
z = (x .- mean(x)) ./ std(x)
println(round.(z, digits = 3), " ", round(sum(z), digits = 10) + 0.0, " ", findall(abs.(z) .> 1.2))
quantile(v, p) = (s = sort(v); h = (length(s) - 1) * p + 1; lo = floor(Int, h); hi = ceil(Int, h); s[lo] + (h - lo) * (s[hi] - s[lo]))
println(quantile.(Ref(x), [0, 0.25, 0.5, 0.75, 1]), " ", quantile(1:5, 0.1))
function kadane(v)
    best = cur = v[1]; lo = hi = s = 1
    for i in 2:length(v)
        cur < 0 ? (cur = v[i]; s = i) : (cur += v[i])
        cur > best && ((best, lo, hi) = (cur, s, i))
    end
    (; best, range = lo:hi)
end
println(kadane([-2, 1, -3, 4, -1, 2, 1, -5, 4]), " ", kadane([-3, -1, -2]).range)
function pairs_with_sum(v, t)
    i, j = firstindex(v), lastindex(v)
    out = NTuple{2,Int}[]
    while i < j
        s = v[i] + v[j]
        s == t && push!(out, (v[i], v[j]))
        s <= t ? (i += 1) : (j -= 1)
    end
    out
end
println(pairs_with_sum(1:10, 11), " ", pairs_with_sum([1, 2], 9), " ", typeof(pairs_with_sum([1], 1)))
interp(xs, ys, t) = (k = clamp(searchsortedlast(xs, t), 1, length(xs) - 1); ys[k] + (ys[k+1] - ys[k]) * (t - xs[k]) / (xs[k+1] - xs[k]))
println(interp.(Ref([0, 1, 3]), Ref([0.0, 10, 30]), [0.5, 1, 2, 3.5, -1]))
bins = 0:2.5:10
counts = zeros(Int, length(bins) - 1)
for v in x
    counts[min(searchsortedlast(bins, v), length(counts))] += 1
end
println(bins, " ", counts, " ", collect(zip(bins[1:end-1], bins[2:end], counts)))
foreach(zip(bins, counts)) do (b, c)
    println(rpad(b, 5), '|', '*'^c)
end
ema = foldl((acc, v) -> push!(acc, 0.3v + 0.7last(acc)), x[2:end]; init = [x[1]])
println(round.(ema; digits = 3))
ac(v, k) = sum((v[1:end-k] .- mean(v)) .* (v[k+1:end] .- mean(v))) / sum(abs2, v .- mean(v))
println([round(ac(x, k), digits = 3) for k in 0:3])
lagged = hcat(x[1:end-2], x[2:end-1], x[3:end])
println(size(lagged), " ", lagged[1:2, :], " ", lagged'[:, 1])
β = [ones(7) x[1:7]] \ (2 .* x[1:7] .+ 1)
println(round.(β, digits = 8))
missing_series = [1.0, missing, 3.0, missing, missing, 6.0]
println(missing_series, " ", count(ismissing, missing_series), " ", sum(skipmissing(missing_series)), " ", mean(collect(skipmissing(missing_series))), " ", coalesce.(missing_series, 0.0), " ", missing_series .* 2, " ", typeof(coalesce.(missing_series, -1.0)))
function ffill(v)
    out = similar(v, nonmissingtype(eltype(v)))
    last_ = first(skipmissing(v))
    for (i, e) in pairs(v)
        ismissing(e) || (last_ = e)
        out[i] = last_
    end
    out
end
println(ffill(missing_series), " ", typeof(ffill(missing_series)))
weekly = reshape(1:14, 7, 2)
println(sum(weekly, dims = 1), " ", mapslices(maximum, weekly, dims = 1), " ", [sum(c) / 7 for c in eachcol(weekly)], " ", Iterators.partition(1:7, 3) |> collect, " ", [sum(p) for p in Iterators.partition(1:10, 4)])
println(cumprod(1 .+ [0.1, -0.05, 0.2]) .|> v -> round(v, digits = 5), " ", round.(log.([1.0, ℯ, ℯ^2])), " ", round.(exp.(cumsum(log.([2.0, 3.0]))), digits = 6))
println(zip(x, x[2:end]) .|> (((a, b),) -> b > a ? '+' : '-') |> join, " ", [i => v for (i, v) in enumerate(x) if v > 5], " ", Dict(k => count(==(k), round.(Int, x) .% 3) for k in 0:2) |> collect |> sort)
top = partialsort(x, 1:3, rev = true)
println(top, " ", x[partialsortperm(x, 1:2)], " ", nothing === findfirst(>(100), x), " ", something(findlast(<(3), x), 0), " ", searchsorted([1, 2, 2, 3], 2), " ", insorted(4, 1:5), " ", clamp.(x, 2, 6), " ", clamp!(copy(x), 3, 5))
