# exercises: iterating over the characters of strings, nextind/prevind/thisind/isvalid, codeunits, views, indexing by Colon, comparing with a String
using StaticTools

function characters(s)
    n = 0
    for c in s
        printf(c"%x ", UInt32(c))
        n += 1
    end
    printf(c"(%d)\n", n)
    return nothing
end
truth(b::Bool) = b ? puts(c"yes") : puts(c"no")

function main()
    characters(c"foo")
    characters(c"aα€😀z")
    m = m"½x"
    characters(m)
    characters(c"")
    characters(c"ab\0cd")
    s = c"α"
    printf((nextind(s, 0), c" ", nextind(s, 1), c" ", nextind(s, 3), c" ", nextind(s, 0, 2), c" ", nextind(s, 1, 2), c"\n"))
    printf((prevind(s, 3), c" ", prevind(s, 1), c" ", prevind(s, 0), c" ", prevind(s, 2, 2), c" ", prevind(s, 2, 3), c"\n"))
    truth(isvalid(s, 1))
    truth(isvalid(s, 2))
    printf(c"%d\n", thisind(s, 2))
    truth(s == "α")
    truth("beta" == c"beta")
    truth(m"beta" == "betas")
    v = codeunits(m)
    printf((length(v), c" ", v[1], c" ", v[4], c"\n"))
    t = m[:]
    t[3] = 'y'
    println(m)
    w = StringView(m, 3:3)
    println(w)
    truth(view(m, 3:3) == w)
    z = MallocString(s)
    truth(z == s)
    free(z)
    q = unsafe_mallocstring(pointer(m))
    q[3] = UInt8('z')
    println(m)
    println(q)
    r = (q * c"-") * m"end"
    println(r)
    println(c"[" * c"]"^3)
    free(q)
    free(r)
    free(m)
    return 0
end
