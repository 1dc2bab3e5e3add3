# What GC.@preserve keeps while its body returns, breaks, continues, jumps or throws; objects whose addresses are in use; methods of sizeof

mutable struct Cell
    value::Int
    next::Int
end
@noinline new_cell(x) = Cell(x, 0)
@noinline new_array(x) = fill(x, 4)

function returned(x)
    a = new_array(x)
    GC.@preserve a begin
        p = pointer(a)
        b = new_array(-1)
        return unsafe_load(p, 2) + 0 * b[1]
    end
end
function broken(x)
    for i in 1:5
        a = new_array(x + i)
        GC.@preserve a begin
            p = pointer(a)
            b = new_array(-1)
            i < 3 && b[1] == -1 && continue
            y = unsafe_load(p, 2)
            i == 4 && return y + b[1]
            i == 5 && break
        end
    end
    return 0
end
function jumped(x)
    a = new_array(x)
    y = 0
    GC.@preserve a begin
        p = pointer(a)
        b = new_array(-1)
        y = unsafe_load(p, 3) + b[2]
        y > 0 && @goto done
        y = 100
    end
    y += 1000
    @label done
    return y
end
function thrown(x)
    a = new_array(x)
    try
        GC.@preserve a begin
            p = pointer(a)
            b = new_array(-1)
            unsafe_load(p, 1) > 5 && error("large")
            return unsafe_load(p, 1) + b[1]
        end
    catch
        return a[1]
    finally
        a[1] += 1
    end
end
function nested(x)
    a, c = new_array(x), new_array(x + 1)
    GC.@preserve a for i in 1:3
        GC.@preserve c begin
            p, q = pointer(a), pointer(c)
            b = new_array(-1)
            i == 2 && return (unsafe_load(p), unsafe_load(q), b[1])
        end
    end
end

# An address keeps its object without `GC.@preserve`.
function addressed(x)
    p = Ptr{Int}(pointer_from_objref(new_cell(x)))
    other = new_cell(-1)
    return unsafe_load(p) + 0 * other.value
end
struct Place
    at::Ptr{Int}
    n::Int
end
@noinline place_of(c::Cell) = Place(Ptr{Int}(pointer_from_objref(c)), 1)
function through_call(x)
    place = place_of(new_cell(x))
    other = new_cell(-1)
    return unsafe_load(place.at, place.n) + 0 * other.value
end
function through_loop(x)
    p = Ptr{Int}(0)
    total = 0
    for i in 1:3
        p = Ptr{Int}(pointer_from_objref(new_cell(x + i)))
        other = new_cell(-1)
        total += unsafe_load(p) + other.next
    end
    return total
end

println(returned(7))
println(broken(10))
println(jumped(7))
println(thrown(3), " ", thrown(8))
println(nested(5))
println(addressed(11))
println(through_call(12))
println(through_loop(20))

struct Sized end
Base.sizeof(::Sized) = 33
println(sizeof(Sized()), " ", sizeof(Int32), " ", sizeof("abc"), " ", sizeof([1, 2]), " ", sizeof((1, 2)), " ", sizeof(Cell))
