# module: Base.Cartesian
# Macros that write code once for each of a number of dimensions. `i -> code` stands for copies of the code in
# which `i` is a number, `x_i` is `x_1`, and so is `x_{i-1}` for `i = 2`; conditions that numbers decide are
# decided, so that `i == 1 ? a : b` leaves one of its sides.

export @nloops, @nref, @ncall, @ncallkw, @nexprs, @nextract, @nall, @nany, @ntuple, @nif

macro nexprs(N::Int, code)
    return esc(Expr(:block, copies(N, code)...))
end
macro nref(N::Int, array::Symbol, indices)
    return esc(Expr(:ref, array, copies(N, indices)...))
end
macro ncall(N::Int, f, args...)
    given, last = args[1:end-1], args[end]
    return esc(Expr(:call, f, given..., copies(N, last)...))
end
macro ncallkw(N::Int, f, keywords, args...)
    given, last = args[1:end-1], args[end]
    return esc(Expr(:call, f, Expr(:parameters, Expr(:..., keywords)), given..., copies(N, last)...))
end
macro ntuple(N::Int, code)
    return esc(Expr(:tuple, copies(N, code)...))
end
macro nall(N::Int, criterion)
    return esc(joined(:&&, copies(N, criterion)))
end
macro nany(N::Int, criterion)
    return esc(joined(:||, copies(N, criterion)))
end
macro nextract(N::Int, name::Symbol, source)
    values = source isa Symbol ? Any[Expr(:ref, source, n) for n in 1:N] : copies(N, source)
    return esc(Expr(:block, Any[Expr(:(=), numbered(name, n), values[n]) for n in 1:N]...))
end
macro nif(N::Int, condition, codes...)
    length(codes) in (1, 2) || throw(ArgumentError("@nif needs a condition, code, and perhaps code for the other case"))
    code = copy_for(codes[end], N)
    for n in N-1:-1:1
        code = Expr(:if, copy_for(condition, n), copy_for(codes[1], n), code)
    end
    return esc(code)
end
macro nloops(N::Int, name::Symbol, range, args...)
    1 <= length(args) <= 3 || throw(ArgumentError("number of arguments must be 1 ≤ length(args) ≤ 3, got $(length(args))"))
    code = args[end]
    for n in 1:N
        over = range isa Symbol ? Expr(:call, GlobalRef(Base, :axes), range, n) : copy_for(range, n)
        inside = Any[code]
        length(args) > 1 && pushfirst!(inside, copy_for(args[1], n))
        length(args) > 2 && push!(inside, copy_for(args[2], n))
        code = Expr(:for, Expr(:(=), numbered(name, n), over), Expr(:block, inside...))
    end
    return esc(code)
end

copies(N::Int, code) = Any[copy_for(code, n) for n in 1:N]
# A name alone stands for `name_1`, `name_2` and so on.
copy_for(name::Symbol, n::Int) = numbered(name, n)
copy_for(x, n::Int) = x
function copy_for(code::Expr, n::Int)
    code.head === :-> && code.args[1] isa Symbol || throw(ArgumentError("expected `i -> code`, got $code"))
    body = code.args[2]
    # `i -> x` holds a block, for the sake of its line.
    if body isa Expr && body.head === :block
        statements = Any[a for a in body.args if !(a isa LineNumberNode)]
        length(statements) == 1 && (body = statements[1])
    end
    return decided(replaced(body, code.args[1], n))
end
numbered(name::Symbol, n::Int) = Symbol(name, :_, n)

function joined(head::Symbol, parts)
    code = parts[end]
    for part in reverse(parts[1:end-1])
        code = Expr(head, part, code)
    end
    return code
end

# The code with a number in place of a name, also where that is the end of another name.
replaced(x, name::Symbol, n::Int) = x
function replaced(x::Symbol, name::Symbol, n::Int)
    x === name && return n
    text, ending = String(x), string('_', name)
    endswith(text, ending) && length(text) > length(ending) || return x
    return Symbol(chop(text; tail = length(ending)), :_, n)
end
function replaced(x::Expr, name::Symbol, n::Int)
    if x.head === :curly && length(x.args) == 2 && x.args[1] isa Symbol && endswith(String(x.args[1]), '_')
        value = decided(replaced(x.args[2], name, n))
        value isa Int && return Symbol(x.args[1], value)
    end
    # The name is another one there.
    x.head === :-> && x.args[1] === name && return x
    return Expr(x.head, Any[replaced(a, name, n) for a in x.args]...)
end

function arithmetic(name)
    name === :+ && return +
    name === :- && return -
    name === :* && return *
    name === :/ && return /
    name === :^ && return ^
    (name === :div || name === :÷) && return div
    name === :% && return rem
    name === :(==) && return ==
    name === :(!=) && return !=
    name === :< && return <
    name === :<= && return <=
    name === :> && return >
    name === :>= && return >=
    return nothing
end

# The code with what numbers decide in its conditions and in the indices of names decided.
decided(x) = x
function decided(x::Expr)
    if x.head in (:if, :elseif)
        condition = number(x.args[1])
        condition === true && return decided(x.args[2])
        condition === false && return length(x.args) > 2 ? decided(x.args[3]) : nothing
    end
    value = number(x)
    value isa Int && return value
    return Expr(x.head, Any[decided(a) for a in x.args]...)
end
# The value of arithmetic on numbers alone, or the expression.
number(x) = x
function number(x::Expr)
    x.head === :block && length(x.args) == 1 && return number(x.args[1])
    x.head === :call && length(x.args) in (2, 3) || return x
    f = arithmetic(x.args[1])
    f === nothing && return x
    args = Any[number(a) for a in x.args[2:end]]
    all(a -> a isa Number, args) || return x
    return f(args...)
end
