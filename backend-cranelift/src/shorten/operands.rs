//! Values that are moved into a register only to be used once are used where they are.
//!
//! ```text
//! movabs rax, 0x3fe0000000000000     movsd xmm1, [half]
//! movq   xmm1, rax
//!
//! movups xmm1, [rsp+0x40]            addsd xmm0, [rsp+0x40]
//! addsd  xmm0, xmm1
//! ```
//!
//! Runs while operands on the stack still are where the code generator put them.

use super::decode::{Map, Modrm, Parts};
use super::effects::{Set, effects, general, needed_behind, vector};
use super::listing::{Constant, Entry, Listing};
use super::registers::{Use, frame_use};

/// How many instructions a move may be away from the use.
const WINDOW: usize = 8;

/// Uses constants and saved floats where they are.
pub fn shorten(listing: &mut Listing) {
    let needed = needed_behind(listing);
    let is_target = listing.jumped_to();
    load_constants(listing, &needed, &is_target);
    for n in 0..listing.entries.len() {
        if let Some((user, bytes, constant)) = single_use(listing, n, &needed, &is_target) {
            let user = &mut listing.entries[user];
            if user.replace(&bytes) {
                user.constant = constant;
                listing.entries[n].remove();
            }
        }
    }
}

/// Floats that are made in a general register are loaded.
fn load_constants(listing: &mut Listing, needed: &[Set], is_target: &[bool]) {
    for n in 1..listing.entries.len() {
        let [made, moved] = &mut listing.entries[n - 1..=n] else {
            continue;
        };
        let Some((reg, bits)) = made_constant(made) else {
            continue;
        };
        let Some(to) = moved_from(moved, reg) else {
            continue;
        };
        if is_target[n] || needed[n] & general(reg) != 0 {
            continue;
        }
        let mut bytes = vec![0xf2];
        if to >= 8 {
            bytes.push(0x44);
        }
        bytes.extend([0x0f, 0x10, 0x05 | (to & 7) << 3, 0, 0, 0, 0]);
        if moved.replace(&bytes) {
            moved.constant = Some(Constant::new(&bits.to_le_bytes()));
            made.remove();
        }
    }
}

/// `movabs reg, bits`.
fn made_constant(entry: &Entry) -> Option<(u8, u64)> {
    let &[rex @ 0x48..=0x49, opcode @ 0xb8..=0xbf, ref bits @ ..] = entry.slice() else {
        return None;
    };
    if entry.reloc.is_some() {
        return None;
    }
    let bits = u64::from_le_bytes(bits.try_into().ok()?);
    Some((opcode & 7 | (rex & 1) << 3, bits))
}

/// The vector register that `movq` fills from `reg`.
fn moved_from(entry: &Entry, reg: u8) -> Option<u8> {
    let parts = entry.parts?;
    let modrm = parts.modrm?;
    let is_move = parts.map == Map::TwoByte
        && parts.opcode == 0x6e
        && parts.mandatory == 0x66
        && parts.rex & 8 != 0
        && !parts.is_vex;
    let from = modrm.rm() | (parts.rex & 1) << 3;
    (is_move && !modrm.is_memory() && from == reg).then_some(modrm.reg() | (parts.rex & 4) << 1)
}

/// The use of what entry `n` loads, if there is but one that can be combined with it: its number
/// and what it becomes.
fn single_use(
    listing: &Listing,
    n: usize,
    needed: &[Set],
    is_target: &[bool],
) -> Option<(usize, Vec<u8>, Option<Constant>)> {
    let load = &listing.entries[n];
    let parts = load.parts.filter(|p| !p.is_vex && p.map == Map::TwoByte)?;
    let modrm = parts.modrm?;
    if parts.opcode != 0x10 || !modrm.is_memory() || load.reloc.is_some() {
        return None;
    }
    let is_saved = parts.mandatory == 0
        && matches!(frame_use(load.slice(), parts), Use::Stack(_))
        && load.constant.is_none();
    let is_constant = parts.mandatory == 0xf2 && load.constant.is_some();
    if !is_saved && !is_constant {
        return None;
    }
    let reg = modrm.reg() | (parts.rex & 4) << 1;
    let behind = listing.entries.iter().enumerate().skip(n + 1).take(WINDOW);
    for (at, entry) in behind {
        if is_target[at] || entry.jump.is_some() || entry.is_end || entry.is_call() {
            return None;
        }
        if entry.is_removed() {
            continue;
        }
        let effects = effects(entry);
        if effects.reads & vector(reg) != 0 {
            if needed[at] & vector(reg) != 0 {
                return None;
            }
            return combined(load, parts, modrm, entry, reg).map(|(b, c)| (at, b, c));
        }
        if effects.writes & vector(reg) != 0 || is_saved && may_store(entry) {
            return None;
        }
    }
    None
}

/// Whether an instruction may write to memory.
fn may_store(entry: &Entry) -> bool {
    let Some(parts) = entry.parts else {
        return true;
    };
    if !parts.modrm.is_some_and(Modrm::is_memory) {
        return false;
    }
    !match parts.map {
        Map::One => matches!(
            parts.opcode,
            0x8b | 0x8d | 0x63 | 0x03 | 0x2b | 0x3b | 0x39 | 0x85
        ),
        Map::TwoByte => matches!(
            parts.opcode,
            0x10 | 0x28 | 0x2a | 0x2c..=0x2f | 0x40..=0x4f | 0x51 | 0x54..=0x5f | 0x6f | 0xb6 | 0xb7 | 0xbe | 0xbf
        ),
        _ => false,
    }
}

/// The instruction that uses the operand of a load instead of the register.
fn combined(
    load: &Entry,
    load_parts: Parts,
    load_modrm: Modrm,
    user: &Entry,
    reg: u8,
) -> Option<(Vec<u8>, Option<Constant>)> {
    let parts = user.parts?;
    let modrm = parts.modrm?;
    let is_operand = !modrm.is_memory() && modrm.rm() | (parts.rex & 1) << 3 == reg;
    let other = modrm.reg() | (parts.rex & 4) << 1;
    if parts.map != Map::TwoByte || parts.is_vex || !is_operand || other == reg {
        return None;
    }
    let constant = match (parts.mandatory, parts.opcode) {
        (0xf2, 0x51 | 0x58 | 0x59 | 0x5c..=0x5f) | (0x66, 0x2e | 0x2f) => load.constant,
        // These read all of the register, whose upper half is zero after the load.
        (0, 0x54..=0x57) => Some(load.constant?.widened()),
        _ => return None,
    };
    let bytes = user.slice();
    let mut out = Vec::with_capacity(12);
    for (at, &byte) in bytes.get(..modrm.at)?.iter().enumerate() {
        let is_rex = parts.rex != 0 && at + 2 == parts.opcode_at;
        match byte & !1 {
            // The base is a register without prefix bits.
            0x40 if is_rex => {}
            rex if is_rex => out.push(rex),
            _ => out.push(byte),
        }
    }
    out.push(load_modrm.byte & 0xc7 | modrm.byte & 0x38);
    out.extend_from_slice(load.slice().get(load_modrm.at + 1..load_parts.len)?);
    Some((out, constant))
}
