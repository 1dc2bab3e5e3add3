//! The instructions of one function as a list that can be changed, and their way back to bytes:
//! every jump gets the shortest form that reaches. Knows which instructions refer to places, and
//! nothing else of what they do.
//!
//! Behind the code lie constants, which instructions refer to by their distance. The list has their
//! values; where they go is decided for all functions together.

use super::decode::{Map, Parts, decode};
use super::effects::Set;

/// Bytes that one entry of the list may have: an instruction, or a few short ones.
const CAPACITY: usize = 26;

/// The bytes of an entry.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Bytes {
    bytes: [u8; CAPACITY],
    len: u8,
}

impl Bytes {
    /// `None` if there are too many.
    pub fn new(from: &[u8]) -> Option<Bytes> {
        let mut bytes = [0; CAPACITY];
        bytes.get_mut(..from.len())?.copy_from_slice(from);
        Some(Bytes {
            bytes,
            len: from.len() as u8,
        })
    }

    pub fn as_slice(&self) -> &[u8] {
        &self.bytes[..usize::from(self.len)]
    }
}

/// A jump within the function.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Jump {
    /// The number of the entry that is jumped to.
    pub to: u32,
    /// The condition code; `None` for always.
    pub condition: Option<u8>,
}

/// A constant that an instruction reads.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Constant {
    /// 4, 8 or 16 bytes, which are aligned to as many.
    pub len: u8,
    pub bytes: [u8; 16],
}

impl Constant {
    /// The first 16 bytes are taken.
    pub fn new(from: &[u8]) -> Constant {
        let mut bytes = [0; 16];
        let len = from.len().min(16);
        bytes[..len].copy_from_slice(&from[..len]);
        Constant {
            len: len as u8,
            bytes,
        }
    }

    /// The same with zeros up to a whole register.
    pub fn widened(self) -> Constant {
        Constant { len: 16, ..self }
    }
}

/// A reference to a constant in code.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct ConstantUse {
    /// Where the distance stands.
    pub at: u32,
    /// How far from there the instruction ends.
    pub to_end: u32,
    pub constant: Constant,
}

/// An entry: mostly one instruction.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Where it was in the old code.
    pub old: u32,
    /// Empty if it was removed. Not used for jumps.
    pub bytes: Bytes,
    /// The parts of a single instruction; `None` once it is something else.
    pub parts: Option<Parts>,
    pub jump: Option<Jump>,
    /// The constant that the instruction refers to.
    pub constant: Option<Constant>,
    /// The number of the relocation in it, and the distance of that from its end.
    pub reloc: Option<(u32, u32)>,
    /// The registers with the arguments of a call, or the results of a return, if they are known.
    pub passed: Option<Set>,
    /// Control does not go on to the next entry.
    pub is_end: bool,
}

impl Entry {
    pub fn is_removed(&self) -> bool {
        self.bytes.len == 0
    }

    /// Takes the entry out. Jumps to it go to the next one.
    pub fn remove(&mut self) {
        self.bytes.len = 0;
        self.parts = None;
        self.jump = None;
        self.constant = None;
        self.reloc = None;
    }

    /// Replaces an entry without references by other instructions. Says whether they fit.
    pub fn replace(&mut self, bytes: &[u8]) -> bool {
        let Some(bytes) = Bytes::new(bytes) else {
            return false;
        };
        self.bytes = bytes;
        self.parts = decode(bytes.as_slice()).filter(|p| p.len == bytes.as_slice().len());
        true
    }

    pub fn slice(&self) -> &[u8] {
        self.bytes.as_slice()
    }

    /// Whether it is a call.
    pub fn is_call(&self) -> bool {
        self.parts.is_some_and(|p| {
            p.map == Map::One
                && (p.opcode == 0xe8
                    || p.opcode == 0xff && p.modrm.is_some_and(|m| matches!(m.reg(), 2 | 3)))
        })
    }

    /// Whether it is the return at an end of the code.
    pub fn is_exit(&self) -> bool {
        self.is_return() && self.jump.is_none() && self.is_end
    }

    /// Whether it returns.
    pub fn is_return(&self) -> bool {
        self.parts
            .is_some_and(|p| p.map == Map::One && matches!(p.opcode, 0xc2 | 0xc3))
    }
}

/// A function.
pub struct Listing {
    pub entries: Vec<Entry>,
    old_len: usize,
}

/// A function as bytes again.
pub struct Shortened {
    pub code: Vec<u8>,
    /// The relocations that are left, by number, with their new offsets.
    pub relocs: Vec<(u32, u32)>,
    pub constants: Vec<ConstantUse>,
    /// Old and new offsets of the entries, in order, with the ends of the code last.
    pub offsets: Vec<(u32, u32)>,
}

