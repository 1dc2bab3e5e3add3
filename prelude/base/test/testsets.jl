# module: Test
# Sets of tests: where results go, and the table that is printed when the outermost set ends.

export TestSetException, get_testset, get_testset_depth

abstract type AbstractTestSet end

mutable struct DefaultTestSet <: AbstractTestSet
    description::String
    results::Vector{Any}
    n_passed::Int
    anynonpass::Bool
    verbose::Bool
    showtiming::Bool
    time_start::Float64
    time_end::Union{Float64,Nothing}
end
DefaultTestSet(description::AbstractString; verbose::Bool=false, showtiming::Bool=true) =
    DefaultTestSet(String(description), Any[], 0, false, verbose, showtiming, time(), nothing)

# What stands in for a set where there is none: a test that does not hold ends the program.
struct FallbackTestSet <: AbstractTestSet end
struct FallbackTestSetException <: Exception
    msg::String
end
Base.showerror(io::IO, e::FallbackTestSetException) = print(io, e.msg)

# Of `@testset let`: what is recorded goes to the set around, failures with the value of a variable.
struct ContextTestSet <: AbstractTestSet
    outer
    name::String
    value
end

struct TestSetException <: Exception
    pass::Int
    fail::Int
    error::Int
    broken::Int
    errors_and_fails::Vector{Any}
end
Base.show(io::IO, e::TestSetException) = print(io, "Some tests did not pass: ", e.pass, " passed, ", e.fail,
    " failed, ", e.error, " errored, ", e.broken, " broken.")
Base.showerror(io::IO, e::TestSetException) = show(io, e)

# The sets that have begun, the innermost last, are in `Base.open_test_sets`: a vector that programs
# have which are run and mention this module. Before them is the kept seed, if there is one.
get_testset() = get_testset_depth() == 0 ? FallbackTestSet() : Base.open_test_sets[end]
get_testset_depth() = length(Base.open_test_sets) - Base.seed_is_kept()

record(::FallbackTestSet, t::Union{Pass,Broken}) = t
function record(::FallbackTestSet, t::Union{Fail,Error})
    println(t)
    throw(FallbackTestSetException("There was an error during testing"))
end
record(c::ContextTestSet, t) = record(c.outer, t)
function record(c::ContextTestSet, t::Fail)
    own = string(c.name, " = ", c.value)
    context = t.context === nothing ? own : string(t.context, "\n              ", own)
    return record(c.outer, Fail(t.test_type, t.orig_expr, t.data, t.value, context, t.source, t.message_only))
end
record(ts::DefaultTestSet, t::Pass) = (ts.n_passed += 1; t)
record(ts::DefaultTestSet, t::Broken) = (push!(ts.results, t); t)
record(ts::DefaultTestSet, t::AbstractTestSet) = (push!(ts.results, t); t)
function record(ts::DefaultTestSet, t::Union{Fail,Error})
    printstyled(ts.description, ": "; color=:white)
    print(t)
    println()
    push!(ts.results, t)
    return t
end

begin_set(ts) = (push!(Base.open_test_sets, ts); ts)
end_set() = (pop!(Base.open_test_sets); nothing)
# Each set draws what follows the seed, and leaves the generator as it found it.
struct RandomBefore
    state::Vector{UInt64}
    seed::Vector{UInt64}
end
function begin_random()
    before = RandomBefore(Base.state_words(Base.shared_random_state()), Base.kept_seed())
    Base.set_state_words!(Base.shared_random_state(), before.seed)
    return before
end
function end_random(before::RandomBefore)
    Base.set_state_words!(Base.shared_random_state(), before.state)
    Base.keep_seed!(before.seed)
    return nothing
end
# What runs in a set may throw between its tests: that is a result too.
outside_error(ts, e, source) = record(ts, Error(:nontest_error, "", "", sprint(showerror, e), source))

struct Counts
    passes::Int
    fails::Int
    errors::Int
    broken::Int
end
Base.:+(a::Counts, b::Counts) = Counts(a.passes + b.passes, a.fails + b.fails, a.errors + b.errors, a.broken + b.broken)
total(c::Counts) = c.passes + c.fails + c.errors + c.broken
function counts(ts::DefaultTestSet)
    c = Counts(ts.n_passed, 0, 0, 0)
    for t in ts.results
        c += counts(t)
    end
    return c
