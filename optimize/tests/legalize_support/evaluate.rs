//! Evaluates legalized functions on constants as far as tests of error texts need it: arithmetic
//! by constant folding, arrays as nothing but their sizes. A call of a generated thrower ends the
//! evaluation with the text that it writes, where every runtime formatter appends what Julia's
//! `print` and `show` would.

use jlift_ir::fold::fold_intrinsic;
use jlift_ir::module::value_type;
use jlift_ir::text::float64_text;
use jlift_ir::{
    Block, Builtin, ConstData, Func, Inst, Intrinsic, Module, Op, Terminator, Type, Value,
};
use std::collections::HashMap;

/// How an evaluation ended.
#[derive(Clone, PartialEq, Debug)]
pub enum Outcome {
    Returned(Value),
    Threw(String),
}

/// Evaluates functions of one module.
pub struct Evaluator {
    pub module: Module,
    /// The sizes of all arrays.
    pub dims: Vec<i64>,
    fuel: u32,
}

impl Evaluator {
    pub fn new(module: Module) -> Self {
        Evaluator {
            module,
            dims: Vec::new(),
            fuel: 0,
        }
    }

    /// The function of this name with this many parameters.
    pub fn find(&self, name: &str) -> Func {
        self.module
            .functions
            .iter()
            .find(|(_, f)| self.module.tables.names.str(f.name) == name && !f.layout.is_empty())
            .map(|(id, _)| id)
            .unwrap_or_else(|| panic!("no function {name}"))
    }

    pub fn call(&mut self, func: Func, args: &[Value]) -> Outcome {
        self.fuel = 1_000_000;
        self.run(func, args)
    }

    /// The text that a call throws; `None` if it gets to where an array is accessed.
    pub fn try_call(&mut self, func: Func, args: &[Value]) -> Option<String> {
        match self.call(func, args) {
            Outcome::Threw(text) => Some(text),
            Outcome::Returned(_) => None,
        }
    }

    fn run(&mut self, func: Func, args: &[Value]) -> Outcome {
        let name = self
            .module
            .tables
            .names
            .str(self.module.functions[func].name);
        if name.starts_with("Shims.throw#") {
            return Outcome::Threw(self.render(func, args));
        }
        let f = self.module.functions[func].clone();
        let mut env: HashMap<Inst, Value> = HashMap::new();
        let mut block = f.layout[0];
        let mut from: Option<Block> = None;
        loop {
            let value = |env: &HashMap<Inst, Value>, v: Value| match v {
                Value::Inst(i) => env[&i],
                Value::Arg(n) => args[n as usize - 2],
                constant => constant,
            };
            // Phis read before any of them is written.
            let phis: Vec<(Inst, Option<Value>)> = f
                .block_phis(block)
                .map(|phi| {
                    let v = from.and_then(|p| f.phi_value(phi, p));
                    (
                        phi,
                        v.and_then(|v| match v {
                            Value::Inst(i) => env.get(&i).copied(),
                            other => Some(value(&env, other)),
                        }),
                    )
                })
                .collect();
            for (phi, v) in phis {
                match v {
                    Some(v) => drop(env.insert(phi, v)),
                    None => drop(env.remove(&phi)),
                }
            }
            for &inst in &f.blocks[block].insts {
                self.fuel -= 1;
                let ty = f.insts[inst].ty;
                let list = |env: &HashMap<Inst, Value>, list| -> Vec<Value> {
                    f.args(list).iter().map(|&v| value(env, v)).collect()
                };
                let result = match &f.insts[inst].op {
                    Op::Phi(_) => continue,
                    Op::Copy(v) | Op::Pi { value: v, .. } => value(&env, *v),
                    Op::Intrinsic(Intrinsic::ArrayLen, _) => {
                        Value::int64(self.dims.iter().product())
                    }
                    Op::Intrinsic(i, a) => {
                        let a = list(&env, *a);
                        fold_intrinsic(&mut self.module.tables, *i, &a, ty)
                            .unwrap_or_else(|| panic!("{} of {a:?}", i.name()))
                    }
                    Op::Builtin(b, a) => {
                        let a = list(&env, *a);
                        self.builtin(*b, &a, ty)
                    }
                    Op::Invoke { func, args: a, .. } => {
                        let a = list(&env, *a);
                        match self.run(*func, &a) {
                            Outcome::Returned(v) => v,
                            threw => return threw,
                        }
                    }
                    op => panic!("{op:?} is not evaluated"),
                };
                env.insert(inst, result);
            }
            let next = match f.blocks[block].term {
                Terminator::Goto(b) => b,
                Terminator::Branch {
                    cond,
                    then_dest,
                    else_dest,
                } => match value(&env, cond).as_bool() {
                    Some(true) => then_dest,
                    Some(false) => else_dest,
                    None => panic!("a branch on {cond:?}"),
                },
                Terminator::Return(v) => return Outcome::Returned(value(&env, v)),
                ref other => panic!("{other:?} is not evaluated"),
            };
            from = Some(block);
            block = next;
        }
    }

