# export: floor_int(Float64)
floor_int(x::Float64) = floor(Int, x)
