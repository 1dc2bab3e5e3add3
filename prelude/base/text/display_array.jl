# Arrays as text/plain: a line that sums up, then the elements in aligned columns, with dots where
# they exceed a limited screen.

summary(x) = sprint_in(nothing, summary, x)
summary(io::IO, x) = print(io, typeof(x))
function summary(io::IO, s::AbstractString)
    n = ncodeunits(s)
    n == 0 ? print(io, "empty ", typeof(s)) : print(io, n, "-codeunit ", typeof(s))
    return nothing
end
function summary(io::IO, a::AbstractArray)
    write_dims(io, size(a))
    write(io, 0x20)
    showarg(io, a, true)
    return write_axes(io, axes(a))
end
# Axes that are not counted from one by their type are told.
write_axes(io::IO, ::Tuple{Vararg{OneTo}}) = nothing
function write_axes(io::IO, axs::Tuple)
    write_text(io, " with indices ")
    return join_into(io, map(axis_told, axs), "×")
end
axis_told(r) = r
axis_told(s::Slice) = s.indices

# The elements of an array by indices that begin at one, for the code that shows them.
struct CountedFromOne{T,N,A<:AbstractArray{T,N}} <: AbstractArray{T,N}
    parent::A
end
counted_from_one(a::AbstractArray) = counted_from_one(a, axes(a))
counted_from_one(a::AbstractArray, ::Tuple{Vararg{OneTo}}) = a
counted_from_one(a::AbstractArray{T,N}, ::Tuple) where {T,N} = CountedFromOne{T,N,typeof(a)}(a)
size(c::CountedFromOne) = size(c.parent)
getindex(c::CountedFromOne{T,N}, i::Vararg{Int,N}) where {T,N} = c.parent[offset_indices(axes(c.parent), i)...]
isassigned(c::CountedFromOne, i::Int) = true
offset_indices(axs::Tuple, i::Tuple) = map((r, k) -> Int(first(r)) + k - 1, axs, i)

write_dims(io::IO, ::Tuple{}) = write_text(io, "0-dimensional")
write_dims(io::IO, d::Tuple{Int}) = print(io, d[1], "-element")
write_dims(io::IO, d::Tuple) = join_into(io, d, "×")
dims2string(d::Tuple) = sprint_in(nothing, write_dims, d)

# An array as an argument is named by its type, one that wraps another by the call that makes it.
function showarg(io::IO, x, toplevel)
    toplevel || write_text(io, "::")
    show(io, typeof(x))
    return nothing
end
function showarg(io::IO, v::SubArray, toplevel)
    write_text(io, "view(")
    showarg(io, parent(v), false)
    showindices(io, v.indices)
    write(io, 0x29)
    toplevel && print(io, " with eltype ", eltype(v))
    return nothing
end
showindices(io::IO, ::Tuple{}) = nothing
function showindices(io::IO, t::Tuple)
    write_text(io, ", ")
    showindex(io, getfield(t, 1))
    return showindices(io, tail(t))
end
showindex(io::IO, i) = show(io, i)
showindex(io::IO, s::Slice) = write_text(io, ":")
function showarg(io::IO, v::ReshapedArray, toplevel)
    write_text(io, "reshape(")
    showarg(io, parent(v), false)
    write_text(io, ", ")
    join_into(io, size(v), ", ")
    write(io, 0x29)
    toplevel && print(io, " with eltype ", eltype(v))
    return nothing
end
function showarg(io::IO, a::PermutedDimsArray{T,N,perm}, toplevel) where {T,N,perm}
    write_text(io, "PermutedDimsArray(")
    showarg(io, parent(a), false)
    print(io, ", ", perm, ")")
    toplevel && print(io, " with eltype ", eltype(a))
    return nothing
end

