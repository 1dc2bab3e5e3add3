//! The Julia side of the test as typed IR: for each signature a function that folds its arguments
//! into its result, and one that loads arguments from memory, calls C and stores the result.
//!
//! Both languages fold alike: a value is taken apart to 64-bit words (`Writer::put`), a word is mixed
//! into an accumulator by [`FOLD_FACTOR`] and [`FOLD_SHIFT`] (`Writer::mix`), and a value is made
//! from the accumulator after [`STEP`] was mixed into it for each word (`Writer::make`).

use crate::signature::Signature;
use crate::types::{Bits, Id, Kind, PRIMITIVES, SCALARS, Types};
use std::fmt::Write;

/// Odd, so that no bit of a word is lost.
pub const FOLD_FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
/// Brings high bits down.
pub const FOLD_SHIFT: u32 = 29;
/// Mixed in before each word that a value is made from.
pub const STEP: u64 = 0x0123_4567_89ab_cdef;
/// What the accumulator of a signature starts from, plus the signature's number.
pub const START: u64 = 0x5eed_0000;

/// The whole module.
pub fn module(types: &Types, signatures: &[Signature]) -> String {
    let mut out = String::from("jir 1\n");
    out.push_str(PRIMITIVES);
    out.push_str("singleton Main.Marker super=Any\nsingleton DivideError super=Exception\n");
    for info in &types.list {
        if let Kind::Aggregate {
            parts,
            tuple: false,
            ..
        } = &info.kind
        {
            let fields: Vec<String> = parts
                .iter()
                .enumerate()
                .map(|(i, &(part, offset))| {
                    format!("\"f{i}\"::{} @{offset}", types.list[part].julia)
                })
                .collect();
            let _ = writeln!(
                out,
                "struct {} inline size={} align={} super=Any {{ {} }}",
                info.julia,
                info.size,
                info.align,
                fields.join(", ")
            );
        }
    }
    for n in 0..signatures.len() {
        for name in ["jl", "inner", "call"] {
            let _ = writeln!(out, "singleton typeof(Main.{name}_{n}) super=Function");
        }
    }
    for (n, signature) in signatures.iter().enumerate() {
        fold_functions(&mut out, types, n, signature);
        call_function(&mut out, types, n, signature);
    }
    out
}

/// Statements of one function in the order in which they are written.
struct Writer<'t> {
    types: &'t Types,
    out: String,
    next: u32,
}

