# `show` of what is neither number, text nor array: nothing, tuples, pairs, types, functions,
# pointers, and structs without a method of their own.

show(io::IO, ::Nothing) = write_text(io, "nothing")
show(io::IO, ::Missing) = write_text(io, "missing")
show(io::IO, ::Colon) = write_text(io, "Colon()")
function show(io::IO, ::MIME_plain, u::UndefInitializer)
    show(io, u)
    is_compact(io) || write_text(io, ": array initializer with undefined values")
    return nothing
end
show(io::IO, ::Type{T}) where {T} = write_text(io, is_compact(io) ? without_modules(Core.type_string(T)) : Core.type_string(T))
# A type's text in compact form: names without the modules before them.
@noinline function without_modules(text::String)
    out = new_iobuffer()
    i, n = 1, ncodeunits(text)
    while i <= n
        b = codeunit(text, i)
        if b == 0x22 || b == 0x27
            # Quoted names, and characters among the parameters.
            j = i + 1
            while j < n && codeunit(text, j) != b
                j += codeunit(text, j) == 0x5c ? 2 : 1
            end
        elseif is_name_byte(b)
            j = i
            while j < n && is_name_byte(codeunit(text, j + 1))
                j += 1
            end
            if j + 1 < n && codeunit(text, j + 1) == 0x2e && !(0x30 <= b <= 0x39)
                i = j + 2
                continue
            end
        else
            j = i
        end
        write_text(out, text[i:thisind(text, min(j, n))])
        i = j + 1
    end
    return take_string!(out)
end
is_name_byte(b::UInt8, name::Bool=true) = 0x30 <= b <= 0x39 || 0x41 <= b <= 0x5a || 0x61 <= b <= 0x7a || b == 0x5f || (name && (b == 0x21 || b >= 0x80))
# Printed, and in compact form, a function is its name; shown, it has its module, and what has no
# name is shown as a struct.
print(io::IO, f::Function) = write_text(io, function_text(f, Val{Core.issingletontype(typeof(f))}()))
function show(io::IO, f::Function)
    is_compact(io) && return print(io, f)
    type = Core.type_string(typeof(f))
    return startswith(type, "typeof(") ? write_text(io, type[8:end-1]) : show_default(io, f)
end
show(io::IO, ::MIME_plain, f::Union{ComposedFunction,Returns,Splat}) = show(io, f)
function show(io::IO, ::MIME_plain, f::Function)
    is_compact(io) && return show(io, f)
    n = Core.issingletontype(typeof(f)) ? length(methods(f)) : Core.instance_method_count(typeof(f))
    singleton = Val{Core.issingletontype(typeof(f))}()
    name = function_text(f, singleton)
    print(io, Core.issingletontype(typeof(f)) || startswith(name, "#") ? name : string("(::", typeof(f), ")"))
    print(io, " (generic function with ", n, n == 1 ? " method)" : " methods)")
    return nothing
end

# `f ∘ g ∘ h` and `!f` as they are written.
function show(io::IO, c::ComposedFunction)
    c.outer isa ComposedFunction ? show(io, c.outer) : show_composed(io, c.outer)
    write_text(io, " ∘ ")
    show_composed(io, c.inner)
    return nothing
end
function show(io::IO, c::ComposedFunction{typeof(!)})
    write_text(io, "!")
    show_composed(io, c.inner)
    return nothing
end
print(io::IO, f::Union{ComposedFunction,Returns,Splat}) = show(io, f)
show(io::IO, f::Returns) = show_default(io, f)
show(io::IO, f::Splat) = (write_text(io, "splat("); show(io, f.f); write_text(io, ")"); nothing)
show_composed(io::IO, f) = show(io, f)
show_composed(io::IO, f::ComposedFunction) = (write_text(io, "("); show(io, f); write_text(io, ")"); nothing)
show_composed(io::IO, f::ComposedFunction{typeof(!)}) = show(io, f)
function show_composed(io::IO, f::Function)
    operator = isoperator(sprint(print, f))
    operator && write_text(io, "(")
    show(io, f)
    operator && write_text(io, ")")
    return nothing
