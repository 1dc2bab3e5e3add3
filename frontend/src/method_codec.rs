//! The methods of one definition as bytes: macros expanded, optional and keyword arguments taken
//! apart, bodies as surface trees. What a prelude made at build time is read back from. As in
//! [`crate::surface_codec`], reading is bounded and total, but trusts its producer.

use crate::lowered::{MethodBody, MethodDef, MethodOwner, ParamDef, TypeVar};
use crate::surface::{FileId, Node, Tree};
use crate::surface_codec::{Reader, Writer};
use cranelift_entity::EntityRef;
use jlift_ir::Tables;
use std::sync::Arc;

/// The methods as bytes; `None` if they do not share one tree, or one is a closure's.
pub fn encode(methods: &[Arc<MethodDef>], tables: &Tables) -> Option<Vec<u8>> {
    let tree = &methods.first()?.tree;
    let mut roots = Vec::new();
    for def in methods {
        let (MethodBody::Surface(body), true) = (&def.body, Arc::ptr_eq(tree, &def.tree)) else {
            return None;
        };
        let (MethodOwner::Function(owner) | MethodOwner::Callable(owner)) = def.owner else {
            return None;
        };
        roots.extend([*body, owner]);
        roots.extend(def.params.iter().filter_map(|p| p.ty));
        let bounds = def.type_vars.iter().flat_map(|v| [v.lower, v.upper]);
        roots.extend(bounds.flatten());
    }
    let mut writer = Writer::new(tables);
    writer.tree(tree, &roots);
    writer.number(methods.len() as u64);
    for def in methods {
        let (callable, owner) = match def.owner {
            MethodOwner::Callable(node) => (1, node),
            MethodOwner::Function(node) => (0, node),
            MethodOwner::Closure | MethodOwner::ClosureKeywords => return None,
        };
        writer.number(callable);
        writer.reference(owner);
        writer.name(def.name);
        writer.name(def.self_name);
        writer.number(def.type_vars.len() as u64);
        for var in &def.type_vars {
            writer.name(var.name);
            optional(&mut writer, var.lower);
            optional(&mut writer, var.upper);
        }
        writer.number(def.params.len() as u64);
        for param in &def.params {
            writer.name(param.name);
            optional(&mut writer, param.ty);
            writer.number(u64::from(param.vararg));
        }
        if let MethodBody::Surface(body) = def.body {
            writer.reference(body);
        }
        writer.number(def.keywords.len() as u64);
        for &name in &def.keywords {
            writer.name(name);
        }
        writer.span(def.span);
        writer.number(u64::from(def.generated));
    }
    Some(writer.finish())
}

fn optional(writer: &mut Writer<'_>, node: Option<Node>) {
    writer.number(u64::from(node.is_some()));
    if let Some(node) = node {
        writer.reference(node);
    }
}

/// The methods behind bytes; `None` if they are not what [`encode`] writes.
pub fn decode(bytes: &[u8], file: FileId, tables: &mut Tables) -> Option<Vec<Arc<MethodDef>>> {
    let mut reader = Reader::new(bytes, file, tables)?;
    let tree = Arc::new(reader.tree(tables)?);
    let count = reader.count()?;
    let mut methods = Vec::with_capacity(count);
    for _ in 0..count {
        let callable = reader.count()? != 0;
        let owner = read_node(&mut reader, &tree)?;
        let (name, self_name) = (reader.name()?, reader.name()?);
        let len = reader.count()?;
        let mut type_vars = Vec::with_capacity(len);
        for _ in 0..len {
            type_vars.push(TypeVar {
                name: reader.name()?,
                lower: read_optional(&mut reader, &tree)?,
                upper: read_optional(&mut reader, &tree)?,
            });
        }
        let len = reader.count()?;
        let mut params = Vec::with_capacity(len);
        for _ in 0..len {
            params.push(ParamDef {
                name: reader.name()?,
                ty: read_optional(&mut reader, &tree)?,
                vararg: reader.count()? != 0,
            });
        }
        let body = read_node(&mut reader, &tree)?;
        let len = reader.count()?;
        let mut keywords = Vec::with_capacity(len);
        for _ in 0..len {
            keywords.push(reader.name()?);
        }
        methods.push(Arc::new(MethodDef {
            owner: match callable {
                true => MethodOwner::Callable(owner),
                false => MethodOwner::Function(owner),
            },
            name,
            self_name,
            tree: tree.clone(),
            type_vars,
            params,
            body: MethodBody::Surface(body),
            keywords,
            span: reader.span()?,
            generated: reader.count()? != 0,
        }));
    }
    Some(methods)
}

fn read_node(reader: &mut Reader<'_>, tree: &Tree) -> Option<Node> {
    let n = reader.count()?;
    (n < tree.len()).then(|| Node::new(n))
}

fn read_optional(reader: &mut Reader<'_>, tree: &Tree) -> Option<Option<Node>> {
    match reader.count()? {
        0 => Some(None),
        _ => Some(Some(read_node(reader, tree)?)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lower::{LowerContext, lower_body, lower_file};
    use crate::lowered::Item;
    use crate::lowered_text::code_text;

    fn methods(text: &str, tables: &mut Tables) -> Vec<Arc<MethodDef>> {
        let parsed = crate::parse::parse(text.as_bytes(), FileId(0), tables);
        let ctx = &mut LowerContext::default();
        let (items, errors) = lower_file(Arc::new(parsed.tree), &parsed.items, ctx, tables);
        assert!(errors.is_empty(), "{errors:?}");
        let method = |item| match item {
            Item::Method(def) => def,
            _ => panic!("{text}"),
        };
        items.into_iter().map(method).collect()
    }

    const TEXTS: &[&str] = &[
        "f(x::T, y = 2; k::Int = 1, rest...) where {S, S<:T<:Real} = x + y * k",
        "(p::Poly{T})(x, xs::T...) where T = evaluate(p, x; c = 'c')",
        "function Base.show(io::IO, ::Union{A, Vector{<:B}})::Nothing\n  print(io, \"a\")\nend",
    ];

    #[test]
    fn methods_come_back_with_the_same_signatures_and_bodies() {
        for text in TEXTS {
            let mut tables = Tables::default();
            let before = methods(text, &mut tables);
            let bytes = encode(&before, &tables).expect("one tree");
            let mut other = Tables::default();
            let after = decode(&bytes, FileId(7), &mut other).expect("decodes");
            assert_eq!(before.len(), after.len());
            for (a, b) in before.iter().zip(&after) {
                let shown = |def: &MethodDef, tables: &mut Tables| {
                    let ctx = &mut LowerContext::default();
                    let code = lower_body(def, ctx, tables).expect("lowers");
                    let signature = crate::lowered_text::method_text(def, tables);
                    (code_text(&code, tables), signature, def.generated)
                };
                assert_eq!(shown(a, &mut tables), shown(b, &mut other), "{text}");
                assert_eq!(b.span.map(|s| s.file), Some(FileId(7)));
            }
        }
    }

    #[test]
    fn damaged_bytes_are_refused_or_read_without_panic() {
        let mut tables = Tables::default();
        let before = methods(TEXTS[0], &mut tables);
        let bytes = encode(&before, &tables).expect("one tree");
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
