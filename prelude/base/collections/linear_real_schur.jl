# module: LinearAlgebra
# Eigenvalues and eigenvectors of real matrices in real numbers, by the steps that LAPACK takes, so
# that the signs of the vectors are its signs: balanced, reduced to a Hessenberg matrix and by double
# shifts to blocks of one and two on the diagonal.

# What balancing did: rows and columns `first` to `last` are left; factors of these, exchanges of others.
struct Balance{T}
    first::Int
    last::Int
    scale::Vector{T}
end
function exchange!(a::Matrix{T}, i::Int, j::Int, first::Int, last::Int) where {T}
    i == j && return nothing
    for k in 1:last
        a[k, i], a[k, j] = a[k, j], a[k, i]
    end
    for k in first:size(a, 1)
        a[i, k], a[j, k] = a[j, k], a[i, k]
    end
    return nothing
end
# Values that stand alone in their row go to the end, those alone in their column to the front.
function balance!(a::Matrix{T}) where {T}
    n = size(a, 1)
    scale = ones(T, n)
    first, last = 1, n
    again = true
    while again
        again = false
        for i in last:-1:1
            all(j -> i == j || iszero(a[i, j]), 1:last) || continue
            scale[last] = i
            exchange!(a, i, last, first, last)
            again = true
            last == 1 && return Balance{T}(1, 1, scale)
            last -= 1
        end
    end
    again = true
    while again
        again = false
        for j in first:last
            all(i -> i == j || iszero(a[i, j]), first:last) || continue
            scale[first] = j
            exchange!(a, j, first, first, last)
            again = true
            first += 1
        end
    end
    for k in first:last
        scale[k] = one(T)
    end
    equal_lengths!(a, scale, first, last)
    return Balance{T}(first, last, scale)
end
# Factors of rows and columns, powers of two, after which they are about equally long.
function equal_lengths!(a::Matrix{T}, scale::Vector{T}, first::Int, last::Int) where {T}
    changed = true
    while changed
        changed = false
        for i in first:last
            column, row = norm(view(a, first:last, i)), norm(view(a, i, first:last))
            (iszero(column) || iszero(row)) && continue
            sum = column + row
            f = one(T)
            while column < row / 2
                f, column, row = 2 * f, 2 * column, row / 2
            end
            while column / 2 >= row
                f, column, row = f / 2, column / 2, 2 * row
            end
            column + row >= T(0.95) * sum && continue
            changed = true
            scale[i] *= f
            for k in first:size(a, 1)
                a[i, k] /= f
            end
            for k in 1:last
                a[k, i] *= f
            end
        end
    end
    return nothing
end

# w × sqrt(1 + (z / w)²): lengths of two numbers, rounded as LAPACK rounds them.
function scaled_length(x, y)
    long, short = max(abs(x), abs(y)), min(abs(x), abs(y))
    return iszero(short) ? long : long * sqrt(1 + (short / long)^2)
end

# The Hessenberg matrix takes the place of `a`; gives what the reflections make of the unit matrix.
function hessenberg_form!(a::Matrix{T}, b::Balance{T}) where {T}
    n = size(a, 1)
    q = Matrix{T}(I, n, n)
    for k in b.first:b.last-2
        x = a[k+1:b.last, k]
        τ, β = reflector!(x)
        x[1] = one(T)
        a[k+1, k] = β
        for i in k+2:b.last
            a[i, k] = zero(T)
        end
        iszero(τ) && continue
        reflect_columns!(a, x, τ, k, b.last)
        for j in k+1:n
            s = zero(T)
            for i in 1:length(x)
                s += x[i] * a[k+i, j]
            end
            s *= τ
            for i in 1:length(x)
                a[k+i, j] -= s * x[i]
            end
        end
        reflect_columns!(q, x, τ, k, n)
    end
    return q
end

