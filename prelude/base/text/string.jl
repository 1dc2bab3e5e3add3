# String: bytes that are UTF-8 by convention. Indices count bytes; those where no character starts
# are invalid. What is here serves String and views of it; any other AbstractString has the generic
# methods at the end of substring.jl.

const StringOrSub = Union{String,SubString{String}}

sizeof(s::String) = Core.sizeof(s)
@inline ncodeunits(s::String) = Core.sizeof(s)
codeunit(s::String) = UInt8
@inline function codeunit(s::String, i::Int)
    @boundscheck 1 <= i <= ncodeunits(s) || throw_boundserror(s, i)
    return GC.@preserve s load_byte(string_bytes(s), i)
end
codeunit(s::AbstractString, i::Integer) = codeunit(s, Int(i))

# Without a check.
@inline byte_at(s::String, i::Int) = GC.@preserve s load_byte(string_bytes(s), i)
@inline function byte_at(s::SubString{String}, i::Int)
    p = s.string
    return GC.@preserve p load_byte(string_bytes(p), s.offset + i)
end

pointer(s::String) = string_bytes(s)
pointer(s::String, i::Integer) = byte_offset(string_bytes(s), Int(i) - 1)

String(s::String) = s
String(s::Symbol) = Core.is_compile_constant(s) ? Core.symbol_string(s) : text_of_symbol(Core.symbol_string(s))
# The text of a symbol that is only known at run time is the symbol itself, seen as a string: a copy
# has a header of its own.
text_of_symbol(s::String) = GC.@preserve s string_from_bytes(string_bytes(s), ncodeunits(s))
String(s::SubString{String}) = string_slice(s.string, s.offset + 1, s.offset + s.ncodeunits)
String(s::AbstractString) = string(s)
function String(v::Vector{UInt8})
    n = length(v)
    n == 0 && return ""
    s = GC.@preserve v string_from_bytes(vector_bytes(v), n)
    ccall(:jl_array_del_end, Cvoid, (Any, UInt), v, Core.Intrinsics.bitcast(UInt64, n))
    return s
end
function String(v::AbstractVector{UInt8})
    out = new_iobuffer()
    for b in v
        write(out, b)
    end
    return take_string!(out)
end
function String(v::AbstractVector{Char})
    out = new_iobuffer()
    for c in v
        write(out, c)
    end
    return take_string!(out)
end
convert(::Type{String}, s::String) = s
convert(::Type{String}, s::AbstractString) = String(s)
convert(::Type{AbstractString}, s::AbstractString) = s

Symbol(s::Symbol) = s
function Symbol(s::String)
    findfirst_byte(s, 0x00, 1) == 0 || throw(ArgumentError("Symbol name may not contain \\0"))
    return GC.@preserve s ccall(:jl_symbol_n, Symbol, (Ptr{UInt8}, Int64), string_bytes(s), ncodeunits(s))
end
Symbol(s::AbstractString) = Symbol(String(s))
Symbol(x...) = Symbol(string(x...))

Array{UInt8,1}(s::String) = bytes_of(s)
Array{UInt8,1}(s::AbstractString) = bytes_of(String(s))
Array{UInt8}(s::AbstractString) = bytes_of(String(s))
Array{Char,1}(s::AbstractString) = collect(s)
convert(::Type{Vector{UInt8}}, s::AbstractString) = bytes_of(String(s))
function bytes_of(s::String)
    n = ncodeunits(s)
    v = StringVector(n)
    GC.@preserve s v copy_bytes!(vector_bytes(v), string_bytes(s), n)
    return v
end

unsafe_string(p::Ptr{UInt8}, n::Integer) = string_from_bytes(p, Int(n))
unsafe_string(p::Ptr{Int8}, n::Integer) = string_from_bytes(Core.Intrinsics.bitcast(Ptr{UInt8}, p), Int(n))
function unsafe_string(p::Union{Ptr{UInt8},Ptr{Int8}})
    UInt64(p) == 0x0000000000000000 && throw(ArgumentError("cannot convert NULL to string"))
    q = Core.Intrinsics.bitcast(Ptr{UInt8}, p)
    n = 0
    while load_byte(q, n + 1) !== 0x00
        n += 1
    end
    return string_from_bytes(q, n)
end
unsafe_string(p::Cstring) = unsafe_string(Core.Intrinsics.bitcast(Ptr{UInt8}, p))

