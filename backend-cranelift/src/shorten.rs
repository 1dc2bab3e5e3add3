//! Machine code made shorter: a pass over finished x86-64 code that changes how things are encoded
//! and where the frame keeps them, not what is computed. Code that is not understood in full is left
//! as it is.
//!
//! The code generator writes jumps with four bytes for the distance, moves vectors by instructions
//! with a prefix, saves registers by moves and keeps what it saves where it lies first; its register
//! allocator saves whole vector registers, far from the stack pointer. In a library of 20 kB this is
//! a fifth of the code.

mod copies;
mod decode;
mod effects;
mod forms;
mod frame;
mod layout;
mod listing;
mod loops;
mod operands;
mod registers;
mod relays;
mod tails;
#[cfg(test)]
mod tests;

pub use frame::Frame;
pub use listing::{Constant, ConstantUse, Shortened};

/// The code of a function with shorter instructions; `None` if there is nothing to gain.
///
/// `relocs` has the offsets that the linker fills in and `reloc_key` tells those of the same target
/// from others, both by number in the order of offsets.
pub fn shorten(
    code: &[u8],
    relocs: &[u32],
    reloc_key: &dyn Fn(u32) -> usize,
    frame: &Frame,
) -> Option<Shortened> {
    let mut listing = listing::Listing::read(code, relocs)?;
    for &(reloc, integers, floats) in &frame.calls {
        listing.set_arguments(reloc, effects::arguments(integers, floats));
    }
    if let Some((integers, floats)) = frame.results {
        listing.set_results(effects::results(integers, floats));
    }
    forms::shorten(&mut listing);
    operands::shorten(&mut listing);
    loops::shorten(&mut listing);
    frame::shorten(&mut listing, frame);
    tails::join(&mut listing, reloc_key);
    relays::relay(&mut listing);
    let short = listing.write()?;
    (short.code.len() < code.len()).then_some(short)
}
