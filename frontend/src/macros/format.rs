//! `@printf` and `@sprintf`: the format is read at expansion, each conversion becomes a call.
//!
//! Prelude functions, all of which return a `String`:
//!
//! | function                               | conversions                |
//! |----------------------------------------|----------------------------|
//! | `Base.fmt_int(x, flags, width, precision, conversion::Char)` | `d i u x X o` |
//! | `Base.fmt_float(x, flags, width, precision, conversion::Char)` | `e E f F g G a A` |
//! | `Base.fmt_char(x, flags, width)`       | `c`                        |
//! | `Base.fmt_string(x, flags, width, precision)` | `s`: `x` as `print` shows it |
//! | `Base.fmt_pointer(x, flags, width)`    | `p`                        |
//!
//! `flags` is a sum of 1 (`-`, to the left), 2 (`+`), 4 (space), 8 (`#`) and 16 (`0`); `width` is 0
//! and `precision` -1 where the format has none. A width given by `*` may be negative, which means
//! to the left. Arguments given as `values...` become a tuple first, by `Base.format_arguments`. The pieces are printed by `Base.print([io,] …)` or joined by `Base.string(…)`.

use super::{Expanded, Expander};
use crate::parse::SyntaxError;
use crate::surface::{Head, Node, NodeData};
use jlift_ir::Type;
use std::iter::Peekable;

/// A number in a conversion.
enum Count {
    Given(i64),
    /// `*`: the next argument.
    Argument,
}

/// A conversion such as `%-8.3f`.
struct Conversion {
    flags: i64,
    width: Count,
    precision: Count,
    letter: u8,
}

enum Piece {
    Text(Vec<u8>),
    Conversion(Conversion),
}

impl Piece {
    /// How many arguments it takes.
    fn arguments(&self) -> i64 {
        let of_count = |count: &Count| i64::from(matches!(count, Count::Argument));
        match self {
            Piece::Text(_) => 0,
            Piece::Conversion(c) => 1 + of_count(&c.width) + of_count(&c.precision),
        }
    }
}

impl Expander<'_> {
    pub(super) fn printf(&mut self, node: Node, args: &[Node]) -> Expanded {
        let (io, format, values) = match args {
            [format, values @ ..] if self.literal_string(*format).is_some() => {
                (None, *format, values)
            }
            [io, format, values @ ..] => (Some(*io), *format, values),
            _ => return self.wrong_arguments(node),
        };
        let mut all = Vec::from_iter(io);
        let (before, pieces) = self.formatted(node, format, values)?;
        all.extend(pieces);
        let call = self.call_base("print", &all);
        Ok(self.after(before, call))
    }

    pub(super) fn sprintf(&mut self, node: Node, args: &[Node]) -> Expanded {
        let Some((&format, values)) = args.split_first() else {
            return self.wrong_arguments(node);
        };
        let (before, pieces) = self.formatted(node, format, values)?;
        let call = self.call_base("string", &pieces);
        Ok(self.after(before, call))
    }

    fn after(&mut self, before: Option<Node>, call: Node) -> Node {
        match before {
            Some(before) => self.block(&[before, call]),
            None => call,
        }
    }

    /// The pieces, and a statement that has to come before them.
    fn formatted(
        &mut self,
        node: Node,
        format: Node,
        values: &[Node],
    ) -> Result<(Option<Node>, Vec<Node>), SyntaxError> {
        let Some(text) = self.literal_string(format) else {
            return self.error(format, "the format must be a string literal");
        };
        let pieces = match read_format(&text) {
            Ok(pieces) => pieces,
            Err(problem) => return self.error(format, problem),
        };
        let (before, values) = self.spread(&pieces, values);
        let mut values = values.into_iter();
        let mut out = Vec::new();
        let too_few = "the format has more conversions than there are arguments";
        for piece in pieces {
            match piece {
                Piece::Text(text) => out.push(self.string(&text)),
                Piece::Conversion(conversion) => match self.conversion(conversion, &mut values) {
                    Some(call) => out.push(call),
                    None => return self.error(node, too_few),
                },
            }
        }
        if values.next().is_some() {
            return self.error(
                node,
                "there are more arguments than the format has conversions",
            );
        }
        Ok((before, out))
    }

    /// The arguments, each as a node of its own. How many `values...` stands for is known only when
    /// the program runs: `Base.format_arguments(n, values...)` checks it and makes a tuple of them.
    fn spread(&mut self, pieces: &[Piece], values: &[Node]) -> (Option<Node>, Vec<Node>) {
        if !values
            .iter()
            .any(|&value| self.tree.head(value) == Some(Head::Splat))
        {
            return (None, values.to_vec());
        }
        let count: i64 = pieces.iter().map(Piece::arguments).sum();
        let mut all = vec![self.integer(count)];
        all.extend_from_slice(values);
        let call = self.call_base("format_arguments", &all);
        let tuple = self.temporary("arguments");
        let before = self.local(tuple, call);
        let element = |me: &mut Self, n| {
            let index = me.integer(n);
            me.call_core("getfield", &[tuple, index])
        };
        (
            Some(before),
            (1..=count).map(|n| element(self, n)).collect(),
        )
    }

    fn count(&mut self, count: Count, values: &mut impl Iterator<Item = Node>) -> Option<Node> {
        match count {
            Count::Given(number) => Some(self.integer(number)),
            Count::Argument => values.next(),
        }
    }

    fn conversion(
        &mut self,
        conversion: Conversion,
        values: &mut impl Iterator<Item = Node>,
    ) -> Option<Node> {
        let width = self.count(conversion.width, values)?;
        let precision = self.count(conversion.precision, values)?;
        let value = values.next()?;
        let flags = self.integer(conversion.flags);
        let letter = self.add(NodeData::Bits {
            ty: Type::CHAR,
            bits: u64::from(conversion.letter) << 24,
        });
        Some(match conversion.letter {
            b'c' => self.call_base("fmt_char", &[value, flags, width]),
            b'p' => self.call_base("fmt_pointer", &[value, flags, width]),
            b's' => self.call_base("fmt_string", &[value, flags, width, precision]),
            b'd' | b'i' | b'u' | b'x' | b'X' | b'o' => {
                self.call_base("fmt_int", &[value, flags, width, precision, letter])
            }
            _ => self.call_base("fmt_float", &[value, flags, width, precision, letter]),
        })
    }
}

