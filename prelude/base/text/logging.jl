# What the logging macros print: a record on the standard error, framed if it has several lines.

function log_record(level::String, place::String, message, names::Tuple, values...)
    text = sprint_in(nothing, print, message)
    lines = split(chomp(text), '\n')
    # A record of one line without fields has no frame and, for information, no place.
    if level == "Info" && length(lines) == 1 && nfields(values) == 0
        println(stderr, "[ Info: ", lines[1])
        return nothing
    end
    println(stderr, "┌ ", level, ": ", lines[1])
    for i in 2:length(lines)
        println(stderr, "│ ", lines[i])
    end
    log_fields(names, values)
    level == "Info" ? println(stderr, "└ ") : println(stderr, "└ ", place)
    return nothing
end
log_fields(::Tuple{}, ::Tuple{}) = nothing
function log_fields(names::Tuple, values::Tuple)
    print(stderr, "│   ", getfield(names, 1), " = ")
    show(stderr, getfield(values, 1))
    println(stderr)
    return log_fields(tail(names), tail(values))
end