# Strings as arguments of C functions. A String has a zero byte behind its last one.
primitive type Cstring 64 end
cstring_bytes(s::String) = string_bytes(s)
Cstring(p::Ptr) = Core.Intrinsics.bitcast(Cstring, p)
Ptr{T}(p::Cstring) where {T<:Union{Int8,UInt8,Nothing}} = Core.Intrinsics.bitcast(Ptr{T}, p)
convert(::Type{Cstring}, p::Union{Ptr{Int8},Ptr{UInt8},Ptr{Nothing}}) = Cstring(p)
convert(::Type{Ptr{T}}, p::Cstring) where {T<:Union{Int8,UInt8,Nothing}} = Ptr{T}(p)
pointer(p::Cstring) = Ptr{Int8}(p)
==(p::Cstring, q::Ptr) = pointer(p) == q
==(p::Ptr, q::Cstring) = p == pointer(q)
cconvert(::Type{Cstring}, s::String) = s
cconvert(::Type{Cstring}, s::AbstractString) = String(s)
cconvert(::Type{Cstring}, p::Ptr) = Core.Intrinsics.bitcast(Cstring, p)
cconvert(::Type{Cstring}, s::Symbol) = String(s)
cconvert(::Type{Ptr{UInt8}}, s::AbstractString) = String(s)
cconvert(::Type{Ptr{Int8}}, s::AbstractString) = String(s)
cconvert(::Type{Ptr{UInt8}}, s::String) = s
cconvert(::Type{Ptr{Int8}}, s::String) = s
function unsafe_convert(::Type{Cstring}, s::String)
    findfirst_byte(s, 0x00, 1) == 0 || throw(ArgumentError(LazyString("embedded NULs are not allowed in C strings: ", repr(s))))
    return Core.Intrinsics.bitcast(Cstring, string_bytes(s))
end
unsafe_convert(::Type{Ptr{UInt8}}, s::String) = string_bytes(s)
unsafe_convert(::Type{Ptr{Int8}}, s::String) = Core.Intrinsics.bitcast(Ptr{Int8}, string_bytes(s))
unsafe_convert(::Type{Ptr{Nothing}}, s::String) = Core.Intrinsics.bitcast(Ptr{Nothing}, string_bytes(s))
cconvert(::Type{Ptr{Nothing}}, s::String) = s

# ---- characters

# The index behind the character that starts at i.
@inline function char_stop(s::StringOrSub, i::Int)
    b = byte_at(s, i)
    (b < 0xc0 || b > 0xf7) && return i + 1
    return char_stop_continued(s, i, b)
end
function char_stop_continued(s::StringOrSub, i::Int, b::UInt8)
    n = ncodeunits(s)
    announced = b < 0xe0 ? 2 : (b < 0xf0 ? 3 : 4)
    k = 1
    while k < announced && i + k <= n && byte_at(s, i + k) & 0xc0 === 0x80
        k += 1
    end
    return i + k
end

# The character that starts at i.
@inline function char_at(s::StringOrSub, i::Int)
    b = byte_at(s, i)
    b < 0x80 && return char_of_bits(UInt32(b) << 24)
    return char_between(s, i, char_stop(s, i))
end
function char_between(s::StringOrSub, i::Int, stop::Int)
    u = 0x00000000
    shift = 24
    for k in i:stop-1
        u |= UInt32(byte_at(s, k)) << shift
        shift -= 8
    end
    return char_of_bits(u)
end

@inline function iterate(s::StringOrSub, i::Int=1)
    1 <= i <= ncodeunits(s) || return nothing
    b = byte_at(s, i)
    b < 0x80 && return (char_of_bits(UInt32(b) << 24), i + 1)
    stop = char_stop(s, i)
    return (char_between(s, i, stop), stop)
end

# The start of the character that holds byte i.
function thisind(s::StringOrSub, i::Int)
    n = ncodeunits(s)
    (i == 0 || i == n + 1) && return i
    1 <= i <= n || throw_boundserror(s, i)
    byte_at(s, i) & 0xc0 === 0x80 || return i
    for back in 1:3
        j = i - back
        j >= 1 || return i
        b = byte_at(s, j)
        if b & 0xc0 !== 0x80
            return b <= 0xf7 && b >= (back == 1 ? 0xc0 : (back == 2 ? 0xe0 : 0xf0)) ? j : i
        end
    end
    return i
end
thisind(s::AbstractString, i::Integer) = thisind(s, Int(i))

function isvalid(s::StringOrSub, i::Int)
    return 1 <= i <= ncodeunits(s) && thisind(s, i) == i
end
isvalid(s::AbstractString, i::Integer) = isvalid(s, Int(i))

function nextind(s::StringOrSub, i::Int)
    i == 0 && return 1
    1 <= i <= ncodeunits(s) || throw_boundserror(s, i)
    return char_stop(s, thisind(s, i))
end

function length(s::StringOrSub)
    n = ncodeunits(s)
    count = 0
    i = 1
    while i <= n
        i = char_stop(s, i)
        count += 1
    end
    return count
