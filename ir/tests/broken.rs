//! Broken and hostile input gives located errors: no panic, no hang, no exhausted memory. What
//! parses and verifies all the same prints, and reads back to the same text.
//!
//! `JLIFT_MUTATIONS` sets the number of mutated texts, `JLIFT_MUTATION_SEED` the first seed; a
//! text that makes something panic is left in the build's temporary directory.

mod common;

use common::{defects, kernels, valid};
use jlift_ir::text::{ParseError, parse, print_module};
use jlift_ir::verify::verify_module;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

/// Everything that is done with a text. True if it is right.
fn digest(text: &str) -> bool {
    let module = match parse(text) {
        Ok(module) => module,
        Err(errors) => {
            located(text, &errors);
            return false;
        }
    };
    let printed = print_module(&module);
    if let Err(errors) = verify_module(&module) {
        assert!((1..=20).contains(&errors.len()));
        for error in &errors {
            let rendered = error.to_string();
            assert!(!error.message.is_empty());
            assert!(rendered.len() < 4000, "{rendered}");
        }
        return false;
    }
    let again = parse(&printed).unwrap_or_else(|e| panic!("printed text: {}\n{printed}", e[0]));
    assert!(verify_module(&again).is_ok(), "the printed text does not verify");
    let twice = print_module(&again);
    if printed != twice {
        for (first, second) in printed.lines().zip(twice.lines()) {
            assert_eq!(first, second);
        }
        panic!("printed twice: {} and {} bytes", printed.len(), twice.len());
    }
    true
}

fn located(text: &str, errors: &[ParseError]) {
    assert!((1..=20).contains(&errors.len()));
    for error in errors {
        assert!(!error.message.is_empty() && error.message.len() < 2000);
        assert!(error.start <= error.end && error.end <= text.len());
        assert!(text.is_char_boundary(error.start), "{error}");
        let line = text[..error.start].matches('\n').count() + 1;
        let column = error.start - text[..error.start].rfind('\n').map_or(0, |p| p + 1) + 1;
        assert_eq!((error.line, error.column), (line, column));
    }
}

/// Marsaglia's xorshift64.
struct Random(u64);

impl Random {
    fn new(seed: u64) -> Self {
        let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        random.next();
        random
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }

    fn pick<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[self.below(list.len())]
    }
}

const TOKENS: &[&str] = &[
    "", " ", "(", ")", "{", "}", ",", ", ", "::", ":", ";", "\"", "\\", "\0", "\r", "\t", "\n", "#",
    "@", "%", "_", "=>", " = ", "0", "-1", "1", "2", "3", "99999999999", "18446744073709551615",
    "4294967295", "4294967296", "-9223372036854775808", "0x", "1.5", "1e309", "-0.0", "%1", "%2",
    "%3", "%99999999", "#1", "#2", "#3", "_1", "_2", "_3", "@1", "@2", "true", "false", "nothing",
    "Int64", "Int32", "Int128", "UInt8", "Float64", "Float16", "Bool", "Char", "Nothing", "Any",
    "Union{}", "Union{Int64, Nothing}", "Tuple{}", "Tuple{Int64}", "Tuple{Any}",
    "Tuple{Vararg{Int64}}", "Vararg{Any, 2}", "Ptr{Nothing}", "Ptr{Int64}", "Array{Float64, 1}",
    "String", "Symbol", "Type{Int64}", "DataType", "(T where T)", "(Array{T, 1} where Int64<:T<:Any)",
    "typeof(Base.sin)", "Main.var\"a b\"", "var\"", "sym \"x\"", "\"text\"", "type Int64",
    "instance Tuple{}", "bits Int8(0x1)", "new Tuple{Any}(1)", "(1, 2)", "(1,)", "()",
    "const Main.C", "global Main.C", "module Main", "opaque Any", "UInt8(255)", "Char(0x61000000)",
    "Float64(0x7ff8000000000000)", "Core.tuple(", "Base.add_int(", "phi(", "phi()", "pi(", "invoke @1 f(",
    "call ", "new type ", "expr ", "expr enter(#2)", "expr leave(1)", "expr the_exception()",
    "expr pop_exception(%1)", "upsilon()", "phic(%1)", "goto #1", "goto #2 if not ", " else #1",
    "return ", "unreachable", "undef", " export", "extern ", "function @1 ", "struct ", "singleton ",
    "primitive ", "mutable ", "inline ", "heap ", "size=", "size=4294967295", "align=0", "@4294967295",
    "super=", "bits=8", "bits=4294967295", "self=", "variadic_from=9", "jir 1", "; a.jl:1 f", " < ",
    " where ", "<:", "é", "→", "\u{2028}",
];

