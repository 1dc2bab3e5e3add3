//! Facts of single types that the relations ask for all the time, computed once: free variables,
//! nesting, unions. Relies on a type's parts being interned before the type itself.

use cranelift_entity::EntityRef;
use hashbrown::{HashMap, HashSet};
use jlift_ir::{Name, Tables, Type, TypeData, TypeParam};
use std::rc::Rc;

/// What is known of one type.
#[derive(Clone, Debug, Default)]
pub(crate) struct Facts {
    /// Free variables in ascending order; `None` if there is none.
    pub(crate) free: Option<Rc<[Name]>>,
    /// Depth of nesting; 1 for a type without parts.
    pub(crate) height: u32,
    /// Largest number of binders around a part, for canonical names.
    pub(crate) binders: u32,
    /// A union in a position where it can be split: directly, or inside tuples.
    pub(crate) splits: bool,
    /// The form may differ from the canonical one: it holds a union or a binder.
    pub(crate) may_normalise: bool,
}

/// Caches of the relations. Those that depend on declarations are dropped when one changes.
#[derive(Clone, Default)]
pub(crate) struct Cache {
    facts: Vec<Facts>,
    pub(crate) subtype: HashMap<(Type, Type), bool>,
    pub(crate) meet: HashMap<(Type, Type), Type>,
    pub(crate) supertype: HashMap<Type, Type>,
    pub(crate) concrete: HashMap<Type, bool>,
    pub(crate) bits: HashMap<Type, bool>,
    pub(crate) canonical: HashMap<Type, Type>,
    pub(crate) whole: HashMap<Name, Type>,
    /// Names whose declaration, or lack of one, an answer above depends on.
    pub(crate) asked: HashSet<Name>,
    pub(crate) overflow: bool,
}

impl Cache {
    /// Forgets what depends on declarations.
    pub(crate) fn forget(&mut self) {
        self.subtype.clear();
        self.meet.clear();
        self.supertype.clear();
        self.concrete.clear();
        self.bits.clear();
        self.canonical.clear();
        self.whole.clear();
        self.asked.clear();
    }

    /// The facts of a type.
    pub(crate) fn facts(&mut self, tables: &Tables, ty: Type) -> &Facts {
        while self.facts.len() <= ty.index() {
            let next = Type::new(self.facts.len());
            let facts = self.compute(tables, next);
            self.facts.push(facts);
        }
        &self.facts[ty.index()]
    }

    /// Whether a type has no free variables.
    pub(crate) fn is_closed(&mut self, tables: &Tables, ty: Type) -> bool {
        self.facts(tables, ty).free.is_none()
    }

    /// Whether a variable is free in a type.
    pub(crate) fn has_free(&mut self, tables: &Tables, ty: Type, var: Name) -> bool {
        match &self.facts(tables, ty).free {
            Some(names) => names.binary_search(&var).is_ok(),
            None => false,
        }
    }

    fn compute(&self, tables: &Tables, ty: Type) -> Facts {
        let mut facts = Facts::default();
        let mut free: Vec<Name> = Vec::new();
        let mut part = |t: Type, facts: &mut Facts| {
            // Parts are interned first, so their facts are known.
            let Some(of) = self.facts.get(t.index()) else {
                return false;
            };
            if let Some(names) = &of.free {
                free.extend_from_slice(names);
            }
            facts.height = facts.height.max(of.height);
            facts.binders = facts.binders.max(of.binders);
            facts.may_normalise |= of.may_normalise;
            of.splits
        };
        match tables.type_data(ty) {
            TypeData::Bottom => {}
            TypeData::Data { .. } => {
                let tuple = tables.is_tuple(ty);
                for p in tables.params(ty) {
                    if let TypeParam::Type(t) = p {
                        facts.splits |= part(*t, &mut facts) && tuple;
                    }
                }
            }
            TypeData::Union(_) => {
                for p in tables.params(ty) {
                    if let TypeParam::Type(t) = p {
                        part(*t, &mut facts);
                    }
                }
                facts.splits = true;
                facts.may_normalise = true;
            }
            TypeData::UnionAll {
                var,
                lower,
                upper,
                body,
            } => {
                facts.splits = part(body, &mut facts);
                free.retain(|&n| n != var);
                let mut bounds = Vec::new();
                for t in [lower, upper] {
                    if let Some(of) = self.facts.get(t.index()) {
                        bounds.extend(of.free.iter().flat_map(|f| f.iter().copied()));
                        facts.height = facts.height.max(of.height);
                        facts.binders = facts.binders.max(of.binders);
                    }
                }
                free.extend(bounds);
                facts.binders = facts.binders.saturating_add(1);
                facts.may_normalise = true;
            }
            TypeData::Var(name) => free.push(name),
            TypeData::Vararg { elem, count } => {
                facts.splits = part(elem, &mut facts);
                if let Some(TypeParam::Type(t)) = count {
                    part(t, &mut facts);
                }
            }
        }
        facts.height = facts.height.saturating_add(1);
        free.sort_unstable();
        free.dedup();
        facts.free = (!free.is_empty()).then(|| free.into());
        facts
    }
}
