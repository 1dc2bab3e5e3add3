# Ranges of floats. The user's decimal numbers are recovered as ratios of small integers where
# possible, and elements are computed in twice the precision, so that (0:0.1:1)[4] is 0.3.

# ---- numbers of twice the precision: hi + lo, where hi alone is the rounded value

struct TwicePrecision{T}
    hi::T
    lo::T
end
TwicePrecision{T}(x::T) where {T} = TwicePrecision{T}(x, zero(T))
function TwicePrecision{T}(x::Real) where {T}
    hi = T(x)
    return TwicePrecision{T}(hi, T(x - hi))
end
TwicePrecision{T}(i::Integer) where {T<:AbstractFloat} = quick_sum(split_integer(T, i)...)
TwicePrecision{T}(ratio::Tuple{Integer,Integer}) where {T} = TwicePrecision{T}(ratio[1]) / ratio[2]
TwicePrecision{T}(ratio::Tuple{Integer,Integer}, nb::Integer) where {T} = twiceprecision(TwicePrecision{T}(ratio), nb)
TwicePrecision{T}(x::TwicePrecision) where {T} = TwicePrecision{T}(convert(T, x.hi), convert(T, x.lo))
TwicePrecision(x::T) where {T} = TwicePrecision{T}(x, zero(T))
convert(::Type{TwicePrecision{T}}, x::TwicePrecision{T}) where {T} = x
convert(::Type{TwicePrecision{T}}, x::TwicePrecision) where {T} = TwicePrecision{T}(x)
convert(::Type{TwicePrecision{T}}, x::Number) where {T} = TwicePrecision{T}(x)
convert(::Type{T}, x::TwicePrecision) where {T<:Number} = T(x)
(::Type{T})(x::TwicePrecision) where {T<:Number} = convert(T, x.hi + x.lo)
zero(::Type{TwicePrecision{T}}) where {T} = TwicePrecision{T}(zero(T), zero(T))
zero(x::TwicePrecision) = zero(typeof(x))
==(x::TwicePrecision, y::TwicePrecision) = x.hi == y.hi && x.lo == y.lo

# The sum of two numbers of which big has the greater magnitude, and the error of it.
@inline function quick_sum(big::T, little::T) where {T}
    h = big + little
    return TwicePrecision{T}(h, (big - h) + little)
end
@inline exact_sum(x::T, y::T) where {T} = abs(y) > abs(x) ? quick_sum(y, x) : quick_sum(x, y)
exact_sum(x, y) = exact_sum(promote(x, y)...)
@inline function twice_product(x::T, y::T) where {T<:AbstractFloat}
    h = x * y
    return isfinite(h) ? TwicePrecision{T}(h, fma(x, y, -h)) : TwicePrecision{T}(h, h)
end
twice_product(x, y) = twice_product(promote(x, y)...)

# A float without its last nb bits.
@inline truncated(x::Float64, nb::Integer) = reinterpret(Float64, reinterpret(UInt64, x) & (typemax(UInt64) << nb))
@inline truncated(x::Float32, nb::Integer) = reinterpret(Float32, reinterpret(UInt32, x) & (typemax(UInt32) << nb))
@inline truncated(x::Float16, nb::Integer) = reinterpret(Float16, reinterpret(UInt16, x) & (typemax(UInt16) << nb))
truncated(x, nb::Integer) = x
# Splits off what the upper half of the bits of a float can hold.
function split_integer(::Type{T}, i::Integer) where {T<:AbstractFloat}
    hi = truncated(T(i), cld(precision(T), 2))
    return hi, T(i - oftype(i, hi))
end
# Moves the last nb bits of hi to lo, so that hi times an integer of nb bits is exact.
function twiceprecision(x::T, nb::Integer) where {T<:AbstractFloat}
    hi = truncated(x, nb)
    return TwicePrecision{T}(hi, x - hi)
end
function twiceprecision(x::TwicePrecision{T}, nb::Integer) where {T<:AbstractFloat}
    hi = truncated(x.hi, nb)
    return TwicePrecision{T}(hi, (x.hi - hi) + x.lo)
