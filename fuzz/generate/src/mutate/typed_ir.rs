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
    let count = 1 + usize::from(u.ratio(1, 3)?);
    let damage: Vec<(u8, u8, u32, u32)> = (0..count)
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
    for (how, kind, at, other) in damage {
        one(&mut lines, (how, kind), at as usize, other as usize);
    }
    lines.push(String::new());
    Ok(lines.join("\n"))
}

fn one(lines: &mut Vec<String>, (how, kind): (u8, u8), at: usize, other: usize) {
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
        _ => exchange(lines, kind.into(), at, other),
    }
}

/// A word, and what those have in common that may stand in its place.
struct Place {
    line: usize,
    start: usize,
    end: usize,
    kind: Kind,
    like: String,
}

/// The words of a text that others may replace.
fn places(lines: &[String]) -> Vec<Place> {
    let mut all = Vec::new();
    let mut function = 0;
    // Types of the values of this function that were defined so far.
    let mut types: Vec<(String, String)> = Vec::new();
    for (n, line) in lines.iter().enumerate().skip(1) {
        if line.starts_with("function ") {
            function += 1;
            types.clear();
        }
        if line.starts_with(';') || line.starts_with("struct ") || line.starts_with("singleton ") {
            continue;
        }
        let result = line.rsplit_once("::").map_or("", |(_, ty)| ty);
        let defines = line.starts_with("  %").then_some(2);
        let mut start = 0;
        for word in words(line) {
            let end = start + word.len();
            let kind = kind(word);
            let like = match kind {
                Kind::Value => {
                    let ty = types.iter().rev().find(|(name, _)| name == word);
                    ty.map(|(_, ty)| format!("{function} {ty}"))
                }
                Kind::Block => Some(function.to_string()),
                // The same number of operands, and the same type of the result.
                Kind::Intrinsic | Kind::Builtin | Kind::Function => {
                    Some(format!("{} {result}", line.matches(',').count()))
                }
                _ => Some(String::new()),
            };
            if let (Some(like), true) = (like, kind != Kind::Other && Some(start) != defines) {
                all.push(Place {
                    line: n,
                    start,
                    end,
                    kind,
                    like,
                });
            }
            start = end;
        }
        if defines.is_some()
            && let Some((name, _)) = line[2..].split_once(' ')
        {
            types.push((name.to_string(), result.to_string()));
        }
    }
    all
}

/// How often words of a kind are replaced: what is rarely valid, rarely.
const KINDS: [(Kind, usize); 8] = [
    (Kind::Value, 6),
    (Kind::Number, 4),
    (Kind::Intrinsic, 4),
    (Kind::Block, 2),
    (Kind::Builtin, 1),
    (Kind::Function, 1),
    (Kind::Type, 1),
    (Kind::Text, 1),
];

/// Puts a word where another of its kind is.
fn exchange(lines: &mut [String], how: usize, at: usize, other: usize) {
    let total = KINDS.iter().map(|(_, weight)| weight).sum::<usize>();
    let mut left = how % total;
    let chosen = KINDS.iter().find(|(_, weight)| {
        let here = left < *weight;
        left = left.saturating_sub(*weight);
        here
    });
    let wanted = chosen.map_or(Kind::Value, |(kind, _)| *kind);
    let all = places(lines);
    let of_kind: Vec<&Place> = all.iter().filter(|p| p.kind == wanted).collect();
    if of_kind.is_empty() {
        return;
    }
    let place = of_kind[at % of_kind.len()];
    let word = |p: &Place| lines[p.line][p.start..p.end].to_string();
    let own = word(place);
    // Values come from before, where they are more often defined on every path.
    let fits =
        |p: &&&Place| p.like == place.like && (wanted != Kind::Value || p.line <= place.line);
    let mut others: Vec<String> = of_kind.iter().filter(fits).map(|p| word(p)).collect();
    if wanted == Kind::Number {
        others.extend(NUMBERS.iter().map(|n| n.to_string()));
    }
    others.sort_unstable();
    others.dedup();
    others.retain(|o| *o != own);
    if others.is_empty() {
        return;
    }
    let new = &others[other % others.len()];
    lines[place.line].replace_range(place.start..place.end, new);
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
