//! How the values of a type are held: nothing, one scalar, or memory. Aggregates and unions are
//! always in memory, laid out as everywhere else; LLVM's own passes take them apart where that pays.

use crate::machine::Machine;
use crate::value::Result;
use hashbrown::HashMap;
use jlift_abi::layout::{Leaf, is_small_union, layout, leaves};
use jlift_ir::text::type_text;
use jlift_ir::{Tables, Type, TypeClass};
use std::rc::Rc;

/// Aggregates of up to this many scalars are passed and returned in registers.
const MAX_PASSED: usize = 4;

/// How a value is held.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Repr {
    /// No data.
    Ghost,
    Scalar(Machine),
    /// At an address; never written after it was made.
    Memory {
        size: u32,
        align: u32,
    },
}

/// How a value travels between functions of the program.
#[derive(Clone, PartialEq, Debug)]
pub enum Passing {
    Ghost,
    Scalar(Machine),
    /// The scalars of an aggregate.
    Parts(Rc<[Leaf]>),
    /// The address of memory that the receiver only reads.
    Address,
}

/// Answers by type, filled on demand.
#[derive(Default)]
pub struct Reprs {
    reprs: HashMap<Type, Result<Repr>>,
    passing: HashMap<Type, Result<Passing>>,
}

impl Reprs {
    /// The representation of a type, or why its values cannot be held.
    pub fn get(&mut self, tables: &Tables, ty: Type) -> Result<Repr> {
        if let Some(found) = self.reprs.get(&ty) {
            return found.clone();
        }
        let repr = compute(tables, ty);
        self.reprs.insert(ty, repr.clone());
        repr
    }

    /// How values of a type are passed and returned.
    pub fn passing(&mut self, tables: &Tables, ty: Type) -> Result<Passing> {
        if let Some(found) = self.passing.get(&ty) {
            return found.clone();
        }
        let passing = self.get(tables, ty).map(|repr| match repr {
            Repr::Ghost => Passing::Ghost,
            Repr::Scalar(machine) => Passing::Scalar(machine),
            Repr::Memory { .. } => match leaves(tables, ty, MAX_PASSED) {
                Ok(leaves) => Passing::Parts(leaves.into()),
                Err(_) => Passing::Address,
            },
        });
        self.passing.insert(ty, passing.clone());
        passing
    }
}

/// Whether the members of a union all have one value only, as types do: they are told apart by the
/// selector alone, which stands where the layout of a reference has its last byte.
fn has_no_data(tables: &Tables, ty: Type) -> bool {
    let is_singleton = |&m: &Type| tables.class(m) == TypeClass::Singleton;
    let members = tables.members(ty);
    members.len() < 127 && members.iter().all(is_singleton)
}

fn compute(tables: &Tables, ty: Type) -> Result<Repr> {
    match ty {
        Type::BOOL => return Ok(Repr::Scalar(Machine::I1)),
        Type::FLOAT32 => return Ok(Repr::Scalar(Machine::F32)),
        Type::FLOAT64 => return Ok(Repr::Scalar(Machine::F64)),
        _ => {}
    }
    match tables.class(ty) {
        TypeClass::Bottom | TypeClass::Singleton => Ok(Repr::Ghost),
        TypeClass::Primitive(bits) => Machine::int(bits)
            .map(Repr::Scalar)
            .ok_or_else(|| format!("primitive types of {bits} bits have no registers")),
        TypeClass::Pointer
        | TypeClass::Array
        | TypeClass::String
        | TypeClass::Symbol
        | TypeClass::Heap
        // A reference to an object whose header tells its type.
        | TypeClass::Abstract => Ok(Repr::Scalar(Machine::Ptr)),
        TypeClass::Union if !is_small_union(tables, ty) && !has_no_data(tables, ty) => {
            Err(format!("values of the union {}", type_text(tables, ty)))
        }
        TypeClass::Inline | TypeClass::InlineWithReferences | TypeClass::Union => {
            let layout = layout(tables, ty).map_err(|e| e.to_string())?;
            Ok(match layout.size {
                0 => Repr::Ghost,
                size => Repr::Memory {
                    size,
                    align: layout.align,
                },
            })
        }
    }
}
