# module: StaticTools
# Normally distributed numbers: by Box and Muller, by Marsaglia's polar method, by his and Tsang's ziggurat.
# The tables of the last are in ziggurat.jl.

export BoxMuller, MarsagliaPolar, Ziggurat

# Both methods make two numbers at a time; the second one waits in z₁ while n is 1.
mutable struct BoxMuller{T<:UniformStaticRNG,N} <: GaussianStaticRNG{N}
    state::NTuple{N,UInt64}
    z₁::Float64
    n::Int64
end
mutable struct MarsagliaPolar{T<:UniformStaticRNG,N} <: GaussianStaticRNG{N}
    state::NTuple{N,UInt64}
    z₁::Float64
    n::Int64
end
struct Ziggurat{T<:UniformStaticRNG,N} <: GaussianStaticRNG{N}
    urng::T
end
@inline BoxMuller(rng::T) where {N,T<:UniformStaticRNG{N}} = BoxMuller{T,N}(rng.state, 0.0, 0)
@inline BoxMuller(seed::Union{Int64,UInt64,Float64}=time()) = BoxMuller(static_rng(seed))
@inline MarsagliaPolar(rng::T) where {N,T<:UniformStaticRNG{N}} = MarsagliaPolar{T,N}(rng.state, 0.0, 0)
@inline MarsagliaPolar(seed::Union{Int64,UInt64,Float64}=time()) = MarsagliaPolar(static_rng(seed))
@inline Ziggurat(rng::T) where {N,T<:UniformStaticRNG{N}} = Ziggurat{T,N}(rng)
@inline Ziggurat(seed::Union{Int64,UInt64,Float64}=time()) = Ziggurat(static_rng(seed))
@inline Base.rand(rng::Ziggurat) = rand(rng.urng, Float64)
@inline Base.rand(rng::Ziggurat, ::Type{T}) where {T} = rand(rng.urng, T)

# ---- one number

@inline Base.randn(rng::StaticRNG) = randn(rng, Float64)
@inline Base.randn(rng::StaticRNG, ::Type{T}) where {T<:AbstractFloat} = T(randn(rng, Float64))
@inline Base.randn(rng::StaticRNG, ::Type{Float64}) = circle_pair(rng)[2]
@inline function Base.randn(rng::BoxMuller, ::Type{Float64})
    rng.n == 0 || return waiting(rng)
    rng.n = 1
    first, rng.z₁ = circle_pair(rng)
    return first
end
@inline function Base.randn(rng::MarsagliaPolar, ::Type{Float64})
    rng.n == 0 || return waiting(rng)
    rng.n = 1
    rng.z₁, second = polar_pair(rng)
    return second
end
@inline function waiting(rng::GaussianStaticRNG)
    rng.n = 0
    return rng.z₁
end
@noinline function Base.randn(rng::Ziggurat, ::Type{Float64})
    while true
        bits = rand(rng.urng, UInt64) & 0x000fffffffffffff
        size = (bits >> 1) % Int64
        layer = size & 255 + 1
        x = (bits % Bool ? -size : size) * ZIGGURAT_WIDTHS[layer]
        size < ZIGGURAT_LIMITS[layer] && return x
        if layer == 1
            tail = tail_distance(rng.urng)
            return (size >> 8) % Bool ? -ZIGGURAT_EDGE - tail : ZIGGURAT_EDGE + tail
        end
        above, below = ZIGGURAT_HEIGHTS[layer-1], ZIGGURAT_HEIGHTS[layer]
        (above - below) * rand(rng.urng) + below < exp(-0.5 * x * x) && return x
    end
end
# How far beyond the last layer.
@inline function tail_distance(rng)
    while true
        x = -logarithm(rand(rng)) / ZIGGURAT_EDGE
        y = -logarithm(rand(rng))
        y + y > x * x && return x
    end
end

# Sine and cosine of a random angle, times a random radius.
@inline function circle_pair(rng)
    radius = sqrt(-2.0 * logarithm(rand(rng)))
    angle = 6.283185307179586 * rand(rng)
    return radius * ccall(:sin, Float64, (Float64,), angle), radius * ccall(:cos, Float64, (Float64,), angle)
end
# A random point in the unit circle, moved outwards.
@inline function polar_pair(rng)
    u, v = signed_uniform(rng), signed_uniform(rng)
    s = u * u + v * v
    while s > 1.0
        u, v = signed_uniform(rng), signed_uniform(rng)
        s = u * u + v * v
    end
    r = sqrt(-2.0 * logarithm(s) / s)
    return u * r, v * r
end
@inline signed_uniform(rng) = (rand(rng, UInt64) >> 11) * 0x1p-52 - 1.0
@inline logarithm(x::Float64) = ccall(:log, Float64, (Float64,), x)

# ---- arrays: two at a time, and the last of an odd number alone

@inline randn!(rng::BoxMuller, a::DenseArray) = by_pairs!(circle_pair, rng, a)
@inline randn!(rng::MarsagliaPolar, a::DenseArray) = by_pairs!(polar_pair, rng, a)
@inline randn!(rng::UniformStaticRNG, a::DenseArray) = by_pairs!(polar_pair, rng, a)
@inline function randn!(rng::GaussianStaticRNG, a::AbstractArray{T}) where {T}
    for i in eachindex(a)
        a[i] = randn(rng, T)
    end
    return a
end
@inline function by_pairs!(pair::F, rng, a::DenseArray{T}) where {F,T}
    for k in 1:length(a)÷2
        first, second = pair(rng)
        a[2k-1] = first
        a[2k] = second
    end
    isodd(length(a)) && (a[length(a)] = randn(rng, T))
    return a
end