show(io::IO, ::MIME_plain, r::AbstractRange) = show(io, r)
# Points on a line, rounded as in a matrix, and no more of them than a line of the screen has room for.
function show(io::IO, ::MIME_plain, r::LinRange)
    isempty(r) && return show(io, r)
    summary(io, r)
    write_text(io, ":\n ")
    c = plain_context(io)
    c = with_typeinfo(c.compact < Int8(0) ? with_compact(c) : c, eltype(r))
    n = length(r)
    room = displaysize(io)[2] - 1
    half = div(div(room, 3), 2)
    places = n <= div(room, 3) ? collect(1:n) : [1:half+1; n-half:n]
    texts = String[sprint_in(c, show, r[i]) for i in places]
    left = fitting(texts, room)
    left == n && return write_text(io, join(texts, ", "))
    right = fitting(reverse(texts), div(room - 4, 2) + 1)
    used = 2 * right - 2
    for s in texts[end-right+1:end]
        used += textwidth(s)
    end
    left = fitting(texts, room - used - 5)
    return write_text(io, string(join(texts[1:left], ", "), ", …, ", join(texts[end-right+1:end], ", ")))
end
# How many of the first texts fit in so many columns.
function fitting(texts::Vector{String}, room::Int)
    used = 0
    for k in 1:length(texts)
        used += textwidth(texts[k]) + 2
        k > 1 && used >= room && return k - 1
    end
    return length(texts)
end

function show(io::IO, ::MIME_plain, a::AbstractArray)
    if isempty(a) && (a isa Vector || is_compact(io))
        return show(io, a)
    end
    out = text_sink(io)
    summary(out, a)
    if !isempty(a)
        write_text(out, ":\n")
        c = plain_context(out)
        if c.compact < Int8(0) && size(a, 2) > 1
            c = with_compact(out)
        end
        c = with_typeinfo(c, eltype(a))
        may_refer(eltype(a)) && (c = with_shown(c, a))
        show_columns(c, counted_from_one(a))
    end
    flush_sink(io, out)
    return nothing
end

show_columns(io::IO, a::AbstractArray{T,0}) where {T} = show(io, a[1])
show_columns(io::IO, a::AbstractArray{T,1}) where {T} = write_table(io, a, 0)
show_columns(io::IO, a::AbstractArray{T,2}) where {T} = write_table(io, a, 0)

# Matrix by matrix, each under its indices.
function show_columns(io::IO, a::AbstractArray{T,N}) where {T,N}
    each = size(a, 1) * size(a, 2)
    count = div(length(a), each)
    limited = is_limited(io)
    place = ones(Int, N - 2)
    for k in 0:count-1
        k > 0 && next_slice!(place, size(a))
        part = limited ? part_of_slices(place, size(a)) : 0
        part < 0 && continue
        k > 0 && write_text(io, "\n\n")
        if part > 0
            write_semicolons(io, part)
            write_text(io, " … ")
            continue
        end
        write_text(io, "[:, :")
        for i in place
            print(io, ", ", i)
        end
        write_text(io, "] =\n")
        write_table(io, a, k * each)
    end
    return nothing
end

# The indices of the next matrix in an array of this size.
function next_slice!(place::Vector{Int}, dims::Tuple)
    for d in 1:length(place)
        place[d] += 1
        place[d] <= dims[d+2] && return place
        place[d] = 1
    end
    return place
end
# Of more than ten matrices in a row, a limited output has the first and the last three: 0 for those,
# the dimension in which dots stand for the others where they begin, -1 for the others.
function part_of_slices(place::Vector{Int}, dims::Tuple)
    cut(d) = dims[d+2] > 10 && 3 < place[d] <= dims[d+2] - 3
    for d in 1:length(place)
        dims[d+2] > 10 || continue
        if place[d] == 4 && all(k -> place[k] == 1, 1:d-1)
            return any(cut, d+1:length(place)) ? -1 : d + 2
        end
        cut(d) && return -1
    end
    return 0
end

# What programs call to have the elements alone.
print_matrix(io::IO, a::AbstractVecOrMat) =
    show_columns(with_typeinfo(size(a, 2) > 1 && plain_context(io).compact < Int8(0) ? with_compact(plain_context(io)) : plain_context(io), eltype(a)), counted_from_one(a))
