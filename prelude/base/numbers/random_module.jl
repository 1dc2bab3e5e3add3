# module: Random
# The package Random: generators of one's own, shuffles. What is drawn is in random.jl.

import ..Base: rand, randn

export AbstractRNG, Xoshiro, MersenneTwister, TaskLocalRNG, default_rng, rand, randn, rand!, randn!, shuffle, shuffle!, randperm, randstring, randexp, randsubseq, bitrand, randperm!, randcycle, randcycle!

abstract type AbstractRNG end
struct Xoshiro <: AbstractRNG
    state::Vector{UInt64}
    function Xoshiro(seed::Integer)
        state = zeros(UInt64, 4)
        Base.seed_state!(state, seed)
        return new(state)
    end
    Xoshiro() = new(UInt64[Base.random_bits(Base.shared_random_state()) for _ in 1:4])
end
const MersenneTwister = Xoshiro
struct TaskLocalRNG <: AbstractRNG end
Base.getproperty(r::TaskLocalRNG, ::Symbol) = Base.shared_random_state()
default_rng() = TaskLocalRNG()

seed!() = seed!(Int(Base.random_bits(Base.shared_random_state()) >> 1))
function seed!(seed::Integer)
    state = Base.shared_random_state()
    Base.seed_state!(state, seed)
    isdefined(Base, :open_test_sets) && Base.keep_seed!(Base.state_words(state))
    return default_rng()
end
seed!(r::AbstractRNG, seed::Integer) = (Base.seed_state!(r.state, seed); r)

Base.rand(r::AbstractRNG) = Base.random_value(r.state, Float64)
Base.rand(r::AbstractRNG, n::Integer, more::Integer...) = Base.random_filled(r.state, Float64, (n, more...))
Base.rand(r::AbstractRNG, from) = Base.random_value(r.state, from)
Base.rand(r::AbstractRNG, from, n::Integer, more::Integer...) = Base.random_filled(r.state, from, (n, more...))
Base.randn(r::AbstractRNG) = Base.random_normal(r.state)
Base.randn(r::AbstractRNG, n::Integer, more::Integer...) = [Base.random_normal(r.state) for _ in CartesianIndices((n, more...))]

rand!(a::AbstractArray) = rand!(default_rng(), a, eltype(a))
rand!(a::AbstractArray, from) = rand!(default_rng(), a, from)
rand!(r::AbstractRNG, a::AbstractArray) = rand!(r, a, eltype(a))
function rand!(r::AbstractRNG, a::AbstractArray, from)
    for i in eachindex(a)
        a[i] = Base.random_value(r.state, from)
    end
    return a
end
randn!(a::AbstractArray) = randn!(default_rng(), a)
function randn!(r::AbstractRNG, a::AbstractArray)
    for i in eachindex(a)
        a[i] = Base.random_normal(r.state)
    end
    return a
end
randexp() = -log1p(-rand())

shuffle(a) = shuffle(default_rng(), a)
shuffle(r::AbstractRNG, a) = shuffle!(r, collect(a))
shuffle!(a::AbstractArray) = shuffle!(default_rng(), a)
# The places are drawn from as many bits as they need, and again when they are too large.
function shuffle!(r::AbstractRNG, a::AbstractArray)
    mask = UInt64(3)
    for i in 2:length(a)
        j = Base.random_bits(r.state) & mask
        while j >= i
            j = Base.random_bits(r.state) & mask
        end
        k = Int(j) + 1
        a[i], a[k] = a[k], a[i]
        i == mask + 1 && (mask = 2 * mask + 1)
    end
    return a
end
randperm(n::Integer) = randperm(default_rng(), n)
randperm(r::AbstractRNG, n::Integer) = shuffle!(r, collect(1:n))
randperm!(a::AbstractArray) = randperm!(default_rng(), a)
randperm!(r::AbstractRNG, a::AbstractArray) = shuffle!(r, copyto!(a, 1:length(a)))
# A permutation of one cycle: each place trades with one before it.
randcycle(n::Integer) = randcycle(default_rng(), n)
randcycle(r::AbstractRNG, n::Integer) = randcycle!(r, Vector{Int}(undef, n))
randcycle!(a::AbstractArray) = randcycle!(default_rng(), a)
function randcycle!(r::AbstractRNG, a::AbstractArray)
    isempty(a) && return a
    a[1] = 1
    mask = UInt64(3)
    for i in 2:length(a)
        j = Base.random_bits(r.state) & mask
        while j >= i - 1
            j = Base.random_bits(r.state) & mask
        end
        a[i] = a[Int(j)+1]
        a[Int(j)+1] = i
        i == mask + 1 && (mask = 2 * mask + 1)
    end
    return a
end

const LETTERS_AND_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
randstring(n::Integer=8) = randstring(default_rng(), LETTERS_AND_DIGITS, n)
randstring(chars::AbstractString, n::Integer=8) = randstring(default_rng(), chars, n)
randstring(r::AbstractRNG, n::Integer=8) = randstring(r, LETTERS_AND_DIGITS, n)
randstring(chars::AbstractVector, n::Integer=8) = randstring(default_rng(), chars, n)
randstring(r::AbstractRNG, chars, n::Integer=8) = join(rand(r, chars, n))
randsubseq(a::AbstractArray, p::Real) = [x for x in a if rand() < p]
bitrand(n::Integer, more::Integer...) = BitArray(rand(Bool, n, more...))
bitrand(r::AbstractRNG, n::Integer, more::Integer...) = BitArray(rand(r, Bool, n, more...))

Base.:(==)(a::Xoshiro, b::Xoshiro) = a.state == b.state
Base.hash(r::Xoshiro, h::UInt) = hash(r.state, h)
function Base.copy(r::Xoshiro)
    c = Xoshiro(0)
    copyto!(c.state, r.state)
    return c
end
