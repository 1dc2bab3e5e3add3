# export: read_int32(Ptr{UInt8}, Int64)
# The Int32 that begins at byte `offset`, counted from 0; it need not be aligned.
read_int32(buffer::Ptr{UInt8}, offset::Int64) = unsafe_load(Ptr{Int32}(buffer + offset))
