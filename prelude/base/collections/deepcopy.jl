# Deep copies: of everything that is reachable and can change. What is reachable in two ways is copied
# once; `memo` has the copies by their originals, so that circles end, too.

@inline deepcopy(x) = holds_objects(typeof(x)) ? deepcopy_internal(x, IdDict{Any,Any}()) : x

# Whether values of a type can refer to objects that can change.
@inline holds_objects(::Type{T}) where {T} = !(isbitstype(T) || T <: Union{String,Symbol,Type,Module,BigInt})

@inline deepcopy_internal(x, memo::IdDict) = deepcopy_as(x, memo, Val{kind_of_copy(typeof(x))}())
@inline kind_of_copy(::Type{T}) where {T} = !holds_objects(T) ? 0 : (ismutabletype(T) ? 2 : 1)
deepcopy_as(x, memo::IdDict, ::Val{0}) = x
deepcopy_as(x::T, memo::IdDict, ::Val{1}) where {T} = Base.@splatnew T copied_fields(x, memo)
copied_fields(x, memo::IdDict) = ntuple(i -> deepcopy_field(getfield(x, i), memo), Val(fieldcount(typeof(x))))
# An object is remembered before its fields are copied: they may lead back to it. Those that can only
# be set when it is made are copied before.
function deepcopy_as(x::T, memo::IdDict, ::Val{2}) where {T}
    haskey(memo, x) && return memo[x]::T
    y = Base.@splatnew T first_fields(x, memo, Val(last_const_field(T, Val(fieldcount(T)))))
    memo[x] = y
    copy_fields!(y, x, memo, Val(1), Val(fieldcount(T)))
    return y
end
last_const_field(::Type{T}, ::Val{0}) where {T} = 0
last_const_field(::Type{T}, ::Val{N}) where {T,N} = Core.is_const_field(T, N) ? N : last_const_field(T, Val(N - 1))
first_fields(x, memo::IdDict, ::Val{N}) where {N} =
    ntuple(i -> Core.is_const_field(typeof(x), i) ? deepcopy_field(getfield(x, i), memo) : getfield(x, i), Val(N))
function copy_fields!(y, x::T, memo::IdDict, ::Val{I}, ::Val{N}) where {T,I,N}
    I > N && return nothing
    if !Core.is_const_field(T, I) && isdefined(x, I)
        setfield!(y, I, deepcopy_field(getfield(x, I), memo)::fieldtype(T, I))
    end
    return copy_fields!(y, x, memo, Val(I + 1), Val(N))
end
@inline deepcopy_field(x, memo::IdDict) = holds_objects(typeof(x)) ? deepcopy_internal(x, memo) : x

deepcopy_internal(t::Tuple, memo::IdDict) = map(x -> deepcopy_field(x, memo), t)
deepcopy_internal(s::SubString{String}, memo::IdDict) = s
function deepcopy_internal(a::Array{T,N}, memo::IdDict) where {T,N}
    haskey(memo, a) && return memo[a]::Array{T,N}
    if !holds_objects(T)
        b = copy(a)
        memo[a] = b
        return b
    end
    b = Array{T,N}(undef, size(a))
    memo[a] = b
    for i in 1:length(a)
        isassigned(a, i) && (@inbounds b[i] = deepcopy_field(a[i], memo)::T)
    end
    return b
end
# Dictionaries of copies are made anew: the hash of a copied key may be another one.
function deepcopy_internal(d::Dict{K,V}, memo::IdDict) where {K,V}
    haskey(memo, d) && return memo[d]::Dict{K,V}
    e = Dict{K,V}()
    memo[d] = e
    for (k, v) in d
        e[deepcopy_field(k, memo)] = deepcopy_field(v, memo)
    end
    return e
end