print_array(io::IO, a::AbstractVecOrMat) = print_matrix(io, a)
print_array(io::IO, a::AbstractArray) = show_columns(plain_context(io), counted_from_one(a))
array_summary(io::IO, a, axs::Tuple) = (write_dims(io, map(length, axs)); write(io, 0x20); showarg(io, a, true); write_axes(io, axs))

# The text of an element: its text/plain form if that is one line.
function element_text(io::IO, x)
    s = sprint_in(io, show, MIME_plain(), x)
    return has_newline(s) ? sprint_in(io, show, x) : s
end
element_text(io::IO, x::AbstractString) =
    is_limited(io) ? sprint_in(io, show_elided, x, max(20, displaysize(io)[2])) : sprint_in(io, show, x)
element_text(io::IO, x::Union{Number,Symbol,AbstractArray,AbstractDict,AbstractSet,Tuple,Nothing,Missing}) = sprint_in(io, show, x)
has_newline(s::String) = findfirst_byte(s, 0x0a, 1) != 0

# How many columns of the screen a text takes left and right of the place that is aligned.
alignment(io::IO, x, s::String) = (0, textwidth(s))
alignment(io::IO, x::Integer, s::String) = (textwidth(s), 0)
function alignment(io::IO, x::Real, s::String)
    at = 1
    n = ncodeunits(s)
    while at <= n
        b = codeunit(s, at)
        (b === 0x2e || b === 0x65 || b === 0x45 || b === 0x66 || b === 0x46) && break
        at += 1
    end
    return (at - 1, n - at + 1)
end
alignment(io::IO, x::AbstractIrrational, s::String) = (textwidth(s), 0)
function alignment(io::IO, x::Rational, s::String)
    at = findfirst_byte(s, 0x2f, 1)
    n = ncodeunits(s)
    # between the two slashes
    return at == 0 ? (n, 0) : (at, n - at)
end
function alignment(io::IO, x::Complex, s::String)
    # behind the sign between the parts, which no letter of an exponent precedes
    n = ncodeunits(s)
    at = n
    while at > 1
        b = codeunit(s, at)
        if b === 0x2b || b === 0x2d
            before = codeunit(s, at - 1)
            before === 0x65 || before === 0x66 || break
        end
        at -= 1
    end
    return at <= 1 ? (n, 0) : (at, n - at)
end
function alignment(io::IO, x::Pair, s::String)
    written_with_arrow(io, x) || return (0, textwidth(s))
    key = sprint_in(with_typeinfo(plain_context(io), element_typeinfo(typeinfo(io), typeof(x), Val{1}())), show_pair_side, x.first)
    left = textwidth(key) + (is_compact(io) ? 1 : 2)
    return (left, textwidth(s) - left)
end

# The table: texts and widths of the cells that can be seen. Rows and columns are the numbers that
# are left of a matrix when its middle is cut out; `gap_row` rows stand before the dots (0: no dots).
function write_table(io::IO, a, start::Int)
    rows = size(a, 1)
    columns = size(a, 2)
    height = typemax(Int) >> 2
    width = typemax(Int) >> 2
    if is_limited(io)
        screen = displaysize(io)
        height = screen[1] - 4
        width = screen[2] - 1
    end
    seen_rows = visible_rows(rows, height)
    top = rows > height ? div(height, 2) : 0
    columns_that_fit = min(columns, div(width, 3))
    left = column_widths(io, a, start, rows, seen_rows, 1, 1, columns_that_fit, columns, width)
    if length(left) < columns
        # room for the dots, the half on the right first
        half = div(width - 5 + 1, 2) + 1
        right = column_widths(io, a, start, rows, seen_rows, columns, -1, columns_that_fit, columns, half)
        used = 0
        for w in right
            used += w[1] + w[2]
        end
        left = column_widths(io, a, start, rows, seen_rows, 1, 1, columns_that_fit, columns, width - used - (length(right) - 1) * 2 - 5)
        reverse!(right)
        return write_rows(io, a, start, rows, seen_rows, top, left, right, columns)
    end
    return write_rows(io, a, start, rows, seen_rows, top, left, Vector{Tuple{Int,Int}}(undef, 0), columns)
end