end
nbitslen(r::StepRangeLen) = nbitslen(eltype(r), length(r), r.offset)
nbitslen(::Type{T}, len, offset) where {T<:AbstractFloat} = min(cld(precision(T), 2), nbitslen(len, offset))
nbitslen(::Type{T}, len, offset) where {T} = nbitslen(len, offset)
nbitslen(len, offset) = len < 2 ? 0 : bits_of(max(offset - 1, len - offset) - 1) + 1
bits_of(n::Integer) = 64 - leading_zeros(Int64(n))

+(x::TwicePrecision{T}) where {T} = x
-(x::TwicePrecision{T}) where {T} = TwicePrecision{T}(-x.hi, -x.lo)
function +(x::TwicePrecision, y::Number)
    s = exact_sum(x.hi, y)
    return quick_sum(s.hi, s.lo + x.lo)
end
+(x::Number, y::TwicePrecision) = y + x
function +(x::TwicePrecision{T}, y::TwicePrecision{T}) where {T}
    r = x.hi + y.hi
    s = abs(x.hi) > abs(y.hi) ? (((x.hi - r) + y.hi) + y.lo) + x.lo : (((y.hi - r) + x.hi) + x.lo) + y.lo
    return quick_sum(r, s)
end
-(x::TwicePrecision, y::TwicePrecision) = x + (-y)
-(x::TwicePrecision, y::Number) = x + (-y)
-(x::Number, y::TwicePrecision) = x + (-y)

function *(x::TwicePrecision, v::Number)
    v == 0 && return TwicePrecision(x.hi * v, x.lo * v)
    return x * TwicePrecision(oftype(x.hi * v, v))
end
function *(x::TwicePrecision{<:AbstractFloat}, v::Integer)
    v == 0 && return TwicePrecision(x.hi * v, x.lo * v)
    u = truncated(x.hi, bits_of(abs(v) - 1))
    return quick_sum(u * v, ((x.hi - u) + x.lo) * v)
end
*(v::Number, x::TwicePrecision) = x * v
function *(x::TwicePrecision{T}, y::TwicePrecision{T}) where {T}
    z = twice_product(x.hi, y.hi)
    (iszero(z.hi) || !isfinite(z.hi)) && return TwicePrecision{T}(z.hi, z.hi)
    return quick_sum(z.hi, (x.hi * y.lo + x.lo * y.hi) + z.lo)
end
/(x::TwicePrecision, v::Number) = x / TwicePrecision(oftype(x.hi / v, v))
function /(x::TwicePrecision{T}, y::TwicePrecision{T}) where {T}
    hi = x.hi / y.hi
    u = twice_product(hi, y.hi)
    (iszero(hi) || !isfinite(hi)) && return TwicePrecision{T}(hi, hi)
    return quick_sum(hi, ((((x.hi - u.hi) - u.lo) + x.lo) - hi * y.lo) / y.hi)
end

# ---- the type: element i is ref + (i - offset) * step

struct StepRangeLen{T,R,S,L<:Integer} <: AbstractRange{T}
    ref::R
    step::S
    len::L
    offset::L
    function StepRangeLen{T,R,S,L}(ref::R, step::S, len::Integer, offset::Integer=1) where {T,R,S,L}
        T <: Integer && !isinteger(ref + step) && throw(ArgumentError("StepRangeLen{<:Integer} cannot have non-integer step"))
        n = convert(L, len)
        n >= zero(n) || throw(ArgumentError(LazyString("length cannot be negative, got ", n)))
        at = convert(L, offset)
        oneunit(L) <= at <= max(oneunit(L), n) || throw(ArgumentError(LazyString("StepRangeLen: offset must be in [1,", n, "], got ", at)))
        return new{T,R,S,L}(ref, step, n, at)
    end
end
StepRangeLen{T,R,S}(ref::R, step::S, len::Integer, offset::Integer=1) where {T,R,S} =
    StepRangeLen{T,R,S,promote_type(Int, typeof(len))}(ref, step, len, offset)
StepRangeLen{T}(ref::R, step::S, len::Integer, offset::Integer=1) where {T,R,S} =
    StepRangeLen{T,R,S,promote_type(Int, typeof(len))}(ref, step, len, offset)
StepRangeLen(ref::R, step::S, len::Integer, offset::Integer=1) where {R,S} =
    StepRangeLen{typeof(ref + zero(step)),R,S,promote_type(Int, typeof(len))}(ref, step, len, offset)
