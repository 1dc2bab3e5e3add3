# Numbers as text. The digits are made by the shims of the runtime, directly in the buffer.

show(io::IO, x::Union{Int8,Int16,Int32,Int64,Int128}) = print_decimal(io, x)
show(io::IO, x::Union{UInt8,UInt16,UInt32,UInt64}) = print_hex(io, UInt64(x), 2 * sizeof(x))

function show(io::IO, x::UInt128)
    print_hex(io, (x >> 64) % UInt64, 16)
    return append_hex!(io, x % UInt64, 16)
end

show(io::IO, x::Bool) = write_text(io, typeinfo(io) === Bool ? (x ? "1" : "0") : (x ? "true" : "false"))

print_decimal(io::IO, x::Union{Int8,Int16,Int32}) = print_decimal(io, Int64(x))
print_decimal(io::IO, x::Union{UInt8,UInt16,UInt32}) = print_decimal(io, UInt64(x))
function print_decimal(io::IO, x::Int64)
    b = byte_sink(io)
    p = reserve!(b, 24)
    commit!(b, ccall(Symbol("Shims.append_int64"), Int64, (Ptr{UInt8}, Int64, Int64, Int64), p, 0, 24, x))
    flush_bytes(io, b)
    return nothing
end
function print_decimal(io::IO, x::UInt64)
    b = byte_sink(io)
    p = reserve!(b, 24)
    commit!(b, ccall(Symbol("Shims.append_uint64"), Int64, (Ptr{UInt8}, Int64, Int64, UInt64), p, 0, 24, x))
    flush_bytes(io, b)
    return nothing
end
function print_decimal(io::IO, x::Int128)
    b = byte_sink(io)
    p = reserve!(b, 48)
    commit!(b, ccall(Symbol("Shims.append_int128"), Int64, (Ptr{UInt8}, Int64, Int64, Int128), p, 0, 48, x))
    flush_bytes(io, b)
    return nothing
end
function print_decimal(io::IO, x::UInt128)
    b = byte_sink(io)
    p = reserve!(b, 48)
    commit!(b, ccall(Symbol("Shims.append_uint128"), Int64, (Ptr{UInt8}, Int64, Int64, UInt128), p, 0, 48, x))
    flush_bytes(io, b)
    return nothing
end

function print_hex(io::IO, x::UInt64, digits::Int)
    write_text(io, "0x")
    return append_hex!(io, x, digits)
end
function append_hex!(io::IO, x::UInt64, digits::Int)
    b = byte_sink(io)
    p = reserve!(b, digits)
    commit!(b, ccall(Symbol("Shims.append_hex"), Int64, (Ptr{UInt8}, Int64, Int64, UInt64, Int64), p, 0, digits, x, digits))
    flush_bytes(io, b)
    return nothing
end

# The longest text of a float is "-1.7976931348623157e308" or "Float16(-6.104e-5)".
const FLOAT_ROOM = 40

append_float!(p::Ptr{UInt8}, x::Float64) = ccall(Symbol("Shims.append_float64"), Int64, (Ptr{UInt8}, Int64, Int64, Float64), p, 0, 40, x)
append_float!(p::Ptr{UInt8}, x::Float32) = ccall(Symbol("Shims.append_float32"), Int64, (Ptr{UInt8}, Int64, Int64, Float32), p, 0, 40, x)
append_float!(p::Ptr{UInt8}, x::Float16) = ccall(Symbol("Shims.append_float16"), Int64, (Ptr{UInt8}, Int64, Int64, Float16), p, 0, 40, x)
append_typed!(p::Ptr{UInt8}, x::Float64) = append_float!(p, x)
append_typed!(p::Ptr{UInt8}, x::Float32) = ccall(Symbol("Shims.show_float32"), Int64, (Ptr{UInt8}, Int64, Int64, Float32), p, 0, 40, x)
append_typed!(p::Ptr{UInt8}, x::Float16) = ccall(Symbol("Shims.show_float16"), Int64, (Ptr{UInt8}, Int64, Int64, Float16), p, 0, 40, x)

