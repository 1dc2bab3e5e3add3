# module: Base.Meta
# Questions about code as objects.

struct ParseError <: Base.Exception
    msg::Base.String
    detail::Any
end
ParseError(msg::AbstractString) = ParseError(msg, nothing)
Base.showerror(io::Base.IO, e::ParseError) = Base.print(io, "ParseError:\n", e.msg)

quot(x) = Base.Expr(:quote, x)

isexpr(x, heads) = false
isexpr(x::Base.Expr, head::Symbol) = x.head === head
isexpr(x::Base.Expr, heads) = x.head in heads
isexpr(x, heads, n::Int) = false
isexpr(x::Base.Expr, heads, n::Int) = isexpr(x, heads) && length(x.args) == n

# One expression; an error, or an `:error` or `:incomplete` expression, if the text is no code.
parse_code(text::AbstractString; raise::Bool = true, depwarn::Bool = true, filename = "none") = parse_whole(Base.String(text), raise)
parse_whole(text::Base.String, raise::Bool) = checked(Base.parsed_text(text, 1, 0), raise)
function parse_code(text::AbstractString, start::Integer; greedy::Bool = true, raise::Bool = true, depwarn::Bool = true, filename = "none")
    found = Base.parsed_text(Base.String(text), Base.Int64(start), 1)::Base.Expr
    return checked(found.args[1], raise), found.args[2]::Int
end
# Base has another function of this name.
const parse = parse_code
parseall(text::AbstractString; filename = "none") = Base.parsed_text(Base.String(text), 1, 2)

checked(x, raise::Bool) = x
function checked(x::Base.Expr, raise::Bool)
    if raise && (x.head === :error || x.head === :incomplete)
        throw(ParseError(x.args[1]::Base.String))
    end
    return x
end

show_sexpr(x) = show_sexpr(Base.stdout, x)
show_sexpr(io::Base.IO, x) = Base.show(io, x)
function show_sexpr(io::Base.IO, x::Base.Expr)
    print(io, "(", ":")
    print(io, x.head)
    for arg in x.args
        print(io, ", ")
        show_sexpr(io, arg)
    end
    print(io, ")")
end
