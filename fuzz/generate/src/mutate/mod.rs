//! Real sources, damaged: tokens deleted, repeated, exchanged, pieces of other files spliced in, deep
//! nesting; typed IR is damaged in a way of its own. For the front end, which answers any text with a tree or a diagnostic. Knows what a token
//! looks like, not what it means.

mod tokens;
mod typed_ir;

pub use tokens::tokens;
pub use typed_ir::damage_typed_ir;

use arbitrary::{Result, Unstructured};

/// Bytes of a result, about.
const LENGTH: usize = 6_000;
/// How deep nesting gets.
const DEEP: usize = 4_000;

/// What is put where it does not belong.
const STRANGE: &[&str] = &[
    "end",
    "begin",
    "function",
    "struct",
    "do",
    "let",
    "quote",
    "macro",
    "module",
    "try",
    "catch",
    "finally",
    "where",
    "global",
    "local",
    "const",
    "return",
    "break",
    "import",
    "using",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "\"",
    "\"\"\"",
    "'",
    "`",
    "$",
    "$(",
    "@",
    "@.",
    "@generated",
    "...",
    "::",
    "<:",
    "->",
    "=>",
    "=",
    "+=",
    ".=",
    "?",
    ":",
    "&&",
    "||",
    ";",
    ",",
    "\n",
    "#",
    "#=",
    "=#",
    "\\",
    ".",
    "..",
    "1e999",
    "0x",
    "1.",
    ".5",
    "'\\u{110000}'",
    "var\"",
    "raw\"",
    "\u{0}",
    "\u{feff}",
    "é",
    "∈",
    "\u{200b}",
    "🙂",
    "x'",
    "a.'",
    "9999999999999999999999999999999999999999",
];

/// What opens and closes.
pub const NESTS: &[(&str, &str)] = &[
    ("(", ")"),
    ("[", "]"),
    ("{", "}"),
    ("begin ", " end"),
    ("if true ", " end"),
    ("f(", ")"),
    ("x -> ", ""),
    ("-", ""),
    ("\"$(", ")\""),
    ("quote ", " end"),
    ("let x = ", "; x end"),
    ("a.", ""),
    ("@m ", ""),
    ("Vector{", "}"),
    ("a ? b : ", ""),
    ("x = ", ""),
    ("1 + ", ""),
    ("function f() ", " end"),
];

/// A damaged piece of one of the sources.
pub fn mutate(u: &mut Unstructured<'_>, sources: &[&str]) -> Result<String> {
    let mut text = piece(u, sources, LENGTH)?;
    for _ in 0..u.int_in_range(1..=6)? {
        text = one(u, text, sources)?;
        if text.len() > 16 * LENGTH {
            break;
        }
    }
    Ok(text.concat())
}

/// Consecutive tokens of a source.
fn piece(u: &mut Unstructured<'_>, sources: &[&str], length: usize) -> Result<Vec<String>> {
    if sources.is_empty() {
        return Ok(Vec::new());
    }
    let source = sources[u.int_in_range(0..=sources.len() - 1)?];
    let all = tokens(source);
    let start = match u.ratio(1, 3)? {
        true => u.int_in_range(0..=all.len().max(1) - 1)?,
        false => 0,
    };
    let mut size = 0;
    let taken = all[start.min(all.len())..].iter().take_while(|t| {
        size += t.len();
        size <= length
    });
    Ok(taken.map(|t| t.to_string()).collect())
}

fn one(u: &mut Unstructured<'_>, mut text: Vec<String>, sources: &[&str]) -> Result<Vec<String>> {
    let at = u.int_in_range(0..=text.len())?;
    let rest = text.len() - at;
    let some = u.int_in_range(0..=rest.min(12))?;
    match u.int_in_range(0..=9)? {
        0 | 1 => {
            text.drain(at..at + some);
        }
        2 => {
            let again: Vec<String> = text[at..at + some].to_vec();
            text.splice(at..at, again);
        }
        3 if text.len() > 1 => {
            let other = u.int_in_range(0..=text.len() - 1)?;
            text.swap(at.min(other), other);
            let last = text.len() - 1;
            text.swap(at.min(last), other);
        }
        4 => {
            let other = piece(u, sources, 300)?;
            text.splice(at..at, other);
        }
        5 => {
            let (open, close) = u.choose(NESTS)?;
            let depth = match u.int_in_range(0..=3)? {
                0 => u.int_in_range(1..=DEEP)?,
                _ => u.int_in_range(1..=40)?,
            };
            // Not all that is opened is closed.
            let closed = match u.ratio(4, 5)? {
                true => depth,
                false => u.int_in_range(0..=depth)?,
            };
            text.insert(at + some, close.repeat(closed));
            text.insert(at, open.repeat(depth));
        }
        6 => text.truncate(at),
        7 if some > 0 => text[at] = u.choose(STRANGE)?.to_string(),
        8 => {
            let mut chars: Vec<char> = text
                .get(at)
                .map(|t| t.chars().collect())
                .unwrap_or_default();
            if !chars.is_empty() {
                let n = u.int_in_range(0..=chars.len() - 1)?;
                chars[n] = u.arbitrary()?;
                text[at] = chars.into_iter().collect();
            }
        }
        _ => text.insert(at, u.choose(STRANGE)?.to_string()),
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::mutate;
    use crate::random::SeedBytes;
    use arbitrary::Unstructured;

    #[test]
    fn damage_is_small_and_different_each_time() {
        let sources = [
            "function f(x)\n    x + 1\nend\n",
            "struct A\n    x::Int\nend\n",
        ];
        let mut seen = std::collections::HashSet::new();
        for seed in 0..300 {
            let bytes = SeedBytes::new(seed).bytes(512);
            let text = mutate(&mut Unstructured::new(&bytes), &sources).expect("a text");
            assert!(text.len() < 300_000, "{}", text.len());
            seen.insert(text);
        }
        assert!(seen.len() > 250, "{}", seen.len());
    }
}
