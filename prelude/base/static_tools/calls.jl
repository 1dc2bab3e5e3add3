# module: StaticTools
# Calls of C functions by name or by address, and C's variables.

export @symbolcall, @ptrcall, @externptr, @externload

macro symbolcall(call)
    return foreign_call(call, "@symbolcall", true)
end
macro ptrcall(call)
    return foreign_call(call, "@ptrcall", false)
end
macro externptr(variable)
    name, type = annotated(variable, "@externptr variables")
    return esc(Expr(:call, GlobalRef(Base, :cglobal), QuoteNode(name), type))
end
macro externload(variable)
    name, type = annotated(variable, "@externload variables")
    return esc(Expr(:call, GlobalRef(Base, :unsafe_load), Expr(:call, GlobalRef(Base, :cglobal), QuoteNode(name), type)))
end

# `f(x::T)::R` as a call of C.
function foreign_call(call, what::String, by_name::Bool)
    inner, result = annotated(call, string(what, " expressions"))
    inner isa Expr && inner.head === :call || throw(ArgumentError(string(what, " expects a call")))
    by_name && takes_variable_arguments(inner.args[1]) && any(a -> is_float(a), inner.args) &&
        throw(ArgumentError(string(what, " cannot pass floats to ", inner.args[1], ", which has variable arguments; use printf(format, x)")))
    target = by_name ? QuoteNode(symbol_named(inner.args[1])) :
             Expr(:(::), Expr(:call, GlobalRef(@__MODULE__, :address), inner.args[1]), :(Core.Ptr{Core.Nothing}))
    types = Expr(:tuple)
    values = Any[]
    for argument in inner.args[2:end]
        value, type = annotated(argument, string(what, " arguments"))
        push!(values, value)
        push!(types.args, type)
    end
    return esc(Expr(:call, :ccall, target, result, types, values...))
end
@inline address(p::Ptr) = Ptr{Nothing}(p)
function annotated(x, what::String)
    x isa Expr && x.head === :(::) && length(x.args) == 2 ||
        throw(ArgumentError(string(what, " must be annotated with a type")))
    return x.args[1], x.args[2]
end
# Where C counts the floating registers of a call, `ccall` does not tell how many there are.
takes_variable_arguments(name) = name in (:printf, :fprintf, :dprintf, :sprintf, :snprintf)
is_float(argument) = argument isa Expr && argument.head === :(::) && argument.args[end] in (:Float64, :Float32, :Float16, :Cdouble, :Cfloat)
# LLVM's names of mathematical functions, such as `llvm.sqrt.f64`, are those of C for us.
function symbol_named(name)
    name isa Symbol && return name
    parts = split(string(name), '.')
    length(parts) == 3 && parts[1] == "llvm" && parts[3] in ("f64", "f32") ||
        throw(ArgumentError(string("@symbolcall cannot call ", name)))
    return Symbol(parts[2], parts[3] == "f32" ? "f" : "")
end
