# exercises: what failed tests tell: which calls are told with their values, keywords, long values, patterns of messages; sets of `let`, seeds of sets, warnings
using Test, Random

function told(code)
    try
        include_string(Main, code, "here.jl")
    catch e
        println("-> ", typeof(e) === LoadError ? typeof(e.error) : typeof(e))
    end
end
v = [1, 2]

# ---- comparisons and some functions are told with their values
told("@test v == [1, 3]")
told("@test !(v == [1, 2])")
told("@test v[1] < v[2] > 5")
told("@test isempty(v)")
told("@test !isempty(Int[])")
told("@test startswith(\"ab\" * \"c\", \"x\")")
told("@test isequal(v...)")
told("@test 3 in v")
told("@test v[1] isa String")
told("@test collect(1:100) == [1]")
# Others are not.
told("@test issorted([2, 1])")
told("@test all(isodd, v)")
told("@test !any(isodd, v)")
told("@test haskey(Dict(1 => 2), 5)")

# ---- keywords
told("@test 1 + 1 ≈ 3 atol = 0.1")
told("@test isapprox(1 + 1, 3, atol = 0.3)")
told("@test isapprox(1 + 1, 3; atol = 0.25 + 0.25)")
keywords = (atol = 0.5,)
told("@test isapprox(v..., atol = 0.5)")
told("@test isapprox(v[1], 2; keywords...)")

# ---- exceptions
told("@test_throws \"foo\" 1")
told("@test_throws \"foo\" error(\"bar\")")
told("@test_throws (m -> false) error(\"bar\")")
told("@test_throws [\"a\", \"b\"] error(\"a c\")")
told("@test_throws (\"a\", r\"b+\") error(\"a c\")")
told("@test_throws ArgumentError throw(DomainError(1))")
@test_throws ["a", r"b+"] error("a bb")
@test_throws ("a", m -> endswith(m, "c")) error("a c")

# ---- sets that have no line of their own
told("""
@testset showtiming = false "outer" begin
    @testset let x = 3, y = x + 1
        @test x + 1 == y
        @test x == y
    end
end
""")

# ---- only sets that are printed take part in the width
@testset showtiming = false "short" begin
    @testset "a set inside that is described at length" begin
        @test true
    end
end

# ---- a set begins with the seed, and leaves the generator as it was
Random.seed!(42)
@testset showtiming = false "seeded" begin
    println(rand())
    @testset "inner" begin
        println(rand())
    end
    @test rand() != 0
end
println(rand())
@testset showtiming = false "turn $n" for n in 1:2
    @test rand() == 0.6293451231426089
end
println(rand() == 0.4503389405961936)

# ---- what is written to stderr
println(@test_nowarn 1 + 1)
told("@test_nowarn println(stderr, \"careful\")")

# ---- types as arguments
println(@inferred identity(Int))
println(Test.get_testset_depth())
