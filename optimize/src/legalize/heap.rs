//! Foreign calls by which Julia's own code makes and changes arrays and strings. What can fail
//! becomes a check or the call of a shim that throws; shims know elements by their size only, so
//! what depends on the element type is written here.
//!
//! ```text
//! %1 = foreigncall sym "jl_alloc_array_1d" Array{Int64, 1}(Any, Int64) … args(type …, _2)
//! =>
//! %2 = invoke @9 alloc_array(_2, 8, 48, false)::Ptr{Int64}
//! %1 = foreigncall sym "jlift_object" Array{Int64, 1}(Ptr{Int64}) … args(%2)
//! ```
//!
//! `jlift_object` is the object at an address, owned by the statement; `jlift_object_address` the
//! address of one, which has to be kept alive by other means; `jlift_clear_elements(a, i, n)` drops
//! `n` elements behind the first `i` and leaves them undefined.

use super::checks::undefined_reference;
use super::parts::{Parts, element};
use super::records;
use super::rewrite::Rewriter;
use super::throws::bounds_error;
use jlift_abi::layout::layout;
use jlift_abi::object;
use jlift_ir::decl::Decl;
use jlift_ir::{
    Builtin, ConstData, ForeignCall, Inst, Intrinsic, Op, PartMode, Type, TypeClass, Value,
};
use jlift_mutations::{Mutation, planted};

/// An array type.
#[derive(Copy, Clone)]
struct ArrayType {
    ty: Type,
    elem: Type,
    dims: u32,
    /// Distance of the elements in bytes.
    stride: Value,
    /// Elements hold references, and are therefore zeroed when they are made.
    zeroed: Value,
}

impl ArrayType {
    fn head(&self) -> Value {
        Value::int64(object::array_object_size(self.dims).into())
    }
}

/// Why a call is not expanded.
enum Refusal {
    /// It is no call that this file knows.
    Other,
    /// It cannot be compiled.
    Message(String),
}

type Expanded<T> = Result<T, Refusal>;

fn refuse<T>(message: impl Into<String>) -> Expanded<T> {
    Err(Refusal::Message(message.into()))
}

/// Expands a foreign call; `false` if it stays what it is.
pub fn expand_foreign(rw: &mut Rewriter, inst: Inst) -> bool {
    let Op::ForeignCall(call) = &rw.func.insts[inst].op else {
        return false;
    };
    let call = call.clone();
    let name = match call.symbol {
        Value::Const(c) => match rw.session.module.tables.const_data(c) {
            ConstData::Symbol(name) => rw.session.module.tables.names.str(*name).to_string(),
            _ => return false,
        },
        _ => return false,
    };
    if !name.starts_with("jl_") {
        return false;
    }
    let args = rw.func.args(call.args).to_vec();
    match expand(rw, inst, &name, &call, &args) {
        Ok(()) => true,
        Err(Refusal::Other) => false,
        Err(Refusal::Message(message)) => {
            rw.refuse(message);
            rw.keep(inst);
            true
        }
    }
}

