# module: Base.Order
# Orders as values: `lt(o, a, b)` says whether a comes before b.

abstract type Ordering end
struct ForwardOrdering <: Ordering end
struct ReverseOrdering{O<:Ordering} <: Ordering
    fwd::O
end
struct By{F,O<:Ordering} <: Ordering
    by::F
    order::O
end
struct Lt{F} <: Ordering
    lt::F
end
# Positions, ordered as the elements at them; equal ones keep their order.
struct Perm{O<:Ordering,V} <: Ordering
    order::O
    data::V
end
By(by) = By(by, ForwardOrdering())
const Forward = ForwardOrdering()
const Reverse = ReverseOrdering(ForwardOrdering())

@inline lt(::ForwardOrdering, a, b) = isless(a, b)::Bool
@inline lt(o::ReverseOrdering, a, b) = lt(o.fwd, b, a)
@inline lt(o::By, a, b) = lt(o.order, o.by(a), o.by(b))
@inline lt(o::Lt, a, b) = o.lt(a, b)
@inline function lt(o::Perm, i::Integer, j::Integer)
    a = o.data[i]
    b = o.data[j]
    return lt(o.order, a, b) | (!lt(o.order, b, a) & (i < j))
end

ordtype(o::Ordering, v) = eltype(v)
@inline order_by(::typeof(isless), ::typeof(identity), o::Ordering) = o
@inline order_by(::typeof(isless), by, o::Ordering) = By(by, o)
@inline order_by(less, ::typeof(identity), o::Ordering) = Lt(less)
@inline order_by(less, by, o::Ordering) = Lt((a, b) -> less(by(a), by(b)))
@inline reversed(o::Ordering) = ReverseOrdering(o)
@inline reversed(o::ReverseOrdering) = o.fwd
@inline ord(less, by, rev::Nothing, o::Ordering=Forward) = order_by(less, by, o)
@inline ord(less, by, rev::Bool, o::Ordering=Forward) = rev ? reversed(order_by(less, by, o)) : order_by(less, by, o)
