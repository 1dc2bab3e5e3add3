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
    let mut writer = Writer::new(tables);
    writer.tree(tree, items);
    writer.number(items.len() as u64);
    for &item in items {
        writer.reference(item);
    }
    writer.finish()
}

/// The tree and top-level nodes behind bytes; `None` if they are not what [`encode`] writes.
pub fn decode(bytes: &[u8], file: FileId, tables: &mut Tables) -> Option<(Tree, Vec<Node>)> {
    let mut reader = Reader::new(bytes, file, tables)?;
    let tree = reader.tree(tables)?;
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

/// Writes numbers, names and trees; the names go to a table in front.
pub(crate) struct Writer<'t> {
    tables: &'t Tables,
    strings: Vec<String>,
    index: HashMap<String, u64>,
    /// Numbers of the nodes that are written.
    numbers: Vec<u32>,
    out: Vec<u8>,
}

impl<'t> Writer<'t> {
    pub(crate) fn new(tables: &'t Tables) -> Self {
        Writer {
            tables,
            strings: Vec::new(),
            index: HashMap::new(),
            numbers: Vec::new(),
            out: Vec::new(),
        }
    }

    /// The table of names and what was written.
    pub(crate) fn finish(self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.out.len() + 64);
        number(&mut out, self.strings.len() as u64);
        for s in &self.strings {
            number(&mut out, s.len() as u64);
            out.extend_from_slice(s.as_bytes());
        }
        out.extend_from_slice(&self.out);
        out
    }

    pub(crate) fn number(&mut self, n: u64) {
        number(&mut self.out, n);
    }

    /// The nodes of a tree that are reached from some: macros leave others behind.
    pub(crate) fn tree(&mut self, tree: &Tree, roots: &[Node]) {
        let mut reached = vec![false; tree.len()];
        for root in roots {
            reached[root.index()] = true;
        }
        // Arguments come before what they are arguments of.
        for n in (0..tree.len()).rev() {
            let node = Node::new(n);
            if reached[n] {
                for arg in tree.args(node) {
                    reached[arg.index()] = true;
                }
                if let NodeData::Quote(inner) = tree.data(node) {
                    reached[inner.index()] = true;
                }
            }
        }
        let mut next = 0;
        self.numbers = reached
            .iter()
            .map(|&r| {
                next += u32::from(r);
                next.saturating_sub(1)
            })
            .collect();
        number(&mut self.out, u64::from(next));
        for n in (0..tree.len()).filter(|&n| reached[n]) {
            self.node(tree, Node::new(n));
        }
    }

    /// A node of the tree that was written, one of those reached.
    pub(crate) fn reference(&mut self, node: Node) {
        let n = self.numbers.get(node.index()).copied().unwrap_or(0);
        number(&mut self.out, u64::from(n));
    }

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

    pub(crate) fn name(&mut self, name: Name) {
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
                        // Nothing that is written here names other modules.
                        Home::Base | Home::Module(_) => 2,
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
            // The others stand for objects of a program, which nothing that is written here has.
            NodeData::Nothing | NodeData::Line { .. } | NodeData::Value(_) | NodeData::Shown(_) => {
                self.out.push(6)
            }
            NodeData::Quote(inner) => {
                self.out.push(7);
                self.reference(*inner);
            }
            NodeData::Expr { head, .. } => {
                self.out.push(8);
                match head {
                    Head::Other(name) => {
                        self.out.push(0);
                        self.name(*name);
                    }
                    known => {
                        let at = Head::KNOWN.iter().position(|k| k == known);
                        // There are fewer known heads than a byte has values.
                        self.out.push(at.map_or(0, |at| at as u8 + 1));
                    }
                }
                let args = tree.args(node);
                number(&mut self.out, args.len() as u64);
                for &arg in args {
                    self.reference(arg);
                }
            }
        }
        self.span(tree.span(node));
    }

    pub(crate) fn span(&mut self, span: Option<Span>) {
        match span {
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

/// Reads what a [`Writer`] has written.
pub(crate) struct Reader<'b> {
    bytes: &'b [u8],
    at: usize,
    file: FileId,
    names: Vec<Name>,
}

impl<'b> Reader<'b> {
    /// A reader behind the table of names.
    pub(crate) fn new(bytes: &'b [u8], file: FileId, tables: &mut Tables) -> Option<Self> {
        let mut reader = Reader {
            bytes,
            at: 0,
            file,
            names: Vec::new(),
        };
        let count = reader.count()?;
        reader.names.reserve_exact(count);
        for _ in 0..count {
            let len = reader.count()?;
            let text = std::str::from_utf8(reader.take(len)?).ok()?;
            reader.names.push(tables.names.intern(text));
        }
        Some(reader)
    }

    pub(crate) fn name(&mut self) -> Option<Name> {
        let i = self.count()?;
        self.names.get(i).copied()
    }

    /// All nodes of a tree.
    pub(crate) fn tree(&mut self, tables: &mut Tables) -> Option<Tree> {
        let count = self.count()?;
        let mut tree = Tree::with_capacity(count);
        let mut args: Vec<Node> = Vec::new();
        for n in 0..count {
            let node = |i: usize| (i < n).then(|| Node::new(i));
            let tag = *self.take(1)?.first()?;
            let data = match tag {
                0 => NodeData::Symbol(self.name()?),
                1 => {
                    let home = match self.count()? {
                        0 => Home::Current,
                        1 => Home::Core,
                        _ => Home::Base,
                    };
                    NodeData::GlobalRef(home, self.name()?)
                }
                2 => {
                    let ty = tables.data_type(self.name()?, &[]);
                    NodeData::Bits {
                        ty,
                        bits: self.number()?,
                    }
                }
                3 => {
                    let ty = tables.data_type(self.name()?, &[]);
                    let bits = u128::from_le_bytes(self.take(16)?.try_into().ok()?);
                    NodeData::Wide { ty, bits }
                }
                4 => {
                    let text = tables.names.str(self.name()?);
                    NodeData::BigInt(text.into())
                }
                5 => {
                    let len = self.count()?;
                    NodeData::String(self.take(len)?.into())
                }
                6 => NodeData::Nothing,
                7 => NodeData::Quote(node(self.count()?)?),
                8 => {
                    let known = usize::from(*self.take(1)?.first()?);
                    let head = match known {
                        0 => Head::Other(self.name()?),
                        known => *Head::KNOWN.get(known - 1)?,
                    };
                    let len = self.count()?;
                    args.clear();
                    for _ in 0..len {
                        args.push(node(self.count()?)?);
                    }
                    let span = self.span()?;
                    tree.expr(head, &args, span);
                    continue;
                }
                _ => return None,
            };
            let span = self.span()?;
            tree.add(data, span);
        }
        Some(tree)
    }

    pub(crate) fn take(&mut self, len: usize) -> Option<&'b [u8]> {
        let part = self.bytes.get(self.at..self.at.checked_add(len)?)?;
        self.at += len;
        Some(part)
    }

    pub(crate) fn number(&mut self) -> Option<u64> {
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
    pub(crate) fn count(&mut self) -> Option<usize> {
        let n = usize::try_from(self.number()?).ok()?;
        (n <= self.bytes.len()).then_some(n)
    }

    pub(crate) fn span(&mut self) -> Option<Option<Span>> {
        let start = self.number()?;
        if start == 0 {
            return Some(None);
        }
        let start = u32::try_from(start - 1).ok()?;
        let len = u32::try_from(self.number()?).ok()?;
        Some(Some(Span {
            file: self.file,
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
