//! Surface trees as text: as S-expressions for people who look at what the parser or a macro made
//! ([`to_text`]), and in Julia's own syntax as `string` of an expression has it ([`to_julia`]).

mod julia;

use crate::surface::{Head, Home, Node, NodeData, Tree};
use jlift_ir::{Name, Tables, Type};
use std::fmt::Write;

pub use julia::{to_julia, to_julia_quoted};

/// A node as an S-expression, e.g. `(call + a 1)`. Quoted symbols are `:a`, other quoted values
/// `(inert …)`.
pub fn to_text(tree: &Tree, node: Node, tables: &Tables) -> String {
    let mut out = String::new();
    write_node(&mut out, tree, node, tables);
    out
}

fn write_node(out: &mut String, tree: &Tree, node: Node, tables: &Tables) {
    match tree.data(node) {
        NodeData::Symbol(name) => out.push_str(tables.names.str(*name)),
        NodeData::Quote(inner) => match tree.symbol(*inner) {
            Some(name) => {
                out.push(':');
                out.push_str(tables.names.str(name));
            }
            None => {
                out.push_str("(inert ");
                write_node(out, tree, *inner, tables);
                out.push(')');
            }
        },
        NodeData::Expr { head, .. } => {
            out.push('(');
            out.push_str(head_text(*head, tables));
            for &arg in tree.args(node) {
                out.push(' ');
                write_node(out, tree, arg, tables);
            }
            out.push(')');
        }
        data => write_leaf(out, data, tables),
    }
}

/// The text of a head.
pub fn head_text(head: Head, tables: &Tables) -> &str {
    match head {
        Head::Other(name) => tables.names.str(name),
        known => known.known_text().unwrap_or(""),
    }
}

fn home_text(home: Home) -> &'static str {
    match home {
        Home::Current | Home::Module(_) => "",
        Home::Core => "Core.",
        Home::Base => "Base.",
    }
}

/// A literal as Julia shows it in an expression.
fn write_leaf(out: &mut String, data: &NodeData, tables: &Tables) {
    match data {
        NodeData::GlobalRef(home, name) => {
            match home {
                Home::Module(module) => {
                    out.push_str(tables.names.str(*module));
                    out.push('.');
                }
                _ => out.push_str(home_text(*home)),
            }
            out.push_str(tables.names.str(*name));
        }
        NodeData::Bits { ty, bits } => write_bits(out, *ty, *bits),
        NodeData::Wide { ty, bits } if *ty == Type::INT128 => {
            let _ = write!(out, "{}", *bits as i128);
        }
        NodeData::Wide { bits, .. } => {
            let _ = write!(out, "0x{bits:032x}");
        }
        NodeData::BigInt(digits) => out.push_str(digits),
        NodeData::String(bytes) => {
            out.push('"');
            write_escaped(out, bytes);
            out.push('"');
        }
        NodeData::Nothing => out.push_str("nothing"),
        NodeData::Line { line, file } => {
            let _ = write!(out, "#= {}:{line} =#", tables.names.str(*file));
        }
        NodeData::Shown(text) => out.push_str(text),
        NodeData::Value(value) => {
            let _ = write!(out, "{value:?}");
        }
        NodeData::Symbol(_) | NodeData::Quote(_) | NodeData::Expr { .. } => {}
    }
}

fn write_bits(out: &mut String, ty: Type, bits: u64) {
    let _ = match ty {
        Type::BOOL => write!(out, "{}", bits != 0),
        Type::CHAR => {
            write_char(out, bits as u32);
            Ok(())
        }
        Type::FLOAT64 => {
            write_float(out, f64::from_bits(bits), "e");
            Ok(())
        }
        Type::FLOAT32 => {
            write_float(out, f32::from_bits(bits as u32), "f");
            Ok(())
        }
        Type::UINT8 => write!(out, "0x{bits:02x}"),
        Type::UINT16 => write!(out, "0x{bits:04x}"),
        Type::UINT32 => write!(out, "0x{bits:08x}"),
        Type::UINT64 => write!(out, "0x{bits:016x}"),
        _ => write!(out, "{}", bits as i64),
    };
}

