//! Rules for integers and `Bool`. A `Bool` is a byte that is 0 or 1; rules that would see the
//! other seven bits are not applied to it.

use super::super::Ctx;
use super::super::facts::implied;
use super::{Simple, defined_by, number};
use jlift_ir::fold::{Number, mask, signed, width_of};
use jlift_ir::{Function, Intrinsic, Type, Value};
use jlift_mutations::{Mutation, either, planted};

use Intrinsic::*;

pub(super) fn unary(func: &Function, op: Intrinsic, x: Value) -> Option<Simple> {
    let (inner, operands) = defined_by(func, x)?;
    match (op, inner, operands) {
        (NotInt, NotInt, &[y])
        | (NegInt, NegInt, &[y])
        | (BswapInt, BswapInt, &[y])
        | (BitreverseInt, BitreverseInt, &[y]) => Simple::value(y),
        (NotInt, _, &[a, b]) => {
            let (inverse, swap) = inverse_comparison(inner)?;
            let args = if swap { [b, a] } else { [a, b] };
            Simple::intrinsic(inverse, &args)
        }
        _ => None,
    }
}

/// The comparison that holds exactly when `op` does not, and whether its operands are swapped.
/// Orders of floats have none: with NaN both fail.
pub(in super::super) fn inverse_comparison(op: Intrinsic) -> Option<(Intrinsic, bool)> {
    Some(match op {
        EqInt => (NeInt, false),
        NeInt => (EqInt, false),
        SltInt => (SleInt, true),
        SleInt => (SltInt, true),
        UltInt => (UleInt, true),
        UleInt => (UltInt, true),
        EqFloat => (NeFloat, false),
        NeFloat => (EqFloat, false),
        LtFloat if planted(Mutation::OptimizeInverseWithNan) => (LeFloat, true),
        _ => return None,
    })
}

/// All ones of a type, in the bits that count.
fn ones(n: &Number) -> u128 {
    if n.ty == Type::BOOL { 1 } else { mask(n.width) }
}

pub(super) fn binary(
    func: &Function,
    ctx: &mut Ctx<'_>,
    op: Intrinsic,
    a: Value,
    b: Value,
) -> Option<Simple> {
    let commutative = matches!(op, AddInt | MulInt | AndInt | OrInt | XorInt);
    if commutative && a.is_const() && !b.is_const() {
        return Simple::intrinsic(op, &[b, a]);
    }
    if let Some(n) = number(ctx, b) {
        return with_constant(func, ctx, op, a, b, n);
    }
    if op == OrInt
        && let Some(simple) = super::float::less_or_equal(func, a, b)
            .or_else(|| super::float::less_or_equal(func, b, a))
    {
        return Some(simple);
    }
    if a == b {
        let ty = ctx.type_of(func, a);
        let width = width_of(ctx.tables, ty)?;
        match op {
            AndInt | OrInt => return Simple::value(a),
            SubInt | XorInt => return Simple::value(ctx.tables.primitive(ty, width, 0)),
            _ => {}
        }
    }
    if let Some(n) = number(ctx, a)
        && n.bits == 0
        && op == SubInt
        && n.ty != Type::BOOL
    {
        return Simple::intrinsic(NegInt, &[b]);
    }
    if matches!(op, AndInt | OrInt) && ctx.type_of(func, a) == Type::BOOL {
        return connective(func, ctx, op == AndInt, a, b);
    }
    // x - (x - y), (x + y) - y and their like: what remains of cancelled index arithmetic.
    match (op, defined_by(func, a)) {
        (SubInt, Some((AddInt, &[x, y]))) if y == b => Simple::value(x),
        (SubInt, Some((AddInt, &[x, y]))) if x == b => Simple::value(y),
        (AddInt, Some((SubInt, &[x, y]))) if y == b => Simple::value(x),
        _ => None,
    }
}

/// `and` or `or` of two conditions of which one decides the other.
fn connective(func: &Function, ctx: &Ctx<'_>, and: bool, a: Value, b: Value) -> Option<Simple> {
    for (first, second) in [(a, b), (b, a)] {
        // `and` asks what holds if the first does, `or` what holds if it does not.
        match implied(func, ctx, first, and, second) {
            Some(value) if value == and => return Simple::value(first),
            Some(value) => return Simple::value(Value::bool(value)),
            None => {}
        }
    }
    None
}

