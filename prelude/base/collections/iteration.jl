# How iterators say what is known of them, generators, and collect.

abstract type IteratorSize end
struct SizeUnknown <: IteratorSize end
struct HasLength <: IteratorSize end
struct HasShape{N} <: IteratorSize end
struct IsInfinite <: IteratorSize end
abstract type IteratorEltype end
struct EltypeUnknown <: IteratorEltype end
struct HasEltype <: IteratorEltype end

@inline IteratorSize(x) = IteratorSize(typeof(x))
@inline IteratorSize(::Type) = HasLength()
@inline IteratorSize(::Type{Union{}}) = throw(ArgumentError("Union{} does not have elements"))
@inline IteratorSize(::Type{<:AbstractArray{T,N}}) where {T,N} = HasShape{N}()
@inline IteratorSize(::Type{<:Tuple}) = HasLength()
@inline IteratorSize(::Type{<:Number}) = HasShape{0}()
@inline IteratorSize(::Type{<:AbstractChar}) = HasShape{0}()
@inline IteratorSize(::Type{<:Ref}) = HasShape{0}()
@inline IteratorSize(::Type{Any}) = SizeUnknown()
@inline IteratorEltype(x) = IteratorEltype(typeof(x))
@inline IteratorEltype(::Type) = HasEltype()
@inline IteratorEltype(::Type{Any}) = EltypeUnknown()

haslength(x) = IteratorSize(x) isa Union{HasLength,HasShape}
isempty(itr) = iterate(itr) === nothing
isdone(itr, state...) = missing

struct Generator{I,F}
    f::F
    iter::I
    Generator{I,F}(f, iter) where {I,F} = new{I,F}(f, iter)
end
@inline Generator(f::F, iter::I) where {F,I} = Generator{I,F}(f, iter)
@inline Generator(f::Type{F}, iter::I) where {F,I} = Generator{I,Type{F}}(f, iter)
@inline Generator(f, first, second, more...) = Generator(a -> f(a...), zip(first, second, more...))
@inline function iterate(g::Generator)
    y = iterate(g.iter)
    y === nothing && return nothing
    return (g.f(getfield(y, 1)), getfield(y, 2))
end
@inline function iterate(g::Generator, state)
    y = iterate(g.iter, state)
    y === nothing && return nothing
    return (g.f(getfield(y, 1)), getfield(y, 2))
end
length(g::Generator) = length(g.iter)
size(g::Generator) = size(g.iter)
axes(g::Generator) = axes(g.iter)
ndims(g::Generator) = ndims(g.iter)
keys(g::Generator) = keys(g.iter)
last(g::Generator) = g.f(last(g.iter))
isempty(g::Generator) = isempty(g.iter)
IteratorSize(::Type{Generator{I,F}}) where {I,F} = IteratorSize(I)
IteratorEltype(::Type{<:Generator}) = EltypeUnknown()

# ---- collect

# The type of what an iterator gives as far as inference knows, and what a function returns.
@inline promote_op(f, types::Type...) = Core.return_type(f, Tuple{types...})
@inline element_type(itr) = inferred_element(IteratorEltype(itr), itr)
@inline inferred_element(::HasEltype, itr) = eltype(itr)
@inline inferred_element(::EltypeUnknown, itr) = Core.return_type(first_element, Tuple{typeof(itr)})
@inline inferred_element(::EltypeUnknown, g::Generator) = Core.return_type(g.f, Tuple{element_type(g.iter)})
first_element(itr) = first(itr)

collect(itr) = collected(IteratorSize(itr), IteratorEltype(itr), itr)
collect(a::AbstractArray) = copyto!(Array{eltype(a),ndims(a)}(undef, size(a)), a)
collect(a::Array) = copy(a)
collect(::Type{T}, itr) where {T} = collect_as(T, IteratorSize(itr), itr)
collect(::Type{T}, a::AbstractArray) where {T} = copyto!(Array{T,ndims(a)}(undef, size(a)), a)

collect_as(::Type{T}, ::SizeUnknown, itr) where {T} = append_all!(Vector{T}(), itr)
collect_as(::Type{T}, ::HasLength, itr) where {T} = store_all!(Vector{T}(undef, Int(length(itr))), itr)
collect_as(::Type{T}, ::HasShape{N}, itr) where {T,N} = store_all!(Array{T,N}(undef, lengths_of(axes(itr))), itr)
collect_as(::Type{T}, ::HasShape{0}, itr) where {T} = fill!(Array{T,0}(undef, ()), itr isa Union{Number,AbstractChar} ? itr : first(itr))
collect_as(::Type{T}, ::IsInfinite, itr) where {T} = throw(ArgumentError("cannot collect an infinite iterator"))
collected(size::IteratorSize, ::HasEltype, itr) = collect_as(eltype(itr), size, itr)
collected(size::IteratorSize, ::EltypeUnknown, itr) = collect_inferred(element_type(itr), size, itr)

function append_all!(v::Vector, itr)
    for x in itr
        push!(v, x)
    end
    return v
end
function store_all!(a::Array{T}, itr) where {T}
    i = 1
    n = arraylen(a)
    for x in itr
        i > n && break
        arrayset(false, a, convert(T, x)::T, i)
        i += 1
    end
    return a
end

# With a concrete type, or where nothing comes, the inferred type is the element type. Else the
# array begins with the type of the first element and is replaced whenever another one comes.
collect(g::Generator) = collect_inferred(element_type(g), IteratorSize(g), g)
@inline function collect_inferred(::Type{T}, size::IteratorSize, itr) where {T}
    isconcretetype(T) && return collect_as(T, size, itr)
    return collect_widening(T, size, itr)
