# module: LinearAlgebra
# Singular values of real matrices by the steps that LAPACK takes, so that the signs of the vectors
# are its signs: reduced to two diagonals by reflections, then by shifted QR steps to one.

# The columns from j on, reflected from the left by x, which begins at row i.
function reflect_block!(a::Matrix{T}, x::Vector{T}, τ::T, i::Int, j::Int) where {T}
    iszero(τ) && return nothing
    for c in j:size(a, 2)
        s = zero(T)
        for k in 1:length(x)
            s += x[k] * a[i+k-1, c]
        end
        s *= τ
        for k in 1:length(x)
            a[i+k-1, c] -= s * x[k]
        end
    end
    return nothing
end
# The rows from i on, reflected from the right by x, which begins at column j.
function reflect_block_columns!(a::Matrix{T}, x::Vector{T}, τ::T, i::Int, j::Int) where {T}
    iszero(τ) && return nothing
    for r in i:size(a, 1)
        s = zero(T)
        for k in 1:length(x)
            s += a[r, j+k-1] * x[k]
        end
        for k in 1:length(x)
            a[r, j+k-1] -= s * (τ * x[k])
        end
    end
    return nothing
end
# Of a matrix with at least as many rows as columns: the diagonal, that above it, and the reflections
# from the left and from the right, each with its factor.
function two_diagonals!(a::Matrix{T}) where {T}
    m, n = size(a)
    d, e = zeros(T, n), zeros(T, max(n - 1, 0))
    lefts, rights = Tuple{Vector{T},T}[], Tuple{Vector{T},T}[]
    for i in 1:n
        x = a[i:m, i]
        τ, β = reflector!(x)
        d[i], x[1] = β, one(T)
        push!(lefts, (x, τ))
        reflect_block!(a, x, τ, i, i + 1)
        i < n || break
        y = a[i, i+1:n]
        τ, β = reflector!(y)
        e[i], y[1] = β, one(T)
        push!(rights, (y, τ))
        reflect_block_columns!(a, y, τ, i + 1, i + 1)
    end
    return d, e, lefts, rights
end
# What the reflections make of u, and of vt.
function from_left!(u::Matrix{T}, reflections, below::Int) where {T}
    for k in length(reflections):-1:1
        reflect_block!(u, reflections[k][1], reflections[k][2], k + below, 1)
    end
    return u
end
function from_right!(vt::Matrix{T}, reflections, below::Int) where {T}
    for k in length(reflections):-1:1
        reflect_block_columns!(vt, reflections[k][1], reflections[k][2], 1, k + below)
    end
    return vt
end

# The singular value decomposition of what has the diagonal d and e above it, in their place.
function one_diagonal!(d::Vector{T}, e::Vector{T}, u::Matrix{T}, vt::Matrix{T}) where {T}
    n = length(d)
    if n == 1
        # The sign of a single value is that of u.
        signbit(d[1]) && (u[1, 1] = -u[1, 1]; d[1] = -d[1])
        return nothing
    end
    unit = eps(T) / 2
    tolerance = max(T(10), min(T(100), unit^(-T(0.125)))) * unit
    least = abs(d[1])
    μ = least
    for i in 2:n
        iszero(least) && break
        μ = abs(d[i]) * (μ / (μ + abs(e[i-1])))
        least = min(least, μ)
    end
    threshold = max(tolerance * (least / sqrt(T(n))), 6 * (n * (n * floatmin(T))))
    m = n
    old_first, old_last, down = -1, -1, true
    steps = 0
    while m > 1
        steps += 1
        steps > 60 * n * n && throw(ErrorException("the singular values were not found"))
        greatest = abs(d[m])
        first = 1
        for k in m-1:-1:1
            if abs(e[k]) <= threshold
                e[k] = zero(T)
                first = k + 1
                break
            end
            greatest = max(greatest, abs(d[k]), abs(e[k]))
        end
        if first == m
            m -= 1
            continue
        elseif first == m - 1
            rotate_pair!(d, e, u, vt, m)
            m -= 2
            continue
        end
        (first > old_last || m < old_first) && (down = abs(d[first]) >= abs(d[m]))
        smallest = small_beside!(d, e, first, m, down, tolerance)
        smallest < 0 && continue
        old_first, old_last = first, m
        shift = zero(T)
        if n * tolerance * (smallest / greatest) > max(unit, T(0.01) * tolerance)
            corner = down ? abs(d[first]) : abs(d[m])
            shift = down ? lesser_value(d[m-1], e[m-1], d[m]) : lesser_value(d[first], e[first], d[first+1])
            corner > 0 && (shift / corner)^2 < unit && (shift = zero(T))
        end
        if iszero(shift)
            down ? unshifted_down!(d, e, u, vt, first, m) : unshifted_up!(d, e, u, vt, first, m)
        else
            down ? shifted_down!(d, e, u, vt, first, m, shift) : shifted_up!(d, e, u, vt, first, m, shift)
        end
        k = down ? m - 1 : first
        abs(e[k]) <= threshold && (e[k] = zero(T))
    end
    for i in 1:n
        signbit(d[i]) || continue
        d[i] = -d[i]
        for j in 1:size(vt, 2)
            vt[i, j] = -vt[i, j]
        end
    end
    return nothing
