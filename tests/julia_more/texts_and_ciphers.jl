# Text matrices, formatting tables, Roman numerals, word wrap, justification, anagrams, ciphers.
using Printf

wrap(text::AbstractString, width::Integer = 40) = begin
    lines, line = String[], ""
    for word in eachsplit(text)
        if isempty(line)
            line = String(word)
        elseif textwidth(line) + 1 + textwidth(word) <= width
            line *= " " * word
        else
            push!(lines, line)
            line = String(word)
        end
    end
    isempty(line) || push!(lines, line)
    lines
end
function justify(line, width)
    words = split(line)
    length(words) == 1 && return rpad(line, width)
    gaps = length(words) - 1
    spaces = width - sum(textwidth, words)
    q, r = divrem(spaces, gaps)
    io = IOBuffer()
    for (i, w) in enumerate(words)
        print(io, w)
        i <= gaps && print(io, ' '^(q + (i <= r)))
    end
    String(take!(io))
end
text = """
    The quick brown fox jumps over the lazy dog; meanwhile, the naïve café owner
    counts 1,234 coins — and the übermensch sleeps. Nothing else happened that day.
    """
ls = wrap(text, 30)
for (i, l) in pairs(ls)
    println("|", i < lastindex(ls) ? justify(l, 30) : rpad(l, 30), "|")
end
println(length.(ls), " ", textwidth.(ls), " ", sizeof.(ls))

center(s, w, c = ' ') = (n = w - textwidth(s); string(c^(n ÷ 2), s, c^(n - n ÷ 2)))
box(lines; pad = 1, corners = ('┌', '┐', '└', '┘')) = begin
    w = maximum(textwidth, lines) + 2pad
    tl, tr, bl, br = corners
    join([tl * '─'^w * tr; ["│" * center(l, w) * "│" for l in lines]; bl * '─'^w * br], '\n')
end
println(box(["hello", "wörld!", "日本"]))
println(box(["x"]; pad = 3, corners = "++++"))

const ROMAN = [1000 => "M", 900 => "CM", 500 => "D", 400 => "CD", 100 => "C", 90 => "XC", 50 => "L", 40 => "XL", 10 => "X", 9 => "IX", 5 => "V", 4 => "IV", 1 => "I"]
function roman(n::Integer)
    0 < n < 4000 || throw(DomainError(n, "no Roman numeral"))
    buf = ""
    for (v, s) in ROMAN
        while n >= v
            buf *= s
            n -= v
        end
    end
    buf
end
function unroman(s)
    vals = Dict('I' => 1, 'V' => 5, 'X' => 10, 'L' => 50, 'C' => 100, 'D' => 500, 'M' => 1000)
    total = 0
    for (a, b) in zip(s, [collect(s)[2:end]; 'I'])
        total += vals[a] < vals[b] ? -vals[a] : vals[a]
    end
    total
end
println([roman(n) for n in (1, 4, 9, 14, 40, 90, 400, 1994, 2024, 3999)])
println(all(unroman(roman(n)) == n for n in 1:3999))
for bad in (0, 4000)
    try
        roman(bad)
    catch e
        println(e)
    end
end

groupby(f, xs) = foldl(xs; init = Dict{Any,Vector{eltype(xs)}}()) do d, x
    push!(get!(d, f(x), eltype(xs)[]), x)
    d
end
words = split("listen silent enlist google elgoog abc cab bca tinsel evil vile live veil")
g = groupby(w -> join(sort(collect(w))), words)
for k in sort!(collect(keys(g)))
    length(g[k]) > 1 && println(k, ": ", join(g[k], ", ", " and "))
end

caesar(s, k) = map(s) do c
    isletter(c) && isascii(c) || return c
    base = isuppercase(c) ? 'A' : 'a'
    base + mod(c - base + k, 26)
end
msg = "Hello, World! Żółw xyz"
println(caesar(msg, 3), " | ", caesar(caesar(msg, 3), -3) == msg)
vigenere(s, key; dir = 1) = String([isascii(c) && isletter(c) ? (isuppercase(c) ? 'A' : 'a') + mod(lowercase(c) - 'a' + dir * (key[mod1(i, end)] - 'a'), 26) : c for (i, c) in enumerate(s)])
enc = vigenere("Attack at Dawn", "lemon")
println(enc, " ", vigenere(enc, "lemon"; dir = -1))
morse = Dict(zip("abcdefghijklmnopqrstuvwxyz", split(".- -... -.-. -.. . ..-. --. .... .. .--- -.- .-.. -- -. --- .--. --.- .-. ... - ..- ...- .-- -..- -.-- --..")))
println(join((morse[c] for c in "sos julia" if haskey(morse, c)), ' '))
unmorse = Dict(v => k for (k, v) in morse)
println(String([unmorse[w] for w in split("... --- ...")]))

rle(s) = join((string(length(m.match) > 1 ? length(m.match) : "", m.match[1]) for m in eachmatch(r"(.)\1*", s)))
unrle(s) = replace(s, r"(\d+)(\D)" => m -> (r = match(r"(\d+)(\D)", m); r[2]^parse(Int, r[1])))
for s in ("aaabccd", "abc", "zzzzzzzzzzzz", "")
    println(repr(s), " ", rle(s), " ", unrle(rle(s)) == s)
end
freq = Dict{Char,Int}()
for c in lowercase(text)
    isletter(c) && (freq[c] = get(freq, c, 0) + 1)
end
top = first(sort!(collect(freq); by = p -> (-p.second, p.first)), 5)
for (c, n) in top
    @printf("%c %-3d %5.1f%% %s\n", c, n, 100n / sum(values(freq)), "*"^n)
end
titlecase_words(s) = replace(s, r"\b\w" => uppercase)
println(titlecase_words("the rain in spain"), " ", titlecase("the rain in spain"), " ", uppercasefirst("élan"), " ", lowercasefirst("ABC"))
camel(s) = join(i == 1 ? w : uppercasefirst(w) for (i, w) in enumerate(split(s, '_')))
snake(s) = lowercase(replace(s, r"(?<!^)([A-Z])" => s"_\1"))
println(camel("make_all_things_new"), " ", snake("MakeAllThingsNew"))
println(replace("a1b22c333", r"\d+" => x -> "<$(parse(Int, x) * 2)>"), " ", replace("hello", 'l' => 'L', 'o' => "0"), " ", replace("aaa", "a" => "b"; count = 2))
println(strip("  x "), "|", lstrip("xxabc", 'x'), "|", rstrip("abc...", ['.']), "|", chomp("line\n"), "|", chop("word"; head = 1, tail = 1), "|", chopprefix("prefix-x", "prefix-"))
ispal(s) = (t = filter(isletter, lowercase(s)); t == reverse(t))
println(ispal("A man, a plan, a canal: Panama"))
