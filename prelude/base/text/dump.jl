# `dump`: a value with its type, then its fields or elements, each on a line that is indented by depth.

dump(x; maxdepth::Integer=8) = dump(stdout, x; maxdepth=maxdepth)
function dump(io::IO, x; maxdepth::Integer=8)
    dump_value(io, x, Int(maxdepth), "")
    println(io)
    return nothing
end

function dump_value(io::IO, x::T, depth::Int, indent::String) where {T}
    print(io, T)
    if fieldcount(T) === 0
        # Without fields the value says all.
        print(io, " ")
        show(io, x)
        return nothing
    end
    depth > 0 && dump_fields(io, x, Val(1), depth, string(indent, "  "))
    return nothing
end
function dump_fields(io::IO, x::T, ::Val{N}, depth::Int, indent::String) where {T,N}
    N > fieldcount(T) && return nothing
    println(io)
    print(io, indent, T <: Tuple ? string(N) : String(fieldname(T, N)), ": ")
    isdefined(x, N) ? dump_value(io, getfield(x, N), depth - 1, indent) : print(io, "#undef")
    return dump_fields(io, x, Val(N + 1), depth, indent)
end
dump_value(io::IO, x::Union{String,Char}, depth::Int, indent::String) = (print(io, typeof(x), " "); show(io, x))
dump_value(io::IO, x::Symbol, depth::Int, indent::String) = print(io, "Symbol ", x)
dump_value(io::IO, x::Module, depth::Int, indent::String) = print(io, "Module ", x)
dump_value(io::IO, x::Function, depth::Int, indent::String) = print(io, x, " (function of type ", typeof(x), ")")
function dump_value(io::IO, ::Type{T}, depth::Int, indent::String) where {T}
    print(io, T)
    T isa DataType && T !== Any && print(io, " <: ", supertype(T))
    T isa DataType && isstructtype(T) && !(T <: Tuple) && depth > 0 && dump_declared(io, T, Val(1), indent)
    return nothing
end
function dump_declared(io::IO, ::Type{T}, ::Val{N}, indent::String) where {T,N}
    N > fieldcount(T) && return nothing
    println(io)
    print(io, indent, "  ", fieldname(T, N), "::", fieldtype(T, N))
    return dump_declared(io, T, Val(N + 1), indent)
end
function dump_value(io::IO, x::Array{T}, depth::Int, indent::String) where {T}
    print(io, "Array{", T, "}(", size(x), ")")
    if T <: Number
        print(io, " ")
        show(io, x)
    elseif depth > 0
        for i in eachindex(x)
            println(io)
            print(io, indent, "  ", i, ": ")
            isassigned(x, i) ? dump_value(io, x[i], depth - 1, string(indent, "  ")) : print(io, "#undef")
        end
    end
    return nothing
end
