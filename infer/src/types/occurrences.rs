//! How often a variable occurs in a type, and in which positions: what the diagonal rule asks of a
//! type that is not being compared.

use super::family::TypeFamilies;
use hashbrown::HashMap;
use jlift_ir::{Name, Tables, Type, TypeData, TypeParam};

/// Occurrences of a variable, each counted up to two.
#[derive(Copy, Clone, PartialEq, Eq, Default, Debug)]
pub(crate) struct Occurrences {
    /// As the type of an element of tuples; inside a `Vararg` counts as two.
    pub(crate) element: u32,
    /// In parameters, bounds and counts.
    pub(crate) parameter: u32,
}

/// Counts the free occurrences of a variable.
pub(crate) fn count(
    tables: &Tables,
    families: &mut TypeFamilies,
    ty: Type,
    var: Name,
) -> Occurrences {
    let mut counter = Counter {
        tables,
        families,
        var,
        memo: HashMap::new(),
    };
    counter.count(ty)
}

struct Counter<'a> {
    tables: &'a Tables,
    families: &'a mut TypeFamilies,
    var: Name,
    /// Types share parts, so each of them is counted once.
    memo: HashMap<Type, Occurrences>,
}

impl Counter<'_> {
    fn count(&mut self, ty: Type) -> Occurrences {
        let mut out = Occurrences::default();
        if !self.families.cache.has_free(self.tables, ty, self.var) {
            return out;
        }
        if let Some(&known) = self.memo.get(&ty) {
            return known;
        }
        let tables = self.tables;
        match tables.type_data(ty) {
            TypeData::Bottom => {}
            TypeData::Var(_) => out.element = 1,
            TypeData::Data { .. } | TypeData::Union(_) => {
                let element =
                    tables.is_tuple(ty) || matches!(tables.type_data(ty), TypeData::Union(_));
                for param in tables.params(ty) {
                    if let TypeParam::Type(t) = param {
                        out.add(self.count(*t), element, 1);
                    }
                }
            }
            TypeData::UnionAll {
                lower, upper, body, ..
            } => {
                out.add(self.count(lower), false, 1);
                out.add(self.count(upper), false, 1);
                out.add(self.count(body), true, 1);
            }
            TypeData::Vararg { elem, count } => {
                out.add(self.count(elem), true, 2);
                if let Some(TypeParam::Type(t)) = count {
                    out.add(self.count(t), false, 1);
                }
            }
        }
        self.memo.insert(ty, out);
        out
    }
}

impl Occurrences {
    fn add(&mut self, part: Occurrences, as_element: bool, times: u32) {
        let element = part.element * times;
        if as_element {
            self.element = (self.element + element).min(2);
            self.parameter = (self.parameter + part.parameter).min(2);
        } else {
            self.parameter = (self.parameter + part.parameter + element).min(2);
        }
    }
}
