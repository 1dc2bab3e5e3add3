# An inventory with reports, a table reader and statistics.
using Printf
struct ItemNotFound <: Exception
    sku::Symbol
end
Base.showerror(io::IO, e::ItemNotFound) = print(io, "item not found: ", e.sku)
Base.@kwdef mutable struct Item
    sku::Symbol
    name::String
    qty::Int = 0
    price::Float64 = 0.0
    tags::Set{String} = Set{String}()
end
Base.show(io::IO, i::Item) = @printf(io, "%-6s %-12s %4d × %8.2f", i.sku, i.name, i.qty, i.price)
value(i::Item) = i.qty * i.price
struct Inventory
    items::Dict{Symbol,Item}
    log::Vector{Tuple{Int,Symbol,Int}}
end
Inventory() = Inventory(Dict{Symbol,Item}(), Tuple{Int,Symbol,Int}[])
Base.getindex(inv::Inventory, s::Symbol) = get(() -> throw(ItemNotFound(s)), inv.items, s)
Base.setindex!(inv::Inventory, i::Item, s::Symbol) = inv.items[s] = i
Base.length(inv::Inventory) = length(inv.items)
Base.iterate(inv::Inventory, st...) = iterate(sort!(collect(values(inv.items)), by = i -> i.sku), st...)
Base.eltype(::Type{Inventory}) = Item
add!(inv, it) = (inv[it.sku] = it; inv)
function move!(inv, sku, n; clock = Ref(0))
    it = inv[sku]
    it.qty + n >= 0 || throw(ArgumentError("cannot remove $(-n) of $(it.name): only $(it.qty) left"))
    it.qty += n
    push!(inv.log, (length(inv.log) + 1, sku, n))
    it
end
inv = Inventory()
add!(inv, Item(sku = :A1, name = "Anvil", qty = 3, price = 99.95, tags = Set(["heavy"])))
add!(inv, Item(; sku = :B7, name = "Bolt", qty = 1000, price = 0.05))
add!(inv, Item(sku = :C3, name = "Crowbar", price = 15.5, tags = Set(["steel", "tool"])))
for (s, n) in [(:A1, -1), (:B7, -2000), (:C3, 12), (:Z9, 1), (:A1, -5)]
    try
        println("ok   ", move!(inv, s, n))
    catch e
        println("fail ", sprint(showerror, e))
    end
end
println(join(inv, "\n"))
total = sum(value, inv)
@printf "%-20s|%10.2f|\n" "total value" total
println(inv.log, " ", length(inv), " ", [i.name for i in inv if !isempty(i.tags)], " ", maximum(i -> i.qty, inv), " ", sort(collect(union((i.tags for i in inv)...))), " ", findfirst(i -> i.qty > 5, collect(inv)))
bykind = Dict{Bool,Vector{Symbol}}()
for i in inv
    push!(get!(bykind, i.price > 10, Symbol[]), i.sku)
end
println(bykind[true], bykind[false])
function histogram(io, data; width = 20)
    m = maximum(last, data)
    for (k, v) in data
        println(io, lpad(k, 8), " ", "█"^round(Int, width * v / m), " ", v)
    end
end
histogram(stdout, [string(i.sku) => i.qty for i in inv]; width = 10)
println(sprint(histogram, ["a" => 1, "b" => 2]) |> repr)
csv = """
id,name,score
1,Ann,90.5
2,"Bob, Jr",72
3,Cy,
"""
function parsecsv(s)
    rows = Vector{String}[]
    for line in split(chomp(s), '\n')
        cells, cur, q = String[], IOBuffer(), false
        for c in line
            if c == '"'
                q = !q
            elseif c == ',' && !q
                push!(cells, String(take!(cur)))
            else
                print(cur, c)
            end
        end
        push!(cells, String(take!(cur)))
        push!(rows, cells)
    end
    header, body = Symbol.(rows[1]), rows[2:end]
    [NamedTuple{Tuple(header)}(Tuple(r)) for r in body]
end
recs = parsecsv(csv)
for r in recs
    println(r.id, " ", r.name, " ", something(tryparse(Float64, r.score), NaN))
end
println(recs[2], " ", typeof(recs), " ", keys(recs[1]))
scores = [tryparse(Float64, r.score) for r in recs]
println(scores, " ", filter(!isnothing, scores), " ", sum(x -> something(x, 0.0), scores))
mean(xs) = sum(xs) / length(xs)
var(xs) = (m = mean(xs); sum((x - m)^2 for x in xs) / (length(xs) - 1))
median(xs) = (s = sort(xs); n = length(s); isodd(n) ? s[(n+1)÷2] : (s[n÷2] + s[n÷2+1]) / 2)
data = [2.5, 3.5, 1.0, 4.0, 9.0]
@printf("%.3f %.3f %.3f %s\n", mean(data), sqrt(var(data)), median(data), string(extrema(data)))
for (i, row) in enumerate(eachrow([1 2.5; 3 4.75]))
    @printf "%2d: %s\n" i join((@sprintf("%6.2f", x) for x in row), " | ")
end
@printf("%s %d%% %5.1f%% %c %s\n", "done", 100, 99.5, 'x', [1, 2])
println(rpad("name", 10), lpad("qty", 5)); println("-"^15); foreach(i -> println(rpad(i.name, 10, '.'), lpad(i.qty, 5)), inv)
