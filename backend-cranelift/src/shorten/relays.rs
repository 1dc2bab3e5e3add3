//! Jumps to a far exit go by way of nearer jumps to it. Jumps change no flags, so a condition that
//! held at the first one holds at the next. Leaving a function happens once; jumps within it stay.
//!
//! ```text
//!    jne fail        (6 bytes)      jne a           (2 bytes)
//!    ...                            ...
//! a: jne fail                    a: jne fail
//!    ...                            ...
//! fail:                          fail:
//!    mov eax, 1                     mov eax, 1
//!    ret                            ret
//! ```

use super::listing::{Jump, Listing};

/// How far a short jump reaches, with some bytes to spare.
const REACH: usize = 120;

/// Makes long jumps to exits short where another jump helps.
pub fn relay(listing: &mut Listing) {
    let Some((is_long, places)) = listing.arrangement() else {
        return;
    };
    let exits: Vec<Option<Jump>> = (0..listing.entries.len())
        .map(|n| exit_jump(listing, n))
        .collect();
    // The last jumps first: those before them may go by way of them.
    for n in (0..exits.len()).rev() {
        let Some(jump) = exits[n].filter(|_| is_long[n]) else {
            continue;
        };
        let mut relay = None;
        for m in n + 1..exits.len() {
            if places[m].saturating_sub(places[n]) > REACH {
                break;
            }
            let helps = |other: Jump| {
                other.to == jump.to
                    && (other.condition.is_none() || other.condition == jump.condition)
            };
            if exits[m].is_some_and(helps) {
                relay = Some(m);
            }
        }
        if let Some(m) = relay {
            listing.entries[n].jump = Some(Jump {
                to: m as u32,
                ..jump
            });
        }
    }
}

/// A jump forward to code that goes straight to a return.
fn exit_jump(listing: &Listing, n: usize) -> Option<Jump> {
    let jump = listing.entries[n].jump?;
    let to = listing.live_from(jump.to as usize);
    if to <= n {
        return None;
    }
    let mut path = listing.entries.iter().skip(to).filter(|e| !e.is_removed());
    let last = path.find(|e| e.is_end || e.jump.is_some())?;
    last.is_exit().then_some(Jump {
        to: to as u32,
        ..jump
    })
}
