//! Calls of functions on random arguments, and whether a changed module answers them alike.

use super::input::Random;
use super::interpreter::{Interpreter, Stop, Val};
use super::memory::Memory;
use jlift_ir::{Func, Module, Type};

const INPUTS: u64 = 16;
const FUEL: u64 = 20_000;

pub struct Case {
    pub func: Func,
    args: Vec<Val>,
    memory: Memory,
    result: Result<Val, Stop>,
    after: Memory,
}

/// Calls of the functions of a module that the interpreter can follow to the end.
pub fn cases(module: &Module, seed: u64) -> Vec<Case> {
    let mut cases = Vec::new();
    for (id, func) in module.functions.iter() {
        // The ends of a number are too rare among random ones.
        let corners: &[i64] = match &func.params[..] {
            [only] if only.ty == Type::INT64 => &[i64::MIN, -1, 0, i64::MAX],
            _ => &[],
        };
        for n in 0..INPUTS + corners.len() as u64 {
            let mut random = Random::new(seed ^ (n << 32) ^ (func.insts.len() as u64) << 8);
            let types = std::iter::once(func.self_type).chain(func.params.iter().map(|p| p.ty));
            let args: Option<Vec<Val>> = types.map(|ty| random.value(&module.tables, ty)).collect();
            let Some(mut args) = args else { break };
            if let Some(corner) = n.checked_sub(INPUTS).and_then(|c| corners.get(c as usize)) {
                args[1] = Val::Num(Type::INT64, u128::from(*corner as u64));
            }
            let memory = random.memory();
            let mut interpreter = Interpreter::new(module, memory.clone(), FUEL);
            let result = interpreter.call(id, &args);
            if matches!(result, Ok(_) | Err(Stop::Throw(_))) {
                cases.push(Case {
                    func: id,
                    args,
                    memory,
                    result,
                    after: interpreter.memory,
                });
            }
        }
    }
    cases
}

/// Fails unless the changed module gives the same result and leaves the same memory.
pub fn compare(module: &Module, case: &Case, what: &str) {
    // Copied blocks may not make a program longer than twice as long.
    let mut interpreter = Interpreter::new(module, case.memory.clone(), 2 * FUEL);
    // Nor may functions made of pieces of others call each other much deeper.
    interpreter.max_depth *= 8;
    let result = interpreter.call(case.func, &case.args);
    let same = match (&case.result, &result) {
        (Ok(a), Ok(b)) => a.same(b),
        (a, b) => a == b,
    };
    assert!(
        same,
        "{what}: {} of {:?}\n  before: {:?}\n  after:  {:?}\n{}",
        module.describe(case.func),
        case.args,
        case.result,
        result,
        jlift_ir::text::print_function(module, case.func),
    );
    assert!(
        interpreter.memory == case.after,
        "{what}: {} of {:?} leaves other bytes in memory",
        module.describe(case.func),
        case.args,
    );
}
