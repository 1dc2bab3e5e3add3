# What @time prints.

function print_elapsed(nanoseconds::Integer)
    seconds = fmt_float(Float64(nanoseconds) / 1.0e9, 0, 10, 6, 'f')
    return println(seconds, " seconds")
end
function print_elapsed(nanoseconds::Integer, label)
    seconds = fmt_float(Float64(nanoseconds) / 1.0e9, 0, 10, 6, 'f')
    return println(label, ": ", seconds, " seconds")
end