end
# How small the singular values of a block may be; -1 if an element beside the diagonal was so small
# that it is zero now.
function small_beside!(d::Vector{T}, e::Vector{T}, first::Int, m::Int, down::Bool, tolerance::T) where {T}
    k = down ? m - 1 : first
    if abs(e[k]) <= tolerance * abs(d[down ? m : first])
        e[k] = zero(T)
        return -one(T)
    end
    μ = abs(d[down ? first : m])
    least = μ
    for k in (down ? (first:1:m-1) : (m-1:-1:first))
        if abs(e[k]) <= tolerance * μ
            e[k] = zero(T)
            return -one(T)
        end
        μ = abs(d[down ? k + 1 : k]) * (μ / (μ + abs(e[k])))
        least = min(least, μ)
    end
    return least
end
function rotate_rows!(a::Matrix{T}, i::Int, co::T, si::T) where {T}
    for k in 1:size(a, 2)
        a[i, k], a[i+1, k] = rotated(a[i, k], a[i+1, k], co, si)
    end
    return nothing
end
function rotate_columns!(a::Matrix{T}, i::Int, co::T, si::T) where {T}
    for k in 1:size(a, 1)
        a[k, i], a[k, i+1] = rotated(a[k, i], a[k, i+1], co, si)
    end
    return nothing
end
# Cosine, sine and length of two numbers; the length has the sign of the first.
function rotation_of(f::T, g::T) where {T}
    iszero(g) && return one(T), zero(T), f
    iszero(f) && return zero(T), copysign(one(T), g), abs(g)
    r = sqrt(f * f + g * g)
    r = copysign(r, f)
    return abs(f) / abs(r), g / r, r
end
function unshifted_down!(d::Vector{T}, e::Vector{T}, u::Matrix{T}, vt::Matrix{T}, first::Int, m::Int) where {T}
    co, old_co, old_si = one(T), one(T), zero(T)
    for i in first:m-1
        co, si, r = rotation_of(d[i] * co, e[i])
        i > first && (e[i-1] = old_si * r)
        old_co, old_si, d[i] = rotation_of(old_co * r, d[i+1] * si)
        rotate_rows!(vt, i, co, si)
        rotate_columns!(u, i, old_co, old_si)
    end
    h = d[m] * co
    d[m], e[m-1] = h * old_co, h * old_si
    return nothing
end
function unshifted_up!(d::Vector{T}, e::Vector{T}, u::Matrix{T}, vt::Matrix{T}, first::Int, m::Int) where {T}
    co, old_co, old_si = one(T), one(T), zero(T)
    for i in m:-1:first+1
        co, si, r = rotation_of(d[i] * co, e[i-1])
        i < m && (e[i] = old_si * r)
        old_co, old_si, d[i] = rotation_of(old_co * r, d[i-1] * si)
        rotate_rows!(vt, i - 1, old_co, -old_si)
        rotate_columns!(u, i - 1, co, -si)
    end
    h = d[first] * co
    d[first], e[first] = h * old_co, h * old_si
    return nothing
