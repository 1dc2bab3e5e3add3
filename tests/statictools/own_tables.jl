# exercises: printdlm and parsedlm: types, delimiters at the ends of rows, no newline at the end, missing columns, vectors, no such file
using StaticTools

@inline unlink_file(name) = GC.@preserve name @symbolcall remove(pointer(name)::Ptr{UInt8})::Int32

@inline function show_table(T, name, delimiter)
    t = parsedlm(T, name, delimiter)
    printf((size(t, 1), c" by ", size(t, 2), c"\n"))
    printf(t)
    free(t)
    return nothing
end
@inline function write_file(name, text)
    fp = fopen(name, c"w")
    printf(fp, text)
    fclose(fp)
    return nothing
end

function main()
    name = c"own_tables.tmp"
    A = MallocMatrix{Float64}(undef, 2, 3)
    for k in eachindex(A)
        A[k] = k / 8
    end
    printdlm(name, A)
    show_table(Float64, name, '\t')
    printdlm(name, A, ';')
    print(read(name, MallocString))
    show_table(Float64, name, ';')
    write_file(name, c"1,2,3\n4,5,6")
    show_table(Int64, name, ',')
    show_table(Float64, name, ',')
    write_file(name, c"1.5 -2e3\n0x10 7\n")
    show_table(Float64, name, ' ')
    write_file(name, c"10\n20\n")
    show_table(UInt8, name, ',')
    printdlm(name, A[:, 2], ',')
    print(read(name, MallocString))
    free(A)
    printf(c"%d\n", unlink_file(name))
    none = parsedlm(Float64, name, ',')
    printf((c"\n", length(none), c"\n"))
    return 0
end
