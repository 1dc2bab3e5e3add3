# Arrays in one line: [1, 2], Float32[1.0], [1 2; 3 4], with the element type in front where the
# elements do not tell it.

# Whether elements of type T tell their type by how they are written.
typeinfo_implicit(::Type{T}) where {T} =
    T === Float64 || T === Int64 || T === Char || T === String || T === Symbol || Core.issingletontype(T) ||
    (isconcretetype(T) && contains_implicit(T))
contains_implicit(::Type{T}) where {T} = false
contains_implicit(::Type{T}) where {T<:Array} = typeinfo_implicit(eltype(T))
contains_implicit(::Type{Pair{A,B}}) where {A,B} = typeinfo_implicit(A) && typeinfo_implicit(B)
contains_implicit(::Type{T}) where {T<:AbstractDict} = typeinfo_implicit(keytype(T)) && typeinfo_implicit(valtype(T))
contains_implicit(::Type{T}) where {T<:Tuple} = fields_implicit(T, Val{1}(), Val{fieldcount(T)}())
function fields_implicit(::Type{T}, ::Val{I}, ::Val{N}) where {T,I,N}
    I > N && return true
    typeinfo_implicit(fieldtype(T, I)) || return false
    return fields_implicit(T, Val{I + 1}(), Val{N}())
end

# The element type that is known from what is known of the container; that of this type if nothing is.
struct UnknownEltype end
typeinfo_eltype(::Type{T}) where {T} = UnknownEltype
typeinfo_eltype(::Type{Union{}}) = UnknownEltype
# `Vector` tells no element type: its elements may be of any.
typeinfo_eltype(::Type{<:AbstractArray{T}}) where {T} = T
typeinfo_eltype(::Type{<:AbstractDict{K,V}}) where {K,V} = Pair{K,V}
typeinfo_eltype(::Type{<:AbstractSet{T}}) where {T} = T

# The element type that the context of X tells.
context_eltype(io::IO, x) = x isa typeinfo(io) ? typeinfo_eltype(typeinfo(io)) : UnknownEltype

# The stream for the elements of x: it knows their type if that was, or need not be, written.
function element_stream(io::IO, x)
    if context_eltype(io, x) !== eltype(x) && typeinfo_implicit(eltype(x))
        return io
    end
    return with_typeinfo(io, eltype(x))
end

function write_eltype_prefix(io::IO, x)
    if context_eltype(io, x) === eltype(x) || (!isempty(x) && typeinfo_implicit(eltype(x)))
        return nothing
    end
    return write_text(io, Core.type_string(eltype(x)))
end

show(io::IO, x::AbstractArray) = show_array(io, x)
function show_array(io::IO, x::AbstractArray{T,1}) where {T}
    return show_vector(io, x)
end
function show_array(io::IO, x::AbstractArray{T,0}) where {T}
    out = text_sink(io)
    write_text(out, "fill(")
    show_at(out, x, 1)
    write(out, 0x29)
    flush_sink(io, out)
    return nothing
end
function show_array(io::IO, x::AbstractArray{T,N}) where {T,N}
    out = text_sink(io)
    if isempty(x)
        print(out, typeof(x), "(undef, ")
        join_into(out, size(x), ", ")
        write(out, 0x29)
    else
        write_eltype_prefix(out, x)
        write(out, 0x5b)
        x = counted_from_one(x)
        if is_limited(io)
            show_parts(element_stream(out, x), x)
        else
            show_slices(element_stream(out, x), x, Val{N}(), 0, length(x))
        end
        size(x, N) == 1 && write_semicolons(out, N)
        write(out, 0x5d)
    end
    flush_sink(io, out)
    return nothing
end