fn expand(
    rw: &mut Rewriter,
    inst: Inst,
    name: &str,
    call: &ForeignCall,
    args: &[Value],
) -> Expanded<()> {
    match (name, args) {
        ("jl_alloc_array_1d", &[ty, ref sizes @ ..])
        | ("jl_alloc_array_2d", &[ty, ref sizes @ ..])
        | ("jl_alloc_array_3d", &[ty, ref sizes @ ..]) => {
            let array = result_array(rw, call, ty)?;
            new_array(rw, inst, array, sizes)
        }
        ("jl_new_array", &[ty, dims]) => {
            let array = result_array(rw, call, ty)?;
            let sizes = tuple_elements(rw, dims, array.dims)?;
            new_array(rw, inst, array, &sizes)
        }
        ("jl_reshape_array", &[ty, from, dims]) => {
            let array = result_array(rw, call, ty)?;
            let sizes = tuple_elements(rw, dims, array.dims)?;
            reshape(rw, inst, array, from, dims, &sizes)
        }
        ("jl_ptr_to_array_1d", &[ty, data, length, own]) => {
            let array = result_array(rw, call, ty)?;
            wrap(rw, inst, array, data, &[length], own)
        }
        ("jl_ptr_to_array", &[ty, data, dims, own]) => {
            let array = result_array(rw, call, ty)?;
            let sizes = tuple_elements(rw, dims, array.dims)?;
            wrap(rw, inst, array, data, &sizes, own)
        }
        ("jl_array_grow_end" | "jl_array_grow_beg", &[array, count]) => {
            let (ty, count) = (vector(rw, array)?, int64(rw, count));
            let shim = format!("Shims.{}", &name[3..]);
            resize(rw, inst, array, &shim, &[count, ty.stride, ty.zeroed])
        }
        ("jl_array_grow_at", &[array, offset, count]) => {
            let ty = vector(rw, array)?;
            let (offset, count) = (int64(rw, offset), int64(rw, count));
            let length = rw.intrinsic(Intrinsic::ArrayLen, &[array], Type::INT64);
            let fails = rw.intrinsic(Intrinsic::UltInt, &[length, offset], Type::BOOL);
            let one = Value::int64(1);
            out_of_bounds(rw, array, fails, |rw| {
                rw.intrinsic(Intrinsic::AddInt, &[offset, one], Type::INT64)
            });
            let all = [offset, count, ty.stride, ty.zeroed];
            resize(rw, inst, array, "Shims.array_grow_at", &all)
        }
        ("jl_array_del_end", &[array, count]) => {
            let (ty, count) = (vector(rw, array)?, int64(rw, count));
            let length = fewer_than(rw, array, count, Value::int64(0));
            let first = rw.intrinsic(Intrinsic::SubInt, &[length, count], Type::INT64);
            clear(rw, ty, array, first, count)?;
            resize(rw, inst, array, "Shims.array_del_end", &[count])
        }
        ("jl_array_del_beg", &[array, count]) => {
            let (ty, count) = (vector(rw, array)?, int64(rw, count));
            fewer_than(rw, array, count, count);
            clear(rw, ty, array, Value::int64(0), count)?;
            resize(rw, inst, array, "Shims.array_del_beg", &[count, ty.stride])
        }
        ("jl_array_del_at", &[array, offset, count]) => {
            let ty = vector(rw, array)?;
            let (offset, count) = (int64(rw, offset), int64(rw, count));
            let length = rw.intrinsic(Intrinsic::ArrayLen, &[array], Type::INT64);
            let fails = rw.intrinsic(Intrinsic::UltInt, &[length, offset], Type::BOOL);
            let one = Value::int64(1);
            out_of_bounds(rw, array, fails, |rw| {
                rw.intrinsic(Intrinsic::AddInt, &[offset, one], Type::INT64)
            });
            let rest = rw.intrinsic(Intrinsic::SubInt, &[length, offset], Type::INT64);
            let fails = rw.intrinsic(Intrinsic::UltInt, &[rest, count], Type::BOOL);
            out_of_bounds(rw, array, fails, |rw| {
                rw.intrinsic(Intrinsic::AddInt, &[offset, count], Type::INT64)
            });
            clear(rw, ty, array, offset, count)?;
            let all = [offset, count, ty.stride];
            resize(rw, inst, array, "Shims.array_del_at", &all)
        }
        ("jl_array_sizehint", &[array, count]) => {
            let (ty, count) = (vector(rw, array)?, int64(rw, count));
            resize(rw, inst, array, "Shims.array_sizehint", &[count, ty.stride])
        }
        ("jl_alloc_string", &[length]) => {
            let length = int64(rw, length);
            let string = shim(rw, "Shims.alloc_string", &[length])?;
            become_object(rw, inst, string)
        }
        ("jl_pchar_to_string", &[bytes, length]) => {
            let length = int64(rw, length);
            let bytes = pointer(rw, bytes);
            let string = shim(rw, "Shims.new_string", &[bytes, length])?;
            become_object(rw, inst, string)
        }
        ("jl_cstr_to_string", &[bytes]) => {
            let bytes = pointer(rw, bytes);
            let ret = Type::UINT64;
            let length = shim_of_type(rw, "Shims.strlen", &[bytes], ret)?;
            let length = rw.bitcast(length, Type::INT64);
            let string = shim(rw, "Shims.new_string", &[bytes, length])?;
            become_object(rw, inst, string)
        }
        ("jl_array_to_string", &[array]) => {
            // The bytes go to the string; the array is empty then.
            vector(rw, array)?;
            let keep = preserve(rw, array);
            let bytes = rw.session.module.tables.ptr(Type::UINT8);
            let mut op = rw.foreign_op("jl_array_ptr", bytes, &[array]);
            any_params(&mut op);
            let data = rw.emit(op, bytes);
            let length = rw.intrinsic(Intrinsic::ArrayLen, &[array], Type::INT64);
            let string = shim(rw, "Shims.new_string", &[data, length])?;
            let address = address(rw, array);
            shim_of_type(rw, "Shims.array_del_end", &[address, length], Type::NOTHING)?;
            release(rw, keep);
            become_object(rw, inst, string)
        }
        _ => Err(Refusal::Other),
    }
}