StepRangeLen(ref::TwicePrecision{T}, step::TwicePrecision{T}, len::Integer, offset::Integer=1) where {T} =
    StepRangeLen{T,TwicePrecision{T},TwicePrecision{T},promote_type(Int, typeof(len))}(ref, step, len, offset)
StepRangeLen(r::AbstractRange) = StepRangeLen(first(r), step(r), length(r))
StepRangeLen{T}(r::AbstractRange) where {T} = StepRangeLen{T}(convert(T, first(r)), convert(T, step(r)), length(r))

@inline length(r::StepRangeLen) = r.len
@inline step(r::StepRangeLen) = r.step
@inline step(r::StepRangeLen{T,TwicePrecision{T},TwicePrecision{T}}) where {T} = T(r.step)
@inline step(r::StepRangeLen{T}) where {T<:AbstractFloat} = T(r.step)
@inline step_hp(r::StepRangeLen) = r.step
@inline isempty(r::StepRangeLen) = r.len == 0
first(r::StepRangeLen) = unsafe_getindex(r, 1)
last(r::StepRangeLen) = unsafe_getindex(r, length(r))

@inline unsafe_getindex(r::StepRangeLen{T}, i::Integer) where {T} = T(r.ref + (oftype(r.offset, i) - r.offset) * r.step)
@inline function unsafe_getindex(r::StepRangeLen{T,<:TwicePrecision,<:TwicePrecision}, i::Integer) where {T}
    u = oftype(r.offset, i) - r.offset
    x = exact_sum(r.ref.hi, u * r.step.hi)
    return T(x.hi + (x.lo + (u * r.step.lo + r.ref.lo)))
end
function element_in_full(r::StepRangeLen{T,<:TwicePrecision,<:TwicePrecision}, i::Integer) where {T}
    u = oftype(r.offset, i) - r.offset
    x = exact_sum(r.ref.hi, u * r.step.hi)
    return exact_sum(x.hi, x.lo + (u * r.step.lo + r.ref.lo))
end

@inline iterate(r::StepRangeLen) = r.len < 1 ? nothing : (unsafe_getindex(r, 1), 1)
@inline iterate(r::StepRangeLen, i::Int) = i >= r.len ? nothing : (unsafe_getindex(r, i + 1), i + 1)

function getindex(r::StepRangeLen{T}, s::OrdinalRange{<:Integer}) where {T}
    eltype(s) === Bool && return range_by_bools(r, s)
    @boundscheck checkbounds(r, s)
    n = length(s)
    at = n == 0 ? 1 : clamp(round(Int, (r.offset - first(s)) / step(s)) + 1, 1, n)
    ref = r.ref + (first(s) + (at - 1) * step(s) - r.offset) * r.step
    return StepRangeLen{T}(ref, r.step * step(s), n, at)
end
function getindex(r::StepRangeLen{T,<:TwicePrecision,<:TwicePrecision}, s::OrdinalRange{<:Integer}) where {T}
    eltype(s) === Bool && return range_by_bools(r, s)
    @boundscheck checkbounds(r, s)
    n = length(s)
    at = clamp(round(Int, (r.offset - first(s)) / step(s)) + 1, 1, n)
    index = first(s) + (at - 1) * step(s)
    st = step(s) == 1 || n < 2 ? r.step : twiceprecision(r.step * step(s), nbitslen(T, n, at))
    ref = index == r.offset ? r.ref : r.ref + (index - r.offset) * r.step
    return StepRangeLen{T}(ref, st, n, max(1, at))
end

scaled_exactly(r::StepRangeLen, x) = StepRangeLen(x * r.ref, twiceprecision(x * r.step, nbitslen(r)), length(r), r.offset)
function added_ranges(a::StepRangeLen{T,R}, b::StepRangeLen{T,R}) where {T,R<:TwicePrecision}
    n = length(a)
    n == length(b) || throw(DimensionMismatch(LazyString("argument dimensions must match: length of r1 is ", n, ", length of r2 is ", length(b))))
    at = a.offset == b.offset ? a.offset : round(Int, (a.offset + b.offset) / 2)
    ref = a.offset == b.offset ? a.ref + b.ref : element_in_full(a, at) + element_in_full(b, at)
    return StepRangeLen(ref, twiceprecision(a.step + b.step, nbitslen(T, n, at)), n, at)
end

