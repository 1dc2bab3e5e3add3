# LazyString: parts of a text that is only joined when somebody reads it. Error messages are made of
# these, so that a function which may throw carries no code for texts.

mutable struct LazyString <: AbstractString
    parts::Tuple
    str::Union{Nothing,String}
    LazyString(parts...) = new(parts, nothing)
end

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
