//! Relocatable output.

use crate::objects::{ADD, Builder, add_object, shared, x86_64};
use crate::output::{Loaded, parse};
use jlift_backend_cranelift::link::{LinkRequest, OutputKind, link};
use object::{Object, ObjectKind, ObjectSymbol, elf};

fn merge(objects: &[&[u8]]) -> Vec<u8> {
    link(&LinkRequest {
        kind: OutputKind::Object,
        target: &x86_64(),
        objects,
        imports: &[],
        keep_symbols: false,
    })
    .unwrap()
}

#[test]
fn one_object_is_handed_back_unchanged() {
    let object = add_object("add");
    assert_eq!(merge(&[&object]), object);
}

#[test]
fn several_objects_become_one_that_links_like_them() {
    let jump = [0xe9, 0, 0, 0, 0]; // jmp add
    let outer = Builder::x86_64()
        .code("outer", &jump, &[(1, "add", elf::R_X86_64_PLT32, -4)])
        .finish();
    let add = Builder::x86_64().code("add", &ADD, &[]).finish();
    let merged = merge(&[&outer, &add]);
    assert_eq!(merged, merge(&[&outer, &add]));
    let file = parse(&merged);
    assert_eq!(file.kind(), ObjectKind::Relocatable);
    for name in ["outer", "add"] {
        let symbol = file.symbol_by_name(name).unwrap();
        assert!(symbol.is_global() && symbol.is_definition(), "{name}");
    }
    let library = shared(&["outer"], &[&merged]).unwrap();
    assert_eq!(Loaded::new(&library).call("outer", 8, 9), 17);
}

#[test]
fn undefined_names_stay_undefined() {
    let jump = [0xe9, 0, 0, 0, 0];
    let outer = Builder::x86_64()
        .code("outer", &jump, &[(1, "elsewhere", elf::R_X86_64_PLT32, -4)])
        .finish();
    let merged = merge(&[&outer, &add_object("add")]);
    assert!(
        parse(&merged)
            .symbol_by_name("elsewhere")
            .unwrap()
            .is_undefined()
    );
}