# The sum of step, 2step, …, n * step, by products that overflow no sooner than it.
sum_of_steps(step, n::Integer) = iseven(n) ? step * (n + 1) * (n >> 1) : step * n * ((n + 1) >> 1)
function sum_by_reference(r::StepRangeLen)
    n = length(r)
    behind, before = n - r.offset, r.offset - 1
    steps = (iseven(behind) ? (behind + 1) * (behind >> 1) : behind * ((behind + 1) >> 1)) -
            (iseven(before) ? (before + 1) * (before >> 1) : before * ((before + 1) >> 1))
    return convert(eltype(r), r.step * steps + r.ref * n)
end
function sum_by_reference(r::StepRangeLen{T,<:TwicePrecision,<:TwicePrecision}) where {T}
    n = length(r)
    behind, before = sum_of_steps(r.step, n - r.offset), sum_of_steps(r.step, r.offset - 1)
    ref = r.ref * n
    # The error of this difference is left out, as in Julia: its results are to be met.
    m = exact_sum(behind.hi - before.hi, ref.hi)
    return exact_sum(m.hi, m.lo + ref.lo).hi
end

# ---- construction

const HardwareFloat = Union{Float16,Float32,Float64}

# A range of Float64 keeps two Float64 for reference and step, one of shorter floats one Float64.
# Numbers are given as ratios or as pairs of floats.
precise_range(::Type{Float64}, ref::Tuple{Integer,Integer}, step::Tuple{Integer,Integer}, nb, len, offset) =
    StepRangeLen(TwicePrecision{Float64}(ref), TwicePrecision{Float64}(step, nb), Int(len), offset)
precise_range(::Type{T}, ref::Tuple{Integer,Integer}, step::Tuple{Integer,Integer}, nb, len, offset) where {T<:HardwareFloat} =
    StepRangeLen{T}(ref[1] / ref[2], step[1] / step[2], Int(len), offset)
precise_range(::Type{Float64}, ref::Tuple{Float64,Float64}, step::Tuple{Float64,Float64}, nb, len, offset) =
    StepRangeLen(TwicePrecision{Float64}(ref[1], ref[2]), twiceprecision(TwicePrecision{Float64}(step[1], step[2]), nb), Int(len), offset)
precise_range(::Type{T}, ref::Tuple{T,T}, step::Tuple{T,T}, nb, len, offset) where {T<:HardwareFloat} =
    StepRangeLen{T}(Float64(ref[1]) + Float64(ref[2]), Float64(step[1]) + Float64(step[2]), Int(len), offset)
precise_range(::Type{T}, ref::T, step::T, nb, len, offset) where {T<:HardwareFloat} =
    precise_range(T, (ref, zero(T)), (step, zero(T)), nb, len, offset)

# The simplest ratio that rounds to x, if its parts are small; the denominator may be 0.
function small_ratio(x::T) where {T<:HardwareFloat}
    limit = maxintfloat(narrower(T), Int)
    y = x
    a, b, c, d = 1, 0, 0, 1
    while abs(y) <= limit
        f = trunc(Int, y)
        y -= f
        a, c = f * a + c, a
        b, d = f * b + d, b
        max(abs(a), abs(b)) <= convert(Int, limit) || return c, d
        oftype(x, a) / oftype(x, b) == x && break
        y = inv(y)
    end
    return a, b
end
narrower(::Type{Float64}) = Float32
narrower(::Type{Float32}) = Float16
narrower(::Type{Float16}) = Float16
common_denominator(a::Integer, b::Integer) = a * div(b, gcd(a, b))
lies_between(a, x, b) = a <= x <= b || b <= x <= a

function (::Colon)(start::T, step::T, stop::T) where {T<:HardwareFloat}
    step == 0 && throw(ArgumentError("range step cannot be zero"))
    step_n, step_d = small_ratio(step)
    if step_d != 0 && T(step_n / step_d) == step
        start_n, start_d = small_ratio(start)
        stop_n, stop_d = small_ratio(stop)
        if start_d != 0 && stop_d != 0 && T(start_n / start_d) == start && T(stop_n / stop_d) == stop
            den = common_denominator(start_d, step_d)
            limit = maxintfloat(T, Int)
            if den != 0 && abs(start * den) <= limit && abs(step * den) <= limit && rem(den, start_d) == 0 && rem(den, step_d) == 0
                start_n = round(Int, start * den)
                step_n = round(Int, step * den)
                len = max(0, Int(div(den * stop_n - stop_d * start_n + step_n * stop_d, step_n * stop_d)))
                # The products above may have overflowed.
                if lies_between(start, start + (len - 1) * step, stop + step / 2) && !lies_between(start, start + len * step, stop)
                    return range_of_ratios(T, start_n, step_n, len, den)
                end
            end
        end
    end
    steps = (stop - start) / step
    if steps < 0
        len = 0
    elseif steps == 0
        len = 1
    else
        len = round(Int, steps) + 1
        reached = start + (len - 1) * step
        len -= (start < stop < reached) + (start > stop > reached)
    end
    return precise_range(T, start, step, 0, len, 1)