end
function_text(f, ::Val{true}) = name_of_closure(String(Core.function_name(Core.singleton_instance(typeof(f)))))
function_text(f, ::Val{false}) = name_of_closure(String(nameof(typeof(f))))
# The type of the closure `#1` is called `#1#2`.
function name_of_closure(name::String)
    startswith(name, "#") || return name
    at = findnext('#', name, 2)
    return at === nothing ? name : name[1:at-1]
end

# A type that is written by an alias is followed by what it is an alias for.
function show(io::IO, ::MIME_plain, ::Type{T}) where {T}
    show(io, T)
    is_compact(io) && return nothing
    meant = Core.alias_meaning(T)
    meant == "" || print(io, " (alias for ", meant, ")")
    T <: Function && Core.issingletontype(T) && show_type_of_function(io, Core.type_string(T))
    return nothing
end

@noinline function show_type_of_function(io::IO, text::String)
    startswith(text, "typeof(") || return nothing
    print(io, " (singleton type of function ", without_modules(text[8:end-1]), ", subtype of Function)")
    return nothing
end

@inline show(io::IO, m::Module) = write_text(io, Core.module_name(m))

function show(io::IO, p::Ptr{T}) where {T}
    out = text_sink(io)
    show(out, Ptr{T})
    write_text(out, " @0x")
    append_hex!(out, UInt64(p), 16)
    flush_sink(io, out)
    return nothing
end

# A struct: its type and the fields in parentheses.
show(io::IO, x) = show_default(io, x)
function show_default(io::IO, x)
    out = text_sink(io)
    show(out, typeof(x))
    write(out, 0x28)
    fields = with_typeinfo(out, Any)
    if fields_may_refer(typeof(x), Val{1}(), Val{fieldcount(typeof(x))}())
        show_circular(fields, x) || show_fields(with_shown(fields, x), x, Val{1}(), Val{fieldcount(typeof(x))}())
    else
        show_fields(fields, x, Val{1}(), Val{fieldcount(typeof(x))}())
    end
    write(out, 0x29)
    flush_sink(io, out)
    return nothing
end
@inline fields_may_refer(::Type{T}, ::Val{I}, ::Val{N}) where {T,I,N} =
    I <= N && (may_refer(fieldtype(T, I)) || fields_may_refer(T, Val{I + 1}(), Val{N}()))

function show_fields(io::IO, x, ::Val{I}, ::Val{N}) where {I,N}
    I > N && return nothing
    I > 1 && write_text(io, ", ")
    if isdefined(x, I)
        show(io, getfield(x, I))
    else
        write_text(io, "#undef")
    end
    return show_fields(io, x, Val{I + 1}(), Val{N}())
end

# What is known of element I of a tuple or named tuple of type T.
element_typeinfo(::Type{Any}, ::Type{T}, ::Val{I}) where {T,I} = Any
element_typeinfo(::Type{Info}, ::Type{T}, ::Val{I}) where {Info,T,I} =
    Info !== Union{} && (Info <: Tuple || Info <: NamedTuple || Info <: Pair) && isconcretetype(Info) && T <: Info ? fieldtype(Info, I) : Any

show(io::IO, ::Tuple{}) = write_text(io, "()")
function show(io::IO, t::Tuple)
    out = text_sink(io)
    write(out, 0x28)
    show_elements(out, t)
    write_text(out, nfields(t) == 1 ? ",)" : ")")
    flush_sink(io, out)
    return nothing
end

show_elements(io::IO, t::Tuple) = show_element(io, t, Val{1}(), Val{nfields(t)}())
function show_elements(io::IO, t::Tuple{T,T,T,T,T,T,T,T,Vararg{T}}) where {T}
    with = with_typeinfo(io, element_typeinfo(typeinfo(io), typeof(t), Val{1}()))
    for i in 1:nfields(t)
        i > 1 && write_text(io, ", ")
        show(with, t[i])
    end
    return nothing
