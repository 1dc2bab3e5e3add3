# JSON, wrapping, tables, ciphers, distances and other tools for text
using Printf
tojson(x::Nothing) = "null"
tojson(x::Bool) = x ? "true" : "false"
tojson(x::Number) = string(x)
tojson(s::AbstractString) = "\"" * escape_string(s) * "\""
tojson(s::Symbol) = tojson(string(s))
tojson(v::AbstractVector) = "[" * join(tojson.(v), ",") * "]"
tojson(d::AbstractDict) = "{" * join(("$(tojson(string(k))):$(tojson(v))" for (k, v) in sort(collect(d), by=first)), ",") * "}"
tojson(t::NamedTuple) = "{" * join([tojson(k) * ":" * tojson(v) for (k, v) in pairs(t)], ",") * "}"
tojson(t::Tuple) = tojson(collect(t))
println(tojson(Dict("b" => [1, 2.5, nothing, true], "a" => Dict("x" => "q\"t\n"), "c" => (1, "two", :three))))
println(tojson((name="n", tags=["a", "b"], pos=(x=1, y=-2.0))))
function wrap(text, width)
    lines = String[]; line = ""
    for w in split(text)
        if isempty(line); line = String(w)
        elseif length(line) + 1 + length(w) <= width; line *= " " * w
        else push!(lines, line); line = String(w) end
    end
    isempty(line) || push!(lines, line)
    lines
end
foreach(println, wrap("The quick brown fox jumps over the lazy dog and runs away from the très grand chien", 20))
for l in wrap("a bb ccc dddd eeeee", 6); println("|", rpad(l, 6), "|", lpad(l, 8, '.'), "|"); end
rows = [("apple", 3, 1.5), ("kiwi", 12, 0.25), ("watermelon", 1, 12.0)]
w = maximum(length(r[1]) for r in rows)
for (n, q, p) in rows; println(rpad(n, w), " ", lpad(q, 3), " ", lpad(@sprintf("%.2f", p), 6)); end
println('-'^20); println("="^10 * "+" * "="^3)
@printf "%-*s|%*d\n" 10 "left" 6 42
center(s, w, c=' ') = (l = (w - length(s)) ÷ 2; c^l * s * c^(w - length(s) - l))
println(center("hi", 9, '*'), center("odd", 8))
roman(n) = (r = ""; for (v, s) in [1000 => "M", 900 => "CM", 500 => "D", 400 => "CD", 100 => "C", 90 => "XC", 50 => "L", 40 => "XL", 10 => "X", 9 => "IX", 5 => "V", 4 => "IV", 1 => "I"]; while n >= v; r *= s; n -= v; end; end; r)
println(roman.([1, 4, 9, 14, 1994, 2024]))
caesar(s, k) = map(c -> islowercase(c) ? 'a' + mod(c - 'a' + k, 26) : isuppercase(c) ? 'A' + mod(c - 'A' + k, 26) : c, s)
println(caesar("Hello, World!", 3), " ", caesar(caesar("Hello, World!", 3), -3))
freq = Dict{Char,Int}(); for c in "hello world"; isspace(c) || (freq[c] = get(freq, c, 0) + 1); end
println(sort(collect(freq), by=p -> (-p[2], p[1]))[1:3], " ", join(["$k:$v" for (k, v) in sort(collect(freq))], " "))
palin(s) = (t = filter(isletter, lowercase(s)); t == reverse(t)); println(palin("A man, a plan, a canal: Panama"), palin("nope"))
rle(s) = (out = IOBuffer(); i = 1; cs = collect(s); while i <= length(cs); j = i; while j < length(cs) && cs[j+1] == cs[i]; j += 1; end; print(out, cs[i], j - i + 1); i = j + 1; end; String(take!(out)))
println(rle("aaabbc"), " ", rle(""), "|", rle("ééx"))
lev(a, b) = (m = length(a); n = length(b); d = [i + j for i in 0:m, j in 0:n]; for (i, x) in enumerate(a), (j, y) in enumerate(b); d[i+1, j+1] = min(d[i, j+1] + 1, d[i+1, j] + 1, d[i, j] + (x != y)); end; d[end, end])
println(lev("kitten", "sitting"), lev("", "abc"), lev("ñandú", "nandu"))
println(join(map(w -> uppercasefirst(w), split("the end of it")), " "), " ", join(reverse(split("a b c")), " "), " ", titlecase("o'neil mc-donald"), " ", replace(titlecase("snake_case_name"), "_" => ""), " ", lowercase(replace("CamelCaseName", r"(?<!^)([A-Z])" => s"_\1")))
println([count(c -> c in "aeiou", w) for w in split("programming in julia is fun")], " ", count("an", "banana"), " ", Dict(w => length(w) for w in ["x"]))
println(bitstring(UInt8(5)), " ", string(10, base=2), " ", parse(Int, "1010", base=2), " ", string(255, base=16, pad=4), " ", reinterpret(UInt8, [1.0f0]), " ", bytes2hex(b"Hi"), " ", String(hex2bytes("4869")), " ", [string(x, base=8) for x in (8, 64)], " ", hash("a") isa UInt64, " ", uppercase(string(48879, base=16)))
println(join([lpad(string(b, base=2), 8, '0') for b in codeunits("Hé")], " "), " ", transcode(UInt16, "aé😀"), " ", transcode(String, UInt16[0x61, 0xe9]), " ", sum(codeunits("abc")), " ", Int.(collect("AZ")), " ", Char.([72, 105]), " ", String(Char.([72, 105])), " ", foldl(xor, codeunits("abc")))
s = "The year 1999 and 2024"; println([parse(Int, m.match) for m in eachmatch(r"\d+", s)], " ", replace(s, r"\d+" => m -> string(parse(Int, m) + 1)), " ", match(r"(?<y>\d+)", s)[:y], " ", findall(r"a\w", s), " ", [m.offset for m in eachmatch(r"\w+", s)])
println(SubString(s, 5, 8), " ", s[findfirst("year", s)], " ", s[end-3:end], " ", first(s, 3), last(s, 4), " ", chop(s, tail=5), " ", s[nextind(s, 1):prevind(s, lastindex(s))] |> length, " ", split(s, r"\s+")[end], " ", eachsplit(s) |> collect |> length, " ", isempty(strip("  \t\n")))
for (i, c) in pairs("aé"); print(i, c, ' '); end; for i in eachindex("aé"); print(i, ' '); end; println(); println(collect(pairs("aé")), collect(enumerate("é")), zip("ab", 1:2) |> collect, keys("aé") |> collect)
