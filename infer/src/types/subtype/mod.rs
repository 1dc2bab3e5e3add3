//! Subtyping: whether every value of one type is a value of another.
//!
//! The question `x <: y` is decided by walking both types with an environment of the variables
//! whose binders were entered. Variables of `x` stand for any type within their bounds ("for all"),
//! variables of `y` for one that has to be found ("exists"): they collect the types that they must
//! include and the types that must include them, and each new bound is checked against the ones on
//! the other side. Parameters of nominal types must be equal, which is asked in both directions;
//! the roles of the variables stay. Unions are choices, see [`choice`].
//!
//! A variable that occurs in covariant position only, and more than once, stands for concrete types
//! only (the diagonal rule). Occurrences are counted while walking, and the rule is applied when
//! the binder is left.
//!
//! Questions without free variables are answered once and remembered.

mod bounds;
mod choice;
mod tuple;

use super::family::{Names, TypeFamilies};
use super::{MAX_HEIGHT, instantiate, shape};
use bounds::Binding;
use choice::{LeftChoices, RightChoices};
use jlift_ir::{Name, Tables, Type, TypeData, TypeParam};

/// Steps after which a question is given up.
const MAX_STEPS: u32 = 200_000;
/// Nesting of steps after which a question is given up.
const MAX_DEPTH: u32 = 700;

/// Whether every value of `a` is a value of `b`. `false` if that takes too long to find out.
pub fn is_subtype(tables: &mut Tables, families: &mut TypeFamilies, a: Type, b: Type) -> bool {
    if a == b || b == Type::ANY || a == Type::BOTTOM {
        return true;
    }
    Solver::new(tables, families).root(a, b)
}

/// Whether two types have the same values.
pub fn is_equal(tables: &mut Tables, families: &mut TypeFamilies, a: Type, b: Type) -> bool {
    a == b || (is_subtype(tables, families, a, b) && is_subtype(tables, families, b, a))
}

/// Where a type stands, which decides how variables in it are counted.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) enum Position {
    /// Not counted: bounds, and the second direction of an equality.
    Uncounted,
    /// The type itself or an element of a tuple.
    Covariant,
    /// A parameter of a nominal type.
    Invariant,
}

/// What a question with captured variables found out about one of them.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) enum Captured {
    /// The binder was not left yet.
    Pending,
    /// The variable is this.
    Known(TypeParam),
    /// More than one value is possible.
    Open,
}

pub(super) struct Solver<'a> {
    pub(super) tables: &'a mut Tables,
    pub(super) families: &'a mut TypeFamilies,
    pub(super) names: Names,
    vars: Vec<Binding>,
    /// Variables asked for all values whose binder was left; bounds may still mention them.
    retired: Vec<Binding>,
    left: LeftChoices,
    right: RightChoices,
    /// Where in the left type the walk is, for [`LeftChoices`].
    place: u64,
    /// Number of parameter lists of nominal types around the current position.
    invariance: u32,
    depth: u32,
    steps: u32,
    overflow: bool,
    /// Counts unknown types made up on the way.
    unknowns: u32,
    /// Binders whose variables' values are wanted, as [`TypeData::UnionAll`]s, and the values.
    captures: Vec<(Type, Captured)>,
}

impl<'a> Solver<'a> {
    pub(super) fn new(tables: &'a mut Tables, families: &'a mut TypeFamilies) -> Self {
        let names = families.names(tables);
        Self {
            tables,
            families,
            names,
            vars: Vec::new(),
            retired: Vec::new(),
            left: LeftChoices::default(),
            right: RightChoices::default(),
            place: 0,
            invariance: 0,
            depth: 0,
            steps: 0,
            overflow: false,
            unknowns: 0,
            captures: Vec::new(),
        }
    }

    /// The question as asked from outside.
    pub(super) fn root(&mut self, x: Type, y: Type) -> bool {
        for t in [x, y] {
            if self.families.cache.facts(self.tables, t).height > MAX_HEIGHT {
                self.families.cache.overflow = true;
                return false;
            }
        }
        let closed = self.captures.is_empty() && self.is_closed(x) && self.is_closed(y);
        let answer = if closed {
            self.closed(x, y)
        } else {
            self.for_all_exists(x, y, Position::Covariant)
        };
        self.families.cache.overflow |= self.overflow;
        answer && !self.overflow
    }

