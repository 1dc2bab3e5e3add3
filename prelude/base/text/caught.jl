# Exceptions that a handler has caught. The thread's error record holds the hash of the type and the
# text that `showerror` prints; the object itself is not kept. What needs more is refused.

struct CaughtException <: Exception
    type::UInt64
    text::String
end

# The record: type hash, length of the text, text.
@noinline function caught_exception()
    record = ccall(:jlift_error_record, Ptr{UInt8}, ())
    type = unsafe_load(Ptr{UInt64}(record))
    len = unsafe_load(Ptr{UInt64}(record + 8))
    return CaughtException(type, unsafe_string(record + 16, len % Int))
end

@noinline throw_caught(e::CaughtException) = throw_record(getfield(e, :type), getfield(e, :text))

# Throws what has a text of its own: `showerror` makes it now, since the object is not kept.
@noinline throw_shown(e) = throw_record(Core.type_hash(typeof(e)), sprint(showerror, e))

@noinline function throw_record(type::UInt64, text::String)
    record = ccall(:jlift_error_record, Ptr{UInt8}, ())
    unsafe_store!(Ptr{UInt64}(record), type)
    len = kept_length(text)
    unsafe_store!(Ptr{UInt64}(record + 8), len % UInt64)
    for i in 1:len
        unsafe_store!(record + 16, codeunit(text, i), i)
    end
    unsafe_store!(record + 16, 0x00, len + 1)
    return ccall(:jlift_fail, Union{}, ())
end

# How many bytes of a text the record has room for: whole characters.
function kept_length(text::String)
    len = ncodeunits(text)
    len <= 1007 && return len
    len = 1007
    while len > 0 && codeunit(text, len + 1) & 0xc0 === 0x80
        len -= 1
    end
    return len
end

@inline caught_isa(e::CaughtException, ::Type{T}) where {T} =
    T isa Union ? caught_isa_any(e, T, Val(Core.union_length(T))) : getfield(e, :type) === Core.type_hash(T)
@inline caught_isa_any(e::CaughtException, ::Type{T}, ::Val{0}) where {T} = false
@inline caught_isa_any(e::CaughtException, ::Type{T}, ::Val{N}) where {T,N} =
    caught_isa(e, Core.union_member(T, N)) || caught_isa_any(e, T, Val(sub_int(N, 1)))

showerror(io::IO, e::CaughtException) = print(io, getfield(e, :text))

# The message behind `Name: `.
function message_after(e::CaughtException, prefix::String)
    text = getfield(e, :text)
    return startswith(text, prefix) ? String(SubString(text, ncodeunits(prefix) + 1)) : text
end

# The types whose text is `Name: msg`, or the message alone.
function caught_message(e::CaughtException)
    caught_isa(e, ErrorException) && return getfield(e, :text)
    caught_isa(e, ArgumentError) && return message_after(e, "ArgumentError: ")
    caught_isa(e, DimensionMismatch) && return message_after(e, "DimensionMismatch: ")
    caught_isa(e, OverflowError) && return message_after(e, "OverflowError: ")
    caught_isa(e, AssertionError) && return message_after(e, "AssertionError: ")
    return nothing
end

function getproperty(e::CaughtException, name::Symbol)
    if name === :msg
        msg = caught_message(e)
        msg === nothing && caught_not_kept(e)
        return msg
    end
    return caught_field(e, Val(name))
end

caught_field(e::CaughtException, ::Val) = caught_not_kept(e)

@noinline caught_not_kept(e::CaughtException) =
    error("jlift keeps of a caught exception its type and its text only; a field of it was asked for")

# As `show` prints the types that are known by their message.
function show(io::IO, e::CaughtException)
    msg = caught_message(e)
    if caught_isa(e, ErrorException)
        print(io, "ErrorException(")
    elseif caught_isa(e, ArgumentError)
        print(io, "ArgumentError(")
    elseif caught_isa(e, DimensionMismatch)
        print(io, "DimensionMismatch(")
    elseif caught_isa(e, OverflowError)
        print(io, "OverflowError(")
    elseif caught_isa(e, AssertionError)
        print(io, "AssertionError(")
    elseif caught_isa(e, DivideError)
        print(io, "DivideError()")
        return nothing
    elseif caught_isa(e, StackOverflowError)
        print(io, "StackOverflowError()")
        return nothing
    elseif caught_isa(e, UndefRefError)
        print(io, "UndefRefError()")
        return nothing
    else
        caught_not_kept(e)
    end
    show(io, something(msg, ""))
    print(io, ")")
    return nothing
end

# What a handler gets of an exception that was thrown with its text only: the exception itself, where
# the text tells all of it.
function recorded_exception()
    e = caught_exception()
    text = getfield(e, :text)
    caught_isa(e, DivideError) && return DivideError()
    caught_isa(e, UndefRefError) && return UndefRefError()
    caught_isa(e, StackOverflowError) && return StackOverflowError()
    caught_isa(e, OutOfMemoryError) && return OutOfMemoryError()
    caught_isa(e, ErrorException) && return ErrorException(text)
    caught_isa(e, ArgumentError) && return ArgumentError(message_after(e, "ArgumentError: "))
    caught_isa(e, DimensionMismatch) && return DimensionMismatch(message_after(e, "DimensionMismatch: "))
    caught_isa(e, OverflowError) && return OverflowError(message_after(e, "OverflowError: "))
    caught_isa(e, UndefVarError) && return UndefVarError(undefined_name(text))
    caught_isa(e, TypeError) && return TypeError(:unknown, Described(message_after(e, "TypeError: ")), nothing)
    caught_isa(e, MethodError) && return MethodError(Described(message_after(e, "MethodError: ")), ())
    return e
end

# Stands for the fields of an exception of which only the text was kept.
struct Described
    text::String
end
show(io::IO, d::Described) = print(io, getfield(d, :text))

# The name between the backticks.
function undefined_name(text::String)
    from = findfirst('`', text)
    from === nothing && return Symbol(text)
    to = findnext('`', text, from + 1)
    to === nothing && return Symbol(text)
    return Symbol(SubString(text, from + 1, to - 1))
end

# For `rethrow()` where nothing is being handled.
rethrow_outside() = ErrorException("rethrow() not allowed outside a catch block")

exception_text(e) = sprint(showerror, e)
