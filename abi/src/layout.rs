//! Data layout of Julia's types on 64-bit targets: size, alignment, field offsets and the scalars
//! that an aggregate consists of. The rules are those of C, plus Julia's for what C has not:
//! fields without data take no room, a small union of plain-bits types is its largest member
//! followed by one selector byte, and everything that is not stored inline is a reference. Unlike
//! Julia, a union may have references among its members and is still stored so: `Union{Nothing,
//! String}` is 8 bytes and a selector, not a reference to either.
//!
//! Declarations in the input only claim a layout. [`layout`] computes it from the field types, and
//! [`check_declared`] compares. The one thing a declaration decides is the alignment of its own
//! 128-bit fields, 8 in Julia 1.10 on x86-64 and 16 elsewhere: 8 is taken unless only 16 explains
//! the declaration. Input may be hostile: recursion, depth and sizes are bounded.

mod error;
mod leaves;

pub(crate) use error::short_text;
pub use error::{LayoutError, LayoutProblem};
pub use leaves::{Leaf, Scalar, leaves, scalar};

use crate::object::REFERENCE_SIZE;
use jlift_ir::decl::Decl;
use jlift_ir::{StructKind, Tables, Type, TypeClass};
use std::collections::HashMap;
use std::rc::Rc;

/// Structs may nest this deep.
pub const MAX_DEPTH: u32 = 100;
/// No type may be larger than this many bytes.
pub const MAX_SIZE: u32 = 1 << 30;
/// A union of more members than this is not stored inline: the selector is one byte.
pub const MAX_UNION_MEMBERS: usize = 127;
/// Alignment of `Int128` and `UInt128` where no declaration says otherwise.
pub const INT128_ALIGN: u32 = 8;

/// Where a field stands.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct FieldLayout {
    pub ty: Type,
    /// In bytes from the start of the aggregate.
    pub offset: u32,
    /// Bytes that the field takes: 8 for a reference, 0 for a field without data.
    pub size: u32,
}

/// How the values of a type are stored in a field, an array or behind a pointer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Layout {
    /// In bytes; a multiple of `align` except for unions.
    pub size: u32,
    /// In bytes, a power of two.
    pub align: u32,
    /// The fields of a tuple or struct in order, empty for everything else.
    pub fields: Vec<FieldLayout>,
}

impl Layout {
    /// Distance of the elements of an array.
    pub fn stride(&self) -> u32 {
        self.size.next_multiple_of(self.align)
    }

    fn plain(size: u32, align: u32) -> Layout {
        Layout {
            size,
            align,
            fields: Vec::new(),
        }
    }

    fn reference() -> Layout {
        Layout::plain(REFERENCE_SIZE, REFERENCE_SIZE)
    }
}

/// The layout of the values of a type. Types whose values live on the heap, and abstract ones, are
/// references here; see [`object_layout`] for what is behind them.
pub fn layout(tables: &Tables, ty: Type) -> Result<Layout, LayoutError> {
    let layout = Calculator::new(tables).layout(ty)?;
    Ok(Rc::unwrap_or_clone(layout))
}

/// The layout of the payload of a declared heap object, from the end of its header; of any other
/// type what [`layout`] says.
pub fn object_layout(tables: &Tables, ty: Type) -> Result<Layout, LayoutError> {
    let layout = match tables.class(ty) {
        TypeClass::Heap => Calculator::new(tables).declared_struct(ty)?,
        _ => Calculator::new(tables).layout(ty)?,
    };
    Ok(Rc::unwrap_or_clone(layout))
}

/// Whether the values of a union are stored inline, with a selector byte after the payload: the
/// representation of every member is known.
pub fn is_small_union(tables: &Tables, ty: Type) -> bool {
    let members = tables.members(ty);
    tables.class(ty) == TypeClass::Union
        && members.len() <= MAX_UNION_MEMBERS
        && members.iter().all(|&m| match tables.class(m) {
            TypeClass::Heap
            | TypeClass::Array
            | TypeClass::String
            | TypeClass::Symbol
            | TypeClass::InlineWithReferences => true,
            _ => tables.is_bits(m) && tables.type_of_type(m).is_none(),
        })
}

/// What the selector of a small union is for its first member; the others follow in the order of
/// [`Tables::members`]. A union with references counts from 1: memory for references is zeroed
/// when it is made, and a selector of 0 says that there is no value yet.
pub fn first_selector(tables: &Tables, ty: Type) -> u8 {
    u8::from(!tables.is_bits(ty))
}

