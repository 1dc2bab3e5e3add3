//! A smaller stack frame, with shorter ways to it. Knows how the code generator makes frames and
//! leaves every function alone that does not look like that.
//!
//! ```text
//! push rbp                       push rbp
//! mov  rbp, rsp                  mov  rbp, rsp
//! sub  rsp, 0x1a0                sub  rsp, 0xb8
//! mov  [rsp+0x190], rbx          push rbx
//! ...                            ...
//! movups xmm0, [rsp+0x160]       movsd xmm0, [rbp-0x10]
//! ...                            ...
//! mov  rbx, [rsp+0x190]          pop rbx
//! add  rsp, 0x1a0                leave
//! mov  rsp, rbp                  ret
//! pop  rbp
//! ret
//! ```
//!
//! Operands within 128 bytes of a register have one byte for the distance instead of four, and those
//! at the frame pointer need one byte less than those at the stack pointer. So what is used most
//! goes next to the frame pointer, what is used less goes next to the stack pointer. Where a function
//! keeps no vectors, what is saved of a vector register is its lower half.

use super::copies::{self, SavedAt};
use super::decode::Map;
use super::layout::{Layout, Object, place};
use super::listing::{Entry, Listing};
use super::registers::{Use, frame_use, is_scalar};

/// What the code generator says of a frame.
#[derive(Clone, Debug, Default)]
pub struct Frame {
    /// The offsets from the bottom, sizes and alignments of memory that the function asked for.
    pub slots: Vec<(u32, u32, u32)>,
    /// Bytes at the bottom for arguments of calls; `None` if not known.
    pub outgoing: Option<u32>,
    /// Whether vector registers only hold floats.
    pub scalars_only: bool,
    /// The numbers of integer and float arguments of the calls that refer to a function, by the
    /// number of the relocation.
    pub calls: Vec<(u32, usize, usize)>,
    /// The numbers of integers and floats that the function returns, if they are in registers.
    pub results: Option<(usize, usize)>,
}

/// Frames of a page and more touch every page.
const MAX_FRAME: u32 = 4000;
const PUSH_RBP: &[u8] = &[0x55];
const MOV_RBP_RSP: &[u8] = &[0x48, 0x89, 0xe5];
const MOV_RSP_RBP: &[u8] = &[0x48, 0x89, 0xec];
const POP_RBP: &[u8] = &[0x5d];
const LEAVE: &[u8] = &[0xc9];

/// What a function does first and last.
struct Ends {
    /// Bytes below the frame pointer.
    size: u32,
    /// Registers that are saved, in order.
    saved: Vec<u8>,
    /// Where they are saved.
    saved_at: u32,
    /// Number of the first entry of the body.
    body: usize,
    /// The first entries and the numbers of the returns.
    returns: Vec<(usize, usize)>,
}

/// An operand on the stack.
struct Access {
    entry: usize,
    object: usize,
    within: u32,
}

/// Makes the frame smaller, if it is understood.
pub fn shorten(listing: &mut Listing, frame: &Frame) {
    let Some(ends) = ends(listing) else { return };
    if ends.size > MAX_FRAME {
        return;
    }
    let is_end = end_entries(listing, &ends);
    copies::shorten(listing, &|n| !is_end[n], saved_at(&ends, frame));
    let Some(uses) = uses(listing, &ends) else {
        return;
    };
    if ends.size == 0 {
        without_memory(listing, &ends, &uses);
        return;
    }
    let Some((objects, accesses, outgoing)) = objects(listing, &ends, frame, &uses) else {
        return;
    };
    let pushes = 8 * ends.saved.len() as u32;
    let full = place(&objects, outgoing, pushes, false);
    let mut best = (full, false);
    if frame.scalars_only
        && objects.iter().any(|o| o.is_vector)
        && body_is_scalar(listing, &ends, &objects, &accesses)
    {
        let halves = place(&objects, outgoing, pushes, true);
        if halves.cost < best.0.cost {
            best = (halves, true);
        }
    }
    rewrite(listing, &ends, &objects, &accesses, &best.0, best.1);
}

/// Which entries belong to the ends.
fn end_entries(listing: &Listing, ends: &Ends) -> Vec<bool> {
    let mut marks = vec![true; listing.entries.len()];
    for (n, _) in body(listing, ends) {
        marks[n] = false;
    }
    marks
}

/// Where the body saves registers.
fn saved_at(ends: &Ends, frame: &Frame) -> Option<SavedAt> {
    let slots = frame.slots.iter().map(|&(at, size, _)| at + size);
    Some(SavedAt {
        from: slots.chain([frame.outgoing?]).max()?,
        to: if ends.saved.is_empty() {
            ends.size
        } else {
            ends.saved_at
        },
    })
}