/// A float with as few digits as identify it: plain from 1e-4 to below 1e6, else with an
/// exponent; a `Float32` always has `f` and an exponent.
fn write_float<T>(out: &mut String, value: T, marker: &str)
where
    T: std::fmt::LowerExp + Copy + Into<f64>,
{
    let wide: f64 = value.into();
    if !wide.is_finite() {
        let suffix = if marker == "f" { "32" } else { "" };
        let name = if wide.is_nan() { "NaN" } else { "Inf" };
        let sign = if wide < 0.0 { "-" } else { "" };
        let _ = write!(out, "{sign}{name}{suffix}");
        return;
    }
    let text = format!("{value:e}");
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let (sign, mantissa) = match mantissa.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", mantissa),
    };
    let digits = mantissa.replace('.', "");
    let exponent: i32 = exponent.parse().unwrap_or(0);
    out.push_str(sign);
    let mut shown_exponent = 0;
    if wide == 0.0 {
        out.push_str("0.0");
    } else if (0..6).contains(&exponent) {
        let whole = exponent as usize + 1;
        let padded = format!("{digits:0<whole$}");
        let (whole, fraction) = padded.split_at(whole);
        let fraction = if fraction.is_empty() { "0" } else { fraction };
        let _ = write!(out, "{whole}.{fraction}");
    } else if (-4..0).contains(&exponent) {
        let zeros = (-exponent - 1) as usize;
        let _ = write!(out, "0.{}{digits}", "0".repeat(zeros));
    } else {
        let (first, rest) = digits.split_at(1);
        let rest = if rest.is_empty() { "0" } else { rest };
        let _ = write!(out, "{first}.{rest}");
        shown_exponent = exponent;
    }
    if marker == "f" || shown_exponent != 0 {
        let _ = write!(out, "{marker}{shown_exponent}");
    }
}

fn write_char(out: &mut String, bits: u32) {
    let all = bits.to_be_bytes();
    let len = all.iter().rposition(|&b| b != 0).map_or(1, |i| i + 1);
    out.push('\'');
    match &all[..len] {
        b"'" => out.push_str("\\'"),
        b"\"" => out.push('"'),
        b"$" => out.push('$'),
        bytes => write_escaped(out, bytes),
    }
    out.push('\'');
}

/// The inside of a string literal.
fn write_escaped(out: &mut String, bytes: &[u8]) {
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                '"' | '\\' | '$' => {
                    out.push('\\');
                    out.push(c);
                }
                '\0' => out.push_str("\\0"),
                '\x07' => out.push_str("\\a"),
                '\x08' => out.push_str("\\b"),
                '\t' => out.push_str("\\t"),
                '\n' => out.push_str("\\n"),
                '\x0b' => out.push_str("\\v"),
                '\x0c' => out.push_str("\\f"),
                '\r' => out.push_str("\\r"),
                '\x1b' => out.push_str("\\e"),
                c if c.is_control() && c.is_ascii() => {
                    let _ = write!(out, "\\x{:02x}", c as u32);
                }
                c if c.is_control() => {
                    let _ = write!(out, "\\u{:04x}", c as u32);
                }
                c => out.push(c),
            }
        }
        for b in chunk.invalid() {
            let _ = write!(out, "\\x{b:02x}");
        }
    }
}

/// The text of a symbol node.
fn symbol_text<'t>(tree: &Tree, node: Node, tables: &'t Tables) -> Option<&'t str> {
    match tree.data(node) {
        NodeData::Symbol(name) | NodeData::GlobalRef(_, name) => {
            let name: Name = *name;
            Some(tables.names.str(name))
        }
        _ => None,
    }
}