end

# start_n/den, (start_n + step_n)/den, … The reference is the element of smallest magnitude.
function range_of_ratios(::Type{T}, start_n::Integer, step_n::Integer, len::Integer, den::Integer) where {T}
    n = len + 0
    (n < 2 || step_n == 0) && return precise_range(T, (start_n, den), (step_n, den), 0, n, oneunit(n))
    at = clamp(round(typeof(n), -start_n / step_n + 1), oneunit(n), n)
    return precise_range(T, (start_n + (at - 1) * step_n, den), (step_n, den), nbitslen(T, n, at), n, at)
end

function range_start_step_length(a::T, step::T, len::Integer) where {T<:HardwareFloat}
    n = len + 0
    start_n, start_d = small_ratio(a)
    step_n, step_d = small_ratio(step)
    if start_d != 0 && step_d != 0 && T(start_n / start_d) == a && T(step_n / step_d) == step
        den = common_denominator(start_d, step_d)
        limit = maxintfloat(T, Int)
        if abs(den * a) <= limit && abs(den * step) <= limit && rem(den, start_d) == 0 && rem(den, step_d) == 0
            return range_of_ratios(T, round(Int, den * a), round(Int, den * step), n, den)
        end
    end
    return precise_range(T, a, step, 0, n, 1)
end
range_start_step_length(a::T, step::T, len::Integer) where {T<:AbstractFloat} = StepRangeLen(a, step, len)

# ---- a number of elements between two ends

function range_start_stop_length(start::T, stop::T, len::Integer) where {T<:HardwareFloat}
    n = len + 0
    n < 2 && return range_of_one(T, start, stop, n)
    start == stop && return precise_range(T, start, zero(T), 0, n, 1)
    start_n, start_d = small_ratio(start)
    stop_n, stop_d = small_ratio(stop)
    if start_d != 0 && stop_d != 0
        den = common_denominator(start_d, stop_d)
        limit = maxintfloat(T, Int)
        if den != 0 && abs(den * start) <= limit && abs(den * stop) <= limit
            start_n, stop_n = round(Int, den * start), round(Int, den * stop)
            if T(start_n / den) == start && T(stop_n / den) == stop
                return range_between_ratios(T, start_n, stop_n, n, den)
            end
        end
    end
    return range_between_floats(start, stop, n)
end
range_of_integers(start::T, stop::T, len::Integer) where {T<:Integer} = range_between_ratios(Float64, start, stop, len, 1)

function range_of_one(::Type{T}, start, stop, len::Integer) where {T<:HardwareFloat}
    len >= 0 || throw(ArgumentError(LazyString("range(", start, ", stop=", stop, ", length=", len, "): negative length")))
    len == 1 && start != stop && throw(ArgumentError(LazyString("range(", start, ", stop=", stop, ", length=", len, "): endpoints differ")))
    # first and last are right even for the empty range.
    T === Float64 && return StepRangeLen(TwicePrecision{Float64}(start, 0.0), TwicePrecision{Float64}(start, -stop), len, 1)
    return StepRangeLen{T}(Float64(start), Float64(start) - Float64(stop), len, 1)
end

function range_between_ratios(::Type{T}, start_n::Integer, stop_n::Integer, len::Integer, den::Integer) where {T<:HardwareFloat}
    n = len + 0
    n < 2 && return range_of_one(T, T(start_n / den), T(stop_n / den), n)
    start_n == stop_n && return precise_range(T, (start_n, den), (zero(start_n), den), 0, n, 1)
    at = clamp(round(Int, -start_n / (Float64(stop_n) - Float64(start_n)) * (n - 1) + 1), 1, Int(n))
    ref_n = Int128(n - at) * start_n + Int128(at - 1) * stop_n
    ref_d = Int128(n - 1) * den
    return precise_range(T, (ref_n, ref_d), (Int128(stop_n) - Int128(start_n), ref_d), nbitslen(T, n, at), n, at)
