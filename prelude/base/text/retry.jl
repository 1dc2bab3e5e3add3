# Calls that are tried again.

struct ExponentialBackOff
    n::Int
    first_delay::Float64
    max_delay::Float64
    factor::Float64
    jitter::Float64
end
ExponentialBackOff(; n=1, first_delay=0.05, max_delay=10.0, factor=5.0, jitter=0.1) =
    ExponentialBackOff(n, first_delay, max_delay, factor, jitter)
iterate(b::ExponentialBackOff, state=(b.n, min(b.first_delay, b.max_delay))) =
    state[1] < 1 ? nothing : (state[2], (state[1] - 1, min(b.max_delay, state[2] * b.factor)))
length(b::ExponentialBackOff) = b.n
eltype(::Type{ExponentialBackOff}) = Float64

function retry(f; delays=ExponentialBackOff(), check=nothing)
    return function (args...; kwargs...)
        state = iterate(delays)
        while true
            try
                return f(args...; kwargs...)
            catch e
                state === nothing && rethrow()
                if check !== nothing
                    verdict = check(nothing, e)
                    again = verdict isa Tuple ? verdict[2] : verdict
                    again || rethrow()
                end
                sleep(state[1])
            end
            state = iterate(delays, state[2])
        end
    end
end

# ---- several exceptions in one

struct CompositeException <: Exception
    exceptions::Vector{Any}
    CompositeException() = new(Any[])
    CompositeException(exceptions) = new(Any[e for e in exceptions])
end
length(c::CompositeException) = length(c.exceptions)
isempty(c::CompositeException) = isempty(c.exceptions)
push!(c::CompositeException, e) = (push!(c.exceptions, e); c)
iterate(c::CompositeException, state...) = iterate(c.exceptions, state...)
eltype(::Type{CompositeException}) = Any
function showerror(io::IO, c::CompositeException)
    isempty(c) && return print(io, "CompositeException()\n")
    showerror(io, c.exceptions[1])
    more = length(c) - 1
    more > 0 && print(io, "\n\n...and ", more, " more exception", more > 1 ? "s" : "", ".\n")
    return nothing
end

backtrace() = Any[]
catch_backtrace() = Any[]
stacktrace() = Any[]
stacktrace(trace) = Any[]
