//! Procedure Call Standard for the Arm 64-bit Architecture, section 6.8, and Apple's variant.
//!
//! An aggregate of one to four floats of one kind (HFA) travels in as many float registers, any
//! other one of up to 16 bytes in general registers, larger ones as the address of a copy. What
//! does not fit into the free registers as a whole goes to the stack, and then no later argument
//! uses a register of that kind: pads take the rest of them. Values aligned to 16 bytes start at
//! an even register, except on Apple's. On the stack an aggregate is passed word by word, since
//! Cranelift has no stack copies on this architecture; words of an HFA are floats, because the
//! float registers are used up by then while general ones may be free.

use super::{AbiParam, CallConv, Extend, Pad, PassMode, Piece, ReturnMode, Shape, halves, words};
use crate::layout::{Layout, Leaf, Scalar};

const REGISTERS: u32 = 8;
const MAX_IN_REGISTERS: u32 = 16;
const MAX_HFA_MEMBERS: usize = 4;

/// The registers and stack bytes taken so far; NGRN, NSRN and NSAA of the standard.
pub(super) struct Registers {
    ints: u32,
    floats: u32,
    stack: u32,
    apple: bool,
}

impl Registers {
    pub fn new(convention: CallConv) -> Self {
        Self {
            ints: 0,
            floats: 0,
            stack: 0,
            apple: convention == CallConv::AppleAarch64,
        }
    }

    pub fn pass(&mut self, shape: &Shape) -> AbiParam {
        match shape {
            Shape::Nothing => PassMode::Ignore.into(),
            Shape::Scalar {
                scalar: Scalar::I128,
                ..
            } => self.words(halves(), 16),
            &Shape::Scalar { scalar, extend } => {
                self.scalar(scalar);
                let extend = if self.apple { extend } else { Extend::None };
                PassMode::Direct { scalar, extend }.into()
            }
            Shape::Aggregate { layout, leaves } => {
                if let Some(pieces) = hfa(layout, leaves.as_deref()) {
                    self.hfa(pieces, layout.size)
                } else if layout.size <= MAX_IN_REGISTERS {
                    self.words(words(layout.size, 8, Scalar::I64), layout.align)
                } else {
                    self.scalar(Scalar::Ptr);
                    PassMode::Indirect {
                        size: layout.size,
                        align: layout.align,
                    }
                    .into()
                }
            }
        }
    }

    fn scalar(&mut self, scalar: Scalar) {
        let used = match scalar.is_float() {
            true => &mut self.floats,
            false => &mut self.ints,
        };
        if *used < REGISTERS {
            *used += 1;
            return;
        }
        let size = match self.apple {
            true => scalar.size(),
            false => 8,
        };
        self.stack = self.stack.next_multiple_of(size) + size;
    }

    /// Words that stay together, in general registers or on the stack.
    fn words(&mut self, pieces: Vec<Piece>, align: u32) -> AbiParam {
        let count = pieces.len() as u32;
        let mut pads = Vec::new();
        if align > 8 && !self.apple && !self.ints.is_multiple_of(2) {
            self.ints += 1;
            pads.push(Pad::Int);
        }
        if self.ints + count <= REGISTERS {
            self.ints += count;
        } else {
            while self.ints < REGISTERS {
                self.ints += 1;
                pads.push(Pad::Int);
            }
            self.stack = self.stack.next_multiple_of(8);
            if align > 8 && !self.stack.is_multiple_of(16) {
                self.stack += 8;
                pads.push(Pad::Int);
            }
            self.stack += 8 * count;
        }
        AbiParam {
            pads,
            mode: PassMode::Split(pieces),
        }
    }

    fn hfa(&mut self, pieces: Vec<Piece>, size: u32) -> AbiParam {
        let count = pieces.len() as u32;
        if self.floats + count <= REGISTERS {
            self.floats += count;
            return PassMode::Split(pieces).into();
        }
        let pads = vec![Pad::Float; (REGISTERS - self.floats) as usize];
        self.floats = REGISTERS;
        let pieces = match self.apple {
            true => pieces,
            false => words(size, 8, Scalar::F64),
        };
        for piece in &pieces {
            self.scalar(piece.scalar);
        }
        AbiParam {
            pads,
            mode: PassMode::Split(pieces),
        }
    }
}

pub(super) fn classify_return(shape: &Shape, convention: CallConv) -> ReturnMode {
    match shape {
        Shape::Nothing => ReturnMode::Ignore,
        Shape::Scalar {
            scalar: Scalar::I128,
            ..
        } => ReturnMode::Split(halves()),
        &Shape::Scalar { scalar, extend } => ReturnMode::Direct {
            scalar,
            extend: match convention {
                CallConv::AppleAarch64 => extend,
                _ => Extend::None,
            },
        },
        Shape::Aggregate { layout, leaves } => {
            if let Some(pieces) = hfa(layout, leaves.as_deref()) {
                ReturnMode::Split(pieces)
            } else if layout.size <= MAX_IN_REGISTERS {
                ReturnMode::Split(words(layout.size, 8, Scalar::I64))
            } else {
                ReturnMode::Sret {
                    size: layout.size,
                    align: layout.align,
                }
            }
        }
    }
}

/// The members of a homogeneous floating-point aggregate.
fn hfa(layout: &Layout, leaves: Option<&[Leaf]>) -> Option<Vec<Piece>> {
    let leaves = leaves?;
    let scalar = leaves.first()?.scalar;
    let homogeneous = scalar.is_float()
        && leaves.len() <= MAX_HFA_MEMBERS
        && leaves.iter().all(|l| l.scalar == scalar)
        && layout.size == scalar.size() * leaves.len() as u32;
    let piece = |leaf: &Leaf| Piece {
        offset: leaf.offset,
        size: scalar.size(),
        scalar,
    };
    homogeneous.then(|| leaves.iter().map(piece).collect())
}
