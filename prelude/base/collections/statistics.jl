# module: Statistics
# The package Statistics: means, medians, variances, quantiles.

export mean, mean!, median, median!, middle, std, stdm, var, varm, cov, cor, quantile, quantile!

mean(itr) = mean(identity, itr)
function mean(f, itr)
    y = iterate(itr)
    y === nothing && return empty_mean(itr)
    x, state = y
    total = f(x) / 1
    n = 1
    while true
        y = iterate(itr, state)
        y === nothing && return total / n
        x, state = y
        total += f(x)
        n += 1
    end
end
empty_mean(itr) = throw(ArgumentError("mean of empty collection undefined: $(repr(itr))"))
mean(a::AbstractArray; dims=Colon()) = mean_of(identity, a, dims)
mean(f, a::AbstractArray; dims=Colon()) = mean_of(f, a, dims)
mean_of(f, a::AbstractArray, ::Colon) = isempty(a) ? zero_mean(a) : sum(f, a) / length(a)
zero_mean(a::AbstractArray) = sum(a) / 0
function mean_of(f, a::AbstractArray, dims)
    total = sum(f, a; dims=dims)
    return total ./ (length(a) ÷ length(total))
end
mean(r::AbstractRange{<:Real}) = isempty(r) ? zero_mean(r) : (first(r) + last(r)) / 2

middle(x::Real) = (x + zero(x)) / 1
middle(x::Real, y::Real) = x / 2 + y / 2
middle(a::AbstractArray) = ((low, high) = extrema(a); middle(low, high))

median(itr) = median!(collect(itr))
function median!(v::AbstractVector)
    isempty(v) && throw(ArgumentError("median of an empty array is undefined, $(repr(v))"))
    Missing <: eltype(v) && any(ismissing, v) && return missing
    eltype(v) <: AbstractFloat && any(isnan, v) && return convert(eltype(v), NaN)
    sort!(v)
    n = length(v)
    return isodd(n) ? middle(v[(n+1)÷2]) : middle(v[n÷2], v[n÷2+1])
end
median(a::AbstractArray; dims=Colon()) = median_of(a, dims)
median_of(a, ::Colon) = median!(vec(collect(a)))
median_of(a, dims) = mapslices(median!, a; dims=dims)

var(itr; corrected::Bool=true, mean=nothing) = var_of(collect(itr), corrected, mean, Colon())
var(a::AbstractArray; corrected::Bool=true, mean=nothing, dims=Colon()) = var_of(a, corrected, mean, dims)
function var_of(a, corrected::Bool, center, ::Colon)
    isempty(a) && return oftype(abs2(zero(eltype(a))) / 2, NaN)
    m = center === nothing ? mean(a) : center
    return sum(x -> abs2(x - m), a) / (length(a) - corrected)
end
function var_of(a, corrected::Bool, center, dims)
    m = center === nothing ? mean(a; dims=dims) : center
    n = length(a) ÷ length(m)
    return sum(abs2.(a .- m); dims=dims) ./ (n - corrected)
end
varm(a, m; corrected::Bool=true) = var(a; corrected=corrected, mean=m)
varm(a::AbstractArray, m; corrected::Bool=true, dims=Colon()) = var(a; corrected=corrected, mean=m, dims=dims)
stdm(a, m; corrected::Bool=true) = sqrt(varm(a, m; corrected=corrected))
stdm(a::AbstractArray, m; corrected::Bool=true, dims=Colon()) = sqrt.(varm(a, m; corrected=corrected, dims=dims))
# The means over the dimensions in which `out` has length 1.
mean!(out::AbstractArray, a::AbstractArray) = (sum!(out, a); out ./= max(1, length(a) ÷ max(1, length(out))))
std(itr; corrected::Bool=true, mean=nothing) = sqrt(var(itr; corrected=corrected, mean=mean))
std(a::AbstractArray; corrected::Bool=true, mean=nothing, dims=Colon()) = std_of(var(a; corrected=corrected, mean=mean, dims=dims))
std_of(v::Number) = sqrt(v)
std_of(v::AbstractArray) = sqrt.(v)

function cov(x::AbstractVector, y::AbstractVector; corrected::Bool=true)
    length(x) == length(y) || throw(DimensionMismatch("x and y have different lengths"))
    a, b = mean(x), mean(y)
    return sum((x .- a) .* (y .- b)) / (length(x) - corrected)
end
cov(x::AbstractVector; corrected::Bool=true) = var(x; corrected=corrected)
function cor(x::AbstractVector, y::AbstractVector)
    length(x) == length(y) || throw(DimensionMismatch("x and y have different lengths"))
    a, b = mean(x), mean(y)
    dx, dy = x .- a, y .- b
    xx, yy, xy = sum(abs2, dx), sum(abs2, dy), sum(dx .* dy)
    return clamp(xy / max(xx, yy) / sqrt(min(xx, yy) / max(xx, yy)), -1.0, 1.0)
end

# Of the columns of a matrix, or of its rows: a matrix with one value for each pair.
function cov(x::AbstractMatrix; dims::Int=1, corrected::Bool=true)
    d = dims == 1 ? x .- mean(x; dims=1) : transpose(x .- mean(x; dims=2))
    return adjoint(d) * d ./ (size(d, 1) - corrected)
end
function cor(x::AbstractMatrix; dims::Int=1)
    n = size(x, 3 - dims)
    line(k) = dims == 1 ? x[:, k] : x[k, :]
    return [i == j ? 1.0 : cor(line(i), line(j)) for i in 1:n, j in 1:n]
end
cor(x::AbstractVector) = 1.0

quantile(itr, p; sorted::Bool=false) = quantile!(collect(itr), p; sorted=sorted)
function quantile!(v::AbstractVector, p; sorted::Bool=false)
    isempty(v) && throw(ArgumentError("empty data vector"))
    sorted || sort!(v)
    return quantile_of(v, p)
end
quantile_of(v, ps::Union{AbstractArray,Tuple}) = map(p -> quantile_of(v, p), ps)
# Between the neighbours of place 1 + (n - 1) p, linearly.
function quantile_of(v, p::Real)
    0 <= p <= 1 || throw(ArgumentError("input probability out of [0,1] range"))
    n = length(v)
    place = 1 + (n - 1) * p
    j = clamp(floor(Int, place), 1, max(n - 1, 1))
    n == 1 && return v[1] / 1
    a, b = v[j], v[j+1]
    return a + (place - j) * (b - a)
end