fn with_constant(
    func: &Function,
    ctx: &mut Ctx<'_>,
    op: Intrinsic,
    a: Value,
    b: Value,
    n: Number,
) -> Option<Simple> {
    let zero = |ctx: &mut Ctx<'_>| ctx.tables.primitive(n.ty, n.width, 0);
    let is_bool = n.ty == Type::BOOL;
    match op {
        AddInt | SubInt | OrInt | XorInt if n.bits == 0 => return Simple::value(a),
        AndInt if n.bits == 0 => return Simple::value(b),
        MulInt if n.bits == 0 && !is_bool => return Simple::value(b),
        MulInt | SdivInt | UdivInt | CheckedSdivInt | CheckedUdivInt
            if n.bits == 1 && !is_bool && n.signed() == 1 =>
        {
            return Simple::value(a);
        }
        AndInt if n.bits & ones(&n) == ones(&n) => return Simple::value(a),
        OrInt if n.bits & ones(&n) == ones(&n) => return Simple::value(b),
        XorInt if n.bits & ones(&n) == ones(&n) => return Simple::intrinsic(NotInt, &[a]),
        UremInt | CheckedUremInt if n.bits == 1 && !is_bool => {
            return Simple::value(zero(ctx));
        }
        SremInt | CheckedSremInt if matches!(n.signed(), 1 | -1) && !is_bool => {
            return Simple::value(zero(ctx));
        }
        FlipsignInt if n.signed() >= 0 => return Simple::value(a),
        FlipsignInt => return Simple::intrinsic(NegInt, &[a]),
        // A divisor that cannot fail needs no check.
        CheckedSdivInt if planted(Mutation::OptimizeSafeDivisor) && n.signed() == -1 => {
            return Simple::intrinsic(NegInt, &[a]);
        }
        CheckedSdivInt if !matches!(n.signed(), 0 | -1) => {
            return Simple::intrinsic(SdivInt, &[a, b]);
        }
        CheckedSremInt if !matches!(n.signed(), 0 | -1) => {
            return Simple::intrinsic(SremInt, &[a, b]);
        }
        CheckedUdivInt if n.bits != 0 => return Simple::intrinsic(UdivInt, &[a, b]),
        CheckedUremInt if n.bits != 0 => return Simple::intrinsic(UremInt, &[a, b]),
        _ => {}
    }
    if is_bool {
        return None;
    }
    if op == AndInt
        && let Some((ZextInt, &[_, x])) = defined_by(func, a)
    {
        let from = ctx.type_of(func, x);
        let width = match from {
            Type::BOOL => 1,
            _ => width_of(ctx.tables, from)?,
        };
        if n.bits & mask(width) == mask(width) {
            return Simple::value(a);
        }
    }
    // (x op c) op d
    let (inner, operands) = defined_by(func, a)?;
    let &[x, c] = operands else { return None };
    let c = number(ctx, c)?;
    let (op, bits) = match (op, inner) {
        (AddInt, AddInt) => (AddInt, c.bits.wrapping_add(n.bits)),
        (AddInt, SubInt) => (AddInt, n.bits.wrapping_sub(c.bits)),
        (SubInt, AddInt) => (AddInt, c.bits.wrapping_sub(n.bits)),
        (SubInt, SubInt) if planted(Mutation::OptimizeConstantsOfSubtractions) => {
            (SubInt, c.bits.wrapping_sub(n.bits))
        }
        (SubInt, SubInt) => (SubInt, c.bits.wrapping_add(n.bits)),
        (MulInt, MulInt) => (MulInt, c.bits.wrapping_mul(n.bits)),
        (AndInt, AndInt) => (AndInt, c.bits & n.bits),
        (OrInt, OrInt) => (OrInt, c.bits | n.bits),
        (XorInt, XorInt) => (XorInt, c.bits ^ n.bits),
        _ => return None,
    };
    let bits = bits & mask(n.width);
    let folded = ctx.tables.primitive(n.ty, n.width, bits);
    Simple::intrinsic(op, &[x, folded])
}

pub(super) fn compare(
    func: &Function,
    ctx: &mut Ctx<'_>,
    op: Intrinsic,
    a: Value,
    b: Value,
) -> Option<Simple> {
    if a == b {
        return Simple::value(Value::bool(matches!(op, EqInt | SleInt | UleInt)));
    }
    let equality = matches!(op, EqInt | NeInt);
    if equality && a.is_const() && !b.is_const() {
        return Simple::intrinsic(op, &[b, a]);
    }
    if let Some(n) = number(ctx, b) {
        if equality {
            return equal_constant(func, ctx, op == EqInt, a, n);
        }
        if n.ty != Type::BOOL {
            let (least, greatest) = limits(op, &n);
            match op {
                SltInt | UltInt if n.bits == least => return Simple::value(Value::bool(false)),
                SleInt | UleInt if n.bits == greatest => return Simple::value(Value::bool(true)),
                _ => {}
            }
        }
    }
    if let Some(n) = number(ctx, a)
        && n.ty != Type::BOOL
    {
        let (least, greatest) = limits(op, &n);
        match op {
            SltInt | UltInt if n.bits == greatest => return Simple::value(Value::bool(false)),
            SleInt | UleInt if n.bits == least => return Simple::value(Value::bool(true)),
            _ => {}
        }
    }
    None
}

