//! Loops that end in two jumps get by with one. Values that the next turn wants elsewhere are moved
//! before the condition is looked at, where that does no harm behind the loop: moves change no flags.
//!
//! ```text
//!    cmp rcx, rdi                   cmp rcx, rdi
//!    je  out                        mov rcx, rax
//!    mov rcx, rax                   jne head
//!    jmp head
//! out:                           out:
//! ```

use super::decode::Map;
use super::effects::{changes, effects, needed_behind};
use super::listing::{Entry, Jump, Listing};

/// Moves between the two jumps at most.
const MAX_MOVES: usize = 8;

/// Turns the ends of loops around.
pub fn shorten(listing: &mut Listing) {
    let is_target = listing.jumped_to();
    let mut needed = needed_behind(listing);
    for n in 0..listing.entries.len() {
        let Some((out, condition)) = listing.entries[n]
            .jump
            .and_then(|j| Some((j, j.condition?)))
        else {
            continue;
        };
        let Some((moves, back)) = way_back(listing, &is_target, n) else {
            continue;
        };
        let behind = listing.live_from(back + 1);
        if listing.live_from(out.to as usize) != behind {
            continue;
        }
        let Some(next) = listing.entries.get(behind) else {
            continue;
        };
        let first = effects(next);
        let wanted = needed[behind] & !first.writes | first.reads;
        let moved = moves
            .iter()
            .fold(0, |set, &m| set | changes(&listing.entries[m]));
        let Some(to) = listing.entries[back].jump.map(|j| j.to) else {
            continue;
        };
        if moved & wanted != 0 {
            continue;
        }
        let before = needed[n];
        turn(
            listing,
            n,
            &moves,
            back,
            Jump {
                to,
                condition: Some(condition ^ 1),
            },
        );
        // What the condition passes on is needed behind the moves as well.
        for set in &mut needed[n..=back] {
            *set |= before | wanted;
        }
    }
}

/// The moves behind entry `n` and the jump that they lead to.
fn way_back(listing: &Listing, is_target: &[bool], n: usize) -> Option<(Vec<usize>, usize)> {
    let mut moves = Vec::new();
    for (at, entry) in listing.entries.iter().enumerate().skip(n + 1) {
        if entry.is_removed() {
            continue;
        }
        if is_target[at] || moves.len() > MAX_MOVES {
            return None;
        }
        match entry.jump {
            Some(jump) if jump.condition.is_none() => return Some((moves, at)),
            None if is_move(entry) => moves.push(at),
            _ => return None,
        }
    }
    None
}

/// Whether an entry only moves one register to another.
fn is_move(entry: &Entry) -> bool {
    entry.parts.is_some_and(|p| {
        let between = p.modrm.is_some_and(|m| !m.is_memory()) && !p.is_vex;
        let opcode = match p.map {
            Map::One => matches!(p.opcode, 0x89 | 0x8b),
            Map::TwoByte => matches!((p.mandatory, p.opcode), (0, 0x28)),
            _ => false,
        };
        between && opcode
    })
}

/// Puts the moves in front, then the condition; the jump behind it goes.
fn turn(listing: &mut Listing, n: usize, moves: &[usize], back: usize, jump: Jump) {
    let mut order: Vec<Entry> = moves.iter().map(|&m| listing.entries[m].clone()).collect();
    let mut condition = listing.entries[n].clone();
    condition.jump = Some(jump);
    order.push(condition);
    let places: Vec<usize> = std::iter::once(n).chain(moves.iter().copied()).collect();
    for (place, mut entry) in places.into_iter().zip(order) {
        entry.old = listing.entries[place].old;
        listing.entries[place] = entry;
    }
    listing.entries[back].remove();
}
