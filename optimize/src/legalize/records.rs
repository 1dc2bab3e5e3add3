//! Functions that fill the error record: one for each exception type and form of text in a module.
//!
//! ```text
//! function @9 Shims.throw#1(_2::Float64)::Union{}
//!   %1 = invoke record_begin("FNV-1a of DomainError, DomainError with ", 17)    the message's place
//!   %2 = invoke record_append_float64(%1, _2)
//!   %3 = invoke record_append_bytes(%1, ":\nmust be positive", 18)
//!   %4 = invoke record_end(%1)                                    a NUL, expr rethrow()
//! ```
//!
//! While a record is being written its length may be beyond the capacity.
//!
//! They are cold and shared, so that a site that throws is one call with the values that its text
//! shows.

use super::Diagnostic;
use super::parts::{Part, widen};
use super::rewrite::{Rewriter, Session};
use hashbrown::HashMap;
use jlift_ir::decl::Decl;
use jlift_ir::error_record::{LENGTH_OFFSET, MESSAGE_CAPACITY, MESSAGE_OFFSET, type_hash};
use jlift_ir::text::type_text;
use jlift_ir::{
    BlockData, Builtin, Func, Function, Intrinsic, Name, Op, Param, PartMode, Terminator, Type,
    Value,
};

/// A part of a text, with values by the number of the parameter that carries them.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
enum Piece {
    Text(Vec<u8>),
    Param(PartMode, usize),
}

/// What distinguishes one generated function from another.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
struct Key {
    exception: Type,
    pieces: Vec<Piece>,
    params: Vec<Type>,
}

/// The generated functions of a module.
#[derive(Default)]
pub struct Records {
    known: HashMap<Key, Func>,
    /// The functions that all throwers share.
    shared: HashMap<String, Func>,
    /// The number of the last one.
    last: u32,
}

/// Ends the current block by throwing an `exception` whose text is these parts.
pub fn throw(rw: &mut Rewriter, exception: Type, parts: Vec<Part>) {
    let mut args: Vec<Value> = Vec::new();
    let mut pieces = Vec::new();
    for part in parts {
        pieces.push(match part {
            Part::Text(text) => Piece::Text(text),
            Part::Value { mode, value } => {
                let n = args.iter().position(|&v| v == value).unwrap_or_else(|| {
                    args.push(value);
                    args.len() - 1
                });
                Piece::Param(mode, n)
            }
        });
    }
    let params = args.iter().map(|&v| rw.type_of(v)).collect();
    let key = Key {
        exception,
        pieces,
        params,
    };
    match function(rw.session, key) {
        Ok(func) => rw.throw_call(func, &args),
        Err(message) => {
            rw.refuse_end(message);
        }
    }
}

/// The function that throws an `exception` of constant text.
pub fn text_thrower(rw: &mut Rewriter, exception: Type, text: &str) -> Option<Func> {
    let key = Key {
        exception,
        pieces: vec![Piece::Text(text.as_bytes().to_vec())],
        params: Vec::new(),
    };
    match function(rw.session, key) {
        Ok(func) => Some(func),
        Err(message) => {
            rw.refuse(message);
            None
        }
    }
}

fn function(session: &mut Session, key: Key) -> Result<Func, String> {
    if let Some(&func) = session.records.known.get(&key) {
        return Ok(func);
    }
    let name = loop {
        session.records.last += 1;
        let name = format!("Shims.throw#{}", session.records.last);
        // Legalized text may be read again and legalized again.
        if session.module.tables.names.get(&name).is_none() {
            break name;
        }
    };
    let diagnostics = session.diagnostics.len();
    let func = generate(session, &name, &key.params, Type::BOTTOM, |rw| {
        write_record(rw, &key);
    });
    if let Some(Diagnostic { message, .. }) = session.diagnostics.drain(diagnostics..).next() {
        return Err(message);
    }
    session.records.known.insert(key, func);
    Ok(func)
}

