# A football league: fixtures by the circle method, results, tables, head to head, Elo, knock-out bracket.
using Printf

module League
export Team, Match, Table, play!, standings, points, goaldiff

struct Team
    name::String
    rating::Float64
end
Base.show(io::IO, t::Team) = print(io, "Team(", repr(t.name), ")")
Base.isless(a::Team, b::Team) = isless(a.name, b.name)
Base.:(==)(a::Team, b::Team) = a.name == b.name
Base.hash(t::Team, h::UInt) = hash(t.name, hash(:Team, h))

struct Match
    home::Team
    away::Team
    score::Tuple{Int,Int}
end

mutable struct Row
    team::Team
    played::Int
    won::Int
    drawn::Int
    lost::Int
    scored::Int
    conceded::Int
    Row(t::Team) = new(t, 0, 0, 0, 0, 0, 0)
end
points(r::Row; win::Int = 3, draw::Int = 1) = win * r.won + draw * r.drawn
goaldiff(r::Row) = r.scored - r.conceded

struct Table
    rows::Dict{Team,Row}
    history::Vector{Match}
end
Table(teams) = Table(Dict(t => Row(t) for t in teams), Match[])

function record!(r::Row, for_, against)
    r.played += 1
    r.scored += for_
    r.conceded += against
    field = for_ > against ? :won : for_ == against ? :drawn : :lost
    setproperty!(r, field, getproperty(r, field) + 1)
    r
end
function play!(t::Table, m::Match)
    m.home == m.away && throw(ArgumentError("a team cannot play itself: $(m.home.name)"))
    push!(t.history, m)
    record!(t.rows[m.home], m.score...)
    record!(t.rows[m.away], reverse(m.score)...)
    t
end
standings(t::Table; by = r -> (-points(r), -goaldiff(r), -r.scored, r.team.name)) = sort!(collect(values(t.rows)); by)
end

using .League
using .League: Row

teams = [Team(n, r) for (n, r) in zip(["Lions", "Bears", "Hawks", "Foxes", "Wolves", "Otters"], 1500.0:25.0:1625.0)]
println(teams[1], " ", typeof(teams), " ", length(Set([teams; Team("Bears", 0.0)])))

"Rounds of a single round robin by the circle method."
function fixtures(ts::AbstractVector{T}) where {T}
    n = length(ts)
    isodd(n) && return fixtures(vcat(ts, ts[1]))
    ring = collect(2:n)
    rounds = Vector{Vector{Pair{T,T}}}()
    for r in 1:n-1
        order = [1; ring]
        pairs = [ts[order[i]] => ts[order[n+1-i]] for i in 1:n÷2]
        push!(rounds, isodd(r) ? pairs : [b => a for (a, b) in pairs])
        circshift!(ring, copy(ring), 1)
    end
    rounds
end
rounds = fixtures(teams)
for (k, r) in enumerate(rounds)
    println("round ", k, ": ", join(("$(a.name)-$(b.name)" for (a, b) in r), ", "))
end

# scores from a small hash, so that nothing is random
score(a, b, k) = (mod(7 * length(a.name) + 3k + Int(first(a.name)), 5), mod(5 * length(b.name) + 2k + Int(last(b.name)), 4))
table = Table(teams)
for (k, r) in enumerate(rounds), (a, b) in r
    play!(table, Match(a, b, score(a, b, k)))
end
function printtable(io::IO, t::Table; title = "TABLE", width = 10)
    println(io, "== ", title, " ", "="^(width + 22))
    @printf(io, "%2s %-*s %3s %3s %3s %3s %5s %4s %4s\n", "#", width, "team", "P", "W", "D", "L", "G", "+/-", "Pts")
    for (i, r) in enumerate(standings(t))
        @printf(io, "%2d %-*s %3d %3d %3d %3d %2d:%-2d %+4d %4d\n", i, width, r.team.name, r.played, r.won, r.drawn, r.lost, r.scored, r.conceded, goaldiff(r), points(r))
    end
end
printtable(stdout, table)
old = sort(collect(values(table.rows)), by = r -> (-points(r; win = 2), r.team), lt = isless)
println(["$(r.team.name) $(points(r, win = 2))" for r in old])

# head to head as a matrix
names = getfield.(teams, :name)
h2h = fill("-", length(teams), length(teams))
for m in table.history
    i, j = findfirst(==(m.home), teams), findfirst(==(m.away), teams)
    h2h[i, j] = join(m.score, ":")
    h2h[j, i] = join(reverse(m.score), ":")
end
println(" "^7, join(lpad.(first.(names, 3), 5)))
for (n, row) in zip(names, eachrow(h2h))
    println(rpad(n, 7), join(lpad.(row, 5)))
end

# Elo over the same matches
function elo(matches; k = 24)
    rating = Dict{String,Float64}()
    for (; home, away, score) in matches
        ra, rb = get!(rating, home.name, home.rating), get!(rating, away.name, away.rating)
        expected = 1 / (1 + exp10((rb - ra) / 400))
        s = (sign(score[1] - score[2]) + 1) / 2
        rating[home.name] += k * (s - expected)
        rating[away.name] -= k * (s - expected)
    end
    rating
end
ratings = elo(table.history)
for (n, r) in sort(collect(ratings); by = last, rev = true)
    @printf("%-7s %8.2f\n", n, r)
end
println(sum(values(ratings)) ≈ sum(t -> t.rating, teams), " ", round(maximum(values(ratings)) - minimum(values(ratings)); digits = 3))

# streaks and unbeaten runs
result_of(m, t) = t == m.home ? sign(m.score[1] - m.score[2]) : t == m.away ? sign(m.score[2] - m.score[1]) : nothing
for t in sort(teams)
    rs = filter(!isnothing, [result_of(m, t) for m in table.history])
    letters = join(get(Dict(1 => 'W', 0 => 'D', -1 => 'L'), r, '?') for r in rs)
    best = cur = 0
    for r in rs
        cur = r >= 0 ? cur + 1 : 0
        best = max(best, cur)
    end
    println(rpad(t.name, 8), letters, " unbeaten ", best)
end

# knock-out with byes
function bracket(ts; depth = 0)
    n = length(ts)
    n == 1 && return only(ts)
    half = nextpow(2, n) ÷ 2
    a, b = bracket(ts[1:half]; depth = depth + 1), bracket(ts[half+1:end]; depth = depth + 1)
    w = a.rating >= b.rating ? a : b
    println("  "^depth, a.name, " v ", b.name, " -> ", w.name)
    w
end
println("champion ", bracket(teams))

try
    play!(table, Match(teams[1], teams[1], (0, 0)))
catch e
    println(typeof(e), ": ", e.msg)
end
try
    play!(table, Match(teams[1], Team("Ghosts", 1.0), (0, 0)))
catch e
    println(e isa KeyError, " ", e.key, " ", length(table.history))
end
println(points(table.rows[Team("Lions", 0.0)]) == points(first(filter(r -> r.team.name == "Lions", standings(table)))))
