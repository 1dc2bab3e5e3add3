//! Source locations: chains of file, line and function, outermost inlined-into last. Equal chains
//! share one index. Knows nothing of the text of the files.

use crate::names::Name;
use cranelift_entity::{PrimaryMap, entity_impl, packed_option::PackedOption};
use hashbrown::HashMap;

/// A source location with its inlining chain.
#[derive(Copy, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Loc(u32);
entity_impl!(Loc, "loc");

/// One link of a chain.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct LocData {
    pub file: Name,
    /// 1-based; 0 where the producer did not know.
    pub line: u32,
    pub function: Name,
    /// Where `function` was inlined, if it was.
    pub inlined_at: PackedOption<Loc>,
}

/// All locations of a module.
#[derive(Clone, Default)]
pub struct LocTable {
    data: PrimaryMap<Loc, LocData>,
    index: HashMap<LocData, Loc>,
}

impl LocTable {
    /// The index of a location, added if it is new.
    pub fn intern(&mut self, data: LocData) -> Loc {
        *self
            .index
            .entry(data)
            .or_insert_with(|| self.data.push(data))
    }

    /// The chain that starts at `loc`, innermost first.
    pub fn chain(&self, loc: Loc) -> impl Iterator<Item = &LocData> {
        let mut next = Some(loc);
        std::iter::from_fn(move || {
            let data = &self.data[next?];
            next = data.inlined_at.expand();
            Some(data)
        })
    }

    /// The outermost link: where in the function itself the statement stands.
    pub fn outermost(&self, loc: Loc) -> LocData {
        let mut data = self.data[loc];
        while let Some(outer) = data.inlined_at.expand() {
            data = self.data[outer];
        }
        data
    }

    /// `loc`, as if its whole chain had been inlined at `at`.
    pub fn append(&mut self, loc: Loc, at: Loc) -> Loc {
        let links: Vec<LocData> = self.chain(loc).copied().collect();
        links.into_iter().rev().fold(at, |outer, link| {
            self.intern(LocData {
                inlined_at: outer.into(),
                ..link
            })
        })
    }
}
