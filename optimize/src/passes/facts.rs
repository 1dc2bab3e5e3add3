//! What the branches that dominate a place say about conditions. A branch says something where its
//! destination has no other predecessor; the fact then holds in everything that the destination
//! dominates. Knows comparisons of integers, in which one outcome excludes others, and for every
//! other condition that asking the same again gives the same answer.
//!
//! ```text
//! goto #9 if not Base.sle_int(1, _2)
//! … Base.slt_int(_2, 1)                  false here
//! ```
//!
//! An integer comparison is a set of the outcomes less, equal, greater, in the signed or the
//! unsigned order; against a constant it is a range. Implication is inclusion of either.

use super::Ctx;
use super::identities::{Kind, shape_of};
use jlift_ir::cfg::Cfg;
use jlift_ir::fold::{Number, mask, width_of};
use jlift_ir::{Block, Builtin, Function, Intrinsic, Op, Tables, Terminator, Type, Value};
use jlift_mutations::{Mutation, planted};

/// How many dominators a question climbs; deep chains of conditions are rarely about one value.
const REACH: usize = 24;

const LESS: u8 = 1;
const EQUAL: u8 = 2;
const GREATER: u8 = 4;

/// The order in which two integers are compared; equality is the same in both.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
enum Order {
    Any,
    Signed,
    Unsigned,
}

/// Outcomes in which an integer comparison holds. A constant operand stands on the right.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
struct Comparison {
    a: Value,
    b: Value,
    outcomes: u8,
    order: Order,
}

impl Comparison {
    fn mirror(self) -> Self {
        let swapped = (self.outcomes & EQUAL)
            | if self.outcomes & LESS != 0 {
                GREATER
            } else {
                0
            }
            | if self.outcomes & GREATER != 0 {
                LESS
            } else {
                0
            };
        Comparison {
            a: self.b,
            b: self.a,
            outcomes: swapped,
            ..self
        }
    }

    fn of(func: &Function, ctx: &Ctx<'_>, kind: Kind, args: &[Value]) -> Option<Comparison> {
        let &[a, b] = args else { return None };
        let (outcomes, order) = match kind {
            Kind::Intrinsic(op) => match op {
                Intrinsic::EqInt => (EQUAL, Order::Any),
                Intrinsic::NeInt => (LESS | GREATER, Order::Any),
                Intrinsic::SltInt => (LESS, Order::Signed),
                Intrinsic::SleInt => (LESS | EQUAL, Order::Signed),
                Intrinsic::UltInt => (LESS, Order::Unsigned),
                Intrinsic::UleInt => (LESS | EQUAL, Order::Unsigned),
                _ => return None,
            },
            Kind::Builtin(Builtin::Egal) => {
                let ty = ctx.type_of(func, a);
                width_of(ctx.tables, ty)?;
                if ty.is_float() || ty != ctx.type_of(func, b) {
                    return None;
                }
                (EQUAL, Order::Any)
            }
            _ => return None,
        };
        let this = Comparison {
            a,
            b,
            outcomes,
            order,
        };
        Some(if a.is_const() && !b.is_const() {
            this.mirror()
        } else {
            this
        })
    }

    /// What this comparison, which held, says about another one.
    fn implies(self, tables: &Tables, mut query: Comparison) -> Option<bool> {
        if (self.a, self.b) == (query.b, query.a) {
            query = query.mirror();
        }
        if self.a != query.a {
            return None;
        }
        let same_order =
            self.order == query.order || self.order == Order::Any || query.order == Order::Any;
        if self.b == query.b {
            if !same_order && !planted(Mutation::OptimizeImpliedOrder) {
                return None;
            }
            return match self.outcomes & query.outcomes {
                0 => Some(false),
                all if all == self.outcomes => Some(true),
                _ => None,
            };
        }
        let (c, d) = (Number::of(tables, self.b)?, Number::of(tables, query.b)?);
        if c.width > 64 || c.ty != d.ty || c.ty == Type::BOOL {
            return None;
        }
        let order = match (self.order, query.order) {
            (Order::Any, Order::Any) => Order::Unsigned,
            (Order::Any, order) => order,
            (order, Order::Any) => order,
            (a, b) if a == b => a,
            _ => return None,
        };
        let number = |n: Number| match order {
            Order::Signed => n.signed(),
            _ => n.bits as i128,
        };
        let (least, greatest) = match order {
            Order::Signed => (-(1i128 << (c.width - 1)), (1i128 << (c.width - 1)) - 1),
            _ => (0, mask(c.width) as i128),
        };
        let at = number(c);
        let (low, high) = match self.outcomes {
            LESS => (least, at - 1),
            EQUAL => (at, at),
            GREATER => (at + 1, greatest),
            o if o == LESS | EQUAL => (
                least,
                at - i128::from(planted(Mutation::OptimizeImpliedBound)),
            ),
            o if o == GREATER | EQUAL => (at, greatest),
            _ => return None,
        };
        let d = number(d);
        // Which outcomes against `d` remain possible.
        let mut possible = 0;
        if low < d {
            possible |= LESS;
        }
        if high > d {
            possible |= GREATER;
        }
        if low <= d && d <= high {
            possible |= EQUAL;
        }
        match possible & query.outcomes {
            0 => Some(false),
            all if all == possible => Some(true),
            _ => None,
        }
    }
}

