//! Where arguments, results and buffers of all calls lie: each call has a slot of its own in one piece
//! of memory, which every way finds as it was in the beginning. Pieces are apart, so that what a
//! wrong program writes beside them is seen.

use super::caller::{Outcome, argument_places};
use super::input::{Argument, Input};
use super::observation::Bytes;
use super::shared::SharedMemory;
use super::{Caller, PlacedCall};
use crate::diagnostic::Failure;
use jlift_abi::layout::layout;
use jlift_ir::{Module, Type};

/// Distance of pieces at least, and their alignment.
const GAP: usize = 64;
/// What lies between pieces.
const FILLER: u8 = 0xee;

/// The memory of a batch.
pub(super) struct Slots {
    memory: SharedMemory,
    /// The memory before any call.
    initial: Vec<u8>,
    slots: Vec<Slot>,
}

/// Offsets of the pieces of one call.
pub(super) struct Slot {
    pub args: Piece,
    pub result: Piece,
    pub buffers: Vec<Piece>,
    /// The bytes of strings, by argument.
    pub texts: Vec<Option<Piece>>,
    /// From the gap before the first piece to behind the gap after the last.
    whole: Piece,
}

#[derive(Copy, Clone)]
pub(super) struct Piece {
    pub offset: usize,
    pub size: usize,
}

impl Piece {
    fn holds(&self, at: usize) -> bool {
        at >= self.offset && at - self.offset < self.size
    }
}

impl Slots {
    pub fn new(
        module: &Module,
        calls: &[PlacedCall],
        callers: &[Caller],
    ) -> Result<Slots, Failure> {
        let mut end = 0;
        let mut slots = Vec::with_capacity(calls.len());
        for placed in calls {
            let begin = end;
            let mut piece = |size: usize| {
                let offset = end + GAP;
                end = (offset + size).next_multiple_of(GAP);
                Piece { offset, size }
            };
            let function = &module.functions[placed.call.func];
            let params: Vec<Type> = function.params.iter().map(|p| p.ty).collect();
            let (_, size) = argument_places(module, &params)?;
            let outcome = &callers[placed.caller].outcome;
            let slot = Slot {
                args: piece(size),
                result: piece(outcome.size()),
                buffers: (placed.call.input.buffers.iter())
                    .map(|b| piece(b.bytes.len()))
                    .collect(),
                texts: (placed.call.input.args.iter())
                    .map(|arg| match arg {
                        Argument::Text(bytes) => Some(piece(bytes.len())),
                        _ => None,
                    })
                    .collect(),
                whole: Piece {
                    offset: begin,
                    size: 0,
                },
            };
            end += GAP;
            let whole = Piece {
                offset: begin,
                size: end - begin,
            };
            slots.push(Slot { whole, ..slot });
        }
        let memory = SharedMemory::new(end)?;
        let mut initial = vec![FILLER; end];
        for (slot, placed) in slots.iter().zip(calls) {
            let function = &module.functions[placed.call.func];
            let params: Vec<Type> = function.params.iter().map(|p| p.ty).collect();
            fill(
                &mut initial,
                slot,
                &placed.call.input,
                module,
                &params,
                memory.address(),
            )?;
        }
        Ok(Slots {
            memory,
            initial,
            slots,
        })
    }

    /// Makes the memory what it was in the beginning.
    pub fn reset(&mut self) {
        self.memory.write(0, &self.initial);
    }

    pub fn slot(&self, call: usize) -> &Slot {
        &self.slots[call]
    }

    pub fn address(&self, piece: Piece) -> u64 {
        self.memory.address() + piece.offset as u64
    }

    /// What a piece holds now.
    pub fn bytes(&self, piece: Piece) -> Bytes {
        Bytes {
            bytes: self.memory.read(piece.offset, piece.size),
            defined: None,
        }
    }

    /// Whether anything of a call's slot changed but result and buffers.
    pub fn strayed(&self, call: usize) -> bool {
        let slot = &self.slots[call];
        let found = self.memory.read(slot.whole.offset, slot.whole.size);
        let initial = &self.initial[slot.whole.offset..][..slot.whole.size];
        if found == initial {
            return false;
        }
        found.iter().zip(initial).enumerate().any(|(n, (a, b))| {
            let at = slot.whole.offset + n;
            a != b && !slot.result.holds(at) && !slot.buffers.iter().any(|p| p.holds(at))
        })
    }
}

fn fill(
    initial: &mut [u8],
    slot: &Slot,
    input: &Input,
    module: &Module,
    params: &[Type],
    base: u64,
) -> Result<(), Failure> {
    let refuse = |what: &str| Err(Failure::plain(format!("an argument {what}")));
    let zeroed = initial.iter_mut().skip(slot.result.offset);
    zeroed.take(slot.result.size).for_each(|byte| *byte = 0);
    for (piece, buffer) in slot.buffers.iter().zip(&input.buffers) {
        initial[piece.offset..][..piece.size].copy_from_slice(&buffer.bytes);
    }
    let (places, _) = argument_places(module, params)?;
    if places.len() != input.args.len() {
        return refuse("is missing, or there is one too many");
    }
    for ((text, arg), &ty) in slot.texts.iter().zip(&input.args).zip(params) {
        if let (Some(piece), Argument::Text(bytes)) = (text, arg) {
            if ty != Type::STRING {
                return refuse("that is a string, and its type is another");
            }
            initial[piece.offset..][..piece.size].copy_from_slice(bytes);
        }
    }
    for (n, ((place, arg), &ty)) in places.iter().zip(&input.args).zip(params).enumerate() {
        let mut put = |offset: usize, bytes: &[u8]| {
            let at = slot.args.offset + place + offset;
            initial[at..][..bytes.len()].copy_from_slice(bytes);
        };
        let address = |buffer: usize, offset: u64| {
            let piece = slot.buffers.get(buffer)?;
            Some(base.wrapping_add(piece.offset as u64).wrapping_add(offset))
        };
        match arg {
            Argument::Bytes(bytes) => {
                let size = layout(&module.tables, ty).map_or(0, |l| l.size as usize);
                if bytes.len() != size || !module.tables.is_bits(ty) {
                    return refuse("of another size than its type");
                }
                put(0, bytes);
            }
            Argument::Pointer { buffer, offset } => match address(*buffer, *offset) {
                Some(address) if module.tables.pointee(ty).is_some() => {
                    put(0, &address.to_le_bytes());
                }
                _ => return refuse("that is no pointer into a buffer"),
            },
            Argument::Array { buffer, sizes } => {
                let dims = module.tables.array_of(ty).map(|(_, dims)| dims as usize);
                let (Some(address), true) = (address(*buffer, 0), dims == Some(sizes.len())) else {
                    return refuse("that is no array in a buffer");
                };
                put(0, &address.to_le_bytes());
                for (n, size) in sizes.iter().enumerate() {
                    put(8 + 8 * n, &size.to_le_bytes());
                }
            }
            Argument::Text(bytes) => {
                let piece = slot.texts.get(n).copied().flatten();
                let offset = piece.map_or(0, |piece| piece.offset as u64);
                put(0, &base.wrapping_add(offset).to_le_bytes());
                put(8, &bytes.len().to_le_bytes());
            }
        }
    }
    Ok(())
}

impl Outcome {
    /// Bytes for the result.
    fn size(&self) -> usize {
        match *self {
            Outcome::Bits { size } => size,
            Outcome::Array { dims, .. } => 8 * dims as usize + super::caller::CONTENT,
            Outcome::Text => 8 + super::caller::CONTENT,
            Outcome::Dropped => 0,
        }
    }
}