end

# Elements I to N, by halves: what recurs does not become deep.
function show_element(io::IO, t, ::Val{I}, ::Val{I}) where {I}
    I > 1 && write_text(io, ", ")
    show(with_typeinfo(io, element_typeinfo(typeinfo(io), typeof(t), Val{I}())), getfield(t, I))
    return nothing
end
function show_element(io::IO, t, ::Val{I}, ::Val{N}) where {I,N}
    show_element(io, t, Val{I}(), Val{div(I + N, 2)}())
    return show_element(io, t, Val{div(I + N, 2) + 1}(), Val{N}())
end

show(io::IO, ::NamedTuple{()}) = write_text(io, "NamedTuple()")
function show(io::IO, t::NamedTuple)
    out = text_sink(io)
    write(out, 0x28)
    show_named(out, t, Val{1}(), Val{nfields(t)}())
    write_text(out, nfields(t) == 1 ? ",)" : ")")
    flush_sink(io, out)
    return nothing
end
function show_named(io::IO, t, ::Val{I}, ::Val{N}) where {I,N}
    I > N && return nothing
    I > 1 && write_text(io, ", ")
    write_field_name(io, fieldname(typeof(t), I))
    write_text(io, " = ")
    show(with_typeinfo(io, element_typeinfo(typeinfo(io), typeof(t), Val{I}())), getfield(t, I))
    return show_named(io, t, Val{I + 1}(), Val{N}())
end

function write_field_name(io::IO, name::Symbol)
    text = String(name)
    if isidentifier(text)
        write_text(io, text)
    else
        write_text(io, "var")
        show(io, text)
    end
    return nothing
end

# A pair is written with an arrow where that tells its type, or its type is known already.
written_with_arrow(io::IO, p::Pair{A,B}) where {A,B} =
    (typeof(p.first) === A && typeof(p.second) === B) || typeinfo(io) === typeof(p)
function show(io::IO, p::Pair)
    written_with_arrow(io, p) || return show_default(io, p)
    out = text_sink(io)
    info = typeinfo(io)
    show_pair_side(with_typeinfo(out, element_typeinfo(info, typeof(p), Val{1}())), p.first)
    write_text(out, is_compact(io) ? "=>" : " => ")
    show_pair_side(with_typeinfo(out, element_typeinfo(info, typeof(p), Val{2}())), p.second)
    flush_sink(io, out)
    return nothing
end
show_pair_side(io::IO, x) = show(io, x)
function show_pair_side(io::IO, x::Pair)
    arrow = written_with_arrow(io, x)
    arrow && write(io, 0x28)
    show(io, x)
    arrow && write(io, 0x29)
    return nothing
end
function show_pair_side(io::IO, f::Function)
    operator = isoperator(sprint(print, f))
    operator && write(io, 0x28)
    show(io, f)
    operator && write(io, 0x29)
    return nothing
end

function show(io::IO, x::Some)
    if typeinfo(io) === typeof(x)
        show(io, x.value)
    else
        out = text_sink(io)
        write_text(out, "Some(")
        show(out, x.value)
        write(out, 0x29)
        flush_sink(io, out)
    end
    return nothing
end

function show(io::IO, i::CartesianIndex)
    out = text_sink(io)
    write_text(out, "CartesianIndex")
    show(with_typeinfo(out, Any), i.I)
    flush_sink(io, out)
    return nothing
end

show(io::IO, r::CodeUnits) = show_vector(io, r)

# Iterators.
function show(io::IO, e::Iterators.Enumerate)
    out = text_sink(io)
    write_text(out, "enumerate(")
    show(out, e.itr)
    write(out, 0x29)
    flush_sink(io, out)
    return nothing
end
function show(io::IO, z::Iterators.Zip)
    out = text_sink(io)
    write_text(out, "zip(")
    show_element(with_typeinfo(out, Any), z.is, Val{1}(), Val{nfields(z.is)}())
    write(out, 0x29)
    flush_sink(io, out)
    return nothing
end
