# Constants and operands as .jir text.

# Global constants up to so many characters are written out where they are used.
const INLINE_CONSTANT = 40

hexadecimal(x::Unsigned) = "0x" * string(x; base = 16, pad = 2 * sizeof(x))

"A constant value."
function literal(w::Writer, @nospecialize(v))
    v isa Union{Bool,Int64} && return string(v)
    v isa Union{Int8,Int16,Int32,Int128,UInt8,UInt16,UInt32,UInt64,UInt128} && return string(typeof(v), "(", v, ")")
    v isa Float64 && return isfinite(v) ? string(v) : "Float64(" * hexadecimal(reinterpret(UInt64, v)) * ")"
    v isa Float32 && return "Float32(" * hexadecimal(reinterpret(UInt32, v)) * ")"
    v isa Float16 && return "Float16(" * hexadecimal(reinterpret(UInt16, v)) * ")"
    v isa Char && return "Char(" * hexadecimal(reinterpret(UInt32, v)) * ")"
    v === nothing && return "nothing"
    v isa Symbol && return "sym " * repr(string(v))
    v isa String && return repr(v)
    v isa Module && return "module " * string(v)
    v isa Union{TypeVar,Core.TypeofVararg} && return "type " * type_name(w, v)
    if v isa Type
        note_type!(w, v)
        return "type " * type_name(w, v)
    end
    v isa Ptr && return string("new ", type_name(w, typeof(v)), "(", UInt(v), ")")
    note_type!(w, typeof(v))
    return composite_literal(w, v)
end

function composite_literal(w::Writer, @nospecialize(v))
    t = typeof(v)
    fields = String[isdefined(v, i) ? literal(w, getfield(v, i)) : "undef" for i in 1:(ismutabletype(t) ? 0 : fieldcount(t))]
    v isa Tuple && return "(" * join(fields, ", ") * (length(fields) == 1 ? ",)" : ")")
    Base.issingletontype(t) && return "instance " * type_name(w, t)
    isprimitivetype(t) && return "bits " * type_name(w, t) * "(0x" * bytes_of(v) * ")"
    # A heap object has identity, which text can't hold; a field that is not set has no value to write.
    (ismutabletype(t) || "undef" in fields) && return "opaque " * type_name(w, t)
    return "new " * type_name(w, t) * "(" * join(fields, ", ") * ")"
end

# The bytes of a primitive value as hexadecimal digits, most significant first.
bytes_of(@nospecialize(v)) = join(string(b; base = 16, pad = 2) for b in reverse(collect(reinterpret(UInt8, [v]))))

"A use of a global: its value if it is constant, by name if that is long."
function global_operand(w::Writer, r::GlobalRef)
    (isdefined(r.mod, r.name) && isconst(r.mod, r.name)) || return string("global ", r.mod, ".", r.name)
    v = getfield(r.mod, r.name)
    text = literal(w, v)
    (v isa Union{Type,Function,Module} || length(text) <= INLINE_CONSTANT) && return text
    key = (r.mod, r.name)
    if !(key in w.seen_constants)
        push!(w.seen_constants, key)
        push!(w.constants, r)
    end
    return string("const ", r.mod, ".", r.name)
end

"The header lines of the named constants."
function print_constants(io::IO, w::Writer)
    for r in w.constants
        v = getfield(r.mod, r.name)
        note_type!(w, typeof(v))
        println(io, "const ", r.mod, ".", r.name, "::", type_name(w, typeof(v)), " = ", literal(w, v))
    end
    return nothing
end
