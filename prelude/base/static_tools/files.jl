# module: StaticTools
# C's streams: opening, seeking, bytes in and out. A stream at no address answers as one that failed.

export stdinp, stdoutp, stderrp, fopen, fclose, ftell, fseek, frewind, SEEK_SET, SEEK_CUR, SEEK_END,
    getchar, getc, gets!, readline!, fread!, fwrite

const SEEK_SET = Int32(0)
const SEEK_CUR = Int32(1)
const SEEK_END = Int32(2)
const EOF = Int32(-1)

@inline stdinp() = unsafe_load(cglobal(:stdin, Ptr{FILE}))
@inline stdoutp() = unsafe_load(cglobal(:stdout, Ptr{FILE}))
@inline stderrp() = unsafe_load(cglobal(:stderr, Ptr{FILE}))

@inline fopen(name, mode) = GC.@preserve name mode fopen(pointer(name), pointer(mode))
@inline fopen(name::Ptr{UInt8}, mode::Ptr{UInt8}) = ccall(:fopen, Ptr{FILE}, (Ptr{UInt8}, Ptr{UInt8}), name, mode)
@inline fclose(fp::Ptr{FILE}) = fp == C_NULL ? EOF : ccall(:fclose, Int32, (Ptr{FILE},), fp)
@inline ftell(fp::Ptr{FILE}) = fp == C_NULL ? -1 : ccall(:ftell, Int64, (Ptr{FILE},), fp)
@inline function fseek(fp::Ptr{FILE}, offset::Int64, whence::Int32=SEEK_CUR)
    (fp == C_NULL || whence < SEEK_SET || whence > SEEK_END) && return EOF
    return ccall(:fseek, Int32, (Ptr{FILE}, Int64, Int32), fp, offset, whence)
end
@inline frewind(fp::Ptr{FILE}) = fseek(fp, 0, SEEK_SET)

# ---- characters and lines

@inline getchar() = ccall(:getchar, Int32, ()) % UInt8
@inline getc(fp::Ptr{FILE}) = fp == C_NULL ? EOF : ccall(:fgetc, Int32, (Ptr{FILE},), fp)
@inline Base.read(fp::Ptr{FILE}, ::Type{UInt8}) = getc(fp) % UInt8

# Up to n bytes of a line, its end included; no address at the end of the file.
@inline gets!(s::MallocString, fp::Ptr{FILE}, n::Integer=length(s)) =
    ccall(:fgets, Ptr{UInt8}, (Ptr{UInt8}, Int32, Ptr{FILE}), s.pointer, n % Int32 + Int32(1), fp)
const readline! = gets!

# A line without its end, as a string to be freed: its length is counted before it is read again.
function Base.readline(fp::Ptr{FILE})
    n = 0
    c = getc(fp)
    while c > 0 && c != 0x0d && c != 0x0a
        n += 1
        c = getc(fp)
    end
    fseek(fp, (c < 0) - n - 1)
    line = MallocString(undef, n + 1)
    if n > 0
        gets!(line, fp, n)
        fseek(fp, 1)
    end
    return line
end

# ---- blocks of bytes, in elements of one size

@inline fread!(to::Ptr{UInt8}, fp::Ptr{FILE}, size::Int64, n::Int64) =
    ccall(:fread, UInt64, (Ptr{UInt8}, UInt64, UInt64, Ptr{FILE}), to, size % UInt64, n % UInt64, fp) % Int64
@inline function fread!(to, fp::Ptr{FILE}, size, n)
    GC.@preserve to fread!(Ptr{UInt8}(pointer(to)), fp, Int(size), Int(n))
    return to
end
@inline fread!(to::AbstractString, fp::Ptr{FILE}, n=length(to)) = fread!(to, fp, 1, n)
@inline fread!(to::DenseArray{T}, fp::Ptr{FILE}, n=length(to)) where {T} = fread!(to, fp, sizeof(T), n)
@inline function fread!(to, name::AbstractString, more...)
    fp = open_stream(name, "rb")
    fp == C_NULL && return to
    fread!(to, fp, more...)
    fclose(fp)
    return to
end

@inline fwrite(fp::Ptr{FILE}, from::Ptr{UInt8}, size::Int64, n::Int64) =
    ccall(:fwrite, UInt64, (Ptr{UInt8}, UInt64, UInt64, Ptr{FILE}), from, size % UInt64, n % UInt64, fp) % Int64
@inline fwrite(fp::Ptr{FILE}, from, size::Int64, n::Int64) = GC.@preserve from fwrite(fp, Ptr{UInt8}(pointer(from)), size, n)
@inline fwrite(fp::Ptr{FILE}, from::AbstractString) = fwrite(fp, from, 1, length(from))
@inline fwrite(fp::Ptr{FILE}, from::AbstractArray{T}) where {T} = fwrite(fp, from, sizeof(T), length(from))
@inline function fwrite(name::AbstractString, from...)
    fp = open_stream(name, "wb")
    fp == C_NULL && return 0
    written = fwrite(fp, from...)
    fclose(fp)
    return written
end
@inline Base.write(to::Union{AbstractStaticString,Ptr{FILE}}, from::Union{DenseStaticArray,AbstractStaticString}) = fwrite(to, from)

@inline open_stream(name::AbstractString, mode::String) = GC.@preserve name mode fopen(pointer(name), pointer(mode))

# ---- whole files, as arrays and strings to be freed

function Base.read(fp::Ptr{FILE}, ::Type{MallocString})
    n = rewound_size(fp)
    text = MallocString(undef, n + 1)
    fread!(text, fp, n)
    return text
end
function Base.read(fp::Ptr{FILE}, ::Type{MallocArray{T}}) where {T}
    n = rewound_size(fp) ÷ sizeof(T)
    a = MallocArray{T}(undef, n)
    fread!(a, fp, n)
    return a
end
@inline function Base.read(name::AbstractStaticString, ::Type{R}) where {R<:Union{MallocString,MallocArray}}
    fp = open_stream(name, "rb")
    found = read(fp, R)
    fclose(fp)
    return found
end
# The bytes of a file, whose first one is read next; none if there is no file.
function rewound_size(fp::Ptr{FILE})
    fseek(fp, 0, SEEK_END)
    n = ftell(fp)
    frewind(fp)
    return max(n, 0)
end
