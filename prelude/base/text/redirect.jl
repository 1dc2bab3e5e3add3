# Standard output or error goes elsewhere while a function runs: the descriptor is exchanged.

redirect_stdout(f::Function, to) = redirected(f, Int32(1), to)
redirect_stderr(f::Function, to) = redirected(f, Int32(2), to)
function redirect_stdio(f::Function; stdin=nothing, stdout=nothing, stderr=nothing)
    stdin === nothing || throw(ArgumentError("redirect_stdio: standard input is not redirected here"))
    if stdout isa AbstractString && stdout == stderr
        return open(io -> redirect_stdio(f; stdout = io, stderr = io), stdout, "w")
    end
    to_err() = stderr === nothing ? f() : redirected(f, Int32(2), stderr)
    return stdout === nothing ? to_err() : redirected(to_err, Int32(1), stdout)
end

function redirected(f, fd::Int32, path::AbstractString)
    return open(io -> redirected(f, fd, io), path, "w")
end
function redirected(f, fd::Int32, to::IO)
    target = descriptor(to)
    old = ccall(:dup, Cint, (Cint,), fd)
    ccall(:dup2, Cint, (Cint, Cint), target, fd)
    to isa DevNull && ccall(:close, Cint, (Cint,), target)
    try
        return f()
    finally
        ccall(:dup2, Cint, (Cint, Cint), old, fd)
        ccall(:close, Cint, (Cint,), old)
    end
end
descriptor(io::StdStream{FD}) where {FD} = Int32(FD)
descriptor(io::IOStream) = (flush(io); ccall(:fileno, Cint, (Ptr{Cvoid},), io.handle))
function descriptor(::DevNull)
    path = "/dev/null"
    return GC.@preserve path ccall(:open, Cint, (Ptr{UInt8}, Cint), cstring_bytes(path), Int32(1))
end
