# module: StaticTools
# Memory in slabs for arrays that live as long as a block of code: `@no_escape buffer begin … end` gives
# back at its end what `@alloc` took inside.

export MallocSlabBuffer, @no_escape, @alloc, @alloc_ptr

# Slabs are chained: each begins with the address of the one before it, behind which 8 bytes are free to
# keep what follows aligned. The buffer is the address of this state, in C's heap.
struct SlabState
    next::Ptr{UInt8}
    stop::Ptr{UInt8}
    newest::Ptr{UInt8}
    slab_size::Int
end
struct MallocSlabBuffer
    state::Ptr{SlabState}
end
@inline function MallocSlabBuffer(; slab_size::Int=1_048_576, slabs_max_length::Int=8, custom_slabs_max_length::Int=64)
    none = Ptr{UInt8}(0)
    state = Ptr{SlabState}(malloc(sizeof(SlabState)))
    unsafe_store!(state, SlabState(none, none, none, slab_size))
    return MallocSlabBuffer(state)
end
function free(buffer::MallocSlabBuffer)
    give_back!(buffer, Ptr{UInt8}(0))
    return free(buffer.state)
end

# Frees the slabs that are newer than this one.
function give_back!(buffer::MallocSlabBuffer, until::Ptr{UInt8})
    slab = unsafe_load(buffer.state).newest
    while slab != until
        before = unsafe_load(Ptr{Ptr{UInt8}}(slab))
        free(slab)
        slab = before
    end
    return nothing
end

# Memory of this many bytes, aligned as C's heap is.
@inline function take!(buffer::MallocSlabBuffer, size::Int)
    s = unsafe_load(buffer.state)
    rounded = (max(size, 0) + 15) & -16
    s.stop - s.next >= rounded % UInt || return take_slab!(buffer, rounded)
    unsafe_store!(buffer.state, SlabState(s.next + rounded, s.stop, s.newest, s.slab_size))
    return s.next
end
# The same from a new slab; what is large has one of its own, and the present one goes on.
@noinline function take_slab!(buffer::MallocSlabBuffer, size::Int)
    s = unsafe_load(buffer.state)
    large = size >= s.slab_size ÷ 2
    slab = malloc(16 + (large ? size : s.slab_size))
    unsafe_store!(Ptr{Ptr{UInt8}}(slab), s.newest)
    first = slab + 16
    state = large ? SlabState(s.next, s.stop, slab, s.slab_size) : SlabState(first + size, first + s.slab_size, slab, s.slab_size)
    unsafe_store!(buffer.state, state)
    return first
end

# What a block of code finds, and what it leaves.
@inline saved(buffer::MallocSlabBuffer) = unsafe_load(buffer.state)
@inline function restore!(buffer::MallocSlabBuffer, state::SlabState)
    unsafe_load(buffer.state).newest == state.newest || give_back!(buffer, state.newest)
    unsafe_store!(buffer.state, state)
    return nothing
end
@inline taken_array(buffer::MallocSlabBuffer, ::Type{T}, dims::Int...) where {T} = view_of(Ptr{T}(take!(buffer, prod(dims) * sizeof(T))), dims)
@inline taken_memory(buffer::MallocSlabBuffer, size::Integer) = Ptr{Nothing}(take!(buffer, Int(size)))

macro no_escape(arguments...)
    length(arguments) == 2 || throw(ArgumentError("@no_escape needs a buffer and a block of code: there is none of the task's own"))
    buffer, state, result = gensym(:buffer), gensym(:state), gensym(:result)
    body = with_buffer(arguments[2], buffer)
    return esc(Expr(:block,
        Expr(:(=), buffer, arguments[1]),
        Expr(:(=), state, Expr(:call, GlobalRef(@__MODULE__, :saved), buffer)),
        Expr(:(=), result, body),
        Expr(:call, GlobalRef(@__MODULE__, :restore!), buffer, state),
        result))
end
macro alloc(arguments...)
    throw(ArgumentError("@alloc can only be used inside of a @no_escape block"))
end
macro alloc_ptr(arguments...)
    throw(ArgumentError("@alloc_ptr can only be used inside of a @no_escape block"))
end

# The code of a block whose allocations come from a buffer. Blocks inside have their own.
with_buffer(x, buffer::Symbol) = x
function with_buffer(x::Expr, buffer::Symbol)
    x.head === :return && throw(ArgumentError("the `return` keyword is not allowed inside of a @no_escape block"))
    if x.head === :macrocall
        name = x.args[1]
        name === Symbol("@no_escape") && return x
        taker = name === Symbol("@alloc") ? :taken_array : name === Symbol("@alloc_ptr") ? :taken_memory : nothing
        if taker !== nothing
            values = Any[with_buffer(a, buffer) for a in x.args[3:end]]
            return Expr(:call, GlobalRef(@__MODULE__, taker), buffer, values...)
        end
    end
    # A function inside returns from itself.
    (x.head === :-> || x.head === :function) && return x
    return Expr(x.head, Any[with_buffer(a, buffer) for a in x.args]...)
end
