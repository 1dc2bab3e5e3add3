# Named tuples. Names are constants of the type, so that all choices among them are made when the
# code is compiled.

@inline keys(::NamedTuple{names}) where {names} = names
@inline values(nt::NamedTuple) = ntuple(i -> getfield(nt, i), Val(nfields(nt)))
pairs(nt::NamedTuple) = Pairs{Symbol}(nt, keys(nt))
@inline length(nt::NamedTuple) = nfields(nt)
@inline isempty(nt::NamedTuple) = nfields(nt) == 0
@inline firstindex(nt::NamedTuple) = 1
@inline lastindex(nt::NamedTuple) = nfields(nt)
@inline eachindex(nt::NamedTuple) = keys(nt)
eltype(::Type{NamedTuple{names,T}}) where {names,T} = eltype(T)
@inline first(nt::NamedTuple) = getfield(nt, 1)
@inline last(nt::NamedTuple) = getfield(nt, nfields(nt))

@inline getindex(nt::NamedTuple, i::Int) = getfield(nt, i)
@inline getindex(nt::NamedTuple, i::Integer) = getfield(nt, Int(i))
@inline getindex(nt::NamedTuple{names}, name::Symbol) where {names} = value_named(names, values(nt), nt, name)
@inline getindex(nt::NamedTuple, names::Tuple{Vararg{Symbol}}) = NamedTuple{names}(picked(names, nt))
@inline getindex(nt::NamedTuple, names::AbstractVector{Symbol}) = nt[Tuple(names)]
@inline getindex(nt::NamedTuple, ::Colon) = nt
@inline picked(::Tuple{}, nt::NamedTuple) = ()
@inline picked(names::Tuple, nt::NamedTuple) = (getfield(nt, getfield(names, 1)), picked(tail(names), nt)...)
# Compares name by name, so that a name that is known only at run time will do.
@inline value_named(names::Tuple, vals::Tuple, nt, name::Symbol) =
    getfield(names, 1) === name ? getfield(vals, 1) : value_named(tail(names), tail(vals), nt, name)
value_named(::Tuple{}, ::Tuple{}, nt, name::Symbol) = throw_no_field(nt, name)
@noinline throw_no_field(nt, name::Symbol) = throw(ErrorException(string("type NamedTuple has no field ", name)))
@inline haskey(nt::NamedTuple{names}, name::Symbol) where {names} = symbol_among(names, name)
@inline haskey(nt::NamedTuple, i::Integer) = 1 <= i <= nfields(nt)
@inline get(nt::NamedTuple, key::Union{Integer,Symbol}, default) = haskey(nt, key) ? nt[key] : default
@inline get(f::Callable, nt::NamedTuple, key::Union{Integer,Symbol}) = haskey(nt, key) ? nt[key] : f()
NamedTuple{names}(itr) where {names} = NamedTuple{names}(Tuple(itr))
# Fields are taken by their names.
@inline NamedTuple{names}(nt::NamedTuple) where {names} = NamedTuple{names}(picked(names, nt))
@inline NamedTuple{names}(nt::NamedTuple{names}) where {names} = nt
@inline NamedTuple{names,T}(nt::NamedTuple) where {names,T<:Tuple} = NamedTuple{names,T}(picked(names, nt))
@inline NamedTuple{names,T}(nt::NamedTuple{names,T}) where {names,T<:Tuple} = nt
setindex(nt::NamedTuple, v, name::Symbol) = merge(nt, NamedTuple{(name,)}((v,)))
tail(nt::NamedTuple{names}) where {names} = NamedTuple{tail(names)}(tail(values(nt)))
front(nt::NamedTuple{names}) where {names} = NamedTuple{front(names)}(front(values(nt)))
rest_of_named(nt::NamedTuple{names}, ::Val{i}) where {names,i} = nt[tuple_from(names, i)]

@inline iterate(nt::NamedTuple) = nfields(nt) == 0 ? nothing : (getfield(nt, 1), 2)
@inline iterate(nt::NamedTuple, i::Int) = i > nfields(nt) ? nothing : (getfield(nt, i), i + 1)