/// A condition to be decided.
#[derive(Copy, Clone, Debug)]
pub enum Query<'a> {
    /// The value of a `Bool`.
    Value(Value),
    /// The result of a pure statement that need not exist.
    Statement(Kind, &'a [Value]),
}

/// Decides a condition at the start of `block`.
pub fn at_start(
    func: &Function,
    ctx: &Ctx<'_>,
    cfg: &Cfg,
    block: Block,
    query: Query<'_>,
) -> Option<bool> {
    let asked = Asked::new(func, ctx, query);
    let mut child = block;
    for _ in 0..REACH {
        let up = match *cfg.preds(child) {
            [pred] => {
                if let Some(answer) = edge(func, ctx, pred, child, &asked) {
                    return Some(answer);
                }
                pred
            }
            _ => cfg.idom(child)?,
        };
        if up == child {
            return None;
        }
        child = up;
    }
    None
}

/// Decides a condition on the edge from `pred` to `block`.
pub fn on_edge(
    func: &Function,
    ctx: &Ctx<'_>,
    cfg: &Cfg,
    pred: Block,
    block: Block,
    query: Query<'_>,
) -> Option<bool> {
    let asked = Asked::new(func, ctx, query);
    edge(func, ctx, pred, block, &asked).or_else(|| at_start(func, ctx, cfg, pred, query))
}

/// What it says about `query` that the condition `fact` is `truth`, for operands at hand.
pub fn implied(
    func: &Function,
    ctx: &Ctx<'_>,
    fact: Value,
    truth: bool,
    query: Value,
) -> Option<bool> {
    let asked = Asked::new(func, ctx, Query::Value(query));
    decide(func, ctx, fact, truth, &asked, 2)
}

struct Asked<'a> {
    query: Query<'a>,
    comparison: Option<Comparison>,
}

impl<'a> Asked<'a> {
    fn new(func: &'a Function, ctx: &Ctx<'_>, query: Query<'a>) -> Self {
        // A value that is a comparison may also be decided as such.
        let comparison = match query {
            Query::Value(v) => v
                .as_inst()
                .and_then(|i| shape_of(func, &func.insts[i].op))
                .and_then(|(kind, args)| Comparison::of(func, ctx, kind, args)),
            Query::Statement(kind, args) => Comparison::of(func, ctx, kind, args),
        };
        Self { query, comparison }
    }
}

fn edge(
    func: &Function,
    ctx: &Ctx<'_>,
    pred: Block,
    block: Block,
    asked: &Asked<'_>,
) -> Option<bool> {
    match func.blocks[pred].term {
        Terminator::Branch {
            cond,
            then_dest,
            else_dest,
        } if then_dest != else_dest => decide(func, ctx, cond, block == then_dest, asked, 4),
        _ => None,
    }
}

/// What `cond == truth` says about the question.
fn decide(
    func: &Function,
    ctx: &Ctx<'_>,
    cond: Value,
    truth: bool,
    asked: &Asked<'_>,
    depth: u32,
) -> Option<bool> {
    if let Query::Value(v) = asked.query
        && v == cond
    {
        return Some(truth);
    }
    let inst = cond.as_inst()?;
    let op = &func.insts[inst].op;
    if depth > 0
        && let Op::Intrinsic(op, list) = op
    {
        let args = func.args(*list);
        match (op, truth) {
            (Intrinsic::NotInt, _) => {
                return decide(func, ctx, *args.first()?, !truth, asked, depth - 1);
            }
            (Intrinsic::OrInt, true) if !planted(Mutation::OptimizeImpliedByOr) => {}
            (Intrinsic::AndInt, true) | (Intrinsic::OrInt, _) => {
                return args
                    .iter()
                    .find_map(|&v| decide(func, ctx, v, truth, asked, depth - 1));
            }
            _ => {}
        }
    }
    let (kind, args) = shape_of(func, op)?;
    if let Query::Statement(k, a) = asked.query
        && k == kind
        && a == args
    {
        return Some(truth);
    }
    let query = asked.comparison?;
    let mut fact = Comparison::of(func, ctx, kind, args)?;
    if !truth {
        fact.outcomes ^= LESS | EQUAL | GREATER;
    }
    fact.implies(ctx.tables, query)
}
