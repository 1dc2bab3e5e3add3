# Grid worlds: Langton's ant, wireworld, forest fire with own generator, flood fill, maze generation and solving, minesweeper counts, sandpile.
const DIRS = (CartesianIndex(-1, 0), CartesianIndex(0, 1), CartesianIndex(1, 0), CartesianIndex(0, -1))
mutable struct Ant
    at::CartesianIndex{2}
    dir::Int
end
function ant(n, steps)
    grid = falses(n, n)
    a = Ant(CartesianIndex(n ÷ 2, n ÷ 2), 1)
    for _ in 1:steps
        a.dir = mod1(a.dir + (grid[a.at] ? -1 : 1), 4)
        grid[a.at] ⊻= true
        a.at += DIRS[a.dir]
        checkbounds(Bool, grid, a.at) || break
    end
    grid, a
end
grid, a = ant(12, 60)
for row in eachrow(grid)
    println(join(ifelse.(row, '#', '.')))
end
println(count(grid), " ", Tuple(a.at), " ", a.dir)

@enum Cell::UInt8 empty = 0 conductor head tail
Base.convert(::Type{Cell}, c::Char) = c == '.' ? empty : c == '-' ? conductor : c == '@' ? head : c == '~' ? tail : throw(ArgumentError("cell $c"))
char(c::Cell) = ".-@~"[Int(c)+1]
function parsegrid(T, s)
    rows = split(s)
    T[rows[i][j] for i in eachindex(rows), j in eachindex(rows[1])]
end
neighbours(A, I) = (J for J in max(first(CartesianIndices(A)), I - oneunit(I)):min(last(CartesianIndices(A)), I + oneunit(I)) if J != I)
step(A::Matrix{Cell}) = map(CartesianIndices(A)) do I
    c = A[I]
    c == head ? tail : c == tail ? conductor : c == conductor && count(J -> A[J] == head, neighbours(A, I)) in 1:2 ? head : c
end
w = parsegrid(Cell, """
    ......--.
    ~@----.--
    ......--.
    """)
for k in 0:4
    println("step ", k, " ", join((join(char.(r)) for r in eachrow(w)), "/"), " heads ", count(==(head), w))
    global w = step(w)
end
println(typeof(w), " ", size(w), " ", instances(Cell), " ", Cell(2), " ", try Cell(9) catch e; sprint(showerror, e) end)

mutable struct LCG
    s::UInt32
end
next!(g::LCG) = (g.s = g.s * 0x0019660d + 0x3c6ef35f)
randbelow(g, n) = Int(next!(g) >> 8) % n
shuffle!(g::LCG, v) = (for i in length(v):-1:2; j = randbelow(g, i) + 1; v[i], v[j] = v[j], v[i]; end; v)
function maze(h, w; seed = 1)
    g = LCG(seed)
    m = fill('#', 2h + 1, 2w + 1)
    stack = [CartesianIndex(2, 2)]
    m[2, 2] = ' '
    while !isempty(stack)
        c = last(stack)
        opts = [d for d in DIRS if checkbounds(Bool, m, c + 2d) && m[c+2d] == '#']
        if isempty(opts)
            pop!(stack)
        else
            d = opts[randbelow(g, length(opts))+1]
            m[c+d] = m[c+2d] = ' '
            push!(stack, c + 2d)
        end
    end
    m
end
function solve(m, from, to)
    prev = Dict(from => from)
    frontier = [from]
    while !isempty(frontier) && !haskey(prev, to)
        frontier = [c + d for c in frontier for d in DIRS if m[c+d] != '#' && !haskey(prev, c + d) && (prev[c+d] = c; true)]
    end
    haskey(prev, to) || return nothing
    path = [to]
    while path[end] != from
        push!(path, prev[path[end]])
    end
    reverse!(path)
end
m = maze(4, 8; seed = 42)
p = solve(m, CartesianIndex(2, 2), CartesianIndex(8, 16))
println(size(m), " ", count(==(' '), m), " ", isnothing(p), " ", all(sum(abs, Tuple(b - a)) == 1 for (a, b) in zip(p, p[2:end])), " ", m == permutedims(permutedims(m)), " ", p[1], p[end])
m[p] .= '.'
println(count(==('.'), m) == length(p), " ", all(==('#'), m[1, :]), " ", all(==('#'), [m[:, 1]; m[:, end]]))

function fill!!(img, at, new)
    old = img[at]
    old == new && return 0
    n = 0
    todo = [at]
    while !isempty(todo)
        I = pop!(todo)
        (checkbounds(Bool, img, I) && img[I] == old) || continue
        img[I] = new
        n += 1
        append!(todo, I .+ DIRS)
    end
    n
end
img = parsegrid(Char, "aabb abba aaba bbaa")
println(fill!!(img, CartesianIndex(1, 1), 'x'), " ", join(join.(eachrow(img)), "/"), " ", fill!!(img, CartesianIndex(2, 2), 'y'), " ", String(vec(img)))

mines = parsegrid(Char, "*..* .... .**. *...") .== '*'
counts = [mines[I] ? -1 : count(mines[J] for J in neighbours(mines, I)) for I in CartesianIndices(mines)]
display(counts)
println(join((join(c < 0 ? '*' : c == 0 ? '.' : Char('0' + c) for c in r) for r in eachrow(counts)), "\n"))

function topple!(pile)
    total = 0
    while (I = findfirst(>=(4), pile)) !== nothing
        pile[I] -= 4
        total += 1
        for d in DIRS
            checkbounds(Bool, pile, I + d) && (pile[I+d] += 1)
        end
    end
    total
end
pile = zeros(Int, 5, 5)
pile[3, 3] = 60
println(topple!(pile), " ", sum(pile), " ", pile == reverse(pile; dims = 1) == transpose(pile))
display(pile)
