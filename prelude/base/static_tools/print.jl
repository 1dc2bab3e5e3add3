# module: StaticTools
# Printing to C's streams. Numbers are formatted by C's own `printf`, so that formats mean what they
# mean there; numbers without a format have one by their type.

export putchar, puts, newline, printf, printdlm

@inline putchar(c::Char) = putchar(UInt8(c))
@inline function putchar(c::UInt8)
    ccall(:putchar, Int32, (Int32,), c % Int32)
    return Int32(0)
end
@inline putchar(fp::Ptr{FILE}, c::Char) = putchar(fp, UInt8(c))
@inline function putchar(fp::Ptr{FILE}, c::UInt8)
    fp == C_NULL && return EOF
    ccall(:fputc, Int32, (Int32, Ptr{FILE}), c % Int32, fp)
    return Int32(0)
end
@inline newline() = putchar(0x0a)
@inline newline(fp::Ptr{FILE}) = putchar(fp, 0x0a)

@inline puts(s) = GC.@preserve s puts(pointer(s))
@inline function puts(s::Ptr{UInt8})
    ccall(:puts, Int32, (Ptr{UInt8},), s)
    return Int32(0)
end
@inline puts(s::StringView) = (printf(s); newline())
@inline puts(fp::Ptr{FILE}, s) = GC.@preserve s puts(fp, pointer(s))
@inline function puts(fp::Ptr{FILE}, s::Ptr{UInt8})
    fp == C_NULL && return EOF
    ccall(:fputs, Int32, (Ptr{UInt8}, Ptr{FILE}), s, fp)
    return newline(fp)
end
@inline puts(fp::Ptr{FILE}, s::StringView) = (printf(fp, s); newline(fp))

# ---- one value by a format

# An argument of a C function with variable arguments, as memory: what `vfprintf` takes in their place.
# Its `va_list` tells where arguments are that found no place in registers, and that no registers are
# left. On x86-64 it begins with two 32-bit offsets (general registers used up from 48 on, floating ones
# from 176), behind which are the addresses of other arguments and of saved registers. On aarch64 it
# begins with the address of other arguments, and ends in two offsets that are not negative when registers
# are used up. One list says both: its first word is the address, whose lower half is 48 or more because
# the argument is there twice, 48 bytes apart; with a small upper half the saved registers are told
# to be where the argument is found.
mutable struct Argument
    copies::NTuple{7,UInt64}
    list::NTuple{4,UInt64}
end
@noinline function print_one(fp::Ptr{FILE}, format::Ptr{UInt8}, word::UInt64)
    none = 0x0000000000000000
    a = Argument((word, none, none, none, none, none, word), (none, none, none, none))
    return GC.@preserve a begin
        start = Ptr{UInt8}(pointer_from_objref(a))
        value = UInt(start)
        value % UInt32 < 0x00000030 && (value += 48)
        a.list = (value, value, value - value >> 32, none)
        ccall(:vfprintf, Int32, (Ptr{FILE}, Ptr{UInt8}, Ptr{UInt8}), fp, format, start + 56)
    end
end

# What C's variable arguments are: integers keep their value, floats are doubles.
@inline argument_word(x::Union{Int8,Int16,Int32,Int64,UInt8,UInt16,UInt32,UInt64,Bool}) = x % UInt64
@inline argument_word(x::AbstractFloat) = reinterpret(UInt64, Float64(x))
@inline argument_word(x::Ptr) = UInt64(UInt(x))

@inline printf(format::Ptr{UInt8}, x::Union{Number,Ptr}) = (print_one(stdoutp(), format, argument_word(x)); Int32(0))
@inline printf(fp::Ptr{FILE}, format::Ptr{UInt8}, x::Union{Number,Ptr}) = print_one(fp, format, argument_word(x))
@inline printf(format::AbstractStaticString, x::Union{Number,Ptr}) = GC.@preserve format printf(pointer(format), x)
@inline printf(fp::Ptr{FILE}, format::AbstractStaticString, x::Union{Number,Ptr}) = GC.@preserve format printf(fp, pointer(format), x)
# Strings go by their address.
@inline printf(format, s) = GC.@preserve format s printf(pointer(format), pointer(s))
@inline printf(fp::Ptr{FILE}, format, s) = GC.@preserve format s printf(fp, pointer(format), pointer(s))

# ---- a text alone, in which only `%%` is a format

@inline printf(s) = GC.@preserve s printf(pointer(s))
@inline printf(s::Ptr{UInt8}) = print_one(stdoutp(), s, 0x0000000000000000)
@inline printf(fp::Ptr{FILE}, s) = GC.@preserve s printf(fp, pointer(s))
@inline printf(fp::Ptr{FILE}, s::Ptr{UInt8}) = print_one(fp, s, 0x0000000000000000)
@inline printf(s::StringView) = printf(stdoutp(), s)
@inline function printf(fp::Ptr{FILE}, s::StringView)
    for i in eachindex(s)
        putchar(fp, s[i])
    end
    return length(s) % Int32