    /// Asks with the values of variables of binders in `y`.
    pub(super) fn root_with_captures(
        &mut self,
        x: Type,
        y: Type,
        binders: &[Type],
    ) -> Option<Vec<Captured>> {
        self.captures = binders.iter().map(|&b| (b, Captured::Pending)).collect();
        let answer = self.root(x, y);
        let captures = std::mem::take(&mut self.captures);
        answer.then(|| captures.into_iter().map(|(_, c)| c).collect())
    }

    fn is_closed(&mut self, ty: Type) -> bool {
        self.families.cache.is_closed(self.tables, ty)
    }

    /// A question without free variables: remembered, and independent of the environment.
    fn closed(&mut self, x: Type, y: Type) -> bool {
        if x == y || y == Type::ANY || x == Type::BOTTOM {
            return true;
        }
        if let Some(&known) = self.families.cache.subtype.get(&(x, y)) {
            return known;
        }
        let vars = std::mem::take(&mut self.vars);
        let retired = std::mem::take(&mut self.retired);
        let captures = std::mem::take(&mut self.captures);
        let invariance = std::mem::take(&mut self.invariance);
        let answer = self.for_all_exists(x, y, Position::Covariant);
        self.vars = vars;
        self.retired = retired;
        self.captures = captures;
        self.invariance = invariance;
        if !self.overflow {
            self.families.cache.subtype.insert((x, y), answer);
        }
        answer
    }

    /// For all choices on the left there are choices on the right with which `x <: y` holds. What
    /// variables outside have to include adds up over the choices on the left.
    fn for_all_exists(&mut self, x: Type, y: Type, position: Position) -> bool {
        let left = std::mem::take(&mut self.left);
        let right = std::mem::take(&mut self.right);
        let place = std::mem::take(&mut self.place);
        let mut saved = self.vars.clone();
        let mut first = true;
        let answer = loop {
            let pending: Vec<Captured> = self.captures.iter().map(|c| c.1).collect();
            for c in &mut self.captures {
                c.1 = Captured::Pending;
            }
            let holds = loop {
                self.left.begin_run();
                self.right.begin_run();
                if self.step(x, y, position) {
                    break true;
                }
                if self.overflow || !self.right.advance() {
                    break false;
                }
                self.vars.clone_from(&saved);
            };
            if !holds {
                break false;
            }
            if !first {
                // A variable is known if it is the same for all choices on the left.
                for (c, before) in self.captures.iter_mut().zip(pending) {
                    if c.1 != before {
                        c.1 = Captured::Open;
                    }
                }
            }
            first = false;
            if !self.left.advance() {
                break true;
            }
            self.right = RightChoices::default();
            saved.clone_from(&self.vars);
        };
        self.left = left;
        self.right = right;
        self.place = place;
        answer
    }

    /// The same for a part of a question: a type inside a parameter, or a bound. Choices on the
    /// right that variables depend on are left to the question around.
    fn part(&mut self, x: Type, y: Type, position: Position) -> bool {
        if x == y {
            return true;
        }
        if !self.depends_on_exists(x) && !self.depends_on_exists(y) {
            if self.is_closed(x) && self.is_closed(y) {
                return self.closed(x, y);
            }
            let captures = std::mem::take(&mut self.captures);
            let answer = self.for_all_exists(x, y, position);
            self.captures = captures;
            return answer;
        }
        let left = std::mem::take(&mut self.left);
        let place = std::mem::take(&mut self.place);
        let answer = loop {
            self.left.begin_run();
            if !self.step(x, y, position) {
                break false;
            }
            if !self.left.advance() {
                break true;
            }
        };
        self.left = left;
        self.place = place;
        answer
    }

