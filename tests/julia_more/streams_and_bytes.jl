# exercises: output that goes elsewhere for a block, buffers as pipes, copies of buffers, what a stream begins with, conversions of encodings, bytes among bytes
println("before")
redirect_stdout(devnull) do
    println("hidden")
    display([1, 2])
end
println(redirect_stdout(() -> (println("hidden"); 42), devnull))
redirect_stderr(devnull) do
    println(stderr, "hidden")
    println("shown")
end
path, stream = mktemp()
redirect_stdout(stream) do
    print("into the file ")
    show([1, 2])
end
close(stream)
println(read(path, String))
rm(path)
try
    redirect_stdout(devnull) do
        error("inside")
    end
catch e
    println("caught ", e.msg)
end
redirect_stdio(stdout = devnull, stderr = devnull) do
    println("hidden")
end

io = PipeBuffer()
write(io, "first\nsecond")
print(readline(io), "|")
write(io, " and more")
println(read(io, String), "|", eof(io))
a = IOBuffer("abc")
read(a, Char)
b = copy(a)
println(read(a, String), read(b, String), " ", startswith(IOBuffer("JuliaLang"), "Ju"), startswith(IOBuffer("JuliaLang"), 'x'), startswith(IOBuffer("JuliaLang"), ('j', 'J')))
println(transcode(UInt8, transcode(UInt16, "héß")) == codeunits("héß"), " ", transcode(UInt16, "a😀"), " ", transcode(UInt32, UInt8[0x61, 0xc3, 0xa9]), " ", String(transcode(UInt8, [0x00e9, 0x0041])))
println(hex2bytes!(zeros(UInt8, 2), "0aff"), " ", isascii(UInt8[0x61]), isascii([0x61, 0xff]), " ", findfirst([0x62], [0x61, 0x62]), " ", findnext([0x61], [0x61, 0x62, 0x61], 2), " ", findfirst([0x63], [0x61]))
println(repr(typemin(String)), " ", checkbounds(Bool, "hello", [1, 5]), checkbounds(Bool, "hello", [0, 5]), " ", sprint(replace, "abc", "b" => "x", "c" => "y"))
println(mergewith!(+)(Dict(1 => 1), Dict(1 => 5)), " ", empty(Dict(:a => 1), String))
