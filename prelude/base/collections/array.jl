# Array: making, measuring, reading and writing single elements, copying. What works on any
# AbstractArray is in abstractarray.jl.

struct UndefInitializer end
const undef = UndefInitializer()

# ---- construction

@inline Array{T,1}(::UndefInitializer, n::Int) where {T} =
    ccall(:jl_alloc_array_1d, Array{T,1}, (Any, Int), Array{T,1}, checked_dim(n))
@inline Array{T,2}(::UndefInitializer, m::Int, n::Int) where {T} =
    ccall(:jl_alloc_array_2d, Array{T,2}, (Any, Int, Int), Array{T,2}, checked_dim(m), checked_dim(n))
@inline Array{T,3}(::UndefInitializer, m::Int, n::Int, k::Int) where {T} =
    ccall(:jl_alloc_array_3d, Array{T,3}, (Any, Int, Int, Int), Array{T,3}, checked_dim(m), checked_dim(n), checked_dim(k))
@inline Array{T,N}(::UndefInitializer, dims::Vararg{Int,N}) where {T,N} = Array{T,N}(undef, dims)
@inline Array{T,1}(::UndefInitializer, dims::Tuple{Int}) where {T} = Array{T,1}(undef, getfield(dims, 1))
@inline Array{T,2}(::UndefInitializer, dims::Tuple{Int,Int}) where {T} = Array{T,2}(undef, getfield(dims, 1), getfield(dims, 2))
@inline Array{T,3}(::UndefInitializer, dims::Tuple{Int,Int,Int}) where {T} =
    Array{T,3}(undef, getfield(dims, 1), getfield(dims, 2), getfield(dims, 3))
Array{T,N}(::UndefInitializer, dims::NTuple{N,Int}) where {T,N} =
    ccall(:jl_new_array, Array{T,N}, (Any, Any), Array{T,N}, map(checked_dim, dims))
@inline Array{T,N}(::UndefInitializer, dims::Vararg{Integer,N}) where {T,N} = Array{T,N}(undef, map(Int, dims))
Array{T,N}(::UndefInitializer, dims::NTuple{N,Integer}) where {T,N} = Array{T,N}(undef, map(Int, dims))
@inline Array{T}(::UndefInitializer, n::Int) where {T} = Array{T,1}(undef, n)
@inline Array{T}(::UndefInitializer, m::Int, n::Int) where {T} = Array{T,2}(undef, m, n)
@inline Array{T}(::UndefInitializer, dims::Integer...) where {T} = array_of_dims(T, map(Int, dims))
@inline Array{T}(::UndefInitializer, dims::Tuple{Vararg{Integer}}) where {T} = array_of_dims(T, map(Int, dims))
Array{T}(::UndefInitializer, dims::Tuple{}) where {T} = Array{T,0}(undef, ())
@inline array_of_dims(::Type{T}, dims::NTuple{N,Int}) where {T,N} = Array{T,N}(undef, dims)
Vector(::UndefInitializer, n::Integer) = Vector{Any}(undef, Int(n))
Matrix(::UndefInitializer, m::Integer, n::Integer) = Matrix{Any}(undef, Int(m), Int(n))
@inline Array{T,1}() where {T} = Array{T,1}(undef, 0)
Vector() = Vector{Any}(undef, 0)
Array{T}(::Missing, dims::Integer...) where {T} = fill!(Array{T}(undef, dims...), missing)
Array{T}(::Nothing, dims::Integer...) where {T} = fill!(Array{T}(undef, dims...), nothing)
Array{T,N}(::Missing, dims...) where {T,N} = fill!(Array{T,N}(undef, dims...), missing)
Array{T,N}(::Nothing, dims...) where {T,N} = fill!(Array{T,N}(undef, dims...), nothing)

@inline checked_dim(n::Int) = n >= 0 ? n : throw(ArgumentError("invalid Array dimensions"))

Array{T,N}(a::AbstractArray{S,N}) where {T,N,S} = copyto!(Array{T,N}(undef, size(a)), a)
Array{T}(a::AbstractArray{S,N}) where {T,N,S} = Array{T,N}(a)
Array(a::AbstractArray{T,N}) where {T,N} = Array{T,N}(a)
Vector(a::AbstractArray{T,1}) where {T} = Array{T,1}(a)
Matrix(a::AbstractArray{T,2}) where {T} = Array{T,2}(a)
Vector{T}(t::Tuple) where {T} = T[x for x in t]
convert(::Type{T}, a::AbstractArray) where {T<:Array} = a isa T ? a : T(a)
convert(::Type{T}, a::T) where {T<:Array} = a
convert(::Type{AbstractArray{T}}, a::AbstractArray{T}) where {T} = a
convert(::Type{AbstractArray{T}}, a::AbstractArray) where {T} = copyto!(similar(a, T), a)
convert(::Type{AbstractArray{T,N}}, a::AbstractArray{T,N}) where {T,N} = a
convert(::Type{AbstractArray{T,N}}, a::AbstractArray{S,N}) where {T,N,S} = copyto!(similar(a, T), a)

