# configuration, CSV, numbers and columns as text
using Printf
# parsing pipeline: ini
ini = """
# comment
[server]
host = example.org
port=8080

[paths]
root = /var/www ; trailing
empty =
"""
function parse_ini(s)
    cfg = Dict{String,Dict{String,String}}(); cur = ""
    for (n, line) in enumerate(eachline(IOBuffer(s)))
        line = strip(first(split(line, ';')))
        (isempty(line) || startswith(line, '#')) && continue
        m = match(r"^\[(.+)\]$", line)
        if m !== nothing
            cur = String(m[1]); cfg[cur] = Dict()
        elseif occursin('=', line)
            k, v = strip.(split(line, '=', limit=2))
            cfg[cur][k] = v
        else
            error("line $n: cannot parse $(repr(line))")
        end
    end
    cfg
end
cfg = parse_ini(ini)
for sec in sort(collect(keys(cfg))), k in sort!(collect(keys(cfg[sec]))); println("$sec.$k = ", repr(cfg[sec][k])); end
try parse_ini("[a]\nbad line") catch e; println(e.msg) end
# csv
csv = "name,age,city\n\"Smith, J\",42,\"New \"\"York\"\"\"\nÅsa,7,\n"
function fields(line)
    out = String[]; buf = IOBuffer(); q = false; cs = collect(line); i = 1
    while i <= length(cs)
        c = cs[i]
        if q
            if c == '"'
                if i < length(cs) && cs[i+1] == '"'; print(buf, '"'); i += 1 else q = false end
            else print(buf, c) end
        elseif c == '"' q = true
        elseif c == ',' push!(out, String(take!(buf)))
        else print(buf, c) end
        i += 1
    end
    push!(out, String(take!(buf)))
end
for l in split(csv, '\n', keepempty=false); println(fields(l)); end
hdr, rows = Iterators.peel(fields.(split(chomp(csv), '\n')))
println(hdr, " ", [NamedTuple{Tuple(Symbol.(hdr))}(Tuple(r)) for r in rows])
# number formatting
commas(n) = replace(string(n), r"(?<=\d)(?=(\d{3})+$)" => ",")
println(commas.([1, 123, 1234, 1234567]), " ", commas(-9876543))
println(join(reverse(join.(reverse.(collect(Iterators.partition(reverse(string(1234567)), 3))))), ","))
for x in (0.5, 123.456, 1e-7, 1e15, 1/3, 100.0, 2^60 * 1.0) ; println(rpad(x, 24), lpad(round(x, sigdigits=3), 12), " ", @sprintf("%12.4g|%-10.2e|%+.3f", x, x, x)); end
human(b) = (u = ["B", "KB", "MB", "GB"]; i = 1; x = float(b); while x >= 1024 && i < 4; x /= 1024; i += 1; end; string(round(x, digits=1), u[i])); println(human.([10, 2048, 5_000_000, 3 * 2^30]))
println(string(1.0), string(1.5e300), string(-0.0), string(1e-10), 1e5, " ", 1e6, " ", 123456789.123, " ", 0.1 + 0.2, " ", 1f0 / 3, " ", Float16(2.5), " ", 5 // 10, " ", 3 + 0im, " ", 1e0im, " ", big(10)^25, " ", 0b101, " ", 0o17, " ", 0xff, " ", 1_000_000, " ", typemax(Int32), " ", Int8(-5), " ", true + true)
# padding/alignment of unicode
for w in ["a", "é", "日本", "ab\u0301c"]; println("|", lpad(w, 6), "|", rpad(w, 6), "|", textwidth(w), length(w), ncodeunits(w)); end
# symbols & interpolation
x = 5; s = :abc; println("$x$s $(x)y \$x $(x > 3 ? "big" : "small") $([i^2 for i in 1:3]) $(Dict(:a=>1)) $(x)% $x% $(s)!")
