//! Which of two method signatures is tried first. A signature that is included in the other is more
//! specific. Of two that merely overlap, the one whose elements are at least as specific from left
//! to right and more specific in one place is; parameters of one family are compared one by one.

use super::family::{Names, TypeFamilies};
use super::instantiate::{self, tuple_parts};
use super::shape::Tail;
use super::{MAX_HEIGHT, intersect, shape, subtype};
use jlift_ir::{Name, Tables, Type, TypeData, TypeParam};

/// Steps after which the comparison is given up.
const MAX_STEPS: u32 = 20_000;

/// Whether the signature `a` is more specific than `b`.
pub fn more_specific(tables: &mut Tables, families: &mut TypeFamilies, a: Type, b: Type) -> bool {
    if a == b || subtype::is_subtype(tables, families, b, a) {
        return false;
    }
    if subtype::is_subtype(tables, families, a, b) {
        return true;
    }
    if families.cache.facts(tables, a).height > MAX_HEIGHT
        || families.cache.facts(tables, b).height > MAX_HEIGHT
    {
        families.cache.overflow = true;
        return false;
    }
    let names = families.names(tables);
    let mut compare = Compare {
        tables,
        families,
        names,
        vars: Vec::new(),
        steps: 0,
        overflow: false,
    };
    let (p, q) = (TypeParam::Type(a), TypeParam::Type(b));
    // Unions can have a more specific member on each side; then neither is.
    let answer = compare.more(p, q, false) && !compare.more(q, p, false);
    let overflow = compare.overflow;
    families.cache.overflow |= overflow;
    answer && !overflow
}

/// Whether there are calls for which neither signature is more specific. The types that both accept
/// are given, so that a third signature that covers them can be looked for.
pub fn ambiguity(
    tables: &mut Tables,
    families: &mut TypeFamilies,
    a: Type,
    b: Type,
) -> Option<Type> {
    if more_specific(tables, families, a, b) || more_specific(tables, families, b, a) {
        return None;
    }
    let both = intersect::intersect(tables, families, a, b);
    (both != Type::BOTTOM && !subtype::is_equal(tables, families, a, b)).then_some(both)
}

/// Whether there are calls for which neither signature is more specific.
pub fn is_ambiguous(tables: &mut Tables, families: &mut TypeFamilies, a: Type, b: Type) -> bool {
    ambiguity(tables, families, a, b).is_some()
}

/// A variable whose binder was entered.
#[derive(Clone, Debug)]
struct Variable {
    name: Name,
    lower: Type,
    upper: Type,
    /// How often it occurs in the body, up to two; in a `Vararg` counts as two.
    occurrences: u32,
}

struct Compare<'a> {
    tables: &'a mut Tables,
    families: &'a mut TypeFamilies,
    names: Names,
    vars: Vec<Variable>,
    steps: u32,
    overflow: bool,
}

