# Blocks that macros make have the lines that they were made with, or none.
macro clean(ex)
    QuoteNode(Base.remove_linenums!(ex))
end
println(@clean begin
    a = 1
    b = 2
end)
macro twice(f)
    Expr(:block, :($f(1)), :($f(2)))
end
println(@macroexpand @twice sin)
macro with_local(ex)
    quote
        y = $(esc(ex))
        y + 1
    end
end
expanded = @macroexpand @with_local 3
println(length(expanded.args), " ", expanded.args[1].line, " ", eval(expanded))
macro when(ex); :(if $(esc(ex)) println("yes") end); end
println(Base.remove_linenums!(@macroexpand @when 1 < 2))
println(:(a ⋆ b), " ", :(a ⋆ b ⋆ c), " ", :(a ⋆ (b + c)))
# What follows the signature on its line is the body.
x = 5
println(Base.remove_linenums!(:(function f() $x end)))
macro getter(name, value)
    esc(:(function $(Symbol("get_", name))() $value end))
end
@getter a 7
println(get_a())
