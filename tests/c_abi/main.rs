//! Values cross the border to C: random signatures with structs and tuples by value, in both
//! directions, against code that gcc compiled. One module of typed IR holds the Julia side of all
//! signatures and one C program the other; they are linked and run, on this machine and, where a
//! cross compiler and an emulator are there, on aarch64.
//!
//! `JLIFT_ABI_SIGNATURES` is the number of signatures (default 240), `JLIFT_ABI_SEED` the seed.

mod c;
mod jir;
mod random;
mod signature;
mod types;

use jlift_tests::process::{Tool, find_tool, jlift, run};
use random::Random;
use signature::{Signature, random_signatures};
use std::path::Path;
use std::process::Command;
use types::Types;

fn number_from(variable: &str, default: u64) -> u64 {
    match std::env::var(variable) {
        Ok(text) => text
            .parse()
            .unwrap_or_else(|_| panic!("{variable} is not a number")),
        Err(_) => default,
    }
}

fn case() -> (Types, Vec<Signature>) {
    let mut random = Random::new(number_from("JLIFT_ABI_SEED", 20_240_229));
    let count = number_from("JLIFT_ABI_SIGNATURES", 240) as usize;
    let types = Types::random(&mut random, 40 + count / 3);
    let signatures = random_signatures(&mut random, &types, count);
    (types, signatures)
}

/// Where the program runs.
struct Target {
    triple: Option<&'static str>,
    compiler: Tool,
    flags: &'static [&'static str],
    emulator: Option<Tool>,
}

fn check(target: &Target, flags: &[&str]) {
    let (types, signatures) = case();
    let dir = tempfile::tempdir().expect("a directory for temporary files");
    let file = |name: &str| dir.path().join(name);
    let write =
        |name: &str, text: &str| std::fs::write(file(name), text).expect("the file is written");
    write("julia_side.jir", &jir::module(&types, &signatures));
    write("c_side.c", &c::program(&types, &signatures));
    let keep = std::env::var_os("JLIFT_KEEP");
    if let Some(keep) = &keep {
        for name in ["julia_side.jir", "c_side.c"] {
            let _ = std::fs::copy(file(name), Path::new(keep).join(name));
        }
    }

    let mut build = jlift();
    build
        .arg("build")
        .arg(file("julia_side.jir"))
        .args(flags)
        .args(["--emit", "obj", "-o"])
        .arg(file("julia_side.o"));
    if let Some(triple) = target.triple {
        build.args(["--target", triple]);
    }
    run(&mut build).expect_success();
    let mut compile = target.compiler.command();
    // Complex numbers, 128-bit integers and alignment attributes are extensions of gcc.
    compile
        .args(["-std=gnu11", "-O1", "-Wall", "-Werror", "-Wno-psabi"])
        .args(target.flags);
    compile
        .arg(file("c_side.c"))
        .arg(file("julia_side.o"))
        .arg("-o")
        .arg(file("program"));
    run(&mut compile).expect_success();
    let mut program = match &target.emulator {
        Some(emulator) => {
            let mut command = emulator.command();
            command.arg(file("program"));
            command
        }
        None => Command::new(file("program")),
    };
    let done = run(&mut program);
    assert_eq!(done.status, Some(0), "{}", done.stdout);
    // What ran is what was meant to run.
    let expected = format!("{} signatures, ", signatures.len());
    let rest = done
        .stdout
        .strip_prefix(&expected)
        .unwrap_or_else(|| panic!("unexpected output: {}", done.stdout));
    let checks: usize = rest
        .split(' ')
        .next()
        .and_then(|n| n.parse().ok())
        .expect("the number of checks");
    assert!(checks >= 2 * signatures.len(), "only {checks} checks");
}

fn host() -> Target {
    Target {
        triple: None,
        compiler: find_tool(&["gcc"]).expect("gcc on PATH"),
        flags: &[],
        emulator: None,
    }
}

