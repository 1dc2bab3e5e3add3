# interpreter and cranelift -O0: p184671(0): ending:
#   interpreter: threw DivideError: integer division error
#   cranelift -O0: threw ArgumentError: bad
mix(h::UInt64, x::UInt64) = (h ⊻ x) * 0x9e3779b97f4a7c15 + (h >> 29)
mix(h::UInt64, x::Union{Int8, Int16, Int32, Int64, UInt8, UInt16, UInt32}) = mix(h, x % UInt64)
mix(h::UInt64, x::Union{Int128, UInt128}) = mix(mix(h, x % UInt64), (x >> 64) % UInt64)
mix(h::UInt64, x::Bool) = mix(h, x ? 0x0000000000000011 : 0x0000000000000007)
mix(h::UInt64, x::Char) = mix(h, UInt32(x))
mix(h::UInt64, ::Nothing) = mix(h, 0x0000000000000003)
mix(h::UInt64, x::Float64) = isnan(x) ? mix(h, 0x7ff8000000000000) : mix(h, reinterpret(UInt64, x))
mix(h::UInt64, x::Float32) = isnan(x) ? mix(h, 0x7fc00000) : mix(h, reinterpret(UInt32, x))
mix(h::UInt64, x::Float16) = isnan(x) ? mix(h, 0x7e00) : mix(h, reinterpret(UInt16, x))
mix(h::UInt64, ::Tuple{}) = mix(h, 0x0000000000000005)
mix(h::UInt64, x::Tuple) = mix(mix(h, x[1]), Base.tail(x))
function mix(h::UInt64, x::String)
    for b in codeunits(x)
        h = mix(h, b)
    end
    mix(h, ncodeunits(x))
end
function mix(h::UInt64, x::Vector)
    for v in x
        h = mix(h, v)
    end
    mix(h, length(x))
end
function p184671(x::Int64)
    h = mix(0x0000000000000001, x)
    try
        v4 = div(typemax(UInt32), UInt32(0))
    finally
        try
            true && throw(ArgumentError("bad"))
        catch v5
        end
    end
    h
end
println(try p184671(0) catch e; typeof(e) end)
