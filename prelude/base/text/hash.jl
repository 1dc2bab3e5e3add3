# Hashes of strings, symbols and bytes: MurmurHash3 as Julia uses it. Hashes of numbers are with the
# numbers.

@inline rotate_left(x::UInt64, n::Int) = (x << n) | (x >> (64 - n))
@inline function murmur_finish(k::UInt64)
    k ⊻= k >> 33
    k *= 0xff51afd7ed558ccd
    k ⊻= k >> 33
    k *= 0xc4ceb9fe1a85ec53
    return k ⊻ (k >> 33)
end
@inline load_word(p::Ptr{UInt8}, offset::Int) =
    Core.Intrinsics.pointerref(Core.Intrinsics.bitcast(Ptr{UInt64}, byte_offset(p, offset)), 1, 1)

# Up to eight bytes from an offset, first one lowest.
function load_tail(p::Ptr{UInt8}, offset::Int, count::Int)
    k = UInt64(0)
    for i in 1:count
        k |= UInt64(load_byte(p, offset + i)) << (8 * (i - 1))
    end
    return k
end

# The second word of MurmurHash3_x64_128.
function memhash(p::Ptr{UInt8}, n::Int, seed::UInt32)
    c1 = 0x87c37b91114253d5
    c2 = 0x4cf5ad432745937f
    h1 = UInt64(seed)
    h2 = UInt64(seed)
    blocks = n >> 4
    for b in 0:blocks-1
        k1 = load_word(p, 16 * b)
        k2 = load_word(p, 16 * b + 8)
        h1 ⊻= rotate_left(k1 * c1, 31) * c2
        h1 = (rotate_left(h1, 27) + h2) * UInt64(5) + 0x0000000052dce729
        h2 ⊻= rotate_left(k2 * c2, 33) * c1
        h2 = (rotate_left(h2, 31) + h1) * UInt64(5) + 0x0000000038495ab5
    end
    rest = n & 15
    if rest > 8
        h2 ⊻= rotate_left(load_tail(p, 16 * blocks + 8, rest - 8) * c2, 33) * c1
    end
    if rest > 0
        h1 ⊻= rotate_left(load_tail(p, 16 * blocks, min(rest, 8)) * c1, 31) * c2
    end
    h1 ⊻= n % UInt64
    h2 ⊻= n % UInt64
    h1 += h2
    h2 += h1
    h1 = murmur_finish(h1)
    h2 = murmur_finish(h2)
    h1 += h2
    return h2 + h1
end

const STRING_SEED = 0x71e729fd56419c81

function hash(s::String, h::UInt64)
    h += STRING_SEED
    return (GC.@preserve s memhash(string_bytes(s), ncodeunits(s), h % UInt32)) + h
end
function hash(s::SubString{String}, h::UInt64)
    h += STRING_SEED
    p = s.string
    return (GC.@preserve p memhash(pointer(s), ncodeunits(s), h % UInt32)) + h
end
hash(s::AbstractString, h::UInt64) = hash(String(s), h)

objectid(s::Symbol) = symbol_hash(String(s))
objectid(s::String) = hash(s, 0x3f84b14a3b2d1c55)
objectid(x) = ismutable(x) ? hash_uint64(UInt64(pointer_from_objref(x))) : hash(x, 0x3f84b14a3b2d1c55)
symbol_hash(s::String) = hash_64_64(UInt64(0) - ((GC.@preserve s memhash(string_bytes(s), ncodeunits(s), 0xcafe8881)) ⊻ 0xaaaaaaaaaaaaaaaa))
hash(s::Symbol) = objectid(s)
hash(s::Symbol, h::UInt64) = hash_64_64(UInt64(3) * h - objectid(s))
hash(::Missing, h::UInt64) = hash_64_64(UInt64(3) * h - 0xffffffffa6664b10)
hash(::Nothing, h::UInt64) = hash_64_64(UInt64(3) * h - 0xffffffff0e91bd62)
hash(m::Module, h::UInt64) = hash(Core.module_name(m), h)
