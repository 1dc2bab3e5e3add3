//! Legalization of typed IR that real Julia printed: everything that the exports reach is in the
//! form that backends take, and verifies.

mod legalize_support;

use jlift_ir::{Builtin, Module, Op, Type, TypeClass};
use jlift_optimize::effects::analyze;
use jlift_optimize::legalize::{Capabilities, legalize};
use legalize_support::{files, legalized, real_shims};

#[test]
fn kernels_become_what_backends_take() {
    let shims = real_shims();
    for (name, text) in files("tests/kernels", "jir") {
        for fma in [false, true] {
            let caps = Capabilities::cranelift(fma);
            let (module, live) = legalized(&text, &shims, &caps).unwrap_or_else(|refused| {
                let (m, d) = *refused;
                panic!("{name}: {}: {}", m.describe(d[0].func), d[0].message)
            });
            for func in live {
                let f = &module.functions[func];
                let place = || format!("{name}: {}", module.describe(func));
                assert!(!f.external, "{}", place());
                for &block in &f.layout {
                    for &inst in &f.blocks[block].insts {
                        let data = &f.insts[inst];
                        let class = module.tables.class(data.ty);
                        assert!(class != TypeClass::Abstract, "{}: {data:?}", place());
                        match &data.op {
                            Op::Builtin(Builtin::Throw | Builtin::TypeAssert, _)
                            | Op::Call { .. }
                            | Op::ThrowRecord { .. }
                            | Op::ThrowUndefIfNot { .. } => panic!("{}: {data:?}", place()),
                            Op::Intrinsic(i, _) => {
                                let name = i.name();
                                let checked = name.starts_with("checked_")
                                    && (name.contains("div") || name.contains("rem"));
                                assert!(!checked, "{}: {name}", place());
                            }
                            Op::New { ty, .. } => {
                                let class = module.tables.class(*ty);
                                assert!(class != TypeClass::Heap, "{}: {data:?}", place());
                            }
                            _ => {}
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn every_runtime_function_that_legalization_names_exists() {
    // The stand-ins are all that legalization imports; each must be among the real ones.
    let names = legalize_support::stand_in_signatures();
    assert!(names.len() > 25);
    let shims = real_shims();
    for (name, params) in names {
        let mut module = Module::default();
        let bytes = module.tables.ptr(Type::UINT8);
        let types: Vec<Type> = params
            .iter()
            .map(|&p| match p {
                "Ptr{UInt8}" => bytes,
                "Char" => Type::CHAR,
                "Float16" => Type::FLOAT16,
                "String" => Type::STRING,
                p => legalize_support::evaluate::golden_type(p).expect("a type"),
            })
            .collect();
        if let Err(why) = module.import_function(&shims, &name, &types) {
            panic!("{why}");
        }
    }
}

#[test]
fn kernels_need_no_abort() {
    let shims = real_shims();
    for (name, text) in files("tests/kernels", "jir") {
        let caps = Capabilities::cranelift(true);
        let Ok((module, live)) = legalized(&text, &shims, &caps) else {
            panic!("{name}: refused");
        };
        for func in live {
            let f = &module.functions[func];
            for &block in &f.layout {
                for &inst in &f.blocks[block].insts {
                    let is_abort = matches!(f.insts[inst].op, Op::Abort { .. });
                    assert!(!is_abort, "{name}: {}", module.describe(func));
                }
            }
        }
    }
}

#[test]
fn legalizing_twice_finds_nothing_to_do() {
    let shims = real_shims();
    let caps = Capabilities::cranelift(true);
    for (name, text) in files("tests/kernels", "jir") {
        let Ok((mut module, live)) = legalized(&text, &shims, &caps) else {
            panic!("{name}: refused");
        };
        let size = |m: &Module| -> usize {
            let sizes = live.iter().map(|&f| m.functions[f].statement_count());
            sizes.sum()
        };
        let (functions, before) = (module.functions.len(), size(&module));
        let roots: Vec<_> = module.exports().collect();
        let again = legalize(&mut module, &roots, &shims, &caps);
        assert_eq!(again.map(|l| l.live).as_deref(), Ok(&live[..]), "{name}");
        assert_eq!(module.functions.len(), functions, "{name}");
        assert!(size(&module) <= before, "{name}");
    }
}

#[test]
fn kernels_that_cannot_fail_are_nothrow() {
    let shims = real_shims();
    let caps = Capabilities::cranelift(true);
    let mut nothrow = 0;
    let mut throwing = 0;
    for (name, text) in files("tests/kernels", "jir") {
        let Ok((module, live)) = legalized(&text, &shims, &caps) else {
            panic!("{name}: refused");
        };
        let effects = analyze(&module, &live);
        for func in module.exports() {
            match effects[func].nothrow {
                true => nothrow += 1,
                false => throwing += 1,
            }
        }
        // A thrower throws, and a formatter of numbers does not.
        for func in live {
            let text = module.describe(func);
            if text.starts_with("Shims.throw#") {
                assert!(!effects[func].nothrow, "{name}: {text}");
            } else if text.starts_with("Shims.append") {
                assert!(effects[func].nothrow, "{name}: {text}");
            }
        }
    }
    assert!(nothrow > throwing, "{nothrow} {throwing}");
}
