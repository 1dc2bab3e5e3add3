//! Moves that change nothing: a register or a place on the stack gets what it has already. The
//! register allocator makes them where the ranges meet into which it cuts the life of a value.
//!
//! ```text
//! mov r12, rdx                   mov r12, rdx
//! mov [rsp+0x40], rdi            mov [rsp+0x40], rdi
//! mov rdx, r12
//! mov rax, [rsp+0x40]            mov rax, rdi
//! ```
//!
//! Every register and every place where registers are saved has a number for its value; equal numbers
//! mean equal values. One walk in the order of the code: where a jump comes from below, nothing is
//! known.

use super::decode::{Map, Parts};
use super::effects::{Set, changes, needed_behind};
use super::listing::{Entry, Listing};
use super::registers::{Use, frame_use};
use std::collections::BTreeMap;

/// A register by its number, vector registers from 16 on.
type Register = usize;

const REGISTERS: usize = 32;

/// Where registers are saved: offsets from the stack pointer.
#[derive(Copy, Clone, Debug)]
pub struct SavedAt {
    pub from: u32,
    pub to: u32,
}

/// A move of a whole register.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
enum Move {
    Between { to: Register, from: Register },
    Save { at: u32, from: Register },
    Restore { at: u32, to: Register },
}

/// What has the same value as what.
#[derive(Clone, Debug)]
struct Values {
    registers: [u32; REGISTERS],
    /// By offset; the size is that of the register.
    saved: BTreeMap<u32, (u32, u32)>,
}

impl Values {
    fn unknown(next: &mut u32) -> Values {
        let mut registers = [0; REGISTERS];
        for value in &mut registers {
            *value = fresh(next);
        }
        Values {
            registers,
            saved: BTreeMap::new(),
        }
    }

    /// What holds whichever way control comes.
    fn meet(&self, other: &Values, next: &mut u32) -> Values {
        let mut pairs: BTreeMap<(u32, u32), u32> = BTreeMap::new();
        let mut both = |a: u32, b: u32| {
            if a == b {
                return a;
            }
            *pairs.entry((a, b)).or_insert_with(|| fresh(next))
        };
        let mut registers = [0; REGISTERS];
        for (n, value) in registers.iter_mut().enumerate() {
            *value = both(self.registers[n], other.registers[n]);
        }
        let mut saved = BTreeMap::new();
        for (&at, &(size, a)) in &self.saved {
            if let Some(&(other_size, b)) = other.saved.get(&at)
                && size == other_size
            {
                saved.insert(at, (size, both(a, b)));
            }
        }
        Values { registers, saved }
    }

    fn saved_at(&self, at: u32, size: u32) -> Option<u32> {
        let &(found, value) = self.saved.get(&at)?;
        (found == size).then_some(value)
    }

    fn save(&mut self, at: u32, size: u32, value: u32) {
        self.saved
            .retain(|&other, &mut (len, _)| other + len <= at || at + size <= other);
        self.saved.insert(at, (size, value));
    }
}

fn fresh(next: &mut u32) -> u32 {
    *next += 1;
    *next
}

/// Takes moves out of the entries with `is_body` that change nothing, and moves from the stack that
/// may be moves between registers.
pub fn shorten(listing: &mut Listing, is_body: &dyn Fn(usize) -> bool, saved: Option<SavedAt>) {
    if !listing.entries.iter().all(|e| is_plain(e, saved)) {
        return;
    }
    let last_jump = last_jumps(listing);
    let is_target = listing.jumped_to();
    let mut next = 0;
    let mut arriving: BTreeMap<usize, Values> = BTreeMap::new();
    let mut now = Some(Values::unknown(&mut next));
    for n in 0..listing.entries.len() {
        if listing.entries[n].is_removed() {
            continue;
        }
        if is_target[n] {
            let jumped = arriving.remove(&n);
            now = match (now.take(), jumped) {
                _ if last_jump[n] >= n => Some(Values::unknown(&mut next)),
                (Some(a), Some(b)) => Some(a.meet(&b, &mut next)),
                (one, other) => one.or(other),
            };
        }
        let mut values = match now.take() {
            Some(values) => values,
            None => Values::unknown(&mut next),
        };
        step(listing, n, is_body(n), saved, &mut values, &mut next);
        let entry = &listing.entries[n];
        if let Some(jump) = entry.jump {
            let to = listing.live_from(jump.to as usize);
            let there = match arriving.remove(&to) {
                Some(there) => there.meet(&values, &mut next),
                None => values.clone(),
            };
            arriving.insert(to, there);
        }
        if !entry.is_end || entry.is_removed() {
            now = Some(values);
        }
    }
    remove_unused(listing, is_body, saved);
}

