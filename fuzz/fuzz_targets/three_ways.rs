//! Generated typed IR does the same interpreted and compiled: by Cranelift at both levels, and now and
//! then, because its tools are slow, by LLVM.
#![no_main]

mod generated;

use jlift_driver::CodeLevel;
use jlift_driver::differential::{Batch, Settings, Way};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some((&mode, rest)) = data.split_first() else {
        return;
    };
    let (module, calls) = generated::module(rest);
    let mut ways = vec![Way::Cranelift(CodeLevel::O0), Way::Cranelift(CodeLevel::O2)];
    if mode == 0 && jlift_driver::llvm::is_there() {
        ways.push(Way::Llvm(CodeLevel::O2));
    }
    let mut batch = generated::answer(Batch::new(&module, calls, Settings::default()));
    let expected = generated::answer(batch.run(Way::Interpreter));
    batch.keep_defined(&expected);
    for way in ways {
        let found = generated::answer(batch.run(way));
        if let Some(difference) = batch.differences(&expected, &found).first() {
            panic!("{difference}\n{}", jlift_ir::text::print_module(&module));
        }
    }
});
