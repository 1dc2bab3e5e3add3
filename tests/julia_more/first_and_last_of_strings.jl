# `first` and `last` of strings whose characters have several bytes.
println(first("x=é∀", 8), " ", first("x=é∀", 2), " ", first("é∀", 1), " ", repr(first("", 3)), " ", repr(first("é", 0)))
println(last("x=é∀", 2), " ", last("x=é∀", 9), " ", repr(last("", 1)), " ", last(SubString("aé∀b", 2, 4), 1))
println(first(SubString("aé∀b", 2, 4), 5), " ", chop("aé∀"), " ", chop("é∀x", head = 1, tail = 1))
for n in 0:5
    print(first("ß→z", n), "|", last("ß→z", n), ";")
end
println()
println(try first("abc", -1) catch e; sprint(showerror, e) end)