impl Listing {
    /// Takes code apart; `None` if it is not understood. `relocs` has the offsets of the fields
    /// that the linker fills in, in order.
    pub fn read(code: &[u8], relocs: &[u32]) -> Option<Listing> {
        let mut entries: Vec<Entry> = Vec::with_capacity(code.len() / 4);
        // By entry: the old offset that is jumped to.
        let mut targets: Vec<(usize, usize)> = Vec::new();
        // By entry: the old offset of the constant.
        let mut references: Vec<(usize, usize)> = Vec::new();
        let mut furthest = 0;
        let mut at = 0;
        let mut next_reloc = 0;
        while at < code.len() && !(entries.last().is_some_and(|e| e.is_end) && at > furthest) {
            let parts = decode(code.get(at..)?)?;
            let end = at + parts.len;
            let bytes = code.get(at..end)?;
            let mut reloc = None;
            if let Some(&place) = relocs.get(next_reloc)
                && (place as usize) < end
            {
                if (place as usize) < at + 1 || place as usize + 4 > end {
                    return None;
                }
                reloc = Some((next_reloc as u32, (end - place as usize) as u32));
                next_reloc += 1;
            }
            let mut jump = None;
            let mut is_end = false;
            let distance = |from: usize| -> Option<i64> {
                let field = bytes.get(from..)?;
                Some(match field.len() {
                    1 => i64::from(field[0] as i8),
                    4 => i64::from(i32::from_le_bytes(field.try_into().ok()?)),
                    _ => return None,
                })
            };
            match (parts.map, parts.opcode) {
                (Map::One, 0x70..=0x7f | 0xe9 | 0xeb) | (Map::TwoByte, 0x80..=0x8f) => {
                    let is_always = parts.map == Map::One && parts.opcode >= 0xe9;
                    is_end = is_always;
                    if reloc.is_none() {
                        let distance = distance(parts.opcode_at + 1)?;
                        let to = usize::try_from(i64::try_from(end).ok()? + distance).ok()?;
                        furthest = furthest.max(to);
                        targets.push((entries.len(), to));
                        jump = Some(Jump {
                            to: 0,
                            condition: (!is_always).then_some(parts.opcode & 15),
                        });
                    } else if !is_always {
                        return None;
                    }
                }
                (Map::One, 0xc2 | 0xc3) | (Map::TwoByte, 0x0b) => is_end = true,
                (Map::One, 0xe8) if reloc.is_none() => return None,
                // Jumps through tables, whose extent is not known.
                (Map::One, 0xff) if parts.modrm.is_some_and(|m| matches!(m.reg(), 4 | 5)) => {
                    return None;
                }
                _ => {}
            }
            if let Some(modrm) = parts.modrm
                && modrm.is_rip_relative()
                && reloc.is_none()
            {
                let from = modrm.displacement_at();
                let field = bytes.get(from..from + 4)?;
                let distance = i64::from(i32::from_le_bytes(field.try_into().ok()?));
                let to = usize::try_from(i64::try_from(end).ok()? + distance).ok()?;
                references.push((entries.len(), to));
            }
            entries.push(Entry {
                old: at as u32,
                bytes: Bytes::new(bytes)?,
                parts: Some(parts),
                jump,
                constant: None,
                reloc,
                passed: None,
                is_end,
            });
            at = end;
        }
        if next_reloc != relocs.len() || !entries.last()?.is_end {
            return None;
        }
        for (from, to) in targets {
            let to = entries.binary_search_by_key(&to, |e| e.old as usize).ok()?;
            if let Some(jump) = &mut entries[from].jump {
                jump.to = to as u32;
            }
        }
        let constants_at = references.iter().map(|&(_, to)| to).min();
        let constants_at = constants_at.unwrap_or(code.len());
        if constants_at < at || code.get(at..constants_at)?.iter().any(|&b| b != 0) {
            return None;
        }
        for (from, to) in references {
            let len = entries[from].parts.map_or(16, operand_size);
            let mut bytes = [0; 16];
            let there = code.get(to..(to + len).min(code.len()))?;
            bytes.get_mut(..there.len())?.copy_from_slice(there);
            if there.is_empty() {
                return None;
            }
            entries[from].constant = Some(Constant {
                len: len as u8,
                bytes,
            });
        }
        Some(Listing {
            entries,
            old_len: code.len(),
        })
    }

    /// Says where the function with this relocation has its arguments.
    pub fn set_arguments(&mut self, reloc: u32, arguments: Set) {
        let has_reloc = |e: &&mut Entry| e.reloc.is_some_and(|(n, _)| n == reloc);
        if let Some(entry) = self.entries.iter_mut().find(has_reloc) {
            entry.passed = Some(arguments);
        }
    }

    /// Says where the function has its results.
    pub fn set_results(&mut self, results: Set) {
        for entry in self.entries.iter_mut().filter(|e| e.is_return()) {
            entry.passed = Some(results);
        }
    }

    /// The entry that control reaches at this one: itself, or the next one that is there.
    pub fn live_from(&self, mut n: usize) -> usize {
        while self.entries.get(n).is_some_and(Entry::is_removed) {
            n += 1;
        }
        n
    }

