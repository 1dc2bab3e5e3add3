//! What programs ask about methods: which ones a call may reach, their signatures and names. Methods
//! are numbers here; Base makes objects of them. Answers hold for the moment of inference.

use super::pure::Pure;
use crate::lattice::Lat;
use crate::world::World;
use crate::world::method::MethodId;
use cranelift_entity::EntityRef;
use jlift_ir::{Name, Type, TypeData, TypeParam, Value};

impl World {
    /// The methods that calls of `callee` with arguments of the types of a tuple type may reach, the
    /// most specific ones first; none behind one that accepts them all.
    pub(super) fn matching_methods(&mut self, callee: Value, tuple: Type) -> Vec<MethodId> {
        let mut types = vec![self.widen(&Lat::Const(callee))];
        match self.module.tables.type_data(tuple) {
            TypeData::Data { .. } => types.extend(self.tuple_params(tuple)),
            _ => types.push(self.module.tables.vararg(Type::ANY, None)),
        }
        let key = self.callee_key(types[0]);
        self.functions.depend_on(key);
        let wanted = self.module.tables.tuple(&types);
        let mut found: Vec<MethodId> = Vec::new();
        for method in self.candidates(&types) {
            let sig = self.methods[method].sig;
            if self.intersect(sig, wanted) == Type::BOTTOM {
                continue;
            }
            // In front of the first one that it is more specific than.
            let mut at = found.len();
            for (n, &other) in found.iter().enumerate() {
                let other = self.methods[other].sig;
                if self.more_specific(sig, other) && !self.more_specific(other, sig) {
                    at = n;
                    break;
                }
            }
            found.insert(at, method);
        }
        let covering = found.iter().position(|&method| {
            let sig = self.methods[method].sig;
            self.is_subtype(wanted, sig)
        });
        if let Some(at) = covering {
            found.truncate(at + 1);
        }
        found
    }

    /// One fact of the method of a number; `index` counts its arguments or keywords from 1.
    pub(super) fn method_fact(&mut self, fact: Pure, number: i64, index: i64) -> Option<Value> {
        let number = usize::try_from(number).ok()?;
        if number >= self.methods.len() {
            return None;
        }
        let id = MethodId::new(number);
        let method = &self.methods[id];
        let (def, module, sig) = (method.def.clone(), method.module, method.sig);
        let index = usize::try_from(index).ok();
        Some(match fact {
            Pure::MethodName => self.symbol_value(def.name),
            Pure::MethodModule => self.module_value(module),
            Pure::MethodSignature => Value::Type(sig),
            Pure::MethodArguments => Value::int64(def.params.len() as i64 + 1),
            Pure::MethodIsVararg => Value::bool(self.methods[id].vararg),
            Pure::MethodArgument => {
                // The first one is the callee itself.
                let name = match index?.checked_sub(2) {
                    None => def.self_name,
                    Some(at) => def.params.get(at)?.name,
                };
                self.symbol_value(name)
            }
            Pure::MethodFile => {
                let file = def.span.and_then(|s| self.sources.file(s.file));
                let name = file.map_or("none", |f| &f.name).to_string();
                let name = self.name(&name);
                self.symbol_value(name)
            }
            Pure::MethodLine => {
                let line = def
                    .span
                    .map_or(0, |s| self.sources.line_column(s.file, s.start).0);
                Value::int64(i64::from(line))
            }
            Pure::MethodKeywords => Value::int64(self.method_keywords(id).len() as i64),
            Pure::MethodKeyword => {
                let names = self.method_keywords(id);
                let name = *names.get(index?.checked_sub(1)?)?;
                self.symbol_value(name)
            }
            _ => return None,
        })
    }

    /// The keywords of a method, in the order of its definition; what takes all others ends in dots.
    fn method_keywords(&mut self, id: MethodId) -> Vec<Name> {
        let (def, sig) = (self.methods[id].def.clone(), self.methods[id].sig);
        let Some(&TypeParam::Type(callee)) = self.signature_params(sig).first() else {
            return Vec::new();
        };
        let key = self.keyword_key(callee);
        let methods = self.functions.get(key).to_vec();
        // The method that takes them was made from the same definition.
        let of = methods.into_iter().find(|&other| {
            let other = &self.methods[other].def;
            other.span.is_some() && other.span == def.span
        });
        of.map_or_else(Vec::new, |of| self.methods[of].def.keywords.clone())
    }
}
