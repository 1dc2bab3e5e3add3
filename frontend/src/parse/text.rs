//! What the source text of string, character and raw literals denotes: escapes, raw backslashes,
//! indentation of triple-quoted strings. Works on text alone.

use crate::parse::literal::Problem;

/// A piece of a string literal.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Piece<T> {
    /// Source text between the delimiters.
    Source(String),
    /// An interpolated expression.
    Value(T),
}

/// Bytes that text with escapes denotes.
pub(crate) fn unescape(text: &str) -> Result<Vec<u8>, Problem> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    let mut buffer = [0u8; 4];
    while let Some(c) = rest.next() {
        if c != '\\' {
            // Line ends are those of Unix, whatever the file has.
            if c == '\r' {
                rest.next_if_eq(&'\n');
                out.push(b'\n');
            } else {
                out.extend_from_slice(c.encode_utf8(&mut buffer).as_bytes());
            }
            continue;
        }
        let Some(escape) = rest.next() else {
            return Err("invalid escape sequence");
        };
        match escape {
            'n' => out.push(b'\n'),
            't' => out.push(b'\t'),
            'r' => out.push(b'\r'),
            'a' => out.push(7),
            'b' => out.push(8),
            'v' => out.push(11),
            'f' => out.push(12),
            'e' => out.push(27),
            '\\' | '\'' | '"' | '$' => out.push(escape as u8),
            '\n' | '\r' => {
                // The line continues: its end and the indentation of the next one vanish.
                if escape == '\r' {
                    rest.next_if_eq(&'\n');
                }
                while rest.next_if(|&c| c == ' ' || c == '\t').is_some() {}
            }
            'x' => out.push(number(&mut rest, 16, 2).ok_or("invalid escape sequence")? as u8),
            'u' | 'U' => {
                let digits = if escape == 'u' { 4 } else { 8 };
                let code = number(&mut rest, 16, digits).ok_or("invalid escape sequence")?;
                push_code(&mut out, code)?;
            }
            '0'..='7' => {
                let mut value = escape as u32 - '0' as u32;
                for _ in 0..2 {
                    let Some(digit) = rest.next_if(|c| ('0'..='7').contains(c)) else {
                        break;
                    };
                    value = value * 8 + (digit as u32 - '0' as u32);
                }
                out.push(u8::try_from(value).map_err(|_| "octal escape sequence out of range")?);
            }
            _ => return Err("invalid escape sequence"),
        }
    }
    Ok(out)
}

fn number(
    rest: &mut std::iter::Peekable<std::str::Chars<'_>>,
    radix: u32,
    most: usize,
) -> Option<u32> {
    let mut value = None;
    for _ in 0..most {
        let Some(digit) = rest.next_if(|c| c.is_digit(radix)) else {
            break;
        };
        value = Some(value.unwrap_or(0) * radix + digit.to_digit(radix).unwrap_or(0));
    }
    value
}

/// Appends the UTF-8 form of a code point; surrogates have one, too, as in Julia.
fn push_code(out: &mut Vec<u8>, code: u32) -> Result<(), Problem> {
    if let Some(c) = char::from_u32(code) {
        out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
    } else if code <= 0xffff {
        out.extend_from_slice(&[
            0xe0 | (code >> 12) as u8,
            0x80 | (code >> 6 & 0x3f) as u8,
            0x80 | (code & 0x3f) as u8,
        ]);
    } else {
        return Err("invalid unicode code point in escape sequence");
    }
    Ok(())
}

/// The bits of the `Char` that the text between the quotes denotes: its UTF-8 bytes from the most
/// significant byte on.
pub(super) fn character(body: &str) -> Result<u32, Problem> {
    if body.is_empty() {
        return Err("empty character literal");
    }
    let bytes = unescape(body)?;
    let len = first_char_len(&bytes);
    if len == 0 || len != bytes.len() {
        return Err("character literal contains multiple characters");
    }
    Ok(bytes
        .iter()
        .enumerate()
        .fold(0, |v, (i, &b)| v | u32::from(b) << (24 - 8 * i)))
}

/// Length of the first character of a string that need not be valid UTF-8, as Julia's iteration
/// takes it: a lead byte and as many continuation bytes as it calls for and there are.
fn first_char_len(bytes: &[u8]) -> usize {
    let Some(&lead) = bytes.first() else {
        return 0;
    };
    let more = match lead {
        0xc0..=0xdf => 1,
        0xe0..=0xef => 2,
        0xf0..=0xf7 => 3,
        _ => 0,
    };
    1 + bytes[1..]
        .iter()
        .take(more)
        .take_while(|&&b| b & 0xc0 == 0x80)
        .count()
}

/// What a raw string denotes: backslashes stand for themselves except before a quote and at the
/// end, where two stand for one and an odd one makes the quote part of the text.
pub(super) fn unescape_raw(text: &str, quote: char) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        if c == '\r' {
            rest.next_if_eq(&'\n');
            out.push('\n');
            continue;
        }
        if c != '\\' {
            out.push(c);
            continue;
        }
        let mut run = 1;
        while rest.next_if_eq(&'\\').is_some() {
            run += 1;
        }
        let special = rest.peek().is_none_or(|&c| c == quote);
        let kept = if special { run / 2 } else { run };
        out.extend(std::iter::repeat_n('\\', kept));
        if special && run % 2 == 1 {
            out.push(rest.next().unwrap_or(quote));
        }
    }
    out
}