end
function shifted_down!(d::Vector{T}, e::Vector{T}, u::Matrix{T}, vt::Matrix{T}, first::Int, m::Int, shift::T) where {T}
    f = (abs(d[first]) - shift) * (copysign(one(T), d[first]) + shift / d[first])
    g = e[first]
    for i in first:m-1
        co, si, r = rotation_of(f, g)
        i > first && (e[i-1] = r)
        f, e[i] = co * d[i] + si * e[i], co * e[i] - si * d[i]
        g = si * d[i+1]
        d[i+1] *= co
        left_co, left_si, d[i] = rotation_of(f, g)
        f, d[i+1] = left_co * e[i] + left_si * d[i+1], left_co * d[i+1] - left_si * e[i]
        if i < m - 1
            g = left_si * e[i+1]
            e[i+1] *= left_co
        end
        rotate_rows!(vt, i, co, si)
        rotate_columns!(u, i, left_co, left_si)
    end
    e[m-1] = f
    return nothing
end
function shifted_up!(d::Vector{T}, e::Vector{T}, u::Matrix{T}, vt::Matrix{T}, first::Int, m::Int, shift::T) where {T}
    f = (abs(d[m]) - shift) * (copysign(one(T), d[m]) + shift / d[m])
    g = e[m-1]
    for i in m:-1:first+1
        co, si, r = rotation_of(f, g)
        i < m && (e[i] = r)
        f, e[i-1] = co * d[i] + si * e[i-1], co * e[i-1] - si * d[i]
        g = si * d[i-1]
        d[i-1] *= co
        left_co, left_si, d[i] = rotation_of(f, g)
        f, d[i-1] = left_co * e[i-1] + left_si * d[i-1], left_co * d[i-1] - left_si * e[i-1]
        if i > first + 1
            g = left_si * e[i-2]
            e[i-2] *= left_co
        end
        rotate_rows!(vt, i - 1, left_co, -left_si)
        rotate_columns!(u, i - 1, co, -si)
    end
    e[first] = f
    return nothing
end
# The lesser singular value of [f g; 0 h].
function lesser_value(f::T, g::T, h::T) where {T}
    lesser, greater = min(abs(f), abs(h)), max(abs(f), abs(h))
    iszero(lesser) && return zero(T)
    s, t = 1 + lesser / greater, (greater - lesser) / greater
    if abs(g) < greater
        v = (abs(g) / greater)^2
        return lesser * (2 / (sqrt(s * s + v) + sqrt(t * t + v)))
    end
    v = greater / abs(g)
    iszero(v) && return lesser * greater / abs(g)
    c = 1 / (sqrt(1 + (s * v)^2) + sqrt(1 + (t * v)^2))
    return 2 * ((lesser * c) * v)
end
# The block of two that ends with m becomes diagonal.
function rotate_pair!(d::Vector{T}, e::Vector{T}, u::Matrix{T}, vt::Matrix{T}, m::Int) where {T}
    lesser, greater, right_si, right_co, left_si, left_co = pair_rotations(d[m-1], e[m-1], d[m])
    d[m-1], e[m-1], d[m] = greater, zero(T), lesser
    rotate_rows!(vt, m - 1, right_co, right_si)
    rotate_columns!(u, m - 1, left_co, left_si)
    return nothing
