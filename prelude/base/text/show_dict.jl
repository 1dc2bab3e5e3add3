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
    if is_limited(io)
        show_entries_that_fit(out, d, keys, values, displaysize(io))
    else
        for (k, v) in d
            write_text(out, "\n  ")
            show(keys, k)
            write_text(out, " => ")
            show(values, v)
        end
    end
    flush_sink(io, out)
    return nothing
end

# As many entries as a screen has room for, in two columns, each cut at its width.
function show_entries_that_fit(io::IO, d::AbstractDict, keys::IO, values::IO, screen::Tuple{Int,Int})
    rows = screen[1] - 4
    columns = max(screen[2], 12) - 6
    rows < 1 && return write_text(io, " …")
    left, right = String[], String[]
    for (k, v) in d
        length(left) < rows || break
        push!(left, sprint_in(keys, show, k))
        push!(right, sprint_in(values, show, v))
    end
    key_width = min(maximum(textwidth, left), columns)
    value_width = min(maximum(textwidth, right), columns)
    if key_width > max(div(columns, 2), columns - value_width)
        key_width = max(cld(columns, 3), columns - value_width)
    end
    for i in eachindex(left)
        write_text(io, "\n  ")
        i == rows && rows < length(d) && return print(io, rpad("⋮", key_width), " => ⋮")
        print(io, rpad(cut_at_width(left[i], key_width), key_width), " => ", cut_at_width(right[i], columns - key_width))
    end
    return nothing
end
function cut_at_width(s::String, width::Int)
    textwidth(s) <= width && return s
    used = 0
    for (i, c) in pairs(s)
        used += textwidth(c)
        used >= width - 1 && return string(SubString(s, 1, i), "…")
    end
    return s
end

function summary(io::IO, d::AbstractDict)
    n = length(d)
    showarg(io, d, true)
    print(io, " with ", n, n == 1 ? " entry" : " entries")
    return nothing
end
showarg(io::IO, p::Pairs{Symbol,<:Any,<:Any,<:NamedTuple}, toplevel) = write_text(io, "pairs(::NamedTuple)")
showarg(io::IO, p::Pairs, toplevel) = print(io, "pairs(::", typeof(values(p)), ")")

function show(io::IO, s::Set)
    out = text_sink(io)
    if isempty(s)
        typeinfo(io) === typeof(s) ? write_text(out, "Set") : show(out, typeof(s))
        write_text(out, "()")
    else
        write_text(out, "Set(")
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
    show_lines(out, s, "⋮ ")
    flush_sink(io, out)
    return nothing
end

function show_lines(io::IO, x, dots::String)
    is_limited(io) && return show_lines_that_fit(io, x, dots, displaysize(io))
    for y in x
        write_text(io, "\n  ")
        show(io, y)
    end
    return nothing
end
function show_lines_that_fit(io::IO, x, dots::String, screen::Tuple{Int,Int})
    rows = screen[1] - 4
    rows < 1 && return write_text(io, " …")
    i = 0
    for y in x
        i += 1
        write_text(io, "\n  ")
        i == rows && rows < length(x) && return write_text(io, dots)
        write_text(io, cut_at_width(sprint_in(io, show, y), max(screen[2] - 2, 4)))
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
    show_lines(with_typeinfo(out, eltype(k)), k, "⋮")
    flush_sink(io, out)
    return nothing
end
function show(io::IO, ::MIME_plain, v::ValueIterator)
    out = text_sink(io)
    summary(out, v)
    write_text(out, ". Values:")
    show_lines(with_typeinfo(out, eltype(v)), v, "⋮")
    flush_sink(io, out)
    return nothing
end
function summary(io::IO, k::Union{KeySet,ValueIterator})
    write_text(io, k isa KeySet ? "KeySet for a " : "ValueIterator for a ")
    return summary(io, k.dict)
end