end

@inline function getindex(s::StringOrSub, i::Int)
    1 <= i <= ncodeunits(s) || throw_boundserror(s, i)
    b = byte_at(s, i)
    b < 0x80 && return char_of_bits(UInt32(b) << 24)
    b & 0xc0 === 0x80 && thisind(s, i) != i && throw_string_index(s, i)
    return char_at(s, i)
end

# Checks that from:to are characters of s and gives the last byte of the last one.
function checked_slice(s::StringOrSub, from::Int, to::Int)
    (1 <= from && to <= ncodeunits(s)) || throw_boundserror(s, from:to)
    isvalid(s, from) || throw_string_index(s, from)
    isvalid(s, to) || throw_string_index(s, to)
    return char_stop(s, to) - 1
end

function getindex(s::String, r::UnitRange{Int})
    isempty(r) && return ""
    return string_slice(s, first(r), checked_slice(s, first(r), last(r)))
end
getindex(s::String, r::AbstractUnitRange{<:Integer}) = s[Int(first(r)):Int(last(r))]

# Bytes with the classes that matter: whether all are ASCII, whether they are UTF-8.
typemin(::Type{String}) = ""
typemin(::String) = ""
function isascii(s::StringOrSub)
    for i in 1:ncodeunits(s)
        byte_at(s, i) < 0x80 || return false
    end
    return true
end
function isvalid(s::StringOrSub)
    for c in s
        isvalid(c) || return false
    end
    return true
end
isvalid(::Type{String}, s::AbstractString) = isvalid(s)
isvalid(::Type{String}, v::Vector{UInt8}) = GC.@preserve v isvalid(string_from_bytes(vector_bytes(v), length(v)))

function ascii(s::String)
    for i in 1:ncodeunits(s)
        byte_at(s, i) < 0x80 || throw(ArgumentError(LazyString("invalid ASCII at index ", i, " in ", repr(s))))
    end
    return s
end
ascii(s::AbstractString) = ascii(String(s))

# ---- comparison

function ==(a::String, b::String)
    n = ncodeunits(a)
    n == ncodeunits(b) || return false
    return GC.@preserve a b compare_bytes(string_bytes(a), string_bytes(b), n) == 0
end
function cmp(a::String, b::String)
    m = ncodeunits(a)
    n = ncodeunits(b)
    c = GC.@preserve a b compare_bytes(string_bytes(a), string_bytes(b), min(m, n))
    c == 0 || return c
    return m < n ? -1 : (m > n ? 1 : 0)
end
isless(a::AbstractString, b::AbstractString) = cmp(a, b) < 0
isequal(a::AbstractString, b::AbstractString) = a == b

isless(a::Symbol, b::Symbol) = isless(String(a), String(b))
cmp(a::Symbol, b::Symbol) = cmp(String(a), String(b))
iterate(s::Symbol) = throw(MethodError(iterate, (s,)))
broadcastable(s::Symbol) = Ref(s)
broadcastable(s::AbstractString) = Ref(s)

# ---- concatenation

function *(a::String, b::String)
    m = ncodeunits(a)
    n = ncodeunits(b)
    s = new_string(m + n)
    GC.@preserve a b s begin
        p = string_bytes(s)
        copy_bytes!(p, string_bytes(a), m)
        copy_bytes!(byte_offset(p, m), string_bytes(b), n)
    end
    return s
end
*(a::Union{Char,AbstractString}, b::Union{Char,AbstractString}) = string(a, b)
*(a::Union{Char,AbstractString}, b::Union{Char,AbstractString}, rest::Union{Char,AbstractString}...) = string(a, b, rest...)
*(a::AbstractString) = a
one(::Type{<:AbstractString}) = ""
one(s::AbstractString) = ""
oneunit(s::AbstractString) = ""

^(s::Union{Char,AbstractString}, n::Integer) = repeat(s, n)
function repeat(s::AbstractString, n::Integer)
    n < 0 && throw(ArgumentError(LazyString("can't repeat a string ", Int(n), " times")))
    return repeat_string(String(s), Int(n))
end
function repeat(c::Char, n::Integer)
    n < 0 && throw(ArgumentError(LazyString("can't repeat a character ", Int(n), " times")))
    return repeat_string(char_string(c), Int(n))
end
function repeat_string(s::String, times::Int)
    n = ncodeunits(s)
    (n == 0 || times == 0) && return ""
    times == 1 && return s
    out = new_string(n * times)
    GC.@preserve s out begin
        p = string_bytes(out)
        for k in 0:times-1
            copy_bytes!(byte_offset(p, n * k), string_bytes(s), n)
        end
    end
    return out
end
