# Random numbers: xoshiro256++, seeded by a SHA-256 digest, so that a seed gives the numbers that Julia gives.
# The distributions of normal numbers and whole arrays of 8 and more floats follow other streams than Julia's.

# The words of a generator: its own, or those that all calls without a generator share, which the
# process that runs a program keeps. All of them are zero before the first use.
const RandomState = Union{Vector{UInt64},Ptr{UInt64}}
function shared_random_state()
    p = ccall(:jlift_random_state, Ptr{UInt64}, ())
    if unsafe_load(p, 1) | unsafe_load(p, 2) | unsafe_load(p, 3) | unsafe_load(p, 4) == 0x0000000000000000
        seed_state!(p, (ccall(:getpid, Int32, ()) % UInt64) ⊻ time_ns())
    end
    return p
end
@inline random_word(s::Vector{UInt64}, i::Int) = s[i]
@inline random_word(s::Ptr{UInt64}, i::Int) = unsafe_load(s, i)
@inline set_random_word!(s::Vector{UInt64}, x::UInt64, i::Int) = (s[i] = x; nothing)
@inline set_random_word!(s::Ptr{UInt64}, x::UInt64, i::Int) = (unsafe_store!(s, x, i); nothing)

function random_bits(s::RandomState)
    s0, s1, s2, s3 = random_word(s, 1), random_word(s, 2), random_word(s, 3), random_word(s, 4)
    sum = s0 + s3
    out = ((sum << 23) | (sum >> 41)) + s0
    t = s1 << 17
    s2 = xor(s2, s0)
    s3 = xor(s3, s1)
    s1 = xor(s1, s2)
    s0 = xor(s0, s3)
    s2 = xor(s2, t)
    s3 = (s3 << 45) | (s3 >> 19)
    set_random_word!(s, s0, 1)
    set_random_word!(s, s1, 2)
    set_random_word!(s, s2, 3)
    set_random_word!(s, s3, 4)
    return out
end

# What a program that runs tests was seeded with, which each set of tests begins with: the state after
# the seed, as the first of the open test sets.
seed_is_kept() = !isempty(open_test_sets) && open_test_sets[1] isa Vector{UInt64}
state_words(s::RandomState) = UInt64[random_word(s, k) for k in 1:4]
function set_state_words!(s::RandomState, words::Vector{UInt64})
    for k in 1:4
        set_random_word!(s, words[k], k)
    end
    return nothing
end
kept_seed() = seed_is_kept() ? open_test_sets[1]::Vector{UInt64} : keep_seed!(state_words(shared_random_state()))
function keep_seed!(words::Vector{UInt64})
    seed_is_kept() ? (open_test_sets[1] = words) : pushfirst!(open_test_sets, words)
    return words
end

function seed_state!(s::RandomState, seed::Integer)
    seed >= 0 || throw(DomainError(seed, "`n` must be non-negative."))
    bytes = UInt8[]
    n = seed
    while true
        for k in 0:3
            push!(bytes, ((n >> (8 * k)) & 0xff) % UInt8)
        end
        n >>= 32
        iszero(n) && break
    end
    digest = sha256_digest(bytes)
    for i in 1:4
        word = zero(UInt64)
        for k in 8:-1:1
            word = (word << 8) | digest[8*(i-1)+k]
        end
        set_random_word!(s, word, i)
    end
    return nothing
end

sha256_rounds() = UInt32[
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
]
@inline rotated_right(x::UInt32, n::Int) = (x >> n) | (x << (32 - n))
function sha256_digest(message::Vector{UInt8})
    bytes = copy(message)
    push!(bytes, 0x80)
    while length(bytes) % 64 != 56
        push!(bytes, 0x00)
    end
    bits = UInt64(8 * length(message))
    for k in 7:-1:0
        push!(bytes, ((bits >> (8 * k)) & 0xff) % UInt8)
    end
    h = UInt32[0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19]
    w = zeros(UInt32, 64)
    rounds = sha256_rounds()
    for block in 0:64:length(bytes)-1
        for t in 1:16
            at = block + 4 * t - 3
            w[t] = (UInt32(bytes[at]) << 24) | (UInt32(bytes[at+1]) << 16) | (UInt32(bytes[at+2]) << 8) | UInt32(bytes[at+3])
        end
        for t in 17:64
            a, b = w[t-15], w[t-2]
            low = xor(rotated_right(a, 7), rotated_right(a, 18), a >> 3)
            high = xor(rotated_right(b, 17), rotated_right(b, 19), b >> 10)
            w[t] = w[t-16] + low + w[t-7] + high
        end
        a, b, c, d, e, f, g, last = h[1], h[2], h[3], h[4], h[5], h[6], h[7], h[8]
        for t in 1:64
            first = last + xor(rotated_right(e, 6), rotated_right(e, 11), rotated_right(e, 25)) + xor(e & f, ~e & g) + rounds[t] + w[t]
            second = xor(rotated_right(a, 2), rotated_right(a, 13), rotated_right(a, 22)) + xor(a & b, a & c, b & c)
            last, g, f, e, d, c, b, a = g, f, e, d + first, c, b, a, first + second
        end
        h[1] += a
        h[2] += b
        h[3] += c
        h[4] += d
        h[5] += e
        h[6] += f
        h[7] += g
        h[8] += last
    end
    return UInt8[((word >> (24 - 8 * k)) & 0xff) % UInt8 for word in h for k in 0:3]