/// A new function with the body that `write` emits.
fn generate(
    session: &mut Session,
    name: &str,
    params: &[Type],
    ret: Type,
    write: impl FnOnce(&mut Rewriter),
) -> Func {
    let tables = &mut session.module.tables;
    let name = tables.names.intern(name);
    let self_type = tables.nominal("typeof(Shims.throw)", &[]);
    tables.declare(
        self_type,
        Decl::Singleton {
            supertype: Type::FUNCTION,
        },
    );
    let params = params
        .iter()
        .map(|&ty| Param {
            name: Name::EMPTY,
            ty,
        })
        .collect();
    let mut func = Function::new(name, params, ret, self_type);
    func.blocks.push(BlockData::default());
    let id = session.module.functions.push(func.clone());
    let mut rw = Rewriter::new(session, id, func);
    rw.start();
    write(&mut rw);
    let func = rw.finish();
    session.module.functions[id] = func;
    id
}

/// A function that all throwers of a module share, made at its first use.
fn shared(
    rw: &mut Rewriter,
    name: &str,
    params: &[Type],
    ret: Type,
    write: impl FnOnce(&mut Rewriter),
) -> Func {
    if let Some(&func) = rw.session.records.shared.get(name) {
        return func;
    }
    // Legalized text may be read again and legalized again.
    let module = &rw.session.module;
    let known = module.tables.names.get(name).and_then(|name| {
        let mut all = module.functions.iter();
        all.find(|(_, f)| f.name == name && !f.external)
    });
    let func = match known {
        Some((func, _)) => func,
        None => generate(rw.session, name, params, ret, write),
    };
    rw.session.records.shared.insert(name.to_string(), func);
    func
}

/// `Shims.record_begin(hash and text, bytes of text)`: begins a record with a text, gives the place
/// of the message.
fn record_begin(rw: &mut Rewriter, bytes: Type) -> Func {
    let words = rw.session.module.tables.ptr(Type::UINT64);
    let params = [bytes, Type::INT64];
    shared(rw, "Shims.record_begin", &params, bytes, |rw| {
        let (data, len) = (Value::Arg(2), Value::Arg(3));
        let op = rw.foreign_op("jlift_error_record", bytes, &[]);
        let record = rw.emit(op, bytes);
        let hash_at = rw.bitcast(data, words);
        let args = [hash_at, Value::int64(1), Value::int64(1)];
        let hash = rw.intrinsic(Intrinsic::PointerRef, &args, Type::UINT64);
        let record_at = rw.bitcast(record, words);
        store(rw, record_at, hash, 8);
        let offset = uint64(MESSAGE_OFFSET.into());
        let message = rw.intrinsic(Intrinsic::AddPtr, &[record, offset], bytes);
        let length_at = length_at(rw, message, bytes);
        store(rw, length_at, Value::int64(0), 8);
        let text = rw.intrinsic(Intrinsic::AddPtr, &[data, uint64(HASH_BYTES)], bytes);
        Message {
            buf: message,
            bytes,
        }
        .append(rw, "Shims.append_bytes", &[text, len]);
        rw.end(Terminator::Return(message));
    })
}

/// `Shims.record_end(message)`: ends a record and throws it.
fn record_end(rw: &mut Rewriter, bytes: Type) -> Func {
    shared(rw, "Shims.record_end", &[bytes], Type::BOTTOM, |rw| {
        let message = Value::Arg(2);
        let length_at = length_at(rw, message, bytes);
        let pos = load(rw, length_at, Type::INT64);
        let cap = Value::int64(MESSAGE_CAPACITY.into());
        let cut = rw.intrinsic(Intrinsic::SltInt, &[cap, pos], Type::BOOL);
        let len = rw.select(cut, cap, pos, Type::INT64);
        store(rw, length_at, len, 8);
        let len_bits = rw.bitcast(len, Type::UINT64);
        let end = rw.intrinsic(Intrinsic::AddPtr, &[message, len_bits], bytes);
        let nul = Value::Imm {
            ty: Type::UINT8,
            bits: 0,
        };
        store(rw, end, nul, 1);
        rw.emit(Op::Rethrow, Type::BOTTOM);
        rw.end(Terminator::Unreachable);
    })
}

