//! What LLVM could take for something else than is meant: fields that were never given a value, names
//! that mean something to it, modules that it does not finish.

use jlift_driver::CodeLevel;
use jlift_driver::differential::{
    Argument, Batch, Buffer, Call, Ending, Input, Observation, Settings, Way,
};
use jlift_ir::{Module, Type};

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
