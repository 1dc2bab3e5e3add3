r = Ref{Cint}(0)
x = Ref{Float64}(0.0)
m = ccall(:frexp, Float64, (Float64, Ref{Cint}), 10.0, r)
println(m, " ", r[])
f = ccall(:modf, Float64, (Float64, Ref{Float64}), 3.75, x)
println(f, " ", x[])
n = @ccall strtol("42abc"::Cstring, C_NULL::Ptr{Cvoid}, 10::Cint)::Clong
println(n)
println(time() > 1e9)
