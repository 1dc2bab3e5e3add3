# module: Base.Iterators
# Lazy iterators over iterators.

export enumerate, zip, rest, countfrom, take, drop, takewhile, dropwhile, cycle, repeated, product, flatten, flatmap, partition

import ..Base: enumerate, zip, pairs, only, Pairs

# ---- enumerate

struct Enumerate{I}
    itr::I
end
@inline Base.enumerate(itr) = Enumerate(itr)
@inline Base.iterate(e::Enumerate) = numbered(1, Base.iterate(e.itr))
@inline Base.iterate(e::Enumerate, state::Tuple) = numbered(getfield(state, 1), Base.iterate(e.itr, getfield(state, 2)))
@inline numbered(i::Int, ::Nothing) = nothing
@inline numbered(i::Int, y::Tuple) = ((i, getfield(y, 1)), (i + 1, getfield(y, 2)))
@inline Base.length(e::Enumerate) = Base.length(e.itr)
@inline Base.size(e::Enumerate) = Base.size(e.itr)
@inline Base.axes(e::Enumerate) = Base.axes(e.itr)
Base.isempty(e::Enumerate) = Base.isempty(e.itr)
Base.last(e::Enumerate) = (Base.length(e.itr), Base.last(e.itr))
Base.eltype(::Type{Enumerate{I}}) where {I} = Tuple{Int,Base.eltype(I)}
Base.IteratorSize(::Type{Enumerate{I}}) where {I} = Base.IteratorSize(I)
Base.IteratorEltype(::Type{Enumerate{I}}) where {I} = Base.IteratorEltype(I)

# ---- zip

struct Zip{Is<:Tuple}
    is::Is
end
@inline Base.zip(itrs...) = Zip(itrs)
@inline Base.iterate(z::Zip) = zipped(started(z.is))
@inline Base.iterate(z::Zip, states::Tuple) = zipped(advanced(z.is, states))
# The next of each, in order, as a tuple; nothing as soon as one ends.
@inline started(::Tuple{}) = ()
@inline function started(is::Tuple)
    y = Base.iterate(getfield(is, 1))
    y === nothing && return nothing
    rest = started(Base.tail(is))
    rest === nothing && return nothing
    return (y, rest...)
end
@inline advanced(::Tuple{}, ::Tuple{}) = ()
@inline function advanced(is::Tuple, states::Tuple)
    y = Base.iterate(getfield(is, 1), getfield(states, 1))
    y === nothing && return nothing
    rest = advanced(Base.tail(is), Base.tail(states))
    rest === nothing && return nothing
    return (y, rest...)
end
@inline zipped(::Nothing) = nothing
@inline zipped(ys::Tuple) = (Base.map(y -> getfield(y, 1), ys), Base.map(y -> getfield(y, 2), ys))
Base.iterate(z::Zip{Tuple{}}) = ((), ())
Base.iterate(z::Zip{Tuple{}}, ::Tuple{}) = ((), ())
Base.length(z::Zip) = shortest(z.is)
Base.size(z::Zip) = common_size(z.is)
Base.axes(z::Zip) = Base.map(Base.OneTo, Base.size(z))
Base.last(z::Zip) = Base.map(Base.last, z.is)
@inline shortest(is::Tuple{Any}) = Base.length(getfield(is, 1))
@inline shortest(is::Tuple) = shorter(length_or_none(getfield(is, 1)), shortest_or_none(Base.tail(is)))
@inline shortest_or_none(::Tuple{}) = nothing
@inline shortest_or_none(is::Tuple) = shorter(length_or_none(getfield(is, 1)), shortest_or_none(Base.tail(is)))
@inline length_or_none(i) = Base.IteratorSize(i) isa Base.IsInfinite ? nothing : Base.length(i)
@inline shorter(a, b) = Base.min(a, b)
@inline shorter(::Nothing, b) = b
@inline shorter(a, ::Nothing) = a
@inline shorter(::Nothing, ::Nothing) = nothing
# Iterators without end do not limit the others.
common_size(::Tuple{}) = nothing
common_size(is::Tuple) = smaller_size(size_or_none(getfield(is, 1)), common_size(Base.tail(is)))
@inline size_or_none(i) = Base.IteratorSize(i) isa Base.IsInfinite ? nothing : Base.size(i)
smaller_size(a::Tuple, ::Nothing) = a
smaller_size(::Nothing, b) = b
smaller_size(a::Tuple{Int}, b::Tuple{Int}) = (Base.min(a[1], b[1]),)
smaller_size(a::Tuple, b::Tuple) = a
Base.eltype(::Type{Zip{Is}}) where {Is} = tuple_of_eltypes(Is, Val(fieldcount(Is)))
@inline tuple_of_eltypes(::Type{Is}, ::Val{0}) where {Is} = Tuple{}
@inline tuple_of_eltypes(::Type{Is}, ::Val{1}) where {Is} = Tuple{Base.eltype(fieldtype(Is, 1))}
@inline tuple_of_eltypes(::Type{Is}, ::Val{2}) where {Is} = Tuple{Base.eltype(fieldtype(Is, 1)),Base.eltype(fieldtype(Is, 2))}
@inline tuple_of_eltypes(::Type{Is}, ::Val{3}) where {Is} =
    Tuple{Base.eltype(fieldtype(Is, 1)),Base.eltype(fieldtype(Is, 2)),Base.eltype(fieldtype(Is, 3))}
