# module: StaticTools
# Objects rebuilt from others so that they hold arrays and strings of C's heap: while a program runs,
# and before it is built.

export StaticContext, DefaultStaticContext, static_type, static_type_contents

# Rules of a program's own are methods for a context of its own.
abstract type StaticContext end
abstract type DefaultStaticContext <: StaticContext end
struct DefaultCtx <: DefaultStaticContext end

static_type(x) = static_type(DefaultCtx(), x)
static_type(::DefaultStaticContext, x::Array) = MallocArray(x)
static_type(::DefaultStaticContext, x::Vector{Vector{T}}) where {T} = MallocArray([MallocArray(v) for v in x])
static_type(::DefaultStaticContext, x::String) = MallocString(x)
static_type(ctx::DefaultStaticContext, x::Tuple) = map(v -> static_type(ctx, v), x)
static_type(::DefaultStaticContext, ::Type{Array{T,N}}) where {T,N} = MallocArray{T,N}
static_type(::DefaultStaticContext, ::Type{Vector{Vector{T}}}) where {T} = MallocVector{MallocVector{T}}
static_type(::DefaultStaticContext, ::Type{String}) = MallocString

# Types and objects with parameters and fields: each of them is rebuilt.
function static_type(ctx::StaticContext, ::Type{T}) where {T}
    (isconcretetype(T) && length(T.parameters) > 0) || return T
    return T.name.wrapper{[static_type(ctx, p) for p in T.parameters]...}
end
function static_type(ctx::StaticContext, x::T) where {T}
    fieldcount(T) == 0 && return x
    types, fields = static_type_contents(ctx, x)
    return length(types) > 0 ? T.name.wrapper{types...}(fields...) : T.name.wrapper(fields...)
end

static_type_contents(x) = static_type_contents(DefaultCtx(), x)
function static_type_contents(ctx::StaticContext, x::T) where {T}
    return Any[static_type(ctx, p) for p in T.parameters], Any[static_type(ctx, getfield(x, i)) for i in 1:fieldcount(T)]
end
