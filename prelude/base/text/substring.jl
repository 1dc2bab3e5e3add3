# Views of strings, code units as a vector, and what every AbstractString can do.

struct SubString{T<:AbstractString} <: AbstractString
    string::T
    offset::Int
    ncodeunits::Int
    # From byte offset+1, without a check.
    SubString{T}(s::T, offset::Int, count::Int, ::Val{:unchecked}) where {T<:AbstractString} = new{T}(s, offset, count)
end

function SubString(s::String, i::Int, j::Int)
    j < i && return SubString{String}(s, i - 1, 0, Val{:unchecked}())
    return SubString{String}(s, i - 1, checked_slice(s, i, j) - i + 1, Val{:unchecked}())
end
function SubString(s::SubString{String}, i::Int, j::Int)
    j < i && return SubString{String}(s.string, s.offset + i - 1, 0, Val{:unchecked}())
    return SubString{String}(s.string, s.offset + i - 1, checked_slice(s, i, j) - i + 1, Val{:unchecked}())
end
SubString(s::AbstractString, i::Int, j::Int) = SubString(String(s), i, j)
SubString(s::AbstractString, i::Integer, j::Integer) = SubString(s, Int(i), Int(j))
SubString(s::AbstractString, i::Integer) = SubString(s, Int(i), lastindex(s))
SubString(s::AbstractString, r::AbstractUnitRange{<:Integer}) = SubString(s, Int(first(r)), Int(last(r)))
SubString(s::StringOrSub) = bytes_view(s, 1, ncodeunits(s))
SubString{String}(s::String) = SubString(s)
SubString{String}(s::SubString{String}) = s
convert(::Type{SubString{String}}, s::SubString{String}) = s
convert(::Type{SubString{String}}, s::AbstractString) = SubString(String(s))

# The bytes from..to of s, without a check.
bytes_view(s::String, from::Int, to::Int) = SubString{String}(s, from - 1, max(to - from + 1, 0), Val{:unchecked}())
bytes_view(s::SubString{String}, from::Int, to::Int) =
    SubString{String}(s.string, s.offset + from - 1, max(to - from + 1, 0), Val{:unchecked}())

@inline ncodeunits(s::SubString) = s.ncodeunits
sizeof(s::SubString) = s.ncodeunits
codeunit(s::SubString) = codeunit(s.string)
@inline function codeunit(s::SubString{String}, i::Int)
    1 <= i <= s.ncodeunits || throw_boundserror(s, i)
    return byte_at(s, i)
end
pointer(s::SubString{String}) = byte_offset(string_bytes(s.string), s.offset)
pointer(s::SubString{String}, i::Integer) = byte_offset(string_bytes(s.string), s.offset + Int(i) - 1)
parent(s::SubString) = s.string
parentindices(s::SubString) = (s.offset+1:thisind(s.string, s.offset + s.ncodeunits),)

getindex(s::SubString{String}, r::UnitRange{Int}) = SubString(s, first(r), last(r))
getindex(s::SubString{String}, r::AbstractUnitRange{<:Integer}) = SubString(s, Int(first(r)), Int(last(r)))
view(s::AbstractString, r::AbstractUnitRange{<:Integer}) = SubString(s, r)
maybeview(s::AbstractString, r::AbstractUnitRange{<:Integer}) = SubString(s, r)

cconvert(::Type{Cstring}, s::SubString{String}) = String(s)

function ==(a::StringOrSub, b::StringOrSub)
    n = ncodeunits(a)
    n == ncodeunits(b) || return false
    return cmp_bytes(a, b, n) == 0
end
function cmp(a::StringOrSub, b::StringOrSub)
    m = ncodeunits(a)
    n = ncodeunits(b)
    c = cmp_bytes(a, b, min(m, n))
    c == 0 || return c
    return m < n ? -1 : (m > n ? 1 : 0)
end
function cmp_bytes(a::StringOrSub, b::StringOrSub, n::Int)
    p = owner(a)
    q = owner(b)
    return GC.@preserve p q compare_bytes(pointer(a), pointer(b), n)
