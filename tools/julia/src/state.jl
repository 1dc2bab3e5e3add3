# What one export collects: the functions to write, and the types and constants that they mention. Prints nothing.

const CC = Core.Compiler

"Why something can't be exported."
struct ExportError <: Exception
    message::String
end
Base.showerror(io::IO, e::ExportError) = print(io, "jlift export: ", e.message)

"One function of the file: a method instance with its optimised code."
struct Entry
    instance::Core.MethodInstance
    code::Core.CodeInfo
    result::Any
    exported::Bool
end

"The tables of one .jir. Function numbers count from 1 in the order of `functions`; types stand after the types of their fields."
struct Writer
    functions::Vector{Entry}
    numbers::IdDict{Core.MethodInstance,Int}
    types::Vector{DataType}
    seen_types::IdDict{Any,Nothing}
    constants::Vector{GlobalRef}
    seen_constants::Set{Tuple{Module,Symbol}}
end
Writer() = Writer(Entry[], IdDict{Core.MethodInstance,Int}(), DataType[], IdDict{Any,Nothing}(), GlobalRef[], Set{Tuple{Module,Symbol}}())