# The matrices of an array that a limited output has, and the corners of each.
function show_parts(io::IO, x::AbstractArray{T,N}) where {T,N}
    rows, columns = size(x, 1), size(x, 2)
    place = ones(Int, N - 2)
    before = copy(place)
    for k in 0:div(length(x), rows * columns)-1
        k > 0 && next_slice!(place, size(x))
        part = part_of_slices(place, size(x))
        if part > 0
            write_semicolons(io, part)
            write_text(io, " … ")
        elseif part == 0
            if k > 0
                write_semicolons(io, 2 + findlast(d -> before[d] < place[d], 1:N-2))
                write(io, 0x20)
            end
            show_corners(io, x, k * rows * columns, rows, columns)
        end
        copyto!(before, place)
    end
    return nothing
end

# The first and the last two rows and columns of a matrix that has more than four, with dots for the others.
function show_corners(io::IO, x, start::Int, rows::Int, columns::Int)
    for i in 1:rows
        if rows > 4 && 2 < i < rows - 1
            i == 3 && write_text(io, "… ; ")
            continue
        end
        for j in 1:columns
            if columns > 4 && 2 < j < columns - 1
                j == 3 && write_text(io, " … ")
                continue
            end
            j == 1 || (columns > 4 && j == columns - 1) || write(io, 0x20)
            show_at(io, x, start + (j - 1) * rows + i)
        end
        i < rows && write_text(io, "; ")
    end
    return nothing
end

function write_semicolons(io::IO, n::Int)
    for _ in 1:n
        write(io, 0x3b)
    end
    return nothing
end

# The `count` elements after the first `start` ones, as slices of D dimensions.
function show_slices(io::IO, x, ::Val{2}, start::Int, count::Int)
    rows = size(x, 1)
    columns = size(x, 2)
    for i in 1:rows
        i > 1 && write_text(io, "; ")
        for j in 1:columns
            j > 1 && write(io, 0x20)
            show_at(io, x, start + (j - 1) * rows + i)
        end
    end
    return nothing
end
function show_slices(io::IO, x, ::Val{D}, start::Int, count::Int) where {D}
    slices = size(x, D)
    each = div(count, slices)
    for k in 1:slices
        if k > 1
            write_semicolons(io, D)
            write(io, 0x20)
        end
        show_slices(io, x, Val{D - 1}(), start + (k - 1) * each, each)
    end
    return nothing
end

# The element at a linear index.
function show_at(io::IO, x, i::Int)
    if isassigned(x, i)
        show(io, x[i])
    else
        write_text(io, "#undef")
    end
    return nothing
end

# Anything with a length that iterates, as a vector.
function show_vector(io::IO, x)
    out = text_sink(io)
    write_eltype_prefix(out, x)
    write(out, 0x5b)
    limited = is_limited(io) && length(x) > 20
    if may_refer(eltype(x))
        show_circular(out, x) || show_list(with_shown(element_stream(out, x), x), x, limited)
    else
        show_list(element_stream(out, x), x, limited)
    end
    write(out, 0x5d)
    flush_sink(io, out)
    return nothing
end

function show_list(io::IO, x::AbstractArray, limited::Bool)
    offset = firstindex(x) - 1
    n = length(x)
    i = 1
    while i <= n
        i > 1 && write_text(io, limited && i == 11 ? "  …  " : ", ")
        limited && i == 11 && (i = n - 9)
        show_at(io, x, offset + i)
        i += 1
    end
    return nothing
end
function show_list(io::IO, x, limited::Bool)
    i = 0
    for y in x
        i += 1
        if limited && 10 < i <= length(x) - 10
            i == 11 && write_text(io, "  …  ")
            continue
        end
        i > 1 && !(limited && i == length(x) - 9) && write_text(io, ", ")
        show(io, y)
    end
    return nothing
end
# The entries of a dictionary; only the first ten where what is shown is limited.
function show_list(io::IO, d::AbstractDict, limited::Bool)
    i = 0
    for p in d
        i += 1
        i > 1 && write_text(io, ", ")
        show(io, p)
        limited && i == 10 && return write_text(io, "…")
    end
    return nothing
end
