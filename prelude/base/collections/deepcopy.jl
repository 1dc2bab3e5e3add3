# Deep copies: containers with copies of what they hold.
# An object that is reachable in two ways is copied twice, unless one array has it twice: that needs
# support of the runtime.

@inline deepcopy(x) = deepcopy_plain(x, Val{isbitstype(typeof(x))}())
deepcopy_plain(x, ::Val{true}) = x
function deepcopy_plain(x::T, ::Val{false}) where {T}
    fields = ntuple(i -> deepcopy(getfield(x, i)), Val(fieldcount(T)))
    return @splatnew T fields
end
deepcopy(x::Union{String,Symbol,Function,Type,Module,BigInt}) = x
deepcopy(s::SubString) = s
deepcopy(t::Tuple) = map(deepcopy, t)
deepcopy(t::NamedTuple) = map(deepcopy, t)
deepcopy(p::Pair{A,B}) where {A,B} = Pair{A,B}(deepcopy(p.first), deepcopy(p.second))
deepcopy(r::RefValue{T}) where {T} = isassigned(r) ? RefValue{T}(deepcopy(r.x)) : RefValue{T}()
function deepcopy(a::Array{T,N}) where {T,N}
    isbitstype(T) && return copy(a)
    b = Array{T,N}(undef, size(a))
    ismutabletype(T) && return deepcopy_objects!(b, a)
    for i in 1:length(a)
        isassigned(a, i) && (@inbounds b[i] = deepcopy(a[i]))
    end
    return b
end
# An object that the array has several times is copied once: `seen` tells where by its address.
function deepcopy_objects!(b::Array, a::Array)
    seen = Dict{UInt,Int}()
    for i in 1:length(a)
        isassigned(a, i) || continue
        at = get!(seen, object_address(a[i]), i)
        b[i] = at == i ? deepcopy(a[i]) : b[at]
    end
    return b
end
deepcopy(b::BitArray) = copy(b)
function deepcopy(d::AbstractDict)
    e = empty(d)
    for (k, v) in d
        e[deepcopy(k)] = deepcopy(v)
    end
    return e
end
function deepcopy(s::AbstractSet)
    t = empty(s)
    for x in s
        push!(t, deepcopy(x))
    end
    return t
end
