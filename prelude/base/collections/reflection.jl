# What programs ask about their modules and functions. Inference answers; only the form is made here.

@inline hasmethod(f, ::Type{T}) where {T<:Tuple} = Core.has_method_for(f, T)
@inline hasmethod(f, types::Tuple) = hasmethod(f, Tuple{types...})
@inline applicable(f, args...) = Core.has_method(f, args...)

function hasmethod(f, types, names::Tuple{Vararg{Symbol}})
    hasmethod(f, types) || return false
    isempty(names) && return true
    found = methods(f, types)
    isempty(found) && return false
    known = kwarg_decl(first(found))
    any(name -> endswith(String(name), "..."), known) && return true
    return all(name -> name in known, names)
end

# A method: what the compiler knows by a number.
struct Method
    name::Symbol
    var"module"::Module
    file::Symbol
    line::Int32
    sig::Type
    nargs::Int32
    isva::Bool
    number::Int
end
Method(n::Int) = Method(
    Core.method_name(n), Core.method_module(n), Core.method_file(n), Int32(Core.method_line(n)),
    Core.method_signature(n), Int32(Core.method_arguments(n)), Core.method_is_vararg(n), n)
==(a::Method, b::Method) = a.number == b.number
hash(m::Method, h::UInt) = hash(m.number, h)
# What `nameof` and `parentmodule` are of a method.
last_name(m::Method) = m.name
outer_module(m::Method) = getfield(m, 2)
method_argnames(m::Method) = Symbol[Core.method_argument(m.number, i) for i in 1:Int(m.nargs)]
kwarg_decl(m::Method) = Symbol[Core.method_keyword(m.number, i) for i in 1:Core.method_keywords(m.number)]

# The methods of a function that calls with some types may reach.
struct MethodList
    ms::Vector{Method}
    name::Symbol
    modules::Module
end
methods(f) = methods(f, Tuple)
function methods(f, ::Type{T}) where {T}
    found = Method[Method(Core.matching_method(f, T, i)) for i in 1:Core.matching_methods(f, T)]
    return MethodList(found, Core.function_name(f), parentmodule(f))
end
methods(f, types::Tuple) = methods(f, Tuple{types...})
length(m::MethodList) = length(m.ms)
isempty(m::MethodList) = isempty(m.ms)
iterate(m::MethodList) = iterate(m.ms)
iterate(m::MethodList, i::Int) = iterate(m.ms, i)
getindex(m::MethodList, i::Integer) = m.ms[i]
firstindex(m::MethodList) = 1
lastindex(m::MethodList) = length(m.ms)
eltype(::Type{MethodList}) = Method

function which(f, ::Type{T}) where {T}
    found = methods(f, T)
    if isempty(found) || !(Tuple{Core.Typeof(f), T.parameters...} <: first(found).sig)
        throw(ErrorException("no unique matching method found for the specified argument types"))
    end
    return first(found)
end
which(f, types::Tuple) = which(f, Tuple{types...})

# `f(x::Int, y; k) @ Main file:line`.
function show(io::IO, m::Method)
    show_signature(io, m)
    print(io, " @ ", getfield(m, 2), " ", m.file, ":", m.line)
end
function show_signature(io::IO, m::Method)
    sig = unwrap_unionall(m.sig)
    names = method_argnames(m)
    print(io, m.name, "(")
    for i in 2:Int(m.nargs)
        i > 2 && print(io, ", ")
        last_one = m.isva && i == Int(m.nargs)
        names[i] === Symbol("") || startswith(String(names[i]), '#') || print(io, names[i])
        T = sig.parameters[i]
        text = last_one ? repeated_type_text(string(T)) : T === Any ? "" : string(T)
        isempty(text) || print(io, "::", text)
        last_one && print(io, "...")
    end
    keywords = kwarg_decl(m)
    isempty(keywords) || print(io, "; ", join(keywords, ", "))
    print(io, ")")
    wheres = type_variables(m.sig)
    isempty(wheres) || print(io, " where ", length(wheres) == 1 ? wheres[1] : string("{", join(wheres, ", "), "}"))
