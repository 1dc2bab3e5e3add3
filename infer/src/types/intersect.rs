//! Intersection of types: a type that includes all values that two types have in common, as small
//! as `typeintersect` of Julia finds it or smaller. `Union{}` means that there are none; any other
//! answer may be larger than the exact one.
//!
//! All variables of both types are to be found. A variable in a parameter of a nominal type is
//! unified with what the other type has there. One that occurs as an element of tuples only takes
//! the intersection of what it meets as its upper bound. Whatever stays open is bound again around
//! the result. Unions that cannot be taken apart beforehand are choices; the results for all
//! choices make a union.

mod close;
mod tuple;
mod unify;

use super::family::{Names, TypeFamilies};
use super::{MAX_HEIGHT, canonical, instantiate, shape, subtype};
use jlift_ir::{Name, Tables, Type, TypeData, TypeParam};

/// Steps after which an intersection is given up.
const MAX_STEPS: u32 = 50_000;
/// Nesting of steps after which an intersection is given up.
const MAX_DEPTH: u32 = 400;
/// Combinations of choices at unions.
const MAX_CHOICES: u32 = 512;

/// What two types have in common.
pub fn intersect(tables: &mut Tables, families: &mut TypeFamilies, a: Type, b: Type) -> Type {
    if a == b || b == Type::ANY {
        return a;
    }
    if a == Type::ANY {
        return b;
    }
    if a == Type::BOTTOM || b == Type::BOTTOM {
        return Type::BOTTOM;
    }
    if let Some(&known) = families.cache.meet.get(&(a, b)) {
        return known;
    }
    let mut overflow = false;
    let out = closed(tables, families, a, b, 0, &mut overflow);
    if overflow {
        families.cache.overflow = true;
        return a;
    }
    families.cache.meet.insert((a, b), out);
    out
}

/// Whether two types surely have no value in common.
pub fn is_disjoint(tables: &mut Tables, families: &mut TypeFamilies, a: Type, b: Type) -> bool {
    intersect(tables, families, a, b) == Type::BOTTOM
}

/// The intersection of a type with variables and one without, and what the variables are in it.
pub(crate) fn intersect_with_vars(
    tables: &mut Tables,
    families: &mut TypeFamilies,
    a: Type,
    b: Type,
    vars: &[Name],
) -> (Type, Vec<TypeParam>) {
    let mut meet = Meet::new(tables, families, 0);
    meet.wanted = vars.to_vec();
    let out = meet.all_choices(a, b);
    let overflow = meet.overflow;
    let found = std::mem::take(&mut meet.found);
    let params = vars
        .iter()
        .enumerate()
        .map(|(n, &var)| match found.as_ref().and_then(|f| f[n]) {
            Some(param) => param,
            None => TypeParam::Type(tables.type_var(var)),
        })
        .collect();
    if overflow {
        families.cache.overflow = true;
        return (b, params);
    }
    (out, params)
}

fn closed(
    tables: &mut Tables,
    families: &mut TypeFamilies,
    a: Type,
    b: Type,
    depth: u32,
    overflow: &mut bool,
) -> Type {
    if let Some(&known) = families.cache.meet.get(&(a, b)) {
        return known;
    }
    let height = |families: &mut TypeFamilies, t| families.cache.facts(tables, t).height;
    if depth > MAX_DEPTH || height(families, a).max(height(families, b)) > MAX_HEIGHT {
        *overflow = true;
        return Type::BOTTOM;
    }
    if subtype::is_subtype(tables, families, a, b) {
        return a;
    }
    if subtype::is_subtype(tables, families, b, a) {
        return b;
    }
    for (x, y, swapped) in [(a, b, false), (b, a, true)] {
        if let TypeData::Union(_) = tables.type_data(x) {
            let mut out = Vec::new();
            for member in tables.members(x) {
                let (p, q) = if swapped { (y, member) } else { (member, y) };
                out.push(closed(tables, families, p, q, depth + 1, overflow));
                if *overflow {
                    return Type::BOTTOM;
                }
            }
            return canonical::union(tables, families, &out);
        }
    }
    let mut meet = Meet::new(tables, families, depth);
    let out = meet.all_choices(a, b);
    *overflow |= meet.overflow;
    if !*overflow {
        families.cache.meet.insert((a, b), out);
    }
    out
}

/// How a variable occurs in the type that it comes from.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
enum Role {
    /// Once, as an element: it is its upper bound.
    Single,
    /// Several times, as an element only: it is a concrete type (the diagonal rule).
    Diagonal,
    /// As a parameter too, or bounded from below.
    Parameter,
}

/// A variable of one of the types.
#[derive(Clone, Debug)]
struct Variable {
    /// Unique in this intersection.
    name: Name,
    /// As in the type that it comes from.
    original: Name,
    lower: Type,
    upper: Type,
    role: Role,
    /// What it turned out to be.
    value: Option<TypeParam>,
}