end
function collect_widening(::Type{T}, size::IteratorSize, itr) where {T}
    y = iterate(itr)
    y === nothing && return nothing_collected(T, size, itr)
    return collect_started(getfield(y, 1), size, itr, getfield(y, 2))
end
# One method instance for every type that the first element may have.
function collect_started(x::T, size::IteratorSize, itr, state) where {T}
    a = started_array(T, size, itr)
    store_first!(size, a, x)
    return collect_rest(a, size, itr, 2, state)
end
# What a function captured may have turned out to be of a type that says more about its results.
nothing_collected(::Type{T}, size::IteratorSize, itr) where {T} = empty_collected(T, size, itr)
function nothing_collected(::Type{T}, size::IteratorSize, g::Generator) where {T}
    if Core.exceptions_are_objects() && captures_open(typeof(g.f), Val{1}(), Val{fieldcount(typeof(g.f))}())
        return collected_nothing_by(with_exact_type(g.f, Val{fieldcount(typeof(g.f))}()), size, g)
    end
    return empty_collected(T, size, g)
end
@inline captures_open(::Type{F}, ::Val{I}, ::Val{N}) where {F,I,N} =
    I <= N && (!isconcretetype(fieldtype(F, I)) || captures_open(F, Val{I + 1}(), Val{N}()))
collected_nothing_by(f::F, size::IteratorSize, g::Generator) where {F} =
    empty_collected(Core.return_type(f, Tuple{element_type(g.iter)}), size, g)
# A closure has a parameter for each variable that it captures, behind those of its method.
function with_exact_type(f::F, ::Val{N}) where {F,N}
    Core.issingletontype(F) && return f
    fields = ntuple(i -> getfield(f, i), Val(N))
    before = Core.type_parameter_count(F) - N
    before < 0 && return f
    own = ntuple(i -> Core.type_parameter(F, i), Val(before))
    return of_exact_type(Box(Core.apply_type(Core.type_wrapper(F), own..., map(typeof, fields)...)).contents, fields)
end
of_exact_type(::Type{T}, fields::Tuple) where {T} = Base.@splatnew T fields
empty_collected(::Type{T}, ::IteratorSize, itr) where {T} = Vector{T}()
empty_collected(::Type{T}, ::HasShape{N}, itr) where {T,N} = Array{T,N}(undef, lengths_of(axes(itr)))
started_array(::Type{T}, ::IteratorSize, itr) where {T} = Vector{T}(undef, 1)
started_array(::Type{T}, ::HasLength, itr) where {T} = Vector{T}(undef, Int(length(itr)))
started_array(::Type{T}, ::HasShape{N}, itr) where {T,N} = Array{T,N}(undef, lengths_of(axes(itr)))
store_first!(::IteratorSize, a::Array, x) = arrayset(false, a, x, 1)

function collect_rest(a::Array{T}, size::IteratorSize, itr, i::Int, state) where {T}
    while true
        y = iterate(itr, state)
        y === nothing && return a
        x = getfield(y, 1)
        state = getfield(y, 2)
        x isa T || return collect_wider(a, x, size, itr, i, state)
        i > arraylen(a) && grow_end!(a, 1)
        arrayset(false, a, x, i)
        i += 1
    end
end
function collect_wider(a::Array{T}, x::S, size::IteratorSize, itr, i::Int, state) where {T,S}
    wider = widened_array(promote_typejoin(T, S), a, i - 1)
    i > arraylen(wider) && grow_end!(wider, 1)
    arrayset(false, wider, x, i)
    return collect_rest(wider, size, itr, i + 1, state)
end
function widened_array(::Type{S}, a::Array{T,N}, n::Int) where {S,T,N}
    wider = Array{S,N}(undef, size(a))
    for k in 1:n
        arrayset(false, wider, arrayref(false, a, k), k)
    end
    return wider
end

# The only element.
function only(x)
    y = iterate(x)
    y === nothing && throw(ArgumentError("Collection is empty, must contain exactly 1 element"))
    iterate(x, y[2]) === nothing || throw(ArgumentError("Collection has multiple elements, must contain exactly 1 element"))
    return y[1]
end
only(x::Ref) = x[]
only(x::Number) = x
only(x::Tuple{Any}) = x[1]
only(x::Tuple) = throw(ArgumentError(LazyString("Tuple contains ", nfields(x), " elements, must contain exactly 1 element")))

# ---- names that the front end uses

const Filter = Iterators.Filter
const Flatten = Iterators.Flatten
product(itrs...) = Iterators.ProductIterator(itrs)

# The size of a product of iterators.
@inline size_by_lengths(::Tuple{}) = ()
@inline size_by_lengths(is::Tuple) = (size_or_length(IteratorSize(getfield(is, 1)), getfield(is, 1))..., size_by_lengths(tail(is))...)
@inline size_or_length(::HasShape, itr) = size(itr)
@inline size_or_length(::HasLength, itr) = (length(itr),)
size_or_length(::IteratorSize, itr) = throw(ArgumentError(LazyString("Cannot compute size for object of type ", typeof(itr))))

function last(itr, n::Integer)
    n >= 0 || throw(ArgumentError("Number of elements must be nonnegative"))
    return reverse!(collect(Iterators.take(Iterators.reverse(itr), n)))
end