    /// Whether each entry is jumped to.
    pub fn jumped_to(&self) -> Vec<bool> {
        let mut marks = vec![false; self.entries.len()];
        for entry in &self.entries {
            if let Some(jump) = entry.jump
                && let Some(mark) = marks.get_mut(self.live_from(jump.to as usize))
            {
                *mark = true;
            }
        }
        marks
    }

    /// The bytes of the function.
    pub fn write(&self) -> Option<Shortened> {
        let is_long = self.choose_jumps()?;
        let (places, end) = self.places(&is_long);
        let mut code = Vec::with_capacity(end);
        let mut constants = Vec::new();
        let mut relocs: Vec<(u32, u32)> = Vec::new();
        let mut offsets = Vec::with_capacity(self.entries.len() + 2);
        for (n, entry) in self.entries.iter().enumerate() {
            offsets.push((entry.old, code.len() as u32));
            if entry.is_removed() {
                continue;
            }
            if let Some(jump) = entry.jump {
                let to = *places.get(self.live_from(jump.to as usize))? as i64;
                let from = (places[n] + size(entry, is_long[n])) as i64;
                match (jump.condition, is_long[n]) {
                    (None, false) => code.push(0xeb),
                    (None, true) => code.push(0xe9),
                    (Some(c), false) => code.push(0x70 | c),
                    (Some(c), true) => code.extend([0x0f, 0x80 | c]),
                }
                if is_long[n] {
                    code.extend(i32::try_from(to - from).ok()?.to_le_bytes());
                } else {
                    code.extend(i8::try_from(to - from).ok()?.to_le_bytes());
                }
                continue;
            }
            code.extend_from_slice(entry.slice());
            if let Some(constant) = entry.constant {
                let at = entry.parts?.modrm?.displacement_at();
                let to_end = entry.slice().len().checked_sub(at)? as u32;
                constants.push(ConstantUse {
                    at: code.len() as u32 - to_end,
                    to_end,
                    constant,
                });
            }
            if let Some((number, distance)) = entry.reloc {
                relocs.push((number, code.len() as u32 - distance));
            }
        }
        offsets.push((self.old_len as u32, code.len() as u32));
        relocs.sort_unstable();
        Some(Shortened {
            code,
            relocs,
            constants,
            offsets,
        })
    }

    /// Which jumps need the long form, and where the entries go.
    pub fn arrangement(&self) -> Option<(Vec<bool>, Vec<usize>)> {
        let is_long = self.choose_jumps()?;
        let (places, _) = self.places(&is_long);
        Some((is_long, places))
    }

    /// Which jumps need the long form. Jumps only grow, so that this ends.
    fn choose_jumps(&self) -> Option<Vec<bool>> {
        let mut is_long = vec![false; self.entries.len()];
        loop {
            let (places, _) = self.places(&is_long);
            let mut changed = false;
            for (n, entry) in self.entries.iter().enumerate() {
                let Some(jump) = entry.jump else { continue };
                let to = *places.get(self.live_from(jump.to as usize))? as i64;
                let from = (places[n] + size(entry, is_long[n])) as i64;
                if !is_long[n] && i8::try_from(to - from).is_err() {
                    is_long[n] = true;
                    changed = true;
                }
            }
            if !changed {
                return Some(is_long);
            }
        }
    }

    /// Where each entry goes, and where they end.
    fn places(&self, is_long: &[bool]) -> (Vec<usize>, usize) {
        let mut at = 0;
        let places = self.entries.iter().zip(is_long).map(|(entry, &is_long)| {
            let place = at;
            at += size(entry, is_long);
            place
        });
        (places.collect(), at)
    }
}

fn size(entry: &Entry, is_long: bool) -> usize {
    match entry.jump {
        Some(_) if entry.is_removed() => 0,
        Some(_) if !is_long => 2,
        Some(jump) => 5 + usize::from(jump.condition.is_some()),
        None => entry.slice().len(),
    }
}

/// Bytes that an instruction reads of an operand in memory, if that is known to be fewer than 16.
fn operand_size(parts: Parts) -> usize {
    match (parts.map, parts.mandatory, parts.opcode) {
        _ if parts.is_vex => 16,
        (Map::TwoByte, 0xf2, 0x10 | 0x51 | 0x58..=0x5f) | (Map::TwoByte, 0x66, 0x2e | 0x2f) => 8,
        (Map::TwoByte, 0xf3, 0x10 | 0x51 | 0x58..=0x5f) | (Map::TwoByte, 0, 0x2e | 0x2f) => 4,
        (Map::TwoByte, 0, 0x40..=0x4f) | (Map::One, 0, 0x8b | 0x03 | 0x2b | 0x3b | 0x23 | 0x0b) => {
            if parts.rex & 8 != 0 {
                8
            } else {
                4
            }
        }
        _ => 16,
    }
}
