//! An inline aggregate as the list of its scalars in memory order. Knows nothing of registers.

use super::{Calculator, LayoutError, LayoutProblem};
use jlift_ir::{Tables, Type, TypeClass};

/// A machine scalar.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Scalar {
    I8,
    I16,
    I32,
    I64,
    I128,
    F16,
    F32,
    F64,
    /// A pointer or a reference.
    Ptr,
}

impl Scalar {
    /// In bytes.
    pub fn size(self) -> u32 {
        match self {
            Scalar::I8 => 1,
            Scalar::I16 | Scalar::F16 => 2,
            Scalar::I32 | Scalar::F32 => 4,
            Scalar::I64 | Scalar::F64 | Scalar::Ptr => 8,
            Scalar::I128 => 16,
        }
    }

    pub fn is_float(self) -> bool {
        matches!(self, Scalar::F16 | Scalar::F32 | Scalar::F64)
    }

    /// The integer scalar of 1, 2, 4, 8 or 16 bytes.
    pub fn integer(bytes: u32) -> Option<Scalar> {
        Some(match bytes {
            1 => Scalar::I8,
            2 => Scalar::I16,
            4 => Scalar::I32,
            8 => Scalar::I64,
            16 => Scalar::I128,
            _ => return None,
        })
    }
}

/// One scalar of an aggregate.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Leaf {
    /// In bytes from the start of the aggregate.
    pub offset: u32,
    pub scalar: Scalar,
}

/// The scalar that a value of the type is, if it is exactly one: numbers, pointers, references.
pub fn scalar(tables: &Tables, ty: Type) -> Option<Scalar> {
    match ty {
        Type::FLOAT16 => return Some(Scalar::F16),
        Type::FLOAT32 => return Some(Scalar::F32),
        Type::FLOAT64 => return Some(Scalar::F64),
        _ => {}
    }
    match tables.class(ty) {
        TypeClass::Primitive(bits) if bits % 8 == 0 => Scalar::integer(bits / 8),
        TypeClass::Union if super::is_small_union(tables, ty) => None,
        TypeClass::Pointer
        | TypeClass::Heap
        | TypeClass::Array
        | TypeClass::String
        | TypeClass::Symbol
        | TypeClass::Union
        | TypeClass::Abstract => Some(Scalar::Ptr),
        _ => None,
    }
}

/// The scalars of a value in memory order, without padding and fields that carry no data. The
/// payload of a small union counts as integers, as large as its alignment allows, and its selector
/// as one [`Scalar::I8`]. More than `limit` scalars are an error.
pub fn leaves(tables: &Tables, ty: Type, limit: usize) -> Result<Vec<Leaf>, LayoutError> {
    let mut walk = Walk {
        calculator: Calculator::new(tables),
        root: ty,
        limit,
        // Fields without data make no leaves but take time.
        visits: 1024 + 64 * limit.min(1 << 16),
        leaves: Vec::new(),
    };
    walk.visit(ty, 0)?;
    Ok(walk.leaves)
}

struct Walk<'t> {
    calculator: Calculator<'t>,
    root: Type,
    limit: usize,
    visits: usize,
    leaves: Vec<Leaf>,
}

impl Walk<'_> {
    fn push(&mut self, offset: u32, scalar: Scalar) -> Result<(), LayoutError> {
        if self.leaves.len() >= self.limit {
            return self.too_many();
        }
        self.leaves.push(Leaf { offset, scalar });
        Ok(())
    }

    fn too_many(&self) -> Result<(), LayoutError> {
        Err(LayoutError::new(
            self.calculator.tables,
            self.root,
            LayoutProblem::TooManyLeaves(self.limit),
        ))
    }

    fn visit(&mut self, ty: Type, offset: u32) -> Result<(), LayoutError> {
        if self.visits == 0 {
            return self.too_many();
        }
        self.visits -= 1;
        let tables = self.calculator.tables;
        let layout = self.calculator.layout(ty)?;
        if layout.size == 0 {
            return Ok(());
        }
        if let Some(scalar) = scalar(tables, ty) {
            return self.push(offset, scalar);
        }
        if tables.class(ty) == TypeClass::Union {
            return self.payload(offset, layout.size - 1, layout.align);
        }
        for field in &layout.fields {
            self.visit(field.ty, offset + field.offset)?;
        }
        Ok(())
    }

    fn payload(&mut self, start: u32, size: u32, align: u32) -> Result<(), LayoutError> {
        let mut at = 0;
        while at < size {
            let mut bytes = align.min(8);
            while bytes > size - at {
                bytes /= 2;
            }
            let scalar = Scalar::integer(bytes).unwrap_or(Scalar::I8);
            self.push(start + at, scalar)?;
            at += bytes;
        }
        self.push(start + size, Scalar::I8)
    }
}
