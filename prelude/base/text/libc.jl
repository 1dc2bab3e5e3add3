# module: Base.Libc
# What Base shows of C's library.

errno() = Core.Intrinsics.pointerref(ccall(:__errno_location, Ptr{Int32}, ()), 1, 4)
strerror(code::Integer) = Base.unsafe_string(ccall(:strerror, Ptr{UInt8}, (Int32,), code % Int32))
strerror() = strerror(errno())
malloc(n::Integer) = ccall(:malloc, Ptr{Nothing}, (UInt64,), n % UInt64)
calloc(n::Integer, size::Integer) = ccall(:calloc, Ptr{Nothing}, (UInt64, UInt64), n % UInt64, size % UInt64)
realloc(p::Ptr, n::Integer) = ccall(:realloc, Ptr{Nothing}, (Ptr{Nothing}, UInt64), p, n % UInt64)
free(p::Ptr) = ccall(:free, Nothing, (Ptr{Nothing},), p)
time() = Base.time()
systemsleep(seconds::Real) = Base.sleep(seconds)
flush_cstdio() = (ccall(:fflush, Int32, (Ptr{Nothing},), C_NULL); nothing)
getpid() = ccall(:getpid, Int32, ())