zeros(n::Integer...) = fill!(Array{Float64}(undef, n...), 0.0)
zeros(dims::Tuple) = fill!(similar(Array{Float64}, dims), 0.0)
zeros(::Type{T}, n::Integer...) where {T} = fill!(Array{T}(undef, n...), zero(T))
zeros(::Type{T}, dims::Tuple) where {T} = fill!(similar(Array{T}, dims), zero(T))
ones(n::Integer...) = fill!(Array{Float64}(undef, n...), 1.0)
ones(dims::Tuple) = fill!(similar(Array{Float64}, dims), 1.0)
ones(::Type{T}, n::Integer...) where {T} = fill!(Array{T}(undef, n...), one(T))
ones(::Type{T}, dims::Tuple) where {T} = fill!(similar(Array{T}, dims), one(T))
fill(v::T, n::Integer...) where {T} = fill!(Array{T}(undef, n...), v)
fill(v::Type{T}, n::Integer...) where {T} = fill!(Array{Type{T}}(undef, n...), v)
fill(v::T, dims::Tuple) where {T} = fill!(similar(Array{T}, dims), v)

# `[a, b, c]`
@inline vect() = Vector{Any}(undef, 0)
function vect(x::T, rest::T...) where {T}
    v = Vector{T}(undef, nfields(rest) + 1)
    arrayset(false, v, x, 1)
    store_elements!(v, 2, rest)
    return v
end
vect(xs...) = vect_of(xs, Val{nfields(xs) <= 16}())
function vect_of(xs::Tuple, ::Val{true})
    v = Vector{promote_typeof(xs...)}(undef, nfields(xs))
    store_elements!(v, 1, xs)
    return v
end
# Of a long literal of many types each type is asked once.
function vect_of(xs::Tuple, ::Val{false})
    v = Vector{promoted_distinct(Core.distinct_elements(typeof(xs)))}(undef, nfields(xs))
    store_elements!(v, 1, xs)
    return v
end
promoted_distinct(::Type{T}) where {T<:Tuple} = promote_between(T, Val(1), Val(fieldcount(T)))
promote_between(::Type{T}, ::Val{I}, ::Val{I}) where {T<:Tuple,I} = fieldtype(T, I)
promote_between(::Type{T}, ::Val{I}, ::Val{J}) where {T<:Tuple,I,J} =
    promote_type(promote_between(T, Val(I), Val(div(I + J, 2))), promote_between(T, Val(div(I + J, 2) + 1), Val(J)))
@inline store_elements!(v::Array, i::Int, ::Tuple{}) = nothing
@inline function store_elements!(v::Array{T}, i::Int, t::Tuple) where {T}
    is_long(t) && return store_many!(v, i, t)
    arrayset(false, v, convert(T, getfield(t, 1))::T, i)
    return store_elements!(v, i + 1, tail(t))
end
function store_elements!(v::Array{T}, i::Int, t::NTuple{N,S}) where {T,N,S}
    for k in 1:N
        arrayset(false, v, convert(T, getfield(t, k))::T, i + k - 1)
    end
    return nothing
end
store_many!(v::Array, i::Int, t::Tuple) = (fold_elements((k, x) -> store_next!(v, k, x), i, t); nothing)
@noinline store_next!(v::Array{T}, k::Int, x) where {T} = (arrayset(false, v, convert(T, x)::T, k); k + 1)
# Arrays meet in the one whose elements are those that both promote to.
promote_rule(::Type{Array{T,N}}, ::Type{Array{S,N}}) where {T,S,N} = array_with_elements(promote_type(T, S), Array{T,N}, Array{S,N})
array_with_elements(::Type{T}, ::Type{A}, ::Type{B}) where {T,A,B} =
    eltype(A) === T ? A : eltype(B) === T ? B : promote_typejoin(A, B)
@inline promote_typeof(x) = typeof(x)
@inline promote_typeof(x, xs...) = promote_type(typeof(x), promote_typeof(xs...))

