# What programs read of types as values: parameters, names, types of fields, members of unions.

# A list of types and values.
struct SimpleVector{T<:Tuple}
    elements::T
end
@inline simple_vector(xs...) = SimpleVector(xs)
@inline length(v::SimpleVector) = nfields(getfield(v, :elements))
@inline getindex(v::SimpleVector, i::Int) = getfield(v, :elements)[i]
getindex(v::SimpleVector, i::AbstractArray) = Any[v[j] for j in i]
# Types beside other values: what comes is anything.
@inline iterate(v::SimpleVector{T}) where {T} = holds_types(T) ? iterate_any(v, 1) : iterate(getfield(v, :elements))
@inline iterate(v::SimpleVector{T}, state::Int) where {T} = holds_types(T) ? iterate_any(v, state) : iterate(getfield(v, :elements), state)
iterate_any(v::SimpleVector, i::Int) = i > length(v) ? nothing : (Box(v[i]).contents, i + 1)
@inline holds_types(::Type{T}) where {T} = !isconcretetype(eltype(T))
eltype(::Type{<:SimpleVector}) = Any
firstindex(::SimpleVector) = 1
@inline lastindex(v::SimpleVector) = length(v)
eachindex(v::SimpleVector) = 1:length(v)
isempty(v::SimpleVector) = length(v) == 0
==(a::SimpleVector, b::SimpleVector) = getfield(a, :elements) == getfield(b, :elements)
hash(v::SimpleVector, h::UInt) = hash(getfield(v, :elements), h)
function show(io::IO, v::SimpleVector)
    print(io, "svec(")
    join(io, map(repr, getfield(v, :elements)), ", ")
    print(io, ")")
    return nothing
end

# What all applications of a parametric type share.
struct TypeName
    name::Symbol
    var"module"::Module
    wrapper
end
show(io::IO, t::TypeName) = print(io, "typename(", getfield(t, :name), ")")
==(a::TypeName, b::TypeName) = getfield(a, :wrapper) === getfield(b, :wrapper)

# The variable of a type with open parameters.
struct TypeVar
    name::Symbol
    lb
    ub
end
function show(io::IO, v::TypeVar)
    getfield(v, :lb) === Union{} || print(io, getfield(v, :lb), "<:")
    print(io, getfield(v, :name))
    getfield(v, :ub) === Any || print(io, "<:", getfield(v, :ub))
    return nothing
end

@inline unwrap_unionall(::Type{T}) where {T} = Core.is_unionall(T) ? unwrap_unionall(Core.unionall_body(T)) : T

@inline typename(::Type{T}) where {T} = TypeName(nameof(T), parentmodule(T), Core.type_wrapper(T))

@inline type_parameters(::Type{T}) where {T} =
    SimpleVector(ntuple(i -> Core.type_parameter(T, i), Val(Core.type_parameter_count(T))))

@inline function getproperty(::Type{T}, field::Symbol) where {T}
    field === :parameters && return type_parameters(T)
    field === :name && return typename(T)
    field === :types && return SimpleVector(fieldtypes(T))
    field === :super && return supertype(T)
    field === :instance && Core.issingletontype(T) && return Core.singleton_instance(T)
    if Core.is_unionall(T)
        field === :var &&
            return TypeVar(Core.unionall_name(T), Core.unionall_bound(T, 1), Core.unionall_bound(T, 2))
        field === :body && return Core.unionall_body(T)
    end
    if Core.union_length(T) > 1
        field === :a && return Core.union_member(T, 1)
        field === :b && return union_from(T, Val(2))
    end
    throw_no_type_field(T, field)
end
@noinline throw_no_type_field(::Type{T}, field::Symbol) where {T} =
    error("type ", typeof(T), " has no field ", field)

# The union of the members from the i-th on.
@inline union_from(::Type{T}, ::Val{i}) where {T,i} =
    i == Core.union_length(T) ? Core.union_member(T, i) : Union{Core.union_member(T, i),union_from(T, Val(i + 1))}

# The types that a union is made of.
uniontypes(::Type{Union{}}) = Any[]
function uniontypes(::Type{T}) where {T}
    Core.union_length(T) > 1 || return Any[T]
    return Any[m for m in ntuple(i -> Core.union_member(T, i), Val(Core.union_length(T)))]
end

# In bytes; fields count from 1.
function fieldoffset(::Type{T}, i::Integer) where {T}
    1 <= i <= fieldcount(T) || throw(BoundsError(T, Int(i)))
    return offset_of(T, Int(i), Val(fieldcount(T)))
end
@inline offset_of(::Type{T}, i::Int, ::Val{N}) where {T,N} =
    i == N ? Core.fieldoffset(T, N) : offset_of(T, i, Val(sub_int(N, 1)))

# `a >: b`
var">:"(a, b) = b <: a
