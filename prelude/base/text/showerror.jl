# The texts of exceptions, as `showerror` writes them after "ERROR: ".

showerror(io::IO, e) = show(io, e)
showerror(io::IO, e::Exception) = show(io, e)
showerror(io::IO, e, bt; backtrace::Bool=true) = showerror(io, e)

showerror(io::IO, e::ErrorException) = print(io, e.msg)
showerror(io::IO, e::ArgumentError) = print(io, "ArgumentError: ", e.msg)
showerror(io::IO, e::OverflowError) = print(io, "OverflowError: ", e.msg)
showerror(io::IO, e::AssertionError) = print(io, "AssertionError: ", e.msg)
showerror(io::IO, e::DimensionMismatch) = print(io, "DimensionMismatch: ", e.msg)
showerror(io::IO, e::MissingException) = print(io, "MissingException: ", e.msg)
showerror(io::IO, e::DivideError) = print(io, "DivideError: integer division error")
showerror(io::IO, e::StackOverflowError) = print(io, "StackOverflowError:")
showerror(io::IO, e::UndefRefError) = print(io, "UndefRefError: access to undefined reference")
showerror(io::IO, e::EOFError) = print(io, "EOFError: read end of file")
showerror(io::IO, e::InterruptException) = print(io, "InterruptException:")
showerror(io::IO, e::UndefVarError) = print(io, "UndefVarError: `", e.var, "` not defined")
showerror(io::IO, e::UndefKeywordError) = print(io, "UndefKeywordError: keyword argument `", e.var, "` not assigned")
showerror(io::IO, e::DomainError) = (show_domain_value(io, e.val); print(io, ":\n", e.msg))
show_domain_value(io::IO, x) = print(io, "DomainError with ", x)
show_domain_value(io::IO, x::AbstractArray) =
    print(IOContext(io, :compact => get(io, :compact, true), :limit => get(io, :limit, true)), "DomainError with ", x)
showerror(io::IO, e::IOError) = print(io, "IOError: ", e.msg)
showerror(io::IO, e::ReadOnlyMemoryError) = print(io, "ReadOnlyMemoryError()")
showerror(io::IO, e::SystemError) =
    print(io, "SystemError", e.extrainfo === nothing ? "" : string(" (with ", e.extrainfo, ")"), ": ", e.prefix, ": ", Libc.strerror(e.errnum))
showerror(io::IO, e::CodePointError) = print(io, "Base.CodePointError{", typeof(e.code), "}(", repr(e.code), ")")
showerror(io::IO, e::InvalidCharError) = print(io, "Base.InvalidCharError{Char}(", repr(e.char), ")")
showerror(io::IO, e::CanonicalIndexError) = print(io, "CanonicalIndexError: ", e.func, " not defined for ", e.type)

function showerror(io::IO, e::KeyError)
    print(io, "KeyError: key ")
    show(io, e.key)
    print(io, " not found")
    return nothing
end

function showerror(io::IO, e::InexactError)
    print(io, "InexactError: ", e.func, "(")
    String(nameof(e.T)) == String(e.func) || print(io, e.T, ", ")
    print(io, e.val, ")")
    return nothing
end

function showerror(io::IO, e::BoundsError)
    print(io, "BoundsError")
    isdefined(e, :a) || return nothing
    print(io, ": attempt to access ")
    summary(io, e.a)
    if isdefined(e, :i)
        print(io, " at index [")
        show_indices(io, e.i)
        print(io, "]")
    end
    return nothing
end
show_indices(io::IO, i) = show(io, i)
show_indices(io::IO, t::Tuple) = show_index(io, t)
show_indices(io::IO, a::AbstractVector) = show_index(io, Tuple(a))
show_indices(io::IO, r::AbstractRange) = show_index(io, r)
show_index(io::IO, i) = show(io, i)
show_index(io::IO, r::AbstractRange) = show(io, r)
show_index(io::IO, a::AbstractArray{Bool}) = summary(io, a)
show_index(io::IO, ::Colon) = print(io, ":")
show_index(io::IO, ::Tuple{}) = nothing
function show_index(io::IO, t::Tuple)
    show_index(io, getfield(t, 1))
    nfields(t) > 1 && print(io, ", ")
    return show_index(io, tail(t))
end

function showerror(io::IO, e::TypeError)
    print(io, "TypeError: ")
    if e.expected isa Described
        print(io, e.expected)
        return nothing
    end
    if e.expected === Bool
        print(io, "non-boolean (", typeof(e.got), ") used in boolean context")
        return nothing
    end
    print(io, "in ", e.func)
    if e.context != ""
        print(io, e.func === Symbol("keyword argument") ? " " : ", in ", e.context)
    end
    print(io, ", expected ", e.expected, ", got ")
    if e.got isa Type
        print(io, "Type{", e.got, "}")
    else
        print(io, "a value of type ", typeof(e.got))
    end
    return nothing
end