impl Writer<'_> {
    /// A statement; its value.
    fn put_statement(&mut self, statement: &str, ty: &str) -> String {
        let number = self.next;
        self.next += 1;
        let _ = writeln!(self.out, "  %{number} = {statement}::{ty}");
        format!("%{number}")
    }

    /// The end of a block, which counts as a statement.
    fn end(&mut self, text: &str) {
        self.next += 1;
        let _ = writeln!(self.out, "  {text}");
    }

    /// The accumulator after a word.
    fn mix(&mut self, acc: &str, word: &str) -> String {
        let x = self.put_statement(&format!("Base.xor_int({acc}, {word})"), "UInt64");
        let x = self.put_statement(
            &format!("Base.mul_int({x}, UInt64({FOLD_FACTOR}))"),
            "UInt64",
        );
        let high = self.put_statement(
            &format!("Base.lshr_int({x}, UInt64({FOLD_SHIFT}))"),
            "UInt64",
        );
        self.put_statement(&format!("Base.xor_int({x}, {high})"), "UInt64")
    }

    /// The accumulator after all words of a value.
    fn fold(&mut self, mut acc: String, ty: Id, value: &str) -> String {
        let types = self.types;
        match &types.list[ty].kind {
            Kind::Ghost(_) => acc,
            Kind::Scalar(s) => {
                for word in self.words(SCALARS[*s].bits, value) {
                    acc = self.mix(&acc, &word);
                }
                acc
            }
            Kind::Aggregate { parts, tuple, .. } => {
                for (i, &(part, _)) in parts.iter().enumerate() {
                    // The three ways in which Julia writes a field.
                    let field = match (tuple, i % 2) {
                        (true, _) => format!("Core.getfield({value}, {}, true)", i + 1),
                        (false, 0) => format!("Core.getfield({value}, sym \"f{i}\")"),
                        (false, _) => format!("Core.getfield({value}, {})", i + 1),
                    };
                    let field = self.put_statement(&field, &types.list[part].julia);
                    acc = self.fold(acc, part, &field);
                }
                acc
            }
        }
    }

    /// The words of a scalar.
    fn words(&mut self, bits: Bits, value: &str) -> Vec<String> {
        let mut convert = |name: &str, ty: &str, value: &str| {
            self.put_statement(&format!("Base.{name}(type {ty}, {value})"), ty)
        };
        vec![match bits {
            Bits::Bool | Bits::Int(8 | 16 | 32) => convert("zext_int", "UInt64", value),
            Bits::Char | Bits::Float(16 | 32) => {
                let unsigned = format!("UInt{}", bits.size() * 8);
                let x = convert("bitcast", &unsigned, value);
                convert("zext_int", "UInt64", &x)
            }
            Bits::Int(128) => {
                let wide = convert("bitcast", "UInt128", value);
                let low = convert("trunc_int", "UInt64", &wide);
                let high =
                    self.put_statement(&format!("Base.lshr_int({wide}, UInt64(64))"), "UInt128");
                let high =
                    self.put_statement(&format!("Base.trunc_int(type UInt64, {high})"), "UInt64");
                return vec![low, high];
            }
            Bits::Int(_) | Bits::Float(_) | Bits::Pointer => convert("bitcast", "UInt64", value),
        }]
    }

    /// A value from the accumulator, and the accumulator after it.
    fn make(&mut self, acc: String, ty: Id) -> (String, String) {
        let types = self.types;
        let info = &types.list[ty];
        match &info.kind {
            Kind::Ghost(value) => ((*value).into(), acc),
            Kind::Scalar(s) => self.make_scalar(acc, SCALARS[*s].bits, &info.julia),
            Kind::Aggregate { parts, tuple, .. } => {
                let mut acc = acc;
                let mut values = Vec::new();
                for &(part, _) in parts {
                    let (value, next) = self.make(acc, part);
                    values.push(value);
                    acc = next;
                }
                let list = values.join(", ");
                let statement = if *tuple {
                    format!("Core.tuple({list})")
                } else {
                    format!("new type {}({list})", info.julia)
                };
                (self.put_statement(&statement, &info.julia), acc)
            }
        }
    }

    fn make_scalar(&mut self, acc: String, bits: Bits, julia: &str) -> (String, String) {
        let step = format!("UInt64({STEP})");
        let word = self.mix(&acc, &step);
        let mut convert = |name: &str, ty: &str, value: &str| {
            self.put_statement(&format!("Base.{name}(type {ty}, {value})"), ty)
        };
        let value = match bits {
            Bits::Bool => {
                let bit = self.put_statement(&format!("Base.and_int({word}, UInt64(1))"), "UInt64");
                self.put_statement(&format!("Base.ult_int({bit}, UInt64(1))"), "Bool")
            }
            Bits::Int(8 | 16 | 32) => convert("trunc_int", julia, &word),
            Bits::Char | Bits::Float(16 | 32) => {
                let narrow = convert("trunc_int", &format!("UInt{}", bits.size() * 8), &word);
                convert("bitcast", julia, &narrow)
            }
            Bits::Int(128) => {
                let low = convert("zext_int", "UInt128", &word);
                let next = self.mix(&word, &step);
                let high =
                    self.put_statement(&format!("Base.zext_int(type UInt128, {next})"), "UInt128");
                let high =
                    self.put_statement(&format!("Base.shl_int({high}, UInt64(64))"), "UInt128");
                let both = self.put_statement(&format!("Base.or_int({high}, {low})"), "UInt128");
                let value =
                    self.put_statement(&format!("Base.bitcast(type {julia}, {both})"), julia);
                return (value, next);
            }
            Bits::Int(_) if julia == "UInt64" => word.clone(),
            Bits::Int(_) | Bits::Float(_) | Bits::Pointer => convert("bitcast", julia, &word),
        };
        (value, word)
    }
}

fn params_text(types: &[String]) -> String {
    let params: Vec<String> = types
        .iter()
        .enumerate()
        .map(|(i, ty)| format!("_{} a{i}::{ty}", i + 2))
        .collect();
    params.join(", ")
}

