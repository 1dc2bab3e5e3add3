# What is done with ranges as wholes: comparison, membership, arithmetic, reversal, sums, sets.

# ---- comparison

@inline ==(a::AbstractUnitRange, b::AbstractUnitRange) =
    (isempty(a) & isempty(b)) | ((first(a) == first(b)) & (last(a) == last(b)))
@inline ==(a::OneTo, b::OneTo) = a.stop == b.stop
function ==(a::AbstractRange, b::AbstractRange)
    n = length(a)
    n == length(b) || return false
    n == 0 && return true
    first(a) == first(b) || return false
    n == 1 && return true
    a isa OrdinalRange && b isa OrdinalRange && return step(a) == step(b)
    return equal_in_turn(a, b)
end
function equal_in_turn(a, b)
    for (x, y) in zip(a, b)
        x == y || return false
    end
    return true
end
isequal(a::AbstractRange, b::AbstractRange) = a == b

# ---- membership

@inline in(x::Integer, r::AbstractUnitRange{<:Integer}) = (first(r) <= x) & (x <= last(r))
@inline in(x::Real, r::AbstractUnitRange{<:Integer}) = isinteger(x) && (first(r) <= x) & (x <= last(r))
@inline in(x::Integer, r::StepRange{<:Integer}) =
    !isempty(r) && min(first(r), last(r)) <= x <= max(first(r), last(r)) && mod(convert(eltype(r), x), step(r)) - mod(first(r), step(r)) == 0
in(x::Real, r::StepRange{<:Integer}) = isinteger(x) && in_by_rounding(x, r)
in(x::Real, r::AbstractRange{<:Real}) = in_by_rounding(x, r)
in(x::AbstractChar, r::StepRange{<:AbstractChar,<:Integer}) =
    !isempty(r) && min(first(r), last(r)) <= x <= max(first(r), last(r)) && rem(x - first(r), step(r)) == 0
# The nearest element, by the position that x would have, is compared.
function in_by_rounding(x, r::AbstractRange)
    isempty(r) && return false
    min(first(r), last(r)) <= x <= max(first(r), last(r)) || return false
    step(r) == 0 && return first(r) == x
    n = round(Integer, (x - first(r)) / step(r)) + 1
    return 1 <= n <= length(r) && r[n] == x
end

# ---- arithmetic

-(r::OrdinalRange) = range(-first(r); step=negated(step(r)), length=length(r))
-(r::StepRangeLen{T,R,S,L}) where {T,R,S,L} = StepRangeLen{T,R,S,L}(-r.ref, -r.step, r.len, r.offset)
-(r::LinRange) = LinRange(-r.start, -r.stop, r.len)
+(r::AbstractRange) = r

+(a::AbstractUnitRange, b::AbstractUnitRange) = added_ranges(a, b)
+(a::OrdinalRange, b::OrdinalRange) = added_ranges(a, b)
-(a::OrdinalRange, b::OrdinalRange) = added_ranges(a, -b)
+(a::AbstractRange{<:Real}, b::AbstractRange{<:Real}) = added_ranges(a, b)
-(a::AbstractRange{<:Real}, b::AbstractRange{<:Real}) = added_ranges(a, -b)
function added_ranges(a, b)
    n = length(a)
    n == length(b) || throw(DimensionMismatch(LazyString("argument dimensions must match: length of r1 is ", n, ", length of r2 is ", length(b))))
    by = step(a) + step(b)
    iszero(by) && return StepRangeLen(first(a) + first(b), by, n)
    return range(first(a) + first(b); step=by, length=n)
end

*(x::Number, r::AbstractRange) = scaled_from_left(x, r)
*(r::AbstractRange, x::Number) = scaled_range(r, x)
/(r::AbstractRange, x::Number) = divided_range(r, x)
\(x::Number, r::AbstractRange) = divided_range(r, x)