/// For each entry the number of the last one that jumps to it, or 0.
fn last_jumps(listing: &Listing) -> Vec<usize> {
    let mut last = vec![0; listing.entries.len()];
    for (n, entry) in listing.entries.iter().enumerate() {
        if let Some(jump) = entry.jump
            && let Some(slot) = last.get_mut(listing.live_from(jump.to as usize))
        {
            *slot = n;
        }
    }
    last
}

/// Follows one entry, and changes it if it may be.
fn step(
    listing: &mut Listing,
    n: usize,
    may_change: bool,
    saved: Option<SavedAt>,
    values: &mut Values,
    next: &mut u32,
) {
    let entry = &mut listing.entries[n];
    match whole_move(entry, saved) {
        Some(Move::Between { to, from }) => {
            if values.registers[to] == values.registers[from] {
                if may_change {
                    entry.remove();
                }
            } else {
                values.registers[to] = values.registers[from];
            }
        }
        Some(Move::Save { at, from }) => {
            let size = size_of(from);
            let value = values.registers[from];
            if values.saved_at(at, size) == Some(value) {
                if may_change {
                    entry.remove();
                }
            } else {
                values.save(at, size, value);
            }
        }
        Some(Move::Restore { at, to }) => {
            let size = size_of(to);
            let Some(value) = values.saved_at(at, size) else {
                values.registers[to] = fresh(next);
                values.save(at, size, values.registers[to]);
                return;
            };
            let holder = holder(values, value, to);
            values.registers[to] = value;
            match holder {
                Some(from) if may_change && from == to => entry.remove(),
                Some(from) if may_change => {
                    entry.replace(&between(to, from));
                }
                _ => {}
            }
        }
        None => {
            if may_change {
                use_register(entry, saved, values);
            }
            let changed = changes(entry);
            for (n, value) in values.registers.iter_mut().enumerate() {
                if changed & (1 << n) != 0 {
                    *value = fresh(next);
                }
            }
        }
    }
}

/// A register of the same kind as `like` with this value, `like` itself before others.
fn holder(values: &Values, value: u32, like: Register) -> Option<Register> {
    if values.registers[like] == value {
        return Some(like);
    }
    let kind = like & 16;
    // Registers without a prefix byte first.
    (kind..kind + 16).find(|&n| values.registers[n] == value && n != 4 && n != 5)
}

fn size_of(register: Register) -> u32 {
    if register < 16 { 8 } else { 16 }
}

/// `mov to, from` or `movaps to, from`.
fn between(to: Register, from: Register) -> Vec<u8> {
    let (to_low, from_low) = ((to & 7) as u8, (from & 7) as u8);
    let (to_high, from_high) = ((to >> 3 & 1) as u8, (from >> 3 & 1) as u8);
    if to < 16 {
        let rex = 0x48 | from_high << 2 | to_high;
        return vec![rex, 0x89, 0xc0 | from_low << 3 | to_low];
    }
    let rex = 0x40 | to_high << 2 | from_high;
    let mut bytes = Vec::with_capacity(4);
    if rex != 0x40 {
        bytes.push(rex);
    }
    bytes.extend([0x0f, 0x28, 0xc0 | to_low << 3 | from_low]);
    bytes
}

/// The instruction as a move of a whole register.
fn whole_move(entry: &Entry, saved: Option<SavedAt>) -> Option<Move> {
    let parts = entry.parts.filter(|p| !p.is_vex)?;
    let modrm = parts.modrm?;
    if entry.constant.is_some() || entry.reloc.is_some() || entry.jump.is_some() {
        return None;
    }
    let (is_load, kind) = match (parts.map, parts.mandatory, parts.opcode) {
        (Map::One, 0, 0x89) if parts.rex & 8 != 0 => (false, 0),
        (Map::One, 0, 0x8b) if parts.rex & 8 != 0 => (true, 0),
        (Map::TwoByte, 0, 0x10) => (true, 16),
        (Map::TwoByte, 0, 0x11) => (false, 16),
        (Map::TwoByte, 0, 0x28) if !modrm.is_memory() => (true, 16),
        _ => return None,
    };
    let reg = kind + usize::from(modrm.reg() | (parts.rex & 4) << 1);
    if !modrm.is_memory() {
        let rm = kind + usize::from(modrm.rm() | (parts.rex & 1) << 3);
        let (to, from) = if is_load { (reg, rm) } else { (rm, reg) };
        return Some(Move::Between { to, from });
    }
    let at = saved_place(entry, parts, saved)?;
    Some(if is_load {
        Move::Restore { at, to: reg }
    } else {
        Move::Save { at, from: reg }
    })
}

