# Ranges of integers and of other things that can be counted exactly: their types, `a:b`, `a:s:b`,
# ends, length, elements and iteration. Ranges of floats are in float_ranges.jl.

abstract type AbstractRange{T} <: AbstractArray{T,1} end
abstract type OrdinalRange{T,S} <: AbstractRange{T} end
abstract type AbstractUnitRange{T} <: OrdinalRange{T,T} end

struct UnitRange{T<:Real} <: AbstractUnitRange{T}
    start::T
    stop::T
    @inline UnitRange{T}(start::T, stop::T) where {T<:Real} = new{T}(start, unit_range_last(start, stop))
end
@inline UnitRange{T}(start, stop) where {T<:Real} = UnitRange{T}(convert(T, start), convert(T, stop))
@inline UnitRange(start::T, stop::T) where {T<:Real} = UnitRange{T}(start, stop)
UnitRange(start, stop) = UnitRange(promote(start, stop)...)
UnitRange{T}(r::UnitRange{T}) where {T<:Real} = r
UnitRange{T}(r::AbstractUnitRange) where {T<:Real} = UnitRange{T}(first(r), last(r))
UnitRange(r::AbstractUnitRange) = UnitRange(first(r), last(r))
UnitRange{T}(r::AbstractRange) where {T<:Real} = UnitRange{T}(unit_range_of(r))
UnitRange(r::AbstractRange) = unit_range_of(r)
function unit_range_of(r::AbstractRange)
    step(r) == 1 || throw(ArgumentError("cannot construct UnitRange from a range with a step other than one"))
    return UnitRange(first(r), last(r))
end
AbstractUnitRange{T}(r::AbstractUnitRange{T}) where {T} = r
AbstractUnitRange{T}(r::UnitRange) where {T} = UnitRange{T}(r)
AbstractUnitRange{T}(r::OneTo) where {T} = OneTo{T}(r)

# An empty range ends right before its start.
@inline unit_range_last(start::T, stop::T) where {T<:Integer} = ifelse(stop >= start, stop, convert(T, start - oneunit(start)))
@inline unit_range_last(start::Bool, stop::Bool) = stop
@inline unit_range_last(start::T, stop::T) where {T} =
    stop >= start ? convert(T, start + floor(stop - start)) : convert(T, start - oneunit(stop - start))

# The indices of one dimension of an array.
struct OneTo{T<:Integer} <: AbstractUnitRange{T}
    stop::T
    @inline OneTo{T}(stop) where {T<:Integer} = new{T}(ifelse(stop < zero(stop), zero(T), convert(T, stop)))
    @inline function OneTo{T}(r::AbstractRange) where {T<:Integer}
        first(r) == 1 || throw(ArgumentError(LazyString("first element must be 1, got ", first(r))))
        step(r) == 1 || throw(ArgumentError(LazyString("step must be 1, got ", step(r))))
        return new{T}(max(zero(T), convert(T, last(r))))
    end
end
@inline OneTo(stop::T) where {T<:Integer} = OneTo{T}(stop)
OneTo(r::AbstractRange) = OneTo{eltype(r)}(r)
oneto(n) = OneTo(n)

struct StepRange{T,S} <: OrdinalRange{T,S}
    start::T
    step::S
    stop::T
    @inline StepRange{T,S}(start, step, stop) where {T,S} = checked_step_range(StepRange{T,S}, convert(T, start), convert(S, step), convert(T, stop))
    @inline StepRange{T,S}(::Val{:checked}, start::T, step::S, last::T) where {T,S} = new{T,S}(start, step, last)
end
@inline function checked_step_range(::Type{StepRange{T,S}}, start::T, step::S, stop::T) where {T,S}
    step == zero(step) && throw(ArgumentError("step cannot be zero"))
    (T <: AbstractFloat || S <: AbstractFloat) && throw(ArgumentError("StepRange should not be used with floating point"))
    T <: Integer && !isinteger(start + step) && throw(ArgumentError("StepRange{<:Integer} cannot have non-integer step"))
    return StepRange{T,S}(Val(:checked), start, step, step_range_last(start, step, stop))
end
@inline StepRange(start::T, step::S, stop::T) where {T,S} = StepRange{T,S}(start, step, stop)
StepRange(start, step, stop) = step_range_promoted(promote(start, stop)..., step)
step_range_promoted(start, stop, step) = StepRange(start, step, stop)
StepRange{T,S}(r::AbstractRange) where {T,S} = StepRange{T,S}(first(r), step(r), last(r))
StepRange{T,S}(r::StepRange{T,S}) where {T,S} = r
StepRange(r::AbstractUnitRange) = StepRange(first(r), step(r), last(r))

