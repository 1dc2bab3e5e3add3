# A macro that defines a global function around something of its own.
macro memo(definition)
    name = definition.args[1].args[1]
    arg = definition.args[1].args[2]
    body = definition.args[2]
    quote
        let cache = Dict()
            global function $(esc(name))($(esc(arg)))
                get!(cache, $(esc(arg))) do
                    $(esc(body))
                end
            end
            global $(esc(Symbol(:size_of_, name)))() = length(cache)
        end
    end
end
@memo fibonacci(n) = n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2)
println(fibonacci(50), " ", size_of_fibonacci())
# Strings are no parameters of types.
println(try Val{"a"} catch e; sprint(showerror, e) end)
println(try Val([1]) catch e; sprint(showerror, e) end)
println(Val{(:a, 1)}, " ", Val((1, (2.0,))))