fn names_of(types: &Types, ids: &[Id]) -> Vec<String> {
    ids.iter().map(|&p| types.list[p].julia.clone()).collect()
}

/// `jl_N`, and `inner_N` where the signature wants it.
fn fold_functions(out: &mut String, types: &Types, n: usize, signature: &Signature) {
    let mut params = names_of(types, &signature.params);
    let ret = &types.list[signature.ret].julia;
    if signature.may_throw {
        params.push("Bool".into());
    }
    let list = params_text(&params);
    let mut body = Writer {
        types,
        out: String::new(),
        next: 1,
    };
    if signature.may_throw {
        let fail = params.len() + 1;
        let _ = writeln!(body.out, "#1:");
        body.end(&format!("goto #3 if not _{fail}"));
        let _ = writeln!(body.out, "#2:");
        body.put_statement("Core.throw(instance DivideError)", "Union{}");
        body.end("unreachable");
        let _ = writeln!(body.out, "#3:");
    } else {
        let _ = writeln!(body.out, "#1:");
    }
    let mut acc = format!("UInt64({})", START + n as u64);
    for (i, &param) in signature.params.iter().enumerate() {
        acc = body.fold(acc, param, &format!("_{}", i + 2));
    }
    let (value, _) = body.make(acc, signature.ret);
    body.end(&format!("return {value}"));
    let (inner, outer) = (3 * n + 1, 3 * n + 2);
    if !signature.through_inner {
        let _ = write!(
            out,
            "\nfunction @{outer} Main.jl_{n}({list})::{ret} self=typeof(Main.jl_{n}) export\n{}",
            body.out
        );
        return;
    }
    let args: Vec<String> = (0..params.len()).map(|i| format!("_{}", i + 2)).collect();
    let _ = write!(
        out,
        "\nfunction @{inner} Main.inner_{n}({list})::{ret} self=typeof(Main.inner_{n})\n{}\n\
         function @{outer} Main.jl_{n}({list})::{ret} self=typeof(Main.jl_{n}) export\n#1:\n  \
         %1 = invoke @{inner} inner_{n}({})::{ret}\n  return %1\n",
        body.out,
        args.join(", ")
    );
}

/// `call_N`: the parameters are pointers to the arguments, a pointer to the result and, where the
/// signature wants it, the address of the C function. What has no data has no pointer.
fn call_function(out: &mut String, types: &Types, n: usize, signature: &Signature) {
    let ret = &types.list[signature.ret];
    let mut params = Vec::new();
    let mut body = Writer {
        types,
        out: String::new(),
        next: 1,
    };
    let mut args = Vec::new();
    for &param in &signature.params {
        let info = &types.list[param];
        if let Kind::Ghost(value) = info.kind {
            args.push(value.to_string());
            continue;
        }
        params.push(format!("Ptr{{{}}}", info.julia));
        let load = format!("Base.pointerref(_{}, 1, 1)", params.len() + 1);
        args.push(body.put_statement(&load, &info.julia));
    }
    let result = params.len() + 2;
    if !ret.is_ghost() {
        params.push(format!("Ptr{{{}}}", ret.julia));
    }
    let symbol = if signature.by_pointer {
        params.push("Ptr{Nothing}".into());
        format!("_{}", params.len() + 1)
    } else {
        format!("sym \"c_{n}\"")
    };
    // A C function without result returns nothing, whatever other type without data is meant.
    let c_ret = if ret.is_ghost() {
        "Nothing"
    } else {
        &ret.julia
    };
    let call = format!(
        "foreigncall {symbol} {c_ret}({}) variadic_from=0 cc=sym \"ccall\" args({}) roots()",
        names_of(types, &signature.params).join(", "),
        args.join(", ")
    );
    let value = body.put_statement(&call, c_ret);
    if !ret.is_ghost() {
        let store = format!("Base.pointerset(_{result}, {value}, 1, 1)");
        body.put_statement(&store, &format!("Ptr{{{}}}", ret.julia));
    }
    let _ = write!(
        out,
        "\nfunction @{} Main.call_{n}({})::Nothing self=typeof(Main.call_{n}) export\n#1:\n{}  return nothing\n",
        3 * n + 3,
        params_text(&params),
        body.out
    );
}
