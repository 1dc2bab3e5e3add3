//! Shorter instructions that do the same as single longer ones. Knows nothing of their neighbours.
//!
//! ```text
//! movdqu xmm0, [rsp+8]    movups xmm0, [rsp+8]      vectors are moved as bits
//! movdqa xmm0, xmm1       movaps xmm0, xmm1
//! xorpd  xmm0, xmm1       xorps  xmm0, xmm1
//! movsd  [rdi], xmm0      movlps [rdi], xmm0        a store of the lower half is the same
//! ```

use super::decode::{Map, Parts};
use super::listing::{Entry, Listing};

/// Replaces what has a shorter form.
pub fn shorten(listing: &mut Listing) {
    for entry in &mut listing.entries {
        let Some(parts) = entry.parts else { continue };
        if parts.is_vex || parts.is_locked {
            continue;
        }
        if let Some(opcode) = plain_vector_form(parts) {
            without_prefix(entry, parts, opcode);
        }
    }
}

/// The opcode that does the same without a prefix.
fn plain_vector_form(parts: Parts) -> Option<u8> {
    let is_memory = parts.modrm?.is_memory();
    if parts.map != Map::TwoByte {
        return None;
    }
    match (parts.mandatory, parts.opcode) {
        (0xf3, 0x6f) | (0x66, 0x10) => Some(0x10),
        (0xf3, 0x7f) | (0x66, 0x11) => Some(0x11),
        (0x66, 0x6f | 0x28) => Some(0x28),
        (0x66, 0x7f | 0x29) => Some(0x29),
        (0x66, opcode @ 0x54..=0x57) => Some(opcode),
        (0xf2, 0x11) if is_memory => Some(0x13),
        _ => None,
    }
}

/// The instruction without its first byte, which selects it, and with another opcode.
fn without_prefix(entry: &mut Entry, parts: Parts, opcode: u8) {
    // Anything before REX and the escape byte but the one prefix is not expected.
    let rex = usize::from(parts.rex != 0);
    if parts.opcode_at != 2 + rex {
        return;
    }
    let mut bytes = entry.slice()[1..].to_vec();
    bytes[parts.opcode_at - 1] = opcode;
    entry.replace(&bytes);
}
