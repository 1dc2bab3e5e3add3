# module: Core
# What a variable lives in that closures share and somebody assigns after it was captured.

mutable struct Box
    contents::Any
    Box() = new()
    Box(x) = new(x)
end
