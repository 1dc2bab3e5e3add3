//! Typed IR, damaged as little as can be: a word becomes another of its kind, a line goes or comes twice.
//! Much of what comes out is still valid, and looks at what a verifier and backends rarely see.
//! Knows what words look like, not what they mean.

use crate::typed_ir::{Pool, Sizes, group};
use arbitrary::{Result, Unstructured};
use jlift_ir::Module;
use jlift_ir::text::print_module;

/// Kinds of words; one may stand where another of its kind does.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
enum Kind {
    /// `%1`, `_2`.
    Value,
    /// `@1`.
    Function,
    /// `#1`.
    Block,
    /// `Base.add_int`.
    Intrinsic,
    /// `Core.getfield`.
    Builtin,
    /// `Int64`.
    Type,
    Number,
    /// `"text"`.
    Text,
    Other,
}

/// Numbers where something begins or ends.
const NUMBERS: &[&str] = &[
    "0",
    "1",
    "2",
    "-1",
    "7",
    "8",
    "16",
    "63",
    "64",
    "127",
    "255",
    "65536",
    "9223372036854775807",
    "-9223372036854775808",
];

/// Statements change places within this many lines.
const NEAR: usize = 6;

/// A damaged text: one of the sources, or a generated group of functions.
///
/// # Errors
/// Bytes that are used up.
pub fn damage_typed_ir(u: &mut Unstructured<'_>, sources: &[&str]) -> Result<String> {
    let count = u.int_in_range(1..=3)?;
    let damage: Vec<(u8, u32, u32)> = (0..count)
        .map(|_| u.arbitrary())
        .collect::<Result<Vec<_>>>()?;
    let which = u.int_in_range(0..=2 * sources.len())?;
    let text = match sources.get(which) {
        Some(source) => source.to_string(),
        None => {
            let mut module = Module::default();
            let pool = Pool::new(&mut module, 0, u);
            let sizes = Sizes {
                functions: 3,
                statements: 12,
            };
            group(&mut module, &pool, 0, u, &sizes);
            print_module(&module)
        }
    };
    let mut lines: Vec<String> = text.lines().map(str::to_string).collect();
    for (how, at, other) in damage {
        one(&mut lines, how, at as usize, other as usize);
    }
    lines.push(String::new());
    Ok(lines.join("\n"))
}

fn one(lines: &mut Vec<String>, how: u8, at: usize, other: usize) {
    // The first line says what the text is.
    let Some(count) = lines.len().checked_sub(1).filter(|&n| n > 0) else {
        return;
    };
    let line = 1 + at % count;
    match how % 16 {
        0 => {
            lines.remove(line);
        }
        1 => {
            let again = lines[line].clone();
            lines.insert(line, again);
        }
        2 => {
            let near = (line + 1 + other % NEAR).min(count);
            lines.swap(line, near);
        }
        _ => exchange(lines, at, other),
    }
}

/// Puts a word where another of its kind is.
fn exchange(lines: &mut [String], at: usize, other: usize) {
    let mut places: Vec<(usize, usize, usize, Kind)> = Vec::new();
    for (n, line) in lines.iter().enumerate().skip(1) {
        if line.starts_with(';') {
            continue;
        }
        let mut start = 0;
        for word in words(line) {
            let kind = kind(word);
            if kind != Kind::Other {
                places.push((n, start, start + word.len(), kind));
            }
            start += word.len();
        }
    }
    if places.is_empty() {
        return;
    }
    let (line, start, end, kind) = places[at % places.len()];
    let word = |&(n, start, end, _): &(usize, usize, usize, Kind)| lines[n][start..end].to_string();
    let mut others: Vec<String> = places.iter().filter(|p| p.3 == kind).map(word).collect();
    others.sort_unstable();
    others.dedup();
    if kind == Kind::Number {
        others.extend(NUMBERS.iter().map(|n| n.to_string()));
    }
    let own = word(&places[at % places.len()]);
    others.retain(|o| *o != own);
    if others.is_empty() {
        return;
    }
    let new = &others[other % others.len()];
    lines[line].replace_range(start..end, new);
}

/// The words of a line and what is between them; together they are all of it.
fn words(line: &str) -> Vec<&str> {
    let is_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '!');
    let mut out = Vec::new();
    let mut rest = line;
    while let Some(first) = rest.chars().next() {
        let behind = &rest[first.len_utf8()..];
        let end_of_word = |text: &str| text.find(|c| !is_word(c)).unwrap_or(text.len());
        let size = match first {
            '"' => {
                let mut escaped = false;
                let end = behind.find(|c| {
                    let ends = c == '"' && !escaped;
                    escaped = c == '\\' && !escaped;
                    ends
                });
                end.map_or(rest.len(), |end| end + 2)
            }
            '%' | '@' | '#' | '-' => 1 + end_of_word(behind),
            c if is_word(c) => end_of_word(rest),
            c => c.len_utf8(),
        };
        let (word, behind) = rest.split_at(size);
        out.push(word);
        rest = behind;
    }
    out
}

fn kind(word: &str) -> Kind {
    let mut chars = word.chars();
    let first = chars.next().unwrap_or(' ');
    let second = chars.next().unwrap_or(' ');
    let digits_behind = second.is_ascii_digit() && chars.all(|c| c.is_ascii_digit());
    match first {
        '%' | '_' if digits_behind => Kind::Value,
        '@' if digits_behind => Kind::Function,
        '#' if digits_behind => Kind::Block,
        '-' if digits_behind => Kind::Number,
        '"' => Kind::Text,
        c if c.is_ascii_digit() => Kind::Number,
        _ if word.starts_with("Base.") => Kind::Intrinsic,
        _ if word.starts_with("Core.") => Kind::Builtin,
        c if c.is_ascii_uppercase() => Kind::Type,
        _ => Kind::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::{Kind, damage_typed_ir, kind, words};
    use crate::random::SeedBytes;
    use arbitrary::Unstructured;
    use jlift_ir::text::parse;
    use jlift_ir::verify::verify_module;

    #[test]
    fn words_are_all_of_a_line_and_have_kinds() {
        let line = "  %12 = Base.add_int(_2, -1)::Int64 \"a \\\" b\" goto #3 é";
        assert_eq!(words(line).concat(), line);
        let kinds: Vec<Kind> = words(line).iter().map(|w| kind(w)).collect();
        for wanted in [
            Kind::Value,
            Kind::Intrinsic,
            Kind::Number,
            Kind::Type,
            Kind::Text,
            Kind::Block,
        ] {
            assert!(kinds.contains(&wanted), "{wanted:?} in {kinds:?}");
        }
    }

    #[test]
    fn much_of_what_is_damaged_is_valid_still() {
        let (mut changed, mut valid, mut parsed) = (0, 0, 0);
        for seed in 0..600 {
            let bytes = SeedBytes::new(seed).bytes(4000);
            let text = damage_typed_ir(&mut Unstructured::new(&bytes), &[]).expect("a text");
            changed += 1;
            if let Ok(module) = parse(&text) {
                parsed += 1;
                valid += usize::from(verify_module(&module).is_ok());
            }
        }
        // Fewer would show little of what comes after the verifier.
        assert!(
            valid * 5 > changed && valid * 10 < changed * 9,
            "{parsed} of {changed} parse, {valid} are valid"
        );
    }
}