function visible_rows(rows::Int, height::Int)
    v = Vector{Int}(undef, 0)
    if rows <= height
        for i in 1:rows
            push!(v, i)
        end
    else
        for i in 1:div(height, 2)
            push!(v, i)
        end
        for i in rows-div(height - 1, 2)+1:rows
            push!(v, i)
        end
    end
    return v
end

# Widths left and right of the alignment of columns from `first` on, as many as fit `width`.
function column_widths(io::IO, a, start::Int, rows::Int, seen_rows::Vector{Int}, first::Int, step::Int, most::Int, columns::Int, width::Int)
    widths = Vector{Tuple{Int,Int}}(undef, 0)
    used = 0
    j = first
    while length(widths) < most
        left = 0
        right = 0
        for i in seen_rows
            l, r = cell_alignment(io, a, start + (j - 1) * rows + i)
            left = max(left, l)
            right = max(right, r)
        end
        push!(widths, (left, right))
        used += left + right
        if length(widths) > 1 && used + 2 * length(widths) >= width
            used -= left + right
            pop!(widths)
            break
        end
        j += step
    end
    if 1 < length(widths) < columns
        while used + 2 * length(widths) >= width
            l, r = pop!(widths)
            used -= l + r
        end
    end
    return widths
end

function cell_alignment(io::IO, a, k::Int)
    isassigned(a, k) || return (3, 3)
    x = a[k]
    return alignment(io, x, sprint_in(io, show, x))
end

function write_rows(io::IO, a, start::Int, rows::Int, seen_rows::Vector{Int}, top::Int, left::Vector{Tuple{Int,Int}}, right::Vector{Tuple{Int,Int}}, columns::Int)
    for r in 1:length(seen_rows)
        i = seen_rows[r]
        r > 1 && write(io, 0x0a)
        write(io, 0x20)
        write_row(io, a, start, rows, i, left, 0, columns)
        if !isempty(right)
            write_text(io, (i - 1) % 5 == 0 ? "  …  " : "     ")
            write_row(io, a, start, rows, i, right, columns - length(right), columns)
        end
        if r == top
            write_text(io, "\n ")
            write_dots(io, left, 1, !isempty(right))
            if !isempty(right)
                write_text(io, "  ⋱  ")
                write_dots(io, right, mod(length(right) - columns + 1, 5), false)
            end
        end
    end
    return nothing
end

function write_row(io::IO, a, start::Int, rows::Int, i::Int, widths::Vector{Tuple{Int,Int}}, before::Int, columns::Int)
    for k in 1:length(widths)
        k > 1 && write_text(io, "  ")
        write_cell(io, a, start + (before + k - 1) * rows + i, widths[k], before + k == columns)
    end
    return nothing
end

function write_cell(io::IO, a, k::Int, width::Tuple{Int,Int}, is_last::Bool)
    if isassigned(a, k)
        x = a[k]
        l, r = alignment(io, x, sprint_in(io, show, x))
        write_spaces(io, width[1] - l)
        write_text(io, cell_text(a, k, element_text(io, x)))
        is_last || write_spaces(io, width[2] - r)
    else
        write_spaces(io, width[1] - 3)
        write_text(io, "#undef")
        is_last || write_spaces(io, width[2] - 3)
    end
    return nothing
end

# What stands for an element; matrices that do not store it may show something else.
cell_text(a, k::Int, s::String) = s

# A row of vertical dots: under every fifth column, counted from `at`.
function write_dots(io::IO, widths::Vector{Tuple{Int,Int}}, at::Int, pad_last::Bool)
    for k in 1:length(widths)
        w = widths[k][1] + widths[k][2]
        if k % 5 == at
            l = max(0, widths[k][1] - 1)
            write_spaces(io, l)
            write_text(io, "⋮")
            (k != length(widths) || pad_last) && write_spaces(io, w - l - 1)
        else
            (k != length(widths) || pad_last) && write_spaces(io, w)
        end
        k != length(widths) && write_text(io, "  ")
    end
    return nothing
end

function write_spaces(io::IO, n::Int)
    for _ in 1:n
        write(io, 0x20)
    end
    return nothing
end
