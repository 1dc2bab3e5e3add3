//! Calls by every way of execution: ways agree where the program says what happens, and what they do
//! not agree on is seen, a crash among it.

use jlift_driver::differential::{
    Argument, Batch, Buffer, Call, Differs, Ending, Input, Settings, Way,
};
use jlift_ir::{Func, Module, Type};

fn read(text: &str) -> Module {
    let module = jlift_ir::text::parse(text).unwrap_or_else(|e| panic!("{}", e[0]));
    if let Err(errors) = jlift_ir::verify::verify_module(&module) {
        panic!("{}", errors[0]);
    }
    module
}

fn exported(module: &Module, name: &str) -> Func {
    let named = |f: &Func| module.tables.names.str(module.functions[*f].name) == name;
    module.exports().find(named).expect("a function")
}

fn int64s(numbers: &[i64]) -> Vec<u8> {
    numbers.iter().flat_map(|n| n.to_le_bytes()).collect()
}

/// Runs calls by all ways that there are, and wants no difference.
fn agree(module: &Module, calls: Vec<Call>, settings: Settings) -> Vec<Ending> {
    let mut batch = Batch::new(module, calls, settings).expect("a batch");
    let expected = batch.run(Way::Interpreter).expect("interpreted");
    batch.keep_defined(&expected);
    for &way in Way::ALL.iter().chain(Way::FILES) {
        if way.needs_llvm() && !jlift_driver::llvm::is_there() {
            continue;
        }
        let found = batch
            .run(way)
            .unwrap_or_else(|e| panic!("{way}: {}", e.render(false)));
        let differences = batch.differences(&expected, &found);
        assert!(differences.is_empty(), "{}", differences[0]);
        assert_eq!(found.observations.len(), batch.calls().len());
    }
    expected
        .observations
        .into_iter()
        .map(|o| o.ending)
        .collect()
}

