# Dictionaries and sets, in one line and with one line for each entry.

function show(io::IO, d::AbstractDict)
    out = text_sink(io)
    if context_eltype(io, d) === eltype(d) || (!isempty(d) && typeinfo_implicit(keytype(d)) && typeinfo_implicit(valtype(d)))
        write_text(out, dict_name(d))
    else
        show(out, typeof(d))
    end
    write(out, 0x28)
    if may_refer(keytype(d)) || may_refer(valtype(d))
        show_circular(out, d) || show_list(with_shown(with_typeinfo(out, eltype(d)), d), d, is_limited(io))
    else
        show_list(with_typeinfo(out, eltype(d)), d, is_limited(io))
    end
    write(out, 0x29)
    flush_sink(io, out)
    return nothing
end

dict_name(d::AbstractDict) = String(nameof(typeof(d)))
dict_name(p::Pairs) = "Base.Pairs"

function show(io::IO, ::MIME_plain, d::AbstractDict)
    isempty(d) && return show(io, d)
    out = text_sink(io)
    summary(out, d)
    write(out, 0x3a)
    below = plain_context(out)
    below.compact < Int8(0) && (below = with_compact(out))
    (may_refer(keytype(d)) || may_refer(valtype(d))) && (below = with_shown(below, d))
    keys = with_typeinfo(below, keytype(d))
    values = with_typeinfo(below, valtype(d))
    for (k, v) in d
        write_text(out, "\n  ")
        show(keys, k)
        write_text(out, " => ")
        show(values, v)
    end
    flush_sink(io, out)
    return nothing
end

function summary(io::IO, d::AbstractDict)
    n = length(d)
    showarg(io, d, true)
    print(io, " with ", n, n == 1 ? " entry" : " entries")
    return nothing
end
showarg(io::IO, p::Pairs{Symbol,<:Any,<:Any,<:NamedTuple}, toplevel) = write_text(io, "pairs(::NamedTuple)")
showarg(io::IO, p::Pairs, toplevel) = print(io, "pairs(::", typeof(values(p)), ")")

function show(io::IO, s::AbstractSet)
    out = text_sink(io)
    if isempty(s)
        typeinfo(io) === typeof(s) ? write_text(out, String(nameof(typeof(s)))) : show(out, typeof(s))
        write_text(out, "()")
    else
        write_text(out, String(nameof(typeof(s))))
        write(out, 0x28)
        show_vector(out, s)
        write(out, 0x29)
    end
    flush_sink(io, out)
    return nothing
end

function show(io::IO, ::MIME_plain, s::AbstractSet)
    isempty(s) && return show(io, s)
    out = text_sink(io)
    summary(out, s)
    write(out, 0x3a)
    show_lines(with_typeinfo(out, eltype(s)), s)
    flush_sink(io, out)
    return nothing
end

function show_lines(io::IO, x)
    for y in x
        write_text(io, "\n  ")
        show(io, y)
    end
    return nothing
end

function summary(io::IO, s::AbstractSet)
    n = length(s)
    print(io, typeof(s), " with ", n, n == 1 ? " element" : " elements")
    return nothing
end

show(io::IO, k::KeySet) = show_vector(io, k)
show(io::IO, v::ValueIterator) = show_vector(io, v)
function show(io::IO, ::MIME_plain, k::KeySet)
    out = text_sink(io)
    summary(out, k)
    write_text(out, ". Keys:")
    show_lines(with_typeinfo(out, eltype(k)), k)
    flush_sink(io, out)
    return nothing
end
function show(io::IO, ::MIME_plain, v::ValueIterator)
    out = text_sink(io)
    summary(out, v)
    write_text(out, ". Values:")
    show_lines(with_typeinfo(out, eltype(v)), v)
    flush_sink(io, out)
    return nothing
end
function summary(io::IO, k::Union{KeySet,ValueIterator})
    write_text(io, k isa KeySet ? "KeySet for a " : "ValueIterator for a ")
    return summary(io, k.dict)
end
