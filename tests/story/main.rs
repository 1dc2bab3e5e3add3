//! The story of examples/story, step by step: every example is built as its README says and driven
//! from Python. Knows the `jlift` command and the examples only.

mod step;

use jlift_tests::process::run;
use step::{LEVELS, Step};

#[test]
fn a_a_harmonic_sum_is_called_through_ctypes() {
    for level in LEVELS {
        let step = Step::of_example("../harmonic.jl", &["harmonic(Int64)"]);
        step.build(&[level]).expect_success();
        let done = step.python("../harmonic.py", &[step.library()]);
        assert_eq!(
            done.expect_success().stdout,
            "2.9289682539682538\n",
            "{level}"
        );
    }
}

#[test]
fn b_a_type_instability_is_julias_answer_in_run() {
    let step = Step::new("unstable");
    assert_eq!(step.run().expect_success().stdout, step.expected("out"));
}

/// The library has no type for the result. The message shows where the two types come from and what
/// to write instead.
#[test]
fn b_an_unstable_return_is_explained_and_nothing_is_written() {
    let step = Step::new("unstable");
    let done = step.build(&[]);
    assert_eq!(done.status, Some(2), "{}", done.stderr);
    // What the program itself prints comes first.
    assert_eq!(done.stdout, step.expected("out"));
    assert_eq!(step.files(), Vec::<String>::new());
    let shown: Vec<&str> = done.stderr.lines().map(str::trim_end).collect();
    assert!(
        done.stderr.contains("Union{Float64, Int64}"),
        "{}",
        done.stderr
    );
    for line in ["4 |     s = 0", "6 |         s += 1 / i"] {
        assert!(
            shown.contains(&line),
            "`{line}` is not shown in\n{}",
            done.stderr
        );
    }
    let help = shown.iter().find(|line| line.contains("help:"));
    assert!(
        help.is_some_and(|h| h.contains("0.0") || h.contains("Float64(s)")),
        "{}",
        done.stderr
    );
}

#[test]
fn b_with_one_type_on_the_way_out_it_builds() {
    Step::new("stable").drive();
}

#[test]
fn c_a_conversion_that_fails_is_message_status_and_exception() {
    Step::new("floor_int").drive();
}

/// The driver measures the process' memory.
#[test]
fn d_arrays_inside_a_library_are_freed() {
    Step::new("ones").drive();
}

#[test]
fn e_a_vector_type_of_ones_own_squares_a_numpy_array_in_place() {
    Step::new("ptr_vector").drive();
}

#[test]
fn f_a_reversed_range_is_iterated() {
    Step::new("reversed").drive();
}

#[test]
fn g_an_int32_is_read_at_a_byte_offset() {
    Step::new("read_int32").drive();
}

#[test]
fn h_a_library_prints() {
    Step::new("printing").drive();
}

#[test]
fn i_nineteen_arguments_arrive_arrays_among_them() {
    Step::new("many_arguments").drive();
}

#[test]
fn j_an_index_out_of_bounds_is_julias_bounds_error() {
    Step::new("bounds").drive();
}

#[test]
fn k_a_production_library_agrees_with_numpy() {
    Step::new("signal").drive();
}

#[test]
fn k_a_production_library_is_small() {
    let step = Step::new("signal");
    step.build(&[]).expect_success();
    let size = std::fs::metadata(step.library())
        .expect("the library")
        .len();
    println!("signal.jl: {size} bytes");
    assert!(size < 20_000, "{size} bytes");
}

/// The harmonic sum computes; nothing of Base that it does not need may be in it.
#[test]
fn a_library_that_only_computes_imports_nothing() {
    let step = Step::new("stable");
    step.build(&[]).expect_success();
    let data = std::fs::read(step.library()).expect("the library");
    let parsed = object::File::parse(&*data).expect("an object file");
    let symbols = object::Object::dynamic_symbols(&parsed);
    let open: Vec<String> = symbols
        .filter(object::ObjectSymbol::is_undefined)
        .filter_map(|s| object::ObjectSymbol::name(&s).ok().map(str::to_string))
        .collect();
    assert_eq!(open, Vec::<String>::new());
    assert!(data.len() < 2_500, "{} bytes", data.len());
}

/// `check` says yes to what `build` builds, without a word and without a file.
#[test]
fn what_builds_passes_check() {
    for name in ["stable", "floor_int", "ones", "signal"] {
        let step = Step::new(name);
        let done = run(&mut step.command("check")).expect_success();
        assert_eq!((done.stdout.as_str(), done.stderr.as_str()), ("", ""));
        assert_eq!(step.files(), Vec::<String>::new());
    }
}