function showerror(io::IO, e::MethodError)
    print(io, "MethodError: ")
    f, args = e.f, e.args
    if f === reduce_empty
        print(io, "reducing over an empty collection is not allowed; consider supplying `init` to the reducer")
        return nothing
    elseif f isa Described
        print(io, f)
        return nothing
    elseif f === convert && nfields(args) == 2 && getfield(args, 1) isa Type
        show_failed_conversion(io, typeof(getfield(args, 2)), getfield(args, 1))
        return nothing
    elseif f isa Type && isabstracttype(f) && isempty(methods(f))
        print(io, "no constructors have been defined for ", f)
        return nothing
    elseif !(f isa Function || f isa Type) && Core.instance_method_count(typeof(f)) == 0
        print(io, "objects of type ", typeof(f), " are not callable")
        f isa AbstractArray && print(io, "\nUse square brackets [] for indexing an Array.")
        f isa Number && print(io, "\nMaybe you forgot to use an operator such as *, ^, %, / etc. ?")
        return nothing
    elseif f isa DataType && isabstracttype(f) && isempty(methods(f))
        print(io, "no constructors have been defined for ", f)
        return nothing
    end
    if f !== Core.kwcall && (f isa Type || Core.issingletontype(typeof(f))) && Core.is_ambiguous(f, typeof(args))
        print(io, f, "(")
        show_argument_types(io, args, 1)
        print(io, ") is ambiguous.")
        return nothing
    end
    print(io, "no method matching ")
    # A call with keywords has them first, then the function.
    if f === Core.kwcall
        print(io, getfield(args, 2), "(")
        show_argument_types(io, args, 3)
        print(io, "; ")
        show_keyword_types(io, getfield(args, 1))
    else
        show_callee(io, f)
        print(io, "(")
        show_argument_types(io, args, 1)
    end
    print(io, ")")
    show_elementwise_hint(io, f, args)
    return nothing
end
# What is called: a function or type by its name, another value by its type.
show_callee(io::IO, f) =
    f isa UnionAll && !is_whole_type(f) ? print(io, "(", f, ")") : f isa Type || startswith(Core.type_string(typeof(f)), "typeof(") ? print(io, f) : print(io, "(::", typeof(f), ")")
# In one line where the names of the types differ; else they are compared parameter by parameter.
function show_failed_conversion(io::IO, from, to)
    here = " "
    if !(to isa DataType) || from.name === to.name
        here = " \n  "
    end
    print(io, "Cannot `convert` an object of type", here)
    show_compared_type(io, from, to)
    print(io, " to an object of type", here)
    show_compared_type(io, to, from)
    return nothing
end
function show_compared_type(io::IO, a, b)
    a isa DataType && b isa DataType && nameof(a) === nameof(b) && !isempty(a.parameters) || return print(io, a)
    print(io, first(split(string(a), '{')), "{")
    others = b.parameters
    for (i, p) in enumerate(a.parameters)
        i > 1 && print(io, ",")
        i <= length(others) ? show_compared_type(io, p, others[i]) : print(io, p)
    end
    print(io, "}")
    return nothing
end
# Whether a type with free parameters is all of what its name stands for.
is_whole_type(f::UnionAll) = unwrap_unionall(f) isa DataType && Core.type_wrapper(f) === f
# A sum of an array and a number needs dots.
show_elementwise_hint(io::IO, f, args) = nothing
show_elementwise_hint(io::IO, f::Union{typeof(+),typeof(-)}, args::Tuple{AbstractArray{<:Number},Number}) =
    show_elementwise_hint(io, f, "array", "scalar")
show_elementwise_hint(io::IO, f::Union{typeof(+),typeof(-)}, args::Tuple{Number,AbstractArray{<:Number}}) =
    show_elementwise_hint(io, f, "scalar", "array")
show_elementwise_hint(io::IO, f, first::String, second::String) = print(io, "\nFor element-wise ",
    f === (+) ? "addition" : "subtraction", ", use broadcasting with dot syntax: ", first, " .", f, " ", second)
function show_argument_types(io::IO, args::Tuple, from::Int)
    for i in from:nfields(args)
        i > from && print(io, ", ")
        print(io, "::", Core.Typeof(getfield(args, i)))
    end
    return nothing
end
function show_keyword_types(io::IO, kw::NamedTuple)
    names = keys(kw)
    for i in 1:nfields(kw)
        i > 1 && print(io, ", ")
        print(io, names[i], "::", typeof(getfield(kw, i)))
    end
    return nothing
end

function showerror(io::IO, e::StringIndexError)
    print(io, "StringIndexError: ")
    return write_near_indices(io, e.string, e.index)
end
function write_near_indices(io::IO, s::AbstractString, index::Int)
    print(io, "invalid index [", index, "]")
    if firstindex(s) <= index <= ncodeunits(s)
        before = thisind(s, index)
        after = nextind(s, index)
        print(io, after <= ncodeunits(s) ? ", valid nearby indices [" : ", valid nearby index [", before, "]=>")
        show_escaped(io, s[before])
        if after <= ncodeunits(s)
            print(io, ", [", after, "]=>")
            show_escaped(io, s[after])
        end
    end
    return nothing
end
# A character in single quotes, written as in double quotes.
show_escaped(io::IO, c::Char) = c == '\'' ? print(io, "'''") : c == '"' ? print(io, "'\\\"'") : show(io, c)

function showerror(io::IO, e::LoadError)
    e.error isa LoadError || print(io, "LoadError: ")
    showerror(io, e.error)
    print(io, "\nin expression starting at ", e.file, ":", e.line)
    return nothing
end
showerror(io::IO, e::InitError) = (print(io, "InitError: "); showerror(io, e.error); print(io, "\nduring initialization of module ", e.mod))
showerror(io::IO, e::InvalidStateException) = print(io, "InvalidStateException: ", e.msg)
showerror(io::IO, e::CapturedException) = showerror(io, e.ex)