function show(io::IO, x::T) where {T<:Union{Float16,Float32,Float64}}
    if is_compact(io)
        return print_compact_float(io, x, T === Float32 ? 0x66 : 0x65)
    end
    b = byte_sink(io)
    p = reserve!(b, FLOAT_ROOM)
    if typeinfo(io) === T && T !== Float64
        n = isfinite(x) ? append_untyped!(p, x) : append_float!(p, x)
    else
        n = append_typed!(p, x)
    end
    commit!(b, n)
    flush_bytes(io, b)
    return nothing
end

# As in an array whose type was shown: 1.0 for 1.0f0, but still 1.0f10.
append_untyped!(p::Ptr{UInt8}, x::Union{Float16,Float64}) = append_float!(p, x)
function append_untyped!(p::Ptr{UInt8}, x::Float32)
    n = append_typed!(p, x)
    return load_byte(p, n) === 0x30 && load_byte(p, n - 1) === 0x66 ? n - 2 : n
end

function print_float(io::IO, x::Union{Float16,Float32,Float64})
    if is_compact(io)
        return print_compact_float(io, x, 0x65)
    end
    b = byte_sink(io)
    p = reserve!(b, FLOAT_ROOM)
    commit!(b, append_float!(p, x))
    flush_bytes(io, b)
    return nothing
end

# The shortest digits of a positive finite float: (digits, exponent), the value is digits * 10^exponent.
function shortest_decimal(x::Union{Float16,Float32,Float64})
    scratch = StringVector(FLOAT_ROOM)
    return GC.@preserve scratch read_decimal(vector_bytes(scratch), append_float!(vector_bytes(scratch), x))
end

function read_decimal(p::Ptr{UInt8}, n::Int)
    mant = UInt64(0)
    exponent = 0
    after_point = false
    i = 1
    while i <= n
        c = load_byte(p, i)
        c === 0x65 && break
        if c === 0x2e
            after_point = true
        else
            mant = mant * UInt64(10) + UInt64(c - 0x30)
            after_point && (exponent -= 1)
        end
        i += 1
    end
    if i < n
        i += 1
        negative = load_byte(p, i) === 0x2d
        negative && (i += 1)
        e = 0
        while i <= n
            e = e * 10 + Int(load_byte(p, i) - 0x30)
            i += 1
        end
        exponent += negative ? -e : e
    end
    while mant !== UInt64(0) && mant % UInt64(10) === UInt64(0)
        mant = div(mant, UInt64(10))
        exponent += 1
    end
    return (mant, exponent)
end

# At most six significant digits, rounded from the shortest ones, half to even.
function print_compact_float(io::IO, x::T, marker::UInt8) where {T<:Union{Float16,Float32,Float64}}
    if !isfinite(x) || x == zero(T)
        b = byte_sink(io)
        p = reserve!(b, FLOAT_ROOM)
        commit!(b, append_float!(p, x))
        flush_bytes(io, b)
        return nothing
    end
    mant, exponent = shortest_decimal(abs(x))
    dropped = UInt64(0)
    rest_zero = true
    while mant > UInt64(999999)
        rest_zero &= dropped === UInt64(0)
        dropped = mant % UInt64(10)
        mant = div(mant, UInt64(10))
        exponent += 1
    end
    if dropped > UInt64(5) || (dropped === UInt64(5) && (!rest_zero || mant & UInt64(1) === UInt64(1)))
        mant += UInt64(1)
    end
    while mant % UInt64(10) === UInt64(0)
        mant = div(mant, UInt64(10))
        exponent += 1
    end
    signbit(x) && write(io, 0x2d)
    digits = string(mant)
    count = sizeof(digits)
    point = exponent + count
    if -4 < point <= (T === Float16 ? 3 : 6) && !(point >= count && hides_fraction(abs(Float64(x)), point - count))
        write_fixed(io, digits, count, point)
    else
        write_scientific(io, digits, count, point - 1, marker)
    end
    return nothing
end

# Whether digits before the point were dropped that a reader would take for zeros.
hides_fraction(x::Float64, zeros::Int) = abs(mod(x + 0.05, power_of_ten(zeros)) - 0.05) > 0.05

function power_of_ten(n::Int)
    p = 1.0
    for _ in 1:n
        p *= 10.0
    end
    return p
