//! Generated typed IR does the same interpreted and compiled: by Cranelift at both levels, now and then as
//! a file, and seldom, because its tools are slow, by LLVM.

use super::generated;
use jlift_driver::CodeLevel;
use jlift_driver::differential::{Batch, Settings, Way};

/// The first byte says which ways there are besides Cranelift's.
pub fn three_ways(data: &[u8]) {
    let Some((&mode, rest)) = data.split_first() else {
        return;
    };
    let (module, calls) = generated::module(rest);
    let mut ways = vec![Way::Cranelift(CodeLevel::O0), Way::Cranelift(CodeLevel::O2)];
    match mode {
        0..8 if jlift_driver::llvm::is_there() => {
            ways.push(Way::Llvm(
                [CodeLevel::O0, CodeLevel::O2][usize::from(mode & 1)],
            ));
        }
        8..40 => ways.push(Way::File(
            [CodeLevel::O0, CodeLevel::O2][usize::from(mode & 1)],
        )),
        _ => {}
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
}