@inline tuple_of_eltypes(::Type{Is}, ::Val{N}) where {Is,N} = Tuple{Base.ntuple(i -> Base.eltype(fieldtype(Is, i)), Val(N))...}
Base.IteratorSize(::Type{Zip{Tuple{I}}}) where {I} = Base.IteratorSize(I)
Base.IteratorSize(::Type{Zip{Is}}) where {Is} = size_of_zip(Is, Val(fieldcount(Is)))
size_of_zip(::Type{Is}, ::Val{0}) where {Is} = Base.IsInfinite()
size_of_zip(::Type{Is}, ::Val{1}) where {Is} = Base.IteratorSize(fieldtype(Is, 1))
size_of_zip(::Type{Is}, ::Val{N}) where {Is,N} = zip_sizes(size_of_zip(Is, Val(N - 1)), Base.IteratorSize(fieldtype(Is, N)))
zip_sizes(::Base.IsInfinite, ::Base.IsInfinite) = Base.IsInfinite()
zip_sizes(::Base.HasShape{N}, ::Base.HasShape{N}) where {N} = Base.HasShape{N}()
zip_sizes(a::Base.IteratorSize, ::Base.IsInfinite) = a
zip_sizes(::Base.IsInfinite, b::Base.IteratorSize) = b
# An array beside what does not end has no shape any more.
zip_sizes(::Base.HasShape, ::Base.IsInfinite) = Base.HasLength()
zip_sizes(::Base.IsInfinite, ::Base.HasShape) = Base.HasLength()
zip_sizes(::Base.SizeUnknown, ::Base.IteratorSize) = Base.SizeUnknown()
zip_sizes(::Base.IteratorSize, ::Base.SizeUnknown) = Base.SizeUnknown()
zip_sizes(::Base.SizeUnknown, ::Base.SizeUnknown) = Base.SizeUnknown()
zip_sizes(::Base.SizeUnknown, ::Base.IsInfinite) = Base.SizeUnknown()
zip_sizes(::Base.IsInfinite, ::Base.SizeUnknown) = Base.SizeUnknown()
zip_sizes(::Base.IteratorSize, ::Base.IteratorSize) = Base.HasLength()
Base.IteratorEltype(::Type{Zip{Is}}) where {Is} = eltype_of_all(Is, Val(fieldcount(Is)))
eltype_of_all(::Type{Is}, ::Val{0}) where {Is} = Base.HasEltype()
eltype_of_all(::Type{Is}, ::Val{N}) where {Is,N} = both_have_eltype(eltype_of_all(Is, Val(N - 1)), Base.IteratorEltype(fieldtype(Is, N)))
both_have_eltype(::Base.HasEltype, ::Base.HasEltype) = Base.HasEltype()
both_have_eltype(::Base.IteratorEltype, ::Base.IteratorEltype) = Base.EltypeUnknown()

# ---- filter, map

struct Filter{F,I}
    flt::F
    itr::I