struct Meet<'a> {
    tables: &'a mut Tables,
    families: &'a mut TypeFamilies,
    names: Names,
    vars: Vec<Variable>,
    /// Choices at unions: which member, of how many.
    choices: Vec<(u32, u32)>,
    at_choice: usize,
    steps: u32,
    depth: u32,
    overflow: bool,
    fresh: u32,
    /// Variables whose values are wanted, by their original names.
    wanted: Vec<Name>,
    /// Their values as far as all choices agree.
    found: Option<Vec<Option<TypeParam>>>,
}

impl<'a> Meet<'a> {
    fn new(tables: &'a mut Tables, families: &'a mut TypeFamilies, depth: u32) -> Self {
        let names = families.names(tables);
        Self {
            tables,
            families,
            names,
            vars: Vec::new(),
            choices: Vec::new(),
            at_choice: 0,
            steps: 0,
            depth,
            overflow: false,
            fresh: 0,
            wanted: Vec::new(),
            found: None,
        }
    }

    /// The union over all choices.
    fn all_choices(&mut self, a: Type, b: Type) -> Type {
        let mut out = Vec::new();
        for _ in 0..MAX_CHOICES {
            self.vars.clear();
            self.fresh = 0;
            self.at_choice = 0;
            let (x, y) = (self.open(a), self.open(b));
            let mut result = self.decide(x, y);
            // What parameters turned out to be may narrow elements that were met before them.
            if result != Type::BOTTOM && self.needs_second_look() {
                result = self.decide(x, y);
            }
            if self.overflow {
                return Type::BOTTOM;
            }
            let result = self.close(result);
            if result != Type::BOTTOM {
                self.note_wanted();
                out.push(result);
            }
            if !self.next_choice() {
                return canonical::union(self.tables, self.families, &out);
            }
        }
        self.overflow = true;
        Type::BOTTOM
    }

    fn choose(&mut self, count: u32) -> u32 {
        let at = self.at_choice;
        self.at_choice += 1;
        match self.choices.get(at) {
            Some(&(pick, _)) => pick.min(count.saturating_sub(1)),
            None => {
                self.choices.push((0, count));
                0
            }
        }
    }

    fn next_choice(&mut self) -> bool {
        self.choices.truncate(self.at_choice);
        while let Some((pick, count)) = self.choices.last_mut() {
            *pick += 1;
            if *pick < *count {
                return true;
            }
            self.choices.pop();
        }
        false
    }

    fn needs_second_look(&self) -> bool {
        self.vars.iter().any(|v| v.value.is_some())
    }

    fn find(&self, name: Name) -> Option<usize> {
        self.vars.iter().position(|v| v.name == name)
    }

    /// A variable that has no value yet.
    fn variable(&self, ty: Type) -> Option<usize> {
        match self.tables.type_data(ty) {
            TypeData::Var(name) => self.find(name),
            _ => None,
        }
    }

    fn is_closed(&mut self, ty: Type) -> bool {
        self.families.cache.is_closed(self.tables, ty)
    }

    /// The values in common, in the position of a value's type.
    fn meet(&mut self, x: Type, y: Type) -> Type {
        self.steps += 1;
        if self.overflow || self.steps > MAX_STEPS || self.depth > MAX_DEPTH {
            self.overflow = true;
            return Type::BOTTOM;
        }
        let (x, y) = (self.resolved(x), self.resolved(y));
        if x == y || y == Type::ANY {
            return x;
        }
        if x == Type::ANY {
            return y;
        }
        if x == Type::BOTTOM || y == Type::BOTTOM {
            return Type::BOTTOM;
        }
        self.depth += 1;
        let out = if self.is_closed(x) && self.is_closed(y) {
            let depth = self.depth;
            closed(self.tables, self.families, x, y, depth, &mut self.overflow)
        } else {
            self.decide(x, y)
        };
        self.depth -= 1;
        out
    }

    /// The values in common of two different types, by their forms.
    fn decide(&mut self, x: Type, y: Type) -> Type {
        for (union, other, swapped) in [(x, y, false), (y, x, true)] {
            if let TypeData::Union(_) = self.tables.type_data(union) {
                let members = self.tables.members(union);
                let pick = self.choose(members.len() as u32);
                let member = members.get(pick as usize).copied().unwrap_or(Type::BOTTOM);
                return if swapped {
                    self.meet(other, member)
                } else {
                    self.meet(member, other)
                };
            }
        }
        match (self.variable(x), self.variable(y)) {
            (Some(a), Some(b)) => return self.meet_vars(a, b),
            (Some(a), None) => return self.meet_var(a, y, false),
            (None, Some(b)) => return self.meet_var(b, x, true),
            (None, None) => {}
        }
        let (data_x, data_y) = (self.tables.type_data(x), self.tables.type_data(y));
        match (data_x, data_y) {
            // A binder inside an element is as good as one around the whole.
            (TypeData::UnionAll { .. }, _) => {
                let x = self.open(x);
                self.meet(x, y)
            }
            (_, TypeData::UnionAll { .. }) => {
                let y = self.open(y);
                self.meet(x, y)
            }
            (TypeData::Data { name: a, .. }, TypeData::Data { name: b, .. }) => {
                self.meet_nominal((a, x), (b, y))
            }
            _ => Type::BOTTOM,
        }
    }

