//! The least common supertype that Julia picks for two types (`typejoin`), and joins that keep
//! small unions.

use super::MAX_HEIGHT;
use super::family::TypeFamilies;
use super::instantiate::{self, tuple_parts};
use super::shape::Tail;
use super::{canonical, occurrences, subtype};
use jlift_ir::{Name, Tables, Type, TypeData, TypeParam};

/// Steps after which a join is `Any`.
const MAX_STEPS: u32 = 20_000;

/// `typejoin(a, b)`: a common supertype that is no new union.
pub fn typejoin(tables: &mut Tables, families: &mut TypeFamilies, a: Type, b: Type) -> Type {
    let mut join = Join {
        tables,
        families,
        bounds: Vec::new(),
        steps: 0,
    };
    let out = join.join(a, b, 0);
    canonical::canonical(tables, families, out)
}

/// The union of two types if that has at most `limit` members, otherwise their common supertype.
pub fn union_or_join(
    tables: &mut Tables,
    families: &mut TypeFamilies,
    a: Type,
    b: Type,
    limit: usize,
) -> Type {
    let both = canonical::union(tables, families, &[a, b]);
    if tables.members(both).len() <= limit {
        return both;
    }
    typejoin(tables, families, a, b)
}

/// The element type of a collection that holds elements of both types: their common supertype, but
/// `Nothing` and `Missing` stay apart in a union.
pub fn promote_typejoin(
    tables: &mut Tables,
    families: &mut TypeFamilies,
    a: Type,
    b: Type,
) -> Type {
    let missing = tables.nominal("Base.Missing", &[]);
    let mut apart = Vec::new();
    let mut rest = [Type::BOTTOM; 2];
    for (n, ty) in [a, b].into_iter().enumerate() {
        let mut others = Vec::new();
        for member in tables.members(ty) {
            match member == Type::NOTHING || member == missing {
                true => apart.push(member),
                false => others.push(member),
            }
        }
        rest[n] = tables.union(&others);
    }
    let join = typejoin(tables, families, rest[0], rest[1]);
    apart.push(join);
    canonical::union(tables, families, &apart)
}

struct Join<'a> {
    tables: &'a mut Tables,
    families: &'a mut TypeFamilies,
    /// Upper bounds of the variables whose binders were entered.
    bounds: Vec<(Name, Type)>,
    steps: u32,
}

