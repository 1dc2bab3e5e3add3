# What calls that are resolved at run time need.

# The elements of a container that is splatted into the arguments of a call.
function splat_elements(container)
    elements = Vector{Any}(undef, 0)
    for x in container
        push!(elements, x)
    end
    return elements
end