/// The least and the greatest number in the order that `op` compares by.
fn limits(op: Intrinsic, n: &Number) -> (u128, u128) {
    let top = 1 << (n.width - 1);
    match op {
        SltInt | SleInt => (top, top - 1),
        _ => (0, mask(n.width)),
    }
}

fn equal_constant(
    func: &Function,
    ctx: &mut Ctx<'_>,
    equal: bool,
    a: Value,
    n: Number,
) -> Option<Simple> {
    let op = if equal { EqInt } else { NeInt };
    if n.ty == Type::BOOL {
        return if (n.bits & 1 != 0) == equal {
            Simple::value(a)
        } else {
            Simple::intrinsic(NotInt, &[a])
        };
    }
    match defined_by(func, a)? {
        (inner @ (AddInt | SubInt | XorInt), &[x, c]) => match number(ctx, c) {
            Some(c) => {
                let bits = match inner {
                    AddInt => n.bits.wrapping_sub(c.bits),
                    SubInt => n.bits.wrapping_add(c.bits),
                    _ => n.bits ^ c.bits,
                };
                let bits = bits & mask(n.width);
                let moved = ctx.tables.primitive(n.ty, n.width, bits);
                Simple::intrinsic(op, &[x, moved])
            }
            None if n.bits == 0 && inner != AddInt && ctx.type_of(func, x) != Type::BOOL => {
                Simple::intrinsic(op, &[x, c])
            }
            None => None,
        },
        // A widened number equals a constant when it equals the narrowed one, if there is one.
        (inner @ (ZextInt | SextInt), &[_, x]) => {
            let from = ctx.type_of(func, x);
            let width = width_of(ctx.tables, from)?;
            if from == Type::BOOL && (inner == SextInt || n.bits > 1) {
                return match inner {
                    ZextInt => Simple::value(Value::bool(!equal)),
                    _ => None,
                };
            }
            let narrow = n.bits & mask(width);
            let back = match inner {
                SextInt => signed(narrow, width) as u128 & mask(n.width),
                _ => narrow,
            };
            if back != n.bits {
                return Simple::value(Value::bool(!equal));
            }
            let narrow = ctx.tables.primitive(from, width, narrow);
            Simple::intrinsic(op, &[x, narrow])
        }
        _ => None,
    }
}

pub(super) fn shift(
    ctx: &mut Ctx<'_>,
    op: Intrinsic,
    a: Value,
    b: Value,
    ty: Type,
) -> Option<Simple> {
    let width = width_of(ctx.tables, ty)?;
    if ty == Type::BOOL {
        return None;
    }
    if let Some(n) = number(ctx, a)
        && n.bits == 0
    {
        return Simple::value(a);
    }
    let n = number(ctx, b)?;
    if n.bits == 0 {
        return Simple::value(a);
    }
    if n.bits < (width - u32::from(planted(Mutation::OptimizeShiftFolded))).into() {
        return None;
    }
    match op {
        ShlInt | LshrInt => Simple::value(ctx.tables.primitive(ty, width, 0)),
        AshrInt if n.bits >= width.into() => {
            let most = ctx.tables.primitive(n.ty, n.width, (width - 1).into());
            (most != b).then_some(())?;
            Simple::intrinsic(AshrInt, &[a, most])
        }
        _ => None,
    }
}

pub(super) fn convert(
    func: &Function,
    ctx: &mut Ctx<'_>,
    op: Intrinsic,
    to: Value,
    x: Value,
) -> Option<Simple> {
    let Value::Type(target) = to else { return None };
    let from = ctx.type_of(func, x);
    if op == Bitcast && from == target {
        return Simple::value(x);
    }
    let (inner, operands) = defined_by(func, x)?;
    let &[_, y] = operands else { return None };
    let origin = ctx.type_of(func, y);
    if [origin, from, target].contains(&Type::BOOL) && !matches!((op, inner), (ZextInt, ZextInt)) {
        // Only widening a `Bool` is the same whether it is seen as a bit or as a byte.
        return None;
    }
    match (op, inner) {
        (Bitcast, Bitcast) if origin == target => Simple::value(y),
        (Bitcast, Bitcast) | (ZextInt, ZextInt) | (SextInt, SextInt) | (TruncInt, TruncInt) => {
            Simple::intrinsic(op, &[to, y])
        }
        (SextInt, ZextInt) => Simple::intrinsic(
            either(Mutation::OptimizeExtensionOfExtension, SextInt, ZextInt),
            &[to, y],
        ),
        (TruncInt, ZextInt | SextInt) => {
            let (width, wanted) = (width_of(ctx.tables, origin)?, width_of(ctx.tables, target)?);
            if origin == target {
                Simple::value(y)
            } else if width == wanted {
                Simple::intrinsic(Bitcast, &[to, y])
            } else if width > wanted {
                Simple::intrinsic(TruncInt, &[to, y])
            } else {
                Simple::intrinsic(inner, &[to, y])
            }
        }
        _ => None,
    }
}
