# A library as one has it in production: it takes numpy arrays, checks what it is given, and does
# in one pass each what would be several temporaries in numpy.
#
# export: detrend(Vector{Float64})
# export: biquad(Vector{Float64}, Vector{Float64}, Int64, Float64, Float64, Float64)
# export: spectrum(Vector{Float64}, Float64, Vector{Float64}, Vector{Float64})
# export: find_peaks(Vector{Float64}, Float64, Int64, Vector{Int64})
# export: summarize(Vector{Float64})

# ---------------------------------------------------------------------------------------------
# Statistics that are updated value by value

"Count, mean and spread of the values seen so far (Welford's method), with the extremes."
struct Moments
    n::Int
    mean::Float64
    m2::Float64
    low::Float64
    high::Float64
end
Moments() = Moments(0, 0.0, 0.0, Inf, -Inf)

function update(m::Moments, x::Float64)
    n = m.n + 1
    delta = x - m.mean
    mean = m.mean + delta / n
    return Moments(n, mean, m.m2 + delta * (x - mean), min(m.low, x), max(m.high, x))
end

variance(m::Moments) = m.n > 1 ? m.m2 / (m.n - 1) : 0.0
deviation(m::Moments) = sqrt(variance(m))

"What `summarize` hands to C: a struct of doubles and one integer."
struct Summary
    count::Int64
    mean::Float64
    deviation::Float64
    low::Float64
    high::Float64
    median::Float64
    crossings::Int64
end

# ---------------------------------------------------------------------------------------------
# Selection: the k-th smallest of a scratch copy, in place

@inline function order!(a, i, j)
    if a[j] < a[i]
        a[i], a[j] = a[j], a[i]
    end
end

function partition!(a, lo, hi)
    # The median of three as the pivot, moved next to the end.
    mid = lo + (hi - lo) >> 1
    order!(a, lo, mid)
    order!(a, lo, hi)
    order!(a, mid, hi)
    a[mid], a[hi] = a[hi], a[mid]
    pivot = a[hi]
    store = lo
    for i in lo:hi-1
        if a[i] < pivot
            a[i], a[store] = a[store], a[i]
            store += 1
        end
    end
    a[store], a[hi] = a[hi], a[store]
    return store
end

function select!(a, k)
    lo, hi = firstindex(a), lastindex(a)
    while lo < hi
        p = partition!(a, lo, hi)
        p == k && break
        if k < p
            hi = p - 1
        else
            lo = p + 1
        end
    end
    return a[k]
end

function median_of(x::Vector{Float64})
    n = length(x)
    n == 0 && throw(ArgumentError("the median of no values is not defined"))
    scratch = copy(x)
    upper = select!(scratch, n ÷ 2 + 1)
    isodd(n) && return upper
    # The lower middle is the largest of the lower half, which selection has put in front.
    lower = scratch[1]
    for i in 2:n÷2
        lower = max(lower, scratch[i])
    end
    return (lower + upper) / 2
end

# ---------------------------------------------------------------------------------------------
# Straight lines

"Intercept and slope of the least-squares line through (0, x[1]), (1, x[2]), …"
function line_fit(x::Vector{Float64})
    n = length(x)
    n < 2 && throw(ArgumentError("a line needs at least two values"))
    center = (n - 1) / 2
    mean = 0.0
    moment = 0.0
    for i in 1:n
        mean += x[i]
        moment += (i - 1 - center) * x[i]
    end
    mean /= n
    slope = moment / (n * (n^2 - 1) / 12)
    return (intercept = mean - slope * center, slope = slope)
end

"Subtracts the least-squares line in place and returns its slope."
function detrend(x::Vector{Float64})
    line = line_fit(x)
    for i in eachindex(x)
        x[i] -= line.intercept + line.slope * (i - 1)
    end
    return line.slope
end

# ---------------------------------------------------------------------------------------------
# Filters of second order

abstract type FilterKind end
struct LowPass <: FilterKind end
struct HighPass <: FilterKind end
struct BandPass <: FilterKind end

"Normalised coefficients of a filter of second order."
struct Coefficients
    b0::Float64
    b1::Float64
    b2::Float64
    a1::Float64
    a2::Float64
