# usage: julia jlift_export.jl FILE.jl [-o OUT.jir]
# Writes the typed IR of what FILE.jl's `# export: f(TYPES...)` lines name, to OUT.jir or standard output.

include(joinpath(@__DIR__, "src", "JliftExport.jl"))

function export_file(arguments)
    if length(arguments) == 1
        JliftExport.jlift_file(arguments[1])
    elseif length(arguments) == 3 && arguments[2] == "-o"
        # Complete or absent: written only when everything worked.
        text = IOBuffer()
        JliftExport.jlift_file(arguments[1]; io = text)
        write(arguments[3], take!(text))
    else
        println(stderr, "usage: julia jlift_export.jl FILE.jl [-o OUT.jir]")
        return 2
    end
    return 0
end

status = try
    export_file(ARGS)
catch e
    e isa Union{JliftExport.ExportError,SystemError} || rethrow()
    showerror(stderr, e)
    println(stderr)
    1
end
exit(status)
