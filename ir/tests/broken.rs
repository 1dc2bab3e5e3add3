//! Broken and hostile input gives located errors: no panic, no hang, no exhausted memory. What
//! parses and verifies all the same prints, and reads back to the same text.
//!
//! `JLIFT_MUTATIONS` sets the number of mutated texts, `JLIFT_MUTATION_SEED` the first seed; a
//! text that makes something panic is left in the build's temporary directory.

mod common;

use common::{defects, digest, kernels, valid};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

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
    "",
    " ",
    "(",
    ")",
    "{",
    "}",
    ",",
    ", ",
    "::",
    ":",
    ";",
    "\"",
    "\\",
    "\0",
    "\r",
    "\t",
    "\n",
    "#",
    "@",
    "%",
    "_",
    "=>",
    " = ",
    "0",
    "-1",
    "1",
    "2",
    "3",
    "99999999999",
    "18446744073709551615",
    "4294967295",
    "4294967296",
    "-9223372036854775808",
    "0x",
    "1.5",
    "1e309",
    "-0.0",
    "%1",
    "%2",
    "%3",
    "%99999999",
    "#1",
    "#2",
    "#3",
    "_1",
    "_2",
    "_3",
    "@1",
    "@2",
    "true",
    "false",
    "nothing",
    "Int64",
    "Int32",
    "Int128",
    "UInt8",
    "Float64",
    "Float16",
    "Bool",
    "Char",
    "Nothing",
    "Any",
    "Union{}",
    "Union{Int64, Nothing}",
    "Tuple{}",
    "Tuple{Int64}",
    "Tuple{Any}",
    "Tuple{Vararg{Int64}}",
    "Vararg{Any, 2}",
    "Ptr{Nothing}",
    "Ptr{Int64}",
    "Array{Float64, 1}",
    "String",
    "Symbol",
    "Type{Int64}",
    "DataType",
    "(T where T)",
    "(Array{T, 1} where Int64<:T<:Any)",
    "typeof(Base.sin)",
    "Main.var\"a b\"",
    "var\"",
    "sym \"x\"",
    "\"text\"",
    "type Int64",
    "instance Tuple{}",
    "bits Int8(0x1)",
    "new Tuple{Any}(1)",
    "(1, 2)",
    "(1,)",
    "()",
    "const Main.C",
    "global Main.C",
    "module Main",
    "opaque Any",
    "UInt8(255)",
    "Char(0x61000000)",
    "Float64(0x7ff8000000000000)",
    "Core.tuple(",
    "Base.add_int(",
    "phi(",
    "phi()",
    "pi(",
    "invoke @1 f(",
    "call ",
    "new type ",
    "expr ",
    "expr enter(#2)",
    "expr leave(1)",
    "expr the_exception()",
    "expr pop_exception(%1)",
    "upsilon()",
    "phic(%1)",
    "goto #1",
    "goto #2 if not ",
    " else #1",
    "return ",
    "unreachable",
    "undef",
    " export",
    "extern ",
    "function @1 ",
    "struct ",
    "singleton ",
    "primitive ",
    "mutable ",
    "inline ",
    "heap ",
    "size=",
    "size=4294967295",
    "align=0",
    "@4294967295",
    "super=",
    "bits=8",
    "bits=4294967295",
    "self=",
    "variadic_from=9",
    "jir 1",
    "; a.jl:1 f",
    " < ",
    " where ",
    "<:",
    "é",
    "→",
    "\u{2028}",
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