/// Recognizes the ends of a function.
fn ends(listing: &Listing) -> Option<Ends> {
    let entries = &listing.entries;
    let is = |n: usize, bytes: &[u8]| entries.get(n).is_some_and(|e| e.slice() == bytes);
    if !is(0, PUSH_RBP) || !is(1, MOV_RBP_RSP) {
        return None;
    }
    let mut body = 2;
    let size = entries.get(2).and_then(|e| stack_adjustment(e, 0xec));
    let size = size.inspect(|_| body = 3).unwrap_or(0);
    let mut saved = Vec::new();
    let mut saved_at = 0;
    if size > 0 {
        while let Some((reg, at)) = entries.get(body).and_then(|e| saves(e, 0x89)) {
            if saved.is_empty() {
                saved_at = at;
            } else if at != saved_at + 8 * saved.len() as u32 {
                return None;
            }
            saved.push(reg);
            body += 1;
        }
    }
    if !saved.is_empty() && saved_at + 8 * saved.len() as u32 > size {
        return None;
    }
    let is_target = listing.jumped_to();
    let mut returns = Vec::new();
    for (n, _) in entries.iter().enumerate().filter(|(_, e)| e.is_return()) {
        let mut first = n.checked_sub(2)?;
        if !is(first, MOV_RSP_RBP) || !is(n - 1, POP_RBP) {
            return None;
        }
        if size > 0 {
            first = first.checked_sub(1)?;
            if stack_adjustment(entries.get(first)?, 0xc4) != Some(size) {
                return None;
            }
        }
        first = first.checked_sub(saved.len())?;
        for (k, &reg) in saved.iter().enumerate() {
            if saves(entries.get(first + k)?, 0x8b) != Some((reg, saved_at + 8 * k as u32)) {
                return None;
            }
        }
        if first < body || is_target[first + 1..=n].contains(&true) {
            return None;
        }
        returns.push((first, n));
    }
    if is_target[..body].contains(&true) {
        return None;
    }
    Some(Ends {
        size,
        saved,
        saved_at,
        body,
        returns,
    })
}

/// The constant of `sub rsp, constant` (or `add`), by its operand byte.
fn stack_adjustment(entry: &Entry, operand: u8) -> Option<u32> {
    match *entry.slice() {
        [0x48, 0x83, o, n] if o == operand && n < 0x80 => Some(u32::from(n)),
        [0x48, 0x81, o, a, b, c, d] if o == operand => Some(u32::from_le_bytes([a, b, c, d])),
        _ => None,
    }
}

/// The register and the place of `mov [rsp+place], reg` (or the other way round, by the opcode), for
/// registers that a function must preserve.
fn saves(entry: &Entry, opcode: u8) -> Option<(u8, u32)> {
    let parts = entry.parts?;
    let modrm = parts.modrm?;
    if parts.opcode != opcode || parts.rex & 0x0b != 0x08 || parts.opcode_at != 1 {
        return None;
    }
    let reg = modrm.reg() | (parts.rex & 4) << 1;
    match frame_use(entry.slice(), parts) {
        Use::Stack(at) if matches!(reg, 3 | 12..=15) => Some((reg, u32::try_from(at).ok()?)),
        _ => None,
    }
}

/// How each entry of the body uses the stack; `None` if that can't be changed.
fn uses(listing: &Listing, ends: &Ends) -> Option<Vec<Use>> {
    let mut uses = vec![Use::None; listing.entries.len()];
    for (n, entry) in body(listing, ends) {
        if entry.jump.is_some() {
            continue;
        }
        let used = frame_use(entry.slice(), entry.parts?);
        match used {
            Use::Other => return None,
            // Below are the saved frame pointer and the address to return to.
            Use::Frame(at) if at < 16 => return None,
            Use::Stack(_) if entry.reloc.is_some() => return None,
            Use::Stack(at) if at < 0 => return None,
            _ => uses[n] = used,
        }
    }
    Some(uses)
}

/// The entries between the ends.
fn body<'a>(listing: &'a Listing, ends: &'a Ends) -> impl Iterator<Item = (usize, &'a Entry)> + 'a {
    let mut returns = ends.returns.iter().peekable();
    let entries = listing.entries.iter().enumerate().skip(ends.body);
    entries.filter(move |&(n, entry)| {
        while returns.next_if(|&&(_, last)| last < n).is_some() {}
        !entry.is_removed() && returns.peek().is_none_or(|&&(first, _)| n < first)
    })
}