impl Compare<'_> {
    fn more(&mut self, a: TypeParam, b: TypeParam, invariant: bool) -> bool {
        self.steps += 1;
        if self.overflow || self.steps > MAX_STEPS {
            self.overflow = true;
            return false;
        }
        if a == b {
            return false;
        }
        let (x, y) = match (a, b) {
            (TypeParam::Type(x), TypeParam::Type(y)) => (x, y),
            // A value says more than a variable that stands for it.
            (TypeParam::Value(_), TypeParam::Type(y)) => {
                return matches!(self.tables.type_data(y), TypeData::Var(_));
            }
            (_, TypeParam::Value(_)) => return false,
        };
        let (data_x, data_y) = (self.tables.type_data(x), self.tables.type_data(y));
        if self.tables.is_tuple(x) && self.tables.is_tuple(y) {
            return self.more_tuple(x, y, invariant);
        }
        if !invariant {
            if x == Type::ANY {
                return false;
            }
            if y == Type::ANY && !matches!(data_x, TypeData::Var(_)) {
                return true;
            }
        }
        if let TypeData::Union(_) = data_x {
            if self.included(y, x) {
                return false;
            }
            return self.some_member_more(x, y, invariant)
                && !self.some_member_more(y, x, invariant);
        }
        if !invariant && let Some(answer) = self.more_type_type(x, y) {
            return answer;
        }
        match (data_x, data_y) {
            (_, TypeData::Union(_)) => {
                let members = self.tables.members(y);
                let below = members
                    .into_iter()
                    .any(|m| self.more_or_same(x, m, invariant));
                below && !self.included(y, x)
            }
            (TypeData::UnionAll { .. }, _) => {
                let depth = self.vars.len();
                let x = self.enter(x, y);
                let answer = self.more(TypeParam::Type(x), b, invariant);
                self.vars.truncate(depth);
                answer
            }
            (_, TypeData::UnionAll { .. }) => {
                let depth = self.vars.len();
                let y = self.enter(y, x);
                let answer = self.more(a, TypeParam::Type(y), invariant);
                self.vars.truncate(depth);
                answer
            }
            (TypeData::Var(p), TypeData::Var(q)) => self.more_var_var(p, q),
            (TypeData::Var(p), _) => self.more_var_type(p, x, y, invariant),
            (_, TypeData::Var(q)) => self.more_type_var(x, q, invariant),
            (TypeData::Data { name: p, .. }, TypeData::Data { name: q, .. }) => {
                self.more_nominal((p, x), (q, y), invariant)
            }
            (TypeData::Bottom, TypeData::Data { .. }) => !invariant,
            _ => false,
        }
    }

    fn types(&mut self, a: Type, b: Type, invariant: bool) -> bool {
        self.more(TypeParam::Type(a), TypeParam::Type(b), invariant)
    }

    fn more_or_same(&mut self, a: Type, b: Type, invariant: bool) -> bool {
        a == b || self.types(a, b, invariant) || self.same(a, b)
    }

    /// Whether a member of a union, or the type itself, is more specific than `b`.
    fn some_member_more(&mut self, union: Type, b: Type, invariant: bool) -> bool {
        let members = self.tables.members(union);
        members.into_iter().any(|m| self.types(m, b, invariant))
    }

    fn variable(&self, name: Name) -> Option<&Variable> {
        self.vars.iter().rev().find(|v| v.name == name)
    }

    fn bounds(&self, name: Name) -> (Type, Type) {
        self.variable(name)
            .map_or((Type::BOTTOM, Type::ANY), |v| (v.lower, v.upper))
    }

    /// Enters a binder; its variable gets a name of its own.
    fn enter(&mut self, all: Type, other: Type) -> Type {
        let TypeData::UnionAll {
            var,
            lower,
            upper,
            body,
        } = self.tables.type_data(all)
        else {
            return all;
        };
        let mut in_use = vec![other];
        for n in 0..self.vars.len() {
            let name = self.vars[n].name;
            in_use.push(self.tables.type_var(name));
        }
        let (mut name, mut inside) = (var, body);
        if in_use
            .iter()
            .any(|&t| self.families.cache.has_free(self.tables, t, var))
        {
            in_use.push(body);
            name = instantiate::rename_apart(self.tables, self.families, var, &in_use);
            let to = TypeParam::Type(self.tables.type_var(name));
            inside = instantiate::substitute(self.tables, self.families, body, &[(var, to)]);
        }
        let occurrences = self.occurrences(inside, name, 0);
        self.vars.push(Variable {
            name,
            lower,
            upper,
            occurrences,
        });
        inside
    }

    fn occurrences(&mut self, ty: Type, var: Name, depth: u32) -> u32 {
        if depth > MAX_HEIGHT || !self.families.cache.has_free(self.tables, ty, var) {
            return 0;
        }
        let mut total = 0;
        match self.tables.type_data(ty) {
            TypeData::Var(_) => total = 1,
            TypeData::Vararg { elem, .. } => {
                total = 2 * self.occurrences(elem, var, depth + 1);
            }
            TypeData::UnionAll { body, .. } => total = self.occurrences(body, var, depth + 1),
            _ => {
                for n in 0..self.tables.params(ty).len() {
                    if let TypeParam::Type(t) = self.tables.params(ty)[n] {
                        total += self.occurrences(t, var, depth + 1);
                    }
                    if total >= 2 {
                        break;
                    }
                }
            }
        }
        total.min(2)
    }

    /// A type with the variables that were entered bound again.
    fn wrapped(&mut self, ty: Type) -> Type {
        let mut out = ty;
        for n in (0..self.vars.len()).rev() {
            let v = self.vars[n].clone();
            if self.families.cache.has_free(self.tables, out, v.name) {
                out = self.tables.union_all(v.name, v.lower, v.upper, out);
            }
        }
        out
    }

    fn included(&mut self, a: Type, b: Type) -> bool {
        let (a, b) = (self.wrapped(a), self.wrapped(b));
        subtype::is_subtype(self.tables, self.families, a, b)
    }

    fn same(&mut self, a: Type, b: Type) -> bool {
        let (a, b) = (self.wrapped(a), self.wrapped(b));
        subtype::is_equal(self.tables, self.families, a, b)
    }

    /// `Type{T}` with a bound says more than `DataType`, and `Type{Union{}}` more than `Type`.
    fn more_type_type(&mut self, x: Type, y: Type) -> Option<bool> {
        let of = self.tables.type_of_type(x)?;
        match self.tables.type_data(of) {
            TypeData::Var(name) => {
                let upper = self.bounds(name).1;
                (shape::is_kind(self.tables, self.families, y) && upper != Type::ANY)
                    .then_some(true)
            }
            TypeData::Bottom => {
                let whole = self.families.whole_type(self.tables, self.names.type_);
                self.included(y, whole).then_some(true)
            }
            _ => None,
        }
    }

    fn more_var_var(&mut self, p: Name, q: Name) -> bool {
        let ((lower_p, upper_p), (lower_q, upper_q)) = (self.bounds(p), self.bounds(q));
        (self.types(upper_p, upper_q, false) && self.included(lower_q, lower_p))
            || (lower_p != lower_q
                && self.included(lower_q, lower_p)
                && self.included(upper_p, upper_q))
    }

    fn more_var_type(&mut self, p: Name, x: Type, y: Type, invariant: bool) -> bool {
        let (lower, upper) = self.bounds(p);
        if invariant {
            return upper == Type::BOTTOM && x != y;
        }
        // Two elements of one type say more than two of any type.
        if y == Type::ANY && upper == Type::ANY && lower == Type::BOTTOM {
            return self.variable(p).is_some_and(|v| v.occurrences >= 2);
        }
        self.types(upper, y, false)
    }

    fn more_type_var(&mut self, x: Type, q: Name, invariant: bool) -> bool {
        let upper = self.bounds(q).1;
        // In a parameter, a type says more than a variable that it may be the value of.
        (invariant && upper != Type::BOTTOM && self.included(x, upper))
            || self.types(x, upper, false)
    }

    fn more_nominal(
        &mut self,
        (p, x): (Name, Type),
        (q, y): (Name, Type),
        invariant: bool,
    ) -> bool {
        let type_name = self.names.type_;
        if x == Type::TYPE_OF_BOTTOM
            && (q == type_name || shape::is_kind(self.tables, self.families, y))
        {
            return true;
        }
        if p == q {
            return self.more_params(x, y);
        }
        if invariant {
            return false;
        }
        if p == type_name {
            // A known type is less than its kind.
            let kind = match self.tables.type_of_type(x) {
                Some(of) if !matches!(self.tables.type_data(of), TypeData::Var(_)) => {
                    shape::kind_of_type(self.tables, self.families, of)
                }
                _ => return false,
            };
            return kind == y;
        }
        if q == type_name {
            return match self
                .tables
                .type_of_type(y)
                .map(|t| self.tables.type_data(t))
            {
                Some(TypeData::Var(name)) => {
                    shape::is_kind(self.tables, self.families, x)
                        && self.bounds(name).1 == Type::ANY
                }
                _ => false,
            };
        }
        self.families.descends(self.tables, p, q)
    }

    /// Two types of one family: the one with the more specific parameters.
    fn more_params(&mut self, x: Type, y: Type) -> bool {
        let (mut score_x, mut score_y) = (0, 0);
        let (mut value_x, mut value_y) = (false, false);
        let (mut diagonal_x, mut diagonal_y) = (false, false);
        let count = self.tables.params(x).len();
        if count != self.tables.params(y).len() {
            return false;
        }
        for n in 0..count {
            let (a, b) = (self.tables.params(x)[n], self.tables.params(y)[n]);
            let (free_a, free_b) = (self.is_free(a), self.is_free(b));
            let (var_a, var_b) = (self.var_of(a), self.var_of(b));
            let same = self.same_param(a, b);
            if !free_a && !free_b && !same {
                return false;
            }
            if self.more(a, b, true) && (var_a.is_some() || !free_a || free_b) {
                score_x += 1;
            } else if self.more(b, a, true) && (var_b.is_some() || !free_b || free_a) {
                score_y += 1;
            } else if same {
                score_x += u32::from(!free_a && free_b);
                score_y += u32::from(free_a && !free_b);
            }
            let is_value = |p| matches!(p, TypeParam::Value(_));
            value_x |= var_b.is_some() && is_value(a);
            value_y |= var_a.is_some() && is_value(b);
            diagonal_x |= self.occurs_later(x, n, var_a);
            diagonal_y |= self.occurs_later(y, n, var_b);
        }
        if value_x != value_y {
            return value_x;
        }
        if score_y > score_x || (diagonal_y && !diagonal_x) {
            return false;
        }
        score_x > score_y || (diagonal_x && !diagonal_y)
    }

    fn occurs_later(&mut self, ty: Type, n: usize, var: Option<Name>) -> bool {
        let Some(var) = var else { return false };
        (n + 1..self.tables.params(ty).len()).any(|m| match self.tables.params(ty)[m] {
            TypeParam::Type(t) => self.families.cache.has_free(self.tables, t, var),
            TypeParam::Value(_) => false,
        })
    }

    fn is_free(&mut self, p: TypeParam) -> bool {
        match p {
            TypeParam::Type(t) => !self.families.cache.is_closed(self.tables, t),
            TypeParam::Value(_) => false,
        }
    }

    fn var_of(&self, p: TypeParam) -> Option<Name> {
        match p {
            TypeParam::Type(t) => match self.tables.type_data(t) {
                TypeData::Var(name) => Some(name),
                _ => None,
            },
            TypeParam::Value(_) => None,
        }
    }

    fn same_param(&mut self, a: TypeParam, b: TypeParam) -> bool {
        match (a, b) {
            (TypeParam::Type(x), TypeParam::Type(y)) => self.same(x, y),
            _ => a == b,
        }
    }

    fn more_tuple(&mut self, x: Type, y: Type, invariant: bool) -> bool {
        let (fixed_x, tail_x) = tuple_parts(self.tables, x);
        let (fixed_y, tail_y) = tuple_parts(self.tables, y);
        let (nx, ny) = (fixed_x.len(), fixed_y.len());
        let (rest_x, rest_y) = (elem(tail_x), elem(tail_y));
        if ny == 0 && rest_y.is_none() {
            return false;
        }
        if nx == 0 && rest_x.is_none() {
            return true;
        }
        // One element more where both have a rest: the rests are compared too.
        let both_open = rest_x.is_some() && rest_y.is_some();
        let count = nx.max(ny) + usize::from(both_open);
        let mut some = false;
        for n in 0..count {
            let (Some(a), Some(b)) = (
                fixed_x.get(n).copied().or(rest_x),
                fixed_y.get(n).copied().or(rest_y),
            ) else {
                break;
            };
            let more = self.types(a, b, invariant);
            if !more && !self.same(a, b) && !self.included(a, b) {
                // A counted rest can be more specific than a list even if an element of it is not
                // comparable, so that the order stays transitive.
                return some && matches!(tail_x, Tail::Count(..)) && rest_y.is_none();
            }
            some |= more;
        }
        match (rest_x.is_some(), rest_y.is_some()) {
            (true, true) if nx > ny => {
                let own = fixed_x.iter().any(|&t| self.is_diagonal(Some(t)));
                some || own || !self.is_diagonal(rest_y)
            }
            (false, true) => {
                let diagonal = self.is_diagonal(rest_y);
                let own = fixed_x.iter().any(|&t| self.is_diagonal(Some(t)));
                some || own || !diagonal
            }
            _ => some,
        }
    }

    fn is_diagonal(&self, ty: Option<Type>) -> bool {
        match ty.map(|t| self.tables.type_data(t)) {
            Some(TypeData::Var(name)) => self.variable(name).is_some_and(|v| v.occurrences >= 2),
            _ => false,
        }
    }
}

fn elem(tail: Tail) -> Option<Type> {
    match tail {
        Tail::None => None,
        Tail::Any(t) | Tail::Count(t, _) => Some(t),
    }
}
