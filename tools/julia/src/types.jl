# Types: their names in .jir (fully qualified, every parameter, no aliases) and their declarations.

"The .jir name of a type, type variable or `Vararg`."
function type_name(w::Writer, @nospecialize(t))
    t === Union{} && return "Union{}"
    t isa Union && return "Union{" * join((type_name(w, part) for part in Base.uniontypes(t)), ", ") * "}"
    t isa TypeVar && return string(t.name)
    t isa UnionAll && return "(" * type_name(w, t.body) * " where " * bounds(w, t.var) * ")"
    t isa Core.TypeofVararg && return vararg_name(w, t)
    t isa DataType && return data_type_name(w, t)
    return parameter_name(w, t)
end

function bounds(w::Writer, v::TypeVar)
    below = v.lb === Union{} ? "" : type_name(w, v.lb) * "<:"
    above = v.ub === Any ? "" : "<:" * type_name(w, v.ub)
    return below * string(v.name) * above
end

function vararg_name(w::Writer, t::Core.TypeofVararg)
    element = isdefined(t, :T) ? type_name(w, t.T) : "Any"
    return "Vararg{" * element * (isdefined(t, :N) ? ", " * type_name(w, t.N) : "") * "}"
end

# Parameters that are values: `:x`, `3` and `true` plainly, others as constants.
function parameter_name(w::Writer, @nospecialize(v))
    v isa Symbol && return repr(v)
    v isa Union{Int64,Bool} && return string(v)
    return literal(w, v)
end

function data_type_name(w::Writer, t::DataType)
    name = t.name
    function_name = named_function(t)
    function_name === nothing || return "typeof(" * function_name * ")"
    qualifier = name.module === Core ? "" : string(name.module, ".")
    plain = string(name.name)
    base = qualifier * (Base.isidentifier(plain) ? plain : "var" * repr(plain))
    isempty(t.parameters) && !(t <: Tuple) && return base
    return base * "{" * join((type_name(w, p) for p in t.parameters), ", ") * "}"
end

# `Base.sin` when the type is that of the function bound to this name, else nothing (closures, callable structs).
function named_function(t::DataType)
    (t <: Function && Base.issingletontype(t) && isdefined(t.name, :mt)) || return nothing
    owner, name = t.name.module, t.name.mt.name
    (isdefined(owner, name) && typeof(getfield(owner, name)) === t) || return nothing
    return string(owner, ".", name)
end

# Types that every reader of .jir knows.
const BUILTIN = Union{Bool,Int8,Int16,Int32,Int64,Int128,UInt8,UInt16,UInt32,UInt64,UInt128,Float16,Float32,Float64,Char,Nothing}
const WITHOUT_LAYOUT = (String, Symbol, Core.SimpleVector, Module)

"Make sure that a type, its parameters and the types of its fields are declared."
function note_type!(w::Writer, @nospecialize(t))
    if t isa Union
        note_type!(w, t.a)
        note_type!(w, t.b)
    elseif t isa DataType && !haskey(w.seen_types, t)
        w.seen_types[t] = nothing
        for p in t.parameters
            p isa Type && note_type!(w, p)
        end
        if isconcretetype(t) && !(t <: Type) && !(t <: Array) && !(t in WITHOUT_LAYOUT)
            if fieldcount(t) > 0
                foreach(f -> note_type!(w, f), fieldtypes(t))
            end
            push!(w.types, t)
        end
    end
    return nothing
end

"The header line of a type; none for those that readers know."
function print_declaration(io::IO, w::Writer, t::DataType)
    (t <: BUILTIN || t <: Tuple || t <: Ptr) && return nothing
    super = type_name(w, supertype(t))
    if isprimitivetype(t)
        println(io, "primitive ", type_name(w, t), " bits=", 8 * sizeof(t), " super=", super)
    elseif fieldcount(t) == 0
        println(io, "singleton ", type_name(w, t), " super=", super)
    else
        fields = join((field_declaration(w, t, i) for i in 1:fieldcount(t)), ", ")
        println(io, "struct ", type_name(w, t), ismutabletype(t) ? " mutable " : " ", storage(t), " size=", sizeof(t),
                " align=", Base.datatype_alignment(t), " super=", super, " { ", fields, " }")
    end
    return nothing
end

function storage(t::DataType)
    isbitstype(t) && return "inline"
    return !ismutabletype(t) && Base.allocatedinline(t) ? "inline-with-references" : "heap"
end

function field_declaration(w::Writer, t::DataType, i::Int)
    fixed = ismutabletype(t) && isconst(t, i) ? " const" : ""
    return string(repr(string(fieldname(t, i))), "::", type_name(w, fieldtype(t, i)), " @", Int(fieldoffset(t, i)), fixed)
end
