//! What an instruction does with the two registers that frames are made of, and whether it works
//! on the lower parts of vector registers alone. What is not known is taken for the worse.

use super::decode::{Map, Modrm, Parts};

/// Number of the stack pointer.
const RSP: u8 = 4;
/// Number of the frame pointer.
const RBP: u8 = 5;

/// How an instruction uses the stack and frame pointers.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Use {
    /// Not at all, or as every call does.
    None,
    /// An operand at this distance from the stack pointer.
    Stack(i32),
    /// An operand at this distance from the frame pointer.
    Frame(i32),
    /// In another way.
    Other,
}

/// How the instruction in `bytes` uses them.
pub fn frame_use(bytes: &[u8], parts: Parts) -> Use {
    let fixed = |field: u8| matches!(field | (parts.rex & 1) << 3, RSP | RBP);
    let Some(modrm) = parts.modrm else {
        let other = match parts.map {
            Map::One => match parts.opcode {
                0x50..=0x5f | 0xc2 | 0xc3 | 0xc9 => true,
                0x90 | 0xb0..=0xbf => fixed(parts.opcode & 7),
                _ => false,
            },
            _ => matches!(parts.opcode, 0xc8..=0xcf) && fixed(parts.opcode & 7),
        };
        return if other { Use::Other } else { Use::None };
    };
    let (reg_is_general, rm_is_general) = general_fields(parts);
    if reg_is_general && matches!(modrm.reg() | (parts.rex & 4) << 1, RSP | RBP) {
        return Use::Other;
    }
    if !modrm.is_memory() {
        return if rm_is_general && fixed(modrm.rm()) {
            Use::Other
        } else {
            Use::None
        };
    }
    if modrm.is_rip_relative() {
        return Use::None;
    }
    let displacement = displacement(bytes, modrm);
    let Some(sib) = modrm.sib else {
        return if fixed(modrm.rm()) {
            Use::Frame(displacement)
        } else {
            Use::None
        };
    };
    let index = sib >> 3 & 7 | (parts.rex & 2) << 2;
    let has_base = modrm.byte >> 6 != 0 || sib & 7 != 5;
    if !has_base || !fixed(sib & 7) {
        return if index == RBP { Use::Other } else { Use::None };
    }
    if sib & 7 == RSP && index == RSP {
        Use::Stack(displacement)
    } else {
        Use::Other
    }
}

fn displacement(bytes: &[u8], modrm: Modrm) -> i32 {
    let at = modrm.displacement_at();
    match bytes.get(at..at + modrm.displacement) {
        Some(&[byte]) => i32::from(byte as i8),
        Some(&[a, b, c, d]) => i32::from_le_bytes([a, b, c, d]),
        _ => 0,
    }
}

/// Whether the `reg` and `rm` fields are general registers.
fn general_fields(parts: Parts) -> (bool, bool) {
    match parts.map {
        Map::One => {
            let is_group = matches!(
                parts.opcode,
                0x80..=0x83 | 0x8f | 0xc0 | 0xc1 | 0xc6 | 0xc7 | 0xd0..=0xd3 | 0xf6 | 0xf7 | 0xfe | 0xff
            );
            (!is_group, true)
        }
        Map::TwoByte => match parts.opcode {
            0x2a | 0x6e | 0xc4 => (false, true),
            0x7e if parts.mandatory == 0x66 => (false, true),
            0x2c | 0x2d | 0x50 | 0xc5 | 0xd7 => (true, false),
            0x90..=0x9f | 0xba | 0xc7 | 0xae => (false, true),
            0x10..=0x17 | 0x28..=0x2f | 0x51..=0x7f | 0xc2 | 0xc6 | 0xd0..=0xfe => (false, false),
            _ => (true, true),
        },
        Map::ThreeByte38 => {
            let is_general = parts.opcode >= 0xf0;
            (is_general, is_general)
        }
        Map::ThreeByte3A => match parts.opcode {
            0x14..=0x17 | 0x20 | 0x22 => (false, true),
            0xf0 => (true, true),
            _ => (false, false),
        },
    }
}

/// Whether the upper halves of vector registers do not matter to the instruction, so that they may
/// be anything before it. Moves between memory and whole registers do not count.
pub fn is_scalar(parts: Parts) -> bool {
    let is_memory = parts.modrm.is_some_and(Modrm::is_memory);
    let of_one = matches!(parts.mandatory, 0xf2 | 0xf3);
    if parts.is_vex {
        return false;
    }
    match parts.map {
        Map::One => true,
        Map::TwoByte => match parts.opcode {
            0x10 | 0x11 | 0x51 | 0x58..=0x5a | 0x5c..=0x5f | 0xc2 => of_one,
            0x13 => is_memory,
            0x28 => !is_memory,
            0x2a | 0x2c | 0x2d => of_one,
            0x2e | 0x2f => true,
            // Bitwise; an operand in memory is a constant, or refused elsewhere.
            0x54..=0x57 | 0xdb | 0xdf | 0xeb | 0xef => true,
            0x6e | 0x7e => true,
            0x6f | 0x7f => !is_memory && parts.mandatory == 0x66,
            0xd6 => parts.mandatory == 0x66,
            // Other instructions with vector registers.
            0x12 | 0x14..=0x17 | 0x29 | 0x2b | 0x50..=0x7f | 0xc4..=0xc6 | 0xd0..=0xfe => false,
            _ => true,
        },
        Map::ThreeByte38 => parts.opcode >= 0xf0,
        Map::ThreeByte3A => matches!(parts.opcode, 0x0a | 0x0b | 0xf0),
    }
}
