# LazyString: parts of a text that is only joined when somebody reads it. Error messages are made of
# these, so that a function which may throw carries no code for texts.

mutable struct LazyString <: AbstractString
    parts::Tuple
    str::Union{Nothing,String}
    LazyString(parts...) = new(Core.exceptions_are_objects() ? parts : map(lazy_part, parts), nothing)
end
# A library joins the parts where it throws, and can do so with numbers, texts, types and tuples of them.
@inline lazy_part(x) = string(x)
@inline lazy_part(x::Union{Number,String,Symbol,Char,Nothing,Type,Ptr,Function,LazyString,Tuple{}}) = x
@inline lazy_part(x::Union{Rational,Complex,BigInt}) = string(x)
@inline lazy_part(x::Tuple{Any,Vararg{Any}}) = has_structure(x...) ? string(x) : x
@inline has_structure() = false
@inline has_structure(x, rest...) = !(x isa Union{Number,String,Symbol,Char,Nothing,Type}) || x isa Union{Rational,Complex} || has_structure(rest...)

function String(l::LazyString)
    s = l.str
    if s === nothing
        made = string(l.parts...)
        l.str = made
        return made
    end
    return s
end

convert(::Type{LazyString}, s::String) = LazyString(s)
print(io::IO, l::LazyString) = print(io, String(l))
show(io::IO, l::LazyString) = show(io, String(l))
ncodeunits(l::LazyString) = ncodeunits(String(l))
codeunit(l::LazyString) = UInt8
codeunit(l::LazyString, i::Int) = codeunit(String(l), i)
isvalid(l::LazyString, i::Int) = isvalid(String(l), i)
iterate(l::LazyString) = iterate(String(l))
iterate(l::LazyString, i::Int) = iterate(String(l), i)
