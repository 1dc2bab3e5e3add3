//! Statements that check and throw, as the check, a cold throw and the statement without it.
//!
//! ```text
//!   %3 = Base.checked_sdiv_int(%1, %2)::Int64
//! =>
//!   %4 = Base.eq_int(%2, 0)::Bool
//!   %5 = Base.eq_int(%2, -1)::Bool
//!   %6 = Base.eq_int(%1, typemin)::Bool
//!   %7 = Base.and_int(%5, %6)::Bool
//!   %8 = Base.or_int(%4, %7)::Bool
//!   goto #cold if %8                       ; cold: invoke throw#1()::Union{}
//!   %3 = Base.sdiv_int(%1, %2)::Int64
//! ```
//!
//! Checks that cannot fail are not made: division by a constant, fields by a constant index.

use super::display::type_display;
use super::heap;
use super::parts::Parts;
use super::polyfill::expand_intrinsic;
use super::records;
use super::rewrite::Rewriter;
use super::throws::bounds_error;
use super::types::{field_value_type, is_abstract, isa};
use jlift_ir::{Builtin, ConstData, Inst, Intrinsic, Op, Terminator, Type, TypeClass, Value};
use jlift_mutations::{Mutation, planted};

const DIVIDE_TEXT: &str = "DivideError: integer division error";

/// Width in bits of an integer-like type.
pub fn width(rw: &Rewriter, ty: Type) -> Option<u32> {
    match rw.session.module.tables.class(ty) {
        TypeClass::Primitive(bits) => Some(bits),
        TypeClass::Pointer => Some(64),
        _ => None,
    }
}

/// The integer constant whose low bits are `bits`.
pub fn int(rw: &mut Rewriter, ty: Type, bits: u128) -> Value {
    let width = width(rw, ty).unwrap_or(64);
    rw.session.module.tables.primitive(ty, width, bits)
}

/// Expands `checked_{s,u}{div,rem}_int(a, b)`.
pub fn expand_division(rw: &mut Rewriter, inst: Inst, intrinsic: Intrinsic, a: Value, b: Value) {
    use Intrinsic::*;
    let ty = rw.func.insts[inst].ty;
    let (signed, plain) = match intrinsic {
        CheckedSdivInt => (true, SdivInt),
        CheckedSremInt => (true, SremInt),
        CheckedUdivInt => (false, UdivInt),
        _ => (false, UremInt),
    };
    let Some(bits) = width(rw, ty) else {
        rw.refuse("division of values that are not primitive");
        return rw.keep(inst);
    };
    let mask = u128::MAX >> (128 - bits);
    let constant = |rw: &Rewriter, v| rw.session.module.tables.primitive_bits(v);
    let (divisor, dividend) = (constant(rw, b), constant(rw, a));
    let (zero, minus_one) = (int(rw, ty, 0), int(rw, ty, mask));
    let typemin = int(rw, ty, 1 << (bits - 1));
    // The quotient typemin ÷ -1 overflows; its remainder is 0, but the plain remainder of it is
    // undefined.
    let may_overflow = signed
        && !planted(Mutation::OptimizeDivisionOverflow)
        && divisor.is_none_or(|d| d == mask)
        && dividend.is_none_or(|d| d == 1 << (bits - 1));
    if intrinsic == CheckedSremInt && divisor == Some(mask) {
        return rw.become_op(inst, Op::Copy(zero));
    }
    let mut fails = match divisor {
        None if planted(Mutation::OptimizeDivisionByZero) => None,
        None => Some(rw.intrinsic(EqInt, &[b, zero], Type::BOOL)),
        Some(0) => Some(Value::bool(true)),
        Some(_) => None,
    };
    let mut divisor_now = b;
    if may_overflow {
        let is_minus_one = match divisor {
            None => Some(rw.intrinsic(EqInt, &[b, minus_one], Type::BOOL)),
            Some(_) => None,
        };
        if intrinsic == CheckedSremInt {
            if let Some(cond) = is_minus_one {
                let one = int(rw, ty, 1);
                divisor_now = rw.select(cond, one, b, ty);
            }
        } else {
            let is_min = match dividend {
                None => Some(rw.intrinsic(EqInt, &[a, typemin], Type::BOOL)),
                Some(_) => None,
            };
            let overflows = match (is_minus_one, is_min) {
                (Some(x), Some(y)) => rw.intrinsic(AndInt, &[x, y], Type::BOOL),
                (Some(x), None) | (None, Some(x)) => x,
                (None, None) => Value::bool(true),
            };
            fails = Some(match fails {
                None => overflows,
                Some(x) => rw.intrinsic(OrInt, &[x, overflows], Type::BOOL),
            });
        }
    }
    if let Some(fails) = fails {
        let Some(func) = records::text_thrower(rw, Type::DIVIDE_ERROR, DIVIDE_TEXT) else {
            return rw.keep(inst);
        };
        if fails.as_bool() == Some(true) {
            return rw.throw_call(func, &[]);
        }
        rw.branch_throw(fails, func);
    }
    let args = [a, divisor_now];
    if !expand_intrinsic(rw, inst, plain, &args) {
        rw.become_intrinsic(inst, plain, &args);
    }
}

