# Properties of objects, wrappers around one value, functions as values, and the comparisons that
# hold for every type. Everything else builds on these.

# ---- properties

@inline getproperty(x, f::Symbol) = getfield(x, f)
@inline getproperty(x::Tuple, i::Int) = getfield(x, i)
# A module that only run time knows is asked by evaluation there, and so is one for a name that it does not have yet.
@inline getproperty(m::Module, f::Symbol) = is_known_global(m, f) ? getglobal(m, f) : eval_in(m, f)
@inline is_known_global(m::Module, f::Symbol) = Core.is_compile_constant(m) && Core.is_compile_constant(f) && isdefined(m, f)
@inline setproperty!(x, f::Symbol, v) = setfield!(x, f, convert(fieldtype(typeof(x), f), v))
@inline setproperty!(m::Module, f::Symbol, v) =
    Core.is_compile_constant(m) && Core.is_compile_constant(f) ? setglobal!(m, f, v) : eval_in(m, Expr(:(=), f, QuoteNode(v)))

fieldnames(::Type{String}) = ()
fieldnames(::Type{Symbol}) = ()
fieldnames(::Type{T}) where {T<:Tuple} = ntuple(identity, Val(fieldcount(T)))
fieldnames(::Type{T}) where {T} = ntuple(i -> fieldname(T, i), Val(fieldcount(T)))
fieldtypes(::Type{T}) where {T} = ntuple(i -> fieldtype(T, i), Val(fieldcount(T)))
hasfield(::Type{T}, name::Symbol) where {T} = symbol_among(fieldnames(T), name)
propertynames(x) = fieldnames(typeof(x))
propertynames(x, private::Bool) = propertynames(x)
hasproperty(x, name::Symbol) = symbol_among(propertynames(x), name)

# `isdefined` of a field that only run time knows, by its name or number.
is_defined_field(x, field::Union{Symbol,Int}) = is_defined_among(x, field, fieldnames(typeof(x)), Val(1))
is_defined_among(x, field, ::Tuple{}, ::Val) = false
@inline is_defined_among(x, field, names::Tuple, ::Val{N}) where {N} =
    names_field(field, getfield(names, 1), N) ? isdefined(x, N) : is_defined_among(x, field, tail(names), Val(N + 1))
@inline names_field(field::Symbol, name, n::Int) = field === name
@inline names_field(field::Int, name, n::Int) = field === n

@inline symbol_among(::Tuple{}, name::Symbol) = false
@inline symbol_among(names::Tuple, name::Symbol) =
    getfield(names, 1) === name ? true : symbol_among(tail(names), name)
symbol_among(names, name::Symbol) = name in names

function swapproperty!(x, f::Symbol, v)
    old = getproperty(x, f)
    setproperty!(x, f, v)
    return old
end

function modifyproperty!(x, f::Symbol, op, v)
    old = getproperty(x, f)
    new = op(old, v)
    setproperty!(x, f, new)
    return old => new
end

isbits(x) = isbitstype(typeof(x))
ismutable(x) = ismutabletype(typeof(x))
isimmutable(x) = !ismutable(x)

# ---- wrappers

struct Val{x} end
@inline Val(x) = Val{x}()

struct Some{T}
    value::T
end

convert(::Type{Some{T}}, x::Some) where {T} = Some{T}(convert(T, x.value))
convert(::Type{Some{T}}, x::Some{T}) where {T} = x

# The content of a wrapper, the first argument that is not nothing.
something() = throw(ArgumentError("No value arguments present"))
@inline something(x::Nothing, y...) = something(y...)
@inline something(x::Some, y...) = x.value
@inline something(x, y...) = x

@inline isnothing(x) = x === nothing
notnothing(x) = x
notnothing(::Nothing) = throw(ArgumentError("nothing passed to notnothing"))
nonnothingtype(::Type{T}) where {T} = typesplit(T, Nothing)

struct Pair{A,B}
    first::A
    second::B
    Pair{A,B}(a, b) where {A,B} = new{A,B}(a, b)
end
@inline Pair(a::A, b::B) where {A,B} = Pair{A,B}(a, b)
Pair{A,B}(p::Pair) where {A,B} = Pair{A,B}(p.first, p.second)

const => = Pair