# A block of two, rotated: triangular if its values are real, else with one number on the diagonal.
# The last two are the cosine and the sine.
function standard_block(a::T, b::T, c::T, d::T) where {T}
    iszero(c) && return a, b, c, d, one(T), zero(T)
    iszero(b) && return d, -c, zero(T), a, zero(T), one(T)
    a == d && signbit(b) != signbit(c) && return a, b, c, d, one(T), zero(T)
    p = (a - d) / 2
    greater, less = max(abs(b), abs(c)), copysign(min(abs(b), abs(c)), b) * copysign(one(T), c)
    scale = max(abs(p), greater)
    z = p / scale * p + greater / scale * less
    if z >= 4 * eps(T)
        z = p + copysign(sqrt(scale) * sqrt(z), p)
        r = scaled_length(c, z)
        return d + z, b - c, zero(T), d - greater / z * less, z / r, c / r
    end
    sum, difference = b + c, a - d
    τ = scaled_length(sum, difference)
    co = sqrt((1 + abs(sum) / τ) / 2)
    si = -(difference / 2 / (τ * co)) * copysign(one(T), sum)
    a, b, c, d = a * co + b * si, -a * si + b * co, c * co + d * si, -c * si + d * co
    a, b, c, d = a * co + c * si, b * co + d * si, -a * si + c * co, -b * si + d * co
    a = d = (a + d) / 2
    iszero(c) && return a, b, c, d, co, si
    iszero(b) && return a, -c, zero(T), d, -si, co
    signbit(b) == signbit(c) || return a, b, c, d, co, si
    part = copysign(sqrt(abs(b)) * sqrt(abs(c)), c)
    τ = inv(sqrt(abs(b + c)))
    co1, si1 = sqrt(abs(b)) * τ, sqrt(abs(c)) * τ
    return a + part, b - c, zero(T), d - part, co * co1 - si * si1, co * si1 + si * co1
end
rotated(x, y, co, si) = (co * x + si * y, co * y - si * x)

# The row from which on the block that ends with row i can be worked on alone.
function block_start(h::Matrix{T}, i::Int, b::Balance{T}) where {T}
    least = floatmin(T) * ((b.last - b.first + 1) / eps(T))
    for k in i:-1:b.first+1
        below = abs(h[k, k-1])
        below <= least && return k
        around = abs(h[k-1, k-1]) + abs(h[k, k])
        if iszero(around)
            k - 2 >= b.first && (around += abs(h[k-1, k-2]))
            k + 1 <= b.last && (around += abs(h[k+1, k]))
        end
        below <= eps(T) * around || continue
        above, difference = abs(h[k-1, k]), abs(h[k-1, k-1] - h[k, k])
        aa, bb = max(abs(h[k, k]), difference), min(abs(h[k, k]), difference)
        s = aa + max(below, above)
        min(below, above) * (max(below, above) / s) <= max(least, eps(T) * (bb * (aa / s))) && return k
    end
    return b.first
end
# The two shifts: the values of the last block of two, or others when nothing came of these for long.
function two_shifts(h::Matrix{T}, l::Int, i::Int, tries::Int) where {T}
    a, b, c, d = h[i-1, i-1], h[i-1, i], h[i, i-1], h[i, i]
    if tries % 10 == 0
        s = tries % 20 == 0 ? abs(h[i, i-1]) + abs(h[i-1, i-2]) : abs(h[l+1, l]) + abs(h[l+2, l+1])
        a = d = T(0.75) * s + (tries % 20 == 0 ? h[i, i] : h[l, l])
        b, c = T(-0.4375) * s, s
    end
    s = abs(a) + abs(b) + abs(c) + abs(d)
    iszero(s) && return zero(T), zero(T)
    a, b, c, d = a / s, b / s, c / s, d / s
    middle = (a + d) / 2
    determinant = (a - middle) * (d - middle) - b * c
    root = sqrt(abs(determinant))
    determinant >= 0 && return middle * s, root * s
    near = abs(middle + root - d) <= abs(middle - root - d) ? middle + root : middle - root
    return near * s, zero(T)
end
# Double shifts until only blocks are left; the rotations are kept in q.
function real_schur!(h::Matrix{T}, q::Matrix{T}, b::Balance{T}) where {T}
    n = size(h, 1)
    i = b.last
    tries = 0
    while i >= b.first
        l = block_start(h, i, b)
        l > b.first && (h[l, l-1] = zero(T))
        if l >= i - 1
            l == i - 1 && standard_rows!(h, q, i)
            i = l - 1
            tries = 0
            continue
        end
        tries += 1
        tries > 300 && throw(ErrorException("the eigenvalues were not found"))
        double_step!(h, q, l, i, two_shifts(h, l, i, tries)...)
    end
    return nothing