    fn builtin(&mut self, builtin: Builtin, args: &[Value], ty: Type) -> Value {
        match (builtin, args) {
            (Builtin::IfElse, &[cond, a, b]) => match cond.as_bool() {
                Some(true) => a,
                _ => b,
            },
            // Arrays have no elements here.
            (Builtin::ArrayRef, _) => Value::NOTHING,
            (Builtin::Egal, &[a, b]) => Value::bool(a == b),
            (Builtin::ArraySize, &[_, Value::Imm { bits, .. }]) => {
                Value::int64(self.dims[bits as usize - 1])
            }
            (Builtin::Tuple, _) => {
                let fields = args.into();
                Value::Const(
                    self.module
                        .tables
                        .constant(ConstData::Aggregate { ty, fields }),
                )
            }
            (Builtin::GetField, &[Value::Const(c), Value::Imm { bits, .. }, ..]) => {
                match self.module.tables.const_data(c) {
                    ConstData::Aggregate { fields, .. } => fields[bits as usize - 1],
                    other => panic!("a field of {other:?}"),
                }
            }
            _ => panic!("{builtin:?} of {args:?}"),
        }
    }

    /// The text that a generated thrower writes.
    fn render(&self, thrower: Func, args: &[Value]) -> String {
        let f = &self.module.functions[thrower];
        let mut out = Vec::new();
        let mut strings: HashMap<Value, Vec<u8>> = HashMap::new();
        let mut widened: HashMap<Value, Value> = HashMap::new();
        for &inst in &f.blocks[f.layout[0]].insts {
            match &f.insts[inst].op {
                Op::ForeignCall(call) if !f.args(call.args).is_empty() => {
                    if let [Value::Const(c)] = f.args(call.args)
                        && let ConstData::String(s) = self.module.tables.const_data(*c)
                    {
                        strings.insert(Value::Inst(inst), s.to_vec());
                    }
                }
                Op::Intrinsic(Intrinsic::SextInt | Intrinsic::ZextInt, list) => {
                    widened.insert(Value::Inst(inst), f.args(*list)[1]);
                }
                Op::Invoke { func, args: a, .. } => {
                    let name = self
                        .module
                        .tables
                        .names
                        .str(self.module.functions[*func].name);
                    let a = f.args(*a);
                    if name == "Shims.record_end" {
                        continue;
                    }
                    if matches!(name, "Shims.record_begin" | "Shims.throw_text") {
                        // The hash of the type comes first.
                        let text = &strings[&a[0]][8..];
                        assert_eq!(a[1], Value::int64(text.len() as i64));
                        out.extend_from_slice(text);
                        continue;
                    }
                    let name = name.replace("Shims.record_", "Shims.");
                    if let Some(text) = strings.get(&a[1]) {
                        assert_eq!(a[2], Value::int64(text.len() as i64));
                        out.extend_from_slice(text);
                        continue;
                    }
                    let value = widened.get(&a[1]).copied().unwrap_or(a[1]);
                    let value = match value {
                        Value::Arg(n) => args[n as usize - 2],
                        other => other,
                    };
                    out.extend(self.format(&name, value, a.get(2).copied()));
                }
                _ => {}
            }
        }
        String::from_utf8_lossy(&out).into_owned()
    }