/// Expands `getfield(object, field[, order][, boundscheck])`.
pub fn expand_getfield(rw: &mut Rewriter, inst: Inst, args: &[Value]) {
    let (object, field) = (args[0], args[1]);
    let checked = args[2..].iter().find_map(|v| v.as_bool()).unwrap_or(true);
    let object_ty = rw.type_of(object);
    let tables = &rw.session.module.tables;
    if let Some((index, ty)) = field_value_type(tables, object_ty, field) {
        if heap::may_be_undefined(rw, object_ty, ty, index) && !is_given(rw, object, index) {
            heap::check_field(rw, object, field);
        }
        // Neither a check nor an order of accesses is left to say.
        let plain = rw.func.value_list(&[object, field]);
        return rw.become_op(inst, Op::Builtin(Builtin::GetField, plain));
    }
    let is_index = rw.type_of(field) == Type::INT64;
    let Some(count) = tables.field_types(object_ty).map(|f| f.len()) else {
        if is_abstract(tables, object_ty) {
            rw.refuse(format!(
                "a field of a value whose type is only known as {}",
                type_display(&rw.session.module.tables, object_ty)
            ));
        }
        return rw.keep(inst);
    };
    if !is_index {
        if let Value::Const(c) = field
            && let ConstData::Symbol(name) = tables.const_data(c)
        {
            let message = format!(
                "type {} has no field {}",
                type_display(tables, object_ty),
                tables.names.str(*name)
            );
            rw.refuse(message);
        } else {
            rw.refuse("the name of the field is not constant");
        }
        return rw.keep(inst);
    }
    if checked {
        let fails = match field {
            Value::Imm { .. } => Value::bool(true),
            _ => out_of_bounds(rw, field, Value::int64(count as i64)),
        };
        check_bounds(rw, fails, object, field);
        if fails.as_bool() == Some(true) {
            return;
        }
    }
    let unchecked = rw.func.value_list(&[object, field, Value::bool(false)]);
    rw.become_op(inst, Op::Builtin(Builtin::GetField, unchecked));
}

/// Whether an object is made in this function with a value for this field, by its index from 0. A
/// field never becomes undefined.
fn is_given(rw: &Rewriter, object: Value, index: usize) -> bool {
    rw.definition(object)
        .is_some_and(|inst| match rw.func.insts[inst].op {
            Op::New { args, .. } => index < rw.func.args(args).len(),
            _ => false,
        })
}

/// Throws `UndefRefError` unless `defined` holds.
pub fn undefined_reference(rw: &mut Rewriter, defined: Value) {
    let text = "UndefRefError: access to undefined reference";
    let Some(func) = records::text_thrower(rw, Type::UNDEF_REF_ERROR, text) else {
        return;
    };
    let fails = rw.intrinsic(Intrinsic::NotInt, &[defined], Type::BOOL);
    rw.branch_throw(fails, func);
}