/// Where tokens begin and end: runs of letters and digits, and single other characters.
fn tokens(line: &str) -> Vec<(usize, usize)> {
    let mut list: Vec<(usize, usize)> = Vec::new();
    let mut in_word = false;
    for (at, c) in line.char_indices() {
        let is_word = c.is_alphanumeric() || matches!(c, '_' | '%' | '#' | '@' | '.');
        match list.last_mut() {
            Some(last) if is_word && in_word => last.1 = at + c.len_utf8(),
            _ => list.push((at, at + c.len_utf8())),
        }
        in_word = is_word;
    }
    list
}

fn mutate(random: &mut Random, text: &str, others: &[String]) -> String {
    let mut bytes = text.as_bytes().to_vec();
    match random.below(7) {
        0 => bytes.truncate(random.below(bytes.len())),
        1 => {
            let at = random.below(bytes.len());
            if let Some(b) = bytes.get_mut(at) {
                *b ^= 1 << random.below(8);
            }
        }
        2 => {
            let at = random.below(bytes.len() + 1);
            bytes.insert(at, random.next() as u8);
        }
        3 => {
            let at = random.below(bytes.len());
            let len = (1 + random.below(12)).min(bytes.len() - at);
            bytes.drain(at..at + len);
        }
        _ => return mutate_lines(random, text, others),
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn mutate_lines(random: &mut Random, text: &str, others: &[String]) -> String {
    let mut lines: Vec<String> = text.lines().map(String::from).collect();
    if lines.is_empty() {
        return random.pick(TOKENS).into();
    }
    let at = random.below(lines.len());
    let to = random.below(lines.len());
    match random.below(8) {
        0 => lines.swap(at, to),
        1 => lines.insert(to, lines[at].clone()),
        2 => {
            lines.remove(at);
        }
        3 => {
            let other: Vec<&str> = others[random.below(others.len())].lines().collect();
            if !other.is_empty() {
                let from = random.below(other.len());
                let count = 1 + random.below(4);
                for line in other[from..].iter().take(count) {
                    lines.insert(to, (*line).into());
                }
            }
        }
        4 | 5 => {
            // A token becomes one of the list, or one of another line.
            let list = tokens(&lines[at]);
            let other = tokens(&lines[to]);
            if !list.is_empty() {
                let (start, end) = list[random.below(list.len())];
                let new = if other.is_empty() || random.below(2) == 0 {
                    random.pick(TOKENS).to_string()
                } else {
                    let (start, end) = other[random.below(other.len())];
                    lines[to][start..end].to_string()
                };
                lines[at].replace_range(start..end, &new);
            }
        }
        6 => {
            // The types of two statements are swapped.
            let split = |line: &str| line.rfind("::").map(|p| p + 2);
            if let (Some(a), Some(b)) = (split(&lines[at]), split(&lines[to])) {
                let first = lines[at].split_off(a);
                if at != to {
                    let second = lines[to].split_off(b);
                    lines[at].push_str(&second);
                    lines[to].push_str(&first);
                } else {
                    lines[at].push_str(&first);
                }
            }
        }
        _ => {
            // A number goes up or down, or becomes another one of the line.
            let line = &lines[at];
            let digits: Vec<usize> = line
                .char_indices()
                .filter(|(_, c)| c.is_ascii_digit())
                .map(|(p, _)| p)
                .collect();
            if !digits.is_empty() {
                let p = digits[random.below(digits.len())];
                let new = random.pick(&["0", "1", "2", "3", "5", "9", "12", "99"]);
                lines[at].replace_range(p..p + 1, new);
            }
        }
    }
    let mut out = lines.join("\n");
    out.push('\n');
    out
}

/// Small texts that mutations begin with: one of everything, single defects, small kernels.
fn seeds() -> Vec<String> {
    let mut seeds: Vec<String> = defects().into_iter().map(|(_, text)| text).collect();
    seeds.extend(vec![valid("zoo"); 250]);
    let mut kernels: Vec<String> = kernels().into_iter().map(|(_, text)| text).collect();
    kernels.sort_by_key(String::len);
    kernels.truncate(6);
    for kernel in kernels {
        seeds.extend(vec![kernel; 25]);
    }
    seeds
}

fn number_from_env(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |v| v.parse().expect("a number"))
}

#[test]
fn mutated_texts_give_located_errors_or_round_trip() {
    let count = number_from_env("JLIFT_MUTATIONS", 500);
    let first = number_from_env("JLIFT_MUTATION_SEED", 1);
    let seeds = seeds();
    let mut right = 0;
    let mut slowest = (std::time::Duration::ZERO, 0);
    for seed in first..first + count {
        let mut random = Random::new(seed);
        let mut text = seeds[random.below(seeds.len())].clone();
        for _ in 0..1 + random.below(2) * random.below(6) {
            text = mutate(&mut random, &text, &seeds);
        }
        let start = Instant::now();
        match catch_unwind(AssertUnwindSafe(|| digest(&text))) {
            Ok(is_right) => right += u64::from(is_right),
            Err(_) => {
                let path = format!("{}/broken-{seed}.jir", env!("CARGO_TARGET_TMPDIR"));
                let _ = std::fs::write(&path, &text);
                panic!("seed {seed}, the text is {path}");
            }
        }
        slowest = slowest.max((start.elapsed(), seed));
    }
    println!("{right} of {count} are right; the slowest took {slowest:?}");
    // Most mutations break something, but not all: otherwise nothing would be tested.
    assert!(count < 100 || (right > 0 && right < count));
}

/// A module around statements, whose first argument is an `Int64`.
fn function(body: &str) -> String {
    format!(
        "jir 1\nfunction @1 Main.f(_2::Int64)::Int64 self=typeof(Main.f)\n#1:\n{body}\n  return 1\n"
    )
}

#[test]
fn odd_texts_round_trip() {
    let texts = [
        // Names of functions and parameters that look like syntax.
        "jir 1\n\nfunction @1 Main.f(x(_2::Int64)::Int64 self=Any\n#1:\n  %1 = invoke @1 f(_2)::Int64\n  return %1\n",
        "jir 1\n\nfunction @1 Main.f()::typeof(g(_2) self=Any\n#1:\n  unreachable\n",
        "jir 1\n\nfunction @1 Main.+(_2 a, ); #1::Int64)::Int64 self=Any\n#1:\n  return _2\n",
        // Line ends, also within locations.
        "jir 1\r\n\r\nfunction @1 Main.f()::Int64 self=Any\r\n#1:\r\n  return 1  ; a.jl:1 f\r\r\n",
        // Locations that break off.
        "jir 1\n\nfunction @1 Main.f()::Int64 self=Any\n#1:\n  return 1  ; a.jl:1 f < b.jl < c\n",
        "jir 1\n\nfunction @1 Main.f()::Int64 self=Any\n#1:\n  return 1  ; a.jl:1  < b.jl:2 < c:3 \n",
        // Bounds of type variables.
        "jir 1\n\nfunction @1 Main.f(_2::(Array{T, 1} where Foo<:T<:Any))::Int64 self=Any\n#1:\n  return 1\n",
        "jir 1\n\nfunction @1 Main.f(_2::(Array{T, 1} where T<:(S where S)))::Int64 self=Any\n#1:\n  return 1\n",
        // Constants whose type is not that of their text.
        "jir 1\n\nfunction @1 Main.f()::Any self=Any\n#1:\n  return new Tuple{Any, Any}(5, \"a\")\n",
        "jir 1\n\nfunction @1 Main.f()::Any self=Any\n#1:\n  return (type Int64, (), (-0.0,), Int128(-1), new Ptr{Nothing}(7))\n",
        "jir 1\n\nfunction @1 Main.f()::Any self=Any\n#1:\n  return bits Float64(0x8000000000000000)\n",
        // Symbols as parameters.
        "jir 1\nsingleton Base.Val{:} super=Any\nsingleton Base.Val{:a-b\"c} super=Any\n\nfunction @1 Main.f(_2::Base.Val{sym \"é\"})::Int64 self=Any\n#1:\n  return 1\n",
        // Operands at the end of names that end anywhere.
        "jir 1\n\nfunction @1 Main.f()::Any self=Any\n#1:\n  %1 = Core.tuple(global , global Main.x:y)::Tuple{Any, Any}\n  return global \n",
        // Blocks out of order, and statements numbered anyhow.
        "jir 1\n\nfunction @1 Main.f()::Int64 self=Any\n#7:\n  goto #3 if not true else #9\n#9:\n  %500 = 1::Int64\n  goto #3\n#3:\n  %4 = phi(#9 => %500, #7 => 2)::Int64\n  return %4\n",
    ];
    for text in texts {
        if let Err(errors) = common::check(text) {
            panic!("{text}{}", errors.join("\n"));
        }
        assert!(digest(text), "{text}");
    }
}

#[test]
fn deep_nesting_is_refused() {
    let n = 100_000;
    for (open, close) in [
        ("Tuple{", "}"),
        ("Union{", "}"),
        ("Ptr{", "}"),
        ("Vararg{", "}"),
        ("(", ")"),
        ("(", " where T)"),
        ("Base.Val{(", ")}"),
        ("Base.Val{:x, ", "}"),
    ] {
        for inner in ["Int64", "", "1"] {
            let ty = format!("{}{inner}{}", open.repeat(n), close.repeat(n));
            assert!(!digest(&function(&format!("  %1 = 1::{ty}"))));
            assert!(!digest(&function(&format!("  %1 = 1::{}", open.repeat(n)))));
        }
    }
    for (open, close) in [("(", ",)"), ("new Main.T(", ")"), ("Core.tuple(", ")"), ("expr f(", ")")] {
        let value = format!("{}1{}", open.repeat(n), close.repeat(n));
        assert!(!digest(&function(&format!("  %1 = {value}::Int64"))));
        assert!(!digest(&format!("jir 1\nconst Main.C::Int64 = {value}\n")));
    }
}

#[test]
fn long_lines_take_linear_time() {
    for unit in ["a", "(", "1, ", "const C, "] {
        let long = unit.repeat((10 << 20) / unit.len());
        digest(&function(&format!("  %1 = Core.tuple({long})::Int64")));
    }
    let bytes = 1 << 20;
    for unit in [
        "a", "\"", "\\", "9", "(", "{", ")", "\0", " ", ":", "::", "const C, ", "global C, ", "%1, ",
        "1, ", "#1 => ", "type ", "typeof(", "var\"", "é", "; ", " < ", "(_2", "sym \"x\", ",
        "Union{", "Base.Val{(1, ", "expr boundscheck(), ",
    ] {
        let long = unit.repeat(bytes / unit.len());
        for line in [
            format!("  %1 = Core.tuple({long})::Int64"),
            format!("  %1 = {long}::Int64"),
            format!("  %1 = 1::Tuple{{{long}}}"),
            format!("  %1 = phi({long})::Int64"),
            format!("  %1 = 1::Int64  ; a.jl:1 {long}"),
            format!("  goto #{long}"),
            format!("  %{long} = 1::Int64"),
        ] {
            digest(&function(&line));
        }
        digest(&format!("jir 1\n{long}\n"));
        digest(&format!("jir 1\nfunction @1 {long}()::Int64 self=Any\n#1:\n  return 1\n"));
        digest(&format!("jir 1\nstruct {long}\n"));
        digest(&format!("jir 1\nconst {long}::Int64 = {long}\n"));
        digest(&long);
    }
}

/// Joins `line(i)` for all `i` below `n`.
fn lines(n: usize, line: impl Fn(usize) -> String) -> String {
    (0..n).map(line).collect()
}

#[test]
fn many_errors_take_linear_time() {
    let n = 200_000;
    assert!(!digest(&function(&lines(n, |i| format!("  %{} = %{}::Int64\n", i + 1, i + n + 9)))));
    assert!(!digest(&lines(n, |i| format!("function @{i} Main.f()::Int64 self=Any\n"))));
    let calls = lines(n, |i| format!("  %{} = invoke @{} f()::Int64\n", i + 1, i + 2));
    assert!(!digest(&function(&calls)));
    assert!(!digest(&function(&"  %1 = Base.add_int(_2, true)::Int64\n".repeat(n))));
    let wrong = lines(n, |i| format!("  %{} = Base.add_int(_2, true)::Int64\n", i + 1));
    assert!(!digest(&function(&wrong)));
    assert!(!digest(&function(&lines(n, |i| format!("  goto #{}\n#{}:\n", i + n, i + 2)))));
}

#[test]
fn contrived_control_flow_takes_linear_time() {
    let n = 40_000;
    // A chain of blocks: the last uses what the first defines, and each the one before.
    let chain = lines(n, |i| {
        format!("  %{0} = Base.add_int(%1, %{1})::Int64\n  goto #{2}\n#{2}:\n", 2 * i + 2, 2 * i, i + 2)
    });
    let chain = function(&format!("  %1 = 1::Int64\n{}", chain.replace("%0)", "%1)")));
    assert!(digest(&chain));
    // Comparisons one after the other, all of which go on at one join with two phis.
    let mut cases = String::from("  goto #2\n");
    let mut phi = String::new();
    for i in 0..n {
        cases += &format!("#{0}:\n  goto #{1} if not true else #{2}\n", i + 2, i + 3, 2 * n);
        phi += &format!("#{} => {i}, ", i + 2);
    }
    cases += &format!("#{}:\n  goto #{}\n#{1}:\n", n + 2, 2 * n);
    phi += &format!("#{} => -1", n + 2);
    for k in 0..2 {
        cases += &format!("  %{} = phi({phi})::Int64\n", 10 * n + k);
    }
    // Many phis of few entries at a join of many blocks.
    cases += &lines(n, |k| format!("  %{} = phi(#2 => 1)::Int64\n", 11 * n + k));
    assert!(digest(&function(&cases)));
    // A chain of blocks, each of which is also left for one of a chain that meets the end of the
    // first chain: the dominator of each lies far above.
    let mut ladder = String::from("  goto #2\n");
    for i in 0..n {
        ladder += &format!("#{}:\n  goto #{} if not true else #{}\n", i + 2, i + 3, 3 * n - i);
    }
    ladder += &format!("#{}:\n  goto #{}\n", n + 2, 2 * n + 1);
    for i in 0..n {
        ladder += &format!("#{}:\n  goto #{}\n", 2 * n + 1 + i, if i + 1 < n { 2 * n + 2 + i } else { 4 * n });
    }
    ladder += &format!("#{}:\n", 4 * n);
    assert!(digest(&function(&ladder)));
    // Protected regions one after the other, and one in the other.
    let regions = lines(n, |i| {
        format!(
            "  goto #{0}\n#{0}:\n  %{0} = expr enter(#{2})::Any\n#{1}:\n  %{1} = expr leave(1)::Any\n  \
             goto #{3}\n#{2}:\n  %{2} = expr leave(1)::Any\n  %{3} = expr pop_exception(%{0})::Any\n  \
             goto #{3}\n#{3}:\n",
            4 * i + 2,
            4 * i + 3,
            4 * i + 4,
            4 * i + 5
        )
    });
    assert!(digest(&function(&regions)));
    let nested = lines(n, |i| format!("  %{} = expr enter(#1)::Any\n#{}:\n", i + 1, i + 2));
    assert!(!digest(&function(&nested)));
}

#[test]
fn large_types_are_not_walked_again_and_again() {
    let n = 30_000;
    let elems = vec!["Int64"; n].join(", ");
    let tuple = format!("Tuple{{{elems}}}");
    let header = |params: &str, body: &str| {
        format!("jir 1\nfunction @1 Main.f({params})::Int64 self=typeof(Main.f)\n#1:\n{body}  return 1\n")
    };
    let gets = lines(n, |i| {
        format!("  %{} = Core.getfield(_2, _3, true)::Int64\n  %{} = Core.getfield(_2, {})::Int64\n", 2 * i + 1, 2 * i + 2, i + 1)
    });
    assert!(digest(&header(&format!("_2::{tuple}, _3::Int64"), &gets)));
    let copies = lines(n, |i| format!("  %{} = pi(_2, type Any)::Any\n", i + 1));
    assert!(digest(&header(&format!("_2::{tuple}"), &copies.replace("pi(_2, type Any)", "_2"))));
    // The same value passed on as different types of many members.
    let union = |tag: usize| {
        let members: Vec<String> = (0..200).map(|i| format!("Main.T{tag}_{i}")).collect();
        format!("Union{{{}}}", members.join(", "))
    };
    let params: Vec<String> = (0..100).map(|k| format!("_{}::{}", k + 2, union(k))).collect();
    let mut phis = String::from("  goto #2\n#2:\n");
    for k in 0..100 {
        for l in 0..20 {
            phis += &format!("  %{} = phi(#1 => _{})::{}\n", 100 * l + k + 10, k + 2, union(l));
        }
    }
    digest(&header(&params.join(", "), &phis));
    // Structs in structs.
    let structs = lines(n, |i| {
        format!(
            "struct Main.T{} inline size=8 align=8 super=Any {{ \"a\"::Main.T{} @0 }}\n",
            n - i,
            n - i - 1
        )
    });
    let innermost = "struct Main.T0 inline size=8 align=8 super=Any { \"a\"::Int64 @0 }\n";
    assert!(!digest(&format!("jir 1\n{structs}{innermost}")));
    assert!(!digest(&format!("jir 1\n{innermost}{structs}")));
    let fields: Vec<String> = (0..n).map(|i| format!("\"f{i}\"::Int64 @{}", 8 * i)).collect();
    let wide = format!(
        "jir 1\nstruct Main.T inline size={} align=8 super=Any {{ {} }}\n",
        8 * n,
        fields.join(", ")
    );
    assert!(digest(&wide));
    let by_name = lines(n, |i| format!("  %{} = Core.getfield(_2, sym \"f{i}\")::Int64\n", i + 1));
    let header = header("_2::Main.T", &by_name);
    assert!(digest(&wide.replace("jir 1\n", "").replacen("", "jir 1\n", 1).replace("}\n", &format!("}}\n{}", header.trim_start_matches("jir 1\n")))));
}
