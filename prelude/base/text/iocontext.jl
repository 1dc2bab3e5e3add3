# IOContext: a stream with properties that `show` methods read.
#
# What decides about the code of a show method is in the type: T is what is known of the type of the
# value to be shown (`:typeinfo`, Any if nothing). :compact and :limit are flags, -1 where they were
# never set; properties of all kinds that a program sets are in a tuple of pairs, latest first.

struct IOContext{I<:IO,T,D<:Tuple} <: IO
    io::I
    compact::Int8
    limit::Int8
    dict::D
    # The addresses of the objects that are being written around the value to be shown, outermost
    # first; null for those that are no objects.
    shown::Union{Nothing,Vector{Ptr{Cvoid}}}
end

# The same stream below, with these properties.
plain_context(io::IO) = IOContext{typeof(io),Any,Tuple{}}(io, Int8(-1), Int8(-1), (), nothing)
plain_context(io::IOContext) = io

IOContext(io::IO) = plain_context(io)
IOContext(io::IO, context::IO) = plain_context(io)
function IOContext(io::IO, context::IOContext{J,T,D}) where {J<:IO,T,D<:Tuple}
    return IOContext{typeof(io),T,D}(io, context.compact, context.limit, context.dict, context.shown)
end
function IOContext(io::IOContext, context::IOContext)
    return IOContext(io.io, context)
end
IOContext(io::IO, p::Pair{Symbol,V}, rest::Pair...) where {V} = IOContext(add_property(plain_context(io), p), rest...)

add_property(io::IOContext, p::Pair{Symbol}) = with_property(io, p)
function with_property(io::IOContext{I,T,D}, p::Pair{Symbol,V}) where {I<:IO,T,D<:Tuple,V}
    dict = (p, io.dict...)
    return IOContext{I,T,typeof(dict)}(io.io, flag_after(io.compact, :compact, p), flag_after(io.limit, :limit, p), dict, io.shown)
end

# What is known of the type of the value to be shown.
function add_property(io::IOContext, p::Pair{Symbol,<:Type})
    return p.first === :typeinfo ? with_typeinfo(io, p.second) : with_property(io, p)
end

flag_after(old::Int8, key::Symbol, p::Pair{Symbol,Bool}) = p.first === key ? (p.second ? Int8(1) : Int8(0)) : old
flag_after(old::Int8, key::Symbol, p::Pair) = old

# Properties that Base itself sets.
function with_typeinfo(io::IO, ::Type{T}) where {T}
    return IOContext{typeof(io),T,Tuple{}}(io, Int8(-1), Int8(-1), (), nothing)
end
function with_typeinfo(io::IOContext{I,S,D}, ::Type{T}) where {I<:IO,S,D<:Tuple,T}
    return IOContext{I,T,D}(io.io, io.compact, io.limit, io.dict, io.shown)
end

function with_compact(io::IO)
    c = plain_context(io)
    return typeof(c)(c.io, Int8(1), c.limit, c.dict, c.shown)
end

# What is known of the value to be shown, as a type.
typeinfo(io::IO) = Any
typeinfo(io::IOContext{I,T,D}) where {I<:IO,T,D<:Tuple} = T

is_compact(io::IO) = false
is_compact(io::IOContext) = io.compact === Int8(1)
is_limited(io::IO) = false
is_limited(io::IOContext) = io.limit === Int8(1)

# Whether a value of type T may hold the object that it is part of.
@inline may_refer(::Type{T}) where {T} =
    !(isbitstype(T) || T <: Union{Number,AbstractString,AbstractChar,Symbol,Type,Module,Function,Nothing,Missing})
@inline may_refer(::Type{Union{}}) = false
@inline may_refer(::Type{T}) where {T<:Array} = may_refer(eltype(T))
@inline may_refer(::Type{Dict{K,V}}) where {K,V} = may_refer(K) || may_refer(V)
@inline may_refer(::Type{Set{T}}) where {T} = may_refer(T)

address_shown(x) = ismutable(x) ? pointer_from_objref(x) : bitcast(Ptr{Cvoid}, UInt64(0))

