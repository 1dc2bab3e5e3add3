# Identity of objects: their address, and the hash of values that are equal only if identical.

@inline object_address(x) = ccall(:jlift_object_address, UInt, (Any,), x)

hash(x, h::UInt) = identity_hash(x, h)
@inline identity_hash(x::T, h::UInt) where {T} =
    ismutabletype(T) ? hash(object_address(x), h) :
        hash_fields(x, xor(h + 0x5f3c1b6d9e24a781, Core.type_hash(T)), Val(1), Val(fieldcount(T)))

# `===` of immutable structs that contain themselves, and so are objects, or hold references to values of any type.
@inline egal_by_fields(a, b) = false
function egal_by_fields(a::T, b::T) where {T}
    Core.compares_by_fields(T) || return a === b
    Core.is_shared_value(T) && object_address(a) === object_address(b) && return true
    return same_fields(a, b, Val(1), Val(fieldcount(T)))
end
@inline function same_fields(a, b, ::Val{I}, ::Val{N}) where {I,N}
    I > N && return true
    isdefined(a, I) === isdefined(b, I) || return false
    isdefined(a, I) && (getfield(a, I) === getfield(b, I) || return false)
    return same_fields(a, b, Val(add_int(I, 1)), Val(N))
end
@inline hash(::Type{T}, h::UInt) where {T} = hash(Core.type_hash(T), h + 0x3d7a60c2b51e98f4)
@inline function hash_fields(x, h::UInt, ::Val{I}, ::Val{N}) where {I,N}
    I > N && return h
    return hash_fields(x, hash(getfield(x, I), h)::UInt, Val(add_int(I, 1)), Val(N))
end