end
@inline filter(flt, itr) = Filter(flt, itr)
@inline Base.iterate(f::Filter) = next_passing(f, Base.iterate(f.itr))
@inline Base.iterate(f::Filter, state) = next_passing(f, Base.iterate(f.itr, state))
@inline function next_passing(f::Filter, y)
    while y !== nothing
        f.flt(getfield(y, 1)) && return y
        y = Base.iterate(f.itr, getfield(y, 2))
    end
    return nothing
end
Base.eltype(::Type{Filter{F,I}}) where {F,I} = Base.eltype(I)
Base.IteratorEltype(::Type{Filter{F,I}}) where {F,I} = Base.IteratorEltype(I)
Base.IteratorSize(::Type{<:Filter}) = Base.SizeUnknown()
Base.reverse(f::Filter) = Filter(f.flt, reverse(f.itr))

map(f, itrs...) = Base.Generator(f, itrs...)

# ---- backwards

struct Reverse{I}
    itr::I
end
reverse(itr) = Reverse(itr)
reverse(r::Reverse) = r.itr
reverse(r::Base.AbstractRange) = Base.reverse(r)
reverse(t::Tuple) = Base.reverse(t)
reverse(g::Base.Generator) = Base.Generator(g.f, reverse(g.iter))
reverse(e::Enumerate) = Zip((Base.reverse(1:Base.length(e.itr)), reverse(e.itr)))
reverse(z::Zip) = Zip(Base.map(reverse, z.is))
Base.eltype(::Type{Reverse{I}}) where {I} = Base.eltype(I)
Base.length(r::Reverse) = Base.length(r.itr)
Base.size(r::Reverse) = Base.size(r.itr)
Base.axes(r::Reverse) = Base.axes(r.itr)
Base.IteratorSize(::Type{Reverse{I}}) where {I} = Base.IteratorSize(I)
Base.IteratorEltype(::Type{Reverse{I}}) where {I} = Base.IteratorEltype(I)
Base.first(r::Reverse) = Base.last(r.itr)
Base.last(r::Reverse) = Base.first(r.itr)
Base.iterate(r::Reverse) = (n = Base.lastindex(r.itr); n < Base.firstindex(r.itr) ? nothing : (r.itr[n], n))
@inline Base.iterate(r::Reverse{<:AbstractArray}) = (n = Base.length(r.itr); n == 0 ? nothing : (@inbounds(r.itr[n]), n - 1))
@inline Base.iterate(r::Reverse{<:AbstractArray}, i::Int) = i < 1 ? nothing : (@inbounds(r.itr[i]), i - 1)
Base.iterate(r::Reverse, i) = i <= Base.firstindex(r.itr) ? nothing : (j = Base.prevind(r.itr, i); (r.itr[j], j))

# ---- parts of a sequence

struct Rest{I,S}
    itr::I
    st::S
end
rest(itr, state) = Rest(itr, state)
rest(itr) = itr
function peel(itr)
    y = Base.iterate(itr)
    y === nothing && return nothing
    return (y[1], rest(itr, y[2]))
end
@inline Base.iterate(r::Rest) = Base.iterate(r.itr, r.st)
@inline Base.iterate(r::Rest, state) = Base.iterate(r.itr, state)
Base.eltype(::Type{<:Rest{I}}) where {I} = Base.eltype(I)
Base.IteratorEltype(::Type{<:Rest{I}}) where {I} = Base.IteratorEltype(I)
Base.IteratorSize(::Type{<:Rest{I}}) where {I} = size_of_rest(Base.IteratorSize(I))
size_of_rest(s) = Base.SizeUnknown()
size_of_rest(::Base.IsInfinite) = Base.IsInfinite()

struct Take{I}
    xs::I
    n::Int
    function Take{I}(xs, n::Integer) where {I}
        n < 0 && throw(ArgumentError("Take length must be nonnegative"))
        return new{I}(xs, n)
    end
end
take(xs::I, n::Integer) where {I} = Take{I}(xs, Int(n))
take(t::Take{I}, n::Integer) where {I} = Take{I}(t.xs, Base.min(Int(n), t.n))
@inline Base.iterate(t::Take) = t.n <= 0 ? nothing : counted(t.n - 1, Base.iterate(t.xs))
@inline Base.iterate(t::Take, state::Tuple) =
    getfield(state, 1) <= 0 ? nothing : counted(getfield(state, 1) - 1, Base.iterate(t.xs, getfield(state, 2)))
