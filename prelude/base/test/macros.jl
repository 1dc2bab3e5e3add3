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

const COMPARISONS = (:(==), :!=, :≠, :(===), :!==, :≡, :≢, :<, :>, :<=, :>=, :≤, :≥, :≈, :≉, :in, :∈, :∉, :∋, :∌, :⊆, :⊇, :⊊, :⊋, :isa, :<:, :>:)
is_plain_argument(x) = !(x isa Expr && (x.head === :... || x.head === :parameters))

# The code of an expression that keeps the values of its parts, for the text of a failure.
function evaluated(ex)
    if ex isa Expr && ex.head === :call && length(ex.args) == 2 && ex.args[1] === :! && is_kept(ex.args[2])
        return :(negated($(evaluated(ex.args[2]))))
    elseif ex isa Expr && ex.head === :call && length(ex.args) == 3 && ex.args[1] in COMPARISONS && all(is_plain_argument, ex.args)
        return compared(Any[ex.args[2], ex.args[1], ex.args[3]])
    elseif ex isa Expr && ex.head === :comparison
        return compared(ex.args)
    elseif ex isa Expr && (ex.head === :<: || ex.head === :>:) && length(ex.args) == 2
        return compared(Any[ex.args[1], ex.head, ex.args[2]])
    elseif ex isa Expr && is_kept(ex)
        return called(ex)
    end
    return :(Returned($(esc(ex)), nothing))
end
is_kept(ex) = ex isa Expr && (ex.head === :comparison ||
    ex.head === :call && is_named(ex.args[1]) && all(is_plain_argument, ex.args[2:end]))
is_named(f) = f isa Symbol && !startswith(string(f), ".")
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
# f(a, b; k = c) with the values of the arguments.
function called(ex)
    code = Expr(:block)
    call = Expr(:call, esc(ex.args[1]))
    data = Expr(:call, GlobalRef(@__MODULE__, :call_data), QuoteNode(ex.args[1]))
    for a in ex.args[2:end]
        name = gensym(:argument)
        keyword = a isa Expr && a.head === :kw
        push!(code.args, :($name = $(esc(keyword ? a.args[2] : a))))
        push!(call.args, keyword ? Expr(:kw, a.args[1], name) : name)
        push!(data.args, keyword ? Expr(:call, GlobalRef(@__MODULE__, :keyword_data), QuoteNode(a.args[1]), name) : name)
    end
    push!(code.args, :(Returned($call, $data)))
    return Expr(:let, Expr(:block), code)
end
call_data(f, arguments...) = Expr(:call, f, arguments...)
keyword_data(name, value) = Expr(:kw, name, value)
negated(r::Returned) = Returned(r.value isa Bool ? !r.value : r.value, r.data === nothing ? nothing : Expr(:call, :!, r.data))

function do_test(r, text, source)
    return record(get_testset(), outcome(r, text, source))
end
function outcome(r::Returned, text, source)
    r.value isa Bool || return Error(:test_nonbool, text, sprint(show, r.value), "", source)
    r.value && return Pass(:test, text, r.data, r.value, source, false)
    return Fail(:test, text, r.data === nothing ? nothing : string(r.data), "false", nothing, source, false)
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
    by_message = expected isa Union{AbstractString,Regex,Function,AbstractVector{<:AbstractString}} && !(expected isa Type)
    if r isa Returned
        return record(get_testset(), Fail(:test_throws_nothing, text, expected_text(expected), nothing, nothing, source, by_message))
    end
    e = r.exception
    while e isa LoadError && expected !== LoadError && !(expected isa LoadError)
        e = e.error
    end
    holds = by_message ? message_fits(expected, sprint(showerror, e)) :
        expected isa Type ? e isa expected :
        expected isa Exception ? typeof(e) === typeof(expected) && same_fields(e, expected) : false
    holds && return record(get_testset(), Pass(:test_throws, text, expected_text(expected), by_message ? repr(sprint(showerror, e)) : e, source, by_message))
    shown = by_message ? repr(sprint(showerror, e)) : expected isa Type ? string(typeof(e)) : sprint(show, e)
    return record(get_testset(), Fail(:test_throws_wrong, text, expected_text(expected), shown, nothing, source, by_message))
end
expected_text(expected) = expected isa Exception ? sprint(show, expected) : repr(expected)
message_fits(wanted::AbstractString, text) = occursin(wanted, text)
message_fits(wanted::Regex, text) = occursin(wanted, text)
message_fits(wanted::AbstractVector, text) = all(w -> occursin(w, text), wanted)
message_fits(wanted, text) = wanted(text)
function same_fields(a, b)
    for k in 1:nfields(a)
        isequal(getfield(a, k), getfield(b, k)) || return false
    end
    return true
end
macro test_nowarn(ex)
    return esc(ex)
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
    if title === nothing
        title = body.head === :call ? string(body.args[1]) : "test set"
    end
    return one_set(esc(title), options, esc(body), source)
end
one_set(title, options, body, source) = quote
    let set = begin_set(DefaultTestSet($title; $(options...)))
        try
            let
                $body
            end
        catch exception
            exception isa InterruptException && rethrow()
            outside_error(set, exception, $source)
        finally
            end_set()
        end
        finish(set)
    end
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
    inferred = isempty(keywords) ? Core.return_type(f, Tuple{map(typeof, arguments)...}) : typeof(value)
    actual = value isa Type ? Type{value} : typeof(value)
    actual <: allowed || actual == inferred || inferred <: Union{actual,allowed} ||
        error(string("return type ", actual, " does not match inferred return type ", inferred))
    return value
end