end
# What is between the braces of `Vararg{Int}`; nothing for `Vararg{Any}` or what was counted.
function repeated_type_text(text::String)
    startswith(text, "Vararg{") || return ""
    inner = chop(text; head=7, tail=1)
    return inner == "Any" ? "" : String(inner)
end
function type_variables(T)
    found = []
    while T isa UnionAll
        push!(found, T.var)
        T = T.body
    end
    return found
end
function show(io::IO, m::MethodList)
    n = length(m)
    print(io, "# ", n, n == 1 ? " method" : " methods", " for generic function \"", m.name, "\" from ", m.modules, ":")
    width = ndigits(n) + 2
    for i in 1:n
        found = m.ms[i]
        print(io, "\n ", lpad(string("[", i, "]"), width), " ")
        show_signature(io, found)
        print(io, "\n", " "^(width + 2), "@ ")
        getfield(found, 2) === m.modules || print(io, getfield(found, 2), " ")
        print(io, found.file, ":", found.line)
    end
end
show(io::IO, ::MIME_plain, m::MethodList) = show(io, m)

# The exported names in the order of their texts, or those of all that the module defines.
@inline names(m::Module; all::Bool=false, imported::Bool=false) =
    !Core.is_compile_constant(m) ? names_in(m, all) :
    all ? names_among(m, 1, Val(Core.exported_count(m, 1))) : names_among(m, 0, Val(Core.exported_count(m, 0)))
# Evaluated in a module, the code knows which it is.
names_in(m::Module, all::Bool) =
    eval_in(m, Expr(:call, names, Expr(:macrocall, Symbol("@__MODULE__"), nothing), Expr(:kw, :all, all)))
@inline names_among(m::Module, all::Int, ::Val{N}) where {N} = collect_names(ntuple(i -> Core.exported_name(m, all, i), Val(N)))
collect_names(t::Tuple) = Symbol[x for x in t]

@inline fullname(m::Module) = Core.is_compile_constant(m) ? known_fullname(m) : Tuple(map(Symbol, split(Core.module_name(m), '.')))
@inline known_fullname(m::Module) = parentmodule(m) === m ? (nameof(m),) : (known_fullname(parentmodule(m))..., nameof(m))
@inline moduleroot(m::Module) = parentmodule(m) === m ? m : moduleroot(parentmodule(m))

@inline isconst(m::Module, name::Symbol) = Core.is_const_global(m, name)
@inline isconst(::Type{T}, i::Int) where {T} = !ismutabletype(T) || Core.is_const_field(T, i)
@inline isconst(::Type{T}, name::Symbol) where {T} = isconst(T, fieldindex(T, name))
@inline fieldindex(::Type{T}, name::Symbol) where {T} = index_among(fieldnames(T), name, 1)
index_among(::Tuple{}, name::Symbol, i::Int) = throw(ArgumentError(LazyString("no field ", name)))
@inline index_among(names::Tuple, name::Symbol, i::Int) = getfield(names, 1) === name ? i : index_among(tail(names), name, i + 1)

isexported(m::Module, name::Symbol) = name in names(m)

# What inference says of the methods that a call with these types may reach.
function return_types(f, ::Type{T}=Tuple) where {T<:Tuple}
    found = methods(f, T)
    length(found) > 1 && throw(ArgumentError("Base.return_types of several methods: what each of them returns is not known"))
    return Any[inferred_result(f, typeintersect(T, Tuple{fieldtypes(m.sig)[2:end]...})) for m in found]
end
inferred_result(f, ::Type{T}) where {T<:Tuple} = Any
inferred_result(f, ::Type{T}) where {N,T<:NTuple{N,Any}} = Core.return_type(f, T)
return_types(f, types::Tuple) = return_types(f, Tuple{types...})
