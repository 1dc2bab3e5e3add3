//! Opening the binders of the types that are intersected, and binding what stays open around the
//! result.

use super::{Meet, Role, Variable};
use crate::types::occurrences::{self, Occurrences};
use crate::types::{canonical, instantiate, shape};
use jlift_ir::{Name, Type, TypeData, TypeParam};

impl Meet<'_> {
    pub(super) fn fresh_name(&mut self, original: Name) -> Name {
        let base = shape::var_base(self.tables.names.str(original)).to_string();
        self.fresh += 1;
        let text = format!("{base}#i{}", self.fresh);
        self.tables.names.intern(&text)
    }

    /// Enters all binders around a type; their variables get names of their own.
    pub(super) fn open(&mut self, ty: Type) -> Type {
        let mut at = ty;
        while let TypeData::UnionAll {
            var,
            lower,
            upper,
            body,
        } = self.tables.type_data(at)
        {
            if self.vars.len() > super::MAX_DEPTH as usize {
                self.overflow = true;
                break;
            }
            let count = self.count(body, var);
            let role = match (count.parameter, count.element, lower) {
                (0, 0 | 1, Type::BOTTOM) => Role::Single,
                (0, _, Type::BOTTOM) => Role::Diagonal,
                _ => Role::Parameter,
            };
            let name = self.fresh_name(var);
            self.vars.push(Variable {
                name,
                original: var,
                lower,
                upper,
                role,
                value: None,
            });
            let to = TypeParam::Type(self.tables.type_var(name));
            at = instantiate::substitute(self.tables, self.families, body, &[(var, to)]);
        }
        at
    }

    fn count(&mut self, ty: Type, var: Name) -> Occurrences {
        occurrences::count(self.tables, self.families, ty, var)
    }

    /// The result with all variables replaced or bound.
    pub(super) fn close(&mut self, ty: Type) -> Type {
        if ty == Type::BOTTOM {
            return ty;
        }
        let vars = self.vars.clone();
        let out = self.close_over(ty, vars);
        canonical::canonical(self.tables, self.families, out)
    }

    /// Replaces the variables that have values, drops those that are not needed and binds the rest.
    pub(super) fn close_over(&mut self, ty: Type, vars: Vec<Variable>) -> Type {
        let values: Vec<(Name, TypeParam)> = vars
            .iter()
            .filter_map(|v| v.value.map(|value| (v.name, value)))
            .collect();
        let mut ty = self.replace(ty, &values);
        let mut open: Vec<Variable> = vars.into_iter().filter(|v| v.value.is_none()).collect();
        for v in &mut open {
            v.lower = self.replace(v.lower, &values);
            v.upper = self.replace(v.upper, &values);
        }
        // From the inside out: a variable whose bound mentions another one is inside that.
        while !open.is_empty() {
            let innermost = (0..open.len()).rev().find(|&n| {
                let name = open[n].name;
                !open.iter().any(|o| {
                    self.families.cache.has_free(self.tables, o.upper, name)
                        || self.families.cache.has_free(self.tables, o.lower, name)
                })
            });
            match innermost {
                Some(at) => {
                    let v = open.remove(at);
                    ty = self.bind_around(ty, &v);
                }
                // Bounds that go round in a circle are not kept.
                None => {
                    for v in &mut open {
                        (v.lower, v.upper) = (Type::BOTTOM, Type::ANY);
                    }
                }
            }
        }
        ty
    }

    fn replace(&mut self, ty: Type, values: &[(Name, TypeParam)]) -> Type {
        let mut ty = ty;
        // Values may mention variables that have values themselves.
        for _ in 0..=values.len() {
            let next = instantiate::substitute(self.tables, self.families, ty, values);
            if next == ty {
                break;
            }
            ty = next;
        }
        ty
    }

    fn bind_around(&mut self, ty: Type, v: &Variable) -> Type {
        let count = self.count(ty, v.name);
        let by = |this: &mut Self, t: Type| {
            let to = [(v.name, TypeParam::Type(t))];
            instantiate::substitute(this.tables, this.families, ty, &to)
        };
        let leaf = shape::is_concrete(self.tables, self.families, v.upper);
        match (count.parameter, count.element) {
            (0, 0) => ty,
            _ if v.lower == v.upper => by(self, v.upper),
            // An element is of some type within the bound; if that is concrete, of just that.
            (0, 1) if v.lower == Type::BOTTOM => by(self, v.upper),
            (0, _) if leaf && v.lower == Type::BOTTOM => by(self, v.upper),
            _ => self.tables.union_all(v.name, v.lower, v.upper, ty),
        }
    }

    /// Notes what the wanted variables are for the current choices.
    pub(super) fn note_wanted(&mut self) {
        if self.wanted.is_empty() {
            return;
        }
        let mut now = Vec::with_capacity(self.wanted.len());
        for name in self.wanted.clone() {
            let Some(n) = self.vars.iter().position(|v| v.original == name) else {
                now.push(None);
                continue;
            };
            let own = TypeParam::Type(self.tables.type_var(self.vars[n].name));
            let value = match self.resolved_param(own) {
                TypeParam::Type(t) => match self.variable(t) {
                    Some(open) => {
                        let v = self.vars[open].clone();
                        (v.role != Role::Parameter
                            && shape::is_concrete(self.tables, self.families, v.upper))
                        .then_some(TypeParam::Type(v.upper))
                    }
                    None => {
                        let vars = self.vars.clone();
                        let values: Vec<(Name, TypeParam)> = vars
                            .iter()
                            .filter_map(|v| v.value.map(|value| (v.name, value)))
                            .collect();
                        let t = self.replace(t, &values);
                        self.is_closed(t).then(|| {
                            TypeParam::Type(canonical::canonical(self.tables, self.families, t))
                        })
                    }
                },
                value => Some(value),
            };
            now.push(value);
        }
        self.found = Some(match self.found.take() {
            None => now,
            Some(before) => before
                .into_iter()
                .zip(now)
                .map(|(a, b)| if a == b { a } else { None })
                .collect(),
        });
    }
}