/// Expands `isdefined(object, field)`: only references may be undefined.
pub fn expand_isdefined(rw: &mut Rewriter, inst: Inst, args: &[Value]) {
    let (object, field) = (args[0], args[1]);
    let object_ty = rw.type_of(object);
    let tables = &rw.session.module.tables;
    if let Some((index, ty)) = field_value_type(tables, object_ty, field) {
        if !heap::may_be_undefined(rw, object_ty, ty, index) || is_given(rw, object, index) {
            return rw.become_op(inst, Op::Copy(Value::bool(true)));
        }
        let plain = rw.func.value_list(&[object, field]);
        return rw.become_op(inst, Op::Builtin(Builtin::IsDefined, plain));
    }
    let names_a_field = matches!(
        field,
        Value::Imm {
            ty: Type::INT64,
            ..
        }
    ) || matches!(field, Value::Const(c) if matches!(tables.const_data(c), ConstData::Symbol(_)));
    if names_a_field && tables.field_types(object_ty).is_some() {
        return rw.become_op(inst, Op::Copy(Value::bool(false)));
    }
    rw.refuse("whether a field is defined whose name or object is not known");
    rw.keep(inst);
}

/// Whether a 1-based index is not in `1:len`.
fn out_of_bounds(rw: &mut Rewriter, index: Value, len: Value) -> Value {
    use Intrinsic::{SleInt, SubInt, UleInt, UltInt};
    let beyond = match () {
        () if planted(Mutation::OptimizeBoundsOffByOne) => UltInt,
        () if planted(Mutation::OptimizeBoundsSigned) => SleInt,
        () => UleInt,
    };
    let offset = rw.intrinsic(SubInt, &[index, Value::int64(1)], Type::INT64);
    rw.intrinsic(beyond, &[len, offset], Type::BOOL)
}

/// Throws the `BoundsError` of `object[index]` where `fails` holds.
fn check_bounds(rw: &mut Rewriter, fails: Value, object: Value, index: Value) {
    let throw = |rw: &mut Rewriter| {
        if rw.session.caps.dynamic && can_be_boxed(rw, object) {
            return throw_out_of_bounds(rw, object, index);
        }
        let parts = match bounds_error(rw, object, Some(index)) {
            Ok(parts) => parts,
            Err(_) => {
                let mut plain = Parts::default();
                plain.text("BoundsError");
                plain
            }
        };
        records::throw(rw, Type::BOUNDS_ERROR, parts.list);
    };
    if fails.as_bool() == Some(true) {
        throw(rw);
    } else {
        rw.branch_cold(fails, throw);
    }
}

/// Expands `arrayref(boundscheck, array, index…)` and
/// `arrayset(boundscheck, array, value, index…)`: the bounds of each index, or of the only one in
/// the array as a whole.
pub fn expand_array_access(rw: &mut Rewriter, inst: Inst, builtin: Builtin, args: &[Value]) {
    let first_index = if builtin == Builtin::ArraySet { 3 } else { 2 };
    let array = args[1];
    let array_ty = rw.type_of(array);
    let Some((elem, dims)) = rw.session.module.tables.array_of(array_ty) else {
        if args[0].as_bool() != Some(false) {
            rw.refuse("access to an array whose type is not known");
        }
        return rw.keep(inst);
    };
    // A reference may be undefined where it is read.
    let checked_read = builtin != Builtin::ArraySet && !rw.session.module.tables.is_bits(elem);
    if args[0].as_bool() == Some(false) {
        if checked_read {
            return read_reference(rw, inst, builtin, array, &args[first_index..]);
        }
        return rw.keep(inst);
    }
    let indices = args[first_index..].to_vec();
    if indices.iter().any(|&i| rw.type_of(i) != Type::INT64) {
        rw.refuse("an array is indexed by a value that is not an Int64");
        return rw.keep(inst);
    }
    let mut fails: Option<Value> = None;
    let mut also = |rw: &mut Rewriter, cond: Value| {
        fails = Some(match fails {
            None => cond,
            Some(x) => rw.intrinsic(Intrinsic::OrInt, &[x, cond], Type::BOOL),
        });
    };
    match indices[..] {
        [index] if dims != 0 => {
            let len = rw.intrinsic(Intrinsic::ArrayLen, &[array], Type::INT64);
            let cond = out_of_bounds(rw, index, len);
            also(rw, cond);
        }
        _ if indices.len() == dims as usize => {
            for (d, &index) in indices.iter().enumerate() {
                let args = [array, Value::int64(d as i64 + 1)];
                let size = rw.builtin(Builtin::ArraySize, &args, Type::INT64);
                let cond = out_of_bounds(rw, index, size);
                also(rw, cond);
            }
        }
        _ => {
            rw.refuse(format!(
                "an array of {dims} dimensions is indexed by {} indices",
                indices.len()
            ));
            return rw.keep(inst);
        }
    }
    if let Some(fails) = fails {
        rw.branch_cold(fails, |rw| {
            let tuple = |rw: &mut Rewriter| {
                let elems = vec![Type::INT64; indices.len()];
                let ty = rw.session.module.tables.tuple(&elems);
                rw.builtin(Builtin::Tuple, &indices, ty)
            };
            if rw.session.caps.dynamic {
                let index = tuple(rw);
                return throw_out_of_bounds(rw, array, index);
            }
            let index = match indices[..] {
                [index] => index,
                _ => tuple(rw),
            };
            let parts = bounds_error(rw, array, Some(index)).unwrap_or_default();
            records::throw(rw, Type::BOUNDS_ERROR, parts.list);
        });
    }
    if checked_read {
        return read_reference(rw, inst, builtin, array, &indices);
    }
    let mut unchecked = args.to_vec();
    unchecked[0] = Value::bool(false);
    let unchecked = rw.func.value_list(&unchecked);
    rw.become_op(inst, Op::Builtin(builtin, unchecked));
}

