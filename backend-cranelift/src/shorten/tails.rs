//! Joins equal ends of paths within a function: what is the same up to a return or a jump is there
//! once. Knows no control flow beyond that.
//!
//! ```text
//!    xor eax, eax               xor eax, eax
//!    pop rbx                a:  pop rbx
//!    leave                      leave
//!    ret                        ret
//! b: mov eax, 1              b: mov eax, 1
//!    pop rbx                    jmp a
//!    leave
//!    ret
//! ```

use super::listing::{Entry, Jump, Listing};

/// Functions with more ends are left alone, so that the time stays short.
const MAX_ENDS: usize = 200;
/// From this distance in bytes on, a jump is taken to need its long form.
const FAR: u32 = 110;

/// Joins ends. `reloc_key` says which relocations are the same.
pub fn join(listing: &mut Listing, reloc_key: &dyn Fn(u32) -> usize) {
    let is_end = |e: &Entry| e.is_end && !e.is_removed();
    let ends: Vec<usize> = (0..listing.entries.len())
        .filter(|&n| is_end(&listing.entries[n]))
        .collect();
    if ends.len() > MAX_ENDS {
        return;
    }
    for &end in ends.iter().rev() {
        // What was joined before may have removed this one.
        if !is_end(&listing.entries[end]) {
            continue;
        }
        let mut best: Option<(u32, Vec<(usize, usize)>)> = None;
        for &other in &ends {
            if other == end || !is_end(&listing.entries[other]) {
                continue;
            }
            let pairs = common(listing, end, other, reloc_key);
            let gain = gain(listing, &pairs);
            if gain > best.as_ref().map_or(0, |b| b.0) {
                best = Some((gain, pairs));
            }
        }
        if let Some((_, pairs)) = best {
            replace(listing, &pairs);
        }
    }
    thread(listing);
    invert(listing);
}

/// The pairs of equal entries up to two ends, last ones first.
fn common(
    listing: &Listing,
    end: usize,
    other: usize,
    reloc_key: &dyn Fn(u32) -> usize,
) -> Vec<(usize, usize)> {
    let entries = &listing.entries;
    let mut pairs = Vec::new();
    let before = |n: usize| (0..n).rev().find(|&k| !entries[k].is_removed());
    let (mut a, mut b) = (Some(end), Some(other));
    while let (Some(m), Some(n)) = (a, b) {
        // Control does not come from an end before.
        let is_past = !pairs.is_empty() && (entries[m].is_end || entries[n].is_end);
        if is_past || !equal(listing, &entries[m], &entries[n], reloc_key) {
            break;
        }
        pairs.push((m, n));
        a = before(m);
        b = before(n);
    }
    pairs
}

fn equal(listing: &Listing, a: &Entry, b: &Entry, reloc_key: &dyn Fn(u32) -> usize) -> bool {
    if a.jump.is_some() || b.jump.is_some() {
        let target = |e: &Entry| {
            e.jump
                .map(|j| (listing.live_from(j.to as usize), j.condition))
        };
        return target(a) == target(b);
    }
    let place = |e: &Entry| e.reloc.map(|(n, from_end)| (reloc_key(n), from_end));
    if a.constant != b.constant || place(a) != place(b) {
        return false;
    }
    match (a.constant, a.parts.and_then(|p| p.modrm)) {
        (None, _) => a.slice() == b.slice(),
        (Some(_), Some(modrm)) => {
            let at = modrm.displacement_at();
            a.slice().len() == b.slice().len()
                && a.slice()[..at] == b.slice()[..at]
                && a.slice()[at + 4..] == b.slice()[at + 4..]
        }
        _ => false,
    }
}

/// Bytes that are saved.
fn gain(listing: &Listing, pairs: &[(usize, usize)]) -> u32 {
    let Some(&(first, kept)) = pairs.last() else {
        return 0;
    };
    let entries = &listing.entries;
    let distance = entries[first].old.abs_diff(entries[kept].old);
    let jump = if distance < FAR { 2 } else { 5 };
    let removed: u32 = pairs
        .iter()
        .map(|&(n, _)| match entries[n].jump {
            None => entries[n].slice().len() as u32,
            Some(jump) => {
                let to = entries.get(jump.to as usize).map_or(u32::MAX, |e| e.old);
                if to.abs_diff(entries[n].old) < FAR {
                    2
                } else {
                    5
                }
            }
        })
        .sum();
    let falls_in = first
        .checked_sub(1)
        .and_then(|n| (0..=n).rev().find(|&k| !entries[k].is_removed()))
        .is_some_and(|n| !entries[n].is_end);
    removed.saturating_sub(if falls_in { jump } else { 0 })
}

/// Makes the first of each pair the second.
fn replace(listing: &mut Listing, pairs: &[(usize, usize)]) {
    let Some(&(first, kept)) = pairs.last() else {
        return;
    };
    let mut to: Vec<u32> = (0..listing.entries.len() as u32).collect();
    for &(n, kept) in pairs {
        to[n] = kept as u32;
    }
    for n in 0..listing.entries.len() {
        if let Some(jump) = listing.entries[n].jump {
            let live = listing.live_from(jump.to as usize);
            if let Some(&to) = to.get(live) {
                listing.entries[n].jump = Some(Jump { to, ..jump });
            }
        }
    }
    let falls_in = (0..first)
        .rev()
        .find(|&k| !listing.entries[k].is_removed())
        .is_some_and(|n| !listing.entries[n].is_end);
    for &(n, _) in pairs {
        listing.entries[n].remove();
    }
    if falls_in {
        let entry = &mut listing.entries[first];
        // The bytes stand for a jump; which one is decided at the end.
        entry.replace(&[0xeb, 0]);
        entry.is_end = true;
        entry.jump = Some(Jump {
            to: kept as u32,
            condition: None,
        });
    }
}

/// Jumps to jumps go where those go.
fn thread(listing: &mut Listing) {
    for n in 0..listing.entries.len() {
        let Some(mut jump) = listing.entries[n].jump else {
            continue;
        };
        // Bounded, since jumps may go in circles.
        for _ in 0..8 {
            let at = listing.live_from(jump.to as usize);
            match listing.entries.get(at).and_then(|e| e.jump) {
                Some(next) if next.condition.is_none() && at != n => jump.to = next.to,
                _ => break,
            }
        }
        listing.entries[n].jump = Some(jump);
    }
}

/// A condition that jumps over a jump becomes the opposite one.
fn invert(listing: &mut Listing) {
    let is_target = listing.jumped_to();
    for n in 0..listing.entries.len() {
        let Some((jump, condition)) = listing.entries[n]
            .jump
            .and_then(|j| Some((j, j.condition?)))
        else {
            continue;
        };
        let over = listing.live_from(n + 1);
        let Some(other) = listing.entries.get(over).and_then(|e| e.jump) else {
            continue;
        };
        let is_next = listing.live_from(jump.to as usize) == listing.live_from(over + 1);
        if other.condition.is_none() && is_next && !is_target[over] {
            listing.entries[n].jump = Some(Jump {
                to: other.to,
                condition: Some(condition ^ 1),
            });
            listing.entries[over].remove();
        }
    }
}
