"""A Julia module of as many functions as asked for, for compile throughput. Always the same text for the same count."""

import dataclasses

HEAD = """\
struct Pair2{T}
    a::T
    b::T
end
total(p::Pair2) = p.a + p.b
scaled(p::Pair2, k) = Pair2(p.a * k, p.b * k)
limited(x, low, high) = x < low ? low : x > high ? high : x
"""

# (argument types, text); {n} is the function's number, {c} and {d} are constants, {before} is the number of the last function of
# the first shape.
SHAPES = [
    ("Float64", """\
function f{n}(x::Float64)
    y = x * {c}.5 + {d}
    return limited(y, -{c}.0, {d}.25)
end
"""),
    ("Int64", """\
function f{n}(n::Int64)
    s = 0.0
    for i in 1:n
        if i % {d} == 0
            s += {c} / i
        else
            s -= 1 / i
        end
    end
    return s
end
"""),
    ("Int64", """\
function f{n}(n::Int64)
    steps = 0
    while n > 1 && steps < {c}00
        n = iseven(n) ? n >> 1 : {d} * n + 1
        steps += 1
    end
    return steps
end
"""),
    ("Float64, Float64", """\
function f{n}(a::Float64, b::Float64)
    p = Pair2(a, b)
    q = scaled(p, {c}.0)
    x, y = q.a - {d}, q.b + {d}
    return sqrt(x^2 + y^2) + total(q)
end
"""),
    ("Vector{{Float64}}", """\
function f{n}(v::Vector{{Float64}})
    best = -Inf
    for x in v
        best = max(best, abs(x - {c}))
    end
    for i in eachindex(v)
        v[i] /= best + {d}
    end
    return best
end
"""),
    ("Ptr{{Int32}}, Int64", """\
function f{n}(p::Ptr{{Int32}}, n::Int64)
    count = 0
    for i in n:-1:1
        x = unsafe_load(p, i)
        unsafe_store!(p, x ⊻ Int32({c}), i)
        count += x > {d}
    end
    return count
end
"""),
    ("Int64, Int64", """\
function f{n}(a::Int64, b::Int64)
    b == 0 && throw(DomainError(b, "must not be zero"))
    q, r = divrem(a, b)
    p = scaled(Pair2(q, r), {c})
    return limited(total(p), -{d}000, {c}000)
end
"""),
    ("Float64", """\
function f{n}(x::Float64)
    s = f{before}(x) * {c}
    for k in 1:{d}
        s += f{before}(s / k)
    end
    return s
end
"""),
]


@dataclasses.dataclass(frozen=True)
class Module:
    """`statements` counts the lines of code that are not only `end` or `else`: what a reader would call statements."""

    text: str
    exports: list
    functions: int
    statements: int


def module(functions):
    parts, exports = [HEAD], []
    for n in range(functions):
        shape = n % len(SHAPES)
        types, text = SHAPES[shape]
        parts.append(text.format(n=n, c=3 + n % 17, d=2 + n % 11, before=n - shape))
        exports.append(f"f{n}({types.format()})")
    text = "\n".join(parts)
    lines = (line.strip() for line in text.splitlines())
    return Module(text, exports, functions, sum(line not in ("", "end", "else") for line in lines))
