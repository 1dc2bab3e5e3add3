# Locks of a program with one task: they count how often they are held.

mutable struct ReentrantLock
    held::Int
    ReentrantLock() = new(0)
end
lock(l::ReentrantLock) = (l.held += 1; nothing)
trylock(l::ReentrantLock) = (l.held += 1; true)
islocked(l::ReentrantLock) = l.held > 0
function unlock(l::ReentrantLock)
    l.held == 0 && error("unlock count must match lock count")
    l.held -= 1
    return nothing
end
function lock(f, l::ReentrantLock)
    lock(l)
    try
        return f()
    finally
        unlock(l)
    end
end
macro lock(l, code)
    return quote
        held = $(esc(l))
        lock(held)
        try
            $(esc(code))
        finally
            unlock(held)
        end
    end
end