@inline counted(left::Int, ::Nothing) = nothing
@inline counted(left::Int, y::Tuple) = (getfield(y, 1), (left, getfield(y, 2)))
Base.eltype(::Type{Take{I}}) where {I} = Base.eltype(I)
Base.IteratorEltype(::Type{Take{I}}) where {I} = Base.IteratorEltype(I)
Base.IteratorSize(::Type{Take{I}}) where {I} = size_of_take(Base.IteratorSize(I))
size_of_take(::Base.IteratorSize) = Base.HasLength()
size_of_take(::Base.SizeUnknown) = Base.SizeUnknown()
Base.length(t::Take) = Base.IteratorSize(t.xs) isa Base.IsInfinite ? t.n : Base.min(t.n, Base.length(t.xs))

struct Drop{I}
    xs::I
    n::Int
    function Drop{I}(xs, n::Integer) where {I}
        n < 0 && throw(ArgumentError("Drop length must be nonnegative"))
        return new{I}(xs, n)
    end
end
drop(xs::I, n::Integer) where {I} = Drop{I}(xs, Int(n))
drop(d::Drop{I}, n::Integer) where {I} = Drop{I}(d.xs, d.n + Int(n))
function Base.iterate(d::Drop)
    y = Base.iterate(d.xs)
    for _ in 1:d.n
        y === nothing && return nothing
        y = Base.iterate(d.xs, y[2])
    end
    return y
end
@inline Base.iterate(d::Drop, state) = Base.iterate(d.xs, state)
Base.eltype(::Type{Drop{I}}) where {I} = Base.eltype(I)
Base.IteratorEltype(::Type{Drop{I}}) where {I} = Base.IteratorEltype(I)
Base.IteratorSize(::Type{Drop{I}}) where {I} = size_of_drop(Base.IteratorSize(I))
size_of_drop(::Base.SizeUnknown) = Base.SizeUnknown()
size_of_drop(::Base.IteratorSize) = Base.HasLength()
size_of_drop(::Base.IsInfinite) = Base.IsInfinite()
Base.length(d::Drop) = Base.max(0, Base.length(d.xs) - d.n)

struct TakeWhile{I,P<:Function}
    pred::P
    xs::I
end
takewhile(pred, xs) = TakeWhile(pred, xs)
@inline Base.iterate(t::TakeWhile) = while_true(t, Base.iterate(t.xs))
@inline Base.iterate(t::TakeWhile, state) = while_true(t, Base.iterate(t.xs, state))
@inline while_true(t::TakeWhile, ::Nothing) = nothing
@inline while_true(t::TakeWhile, y::Tuple) = t.pred(getfield(y, 1)) ? y : nothing
Base.eltype(::Type{TakeWhile{I,P}}) where {I,P} = Base.eltype(I)
Base.IteratorEltype(::Type{TakeWhile{I,P}}) where {I,P} = Base.IteratorEltype(I)
Base.IteratorSize(::Type{<:TakeWhile}) = Base.SizeUnknown()

struct DropWhile{I,P<:Function}
    pred::P
    xs::I
end
dropwhile(pred, xs) = DropWhile(pred, xs)
function Base.iterate(d::DropWhile)
    y = Base.iterate(d.xs)
    while y !== nothing
        d.pred(y[1]) || return y
        y = Base.iterate(d.xs, y[2])
    end
    return nothing
end
@inline Base.iterate(d::DropWhile, state) = Base.iterate(d.xs, state)
Base.eltype(::Type{DropWhile{I,P}}) where {I,P} = Base.eltype(I)
Base.IteratorEltype(::Type{DropWhile{I,P}}) where {I,P} = Base.IteratorEltype(I)
Base.IteratorSize(::Type{<:DropWhile}) = Base.SizeUnknown()

# ---- sequences without end

struct Cycle{I}
    xs::I
end
cycle(xs) = Cycle(xs)
@inline Base.iterate(c::Cycle) = Base.iterate(c.xs)
@inline function Base.iterate(c::Cycle, state)
    y = Base.iterate(c.xs, state)
    y === nothing && return Base.iterate(c.xs)
    return y