end

numerator(::LowPass, c, alpha) = ((1 - c) / 2, 1 - c, (1 - c) / 2)
numerator(::HighPass, c, alpha) = ((1 + c) / 2, -(1 + c), (1 + c) / 2)
numerator(::BandPass, c, alpha) = (alpha, 0.0, -alpha)

function design(kind::FilterKind, frequency, rate, q)
    0 < frequency < rate / 2 || throw(DomainError(frequency, "the frequency must lie below half the sampling rate"))
    w = 2 * pi * frequency / rate
    s, c = sincos(w)
    alpha = s / (2q)
    b0, b1, b2 = numerator(kind, c, alpha)
    a0 = 1 + alpha
    return Coefficients(b0 / a0, b1 / a0, b2 / a0, -2c / a0, (1 - alpha) / a0)
end

function run_filter!(y, x, k::Coefficients)
    length(y) == length(x) || throw(DimensionMismatch("input and output have different lengths"))
    z1 = z2 = 0.0
    for i in eachindex(x)
        value = x[i]
        out = k.b0 * value + z1
        z1 = k.b1 * value - k.a1 * out + z2
        z2 = k.b2 * value - k.a2 * out
        y[i] = out
    end
    return y
end

"Filters `x` into `y`: kind 0 low-pass, 1 high-pass, 2 band-pass. Returns the output's largest magnitude."
function biquad(x::Vector{Float64}, y::Vector{Float64}, kind::Int64, frequency::Float64, rate::Float64, q::Float64)
    if kind == 0
        run_filter!(y, x, design(LowPass(), frequency, rate, q))
    elseif kind == 1
        run_filter!(y, x, design(HighPass(), frequency, rate, q))
    elseif kind == 2
        run_filter!(y, x, design(BandPass(), frequency, rate, q))
    else
        throw(ArgumentError("there is no filter of this kind"))
    end
    return maximum(abs, y)
end

# ---------------------------------------------------------------------------------------------
# Spectrum at chosen frequencies

"Power of `x` at one frequency (Goertzel's recurrence)."
function goertzel(x, w)
    coefficient = 2cos(w)
    s1 = s2 = 0.0
    for value in x
        s1, s2 = value + coefficient * s1 - s2, s1
    end
    return s1^2 + s2^2 - coefficient * s1 * s2
end

"Writes the power at each of the frequencies and returns the index of the strongest."
function spectrum(x::Vector{Float64}, rate::Float64, frequencies::Vector{Float64}, power::Vector{Float64})
    length(power) == length(frequencies) || throw(DimensionMismatch("as many powers as frequencies are needed"))
    best = 0
    strongest = -Inf
    for (i, f) in enumerate(frequencies)
        p = goertzel(x, 2 * pi * f / rate) / length(x)
        power[i] = p
        if p > strongest
            strongest = p
            best = i
        end
    end
    return best
end

# ---------------------------------------------------------------------------------------------
# Peaks

is_peak(x, i) = x[i-1] < x[i] >= x[i+1]

"Indices (from 1) of local maxima of at least `height`, `distance` apart; returns how many there are."
function find_peaks(x::Vector{Float64}, height::Float64, distance::Int64, found::Vector{Int64})
    distance > 0 || throw(DomainError(distance, "the distance must be positive"))
    count = 0
    for i in 2:length(x)-1
        (x[i] >= height && is_peak(x, i)) || continue
        if count > 0 && i - found[count] < distance
            # The higher one of two close peaks stays.
            if x[i] > x[found[count]]
                found[count] = i
            end
        else
            count += 1
            found[count] = i
        end
    end
    return count
end

# ---------------------------------------------------------------------------------------------
# Summary

function crossings(x, level)
    n = 0
    for i in 2:length(x)
        n += (x[i-1] < level) != (x[i] < level)
    end
    return n
end

function summarize(x::Vector{Float64})
    m = Moments()
    for value in x
        m = update(m, value)
    end
    return Summary(m.n, m.mean, deviation(m), m.low, m.high, median_of(x), crossings(x, m.mean))
end
