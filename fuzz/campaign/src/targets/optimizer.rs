//! Every single pass keeps what generated functions do, by the interpreter.

use super::generated;
use cranelift_entity::EntitySet;
use jlift_driver::differential::{Batch, Settings, Way};
use jlift_ir::text::print_module;
use jlift_ir::{Func, Module};
use jlift_optimize::passes::{ALL, Ctx, Pass, run_pass};

fn changed(module: &Module, pass: Pass) -> Module {
    let mut after = module.clone();
    let removable: EntitySet<Func> = EntitySet::new();
    let functions: Vec<Func> = after.functions.keys().collect();
    for func in functions {
        let mut function = after.functions[func].clone();
        let mut ctx = Ctx::new(&mut after.tables, &after.globals, &removable);
        run_pass(pass, &mut function, &mut ctx);
        after.functions[func] = function;
    }
    after
}

/// Interprets a generated module before and after each pass.
pub fn optimizer(data: &[u8]) {
    let (module, calls) = generated::module(data);
    let settings = Settings::default();
    let mut batch = generated::answer(Batch::new(&module, calls.clone(), settings.clone()));
    let expected = generated::answer(batch.run(Way::Interpreter));
    for &(name, pass) in ALL {
        let after = changed(&module, pass);
        if let Err(errors) = jlift_ir::verify::verify_module(&after) {
            let error = &errors[0];
            panic!("not valid after {name}: {error}\n{}", print_module(&module));
        }
        let mut batch = generated::answer(Batch::new(&after, calls.clone(), settings.clone()));
        batch.keep_defined(&expected);
        let found = generated::answer(batch.run(Way::Interpreter));
        if let Some(difference) = batch.differences(&expected, &found).first() {
            panic!("after {name}: {difference}\n{}", print_module(&module));
        }
    }
}
