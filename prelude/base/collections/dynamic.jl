# What calls that are resolved at run time need.

# A variable that closures share and that is assigned after they were made.
mutable struct Box
    contents::Any
    Box() = new()
    Box(x) = new(x)
end

# The elements of a container that is splatted into the arguments of a call.
function splat_elements(container)
    elements = Vector{Any}(undef, 0)
    for x in container
        push!(elements, x)
    end
    return elements
end