/// Whether a value has the type, as a dynamic value, that it has here.
fn can_be_boxed(rw: &Rewriter, value: Value) -> bool {
    let tables = &rw.session.module.tables;
    let ty = rw.type_of(value);
    let parts = tables.tuple_elems(ty).unwrap_or_default();
    let is_certain = |t: Type| {
        !matches!(tables.class(t), TypeClass::Abstract | TypeClass::Union) && !tables.is_tuple(t)
    };
    !matches!(tables.class(ty), TypeClass::Abstract | TypeClass::Union)
        && parts.into_iter().all(is_certain)
}

/// A value as a dynamic one.
fn dynamic(rw: &mut Rewriter, value: Value) -> Value {
    let ty = rw.type_of(value);
    let object = match rw.session.module.tables.class(ty) {
        TypeClass::Heap | TypeClass::Array | TypeClass::String | TypeClass::Symbol => value,
        _ => {
            let boxed = jlift_abi::boxed::boxed_type(&mut rw.session.module.tables, ty);
            let args = rw.func.value_list(&[value]);
            rw.emit(Op::New { ty: boxed, args }, boxed)
        }
    };
    rw.builtin(Builtin::Box, &[object], Type::ANY)
}

/// Throws a `BoundsError` that holds the object and the index, which the runtime makes of them.
fn throw_out_of_bounds(rw: &mut Rewriter, object: Value, index: Value) {
    let array = dynamic(rw, object);
    let index = dynamic(rw, index);
    let op = rw.foreign_op("jlift_throw_bounds", Type::NOTHING, &[array, index]);
    rw.emit(op, Type::NOTHING);
    rw.emit(Op::Rethrow, Type::BOTTOM);
    rw.end(Terminator::Unreachable);
}

/// Reads an element, with indices in bounds, that may be undefined.
fn read_reference(
    rw: &mut Rewriter,
    inst: Inst,
    builtin: Builtin,
    array: Value,
    indices: &[Value],
) {
    let one = Value::int64(1);
    let mut linear: Option<Value> = None;
    for (d, &index) in indices.iter().enumerate().rev() {
        let offset = rw.intrinsic(Intrinsic::SubInt, &[index, one], Type::INT64);
        linear = Some(match linear {
            None => offset,
            Some(outer) => {
                let args = [array, Value::int64(d as i64 + 1)];
                let size = rw.builtin(Builtin::ArraySize, &args, Type::INT64);
                let outer = rw.intrinsic(Intrinsic::MulInt, &[outer, size], Type::INT64);
                rw.intrinsic(Intrinsic::AddInt, &[outer, offset], Type::INT64)
            }
        });
    }
    let linear = linear.unwrap_or(Value::int64(0));
    heap::check_element(rw, array, linear);
    let index = match *indices {
        [index] => index,
        _ => rw.intrinsic(Intrinsic::AddInt, &[linear, one], Type::INT64),
    };
    let unchecked = rw.func.value_list(&[Value::bool(false), array, index]);
    rw.become_op(inst, Op::Builtin(builtin, unchecked));
}

