# Floats rounded to BigInt; C strings as pointers and compared with C_NULL; variances of nothing.
using Statistics
println(round(BigInt, 2.7), " ", floor(BigInt, -2.5), " ", ceil(BigInt, 2.1f0), " ", trunc(BigInt, Float16(3.75)))
println(trunc(BigInt, 1e20), " ", round(BigInt, 2.5), " ", round(BigInt, 3.5), " ", round(BigInt, 2.5, RoundUp), " ", round(BigInt, -0.4))
println(typeof(round(BigInt, 1.0)), " ", floor(BigInt, 1.5 * 2.0^100) == 3 * big(2)^99)
for x in (Inf, -Inf, NaN)
    try
        floor(BigInt, x)
    catch e
        println(sprint(showerror, e))
    end
end
absent = ccall(:getenv, Cstring, (Cstring,), "JLIFT_NO_SUCH_VARIABLE")
println(absent == C_NULL, " ", C_NULL == absent, " ", pointer(absent) == C_NULL)
text = "some text"
GC.@preserve text begin
    s = Cstring(pointer(text))
    println(s == C_NULL, " ", unsafe_load(Ptr{UInt8}(s)) == UInt8('s'), " ", unsafe_string(convert(Ptr{UInt8}, s)))
    println(pointer(s) isa Ptr{Cchar}, " ", convert(Cstring, pointer(s)) === s)
end
println(std(Float64[]), " ", var(Int[]), " ", typeof(var(Float32[])), " ", std(Int[]; corrected=false), " ", std([1.0]))
