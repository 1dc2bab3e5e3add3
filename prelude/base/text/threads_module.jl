# module: Base.Threads
# One thread runs everything: what programs ask of threads, and atomic variables.


export nthreads, threadid, Atomic, atomic_add!, atomic_sub!, atomic_xchg!, atomic_max!, atomic_min!, atomic_and!, atomic_or!, atomic_xor!, atomic_cas!

nthreads() = 1
nthreads(pool::Symbol) = 1
threadid() = 1
maxthreadid() = 1

mutable struct Atomic{T}
    value::T
    Atomic{T}(value) where {T} = new{T}(value)
    Atomic{T}() where {T} = new{T}(zero(T))
end
Atomic(value::T) where {T} = Atomic{T}(value)
Base.getindex(x::Atomic) = x.value
Base.setindex!(x::Atomic{T}, v) where {T} = (x.value = convert(T, v); x)

# Each gives the value from before.
@inline function replaced!(x::Atomic{T}, v) where {T}
    old = x.value
    x.value = convert(T, v)
    return old
end
atomic_xchg!(x::Atomic, v) = replaced!(x, v)
atomic_add!(x::Atomic, v) = replaced!(x, x.value + v)
atomic_sub!(x::Atomic, v) = replaced!(x, x.value - v)
atomic_max!(x::Atomic, v) = replaced!(x, max(x.value, v))
atomic_min!(x::Atomic, v) = replaced!(x, min(x.value, v))
atomic_and!(x::Atomic, v) = replaced!(x, x.value & v)
atomic_or!(x::Atomic, v) = replaced!(x, x.value | v)
atomic_xor!(x::Atomic, v) = replaced!(x, xor(x.value, v))
atomic_cas!(x::Atomic, old, new) = x.value === old ? replaced!(x, new) : x.value
