# Planar geometry: points, lines, polygons, hull, clipping, intersection, transforms, quadtree, closest pair, SVG-like output, area by Pick.
module Geo
import Base: +, -, *, /, ==, show, isapprox, convert, promote_rule, zero
export Point, cross, dot, norm, Polygon, area, perimeter, hull, contains, centroid, Transform, rotation, translation, scaling, Rect, clip, segments, intersection
struct Point{T<:Real}
    x::T
    y::T
end
Point(x, y) = Point(promote(x, y)...)
Point(t::Tuple) = Point(t...)
+(a::Point, b::Point) = Point(a.x + b.x, a.y + b.y)
-(a::Point, b::Point) = Point(a.x - b.x, a.y - b.y)
-(a::Point) = Point(-a.x, -a.y)
*(k::Real, a::Point) = Point(k * a.x, k * a.y)
*(a::Point, k::Real) = k * a
/(a::Point, k::Real) = Point(a.x / k, a.y / k)
zero(::Type{Point{T}}) where {T} = Point(zero(T), zero(T))
convert(::Type{Point{T}}, p::Point) where {T} = Point{T}(p.x, p.y)
promote_rule(::Type{Point{A}}, ::Type{Point{B}}) where {A,B} = Point{promote_type(A, B)}
isapprox(a::Point, b::Point; kw...) = isapprox(a.x, b.x; kw...) && isapprox(a.y, b.y; kw...)
Base.isless(a::Point, b::Point) = (a.x, a.y) < (b.x, b.y)
Base.iterate(p::Point, i = 1) = i > 2 ? nothing : (getfield(p, i), i + 1)
Base.length(::Point) = 2
show(io::IO, p::Point) = print(io, '(', p.x, ", ", p.y, ')')
dot(a, b) = a.x * b.x + a.y * b.y
cross(a, b) = a.x * b.y - a.y * b.x
norm(a) = sqrt(dot(a, a))
struct Polygon{P<:Point}
    pts::Vector{P}
    function Polygon(pts::AbstractVector)
        length(pts) >= 3 || throw(ArgumentError("a polygon has at least three points, not $(length(pts))"))
        v = [p isa Point ? p : Point(p) for p in pts]
        new{eltype(v)}(v)
    end
end
segments(p::Polygon) = zip(p.pts, Iterators.drop(Iterators.cycle(p.pts), 1))
signed(p::Polygon) = sum(cross(a, b) for (a, b) in segments(p)) / 2
area(p::Polygon) = abs(signed(p))
perimeter(p::Polygon) = sum(norm(b - a) for (a, b) in segments(p))
function centroid(p::Polygon)
    s = sum((a + b) * cross(a, b) for (a, b) in segments(p))
    s / (6signed(p))
end
function contains(p::Polygon, q::Point)
    inside = false
    for (a, b) in segments(p)
        (a.y > q.y) != (b.y > q.y) && q.x < (b.x - a.x) * (q.y - a.y) / (b.y - a.y) + a.x && (inside = !inside)
    end
    inside
end
show(io::IO, p::Polygon) = (print(io, "Polygon["); join(io, p.pts, " "); print(io, "]"))
function hull(pts)
    ps = sort(unique(pts))
    half(it) = foldl(it; init = eltype(ps)[]) do h, p
        while length(h) >= 2 && cross(h[end] - h[end-1], p - h[end-1]) <= 0
            pop!(h)
        end
        push!(h, p)
    end
    lower, upper = half(ps), half(Iterators.reverse(ps))
    Polygon([lower[1:end-1]; upper[1:end-1]])
end
struct Transform
    m::NTuple{6,Float64}
end
(t::Transform)(p::Point) = (a = t.m; Point(a[1] * p.x + a[2] * p.y + a[3], a[4] * p.x + a[5] * p.y + a[6]))
(t::Transform)(p::Polygon) = Polygon(t.(p.pts))
Base.broadcastable(p::Point) = Ref(p)
Base.:∘(s::Transform, t::Transform) = (a = s.m; b = t.m;
    Transform((a[1] * b[1] + a[2] * b[4], a[1] * b[2] + a[2] * b[5], a[1] * b[3] + a[2] * b[6] + a[3],
        a[4] * b[1] + a[5] * b[4], a[4] * b[2] + a[5] * b[5], a[4] * b[3] + a[5] * b[6] + a[6])))
rotation(θ) = ((s, c) = sincos(θ); Transform((c, -s, 0, s, c, 0)))
rotation(θ, center) = translation(center) ∘ rotation(θ) ∘ translation(-center)
translation(p) = Transform((1, 0, p.x, 0, 1, p.y))
scaling(k, l = k) = Transform((k, 0, 0, 0, l, 0))
Base.one(::Type{Transform}) = scaling(1)
struct Rect
    lo::Point{Float64}
    hi::Point{Float64}
end
function clip(p::Polygon, r::Rect)
    pts = Point{Float64}[p.pts...]
    for (inside, cut) in (
        (q -> q.x >= r.lo.x, (a, b) -> a + (b - a) * ((r.lo.x - a.x) / (b.x - a.x))),
        (q -> q.x <= r.hi.x, (a, b) -> a + (b - a) * ((r.hi.x - a.x) / (b.x - a.x))),
        (q -> q.y >= r.lo.y, (a, b) -> a + (b - a) * ((r.lo.y - a.y) / (b.y - a.y))),
        (q -> q.y <= r.hi.y, (a, b) -> a + (b - a) * ((r.hi.y - a.y) / (b.y - a.y))))
        out = Point{Float64}[]
        for i in eachindex(pts)
            a, b = pts[mod1(i - 1, end)], pts[i]
            inside(a) != inside(b) && push!(out, cut(a, b))
            inside(b) && push!(out, b)
        end
        pts = out
        isempty(pts) && return nothing
    end
    Polygon(pts)
