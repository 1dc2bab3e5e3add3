# What is said of methods holds until there are more of them.
# "1 method" twice: Core.matching_methods (infer/src/interp/pure.rs, MatchingMethods) is folded in `count_of`, and the
count_of(f) = length(methods(f))
f(x) = 1
println(count_of(f))
display(f)
f(x, y) = 2
println(count_of(f))
display(f)
m = first(methods(f))
println(parentmodule(m), " ", nameof(m), " ", m.name, " ", m.module)
