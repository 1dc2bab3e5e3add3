# exercises: views of strings and stack arrays that are not kept by anything else, with other objects of the same size made meanwhile; pointers in loops and in structs
using StaticTools

struct Window
    start::Ptr{UInt8}
    length::Int
end

@inline show_window(w) = (printf(StringView(w.start, w.length)); newline())

function main(argc::Int, argv::Ptr{Ptr{UInt8}})
    v = c"stringview"[1:6]
    w = c"otherviews"[1:5]
    x = (c"con" * c"caten")[2:5]
    printf((v, c" ", w, c" ", x, c"\n"))
    p = pointer(c"raw pointer")
    q = pointer(c"new pointer")
    puts(p)
    puts(q)
    show_window(Window(pointer(c"in a struct") + 5, 6))

    # an address that a loop moves
    p = pointer(c"moving")
    n = 0
    while unsafe_load(p) != 0x00
        other = c"spoils"
        n += other[1] == UInt8('s')
        putchar(unsafe_load(p))
        p += 1
    end
    printf(c" %d\n", n)

    # made anew in every turn, and chosen by a condition
    last = pointer(c"none")
    for i = 1:3
        s = c"turn ?"
        s[6] = UInt8('0') + (i % UInt8)
        last = pointer(s)
        puts(last)
    end
    chosen = argc > 5 ? c"many" : c"some"
    t = chosen[2:4]
    z = c"omit"
    println(t)
    println(z)

    column = StackArray((1, 2, 3, 4, 5, 6), 3, 2)[:, 2]
    again = StackArray((7, 8, 9, 10, 11, 12), 3, 2)[:, 1]
    total = 0
    for k = 1:3
        total += column[k] * again[k]
    end
    printf((c"total ", total, c"\n"))
    r = reshape(StackArray((1.5, 2.5, 3.5, 4.5)), 2, 2)
    other = sfill(0.0, 4)
    printf(r)
    printf(c"%.1f\n", sum(other))
    return 0
end
