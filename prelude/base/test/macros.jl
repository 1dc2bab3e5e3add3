# module: Test
# @test and its kin: what they make of an expression, and what becomes of its value.

export @test, @test_throws, @test_broken, @test_skip, @test_nowarn, @testset, @inferred

# ---- a test of a value

# How an expression came out: its value with what its parts were, or what it threw.
struct Returned
    value
    data
end
struct Threw
    exception
end

macro test(ex, options...)
    keywords, broken, skip = sorted_options(options)
    text = string(with_keywords(ex, keywords))
    source = QuoteNode(__source__)
    skip === nothing || broken === nothing || throw(ArgumentError("invalid test macro call: cannot set both skip and broken keywords"))
    outcome = :(do_test($(caught(evaluated(with_keywords(ex, keywords)))), $text, $source))
    if broken !== nothing
        return quote
            if $(esc(broken))
                do_broken_test($(caught(evaluated(with_keywords(ex, keywords)))), $text, $source)
            else
                $outcome
            end
        end
    elseif skip !== nothing
        return quote
            if $(esc(skip))
                record(get_testset(), Broken(:skipped, $text))
            else
                $outcome
            end
        end
    end
    return outcome
end
macro test_broken(ex, options...)
    ex = with_keywords(ex, sorted_options(options)[1])
    return :(do_broken_test($(caught(evaluated(ex))), $(string(ex)), $(QuoteNode(__source__))))
end
macro test_skip(ex, options...)
    ex = with_keywords(ex, sorted_options(options)[1])
    return :(record(get_testset(), Broken(:skipped, $(string(ex)))))
end
# `broken=…` and `skip=…` are the macro's, other keywords are arguments of the call that is tested.
function sorted_options(options)
    keywords, broken, skip = Any[], nothing, nothing
    for o in options
        o isa Expr && o.head === :(=) || throw(ArgumentError("invalid test macro call: @test got an argument that is no keyword: $o"))
        if o.args[1] === :broken
            broken = o.args[2]
        elseif o.args[1] === :skip
            skip = o.args[2]
        else
            push!(keywords, Expr(:kw, o.args[1], o.args[2]))
        end
    end
    return keywords, broken, skip
end
function with_keywords(ex, keywords)
    isempty(keywords) && return ex
    ex isa Expr && ex.head === :call || throw(ArgumentError("invalid test macro call: keywords need a call, not $ex"))
    return Expr(:call, ex.args..., keywords...)
end
caught(code) = quote
    try
        $code
    catch exception
        exception isa InterruptException && rethrow()
        Threw(exception)
    end
end

# The calls that a failure tells with the values of their arguments; comparisons are others.
const DISPLAYED_FUNCS = (:isequal, :isapprox, :≈, :occursin, :startswith, :endswith, :isempty, :contains)
is_splat(x) = x isa Expr && x.head === :...
is_comparison(f) = f isa Symbol && Base.operator_precedence(f) == Base.operator_precedence(:(==))

# The code of an expression that keeps the values of its parts, for the text of a failure.
function evaluated(ex)
    negated = ex isa Expr && ex.head === :call && length(ex.args) == 2 && ex.args[1] === :!
    inner = negated ? ex.args[2] : ex
    kept = evaluated_parts(inner)
    kept === nothing && return :(Returned($(esc(ex)), nothing))
    return negated ? :(negation($kept)) : kept
end
function evaluated_parts(ex)
    ex isa Expr || return nothing
    if ex.head === :comparison
        return compared(ex.args)
    elseif ex.head === :call && length(ex.args) == 3 && is_comparison(ex.args[1]) && !is_splat(ex.args[2]) && !is_splat(ex.args[3])
        return compared(Any[ex.args[2], ex.args[1], ex.args[3]])
    elseif is_comparison(ex.head) && length(ex.args) == 2 && !is_splat(ex.args[1]) && !is_splat(ex.args[2])
        return compared(Any[ex.args[1], ex.head, ex.args[2]])
    elseif ex.head === :call && ex.args[1] isa Symbol && ex.args[1] in DISPLAYED_FUNCS
        return called(ex)
    end
    return nothing
