//! `jlift emit`: every stage has a text, and that of the typed stages is typed IR again.

use crate::scratch::{Scratch, THROWING, example};
use jlift_tests::process::{jlift, run};

fn emit(scratch: &Scratch, input: &str, stage: &str) -> String {
    let mut command = scratch.command(jlift());
    command.args(["emit", input, "--stage", stage]);
    run(&mut command).expect_success().stdout
}

#[test]
fn the_typed_stage_is_the_input_and_can_be_read_again() {
    let scratch = Scratch::new();
    scratch.write("throwing.jir", THROWING);
    let once = emit(&scratch, "throwing.jir", "typed");
    scratch.write("again.jir", &once);
    assert_eq!(emit(&scratch, "again.jir", "typed"), once);
    assert!(once.contains("Main.harmonic_power(_2 n::Int64, _3 p::Int64)::Float64"));
}

#[test]
fn later_stages_show_the_code_with_its_statements() {
    let scratch = Scratch::new();
    let input = example("harmonic.jir");
    let input = input.to_str().expect("a path in UTF-8");
    let optimized = emit(&scratch, input, "opt");
    assert!(optimized.contains("Base.div_float(1.0, "), "{optimized}");
    // What Julia leaves to its backend is cleaned up.
    let blocks = |text: &str| text.lines().filter(|l| l.starts_with('#')).count();
    let before = blocks(&emit(&scratch, input, "typed"));
    assert!(blocks(&optimized) * 2 <= before, "{optimized}");
    let clif = emit(&scratch, input, "clif");
    let statement = clif
        .find("Base.div_float(1.0, ")
        .expect("the statement as a comment");
    assert!(clif[statement..].contains("fdiv"), "{clif}");
    let assembly = emit(&scratch, input, "asm");
    assert!(assembly.contains("Main.harmonic(Int64)"), "{assembly}");
}

#[test]
fn an_object_can_be_emitted_to_a_file() {
    use object::{Object, ObjectSymbol};
    let scratch = Scratch::new();
    let mut command = scratch.command(jlift());
    command
        .arg("emit")
        .arg(example("harmonic.jir"))
        .args(["--stage", "obj", "-o", "h.o"]);
    run(&mut command).expect_success();
    let data = std::fs::read(scratch.path("h.o")).expect("the object");
    let file = object::File::parse(&*data).expect("an object file");
    let mut names = file
        .symbols()
        .filter(|s| s.is_global())
        .filter_map(|s| s.name().ok().map(String::from));
    assert_eq!(
        (names.next().as_deref(), names.next()),
        (Some("harmonic"), None)
    );
}

#[test]
fn arithmetic_through_three_functions_becomes_five_instructions() {
    let scratch = Scratch::new();
    scratch.write("h.jl", "f(x) = x^3\ng(x) = 2f(x)\nh(x) = g(x) / 4\n");
    let mut command = scratch.command(jlift());
    command.args(["emit", "h.jl", "--export", "h(Int64)", "--stage"]);
    let optimized = run(command.arg("opt")).expect_success().stdout;
    let statements: Vec<&str> = (optimized.lines().filter_map(|l| l.split_once(" = ")))
        .map(|(_, rest)| rest.split('(').next().unwrap_or(rest))
        .collect();
    let arithmetic = ["mul_int", "mul_int", "mul_int", "sitofp", "mul_float"];
    assert_eq!(
        statements,
        arithmetic.map(|name| format!("Base.{name}")),
        "{optimized}"
    );
    // The multiplication by two is a shift in machine code.
    let mut command = scratch.command(jlift());
    command.args(["emit", "h.jl", "--export", "h(Int64)", "--stage", "asm"]);
    let assembly = run(&mut command).expect_success().stdout;
    let count = |name: &str| {
        assembly
            .lines()
            .filter(|l| l.trim().starts_with(name))
            .count()
    };
    if cfg!(target_arch = "x86_64") {
        let names = ["imul", "shl", "cvtsi2sd", "mulsd", "div", "call"];
        assert_eq!(names.map(count), [2, 1, 1, 1, 0, 0], "{assembly}");
    }
}