end
owner(s::String) = s
owner(s::SubString{String}) = s.string

# ---- any string

eltype(::Type{<:AbstractString}) = Char
firstindex(s::AbstractString) = 1
lastindex(s::AbstractString) = thisind(s, ncodeunits(s))
isempty(s::AbstractString) = ncodeunits(s) == 0
sizeof(s::AbstractString) = ncodeunits(s) * sizeof(codeunit(s))
ndims(s::AbstractString) = 1
IteratorSize(::Type{<:AbstractString}) = HasLength()
IteratorEltype(::Type{<:AbstractString}) = HasEltype()
getindex(s::AbstractString, i::Integer) = s[Int(i)]
getindex(s::AbstractString, ::Colon) = s
function getindex(s::AbstractString, i::Int)
    1 <= i <= ncodeunits(s) || throw_boundserror(s, i)
    isvalid(s, i) || throw_string_index(s, i)
    y = iterate(s, i)
    y === nothing && throw_boundserror(s, i)
    return y[1]
end
getindex(s::AbstractString, r::AbstractUnitRange{<:Integer}) = SubString(s, r)
function getindex(s::AbstractString, v::AbstractVector{<:Integer})
    out = new_iobuffer()
    for i in v
        write(out, s[i])
    end
    return take_string!(out)
end
function getindex(s::AbstractString, v::AbstractVector{Bool})
    throw(ArgumentError("logical indexing not supported for strings"))
end
get(s::AbstractString, i::Integer, default) = checkbounds(Bool, s, i) ? s[i] : default
checkbounds(::Type{Bool}, s::AbstractString, i::Integer) = 1 <= i <= ncodeunits(s)
checkbounds(::Type{Bool}, s::AbstractString, r::AbstractUnitRange{<:Integer}) = isempty(r) || (1 <= first(r) && last(r) <= ncodeunits(s))
checkbounds(::Type{Bool}, s::AbstractString, v::AbstractVector{<:Integer}) = all(i -> checkbounds(Bool, s, i), v)
checkbounds(s::AbstractString, i) = checkbounds(Bool, s, i) ? nothing : throw_boundserror(s, i)
haskey(s::AbstractString, i::Integer) = isvalid(s, i)

function length(s::AbstractString)
    n = 0
    for _ in s
        n += 1
    end
    return n
end
# The number of characters that start in i:j.
function length(s::AbstractString, i::Integer, j::Integer)
    from = Int(i)
    to = Int(j)
    1 <= from <= ncodeunits(s) + 1 || throw_boundserror(s, from)
    0 <= to <= ncodeunits(s) || throw_boundserror(s, to)
    n = 0
    for k in from:to
        isvalid(s, k) && (n += 1)
    end
    return n
end

function thisind(s::AbstractString, i::Int)
    n = ncodeunits(s)
    (i == 0 || i == n + 1) && return i
    1 <= i <= n || throw_boundserror(s, i)
    while i > 1 && !isvalid(s, i)
        i -= 1
    end
    return i
end
# Where the character at i is in the reversed text.
reverseind(s::AbstractString, i::Integer) = thisind(s, ncodeunits(s) - i + 1)
nextind(a::AbstractArray, i::Integer) = Int(i) + 1
prevind(a::AbstractArray, i::Integer) = Int(i) - 1
nextind(s::AbstractString, i::Integer) = nextind(s, Int(i))
function nextind(s::AbstractString, i::Int)
    n = ncodeunits(s)
    0 <= i <= n || throw_boundserror(s, i)
    i += 1
    while i <= n && !isvalid(s, i)
        i += 1
    end
    return i
end
function nextind(s::AbstractString, i::Integer, count::Integer)
    count < 0 && throw(ArgumentError(LazyString("n cannot be negative: ", Int(count))))
    at = Int(i)
    n = ncodeunits(s)
    0 <= at <= n || throw_boundserror(s, at)
    count == 0 && return thisind(s, at) == at ? at : throw_string_index(s, at)
    left = Int(count)
    while left > 0 && at < n
        at = nextind(s, at)
        left -= 1
    end
    return at + left