/// `Shims.throw_text(hash and text, bytes of text)`: a whole record, thrown.
fn throw_text(rw: &mut Rewriter, bytes: Type) -> Func {
    let begin = record_begin(rw, bytes);
    let end = record_end(rw, bytes);
    let params = [bytes, Type::INT64];
    shared(rw, "Shims.throw_text", &params, Type::BOTTOM, |rw| {
        let op = rw.invoke_op(begin, &[Value::Arg(2), Value::Arg(3)]);
        let message = rw.emit(op, bytes);
        rw.throw_call(end, &[message]);
    })
}

/// `Shims.record_append_X(message, …)`: appends what `Shims.append_X` makes of the rest.
fn record_append(rw: &mut Rewriter, name: &str, params: &[Type], bytes: Type) -> Option<Func> {
    let mut inner = vec![bytes, Type::INT64, Type::INT64];
    inner.extend_from_slice(params);
    let func = rw.shim(name, &inner)?;
    let mut outer = vec![bytes];
    outer.extend_from_slice(params);
    let name = name.replace("Shims.", "Shims.record_");
    Some(shared(rw, &name, &outer, Type::NOTHING, |rw| {
        let message = Value::Arg(2);
        let length_at = length_at(rw, message, bytes);
        let pos = load(rw, length_at, Type::INT64);
        let mut all = vec![message, pos, Value::int64(MESSAGE_CAPACITY.into())];
        all.extend((1..outer.len()).map(|n| Value::Arg(n as u32 + 2)));
        let op = rw.invoke_op(func, &all);
        let pos = rw.emit(op, Type::INT64);
        store(rw, length_at, pos, 8);
        rw.end(Terminator::Return(Value::NOTHING));
    }))
}

/// Bytes of a type's hash.
const HASH_BYTES: u64 = 8;

/// Where a record has the length of its message, by the place of the message.
fn length_at(rw: &mut Rewriter, message: Value, bytes: Type) -> Value {
    let lengths = rw.session.module.tables.ptr(Type::INT64);
    let back = uint64((MESSAGE_OFFSET - LENGTH_OFFSET).into());
    let at = rw.intrinsic(Intrinsic::SubPtr, &[message, back], bytes);
    rw.bitcast(at, lengths)
}

fn uint64(bits: u64) -> Value {
    Value::Imm {
        ty: Type::UINT64,
        bits,
    }
}

fn write_record(rw: &mut Rewriter, key: &Key) {
    let bytes = rw.session.module.tables.ptr(Type::UINT8);
    let hash = type_hash(&type_text(&rw.session.module.tables, key.exception));
    let (text, rest) = match key.pieces.split_first() {
        Some((Piece::Text(text), rest)) => (text.as_slice(), rest),
        _ => (&[][..], key.pieces.as_slice()),
    };
    // In the byte order of the target; both are little-endian.
    let mut begin = hash.to_le_bytes().to_vec();
    begin.extend_from_slice(text);
    let begin = constant_bytes(rw, &begin, bytes);
    let start = [begin, Value::int64(text.len() as i64)];
    if rest.is_empty() {
        let throw = throw_text(rw, bytes);
        rw.throw_call(throw, &start);
        return;
    }
    let open = record_begin(rw, bytes);
    let op = rw.invoke_op(open, &start);
    let buf = rw.emit(op, bytes);
    let out = Message { buf, bytes };
    for piece in rest {
        match piece {
            Piece::Text(text) => out.text(rw, text),
            Piece::Param(mode, n) => {
                out.value(rw, Value::Arg(*n as u32 + 2), key.params[*n], *mode);
            }
        }
    }
    let end = record_end(rw, bytes);
    rw.throw_call(end, &[buf]);
}

/// The address of constant bytes.
fn constant_bytes(rw: &mut Rewriter, text: &[u8], bytes: Type) -> Value {
    let string = rw.session.module.tables.string(text);
    let mut op = rw.foreign_op("jlift_string_data", bytes, &[string]);
    if let Op::ForeignCall(call) = &mut op {
        call.params = [Type::ANY].into();
    }
    rw.emit(op, bytes)
}

fn load(rw: &mut Rewriter, pointer: Value, ty: Type) -> Value {
    let args = [pointer, Value::int64(1), Value::int64(8)];
    rw.intrinsic(Intrinsic::PointerRef, &args, ty)
}