@inline iterate(p::Pair) = (p.first, 2)
@inline iterate(p::Pair, i::Int) = i == 2 ? (p.second, 3) : nothing
@inline indexed_iterate(p::Pair, i::Int) = (getfield(p, i), i + 1)
@inline indexed_iterate(p::Pair, i::Int, state) = (getfield(p, i), i + 1)
@inline getindex(p::Pair, i::Int) = getfield(p, i)
@inline getindex(p::Pair, i::Integer) = getfield(p, Int(i))
@inline length(p::Pair) = 2
@inline first(p::Pair) = p.first
@inline last(p::Pair) = p.second
@inline firstindex(p::Pair) = 1
@inline lastindex(p::Pair) = 2
@inline reverse(p::Pair) = Pair(p.second, p.first)
eltype(::Type{Pair{A,B}}) where {A,B} = Union{A,B}
keys(p::Pair) = OneTo(2)
==(a::Pair, b::Pair) = (a.first == b.first) & (a.second == b.second)
isequal(a::Pair, b::Pair) = isequal(a.first, b.first) && isequal(a.second, b.second)
isless(a::Pair, b::Pair) = isequal(a.first, b.first) ? isless(a.second, b.second) : isless(a.first, b.first)
hash(p::Pair, h::UInt) = hash(p.second, hash(p.first, h))
convert(::Type{Pair{A,B}}, p::Pair{A,B}) where {A,B} = p
convert(::Type{Pair{A,B}}, p::Pair) where {A,B} = Pair{A,B}(convert(A, p.first), convert(B, p.second))
# Pairs meet in the pair of what their sides promote to.
promote_rule(::Type{Pair{A,B}}, ::Type{Pair{C,D}}) where {A,B,C,D} = Pair{promote_type(A, C),promote_type(B, D)}

mutable struct RefValue{T} <: Ref{T}
    x::T
    RefValue{T}() where {T} = new{T}()
    RefValue{T}(x) where {T} = new{T}(x)
end
@inline RefValue(x::T) where {T} = RefValue{T}(x)
@inline Ref(x) = RefValue(x)
Ref{T}() where {T} = RefValue{T}()
@inline Ref{T}(x) where {T} = RefValue{T}(x)
@inline Ref(a::Array{T}, i::Integer) where {T} = RefArray{T}(a, Int(i))

@inline getindex(r::RefValue) = r.x
@inline function setindex!(r::RefValue{T}, x) where {T}
    setfield!(r, :x, convert(T, x)::T)
    return r
end
isassigned(r::RefValue) = isdefined(r, :x)
eltype(::Type{<:Ref{T}}) where {T} = T
eltype(r::Ref) = eltype(typeof(r))
size(r::Ref) = ()
axes(r::Ref) = ()
length(r::Ref) = 1
ndims(r::Ref) = 0
isempty(r::Ref) = false
iterate(r::Ref) = (r[], nothing)
iterate(r::Ref, ::Nothing) = nothing
==(a::RefValue, b::RefValue) = a === b

# A reference to one element of an array.
struct RefArray{T} <: Ref{T}
    x::Vector{T}
    i::Int
    RefArray{T}(a::Array{T}, i::Int) where {T} = new{T}(vec(a), i)
end
@inline getindex(r::RefArray) = r.x[r.i]
@inline function setindex!(r::RefArray, v)
    r.x[r.i] = v
    return r
end

# ---- functions as values

@inline identity(x) = x
@inline |>(x, f) = f(x)

struct Returns{V} <: Function
    value::V
    Returns{V}(value) where {V} = new{V}(value)
end
Returns(value::V) where {V} = Returns{V}(value)
(r::Returns)(args...; kw...) = r.value

struct Fix1{F,T} <: Function
    f::F
    x::T
end
@inline Fix1(f::Type{F}, x::T) where {F,T} = Fix1{Type{F},T}(f, x)
@inline (p::Fix1)(y) = p.f(p.x, y)

struct Fix2{F,T} <: Function
    f::F
    x::T
end
@inline Fix2(f::Type{F}, x::T) where {F,T} = Fix2{Type{F},T}(f, x)
@inline (p::Fix2)(y) = p.f(y, p.x)