/// Bytes of the payload of a small union, which is the offset of its selector.
pub fn union_payload(tables: &Tables, ty: Type) -> Result<Option<u32>, LayoutError> {
    if !is_small_union(tables, ty) {
        return Ok(None);
    }
    Ok(Some(layout(tables, ty)?.size - 1))
}

/// Compares what a declaration says of size, alignment, offsets and kind with the computed layout.
/// Types without a declaration pass. Where a type holds references, the claim may also be that of
/// Julia itself, for whom unions with references are references.
pub fn check_declared(tables: &Tables, ty: Type) -> Result<(), LayoutError> {
    let own = check_declared_with(tables, ty, Calculator::new(tables));
    if own.is_err()
        && matches!(
            tables.class(ty),
            TypeClass::Heap | TypeClass::InlineWithReferences
        )
    {
        let mut julia = Calculator::new(tables);
        julia.boxed_unions = true;
        if check_declared_with(tables, ty, julia).is_ok() {
            return Ok(());
        }
    }
    own
}

fn check_declared_with(
    tables: &Tables,
    ty: Type,
    mut calculator: Calculator,
) -> Result<(), LayoutError> {
    let fail = |problem| Err(LayoutError::new(tables, ty, problem));
    let decl = match tables.decl(ty) {
        None | Some(Decl::Singleton { .. }) => return Ok(()),
        Some(Decl::Primitive { .. }) => return layout(tables, ty).map(drop),
        Some(Decl::Struct(decl)) => decl,
    };
    let computed = calculator.declared_struct(ty)?;
    for (field, place) in decl.fields.iter().zip(&computed.fields) {
        if field.offset != place.offset {
            return fail(LayoutProblem::Offset {
                field: tables.names.str(field.name).to_owned(),
                declared: field.offset,
                computed: place.offset,
            });
        }
        let inline = match tables.class(field.ty) {
            TypeClass::Union => tables.is_bits(field.ty) && is_small_union(tables, field.ty),
            _ => tables.is_bits(field.ty) && tables.type_of_type(field.ty).is_none(),
        };
        if decl.kind == StructKind::Inline && !inline {
            return fail(LayoutProblem::HoldsReference(
                tables.names.str(field.name).to_owned(),
            ));
        }
    }
    if decl.kind != StructKind::Heap && decl.mutable {
        return fail(LayoutProblem::MutableInline);
    }
    if decl.size != computed.size {
        return fail(LayoutProblem::Size {
            declared: decl.size,
            computed: computed.size,
        });
    }
    // Heap objects are aligned by their allocator, so more than needed is no contradiction.
    if decl.align != computed.align
        && !(decl.kind == StructKind::Heap && decl.align > computed.align)
    {
        return fail(LayoutProblem::Align {
            declared: decl.align,
            computed: computed.align,
        });
    }
    Ok(())
}

/// [`check_declared`] for every declaration, in their order.
pub fn check_all_declared(tables: &Tables) -> Vec<LayoutError> {
    tables
        .declared()
        .iter()
        .filter_map(|&ty| check_declared(tables, ty).err())
        .collect()
}

/// Computes layouts, each type once: structs form graphs, and walking all paths would take
/// exponential time.
pub(crate) struct Calculator<'t> {
    pub(crate) tables: &'t Tables,
    /// `None` while the type is being computed.
    memo: HashMap<Type, Option<Rc<Layout>>>,
    depth: u32,
    /// As Julia does it: unions with references are references.
    boxed_unions: bool,
}

impl<'t> Calculator<'t> {
    pub(crate) fn new(tables: &'t Tables) -> Self {
        Self {
            tables,
            memo: HashMap::new(),
            depth: 0,
            boxed_unions: false,
        }
    }

    fn error(&self, ty: Type, problem: LayoutProblem) -> LayoutError {
        LayoutError::new(self.tables, ty, problem)
    }

    /// What [`layout`] answers.
    pub(crate) fn layout(&mut self, ty: Type) -> Result<Rc<Layout>, LayoutError> {
        let plain = match self.tables.class(ty) {
            TypeClass::Bottom | TypeClass::Singleton => Layout::plain(0, 1),
            TypeClass::Primitive(bits) => match bits {
                8 | 16 | 32 | 64 => Layout::plain(bits / 8, bits / 8),
                128 => Layout::plain(16, INT128_ALIGN),
                _ => return Err(self.error(ty, LayoutProblem::PrimitiveWidth(bits))),
            },
            TypeClass::Pointer
            | TypeClass::Heap
            | TypeClass::Array
            | TypeClass::String
            | TypeClass::Symbol
            | TypeClass::Abstract => Layout::reference(),
            TypeClass::Union if !is_small_union(self.tables, ty) => Layout::reference(),
            TypeClass::Union if self.boxed_unions && !self.tables.is_bits(ty) => {
                Layout::reference()
            }
            TypeClass::Union => return self.memoized(ty, |this| this.union(ty)),
            TypeClass::Inline | TypeClass::InlineWithReferences => {
                let Some(elems) = self.tables.tuple_elems(ty) else {
                    return self.declared_struct(ty);
                };
                return self.memoized(ty, |this| this.aggregate(ty, &elems, None));
            }
        };
        Ok(Rc::new(plain))
    }