# r .+ x, r .* x, r ./ x as ranges; broadcasting uses them too.
shifted_range(r::AbstractUnitRange, x::Real) = range(first(r) + x; length=length(r))
shifted_range(r::OrdinalRange, x::Integer) = range(first(r) + x, last(r) + x; step=step(r))
shifted_range(r::AbstractUnitRange, x::Integer) = range(first(r) + x; length=length(r))
shifted_range(r::AbstractRange, x::Number) = range(first(r) + x; step=step(r), length=length(r))
shifted_range(r::StepRangeLen{T}, x::Number) where {T} =
    StepRangeLen{typeof(T(r.ref) + x)}(r.ref + x, r.step, length(r), r.offset)
shifted_range(r::LinRange, x::Number) = LinRange(r.start + x, r.stop + x, length(r))

scaled_range(r::OrdinalRange, x::Integer) = range(first(r) * x; step=step(r) * x, length=length(r))
scaled_range(r::AbstractRange, x::Number) = range(first(r) * x; step=step(r) * x, length=length(r))
scaled_range(r::AbstractRange, x::AbstractFloat) = range_start_step_length(first(r) * x, step(r) * x, length(r))
scaled_range(r::StepRangeLen{T}, x::Number) where {T} =
    StepRangeLen{typeof(T(r.ref) * x)}(r.ref * x, r.step * x, length(r), r.offset)
scaled_range(r::StepRangeLen{T}, x::AbstractFloat) where {T} =
    StepRangeLen{typeof(T(r.ref) * x)}(r.ref * x, r.step * x, length(r), r.offset)
scaled_range(r::StepRangeLen{T,<:TwicePrecision}, x::Real) where {T} = scaled_exactly(r, x)
scaled_range(r::StepRangeLen{T,<:TwicePrecision}, x::AbstractFloat) where {T} = scaled_exactly(r, x)
scaled_range(r::LinRange, x::Number) = LinRange(r.start * x, r.stop * x, r.len)
scaled_range(r::LinRange, x::AbstractFloat) = LinRange(r.start * x, r.stop * x, r.len)
scaled_from_left(x::Number, r::AbstractRange) = scaled_range(r, x)

divided_range(r::AbstractRange, x::Number) = range(first(r) / x; step=step(r) / x, length=length(r))
divided_range(r::StepRangeLen{T}, x::Number) where {T} =
    StepRangeLen{typeof(T(r.ref) / x)}(r.ref / x, r.step / x, length(r), r.offset)
divided_range(r::StepRangeLen{T,<:TwicePrecision}, x::Real) where {T} =
    StepRangeLen(r.ref / x, twiceprecision(r.step / x, nbitslen(r)), length(r), r.offset)
divided_range(r::LinRange, x::Number) = LinRange(r.start / x, r.stop / x, r.len)

# ---- order and reversal

@inline reverse(r::OrdinalRange) = StepRange(last(r), negated(step(r)), first(r))
@inline negated(step) = -step
@inline negated(step::Unsigned) = -signed(step)
function reverse(r::StepRangeLen)
    offset = isempty(r) ? r.offset : length(r) - r.offset + 1
    return StepRangeLen{eltype(r)}(r.ref, -r.step, length(r), offset)
end
reverse(r::LinRange) = LinRange(r.stop, r.start, length(r))

issorted(r::AbstractUnitRange) = true
issorted(r::AbstractRange) = length(r) <= 1 || step(r) >= zero(step(r))
sort(r::AbstractUnitRange) = r
sort(r::AbstractRange) = issorted(r) ? r : reverse(r)
sort!(r::AbstractUnitRange) = r
sortperm(r::AbstractUnitRange) = 1:length(r)
allunique(r::AbstractRange) = length(r) <= 1 || step(r) != zero(step(r))

# ---- sums

function sum(r::AbstractRange{<:Real})
    n = length(r)
    return first(r) * n + sum_of_steps(step(r), n - 1)