/// Expands `typeassert(value, type T)`.
pub fn expand_typeassert(rw: &mut Rewriter, inst: Inst, value: Value, expected: Value) {
    let Value::Type(expected) = expected else {
        rw.refuse("the type of a typeassert is not constant");
        return rw.keep(inst);
    };
    let found = rw.type_of(value);
    let tables = &rw.session.module.tables;
    if matches!(value, Value::Type(_)) || is_abstract(tables, found) {
        let found = type_display(tables, found);
        rw.refuse(format!(
            "typeassert of a value whose type is only known as {found}"
        ));
        return rw.keep(inst);
    }
    let members = tables.members(found);
    let mut wrong = Vec::new();
    for &member in &members {
        match isa(tables, member, expected) {
            Some(true) => {}
            Some(false) => wrong.push(member),
            None => {
                let (a, b) = (type_display(tables, member), type_display(tables, expected));
                rw.refuse(format!("whether {a} <: {b} is not known"));
                return rw.keep(inst);
            }
        }
    }
    let throw = |rw: &mut Rewriter, got: Type| {
        let tables = &rw.session.module.tables;
        let text = format!(
            "TypeError: in typeassert, expected {}, got a value of type {}",
            type_display(tables, expected),
            type_display(tables, got)
        );
        match records::text_thrower(rw, Type::TYPE_ERROR, &text) {
            Some(func) => rw.throw_call(func, &[]),
            None => rw.end(Terminator::Unreachable),
        }
    };
    if wrong.is_empty() {
        return rw.become_op(inst, Op::Copy(value));
    }
    if wrong.len() == members.len()
        && let [got] = wrong[..]
    {
        return throw(rw, got);
    }
    let is = |rw: &mut Rewriter, ty: Type| {
        rw.builtin(Builtin::IsA, &[value, Value::Type(ty)], Type::BOOL)
    };
    // One member after the other; the last of the wrong ones needs no test if all are wrong.
    for (i, &got) in wrong.iter().enumerate() {
        if i + 1 == wrong.len() && wrong.len() == members.len() {
            return throw(rw, got);
        }
        let cond = is(rw, got);
        rw.branch_cold(cond, |rw| throw(rw, got));
    }
    let ty = rw.func.insts[inst].ty;
    rw.become_op(inst, Op::Pi { value, ty });
}

/// Expands `expr throw_undef_if_not(name, cond)`.
pub fn expand_undef_check(rw: &mut Rewriter, inst: Inst, name: Value, cond: Value) {
    if cond.as_bool() == Some(true) {
        return rw.func.remove_inst(inst);
    }
    let name = match name {
        Value::Const(c) => match rw.session.module.tables.const_data(c) {
            ConstData::Symbol(name) => rw.session.module.tables.names.str(*name).to_string(),
            _ => String::new(),
        },
        _ => String::new(),
    };
    // Julia's name for a field that was not assigned.
    let (ty, text) = match &name[..] {
        "##getfield##" => (
            Type::UNDEF_REF_ERROR,
            "UndefRefError: access to undefined reference".to_string(),
        ),
        _ => (
            Type::UNDEF_VAR_ERROR,
            format!("UndefVarError: `{name}` not defined"),
        ),
    };
    let Some(func) = records::text_thrower(rw, ty, &text) else {
        return rw.keep(inst);
    };
    if cond.as_bool() == Some(false) {
        return rw.throw_call(func, &[]);
    }
    let fails = rw.intrinsic(Intrinsic::NotInt, &[cond], Type::BOOL);
    rw.branch_throw(fails, func);
    // The statement has no value that is used.
    rw.func.remove_inst(inst);
}