end
prevind(s::AbstractString, i::Integer) = prevind(s, Int(i))
function prevind(s::AbstractString, i::Int)
    0 < i <= ncodeunits(s) + 1 || throw_boundserror(s, i)
    i == 1 && return 0
    return thisind(s, i - 1)
end
function prevind(s::AbstractString, i::Integer, count::Integer)
    count < 0 && throw(ArgumentError(LazyString("n cannot be negative: ", Int(count))))
    at = Int(i)
    0 < at <= ncodeunits(s) + 1 || throw_boundserror(s, at)
    count == 0 && return thisind(s, at) == at ? at : throw_string_index(s, at)
    left = Int(count)
    while left > 0 && at > 1
        at = prevind(s, at)
        left -= 1
    end
    return at - left
end

struct EachStringIndex{T<:AbstractString}
    s::T
end
keys(s::AbstractString) = EachStringIndex{typeof(s)}(s)
eachindex(s::AbstractString) = EachStringIndex{typeof(s)}(s)
length(e::EachStringIndex) = length(e.s)
first(e::EachStringIndex) = 1
last(e::EachStringIndex) = lastindex(e.s)
eltype(::Type{<:EachStringIndex}) = Int
iterate(e::EachStringIndex, i::Int=1) = i > ncodeunits(e.s) ? nothing : (i, nextind(e.s, i))
IteratorSize(::Type{<:EachStringIndex}) = HasLength()
pairs(s::AbstractString) = Pairs(s, keys(s))

function ==(a::AbstractString, b::AbstractString)
    return cmp(a, b) == 0
end
function cmp(a::AbstractString, b::AbstractString)
    x = iterate(a)
    y = iterate(b)
    while true
        x === nothing && return y === nothing ? 0 : -1
        y === nothing && return 1
        x[1] == y[1] || return x[1] < y[1] ? -1 : 1
        x = iterate(a, x[2])
        y = iterate(b, y[2])
    end
end

in(c::Char, s::AbstractString) = findfirst(c, s) !== nothing
in(::AbstractString, ::AbstractString) = error("use occursin(needle, haystack) for string containment")

first(s::AbstractString, n::Integer) = s[1:min(lastindex(s), nextind(s, 0, checked_count(n)))]
last(s::AbstractString, n::Integer) = s[max(1, prevind(s, ncodeunits(s) + 1, checked_count(n))):end]
checked_count(n::Integer) = n < 0 ? throw(ArgumentError(LazyString("n cannot be negative: ", Int(n)))) : n

# ---- code units

struct CodeUnits{T,S<:AbstractString} <: DenseArray{T,1}
    s::S
end
codeunits(s::String) = CodeUnits{UInt8,String}(s)
codeunits(s::SubString{String}) = CodeUnits{UInt8,SubString{String}}(s)
codeunits(s::AbstractString) = codeunits(String(s))
length(c::CodeUnits) = ncodeunits(c.s)
size(c::CodeUnits) = (ncodeunits(c.s),)
sizeof(c::CodeUnits) = ncodeunits(c.s)
@inline getindex(c::CodeUnits, i::Int) = codeunit(c.s, i)
iterate(c::CodeUnits, i::Int=1) = i > ncodeunits(c.s) ? nothing : (byte_at(c.s, i), i + 1)
IndexStyle(::Type{<:CodeUnits}) = IndexLinear()
strides(c::CodeUnits) = (1,)
String(c::CodeUnits{UInt8}) = String(c.s)
Array{UInt8,1}(c::CodeUnits{UInt8}) = bytes_of(String(c.s))
pointer(c::CodeUnits) = pointer(c.s)
unsafe_convert(::Type{Ptr{UInt8}}, c::CodeUnits{UInt8}) = pointer(c.s)
parent(c::CodeUnits) = c.s
==(a::CodeUnits{UInt8,String}, b::CodeUnits{UInt8,String}) = a.s == b.s