/// `None`, with a note, where a tool is missing; `scripts/test` installs them.
fn aarch64() -> Option<Target> {
    let compiler = find_tool(&["aarch64-linux-gnu-gcc"]);
    let emulator = find_tool(&["qemu-aarch64", "qemu-aarch64-static"]);
    match (compiler, emulator) {
        (Some(compiler), Some(emulator)) => Some(Target {
            triple: Some("aarch64-unknown-linux-gnu"),
            compiler,
            flags: &["-static"],
            emulator: Some(emulator),
        }),
        _ => {
            eprintln!("skipped: aarch64-linux-gnu-gcc or qemu-aarch64 is missing");
            None
        }
    }
}

#[test]
fn values_cross_the_border_to_c_unchanged() {
    check(&host(), &["-O2"]);
}

/// Clang relies on what the psABI leaves open and gcc does not use: that narrow integers are widened.
#[test]
fn values_cross_the_border_to_code_of_clang_unchanged() {
    let mut names = vec!["clang".to_string()];
    names.extend((15..=30).rev().map(|version| format!("clang-{version}")));
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    match find_tool(&names) {
        Some(compiler) => check(&Target { compiler, ..host() }, &["-O2"]),
        None => eprintln!("skipped: no clang"),
    }
}

#[test]
fn values_cross_the_border_to_c_unchanged_without_optimization() {
    check(&host(), &["-O0"]);
}

#[test]
fn values_cross_the_border_to_c_unchanged_on_aarch64() {
    if let Some(target) = aarch64() {
        check(&target, &["-O2"]);
    }
}

/// LLVM is told the same places of values in other words.
#[test]
fn values_cross_the_border_to_c_unchanged_by_llvm() {
    if !jlift_driver::llvm::is_there() {
        eprintln!("skipped: no LLVM tools");
        return;
    }
    check(&host(), &["-O2", "--backend", "llvm"]);
    check(&host(), &["-O0", "--backend", "llvm"]);
    if let Some(target) = aarch64() {
        check(&target, &["-O2", "--backend", "llvm"]);
    }
}

/// The generator covers what the test claims: at least 200 signatures unless asked for fewer, and in
/// them every kind of type both as a parameter and as a result.
#[test]
fn the_signatures_cover_scalars_structs_tuples_and_types_without_data() {
    let (types, signatures) = case();
    if std::env::var_os("JLIFT_ABI_SIGNATURES").is_some() {
        return;
    }
    assert!(signatures.len() >= 200);
    let sizes: std::collections::BTreeSet<u32> = types
        .aggregates
        .iter()
        .map(|&a| types.list[a].size)
        .collect();
    assert!(
        sizes.len() >= 20 && sizes.contains(&1) && sizes.contains(&40),
        "{sizes:?}"
    );
    let count = |matches: &dyn Fn(&types::TypeInfo) -> bool| {
        let is = |id: usize| usize::from(matches(&types.list[id]));
        let params: usize = signatures
            .iter()
            .flat_map(|s| &s.params)
            .map(|&p| is(p))
            .sum();
        (params, signatures.iter().map(|s| is(s.ret)).sum::<usize>())
    };
    for (what, (params, results)) in [
        (
            "struct",
            count(&|t| matches!(t.kind, types::Kind::Aggregate { tuple: false, .. })),
        ),
        (
            "tuple",
            count(&|t| matches!(t.kind, types::Kind::Aggregate { tuple: true, .. })),
        ),
        ("no data", count(&|t| t.is_ghost())),
        (
            "scalar",
            count(&|t| matches!(t.kind, types::Kind::Scalar(_))),
        ),
    ] {
        assert!(
            params >= 10 && results >= 5,
            "{what}: {params} parameters, {results} results"
        );
    }
    for (i, scalar) in types::SCALARS.iter().enumerate() {
        let used = count(&|t| matches!(t.kind, types::Kind::Scalar(s) if s == i)).0;
        assert!(used > 0, "no parameter of type {}", scalar.julia);
    }
}

/// The generated module is valid typed IR: a failure of the tests above is the compiler's.
#[test]
fn the_generated_module_is_valid() {
    let (types, signatures) = case();
    let text = jir::module(&types, &signatures);
    let module = jlift_ir::text::parse(&text).unwrap_or_else(|errors| panic!("{errors:#?}"));
    if let Err(errors) = jlift_ir::verify::verify_module(&module) {
        panic!("{errors:#?}");
    }
}
