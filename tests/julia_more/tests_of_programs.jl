# exercises: the module Test: results as values, sets in sets and in loops, tables without times, failures that are told and counted
using Test

# ---- results are values
println(@test 1 + 1 == 2)
println(@test_throws DomainError sqrt(-1.0))
println(@test_broken 1 == 2)
println(@test_skip error("never evaluated"))
println(@test(true) isa Test.Pass, " ", @test_broken(false) isa Test.Broken)
@test 0.1 + 0.2 ≈ 0.3 atol = 1e-9
@test isapprox(1.0, 1.0 + 1e-3; rtol = 1e-2)
@test 1 < 2 <= 2 < 3
@test !(1 == 2) && true
@test Int <: Integer
@test "ell" ⊆ "hello"
@test 3 in [1, 2, 3]
@test_throws BoundsError [1, 2][3]
@test_throws KeyError(:a) Dict{Symbol,Int}()[:a]
@test_throws ArgumentError("x") throw(ArgumentError("x"))
@test_throws "integer division" div(1, 0)
@test_throws r"no method" sin("a")
@test_throws e -> occursin("custom", e) error("custom text")
@test 1 == 2 broken = true
@test 1 == 2 skip = true

stable(x) = x + 1.0
unstable(x) = x > 0 ? 1 : "a"
println(@inferred(stable(2.0)))
println(try; @inferred unstable(3); catch e; sprint(showerror, e); end)

# ---- without a set a failure ends what runs
function outcome(f)
    try
        f()
        println("no exception")
    catch e
        println(typeof(e), ": ", sprint(showerror, e))
    end
end
without_place(text) = replace(text, r" at .*" => " at HERE")
told(t) = println(without_place(sprint(show, t)))
outcome(() -> @test 1 == 1)

# ---- sets
ts = @testset showtiming = false "arithmetic of $(1 + 1)" begin
    x = 3
    @test x == 3
    @testset "inner" begin
        @test x + 1 == 4
        @test_throws ErrorException error("q")
    end
    @testset for i in 1:2, j in 3:4
        @test i < j
    end
    @testset "n = $n" for n in (1, 2)
        @test n < 3
    end
end
println(ts.n_passed, " ", [t.description for t in ts.results], " ", typeof(ts))

results = @testset showtiming = false "square $n" for n in 1:2
    @test n^2 >= n
end
println(length(results), " ", results[2].description)

mutable struct Account
    balance::Int
end
withdraw!(a, n) = n > a.balance ? throw(ArgumentError("only $(a.balance) left")) : (a.balance -= n)
@testset verbose = true showtiming = false "accounts" begin
    a = Account(10)
    @testset "withdraw" begin
        @test withdraw!(a, 4) == 6
        @test a.balance == 6
    end
    @testset "too much" begin
        @test_throws ArgumentError withdraw!(a, 7)
        @test a.balance == 6
        @test_broken a.balance == 0
    end
    @testset "nothing yet" begin
    end
end

function checks(v)
    @test issorted(v)
    @testset "of a function" begin
        @test length(v) == 3
    end
end
@testset showtiming = false "called" begin
    checks([1, 2, 3])
end

# ---- failures inside of sets are counted, and what follows goes on
function counted()
    kept = Any[]
    io = stdout
    try
        @testset showtiming = false "outer" begin
            push!(kept, Test.get_testset())
            @test 1 == 1
            @testset "bad" begin
                @test true
                @test_broken false
            end
            push!(kept, Test.get_testset_depth())
        end
    catch e
        println(typeof(e))
    end
    println(kept[1].description, " ", kept[2], " ", Test.get_testset_depth())
end
counted()
told(Test.Fail(:test, "f(x) == 2", "3 == 2", "false", nothing, nothing, false))
told(Test.Error(:test_error, "f(x)", "", "boom\nsecond line", nothing))
println(sprint(showerror, TestSetException(3, 1, 1, 2, Any[])))