fn store(rw: &mut Rewriter, pointer: Value, value: Value, align: i64) {
    let ty = rw.type_of(pointer);
    let args = [pointer, value, Value::int64(1), Value::int64(align)];
    rw.intrinsic(Intrinsic::PointerSet, &args, ty);
}

/// The message being written.
struct Message {
    buf: Value,
    /// `Ptr{UInt8}`.
    bytes: Type,
}

impl Message {
    /// Appends what `Shims.NAME(buf, pos, cap, args…)` makes of the arguments.
    fn append(&self, rw: &mut Rewriter, name: &str, args: &[Value]) {
        let params: Vec<Type> = args.iter().map(|&v| rw.type_of(v)).collect();
        let Some(func) = record_append(rw, name, &params, self.bytes) else {
            return;
        };
        let mut all = vec![self.buf];
        all.extend_from_slice(args);
        let op = rw.invoke_op(func, &all);
        rw.emit(op, Type::NOTHING);
    }

    fn text(&self, rw: &mut Rewriter, text: &[u8]) {
        if let [byte] = *text {
            let byte = Value::Imm {
                ty: Type::UINT8,
                bits: byte.into(),
            };
            return self.append(rw, "Shims.append_byte", &[byte]);
        }
        let data = constant_bytes(rw, text, self.bytes);
        let len = Value::int64(text.len() as i64);
        self.append(rw, "Shims.append_bytes", &[data, len]);
    }

    fn value(&self, rw: &mut Rewriter, value: Value, ty: Type, mode: PartMode) {
        let show = mode == PartMode::Show;
        if matches!(ty, Type::STRING | Type::SYMBOL) {
            return self.dynamic_text(rw, value, ty, show);
        }
        let name = match ty {
            Type::BOOL => "Shims.append_bool",
            Type::CHAR if show => "Shims.show_char",
            Type::CHAR => "Shims.append_char",
            Type::FLOAT64 => "Shims.append_float64",
            Type::FLOAT32 if show => "Shims.show_float32",
            Type::FLOAT32 => "Shims.append_float32",
            Type::FLOAT16 if show => "Shims.show_float16",
            Type::FLOAT16 => "Shims.append_float16",
            Type::INT128 => "Shims.append_int128",
            _ if ty.is_signed() => "Shims.append_int64",
            _ if ty.is_unsigned() && show => return self.hexadecimal(rw, value, ty),
            Type::UINT128 => "Shims.append_uint128",
            _ => "Shims.append_uint64",
        };
        let value = match ty.is_integer() && ty != Type::INT128 && ty != Type::UINT128 {
            true => widen(rw, value, ty),
            false => value,
        };
        self.append(rw, name, &[value]);
    }

    /// A string or symbol.
    fn dynamic_text(&self, rw: &mut Rewriter, value: Value, ty: Type, show: bool) {
        let mut op = rw.foreign_op("jlift_string_data", self.bytes, &[value]);
        if let Op::ForeignCall(call) = &mut op {
            call.params = [Type::ANY].into();
        }
        let data = rw.emit(op, self.bytes);
        let len = rw.builtin(Builtin::SizeOf, &[value], Type::INT64);
        match (ty, show) {
            (Type::SYMBOL, true) => {
                self.text(rw, b":");
                self.append(rw, "Shims.append_bytes", &[data, len]);
            }
            (_, true) => self.append(rw, "Shims.show_string", &[data, len]),
            _ => self.append(rw, "Shims.append_bytes", &[data, len]),
        }
    }

    /// All digits, as `show` writes unsigned numbers.
    fn hexadecimal(&self, rw: &mut Rewriter, value: Value, ty: Type) {
        let digits = ty.builtin_bits().unwrap_or(64) / 4;
        if digits <= 16 {
            let value = widen(rw, value, ty);
            let digits = Value::int64(digits.into());
            self.append(rw, "Shims.append_hex", &[value, digits]);
            return;
        }
        let high = rw.intrinsic(Intrinsic::LshrInt, &[value, uint64(64)], ty);
        for word in [high, value] {
            let word = rw.convert(Intrinsic::TruncInt, word, Type::UINT64);
            self.append(rw, "Shims.append_hex", &[word, Value::int64(16)]);
        }
    }
}
