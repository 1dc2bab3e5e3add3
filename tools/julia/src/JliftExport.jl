"""
Writes the optimised typed IR of Julia functions, and of everything that they invoke, as .jir text (version 1) for jlift.

    using JliftExport
    axpy(a::Float64, x::Float64, y::Float64) = muladd(a, x, y)
    open(io -> jlift_typed(axpy, Tuple{Float64, Float64, Float64}; io), "axpy.jir", "w")

Made for Julia 1.10, on whose `CodeInfo` it relies.
"""
module JliftExport

export jlift_typed, jlift_file

include("state.jl")
include("types.jl")
include("values.jl")
include("closure.jl")
include("statements.jl")
include("functions.jl")

"""
    jlift_typed(f, types::Type{<:Tuple}; io = stdout)

Write a .jir with `f` for arguments of these types as its one export.
Throws an `ExportError` when there is no method, no concrete signature or no typed code.
"""
jlift_typed(f, types::Type{<:Tuple}; io::IO = stdout) = jlift_typed([(f, types)]; io)

"""
    jlift_typed(exports; io = stdout, origin = "")

The same for several exports, an iterable of `(f, types)`; functions that they share are written once. `origin` names the source in a comment.
"""
function jlift_typed(exports; io::IO = stdout, origin::AbstractString = "")
    w = Writer()
    for (f, types) in exports
        collect_export!(w, f, types)
    end
    # Functions first: what they mention decides which types and constants the header declares.
    body = IOBuffer()
    for entry in w.functions
        print_function(body, w, entry)
    end
    constants = IOBuffer()
    print_constants(constants, w)
    println(io, "jir 1")
    println(io, "; producer: Julia ", VERSION, isempty(origin) ? "" : ", " * origin)
    for t in w.types
        print_declaration(io, w, t)
    end
    write(io, take!(constants))
    write(io, take!(body))
    return nothing
end

"""
    jlift_file(path; io = stdout)

Include a Julia file into `Main` and export what its comment lines `# export: f(Int64, Ptr{Float64})` name.
"""
function jlift_file(path::AbstractString; io::IO = stdout)
    signatures = export_lines(path)
    isempty(signatures) && throw(ExportError("$path has no line `# export: f(TYPES...)`"))
    Base.include(Main, abspath(path))
    exports = map(signatures) do (name, arguments)
        isdefined(Main, name) || throw(ExportError("$path exports $name, which it doesn't define"))
        (getfield(Main, name), Core.eval(Main, Meta.parse("Tuple{$arguments}")))
    end
    # The file's methods are newer than this call: go on in the world that has them.
    return Base.invokelatest(jlift_typed, exports; io, origin = basename(path))
end

"The `# export:` lines of a file as (name, text between the parentheses)."
function export_lines(path::AbstractString)
    found = Tuple{Symbol,String}[]
    for line in eachline(path)
        m = match(r"^#\s*export:\s*([^\s(]+)\((.*)\)\s*$", line)
        m === nothing || push!(found, (Symbol(m[1]), String(m[2])))
    end
    return found
end

end