end

function write_zeros(io::IO, n::Int)
    for _ in 1:n
        write(io, 0x30)
    end
    return nothing
end

function write_fixed(io::IO, digits::String, count::Int, point::Int)
    if point <= 0
        write_text(io, "0.")
        write_zeros(io, -point)
        write_text(io, digits)
    elseif point >= count
        write_text(io, digits)
        write_zeros(io, point - count)
        write_text(io, ".0")
    else
        write_text(io, string_slice(digits, 1, point))
        write(io, 0x2e)
        write_text(io, string_slice(digits, point + 1, count))
    end
    return nothing
end

function write_scientific(io::IO, digits::String, count::Int, exponent::Int, marker::UInt8)
    write(io, codeunit(digits, 1))
    write(io, 0x2e)
    write_text(io, count == 1 ? "0" : string_slice(digits, 2, count))
    write(io, marker)
    print_decimal(io, exponent)
    return nothing
end

function show(io::IO, z::Complex)
    r = real(z)
    i = imag(z)
    compact = is_compact(io)
    show(io, r)
    if signbit(i) && !isnan(i)
        write_text(io, compact ? "-" : " - ")
        show_negated(io, i)
    else
        write_text(io, compact ? "+" : " + ")
        show(io, i)
    end
    ends_in_digit(i) || write(io, 0x2a)
    write_text(io, "im")
    return nothing
end
function show(io::IO, z::Complex{Bool})
    if !real(z) && imag(z)
        write_text(io, "im")
    else
        print(io, "Complex(", real(z), ",", imag(z), ")")
    end
    return nothing
end
show_negated(io::IO, i) = show(io, -i)
function show_negated(io::IO, i::T) where {T<:Union{Int8,Int16,Int32,Int64}}
    return print_decimal(io, -Int128(i))
end
ends_in_digit(i) = false
ends_in_digit(i::Integer) = true
ends_in_digit(i::Bool) = false
ends_in_digit(i::AbstractFloat) = isfinite(i)

function show(io::IO, x::Rational)
    show(io, numerator(x))
    if !(isone(denominator(x)) && nonmissingtype(typeinfo(io)) <: Rational && typeinfo(io) !== Union{})
        write_text(io, "//")
        show(io, denominator(x))
    end
    return nothing
end

show(io::IO, r::AbstractRange) = show_range(io, r)
# What does not move is no range to write with colons.
show(io::IO, r::StepRangeLen) = iszero(step(r)) ? print(io, "StepRangeLen(", repr(first(r)), ", ", repr(step(r)), ", ", repr(length(r)), ")") : show_range(io, r)
show(io::IO, r::AbstractUnitRange) = print(io, first(r), ':', last(r))
show(io::IO, r::IdentityUnitRange) = print(io, "Base.IdentityUnitRange(", r.indices, ")")
function show_range(io::IO, r)
    out = text_sink(io)
    with = with_typeinfo(out, Any)
    show(with, first(r))
    write(out, 0x3a)
    show(with, step(r))
    write(out, 0x3a)
    show(with, last(r))
    flush_sink(io, out)
    return nothing
end
function show(io::IO, r::UnitRange)
    out = text_sink(io)
    with = with_typeinfo(out, Any)
    show(with, first(r))
    write(out, 0x3a)
    show(with, last(r))
    flush_sink(io, out)
    return nothing
end
show(io::IO, r::OneTo) = print(io, "Base.OneTo(", r.stop, ")")
function show(io::IO, r::LinRange{T}) where {T}
    out = text_sink(io)
    print(out, "LinRange{", T, "}(")
    with = with_typeinfo(out, T)
    show(with, first(r))
    write_text(out, ", ")
    show(with, last(r))
    write_text(out, ", ")
    show(out, length(r))
    write(out, 0x29)
    flush_sink(io, out)
    return nothing
end

show(io::IO, ::Irrational{name}) where {name} = write_text(io, String(name))
function show(io::IO, ::MIME_plain, x::Irrational{name}) where {name}
    write_text(io, String(name))
    is_compact(io) || print(io, " = ", first(string(Float64(x)), 15), "...")
    return nothing
end