/// A function that keeps nothing on the stack.
fn without_memory(listing: &mut Listing, ends: &Ends, uses: &[Use]) {
    let calls = body(listing, ends).any(|(_, e)| e.is_call());
    let reads_arguments = uses.iter().any(|u| *u != Use::None);
    let needs_frame = calls || reads_arguments;
    if !needs_frame {
        listing.entries[0].remove();
        listing.entries[1].remove();
    }
    for &(first, last) in &ends.returns {
        listing.entries[first].remove();
        if !needs_frame {
            listing.entries[last - 1].remove();
        }
    }
}

/// What lies in the frame, who uses it, and how much of it is for arguments of calls.
fn objects(
    listing: &Listing,
    ends: &Ends,
    frame: &Frame,
    uses: &[Use],
) -> Option<(Vec<Object>, Vec<Access>, u32)> {
    let known = known_objects(listing, ends, frame, uses);
    let (mut objects, outgoing) = match known {
        Some(known) => known,
        // All of it is one object that stays at the bottom.
        None => {
            let size = if ends.saved.is_empty() {
                ends.size
            } else {
                ends.saved_at
            };
            (Vec::new(), size)
        }
    };
    objects.push(Object::new(0, outgoing, 1));
    let fixed = objects.len() - 1;
    let mut accesses = Vec::new();
    for (n, _) in body(listing, ends) {
        let Use::Stack(at) = uses[n] else { continue };
        let at = at as u32;
        let object = objects
            .iter()
            .position(|o| o.old <= at && at < o.old + o.size)
            .or((at < outgoing).then_some(fixed))?;
        let within = at - objects[object].old;
        objects[object].used_at.push(within);
        accesses.push(Access {
            entry: n,
            object,
            within,
        });
    }
    objects[fixed].is_fixed = true;
    Some((objects, accesses, outgoing))
}

/// The objects of a frame whose parts are known.
fn known_objects(
    listing: &Listing,
    ends: &Ends,
    frame: &Frame,
    uses: &[Use],
) -> Option<(Vec<Object>, u32)> {
    let outgoing = frame.outgoing?;
    let mut objects: Vec<Object> = Vec::new();
    let mut end = outgoing;
    for &(at, size, align) in &frame.slots {
        objects.push(Object::new(at, size, align));
        end = end.max(at + size);
    }
    let slots = objects.len();
    let limit = if ends.saved.is_empty() {
        ends.size
    } else {
        ends.saved_at
    };
    let mut spills: Vec<(u32, Moved)> = Vec::new();
    for (n, entry) in body(listing, ends) {
        let Use::Stack(at) = uses[n] else { continue };
        let at = at as u32;
        let is_slot = |o: &Object| o.old <= at && at < o.old + o.size;
        if at < outgoing || objects[..slots].iter().any(is_slot) {
            continue;
        }
        let moved = moved(entry)?;
        if at < end || at + moved.size() > limit {
            return None;
        }
        spills.push((at, moved));
    }
    spills.sort_unstable();
    spills.dedup();
    for (at, moved) in spills {
        let size = moved.size();
        match objects[slots..].last_mut() {
            Some(last) if at < last.old + last.size => {
                last.size = last.size.max(at + size - last.old);
                last.is_vector &= at == last.old && moved != Moved::General;
            }
            _ => {
                let mut object = Object::new(at, size, 8);
                object.is_vector = moved != Moved::General;
                objects.push(object);
            }
        }
    }
    Some((objects, outgoing))
}

/// What an instruction moves or uses of something that was saved.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Moved {
    General,
    /// A whole vector register.
    Vector,
    /// The float in one.
    Float,
}

impl Moved {
    fn size(self) -> u32 {
        match self {
            Moved::General | Moved::Float => 8,
            Moved::Vector => 16,
        }
    }
}

fn moved(entry: &Entry) -> Option<Moved> {
    let parts = entry.parts.filter(|p| !p.is_vex)?;
    match (parts.map, parts.mandatory, parts.opcode) {
        (Map::One, 0, 0x89 | 0x8b) if parts.rex & 8 != 0 => Some(Moved::General),
        (Map::TwoByte, 0, 0x10 | 0x11) => Some(Moved::Vector),
        (Map::TwoByte, 0xf2, 0x51 | 0x58 | 0x59 | 0x5c..=0x5f) => Some(Moved::Float),
        (Map::TwoByte, 0x66, 0x2e | 0x2f) => Some(Moved::Float),
        _ => None,
    }
}

