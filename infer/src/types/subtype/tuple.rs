//! Subtyping of tuple types: covariant elements, and the counts of `Vararg`.

use super::{Position, Solver};
use crate::types::MAX_TUPLE;
use crate::types::instantiate::tuple_parts;
use crate::types::shape::{self, Tail};
use jlift_ir::{Type, TypeData, TypeParam};

/// A tuple type taken apart.
struct Parts {
    fixed: Vec<Type>,
    rest: Rest,
}

/// What follows the fixed elements.
#[derive(Copy, Clone)]
enum Rest {
    Nothing,
    /// Any number.
    Any(Type),
    /// As many as a variable says.
    Count(Type, jlift_ir::Name),
}

impl Rest {
    fn elem(self) -> Option<Type> {
        match self {
            Rest::Nothing => None,
            Rest::Any(t) | Rest::Count(t, _) => Some(t),
        }
    }
}

impl Solver<'_> {
    /// Takes a tuple type apart; counts that are known already are written out.
    fn parts(&mut self, ty: Type) -> Option<Parts> {
        let (mut fixed, tail) = tuple_parts(self.tables, ty);
        let rest = match tail {
            Tail::None => Rest::Nothing,
            Tail::Any(elem) => Rest::Any(elem),
            Tail::Count(elem, count) => {
                let (value, var) = match count {
                    TypeParam::Value(v) => (Some(v), None),
                    TypeParam::Type(t) => match self.tables.type_data(t) {
                        TypeData::Var(name) => match self.fixed_value(name) {
                            Some(TypeParam::Value(v)) => (Some(v), None),
                            _ => (None, Some(name)),
                        },
                        _ => return None,
                    },
                };
                match (value, var) {
                    (_, Some(name)) => Rest::Count(elem, name),
                    (Some(v), _) => {
                        let n = u64::try_from(shape::int_value(v)?).ok()?;
                        if n > MAX_TUPLE {
                            self.overflow = true;
                            return None;
                        }
                        fixed.extend((0..n).map(|_| elem));
                        Rest::Nothing
                    }
                    _ => return None,
                }
            }
        };
        Some(Parts { fixed, rest })
    }

    pub(super) fn tuple_below_tuple(&mut self, x: Type, y: Type, position: Position) -> bool {
        let (Some(x), Some(y)) = (self.parts(x), self.parts(y)) else {
            return false;
        };
        let position = match position {
            Position::Uncounted => Position::Covariant,
            other => other,
        };
        let (nx, ny) = (x.fixed.len(), y.fixed.len());
        let lengths_agree = match (x.rest, y.rest) {
            (Rest::Nothing, Rest::Nothing) => nx == ny,
            (Rest::Any(_), Rest::Nothing) => false,
            // A left variable may count to zero; one that is to be found can be chosen.
            (Rest::Count(_, count), Rest::Nothing) => nx <= ny && self.count_is(count, ny - nx),
            _ => nx >= ny,
        };
        if !lengths_agree || !self.elements_below(&x, &y, position) {
            return false;
        }
        let (Some(ex), Some(ey)) = (x.rest.elem(), y.rest.elem()) else {
            return match y.rest {
                Rest::Count(_, count) => self.count_is(count, nx.saturating_sub(ny)),
                _ => true,
            };
        };
        // Twice, because there may be several: the diagonal rule has to see that.
        for _ in 0..2 {
            if !self.at_place(nx as u64, |s| s.sub(ex, ey, position)) {
                return false;
            }
        }
        self.counts_agree(x.rest, y.rest, nx - ny)
    }

    /// The elements up to the end of the longer fixed part, as far as there are elements on both
    /// sides.
    fn elements_below(&mut self, x: &Parts, y: &Parts, position: Position) -> bool {
        let count = x.fixed.len().max(y.fixed.len());
        let mut same = (None, 0);
        for n in 0..count {
            let (Some(a), Some(b)) = (
                x.fixed.get(n).copied().or(x.rest.elem()),
                y.fixed.get(n).copied().or(y.rest.elem()),
            ) else {
                break;
            };
            // A long row of equal elements says nothing new after the second one.
            same = match same {
                (Some(pair), times) if pair == (a, b) => (Some(pair), times + 1),
                _ => (Some((a, b)), 0),
            };
            if same.1 >= 2 && !self.families.cache.facts(self.tables, a).splits {
                continue;
            }
            if !self.at_place(n as u64, |s| s.sub(a, b, position)) {
                return false;
            }
        }
        true
    }

    /// A count is this number.
    fn count_is(&mut self, count: jlift_ir::Name, n: usize) -> bool {
        let value = TypeParam::Value(jlift_ir::Value::int64(n as i64));
        self.invariance += 1;
        let answer = self.var_equals_value(count, value);
        self.invariance -= 1;
        answer
    }

    /// Whether the counts of two tails agree, where `x` has `more` elements before its tail.
    fn counts_agree(&mut self, x: Rest, y: Rest, more: usize) -> bool {
        let Rest::Count(_, in_y) = y else {
            return true;
        };
        match x {
            Rest::Count(_, in_x) if more == 0 => {
                let (a, b) = (self.tables.type_var(in_x), self.tables.type_var(in_y));
                self.invariance += 1;
                let answer = self.param_equal(TypeParam::Type(a), TypeParam::Type(b));
                self.invariance -= 1;
                answer
            }
            // Any number is some number.
            Rest::Any(_) | Rest::Count(..) => self.equals_unknown(in_y),
            Rest::Nothing => false,
        }
    }
}
