# Version numbers: major.minor.patch, then perhaps parts of a prerelease and of a build. These are
# kept as they are written, with their dash or plus; a part of digits alone counts as a number.

struct VersionNumber
    major::UInt32
    minor::UInt32
    patch::UInt32
    prerelease_text::String
    build_text::String
end
function VersionNumber(major::Integer, minor::Integer=0, patch::Integer=0, pre::Tuple=(), build::Tuple=())
    major < 0 && throw(ArgumentError(LazyString("invalid negative major version: ", major)))
    minor < 0 && throw(ArgumentError(LazyString("invalid negative minor version: ", minor)))
    patch < 0 && throw(ArgumentError(LazyString("invalid negative patch version: ", patch)))
    return VersionNumber(major % UInt32, minor % UInt32, patch % UInt32, version_text("-", pre), version_text("+", build))
end
@inline getproperty(v::VersionNumber, name::Symbol) =
    name === :prerelease ? parts_of_text(getfield(v, :prerelease_text)) :
    name === :build ? parts_of_text(getfield(v, :build_text)) : getfield(v, name)
propertynames(::VersionNumber) = (:major, :minor, :patch, :prerelease, :build)
parts_of_text(s::String) = isempty(s) ? () : Tuple(all(isdigit, p) ? parse(UInt64, p) : String(p) for p in split(SubString(s, 2), '.'))
version_text(mark::String, parts::Tuple) = isempty(parts) ? "" : mark * join(parts, '.')
VersionNumber(v::VersionNumber) = v
VersionNumber(s::AbstractString) = parse(VersionNumber, s)

const VERSION = VersionNumber(0x00000001, 0x0000000a, 0x00000002, "", "")

function parse(::Type{VersionNumber}, s::AbstractString)
    v = tryparse(VersionNumber, s)
    v === nothing && throw(ArgumentError(LazyString("invalid version string: ", s)))
    return v
end
function tryparse(::Type{VersionNumber}, text::AbstractString)
    s = String(text)
    at = startswith(s, "v") ? 2 : 1
    numbers = (0, 0, 0)
    count = 0
    while count < 3
        stop = end_of_digits(s, at)
        stop == at && return nothing
        n = tryparse(Int, SubString(s, at, stop - 1))
        n === nothing && return nothing
        count += 1
        numbers = setindex(numbers, n, count)
        at = stop
        at <= ncodeunits(s) && codeunit(s, at) == 0x2e || break
        at += 1
        at > ncodeunits(s) && return nothing
    end
    pre, build = "", ""
    # The dash may be left out before letters: 1.2.3rc1.
    if at <= ncodeunits(s) && codeunit(s, at) != 0x2b
        at = codeunit(s, at) == 0x2d ? at + 1 : at
        stop = something(findnext('+', s, at), ncodeunits(s) + 1)
        pre = "-" * SubString(s, at, stop - 1)
        valid_version_parts(pre) || return nothing
        at = stop
    end
    if at <= ncodeunits(s)
        build = String(SubString(s, at))
        valid_version_parts(build) || return nothing
    end
    return VersionNumber(numbers[1] % UInt32, numbers[2] % UInt32, numbers[3] % UInt32, pre, build)
end
function end_of_digits(s::String, at::Int)
    while at <= ncodeunits(s) && 0x30 <= codeunit(s, at) <= 0x39
        at += 1
    end
    return at
end
# A mark alone is one empty part: `v"1.0-"` comes before all prereleases of 1.0.
function valid_version_parts(marked::String)
    text = SubString(marked, 2)
    isempty(text) && return true
    all(c -> isascii(c) && (isdigit(c) || isletter(c) || c == '.' || c == '-'), text) || return false
    return all(!isempty, eachsplit(text, '.'))
end

function print(io::IO, v::VersionNumber)
    print(io, v.major, '.', v.minor, '.', v.patch, v.prerelease_text, v.build_text)
    return nothing
end
function show(io::IO, v::VersionNumber)
    print(io, "v\"", v, "\"")
    return nothing
end
broadcastable(v::VersionNumber) = Ref(v)

==(a::VersionNumber, b::VersionNumber) = compare_versions(a, b) == 0
isless(a::VersionNumber, b::VersionNumber) = compare_versions(a, b) < 0
<(a::VersionNumber, b::VersionNumber) = isless(a, b)
hash(v::VersionNumber, h::UInt) = hash(string(v), h)

function compare_versions(a::VersionNumber, b::VersionNumber)
    a.major != b.major && return cmp(a.major, b.major)
    a.minor != b.minor && return cmp(a.minor, b.minor)
    a.patch != b.patch && return cmp(a.patch, b.patch)
    # A prerelease comes before the release, a build after it.
    isempty(a.prerelease_text) != isempty(b.prerelease_text) && return isempty(a.prerelease_text) ? 1 : -1
    c = compare_version_parts(a.prerelease_text, b.prerelease_text)
    c != 0 && return c
    return compare_version_parts(a.build_text, b.build_text)
end
function compare_version_parts(a::String, b::String)
    xs, ys = version_parts(a), version_parts(b)
    for i in 1:min(length(xs), length(ys))
        c = compare_version_part(xs[i], ys[i])
        c != 0 && return c
    end
    return cmp(length(xs), length(ys))
end
version_parts(marked::String) = isempty(marked) ? SubString{String}[] : split(SubString(marked, 2), '.')
# Numbers come before words, the empty part before all.
function compare_version_part(a::SubString{String}, b::SubString{String})
    x, y = tryparse(Int, a), tryparse(Int, b)
    if x !== nothing && y !== nothing
        return cmp(x, y)
    elseif x !== nothing
        return isempty(b) ? 1 : -1
    elseif y !== nothing
        return isempty(a) ? -1 : 1
    end
    return cmp(a, b)
end

thispatch(v::VersionNumber) = VersionNumber(v.major, v.minor, v.patch)
thisminor(v::VersionNumber) = VersionNumber(v.major, v.minor, 0)
thismajor(v::VersionNumber) = VersionNumber(v.major, 0, 0)
nextpatch(v::VersionNumber) = v < thispatch(v) ? thispatch(v) : VersionNumber(v.major, v.minor, v.patch + 1)
nextminor(v::VersionNumber) = v < thisminor(v) ? thisminor(v) : VersionNumber(v.major, v.minor + 1, 0)
nextmajor(v::VersionNumber) = v < thismajor(v) ? thismajor(v) : VersionNumber(v.major + 1, 0, 0)