impl Join<'_> {
    fn join(&mut self, a: Type, b: Type, depth: u32) -> Type {
        self.steps += 1;
        if depth > 2 * MAX_HEIGHT || self.steps > MAX_STEPS {
            self.families.cache.overflow = true;
            return Type::ANY;
        }
        let depth = depth + 1;
        // A variable joins as its bound, with itself too.
        match (self.tables.type_data(a), self.tables.type_data(b)) {
            (TypeData::Var(name), _) => {
                let upper = self.bound(name);
                return self.join(upper, b, depth);
            }
            (_, TypeData::Var(name)) => {
                let upper = self.bound(name);
                return self.join(a, upper, depth);
            }
            _ => {}
        }
        if subtype::is_subtype(self.tables, self.families, a, b) {
            return b;
        }
        if subtype::is_subtype(self.tables, self.families, b, a) {
            return a;
        }
        match (self.tables.type_data(a), self.tables.type_data(b)) {
            (TypeData::UnionAll { .. }, _) => self.join_inside(a, b, false, depth),
            (_, TypeData::UnionAll { .. }) => self.join_inside(b, a, true, depth),
            (TypeData::Union(_), _) => {
                let whole = self.join_members(a, depth);
                self.join(whole, b, depth)
            }
            (_, TypeData::Union(_)) => {
                let whole = self.join_members(b, depth);
                self.join(a, whole, depth)
            }
            (TypeData::Data { .. }, TypeData::Data { .. }) => self.join_nominal(a, b, depth),
            _ => Type::ANY,
        }
    }

    fn bound(&self, name: Name) -> Type {
        let found = self.bounds.iter().rev().find(|(n, _)| *n == name);
        found.map_or(Type::ANY, |(_, upper)| *upper)
    }

    /// The join of the inside of a binder with another type, under the binder.
    fn join_inside(&mut self, all: Type, other: Type, swapped: bool, depth: u32) -> Type {
        let TypeData::UnionAll {
            mut var,
            lower,
            upper,
            mut body,
        } = self.tables.type_data(all)
        else {
            return Type::ANY;
        };
        let taken = self.bounds.iter().any(|(n, _)| *n == var)
            || self.families.cache.has_free(self.tables, other, var);
        if taken {
            let mut in_use: Vec<Type> = vec![body, other];
            for n in 0..self.bounds.len() {
                let name = self.bounds[n].0;
                in_use.push(self.tables.type_var(name));
            }
            let name = instantiate::rename_apart(self.tables, self.families, var, &in_use);
            let to = TypeParam::Type(self.tables.type_var(name));
            body = instantiate::substitute(self.tables, self.families, body, &[(var, to)]);
            var = name;
        }
        self.bounds.push((var, upper));
        let inside = if swapped {
            self.join(other, body, depth)
        } else {
            self.join(body, other, depth)
        };
        self.bounds.pop();
        let count = occurrences::count(self.tables, self.families, inside, var);
        if count.parameter > 0 {
            return self.tables.union_all(var, lower, upper, inside);
        }
        // With elements only left, the variable would stand for one concrete type in all of them.
        let bound = [(var, TypeParam::Type(upper))];
        instantiate::substitute(self.tables, self.families, inside, &bound)
    }

    fn join_members(&mut self, union: Type, depth: u32) -> Type {
        let members = self.tables.members(union);
        members
            .into_iter()
            .fold(Type::BOTTOM, |all, m| self.join(all, m, depth))
    }

    fn join_nominal(&mut self, a: Type, b: Type, depth: u32) -> Type {
        match (self.tables.is_tuple(a), self.tables.is_tuple(b)) {
            (true, true) => return self.join_tuples(a, b, depth),
            (true, false) | (false, true) => return Type::ANY,
            (false, false) => {}
        }
        let Some(name) = instantiate::nominal_name(self.tables, a) else {
            return Type::ANY;
        };
        let mut up_b = b;
        // The nearest family among the supertypes of `b` that `a` belongs to.
        for _ in 0..256 {
            let Some(of_b) = instantiate::nominal_name(self.tables, up_b) else {
                break;
            };
            if up_b == Type::ANY {
                break;
            }
            if self.families.descends(self.tables, name, of_b) {
                return self.join_parameters(a, up_b, of_b);
            }
            up_b = instantiate::supertype(self.tables, self.families, up_b);
        }
        Type::ANY
    }

    /// Both in one family: parameters that differ stay open.
    fn join_parameters(&mut self, a: Type, b: Type, name: Name) -> Type {
        let mut up_a = a;
        for _ in 0..256 {
            match self.tables.type_data(up_a) {
                TypeData::Data { name: n, .. } if n != name => {
                    up_a = instantiate::supertype(self.tables, self.families, up_a);
                }
                _ => break,
            }
        }
        let whole = self.families.whole_type(self.tables, name);
        let count = self.tables.params(up_a).len();
        if count == 0 || count != self.tables.params(b).len() {
            return whole;
        }
        let mut at = whole;
        let mut given = Vec::new();
        let mut open = Vec::new();
        for n in 0..count {
            let TypeData::UnionAll {
                var,
                lower,
                upper,
                body,
            } = self.tables.type_data(at)
            else {
                return whole;
            };
            let (p, q) = (self.tables.params(up_a)[n], self.tables.params(b)[n]);
            if self.is_same(p, q) {
                given.push((var, p));
            } else {
                open.push((var, lower, upper));
            }
            at = body;
        }
        let mut out = instantiate::substitute(self.tables, self.families, at, &given);
        for (var, lower, upper) in open.into_iter().rev() {
            let lower = instantiate::substitute(self.tables, self.families, lower, &given);
            let upper = instantiate::substitute(self.tables, self.families, upper, &given);
            out = self.tables.union_all(var, lower, upper, out);
        }
        out
    }

    fn is_same(&mut self, p: TypeParam, q: TypeParam) -> bool {
        match (p, q) {
            (TypeParam::Type(x), TypeParam::Type(y)) => {
                subtype::is_equal(self.tables, self.families, x, y)
            }
            _ => p == q,
        }
    }

    fn join_tuples(&mut self, a: Type, b: Type, depth: u32) -> Type {
        let (fixed_a, tail_a) = tuple_parts(self.tables, a);
        let (fixed_b, tail_b) = tuple_parts(self.tables, b);
        let (na, nb) = (fixed_a.len(), fixed_b.len());
        let end = [(tail_a, na), (tail_b, nb)];
        let has_tail = end.iter().any(|(t, _)| *t != Tail::None) || na != nb;
        // Elements that both have for sure.
        let common = na.min(nb);
        let mut out = Vec::with_capacity(common + 1);
        for (&x, &y) in fixed_a.iter().zip(&fixed_b) {
            out.push(TypeParam::Type(self.join(x, y, depth)));
        }
        if has_tail {
            let mut rest = Type::BOTTOM;
            let more = fixed_a[common..].iter().chain(&fixed_b[common..]).copied();
            let tails = end.iter().filter_map(|(t, _)| match t {
                Tail::None => None,
                Tail::Any(t) | Tail::Count(t, _) => Some(*t),
            });
            for t in more.chain(tails) {
                rest = self.join(rest, t, depth);
            }
            let rest = self.tables.vararg(rest, None);
            out.push(TypeParam::Type(rest));
        }
        instantiate::tuple_of(self.tables, self.families, &out)
    }
}