const PLAIN: &str = "jir 1
singleton typeof(Main.f) super=Function
struct Main.P inline size=16 align=8 super=Any { \"a\"::Int8 @0, \"b\"::Float64 @8 }

function @1 Main.swap(_2 p::Ptr{Int64}, _3 n::Int64, _4 s::Main.P)::Tuple{Float64, Int64} self=typeof(Main.f) export
#1:
  %1 = Base.pointerref(_2, _3, 1)::Int64
  %2 = Base.pointerset(_2, _3, 1, 1)::Ptr{Int64}
  %3 = Base.checked_sdiv_int(%1, _3)::Int64
  %4 = Core.getfield(_4, sym \"b\")::Float64
  %5 = Base.div_float(%4, 0.0)::Float64
  %6 = Core.tuple(%5, %3)::Tuple{Float64, Int64}
  return %6

function @2 Main.twice(_2 a::Array{Int32, 1})::Array{Int32, 1} self=typeof(Main.f) export
#1:
  %1 = Core.arrayref(true, _2, 1)::Int32
  %2 = Base.mul_int(%1, Int32(2))::Int32
  %3 = Core.arrayset(true, _2, %2, 2)::Array{Int32, 1}
  return _2
";

#[test]
fn all_ways_agree_on_results_memory_arrays_and_exceptions() {
    let module = read(PLAIN);
    let (swap, twice) = (
        exported(&module, "Main.swap"),
        exported(&module, "Main.twice"),
    );
    let mut calls = Vec::new();
    // The last index is beyond the buffer; the one before divides by zero.
    for n in [1, 2, 3, 0, 9] {
        let mut point = vec![5u8; 16];
        point[8..].copy_from_slice(&(n as f64 - 1.0).to_le_bytes());
        let buffer = Buffer {
            bytes: int64s(&[i64::MIN, 7, -3]),
            elem: Type::INT64,
        };
        let args = vec![
            Argument::Pointer {
                buffer: 0,
                offset: if n == 0 { 8 } else { 0 },
            },
            Argument::Bytes(int64s(&[n])),
            Argument::Bytes(point),
        ];
        let input = Input {
            args,
            buffers: vec![buffer],
        };
        calls.push(Call { func: swap, input });
    }
    for count in [2, 1] {
        let buffer = Buffer {
            bytes: [5i32, 6].iter().flat_map(|n| n.to_le_bytes()).collect(),
            elem: Type::INT32,
        };
        let input = Input {
            args: vec![Argument::Array {
                buffer: 0,
                sizes: vec![count],
            }],
            buffers: vec![buffer],
        };
        calls.push(Call { func: twice, input });
    }
    let endings = agree(&module, calls, Settings::default());
    assert_eq!(
        endings[..3],
        [Ending::Returned, Ending::Returned, Ending::Returned]
    );
    let threw = |ending: &Ending, text: &str| match ending {
        Ending::Threw(found) => String::from_utf8_lossy(found).contains(text),
        _ => false,
    };
    assert!(threw(&endings[3], "DivideError"), "{}", endings[3]);
    assert!(matches!(endings[4], Ending::Fault(_)), "{}", endings[4]);
    assert_eq!(endings[5], Ending::Returned);
    assert!(threw(&endings[6], "BoundsError"), "{}", endings[6]);
}

const MULTIPLY_ADD: &str = "jir 1
singleton typeof(Main.f) super=Function

function @1 Main.f(_2 x::Float64, _3 y::Float64)::Float64 self=typeof(Main.f) export
#1:
  %1 = Base.muladd_float(_2, _2, _3)::Float64
  return %1
";

#[test]
fn a_product_and_a_sum_are_rounded_as_the_processor_that_is_asked_for_does() {
    let module = read(MULTIPLY_ADD);
    let func = exported(&module, "Main.f");
    // The square needs more bits than there are; what it is rounded to is subtracted.
    let (x, y) = (1.0 + 2f64.powi(-30), -(1.0 + 2f64.powi(-29)));
    let args = [x, y].map(|x| Argument::Bytes(x.to_le_bytes().to_vec()));
    let call = Call {
        func,
        input: Input {
            args: args.to_vec(),
            buffers: Vec::new(),
        },
    };
    for cpu in ["baseline", "native"] {
        let settings = Settings {
            cpu: cpu.into(),
            ..Settings::default()
        };
        let endings = agree(&module, vec![call.clone()], settings);
        assert_eq!(endings, [Ending::Returned]);
    }
}

const WRONG: &str = "jir 1
singleton typeof(Main.f) super=Function

function @1 Main.f(_2 p::Ptr{Int64}, _3 what::Int64)::Int64 self=typeof(Main.f) export
#1:
  %1 = Base.eq_int(_3, 1)::Bool
  goto #3 if not %1
#2:
  %3 = Base.bitcast(type Ptr{Int64}, 8)::Ptr{Int64}
  %4 = Base.pointerref(%3, 1, 1)::Int64
  return %4
#3:
  %6 = Base.eq_int(_3, 2)::Bool
  goto #6 if not %6
#4:
  goto #5
#5:
  goto #5
#6:
  %10 = Base.eq_int(_3, 3)::Bool
  goto #8 if not %10
#7:
  %12 = Base.pointerset(_2, 9, 2, 1)::Ptr{Int64}
  return 5
#8:
  return 4
";

#[test]
fn a_crash_an_endless_loop_and_a_stray_store_are_observations_and_the_rest_still_runs() {
    let module = read(WRONG);
    let func = exported(&module, "Main.f");
    let call = |what: i64| Call {
        func,
        input: Input {
            args: vec![
                Argument::Pointer {
                    buffer: 0,
                    offset: 0,
                },
                Argument::Bytes(int64s(&[what])),
            ],
            buffers: vec![Buffer {
                bytes: int64s(&[0]),
                elem: Type::INT64,
            }],
        },
    };
    let settings = Settings {
        patience: 1,
        ..Settings::default()
    };
    let calls = (0..5).map(call).collect();
    let mut batch = Batch::new(&module, calls, settings).expect("a batch");
    // Nothing is left out: compiled code does what the program must not do.
    let interpreted = batch.run(Way::Interpreter).expect("interpreted");
    let run = batch
        .run(Way::Cranelift(jlift_driver::CodeLevel::O2))
        .unwrap_or_else(|e| panic!("{}", e.render(false)));
    let endings: Vec<&Ending> = run.observations.iter().map(|o| &o.ending).collect();
    assert_eq!(
        endings,
        [
            &Ending::Returned,
            &Ending::Signal(libc::SIGSEGV),
            &Ending::Overdue,
            &Ending::Returned,
            &Ending::Returned
        ]
    );
    assert!(run.observations[3].strayed && !run.observations[4].strayed);
    let differences = batch.differences(&interpreted, &run);
    let differ: Vec<(usize, Differs)> = differences.iter().map(|d| (d.call, d.differs)).collect();
    assert_eq!(
        differ,
        [
            (1, Differs::Ending),
            (2, Differs::Ending),
            (3, Differs::Ending)
        ]
    );
}
