# Paths as text: joining, splitting and normalising them. Nothing here looks at the disk but for
# the current directory; that is in filesystem.jl. Paths are POSIX ones.

const path_separator = "/"

# The separator is one byte, which is part of no other character.
is_separator(path::String, i::Int) = byte_at(path, i) === 0x2f

isabspath(path::AbstractString) = isabspath(String(path))
isabspath(path::String) = ncodeunits(path) !== 0 && is_separator(path, 1)

# Whether the path can only name a directory: it ends in a separator, in "." or in "..".
function isdirpath(path::AbstractString)
    name = last_component(path)
    return name == "" || name == "." || name == ".."
end

joinpath(path::AbstractString) = String(path)
joinpath(a::AbstractString, b::AbstractString) = joinpath(String(a), String(b))
function joinpath(a::String, b::String)
    n = ncodeunits(a)
    (isabspath(b) || n === 0) && return b
    return is_separator(a, n) ? string(a, b) : string(a, path_separator, b)
end
joinpath(a::AbstractString, b::AbstractString, more::AbstractString...) = joinpath(joinpath(a, b), more...)
function joinpath(parts::Union{AbstractVector,Tuple})
    isempty(parts) && throw(ArgumentError("collection of path elements must be non-empty"))
    path = ""
    for part in parts
        path = joinpath(path, part)
    end
    return path
end

last_separator(path::String) = something(findlast('/', path), 0)
last_component(path::AbstractString) = last_component(String(path))
last_component(path::String) = path[last_separator(path)+1:end]

# The directory and the name in it. The separators between them are dropped, except for the root.
splitdir(path::AbstractString) = splitdir(String(path))
function splitdir(path::String)
    at = last_separator(path)
    at == 0 && return ("", path)
    name = path[at+1:end]
    while at >= 1 && byte_at(path, at) === 0x2f
        at -= 1
    end
    return (at == 0 ? "/" : path[1:thisind(path, at)], name)
end
dirname(path::AbstractString) = splitdir(path)[1]
basename(path::AbstractString) = splitdir(path)[2]

splitdrive(path::AbstractString) = ("", String(path))

# The extension starts at the last dot of the name, unless that is the name's first character.
splitext(path::AbstractString) = splitext(String(path))
function splitext(path::String)
    i = ncodeunits(path)
    while i >= 1
        b = byte_at(path, i)
        b === 0x2f && break
        if b === 0x2e
            (i == 1 || byte_at(path, i - 1) === 0x2f) && break
            return (path[1:thisind(path, i - 1)], path[i:end])
        end
        i -= 1
    end
    return (path, "")
end

# All components; the root is one.
splitpath(path::AbstractString) = splitpath(String(path))
function splitpath(path::String)
    parts = Vector{String}(undef, 0)
    isempty(path) && return push!(parts, "")
    isabspath(path) && push!(parts, "/")
    for part in split(path, '/'; keepempty=false)
        push!(parts, String(part))
    end
    return parts
end

# Without "." and, as far as it goes, without "..". Symbolic links are not looked at.
normpath(path::AbstractString) = normpath(String(path))
function normpath(path::String)
    absolute = isabspath(path)
    parts = Vector{String}(undef, 0)
    for piece in split(path, '/'; keepempty=false)
        part = String(piece)
        part == "." && continue
        if part == ".." && !isempty(parts) && parts[end] != ".."
            pop!(parts)
        elseif part != ".." || !absolute
            push!(parts, part)
        end
    end
    isempty(parts) && !absolute && push!(parts, ".")
    joined = join(parts, "/")
    absolute && (joined = string('/', joined))
    return isdirpath(path) && !isdirpath(joined) ? string(joined, '/') : joined
end
normpath(a::AbstractString, b::AbstractString, more::AbstractString...) = normpath(joinpath(a, b, more...))

abspath(path::AbstractString) = normpath(isabspath(path) ? path : joinpath(pwd(), path))
abspath(a::AbstractString, b::AbstractString, more::AbstractString...) = abspath(joinpath(a, b, more...))

# How to reach path from start.
function relpath(path::AbstractString, start::AbstractString=".")
    isempty(path) && throw(ArgumentError("`path` must be specified"))
    isempty(start) && throw(ArgumentError("`start` must be specified"))
    to = split(abspath(path), '/'; keepempty=false)
    from = split(abspath(start), '/'; keepempty=false)
    common = 0
    while common < min(length(to), length(from)) && to[common+1] == from[common+1]
        common += 1
    end
    parts = fill("..", length(from) - common)
    for k in common+1:length(to)
        push!(parts, String(to[k]))
    end
    return isempty(parts) ? "." : join(parts, "/")
end

function expanduser(path::AbstractString)
    p = String(path)
    p == "~" && return homedir()
    startswith(p, "~/") && return joinpath(homedir(), p[3:end])
    startswith(p, '~') && throw(ArgumentError("~user tilde expansion not yet implemented"))
    return p
end
