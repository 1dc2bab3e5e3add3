//! System V psABI for AMD64, section 3.2.3: aggregates of up to 16 bytes travel as eightbytes, each
//! in an integer register if it holds any integer and in an SSE register otherwise; larger ones in
//! memory. An argument that the free registers cannot hold as a whole goes to the stack, and later
//! arguments may still use what it left. A 128-bit integer is two eightbytes, and on the stack it
//! is aligned to 16 bytes.

use super::{AbiParam, Pad, PassMode, Piece, ReturnMode, Shape, halves};
use crate::layout::{Layout, Leaf, Scalar};

const INT_REGISTERS: u32 = 6;
const SSE_REGISTERS: u32 = 8;
/// Aggregates up to this size may travel in registers.
const MAX_IN_REGISTERS: u32 = 16;

/// The registers and stack bytes taken so far.
pub(super) struct Registers {
    ints: u32,
    floats: u32,
    stack: u32,
}

impl Registers {
    /// `sret`: the address of the result takes the first register.
    pub fn new(sret: bool) -> Self {
        Self {
            ints: sret.into(),
            floats: 0,
            stack: 0,
        }
    }

    pub fn pass(&mut self, shape: &Shape) -> AbiParam {
        match shape {
            Shape::Nothing => PassMode::Ignore.into(),
            Shape::Scalar {
                scalar: Scalar::I128,
                ..
            } => self.pieces_or_copy(halves(), 16, 16),
            &Shape::Scalar { scalar, extend } => {
                let (free, used) = match scalar.is_float() {
                    true => (SSE_REGISTERS, &mut self.floats),
                    false => (INT_REGISTERS, &mut self.ints),
                };
                if *used < free {
                    *used += 1;
                } else {
                    self.stack += 8;
                }
                PassMode::Direct { scalar, extend }.into()
            }
            Shape::Aggregate { layout, leaves } => match eightbytes(layout, leaves.as_deref()) {
                Some(pieces) => self.pieces_or_copy(pieces, layout.size, layout.align),
                None => self.copy(layout.size, layout.align),
            },
        }
    }

    fn pieces_or_copy(&mut self, pieces: Vec<Piece>, size: u32, align: u32) -> AbiParam {
        let floats = pieces.iter().filter(|p| p.scalar.is_float()).count() as u32;
        let ints = pieces.len() as u32 - floats;
        if self.ints + ints > INT_REGISTERS || self.floats + floats > SSE_REGISTERS {
            return self.copy(size, align);
        }
        self.ints += ints;
        self.floats += floats;
        PassMode::Split(pieces).into()
    }

    fn copy(&mut self, size: u32, align: u32) -> AbiParam {
        let mut pads = Vec::new();
        if align > 8 && !self.stack.is_multiple_of(16) {
            pads.push(Pad::Stack);
            self.stack += 8;
        }
        let size = size.next_multiple_of(8);
        self.stack += size;
        AbiParam {
            pads,
            mode: PassMode::StackCopy { size, align },
        }
    }
}

pub(super) fn classify_return(shape: &Shape) -> ReturnMode {
    match shape {
        Shape::Nothing => ReturnMode::Ignore,
        Shape::Scalar {
            scalar: Scalar::I128,
            ..
        } => ReturnMode::Split(halves()),
        &Shape::Scalar { scalar, extend } => ReturnMode::Direct { scalar, extend },
        Shape::Aggregate { layout, leaves } => match eightbytes(layout, leaves.as_deref()) {
            Some(pieces) => ReturnMode::Split(pieces),
            None => ReturnMode::Sret {
                size: layout.size,
                align: layout.align,
            },
        },
    }
}

/// The eightbytes of an aggregate with their classes, or `None` for class MEMORY.
fn eightbytes(layout: &Layout, leaves: Option<&[Leaf]>) -> Option<Vec<Piece>> {
    let leaves = leaves?;
    if layout.size > MAX_IN_REGISTERS {
        return None;
    }
    let piece = |offset: u32| {
        let end = offset + 8;
        let integer = leaves
            .iter()
            .any(|l| !l.scalar.is_float() && l.offset < end && offset < l.offset + l.scalar.size());
        let size = (layout.size - offset).min(8);
        // An eightbyte that is all padding has no class in the psABI and takes no register; the
        // layouts of this IR cannot have one: alignment is at most the largest field's size.
        let scalar = match (integer, size) {
            (true, _) => Scalar::I64,
            (false, 1..=2) => Scalar::F16,
            (false, 3..=4) => Scalar::F32,
            (false, _) => Scalar::F64,
        };
        Piece {
            offset,
            size,
            scalar,
        }
    };
    Some((0..layout.size).step_by(8).map(piece).collect())
}
