//! The functions that make the calls, themselves typed IR: each loads arguments from memory, calls, and
//! stores what it gets. They take two pointers whatever the function takes, so that nothing here
//! knows a calling convention, and every way executes them as any other function.

use crate::diagnostic::Failure;
use jlift_abi::layout::layout;
use jlift_ir::function::{BlockData, ForeignCall, Function, Op, Param, Terminator, Value};
use jlift_ir::{Block, Func, Intrinsic, Module, Type, TypeClass};

/// Bytes of an array or string that are looked at.
pub(super) const CONTENT: usize = 2048;

/// What is stored of a result.
#[derive(Copy, Clone, PartialEq, Debug)]
pub(super) enum Outcome {
    /// Its bits.
    Bits { size: usize },
    /// Sizes and elements of an array of plain bits.
    Array { elem: Type, dims: u32 },
    /// Length and bytes of a string.
    Text,
    /// Nothing.
    Dropped,
}

/// Offsets of arguments, and the size of all.
pub(super) fn argument_places(
    module: &Module,
    params: &[Type],
) -> Result<(Vec<usize>, usize), Failure> {
    let tables = &module.tables;
    let mut places = Vec::with_capacity(params.len());
    let mut end: usize = 0;
    for &ty in params {
        let size = match tables.array_of(ty) {
            Some((_, dims)) => 8 + 8 * dims as usize,
            // Where its bytes are, and how many.
            None if ty == Type::STRING => 16,
            None => {
                layout(tables, ty)
                    .map_err(|e| Failure::plain(e.to_string()))?
                    .size as usize
            }
        };
        let place = end.next_multiple_of(16);
        places.push(place);
        end = place + size;
    }
    Ok((places, end))
}

/// Adds `function Main.caller#(arguments::Ptr{UInt8}, result::Ptr{UInt8})::Nothing` to a module.
pub(super) fn make_caller(module: &mut Module, func: Func) -> Result<(Func, Outcome), Failure> {
    let function = &module.functions[func];
    let (ret, callee_type) = (function.ret, function.self_type);
    let params: Vec<Type> = function.params.iter().map(|p| p.ty).collect();
    let refuse = |module: &Module, what: &str| {
        let name = module.describe(func);
        Err(Failure::plain(format!("{name} {what}")))
    };
    if module.tables.class(callee_type) != TypeClass::Singleton {
        return refuse(module, "is a closure, which cannot be called from outside");
    }
    let (places, _) = argument_places(module, &params)?;
    let bytes = module.tables.ptr(Type::UINT8);
    let empty = module.tables.names.intern("");
    let param = Param {
        name: empty,
        ty: bytes,
    };
    let name = module.tables.names.intern(&format!("Main.caller#{func}"));
    let f = Function::new(
        name,
        vec![param.clone(), param],
        Type::NOTHING,
        Type::NOTHING,
    );
    let mut w = Writer {
        module,
        f,
        insts: Vec::new(),
        bytes,
    };
    let mut args = Vec::with_capacity(params.len());
    for (&place, &ty) in places.iter().zip(&params) {
        let value = match w.module.tables.array_of(ty) {
            Some((elem, dims)) if w.module.tables.is_bits(elem) => {
                w.wrap_array(place, ty, elem, dims)
            }
            _ if ty == Type::STRING => w.make_text(place),
            _ if w.module.tables.is_bits(ty) => w.load(Value::Arg(2), place, ty),
            _ => return refuse(w.module, "takes what cannot be passed from outside"),
        };
        args.push(value);
    }
    let args = w.f.value_list(&args);
    let call = Op::Invoke {
        func,
        callee: None,
        args,
    };
    let result = w.push(call, ret);
    let outcome = w.outcome(ret);
    match outcome {
        _ if ret == Type::BOTTOM => {
            w.end(Terminator::Unreachable);
        }
        Outcome::Bits { size } => {
            if size > 0 {
                w.store(result, 0, ret);
            }
            w.end(Terminator::Return(Value::NOTHING));
        }
        Outcome::Array { elem, dims } => w.store_array(result, elem, dims),
        Outcome::Text => w.store_text(result),
        Outcome::Dropped => {
            w.end(Terminator::Return(Value::NOTHING));
        }
    }
    let caller = w.f;
    Ok((module.functions.push(caller), outcome))
}

