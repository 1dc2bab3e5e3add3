//! Which registers an instruction reads and writes, and which are still needed behind each
//! instruction of a function. What is not known reads everything.

use super::decode::{Map, Parts};
use super::listing::{Entry, Listing};

const ALL_GENERAL: Set = 0xffff;

/// General registers are the lower 16 bits, vector registers the upper ones.
pub type Set = u32;

pub const ALL: Set = !0;

pub fn general(n: u8) -> Set {
    1 << (n & 15)
}

pub fn vector(n: u8) -> Set {
    1 << (16 + (n & 15))
}

const RAX: Set = 1;
const RCX: Set = 1 << 1;
const RDX: Set = 1 << 2;
/// RAX, RCX, RDX, RSI, RDI and R8 to R11.
const CHANGED_BY_CALLS: Set = 0x0fc7 | 0xffff_0000;
/// RDI, RSI, RDX, RCX, R8, R9 and the first vector registers.
const READ_BY_CALLS: Set = 0x03c6 | 0x00ff_0000;
/// What a function must preserve.
const PRESERVED: Set = 0xf038;
/// That, RAX, RDX, RCX and the first vector registers.
const READ_BY_RETURNS: Set = PRESERVED | 0x0003_0007;

/// What an instruction does with registers.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Effects {
    pub reads: Set,
    /// What it replaces as a whole.
    pub writes: Set,
}

const UNKNOWN: Effects = Effects {
    reads: ALL,
    writes: 0,
};

/// The registers in which so many integers and floats are passed.
pub fn arguments(integers: usize, floats: usize) -> Set {
    let general = [7, 6, 2, 1, 8, 9].into_iter().take(integers);
    let vector = (16..24).take(floats);
    general.chain(vector).fold(0, |set, n| set | 1 << n)
}

/// The registers in which so many integers and floats are returned, with those that a function
/// preserves.
pub fn results(integers: usize, floats: usize) -> Set {
    let general = [0, 2, 1].into_iter().take(integers);
    let vector = (16..18).take(floats);
    general.chain(vector).fold(PRESERVED, |set, n| set | 1 << n)
}

/// The effects of an entry.
pub fn effects(entry: &Entry) -> Effects {
    let only_reads = |reads| Effects { reads, writes: 0 };
    if entry.is_removed() || entry.jump.is_some() {
        return only_reads(0);
    }
    let Some(parts) = entry.parts.filter(|p| !p.is_vex && !p.is_locked) else {
        return UNKNOWN;
    };
    if entry.is_call() {
        // What is called through a pointer may be a C function that wants to know more.
        let reads = match parts.modrm {
            Some(_) => CHANGED_BY_CALLS | ALL_GENERAL,
            None => entry.passed.unwrap_or(READ_BY_CALLS),
        };
        return Effects {
            reads,
            writes: CHANGED_BY_CALLS,
        };
    }
    if entry.is_return()
        && let Some(reads) = entry.passed
    {
        return only_reads(reads);
    }
    match parts.map {
        Map::One => one_byte(parts),
        Map::TwoByte => two_byte(parts),
        Map::ThreeByte3A if matches!(parts.opcode, 0x0a | 0x0b) => {
            let (reg, rm) = vectors(parts);
            only_reads(reg | rm)
        }
        _ => UNKNOWN,
    }
}

/// The registers of a memory operand.
fn addresses(parts: Parts) -> Set {
    let Some(modrm) = parts.modrm.filter(|m| m.is_memory()) else {
        return 0;
    };
    if modrm.is_rip_relative() {
        return 0;
    }
    let extended = |n: u8, bit: u8| n | if parts.rex & bit != 0 { 8 } else { 0 };
    match modrm.sib {
        None => general(extended(modrm.rm(), 1)),
        // A base or index that is not there reads nothing; it does no harm to say so.
        Some(sib) => general(extended(sib & 7, 1)) | general(extended(sib >> 3 & 7, 2)),
    }
}

/// The `reg` field as a general register, and `rm` with whether it is in memory.
fn generals(parts: Parts) -> (Set, Set, bool) {
    let Some(modrm) = parts.modrm else {
        return (ALL, ALL, true);
    };
    let reg = general(modrm.reg() | (parts.rex & 4) << 1);
    if modrm.is_memory() {
        (reg, addresses(parts), true)
    } else {
        (reg, general(modrm.rm() | (parts.rex & 1) << 3), false)
    }
}

/// The same for vector registers.
fn vectors(parts: Parts) -> (Set, Set) {
    let Some(modrm) = parts.modrm else {
        return (ALL, ALL);
    };
    let reg = vector(modrm.reg() | (parts.rex & 4) << 1);
    if modrm.is_memory() {
        (reg, addresses(parts))
    } else {
        (reg, vector(modrm.rm() | (parts.rex & 1) << 3))
    }
}

/// The registers that an entry may change: what it writes, and destinations that it combines with
/// something.
pub fn changes(entry: &Entry) -> Set {
    if entry.is_removed() || entry.jump.is_some() || entry.is_return() {
        return 0;
    }
    let Effects { reads, writes } = effects(entry);
    let Some(parts) = entry.parts.filter(|p| !p.is_vex && !p.is_locked) else {
        return ALL;
    };
    if entry.is_call() {
        return writes;
    }
    if reads == ALL {
        return ALL;
    }
    let (reg, rm, is_memory) = generals(parts);
    let (vreg, vrm) = vectors(parts);
    let to_rm = if is_memory { 0 } else { rm };
    writes
        | match (parts.map, parts.opcode) {
            // Comparisons, and moves whose destination is known.
            (
                Map::One,
                0x38..=0x3b | 0x50..=0x5f | 0x84 | 0x85 | 0x89 | 0x8b | 0x8d | 0x90 | 0xb8..=0xbf,
            ) if parts.mandatory != 0x66 => 0,
            (Map::One, 0x98 | 0x99 | 0xf6 | 0xf7) => to_rm | RAX | RDX,
            (Map::One, _) => reg | to_rm,
            (Map::TwoByte, 0x2e | 0x2f | 0x0b) => 0,
            (Map::TwoByte, 0x11 | 0x13 | 0x29 | 0x7f | 0xd6) if is_memory => 0,
            (Map::TwoByte, 0x11) => vreg | vrm,
            (Map::TwoByte, 0x2c | 0x2d) => reg,
            (Map::TwoByte, 0x7e) if parts.mandatory == 0x66 => to_rm,
            (Map::TwoByte, 0x40..=0x4f | 0x90..=0x9f | 0xa3..=0xaf | 0xb6..=0xbf) => reg | to_rm,
            _ => vreg,
        }
}

