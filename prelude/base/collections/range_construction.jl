# range(start, stop; step, length): which of the four are given decides.

@inline range(start; stop=nothing, length::Union{Integer,Nothing}=nothing, step=nothing) = range_of(start, step, stop, length)
@inline range(start, stop; length::Union{Integer,Nothing}=nothing, step=nothing) = range_of(start, step, stop, length)
@inline range(start, stop, length::Integer) = range_of(start, nothing, stop, length)
@inline range(; start=nothing, stop=nothing, length::Union{Integer,Nothing}=nothing, step=nothing) =
    range_of(start, step, stop, length)

@inline range_of(start, ::Nothing, stop, ::Nothing) = range_start_stop(start, stop)
@inline range_of(start, ::Nothing, ::Nothing, len::Integer) = range_start_length(start, len)
@inline range_of(::Nothing, ::Nothing, stop, len::Integer) = range_stop_length(stop, len)
@inline range_of(start, ::Nothing, stop, len::Integer) = range_start_stop_length(start, stop, len)
@inline range_of(start, step, stop, ::Nothing) = (:)(start, step, stop)
@inline range_of(start, step, ::Nothing, len::Integer) = range_start_step_length(start, step, len)
@inline range_of(::Nothing, step, stop, len::Integer) = reverse(range_start_step_length(stop, negated(step), len))
@inline range_of(::Nothing, ::Nothing, stop, ::Nothing) = range_of_stop(stop)
@inline range_of(::Nothing, ::Nothing, ::Nothing, len::Integer) = OneTo(len)
range_of(start, ::Nothing, ::Nothing, ::Nothing) = range_error(start, nothing, nothing, nothing)
range_of(::Nothing, ::Nothing, ::Nothing, ::Nothing) = range_error(nothing, nothing, nothing, nothing)
range_of(start, step, ::Nothing, ::Nothing) = range_error(start, step, nothing, nothing)
range_of(::Nothing, step, stop, ::Nothing) = range_error(nothing, step, stop, nothing)
range_of(::Nothing, step, ::Nothing, ::Nothing) = range_error(nothing, step, nothing, nothing)
range_of(::Nothing, step, ::Nothing, len::Integer) = range_error(nothing, step, nothing, len)
range_of(start, step, stop, len::Integer) = range_error(start, step, stop, len)
range_error(start, step, stop, len) = throw(ArgumentError(LazyString(
    "Cannot construct range from arguments:\nstart = ", start, "\nstep = ", step, "\nstop = ", stop, "\nlength = ", len, "\n")))

range_of_stop(stop::Integer) = OneTo(stop)
range_of_stop(stop) = range_error(nothing, nothing, stop, nothing)
@inline range_start_stop(start, stop) = (:)(start, stop)

range_start_length(a::Integer, len::Integer) = UnitRange(a, oftype(a, a + (len - oneunit(len))))
range_start_length(a::AbstractFloat, len::Integer) = range_start_step_length(a, oneunit(a), len)
range_start_length(a::Real, len::Integer) = UnitRange(a, oftype(a, a + (len - 1)))
range_start_length(a, len::Integer) = range_start_step_length(a, oftype(a - a, 1), len)

range_stop_length(a::Integer, len::Integer) = UnitRange(oftype(a, a - (len - oneunit(len))), a)
range_stop_length(a::AbstractFloat, len::Integer) = reverse(range_start_step_length(a, -oneunit(a), len))
range_stop_length(a::Real, len::Integer) = UnitRange(oftype(a, a - (len - 1)), a)
range_stop_length(a, len::Integer) = reverse(range_start_step_length(a, -oftype(a - a, 1), len))

function range_start_step_length(a::Integer, step::Integer, len::Integer)
    start = a + zero(step)
    stop = a + step * (len - 1)
    return StepRange{typeof(start),typeof(step)}(start, step, convert(typeof(start), stop))
end
range_start_step_length(a::Real, step::AbstractFloat, len::Integer) = range_start_step_length(promote(a, step)..., len)
range_start_step_length(a::AbstractFloat, step::Real, len::Integer) = range_start_step_length(promote(a, step)..., len)
range_start_step_length(a::AbstractFloat, step::AbstractFloat, len::Integer) = range_start_step_length(promote(a, step)..., len)
range_start_step_length(a::AbstractChar, step::Integer, len::Integer) = StepRange(a, step, a + step * (len - 1))
range_start_step_length(a, step, len::Integer) = StepRangeLen(a, step, len)

range_start_stop_length(start::Real, stop::Real, len::Integer) = range_start_stop_length(promote(start, stop)..., len)
range_start_stop_length(start::T, stop::T, len::Integer) where {T<:Real} =
    range_start_stop_length(float(start), float(stop), len)
range_start_stop_length(start::T, stop::T, len::Integer) where {T<:Integer} = range_of_integers(start, stop, len)
range_start_stop_length(start, stop, len::Integer) = LinRange(start, stop, len)
range_start_stop_length(start::T, stop::T, len::Integer) where {T<:AbstractFloat} = LinRange{T}(start, stop, len)
