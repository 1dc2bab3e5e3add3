# A global's type grows after methods that read it were compiled; names that do not exist yet; variables without a value.
x = 1
f() = x + 1
println(f())
x = 2.5
println(f())
g() = x
x = "s"
println(g())
h() = (global x = 3; g())
println(h())
later() = missing_function() + missing_value
try later() catch e; println(e) end
missing_function() = 1
try later() catch e; println(e) end
missing_value = 41
println(later())
if false; never = 0; end
try println(never) catch e; println(e) end
println(@isdefined(never), " ", isdefined(Main, :never), " ", @isdefined(x))
assign() = (global from_function = [1]; nothing)
read_it() = @isdefined(from_function) ? from_function : "nothing yet"
println(read_it()); assign(); println(read_it())
if false; changed = [1]; end
changed = "text"
println(changed)
function undefined_branch(flag)
    flag && (v = 1)
    try
        return v
    catch e
        return sprint(showerror, e)
    end
end
println(undefined_branch(true), " ", undefined_branch(false))
w(x::Int) = "int"
v(x) = w(x)
println(try v("a") catch e; typeof(e) end)
w(x::String) = "string"
println(v("a"), " ", v(1))
module M
    log = String[]
    __init__() = push!(log, "init")
    state = 1
end
println(M.log, " ", getfield(M, :state))
