//! Every single pass keeps what generated functions do, by the interpreter.
#![no_main]

mod generated;

use cranelift_entity::EntitySet;
use jlift_driver::differential::{Batch, Settings, Way};
use jlift_ir::{Func, Module};
use jlift_optimize::passes::{ALL, Ctx, Pass, run_pass};
use libfuzzer_sys::fuzz_target;

fn changed(module: &Module, pass: Pass) -> Module {
    let mut after = module.clone();
    let removable: EntitySet<Func> = EntitySet::new();
    let functions: Vec<Func> = after.functions.keys().collect();
    for func in functions {
        let placeholder = jlift_ir::Function::new(
            jlift_ir::Name::EMPTY,
            Vec::new(),
            jlift_ir::Type::BOTTOM,
            jlift_ir::Type::BOTTOM,
        );
        let mut function = std::mem::replace(&mut after.functions[func], placeholder);
        let mut ctx = Ctx::new(&mut after.tables, &after.globals, &removable);
        run_pass(pass, &mut function, &mut ctx);
        after.functions[func] = function;
    }
    after
}

fuzz_target!(|data: &[u8]| {
    let (module, calls) = generated::module(data);
    let settings = Settings::default();
    let mut batch = generated::answer(Batch::new(&module, calls.clone(), settings.clone()));
    let expected = generated::answer(batch.run(Way::Interpreter));
    for &(name, pass) in ALL {
        let after = changed(&module, pass);
        if let Err(errors) = jlift_ir::verify::verify_module(&after) {
            panic!(
                "not valid after {name}: {}\n{}",
                errors[0],
                jlift_ir::text::print_module(&module)
            );
        }
        let mut batch = generated::answer(Batch::new(&after, calls.clone(), settings.clone()));
        batch.keep_defined(&expected);
        let found = generated::answer(batch.run(Way::Interpreter));
        if let Some(difference) = batch.differences(&expected, &found).first() {
            panic!(
                "after {name}: {difference}\n{}",
                jlift_ir::text::print_module(&module)
            );
        }
    }
});
