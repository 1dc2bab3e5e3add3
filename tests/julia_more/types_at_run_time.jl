for T in [Int8, Float32]; println(zero(T)); end
for T in [Int8, Float32]; println(typeof(one(T) + one(T)), T(5) / T(2), " ", typemax(T)); end
println([typemax(T) for T in (Int8, UInt8, Int16)])
convs = Dict{String,DataType}("i" => Int, "f" => Float64)
println(parse(convs["i"], "12") + parse(convs["f"], "1.5"))
println(convs["f"](3), convert(convs["f"], 1))
println(map(T -> T(1), [Int, Float64]))
f(::Type{Int}) = "int"
f(::Type{T}) where {T<:AbstractFloat} = "float $T"
f(x::DataType) = "other $x"
f(x) = "value"
for x in DataType[Int, Float32, String]; println(f(x)); end
for x in Any[Int, Float32, String, 3]; println(f(x)); end
println(sizeof.([Int8, Int32]), [T <: Integer for T in [Int, String]], supertype.([Int, Float64]))
