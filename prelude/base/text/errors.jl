# The exception types and the functions that throw them. Their texts are in showerror.jl.

struct ErrorException <: Exception
    msg::AbstractString
end

struct ArgumentError <: Exception
    msg::AbstractString
end

struct OverflowError <: Exception
    msg::AbstractString
end

struct DivideError <: Exception end
struct UndefRefError <: Exception end
struct StackOverflowError <: Exception end
struct OutOfMemoryError <: Exception end
struct ReadOnlyMemoryError <: Exception end

struct UndefVarError <: Exception
    var::Symbol
end

struct DomainError <: Exception
    val
    msg::AbstractString
    DomainError(val) = new(val, "")
    DomainError(val, msg) = new(val, msg)
end

struct InexactError <: Exception
    func::Symbol
    T
    val
end

struct BoundsError <: Exception
    a
    i
    BoundsError() = new()
    BoundsError(a) = new(a)
    BoundsError(a, i) = new(a, i)
end

struct TypeError <: Exception
    func::Symbol
    context::Union{AbstractString,Symbol}
    expected
    got
    TypeError(func, context, expected, got) = new(func, context, expected, got)
    TypeError(func, expected, got) = new(func, "", expected, got)
end

struct MethodError <: Exception
    f
    args
    world::UInt64
    MethodError(f, args, world) = new(f, args, world)
    MethodError(f, args) = new(f, args, 0xffffffffffffffff)
end

struct DimensionMismatch <: Exception
    msg::AbstractString
end
DimensionMismatch() = DimensionMismatch("")

struct KeyError <: Exception
    key
end

struct AssertionError <: Exception
    msg::AbstractString
end
AssertionError() = AssertionError("")

struct EOFError <: Exception end

struct InterruptException <: Exception end

struct UndefKeywordError <: Exception
    var::Symbol
end

struct StringIndexError <: Exception
    string::AbstractString
    index::Int
end

struct MissingException <: Exception
    msg::AbstractString
end

struct SystemError <: Exception
    prefix::AbstractString
    errnum::Int32
    extrainfo
end
SystemError(prefix::AbstractString, errnum::Integer) = SystemError(prefix, Int32(errnum), nothing)
SystemError(prefix::AbstractString) = SystemError(prefix, Libc.errno(), nothing)

# What an operation on the file system gives that libuv makes for Julia; the code is negative.
struct IOError <: Exception
    msg::AbstractString
    code::Int32
end

struct InvalidStateException <: Exception
    msg::String
    state::Symbol
end

struct CanonicalIndexError <: Exception
    func::String
    type
end

struct LoadError <: Exception
    file::AbstractString
    line::Int
    error
end

struct InitError <: Exception
    mod::Symbol
    error
end

struct CapturedException <: Exception
    ex
    processed_bt
end

@noinline error(s::AbstractString) = throw(ErrorException(s))
@noinline error(xs...) = throw(ErrorException(string(xs...)))

# Throws the exception that is being handled again.
rethrow() = ccall(:jl_rethrow, Union{}, ())
# What is thrown instead takes the place of what is being handled.
function rethrow(e)
    Core.exceptions_are_objects() && ccall(:jlift_end_handler, Nothing, (Int64,), ccall(:jlift_handled_exceptions, Int64, ()) - 1)
    throw(e)
end