# `T[a, b, c]`
@inline getindex(::Type{T}) where {T} = Vector{T}(undef, 0)
function getindex(::Type{T}, x, xs...) where {T}
    v = Vector{T}(undef, nfields(xs) + 1)
    arrayset(false, v, convert(T, x)::T, 1)
    store_elements!(v, 2, xs)
    return v
end

# ---- measuring

@inline length(a::Array) = arraylen(a)
@inline isempty(a::Array) = arraylen(a) == 0
@inline size(a::Array{T,0}) where {T} = ()
@inline size(a::Array{T,1}) where {T} = (arraysize(a, 1),)
@inline size(a::Array{T,2}) where {T} = (arraysize(a, 1), arraysize(a, 2))
@inline size(a::Array{T,3}) where {T} = (arraysize(a, 1), arraysize(a, 2), arraysize(a, 3))
@inline size(a::Array{T,N}) where {T,N} = ntuple(d -> arraysize(a, d), Val(N))
@inline function size(a::Array{T,N}, d::Integer) where {T,N}
    d < 1 && throw(ErrorException("arraysize: dimension out of range"))
    return d <= N ? getfield(size(a), Int(d)) : 1
end
IndexStyle(::Type{<:Array}) = IndexLinear()
sizeof(a::Array{T}) where {T} = arraylen(a) * aligned_sizeof(T)
elsize(::Type{<:Array{T}}) where {T} = aligned_sizeof(T)
strides(a::Array) = strides_of(size(a))
stride(a::Array, d::Integer) = prod_upto(size(a), d)

# ---- elements. A return inside of @boundscheck is there only where bounds are checked.

@inline function getindex(a::Array, i::Int)
    @boundscheck return arrayref(true, a, i)
    return arrayref(false, a, i)
end
@inline function getindex(a::Array{T,2}, i::Int, j::Int) where {T}
    @boundscheck return arrayref(true, a, i, j)
    return arrayref(false, a, i, j)
end
@inline function getindex(a::Array{T,3}, i::Int, j::Int, k::Int) where {T}
    @boundscheck return arrayref(true, a, i, j, k)
    return arrayref(false, a, i, j, k)
end
@inline getindex(a::Array, i::Int, j::Int, more::Int...) = element_at_indices(a, (i, j, more...))
@inline function element_at_indices(a::Array{T,N}, i::NTuple{N,Int}) where {T,N}
    @boundscheck return arrayref(true, a, i...)
    return arrayref(false, a, i...)
end
# Too many indices or too few.
@inline element_at_indices(a::Array, i::Tuple) = cartesian_getindex(IndexLinear(), a, i)

@inline function setindex!(a::Array{T}, x, i::Int) where {T}
    v = convert(T, x)::T
    @boundscheck return arrayset(true, a, v, i)
    return arrayset(false, a, v, i)
end
@inline function setindex!(a::Array{T,2}, x, i::Int, j::Int) where {T}
    v = convert(T, x)::T
    @boundscheck return arrayset(true, a, v, i, j)
    return arrayset(false, a, v, i, j)
end
@inline function setindex!(a::Array{T,3}, x, i::Int, j::Int, k::Int) where {T}
    v = convert(T, x)::T
    @boundscheck return arrayset(true, a, v, i, j, k)
    return arrayset(false, a, v, i, j, k)
end
@inline setindex!(a::Array, x, i::Int, j::Int, more::Int...) = store_at_indices!(a, x, (i, j, more...))
@inline function store_at_indices!(a::Array{T,N}, x, i::NTuple{N,Int}) where {T,N}
    v = convert(T, x)::T
    @boundscheck return arrayset(true, a, v, i...)
    return arrayset(false, a, v, i...)
end
@inline store_at_indices!(a::Array, x, i::Tuple) = cartesian_setindex!(IndexLinear(), a, x, i)

# The one element of an array without dimensions is that of a vector on the same memory.
@inline function getindex(a::Array{T,0}, i::Int) where {T}
    @boundscheck i == 1 || throw_boundserror(a, (i,))
    return @inbounds vec(a)[1]
end
@inline function setindex!(a::Array{T,0}, x, i::Int) where {T}
    @boundscheck i == 1 || throw_boundserror(a, (i,))
    @inbounds vec(a)[1] = x
    return a
end
fill!(a::Array{T,0}, x) where {T} = (vec(a)[1] = x; a)
copy(a::Array{T,0}) where {T} = fill!(Array{T,0}(undef, ()), vec(a)[1])
@inline iterate(a::Array{T,0}) where {T} = (vec(a)[1], 2)
iterate(a::Array{T,0}, i::Int) where {T} = nothing