/// Whether no instruction depends on upper halves of vector registers but those that save and
/// restore them.
fn body_is_scalar(listing: &Listing, ends: &Ends, objects: &[Object], accesses: &[Access]) -> bool {
    let mut saves = vec![false; listing.entries.len()];
    for access in accesses {
        let is_move = moved(&listing.entries[access.entry]) == Some(Moved::Vector);
        saves[access.entry] = objects[access.object].is_vector && is_move;
    }
    body(listing, ends).all(|(n, e)| e.jump.is_some() || saves[n] || e.parts.is_some_and(is_scalar))
}

fn rewrite(
    listing: &mut Listing,
    ends: &Ends,
    objects: &[Object],
    accesses: &[Access],
    layout: &Layout,
    halves: bool,
) {
    let mut new: Vec<(usize, Vec<u8>)> = Vec::new();
    for access in accesses {
        let Some(entry) = listing.entries.get(access.entry) else {
            return;
        };
        let at = layout.at[access.object] + access.within as i32;
        let half = halves && objects[access.object].is_vector;
        let Some(bytes) = at_place(entry, at, layout.size, half) else {
            return;
        };
        new.push((access.entry, bytes));
    }
    let mut start = Vec::new();
    let saves: Vec<u8> = ends.saved.iter().flat_map(|&r| push(r)).collect();
    let below = layout.size - 8 * ends.saved.len() as u32;
    if !layout.saves_below {
        start.extend_from_slice(&saves);
    }
    match below {
        0 => {}
        // Any register will do.
        8 => start.push(0x50),
        1..=0x7f => start.extend([0x48, 0x83, 0xec, below as u8]),
        _ => {
            start.extend([0x48, 0x81, 0xec]);
            start.extend(below.to_le_bytes());
        }
    }
    if layout.saves_below {
        start.extend_from_slice(&saves);
    }
    let mut end = Vec::new();
    if !layout.saves_below && !ends.saved.is_empty() && below > 0 {
        end.extend([
            0x48,
            0x8d,
            0x65,
            (8 * ends.saved.len() as u32).wrapping_neg() as u8,
        ]);
    }
    end.extend(ends.saved.iter().rev().flat_map(|&r| pop(r)));
    if below > 0 && (layout.saves_below || ends.saved.is_empty()) {
        end.extend_from_slice(LEAVE);
    } else {
        end.extend_from_slice(POP_RBP);
    }
    // Nothing may fail from here on.
    if start.len() > 20 || end.len() > 20 {
        return;
    }
    for (entry, bytes) in new {
        listing.entries[entry].replace(&bytes);
    }
    listing.entries[2].replace(&start);
    if start.is_empty() {
        listing.entries[2].remove();
    }
    for entry in &mut listing.entries[3..ends.body] {
        entry.remove();
    }
    for &(first, last) in &ends.returns {
        for entry in &mut listing.entries[first..last] {
            entry.remove();
        }
        listing.entries[last - 1].replace(&end);
    }
}

fn push(reg: u8) -> impl Iterator<Item = u8> {
    with_prefix(reg, 0x50)
}

fn pop(reg: u8) -> impl Iterator<Item = u8> {
    with_prefix(reg, 0x58)
}

fn with_prefix(reg: u8, opcode: u8) -> impl Iterator<Item = u8> {
    let prefix = (reg >= 8).then_some(0x41);
    prefix.into_iter().chain([opcode | reg & 7])
}

/// The instruction with its operand at this distance from the frame pointer, in the shorter of the
/// two ways.
fn at_place(entry: &Entry, at: i32, frame: u32, half: bool) -> Option<Vec<u8>> {
    let parts = entry.parts?;
    let modrm = parts.modrm?;
    let bytes = entry.slice();
    let mut head = bytes.get(..modrm.at)?.to_vec();
    if half {
        match moved(entry)? {
            Moved::Vector if parts.opcode == 0x10 => head.insert(0, 0xf2),
            Moved::Vector => *head.last_mut()? = 0x13,
            Moved::Float => {}
            Moved::General => return None,
        }
    }
    let tail = bytes.get(parts.len - parts.immediate..)?;
    let reg = modrm.byte & 0x38;
    let from_stack = at + frame as i32;
    let mut out = head;
    match (i8::try_from(at), i8::try_from(from_stack)) {
        (Ok(at), _) => out.extend([0x45 | reg, at as u8]),
        (_, Ok(0)) => out.extend([0x04 | reg, 0x24]),
        (_, Ok(at)) => out.extend([0x44 | reg, 0x24, at as u8]),
        _ => {
            out.push(0x85 | reg);
            out.extend(at.to_le_bytes());
        }
    }
    out.extend_from_slice(tail);
    Some(out)
}
