# What @time prints.

function print_elapsed(nanoseconds::Integer)
    seconds = fmt_float(Float64(nanoseconds) / 1.0e9, 0, 10, 6, 'f')
    return println(seconds, " seconds")
end
function print_elapsed(nanoseconds::Integer, label)
    seconds = fmt_float(Float64(nanoseconds) / 1.0e9, 0, 10, 6, 'f')
    return println(label, ": ", seconds, " seconds")
end

# What `@timed` tells; memory is counted by references, so that nothing is collected.
timed_result(value, nanoseconds::Integer) =
    (value=value, time=nanoseconds / 1.0e9, bytes=0, gctime=0.0, gcstats=nothing)
