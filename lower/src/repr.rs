//! How the values of a type are held: the one place that decides it.
//!
//! Small aggregates are their scalar leaves in SSA, larger ones an address; a small union is a tag
//! and the words of its payload. Every other file asks here.

use cranelift_codegen::ir::{self, types};
use hashbrown::HashMap;
use jlift_abi::layout::{Leaf, Scalar, layout, leaves};
use jlift_ir::{Tables, Type, TypeClass};
use std::rc::Rc;

/// Aggregates of up to this many scalars live in SSA values.
pub const MAX_LEAVES: usize = 16;

/// Aggregates of more scalars than this are passed to functions by address: their parts would
/// mostly travel through the stack anyhow, and an aggregate that is in memory need not be loaded.
pub const MAX_PASSED_LEAVES: usize = 4;

/// Payloads of unions of up to this many 8-byte words live in SSA values.
pub const MAX_UNION_WORDS: u32 = 32;

/// The tag of an undefined value of a union with references.
pub const NO_MEMBER: u8 = u8::MAX;

/// How a value is held.
#[derive(Clone, PartialEq, Debug)]
pub enum Repr {
    /// No data.
    Ghost,
    /// One register.
    Scalar(ir::Type),
    /// An aggregate as its leaves, in memory order.
    Leaves(Rc<[Leaf]>),
    /// An aggregate that is large or has fields of union types, behind an address; never written
    /// after it was made.
    Memory { size: u32, align: u32 },
    /// A tag that counts `members` from 0, and the payload in `words` 8-byte words. In a union
    /// with references the tag [`NO_MEMBER`] says that there is no value.
    Union { members: Rc<[Type]>, words: u32 },
}

/// The machine type of a scalar.
pub fn clif_type(scalar: Scalar) -> ir::Type {
    match scalar {
        Scalar::I8 => types::I8,
        Scalar::I16 | Scalar::F16 => types::I16,
        Scalar::I32 => types::I32,
        Scalar::I64 | Scalar::Ptr => types::I64,
        Scalar::I128 => types::I128,
        Scalar::F32 => types::F32,
        Scalar::F64 => types::F64,
    }
}

/// The integer type of a width in bits.
pub fn int_type(bits: u32) -> Option<ir::Type> {
    Some(match bits {
        8 => types::I8,
        16 => types::I16,
        32 => types::I32,
        64 => types::I64,
        128 => types::I128,
        _ => return None,
    })
}

impl Repr {
    /// Whether a parameter is passed as the address of memory that the callee only reads.
    pub fn is_passed_by_address(&self) -> bool {
        match self {
            Repr::Memory { .. } => true,
            Repr::Leaves(leaves) => leaves.len() > MAX_PASSED_LEAVES,
            _ => false,
        }
    }

    /// The machine types of the registers that hold the value; empty for memory and ghosts.
    pub fn registers(&self) -> Vec<ir::Type> {
        match self {
            Repr::Ghost | Repr::Memory { .. } => Vec::new(),
            Repr::Scalar(ty) => vec![*ty],
            Repr::Leaves(leaves) => leaves.iter().map(|l| clif_type(l.scalar)).collect(),
            Repr::Union { words, .. } => {
                let mut regs = vec![types::I8];
                regs.resize(1 + *words as usize, types::I64);
                regs
            }
        }
    }
}

/// Representations by type, filled on demand; one per thread.
#[derive(Default)]
pub struct ReprCache {
    map: HashMap<Type, Result<Repr, String>>,
}

impl ReprCache {
    /// The representation of a type, or why its values cannot be held.
    pub fn get(&mut self, tables: &Tables, ty: Type) -> Result<Repr, String> {
        if let Some(found) = self.map.get(&ty) {
            return found.clone();
        }
        let repr = compute(tables, ty);
        self.map.insert(ty, repr.clone());
        repr
    }
}

fn compute(tables: &Tables, ty: Type) -> Result<Repr, String> {
    if let Some(bits) = ty.builtin_bits() {
        return Ok(Repr::Scalar(match ty {
            Type::FLOAT32 => types::F32,
            Type::FLOAT64 => types::F64,
            _ => int_type(bits).unwrap_or(types::I8),
        }));
    }
    match tables.class(ty) {
        TypeClass::Bottom | TypeClass::Singleton => Ok(Repr::Ghost),
        TypeClass::Primitive(bits) => int_type(bits)
            .map(Repr::Scalar)
            .ok_or_else(|| format!("primitive types of {bits} bits have no registers")),
        TypeClass::Pointer
        | TypeClass::Array
        | TypeClass::String
        | TypeClass::Symbol
        | TypeClass::Heap => Ok(Repr::Scalar(types::I64)),
        TypeClass::Inline | TypeClass::InlineWithReferences => {
            let layout = layout(tables, ty).map_err(|e| e.to_string())?;
            if layout.size == 0 {
                return Ok(Repr::Ghost);
            }
            match leaves(tables, ty, MAX_LEAVES) {
                Ok(leaves) if !has_union(tables, ty) => Ok(Repr::Leaves(leaves.into())),
                _ => Ok(Repr::Memory {
                    size: layout.size,
                    align: layout.align,
                }),
            }
        }
        TypeClass::Union => {
            let members = tables.members(ty);
            let mut size = 0;
            for &member in &members {
                size = size.max(layout(tables, member).map_err(|e| e.to_string())?.size);
            }
            let words = size.div_ceil(8);
            if words > MAX_UNION_WORDS || members.len() > 127 {
                return Err(format!(
                    "a union of {} types with up to {size} bytes",
                    members.len()
                ));
            }
            Ok(Repr::Union {
                members: members.into(),
                words,
            })
        }
        // A reference to an object whose header tells its type.
        TypeClass::Abstract => Ok(Repr::Scalar(types::I64)),
    }
}

/// Whether a field of the aggregate, at any depth, is a union: these have other registers than
/// leaves.
pub fn has_union(tables: &Tables, ty: Type) -> bool {
    layout(tables, ty).is_ok_and(|layout| {
        layout
            .fields
            .iter()
            .any(|f| tables.class(f.ty) == TypeClass::Union || has_union(tables, f.ty))
    })
}
