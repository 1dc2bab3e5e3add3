# the first line of the messages of many errors, in one table
using Printf
struct Matrix2; d::NTuple{4,Float64}; end
function tryit(f, label)
    try
        v = f()
        @printf("%-20s ok  %s\n", label, repr(v))
    catch e
        @printf("%-20s ERR %-18s %s\n", label, nameof(typeof(e)), first(split(sprint(showerror, e), '\n')))
    end
end
tryit("concat +") do; "a" + "b"; end
tryit("div") do; 5 ÷ 0; end
tryit("rem float") do; 5.0 % 0.0; end
tryit("int div float") do; 5.0 ÷ 0.0; end
tryit("fld") do; fld(5, 0); end
tryit("Rational") do; Rational(1, 0); end
tryit("rat conv") do; Int(3//2); end
tryit("rat0") do; 1//0 + 1//0; end
tryit("matrix2 ok") do; Matrix2((1, 2, 3, 4)); end
tryit("ntuple") do; ntuple(i -> i, -1); end
tryit("tuple idx") do; (1, 2, 3)[4]; end
tryit("tuple idx0") do; (1, 2)[0]; end
tryit("destr") do; a, b, c = (1, 2); c; end
tryit("destr str") do; a, b = "x"; b; end
tryit("destr named") do; (; p, q) = (p=1,); q; end
tryit("destr dict") do; (k, v) = first(Dict(1 => 2)); v; end
tryit("kw dup") do; (a=1, b=2)[:c]; end
tryit("getindex nt") do; (a=1, b=2)[3]; end
tryit("const") do; getfield((1, 2), 3); end
tryit("zip strict") do; [1, 2] .+ [1, 2, 3]; end
tryit("bcast asgn") do; x = [1, 2]; x .= [1, 2, 3]; end
tryit("mat mul") do; [1 2; 3 4] * [1, 2, 3]; end
tryit("dot") do; sum([1, 2] .* [3 4; 5 6]); end
tryit("stringindex") do; s = "αβγ"; s[2]; end
tryit("stringslice") do; s = "αβγ"; s[1:2]; end
tryit("substr oob") do; "abc"[2:10]; end
tryit("sym idx") do; :abc[1]; end
tryit("str step") do; "hello"[end:-1:1]; end
tryit("repeat") do; repeat("a", -1); end
tryit("lpad neg") do; lpad("abc", -1); end
tryit("char arith") do; 'z' + 1; end
tryit("char sub") do; 'a' - 200; end
tryit("char big") do; Char(2^40); end
tryit("parse f") do; parse(Float64, "1.2.3"); end
tryit("parse hex") do; parse(Int, "zz"; base=16); end
tryit("parse base") do; parse(Int, "10"; base=70); end
tryit("tryparse") do; tryparse(Int, "10x"); end
tryit("parse bool") do; parse(Bool, "yes"); end
tryit("parse cplx") do; parse(ComplexF64, "1+im"); end
tryit("int str") do; Int("12"); end
tryit("bool") do; Bool(0.5); end
tryit("uint") do; UInt8(256); end
tryit("uint neg") do; UInt8(-1); end
tryit("int128") do; Int64(big(2)^70); end
tryit("float big") do; Float32(1e300); end
tryit("trunc nan") do; trunc(Int, NaN); end
tryit("round big") do; round(Int8, 1000.0); end
tryit("convert u") do; convert(UInt8, -5); end
tryit("convert s") do; convert(Symbol, "a"); end
tryit("convert t") do; convert(Tuple{Int,Int}, (1,)); end
tryit("convert p") do; convert(Pair{Int,Int}, 1 => 2.0); end
tryit("convert a") do; convert(Vector{String}, [1]); end
tryit("oftype") do; oftype(1, 2.5); end
tryit("promote") do; promote("a", 1); end
tryit("typeassert") do; (x = 5)::String; end
tryit("local type") do; local y::Int = "a"; y; end
tryit("local conv") do; local y::Int = 2.0; y; end
tryit("local undefd") do; if false; zz = 1; end; zz; end
tryit("global undef") do; some_global_xyz; end
tryit("typed dict") do; d = Dict{String,Int}(); d["a"] = "b"; end
tryit("typed vec") do; v = Int[]; push!(v, "x"); end
tryit("append") do; append!(Int[], ["a"]); end
tryit("vec set") do; v = [1, 2]; v[1] = 2.5; end
tryit("vec set f") do; v = [1, 2]; v[2.0] = 1; end
tryit("set str") do; v = ["a"]; v[1] = 1; end
tryit("bits") do; 1 << -1; end
tryit("shift") do; 1 >> 100; end
tryit("xor") do; xor(1, 2.0); end
tryit("and") do; true & 2.5; end
tryit("cmp") do; (1, 2) < (1, "a"); end
tryit("cmp vec") do; [1, 2] < [1, 3]; end
tryit("isless") do; isless(nothing, 1); end
tryit("sort") do; sort([3, nothing, 1]); end
tryit("sort missing") do; sort([3, missing, 1]); end
tryit("max str") do; max("a", 1); end
tryit("min empty") do; minimum([]); end
tryit("sum f") do; sum(x -> x.a, [(a=1,), (b=2,)]); end
tryit("reduce") do; reduce(*, String[]); end
tryit("findfirst") do; [1, 2][findfirst(==(5), [1, 2])]; end
tryit("first n") do; first([1, 2], 5); end
tryit("last n") do; last("abc", 2); end
tryit("pop") do; pop!(Int[]); end
tryit("iterate") do; for x in 5; return x; end; end
tryit("iterate fn") do; for x in sin; end; end
tryit("iterate pair") do; [x for x in (1 => 2)]; end
tryit("iterate struct") do; [x for x in Matrix2((1, 2, 3, 4))]; end
tryit("length") do; length(Matrix2((1, 2, 3, 4))); end
tryit("getindex") do; Matrix2((1, 2, 3, 4))[1]; end
tryit("call struct") do; Matrix2((1, 2, 3, 4))(1); end
tryit("==") do; Matrix2((1, 2, 3, 4)) == Matrix2((1, 2, 3, 4)); end
tryit("+") do; Matrix2((1, 2, 3, 4)) + 1; end
tryit("<") do; Matrix2((1, 2, 3, 4)) < Matrix2((1, 2, 3, 4)); end
tryit("show") do; string(Matrix2((1, 2, 3, 4))); end
tryit("hash") do; hash(Matrix2((1, 2, 3, 4))) == hash(Matrix2((1, 2, 3, 4))); end
tryit("copy") do; copy(Matrix2((1, 2, 3, 4))); end
tryit("deepcopy") do; deepcopy(Matrix2((1, 2, 3, 4))); end
tryit("Ref") do; Ref{Int}()[] isa Int; end
tryit("Ref str") do; Ref{String}()[]; end
tryit("undef vec") do; Vector{String}(undef, 1)[1]; end
tryit("undef any") do; Vector{Any}(undef, 2); end
tryit("only") do; only([1, 2]); end
tryit("something") do; something(nothing, nothing); end
tryit("something ok") do; something(nothing, 3); end
tryit("coalesce") do; coalesce(missing, missing); end
tryit("@something") do; @something nothing 4; end
tryit("notnothing") do; Base.notnothing(nothing); end
tryit("nonmissing") do; convert(Int, missing); end
tryit("if missing") do; if missing == 1; 1; end; end
tryit("unwrap") do; Some(1).value; end
tryit("isnothing") do; isnothing(nothing); end
tryit("eval") do; eval(:(1 + "a")); end
tryit("parse eval") do; eval(Meta.parse("undefd_q")); end
tryit("applicable") do; applicable(+, "a", 1), hasmethod(+, Tuple{Int,Int}); end