@inline ==(x) = Fix2(==, x)
@inline !=(x) = Fix2(!=, x)
@inline <(x) = Fix2(<, x)
@inline <=(x) = Fix2(<=, x)
@inline >(x) = Fix2(>, x)
@inline >=(x) = Fix2(>=, x)
@inline isequal(x) = Fix2(isequal, x)
@inline in(x) = Fix2(in, x)

struct ComposedFunction{O,I} <: Function
    outer::O
    inner::I
    ComposedFunction{O,I}(outer, inner) where {O,I} = new{O,I}(outer, inner)
end
@inline ComposedFunction(outer::O, inner::I) where {O,I} = ComposedFunction{O,I}(outer, inner)
@inline ComposedFunction(outer::Type{O}, inner::I) where {O,I} = ComposedFunction{Type{O},I}(outer, inner)
@inline ComposedFunction(outer::O, inner::Type{I}) where {O,I} = ComposedFunction{O,Type{I}}(outer, inner)
@inline ComposedFunction(outer::Type{O}, inner::Type{I}) where {O,I} = ComposedFunction{Type{O},Type{I}}(outer, inner)
@inline (c::ComposedFunction)(x...; kw...) = c.outer(c.inner(x...; kw...))
@inline (c::ComposedFunction)(x) = c.outer(c.inner(x))
@inline (c::ComposedFunction)(x, y) = c.outer(c.inner(x, y))

∘(f) = f
@inline ∘(f, g) = ComposedFunction(f, g)
∘(f, g, h...) = ∘(f ∘ g, h...)

@inline !(f::Function) = ComposedFunction(!, f)
@inline !(f::ComposedFunction{typeof(!)}) = f.inner

struct Splat{F} <: Function
    f::F
end
@inline (s::Splat)(args) = s.f(args...)
splat(f) = Splat(f)

# ---- comparisons of anything

@inline ==(x, y) = x === y
@inline !=(x, y) = !(x == y)
@inline !==(x, y) = !(x === y)
@inline isequal(x, y) = (x == y)::Bool
@inline <(x, y) = isless(x, y)
@inline >(x, y) = y < x
@inline <=(x, y) = (x < y) | (x == y)
@inline >=(x, y) = y <= x
@inline isgreater(x, y) = isunordered(x) || isunordered(y) ? isless(x, y) : isless(y, x)
isunordered(x) = false
isunordered(x::AbstractFloat) = isnan(x)
isunordered(::Missing) = true
const ≠ = !=
const ≡ = ===
const ≢ = !==
const ≤ = <=
const ≥ = >=

cmp(x, y) = isless(x, y) ? -1 : (isless(y, x) ? 1 : 0)
cmp(lt::Function, x, y) = lt(x, y) ? -1 : (lt(y, x) ? 1 : 0)
@inline max(x, y) = ifelse(isless(y, x), x, y)
@inline min(x, y) = ifelse(isless(y, x), y, x)
@inline minmax(x, y) = isless(y, x) ? (y, x) : (x, y)

# ---- conversion

@inline convert(::Type{T}, x::T) where {T} = x
@inline convert(::Type{Any}, x) = x
# Into a union with nothing or missing: as into the rest of it.
@inline convert(::Type{T}, x) where {T>:Nothing} = convert(present_type(T, x), x)
@inline convert(::Type{T}, x) where {T>:Missing} = convert(present_type(T, x), x)
@inline convert(::Type{T}, x) where {T>:Union{Nothing,Missing}} = convert(present_type(T, x), x)
@inline convert(::Type{T}, x::T) where {T>:Nothing} = x
@inline convert(::Type{T}, x::T) where {T>:Missing} = x
@inline convert(::Type{T}, x::T) where {T>:Union{Nothing,Missing}} = x
@inline function present_type(::Type{T}, x) where {T}
    S = without_absence(T)
    S === Union{} && throw(MethodError(convert, (T, x)))
    return S
end
@inline oftype(x, y) = y isa typeof(x) ? y : convert(typeof(x), y)::typeof(x)

