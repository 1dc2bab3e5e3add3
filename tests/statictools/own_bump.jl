# exercises: MallocSlabBuffer with @no_escape, @alloc and @alloc_ptr: nested blocks, large arrays, slabs that are used again
# args: 12 7
using StaticTools

function main(argc::Int, argv::Ptr{Ptr{UInt8}})
    argc == 3 || return printf(c"Incorrect number of command-line arguments\n") % Int
    rows = argparse(Int64, argv, 2)
    cols = argparse(Int64, argv, 3)
    buf = MallocSlabBuffer()
    @no_escape buf begin
        M = @alloc(Int, rows, cols)
        for i = 1:rows
            for j = 1:cols
                M[i, j] = i * j
            end
        end
        printf(M)
    end

    # the memory of an inner block is used again
    total = 0
    first = Ptr{Int}(0)
    same = true
    @no_escape buf begin
        x = @alloc(Int, 10)
        x .= 1
        for i = 1:5
            total += @no_escape buf begin
                y = @alloc(Int, 10)
                i == 1 && (first = pointer(y))
                same &= pointer(y) == first
                y .= x .+ i
                sum(y)
            end
        end
    end
    printf((c"total ", total, c" same ", ifelse(same, 1, 0), c"\n"))

    # small slabs: many of them, and arrays that are larger than one
    tiny = MallocSlabBuffer(; slab_size=256)
    s = @no_escape tiny begin
        a = @alloc(Float64, 1000)
        a .= 0.5
        b = @alloc(Float64, 20)
        c = @alloc(Float64, 30)
        b .= 1.0
        c .= 2.0
        p = Ptr{Int32}(@alloc_ptr(16))
        unsafe_store!(p, Int32(7), 4)
        sum(a) + sum(b) + sum(c) + unsafe_load(p, 4)
    end
    printf(c"%.1f\n", s)
    free(tiny)
    free(buf)
    return 0
end