@inline ==(a::NamedTuple{names}, b::NamedTuple{names}) where {names} = values(a) == values(b)
@inline ==(a::NamedTuple, b::NamedTuple) = false
@inline isequal(a::NamedTuple{names}, b::NamedTuple{names}) where {names} = isequal(values(a), values(b))
@inline isequal(a::NamedTuple, b::NamedTuple) = false
@inline isless(a::NamedTuple{names}, b::NamedTuple{names}) where {names} = isless(values(a), values(b))
hash(nt::NamedTuple, h::UInt) = xor(hash(keys(nt), 0x0000000000000000), hash(values(nt), h))

@inline map(f::F, nt::NamedTuple{names}) where {F,names} = NamedTuple{names}(map(f, values(nt)))
@inline map(f::F, nt::NamedTuple{names}, more::NamedTuple{names}...) where {F,names} =
    NamedTuple{names}(map(f, values(nt), map(values, more)...))
filter(f, nt::NamedTuple) = NamedTuple(filter(p -> f(last(p)), collect(pairs(nt))))

# The names of b that are not among those of a, added to those of a.
@inline merged_names(a::Tuple, ::Tuple{}) = a
@inline merged_names(a::Tuple, b::Tuple) =
    symbol_among(a, getfield(b, 1)) ? merged_names(a, tail(b)) : merged_names((a..., getfield(b, 1)), tail(b))
@inline merged_values(::Tuple{}, a::NamedTuple, b::NamedTuple) = ()
@inline merged_values(names::Tuple, a::NamedTuple, b::NamedTuple) =
    (isdefined(b, getfield(names, 1)) ? getfield(b, getfield(names, 1)) : getfield(a, getfield(names, 1)),
     merged_values(tail(names), a, b)...)

merge(a::NamedTuple) = a
@inline merge(a::NamedTuple{()}, b::NamedTuple) = b
@inline merge(a::NamedTuple, b::NamedTuple{()}) = a
@inline merge(a::NamedTuple{()}, b::NamedTuple{()}) = a
@inline function merge(a::NamedTuple{an}, b::NamedTuple{bn}) where {an,bn}
    names = merged_names(an, bn)
    return NamedTuple{names}(merged_values(names, a, b))
end
@inline merge(a::NamedTuple, b::NamedTuple, more::NamedTuple...) = merge(merge(a, b), more...)
@inline merge(a::NamedTuple, b::Pairs) = merge(a, getfield(b, :data))
function merge(a::NamedTuple, itr)
    for (name, value) in itr
        a = merge(a, NamedTuple{(name,)}((value,)))
    end
    return a
end
# Calls whose types are known only at run time; inference makes named tuples of all others itself.
NamedTuple{names}(elements::Tuple) where {names} = NamedTuple{names,typeof(elements)}(elements)
function NamedTuple{names,T}(elements::Tuple) where {names,T<:Tuple}
    elements isa T && throw(MethodError(NamedTuple{names,T}, (elements,)))
    return NamedTuple{names,T}(convert(T, elements))
end
NamedTuple(itr) = merge(NamedTuple{()}(()), itr)
NamedTuple(nt::NamedTuple) = nt
NamedTuple() = NamedTuple{()}(())

# a without the names of b.
@inline remaining_names(::Tuple{}, b::Tuple) = ()
@inline remaining_names(a::Tuple, b::Tuple) =
    symbol_among(b, getfield(a, 1)) ? remaining_names(tail(a), b) : (getfield(a, 1), remaining_names(tail(a), b)...)
@inline structdiff(a::NamedTuple{an}, b::NamedTuple{bn}) where {an,bn} = nt_without(a, an, bn)
@inline structdiff(a::NamedTuple{an}, ::Type{NamedTuple{bn}}) where {an,bn} = nt_without(a, an, bn)
@inline function nt_without(a::NamedTuple, an::Tuple, bn::Tuple)
    names = remaining_names(an, bn)
    return NamedTuple{names}(picked(names, a))
end

convert(::Type{NamedTuple{names,T}}, nt::NamedTuple{names,T}) where {names,T<:Tuple} = nt
convert(::Type{NamedTuple{names,T}}, nt::NamedTuple{names}) where {names,T<:Tuple} =
    NamedTuple{names,T}(convert(T, values(nt)))