end

# ---- values by their types

@inline format_of(::Type{<:AbstractFloat}) = "%e"
@inline format_of(::Type{<:Integer}) = "%d"
@inline format_of(::Type{<:Ptr}) = "Ptr @0x%016x"
@inline format_of(::Type{UInt64}) = "0x%016x"
@inline format_of(::Type{UInt32}) = "0x%08x"
@inline format_of(::Type{UInt16}) = "0x%04x"
@inline format_of(::Type{UInt8}) = "0x%02x"
@inline format_of(::Type{<:AbstractStaticString}) = "\"%s\""

@inline printed(fp::Ptr{FILE}, x::T) where {T<:Union{Number,Ptr}} = print_one(fp, pointer(format_of(T)), argument_word(x))
@inline printed(fp::Ptr{FILE}, s::T) where {T<:AbstractStaticString} =
    GC.@preserve s print_one(fp, pointer(format_of(T)), argument_word(pointer(s)))

@inline printf(x::Union{Number,Ptr}) = printf(stdoutp(), x)
@inline printf(fp::Ptr{FILE}, x::Union{Number,Ptr}) = (printed(fp, x); Int32(0))

# A vector: an element a line.
@inline printf(v::AbstractVector{<:Union{Number,Ptr,StaticString}}) = printf(stdoutp(), v)
function printf(fp::Ptr{FILE}, v::AbstractVector{<:Union{Number,Ptr,StaticString}})
    for i in eachindex(v)
        printed(fp, @inbounds v[i])
        newline(fp)
    end
    return Int32(0)
end
# A matrix: a row a line, a tabulator behind each element.
@inline printf(m::AbstractMatrix{<:Union{Number,Ptr,StaticString}}) = printf(stdoutp(), m)
@inline printf(fp::Ptr{FILE}, m::AbstractMatrix{<:Union{Number,Ptr,StaticString}}) = print_rows(fp, m, 0x09)
function print_rows(fp::Ptr{FILE}, m::AbstractMatrix, behind::UInt8)
    for i in axes(m, 1)
        for j in axes(m, 2)
            printed(fp, @inbounds m[i, j])
            putchar(fp, behind)
        end
        newline(fp)
    end
    return Int32(0)
end

# A tuple of numbers of one type is shown in parentheses, of others one part after the other.
@inline printf(t::Tuple) = printf(stdoutp(), t)
@inline function printf(fp::Ptr{FILE}, t::NTuple{N,T} where {N}) where {T<:Union{Number,Ptr}}
    putchar(fp, '(')
    for x in t
        printed(fp, x)
        putchar(fp, ',')
        putchar(fp, ' ')
    end
    putchar(fp, ')')
    return newline(fp)
end
@inline printf(fp::Ptr{FILE}, t::Tuple) = (print_parts(fp, t...); Int32(0))
@inline print_parts(fp::Ptr{FILE}) = Int32(0)
@inline print_parts(fp::Ptr{FILE}, first, rest...) = (printf(fp, first); print_parts(fp, rest...))

@inline Base.print(a::Union{DenseStaticArray,AbstractStaticString}) = printf(a)
@inline Base.print(fp::Ptr{FILE}, a::Union{DenseStaticArray,AbstractStaticString}) = printf(fp, a)
@inline Base.println(a::DenseStaticArray) = (printf(a); newline())
@inline Base.println(fp::Ptr{FILE}, a::DenseStaticArray) = (printf(fp, a); newline(fp))
@inline Base.println(s::AbstractStaticString) = puts(s)
@inline Base.println(fp::Ptr{FILE}, s::AbstractStaticString) = puts(fp, s)

# ---- tables of delimited values, in files

@inline function printdlm(name::AbstractString, data, delimiter::Char='\t')
    fp = open_stream(name, "w")
    fp == C_NULL && return EOF
    printdlm(fp, data, delimiter)
    return fclose(fp)
end
@inline printdlm(fp::Ptr{FILE}, v::AbstractVector, delimiter::Char='\t') = printf(fp, v)
@inline printdlm(fp::Ptr{FILE}, m::AbstractMatrix, delimiter::Char='\t') = print_rows(fp, m, delimiter % UInt8)

# ---- complaints: they are printed, and the program goes on

@inline Base.error(s::Union{StaticString,MallocString}) = (perror_text("ERROR: "); perror(s))
@inline warn(s::Union{StaticString,MallocString}) = (perror_text("Warning: "); perror(s))
@inline perror(s::AbstractStaticString) = GC.@preserve s perror(pointer(s))
@inline perror(s::Ptr{UInt8}) = (printf(stderrp(), s); Int32(0))
@inline perror_text(s::String) = GC.@preserve s perror(pointer(s))