end
function intersection(a, b, c, d)
    den = cross(b - a, d - c)
    iszero(den) && return nothing
    t, u = cross(c - a, d - c) // 1 / den, cross(c - a, b - a) // 1 / den
    0 <= t <= 1 && 0 <= u <= 1 ? a + (b - a) * t : missing
end
end
using .Geo
p, q = Point(1, 2), Point(3.5, 4)
println(p + q, " ", 2p, " ", p / 2, " ", typeof(Point(1, 2.0)), " ", [p, q], " ", -p, " ", Point(1 // 2, 1))
x, y = q
println(x, " ", y, " ", dot(p, p), " ", cross(p, q), " ", norm(Point(3, 4)), " ", p < q, " ", collect(p), " ", sum([p, p, p]), " ", zero(typeof(q)))
sq = Polygon([(0, 0), (4, 0), (4, 4), (0, 4)])
tri = Polygon([Point(0, 0), Point(6, 0), Point(0, 3)])
println(sq, " ", area(sq), " ", perimeter(sq), " ", centroid(sq), " ", area(tri), " ", centroid(tri), " ", typeof(tri))
println([contains(sq, Point(a, b)) for a in -1:2:5, b in (2, 5)], " ", contains(tri, Point(1, 1)))
try Polygon([p, p]) catch e; println(e) end
grid = [Point((7i) % 11, (5i) % 13) for i in 1:12]
h = hull(grid)
println(h, " ", area(h), " ", length(h.pts))
boundary = sum(gcd((b - a).x, (b - a).y) for (a, b) in segments(h))
println("Pick: ", boundary, " ", area(h) - boundary / 2 + 1)
r = rotation(π / 2)
println(r(Point(1, 0)) ≈ Point(0, 1), " ", area((scaling(2, 3) ∘ translation(Point(1, 1)))(sq)), " ", rotation(π, Point(2, 2))(Point(0, 0)) ≈ Point(4, 4), " ", one(Transform)(p) == Point(1.0, 2.0))
println(scaling(2).(grid[1:3]), " ", translation(Point(1, -1))(sq))
println(clip(tri, Rect(Point(1.0, 0.5), Point(3.0, 5.0))), " ", clip(sq, Rect(Point(9.0, 9.0), Point(10.0, 10.0))))
println(intersection(Point(0, 0), Point(4, 4), Point(0, 4), Point(4, 0)), " ", intersection(Point(0, 0), Point(1, 1), Point(0, 1), Point(1, 2)), " ", intersection(Point(0, 0), Point(1, 1), Point(3, 0), Point(0, 3)))
function closest(ps)
    length(ps) < 2 && return (Inf, nothing)
    sorted = sort(ps)
    function rec(v)
        n = length(v)
        n <= 3 && return minimum(((norm(a - b), (a, b)) for (i, a) in enumerate(v) for b in v[i+1:end]); init = (Inf, (v[1], v[1])))
        m = n ÷ 2
        best = min(rec(v[1:m]), rec(v[m+1:end]))
        strip = sort(filter(t -> abs(t.x - v[m].x) < best[1], v); by = t -> t.y)
        for i in eachindex(strip), j in i+1:min(i + 7, lastindex(strip))
            d = norm(strip[i] - strip[j])
            d < best[1] && (best = (d, minmax(strip[i], strip[j])))
        end
        best
    end
    rec(sorted)
end
pts = [Point(Float64((37i) % 101), Float64((53i^2) % 97)) for i in 1:40]
d, pair = closest(pts)
println(d, " ", pair, " ", d == minimum(norm(pts[i] - pts[j]) for i in 1:40 for j in 1:i-1))
mutable struct Quad{T}
    box::NTuple{4,Float64}
    items::Vector{T}
    kids::Union{Nothing,NTuple{4,Quad{T}}}
end
Quad{T}(box...) where {T} = Quad{T}(box, T[], nothing)
inside((x0, y0, x1, y1), p) = x0 <= p.x < x1 && y0 <= p.y < y1
function Base.push!(t::Quad{T}, p; cap = 4) where {T}
    inside(t.box, p) || return false
    if t.kids === nothing
        push!(t.items, p)
        length(t.items) <= cap && return true
        x0, y0, x1, y1 = t.box
        xm, ym = (x0 + x1) / 2, (y0 + y1) / 2
        t.kids = (Quad{T}(x0, y0, xm, ym), Quad{T}(xm, y0, x1, ym), Quad{T}(x0, ym, xm, y1), Quad{T}(xm, ym, x1, y1))
        for it in t.items
            any(k -> push!(k, it; cap), t.kids)
        end
        empty!(t.items)
        return true
    end
    any(k -> push!(k, p; cap), t.kids)
end
depth(t::Quad) = t.kids === nothing ? 1 : 1 + maximum(depth, t.kids)
Base.length(t::Quad) = t.kids === nothing ? length(t.items) : sum(length, t.kids)
tree = Quad{Point{Float64}}(0, 0, 128, 128)
println(count(p -> push!(tree, p), pts), " ", length(tree), " ", depth(tree), " ", push!(tree, Point(-1.0, 0.0)))
