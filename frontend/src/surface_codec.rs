//! Surface trees as bytes: what a prelude made at build time is read back from. The format is
//! private to one build of the program; reading is bounded and total, but trusts its producer.
//!
//! ```text
//! strings: count, (length, bytes)…   nodes: count, node…   items: count, node index…
//! node: tag, payload, span (0, or 1 + start, length)
//! ```
//! All numbers are LEB128. A node's arguments come before it.

use crate::surface::Home;
use crate::surface::{FileId, Head, Node, NodeData, Span, Tree};
use cranelift_entity::EntityRef;
use hashbrown::HashMap;
use jlift_ir::{Name, Tables};

/// A tree and its top-level nodes as bytes.
pub fn encode(tree: &Tree, items: &[Node], tables: &Tables) -> Vec<u8> {
    let mut writer = Writer {
        tables,
        strings: Vec::new(),
        index: HashMap::new(),
        out: Vec::new(),
    };
    number(&mut writer.out, tree.len() as u64);
    for n in 0..tree.len() {
        writer.node(tree, Node::new(n));
    }
    number(&mut writer.out, items.len() as u64);
    for item in items {
        number(&mut writer.out, item.index() as u64);
    }
    let mut out = Vec::with_capacity(writer.out.len() + 64);
    number(&mut out, writer.strings.len() as u64);
    for s in &writer.strings {
        number(&mut out, s.len() as u64);
        out.extend_from_slice(s.as_bytes());
    }
    out.extend_from_slice(&writer.out);
    out
}

/// The tree and top-level nodes behind bytes; `None` if they are not what [`encode`] writes.
pub fn decode(bytes: &[u8], file: FileId, tables: &mut Tables) -> Option<(Tree, Vec<Node>)> {
    let mut reader = Reader { bytes, at: 0 };
    let count = reader.count()?;
    let mut names: Vec<Name> = Vec::with_capacity(count);
    for _ in 0..count {
        let len = reader.count()?;
        let text = std::str::from_utf8(reader.take(len)?).ok()?;
        names.push(tables.names.intern(text));
    }
    let count = reader.count()?;
    let mut tree = Tree::default();
    let mut args: Vec<Node> = Vec::new();
    for n in 0..count {
        let node = |i: usize| (i < n).then(|| Node::new(i));
        let tag = *reader.take(1)?.first()?;
        let name = |i: usize| names.get(i).copied();
        let data = match tag {
            0 => NodeData::Symbol(name(reader.count()?)?),
            1 => {
                let home = match reader.count()? {
                    0 => Home::Current,
                    1 => Home::Core,
                    _ => Home::Base,
                };
                NodeData::GlobalRef(home, name(reader.count()?)?)
            }
            2 => {
                let ty = tables.data_type(name(reader.count()?)?, &[]);
                NodeData::Bits {
                    ty,
                    bits: reader.number()?,
                }
            }
            3 => {
                let ty = tables.data_type(name(reader.count()?)?, &[]);
                let bits = u128::from_le_bytes(reader.take(16)?.try_into().ok()?);
                NodeData::Wide { ty, bits }
            }
            4 => {
                let text = tables.names.str(name(reader.count()?)?);
                NodeData::BigInt(text.into())
            }
            5 => {
                let len = reader.count()?;
                NodeData::String(reader.take(len)?.into())
            }
            6 => NodeData::Nothing,
            7 => NodeData::Quote(node(reader.count()?)?),
            8 => {
                let text = name(reader.count()?)?;
                let head = match Head::from_text(tables.names.str(text)) {
                    Some(head) => head,
                    None => Head::Other(text),
                };
                let len = reader.count()?;
                args.clear();
                for _ in 0..len {
                    args.push(node(reader.count()?)?);
                }
                let span = reader.span(file)?;
                tree.expr(head, &args, span);
                continue;
            }
            _ => return None,
        };
        let span = reader.span(file)?;
        tree.add(data, span);
    }
    let count = reader.count()?;
    let mut items = Vec::with_capacity(count);
    for _ in 0..count {
        let i = reader.count()?;
        if i >= tree.len() {
            return None;
        }
        items.push(Node::new(i));
    }
    Some((tree, items))
}

struct Writer<'t> {
    tables: &'t Tables,
    strings: Vec<String>,
    index: HashMap<String, u64>,
    out: Vec<u8>,
}