end
counts(::Fail) = Counts(0, 1, 0, 0)
counts(::Error) = Counts(0, 0, 1, 0)
counts(::Broken) = Counts(0, 0, 0, 1)
counts(t) = Counts(0, 0, 0, 0)

finish(ts) = ts
function finish(ts::DefaultTestSet)
    ts.time_end = time()
    outer = get_testset()
    c = counts(ts)
    ts.anynonpass = c.fails + c.errors > 0
    if !(outer isa FallbackTestSet)
        record(outer, ts)
        return ts
    end
    print_test_results(ts)
    ts.anynonpass && throw(TestSetException(c.passes, c.fails, c.errors, c.broken, filter_errors(ts)))
    return ts
end
function filter_errors(ts::DefaultTestSet)
    found = Any[]
    for t in ts.results
        t isa DefaultTestSet && append!(found, filter_errors(t))
        t isa Union{Fail,Error} && push!(found, t)
    end
    return found
end

# ---- the table

struct Columns
    align::Int
    pass::Int
    fail::Int
    error::Int
    broken::Int
    total::Int
    time::Int
end
function duration_text(ts::DefaultTestSet)
    ts.time_end === nothing && return ""
    seconds = ts.time_end - ts.time_start
    seconds < 60 && return string(round(seconds; digits=1), "s")
    minutes, rest = divrem(seconds, 60)
    return string(round(Int, minutes), "m", lpad(string(round(rest; digits=1)), 4, "0"), "s")
end
column(n::Int, title::String) = n > 0 ? max(length(title), ndigits(n)) : 0
function alignment(ts::DefaultTestSet, depth::Int)
    own = 2 * depth + length(ts.description)
    # Of what is not printed nothing has to fit.
    !ts.verbose && !ts.anynonpass && return own
    inner = [alignment(t, depth + 1) for t in ts.results if t isa DefaultTestSet]
    return max(own, maximum(inner; init=0))
end

function print_test_results(ts::DefaultTestSet, depth::Int=0)
    c = counts(ts)
    w = Columns(max(alignment(ts, depth), textwidth("Test Summary:")), column(c.passes, "Pass"), column(c.fails, "Fail"),
        column(c.errors, "Error"), column(c.broken, "Broken"), total(c) == 0 ? textwidth("Total") : column(total(c), "Total"),
        max(textwidth("Time"), textwidth(duration_text(ts))))
    printstyled(rpad("Test Summary:", w.align), " |"; bold=true)
    print(" ")
    header("Pass", w.pass, :green)
    header("Fail", w.fail, :red)
    header("Error", w.error, :red)
    header("Broken", w.broken, :yellow)
    header("Total", w.total, :cyan)
    ts.showtiming && printstyled(lpad("Time", w.time); bold=true)
    println()
    print_counts(ts, depth, w, ts.showtiming)
end
header(title::String, width::Int, color::Symbol) = width > 0 && printstyled(lpad(title, width), "  "; bold=true, color=color)
function cell(n::Int, width::Int, color::Symbol)
    if n > 0
        printstyled(lpad(string(n), width), "  "; color=color)
    elseif width > 0
        print(" "^width, "  ")
    end
end
# Whether times are shown is the outermost set's matter.
function print_counts(ts::DefaultTestSet, depth::Int, w::Columns, timing::Bool)
    c = counts(ts)
    print(rpad(string("  "^depth, ts.description), w.align), " | ")
    cell(c.passes, w.pass, :green)
    cell(c.fails, w.fail, :red)
    cell(c.errors, w.error, :red)
    cell(c.broken, w.broken, :yellow)
    printstyled(lpad(total(c) == 0 ? "None" : string(total(c)), w.total), "  "; color=:cyan)
    timing && print(lpad(duration_text(ts), w.time))
    println()
    c.passes + c.broken == total(c) && !ts.verbose && return nothing
    for t in ts.results
        t isa DefaultTestSet && print_counts(t, depth + 1, w, timing)
    end
end
