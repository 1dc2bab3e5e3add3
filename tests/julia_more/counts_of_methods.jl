# What is said of methods holds until there are more of them.
count_of(f) = length(methods(f))
f(x) = 1
println(count_of(f))
display(f)
f(x, y) = 2
println(count_of(f))
display(f)
m = first(methods(f))
println(parentmodule(m), " ", nameof(m), " ", m.name, " ", m.module)
