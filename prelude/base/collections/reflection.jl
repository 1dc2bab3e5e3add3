# What programs ask about their modules and functions. Inference answers; only the form is made here.

@inline hasmethod(f, ::Type{T}) where {T<:Tuple} = Core.has_method_for(f, T)
@inline hasmethod(f, types::Tuple) = hasmethod(f, Tuple{types...})
@inline applicable(f, args...) = Core.has_method(f, args...)

# The methods of a function as a list of known length.
struct MethodList
    count::Int
    name::Symbol
end
@inline methods(f) = MethodList(Core.method_count(f), Core.function_name(f))
length(m::MethodList) = m.count
isempty(m::MethodList) = m.count == 0

# The exported names in the order of their texts.
@inline names(m::Module) = exported_names(m, Val(Core.exported_count(m)))
@inline exported_names(m::Module, ::Val{N}) where {N} = collect_names(ntuple(i -> Core.exported_name(m, i), Val(N)))
collect_names(t::Tuple) = Symbol[x for x in t]

@inline fullname(m::Module) = parentmodule(m) === m ? (nameof(m),) : (fullname(parentmodule(m))..., nameof(m))
@inline moduleroot(m::Module) = parentmodule(m) === m ? m : moduleroot(parentmodule(m))

@inline isconst(m::Module, name::Symbol) = Core.is_const_global(m, name)
@inline isconst(::Type{T}, i::Int) where {T} = !ismutabletype(T) || Core.is_const_field(T, i)
@inline isconst(::Type{T}, name::Symbol) where {T} = isconst(T, fieldindex(T, name))
@inline fieldindex(::Type{T}, name::Symbol) where {T} = index_among(fieldnames(T), name, 1)
index_among(::Tuple{}, name::Symbol, i::Int) = throw(ArgumentError(LazyString("no field ", name)))
@inline index_among(names::Tuple, name::Symbol, i::Int) = getfield(names, 1) === name ? i : index_among(tail(names), name, i + 1)
