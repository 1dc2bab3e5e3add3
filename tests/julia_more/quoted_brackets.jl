# A colon in front of brackets quotes them.
println(eval(:[1, 2]), " ", :[1 2; 3 4], " ", :[x^2 for x in 1:3], " ", :[], " ", :[1 2], " ", Meta.show_sexpr(:[1; 2]))
println(eval(:[x^2 for x in 1:3]), " ", (:[a, b]).head, " ", (:[a b]).head, " ", (:[a; b]).head)
n = 4
println(eval(:[$n, $(n + 1)]), [1, 2, 3][:][2], " ", (:)(1, 3))