    /// A declared struct, on the heap or not, as an aggregate of its fields.
    fn declared_struct(&mut self, ty: Type) -> Result<Rc<Layout>, LayoutError> {
        let Some(Decl::Struct(decl)) = self.tables.decl(ty) else {
            return Ok(Rc::new(Layout::plain(0, 1)));
        };
        self.memoized(ty, |this| {
            let fields: Vec<Type> = decl.fields.iter().map(|f| f.ty).collect();
            let agrees = |l: &Layout| {
                let offsets = decl.fields.iter().zip(&l.fields);
                l.size == decl.size
                    && l.align == decl.align
                    && offsets.into_iter().all(|(f, p)| f.offset == p.offset)
            };
            let usual = this.aggregate(ty, &fields, Some(INT128_ALIGN))?;
            if agrees(&usual) {
                return Ok(usual);
            }
            match this.aggregate(ty, &fields, Some(16)) {
                Ok(other) if agrees(&other) => Ok(other),
                _ => Ok(usual),
            }
        })
    }

    fn memoized(
        &mut self,
        ty: Type,
        compute: impl FnOnce(&mut Self) -> Result<Layout, LayoutError>,
    ) -> Result<Rc<Layout>, LayoutError> {
        match self.memo.get(&ty) {
            Some(Some(layout)) => return Ok(layout.clone()),
            Some(None) => return Err(self.error(ty, LayoutProblem::Recursive)),
            None => {}
        }
        if self.depth >= MAX_DEPTH {
            return Err(self.error(ty, LayoutProblem::TooDeep));
        }
        self.memo.insert(ty, None);
        self.depth += 1;
        let layout = compute(self);
        self.depth -= 1;
        // A failure must not look like a recursion to a second attempt.
        let layout = layout.map(Rc::new).inspect_err(|_| {
            self.memo.remove(&ty);
        })?;
        self.memo.insert(ty, Some(layout.clone()));
        Ok(layout)
    }

    /// Fields one after the other, each at the next multiple of its alignment. `wide` is the
    /// alignment of 128-bit fields of a declared struct, and `None` for a tuple.
    fn aggregate(
        &mut self,
        owner: Type,
        fields: &[Type],
        wide: Option<u32>,
    ) -> Result<Layout, LayoutError> {
        let mut places = Vec::with_capacity(fields.len());
        let (mut end, mut align) = (0u64, 1u32);
        for &ty in fields {
            let (size, field_align) = self.slot(ty, wide)?;
            align = align.max(field_align);
            let offset = end.next_multiple_of(field_align.into());
            end = offset + u64::from(size);
            if end > u64::from(MAX_SIZE) {
                return Err(self.error(owner, LayoutProblem::TooLarge));
            }
            places.push(FieldLayout {
                ty,
                offset: offset as u32,
                size,
            });
        }
        // `end` is at most `MAX_SIZE`, a multiple of every alignment.
        Ok(Layout {
            size: end.next_multiple_of(align.into()) as u32,
            align,
            fields: places,
        })
    }

    /// Size and alignment of a field. A type as a value is an object of Julia's runtime, to which
    /// a declared struct holds a reference; in a tuple of this IR it carries no data.
    fn slot(&mut self, ty: Type, wide: Option<u32>) -> Result<(u32, u32), LayoutError> {
        if wide.is_some() && self.tables.type_of_type(ty).is_some() {
            return Ok((REFERENCE_SIZE, REFERENCE_SIZE));
        }
        let layout = self.layout(ty)?;
        let align = match (wide, self.tables.class(ty)) {
            (Some(wide), TypeClass::Primitive(128)) => wide,
            _ => layout.align,
        };
        Ok((layout.size, align))
    }

    fn union(&mut self, ty: Type) -> Result<Layout, LayoutError> {
        let (mut size, mut align) = (0, 1);
        for member in self.tables.members(ty) {
            let layout = self.layout(member)?;
            size = size.max(layout.size);
            align = align.max(layout.align);
        }
        if size >= MAX_SIZE {
            return Err(self.error(ty, LayoutProblem::TooLarge));
        }
        Ok(Layout::plain(size + 1, align))
    }
}