# What ccall makes of an argument: a value that owns what is passed, then the C value itself.
@inline cconvert(::Type{T}, x::T) where {T} = x
@inline cconvert(::Type{T}, x) where {T} = convert(T, x)
@inline cconvert(::Type{<:Ptr}, x) = x
@inline cconvert(::Type{Any}, x) = x
@inline cconvert(::Type{Ref{T}}, x::Ref{T}) where {T} = x
@inline cconvert(::Type{Ref{T}}, x::Array{T}) where {T} = x
@inline cconvert(::Type{Ref{T}}, x::Ptr) where {T} = x
@inline cconvert(::Type{Ref{T}}, x) where {T} = RefValue{T}(convert(T, x))
@inline unsafe_convert(::Type{T}, x::T) where {T} = x
@inline unsafe_convert(::Type{Any}, x) = x
@inline unsafe_convert(::Type{Ptr{T}}, x::Ptr) where {T} = bitcast(Ptr{T}, x)
@inline unsafe_convert(::Type{Ref{T}}, x::Ptr) where {T} = bitcast(Ptr{T}, x)
@inline unsafe_convert(::Type{Ptr{T}}, a::Array) where {T} = bitcast(Ptr{T}, ccall(:jl_array_ptr, Ptr{T}, (Any,), a))
@inline unsafe_convert(::Type{Ref{T}}, a::Array{T}) where {T} = ccall(:jl_array_ptr, Ptr{T}, (Any,), a)
@inline unsafe_convert(::Type{Ptr{T}}, r::RefValue) where {T} = bitcast(Ptr{T}, pointer_from_objref(r))
@inline unsafe_convert(::Type{Ref{T}}, r::RefValue{T}) where {T} = bitcast(Ptr{T}, pointer_from_objref(r))
@inline unsafe_convert(::Type{Ptr{T}}, r::RefArray) where {T} = bitcast(Ptr{T}, pointer(r.x, r.i))
@inline unsafe_convert(::Type{Ref{T}}, r::RefArray{T}) where {T} = pointer(r.x, r.i)
@inline pointer_from_objref(x) = ccall(:jl_value_ptr, Ptr{Cvoid}, (Any,), x)

# ---- destructuring: a, b = x

@inline indexed_iterate(t::Tuple, i::Int) = (getfield(t, i), i + 1)
@inline indexed_iterate(t::Tuple, i::Int, state) = (getfield(t, i), i + 1)
@inline indexed_iterate(t::NamedTuple, i::Int) = (getfield(t, i), i + 1)
@inline indexed_iterate(t::NamedTuple, i::Int, state) = (getfield(t, i), i + 1)
@inline function indexed_iterate(itr, i::Int)
    y = iterate(itr)
    y === nothing && throw(BoundsError(itr, i))
    return y
end
@inline function indexed_iterate(itr, i::Int, state)
    y = iterate(itr, state)
    y === nothing && throw(BoundsError(itr, i))
    return y
end

# The rest of a, rest... = x.
@inline rest(t::Tuple) = t
@inline rest(t::Tuple, i::Int) = tuple_from(t, i)
@inline rest(t::NamedTuple, i::Int) = rest_of_named(t, Val(i))
rest(a::Array) = copy(a)
rest(a::Array, i::Int) = a[i:end]
rest(a::AbstractArray) = collect(a)
rest(a::AbstractArray, state) = collect(Iterators.rest(a, state))
rest(s::String, i::Int) = s[i:end]
rest(s::AbstractString, i::Int) = SubString(s, i)
rest(itr) = itr
rest(itr, state) = Iterators.rest(itr, state)

# a, mid..., z = x: the first part of split_rest holds all but the last n values.
split_rest(t::Tuple, n::Int) = (tuple_upto(t, nfields(t) - n), tuple_from(t, nfields(t) - n + 1))
split_rest(t::Tuple, n::Int, i::Int) = split_rest(tuple_from(t, i), n)
# Of a text it is a text; the last characters come one by one.
split_rest(s::AbstractString, n::Int) = split_rest(s, n, firstindex(s))
function split_rest(s::AbstractString, n::Int, i::Int)
    stop = ncodeunits(s) + 1
    for _ in 1:n
        stop <= i && throw(BoundsError(s, i))
        stop = prevind(s, stop)
    end
    return rest(s[firstindex(s):prevind(s, stop)], i), s[stop:end]
end
function split_rest(itr, n::Int, state...)
    all = collect(rest(itr, state...))
    m = length(all)
    m < n && throw(BoundsError(all, m + 1))
    return all[1:m-n], all[m-n+1:m]
end
