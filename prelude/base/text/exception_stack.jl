# The exceptions that are being handled, outermost first, as `current_exceptions` tells them.

struct ExceptionStack <: AbstractVector{Any}
    stack::Vector{Any}
end
size(s::ExceptionStack) = size(s.stack)
getindex(s::ExceptionStack, i::Int) = s.stack[i]
IndexStyle(::Type{ExceptionStack}) = IndexLinear()

function current_exceptions(; backtrace::Bool=true)
    stack = Any[]
    for depth in 0:ccall(:jlift_handled_exceptions, Int64, ())-1
        e = ccall(:jlift_handled_exception, Any, (Int64,), depth)
        push!(stack, (exception=e, backtrace=backtrace ? Ptr{Cvoid}[] : nothing))
    end
    return ExceptionStack(stack)
end

show(io::IO, s::ExceptionStack) = show(io, MIME("text/plain"), s)
function show(io::IO, ::MIME_plain, s::ExceptionStack)
    n = length(s)
    print(io, n, "-element ExceptionStack:")
    for k in n:-1:1
        print(io, "\n")
        k < n && print(io, "\ncaused by: ")
        showerror(io, s[k].exception)
    end
    return nothing
end
