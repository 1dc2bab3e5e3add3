//! Code for calls that are resolved at run time: inferred, emitted and compiled when a call site
//! meets types that it has not met before.

use super::Program;
use crate::diagnostic::Failure;
use crate::dynamic::{Adapter, Object, Own, Resolver, forget_sites};
use cranelift_entity::EntityRef;
use jlift_abi::object::{HEADER_SIZE, STRING_BYTES_OFFSET, STRING_LENGTH_OFFSET};
use jlift_infer::dynamic::SiteId;
use jlift_ir::{Module, Tables, Type, TypeClass, Value};

impl Program {
    /// The code of a site for the type numbers of its arguments, which are followed by two halves
    /// of a word for each if its values matter.
    fn adapter(&mut self, site: u32, key: &[u32]) -> Result<Adapter, Failure> {
        if let Some(&known) = self.adapters.get(&(site, key.into())) {
            return Ok(known);
        }
        let id = SiteId::from_u32(site);
        let count = self.world.dynamic_arguments(id);
        let (numbers, words) = key.split_at(count.min(key.len()));
        let types: Vec<Type> = numbers.iter().map(|&n| Type::new(n as usize)).collect();
        let mut values = Vec::new();
        for (&ty, halves) in types.iter().zip(words.chunks(2)) {
            let word = halves.iter().rev().fold(0, |w, &h| w << 32 | u64::from(h));
            let is_read = self.world.reads_values(id, ty);
            values.push(is_read.then(|| self.value_of_word(ty, word)).flatten());
        }
        self.note_assigned();
        let before = self.world.generation;
        let made = self.world.dynamic_adapter(id, &types, &values);
        if self.world.generation != before {
            self.forget_adapters();
        }
        let func = made.map_err(|o| self.obstacles(&o))?;
        self.prepare_globals()?;
        let code = self.engine.adapter(&mut self.world.module, func);
        let code = code.map_err(|p| self.problems(&p))?;
        self.adapters.insert((site, key.into()), code);
        Ok(code)
    }

    /// The value of which [`Resolver::word`] told the word.
    fn value_of_word(&mut self, ty: Type, word: u64) -> Option<Value> {
        let tables = &mut self.world.module.tables;
        match tables.class(ty) {
            TypeClass::Primitive(bits @ ..=64) => Some(tables.primitive(ty, bits, word.into())),
            _ => self.values.get(usize::try_from(word).ok()?).copied(),
        }
    }

    /// The value of a type at an address; `None` if a field of it is undefined.
    ///
    /// # Safety
    /// There is one, of a type of which sites read values.
    unsafe fn value_in_memory(&mut self, ty: Type, at: *const u8) -> Option<Value> {
        let tables = &mut self.world.module.tables;
        match tables.class(ty) {
            TypeClass::Singleton => Some(match tables.type_of_type(ty) {
                Some(of) => Value::Type(of),
                None => Value::Instance(ty),
            }),
            TypeClass::Primitive(bits) => {
                // SAFETY: as above.
                let low = unsafe { small_number(at, bits.min(64)) };
                let high = match bits {
                    // SAFETY: as above.
                    65.. => unsafe { small_number(at.add(8), bits - 64) },
                    _ => 0,
                };
                Some(tables.primitive(ty, bits, u128::from(high) << 64 | u128::from(low)))
            }
            TypeClass::Symbol => {
                // SAFETY: the address of the symbol is there, or null.
                let symbol = unsafe { at.cast::<*const u8>().read() };
                (!symbol.is_null()).then(|| symbol_value(tables, symbol))
            }
            _ => {
                let places = jlift_abi::layout::layout(tables, ty);
                let places = places.map(|layout| layout.fields).unwrap_or_default();
                let fields: Option<Vec<Value>> = places
                    .iter()
                    // SAFETY: the fields are where the layout of the type says.
                    .map(|f| unsafe { self.value_in_memory(f.ty, at.add(f.offset as usize)) })
                    .collect();
                Some(self.world.const_aggregate(ty, &fields?))
            }
        }
    }

