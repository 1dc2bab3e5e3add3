//! Methods of Base that are not read yet: kept by what they are methods of, and read when a call
//! may reach them. Knows what arguments their signatures name, nothing else of them.

use super::World;
use super::function_table::CalleeKey;
use super::modules::{Binding, ModuleId};
use crate::obstacle::Obstacle;
use hashbrown::HashMap;
use jlift_frontend::lowered::Item;
use jlift_frontend::method_codec;
use jlift_ir::{Name, Type, TypeData, TypeParam, Value};
use jlift_prelude::{Argument, Definition};

/// Definitions that were not read, by the keys that their methods will be found under.
#[derive(Default)]
pub struct Unread {
    definitions: Vec<Option<Definition>>,
    by_key: HashMap<CalleeKey, Vec<u32>>,
    /// What shapes know of types that were arguments before.
    arguments: HashMap<Type, Argument>,
    /// What is being read: lookups under these keys are not complete.
    reading: Vec<CalleeKey>,
}

impl Unread {
    /// Adds definitions whose methods will be found under the same keys.
    pub fn add(&mut self, keys: &[CalleeKey], definitions: &[Definition]) {
        let start = self.definitions.len() as u32;
        self.definitions
            .extend(definitions.iter().copied().map(Some));
        let end = self.definitions.len() as u32;
        for &key in keys {
            self.by_key.entry(key).or_default().extend(start..end);
        }
    }

    /// Whether methods under this key are being read now.
    pub fn is_reading(&self, key: CalleeKey) -> bool {
        self.reading.contains(&key)
    }

    /// Takes the definitions under a key that may apply to these arguments (`None`: to any).
    fn take(&mut self, key: CalleeKey, arguments: Option<&[Argument]>) -> Vec<Definition> {
        let mut taken = Vec::new();
        let Some(list) = self.by_key.get_mut(&key) else {
            return taken;
        };
        let definitions = &mut self.definitions;
        list.retain(|&at| {
            let Some(slot) = definitions.get_mut(at as usize) else {
                return false;
            };
            let fits = match (&slot, arguments) {
                // It was read under another key.
                (None, _) => return false,
                (Some(d), Some(arguments)) => d.shape().is_none_or(|s| s.accepts(arguments)),
                (Some(_), None) => true,
            };
            if fits {
                taken.extend(slot.take());
            }
            !fits
        });
        if list.is_empty() {
            self.by_key.remove(&key);
        }
        taken
    }
}

impl World {
    /// The keys that methods of this name in Base will be found under; none if they have to be read
    /// at once.
    pub(super) fn keys_of(&mut self, module: ModuleId, text: &str) -> Vec<CalleeKey> {
        match text {
            "(::Type)" => return vec![CalleeKey::AnyType],
            "kwcall" => return Vec::new(),
            _ => {}
        }
        let name = self.name(text);
        // A part of Base has functions of its own under names that Base has, too.
        let own = match self.modules[module].bindings.get(&name) {
            Some(&Binding::Alias(..)) => self.lookup(module, name),
            None if module == self.base || module == self.core => self.lookup(module, name),
            other => other.copied(),
        };
        let value = match own {
            Some(Binding::Const(value)) => value,
            Some(_) => return Vec::new(),
            None => {
                let value = Value::Instance(self.function_type(module, name));
                self.bind_const(module, name, value);
                value
            }
        };
        let (ty, constructs) = match value {
            Value::Type(t) => (t, true),
            Value::Instance(t) => (t, false),
            _ => return Vec::new(),
        };
        let Some(name) = self.nominal_name(ty) else {
            return Vec::new();
        };
        let mut keys = vec![CalleeKey::Instance(name), CalleeKey::Keyword(name)];
        if constructs {
            keys.push(CalleeKey::Constructor(name));
            keys.push(CalleeKey::KeywordConstructor(name));
        }
        keys
    }