    fn meet_vars(&mut self, a: usize, b: usize) -> Type {
        match (self.vars[a].role, self.vars[b].role) {
            (Role::Single, _) => {
                let other = self.tables.type_var(self.vars[b].name);
                self.meet_var(a, other, false)
            }
            (_, Role::Single) => {
                let other = self.tables.type_var(self.vars[a].name);
                self.meet_var(b, other, true)
            }
            (Role::Diagonal, Role::Diagonal) => {
                // Both are the type of the same value.
                let (p, q) = (self.vars[a].name, self.vars[b].name);
                match self.unify_vars(a, b) {
                    true => {
                        let kept = if self.vars[a].value.is_none() { p } else { q };
                        self.tables.type_var(kept)
                    }
                    false => Type::BOTTOM,
                }
            }
            (Role::Diagonal, Role::Parameter) => self.narrow_by_var(a, b),
            (Role::Parameter, Role::Diagonal) => self.narrow_by_var(b, a),
            (Role::Parameter, Role::Parameter) => {
                let (p, q) = (self.vars[a].upper, self.vars[b].upper);
                if p == Type::ANY {
                    return self.tables.type_var(self.vars[b].name);
                }
                if q == Type::ANY {
                    return self.tables.type_var(self.vars[a].name);
                }
                self.meet(p, q)
            }
        }
    }

    /// The concrete type `a` is below `b`.
    fn narrow_by_var(&mut self, a: usize, b: usize) -> Type {
        let (upper, bound) = (self.vars[a].upper, self.vars[b].upper);
        let name = self.vars[b].name;
        let other = self.tables.type_var(name);
        let new = if upper == Type::ANY {
            other
        } else {
            self.meet(upper, bound)
        };
        if new == Type::BOTTOM {
            return new;
        }
        self.vars[a].upper = new;
        self.tables.type_var(self.vars[a].name)
    }

    /// A variable as an element, met with something else.
    fn meet_var(&mut self, a: usize, other: Type, swapped: bool) -> Type {
        let upper = self.vars[a].upper;
        let new = if swapped {
            self.meet(other, upper)
        } else {
            self.meet(upper, other)
        };
        if new == Type::BOTTOM {
            return new;
        }
        let name = self.vars[a].name;
        match self.vars[a].role {
            Role::Single => {
                self.vars[a].upper = new;
                new
            }
            Role::Diagonal => {
                self.vars[a].upper = new;
                self.tables.type_var(name)
            }
            Role::Parameter => {
                if new == upper {
                    self.tables.type_var(name)
                } else {
                    new
                }
            }
        }
    }

    fn meet_nominal(&mut self, (a, x): (Name, Type), (b, y): (Name, Type)) -> Type {
        let type_name = self.names.type_;
        if a == type_name && b == type_name {
            let (&[p], &[q]) = (self.tables.params(x), self.tables.params(y)) else {
                return Type::BOTTOM;
            };
            return if self.unify(p, q) { x } else { Type::BOTTOM };
        }
        if a == type_name {
            return self.meet_type_and_kind(x, y);
        }
        if b == type_name {
            return self.meet_type_and_kind(y, x);
        }
        if a == self.names.tuple && b == a {
            return self.meet_tuples(x, y);
        }
        if self.families.descends(self.tables, a, b) {
            return if self.unify_with_ancestor(x, y, b) {
                x
            } else {
                Type::BOTTOM
            };
        }
        if self.families.descends(self.tables, b, a) {
            return if self.unify_with_ancestor(y, x, a) {
                y
            } else {
                Type::BOTTOM
            };
        }
        Type::BOTTOM
    }

    /// `Type{T}` and `DataType` or the like; as `typeintersect` does, a bound of `T` is kept even
    /// though types of other kinds are within it.
    fn meet_type_and_kind(&mut self, x: Type, kind: Type) -> Type {
        if !shape::is_kind(self.tables, self.families, kind) {
            return Type::BOTTOM;
        }
        let &[TypeParam::Type(of)] = self.tables.params(x) else {
            return Type::BOTTOM;
        };
        let of = self.resolved(of);
        match self.variable(of) {
            Some(v) if self.vars[v].upper == Type::ANY => kind,
            Some(_) => x,
            None if shape::kind_of_type(self.tables, self.families, of) == kind => x,
            None => Type::BOTTOM,
        }
    }

    fn unify_with_ancestor(&mut self, x: Type, y: Type, name: Name) -> bool {
        let mut at = x;
        for _ in 0..256 {
            match self.tables.type_data(at) {
                TypeData::Data { name: n, .. } if n == name => break,
                TypeData::Data { .. } => {
                    at = instantiate::supertype(self.tables, self.families, at);
                }
                // Only kinds have a supertype with a binder.
                _ => return true,
            }
        }
        let count = self.tables.params(at).len();
        if count != self.tables.params(y).len() {
            return false;
        }
        (0..count).all(|n| {
            let (p, q) = (self.tables.params(at)[n], self.tables.params(y)[n]);
            // The left type's names stay, so it comes first.
            self.unify(p, q)
        })
    }
}
