//! Functions that fill the error record: one for each exception type and form of text in a module.
//!
//! ```text
//! function @9 Shims.throw#1(_2::Float64)::Union{}
//!   %1 = invoke record_open(FNV-1a of "DomainError")     the place of the message in the record
//!   %3 = invoke append_bytes(%1, 0, 1007, "DomainError with ", 17)
//!   %4 = invoke append_float64(%1, %3, 1007, _2)
//!   %6 = invoke append_bytes(%1, %4, 1007, ":\nmust be positive", 18)
//!   %7 = invoke record_close(%1, %6)                     its length, a NUL, expr rethrow()
//! ```
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
    shared: HashMap<&'static str, Func>,
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
    name: &'static str,
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
    rw.session.records.shared.insert(name, func);
    func
}

/// `Shims.record_open(type hash)`: begins a record, gives the place of its message.
fn record_open(rw: &mut Rewriter, bytes: Type) -> Func {
    let words = rw.session.module.tables.ptr(Type::UINT64);
    shared(rw, "Shims.record_open", &[Type::UINT64], bytes, |rw| {
        let op = rw.foreign_op("jlift_error_record", bytes, &[]);
        let record = rw.emit(op, bytes);
        let hash_at = rw.bitcast(record, words);
        store(rw, hash_at, Value::Arg(2), 8);
        let offset = uint64(MESSAGE_OFFSET.into());
        let message = rw.intrinsic(Intrinsic::AddPtr, &[record, offset], bytes);
        rw.end(Terminator::Return(message));
    })
}

/// `Shims.record_close(message, bytes)`: ends a record and throws it.
fn record_close(rw: &mut Rewriter, bytes: Type) -> Func {
    let words = rw.session.module.tables.ptr(Type::UINT64);
    let params = [bytes, Type::INT64];
    shared(rw, "Shims.record_close", &params, Type::BOTTOM, |rw| {
        let (message, pos) = (Value::Arg(2), Value::Arg(3));
        let cap = Value::int64(MESSAGE_CAPACITY.into());
        let cut = rw.intrinsic(Intrinsic::SltInt, &[cap, pos], Type::BOOL);
        let len = rw.select(cut, cap, pos, Type::INT64);
        let len_bits = rw.bitcast(len, Type::UINT64);
        let back = uint64((MESSAGE_OFFSET - LENGTH_OFFSET).into());
        let len_at = rw.intrinsic(Intrinsic::SubPtr, &[message, back], bytes);
        let len_at = rw.bitcast(len_at, words);
        store(rw, len_at, len_bits, 8);
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

fn uint64(bits: u64) -> Value {
    Value::Imm {
        ty: Type::UINT64,
        bits,
    }
}

fn write_record(rw: &mut Rewriter, key: &Key) {
    let bytes = rw.session.module.tables.ptr(Type::UINT8);
    let hash = type_hash(&type_text(&rw.session.module.tables, key.exception));
    let open = record_open(rw, bytes);
    let op = rw.invoke_op(open, &[uint64(hash)]);
    let message = rw.emit(op, bytes);
    let mut out = Message {
        buf: message,
        pos: Value::int64(0),
        bytes,
    };
    for piece in &key.pieces {
        match piece {
            Piece::Text(text) => out.text(rw, text),
            Piece::Param(mode, n) => {
                out.value(rw, Value::Arg(*n as u32 + 2), key.params[*n], *mode);
            }
        }
    }
    let close = record_close(rw, bytes);
    rw.throw_call(close, &[message, out.pos]);
}

fn store(rw: &mut Rewriter, pointer: Value, value: Value, align: i64) {
    let ty = rw.type_of(pointer);
    let args = [pointer, value, Value::int64(1), Value::int64(align)];
    rw.intrinsic(Intrinsic::PointerSet, &args, ty);
}

/// The message being written.
struct Message {
    buf: Value,
    /// Where the next byte goes; may be beyond the capacity.
    pos: Value,
    /// `Ptr{UInt8}`.
    bytes: Type,
}

impl Message {
    /// Calls `Shims.NAME(buf, pos, cap, args…)`.
    fn append(&mut self, rw: &mut Rewriter, name: &str, args: &[Value]) {
        let mut params = vec![self.bytes, Type::INT64, Type::INT64];
        params.extend(args.iter().map(|&v| rw.type_of(v)));
        let Some(func) = rw.shim(name, &params) else {
            return;
        };
        let mut all = vec![self.buf, self.pos, Value::int64(MESSAGE_CAPACITY.into())];
        all.extend_from_slice(args);
        let op = rw.invoke_op(func, &all);
        self.pos = rw.emit(op, Type::INT64);
    }

    fn text(&mut self, rw: &mut Rewriter, text: &[u8]) {
        if let [byte] = *text {
            let byte = Value::Imm {
                ty: Type::UINT8,
                bits: byte.into(),
            };
            return self.append(rw, "Shims.append_byte", &[byte]);
        }
        let string = rw.session.module.tables.string(text);
        let mut op = rw.foreign_op("jlift_string_data", self.bytes, &[string]);
        if let Op::ForeignCall(call) = &mut op {
            call.params = [Type::ANY].into();
        }
        let data = rw.emit(op, self.bytes);
        let len = Value::int64(text.len() as i64);
        self.append(rw, "Shims.append_bytes", &[data, len]);
    }

    fn value(&mut self, rw: &mut Rewriter, value: Value, ty: Type, mode: PartMode) {
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
    fn dynamic_text(&mut self, rw: &mut Rewriter, value: Value, ty: Type, show: bool) {
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
    fn hexadecimal(&mut self, rw: &mut Rewriter, value: Value, ty: Type) {
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
