# module: StaticTools
# Generators of random bits whose state is their own: SplitMix64 and xoshiro256**, and uniform numbers
# made of their bits. What follows a seed is the same everywhere.

import Random: rand!, randn!

export SplitMix64, Xoshiro256✴︎✴︎, splitmix64, xoshiro256✴︎✴︎, static_rng, rand!, randn!,
    srand, srandn, mrand, mrandn

# N is the number of words of the state.
abstract type StaticRNG{N} end
abstract type UniformStaticRNG{N} <: StaticRNG{N} end
abstract type GaussianStaticRNG{N} <: StaticRNG{N} end

mutable struct SplitMix64 <: UniformStaticRNG{1}
    state::NTuple{1,UInt64}
end
mutable struct Xoshiro256✴︎✴︎ <: UniformStaticRNG{4}
    state::NTuple{4,UInt64}
end
# The bits of a seed count, not its value.
@inline SplitMix64(seed::Union{Int64,UInt64,Float64}=time()) = SplitMix64((reinterpret(UInt64, seed),))
@inline function Xoshiro256✴︎✴︎(seed::Union{Int64,UInt64,Float64}=time())
    words = SplitMix64(seed)
    a = splitmix64(words)
    b = splitmix64(words)
    c = splitmix64(words)
    return Xoshiro256✴︎✴︎((a, b, c, splitmix64(words)))
end
@inline static_rng(seed=time()) = Xoshiro256✴︎✴︎(seed)
@inline Base.pointer(rng::StaticRNG) = Ptr{UInt64}(pointer_from_objref(rng))

# ---- 64 random bits

@inline splitmix64() = splitmix64(SplitMix64())
@inline function splitmix64(rng::StaticRNG{1})
    word = rng.state[1] + 0x9e3779b97f4a7c15
    rng.state = (word,)
    word = (word ⊻ word >> 30) * 0xbf58476d1ce4e5b9
    word = (word ⊻ word >> 27) * 0x94d049bb133111eb
    return word ⊻ word >> 31
end
@inline function xoshiro256✴︎✴︎(rng::StaticRNG{4})
    a, b, c, d = rng.state
    c ⊻= a
    d ⊻= b
    rng.state = (a ⊻ d, b ⊻ c, c ⊻ b << 17, rotated(d, 45))
    return rotated(b * 0x0000000000000005, 7) * 0x0000000000000009
end
@inline rotated(x::UInt64, n::Int) = x << n | x >> (64 - n)

# ---- numbers

@inline Base.rand(rng::StaticRNG) = rand(rng, Float64)
@inline Base.rand(rng::StaticRNG{1}, ::Type{UInt64}) = splitmix64(rng)
@inline Base.rand(rng::StaticRNG{4}, ::Type{UInt64}) = xoshiro256✴︎✴︎(rng)
@inline Base.rand(rng::StaticRNG, ::Type{UInt32}) = (rand(rng, UInt64) >> 32) % UInt32
@inline Base.rand(rng::StaticRNG, ::Type{UInt16}) = (rand(rng, UInt64) >> 48) % UInt16
@inline Base.rand(rng::StaticRNG, ::Type{Int64}) = rand(rng, UInt64) % Int64
@inline Base.rand(rng::StaticRNG, ::Type{Int32}) = rand(rng, UInt32) % Int32
@inline Base.rand(rng::StaticRNG, ::Type{Int16}) = rand(rng, UInt16) % Int16
@inline Base.rand(rng::StaticRNG, ::Type{Float64}) = (rand(rng, UInt64) >> 11) * 0x1p-53
@inline Base.rand(rng::StaticRNG, ::Type{Float32}) = (rand(rng, UInt32) >> 8) * Float32(0x1p-24)
@inline Base.rand(rng::StaticRNG, ::Type{Float16}) = Float16((rand(rng, UInt16) >> 5) * Float32(0x1p-11))

# ---- arrays of them

@inline function rand!(rng::StaticRNG, a::AbstractArray{T}) where {T}
    for i in eachindex(a)
        a[i] = rand(rng, T)
    end
    return a
end

@inline srand(rng::StaticRNG, dims::Int...) = srand(rng, Float64, dims)
@inline srand(rng::StaticRNG, ::Type{T}, dims::Int...) where {T} = srand(rng, T, dims)
@inline srand(rng::StaticRNG, ::Type{T}, dims::NTuple{N,Int}) where {T,N} = rand!(rng, StackArray{T,N}(undef, dims))
@inline srandn(rng::StaticRNG, dims::Int...) = srandn(rng, Float64, dims)
@inline srandn(rng::StaticRNG, ::Type{T}, dims::Int...) where {T} = srandn(rng, T, dims)
@inline srandn(rng::StaticRNG, ::Type{T}, dims::NTuple{N,Int}) where {T,N} = randn!(rng, StackArray{T,N}(undef, dims))
@inline mrand(rng::StaticRNG, dims::Int...) = mrand(rng, Float64, dims)
@inline mrand(rng::StaticRNG, ::Type{T}, dims::Int...) where {T} = mrand(rng, T, dims)
@inline mrand(rng::StaticRNG, ::Type{T}, dims::NTuple{N,Int}) where {T,N} = rand!(rng, MallocArray{T,N}(undef, dims))
@inline mrand(f::Function, args...) = passed(f, mrand(args...))
@inline mrandn(rng::StaticRNG, dims::Int...) = mrandn(rng, Float64, dims)
@inline mrandn(rng::StaticRNG, ::Type{T}, dims::Int...) where {T} = mrandn(rng, T, dims)
@inline mrandn(rng::StaticRNG, ::Type{T}, dims::NTuple{N,Int}) where {T,N} = randn!(rng, MallocArray{T,N}(undef, dims))
@inline mrandn(f::Function, args...) = passed(f, mrandn(args...))
