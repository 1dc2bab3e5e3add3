# exercises: regular expressions with calls of groups, conditions, alternatives that share their numbers, scripts, grapheme clusters, the flag for ASCII
for s in ("()", "(a(b)c)", "(a(b c", "x(y)")
    print(match(r"^(\((?:[^()]|(?1))*\))$", s) === nothing ? "- " : "+ ")
end
println()
palindrome = r"^((.)(?1)\2|.?)$"
println([occursin(palindrome, s) for s in ("abcba", "abba", "abca", "", "a")])
println(match(r"\{(?:[^{}]|(?R))*\}", "x{a{b}{c{d}}}y").match, " ", match(r"^(?<e>(?<t>\d+|\((?&e)\))(?:[-+*/](?&t))*)$", "1+(2*3)-4").match, " ", match(r"(?<p>\[(?:\w|(?P>p))*\])", "a[b[c]]").match, " ", match(r"(\w)-\g<1>", "a-b").captures)
println([m.match for m in eachmatch(r"(\()?\d+(?(1)\))", "(1) 2 (3")], " ", match(r"(?(?=a)ab|cd)", "xcd").match, " ", match(r"(?(?!a)cd|ab)", "ab").match, " ", match(r"(?<q>\")?\w+(?(<q>)\"|;)", "word; \"text\"").match)
println(match(r"(?|a(.)|b(..))(c)", "bxyc").captures, " ", match(r"(?|(a)|(b))", "b").captures)
for (script, text) in ["Greek" => "abγδ", "Han" => "a日本x", "Latin" => "Жéà1", "Cyrillic" => "abЖд", "Hiragana" => "カひらがな", "Katakana" => "ひカタ", "Hangul" => "x한국", "Hebrew" => "aשלום", "Thai" => "aไทย"]
    println(script, " ", [m.match for m in eachmatch(Regex("\\p{$script}+"), text)], " ", match(Regex("\\P{$script}+"), text).match, " ", match(Regex("[^\\p{$script}]"), text).match)
end
println([m.match for m in eachmatch(r"\X", "e\u0301a\r\n")], " ", match(r"\w+"a, "héllo").match, " ", match(r"\w+", "héllo").match, " ", match(r"\d+"a, "٣5").match, " ", match(r"[\W]"a, "aé").match, " ", replace("né ab", r"\b(\w)"a => s"<\1>"))
for p in ("\\p{Klingon}", "(?1)", "(?&x)", "\\g<x>", "(?z)")
    println(rpad(p, 12), try
        Regex(p)
        "a pattern"
    catch e
        first(split(e.msg, " at offset"))
    end)
end
