# A command-line program on the API of StaticTools.jl:
#
#     jlift build examples/times_table.jl --emit exe -o times_table
#     ./times_table 12 7
using StaticTools

function main(argc::Int, argv::Ptr{Ptr{UInt8}})
    argc == 3 || return printf(stderrp(), c"usage: times_table ROWS COLUMNS\n")
    rows = argparse(Int64, argv, 2)
    columns = argparse(Int64, argv, 3)
    table = MallocArray{Int64}(undef, rows, columns)
    for j = 1:columns, i = 1:rows
        table[i, j] = i * j
    end
    printf(table)
    return free(table)
end
