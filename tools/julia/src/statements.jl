# One statement of a `CodeInfo` as .jir text.

"""
What the text of a function's statements depends on. `block` gives each statement's basic block in Julia's numbering.
Numbers in the text are Julia's plus `value_shift` and `block_shift`, which make room for the packing of a vararg tuple;
`packed` is then the slot that is replaced by the text `packed_value`.
"""
struct Frame
    writer::Writer
    block::Vector{Int}
    value_shift::Int
    block_shift::Int
    packed::Int
    packed_value::String
end

value_number(f::Frame, i::Integer) = i + f.value_shift
block_name(f::Frame, statement::Integer) = "#$(f.block[statement] + f.block_shift)"

"An operand."
function operand(f::Frame, @nospecialize(x))
    x isa Core.SSAValue && return "%$(value_number(f, x.id))"
    x isa Core.Argument && return x.n == f.packed ? f.packed_value : "_$(x.n)"
    x isa QuoteNode && return literal(f.writer, x.value)
    x isa GlobalRef && return global_operand(f.writer, x)
    x isa Expr && return "expr $(x.head)(" * operands(f, x.args) * ")"
    return literal(f.writer, x)
end

operands(f::Frame, xs) = join((operand(f, x) for x in xs), ", ")

# The value of a callee if it is known, else the operand itself.
function known_callee(@nospecialize(x))
    x isa GlobalRef && isdefined(x.mod, x.name) && isconst(x.mod, x.name) && return getfield(x.mod, x.name)
    return x isa QuoteNode ? x.value : x
end

"Whether a statement has a value, and so a number and a type in the text."
has_value(@nospecialize(s)) = !(s isa Union{Core.GotoNode,Core.GotoIfNot,Core.ReturnNode})

"The statement without its number, type and location."
function statement_text(f::Frame, @nospecialize(s))
    s isa Core.GotoNode && return "goto " * block_name(f, s.label)
    s isa Core.GotoIfNot && return "goto " * block_name(f, s.dest) * " if not " * operand(f, s.cond)
    s isa Core.ReturnNode && return isdefined(s, :val) ? "return " * operand(f, s.val) : "unreachable"
    s isa Core.PhiNode && return phi_text(f, s)
    s isa Core.PhiCNode && return "phic(" * operands(f, s.values) * ")"
    s isa Core.UpsilonNode && return "upsilon(" * (isdefined(s, :val) ? operand(f, s.val) : "") * ")"
    s isa Core.PiNode && return "pi(" * operand(f, s.val) * ", type " * type_name(f.writer, CC.widenconst(s.typ)) * ")"
    return s isa Expr ? expression_text(f, s) : operand(f, s)
end

# In a CodeInfo an edge names the last statement of the predecessor; 0 is the way in from the caller. A predecessor without
# a value is left out: the phi is then undefined and not used.
function phi_text(f::Frame, s::Core.PhiNode)
    edges = String[]
    for (i, edge) in enumerate(s.edges)
        isassigned(s.values, i) || continue
        from = edge == 0 ? "#1" : block_name(f, edge)
        push!(edges, from * " => " * operand(f, s.values[i]))
    end
    return "phi(" * join(edges, ", ") * ")"
end

function expression_text(f::Frame, s::Expr)
    s.head === :call && return call_text(f, s.args)
    s.head === :invoke && return invoke_text(f, s.args)
    s.head === :new && return "new " * operand(f, s.args[1]) * "(" * operands(f, s.args[2:end]) * ")"
    s.head === :foreigncall && return foreigncall_text(f, s.args)
    s.head === :enter && return "expr enter(" * block_name(f, s.args[1]) * ")"
    return "expr $(s.head)(" * operands(f, s.args) * ")"
end

function call_text(f::Frame, args)
    callee = known_callee(args[1])
    rest = "(" * operands(f, args[2:end]) * ")"
    callee isa Core.IntrinsicFunction && return "Base.$(nameof(callee))" * rest
    callee isa Core.Builtin && return "Core.$(nameof(callee))" * rest
    return "call " * operand(f, args[1]) * rest
end

function invoke_text(f::Frame, args)
    number = get(f.writer.numbers, args[1], nothing)
    number === nothing && return call_text(f, args[2:end])
    callee = known_callee(args[2])
    # The callee object is an operand unless its type says everything.
    carries_data = callee isa Union{Core.SSAValue,Core.Argument} || !Base.issingletontype(typeof(callee))
    return "invoke @$number $(args[1].def.name)(" * operands(f, args[3:end]) * ")" * (carries_data ? " self=" * operand(f, args[2]) : "")
end

# name, result type, argument types, number of fixed arguments of a variadic function, calling convention, arguments, roots
function foreigncall_text(f::Frame, args)
    types = args[3]
    n = length(types)
    return string("foreigncall ", operand(f, args[1]), " ", type_name(f.writer, args[2]),
                  "(", join((type_name(f.writer, t) for t in types), ", "), ") variadic_from=", args[4], " cc=", operand(f, args[5]),
                  " args(", operands(f, args[6:5+n]), ") roots(", operands(f, args[6+n:end]), ")")
end
