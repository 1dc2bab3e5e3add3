//! String macros: `raw"…"`, `b"…"`, `MIME"…"`, `int128"…"`, `uint128"…"`, `big"…"`, `v"…"`, `r"…"`,
//! `s"…"`, `lazy"…"`.
//!
//! Prelude functions used: `Base.VersionNumber(text)`, `Base.parse(Base.BigInt, text)`,
//! `Base.Regex(text, flags)`, `Base.SubstitutionString(text)`, `Base.LazyString(parts...)`.

use super::{Expanded, Expander};
use crate::parse::literal::{Number, decimal_integer, prefixed_integer};
use crate::parse::text::unescape;
use crate::surface::{FileId, Head, Node, NodeData, Tree};
use jlift_ir::Type;

impl Expander<'_> {
    fn text_argument(&mut self, node: Node, args: &[Node]) -> Result<String, super::SyntaxError> {
        match args.first().and_then(|&a| self.literal_string(a)) {
            Some(bytes) if args.len() == 1 => Ok(String::from_utf8_lossy(&bytes).into_owned()),
            _ => self.wrong_arguments(node),
        }
    }

    pub(super) fn raw_string(&mut self, node: Node, args: &[Node]) -> Expanded {
        self.text_argument(node, args)?;
        self.only(node, args)
    }

    /// A text whose interpolated parts are joined when it is read: `Base.LazyString(parts...)`.
    /// Only `$` means something in it.
    pub(super) fn lazy_string(&mut self, node: Node, args: &[Node]) -> Expanded {
        let text = self.text_argument(node, args)?;
        let source = interpolating_source(&text);
        let at = self.tree.span(node);
        let file = at.map_or(FileId(0), |s| s.file);
        let parsed = crate::parse::parse(source.as_bytes(), file, self.env.tables_mut());
        if let Some(problem) = parsed.diagnostics.first() {
            return self.error(node, problem.message.clone());
        }
        let parts = match parsed.items.first() {
            Some(&item) if parsed.tree.head(item) == Some(Head::StringConcat) => {
                parsed.tree.args(item).to_vec()
            }
            Some(&item) => vec![item],
            None => Vec::new(),
        };
        let parts: Vec<Node> = parts.iter().map(|&p| self.graft(&parsed.tree, p)).collect();
        Ok(self.call_base("LazyString", &parts))
    }

    /// Code of another tree, which stands at the place of the macro call.
    fn graft(&mut self, from: &Tree, node: Node) -> Node {
        let data = match from.data(node) {
            NodeData::Expr { head, .. } => {
                let args: Vec<Node> = from
                    .args(node)
                    .iter()
                    .map(|&a| self.graft(from, a))
                    .collect();
                return self.expr(*head, &args);
            }
            NodeData::Quote(inner) => NodeData::Quote(self.graft(from, *inner)),
            other => other.clone(),
        };
        self.add(data)
    }

    /// A read-only vector of bytes, `Base.codeunits` of a string.
    pub(super) fn byte_string(&mut self, node: Node, args: &[Node]) -> Expanded {
        let text = self.text_argument(node, args)?;
        match unescape(&text) {
            Ok(bytes) => {
                let string = self.string(&bytes);
                Ok(self.call_base("codeunits", &[string]))
            }
            Err(problem) => self.error(node, problem),
        }
    }

    /// The type of a MIME type, `Base.MIME{Symbol("…")}`.
    pub(super) fn mime_type(&mut self, node: Node, args: &[Node]) -> Expanded {
        let text = self.text_argument(node, args)?;
        let mime = self.base("MIME");
        let name = self.quoted_symbol(&text);
        Ok(self.curly(mime, &[name]))
    }

    /// A call of a function of `Base` with the text as it is.
    pub(super) fn text_call(&mut self, node: Node, args: &[Node], function: &str) -> Expanded {
        self.text_argument(node, args)?;
        Ok(self.call_base(function, args))
    }

    /// A regular expression; the letters behind the quotes are its flags.
    pub(super) fn regex(&mut self, node: Node, args: &[Node]) -> Expanded {
        let flags = match *args {
            [_] => self.string(b""),
            [_, flags] => flags,
            _ => return self.wrong_arguments(node),
        };
        let Some(letters) = self.literal_string(flags) else {
            return self.wrong_arguments(node);
        };
        if let Some(&letter) = letters.iter().find(|l| !b"imsxa".contains(l)) {
            let message = format!("unknown regex flag: {}", char::from(letter));
            return self.error(node, message);
        }
        self.text_argument(node, &args[..1])?;
        Ok(self.call_base("Regex", &[args[0], flags]))
    }

    /// A number of any size; `_` may separate digits.
    pub(super) fn big_literal(&mut self, node: Node, args: &[Node]) -> Expanded {
        let text = self.text_argument(node, args)?;
        let digits: String = text.chars().filter(|&c| c != '_').collect();
        let unsigned = digits.trim_start_matches(['+', '-']);
        let prefixed = ["0x", "0o", "0b"].iter().any(|p| unsigned.starts_with(p));
        let is_float = !prefixed && unsigned.contains(['.', 'e', 'E', 'I', 'N']);
        let ty = self.base(if is_float { "BigFloat" } else { "BigInt" });
        let digits = self.string(digits.as_bytes());
        Ok(self.call_base("parse", &[ty, digits]))
    }

    pub(super) fn wide_literal(&mut self, node: Node, args: &[Node], signed: bool) -> Expanded {
        let text = self.text_argument(node, args)?;
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.as_str()),
        };
        let number = if digits.starts_with("0x") {
            prefixed_integer(digits)
        } else {
            decimal_integer(digits, negative)
        };
        let (ty, limit) = if signed {
            (Type::INT128, i128::MAX as u128)
        } else {
            (Type::UINT128, u128::MAX)
        };
        let bits = match number {
            Ok(Number::Bits { bits, .. }) if negative => Some(bits as i64 as i128 as u128),
            Ok(Number::Bits { bits, .. }) => Some(u128::from(bits)),
            Ok(Number::Wide { bits, .. }) => Some(bits).filter(|&b| negative || b <= limit),
            // Larger than `Int128` but perhaps not than `UInt128`.
            Ok(Number::Big(digits)) if !signed => digits.parse().ok(),
            _ => None,
        };
        match bits.filter(|&b| signed || !negative || b == 0) {
            Some(bits) => Ok(self.add(NodeData::Wide { ty, bits })),
            None => self.error(node, "invalid 128-bit integer literal"),
        }
    }
}

/// The string literal whose text is this one but for what is interpolated into it.
fn interpolating_source(text: &str) -> String {
    let mut source = String::from("\"");
    // How many brackets are open since the last `$(`.
    let mut open = 0_u32;
    let mut before = ' ';
    for c in text.chars() {
        match c {
            '(' if open > 0 || before == '$' => open += 1,
            ')' => open = open.saturating_sub(1),
            '\\' | '"' if open == 0 => source.push('\\'),
            _ => {}
        }
        source.push(c);
        before = c;
    }
    source.push('"');
    source
}
