//! The types of a group: all numbers, and a few tuples, structs, unions, arrays and objects made of them.

use crate::choices::Choices;
use arbitrary::Unstructured;
use jlift_abi::layout::layout;
use jlift_ir::decl::{Decl, Field, StructDecl};
use jlift_ir::{Module, StructKind, Tables, Type, TypeClass};

/// All integers.
pub(super) const INTEGERS: [Type; 10] = [
    Type::INT64,
    Type::INT32,
    Type::INT8,
    Type::INT16,
    Type::INT128,
    Type::UINT64,
    Type::UINT8,
    Type::UINT32,
    Type::UINT16,
    Type::UINT128,
];

/// All floats.
pub(super) const FLOATS: [Type; 3] = [Type::FLOAT64, Type::FLOAT32, Type::FLOAT16];

/// Types that groups of one module share.
pub struct Pool {
    pub(super) types: Types,
}

impl Pool {
    /// Makes types in a module. The number makes their names different from those of other pools.
    pub fn new(module: &mut Module, number: u64, u: &mut Unstructured) -> Pool {
        let mut c = Choices::new(u);
        let prefix = format!("Main.t{number}");
        Pool {
            types: Types::new(&mut module.tables, &prefix, &mut c),
        }
    }
}

/// The types of a group.
#[derive(Clone)]
pub(super) struct Types {
    /// Tuples and structs of plain bits.
    pub aggregates: Vec<Type>,
    /// Unions of plain bits.
    pub unions: Vec<Type>,
    /// Unions with references among their members.
    pub reference_unions: Vec<Type>,
    /// Tuples and structs with references.
    pub holders: Vec<Type>,
    pub arrays: Vec<Type>,
    /// Mutable structs.
    pub objects: Vec<Type>,
    pub pointers: Vec<Type>,
}

impl Types {
    pub fn new(tables: &mut Tables, prefix: &str, c: &mut Choices) -> Types {
        let divide = Decl::Singleton {
            supertype: Type::EXCEPTION,
        };
        tables.declare(Type::DIVIDE_ERROR, divide);
        let text = [("msg", Type::ABSTRACT_STRING)];
        exception(tables, Type::ERROR_EXCEPTION, &text);
        exception(tables, Type::UNDEF_VAR_ERROR, &[("var", Type::SYMBOL)]);
        let mut types = Types {
            aggregates: Vec::new(),
            unions: Vec::new(),
            reference_unions: Vec::new(),
            holders: Vec::new(),
            arrays: Vec::new(),
            objects: Vec::new(),
            pointers: Vec::new(),
        };
        for n in 0..c.between(1, 3) {
            let member = types.bits(c);
            let other = types.bits(c);
            let union = match c.below(3) {
                0 => tables.union(&[Type::NOTHING, member]),
                1 => tables.union(&[member, other]),
                _ => tables.union(&[Type::NOTHING, member, other]),
            };
            if tables.members(union).len() > 1 {
                types.unions.push(union);
            }
            let fields: Vec<Type> = (0..c.between(1, 3)).map(|_| types.part(c)).collect();
            let aggregate = match c.below(2) {
                0 => tables.tuple(&fields),
                _ => {
                    let kind = (false, StructKind::Inline);
                    declare(tables, &format!("{prefix}S{n}"), kind, &fields, None)
                }
            };
            if tables.is_bits(aggregate) {
                types.aggregates.push(aggregate);
            }
        }
        // Tuples of one type can be indexed by numbers that are not constant.
        let of = types.scalar(c);
        types.aggregates.push(tables.tuple(&[of, of, of]));
        for _ in 0..c.between(1, 2) {
            let elem = types.element(c);
            let dims = 1 + c.weighted(&[15, 4, 1]) as u64;
            types.arrays.push(tables.array(elem, dims));
            let pointee = types.scalar(c);
            types.pointers.push(tables.ptr(pointee));
        }
        types.references(tables, prefix, c);
        types
    }

    /// Objects, and what holds references.
    fn references(&mut self, tables: &mut Tables, prefix: &str, c: &mut Choices) {
        for n in 0..c.below(3) {
            let name = format!("{prefix}M{n}");
            let own = tables.nominal(&name, &[]);
            let mut fields: Vec<Type> = (0..c.between(1, 2)).map(|_| self.part(c)).collect();
            if let Some(array) = c.one(&self.arrays) {
                match c.below(3) {
                    0 => {}
                    1 => fields.push(array),
                    _ => fields.push(tables.union(&[Type::NOTHING, array])),
                }
            }
            if c.percent(40) {
                fields.push(tables.union(&[Type::NOTHING, own]));
            }
            let kind = (true, StructKind::Heap);
            let object = declare(tables, &name, kind, &fields, Some(own));
            self.objects.push(object);
            self.reference_unions
                .push(tables.union(&[Type::NOTHING, object]));
            let other = self.scalar(c);
            self.holders.push(tables.tuple(&[object, other]));
        }
        if c.percent(40) {
            let union = tables.union(&[Type::NOTHING, Type::STRING]);
            self.reference_unions.push(union);
        }
        if let (Some(array), true) = (c.one(&self.arrays), c.percent(50)) {
            let number = self.scalar(c);
            self.reference_unions.push(tables.union(&[number, array]));
            let fields = [array, number];
            let kind = (false, StructKind::InlineWithReferences);
            let holder = declare(tables, &format!("{prefix}H"), kind, &fields, None);
            self.holders.push(holder);
        }
        // Arrays of references.
        if let (Some(object), true) = (c.one(&self.objects), c.percent(40)) {
            self.arrays.push(tables.array(object, 1));
        }
        if let (Some(array), true) = (c.one(&self.arrays), c.percent(30)) {
            self.arrays.push(tables.array(array, 1));
        }
    }

