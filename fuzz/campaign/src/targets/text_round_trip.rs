//! A text that parses prints to one that parses to the same; of a generated module nothing is lost by
//! printing and parsing.

use super::sources;
use arbitrary::Unstructured;
use jlift_generate::mutate::damage_typed_ir;
use jlift_generate::typed_ir::{Pool, Sizes, group};
use jlift_ir::text::{parse, print_module};

/// The first byte says where the text comes from: the bytes themselves, damage, the generator.
pub fn text_round_trip(data: &[u8]) {
    let Some((&mode, rest)) = data.split_first() else {
        return;
    };
    let mut u = Unstructured::new(rest);
    let is_generated = mode % 4 == 3;
    let text = match mode % 4 {
        0 => match std::str::from_utf8(rest) {
            Ok(text) => text.to_string(),
            Err(_) => return,
        },
        1 | 2 => match damage_typed_ir(&mut u, sources::TYPED_IR) {
            Ok(text) => text,
            Err(_) => return,
        },
        _ => {
            let mut module = jlift_ir::Module::default();
            let pool = Pool::new(&mut module, 0, &mut u);
            group(&mut module, &pool, 0, &mut u, &Sizes::default());
            print_module(&module)
        }
    };
    let module = match parse(&text) {
        Ok(module) => module,
        Err(errors) if is_generated => panic!("{}\n{text}", errors[0]),
        Err(_) => return,
    };
    let printed = print_module(&module);
    if is_generated {
        assert_eq!(printed, text);
    }
    match parse(&printed) {
        Ok(again) => assert_eq!(print_module(&again), printed),
        Err(errors) => panic!("{}\n{printed}", errors[0]),
    }
}
