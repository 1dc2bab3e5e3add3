//! Arguments for roots, as bytes in memory.

use super::body::ROOM;
use crate::choices::Choices;
use crate::number::number;
use arbitrary::Unstructured;
use jlift_abi::layout::{first_selector, is_small_union, layout};
use jlift_ir::{Func, Module, Tables, Type, TypeClass};

/// One call's arguments, and the memory that they point to.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Input {
    pub args: Vec<Argument>,
    pub buffers: Vec<Buffer>,
}

/// Memory.
#[derive(Clone, PartialEq, Debug)]
pub struct Buffer {
    pub bytes: Vec<u8>,
    /// What lies in it, one after the other.
    pub elem: Type,
}

/// An argument.
#[derive(Clone, PartialEq, Debug)]
pub enum Argument {
    /// As it lies in memory.
    Bytes(Vec<u8>),
    /// The beginning of a buffer.
    Pointer { buffer: usize },
    /// An array whose elements are in a buffer.
    Array { buffer: usize, sizes: Vec<i64> },
}

/// An input for a function that takes plain bits, pointers to numbers and arrays of plain bits.
pub fn inputs(module: &Module, func: Func, u: &mut Unstructured) -> Input {
    let mut c = Choices::new(u);
    let mut input = Input::default();
    let tables = &module.tables;
    let Some(function) = module.functions.get(func) else {
        return input;
    };
    for param in &function.params {
        let buffer = input.buffers.len();
        let arg = if let Some(elem) = tables.pointee(param.ty) {
            let bytes = values(tables, elem, ROOM as usize, &mut c);
            input.buffers.push(Buffer { bytes, elem });
            Argument::Pointer { buffer }
        } else if let Some((elem, dims)) = tables.array_of(param.ty) {
            let most = if dims == 1 { 7 } else { 4 };
            let sizes: Vec<i64> = (0..dims).map(|_| c.below(most) as i64).collect();
            let count = sizes.iter().product::<i64>() as usize;
            let bytes = values(tables, elem, count, &mut c);
            input.buffers.push(Buffer { bytes, elem });
            Argument::Array { buffer, sizes }
        } else {
            let size = layout(tables, param.ty).map_or(0, |l| l.size as usize);
            let mut bytes = vec![0; size];
            value(tables, param.ty, &mut c, &mut bytes, 0);
            Argument::Bytes(bytes)
        };
        input.args.push(arg);
    }
    input
}

fn values(tables: &Tables, elem: Type, count: usize, c: &mut Choices) -> Vec<u8> {
    let stride = layout(tables, elem).map_or(0, |l| l.stride() as usize);
    let mut bytes = vec![0; stride * count];
    for n in 0..count {
        value(tables, elem, c, &mut bytes[n * stride..], 0);
    }
    bytes
}

/// Types nest this deep at most; layouts have a limit of their own.
const MAX_DEPTH: u32 = 100;

fn value(tables: &Tables, ty: Type, c: &mut Choices, to: &mut [u8], depth: u32) {
    let Ok(found) = layout(tables, ty) else {
        return;
    };
    if depth > MAX_DEPTH || to.len() < found.size as usize {
        return;
    }
    match tables.class(ty) {
        TypeClass::Primitive(width) => {
            let bits = number(c, ty, width).to_le_bytes();
            let size = found.size as usize;
            to[..size].copy_from_slice(&bits[..size]);
        }
        TypeClass::Inline => {
            for field in &found.fields {
                value(
                    tables,
                    field.ty,
                    c,
                    &mut to[field.offset as usize..],
                    depth + 1,
                );
            }
        }
        TypeClass::Union if is_small_union(tables, ty) => {
            let members = tables.members(ty);
            let n = c.below(members.len());
            if let Some(&member) = members.get(n) {
                value(tables, member, c, to, depth + 1);
                to[found.size as usize - 1] = first_selector(tables, ty) + n as u8;
            }
        }
        _ => {}
    }
}