    /// A number.
    pub fn scalar(&self, c: &mut Choices) -> Type {
        match c.weighted(&[8, 5, 2, 1]) {
            0 => self.integer(c),
            1 => self.float(c),
            2 => Type::BOOL,
            _ => Type::CHAR,
        }
    }

    pub fn integer(&self, c: &mut Choices) -> Type {
        let n = c.weighted(&[8, 4, 3, 2, 2, 4, 3, 3, 2, 2]);
        INTEGERS.get(n).copied().unwrap_or(Type::INT64)
    }

    pub fn float(&self, c: &mut Choices) -> Type {
        let n = c.weighted(&[4, 3, 2]);
        FLOATS.get(n).copied().unwrap_or(Type::FLOAT64)
    }

    /// A number, tuple or struct of plain bits.
    fn bits(&self, c: &mut Choices) -> Type {
        match c.below(3) {
            0 => c.one(&self.aggregates).unwrap_or(Type::INT64),
            _ => self.scalar(c),
        }
    }

    /// What a field may hold without references.
    fn part(&self, c: &mut Choices) -> Type {
        match c.below(6) {
            0 => c.one(&self.unions).unwrap_or(Type::INT64),
            1 => c.one(&self.aggregates).unwrap_or(Type::FLOAT64),
            _ => self.scalar(c),
        }
    }

    /// What an array of plain bits may hold.
    fn element(&self, c: &mut Choices) -> Type {
        match c.below(6) {
            0 => c.one(&self.unions).unwrap_or(Type::UINT8),
            1 => c.one(&self.aggregates).unwrap_or(Type::INT64),
            _ => self.scalar(c),
        }
    }

    /// What a variable or argument may be.
    pub fn any(&self, c: &mut Choices) -> Type {
        let other = match c.weighted(&[24, 8, 8, 4, 4, 6, 6, 1]) {
            0 => None,
            1 => c.one(&self.aggregates),
            2 => c.one(&self.unions),
            3 => c.one(&self.reference_unions),
            4 => c.one(&self.holders),
            5 => c.one(&self.arrays),
            6 => c.one(&self.objects),
            _ => Some(Type::STRING),
        };
        other.unwrap_or_else(|| self.scalar(c))
    }

    /// The type of a parameter.
    pub fn param(&self, c: &mut Choices, is_root: bool) -> Type {
        if c.percent(15) {
            return c.one(&self.pointers).unwrap_or(Type::INT64);
        }
        match is_root {
            false => self.any(c),
            true => {
                let other = match c.weighted(&[10, 3, 2]) {
                    0 => None,
                    1 => c.one(&self.aggregates),
                    // The first array is one of plain bits.
                    _ => self.arrays.first().copied(),
                };
                other.unwrap_or_else(|| self.scalar(c))
            }
        }
    }

    /// The type of a result.
    pub fn result(&self, c: &mut Choices, is_root: bool) -> Type {
        match is_root {
            false => self.any(c),
            true => {
                let other = match c.weighted(&[10, 4, 2, 2, 1]) {
                    0 => None,
                    1 => c.one(&self.aggregates),
                    2 => self.arrays.first().copied(),
                    3 => c.one(&self.unions),
                    _ => Some(Type::STRING),
                };
                other.unwrap_or_else(|| self.scalar(c))
            }
        }
    }
}

/// Declares an exception that holds references.
fn exception(tables: &mut Tables, ty: Type, fields: &[(&str, Type)]) {
    let mut all = Vec::with_capacity(fields.len());
    for (n, &(name, ty)) in fields.iter().enumerate() {
        all.push(Field {
            name: tables.names.intern(name),
            ty,
            offset: 8 * n as u32,
            is_const: false,
        });
    }
    let decl = StructDecl {
        mutable: false,
        kind: StructKind::InlineWithReferences,
        size: 8 * all.len() as u32,
        align: 8,
        supertype: Type::EXCEPTION,
        initialized: all.len() as u32,
        fields: all,
    };
    tables.declare(ty, Decl::Struct(decl));
}

/// Declares a struct with the layout of C; an object's is that behind its header.
fn declare(
    tables: &mut Tables,
    name: &str,
    (mutable, kind): (bool, StructKind),
    types: &[Type],
    own: Option<Type>,
) -> Type {
    let ty = own.unwrap_or_else(|| tables.nominal(name, &[]));
    let (mut end, mut align) = (0u32, 1u32);
    let mut fields = Vec::with_capacity(types.len());
    for (n, &field) in types.iter().enumerate() {
        // A reference to itself is what an undeclared type is taken for.
        let (size, of) = match layout(tables, field) {
            Ok(layout) => (layout.size, layout.align),
            Err(_) => (8, 8),
        };
        let offset = end.next_multiple_of(of);
        end = offset + size;
        align = align.max(of);
        fields.push(Field {
            name: tables.names.intern(&format!("x{}", n + 1)),
            ty: field,
            offset,
            is_const: false,
        });
    }
    // A reference at the end of an object may be left out.
    let last = types.last().map(|&ty| tables.class(ty));
    let may_be_unset = mutable && matches!(last, Some(TypeClass::Array | TypeClass::Heap));
    let decl = StructDecl {
        mutable,
        kind,
        size: end.next_multiple_of(align),
        align,
        supertype: Type::ANY,
        initialized: fields.len() as u32 - u32::from(may_be_unset),
        fields,
    };
    tables.declare(ty, Decl::Struct(decl));
    ty
}
