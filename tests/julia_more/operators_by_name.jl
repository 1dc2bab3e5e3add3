# What is known of operators by their names; kinds of text that can be shown
println(Base.operator_precedence(:+), " ", Base.operator_precedence(:*), " ", Base.operator_precedence(:.), " ", Base.isbinaryoperator(:+), Base.isunaryoperator(:-), Base.isoperator(:+), Base.isoperator(:f), " ", Base.operator_associativity(:^), Base.operator_associativity(:-), Base.operator_associativity(:+), " ", Base.isidentifier("abc"), Base.isidentifier("1a"))
struct T1; end
Base.show(io::IO, ::MIME"text/html", t::T1) = print(io, "<t>")
println(showable("text/html", T1()), showable("text/csv", T1()), showable(MIME("text/plain"), T1()), showable("text/html", 1))
module M; export a; a() = 1; b() = 2; end
println(Base.isexported(M, :a), Base.isexported(M, :b))