end
Base.eltype(::Type{Cycle{I}}) where {I} = Base.eltype(I)
Base.IteratorEltype(::Type{Cycle{I}}) where {I} = Base.IteratorEltype(I)
Base.IteratorSize(::Type{<:Cycle}) = Base.IsInfinite()
Base.isempty(c::Cycle) = Base.isempty(c.xs)

struct Repeated{O}
    x::O
end
repeated(x) = Repeated(x)
repeated(x, n::Integer) = take(Repeated(x), n)
@inline Base.iterate(r::Repeated) = (r.x, nothing)
@inline Base.iterate(r::Repeated, ::Nothing) = (r.x, nothing)
Base.eltype(::Type{Repeated{O}}) where {O} = O
Base.IteratorSize(::Type{<:Repeated}) = Base.IsInfinite()

struct Count{T,S}
    start::T
    step::S
end
countfrom(start::T, step::S) where {T,S} = Count{typeof(start + step),S}(start, step)
countfrom(start::Number) = Count(start, oneunit(start))
countfrom() = Count(1, 1)
@inline Base.iterate(c::Count) = (c.start, c.start + c.step)
@inline Base.iterate(c::Count, state) = (state, state + c.step)
Base.eltype(::Type{Count{T,S}}) where {T,S} = T
Base.IteratorSize(::Type{<:Count}) = Base.IsInfinite()

# ---- combinations

struct ProductIterator{Is<:Tuple}
    iterators::Is
end
product(itrs...) = ProductIterator(itrs)
# The state holds what every iterator gave last; the first one runs fastest.
@inline Base.iterate(p::ProductIterator) = all_of_product(started(p.iterators))
@inline Base.iterate(p::ProductIterator, ys::Tuple) = all_of_product(next_of_product(p.iterators, ys))
Base.iterate(p::ProductIterator{Tuple{}}) = ((), nothing)
Base.iterate(p::ProductIterator{Tuple{}}, ::Nothing) = nothing
@inline all_of_product(::Nothing) = nothing
@inline all_of_product(ys::Tuple) = (Base.map(y -> getfield(y, 1), ys), ys)
@inline next_of_product(::Tuple{}, ::Tuple{}) = nothing
@inline function next_of_product(is::Tuple, ys::Tuple)
    y = Base.iterate(getfield(is, 1), getfield(getfield(ys, 1), 2))
    y === nothing || return (y, Base.tail(ys)...)
    rest = next_of_product(Base.tail(is), Base.tail(ys))
    rest === nothing && return nothing
    again = Base.iterate(getfield(is, 1))
    again === nothing && return nothing
    return (again, rest...)
end
Base.length(p::ProductIterator) = Base.dims_product(Base.size_by_lengths(p.iterators))
Base.size(p::ProductIterator) = Base.size_by_lengths(p.iterators)
Base.axes(p::ProductIterator) = Base.map(Base.OneTo, Base.size_by_lengths(p.iterators))
Base.ndims(p::ProductIterator) = nfields(Base.size(p))
Base.eltype(::Type{ProductIterator{Is}}) where {Is} = tuple_of_eltypes(Is, Val(fieldcount(Is)))
Base.IteratorEltype(::Type{ProductIterator{Is}}) where {Is} = eltype_of_all(Is, Val(fieldcount(Is)))
Base.IteratorSize(::Type{ProductIterator{Is}}) where {Is} = size_of_product(Is, Val(fieldcount(Is)))
size_of_product(::Type{Is}, ::Val{0}) where {Is} = Base.HasShape{0}()
size_of_product(::Type{Is}, ::Val{N}) where {Is,N} = product_sizes(size_of_product(Is, Val(N - 1)), Base.IteratorSize(fieldtype(Is, N)))
product_sizes(::Base.HasShape{N}, ::Base.HasLength) where {N} = Base.HasShape{N + 1}()
product_sizes(::Base.HasShape{N}, ::Base.HasShape{M}) where {N,M} = Base.HasShape{N + M}()
product_sizes(::Base.IteratorSize, ::Base.IteratorSize) = Base.SizeUnknown()
Base.last(p::ProductIterator) = Base.map(Base.last, p.iterators)

