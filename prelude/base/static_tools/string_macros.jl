# module: StaticTools
# The literals c"…" and m"…": the escapes of C's strings, done when the program is compiled.

export @c_str, @m_str

macro c_str(text)
    return :(StaticString($(literal_bytes(text))))
end
macro m_str(text)
    return :(MallocString($(literal_bytes(text))))
end

# The bytes of a literal and the zero behind them, as a tuple of numbers.
function literal_bytes(text::String)
    bytes = Expr(:tuple)
    n = ncodeunits(text)
    i = 1
    while i <= n
        byte = codeunit(text, i)
        if byte == 0x5c && i < n
            value = escaped(codeunit(text, i + 1))
            if value >= 0
                byte = value % UInt8
                i += 1
            end
        end
        push!(bytes.args, byte)
        i += 1
    end
    push!(bytes.args, 0x00)
    return bytes
end

# What a backslash and this character stand for; -1 if the backslash stands for itself.
function escaped(c::UInt8)
    c == UInt8('0') && return Int(0x00)
    c == UInt8('a') && return Int(0x07)
    c == UInt8('b') && return Int(0x08)
    c == UInt8('t') && return Int(0x09)
    c == UInt8('n') && return Int(0x0a)
    c == UInt8('v') && return Int(0x0b)
    c == UInt8('f') && return Int(0x0c)
    c == UInt8('r') && return Int(0x0d)
    (c == UInt8('\\') || c == UInt8('"') || c == UInt8('\'')) && return Int(c)
    return -1
end