end
function standard_rows!(h::Matrix{T}, q::Matrix{T}, i::Int) where {T}
    n = size(h, 1)
    a, b, c, d, co, si = standard_block(h[i-1, i-1], h[i-1, i], h[i, i-1], h[i, i])
    h[i-1, i-1], h[i-1, i], h[i, i-1], h[i, i] = a, b, c, d
    for k in i+1:n
        h[i-1, k], h[i, k] = rotated(h[i-1, k], h[i, k], co, si)
    end
    for k in 1:i-2
        h[k, i-1], h[k, i] = rotated(h[k, i-1], h[k, i], co, si)
    end
    for k in 1:n
        q[k, i-1], q[k, i] = rotated(q[k, i-1], q[k, i], co, si)
    end
    return nothing
end
# The shifts are re ± im·i, or twice re.
function double_step!(h::Matrix{T}, q::Matrix{T}, l::Int, i::Int, re::T, im::T) where {T}
    n = size(h, 1)
    m = i - 2
    v = zeros(T, 3)
    while true
        s = abs(h[m, m] - re) + abs(im) + abs(h[m+1, m])
        below = h[m+1, m] / s
        v[1] = below * h[m, m+1] + (h[m, m] - re) * ((h[m, m] - re) / s) + im * (im / s)
        v[2] = below * (h[m, m] + h[m+1, m+1] - re - re)
        v[3] = below * h[m+2, m+1]
        v ./= abs(v[1]) + abs(v[2]) + abs(v[3])
        m == l && break
        abs(h[m, m-1]) * (abs(v[2]) + abs(v[3])) <=
            eps(T) * abs(v[1]) * (abs(h[m-1, m-1]) + abs(h[m, m]) + abs(h[m+1, m+1])) && break
        m -= 1
    end
    for k in m:i-1
        rows = min(3, i - k + 1)
        x = k > m ? h[k:k+rows-1, k-1] : v[1:rows]
        τ, β = reflector!(x)
        if k > m
            h[k, k-1] = β
            for r in 1:rows-1
                h[k+r, k-1] = zero(T)
            end
        elseif m > l
            h[k, k-1] *= 1 - τ
        end
        x[1] = one(T)
        for j in k:n
            s = zero(T)
            for r in 1:rows
                s += x[r] * h[k+r-1, j]
            end
            for r in 1:rows
                h[k+r-1, j] -= s * (τ * x[r])
            end
        end
        step_columns!(h, x, τ, k, min(k + 3, i))
        step_columns!(q, x, τ, k, n)
    end
    return nothing
end
function step_columns!(a::Matrix{T}, x::Vector{T}, τ::T, k::Int, last::Int) where {T}
    for j in 1:last
        s = zero(T)
        for r in 1:length(x)
            s += a[j, k+r-1] * x[r]
        end
        for r in 1:length(x)
            a[j, k+r-1] -= s * (τ * x[r])
        end
    end
    return nothing
end

# ---- vectors

# The vector of the block of one or two that ends with row k, for the value λ of it: x is what is
# known of it, from there on.
function block_vector!(x::Vector, t::Matrix{T}, λ, from::Int) where {T}
    least = max(eps(T) * (abs(real(λ)) + abs(imag(λ))), floatmin(T) * (size(t, 1) / eps(T)))
    j = from
    while j >= 1
        pair = j > 1 && !iszero(t[j, j-1])
        i = pair ? j - 1 : j
        for r in i:j
            s = zero(eltype(x))
            for c in j+1:length(x)
                s -= t[r, c] * x[c]
            end
            x[r] = s
        end
        if pair
            solve_pair!(x, t[i, i] - λ, t[i, j], t[j, i], t[j, j] - λ, i, least)
        else
            gap = t[j, j] - λ
            abs(real(gap)) + abs(imag(gap)) < least && (gap = oftype(gap, least))
            if abs(x[j]) > abs(gap) * (sqrt(floatmax(T)) / 2)
                x .*= abs(gap) / abs(x[j])
            end
            x[j] /= gap
        end
        j = i - 1
    end
    return x
end
# Two equations, the larger factor of the first unknown first.
function solve_pair!(x::Vector, a, b, c, d, i::Int, least)
    u, v = x[i], x[i+1]
    if abs(c) > abs(a)
        a, b, u, c, d, v = c, d, v, a, b, u
    end
    f = c / a
    gap = d - f * b
    iszero(gap) && (gap = oftype(gap, least))
    x[i+1] = (v - f * u) / gap
    x[i] = (u - b * x[i+1]) / a
    return x
