//! What compiling in process costs: small functions one at a time, as a session adds them, and a
//! program of many functions at once. Prints a table; takes the number of functions and the
//! level of optimization.

use jlift_driver::engine::{Called, Engine};
use jlift_driver::{CodeLevel, Options};
use jlift_ir::text::parse;
use jlift_ir::{Func, Module};
use std::fmt::Write;
use std::time::{Duration, Instant};

fn main() {
    let count = std::env::args().nth(1).and_then(|a| a.parse().ok());
    let count: u32 = count.unwrap_or(1000);
    let begin = Instant::now();
    let mut engine = engine();
    println!("engine: {:?}", begin.elapsed());
    let mut module = thunks(count);
    let begin = Instant::now();
    let mut slowest = Duration::ZERO;
    for n in 0..count {
        let one = Instant::now();
        call(&mut engine, &mut module, n * 2);
        slowest = slowest.max(one.elapsed());
    }
    report("one at a time", begin, &engine);
    println!("slowest: {slowest:?}");

    let mut module = program(count);
    let mut engine = self::engine();
    let begin = Instant::now();
    if engine.compile(&mut module, &[Func::from_u32(0)]).is_err() {
        panic!("the program does not compile");
    }
    report("at once", begin, &engine);
}

fn engine() -> Engine {
    let options = Options {
        cpu: "native".into(),
        threads: 1,
        level: match std::env::args().nth(2).as_deref() {
            Some("0") => CodeLevel::O0,
            Some("1") => CodeLevel::O1,
            _ => CodeLevel::O2,
        },
        ..Options::default()
    };
    Engine::new(&options).unwrap_or_else(|e| panic!("{}", e.message))
}

fn call(engine: &mut Engine, module: &mut Module, func: u32) {
    match engine.call_thunk(module, Func::from_u32(func)) {
        Ok(Called::Returned(_)) => {}
        other => panic!("{other:?}"),
    }
}

fn report(what: &str, begin: Instant, engine: &Engine) {
    let (time, counts) = (begin.elapsed(), engine.counts());
    let each = time / counts.compiled.max(1) as u32;
    println!(
        "{what}: {time:?}, {} optimized, {} compiled, {each:?} each, {} bytes",
        counts.optimized, counts.compiled, counts.bytes
    );
}

const HEADER: &str = "jir 1
singleton typeof(Main.f) super=Function
singleton typeof(Base.+) super=Function
";

/// Thunks that call a small function each, which calls operators.
fn thunks(count: u32) -> Module {
    let mut text = String::from(HEADER);
    for n in 0..count {
        let (a, b) = (n * 2 + 1, n * 2 + 2);
        let _ = write!(
            text,
            "
function @{a} Main.t{n}()::Int64 self=typeof(Main.f)
#1:
  %1 = invoke @{b} f({n}, 3)::Int64
  return %1

function @{b} Main.f{n}(_2 x::Int64, _3 y::Int64)::Int64 self=typeof(Main.f) noinline
#1:
  %1 = invoke @{plus} +(_2, _3)::Int64
  %2 = Base.slt_int(%1, 10)::Bool
  goto #3 if not %2
#2:
  %3 = Base.mul_int(%1, {n})::Int64
  return %3
#3:
  %4 = invoke @{plus} +(%1, {n})::Int64
  return %4
",
            plus = count * 2 + 1
        );
    }
    text.push_str(&plus(count * 2 + 1));
    parse(&text).unwrap_or_else(|e| panic!("{}", e[0]))
}

fn plus(number: u32) -> String {
    format!(
        "
function @{number} Base.+(_2 x::Int64, _3 y::Int64)::Int64 self=typeof(Base.+)
#1:
  %1 = Base.add_int(_2, _3)::Int64
  return %1
"
    )
}

/// A chain of functions, each with a loop and some calls of operators.
fn program(count: u32) -> Module {
    let mut text = String::from(HEADER);
    for n in 1..=count {
        let next = if n == count { n } else { n + 1 };
        let _ = write!(
            text,
            "
function @{n} Main.f{n}(_2 x::Int64)::Int64 self=typeof(Main.f) noinline
#1:
  goto #2
#2:
  %1 = phi(#1 => 0, #3 => %4)::Int64
  %2 = phi(#1 => {n}, #3 => %5)::Int64
  %3 = Base.slt_int(%1, _2)::Bool
  goto #4 if not %3
#3:
  %4 = invoke @{plus} +(%1, 1)::Int64
  %9 = Base.mul_int(%2, %1)::Int64
  %5 = invoke @{plus} +(%9, 7)::Int64
  goto #2
#4:
  %6 = Base.eq_int(%2, {n})::Bool
  goto #6 if not %6
#5:
  return %2
#6:
  %7 = invoke @{next} f(%2)::Int64
  %8 = invoke @{plus} +(%7, 1)::Int64
  return %8
",
            plus = count + 1
        );
    }
    text.push_str(&plus(count + 1));
    parse(&text).unwrap_or_else(|e| panic!("{}", e[0]))
}
