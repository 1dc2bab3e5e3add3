//! Interned strings. A [`Name`] is an identifier, a qualified name or a file name; it knows
//! nothing of what it names.

use cranelift_entity::{PrimaryMap, entity_impl};
use hashbrown::{DefaultHashBuilder, HashTable};
use std::hash::BuildHasher;

/// An interned string.
#[derive(Copy, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Name(u32);
entity_impl!(Name, "name");

/// The strings behind [`Name`]s; equal strings have equal names.
#[derive(Clone)]
pub struct NameTable {
    strings: PrimaryMap<Name, Box<str>>,
    index: HashTable<Name>,
    hasher: DefaultHashBuilder,
}

impl Default for NameTable {
    fn default() -> Self {
        let mut table = Self {
            strings: PrimaryMap::new(),
            index: HashTable::new(),
            hasher: DefaultHashBuilder::default(),
        };
        table.intern("");
        table
    }
}

impl Name {
    /// The empty string: an unnamed parameter.
    pub const EMPTY: Name = Name(0);
}

impl NameTable {
    /// The name of `text`, added if it is new.
    pub fn intern(&mut self, text: &str) -> Name {
        let hash = self.hasher.hash_one(text);
        let strings = &self.strings;
        if let Some(&name) = self.index.find(hash, |&n| &*strings[n] == text) {
            return name;
        }
        let name = self.strings.push(text.into());
        let (strings, hasher) = (&self.strings, &self.hasher);
        self.index
            .insert_unique(hash, name, |&n| hasher.hash_one(&*strings[n]));
        name
    }

    /// The name of `text` if it was interned before.
    pub fn get(&self, text: &str) -> Option<Name> {
        let hash = self.hasher.hash_one(text);
        self.index
            .find(hash, |&n| &*self.strings[n] == text)
            .copied()
    }

    /// The string of a name.
    pub fn str(&self, name: Name) -> &str {
        &self.strings[name]
    }
}
