# printstyled on streams with and without colors, lazy strings, command macros of the program, @timed

color(args...; kw...) = repr(sprint(io -> printstyled(io, args...; kw...); context=:color => true))
println(color("hi", color=:red), " ", color("hi\n\nb", color=:red, bold=true), " ", color("x", 1, color=200, underline=true), " ", " ", color("n", color=:bold), " ", color("l", color=:light_blue, italic=true))
println(repr(sprint(io -> printstyled(io, "hi"; color=:red, bold=true))))
printstyled("no colors here", 1, "\n"; color=:green)
println(repr(Base.text_colors[:red]), " ", repr(Base.text_colors[:normal]), " ", haskey(Base.text_colors, :cyan))

x = 3
l = lazy"x = $x and $(x + 1) \n"
println(l, " ", typeof(l), " ", length(l), " ", l == "x = 3 and 4 \\n", " ", repr(l))
check(n) = n < 0 ? throw(DomainError(n, lazy"got $n")) : n
println(try check(-2) catch e; sprint(showerror, e) end)
macro shout_cmd(s)
    return uppercase(s)
end
println(shout`hi $there`)
r = @timed sum(1:10)
println(r.value, " ", r.time isa Float64, " ", r.time >= 0)