/// Removes the common indentation of a triple-quoted literal and the line end after the opening
/// quotes. An escaped line end does not start a line unless the literal is raw.
pub(super) fn dedent<T>(pieces: Vec<Piece<T>>, raw: bool) -> Vec<Piece<T>> {
    let mut lines: Vec<Vec<Piece<T>>> = vec![Vec::new()];
    let mut push = |piece, fresh: bool| {
        if fresh {
            lines.push(Vec::new());
        }
        if let Some(line) = lines.last_mut() {
            line.push(piece);
        }
    };
    for piece in pieces {
        match piece {
            Piece::Value(v) => push(Piece::Value(v), false),
            Piece::Source(text) => {
                let text = text.replace("\r\n", "\n").replace('\r', "\n");
                for (i, line) in split_lines(&text, raw).into_iter().enumerate() {
                    push(Piece::Source(line.to_owned()), i > 0);
                }
            }
        }
    }
    let last = lines.len() - 1;
    let indent = |line: &[Piece<T>]| match line.first() {
        Some(Piece::Source(text)) => text
            .chars()
            .take_while(|&c| c == ' ' || c == '\t')
            .collect::<String>(),
        _ => String::new(),
    };
    let blank = |line: &[Piece<T>]| {
        line.iter().all(
            |p| matches!(p, Piece::Source(t) if t.chars().all(|c| matches!(c, ' ' | '\t' | '\n'))),
        )
    };
    let mut common: Option<String> = None;
    for (i, line) in lines.iter().enumerate() {
        if i == 0 || (i != last && blank(line)) {
            continue;
        }
        let own = indent(line);
        common = Some(match common {
            None => own,
            Some(c) => c
                .chars()
                .zip(own.chars())
                .take_while(|(a, b)| a == b)
                .map(|(a, _)| a)
                .collect(),
        });
    }
    let width = common.map_or(0, |c| c.len());
    let mut out: Vec<Piece<T>> = Vec::new();
    for (i, line) in lines.into_iter().enumerate() {
        for (j, piece) in line.into_iter().enumerate() {
            match piece {
                Piece::Source(text) => {
                    let mut text = text.as_str();
                    if i > 0 && j == 0 {
                        let own = text.len() - text.trim_start_matches([' ', '\t']).len();
                        text = &text[width.min(own)..];
                    }
                    if i == 0 && j == 0 && text == "\n" {
                        continue;
                    }
                    match out.last_mut() {
                        Some(Piece::Source(before)) => before.push_str(text),
                        _ => out.push(Piece::Source(text.to_owned())),
                    }
                }
                value => out.push(value),
            }
        }
    }
    out
}

/// The lines of a text, each with its end; the last one without, possibly empty.
fn split_lines(text: &str, raw: bool) -> Vec<&str> {
    let mut lines = Vec::new();
    let mut start = 0;
    let mut backslashes = 0usize;
    for (i, b) in text.bytes().enumerate() {
        if b == b'\n' && (raw || backslashes.is_multiple_of(2)) {
            lines.push(&text[start..=i]);
            start = i + 1;
        }
        backslashes = if b == b'\\' { backslashes + 1 } else { 0 };
    }
    lines.push(&text[start..]);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_denote_bytes_and_code_points() {
        assert_eq!(
            unescape(r"a\n\x41\101\u03b1\e"),
            Ok(b"a\nAA\xce\xb1\x1b".to_vec())
        );
        assert_eq!(unescape(r"\xff\xfe"), Ok(vec![0xff, 0xfe]));
        assert_eq!(unescape("a\\\n   b"), Ok(b"ab".to_vec()));
        assert_eq!(unescape(r"\ud800"), Ok(vec![0xed, 0xa0, 0x80]));
        for wrong in [r"\q", r"\x", r"\400", r"\U110000", "\\"] {
            assert!(unescape(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn characters_are_their_bytes_from_the_top() {
        assert_eq!(character("a"), Ok(0x6100_0000));
        assert_eq!(character("α"), Ok(0xceb1_0000));
        assert_eq!(character(r"\xce\xb1"), Ok(0xceb1_0000));
        assert_eq!(character(r"\xff"), Ok(0xff00_0000));
        assert_eq!(character(r"\U0001f600"), Ok(0xf09f_9880));
        assert!(character("ab").is_err());
        assert!(character("").is_err());
        assert!(character(r"\xff\xff").is_err());
    }

    #[test]
    fn raw_text_keeps_backslashes_except_before_quotes() {
        assert_eq!(unescape_raw(r"a\nb", '"'), r"a\nb");
        assert_eq!(unescape_raw(r#"\""#, '"'), "\"");
        assert_eq!(unescape_raw(r#"\\\""#, '"'), "\\\"");
        assert_eq!(unescape_raw(r"a\\", '"'), r"a\");
    }

    fn dedented(text: &str) -> String {
        let pieces: Vec<Piece<()>> = dedent(vec![Piece::Source(text.into())], false);
        match &pieces[..] {
            [] => String::new(),
            [Piece::Source(s)] => s.clone(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn triple_quoted_text_loses_its_common_indentation() {
        assert_eq!(dedented("\n  a\n    b\n  "), "a\n  b\n");
        assert_eq!(dedented("\n  a\n\n  b"), "a\n\nb");
        assert_eq!(dedented("a\n  b\n  c"), "a\nb\nc");
        assert_eq!(dedented("\n  a\n b\n"), "  a\n b\n");
        assert_eq!(dedented("\n  a\\\n  b"), "a\\\n  b");
        assert_eq!(dedented(""), "");
    }
}