/// The array type that a call gives: its result type, or the type that it is told.
fn result_array(rw: &Rewriter, call: &ForeignCall, told: Value) -> Expanded<ArrayType> {
    let ty = match told {
        Value::Type(ty) if rw.session.module.tables.array_of(ty).is_some() => ty,
        _ => call.ret,
    };
    array_type(rw, ty)
}

fn array_type(rw: &Rewriter, ty: Type) -> Expanded<ArrayType> {
    let tables = &rw.session.module.tables;
    let Some((elem, dims)) = tables.array_of(ty) else {
        return refuse("an array whose type is not known is made or resized");
    };
    let stride = match layout(tables, elem) {
        Ok(layout) => layout.stride(),
        Err(e) => return refuse(e.to_string()),
    };
    Ok(ArrayType {
        ty,
        elem,
        dims,
        stride: Value::int64(stride.into()),
        zeroed: Value::bool(!tables.is_bits(elem)),
    })
}

/// The type of an array that is resized.
fn vector(rw: &Rewriter, array: Value) -> Expanded<ArrayType> {
    let ty = array_type(rw, rw.type_of(array))?;
    match ty.dims {
        1 => Ok(ty),
        _ => refuse("an array that is no vector is resized"),
    }
}

fn int64(rw: &mut Rewriter, value: Value) -> Value {
    match value {
        Value::Imm { bits, .. } => Value::int64(bits as i64),
        _ => rw.bitcast(value, Type::INT64),
    }
}

fn pointer(rw: &mut Rewriter, value: Value) -> Value {
    let bytes = rw.session.module.tables.ptr(Type::UINT8);
    rw.bitcast(value, bytes)
}

/// The elements of a tuple of sizes.
fn tuple_elements(rw: &mut Rewriter, tuple: Value, count: u32) -> Expanded<Vec<Value>> {
    let ty = rw.type_of(tuple);
    let elems = rw.session.module.tables.tuple_elems(ty);
    match elems {
        Some(elems) if elems.len() == count as usize && elems.iter().all(|&t| t == Type::INT64) => {
            Ok((0..elems.len())
                .map(|i| element(rw, tuple, i, Type::INT64))
                .collect())
        }
        _ => refuse("the sizes of an array are no tuple of Int64s, one for each dimension"),
    }
}

/// Calls a shim that gives an address.
fn shim(rw: &mut Rewriter, name: &str, args: &[Value]) -> Expanded<Value> {
    let words = rw.session.module.tables.ptr(Type::INT64);
    shim_of_type(rw, name, args, words)
}

fn shim_of_type(rw: &mut Rewriter, name: &str, args: &[Value], ret: Type) -> Expanded<Value> {
    let params: Vec<Type> = args.iter().map(|&v| rw.type_of(v)).collect();
    match rw.shim(name, &params) {
        Some(func) => {
            let op = rw.invoke_op(func, args);
            Ok(rw.emit(op, ret))
        }
        None => refuse(format!("`{name}` is missing")),
    }
}

fn any_params(op: &mut Op) {
    if let Op::ForeignCall(call) = op {
        call.params.fill(Type::ANY);
    }
}

/// The address of an object.
fn address(rw: &mut Rewriter, object: Value) -> Value {
    let words = rw.session.module.tables.ptr(Type::INT64);
    let mut op = rw.foreign_op("jlift_object_address", words, &[object]);
    any_params(&mut op);
    rw.emit(op, words)
}

/// Keeps an object alive while its address is in use.
fn preserve(rw: &mut Rewriter, object: Value) -> Value {
    let list = rw.func.value_list(&[object]);
    rw.emit(Op::GcPreserveBegin(list), Type::ANY)
}