end

# ---- one value; `s` is the state of a generator

random_value(s::RandomState, ::Type{Float64}) = Float64(random_bits(s) >> 11) * 1.1102230246251565e-16
random_value(s::RandomState, ::Type{Float32}) = Float32((random_bits(s) >> 40) % UInt32) * 5.9604645f-8
random_value(s::RandomState, ::Type{Bool}) = random_bits(s) >> 63 == 1
random_value(s::RandomState, ::Type{T}) where {T<:Union{Int8,Int16,Int32,Int64,UInt8,UInt16,UInt32,UInt64}} =
    (random_bits(s) >> (64 - 8 * sizeof(T))) % T
random_value(s::RandomState, ::Type{T}) where {T<:Union{Int128,UInt128}} =
    ((UInt128(random_bits(s)) << 64) | random_bits(s)) % T
random_value(s::RandomState, ::Type{Complex{T}}) where {T} = Complex(random_value(s, T), random_value(s, T))
random_value(s::RandomState, ::Type{Char}) = Char(random_value(s, Bool) ? random_below(s, 0xd800) : 0xe000 + random_below(s, 0x102000))

# Below n, each with the same chance (Lemire's multiplication).
function random_below(s::RandomState, count::Integer)
    n = count % UInt64
    product = UInt128(random_bits(s)) * n
    if product % UInt64 < n
        least = (zero(UInt64) - n) % n
        while product % UInt64 < least
            product = UInt128(random_bits(s)) * n
        end
    end
    return (product >> 64) % Int
end

@noinline throw_nothing_to_choose() = throw(ArgumentError("collection must be non-empty"))
random_value(s::RandomState, a::AbstractArray) = isempty(a) ? throw_nothing_to_choose() : a[firstindex(a)+random_below(s, length(a))]
random_value(s::RandomState, t::Tuple) = isempty(t) ? throw_nothing_to_choose() : t[1+random_below(s, length(t))]
random_value(s::RandomState, d::Union{AbstractDict,AbstractSet}) = random_value(s, collect(d))
function random_value(s::RandomState, text::AbstractString)
    return random_value(s, collect(text))
end

# Marsaglia's polar method.
function random_normal(s::RandomState)
    while true
        x = 2 * random_value(s, Float64) - 1
        y = 2 * random_value(s, Float64) - 1
        r = x * x + y * y
        0 < r < 1 && return x * sqrt(-2 * log(r) / r)
    end
end

# ---- what programs call

rand() = random_value(shared_random_state(), Float64)
rand(from) = random_value(shared_random_state(), from)
rand(from::Integer, more::Integer...) = random_filled(shared_random_state(), Float64, (from, more...))
rand(from, n::Integer, more::Integer...) = random_filled(shared_random_state(), from, (n, more...))
rand(from, dims::Tuple) = random_filled(shared_random_state(), from, dims)
function random_filled(s::RandomState, from, dims::Tuple)
    out = Array{random_type(from)}(undef, map(Int, dims)...)
    for i in eachindex(out)
        out[i] = random_value(s, from)
    end
    return out
end
random_type(::Type{T}) where {T} = T
random_type(from) = eltype(from)
random_type(::AbstractString) = Char

randn() = random_normal(shared_random_state())
randn(n::Integer, more::Integer...) = [random_normal(shared_random_state()) for _ in CartesianIndices(map(Int, (n, more...)))]