end
sum(r::StepRangeLen) = sum_by_reference(r)
sum(r::LinRange) = mapreduce(identity, add_sum, r)

# ---- sets

function intersect(a::AbstractUnitRange{<:Integer}, b::AbstractUnitRange{<:Integer})
    lo, hi = max(first(a), first(b)), min(last(a), last(b))
    return UnitRange(promote(lo, hi)...)
end
intersect(a::OneTo, b::OneTo) = OneTo(min(a.stop, b.stop))
intersect(a::AbstractUnitRange{<:Integer}, b::StepRange{<:Integer}) = intersect_with_step(a, b)
intersect(a::StepRange{<:Integer}, b::AbstractUnitRange{<:Integer}) = step(a) < 0 ? reverse(intersect_with_step(b, reverse(a))) : intersect_with_step(b, a)
function intersect_with_step(a::AbstractUnitRange, b::StepRange)
    step(b) < 0 && return intersect_with_step(a, reverse(b))
    lo = first(b) + cld(max(first(a) - first(b), 0), step(b)) * step(b)
    hi = min(last(a), last(b))
    return StepRange(lo, step(b), hi)
end
function intersect(a::StepRange{<:Integer}, b::StepRange{<:Integer})
    (isempty(a) || isempty(b)) && return StepRange(promote(first(a), first(b))[1], lcm(step(a), step(b)), promote(first(a), first(b))[1] - 1)
    step(b) < 0 && return intersect(a, reverse(b))
    step(a) < 0 && return reverse(intersect(reverse(a), b))
    g, x, y = gcdx(step(a), step(b))
    l = lcm(step(a), step(b))
    apart = first(b) - first(a)
    rem(apart, g) == 0 || return StepRange(first(a), l, first(a) - 1)
    # One common element, moved into both ranges.
    common = first(a) + mod(x * div(apart, g), div(step(b), g)) * step(a)
    lo = max(first(a), first(b))
    start = common + cld(lo - common, l) * l
    return StepRange(start, l, min(last(a), last(b)))
end
issubset(a::AbstractUnitRange{<:Integer}, b::AbstractUnitRange{<:Integer}) =
    isempty(a) || (first(a) >= first(b) && last(a) <= last(b))

convert(::Type{T}, r::T) where {T<:AbstractRange} = r
convert(::Type{T}, r::AbstractRange) where {T<:AbstractRange} = T(r)::T
# Ranges meet in the more general kind, with elements that both promote to.
promote_rule(::Type{UnitRange{S}}, ::Type{UnitRange{T}}) where {S,T} = array_with_elements(promote_type(S, T), UnitRange{S}, UnitRange{T})
promote_rule(::Type{OneTo{S}}, ::Type{OneTo{T}}) where {S,T} = array_with_elements(promote_type(S, T), OneTo{S}, OneTo{T})
promote_rule(::Type{UnitRange{S}}, ::Type{R}) where {S,R<:AbstractUnitRange} = promote_rule(UnitRange{S}, UnitRange{eltype(R)})
promote_rule(::Type{StepRange{S,A}}, ::Type{StepRange{T,B}}) where {S,A,T,B} =
    array_with_elements(promote_type(S, T), StepRange{S,promote_type(A, B)}, StepRange{T,promote_type(A, B)})
promote_rule(::Type{StepRange{S,A}}, ::Type{R}) where {S,A,R<:AbstractUnitRange} = promote_rule(StepRange{S,A}, StepRange{eltype(R),eltype(R)})
copy(r::AbstractRange) = r
hash(r::AbstractRange, h::UInt) = hash_elements(r, h)
mod(i::Integer, r::OneTo) = mod1(i, last(r))
mod(i::Integer, r::AbstractUnitRange{<:Integer}) = mod(i - first(r), length(r)) + first(r)
clamp(x::Integer, r::AbstractUnitRange{<:Integer}) = clamp(x, first(r), last(r))
