# module: Test
# What a test can come to, and how it is printed.

abstract type Result end

# A test that held. `value` is what was thrown, of a test of exceptions.
struct Pass <: Result
    test_type::Symbol
    orig_expr
    data
    value
    source
    message_only::Bool
end
struct Fail <: Result
    test_type::Symbol
    orig_expr::String
    data
    value
    context
    source
    message_only::Bool
end
# A test that threw, that gave no Bool, or an exception between tests.
struct Error <: Result
    test_type::Symbol
    orig_expr::String
    value::String
    trace::String
    source
end
# A test that is known not to hold, or that was passed over.
struct Broken <: Result
    test_type::Symbol
    orig_expr
end

place_text(source) = source === nothing ? "none:0" : string(source.file, ":", source.line)

function Base.show(io::IO, t::Pass)
    printstyled(io, "Test Passed"; bold=true, color=:green)
    t.test_type === :test_throws || return nothing
    if t.message_only
        print(io, "\n     Message: ", t.value)
    else
        print(io, "\n      Thrown: ", typeof(t.value))
    end
end
function Base.show(io::IO, t::Fail)
    printstyled(io, "Test Failed"; bold=true, color=:red)
    print(io, " at ")
    printstyled(io, place_text(t.source), "\n"; bold=true)
    print(io, "  Expression: ", t.orig_expr)
    if t.test_type === :test_throws_wrong
        print(io, "\n    Expected: ", t.data)
        print(io, t.message_only ? "\n     Message: " : "\n      Thrown: ", t.value)
    elseif t.test_type === :test_throws_nothing
        print(io, "\n    Expected: ", t.data, "\n  No exception thrown")
    else
        t.data === nothing || t.data == t.orig_expr || print(io, "\n   Evaluated: ", t.data)
        t.context === nothing || print(io, "\n     Context: ", t.context)
    end
    println(io)
end
function Base.show(io::IO, t::Error)
    printstyled(io, "Error During Test"; bold=true, color=:red)
    print(io, " at ")
    printstyled(io, place_text(t.source), "\n"; bold=true)
    if t.test_type === :test_nonbool
        println(io, "  Expression evaluated to non-Boolean")
        println(io, "  Expression: ", t.orig_expr)
        print(io, "       Value: ", t.value)
    elseif t.test_type === :test_error
        println(io, "  Test threw exception")
        println(io, "  Expression: ", t.orig_expr)
        print(io, indented(t.trace))
    elseif t.test_type === :test_unbroken
        println(io, " Unexpected Pass")
        println(io, " Expression: ", t.orig_expr)
        println(io, " Got correct result, please change to @test if no longer broken.")
    else
        println(io, "  Got exception outside of a @test")
        print(io, indented(t.trace))
    end
end
function Base.show(io::IO, t::Broken)
    printstyled(io, "Test Broken\n"; bold=true, color=:yellow)
    t.orig_expr === nothing || print(io, t.test_type === :skipped ? "  Skipped: " : "  Expression: ", t.orig_expr)
end
indented(text::AbstractString) = join(map(line -> "  " * line, split(text, "\n")), "\n")
