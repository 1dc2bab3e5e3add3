//! Libraries that need nothing: what they contain, how small they are, and that other languages load
//! them.

use crate::scratch::{Scratch, THROWING, dynamic_symbols, example, size_of};
use jlift_tests::process::{jlift, python, root, run};

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

/// What Julia inlined into twelve copies of one function is there once.
#[test]
fn the_largest_kernel_library_has_at_most_18000_bytes() {
    let scratch = Scratch::new();
    let kernels = root().join("tests/kernels");
    let source = std::fs::read_to_string(kernels.join("euler1d_port.jl")).expect("the source");
    let exports = source.lines().filter_map(|l| l.strip_prefix("# export:"));
    let mut args = vec![
        "--target",
        "x86_64-unknown-linux-gnu",
        "-o",
        "euler1d_port.so",
    ];
    for export in exports {
        args.extend(["--export", export.trim()]);
    }
    scratch
        .build(&kernels.join("euler1d_port.jir"), &args)
        .expect_success();
    let library = scratch.path("euler1d_port.so");
    let (defined, _) = dynamic_symbols(&library);
    assert!(
        defined.contains(&"euler_run_try".to_string()),
        "{defined:?}"
    );
    assert!(size_of(&library) <= 18000, "{} bytes", size_of(&library));
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

/// Names that C cannot spell are mangled, methods of one name are told apart.
#[test]
fn exports_have_names_that_c_can_call() {
    let scratch = Scratch::new();
    let function = |id: u32, name: &str, ty: &str| {
        format!(
            "singleton typeof(Main.{name}) super=Function\nfunction @{id} Main.{name}(_2 x::{ty})::Int64 self=typeof(Main.{name}) export\n#1:\n  return {id}\n"
        )
    };
    let list = [
        (1, "f", "Int64"),
        (2, "f", "Float64"),
        (3, "g!", "Int64"),
        (4, "double", "Int64"),
        (5, "∇h", "UInt8"),
    ];
    let text: String = list.map(|(id, name, ty)| function(id, name, ty)).concat();
    scratch
        .build_text(
            "names",
            &format!("jir 1\n{text}"),
            &["-o", "names.so", "--header", "names.h"],
        )
        .expect_success();
    let (defined, _) = dynamic_symbols(&scratch.path("names.so"));
    assert_eq!(defined, ["_u2207_h", "double_", "f_f64", "f_i64", "g_bang"]);
    let source = "#include \"names.h\"\nint main(void) { return f_i64(0) != 1 || f_f64(0) != 2 || g_bang(0) != 3 || double_(0) != 4 || _u2207_h(0) != 5; }\n";
    let program = scratch.compile_c(source, "names", &["names.so"]);
    run(&mut std::process::Command::new(program)).expect_success();
}

const ARRAYS: &str = include_str!("arrays.jir");

/// Arrays are borrowed from the caller, column by column, and checked.
#[test]
fn arrays_are_passed_from_c_and_python_and_never_left() {
    let scratch = Scratch::new();
    let args = [
        "-o",
        "libarrays.so",
        "--header",
        "arrays.h",
        "--python",
        "arrays.py",
    ];
    scratch.build_text("arrays", ARRAYS, &args).expect_success();
    let source = r#"#include "arrays.h"
#include <stdio.h>
int main(void) {
  double v[] = {1, 2, 3.5};
  int32_t m[] = {0, 0, 0, 0, 0, 0};
  int64_t code = 0;
  double sum = 0;
  int ok = total(v, 3, 3) == 6.5 && total(NULL, 0, 0) == 0;
  ok = ok && total_try(v, 3, 4, &sum) == 1;
  puts(jlift_last_error());
  ok = ok && store(m, 2, 3, 2, 3, 7) == 2006 && m[5] == 7;
  ok = ok && store_try(m, 2, 3, 3, 1, 9, &code) == 1;
  puts(jlift_last_error());
  for (int i = 0; i < 5; i++) ok = ok && m[i] == 0;
  return !ok;
}
"#;
    let program = scratch.compile_c(source, "arrays", &["libarrays.so"]);
    let done = run(&mut std::process::Command::new(program)).expect_success();
    let messages = "BoundsError: attempt to access 3-element Vector{Float64} at index [4]\n\
                    BoundsError: attempt to access 2×3 Matrix{Int32} at index [3, 1]\n";
    assert_eq!(done.stdout, messages);
    let done = scratch.python(
        r#"
import numpy as np
import arrays
assert arrays.total(np.array([1.0, 2.0, 3.5]), 3) == 6.5
m = np.zeros((2, 3), dtype=np.int32, order="F")
assert arrays.store(m, 2, 3, 7) == 2006 and m[1, 2] == 7
for f, args in ((arrays.total, (np.ones(3), 4)), (arrays.store, (m, 0, 1, 1))):
    try:
        f(*args)
    except arrays.BoundsError as e:
        assert isinstance(e, IndexError)
        print(e)
# What would need a copy is refused: the function may write.
for bad in (np.zeros((2, 3), dtype=np.int64, order="F"), np.zeros(3, dtype=np.int32)):
    try:
        arrays.store(bad, 1, 1, 1)
    except TypeError:
        print("TypeError")
"#,
        &[],
    );
    assert_eq!(
        done.expect_success().stdout,
        "BoundsError: attempt to access 3-element Vector{Float64} at index [4]\n\
         BoundsError: attempt to access 2×3 Matrix{Int32} at index [0, 1]\nTypeError\nTypeError\n"
    );
}
