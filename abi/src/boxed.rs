//! `Core.Boxed{T}`: the object that holds a value which is no object itself, so that its header can
//! tell what it is.

use crate::layout::layout;
use jlift_ir::decl::{Decl, Field, StructDecl};
use jlift_ir::{StructKind, Tables, Type};

/// The type of the objects that hold a value of type `ty`, declared. `ty` itself is declared, if it
/// needs to be.
pub fn boxed_type(tables: &mut Tables, ty: Type) -> Type {
    let boxed = tables.boxed(ty);
    if tables.decl(boxed).is_none() {
        let (size, align) = layout(tables, ty).map_or((0, 1), |l| (l.size, l.align.max(1)));
        let name = tables.names.intern("value");
        let decl = StructDecl {
            mutable: false,
            kind: StructKind::Heap,
            size: size.next_multiple_of(align),
            align,
            supertype: Type::ANY,
            initialized: 1,
            fields: vec![Field {
                name,
                ty,
                offset: 0,
                is_const: false,
            }],
        };
        tables.declare(boxed, Decl::Struct(decl));
    }
    boxed
}