# The stream for the parts of x.
with_shown(io::IO, x) = with_shown(plain_context(io), x)
function with_shown(io::IOContext, x)
    inside = Vector{Ptr{Cvoid}}(undef, 0)
    around = io.shown
    around === nothing || append!(inside, around)
    push!(inside, address_shown(x))
    return typeof(io)(io.io, io.compact, io.limit, io.dict, inside)
end

# If x is being written already, says so, and how far around.
show_circular(io::IO, x) = false
function show_circular(io::IOContext, x)
    around = io.shown
    (around === nothing || !ismutable(x)) && return false
    p = pointer_from_objref(x)
    n = length(around)
    for k in 1:n
        around[n + 1 - k] === p || continue
        print(io, "#= circular reference @-", k, " =#")
        return true
    end
    return false
end

get(io::IO, key, default) = default
function get(io::IOContext{I,T,D}, key::Symbol, default) where {I<:IO,T,D<:Tuple}
    if key === :typeinfo
        return T === Any ? default : T
    elseif key === :compact
        return io.compact < Int8(0) ? default : io.compact === Int8(1)
    elseif key === :limit
        return io.limit < Int8(0) ? default : io.limit === Int8(1)
    end
    return find_property(io.dict, key, default)
end

@inline find_property(::Tuple{}, key::Symbol, default) = default
@inline function find_property(pairs::Tuple, key::Symbol, default)
    p = getfield(pairs, 1)
    p.first === key && return p.second
    return find_property(tail(pairs), key, default)
end

haskey(io::IO, key) = false
function haskey(io::IOContext, key::Symbol)
    key === :typeinfo && return typeinfo(io) !== Any
    key === :compact && return io.compact >= Int8(0)
    key === :limit && return io.limit >= Int8(0)
    return has_property(io.dict, key)
end
@inline has_property(::Tuple{}, key::Symbol) = false
@inline has_property(pairs::Tuple, key::Symbol) = getfield(pairs, 1).first === key || has_property(tail(pairs), key)

function getindex(io::IOContext, key::Symbol)
    return haskey(io, key) && (key === :compact || key === :limit || key === :typeinfo) ? get(io, key, nothing) : property_or_error(io.dict, key)
end
property_or_error(::Tuple{}, key::Symbol) = throw(KeyError(key))
function property_or_error(pairs::Tuple, key::Symbol)
    p = getfield(pairs, 1)
    p.first === key && return p.second
    return property_or_error(tail(pairs), key)
end
unwrapcontext(io::IO) = (io, ())
unwrapcontext(io::IOContext) = (io.io, io.dict)

displaysize(io::IOContext) = size_property(io.dict, displaysize(io.io))
@inline size_property(::Tuple{}, default::Tuple{Int,Int}) = default
@inline function size_property(pairs::Tuple, default::Tuple{Int,Int})
    return size_of_pair(getfield(pairs, 1), size_property(tail(pairs), default))
end
size_of_pair(p::Pair, default::Tuple{Int,Int}) = default
size_of_pair(p::Pair{Symbol,Tuple{Int,Int}}, default::Tuple{Int,Int}) = p.first === :displaysize ? p.second : default

# The stream below does the work.
write(io::IOContext, b::UInt8) = write(io.io, b)
unsafe_write(io::IOContext, p::Ptr{UInt8}, n::UInt64) = unsafe_write(io.io, p, n)
byte_sink(io::IOContext) = byte_sink(io.io)
flush_bytes(io::IOContext, b::IOBuffer) = flush_bytes(io.io, b)
function text_sink(io::IOContext{I,T,D}) where {I<:IO,T,D<:Tuple}
    below = text_sink(io.io)
    return IOContext{typeof(below),T,D}(below, io.compact, io.limit, io.dict, io.shown)
end
flush_sink(io::IOContext, sink::IOContext) = flush_sink(io.io, sink.io)
flush(io::IOContext) = flush(io.io)
close(io::IOContext) = close(io.io)
isopen(io::IOContext) = isopen(io.io)
isreadable(io::IOContext) = isreadable(io.io)
iswritable(io::IOContext) = iswritable(io.io)
eof(io::IOContext) = eof(io.io)
read(io::IOContext, ::Type{UInt8}) = read(io.io, UInt8)