    /// `x <: y` within the current choices.
    fn sub(&mut self, x: Type, y: Type, position: Position) -> bool {
        if x == y {
            return true;
        }
        let wanted = self.captures.iter().any(|c| c.0 == y);
        if !wanted && self.is_closed(x) && self.is_closed(y) {
            if self.closed(x, y) {
                return true;
            }
            // After a choice on the right, single members of `x` may fit where all do not.
            let splits = self.families.cache.facts(self.tables, x).splits;
            if !splits || !self.right.any_made() {
                return false;
            }
        }
        self.step(x, y, position)
    }

    fn step(&mut self, x: Type, y: Type, position: Position) -> bool {
        self.steps += 1;
        if self.overflow || self.steps > MAX_STEPS || self.depth > MAX_DEPTH {
            self.overflow = true;
            return false;
        }
        self.depth += 1;
        let answer = self.decide(x, y, position);
        self.depth -= 1;
        answer
    }

    fn decide(&mut self, x: Type, y: Type, position: Position) -> bool {
        if x == y {
            return true;
        }
        let (data_x, data_y) = (self.tables.type_data(x), self.tables.type_data(y));
        if let TypeData::Union(_) = data_x {
            let count = self.tables.params(x).len() as u32;
            let pick = self.left.pick(self.place, count);
            let member = self.member(x, pick);
            return self.at_place(u64::from(pick) | 1 << 40, |s| s.sub(member, y, position));
        }
        if let TypeData::Union(_) = data_y {
            return self.below_union(x, y, position);
        }
        match (data_x, data_y) {
            (TypeData::Var(a), TypeData::Var(b)) => self.var_below_var(a, b, x, y, position),
            (TypeData::Var(a), TypeData::UnionAll { .. }) if !self.is_exists(a) => {
                self.enter_right(x, y, position)
            }
            (TypeData::Var(a), _) => self.var_below(a, TypeParam::Type(y), position),
            (TypeData::UnionAll { .. }, _) if y == Type::ANY => true,
            (_, TypeData::Var(b)) => self.var_above(b, TypeParam::Type(x), position),
            (TypeData::Bottom, _) => true,
            (TypeData::UnionAll { .. }, _) => {
                !self.surely_unrelated(x, y) && self.enter_left(x, y, position)
            }
            (_, TypeData::UnionAll { .. }) => {
                !self.surely_unrelated(x, y) && self.enter_right(x, y, position)
            }
            (TypeData::Data { name: a, .. }, TypeData::Data { name: b, .. }) => {
                self.data_below_data((a, x), (b, y), position)
            }
            _ => false,
        }
    }

    /// The member of a union with this index.
    fn member(&self, union: Type, n: u32) -> Type {
        match self.tables.params(union).get(n as usize) {
            Some(TypeParam::Type(t)) => *t,
            _ => Type::BOTTOM,
        }
    }

    fn at_place<R>(&mut self, step: u64, f: impl FnOnce(&mut Self) -> R) -> R {
        let outer = self.place;
        self.place = (outer.rotate_left(7) ^ step).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let answer = f(self);
        self.place = outer;
        answer
    }

    /// A nominal type can't be below one that is not among its supertypes.
    fn surely_unrelated(&mut self, x: Type, y: Type) -> bool {
        let (Some(a), Some(b)) = (
            instantiate::nominal_name(self.tables, x),
            instantiate::nominal_name(self.tables, y),
        ) else {
            return false;
        };
        // `Type{T}` is below `DataType`, and that below `Type`.
        a != self.names.type_ && b != self.names.type_ && !self.families.descends(self.tables, a, b)
    }

    fn below_union(&mut self, x: Type, y: Type, position: Position) -> bool {
        let count = self.tables.params(y).len() as u32;
        if (0..count).any(|n| self.member(y, n) == x) {
            return true;
        }
        let open = self.depends_on_exists(x) || self.depends_on_exists(y);
        match self.tables.type_data(x) {
            TypeData::UnionAll { .. } => return self.enter_left(x, y, position),
            TypeData::Var(name) => {
                let exists = self.is_exists(name);
                if !exists && !open {
                    return self.var_below(name, TypeParam::Type(y), position);
                }
                // First the union as a whole, then its members.
                let pick = self.right.pick(count + 1);
                return match pick.checked_sub(1) {
                    None => self.var_below(name, TypeParam::Type(y), position),
                    Some(n) => {
                        let member = self.member(y, n);
                        self.sub(x, member, position)
                    }
                };
            }
            _ => {}
        }
        if !open {
            // Members can be tried without binding anything.
            for n in 0..count {
                let member = self.member(y, n);
                if self.part(x, member, position) {
                    return true;
                }
            }
            if !self.families.cache.facts(self.tables, x).splits {
                return false;
            }
        }
        let pick = self.right.pick(count);
        let member = self.member(y, pick);
        self.sub(x, member, position)
    }