fn read_format(text: &[u8]) -> Result<Vec<Piece>, &'static str> {
    let mut pieces = Vec::new();
    let mut plain = Vec::new();
    let mut rest = text.iter().copied().peekable();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            plain.push(byte);
            continue;
        }
        if rest.next_if_eq(&b'%').is_some() {
            plain.push(b'%');
            continue;
        }
        if !plain.is_empty() {
            pieces.push(Piece::Text(std::mem::take(&mut plain)));
        }
        pieces.push(Piece::Conversion(read_conversion(&mut rest)?));
    }
    if !plain.is_empty() {
        pieces.push(Piece::Text(plain));
    }
    Ok(pieces)
}

fn read_conversion(
    rest: &mut Peekable<impl Iterator<Item = u8>>,
) -> Result<Conversion, &'static str> {
    let mut flags = 0;
    while let Some(flag) = rest.next_if(|b| b"-+ #0".contains(b)) {
        flags |= match flag {
            b'-' => 1,
            b'+' => 2,
            b' ' => 4,
            b'#' => 8,
            _ => 16,
        };
    }
    let width = read_count(rest)?.unwrap_or(Count::Given(0));
    let precision = match rest.next_if_eq(&b'.') {
        Some(_) => read_count(rest)?.unwrap_or(Count::Given(0)),
        None => Count::Given(-1),
    };
    // Sizes of C types mean nothing here.
    while rest.next_if(|b| b"hlLqjzt".contains(b)).is_some() {}
    match rest.next() {
        Some(letter) if b"diuxXoeEfFgGaAcsp".contains(&letter) => Ok(Conversion {
            flags,
            width,
            precision,
            letter,
        }),
        Some(_) => Err("invalid conversion in the format"),
        None => Err("incomplete conversion at the end of the format"),
    }
}

fn read_count(
    rest: &mut Peekable<impl Iterator<Item = u8>>,
) -> Result<Option<Count>, &'static str> {
    if rest.next_if_eq(&b'*').is_some() {
        return Ok(Some(Count::Argument));
    }
    let mut number = None;
    while let Some(digit) = rest.next_if(u8::is_ascii_digit) {
        let value = number.unwrap_or(0i64) * 10 + i64::from(digit - b'0');
        if value > 100_000 {
            return Err("width or precision in the format is too large");
        }
        number = Some(value);
    }
    Ok(number.map(Count::Given))
}
