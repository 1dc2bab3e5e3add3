# module: Base.Cartesian
# Code repeated for a number of dimensions: macros that put numbers in the place of a name.

export @nloops, @nref, @ncall, @nexprs, @nextract, @nall, @nany, @ntuple, @nif

macro nexprs(n::Int, ex)
    return esc(Expr(:block, Any[ex isa Expr && ex.head === :-> ? of_place(ex, k) : ex for k in 1:n]...))
end
macro ntuple(n::Int, ex)
    return esc(Expr(:tuple, Any[of_place(ex, k) for k in 1:n]...))
end
macro nref(n::Int, array, ex)
    return esc(Expr(:ref, array, Any[of_place(ex, k) for k in 1:n]...))
end
macro ncall(n::Int, f, args...)
    return esc(Expr(:call, f, args[1:end-1]..., Any[of_place(args[end], k) for k in 1:n]...))
end
macro nall(n::Int, ex)
    return esc(chained(:&&, Any[of_place(ex, k) for k in 1:n]))
end
macro nany(n::Int, ex)
    return esc(chained(:||, Any[of_place(ex, k) for k in 1:n]))
end
chained(head::Symbol, parts) = foldr((a, b) -> Expr(head, a, b), parts)
macro nextract(n::Int, name, from)
    value(k) = from isa Symbol ? Expr(:ref, from, k) : of_place(from, k)
    return esc(Expr(:block, Any[Expr(:(=), of_place(name, k), value(k)) for k in 1:n]...))
end
# The last of the expressions is for all that no condition before it held for.
macro nif(n::Int, condition, parts...)
    code = of_place(parts[end], n)
    for k in n-1:-1:1
        code = Expr(:if, of_place(condition, k), of_place(parts[1], k), code)
    end
    return esc(code)
end
# The first dimension is the innermost loop.
macro nloops(n::Int, name, ranges, parts...)
    code = parts[end]
    for k in 1:n
        range = ranges isa Symbol ? :($axes($ranges, $k)) : of_place(ranges, k)
        around = Any[of_place(p, k) for p in parts[1:end-1]]
        insert!(around, min(2, length(around) + 1), code)
        code = Expr(:for, Expr(:(=), of_place(name, k), range), Expr(:block, around...))
    end
    return esc(code)
end

# What an expression is for the k-th place: `i` is `i_k`, `d -> body` is the body for that number.
of_place(ex, k::Int) = ex
of_place(name::Symbol, k::Int) = Symbol(name, '_', k)
of_place(ex::Expr, k::Int) = ex.head === :-> ? with_number(ex.args[2], ex.args[1], k) : ex
with_number(ex, name::Symbol, k::Int) = ex
function with_number(ex::Symbol, name::Symbol, k::Int)
    ex === name && return k
    parts = split(String(ex), '_')
    length(parts) > 1 || return ex
    # `x_d` and `x_d_e`; what stands before the first line is no number.
    return Symbol(join([i > 1 && p == String(name) ? string(k) : String(p) for (i, p) in enumerate(parts)], '_'))
end
function with_number(ex::Expr, name::Symbol, k::Int)
    args = Any[with_number(a, name, k) for a in ex.args]
    return decided(Expr(ex.head, args...))
end
# Conditions and sums of numbers are decided here; `x_{3}` is `x_3`.
function decided(ex::Expr)
    args = ex.args
    if ex.head === :block && length(args) == 2 && args[1] isa LineNumberNode
        return args[2]
    elseif ex.head === :call && length(args) == 3 && args[2] isa Int && args[3] isa Int
        i = findfirst(==(args[1]), (:+, :-, :*, :÷, :%, :(==), :(!=), :<, :<=, :>, :>=, :≤, :≥, :≠))
        i === nothing || return (+, -, *, ÷, %, ==, !=, <, <=, >, >=, <=, >=, !=)[i](args[2], args[3])
    elseif ex.head in (:if, :elseif) && args[1] isa Bool
        return args[1] ? args[2] : length(args) > 2 ? args[3] : nothing
    elseif ex.head === :curly && length(args) == 2 && args[1] isa Symbol && args[2] isa Int && endswith(String(args[1]), '_')
        return Symbol(args[1], args[2])
    end
    return ex
end
