# nothing and missing.

struct Missing end
const missing = Missing()

ismissing(x) = x === missing
nonmissingtype(::Type{T}) where {T} = typesplit(T, Missing)

# The members of a union that are not D.
typesplit(::Type{T}, ::Type{D}) where {T,D} = T === D ? Union{} : members_but(T, D, Val{1}(), Val{Core.union_length(T)}())
function members_but(::Type{T}, ::Type{D}, ::Val{I}, ::Val{N}) where {T,D,I,N}
    N <= 1 && return T
    I > N && return Union{}
    rest = members_but(T, D, Val{I + 1}(), Val{N}())
    return Core.union_member(T, I) === D ? rest : Union{Core.union_member(T, I),rest}
end

round(::Type{T}, ::Missing, r::RoundingMode=RoundNearest) where {T} = throw(no_missing_in(T))
trunc(::Type{T}, ::Missing) where {T} = throw(no_missing_in(T))
floor(::Type{T}, ::Missing) where {T} = throw(no_missing_in(T))
ceil(::Type{T}, ::Missing) where {T} = throw(no_missing_in(T))
no_missing_in(::Type{T}) where {T} = MissingException(string("cannot convert a missing value to type ", T, ": use Union{", T, ", Missing} instead"))

coalesce() = missing
coalesce(x::Missing, rest...) = coalesce(rest...)
coalesce(x, rest...) = x

==(::Missing, ::Missing) = missing
==(::Missing, x) = missing
==(x, ::Missing) = missing
isequal(::Missing, ::Missing) = true
isequal(::Missing, x) = false
isequal(x, ::Missing) = false
isless(::Missing, ::Missing) = false
isless(::Missing, x) = false
isless(x, ::Missing) = true
<(::Missing, ::Missing) = missing
<(::Missing, x) = missing
<(x, ::Missing) = missing
<=(::Missing, ::Missing) = missing
<=(::Missing, x) = missing
<=(x, ::Missing) = missing
!(::Missing) = missing

+(::Missing, ::Missing) = missing
+(::Missing, x::Number) = missing
+(x::Number, ::Missing) = missing
-(::Missing, ::Missing) = missing
-(::Missing, x::Number) = missing
-(x::Number, ::Missing) = missing
*(::Missing, ::Missing) = missing
*(::Missing, x::Number) = missing
*(x::Number, ::Missing) = missing
*(::Missing, x::Union{AbstractString,AbstractChar}) = missing
*(x::Union{AbstractString,AbstractChar}, ::Missing) = missing
/(::Missing, ::Missing) = missing
/(::Missing, x::Number) = missing
/(x::Number, ::Missing) = missing
^(::Missing, x::Number) = missing
^(x::Number, ::Missing) = missing
-(::Missing) = missing
+(::Missing) = missing
abs(::Missing) = missing
min(::Missing, ::Missing) = missing
min(::Missing, x) = missing
min(x, ::Missing) = missing
max(::Missing, ::Missing) = missing
max(::Missing, x) = missing
max(x, ::Missing) = missing

# Logic with three values.
(&)(::Missing, ::Missing) = missing
(&)(::Missing, x::Bool) = x ? missing : false
(&)(x::Bool, ::Missing) = x ? missing : false
(|)(::Missing, ::Missing) = missing
(|)(::Missing, x::Bool) = x ? true : missing
(|)(x::Bool, ::Missing) = x ? true : missing
xor(::Missing, ::Missing) = missing
xor(::Missing, x::Bool) = missing
xor(x::Bool, ::Missing) = missing

broadcastable(x::Missing) = Ref(x)
broadcastable(x::Nothing) = Ref(x)

# The elements that are not missing.
struct SkipMissing{T}
    x::T
end
skipmissing(x) = SkipMissing{typeof(x)}(x)
IteratorSize(::Type{<:SkipMissing}) = SizeUnknown()
IteratorEltype(::Type{SkipMissing{T}}) where {T} = IteratorEltype(T)
eltype(::Type{SkipMissing{T}}) where {T} = nonmissingtype(eltype(T))
function iterate(s::SkipMissing)
    y = iterate(s.x)
    while y !== nothing
        item, next = y
        item === missing || return (item, next)
        y = iterate(s.x, y[2])
    end
    return nothing
end
function iterate(s::SkipMissing, state)
    y = iterate(s.x, state)
    while y !== nothing
        item, next = y
        item === missing || return (item, next)
        y = iterate(s.x, y[2])
    end
    return nothing
end
# Indices are those of what is skipped in.
IndexStyle(::Type{<:SkipMissing{T}}) where {T} = IndexStyle(T)
keys(s::SkipMissing) = Iterators.filter(i -> s.x[i] !== missing, keys(s.x))
eachindex(s::SkipMissing) = Iterators.filter(i -> s.x[i] !== missing, eachindex(s.x))
function getindex(s::SkipMissing, i...)
    x = s.x[i...]
    x === missing && throw(MissingException(LazyString("the value at index ", i, " is missing")))
    return x
end
function show(io::IO, s::SkipMissing)
    out = text_sink(io)
    write_text(out, "skipmissing(")
    show(out, s.x)
    write(out, 0x29)
    flush_sink(io, out)
    return nothing
end