fn release(rw: &mut Rewriter, token: Value) {
    rw.emit(Op::GcPreserveEnd(token), Type::NOTHING);
}

/// Makes the statement the object at an address.
fn become_object(rw: &mut Rewriter, inst: Inst, address: Value) -> Expanded<()> {
    let ty = rw.func.insts[inst].ty;
    let op = rw.foreign_op("jlift_object", ty, &[address]);
    rw.become_op(inst, op);
    Ok(())
}

/// The number of elements of an array with these sizes.
fn length(rw: &mut Rewriter, sizes: &[Value]) -> Expanded<Value> {
    let mut length = Value::int64(1);
    for &size in sizes {
        let name = "Shims.array_length";
        length = shim_of_type(rw, name, &[length, size], Type::INT64)?;
    }
    Ok(length)
}

/// Writes the sizes of a new array.
fn write_sizes(rw: &mut Rewriter, array: ArrayType, address: Value, sizes: &[Value]) {
    if !object::array_has_sizes(array.dims) {
        return;
    }
    let words = rw.type_of(address);
    for (d, &size) in sizes.iter().enumerate() {
        let word = i64::from(object::array_size_offset(d as u32) / 8) + 1;
        let args = [address, size, Value::int64(word), Value::int64(8)];
        rw.intrinsic(Intrinsic::PointerSet, &args, words);
    }
}

fn new_array(rw: &mut Rewriter, inst: Inst, array: ArrayType, sizes: &[Value]) -> Expanded<()> {
    if sizes.len() != array.dims as usize {
        return refuse("an array is made with the wrong number of sizes");
    }
    let sizes: Vec<Value> = sizes.iter().map(|&v| int64(rw, v)).collect();
    let length = match sizes[..] {
        [size] => size,
        _ => length(rw, &sizes)?,
    };
    let args = [length, array.stride, array.head(), array.zeroed];
    let address = shim(rw, "Shims.alloc_array", &args)?;
    write_sizes(rw, array, address, &sizes);
    become_array(rw, inst, array, address)
}

/// Makes the statement the array at an address, of its own type whatever the call was told.
fn become_array(rw: &mut Rewriter, inst: Inst, array: ArrayType, address: Value) -> Expanded<()> {
    rw.func.insts[inst].ty = array.ty;
    become_object(rw, inst, address)
}

fn reshape(
    rw: &mut Rewriter,
    inst: Inst,
    array: ArrayType,
    from: Value,
    dims: Value,
    sizes: &[Value],
) -> Expanded<()> {
    let of = array_type(rw, rw.type_of(from))?;
    if of.elem != array.elem {
        return refuse("an array is reshaped to one of other elements");
    }
    let new = length(rw, sizes)?;
    let old = rw.intrinsic(Intrinsic::ArrayLen, &[from], Type::INT64);
    let fails = rw.intrinsic(Intrinsic::NeInt, &[new, old], Type::BOOL);
    let mismatch = rw.session.module.tables.nominal("DimensionMismatch", &[]);
    rw.branch_cold(fails, |rw| {
        let mut parts = Parts::default();
        parts.text("DimensionMismatch: new dimensions ");
        let shown = parts
            .value(rw, dims, PartMode::Print)
            .and_then(|()| {
                parts.text(" must be consistent with array size ");
                parts.value(rw, old, PartMode::Print)
            })
            .is_ok();
        if !shown {
            parts = Parts::default();
            parts.text("DimensionMismatch: new dimensions do not fit the array");
        }
        records::throw(rw, mismatch, parts.list);
    });
    let keep = preserve(rw, from);
    let address = address(rw, from);
    let made = shim(rw, "Shims.array_show", &[address, array.head()])?;
    release(rw, keep);
    write_sizes(rw, array, made, sizes);
    become_array(rw, inst, array, made)
}