# The last element that start:step:stop reaches; right before start for an empty range.
@inline function step_range_last(start::T, step::S, stop::T) where {T<:Ints,S<:Ints}
    if step > zero(S)
        stop < start && return start - oneunit(T)
        return stop - (unsigned(stop - start) % unsigned(step)) % T
    else
        stop > start && return start + oneunit(T)
        return stop + (unsigned(start - stop) % unsigned(-step)) % T
    end
end
function step_range_last(start::T, step, stop::T) where {T}
    stop == start && return stop
    if (step > zero(step)) != (stop > start)
        return convert(T, start isa Integer ? (step > zero(step) ? start - oneunit(stop - start) : start + oneunit(stop - start)) : start - step)
    end
    return convert(T, stop - rem(stop - start, step))
end

# ---- construction by colon

struct Colon <: Function end
const (:) = Colon()

@inline (::Colon)(a::T, b::T) where {T<:Real} = UnitRange{T}(a, b)
@inline (::Colon)(a::T, b::T) where {T<:AbstractFloat} = (:)(a, oneunit(T), b)
@inline (::Colon)(a::Real, b::Real) = (:)(promote(a, b)...)
(::Colon)(a::T, b::T) where {T} = (:)(a, oftype(b >= a ? b - a : a - b, 1), b)

@inline (::Colon)(a::T, s::T, b::T) where {T<:Real} = StepRange{T,T}(a, s, b)
(::Colon)(a::T, s::T, b::T) where {T<:AbstractFloat} = StepRangeLen(a, s, Int(floor((b - a) / s)) + 1)
@inline (::Colon)(a::T, s::Real, b::T) where {T<:Real} = (:)(promote(a, s, b)...)
@inline (::Colon)(a::Real, s::Real, b::Real) = (:)(promote(a, s, b)...)
(::Colon)(a::T, s, b::T) where {T} = StepRange(a, s, b)

# ---- ends, step and length

@inline first(r::UnitRange) = r.start
@inline last(r::UnitRange) = r.stop
@inline first(r::OneTo{T}) where {T} = oneunit(T)
@inline last(r::OneTo) = r.stop
@inline first(r::StepRange) = r.start
@inline last(r::StepRange) = r.stop
@inline step(r::AbstractUnitRange{T}) where {T} = oneunit(T) - zero(T)
@inline step(r::StepRange) = r.step
@inline step_hp(r::AbstractRange) = step(r)

@inline isempty(r::AbstractUnitRange) = first(r) > last(r)
@inline isempty(r::StepRange) = (r.start != r.stop) & ((r.step > zero(r.step)) != (r.stop > r.start))
@inline isempty(r::AbstractRange) = length(r) == 0

@inline length(r::OneTo{T}) where {T} = T <: Union{SmallSigned,SmallUnsigned} ? Int(r.stop) : r.stop
@inline length(r::AbstractUnitRange{T}) where {T<:WideInteger} = last(r) - first(r) + oneunit(T)
@inline length(r::AbstractUnitRange{T}) where {T<:Union{SmallSigned,SmallUnsigned,Bool}} = Int(last(r)) - Int(first(r)) + 1
length(r::AbstractUnitRange) = Integer(last(r) - first(r) + step(r))
@inline function length(r::OrdinalRange{T}) where {T<:WideInteger}
    s = step(r)
    isempty(r) && return zero(T)
    if s > zero(s)
        return (div(unsigned(last(r) - first(r)), unsigned(s)) % T) + oneunit(T)
    end
    return (div(unsigned(first(r) - last(r)), unsigned(-s)) % T) + oneunit(T)
end
@inline length(r::OrdinalRange{T}) where {T<:Union{SmallSigned,SmallUnsigned}} =
    isempty(r) ? 0 : div(Int(last(r)) - Int(first(r)), Int(step(r))) + 1
length(r::OrdinalRange) = isempty(r) ? 0 : Integer(div(last(r) - first(r), step(r)) + 1)
checked_length(r::AbstractRange) = length(r)

@inline size(r::AbstractRange) = (length(r),)
@inline size(r::AbstractRange, d::Integer) = d == 1 ? length(r) : 1
@inline axes(r::AbstractRange) = (OneTo(length(r)),)
@inline eachindex(r::AbstractRange) = OneTo(length(r))
@inline firstindex(r::AbstractRange) = 1
@inline lastindex(r::AbstractRange) = Int(length(r))
IndexStyle(::Type{<:AbstractRange}) = IndexLinear()
eltype(::Type{<:AbstractRange{T}}) where {T} = T
@inline axes(r::OneTo) = (r,)
@inline eachindex(r::OneTo) = r