    fn data_below_data(
        &mut self,
        (a, x): (Name, Type),
        (b, y): (Name, Type),
        position: Position,
    ) -> bool {
        if y == Type::ANY {
            return true;
        }
        if a == self.names.type_ && b != a {
            // The type of a known type; which kind a variable stands for is not known.
            return match self.tables.params(x) {
                &[TypeParam::Type(of)]
                    if !matches!(self.tables.type_data(of), TypeData::Var(_)) =>
                {
                    let kind = shape::kind_of_type(self.tables, self.families, of);
                    self.sub(kind, y, Position::Uncounted)
                }
                _ => false,
            };
        }
        if b == self.names.type_ && a != b {
            return self.kind_below_type(x, y);
        }
        if !self.families.descends(self.tables, a, b) {
            return false;
        }
        let mut at = x;
        for _ in 0..256 {
            match self.tables.type_data(at) {
                TypeData::Data { name, .. } if name == b => break,
                TypeData::Data { .. } => {
                    at = instantiate::supertype(self.tables, self.families, at);
                }
                _ => return self.sub(at, y, position),
            }
        }
        if at == y {
            return true;
        }
        if b == self.names.tuple {
            return self.tuple_below_tuple(at, y, position);
        }
        let count = self.tables.params(at).len();
        if count != self.tables.params(y).len() {
            return false;
        }
        self.invariance += 1;
        let answer = (0..count).all(|n| {
            let (p, q) = (self.tables.params(at)[n], self.tables.params(y)[n]);
            self.param_equal(p, q)
        });
        self.invariance -= 1;
        answer
    }

    /// `DataType <: Type{T}` holds for a variable that may be any type: the types of this kind are
    /// then unknown members of `T`.
    fn kind_below_type(&mut self, x: Type, y: Type) -> bool {
        let &[TypeParam::Type(of)] = self.tables.params(y) else {
            return false;
        };
        if x == Type::TYPE_OF_BOTTOM && of == Type::BOTTOM {
            return true;
        }
        let TypeData::Var(var) = self.tables.type_data(of) else {
            return false;
        };
        shape::is_kind(self.tables, self.families, x) && self.equals_unknown(var)
    }

    /// Equality of parameters.
    fn param_equal(&mut self, p: TypeParam, q: TypeParam) -> bool {
        if p == q {
            return true;
        }
        let (x, y) = match (p, q) {
            (TypeParam::Type(x), TypeParam::Type(y)) => (x, y),
            (TypeParam::Type(t), TypeParam::Value(_)) => {
                return match self.tables.type_data(t) {
                    TypeData::Var(name) => self.var_equals_value(name, q),
                    _ => false,
                };
            }
            (TypeParam::Value(_), TypeParam::Type(t)) => {
                return match self.tables.type_data(t) {
                    TypeData::Var(name) => self.var_equals_value(name, p),
                    _ => false,
                };
            }
            (TypeParam::Value(_), TypeParam::Value(_)) => return false,
        };
        if let (TypeData::Data { name: a, .. }, TypeData::Data { name: b, .. }) =
            (self.tables.type_data(x), self.tables.type_data(y))
            && a != self.names.type_
            && b != self.names.type_
        {
            if a != b {
                return false;
            }
            if a != self.names.tuple {
                // One pass over the parameters asks both directions at once.
                return self.sub(x, y, Position::Invariant);
            }
        }
        self.part(x, y, Position::Invariant) && self.part(y, x, Position::Uncounted)
    }
}