end
# a < b < c: the operands in turn, each once, as far as they are needed for the value; all of them are kept.
function compared(parts)
    names = [gensym(:operand) for _ in 1:2:length(parts)]
    code = Expr(:block)
    for (k, name) in enumerate(names)
        push!(code.args, :($name = $(esc(parts[2k-1]))))
    end
    data = Expr(:call, GlobalRef(@__MODULE__, :comparison_data))
    value = nothing
    for k in 1:length(names)
        push!(data.args, names[k])
        k == length(names) && break
        op = parts[2k]
        push!(data.args, QuoteNode(op))
        step = op === :<: || op === :>: ? Expr(op, names[k], names[k+1]) : Expr(:call, esc(op), names[k], names[k+1])
        value = value === nothing ? step : Expr(:&&, value, step)
    end
    push!(code.args, :(Returned($value, $data)))
    return Expr(:let, Expr(:block), code)
end
comparison_data(parts...) = Expr(:comparison, parts...)
# f(a, b...; k = c) with the values of the arguments and of the keywords.
function called(ex)
    arguments, keywords = Expr(:tuple), Expr(:tuple, Expr(:parameters))
    for a in ex.args[2:end]
        if a isa Expr && a.head === :parameters
            append!(keywords.args[1].args, map(keyword, a.args))
        elseif a isa Expr && a.head === :kw
            push!(keywords.args[1].args, keyword(a))
        else
            push!(arguments.args, is_splat(a) ? Expr(:..., esc(a.args[1])) : esc(a))
        end
    end
    arguments_name, keywords_name = gensym(:arguments), gensym(:keywords)
    f = esc(ex.args[1])
    code = Expr(:block, :($arguments_name = $arguments))
    if isempty(keywords.args[1].args)
        push!(code.args, :(Returned($f($arguments_name...), call_data($(QuoteNode(ex.args[1])), $arguments_name))))
    else
        value = gensym(:value)
        push!(code.args, :($keywords_name = $keywords))
        push!(code.args, :($value = $f($arguments_name...; $keywords_name...)))
        push!(code.args, :(Returned($value, call_data($(QuoteNode(ex.args[1])), $arguments_name, $keywords_name, $value))))
    end
    return Expr(:let, Expr(:block), code)
end
keyword(a) = is_splat(a) ? Expr(:..., esc(a.args[1])) : a isa Expr ? Expr(:kw, a.args[1], esc(a.args[2])) : Expr(:kw, a, esc(a))
call_data(f, arguments) = Expr(:call, f, arguments...)
function call_data(f, arguments, keywords, value)
    f === :≈ && value === false && return Suffixed(Expr(:call, f, arguments...), string(" (", join([string(k, "=", v) for (k, v) in pairs(keywords)], ", "), ")"))
    return Expr(:call, f, Expr(:parameters, [Expr(:kw, k, v) for (k, v) in pairs(keywords)]...), arguments...)
end
# What a failure tells with keywords behind it, as an operator has no place for them.
struct Suffixed
    data
    keywords::String
end
negation(r::Returned) = Returned(r.value isa Bool ? !r.value : r.value, negation(r.data))
negation(data) = Expr(:call, :!, data)
negation(s::Suffixed) = Suffixed(negation(s.data), s.keywords)
data_text(data) = string(limited(data))
data_text(s::Suffixed) = string(data_text(s.data), s.keywords)

# Values in code, of which long ones are shown in part.
struct Limited
    value
end
Base.show(io::IO, x::Limited) = show(IOContext(io, :limit => true), x.value)
limited(x) = Limited(x)
limited(x::Union{Symbol,QuoteNode,Number,AbstractString,AbstractChar,Nothing,Type,Function}) = x
limited(x::Expr) = Expr(x.head, map(limited, x.args)...)

function do_test(r, text, source)
    return record(get_testset(), outcome(r, text, source))
