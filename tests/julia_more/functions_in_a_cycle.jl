# Functions that call each other in cycles that share some of them: what is inferred of one cycle
# relies on what is known of the other.
struct S
    n::Int
end
@noinline fa(s, n) = n == 0 ? S(n) : fb(s, n - 1)
@noinline fb(s, n) = isodd(n) ? fc(s, n) : fa(s, n)
@noinline function fc(s, n)
    push!(s, n)
    r = fb(s, n - 1)
    push!(s, -n)
    r
end
s = Int[]
println(fa(s, 6), " ", s)
s = Int[]
println(fa(s, 7), " ", s)

# A parser by recursive descent: sums of products of atoms, which may be sums.
mutable struct Tokens
    text::String
    at::Int
end
peek_token(t) = t.at > ncodeunits(t.text) ? '\0' : t.text[t.at]
function accept(t, c)
    peek_token(t) == c || return false
    t.at += 1
    true
end
function parse_sum(t)
    left = parse_product(t)
    while true
        accept(t, '+') ? (left = (:+, left, parse_product(t))) :
        accept(t, '-') ? (left = (:-, left, parse_product(t))) : return left
    end
end
function parse_product(t)
    left = parse_power(t)
    while accept(t, '*')
        left = (:*, left, parse_power(t))
    end
    left
end
function parse_power(t)
    base = parse_atom(t)
    accept(t, '^') ? (:^, base, parse_power(t)) : base
end
function parse_atom(t)
    if accept(t, '(')
        inner = parse_sum(t)
        accept(t, ')') || error("expected ) at $(t.at)")
        return inner
    end
    accept(t, '-') && return (:neg, parse_power(t))
    c = peek_token(t)
    isdigit(c) || error("unexpected $(repr(c)) at $(t.at)")
    t.at += 1
    c - '0'
end
value(x::Int) = x
value(x::Tuple) = x[1] == :neg ? -value(x[2]) : x[1] == :+ ? value(x[2]) + value(x[3]) :
    x[1] == :- ? value(x[2]) - value(x[3]) : x[1] == :* ? value(x[2]) * value(x[3]) : value(x[2])^value(x[3])
for text in ("1+2*3", "(1+2)*3-4", "2^3^2", "-(2-5)*3", "((4))")
    tree = parse_sum(Tokens(text, 1))
    println(text, " => ", tree, " = ", value(tree))
end
for text in ("(1+2", "3+*")
    try
        parse_sum(Tokens(text, 1))
    catch e
        println(text, " => ", e.msg)
    end
end
