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