end
function outcome(r::Returned, text, source)
    r.value isa Bool || return Error(:test_nonbool, text, sprint(show, r.value), "", source)
    r.value && return Pass(:test, text, r.data, r.value, source, false)
    return Fail(:test, text, r.data === nothing ? nothing : data_text(r.data), "false", nothing, source, false)
end
outcome(r::Threw, text, source) = Error(:test_error, text, "", sprint(showerror, r.exception), source)
function do_broken_test(r, text, source)
    holds = r isa Returned && r.value isa Bool && r.value
    return record(get_testset(), holds ? Error(:test_unbroken, text, "true", "", source) : Broken(:test, text))
end

# ---- a test of an exception

macro test_throws(expected, ex)
    return quote
        do_test_throws($(caught(:(Returned($(esc(ex)), nothing)))), $(string(ex)), $(esc(expected)), $(QuoteNode(__source__)))
    end
end
function do_test_throws(r, text, expected, source)
    r isa Returned && return record(get_testset(), Fail(:test_throws_nothing, text, string(expected), nothing, nothing, source, false))
    e = r.exception
    while e isa LoadError && expected !== LoadError && !(expected isa LoadError)
        e = e.error
    end
    told, wanted, by_message = e, expected, false
    if expected isa Type
        holds = e isa expected
    elseif expected isa Exception || !(e isa Exception)
        holds = typeof(e) === typeof(expected) && same_fields(e, expected)
    else
        by_message = true
        message = sprint(showerror, e)
        holds = message_fits(expected, message)
        told = repr(message)
        wanted = expected isa AbstractString ? repr(expected) : expected isa Function ? "< match function >" : expected
    end
    holds && return record(get_testset(), Pass(:test_throws, text, wanted, told, source, by_message))
    told_text = string(expected isa Type ? typeof(told) : told)
    return record(get_testset(), Fail(:test_throws_wrong, text, string(wanted), told_text, nothing, source, by_message))
end
message_fits(wanted::AbstractString, text) = occursin(wanted, text)
message_fits(wanted::Regex, text) = occursin(wanted, text)
message_fits(wanted::Union{AbstractArray,Tuple}, text) = all(w -> message_fits(w, text), wanted)
message_fits(wanted, text) = wanted(text)
function same_fields(a, b)
    for k in 1:nfields(a)
        isequal(getfield(a, k), getfield(b, k)) || return false
    end
    return true
end
# Gives the value, and records whether nothing was written to stderr; what was is written after all.
macro test_nowarn(ex)
    return quote
        let watch = stderr_to_file(), value = nothing, stderr_content = ""
            try
                value = $(esc(ex))
            finally
                stderr_content = stderr_again(watch)
            end
            do_test(Returned(isempty(stderr_content), Expr(:call, :isempty, stderr_content)), "isempty(stderr_content)", $(QuoteNode(__source__)))
            value
        end
    end
end
# The descriptor of stderr names a file for a while; what it named before is kept under another.
struct StderrWatch
    path::String
    before::Int32
end
function stderr_to_file()
    path = tempname()
    file = ccall(:creat, Int32, (Cstring, UInt32), path, 0x00000180)
    file < 0 && throw(SystemError(string("opening file ", repr(path))))
    before = ccall(:dup, Int32, (Int32,), 2)
    ccall(:dup2, Int32, (Int32, Int32), file, 2)
    ccall(:close, Int32, (Int32,), file)
    return StderrWatch(path, before)
end
function stderr_again(watch::StderrWatch)
    ccall(:dup2, Int32, (Int32, Int32), watch.before, 2)
    ccall(:close, Int32, (Int32,), watch.before)
    text = read(watch.path, String)
    rm(watch.path; force=true)
    print(stderr, text)
    return text
end

# ---- sets

