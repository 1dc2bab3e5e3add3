//! What LLVM could take for something else than is meant: fields that were never given a value, names
//! that mean something to it, modules that it does not finish.

use jlift_driver::build::BuildRequest;
use jlift_driver::differential::{
    Argument, Batch, Buffer, Call, Ending, Input, Observation, Settings, Way,
};
use jlift_driver::{BackendKind, CodeLevel, Options, Session};
use jlift_ir::{Module, Type};
use std::time::Duration;

fn read(text: &str) -> Module {
    let header = "jir 1\nsingleton typeof(Main.f) super=Function\n";
    let module = jlift_ir::text::parse(&format!("{header}{text}"));
    let module = module.unwrap_or_else(|e| panic!("{}", e[0]));
    if let Err(errors) = jlift_ir::verify::verify_module(&module) {
        panic!("{}", errors[0]);
    }
    module
}

/// Calls the first export with the address of two numbers.
fn with_two_numbers(text: &str, way: Way) -> Observation {
    let module = read(text);
    let func = module.exports().next().expect("an export");
    let input = Input {
        args: vec![Argument::Pointer {
            buffer: 0,
            offset: 0,
        }],
        buffers: vec![Buffer {
            bytes: vec![0; 16],
            elem: Type::INT64,
        }],
    };
    let calls = vec![Call { func, input }];
    let mut batch = Batch::new(&module, calls, Settings::default()).expect("a batch");
    let run = batch.run(way);
    let mut run = run.unwrap_or_else(|e| panic!("{way}: {}", e.render(false)));
    run.observations.remove(0)
}

const NEVER_GIVEN: &str = "
struct Main.A mutable heap size=8 align=8 super=Any { \"x\"::Int64 @0 }

function @1 Main.f(_2 p::Ptr{Int64})::Int64 self=typeof(Main.f) export
#1:
  %1 = Base.pointerset(_2, 1, 1, 1)::Ptr{Int64}
  %2 = new type Main.A()::Main.A
  %3 = Core.getfield(%2, sym \"x\")::Int64
  %4 = Base.checked_sdiv_int(10, %3)::Int64
  %5 = Base.pointerset(_2, 2, 2, 1)::Ptr{Int64}
  return 5
";

#[test]
fn a_field_that_was_never_given_a_value_is_some_value() {
    let mut ways = vec![Way::Cranelift(CodeLevel::O2)];
    if jlift_driver::llvm::is_there() {
        ways.extend([Way::Llvm(CodeLevel::O0), Way::Llvm(CodeLevel::O2)]);
    }
    for way in ways {
        let seen = with_two_numbers(NEVER_GIVEN, way);
        let numbers: Vec<u8> = [0, 8].map(|n| seen.buffers[0].bytes[n]).to_vec();
        match seen.ending {
            Ending::Returned => {
                assert_eq!(numbers, [1, 2], "{way}");
                assert_eq!(seen.result.bytes[0], 5, "{way}");
            }
            Ending::Threw(text) => {
                assert_eq!(text, b"DivideError: integer division error", "{way}");
                assert_eq!(numbers, [1, 0], "{way}");
            }
            other => panic!("{way}: {other}"),
        }
    }
}

/// What a build of a library says that fails.
fn refused(text: &str, backend: BackendKind) -> String {
    let options = Options {
        backend,
        ..Options::default()
    };
    let text = format!("jir 1\nsingleton typeof(Main.f) super=Function\n{text}");
    let session = Session::from_text("test.jir", &text, options);
    let mut session = session.unwrap_or_else(|e| panic!("{}", e.render(false)));
    match session.build(&BuildRequest::object()) {
        Ok(_) => panic!("an object of\n{text}"),
        Err(failure) => failure.render(false),
    }
}

const EXPORT_OF_MALLOC: &str = "
struct Main.A mutable heap size=8 align=8 super=Any { \"x\"::Int64 @0 }

function @1 Main.keep(_2 a::Main.A)::Int64 self=typeof(Main.f) noinline
#1:
  %1 = Core.setfield!(_2, sym \"x\", 1)::Int64
  return %1

function @2 Main.malloc(_2 x::Int64)::Int64 self=typeof(Main.f) export
#1:
  %1 = new type Main.A(_2)::Main.A
  %2 = invoke @1 keep(%1)::Int64
  return %2
";

#[test]
fn an_export_with_the_name_of_a_c_function_that_the_compiler_calls_is_refused_alike() {
    let says = refused(EXPORT_OF_MALLOC, BackendKind::Cranelift);
    assert!(
        says.contains("the export cannot be called `malloc`: the program uses the C symbol"),
        "{says}"
    );
    if jlift_driver::llvm::is_there() {
        assert_eq!(says, refused(EXPORT_OF_MALLOC, BackendKind::Llvm));
    }
}

const MANY_NAMES: &str = "
struct Main.A mutable heap size=8 align=8 super=Any { \"x\"::Int64 @0 }

function @1 llvm.trap(_2 a::Main.A)::Int64 self=typeof(Main.f) noinline
#1:
  %1 = Core.setfield!(_2, sym \"x\", 4)::Int64
  return %1

function @2 Main.f(_2 p::Ptr{Int64})::Int64 self=typeof(Main.f) export
#1:
  %1 = new type Main.A(1)::Main.A
  %2 = invoke @1 trap(%1)::Int64
  %3 = Base.cglobal(sym \"free\", type Int64)::Ptr{Int64}
  %4 = Base.pointerref(%3, 1, 1)::Int64
  %5 = foreigncall sym \"getpid\" Int32() variadic_from=0 cc=sym \"ccall\" args() roots()::Int32
  %6 = Base.cglobal(sym \"getpid\", type Int64)::Ptr{Int64}
  %7 = Base.pointerref(%6, 1, 1)::Int64
  %8 = Base.ne_int(%4, %7)::Bool
  %9 = Base.zext_int(type Int64, %8)::Int64
  %10 = Base.add_int(%2, %9)::Int64
  return %10
";

#[test]
fn functions_of_c_have_addresses_and_names_may_mean_something_to_llvm() {
    if !jlift_driver::llvm::is_there() {
        eprintln!("skipped: no LLVM");
        return;
    }
    let seen = with_two_numbers(MANY_NAMES, Way::Llvm(CodeLevel::O2));
    assert_eq!(seen.ending, Ending::Returned);
    assert_eq!(seen.result.bytes[..8], 5i64.to_le_bytes());
}

#[test]
fn llvm_is_stopped_when_it_takes_too_long_and_the_module_is_named() {
    if !jlift_driver::llvm::is_there() {
        eprintln!("skipped: no LLVM");
        return;
    }
    let module = read(NEVER_GIVEN);
    let func = module.exports().next().expect("an export");
    let calls = vec![Call {
        func,
        input: Input {
            args: vec![Argument::Bytes(vec![0; 8])],
            buffers: Vec::new(),
        },
    }];
    let settings = Settings {
        llvm_patience: Duration::ZERO,
        ..Settings::default()
    };
    let mut batch = Batch::new(&module, calls, settings).expect("a batch");
    let failure = batch.run(Way::Llvm(CodeLevel::O2)).expect_err("no time");
    let says = failure.render(false);
    assert!(
        says.contains("it took longer than 0 s (the module of"),
        "{says}"
    );
}
