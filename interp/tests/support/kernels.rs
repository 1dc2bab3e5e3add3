//! Calls of the kernels' functions that take numbers and pointers, with what the interpreter makes of
//! them as they are written.

use super::{Random, has_fma};
use jlift_interp::{Interpreter, Options, Outcome, Stage, Value};
use jlift_ir::{Func, Module, Type, TypeClass, Value as Operand};

/// Calls of each function.
const INPUTS: u64 = 8;
const SEGMENTS: usize = 8;
/// Bytes behind a pointer.
const SEGMENT: usize = 2048;

/// Memory that pointers of arguments point into.
pub struct Buffer(pub Vec<u128>);

impl Buffer {
    pub fn new() -> Buffer {
        Buffer(vec![0; SEGMENTS * SEGMENT / 16])
    }

    fn address(&self) -> u64 {
        self.0.as_ptr() as u64
    }

    fn segment(&self, n: usize) -> u64 {
        self.address() + (n * SEGMENT) as u64
    }
}

/// An argument, as a constant operand.
fn argument(
    module: &mut Module,
    random: &mut Random,
    buffer: &mut Buffer,
    n: usize,
    ty: Type,
) -> Option<Operand> {
    let tables = &mut module.tables;
    match tables.class(ty) {
        TypeClass::Pointer => {
            let elem = tables.pointee(ty)?;
            let n = n % SEGMENTS;
            fill(
                random,
                elem,
                &mut buffer.0[n * SEGMENT / 16..][..SEGMENT / 16],
            );
            let bits = buffer.segment(n);
            Some(Operand::Imm { ty, bits })
        }
        TypeClass::Primitive(width) => Some(tables.primitive(ty, width, random.number(ty))),
        _ => None,
    }
}

/// Fills memory with numbers of a type, of bytes where it is none.
fn fill(random: &mut Random, elem: Type, words: &mut [u128]) {
    let (ty, size) = match elem.builtin_bits() {
        Some(bits) => (elem, bits / 8),
        None if elem == Type::NOTHING => (Type::UINT8, 1),
        None => (Type::FLOAT64, 8),
    };
    for word in words {
        *word = 0;
        for n in 0..16 / size {
            let mask = u128::MAX >> (128 - 8 * size);
            let number = match random.below(3) {
                // Small numbers are indices and lengths more often than not.
                0 if ty.is_integer() => u128::from(random.below(6)),
                _ => random.number(ty) & mask,
            };
            *word |= number << (8 * size * n);
        }
    }
}

pub struct Case {
    pub func: Func,
    pub args: Vec<Operand>,
    pub before: Vec<u128>,
    pub outcome: Outcome,
    pub after: Vec<u128>,
}

pub fn interpret(
    module: &Module,
    stage: Stage,
    buffer: &mut Buffer,
    (func, args): (Func, &[Operand]),
) -> Outcome {
    let options = Options {
        stage,
        fuel: 150_000,
        max_depth: 500,
        memory: 16 << 20,
        fma: has_fma(),
    };
    let mut interpreter = Interpreter::new(module, options);
    for n in 0..SEGMENTS {
        // SAFETY: the buffer outlives the interpreter, which alone uses it.
        unsafe {
            interpreter
                .memory
                .register(buffer.segment(n), SEGMENT as u64, true)
        };
    }
    let args: Vec<Value> = args
        .iter()
        .map(|&a| interpreter.constant_value(a).expect("a constant"))
        .collect();
    interpreter.call(func, &args)
}

/// Functions that take numbers and pointers and give plain bits.
fn callable(module: &Module) -> Vec<Func> {
    let exports: Vec<Func> = module.exports().collect();
    let reached = jlift_optimize::legalize::reachable(module, &exports);
    let tables = &module.tables;
    let simple = |ty: Type| {
        matches!(
            tables.class(ty),
            TypeClass::Primitive(_) | TypeClass::Pointer
        )
    };
    reached
        .into_iter()
        .filter(|&f| {
            let f = &module.functions[f];
            !f.external
                && f.params.iter().all(|p| simple(p.ty))
                && tables.class(f.self_type) == TypeClass::Singleton
                && tables.is_bits(f.ret)
        })
        .collect()
}

/// Calls that end within the limits.
pub fn cases(
    name: &str,
    module: &mut Module,
    buffer: &mut Buffer,
    odd: &mut Vec<String>,
) -> Vec<Case> {
    let mut cases = Vec::new();
    for func in callable(module) {
        let params: Vec<Type> = module.functions[func].params.iter().map(|p| p.ty).collect();
        for input in 0..INPUTS {
            let mut random = Random::new(input << 32 | func.as_u32() as u64);
            let args: Option<Vec<Operand>> = params
                .iter()
                .enumerate()
                .map(|(n, &ty)| argument(module, &mut random, buffer, n, ty))
                .collect();
            let Some(args) = args else { break };
            let before = buffer.0.clone();
            let outcome = interpret(module, Stage::Typed, buffer, (func, &args));
            match &outcome {
                Outcome::Returned(_) | Outcome::Threw(_) => cases.push(Case {
                    func,
                    args,
                    before,
                    outcome,
                    after: buffer.0.clone(),
                }),
                // Random lengths reach beyond the buffers.
                Outcome::Fault(_) | Outcome::OutOfFuel | Outcome::TooDeep => {}
                other => odd.push(format!(
                    "{name}: {}: {}",
                    module.describe(func),
                    other.describe(module)
                )),
            }
        }
    }
    cases
}

/// Whether memory holds the same numbers.
pub fn same_memory(module: &Module, case: &Case, found: &[u128]) -> bool {
    if found == case.after {
        return true;
    }
    let bytes =
        |words: &[u128]| -> Vec<u8> { words.iter().flat_map(|w| w.to_le_bytes()).collect() };
    let (a, b) = (bytes(found), bytes(&case.after));
    let params = &module.functions[case.func].params;
    let mut segments = a.chunks(SEGMENT).zip(b.chunks(SEGMENT)).enumerate();
    segments.all(|(n, (a, b))| {
        let elem = params.get(n).and_then(|p| module.tables.pointee(p.ty));
        let floats = match elem {
            Some(Type::FLOAT32) => 4,
            Some(Type::FLOAT64) => 8,
            _ => return a == b,
        };
        a.chunks(floats).zip(b.chunks(floats)).all(|(x, y)| {
            let nan = |x: &[u8]| match *x {
                [a, b, c, d] => f32::from_le_bytes([a, b, c, d]).is_nan(),
                _ => x
                    .first_chunk()
                    .is_some_and(|&x| f64::from_le_bytes(x).is_nan()),
            };
            x == y || (nan(x) && nan(y))
        })
    })
}
