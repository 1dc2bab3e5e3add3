//! What can't be linked is refused with a typed error, never by a panic, a message or an exit.

use crate::objects::{ADD, Builder, add_object, calling, hello_object, names, shared, x86_64};
use jlift_backend_cranelift::link::{
    EntryFlavor, Library, LinkError, LinkRequest, OutputKind, link, link_with_cc,
};
use object::elf;

#[test]
fn an_undefined_name_is_reported_by_name() {
    let object = calling("go", "nobody_defines_this").finish();
    assert_eq!(
        shared(&["go"], &[&object]),
        Err(LinkError::Undefined {
            symbol: "nobody_defines_this".to_owned()
        })
    );
}

#[test]
fn a_missing_export_and_a_double_definition_are_reported_by_name() {
    let object = add_object("add");
    assert_eq!(
        shared(&["add", "sub"], &[&object]),
        Err(LinkError::MissingExport {
            symbol: "sub".to_owned()
        })
    );
    assert_eq!(
        shared(&["add"], &[&object, &object]),
        Err(LinkError::Duplicate {
            symbol: "add".to_owned()
        })
    );
}

#[test]
fn objects_for_another_machine_and_unknown_targets_are_refused() {
    let object = Builder::aarch64().code("add", &[0; 4], &[]).finish();
    assert!(matches!(
        shared(&["add"], &[&object]),
        Err(LinkError::BadObject { index: 0, .. })
    ));
    let exports = names(&["add"]);
    let object = add_object("add");
    for triple in [
        "x86_64-pc-windows-msvc",
        "riscv64gc-unknown-linux-gnu",
        "x86_64-apple-darwin",
    ] {
        let result = link(&LinkRequest {
            kind: OutputKind::SharedLibrary {
                exports: &exports,
                soname: None,
            },
            target: &triple.parse().unwrap(),
            objects: &[&object],
            imports: &[],
            keep_symbols: false,
        });
        assert!(
            matches!(result, Err(LinkError::UnsupportedTarget { .. })),
            "{triple}"
        );
    }
    assert_eq!(shared(&[], &[]), Err(LinkError::NoObjects));
}

#[test]
fn bytes_that_are_no_object_are_refused() {
    for bytes in [&b""[..], b"\x7fELF", b"!<arch>\n", b"int main;", &[0; 4096]] {
        assert!(matches!(
            shared(&["add"], &[bytes]),
            Err(LinkError::BadObject { index: 0, .. })
        ));
    }
}

#[test]
fn a_library_name_with_a_nul_is_refused() {
    let object = calling("go", "f").finish();
    let exports = names(&["go"]);
    for (name, soname) in [("lib\0x.so", None), ("", None), ("libx.so", Some("a\0b"))] {
        let result = link(&LinkRequest {
            kind: OutputKind::SharedLibrary {
                exports: &exports,
                soname,
            },
            target: &x86_64(),
            objects: &[&object],
            imports: &[("f".to_owned(), Library::Named(name.to_owned()))],
            keep_symbols: false,
        });
        assert!(matches!(result, Err(LinkError::BadName { .. })), "{name:?}");
    }
}

#[test]
fn a_missing_or_failing_compiler_is_a_typed_error() {
    let object = add_object("add");
    let exports = names(&["add"]);
    let target = x86_64();
    let objects: [&[u8]; 1] = [&object];
    let request = LinkRequest {
        kind: OutputKind::SharedLibrary {
            exports: &exports,
            soname: None,
        },
        target: &target,
        objects: &objects,
        imports: &[],
        keep_symbols: false,
    };
    assert!(matches!(
        link_with_cc(&request, "/nonexistent/cc"),
        Err(LinkError::CompilerMissing { .. })
    ));
    assert!(matches!(
        link_with_cc(&request, "false"),
        Err(LinkError::CompilerFailed { .. })
    ));
}

/// A small generator of repeatable pseudo-random numbers (xorshift64).
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 1).unwrap() % bound
    }
}

fn rich_object() -> Vec<u8> {
    calling("go", "getpid")
        .code("add", &ADD, &[])
        .data("counter", &[5, 0, 0, 0], &[])
        .constant_with_addresses("table", &[0; 16], &[(8, "add", elf::R_X86_64_64, 0)])
        .thread_local("state", &[1; 4])
        .finish()
}

/// Links `object` as a library and as a program. The result doesn't matter, only that there is one.
fn survive(object: &[u8]) -> usize {
    let exports = names(&["go", "table", "counter"]);
    let imports = [("getpid".to_owned(), Library::C)];
    let kinds = [
        OutputKind::SharedLibrary {
            exports: &exports,
            soname: None,
        },
        OutputKind::Executable {
            entry: EntryFlavor::Dynamic,
        },
        OutputKind::Object,
    ];
    let mut panics = 0;
    for kind in kinds {
        let main = hello_object("jlift_sys_write");
        let result = link(&LinkRequest {
            kind,
            target: &x86_64(),
            objects: &[object, &main],
            imports: &imports,
            keep_symbols: true,
        });
        panics += usize::from(matches!(result, Err(LinkError::Panicked { .. })));
    }
    panics
}

/// Returns how many links the linker's panic fence had to stop.
fn mutate(seed: u64, rounds: usize) -> usize {
    let original = rich_object();
    let mut random = Random(seed);
    let mut panics = 0;
    for _ in 0..rounds {
        let mut object = original.clone();
        for _ in 0..=random.below(4) {
            let at = random.below(object.len());
            object[at] = match random.below(3) {
                0 => object[at] ^ (1 << random.below(8)),
                1 => 0xff,
                _ => u8::try_from(random.below(256)).unwrap(),
            };
        }
        panics += survive(&object);
    }
    panics
}

#[test]
fn truncated_objects_are_survived() {
    let object = rich_object();
    for length in (0..object.len()).step_by(37) {
        survive(&object[..length]);
    }
}

#[test]
fn mutated_objects_are_survived() {
    mutate(0x9e37_79b9_7f4a_7c15, 150);
}

#[test]
fn many_mutated_objects_are_survived() {
    for seed in 1..=20 {
        let panics = mutate(seed * 0x9e37_79b9, 1000);
        println!("seed {seed}: {panics} panics fenced");
    }
}