end
# Back to the rows of the matrix that was balanced.
function unbalanced!(v::Vector, b::Balance)
    for i in b.first:b.last
        v[i] *= b.scale[i]
    end
    for i in b.first-1:-1:1
        k = Int(b.scale[i])
        v[i], v[k] = v[k], v[i]
    end
    for i in b.last+1:length(v)
        k = Int(b.scale[i])
        v[i], v[k] = v[k], v[i]
    end
    return v
end
one_norm(z) = abs(real(z)) + abs(imag(z))
function whole_vector(x::Vector, t::Matrix{T}, q::Matrix{T}, b::Balance{T}, columns::Int) where {T}
    v = zeros(eltype(x), size(q, 1))
    for j in 1:columns, i in 1:length(v)
        v[i] += q[i, j] * x[j]
    end
    v *= inv(maximum(one_norm, v))
    return unbalanced!(v, b)
end
accurate_norm(v::Vector{<:Real}) = length(v) == 2 ? hypot(v[1], v[2]) : norm(v)
function real_eigen(a::Matrix{T}) where {T<:Union{Float32,Float64}}
    n = size(a, 1)
    t = copy(a)
    b = balance!(t)
    q = hessenberg_form!(t, b)
    real_schur!(t, q, b)
    all(k -> iszero(t[k+1, k]), 1:n-1) || return paired_eigen(t, q, b)
    values = [t[k, k] for k in 1:n]
    vectors = zeros(T, n, n)
    for k in 1:n
        x = zeros(T, k)
        x[k] = one(T)
        v = whole_vector(block_vector!(x, t, t[k, k], k - 1), t, q, b, k)
        vectors[:, k] = v * inv(accurate_norm(v))
    end
    p = sortperm(values)
    return Eigen(values[p], vectors[:, p])
end
# Some of the blocks have conjugate values.
function paired_eigen(t::Matrix{T}, q::Matrix{T}, b::Balance{T}) where {T}
    n = size(t, 1)
    values, vectors = zeros(Complex{T}, n), zeros(Complex{T}, n, n)
    k = 1
    while k <= n
        if k == n || iszero(t[k+1, k])
            x = zeros(T, k)
            x[k] = one(T)
            v = whole_vector(block_vector!(x, t, t[k, k], k - 1), t, q, b, k)
            values[k] = t[k, k]
            vectors[:, k] = v * inv(accurate_norm(v))
            k += 1
            continue
        end
        above, below = t[k, k+1], t[k+1, k]
        imaginary = sqrt(abs(above)) * sqrt(abs(below))
        λ = complex(t[k, k], imaginary)
        x = zeros(Complex{T}, k + 1)
        x[k], x[k+1] = abs(above) >= abs(below) ? (complex(one(T)), complex(zero(T), imaginary / above)) :
            (complex(-imaginary / below), complex(zero(T), one(T)))
        v = turned_real(whole_vector(block_vector!(x, t, λ, k - 1), t, q, b, k + 1))
        values[k], values[k+1] = conj(λ), λ
        for i in 1:n
            vectors[i, k], vectors[i, k+1] = conj(v[i]), v[i]
        end
        k += 2
    end
    p = sortperm(values; by=eigsortby)
    return Eigen(values[p], vectors[:, p])
end
# Of length one; the greatest component becomes real, of the same sign.
function turned_real(v::Vector{Complex{T}}) where {T}
    re, im = real.(v), imag.(v)
    s = inv(scaled_length(accurate_norm(re), accurate_norm(im)))
    re, im = re * s, im * s
    k = 1
    for i in 2:length(v)
        re[i]^2 + im[i]^2 > re[k]^2 + im[k]^2 && (k = i)
    end
    size_k = sqrt(re[k]^2 + im[k]^2)
    turn_re, turn_im = iszero(im[k]) ? (one(T), zero(T)) : iszero(re[k]) ? (zero(T), copysign(one(T), im[k])) :
        (abs(re[k]) / size_k, im[k] / copysign(size_k, re[k]))
    return [complex(turn_re * re[i] + turn_im * im[i], i == k ? zero(T) : turn_re * im[i] - turn_im * re[i]) for i in 1:length(v)]
end
