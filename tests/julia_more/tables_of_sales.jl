# A data pipeline: records from text, files, groups, joins, pivots, missing values, reports.
using Printf, Statistics
const RAW = """
date;region;product;units;price
2024-01-03;north;apple;10;1.20
2024-01-03;south;pear;;2.50
2024-01-04;north;pear;7;2.45
2024-01-05;east;apple;3;n/a
2024-01-05;south;apple;12;1.15
2024-01-06;north;plum;1;10
2024-01-07;east;pear;4;2.60
"""
struct Day
    y::Int16
    m::Int8
    d::Int8
end
Day(s::AbstractString) = Day(parse.(Int, split(s, '-'))...)
Base.isless(a::Day, b::Day) = isless((a.y, a.m, a.d), (b.y, b.m, b.d))
Base.show(io::IO, d::Day) = @printf(io, "%04d-%02d-%02d", d.y, d.m, d.d)
Base.parse(::Type{Day}, s::AbstractString) = Day(s)
Base.tryparse(::Type{Day}, s::AbstractString) = try parse(Day, s) catch; nothing end
const Maybe{T} = Union{T,Missing}
Base.@kwdef struct Sale
    date::Day
    region::Symbol
    product::String
    units::Maybe{Int} = missing
    price::Maybe{Float64} = missing
end
convert_field(::Type{Maybe{T}}, s) where {T} = something(tryparse(T, s), missing)
convert_field(::Type{Symbol}, s) = Symbol(s)
convert_field(::Type{String}, s) = String(s)
convert_field(::Type{T}, s) where {T} = parse(T, s)
function readtable(::Type{T}, io::IO; delim = ';') where {T}
    header = Symbol.(split(readline(io), delim))
    @assert Set(header) == Set(fieldnames(T)) "unexpected columns $header"
    rows = T[]
    for (n, line) in enumerate(eachline(io))
        isempty(strip(line)) && continue
        cells = split(line, delim)
        length(cells) == length(header) || error("line $(n + 1): $(length(cells)) cells")
        push!(rows, T(; (h => convert_field(fieldtype(T, h), c) for (h, c) in zip(header, cells))...))
    end
    rows
end
path, io = mktemp()
write(io, RAW)
close(io)
sales = open(io -> readtable(Sale, io), path)
println(length(sales), " ", isfile(path), " ", countlines(path), " ", filesize(path))
rm(path)
println(isfile(path))
foreach(println, sales[1:3])
total(s::Sale) = s.units * s.price
println(total.(sales))
println(sum(skipmissing(total.(sales))), " ", count(ismissing, total.(sales)), " ", typeof(total.(sales)))
groupby(f, xs) = (d = Dict{Base.promote_op(f, eltype(xs)),Vector{eltype(xs)}}(); for x in xs; push!(get!(d, f(x), []), x); end; d)
byregion = groupby(s -> s.region, sales)
println(keytype(byregion), " ", sort!([k => length(v) for (k, v) in byregion]))
for r in sort!(collect(keys(byregion)))
    u = collect(skipmissing(s.units for s in byregion[r]))
    @printf("%-6s n=%d units=%-12s mean=%6.2f\n", r, length(byregion[r]), string(u), mean(u))
end
regions, products = unique(getfield.(sales, :region)), sort(unique(s.product for s in sales))
pivot = [sum(skipmissing(s.units for s in sales if s.region == r && s.product == p); init = 0) for r in regions, p in products]
display(pivot)
println(" "^8, join(lpad.(products, 7)))
for (r, row) in zip(regions, eachrow(pivot))
    println(rpad(r, 8), join(lpad.(row, 7)))
end
println(rpad("all", 8), join(lpad.(sum(pivot; dims = 1), 7)), " | ", vec(sum(pivot, dims = 2)))
best = argmax(s -> coalesce(total(s), -Inf), sales)
println(best, " ", extrema(s -> s.date, sales))
prices = Dict("apple" => 1.1, "pear" => 2.5)
joined = [(; s.product, s.units, list = get(prices, s.product, missing)) for s in sales]
println(joined[1], " ", joined[6], " ", eltype(joined) <: NamedTuple)
println([ismissing(j.list) ? "?" : string(j.list) for j in joined])
filled = map(s -> Sale(; s.date, s.region, s.product, units = coalesce(s.units, 0), price = coalesce(s.price, prices[s.product])), filter(s -> haskey(prices, s.product), sales))
println(round(sum(total, filled); digits = 2), " ", all(s -> !ismissing(s.units), filled))
by_date = sort(sales; by = s -> (s.date, s.product), rev = true)
println(join((s.date for s in by_date), ", "))
cum = accumulate(+, coalesce.(getproperty.(sales, :units), 0))
println(cum, " ", cum == cumsum(coalesce.([s.units for s in sales], 0)), " ", diff(cum))
for line in ["x;y", "date;region;product;units;price\n2024-01-01;a;b", "date;region;product;units;price\n2024-13;a;b;1;2"]
    try
        println(readtable(Sale, IOBuffer(line)))
    catch e
        println(typeof(e), ": ", first(sprint(showerror, e), 60))
    end
end
println(tryparse(Day, "2024-02-03"), " ", tryparse(Day, "x"), " ", parse(Day, "1999-12-31") < Day(2000, 1, 1), " ", Day("2024-1-2"))
println(isequal(missing, missing), " ", missing == 1, " ", any([missing, true]), " ", all([missing, false]), " ", sum([1, missing]), " ", maximum(skipmissing([1, missing, 3])), " ", [1, missing, 3] .+ 1)
let io = IOBuffer()
    for (i, s) in enumerate(sales)
        i == 1 || print(io, ",\n")
        print(io, "  {", join(("\"$f\": $(v isa Union{AbstractString,Symbol,Day} ? "\"$v\"" : ismissing(v) ? "null" : v)" for f in fieldnames(Sale) for v in (getfield(s, f),)), ", "), "}")
        i == 3 && break
    end
    println("[\n", String(take!(io)), "\n]")
end
@show size(pivot) regions;
@show pivot[1, :] == [10, 7, 1]
