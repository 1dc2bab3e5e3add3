# Code as objects. Who runs the program makes them of syntax and reads them again, and knows these
# fields; `code_request` asks for that.

mutable struct Expr
    head::Symbol
    args::Vector{Any}
    function Expr(head::Symbol, args...)
        list = Vector{Any}(undef, 0)
        add_all!(list, args...)
        return new(head, list)
    end
end
add_all!(list::Vector{Any}) = nothing
function add_all!(list::Vector{Any}, x, rest...)
    push!(list, x)
    return add_all!(list, rest...)
end

struct QuoteNode
    value::Any
end

struct LineNumberNode
    line::Int64
    file::Any
end
LineNumberNode(line::Integer) = LineNumberNode(Int64(line), nothing)

# The module is told by its full name.
struct GlobalRef
    mod::Symbol
    name::Symbol
end
@inline GlobalRef(m::Module, name::Symbol) = GlobalRef(Symbol(Core.module_name(m)), name)

@noinline function code_request(what::Int64, args::Vector{Any})
    result = ccall(:jlift_code, Any, (Int64, Any), what, args)
    ccall(:jlift_code_failed, Int64, ()) == 0 || throw(result)
    return result
end

# Quoted code, by its number; values take the places of its interpolations.
@noinline quoted(number::Int64) = quoted(number, no_values())
@noinline function quoted(number::Int64, values::Vector{Any})
    return code_request(0, with_value(with_value(no_values(), number), values))
end
@noinline no_values() = Vector{Any}(undef, 0)
@noinline function with_value(list::Vector{Any}, x)
    push!(list, x)
    return list
end
@noinline with_values(list::Vector{Any}, xs) = with_value(list, splat_elements(xs))

# Evaluation in a module.
@inline eval_in(m::Module, code) = evaluate(Symbol(Core.module_name(m)), code)
@noinline evaluate(m::Symbol, code) = code_request(1, with_value(with_value(no_values(), m), code))
@inline eval(m::Module, code) = eval_in(m, code)
eval(code) = eval_in(Base, code)
# What `setglobal!`, `isdefined`, `nameof` and `parentmodule` are of a module or name that only run time knows.
assign_in(m::Module, name::Symbol, x) = eval_in(m, Expr(:(=), name, QuoteNode(x)))
is_defined_in(m::Module, name::Symbol) = eval_in(m, Expr(:isdefined, name))::Bool
last_name(m::Module) = Symbol(last(split(Core.module_name(m), '.')))
function outer_module(m::Module)
    path = Core.module_name(m)
    dot = findlast('.', path)
    dot === nothing && return m
    return evaluate(Symbol(path[1:dot-1]), Expr(:macrocall, Symbol("@__MODULE__"), nothing))::Module
end
@inline macroexpand(m::Module, code; recursive::Bool = true) = expanded_in(Symbol(Core.module_name(m)), code)
@noinline expanded_in(m::Symbol, code) = code_request(4, with_value(with_value(no_values(), m), code))
@inline include_string(m::Module, code::AbstractString, file::AbstractString = "string") = run_text(Symbol(Core.module_name(m)), String(code), String(file))
@noinline run_text(m::Symbol, code::String, file::String) =
    code_request(5, with_value(with_value(with_value(no_values(), m), code), file))
invokelatest(f, args...; kwargs...) = call_latest(Box(f).contents, args...; kwargs...)
call_latest(f, args...; kwargs...) = f(args...; kwargs...)

# What was put into code and has no syntax.
@noinline kept_value(number::Int64) = code_request(6, with_value(no_values(), number))

# As text: bare, or quoted as `show` has it.
@noinline code_text(x, is_quoted::Bool) = code_request(2, with_value(with_value(no_values(), x), is_quoted))::String

print(io::IO, x::Union{Expr,QuoteNode,GlobalRef,LineNumberNode}) = write_text(io, code_text(x, false))
show(io::IO, x::Union{Expr,QuoteNode,LineNumberNode}) = write_text(io, code_text(x, true))
show(io::IO, x::GlobalRef) = write_text(io, code_text(x, false))
string(x::Union{Expr,QuoteNode,GlobalRef,LineNumberNode}) = code_text(x, false)
# The text of a value in code, asked for by whoever writes code.
value_in_code(x) = repr(x)

==(a::Expr, b::Expr) = a.head === b.head && same_code(a.args, b.args)
==(a::QuoteNode, b::QuoteNode) = same_code(a.value, b.value)
==(a::GlobalRef, b::GlobalRef) = a.mod === b.mod && a.name === b.name
@noinline same_code(a, b) = isequal(a, b)::Bool
function same_code(a::Vector{Any}, b::Vector{Any})
    length(a) == length(b) || return false
    for i in 1:length(a)
        same_code(a[i], b[i])::Bool || return false
    end
    return true
end
isequal(a::Expr, b::Expr) = a == b
isequal(a::QuoteNode, b::QuoteNode) = a == b
hash(x::Expr, h::UInt64) = hash_code(x.args, hash(x.head, h + 0x6f3c5a12e9d07b41))
hash(x::QuoteNode, h::UInt64) = code_hash(x.value, h + 0x2c1d9be34a7f8065)
function hash_code(args::Vector{Any}, h::UInt64)
    for x in args
        h = code_hash(x, h)
    end
    return h
end
@noinline code_hash(x, h::UInt64) = hash(x, h)::UInt64

# Expressions are copied to the last, other values are shared.
copy(x::Expr) = copied_code(x)::Expr
@noinline copied_code(x) = x
@noinline function copied_code(x::Expr)
    new = Expr(x.head)
    for arg in x.args
        push!(new.args, copied_code(arg))
    end
    return new
end

esc(x) = Expr(:escape, x)

# Symbols that nobody else has.
gensym() = gensym("")
function gensym(base::AbstractString)
    n = code_request(7, no_values())::Int64
    return isempty(base) ? Symbol("##", n) : Symbol("##", base, "#", n)
end
gensym(base::Symbol) = gensym(String(base))

# Line numbers.
remove_linenums!(x) = x
function remove_linenums!(x::Expr)
    if x.head === :block || x.head === :quote
        filter!(is_no_line, x.args)
    end
    for arg in x.args
        remove_linenums!(arg)
    end
    return x
end
@noinline is_no_line(x) = true
is_no_line(x::LineNumberNode) = false
@noinline parsed_text(text::String, start::Int64, mode::Int64) =
    code_request(3, with_value(with_value(with_value(no_values(), text), start), mode))

# What `@generated` makes of a function: its bodies by the types of the arguments.
mutable struct GeneratedBodies
    generator
    home::Module
    names::Tuple
    bodies::Vector{Any}
end
GeneratedBodies(generator, home::Module, names::Tuple) = GeneratedBodies(generator, home, names, Any[])

function generated_call(g::GeneratedBodies, params::Tuple, types::Tuple, values::Tuple)
    key = Box((params, types)).contents
    for n in 1:2:length(g.bodies)
        isequal(g.bodies[n], key) && return invokelatest(g.bodies[n + 1], params..., values...)
    end
    code = invokelatest(g.generator, params..., types...)
    f = eval_in(g.home, Expr(:->, Expr(:tuple, g.names...), code))
    push!(g.bodies, key, f)
    return invokelatest(f, params..., values...)
end

isexpr(x, heads...) = Meta.isexpr(x, heads...)