end

function range_between_floats(start::T, stop::T, len::Integer) where {T<:HardwareFloat}
    isfinite(start) && isfinite(stop) || throw(ArgumentError(LazyString("start and stop must be finite, got ", start, " and ", stop)))
    span, factor = stop - start, 1
    if !isfinite(span)
        span, factor = stop / len - start / len, Int(len)
    end
    # The element of smallest magnitude is the reference.
    at = round(Int, -(start / span) / factor * (len - 1) + 1)
    if 1 < at < len
        t = (at - 1) / (len - 1)
        ref = T((1 - t) * start + t * stop)
        step = at - 1 < len - at ? (ref - start) / (at - 1) : (stop - ref) / (len - at)
    elseif at <= 1
        at = 1
        ref = start
        step = (span / (len - 1)) * factor
    else
        at = Int(len)
        ref = stop
        step = (span / (len - 1)) * factor
    end
    if len == 2 && !isfinite(step)
        # The step is too large for one number, but not for two.
        return precise_range(T, (start, zero(T)), (-start, stop), 0, len, 1)
    end
    # No element may overflow on the way; the low parts make both ends exact.
    m, k = prevfloat(floatmax(T)), max(at - 1, len - at)
    limited = clamp(step, max(-(m + ref) / k, (-m + ref) / k), min((m - ref) / k, (m + ref) / k))
    step_hi = truncated(limited, nbitslen(T, len, at))
    a = exact_sum((1 - at) * step_hi, ref)
    b = exact_sum((len - at) * step_hi, ref)
    miss_a, miss_b = (start - a.hi) - a.lo, (stop - b.hi) - b.lo
    step_lo = (miss_b - miss_a) / (len - 1)
    ref_lo = miss_a - (1 - at) * step_lo
    return precise_range(T, (ref, ref_lo), (step_hi, step_lo), 0, len, at)
end

# ---- ranges that compute each element from the ends

struct LinRange{T,L<:Integer} <: AbstractRange{T}
    start::T
    stop::T
    len::L
    lendiv::L
    function LinRange{T,L}(start::T, stop::T, len::L) where {T,L<:Integer}
        len >= 0 || throw(ArgumentError(LazyString("range(", start, ", stop=", stop, ", length=", len, "): negative length")))
        if len == 1
            start == stop || throw(ArgumentError(LazyString("range(", start, ", stop=", stop, ", length=", len, "): endpoints differ")))
            return new{T,L}(start, stop, len, len)
        end
        return new{T,L}(start, stop, len, max(len - oneunit(L), oneunit(L)))
    end
end
LinRange{T}(start, stop, len::Integer) where {T} =
    LinRange{T,promote_type(Int, typeof(len))}(convert(T, start), convert(T, stop), convert(promote_type(Int, typeof(len)), len))
LinRange(start, stop, len::Integer) = LinRange{typeof((stop - start) / len)}(start, stop, len)

@inline length(r::LinRange) = r.len
@inline first(r::LinRange) = r.start
@inline last(r::LinRange) = r.stop
step(r::LinRange) = (last(r) - first(r)) / r.lendiv
@inline unsafe_getindex(r::LinRange, i::Integer) = between_ends(i - oneunit(i), r.lendiv, r.start, r.stop)
@inline function between_ends(j::Integer, d::Integer, a::T, b::T) where {T}
    t = j / d
    return T((1 - t) * a + t * b)
end
@inline iterate(r::LinRange) = r.len < 1 ? nothing : (unsafe_getindex(r, 1), 1)
@inline iterate(r::LinRange, i::Int) = i >= r.len ? nothing : (unsafe_getindex(r, i + 1), i + 1)
function getindex(r::LinRange{T}, s::OrdinalRange{<:Integer}) where {T}
    @boundscheck checkbounds(r, s)
    n = length(s)
    n == 0 && return LinRange{T}(first(r), first(r), 0)
    return LinRange{T}(unsafe_getindex(r, first(s)), unsafe_getindex(r, last(s)), n)
end
==(a::LinRange, b::LinRange) = a.start == b.start && a.stop == b.stop && a.len == b.len