struct Flatten{I}
    it::I
end
flatten(itr) = Flatten(itr)
flatmap(f, c...) = flatten(map(f, c...))
@inline Base.iterate(f::Flatten) = first_of_next(f, Base.iterate(f.it))
@inline function Base.iterate(f::Flatten, state::Tuple)
    y = Base.iterate(getfield(state, 2), getfield(state, 3))
    y === nothing || return (getfield(y, 1), (getfield(state, 1), getfield(state, 2), getfield(y, 2)))
    return first_of_next(f, Base.iterate(f.it, getfield(state, 1)))
end
# The first element of the next part that has one. The state: of the outer iterator, the part, of the part.
@inline function first_of_next(f::Flatten, outer)
    while outer !== nothing
        part = getfield(outer, 1)
        y = Base.iterate(part)
        y === nothing || return (getfield(y, 1), (getfield(outer, 2), part, getfield(y, 2)))
        outer = Base.iterate(f.it, getfield(outer, 2))
    end
    return nothing
end
Base.eltype(::Type{Flatten{I}}) where {I} = Base.eltype(Base.eltype(I))
Base.eltype(::Type{Flatten{I}}) where {I<:Tuple} = flat_eltype(I, Val(fieldcount(I)))
flat_eltype(::Type{I}, ::Val{0}) where {I} = Union{}
flat_eltype(::Type{I}, ::Val{1}) where {I} = Base.eltype(fieldtype(I, 1))
flat_eltype(::Type{I}, ::Val{N}) where {I,N} = Base.promote_typejoin(flat_eltype(I, Val(N - 1)), Base.eltype(fieldtype(I, N)))
Base.IteratorEltype(::Type{Flatten{I}}) where {I} = flat_has_eltype(I, Base.IteratorEltype(I))
flat_has_eltype(::Type{I}, ::Base.EltypeUnknown) where {I} = Base.EltypeUnknown()
flat_has_eltype(::Type{I}, ::Base.HasEltype) where {I} = Base.IteratorEltype(Base.eltype(I))
Base.IteratorSize(::Type{Flatten{I}}) where {I} = Base.SizeUnknown()
Base.IteratorSize(::Type{Flatten{I}}) where {I<:Tuple} = Base.SizeUnknown()
Base.length(f::Flatten) = Base.sum(Base.length, f.it)

# ---- groups

struct PartitionIterator{T}
    c::T
    n::Int
end
function partition(c, n::Integer)
    n < 1 && throw(ArgumentError(LazyString("cannot create partitions of length ", n)))
    return PartitionIterator(c, Int(n))
end
Base.eltype(::Type{PartitionIterator{T}}) where {T} = Vector{Base.eltype(T)}
# What a view of an array is depends on the array; of vectors it is known.
Base.eltype(::Type{PartitionIterator{T}}) where {T<:AbstractArray} = AbstractVector{Base.eltype(T)}
Base.eltype(::Type{PartitionIterator{T}}) where {T<:Vector} = Core.return_type(Base.view, Tuple{T,Base.UnitRange{Int}})
Base.eltype(::Type{PartitionIterator{T}}) where {T<:Base.AbstractRange} = Core.return_type(Base.getindex, Tuple{T,Base.UnitRange{Int}})
Base.IteratorEltype(::Type{PartitionIterator{T}}) where {T} = Base.IteratorEltype(T)
Base.IteratorSize(::Type{PartitionIterator{T}}) where {T} = size_of_partition(Base.IteratorSize(T))
size_of_partition(s::Base.IteratorSize) = s
size_of_partition(::Base.HasShape) = Base.HasLength()
Base.length(p::PartitionIterator) = Base.cld(Base.length(p.c), p.n)
function Base.iterate(p::PartitionIterator{<:AbstractArray}, state::Int=1)
    state > Base.length(p.c) && return nothing
    r = state:Base.min(state + p.n - 1, Base.length(p.c))
    return (part_of(p.c, r), state + p.n)
