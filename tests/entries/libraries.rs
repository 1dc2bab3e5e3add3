//! Libraries that need nothing: what they contain, how small they are, and that other languages load
//! them.

use crate::scratch::{Scratch, THROWING, dynamic_symbols, example, size_of};
use jlift_tests::process::{jlift, python, run};

/// The README's first library: no C compiler or linker is there to help.
#[test]
fn the_harmonic_library_is_one_symbol_in_at_most_2600_bytes() {
    let scratch = Scratch::new();
    let mut build = scratch.command(jlift());
    build
        .arg("build")
        .arg(example("harmonic.jir"))
        .args(["-o", "harmonic.so"])
        .env("PATH", "");
    run(&mut build).expect_success();
    let library = scratch.path("harmonic.so");
    assert_eq!(
        dynamic_symbols(&library),
        (vec!["harmonic".to_string()], vec![])
    );
    assert!(size_of(&library) <= 2600, "{} bytes", size_of(&library));
    let mut python = scratch.command(python().command());
    let done = run(python
        .arg(example("harmonic.py"))
        .args(["harmonic.so", "10"]))
    .expect_success();
    assert_eq!(done.stdout, "2.9289682539682538\n");
}

/// Loaders refuse or warn about such libraries.
#[test]
fn a_library_has_no_executable_stack_and_no_text_relocations() {
    use object::read::elf::{FileHeader, ProgramHeader};
    let scratch = Scratch::new();
    scratch
        .build_text("throwing", THROWING, &["-o", "throwing.so"])
        .expect_success();
    let data = std::fs::read(scratch.path("throwing.so")).expect("the library");
    let header =
        object::elf::FileHeader64::<object::Endianness>::parse(&*data).expect("an ELF file");
    let endian = header.endian().expect("its byte order");
    let segments = header.program_headers(endian, &*data).expect("segments");
    let stack = segments
        .iter()
        .find(|s| s.p_type(endian) == object::elf::PT_GNU_STACK);
    let flags = stack.expect("a note on the stack").p_flags(endian);
    assert_eq!(flags.0 & object::elf::PF_X.0, 0, "the stack is executable");
    for segment in segments {
        let flags = segment.p_flags(endian);
        let both = object::elf::PF_W | object::elf::PF_X;
        assert_ne!(flags & both, both, "a segment is writable and executable");
        if let Some(entries) = segment
            .dynamic(endian, &*data)
            .expect("the dynamic section")
        {
            for entry in entries {
                assert_ne!(
                    entry.d_tag.get(endian),
                    object::elf::DT_TEXTREL,
                    "text relocations"
                );
            }
        }
    }
}

#[test]
fn entries_with_status_exist_only_where_something_can_throw() {
    let scratch = Scratch::new();
    scratch
        .build_text("all", THROWING, &["-o", "all.so"])
        .expect_success();
    let (defined, _) = dynamic_symbols(&scratch.path("all.so"));
    for name in [
        "quotient",
        "quotient_try",
        "harmonic_power_try",
        "nothing_of_try",
        "doubled",
        "jlift_last_error",
    ] {
        assert!(
            defined.iter().any(|s| s == name),
            "no `{name}` in {defined:?}"
        );
    }
    for name in ["doubled_try", "harmonic_forward_try"] {
        assert!(
            !defined.iter().any(|s| s == name),
            "`{name}` in {defined:?}"
        );
    }
    // Nothing but the exports, their entries with status and the message.
    let foreign = defined.iter().find(|s| {
        let plain = s.strip_suffix("_try").unwrap_or(s);
        *s != "jlift_last_error" && !THROWING.contains(&format!("Main.{plain}("))
    });
    assert_eq!(foreign, None);

    let args = [
        "--export",
        "doubled",
        "--export",
        "harmonic_forward(Int64)",
        "-o",
        "some.so",
    ];
    scratch.build_text("some", THROWING, &args).expect_success();
    let expected: Vec<String> = ["doubled", "harmonic_forward"].map(String::from).into();
    assert_eq!(
        dynamic_symbols(&scratch.path("some.so")),
        (expected, vec![])
    );
}

/// The exports have the usual calling convention and types in every way of building them.
#[test]
fn a_library_gives_the_same_results_at_every_level_and_with_the_system_linker() {
    let scratch = Scratch::new();
    let variants: [&[&str]; 5] = [
        &["-O0"],
        &["-O1"],
        &["-O2"],
        &["--cpu", "native"],
        &["--linker", "cc"],
    ];
    for (i, variant) in variants.iter().enumerate() {
        let file = format!("v{i}.so");
        let args: Vec<&str> = variant.iter().copied().chain(["-o", &file]).collect();
        scratch
            .build_text("throwing", THROWING, &args)
            .expect_success();
        let done = scratch.python(
            "import ctypes, sys\n\
             lib = ctypes.CDLL('./' + sys.argv[1])\n\
             i64, f64 = ctypes.c_int64, ctypes.c_double\n\
             def call(name, restype, *args):\n\
             \x20   f = lib[name]\n\
             \x20   f.restype, f.argtypes = restype, [i64 if isinstance(a, int) else f64 for a in args]\n\
             \x20   return f(*args)\n\
             print(call('harmonic_power', f64, 5, 2), call('harmonic_range', f64, 10, -3, -10),\n\
             \x20     call('narrow', ctypes.c_uint8, 255), call('quotient', i64, -7, 2), call('times', i64, -3, 5),\n\
             \x20     call('root', f64, 2.0), call('doubled', i64, 1 << 62))\n",
            &[&file],
        );
        // sum(1/i^2 for i in 5:-1:1), sum(1/k for k in 10:-3:-10)
        let power = (1..=5).rev().fold(0.0, |s, i| s + 1.0 / f64::from(i * i));
        let range = [10, 7, 4, 1, -2, -5, -8]
            .iter()
            .fold(0.0, |s, &k| s + 1.0 / f64::from(k));
        let expected = format!(
            "{power:?} {range:?} 255 -3 -15 {:?} {}\n",
            2f64.sqrt(),
            i64::MIN
        );
        assert_eq!(done.expect_success().stdout, expected, "{variant:?}");
    }
}
