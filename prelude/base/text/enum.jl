# Enumerations: what `@enum` leaves to the library. Each type is a primitive one, whose bits are the
# value; `enum_symbol` gives the name of a value.

abstract type Enum{T<:Integer} end

function enum_symbol end
function instances end

@noinline enum_argument_error(name::Symbol, x) = throw(ArgumentError(LazyString("invalid value for Enum ", name, ": ", x)))

@inline enum_value(x::Enum{T}) where {T<:Integer} = Core.Intrinsics.bitcast(T, x)

Integer(x::Enum) = enum_value(x)
Int8(x::Enum) = Int8(enum_value(x))
Int16(x::Enum) = Int16(enum_value(x))
Int32(x::Enum) = Int32(enum_value(x))
Int64(x::Enum) = Int64(enum_value(x))
UInt8(x::Enum) = UInt8(enum_value(x))
UInt16(x::Enum) = UInt16(enum_value(x))
UInt32(x::Enum) = UInt32(enum_value(x))
UInt64(x::Enum) = UInt64(enum_value(x))
convert(::Type{T}, x::Enum) where {T<:Integer} = T(enum_value(x))
rem(x::Enum, ::Type{T}) where {T<:Integer} = enum_value(x) % T

isless(a::T, b::T) where {T<:Enum} = isless(enum_value(a), enum_value(b))
<(a::T, b::T) where {T<:Enum} = enum_value(a) < enum_value(b)
hash(x::Enum, h::UInt64) = hash(enum_value(x), h)
Symbol(x::Enum) = enum_symbol(x)
broadcastable(x::Enum) = Ref(x)

print(io::IO, x::Enum) = write_text(io, String(enum_symbol(x)))
# Shown, a value has its module, unless the program has the name too.
function show(io::IO, x::Enum)
    show_enum_module(io, x, Val{parentmodule(typeof(x)) === Main}())
    write_text(io, String(enum_symbol(x)))
    return nothing
end
show_enum_module(io::IO, x::Enum, ::Val{true}) = nothing
function show_enum_module(io::IO, x::Enum, ::Val{false})
    (is_compact(io) || enum_is_visible(x)) && return nothing
    show(io, parentmodule(typeof(x)))
    write(io, 0x2e)
    return nothing
end
# In outputs names are not looked up: the values are where their type is.
enum_is_visible(x::Enum) =
    Core.exceptions_are_objects() ? isdefined(Main, enum_symbol(x)) && getglobal(Main, enum_symbol(x)) === x : !startswith(Core.type_string(typeof(x)), "Main.")
function show(io::IO, ::MIME_plain, x::Enum)
    print(io, enum_symbol(x), "::")
    show(with_compact(io), typeof(x))
    write_text(io, " = ")
    show(io, enum_value(x))
    return nothing
end
function show(io::IO, ::MIME_plain, ::Type{E}) where {E<:Enum}
    isconcretetype(E) || return show(io, E)
    print(io, "Enum ", E, ":")
    for x in instances(E)
        print(io, "\n", x, " = ")
        show(io, enum_value(x))
    end
    return nothing
end