end
part_of(a::AbstractArray, r) = Base.view(a, r)
part_of(a::Base.AbstractRange, r) = a[r]
# Parts of a string are substrings.
Base.eltype(::Type{PartitionIterator{T}}) where {T<:AbstractString} = Base.SubString{T}
Base.eltype(::Type{PartitionIterator{T}}) where {T<:Base.SubString} = T
function Base.iterate(p::PartitionIterator{<:AbstractString}, state::Int=Base.firstindex(p.c))
    state > Base.ncodeunits(p.c) && return nothing
    next = Base.min(Base.nextind(p.c, state, p.n), Base.lastindex(p.c) + 1)
    stop = Base.prevind(p.c, next)
    return (Base.SubString(p.c, state, stop), Base.nextind(p.c, stop))
end
function Base.iterate(p::PartitionIterator)
    return next_part(p, Base.iterate(p.c))
end
function Base.iterate(p::PartitionIterator, state)
    state === nothing && return nothing
    return next_part(p, Base.iterate(p.c, something(state)))
end
function next_part(p::PartitionIterator, y)
    y === nothing && return nothing
    part = Vector{Base.element_type(p.c)}()
    while true
        Base.push!(part, y[1])
        Base.length(part) == p.n && return (part, Base.Some(y[2]))
        y = Base.iterate(p.c, y[2])
        y === nothing && return (part, nothing)
    end
end

# ---- running results

struct Accumulate{F,I,T}
    f::F
    itr::I
    init::T
end
accumulate(f, itr; init=Base.NoInit()) = Accumulate(f, itr, init)
function Base.iterate(a::Accumulate)
    y = Base.iterate(a.itr)
    y === nothing && return nothing
    x = a.init isa Base.NoInit ? Base.reduce_first(a.f, y[1]) : a.f(a.init, y[1])
    return (x, (x, y[2]))
end
function Base.iterate(a::Accumulate, state::Tuple)
    y = Base.iterate(a.itr, state[2])
    y === nothing && return nothing
    x = a.f(state[1], y[1])
    return (x, (x, y[2]))
end
Base.length(a::Accumulate) = Base.length(a.itr)
Base.size(a::Accumulate) = Base.size(a.itr)
Base.axes(a::Accumulate) = Base.axes(a.itr)
Base.IteratorSize(::Type{<:Accumulate{F,I}}) where {F,I} = Base.IteratorSize(I)
Base.IteratorEltype(::Type{<:Accumulate}) = Base.EltypeUnknown()

# ---- an iterator that remembers where it is

mutable struct Stateful{T,VS}
    itr::T
    nextvalstate::Union{VS,Nothing}
    taken::Int
end
Stateful(itr::T) where {T} = Stateful{T,approximate_iteration(T)}(itr, Base.iterate(itr), 0)
Base.length(s::Stateful) = Base.length(s.itr) - s.taken
approximate_iteration(::Type{T}) where {T} =
    typesplit(Union{Core.return_type(Base.iterate, Tuple{T}),second_iteration(T, typesplit(Core.return_type(Base.iterate, Tuple{T}), Nothing))}, Nothing)
second_iteration(::Type{T}, ::Type{VS}) where {T,VS<:Tuple} = Core.return_type(Base.iterate, Tuple{T,fieldtype(VS, 2)})
second_iteration(::Type{T}, ::Type{Union{}}) where {T} = Nothing
Base.isempty(s::Stateful) = s.nextvalstate === nothing
function Base.popfirst!(s::Stateful)
    y = s.nextvalstate
    y === nothing && throw(Base.EOFError())
    s.nextvalstate = Base.iterate(s.itr, y[2])
    s.taken += 1
    return y[1]
end
function Base.peek(s::Stateful, default=nothing)
    y = s.nextvalstate
    return y === nothing ? default : y[1]
end
@inline Base.iterate(s::Stateful, state=nothing) = s.nextvalstate === nothing ? nothing : (Base.popfirst!(s), nothing)
Base.eltype(::Type{<:Stateful{T}}) where {T} = Base.eltype(T)
Base.IteratorEltype(::Type{<:Stateful{T}}) where {T} = Base.IteratorEltype(T)
Base.IteratorSize(::Type{<:Stateful}) = Base.SizeUnknown()
nth(itr, n::Integer) = Base.first(drop(itr, n - 1))
