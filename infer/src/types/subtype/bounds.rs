//! The variables of a question about subtypes and the bounds that they collect.

use super::{Captured, Position, Solver};
use crate::types::{instantiate, shape};
use jlift_ir::{Name, Type, TypeData, TypeParam};

/// A variable whose binder was entered.
#[derive(Clone, Debug)]
pub(super) struct Binding {
    /// Unique in the environment.
    name: Name,
    /// Its values are to be found; otherwise the question is asked for all of them.
    exists: bool,
    /// It is, or its bounds mention, a variable that is to be found.
    depends_on_exists: bool,
    /// Everything that it includes; nothing means `Union{}`.
    lowers: Vec<TypeParam>,
    /// Everything that includes it; nothing means `Any`.
    uppers: Vec<TypeParam>,
    /// The declared lower bound is `Union{}`.
    may_be_diagonal: bool,
    /// Number of parameter lists around the binder.
    invariance: u32,
    covariant: u8,
    invariant: u8,
    /// A variable of the diagonal rule equals it.
    concrete: bool,
}

impl Solver<'_> {
    fn find(&self, name: Name) -> Option<usize> {
        self.vars.iter().rposition(|b| b.name == name)
    }

    pub(super) fn is_exists(&self, name: Name) -> bool {
        self.find(name).is_some_and(|n| self.vars[n].exists)
    }

    /// Whether the answer to a question about the type may bind a variable.
    pub(super) fn depends_on_exists(&mut self, ty: Type) -> bool {
        match &self.families.cache.facts(self.tables, ty).free {
            None => false,
            Some(free) => {
                let vars = &self.vars;
                free.iter().any(|name| {
                    vars.iter()
                        .rev()
                        .find(|b| b.name == *name)
                        .is_some_and(|b| b.depends_on_exists)
                })
            }
        }
    }

    /// Enters the binder `x`, asking for all values of its variable.
    pub(super) fn enter_left(&mut self, x: Type, y: Type, position: Position) -> bool {
        match self.push(x, y, false) {
            Some(body) => {
                let holds = self.sub(body, y, position);
                self.pop(holds, None)
            }
            None => false,
        }
    }

    /// Enters the binder `y`, looking for a value of its variable.
    pub(super) fn enter_right(&mut self, x: Type, y: Type, position: Position) -> bool {
        let capture = self.captures.iter().position(|c| c.0 == y);
        match self.push(y, x, true) {
            Some(body) => {
                let holds = self.sub(x, body, position);
                self.pop(holds, capture)
            }
            None => false,
        }
    }

    /// Adds the variable of a binder and gives the type inside.
    fn push(&mut self, binder: Type, other: Type, exists: bool) -> Option<Type> {
        let TypeData::UnionAll {
            var,
            lower,
            upper,
            body,
        } = self.tables.type_data(binder)
        else {
            return None;
        };
        let mut name = var;
        let mut inside = body;
        let taken = self.find(var).is_some()
            || self.families.cache.has_free(self.tables, other, var)
            || self.vars.iter().any(|b| {
                b.lowers.iter().chain(&b.uppers).any(|p| match p {
                    TypeParam::Type(t) => self.families.cache.has_free(self.tables, *t, var),
                    TypeParam::Value(_) => false,
                })
            });
        if taken {
            let base = shape::var_base(self.tables.names.str(var)).to_string();
            self.unknowns += 1;
            name = self
                .tables
                .names
                .intern(&format!("{base}#s{}", self.unknowns));
            let to = TypeParam::Type(self.tables.type_var(name));
            inside = instantiate::substitute(self.tables, self.families, body, &[(var, to)]);
        }
        let depends = exists || self.depends_on_exists(lower) || self.depends_on_exists(upper);
        let bound = |t: Type, trivial| match t == trivial {
            true => Vec::new(),
            false => vec![TypeParam::Type(t)],
        };
        self.vars.push(Binding {
            name,
            exists,
            depends_on_exists: depends,
            lowers: bound(lower, Type::BOTTOM),
            uppers: bound(upper, Type::ANY),
            may_be_diagonal: lower == Type::BOTTOM,
            invariance: self.invariance,
            covariant: 0,
            invariant: 0,
            concrete: false,
        });
        Some(inside)
    }

    /// Leaves the innermost binder: applies the diagonal rule and takes the variable out of the
    /// bounds of others.
    fn pop(&mut self, holds: bool, capture: Option<usize>) -> bool {
        let Some(binding) = self.vars.pop() else {
            return false;
        };
        let holds = holds && !self.overflow && self.diagonal_rule_holds(&binding);
        if holds {
            if let Some(n) = capture {
                let value = self.captured(&binding);
                if let Some(c) = self.captures.get_mut(n) {
                    c.1 = value;
                }
            }
            self.take_out(&binding);
        }
        holds
    }

    fn diagonal_rule_holds(&mut self, binding: &Binding) -> bool {
        let diagonal = binding.covariant > 1 && binding.invariant == 0;
        let applies = binding.concrete || (diagonal && binding.may_be_diagonal);
        if !applies {
            return true;
        }
        if binding.concrete && !diagonal {
            // It can be concrete only if all its values are.
            return binding
                .uppers
                .iter()
                .any(|&u| shape::is_leaf_bound(self.tables, self.families, u));
        }
        let Some(least) = self.greatest(&binding.lowers) else {
            return binding.lowers.is_empty();
        };
        if let TypeParam::Type(t) = least
            && let TypeData::Var(name) = self.tables.type_data(t)
        {
            if let Some(n) = self.find(name) {
                self.vars[n].concrete = true;
            }
            return true;
        }
        shape::is_leaf_bound(self.tables, self.families, least)
    }

    /// The bound that includes all others.
    fn greatest(&mut self, bounds: &[TypeParam]) -> Option<TypeParam> {
        let [first, rest @ ..] = bounds else {
            return None;
        };
        let mut greatest = *first;
        for &next in rest {
            if self.bound_below(next, greatest) {
                continue;
            }
            if !self.bound_below(greatest, next) {
                return None;
            }
            greatest = next;
        }
        bounds
            .iter()
            .all(|&b| self.bound_below(b, greatest))
            .then_some(greatest)
    }

    /// What is known of a variable that is left.
    fn captured(&mut self, binding: &Binding) -> Captured {
        let lowers: Vec<TypeParam> = binding
            .lowers
            .iter()
            .map(|&l| match l {
                // In argument position a type as a value is of type `DataType` or so.
                TypeParam::Type(t) if binding.invariant == 0 && self.is_closed(t) => {
                    TypeParam::Type(shape::type_of_values(self.tables, self.families, t))
                }
                _ => l,
            })
            .collect();
        let known = match self.greatest(&lowers) {
            // Several types that must all be included: the least type that does is their union.
            None if lowers.len() > 1 && binding.invariant > 0 => {
                let members: Option<Vec<Type>> = lowers
                    .iter()
                    .map(|l| match l {
                        TypeParam::Type(t) => Some(*t),
                        TypeParam::Value(_) => None,
                    })
                    .collect();
                match members {
                    Some(m) => TypeParam::Type(super::super::canonical::union(
                        self.tables,
                        self.families,
                        &m,
                    )),
                    None => return Captured::Open,
                }
            }
            None => {
                let bottom = TypeParam::Type(Type::BOTTOM);
                return match binding.uppers.contains(&bottom) {
                    true => Captured::Known(bottom),
                    false => Captured::Open,
                };
            }
            Some(greatest) => {
                if binding.invariant == 0
                    && !shape::is_leaf_bound(self.tables, self.families, greatest)
                {
                    return Captured::Open;
                }
                greatest
            }
        };
        match known {
            TypeParam::Type(t) if !self.is_closed(t) => Captured::Open,
            TypeParam::Type(t) => TypeParam::Type(super::super::canonical::canonical(
                self.tables,
                self.families,
                t,
            ))
            .into(),
            value => value.into(),
        }
    }

    /// Replaces a variable that was to be found in the bounds of those that stay. One that was
    /// asked for all values stays in them, as an unknown type.
    fn take_out(&mut self, binding: &Binding) {
        if !binding.exists {
            self.retired.push(binding.clone());
            return;
        }
        let solution = binding
            .lowers
            .first()
            .or(binding.uppers.first())
            .copied()
            .unwrap_or(TypeParam::Type(Type::BOTTOM));
        let map = [(binding.name, solution)];
        for n in 0..self.vars.len() {
            for upper in [false, true] {
                let mut bounds = match upper {
                    true => std::mem::take(&mut self.vars[n].uppers),
                    false => std::mem::take(&mut self.vars[n].lowers),
                };
                for bound in &mut bounds {
                    let TypeParam::Type(t) = *bound else {
                        continue;
                    };
                    *bound = match self.tables.type_data(t) {
                        TypeData::Var(name) if name == binding.name => solution,
                        _ => TypeParam::Type(instantiate::substitute(
                            self.tables,
                            self.families,
                            t,
                            &map,
                        )),
                    };
                }
                match upper {
                    true => self.vars[n].uppers = bounds,
                    false => self.vars[n].lowers = bounds,
                }
            }
        }
    }

    /// `t where v`: the least type that includes `t` for all values of `v`.
    fn close_over(&mut self, t: Type, v: &Binding) -> Type {
        let bound = |list: &[TypeParam], trivial| match list.first() {
            Some(TypeParam::Type(t)) => *t,
            _ => trivial,
        };
        let upper = bound(&v.uppers, Type::ANY);
        if self.tables.type_data(t) == TypeData::Var(v.name) {
            return upper;
        }
        let lower = bound(&v.lowers, Type::BOTTOM);
        self.tables.union_all(v.name, lower, upper, t)
    }

    /// Counts an occurrence for the diagonal rule.
    fn record(&mut self, name: Name, position: Position) {
        let invariance = self.invariance;
        let Some(n) = self.find(name) else { return };
        let b = &mut self.vars[n];
        match position {
            Position::Uncounted => {}
            Position::Invariant if invariance > b.invariance => {
                b.invariant = b.invariant.saturating_add(1);
            }
            _ => b.covariant = b.covariant.saturating_add(1),
        }
    }

    /// A bound below a bound, each a type or a value.
    fn bound_below(&mut self, x: TypeParam, y: TypeParam) -> bool {
        match (x, y) {
            (TypeParam::Type(x), TypeParam::Type(y)) => self.part(x, y, Position::Uncounted),
            (TypeParam::Value(_), TypeParam::Type(Type::ANY)) => true,
            (TypeParam::Value(_), TypeParam::Type(t)) => match self.tables.type_data(t) {
                TypeData::Var(name) => self.var_above(name, x, Position::Uncounted),
                _ => false,
            },
            (TypeParam::Type(Type::BOTTOM), TypeParam::Value(_)) => true,
            (TypeParam::Type(t), TypeParam::Value(_)) => match self.tables.type_data(t) {
                TypeData::Var(name) => self.var_below(name, y, Position::Uncounted),
                _ => false,
            },
            (TypeParam::Value(a), TypeParam::Value(b)) => a == b,
        }
    }

    pub(super) fn var_below_var(
        &mut self,
        a: Name,
        b: Name,
        x: Type,
        y: Type,
        position: Position,
    ) -> bool {
        match (self.is_exists(a), self.is_exists(b)) {
            (true, true) => {
                self.record(a, position);
                self.record(b, position);
                self.link(a, b)
            }
            (true, false) => {
                self.record(b, position);
                self.var_below(a, TypeParam::Type(y), position)
            }
            (false, true) => {
                self.record(a, position);
                self.var_above(b, TypeParam::Type(x), position)
            }
            (false, false) => {
                self.record(a, position);
                self.record(b, position);
                self.any_upper_below(a, TypeParam::Type(y))
                    || self.any_lower_above(b, TypeParam::Type(x))
            }
        }
    }

    fn bounds_of(&self, name: Name, upper: bool) -> Vec<TypeParam> {
        let known = self
            .find(name)
            .map(|n| &self.vars[n])
            .or_else(|| self.retired.iter().rev().find(|b| b.name == name));
        match known {
            Some(b) if upper => b.uppers.clone(),
            Some(b) => b.lowers.clone(),
            None => Vec::new(),
        }
    }

    fn any_upper_below(&mut self, name: Name, y: TypeParam) -> bool {
        let uppers = self.bounds_of(name, true);
        match (uppers.is_empty(), y) {
            (true, TypeParam::Type(y)) => self.sub(Type::ANY, y, Position::Uncounted),
            (true, TypeParam::Value(_)) => false,
            _ => uppers.into_iter().any(|u| match (u, y) {
                // The place on the left stays that of the variable.
                (TypeParam::Type(u), TypeParam::Type(y)) => self.sub(u, y, Position::Uncounted),
                _ => self.bound_below(u, y),
            }),
        }
    }

    fn any_lower_above(&mut self, name: Name, x: TypeParam) -> bool {
        let lowers = self.bounds_of(name, false);
        match (lowers.is_empty(), x) {
            (true, TypeParam::Type(x)) => self.sub(x, Type::BOTTOM, Position::Uncounted),
            (true, TypeParam::Value(_)) => false,
            _ => lowers.into_iter().any(|l| match (x, l) {
                (TypeParam::Type(x), TypeParam::Type(l)) => self.sub(x, l, Position::Uncounted),
                _ => self.bound_below(x, l),
            }),
        }
    }

    /// `a <: b` for two variables to be found. The inner one refers to the outer one.
    fn link(&mut self, a: Name, b: Name) -> bool {
        let (Some(na), Some(nb)) = (self.find(a), self.find(b)) else {
            return false;
        };
        let (ta, tb) = (self.tables.type_var(a), self.tables.type_var(b));
        let (ta, tb) = (TypeParam::Type(ta), TypeParam::Type(tb));
        if na > nb {
            for lower in self.bounds_of(a, false) {
                if !self.bound_below(lower, tb) {
                    return false;
                }
            }
            self.add(a, tb, true);
        } else {
            for upper in self.bounds_of(b, true) {
                if !self.bound_below(ta, upper) {
                    return false;
                }
            }
            self.add(b, ta, false);
        }
        true
    }

    fn add(&mut self, name: Name, bound: TypeParam, upper: bool) {
        if let Some(n) = self.find(name) {
            let list = if upper {
                &mut self.vars[n].uppers
            } else {
                &mut self.vars[n].lowers
            };
            if !list.contains(&bound) {
                list.push(bound);
            }
        }
    }

    /// `name <: y`.
    pub(super) fn var_below(&mut self, name: Name, y: TypeParam, position: Position) -> bool {
        self.record(name, position);
        if !self.is_exists(name) {
            return y == TypeParam::Type(Type::ANY) || self.any_upper_below(name, y);
        }
        if y == TypeParam::Type(Type::ANY) {
            return true;
        }
        let lowers = self.bounds_of(name, false);
        if self.bounds_of(name, true).contains(&y) {
            return true;
        }
        for &lower in &lowers {
            if !self.bound_below(lower, y) {
                return false;
            }
        }
        match self.inner_for_all(name, y) {
            None => self.add(name, y, true),
            // It must be below `y` for all values of an inner variable, which is known of the
            // lower bounds so far.
            Some(_) => {
                let members: Vec<Type> = lowers
                    .iter()
                    .filter_map(|l| match l {
                        TypeParam::Type(t) => Some(*t),
                        TypeParam::Value(_) => None,
                    })
                    .collect();
                let fixed = self.tables.union(&members);
                self.add(name, TypeParam::Type(fixed), true);
            }
        }
        true
    }

    /// `x <: name`.
    pub(super) fn var_above(&mut self, name: Name, x: TypeParam, position: Position) -> bool {
        self.record(name, position);
        if !self.is_exists(name) {
            return x == TypeParam::Type(Type::BOTTOM) || self.any_lower_above(name, x);
        }
        if x == TypeParam::Type(Type::BOTTOM) {
            return true;
        }
        let mut x = x;
        // It must include `x` for all values of inner variables.
        for _ in 0..self.vars.len() {
            let (Some(inner), TypeParam::Type(t)) = (self.inner_for_all(name, x), x) else {
                break;
            };
            let inner = self.vars[inner].clone();
            x = TypeParam::Type(self.close_over(t, &inner));
        }
        if self.bounds_of(name, false).contains(&x) {
            return true;
        }
        for upper in self.bounds_of(name, true) {
            if !self.bound_below(x, upper) {
                return false;
            }
        }
        self.add(name, x, false);
        true
    }

    /// A variable that the bound mentions and whose binder, in a parameter inside the scope of
    /// `name`, asks for all values. With both binders at the same level `name` may be another type
    /// for each of the values.
    fn inner_for_all(&mut self, name: Name, bound: TypeParam) -> Option<usize> {
        let TypeParam::Type(t) = bound else {
            return None;
        };
        let own = self.find(name)?;
        let free = self.families.cache.facts(self.tables, t).free.clone()?;
        free.iter().find_map(|&v| {
            let n = self.find(v)?;
            let inner = &self.vars[n];
            (!inner.exists && inner.invariance > self.vars[own].invariance).then_some(n)
        })
    }

    /// `name` is the value `value`.
    pub(super) fn var_equals_value(&mut self, name: Name, value: TypeParam) -> bool {
        self.record(name, Position::Invariant);
        if !self.is_exists(name) {
            return self.bounds_of(name, true).contains(&value)
                && self.bounds_of(name, false).contains(&value);
        }
        self.var_above(name, value, Position::Uncounted)
            && self.var_below(name, value, Position::Uncounted)
    }

    /// `name` is a type, or a number, of which nothing is known but that it is the same wherever
    /// `name` is. Possible only where `name` stands for one value at a time.
    pub(super) fn equals_unknown(&mut self, name: Name) -> bool {
        let Some(n) = self.find(name) else {
            return false;
        };
        let b = &self.vars[n];
        if !b.exists || b.invariance != self.invariance {
            return false;
        }
        self.unknowns += 1;
        let unknown = self.tables.names.intern(&format!("#u{}", self.unknowns));
        let unknown = TypeParam::Type(self.tables.type_var(unknown));
        self.record(name, Position::Invariant);
        // The second of these is not checked if nothing else bounds the variable.
        self.var_above(name, unknown, Position::Uncounted)
            && self.var_below(name, unknown, Position::Uncounted)
    }

    /// The value that a variable has to be, if it is one.
    pub(super) fn fixed_value(&self, name: Name) -> Option<TypeParam> {
        let n = self.find(name)?;
        self.vars[n]
            .lowers
            .iter()
            .copied()
            .find(|l| matches!(l, TypeParam::Value(_)))
    }
}

impl From<TypeParam> for Captured {
    fn from(param: TypeParam) -> Self {
        Captured::Known(param)
    }
}