    /// What a runtime formatter appends.
    fn format(&self, name: &str, value: Value, digits: Option<Value>) -> Vec<u8> {
        let bits = self.module.tables.primitive_bits(value).expect("a number");
        let ty = value_type(
            &self.module.tables,
            &self.module.globals,
            &self.module.functions[Func::from_u32(0)],
            value,
        )
        .expect("a type");
        let width = ty.builtin_bits().expect("a number");
        let signed = ((bits as i128) << (128 - width)) >> (128 - width);
        match name.strip_prefix("Shims.").expect("a runtime function") {
            "append_byte" => vec![bits as u8],
            "append_int64" | "append_int128" if ty.is_signed() => signed.to_string().into_bytes(),
            "append_uint64" | "append_uint128" if ty.is_unsigned() => bits.to_string().into_bytes(),
            "append_bool" => (bits != 0).to_string().into_bytes(),
            "append_hex" => {
                let Some(Value::Imm { bits: digits, .. }) = digits else {
                    panic!("digits of {name}");
                };
                format!("{bits:0width$x}", width = digits as usize).into_bytes()
            }
            "append_float64" => float_text(f64::from_bits(bits as u64)).into_bytes(),
            "append_float32" => {
                let x = f32::from_bits(bits as u32);
                let x: f64 = format!("{x:e}").parse().unwrap_or(x.into());
                float_text(x).into_bytes()
            }
            "show_float32" => {
                let x = f32::from_bits(bits as u32);
                let x: f64 = format!("{x:e}").parse().unwrap_or(x.into());
                let text = float_text(x);
                let text = match text.contains('e') {
                    true => text.replace('e', "f"),
                    false => text + "f0",
                };
                text.into_bytes()
            }
            other => panic!("{other} of a {ty:?}"),
        }
    }
}

fn float_text(x: f64) -> String {
    match x {
        _ if x.is_nan() => "NaN".into(),
        f64::INFINITY => "Inf".into(),
        f64::NEG_INFINITY => "-Inf".into(),
        _ => float64_text(x),
    }
}

/// The constant of a type that a golden table writes: integers in decimal, floats as bits.
pub fn golden_value(module: &mut Module, ty: Type, text: &str) -> Option<Value> {
    let width = ty.builtin_bits()?;
    let bits = match ty {
        Type::BOOL => u128::from(text == "true"),
        _ if ty.is_float() => match text {
            "NaN" if ty == Type::FLOAT64 => 0x7ff8_0000_0000_0000,
            "NaN" if ty == Type::FLOAT32 => 0x7fc0_0000,
            _ => u128::from_str_radix(text, 16).ok()?,
        },
        _ if ty.is_signed() => {
            let mask = u128::MAX >> (128 - width);
            text.parse::<i128>().ok()? as u128 & mask
        }
        _ => text.parse::<u128>().ok()?,
    };
    Some(module.tables.primitive(ty, width, bits))
}

/// The type of this name, of those that golden tables name.
pub fn golden_type(name: &str) -> Option<Type> {
    Some(match name {
        "Bool" => Type::BOOL,
        "Int8" => Type::INT8,
        "Int16" => Type::INT16,
        "Int32" => Type::INT32,
        "Int64" => Type::INT64,
        "Int128" => Type::INT128,
        "UInt8" => Type::UINT8,
        "UInt16" => Type::UINT16,
        "UInt32" => Type::UINT32,
        "UInt64" => Type::UINT64,
        "UInt128" => Type::UINT128,
        "Float32" => Type::FLOAT32,
        "Float64" => Type::FLOAT64,
        _ => return None,
    })
}