/// The place among the saved registers that an instruction refers to.
fn saved_place(entry: &Entry, parts: Parts, saved: Option<SavedAt>) -> Option<u32> {
    let saved = saved?;
    match frame_use(entry.slice(), parts) {
        Use::Stack(at) => {
            let at = u32::try_from(at).ok()?;
            (saved.from <= at && at < saved.to).then_some(at)
        }
        _ => None,
    }
}

/// Whether an entry is understood, and saved registers are only moved or operands to it.
fn is_plain(entry: &Entry, saved: Option<SavedAt>) -> bool {
    if entry.is_removed() || entry.jump.is_some() {
        return true;
    }
    entry.parts.is_some_and(|parts| {
        saved_place(entry, parts, saved).is_none()
            || whole_move(entry, saved).is_some()
            || operand(parts).is_some()
    })
}

/// The vector register that an arithmetic instruction changes, if it reads a float from memory or
/// a register.
fn operand(parts: Parts) -> Option<Register> {
    let modrm = parts.modrm.filter(|_| !parts.is_vex)?;
    let reads = matches!(
        (parts.map, parts.mandatory, parts.opcode),
        (Map::TwoByte, 0xf2, 0x51 | 0x58 | 0x59 | 0x5c..=0x5f) | (Map::TwoByte, 0x66, 0x2e | 0x2f)
    );
    reads.then_some(16 + usize::from(modrm.reg() | (parts.rex & 4) << 1))
}

/// An operand that a register has too is taken from there.
fn use_register(entry: &mut Entry, saved: Option<SavedAt>, values: &Values) {
    let Some(parts) = entry.parts else { return };
    let (Some(modrm), Some(_)) = (parts.modrm, operand(parts)) else {
        return;
    };
    let Some(value) = saved_place(entry, parts, saved).and_then(|at| values.saved_at(at, 16))
    else {
        return;
    };
    let Some(from) = (16..REGISTERS).find(|&n| values.registers[n] == value) else {
        return;
    };
    let (low, high) = ((from & 7) as u8, (from >> 3 & 1) as u8);
    let rex = parts.rex & 0x44 | high;
    let mut bytes = vec![parts.mandatory];
    if rex & 0x0f != 0 {
        bytes.push(0x40 | rex);
    }
    bytes.extend([0x0f, parts.opcode, 0xc0 | modrm.byte & 0x38 | low]);
    entry.replace(&bytes);
}

/// Takes out moves into registers and places that nobody reads.
fn remove_unused(listing: &mut Listing, is_body: &dyn Fn(usize) -> bool, saved: Option<SavedAt>) {
    let mut read: Vec<(u32, u32)> = Vec::new();
    for entry in listing.entries.iter().filter(|e| !e.is_removed()) {
        let Some(parts) = entry.parts else { continue };
        match whole_move(entry, saved) {
            Some(Move::Restore { at, to }) => read.push((at, size_of(to))),
            Some(_) => {}
            None => read.extend(saved_place(entry, parts, saved).map(|at| (at, 16))),
        }
    }
    for n in (0..listing.entries.len()).filter(|&n| is_body(n)) {
        if let Some(Move::Save { at, from }) = whole_move(&listing.entries[n], saved) {
            let end = at + size_of(from);
            if !read
                .iter()
                .any(|&(other, len)| other < end && at < other + len)
            {
                listing.entries[n].remove();
            }
        }
    }
    let needed: Vec<Set> = needed_behind(listing);
    for n in (0..listing.entries.len()).filter(|&n| is_body(n)) {
        if let Some(Move::Between { to, .. } | Move::Restore { to, .. }) =
            whole_move(&listing.entries[n], saved)
            && needed[n] & (1 << to) == 0
        {
            listing.entries[n].remove();
        }
    }
}
