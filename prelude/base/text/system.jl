# The system: time, the end of the program, its arguments and environment.

struct TimeSpec
    seconds::Int64
    nanoseconds::Int64
end

# Clock 0 counts from 1970, clock 1 from some time before the start and never goes back.
function clock_time(clock::Int32)
    t = Ref(TimeSpec(0, 0))
    ccall(:clock_gettime, Int32, (Int32, Ref{TimeSpec}), clock, t)
    return t[]
end
function time()
    t = clock_time(Int32(0))
    return Float64(t.seconds) + Float64(t.nanoseconds) / 1.0e9
end
function time_ns()
    t = clock_time(Int32(1))
    return (t.seconds * 1000000000 + t.nanoseconds) % UInt64
end
function sleep(seconds::Real)
    seconds < 0 && throw(ArgumentError("cannot sleep for a negative number of seconds"))
    whole = floor(Float64(seconds))
    t = Ref(TimeSpec(Int64(whole), Int64(floor((Float64(seconds) - whole) * 1.0e9))))
    ccall(:nanosleep, Int32, (Ref{TimeSpec}, Ptr{Nothing}), t, C_NULL)
    return nothing
end

function exit(code::Integer)
    if Core.exceptions_are_objects() && @isdefined(exit_hooks)
        run_exit_hooks(code % Int32)
    end
    ccall(:exit, Union{}, (Int32,), code % Int32)
end
exit() = exit(0)

# What is to be called when a program ends, latest first, is in `exit_hooks`: a vector that programs
# have which are run and mention `atexit`.
atexit(f) = (pushfirst!(exit_hooks, f); nothing)
@noinline call_hook(hook::F, code::Int32) where {F} = applicable(hook, code) ? hook(code) : hook()
function run_exit_hooks(code::Int32)
    while !isempty(exit_hooks)
        hook = popfirst!(exit_hooks)
        try
            call_hook(hook, code)
        catch e
            print(stderr, sprint(showerror, e), "\n")
        end
    end
    return nothing
end

isinteractive() = false
# Everything is compiled when it is met.
precompile(f, types) = true

# Runs f with other values of variables of the environment; `nothing` takes one away.
function withenv(f, pairs::Pair...)
    before = Pair{String,Union{Nothing,String}}[String(p.first) => get(ENV, p.first, nothing) for p in pairs]
    try
        foreach(p -> set_or_delete_environment(String(p.first), p.second), pairs)
        return f()
    finally
        foreach(p -> set_or_delete_environment(p.first, p.second), before)
    end
end
function set_or_delete_environment(name::String, value)
    value === nothing || return setindex!(ENV, value, name)
    GC.@preserve name ccall(:unsetenv, Int32, (Ptr{UInt8},), cstring_bytes(name))
    return ENV
end

const PROGRAM_FILE = ""
# What a session keeps of the last value and the last error; a program has neither.
const ans = nothing
const err = nothing
const ARGS = Vector{String}(undef, 0)

# The environment, read and written through C.
struct Environment end
const ENV = Environment()

environment_value(name::String) = GC.@preserve name ccall(:getenv, Ptr{UInt8}, (Ptr{UInt8},), cstring_bytes(name))
haskey(::Environment, name::AbstractString) = UInt64(environment_value(String(name))) != 0x0000000000000000
function getindex(::Environment, name::AbstractString)
    p = environment_value(String(name))
    UInt64(p) == 0x0000000000000000 && throw(KeyError(name))
    return unsafe_string(p)
end
function get(::Environment, name::AbstractString, default)
    p = environment_value(String(name))
    return UInt64(p) == 0x0000000000000000 ? default : unsafe_string(p)
end
function setindex!(e::Environment, value, name::AbstractString)
    n = String(name)
    v = string(value)
    GC.@preserve n v ccall(:setenv, Int32, (Ptr{UInt8}, Ptr{UInt8}, Int32), cstring_bytes(n), cstring_bytes(v), Int32(1))
    return e
end