fn wrap(
    rw: &mut Rewriter,
    inst: Inst,
    array: ArrayType,
    data: Value,
    sizes: &[Value],
    own: Value,
) -> Expanded<()> {
    if !rw.session.module.tables.is_bits(array.elem) {
        return refuse("an array of references in C's memory");
    }
    let sizes: Vec<Value> = sizes.iter().map(|&v| int64(rw, v)).collect();
    let length = length(rw, &sizes)?;
    let data = rw.bitcast(data, Type::INT64);
    let own = match (own, rw.type_of(own)) {
        (_, Type::BOOL) => own,
        (Value::Imm { bits, .. }, _) => Value::bool(bits != 0),
        (_, ty) => {
            let zero = super::checks::int(rw, ty, 0);
            rw.intrinsic(Intrinsic::NeInt, &[own, zero], Type::BOOL)
        }
    };
    let args = [data, length, array.head(), own];
    let address = shim(rw, "Shims.wrap_array", &args)?;
    write_sizes(rw, array, address, &sizes);
    become_array(rw, inst, array, address)
}

/// Resizes an array by a shim that takes its address first.
fn resize(rw: &mut Rewriter, inst: Inst, array: Value, name: &str, rest: &[Value]) -> Expanded<()> {
    let keep = preserve(rw, array);
    let mut args = vec![address(rw, array)];
    args.extend_from_slice(rest);
    shim_of_type(rw, name, &args, Type::NOTHING)?;
    release(rw, keep);
    rw.become_op(inst, Op::Copy(Value::NOTHING));
    Ok(())
}

/// Drops elements that are about to be removed.
fn clear(
    rw: &mut Rewriter,
    ty: ArrayType,
    array: Value,
    first: Value,
    count: Value,
) -> Expanded<()> {
    if !rw.session.module.tables.is_counted(ty.elem) {
        return Ok(());
    }
    let keep = preserve(rw, array);
    let address = address(rw, array);
    shim_of_type(rw, "Shims.array_check", &[address], Type::NOTHING)?;
    release(rw, keep);
    let mut op = rw.foreign_op(
        "jlift_clear_elements",
        Type::NOTHING,
        &[array, first, count],
    );
    if let Op::ForeignCall(call) = &mut op {
        call.params[0] = Type::ANY;
    }
    rw.emit(op, Type::NOTHING);
    Ok(())
}

/// Throws the `BoundsError` of `array[index]` unless the array has `count` elements; its length.
fn fewer_than(rw: &mut Rewriter, array: Value, count: Value, index: Value) -> Value {
    let length = rw.intrinsic(Intrinsic::ArrayLen, &[array], Type::INT64);
    let fails = rw.intrinsic(Intrinsic::UltInt, &[length, count], Type::BOOL);
    out_of_bounds(rw, array, fails, |_| index);
    length
}

fn out_of_bounds(
    rw: &mut Rewriter,
    array: Value,
    fails: Value,
    index: impl FnOnce(&mut Rewriter) -> Value,
) {
    rw.branch_cold(fails, |rw| {
        let index = index(rw);
        let parts = bounds_error(rw, array, Some(index)).unwrap_or_default();
        records::throw(rw, Type::BOUNDS_ERROR, parts.list);
    });
}

/// Throws `UndefRefError` unless element `index` (from 0) of an array is defined.
pub fn check_element(rw: &mut Rewriter, array: Value, index: Value) {
    let mut op = rw.foreign_op("jl_array_isassigned", Type::BOOL, &[array, index]);
    if let Op::ForeignCall(call) = &mut op {
        call.params[0] = Type::ANY;
    }
    let defined = rw.emit(op, Type::BOOL);
    undefined_reference(rw, defined);
}

/// Whether a field may be undefined: a reference in a heap object, or in a struct that something
/// builds with fewer values than it has fields.
pub fn may_be_undefined(rw: &Rewriter, object: Type, field: Type, index: usize) -> bool {
    let tables = &rw.session.module.tables;
    if tables.is_bits(field) || tables.boxed_content(object).is_some() {
        return false;
    }
    match tables.class(object) {
        TypeClass::Heap => true,
        TypeClass::InlineWithReferences => {
            let declared = match tables.decl(object) {
                Some(Decl::Struct(s)) => index >= s.initialized as usize,
                _ => false,
            };
            let least = rw.session.incomplete.get(&object);
            declared || least.is_some_and(|&least| index >= least)
        }
        _ => false,
    }
}

/// Throws `UndefRefError` unless a field is defined.
pub fn check_field(rw: &mut Rewriter, object: Value, field: Value) {
    if planted(Mutation::OptimizeUndefinedField) {
        return;
    }
    let args = [object, field];
    let defined = rw.builtin(Builtin::IsDefined, &args, Type::BOOL);
    undefined_reference(rw, defined);
}