end
function pair_rotations(f::T, g::T, h::T) where {T}
    turned_round = abs(h) > abs(f)
    ft, ht = turned_round ? (h, f) : (f, h)
    fa, ha, ga = abs(ft), abs(ht), abs(g)
    if iszero(ga)
        lesser, greater, cl, cr, sl, sr = ha, fa, one(T), one(T), zero(T), zero(T)
    elseif ga > fa && fa / ga < eps(T) / 2
        lesser, greater = ha > 1 ? fa / (ga / ha) : fa / ga * ha, ga
        cl, sl, sr, cr = one(T), ht / g, one(T), ft / g
    else
        difference = fa - ha
        l = difference == fa ? one(T) : difference / fa
        q = g / ft
        t = 2 - l
        s = sqrt(t * t + q * q)
        r = iszero(l) ? abs(q) : sqrt(l * l + q * q)
        a = (s + r) / 2
        lesser, greater = ha / a, fa * a
        if iszero(q * q)
            t = iszero(l) ? copysign(T(2), ft) * copysign(one(T), g) : g / copysign(difference, ft) + q / t
        else
            t = (q / (s + t) + q / (r + l)) * (1 + a)
        end
        l = sqrt(t * t + 4)
        cr, sr = 2 / l, t / l
        cl, sl = (cr + sr * q) / a, (ht / ft) * sr / a
    end
    left_co, left_si, right_co, right_si = turned_round ? (sr, cr, sl, cl) : (cl, sl, cr, sr)
    sign_of = turned_round && !(ga > fa) ? copysign(one(T), right_si) * copysign(one(T), left_si) * copysign(one(T), h) :
        ga > fa ? copysign(one(T), right_si) * copysign(one(T), left_co) * copysign(one(T), g) :
        copysign(one(T), right_co) * copysign(one(T), left_co) * copysign(one(T), f)
    return copysign(lesser, sign_of * copysign(one(T), f) * copysign(one(T), h)), copysign(greater, sign_of), right_si, right_co, left_si, left_co
end

# ---- the factors of a matrix

unit_columns(::Type{T}, m::Int, n::Int) where {T} = Matrix{T}(I, m, n)
# Of a matrix with at least as many rows as columns.
function tall_svd(a::Matrix{T}, full::Bool) where {T<:Union{Float32,Float64}}
    m, n = size(a)
    columns = full ? m : n
    # Of much taller matrices the triangle of a QR factorization is enough.
    f = m >= n * 11 ÷ 6 && m > n ? qr!(a) : nothing
    d, e, lefts, rights = two_diagonals!(f === nothing ? a : f.R)
    inner_u, inner_vt = unit_columns(T, n, n), unit_columns(T, n, n)
    n > 0 && one_diagonal!(d, e, inner_u, inner_vt)
    p = sortperm(d; rev=true)
    u = unit_columns(T, m, columns)
    for j in 1:n, i in 1:n
        u[i, j] = inner_u[i, p[j]]
    end
    vt = from_right!(inner_vt[p, :], rights, 1)
    from_left!(u, lefts, 0)
    return svd_parts(f === nothing ? u : lmul!(f.Q, u), d[p], vt)
end
# Of a matrix with more columns than rows. If these are not many more, the second diagonal is below
# the first one, and is brought above it by rotations.
function wide_svd(a::Matrix{T}, full::Bool) where {T<:Union{Float32,Float64}}
    m, n = size(a)
    rows = full ? n : m
    vt = unit_columns(T, rows, n)
    if n >= m * 11 ÷ 6
        f = qr!(copy(adjoint(a)))
        d, e, lefts, rights = two_diagonals!(copy(adjoint(f.R)))
        inner_u, inner_vt = unit_columns(T, m, m), unit_columns(T, m, m)
        m > 0 && one_diagonal!(d, e, inner_u, inner_vt)
        p = sortperm(d; rev=true)
        u = from_left!(inner_u[:, p], lefts, 0)
        inner = from_right!(inner_vt[p, :], rights, 1)
        for j in 1:m, i in 1:m
            vt[i, j] = inner[i, j]
        end
        return svd_parts(u, d[p], copy(adjoint(lmul!(f.Q, copy(adjoint(vt))))))
    end
    d, e, lefts, rights = two_diagonals!(copy(adjoint(a)))
    turns = Tuple{T,T}[]
    for i in 1:m-1
        co, si, d[i] = rotation_of(d[i], e[i])
        e[i] = si * d[i+1]
        d[i+1] *= co
        push!(turns, (co, -si))
    end
    inner_u, inner_vt = unit_columns(T, m, m), unit_columns(T, m, m)
    m > 0 && one_diagonal!(d, e, inner_u, inner_vt)
    p = sortperm(d; rev=true)
    inner_u, inner_vt = inner_u[:, p], inner_vt[p, :]
    for i in m-1:-1:1
        rotate_rows!(inner_u, i, turns[i]...)
    end
    u = from_left!(inner_u, rights, 1)
    for j in 1:m, i in 1:m
        vt[i, j] = inner_vt[i, j]
    end
    return svd_parts(u, d[p], from_right!(vt, lefts, 0))
end
