//! Intersection of tuple types element by element.

use super::{Meet, Role, Variable};
use crate::types::instantiate::{self, tuple_parts};
use crate::types::shape::{self, Tail};
use jlift_ir::{Type, TypeParam, Value};

impl Meet<'_> {
    pub(super) fn meet_tuples(&mut self, x: Type, y: Type) -> Type {
        let (x, y) = (self.with_known_count(x), self.with_known_count(y));
        let (fixed_x, tail_x) = tuple_parts(self.tables, x);
        let (fixed_y, tail_y) = tuple_parts(self.tables, y);
        let (nx, ny) = (fixed_x.len(), fixed_y.len());
        if (tail_x == Tail::None && nx < ny) || (tail_y == Tail::None && ny < nx) {
            return Type::BOTTOM;
        }
        if tail_x == Tail::None && tail_y == Tail::None && nx != ny {
            return Type::BOTTOM;
        }
        let count = nx.max(ny);
        let mut elems = Vec::with_capacity(count + 1);
        for n in 0..count {
            let (Some(a), Some(b)) = (
                fixed_x.get(n).copied().or(elem(tail_x)),
                fixed_y.get(n).copied().or(elem(tail_y)),
            ) else {
                return Type::BOTTOM;
            };
            let both = self.meet(a, b);
            if both == Type::BOTTOM {
                return both;
            }
            elems.push(TypeParam::Type(both));
        }
        let (Some(a), Some(b)) = (elem(tail_x), elem(tail_y)) else {
            // One of them ends here, so the other's tail has just these elements.
            let fits = self.count_is(tail_x, count - nx) && self.count_is(tail_y, count - ny);
            if !fits {
                return Type::BOTTOM;
            }
            return instantiate::tuple_of(self.tables, self.families, &elems);
        };
        let saved = self.vars.clone();
        let mut rest = self.meet_apart(a, b);
        let narrowed = self
            .vars
            .iter()
            .zip(&saved)
            .any(|(v, old)| (v.upper, v.lower, v.value) != (old.upper, old.lower, old.value));
        // The tail may be empty, and then says nothing about variables that occur elsewhere.
        if rest != Type::BOTTOM && narrowed && self.choose(2) == 1 {
            rest = Type::BOTTOM;
        }
        if rest == Type::BOTTOM {
            self.vars = saved;
            let fits = self.count_is(tail_x, count - nx) && self.count_is(tail_y, count - ny);
            if !fits {
                return Type::BOTTOM;
            }
            return instantiate::tuple_of(self.tables, self.families, &elems);
        }
        let number = match self.rest_count((tail_x, count - nx), (tail_y, count - ny)) {
            Ok(number) => number,
            Err(()) => return Type::BOTTOM,
        };
        let rest = self.tables.vararg(rest, number);
        elems.push(TypeParam::Type(rest));
        instantiate::tuple_of(self.tables, self.families, &elems)
    }

    /// A tuple type whose count became known, written out.
    fn with_known_count(&mut self, ty: Type) -> Type {
        let Tail::Count(elem, count) = shape::tuple_tail(self.tables, ty) else {
            return ty;
        };
        let known = self.resolved_param(count);
        if known == count {
            return ty;
        }
        let mut params = self.tables.params(ty).to_vec();
        let rest = self.tables.vararg(elem, Some(known));
        if let Some(last) = params.last_mut() {
            *last = TypeParam::Type(rest);
        }
        instantiate::tuple_of(self.tables, self.families, &params)
    }

    /// A tail has this many elements.
    fn count_is(&mut self, tail: Tail, n: usize) -> bool {
        match tail {
            Tail::Count(_, count) => self.unify(count, TypeParam::Value(Value::int64(n as i64))),
            Tail::None | Tail::Any(_) => true,
        }
    }

    /// The count of the common tail; each tail gives away some of its elements before it.
    fn rest_count(
        &mut self,
        (x, given_x): (Tail, usize),
        (y, given_y): (Tail, usize),
    ) -> Result<Option<TypeParam>, ()> {
        match (x, y) {
            (Tail::Count(_, a), Tail::Count(_, b)) => {
                if given_x == given_y {
                    if !self.unify(a, b) {
                        return Err(());
                    }
                    return Ok(Some(a));
                }
                Ok(self.other_count(if given_x > given_y { b } else { a }, 0))
            }
            (Tail::Count(_, a), _) => Ok(self.other_count(a, given_x)),
            (_, Tail::Count(_, b)) => Ok(self.other_count(b, given_y)),
            _ => Ok(None),
        }
    }

    /// A count less some number: the same variable for none, otherwise a new one.
    fn other_count(&mut self, count: TypeParam, less: usize) -> Option<TypeParam> {
        if less == 0 {
            return Some(count);
        }
        let TypeParam::Type(t) = count else {
            return None;
        };
        let v = self.variable(t)?;
        let original = self.vars[v].original;
        let name = self.fresh_name(original);
        self.vars.push(Variable {
            name,
            original,
            lower: Type::BOTTOM,
            upper: Type::ANY,
            role: Role::Parameter,
            value: None,
        });
        Some(TypeParam::Type(self.tables.type_var(name)))
    }

    /// Intersection of the elements of two tails: a binder inside belongs to each element alone.
    fn meet_apart(&mut self, a: Type, b: Type) -> Type {
        let before = self.vars.len();
        let saved = self.vars.clone();
        let both = self.meet(a, b);
        if self.vars.len() == before {
            return both;
        }
        let inner: Vec<Variable> = self.vars.drain(before..).collect();
        // What outer variables learned from inner ones is not valid outside.
        for (var, old) in self.vars.iter_mut().zip(saved) {
            let tables = &*self.tables;
            let cache = &mut self.families.cache;
            let escapes = inner.iter().any(|i| {
                cache.has_free(tables, var.upper, i.name)
                    || cache.has_free(tables, var.lower, i.name)
                    || matches!(var.value, Some(TypeParam::Type(t)) if cache.has_free(tables, t, i.name))
            });
            if escapes {
                *var = old;
            }
        }
        self.close_over(both, inner)
    }
}

fn elem(tail: Tail) -> Option<Type> {
    match tail {
        Tail::None => None,
        Tail::Any(t) | Tail::Count(t, _) => Some(t),
    }
}