# Out of line, so that the functions which check stay small.
@noinline throw_boundserror(A, I) = throw(BoundsError(bounds_subject(A), I))
# A library joins the text of an exception where it is thrown, and knows arrays and ranges of numbers there; of other arrays
# it gets the text of `summary`, in parts.
@inline bounds_subject(a) = a
@inline bounds_subject(a::Union{Array,UnitRange{Int}}) = a
@inline bounds_subject(s::SubString) = Core.exceptions_are_objects() ? s : LazyString(ncodeunits(s), "-codeunit ", typeof(s))
@inline bounds_subject(a::AbstractArray) = Core.exceptions_are_objects() ? a : LazyString(described_size(size(a))..., described_kind(a)...)
@inline described_size(::Tuple{}) = ("0-dimensional ",)
@inline described_size(d::Tuple{Int}) = (getfield(d, 1), "-element ")
@inline described_size(d::Tuple) = (described_dims(d)..., " ")
@inline described_dims(d::Tuple{Int}) = d
@inline described_dims(d::Tuple) = (getfield(d, 1), "×", described_dims(tail(d))...)
@inline described_kind(a) = (typeof(a),)
@inline described_kind(v::Union{SubArray,ReshapedArray}) = (described_parent(v)..., " with eltype ", eltype(v))
@inline described_parent(a) = ("::", typeof(a))
@inline described_parent(v::SubArray) = ("view(", described_parent(parent(v))..., described_indices(parentindices(v))..., ")")
@inline described_kind(a::Union{PermutedDimsArray,ReinterpretArray}) = (described_parent(a)..., " with eltype ", eltype(a))
@inline described_kind(a::ReinterpretArray{T,N,S,A,false}) where {T,N,S,A} = described_parent(a)
@inline described_parent(a::PermutedDimsArray{T,N,perm}) where {T,N,perm} = ("PermutedDimsArray(", described_parent(parent(a))..., ", ", perm, ")")
@inline described_parent(a::ReinterpretArray{T,N,S,A,false}) where {T,N,S,A} = ("reinterpret(", T, ", ", described_parent(parent(a))..., ")")
@inline described_parent(a::ReinterpretArray{T,N,S,A,true}) where {T,N,S,A} = ("reinterpret(reshape, ", T, ", ", described_parent(parent(a))..., ")")
@inline described_parent(a::ReshapedArray) = ("reshape(", described_parent(parent(a))..., described_indices(size(a))..., ")")
@inline described_indices(::Tuple{}) = ()
@inline described_indices(i::Tuple) = (", ", described_index(getfield(i, 1))..., described_indices(tail(i))...)
@inline described_index(i::Int) = (i,)
@inline described_index(::Slice) = (":",)
@inline described_index(r::UnitRange{Int}) = (first(r), ":", last(r))
@inline described_index(r::StepRange{Int,Int}) = (first(r), ":", step(r), ":", last(r))
@inline described_index(i) = (string(i),)
@noinline throw_inexacterror(f::Symbol, ::Type{T}, x) where {T} = throw(InexactError(f, T, x))
@noinline throw_domerr(x, msg) = throw(DomainError(x, msg))
@noinline throw_argerror(msg) = throw(ArgumentError(msg))
@noinline throw_overflowerr_binaryop(op::Symbol, x, y) =
    throw(OverflowError(LazyString(x, " ", op, " ", y, " overflowed for type ", typeof(x))))
@noinline throw_overflowerr_negation(x) =
    throw(OverflowError(LazyString("checked arithmetic: cannot compute -x for x = ", x, "::", typeof(x))))
@noinline throw_dim_mismatch(msg) = throw(DimensionMismatch(msg))
@noinline throw_keyerror(key) = throw(KeyError(key))
@noinline throw_assertion(msg) = throw(AssertionError(msg))
@noinline throw_eof() = throw(EOFError())
@noinline function throw_string_index(s::AbstractString, i::Int)
    Core.exceptions_are_objects() && throw(StringIndexError(s, i))
    throw(StringIndexError(LazyString(sprint_in(nothing, write_near_indices, s, i)), i))
end

string_index_err(s::AbstractString, i::Integer) = throw_string_index(s, Int(i))

# What a keyword method calls when it got keywords that it does not have.
@noinline kwerr(kw, args...) = throw(MethodError(Core.kwcall, (kw, args...)))

systemerror(p, failed::Bool) = failed ? throw(SystemError(p, Libc.errno())) : nothing