impl Writer<'_> {
    fn string(&mut self, text: &str) {
        let next = self.strings.len() as u64;
        let n = match self.index.get(text) {
            Some(&n) => n,
            None => {
                self.strings.push(text.to_string());
                self.index.insert(text.to_string(), next);
                next
            }
        };
        number(&mut self.out, n);
    }

    fn name(&mut self, name: Name) {
        let text = self.tables.names.str(name).to_string();
        self.string(&text);
    }

    fn ty(&mut self, ty: jlift_ir::Type) {
        let text = self.tables.type_name(ty).unwrap_or("Any").to_string();
        self.string(&text);
    }

    fn node(&mut self, tree: &Tree, node: Node) {
        match tree.data(node) {
            NodeData::Symbol(name) => {
                self.out.push(0);
                self.name(*name);
            }
            NodeData::GlobalRef(home, name) => {
                self.out.push(1);
                number(
                    &mut self.out,
                    match home {
                        Home::Current => 0,
                        Home::Core => 1,
                        Home::Base => 2,
                    },
                );
                self.name(*name);
            }
            NodeData::Bits { ty, bits } => {
                self.out.push(2);
                self.ty(*ty);
                number(&mut self.out, *bits);
            }
            NodeData::Wide { ty, bits } => {
                self.out.push(3);
                self.ty(*ty);
                self.out.extend_from_slice(&bits.to_le_bytes());
            }
            NodeData::BigInt(digits) => {
                self.out.push(4);
                self.string(digits);
            }
            NodeData::String(bytes) => {
                self.out.push(5);
                number(&mut self.out, bytes.len() as u64);
                self.out.extend_from_slice(bytes);
            }
            NodeData::Nothing => self.out.push(6),
            NodeData::Quote(inner) => {
                self.out.push(7);
                number(&mut self.out, inner.index() as u64);
            }
            NodeData::Expr { head, .. } => {
                self.out.push(8);
                match (head.known_text(), head) {
                    (Some(text), _) => self.string(text),
                    (None, Head::Other(name)) => self.name(*name),
                    (None, _) => self.string(""),
                }
                let args = tree.args(node);
                number(&mut self.out, args.len() as u64);
                for arg in args {
                    number(&mut self.out, arg.index() as u64);
                }
            }
        }
        match tree.span(node) {
            Some(span) => {
                number(&mut self.out, 1 + u64::from(span.start));
                number(
                    &mut self.out,
                    u64::from(span.end - span.start.min(span.end)),
                );
            }
            None => number(&mut self.out, 0),
        }
    }
}

fn number(out: &mut Vec<u8>, mut n: u64) {
    while n >= 0x80 {
        out.push(n as u8 | 0x80);
        n >>= 7;
    }
    out.push(n as u8);
}

struct Reader<'b> {
    bytes: &'b [u8],
    at: usize,
}

impl<'b> Reader<'b> {
    fn take(&mut self, len: usize) -> Option<&'b [u8]> {
        let part = self.bytes.get(self.at..self.at.checked_add(len)?)?;
        self.at += len;
        Some(part)
    }

    fn number(&mut self) -> Option<u64> {
        let mut n = 0u64;
        for shift in (0..64).step_by(7) {
            let byte = *self.bytes.get(self.at)?;
            self.at += 1;
            n |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(n);
            }
        }
        None
    }

    /// A length or an index: never more than there are bytes.
    fn count(&mut self) -> Option<usize> {
        let n = usize::try_from(self.number()?).ok()?;
        (n <= self.bytes.len()).then_some(n)
    }

    fn span(&mut self, file: FileId) -> Option<Option<Span>> {
        let start = self.number()?;
        if start == 0 {
            return Some(None);
        }
        let start = u32::try_from(start - 1).ok()?;
        let len = u32::try_from(self.number()?).ok()?;
        Some(Some(Span {
            file,
            start,
            end: start.checked_add(len)?,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round_trip(text: &str) {
        let mut tables = Tables::default();
        let parsed = crate::parse::parse(text.as_bytes(), FileId(3), &mut tables);
        assert!(parsed.diagnostics.is_empty(), "{text}");
        let bytes = encode(&parsed.tree, &parsed.items, &tables);
        let mut other = Tables::default();
        let (tree, items) = decode(&bytes, FileId(9), &mut other).expect("decodes");
        assert_eq!(items.len(), parsed.items.len());
        for (&a, &b) in parsed.items.iter().zip(&items) {
            let (x, y) = (
                crate::surface_text::to_text(&parsed.tree, a, &tables),
                crate::surface_text::to_text(&tree, b, &other),
            );
            assert_eq!(x, y);
            let (s, t) = (parsed.tree.span(a), tree.span(b));
            assert_eq!(s.map(|s| (s.start, s.end)), t.map(|s| (s.start, s.end)));
            assert_eq!(t.map(|s| s.file), Some(FileId(9)));
        }
    }

    #[test]
    fn trees_come_back_as_they_were() {
        round_trip("f(x, y = 2; k = :a, rest...) = x + y * 0x12 - 1.5f0 % 'c'");
        round_trip("struct P{T<:Real} <: Q\n  a::T\n  b::Vector{T}\nend");
        round_trip("x = \"a\\n$(y)b\"; z = 170141183460469231731687303715884105727; w = 1 << 200");
        round_trip("@inline function g(a...) where {T}\n  a .+= [i^2 for i in 1:3 if i != 2]\nend");
    }

    #[test]
    fn damaged_bytes_are_refused_or_read_without_panic() {
        let mut tables = Tables::default();
        let parsed = crate::parse::parse(b"f(x) = g(x, 1) + h(\"s\")", FileId(0), &mut tables);
        let bytes = encode(&parsed.tree, &parsed.items, &tables);
        for cut in 0..bytes.len() {
            assert!(decode(&bytes[..cut], FileId(0), &mut Tables::default()).is_none());
        }
        for at in 0..bytes.len() {
            for flip in [1u8, 0x40, 0x80, 0xff] {
                let mut broken = bytes.clone();
                broken[at] ^= flip;
                let _ = decode(&broken, FileId(0), &mut Tables::default());
            }
        }
    }
}