macro testset(arguments...)
    isempty(arguments) && throw(ArgumentError("No arguments to @testset"))
    body = arguments[end]
    title, options = nothing, Any[]
    for a in arguments[1:end-1]
        if a isa Expr && a.head === :(=)
            push!(options, Expr(:kw, a.args[1], esc(a.args[2])))
        elseif a isa String || a isa Expr && a.head === :string
            title = a
        elseif !(a isa Symbol)
            throw(ArgumentError("Unexpected argument $a to @testset"))
        end
    end
    body isa Expr || throw(ArgumentError("Expected function call, begin/end block, for loop or let block as argument to @testset"))
    source = QuoteNode(__source__)
    body.head === :for && return set_of_loop(body, title, options, source)
    body.head === :let && return tests_of_let(body, title !== nothing || !isempty(options))
    body.head === :call || body.head === :block ||
        throw(ArgumentError("Expected function call, begin/end block, for loop or let block as argument to @testset"))
    if title === nothing
        title = body.head === :call ? string(body.args[1]) : "test set"
    end
    return one_set(esc(title), options, esc(body), source)
end
one_set(title, options, body, source) = quote
    let set = begin_set(DefaultTestSet($title; $(options...))), random = begin_random()
        try
            let
                $body
            end
        catch exception
            exception isa InterruptException && rethrow()
            outside_error(set, exception, $source)
        finally
            end_random(random)
            end_set()
        end
        finish(set)
    end
end
# No set of its own: what fails in it is told with the values of the variables.
function tests_of_let(body::Expr, customized::Bool)
    customized && error("@testset with a `let` argument cannot be customized")
    head = body.args[1]
    assignments = head isa Expr && head.head === :block ? head.args : Any[head]
    names = Any[]
    for a in assignments
        a isa Expr && a.head === :(=) || error("Malformed `let` expression is given")
        push!(names, a.args[1])
    end
    code = Expr(:block)
    for name in reverse(names)
        push!(code.args, :(begin_set(ContextTestSet(get_testset(), $(string(name)), $(esc(name))))))
    end
    ends = Expr(:block, [:(end_set()) for _ in names]...)
    push!(code.args, Expr(:try, esc(body.args[2]), false, false, ends))
    return Expr(:let, esc(head), code)
end
# One set for each turn of the loop, which is described by the variables if nothing else is said.
function set_of_loop(loop::Expr, title, options, source)
    head = loop.args[1]
    clauses = head.head === :block ? head.args : Any[head]
    if title === nothing
        title = Expr(:string)
        for (k, clause) in enumerate(clauses)
            k == 1 || push!(title.args, ", ")
            push!(title.args, string(clause.args[1], " = "), clause.args[1])
        end
    end
    sets = gensym(:sets)
    turn = :(push!($sets, $(one_set(esc(title), options, esc(loop.args[2]), source))))
    for clause in reverse(clauses)
        turn = Expr(:for, esc(clause), Expr(:block, turn))
    end
    return Expr(:let, Expr(:(=), sets, :(Any[])), Expr(:block, turn, sets))
end

# ---- a test of inference

macro inferred(ex)
    return inferred_call(ex, :(Union{}))
end
macro inferred(allowed, ex)
    return inferred_call(ex, esc(allowed))
end
function inferred_call(ex, allowed)
    ex isa Expr && ex.head === :ref && (ex = Expr(:call, GlobalRef(Base, :getindex), ex.args...))
    ex isa Expr && ex.head === :call || throw(ArgumentError("@inferred requires a call expression"))
    arguments = [esc(a) for a in ex.args[2:end]]
    return :(check_inferred($allowed, $(esc(ex.args[1])), $(arguments...)))
end
function check_inferred(allowed, f, arguments...; keywords...)
    value = f(arguments...; keywords...)
    inferred = isempty(keywords) ? Core.return_type(f, Tuple{map(Core.Typeof, arguments)...}) : typeof(value)
    actual = value isa Type ? Type{value} : typeof(value)
    # What is inferred of a type may be its type only.
    actual <: allowed || actual == inferred || inferred == typeof(value) || inferred <: Union{actual,allowed} ||
        error(string("return type ", actual, " does not match inferred return type ", inferred))
    return value
end
