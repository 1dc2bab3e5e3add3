# Whole functions: header, parameters, blocks, locations.

"""
Write one function. Parameters are those of the signature, one for each argument of a call. In a vararg method the last slot is a
tuple of the trailing arguments: its statements are then preceded by one that packs them, and all other numbers move up by one.
"""
function print_function(io::IO, w::Writer, e::Entry)
    code, types = e.code, e.instance.specTypes.parameters
    vararg_slot = e.instance.def.isva ? Int(e.instance.def.nargs) : 0
    graph = CC.compute_basic_blocks(code.code)
    block = zeros(Int, length(code.code))
    for (k, b) in enumerate(graph.blocks), i in b.stmts
        block[i] = k
    end
    # A first block that is a loop's header can't hold what happens once: the packing then gets a block of its own.
    own_block = vararg_slot > 0 && any(p -> p > 0, graph.blocks[1].preds)
    f = Frame(w, block, vararg_slot > 0 ? 1 : 0, own_block ? 1 : 0, vararg_slot, "%1")

    println(io)
    print_header(io, w, e, types, vararg_slot)
    if vararg_slot > 0
        println(io, "#1:")
        println(io, "  ", packing(w, types, vararg_slot))
    end
    for (i, statement) in enumerate(code.code)
        starts_block = i == first(graph.blocks[block[i]].stmts)
        if starts_block && !(i == 1 && vararg_slot > 0 && !own_block)
            println(io, block_name(f, i), ":")
        end
        print_statement(io, f, code, i, statement)
    end
    return nothing
end

function print_header(io::IO, w::Writer, e::Entry, types, vararg_slot::Int)
    names = e.code.slotnames
    parameters = map(2:length(types)) do i
        # Arguments that end in the tuple of a vararg have no name of their own.
        named = (vararg_slot == 0 || i < vararg_slot) && i <= length(names) && is_plain(names[i])
        "_$i" * (named ? " $(names[i])" : "") * "::" * type_name(w, types[i])
    end
    method = e.instance.def
    println(io, "function @", w.numbers[e.instance], " ", method.module, ".", method.name, "(", join(parameters, ", "), ")::",
            type_name(w, CC.widenconst(e.result)), " self=", type_name(w, types[1]), e.exported ? " export" : "")
    return nothing
end

# Names that the user wrote; generated ones are empty or have a `#`.
is_plain(name::Symbol) = Base.isidentifier(name)

function packing(w::Writer, types, vararg_slot::Int)
    trailing = vararg_slot:length(types)
    packed = Tuple{(types[i] for i in trailing)...}
    note_type!(w, packed)
    return "%1 = Core.tuple(" * join(("_$i" for i in trailing), ", ") * ")::" * type_name(w, packed)
end

function print_statement(io::IO, f::Frame, code::Core.CodeInfo, i::Int, @nospecialize(statement))
    line = statement_text(f, statement)
    if has_value(statement)
        line = "%$(value_number(f, i)) = $line::" * type_name(f.writer, CC.widenconst(code.ssavaluetypes[i]))
    end
    location = location_text(code, i)
    println(io, "  ", line, isempty(location) ? "" : "  ; " * location)
    return nothing
end

"`file:line function < file:line function`, from the statement outwards through what it was inlined into."
function location_text(code::Core.CodeInfo, i::Int)
    steps = String[]
    at = Int(code.codelocs[i])
    while at > 0
        entry = code.linetable[at]
        push!(steps, "$(basename(string(entry.file))):$(entry.line) $(scope_name(entry.method))")
        at = Int(entry.inlined_at)
    end
    return join(steps, " < ")
end

scope_name(@nospecialize(m)) = m isa Core.MethodInstance ? scope_name(m.def) : m isa Method ? m.name : m
