//! Parameters of nominal types in both types must be equal: unification of their variables.

use super::Meet;
use crate::types::{shape, subtype};
use jlift_ir::{Type, TypeData, TypeParam};

impl Meet<'_> {
    /// A type with a variable that has a value replaced by that.
    pub(super) fn resolved(&mut self, ty: Type) -> Type {
        let mut at = ty;
        for _ in 0..=self.vars.len() {
            match self.variable(at).and_then(|v| self.vars[v].value) {
                Some(TypeParam::Type(t)) => at = t,
                Some(TypeParam::Value(_)) => return Type::BOTTOM,
                None => break,
            }
        }
        at
    }

    pub(super) fn resolved_param(&mut self, param: TypeParam) -> TypeParam {
        let mut at = param;
        for _ in 0..=self.vars.len() {
            let TypeParam::Type(t) = at else { break };
            match self.variable(t).and_then(|v| self.vars[v].value) {
                Some(value) => at = value,
                None => break,
            }
        }
        at
    }

    /// Makes two parameters equal; `false` if they cannot be. Where that cannot be decided they
    /// count as equal.
    pub(super) fn unify(&mut self, p: TypeParam, q: TypeParam) -> bool {
        self.steps += 1;
        if self.overflow || self.steps > super::MAX_STEPS || self.depth > super::MAX_DEPTH {
            self.overflow = true;
            return false;
        }
        self.depth += 1;
        let answer = self.unify_params(p, q);
        self.depth -= 1;
        answer
    }

    fn unify_params(&mut self, p: TypeParam, q: TypeParam) -> bool {
        let (p, q) = (self.resolved_param(p), self.resolved_param(q));
        if p == q {
            return true;
        }
        let var = |this: &Self, p| match p {
            TypeParam::Type(t) => this.variable(t),
            TypeParam::Value(_) => None,
        };
        match (var(self, p), var(self, q)) {
            (Some(a), Some(b)) => return self.unify_vars(a, b),
            (Some(a), None) => return self.bind(a, q),
            (None, Some(b)) => return self.bind(b, p),
            (None, None) => {}
        }
        match (p, q) {
            (TypeParam::Type(x), TypeParam::Type(y)) => self.unify_types(x, y),
            _ => false,
        }
    }

    /// `a` and `b` are the same; the one that was opened first stays.
    pub(super) fn unify_vars(&mut self, a: usize, b: usize) -> bool {
        if a == b {
            return true;
        }
        let (a, b) = (a.min(b), a.max(b));
        let (upper_a, upper_b) = (self.vars[a].upper, self.vars[b].upper);
        let upper = self.meet(upper_a, upper_b);
        let (lower_a, lower_b) = (self.vars[a].lower, self.vars[b].lower);
        let lower = self.tables.union(&[lower_a, lower_b]);
        if self.is_closed(lower)
            && self.is_closed(upper)
            && !subtype::is_subtype(self.tables, self.families, lower, upper)
        {
            return false;
        }
        let (name_a, name_b) = (self.vars[a].name, self.vars[b].name);
        // A bound that mentions the other variable says nothing more.
        let about_itself = self.families.cache.has_free(self.tables, upper, name_a)
            || self.families.cache.has_free(self.tables, upper, name_b);
        if !about_itself {
            self.vars[a].upper = upper;
        }
        self.vars[a].lower = lower;
        if self.vars[b].role == super::Role::Parameter {
            self.vars[a].role = super::Role::Parameter;
        }
        let name = self.tables.type_var(name_a);
        self.vars[b].value = Some(TypeParam::Type(name));
        true
    }

    /// The variable is this type or value.
    fn bind(&mut self, a: usize, to: TypeParam) -> bool {
        let (lower, upper) = (self.vars[a].lower, self.vars[a].upper);
        let (lower, upper) = (self.resolved(lower), self.resolved(upper));
        match to {
            TypeParam::Value(_) => {
                if upper != Type::ANY || lower != Type::BOTTOM {
                    return false;
                }
            }
            TypeParam::Type(t) => {
                let name = self.vars[a].name;
                if self.mentions(t, name, 0) {
                    // Equal to something that it is a part of: not expressed.
                    return true;
                }
                let closed = self.is_closed(t);
                if upper != Type::ANY {
                    let fits = match closed && self.is_closed(upper) {
                        true => subtype::is_subtype(self.tables, self.families, t, upper),
                        // Not more than that there is something in common can be told, and that
                        // may bind variables of the bound.
                        false => t == Type::BOTTOM || self.meet(t, upper) != Type::BOTTOM,
                    };
                    if !fits {
                        return false;
                    }
                }
                if closed
                    && self.is_closed(lower)
                    && !subtype::is_subtype(self.tables, self.families, lower, t)
                {
                    return false;
                }
            }
        }
        self.vars[a].value = Some(to);
        true
    }

    /// Whether a variable occurs in a type, seen through the values of others.
    fn mentions(&mut self, ty: Type, name: jlift_ir::Name, depth: usize) -> bool {
        let Some(free) = self.families.cache.facts(self.tables, ty).free.clone() else {
            return false;
        };
        self.steps += 1;
        if free.contains(&name) || depth > self.vars.len() || self.steps > super::MAX_STEPS {
            return true;
        }
        free.iter()
            .any(|&v| match self.find(v).and_then(|n| self.vars[n].value) {
                Some(TypeParam::Type(t)) => self.mentions(t, name, depth + 1),
                _ => false,
            })
    }

    fn unify_types(&mut self, x: Type, y: Type) -> bool {
        if self.is_closed(x) && self.is_closed(y) {
            return subtype::is_equal(self.tables, self.families, x, y);
        }
        match (self.tables.type_data(x), self.tables.type_data(y)) {
            (TypeData::Data { name: a, .. }, TypeData::Data { name: b, .. }) => {
                if a != b {
                    return false;
                }
                if a == self.names.tuple {
                    return self.unify_tuples(x, y);
                }
                let count = self.tables.params(x).len();
                count == self.tables.params(y).len()
                    && (0..count).all(|n| {
                        let (p, q) = (self.tables.params(x)[n], self.tables.params(y)[n]);
                        self.unify(p, q)
                    })
            }
            (TypeData::Bottom, TypeData::Data { .. })
            | (TypeData::Data { .. }, TypeData::Bottom) => false,
            (TypeData::UnionAll { .. }, TypeData::Data { .. })
            | (TypeData::Data { .. }, TypeData::UnionAll { .. }) => false,
            // Unions and binders with open variables inside: may be equal.
            _ => true,
        }
    }

    fn unify_tuples(&mut self, x: Type, y: Type) -> bool {
        let tails = (
            shape::tuple_tail(self.tables, x),
            shape::tuple_tail(self.tables, y),
        );
        let (nx, ny) = (self.tables.params(x).len(), self.tables.params(y).len());
        match tails {
            (shape::Tail::None, shape::Tail::None) => {
                nx == ny
                    && (0..nx).all(|n| {
                        let (p, q) = (self.tables.params(x)[n], self.tables.params(y)[n]);
                        self.unify(p, q)
                    })
            }
            (shape::Tail::None, shape::Tail::Any(_)) | (shape::Tail::Any(_), shape::Tail::None) => {
                false
            }
            // A count may be chosen so that they are equal; the elements at least meet.
            _ => self.meet_tuples(x, y) != Type::BOTTOM,
        }
    }
}
