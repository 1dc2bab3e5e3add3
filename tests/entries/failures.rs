//! Exceptions that leave an exported function: message and abort from the plain entry, status and
//! message from the `_try` entry. The messages are those of Julia 1.10.

use crate::scratch::{Scratch, THROWING};
use jlift_tests::process::run;

const SIGABRT: i32 = 6;

/// Call of the plain entry in C that must not return, arguments of the entry with status that fails
/// alike, and the message.
const FAILURES: &[(&str, &str, &str)] = &[
    (
        "harmonic_power",
        "3, -2",
        "DomainError with -2:\nCannot raise an integer x to a negative power -2.\nMake x or -2 a float by adding a zero decimal \
         (e.g., 2.0^-2 or 2^-2.0 instead of 2^-2)or write 1/x^2, float(x)^-2, x^float(-2) or (x//1)^-2.",
    ),
    (
        "harmonic_range",
        "1, 0, 5",
        "ArgumentError: step cannot be zero",
    ),
    ("narrow", "256", "InexactError: trunc(UInt8, 256)"),
    (
        "narrow",
        "-9223372036854775807 - 1",
        "InexactError: trunc(UInt8, -9223372036854775808)",
    ),
    ("quotient", "1, 0", "DivideError: integer division error"),
    // typemin ÷ -1 does not fit either.
    (
        "quotient",
        "-9223372036854775807 - 1, -1",
        "DivideError: integer division error",
    ),
    (
        "times",
        "-4294967296, 4294967296",
        "OverflowError: -4294967296 * 4294967296 overflowed for type Int64",
    ),
    ("failing", "-0.5", "negative: not supported — \"x\""),
    (
        "root",
        "-2.5e-7",
        "DomainError with -2.5e-7:\nsqrt was called with a negative real argument but will only return a complex result if \
         called with a complex argument. Try sqrt(Complex(x)).",
    ),
    (
        "root",
        "-1.0 / 0.0",
        "DomainError with -Inf:\nsqrt was called with a negative real argument but will only return a complex result if \
         called with a complex argument. Try sqrt(Complex(x)).",
    ),
    ("pair_of", "5, 0", "DivideError: integer division error"),
    (
        "nothing_of",
        "5, 0, &stored",
        "DivideError: integer division error",
    ),
];

/// A C program: without argument it calls every entry with status and prints status and message; with
/// the number of a failure it calls the plain entry.
fn caller() -> String {
    let mut text = String::from(
        "#include \"throwing.h\"\n#include <stdio.h>\n#include <stdlib.h>\n\
         int main(int argc, char **argv) {\n  int64_t stored = 77; (void)stored;\n  if (argc > 1) switch (atoi(argv[1])) {\n",
    );
    for (i, (name, args, _)) in FAILURES.iter().enumerate() {
        text += &format!("    case {i}: {name}({args}); break;\n");
    }
    text += "  }\n  if (argc > 1) { puts(\"returned\"); return 3; }\n";
    for (name, args, _) in FAILURES {
        // The result stays as it was.
        let (declare, out, check) = match *name {
            "nothing_of" => ("", "".to_string(), "stored == 77"),
            "pair_of" => (
                "Pair r = {7, 8}; ",
                ", &r".to_string(),
                "r.quotient == 7 && r.rest == 8",
            ),
            "narrow" => ("uint8_t r = 7; ", ", &r".to_string(), "r == 7"),
            "quotient" | "times" => ("int64_t r = 7; ", ", &r".to_string(), "r == 7"),
            _ => ("double r = 7; ", ", &r".to_string(), "r == 7"),
        };
        text += &format!(
            "  {{ {declare}int32_t status = {name}_try({args}{out}); printf(\"%d %d %s\\n--\\n\", status, {check}, jlift_last_error()); }}\n"
        );
    }
    text += "  return 0;\n}\n";
    text
}

fn throwing_library(scratch: &Scratch) {
    let args = ["-o", "throwing.so", "--header", "throwing.h"];
    scratch
        .build_text("throwing", THROWING, &args)
        .expect_success();
}

#[test]
fn an_exception_in_a_plain_entry_prints_julias_message_and_aborts() {
    let scratch = Scratch::new();
    throwing_library(&scratch);
    let program = scratch.compile_c(&caller(), "caller", &["throwing.so"]);
    for (i, (name, args, message)) in FAILURES.iter().enumerate() {
        let done = run(std::process::Command::new(&program).arg(i.to_string()));
        assert_eq!(done.stderr, format!("ERROR: {message}\n"), "{name}({args})");
        assert_eq!(
            (done.status, done.signal, done.stdout.as_str()),
            (None, Some(SIGABRT), ""),
            "{name}({args})"
        );
    }
}

#[test]
fn an_exception_in_an_entry_with_status_is_reported_and_leaves_the_result_alone() {
    let scratch = Scratch::new();
    throwing_library(&scratch);
    let program = scratch.compile_c(&caller(), "caller", &["throwing.so"]);
    let done = run(&mut std::process::Command::new(&program)).expect_success();
    let expected: String = FAILURES
        .iter()
        .map(|(_, _, message)| format!("1 1 {message}\n--\n"))
        .collect();
    assert_eq!(done.stdout, expected);
    assert_eq!(done.stderr, "");
}

/// A program that throws without a library around it ends as one that is run.
#[test]
fn an_exception_in_a_program_prints_julias_message_and_ends_it_with_exit_code_1() {
    let scratch = Scratch::new();
    // `main` without arguments in place of `quotient(1, 0)`.
    let text = format!(
        "{}singleton typeof(Main.main) super=Function\nfunction @99 Main.main()::Int32 self=typeof(Main.main) export\n#1:\n  \
         %1 = invoke @13 quotient(1, 0)::Int64\n  %2 = Base.trunc_int(type Int32, %1)::Int32\n  return %2\n",
        THROWING
    );
    scratch
        .build_text("program", &text, &["-o", "program"])
        .expect_success();
    let done = run(&mut std::process::Command::new(scratch.path("program")));
    assert_eq!(done.stderr, "ERROR: DivideError: integer division error\n");
    assert_eq!((done.status, done.signal), (Some(1), None));
}