minimum(r::AbstractUnitRange) = isempty(r) ? throw(ArgumentError("range must be non-empty")) : first(r)
maximum(r::AbstractUnitRange) = isempty(r) ? throw(ArgumentError("range must be non-empty")) : last(r)
minimum(r::AbstractRange) = isempty(r) ? throw(ArgumentError("range must be non-empty")) : min(first(r), last(r))
maximum(r::AbstractRange) = isempty(r) ? throw(ArgumentError("range must be non-empty")) : max(first(r), last(r))
extrema(r::AbstractRange) = (minimum(r), maximum(r))
argmin(r::AbstractRange) = isempty(r) ? throw(ArgumentError("range must be non-empty")) : step(r) >= zero(step(r)) ? firstindex(r) : lastindex(r)
argmax(r::AbstractRange) = isempty(r) ? throw(ArgumentError("range must be non-empty")) : step(r) > zero(step(r)) ? lastindex(r) : firstindex(r)

# ---- iteration: the state is the element that was given last

@inline iterate(r::AbstractUnitRange) = first(r) > last(r) ? nothing : (first(r), first(r))
@inline function iterate(r::AbstractUnitRange{T}, i) where {T}
    i == last(r) && return nothing
    next = convert(T, i + oneunit(T))
    return (next, next)
end
@inline iterate(r::OrdinalRange) = isempty(r) ? nothing : (first(r), first(r))
@inline function iterate(r::OrdinalRange{T}, i) where {T}
    i == last(r) && return nothing
    next = convert(T, i + step(r))
    return (next, next)
end

# ---- elements

@inline function getindex(r::UnitRange{T}, i::Integer) where {T}
    i isa Bool && throw_bool_index(i)
    x = convert(T, r.start + (i - oneunit(i)))
    @boundscheck (i > 0) & (x <= r.stop) & (x >= r.start) || throw_boundserror(r, i)
    return x
end
@inline function getindex(r::OneTo{T}, i::Integer) where {T}
    i isa Bool && throw_bool_index(i)
    @boundscheck (i > 0) & (i <= r.stop) || throw_boundserror(r, i)
    return convert(T, i)
end
@inline function getindex(r::AbstractRange{T}, i::Integer) where {T}
    i isa Bool && throw_bool_index(i)
    @boundscheck (i > 0) & (i <= length(r)) || throw_boundserror(r, i)
    return unsafe_getindex(r, i)
end
@inline unsafe_getindex(r::OrdinalRange{T}, i::Integer) where {T} = convert(T, first(r) + (i - oneunit(i)) * step(r))
@noinline throw_bool_index(i) = throw(ArgumentError(LazyString("invalid index: ", i, " of type Bool")))

@inline getindex(r::AbstractRange, ::Colon) = r
function getindex(r::AbstractUnitRange, s::AbstractUnitRange{<:Integer})
    eltype(s) === Bool && return range_by_bools(r, s)
    @boundscheck checkbounds(r, s)
    start = oftype(first(r), first(r) + first(s) - oneunit(first(s)))
    return range(start; length=length(s))
end
function getindex(r::OneTo{T}, s::OneTo) where {T}
    @boundscheck checkbounds(r, s)
    return OneTo(convert(T, s.stop))
end
function getindex(r::AbstractUnitRange, s::StepRange{<:Integer})
    @boundscheck checkbounds(r, s)
    start = oftype(first(r), first(r) + first(s) - oneunit(first(s)))
    stop = oftype(start, start + (length(s) - 1) * step(s))
    return StepRange(start, oftype(start - start, step(s)), stop)
end
function getindex(r::StepRange, s::AbstractRange{<:Integer})
    eltype(s) === Bool && return range_by_bools(r, s)
    @boundscheck checkbounds(r, s)
    start = oftype(r.start, r.start + (first(s) - oneunit(first(s))) * step(r))
    st = step(r) * step(s)
    return StepRange(start, st, oftype(start, start + (length(s) - 1) * st))
end
function range_by_bools(r::AbstractRange, s::AbstractRange{Bool})
    length(s) == length(r) || throw(BoundsError(r, s))
    return range(first(s) ? first(r) : last(r); length=count(s))
end
getindex(r::AbstractRange, v::AbstractVector{<:Integer}) = [r[i] for i in v]
getindex(r::AbstractRange, mask::AbstractVector{Bool}) = (checkbounds(r, mask); [r[i] for i in eachindex(mask) if mask[i]])

@inline checkbounds(::Type{Bool}, r::AbstractRange, i::Integer) = 1 <= i <= length(r)
@inline checkbounds(::Type{Bool}, r::AbstractRange, s::AbstractRange{<:Integer}) =
    isempty(s) || (1 <= first(s) <= length(r) && 1 <= last(s) <= length(r))
