# Which functions belong to an export: all that its code invokes, in the order in which they are met.

"Add an exported function and its closure."
function collect_export!(w::Writer, @nospecialize(f), types::Type{<:Tuple})
    types isa DataType && all(isconcretetype, types.parameters) ||
        throw(ExportError("$f$(signature_text(types)): an export needs concrete argument types"))
    hasmethod(f, types) || throw(ExportError("$f$(signature_text(types)): no such method"))
    instance = CC.specialize_method(which(f, types), Tuple{typeof(f),types.parameters...}, Core.svec())
    collect_function!(w, instance, true) || throw(ExportError("$f$(signature_text(types)): inference gives no single code for it"))
    return nothing
end

signature_text(@nospecialize(types)) = types isa DataType ? "(" * join(types.parameters, ", ") * ")" : " of $types"

# Add a method instance and what it invokes, depth first. False if it has no code that can be written.
function collect_function!(w::Writer, instance::Core.MethodInstance, exported::Bool)
    if haskey(w.numbers, instance)
        exported && mark_exported!(w, w.numbers[instance])
        return true
    end
    (instance.def isa Method && !open_ended(instance)) || return false
    found = Base.code_typed_by_type(instance.specTypes; optimize = true, debuginfo = :source)
    length(found) == 1 || return false
    code, result = only(found)
    push!(w.functions, Entry(instance, code, result, exported))
    w.numbers[instance] = length(w.functions)
    foreach(t -> note_type!(w, t), instance.specTypes.parameters)
    note_type!(w, CC.widenconst(result))
    foreach(t -> note_type!(w, CC.widenconst(t)), code.ssavaluetypes)
    for statement in code.code
        if statement isa Expr && statement.head === :invoke
            collect_function!(w, statement.args[1], false)
        end
    end
    return true
end

function mark_exported!(w::Writer, number::Int)
    e = w.functions[number]
    w.functions[number] = Entry(e.instance, e.code, e.result, true)
    return nothing
end

# A signature like `Tuple{typeof(string), Vararg{Any}}` has no fixed number of arguments; calls of it stay unresolved.
function open_ended(instance::Core.MethodInstance)
    signature = instance.specTypes
    return !(signature isa DataType) || last(signature.parameters) isa Core.TypeofVararg
end