#[test]
fn good_arguments_succeed_after_a_failure_whose_message_stays_until_the_next_one() {
    let scratch = Scratch::new();
    throwing_library(&scratch);
    let source = r#"#include "throwing.h"
#include <stdio.h>
#include <string.h>
#define CHECK(x) do { if (!(x)) { printf("line %d: %s\n", __LINE__, #x); failed = 1; } } while (0)
int main(void) {
  int failed = 0;
  int64_t r = 0;
  double f = 0;
  Pair p = {0, 0};
  CHECK(!strcmp(jlift_last_error(), ""));
  CHECK(quotient_try(1, 0, &r) == 1);
  const char *message = jlift_last_error();
  CHECK(!strcmp(message, "DivideError: integer division error"));
  // Successes leave the message alone, and give results.
  CHECK(quotient_try(-7, 2, &r) == 0 && r == -3);
  CHECK(times_try(6, -7, &r) == 0 && r == -42);
  CHECK(pair_of_try(-17, 5, &p) == 0 && p.quotient == -3 && p.rest == -2);
  CHECK(nothing_of_try(9, 3, &r) == 0 && r == 3);
  CHECK(root_try(2.25, &f) == 0 && f == 1.5);
  CHECK(quotient(-7, 2) == -3 && doubled(21) == 42);
  p = pair_of(17, 5);
  CHECK(p.quotient == 3 && p.rest == 2);
  CHECK(jlift_last_error() == message && !strcmp(message, "DivideError: integer division error"));
  // The next failure replaces it; a shorter message ends where it ends.
  CHECK(times_try(INT64_MAX, 2, &r) == 1);
  CHECK(!strcmp(jlift_last_error(), "OverflowError: 9223372036854775807 * 2 overflowed for type Int64"));
  CHECK(harmonic_range_try(1, 0, 1, &f) == 1);
  CHECK(!strcmp(jlift_last_error(), "ArgumentError: step cannot be zero"));
  // What does not fit is cut, and still ends in NUL.
  CHECK(long_message_try(0, &r) == 1);
  CHECK(strlen(jlift_last_error()) == 1007 && !strncmp(jlift_last_error(), "01234567890", 11));
  CHECK(long_message_try(5, &r) == 0 && r == 5);
  return failed;
}
"#;
    let program = scratch.compile_c(source, "messages", &["throwing.so"]);
    let done = run(&mut std::process::Command::new(program));
    assert_eq!((done.status, done.stdout.as_str()), (Some(0), ""));
}

#[test]
fn every_thread_has_its_own_message() {
    let scratch = Scratch::new();
    throwing_library(&scratch);
    let source = r#"#include "throwing.h"
#include <pthread.h>
#include <stdio.h>
#include <string.h>
static pthread_barrier_t failed_both;
static void *other(void *unused) {
  (void)unused;
  int64_t r;
  // A thread starts without a message.
  int wrong = strcmp(jlift_last_error(), "") != 0;
  wrong |= times_try(INT64_MIN, 3, &r) != 1;
  pthread_barrier_wait(&failed_both);
  wrong |= strcmp(jlift_last_error(), "OverflowError: -9223372036854775808 * 3 overflowed for type Int64") != 0;
  return wrong ? (void *)jlift_last_error() : NULL;
}
int main(void) {
  pthread_t thread;
  int64_t r;
  void *wrong;
  pthread_barrier_init(&failed_both, NULL, 2);
  if (quotient_try(1, 0, &r) != 1) return 2;
  pthread_create(&thread, NULL, other, NULL);
  pthread_barrier_wait(&failed_both);
  int mine = strcmp(jlift_last_error(), "DivideError: integer division error");
  pthread_join(thread, &wrong);
  if (mine) puts(jlift_last_error());
  return mine || wrong;
}
"#;
    let program = scratch.compile_c(source, "threads", &["throwing.so"]);
    let done = run(&mut std::process::Command::new(program));
    assert_eq!((done.status, done.stdout.as_str()), (Some(0), ""));
}

/// Both libraries export the same names, visible to all: each still keeps and finds its own message and
/// calls its own functions.
#[test]
fn two_libraries_in_one_process_do_not_mix() {
    let scratch = Scratch::new();
    throwing_library(&scratch);
    let changed = THROWING.replace("step cannot be zero", "the other library");
    scratch
        .build_text("other", &changed, &["-o", "other.so"])
        .expect_success();
    let done = scratch.python(
        r#"
import ctypes
one, two = (ctypes.CDLL("./" + name, mode=ctypes.RTLD_GLOBAL) for name in ("throwing.so", "other.so"))
for lib in (one, two):
    lib.jlift_last_error.restype = ctypes.c_char_p
    lib.harmonic_range_try.argtypes = [ctypes.c_int64] * 3 + [ctypes.c_void_p]
out = ctypes.c_double()
print(one.harmonic_range_try(1, 0, 1, ctypes.byref(out)), one.jlift_last_error(), two.jlift_last_error())
print(two.harmonic_range_try(1, 0, 1, ctypes.byref(out)), one.jlift_last_error(), two.jlift_last_error())
"#,
        &[],
    );
    assert_eq!(
        done.expect_success().stdout,
        "1 b'ArgumentError: step cannot be zero' b''\n\
         1 b'ArgumentError: step cannot be zero' b'ArgumentError: the other library'\n"
    );
}