    /// Reads the methods of Base under a key that may apply to a call with these types, callee
    /// first.
    pub(crate) fn read_methods_for(&mut self, key: CalleeKey, types: &[Type]) {
        if !self.unread.by_key.contains_key(&key) {
            return;
        }
        let skip = match key {
            CalleeKey::Keyword(_) | CalleeKey::KeywordConstructor(_) => 3,
            _ => 1,
        };
        let mut arguments = Vec::with_capacity(types.len());
        let mut counted = true;
        for &ty in types.get(skip..).unwrap_or(&[]) {
            counted &= !matches!(self.module.tables.type_data(ty), TypeData::Vararg { .. });
            arguments.push(self.argument(ty));
        }
        let definitions = self.unread.take(key, counted.then_some(&arguments));
        self.unread.reading.push(key);
        for definition in definitions {
            self.read_methods(definition);
        }
        self.unread.reading.pop();
    }

    /// Reads the methods of Base that may have this signature.
    pub(super) fn read_methods_like(&mut self, key: CalleeKey, sig: Type) {
        if !self.unread.by_key.contains_key(&key) {
            return;
        }
        let params = self.signature_params(sig).iter();
        let types: Vec<Type> = params
            .map(|p| match p {
                TypeParam::Type(t) => *t,
                TypeParam::Value(_) => Type::ANY,
            })
            .collect();
        self.read_methods_for(key, &types);
    }

    /// Methods that are in the index of Base are there for every lookup, read or not: nothing that
    /// was found out before changes.
    fn read_methods(&mut self, definition: Definition) {
        let home = self.home_of(definition);
        let text = definition.text().as_bytes();
        let file = self
            .sources
            .add_base(definition.file(), text, definition.line());
        let tables = &mut self.module.tables;
        let Some(methods) = method_codec::decode(definition.code(), file, tables) else {
            let message = format!("in Base ({}): damaged methods", definition.file());
            self.obstacles.push(Obstacle::error(None, message));
            return;
        };
        for def in methods {
            match self.method_of(home, &def) {
                Ok((method, key)) => {
                    self.append_method(method, key);
                }
                Err(error) if self.loading > 0 => {
                    self.deferred.push((home, Item::Method(def), error));
                }
                Err(error) => self.obstacles.push(error),
            }
        }
    }

    /// What a shape knows of an argument of this type.
    fn argument(&mut self, ty: Type) -> Argument {
        if let Some(known) = self.unread.arguments.get(&ty) {
            return known.clone();
        }
        let argument = self.names_of(ty).map_or(Argument::Any, Argument::Names);
        self.unread.arguments.insert(ty, argument.clone());
        argument
    }

    /// The numbers of the names of a type and of its supertypes; `None` for types that more than
    /// their supertypes have values in common with.
    fn names_of(&mut self, ty: Type) -> Option<Vec<u16>> {
        if !self.is_concrete_argument(ty) {
            return None;
        }
        let mut numbers = Vec::new();
        let Some(of) = self.module.tables.type_of_type(ty) else {
            for name in self.nominal_chain(ty)? {
                let short = short_name(self.text(name));
                // A value of such a type is a type: any `Type{T}` may fit.
                if matches!(short, "DataType" | "UnionAll" | "Union" | "TypeofBottom") {
                    return None;
                }
                numbers.extend(jlift_prelude::head(short));
            }
            return Some(numbers);
        };
        for name in self.nominal_chain(of)? {
            let short = short_name(self.text(name));
            if short == "Type" {
                return None;
            }
            numbers.extend(jlift_prelude::head(&format!("Type{{{short}}}")));
        }
        for kind in ["Type", "DataType", "UnionAll", "Union", "TypeofBottom"] {
            numbers.extend(jlift_prelude::head(kind));
        }
        Some(numbers)
    }

    /// The names of a nominal type and its supertypes.
    fn nominal_chain(&mut self, ty: Type) -> Option<Vec<Name>> {
        let mut up = ty;
        while let TypeData::UnionAll { body, .. } = self.module.tables.type_data(up) {
            up = body;
        }
        let mut names = Vec::new();
        for _ in 0..MAX_SUPERTYPES {
            let TypeData::Data { name, .. } = self.module.tables.type_data(up) else {
                return None;
            };
            names.push(name);
            match self.supertype(up) {
                Some(next) if next != up => up = next,
                _ => return Some(names),
            }
        }
        None
    }
}

/// More supertypes than this are not followed.
const MAX_SUPERTYPES: usize = 64;

/// `Missing` of `Base.Missing`.
fn short_name(full: &str) -> &str {
    match full.rsplit_once('.') {
        Some((_, short)) => short,
        None => full,
    }
}
