//! Which functions run only on the way to an error: they are to be small, not fast.

use crate::effects::callees;
use cranelift_entity::EntitySet;
use jlift_ir::{Func, Module, Type};

/// The functions among `live` that `roots` reach only through what writes error records, or not at
/// all.
pub fn only_for_errors(module: &Module, roots: &[Func], live: &[Func]) -> EntitySet<Func> {
    let mut warm = EntitySet::new();
    let mut work: Vec<Func> = roots.to_vec();
    while let Some(func) = work.pop() {
        if warm.insert(func) {
            let below = callees(&module.functions[func]);
            work.extend(below.filter(|&f| !writes_error(module, f)));
        }
    }
    let mut cold = EntitySet::new();
    for &func in live {
        if !warm.contains(func) {
            cold.insert(func);
        }
    }
    cold
}

/// A function that never returns is not cold for that: it may be the program. Those that
/// legalization has generated are.
fn writes_error(module: &Module, func: Func) -> bool {
    let f = &module.functions[func];
    f.ret == Type::BOTTOM && module.tables.names.str(f.name).starts_with("Shims.")
}