fn one_byte(parts: Parts) -> Effects {
    let (reg, rm, is_memory) = generals(parts);
    // Instructions with 16 bits keep the rest of a register, and so do those with 8.
    let is_whole = parts.mandatory != 0x66;
    let low = general(parts.opcode & 7 | (parts.rex & 1) << 3);
    let (reads, writes) = match parts.opcode {
        0x89 if is_memory => (reg | rm, 0),
        0x89 if is_whole => (reg, rm),
        0x8b | 0x63 | 0x69 | 0x6b if is_whole => (rm, reg),
        0x8d => (rm, reg),
        0xb8..=0xbf if is_whole => (0, low),
        0xc7 | 0xc6 if is_memory => (rm, 0),
        0xc7 if is_whole => (0, rm),
        // A register combined with itself is zero, whatever it was.
        0x31 | 0x33 | 0x29 | 0x2b if !is_memory && reg == rm && is_whole => (0, rm),
        0x00..=0x03
        | 0x08..=0x0b
        | 0x10..=0x13
        | 0x18..=0x1b
        | 0x20..=0x23
        | 0x28..=0x2b
        | 0x30..=0x33
        | 0x38..=0x3b
        | 0x84
        | 0x85
        | 0x88
        | 0x89
        | 0x8a
        | 0x8b => (reg | rm, 0),
        0x80 | 0x81 | 0x83 | 0xc0 | 0xc1 | 0xd0 | 0xd1 | 0xfe => (rm, 0),
        0xd2 | 0xd3 => (rm | RCX, 0),
        0xf6 | 0xf7 => (rm | RAX | RDX, 0),
        0x50..=0x57 => (low, 0),
        0x58..=0x5f => (0, low),
        0x99 => (RAX, RDX),
        0x98 => (RAX, 0),
        0xc3 => (READ_BY_RETURNS, 0),
        0x90 => (low & RAX, 0),
        _ => return UNKNOWN,
    };
    Effects { reads, writes }
}

fn two_byte(parts: Parts) -> Effects {
    let (reg, rm, is_memory) = generals(parts);
    let (vreg, vrm) = vectors(parts);
    let is_whole = parts.mandatory != 0x66;
    let of_one = matches!(parts.mandatory, 0xf2 | 0xf3);
    let (reads, writes) = match parts.opcode {
        0x0b => (0, 0),
        0x40..=0x4f | 0xaf => (reg | rm, 0),
        0x90..=0x9f => (rm, 0),
        0xb6 | 0xb7 | 0xbe | 0xbf if is_whole => (rm, reg),
        0xb8 | 0xbc | 0xbd => (reg | rm, 0),
        0xba => (rm, 0),
        0xa3 | 0xa4 | 0xac => (reg | rm, 0),
        0xa5 | 0xad => (reg | rm | RCX, 0),
        0x10 if !of_one || is_memory => (vrm, vreg),
        0x28 | 0x6f => (vrm, vreg),
        0x11 | 0x13 | 0x29 | 0x7f | 0xd6 if is_memory => (vreg | vrm, 0),
        0x10 | 0x11 | 0x12 | 0x51 | 0x58..=0x5f | 0xc2 | 0x2e | 0x2f => (vreg | vrm, 0),
        0x54..=0x57 | 0xef if parts.opcode & 0x0f > 0x06 && vreg == vrm => (0, vreg),
        0x54..=0x57 | 0xdb | 0xdf | 0xeb | 0xef => (vreg | vrm, 0),
        0x6e => (rm, vreg),
        0x7e if parts.mandatory == 0xf3 => (vrm, vreg),
        0x7e if parts.mandatory == 0x66 && !is_memory => (vreg, rm),
        0x7e => (vreg | rm, 0),
        0x2a => (vreg | rm, 0),
        0x2c | 0x2d => (vrm, reg),
        _ => return UNKNOWN,
    };
    Effects { reads, writes }
}

/// The registers that are needed behind each entry.
pub fn needed_behind(listing: &Listing) -> Vec<Set> {
    let count = listing.entries.len();
    let all: Vec<Effects> = listing.entries.iter().map(effects).collect();
    // What is needed before each entry; the place behind the last one is never reached.
    let mut before: Vec<Set> = vec![0; count + 1];
    let mut behind: Vec<Set> = vec![0; count];
    let mut changed = true;
    while changed {
        changed = false;
        for (n, entry) in listing.entries.iter().enumerate().rev() {
            let mut set = if entry.is_end && !entry.is_removed() {
                0
            } else {
                before[n + 1]
            };
            if let Some(jump) = entry.jump {
                set |= before.get(jump.to as usize).copied().unwrap_or(ALL);
            }
            behind[n] = set;
            let set = set & !all[n].writes | all[n].reads;
            if before[n] != set {
                before[n] = set;
                changed = true;
            }
        }
    }
    behind
}