@inline iterate(a::Array) = arraylen(a) == 0 ? nothing : (arrayref(false, a, 1), 2)
@inline iterate(a::Array, i::Int) =
    ult_int(bitcast(UInt, sub_int(i, 1)), bitcast(UInt, arraylen(a))) ? (arrayref(false, a, i), add_int(i, 1)) : nothing

isassigned(a::Array{Union{}}, i::Int) = false
isassigned(a::Array, i::Int) = 1 <= i <= arraylen(a) && ccall(:jl_array_isassigned, Cint, (Any, UInt), a, (i - 1) % UInt) != 0

# ---- memory

@inline pointer(a::Array{T}) where {T} = ccall(:jl_array_ptr, Ptr{T}, (Any,), a)
@inline pointer(a::Array{T}, i::Integer) where {T} = pointer(a) + (Int(i) - 1) * aligned_sizeof(T)

similar(a::Array{T,1}) where {T} = Array{T,1}(undef, arraylen(a))
similar(a::Array{T,N}) where {T,N} = Array{T,N}(undef, size(a))
copy(a::Array{T,N}) where {T,N} = copy_elements!(Array{T,N}(undef, size(a)), 1, a, 1, arraylen(a))

function fill!(a::Array{T}, x) where {T}
    v = convert(T, x)::T
    for i in 1:arraylen(a)
        arrayset(false, a, v, i)
    end
    return a
end

# n elements of src from s on to dst from d on; the ranges may overlap, bounds are not checked.
@inline function copy_elements!(dst::Array{T}, d::Int, src::Array{T}, s::Int, n::Int) where {T}
    if isbitstype(T)
        n > 0 && Core.sizeof(T) > 0 && move_bits!(dst, d, src, s, n)
    elseif dst === src && d > s
        for k in n-1:-1:0
            move_element!(dst, d + k, src, s + k)
        end
    else
        for k in 0:n-1
            move_element!(dst, d + k, src, s + k)
        end
    end
    return dst
end
@inline function copy_elements!(dst::Array{T}, d::Int, src::Array, s::Int, n::Int) where {T}
    for k in 0:n-1
        arrayset(false, dst, convert(T, arrayref(false, src, s + k)), d + k)
    end
    return dst
end
@inline function move_bits!(dst::Array{T}, d::Int, src::Array{T}, s::Int, n::Int) where {T}
    GC.@preserve dst src unsafe_copyto!(pointer(dst, d), pointer(src, s), n)
    return nothing
end
@inline function move_element!(dst::Array, d::Int, src::Array, s::Int)
    arrayset(false, dst, arrayref(false, src, s), d)
    return nothing
end

function unsafe_copyto!(dst::Array, d::Integer, src::Array, s::Integer, n::Integer)
    return copy_elements!(dst, Int(d), src, Int(s), Int(n))
end
function copyto!(dst::Array, d::Integer, src::Array, s::Integer, n::Integer)
    n == 0 && return dst
    n > 0 || throw(ArgumentError("Number of elements to copy must be nonnegative."))
    (s < 1 || s + n - 1 > arraylen(src)) && throw(BoundsError(src, s:s+n-1))
    (d < 1 || d + n - 1 > arraylen(dst)) && throw(BoundsError(dst, d:d+n-1))
    return copy_elements!(dst, Int(d), src, Int(s), Int(n))
end
copyto!(dst::Array, src::Array) = copyto!(dst, 1, src, 1, arraylen(src))

@inline reshape(a::Array{T,N}, dims::NTuple{N,Int}) where {T,N} = size(a) == dims ? a : reshaped_array(a, dims)
@inline reshape(a::Array{T,M}, dims::NTuple{N,Int}) where {T,M,N} = reshaped_array(a, dims)
function reshaped_array(a::Array{T}, dims::NTuple{N,Int}) where {T,N}
    dims_product(dims) == arraylen(a) || throw(DimensionMismatch(LazyString("new dimensions ", dims, " must be consistent with array size ", arraylen(a))))
    return ccall(:jl_reshape_array, Array{T,N}, (Any, Any, Any), Array{T,N}, a, dims)
end
@inline vec(a::Array{T,1}) where {T} = a
vec(a::Array{T}) where {T} = reshaped_array(a, (arraylen(a),))

reverse!(v::Vector) = reverse!(v, 1, length(v))
function reverse!(v::AbstractVector, start::Integer, stop::Integer=lastindex(v))
    i, j = Int(start), Int(stop)
    i <= j && (checkbounds(v, i); checkbounds(v, j))
    while i < j
        @inbounds v[i], v[j] = v[j], v[i]
        i += 1
        j -= 1
    end
    return v
end
