//! A text that parses prints to one that parses to the same.
#![no_main]

mod sources;

use libfuzzer_sys::{arbitrary::Unstructured, fuzz_target};

fuzz_target!(|data: &[u8]| {
    let Some((&mode, rest)) = data.split_first() else {
        return;
    };
    let mut u = Unstructured::new(rest);
    let text = match mode % 4 {
        0 => match std::str::from_utf8(rest) {
            Ok(text) => text.to_string(),
            Err(_) => return,
        },
        1 | 2 => match jlift_generate::mutate::mutate(&mut u, sources::TYPED_IR) {
            Ok(text) => text,
            Err(_) => return,
        },
        _ => {
            let mut module = jlift_ir::Module::default();
            let sizes = jlift_generate::typed_ir::Sizes::default();
            let pool = jlift_generate::typed_ir::Pool::new(&mut module, 0, &mut u);
            jlift_generate::typed_ir::group(&mut module, &pool, 0, &mut u, &sizes);
            jlift_ir::text::print_module(&module)
        }
    };
    let Ok(module) = jlift_ir::text::parse(&text) else {
        return;
    };
    let printed = jlift_ir::text::print_module(&module);
    match jlift_ir::text::parse(&printed) {
        Ok(again) => assert_eq!(jlift_ir::text::print_module(&again), printed),
        Err(errors) => panic!("{}\n{printed}", errors[0]),
    }
});
