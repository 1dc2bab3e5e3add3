# module: StaticTools
# Numbers from texts, as the C library reads them: what follows a number is not looked at.

export argparse, parsedlm

# Room for an address that a C function tells.
mutable struct MemoryBuffer{N,T}
    data::NTuple{N,T}
    @inline MemoryBuffer{N,T}(::UndefInitializer) where {N,T} = new{N,T}()
end
@inline Base.pointer(b::MemoryBuffer{N,T}) where {N,T} = Ptr{T}(pointer_from_objref(b))
@inline load(p::Ptr) = unsafe_load(p)

@inline strtod(text::Ptr{UInt8}, rest::Ptr{Ptr{UInt8}}) = ccall(:strtod, Float64, (Ptr{UInt8}, Ptr{Ptr{UInt8}}), text, rest)
@inline strtol(text::Ptr{UInt8}, rest::Ptr{Ptr{UInt8}}, base::Int32) =
    ccall(:strtol, Int64, (Ptr{UInt8}, Ptr{Ptr{UInt8}}, Int32), text, rest, base)
@inline strtoul(text::Ptr{UInt8}, rest::Ptr{Ptr{UInt8}}, base::Int32) =
    ccall(:strtoul, UInt64, (Ptr{UInt8}, Ptr{Ptr{UInt8}}, Int32), text, rest, base)

# The number, and where the text goes on.
@inline strtod(s) = GC.@preserve s strtod(pointer(s))
@inline strtol(s) = GC.@preserve s strtol(pointer(s))
@inline strtoul(s) = GC.@preserve s strtoul(pointer(s))
@inline function strtod(text::Ptr{UInt8})
    rest = MemoryBuffer{1,Ptr{UInt8}}(undef)
    return (GC.@preserve rest strtod(text, pointer(rest))), rest
end
@inline function strtol(text::Ptr{UInt8}, base::Int32=Int32(10))
    rest = MemoryBuffer{1,Ptr{UInt8}}(undef)
    return (GC.@preserve rest strtol(text, pointer(rest), base)), rest
end
@inline function strtoul(text::Ptr{UInt8}, base::Int32=Int32(10))
    rest = MemoryBuffer{1,Ptr{UInt8}}(undef)
    return (GC.@preserve rest strtoul(text, pointer(rest), base)), rest
end

@inline Base.parse(::Type{Float64}, s::AbstractStaticString) = GC.@preserve s float_at(pointer(s))
@inline Base.parse(::Type{Int64}, s::AbstractStaticString) = GC.@preserve s strtol(pointer(s), Ptr{Ptr{UInt8}}(0), Int32(10))
@inline Base.parse(::Type{UInt64}, s::AbstractStaticString) = GC.@preserve s strtoul(pointer(s), Ptr{Ptr{UInt8}}(0), Int32(10))
@inline Base.parse(::Type{T}, s::AbstractStaticString) where {T<:Union{Float16,Float32}} = T(parse(Float64, s))
@inline Base.parse(::Type{T}, s::AbstractStaticString) where {T<:Integer} = T(parse(Int64, s))
@inline Base.parse(::Type{T}, s::AbstractStaticString) where {T<:Unsigned} = T(parse(UInt64, s))
# No number at all is NaN.
@inline function float_at(text::Ptr{UInt8})
    x, rest = strtod(text)
    return (GC.@preserve rest unsafe_load(pointer(rest)) == text) ? NaN : x
end

# An argument of the program as a number.
@inline argparse(::Type{T}, argv::Ptr{Ptr{UInt8}}, n::Integer) where {T} = parse(T, MallocString(argv, n))

# ---- tables of delimited values

@inline parsedlm(source, delimiter::Char) = parsedlm(Float64, source, delimiter)
@inline function parsedlm(::Type{T}, name::AbstractString, delimiter::Char) where {T}
    fp = open_stream(name, "r")
    table = parsedlm(T, fp, delimiter)
    fclose(fp)
    return table
end
function parsedlm(::Type{T}, fp::Ptr{FILE}, delimiter::Char) where {T}
    if fp == C_NULL
        perror_text("ERROR: File does not exist!")
        return MallocMatrix{T}(undef, 0, 0)
    end
    text = read(fp, MallocString)
    start = 1
    if length(text) > 1 && text[1] == 0xfe && text[2] == 0xff
        perror_text("Warning: Skipping hidden U+FEFF character at start of input file.\n")
        start = 3
    end
    rows, columns = table_size(text, start, delimiter % UInt8)
    table = MallocMatrix{T}(undef, rows, columns)
    fill_table!(table, text, start, delimiter % UInt8)
    free(text)
    return table
end
# Rows, and the most columns of a row. A delimiter at the end of a row begins no column.
function table_size(text::MallocString, start::Int, delimiter::UInt8)
    rows, most, columns = 0, 0, 0
    n = length(text)
    for i in start:n
        byte = text[i]
        if byte == delimiter || byte == 0x0a || i == n
            byte == 0x0a && i > start && text[i-1] == delimiter || (columns += 1)
        end
        if byte == 0x0a || i == n
            rows += 1
            most = max(most, columns)
            columns = 0
        end
    end
    return rows, most
end
# The numbers of each row; columns that it does not have are as texts without a number.
function fill_table!(table::MallocMatrix{T}, text::MallocString, start::Int, delimiter::UInt8) where {T}
    n = length(text)
    at = start
    for i in 1:size(table, 1)
        stop = 0
        ended = false
        for j in 1:size(table, 2)
            if ended
                at = stop
            else
                stop = at
                while stop <= n && text[stop] != delimiter && text[stop] != 0x0a
                    stop += 1
                end
                ended = stop > n || text[stop] == 0x0a
                text[stop] = 0x00
            end
            table[i, j] = parse(T, StringView(text, at:stop-1))
            at = stop + 1
        end
        # What is left of the row is a delimiter at its end.
        while !ended && at <= n
            ended = text[at] == 0x0a
            at += 1
        end
    end
    return table
end