    /// What was evaluated may have defined names that kept code did not find.
    pub(super) fn forget_outdated(&mut self) {
        let before = self.world.generation;
        self.world.forget_outdated();
        if self.world.generation != before {
            self.forget_adapters();
        }
    }

    /// What calls reach may have changed.
    pub(super) fn forget_adapters(&mut self) {
        if !self.adapters.is_empty() {
            self.adapters.clear();
            forget_sites();
        }
    }
}

/// The number of at most 64 bits at an address.
///
/// # Safety
/// The memory holds one.
unsafe fn small_number(at: *const u8, bits: u32) -> u64 {
    let mut word = [0; 8];
    let size = (bits as usize).div_ceil(8).min(word.len());
    // SAFETY: as above.
    word[..size].copy_from_slice(unsafe { std::slice::from_raw_parts(at, size) });
    u64::from_le_bytes(word)
}

/// The symbol that an object is.
fn symbol_value(tables: &mut Tables, object: *const u8) -> Value {
    // SAFETY: a symbol has its length and its bytes there.
    let text = unsafe {
        let length = object
            .add(STRING_LENGTH_OFFSET as usize)
            .cast::<i64>()
            .read();
        let bytes = object.add(STRING_BYTES_OFFSET as usize);
        std::slice::from_raw_parts(bytes, usize::try_from(length).unwrap_or(0))
    };
    tables.symbol(&String::from_utf8_lossy(text))
}

impl Resolver for Program {
    fn arguments(&self, site: u32) -> usize {
        self.world.dynamic_arguments(SiteId::from_u32(site))
    }

    fn is_by_value(&self, site: u32) -> bool {
        self.world.is_by_value(SiteId::from_u32(site))
    }

    fn word(&mut self, site: u32, number: u32, object: *const u8) -> u64 {
        let ty = Type::new(number as usize);
        if !self.world.reads_values(SiteId::from_u32(site), ty) {
            return 0;
        }
        // SAFETY: the object holds a value of its type behind its header; symbols are objects themselves.
        let value = unsafe {
            let content = object.add(HEADER_SIZE as usize);
            match self.world.module.tables.class(ty) {
                TypeClass::Primitive(bits @ ..=64) => return small_number(content, bits),
                TypeClass::Symbol => Some(symbol_value(&mut self.world.module.tables, object)),
                _ => self.value_in_memory(ty, content),
            }
        };
        // A word that is no value's stands for one that is not there.
        let Some(value) = value else {
            return u64::MAX;
        };
        let next = self.values.len() as u64;
        let number = *self.value_numbers.entry(value).or_insert(next);
        if number == next {
            self.values.push(value);
        }
        number
    }

    fn own_site(&mut self, what: Own) -> u32 {
        let (name, count) = match what {
            Own::RecordedException => ("recorded_exception", 0),
            Own::BoundsError => ("BoundsError", 2),
            Own::UndefRef => ("UndefRefError", 0),
            Own::RethrowOutside => ("rethrow_outside", 0),
            Own::Text => ("exception_text", 1),
            Own::Tuple(count) => return self.world.tuple_site(count).as_u32(),
        };
        self.world.site_of_base(name, count).as_u32()
    }

    fn deferred(&mut self, number: u32) -> *const u8 {
        match self.engine.deferred(&mut self.world.module, number) {
            Ok(code) => code,
            Err(problems) => {
                let failure = self.problems(&problems);
                self.give_up(failure)
            }
        }
    }

    fn code_request(&mut self, what: i64, args: &[Object]) -> Result<Object, Object> {
        self.code_answer(what, args)
    }

    fn module(&self) -> *const Module {
        &self.world.module
    }

    fn resolve(&mut self, site: u32, types: &[u32]) -> Adapter {
        match self.adapter(site, types) {
            Ok(code) => code,
            Err(failure) => self.give_up(failure),
        }
    }
}