/// A caller that is being written, one block after the other.
struct Writer<'m> {
    module: &'m mut Module,
    f: Function,
    insts: Vec<jlift_ir::Inst>,
    /// `Ptr{UInt8}`.
    bytes: Type,
}

impl Writer<'_> {
    fn push(&mut self, op: Op, ty: Type) -> Value {
        let inst = self.f.make_inst(op, ty, None.into());
        self.insts.push(inst);
        Value::Inst(inst)
    }

    fn intrinsic(&mut self, intrinsic: Intrinsic, args: &[Value], ty: Type) -> Value {
        let args = self.f.value_list(args);
        self.push(Op::Intrinsic(intrinsic, args), ty)
    }

    fn end(&mut self, term: Terminator) -> Block {
        let block = self.f.blocks.push(BlockData {
            insts: std::mem::take(&mut self.insts),
            term,
            term_loc: None.into(),
        });
        self.f.layout.push(block);
        block
    }

    /// A pointer to a type, this far behind another pointer.
    fn at(&mut self, base: Value, offset: usize, ty: Type) -> Value {
        let offset = Value::Imm {
            ty: Type::UINT64,
            bits: offset as u64,
        };
        let address = self.intrinsic(Intrinsic::AddPtr, &[base, offset], self.bytes);
        let ptr = self.module.tables.ptr(ty);
        self.intrinsic(Intrinsic::Bitcast, &[Value::Type(ptr), address], ptr)
    }

    fn load(&mut self, base: Value, offset: usize, ty: Type) -> Value {
        let from = self.at(base, offset, ty);
        let one = Value::int64(1);
        self.intrinsic(Intrinsic::PointerRef, &[from, one, one], ty)
    }

    fn store(&mut self, value: Value, offset: usize, ty: Type) {
        let to = self.at(Value::Arg(3), offset, ty);
        let ptr = self.module.tables.ptr(ty);
        let one = Value::int64(1);
        self.intrinsic(Intrinsic::PointerSet, &[to, value, one, one], ptr);
    }

    fn foreign(&mut self, name: &str, ret: Type, args: &[(Type, Value)], roots: &[Value]) -> Value {
        let (params, values): (Vec<Type>, Vec<Value>) = args.iter().copied().unzip();
        let symbol = self.module.tables.symbol(name);
        let convention = self.module.tables.names.intern("ccall");
        let args = self.f.value_list(&values);
        let roots = self.f.value_list(roots);
        let call = ForeignCall {
            symbol,
            ret,
            params: params.into(),
            variadic_from: 0,
            convention,
            args,
            roots,
        };
        self.push(Op::ForeignCall(Box::new(call)), ret)
    }

    fn wrap_array(&mut self, place: usize, ty: Type, elem: Type, dims: u32) -> Value {
        let pointer = self.module.tables.ptr(elem);
        let data = self.load(Value::Arg(2), place, pointer);
        let sizes: Vec<Value> = (1..=dims as usize)
            .map(|n| self.load(Value::Arg(2), place + 8 * n, Type::INT64))
            .collect();
        let own = Value::Imm {
            ty: Type::INT32,
            bits: 0,
        };
        let own = (Type::INT32, own);
        let told = (Type::ANY, Value::Type(ty));
        match sizes[..] {
            [length] => {
                let args = [told, (pointer, data), (Type::INT64, length), own];
                self.foreign("jl_ptr_to_array_1d", ty, &args, &[])
            }
            _ => {
                let tuple = self.module.tables.tuple(&vec![Type::INT64; sizes.len()]);
                let list = self.f.value_list(&sizes);
                let dims = self.push(Op::Builtin(jlift_ir::Builtin::Tuple, list), tuple);
                let args = [told, (pointer, data), (Type::ANY, dims), own];
                self.foreign("jl_ptr_to_array", ty, &args, &[])
            }
        }
    }

    fn make_text(&mut self, place: usize) -> Value {
        let bytes = self.bytes;
        let from = self.load(Value::Arg(2), place, bytes);
        let size = self.load(Value::Arg(2), place + 8, Type::INT64);
        let args = [(Type::INT64, size)];
        let text = self.foreign("jl_alloc_string", Type::STRING, &args, &[]);
        let to = self.foreign("jl_string_ptr", bytes, &[(Type::ANY, text)], &[]);
        let args = [(bytes, to), (bytes, from), (Type::INT64, size)];
        self.foreign("memmove", bytes, &args, &[text]);
        text
    }

    fn outcome(&self, ret: Type) -> Outcome {
        let tables = &self.module.tables;
        if let Some((elem, dims)) = tables.array_of(ret)
            && tables.is_bits(elem)
        {
            return Outcome::Array { elem, dims };
        }
        match tables.class(ret) {
            TypeClass::String => Outcome::Text,
            _ if tables.is_bits(ret) => Outcome::Bits {
                size: layout(tables, ret).map_or(0, |l| l.size as usize),
            },
            _ => Outcome::Dropped,
        }
    }

    fn store_array(&mut self, array: Value, elem: Type, dims: u32) {
        for n in 1..=dims {
            let list = self.f.value_list(&[array, Value::int64(n.into())]);
            let size = Op::Builtin(jlift_ir::Builtin::ArraySize, list);
            let size = self.push(size, Type::INT64);
            self.store(size, 8 * (n as usize - 1), Type::INT64);
        }
        let length = self.intrinsic(Intrinsic::ArrayLen, &[array], Type::INT64);
        let stride = layout(&self.module.tables, elem).map_or(1, |l| l.stride());
        let stride = Value::int64(stride.into());
        let size = self.intrinsic(Intrinsic::MulInt, &[length, stride], Type::INT64);
        let bytes = self.bytes;
        self.copy(size, 8 * dims as usize, |w| {
            let args = [(Type::ANY, array)];
            (w.foreign("jl_array_ptr", bytes, &args, &[]), array)
        });
    }

    fn store_text(&mut self, text: Value) {
        let list = self.f.value_list(&[text]);
        let size = Op::Builtin(jlift_ir::Builtin::SizeOf, list);
        let size = self.push(size, Type::INT64);
        self.store(size, 0, Type::INT64);
        let bytes = self.bytes;
        self.copy(size, 8, |w| {
            let args = [(Type::ANY, text)];
            (w.foreign("jl_string_ptr", bytes, &args, &[]), text)
        });
    }

    /// Copies this many bytes behind an address if they are not too many, and returns.
    fn copy(&mut self, size: Value, offset: usize, address: impl Fn(&mut Self) -> (Value, Value)) {
        let most = Value::int64(CONTENT as i64);
        let fits = self.intrinsic(Intrinsic::SleInt, &[size, most], Type::BOOL);
        let start = self.end(Terminator::Unreachable);
        let (from, root) = address(self);
        let to = self.at(Value::Arg(3), offset, Type::UINT8);
        let bytes = self.bytes;
        let args = [(bytes, to), (bytes, from), (Type::INT64, size)];
        self.foreign("memmove", bytes, &args, &[root]);
        let copies = self.end(Terminator::Unreachable);
        let done = self.end(Terminator::Return(Value::NOTHING));
        self.f.blocks[copies].term = Terminator::Goto(done);
        self.f.blocks[start].term = Terminator::Branch {
            cond: fits,
            then_dest: copies,
            else_dest: done,
        };
    }
}
