//! What Julia 1.10 computed, against the interpreter: the tables of tests/golden, row by row, by the same
//! functions in typed IR that compiled code is tested with.

#[path = "../../tests/golden_tables/number.rs"]
#[allow(dead_code)]
mod number;
#[path = "../../tests/golden_tables/skipped.rs"]
#[allow(dead_code)]
mod skipped;
mod support;
#[path = "../../tests/golden_tables/table.rs"]
#[allow(dead_code)]
mod table;
#[path = "../../tests/golden_tables/template.rs"]
#[allow(dead_code)]
mod template;

use jlift_interp::{Outcome, Stage, Value};
use jlift_ir::import::Library;
use jlift_ir::{Func, Module, Type};
use number::Number;
use support::{interpreter, texts};
use table::{Case, Row, Table, plan, rows};
use template::{Expander, Instance};

/// Makes functions of the shims and of kernels available.
fn link(module: &mut Module) {
    let shims = jlift_runtime_shims::TEXTS
        .iter()
        .map(|&(name, text)| (name.to_string(), text.to_string()));
    let kernels = texts("tests/kernels").into_iter();
    let kernels = kernels.filter(|(name, _)| ["exp_log_models", "rk4_ode"].contains(&&name[..]));
    let all: Vec<(String, String)> = shims.chain(kernels).collect();
    let library = Library::new(all);
    let missing = module.resolve_externals(&library);
    assert!(missing.is_empty(), "{}", missing[0].1);
}

fn ty(number: Number) -> Type {
    match number {
        Number::Bool => Type::BOOL,
        Number::Char => Type::CHAR,
        Number::Float(16) => Type::FLOAT16,
        Number::Float(32) => Type::FLOAT32,
        Number::Float(_) => Type::FLOAT64,
        Number::Int(true, 8) => Type::INT8,
        Number::Int(true, 16) => Type::INT16,
        Number::Int(true, 32) => Type::INT32,
        Number::Int(true, 64) => Type::INT64,
        Number::Int(true, _) => Type::INT128,
        Number::Int(false, 8) => Type::UINT8,
        Number::Int(false, 16) => Type::UINT16,
        Number::Int(false, 32) => Type::UINT32,
        Number::Int(false, 64) => Type::UINT64,
        Number::Int(false, _) => Type::UINT128,
    }
}

/// A number as the tables write it.
fn cell(value: &Value) -> String {
    let Value::Bits { ty: of, bits, .. } = *value else {
        return format!("{value:?}");
    };
    let names = ["Bool", "Char", "Float16", "Float32", "Float64"].map(String::from);
    let ints = [8, 16, 32, 64, 128].map(|w| [format!("Int{w}"), format!("UInt{w}")]);
    let mut all = names.into_iter().chain(ints.into_iter().flatten());
    match all.find_map(|name| Number::from_name(&name).filter(|&n| ty(n) == of)) {
        Some(number) => number.cell(bits),
        None => format!("{value:?}"),
    }
}

fn is_text(instance: &Instance) -> bool {
    instance.params.iter().any(|p| p == "Ptr{UInt8}")
}

/// What the interpreter makes of a row, and how Julia's result is written.
fn check(
    module: &Module,
    func: Func,
    case: &Case,
    row: &Row,
    instance: &Instance,
) -> Option<String> {
    let mut interpreter = interpreter(module, Stage::Typed);
    let mut args: Vec<Value> = case
        .operands
        .iter()
        .enumerate()
        .map(|(n, &of)| Value::bits(ty(of), of.parse_cell(row.args[n]).expect("an operand")))
        .collect();
    let out = interpreter.allocate(256).expect("memory");
    if is_text(instance) {
        let param = module.functions[func]
            .params
            .last()
            .expect("a place for text")
            .ty;
        args.push(Value::bits(param, out.into()));
    }
    let outcome = interpreter.call(func, &args);
    let found = match &outcome {
        Outcome::Returned(Value::Bits { bits, .. }) if is_text(instance) => {
            let text = interpreter
                .memory
                .read_all(out, *bits as u64)
                .ok()
                .flatten();
            String::from_utf8_lossy(&text.unwrap_or_default()).into_owned()
        }
        Outcome::Returned(Value::Aggregate(_, parts)) => {
            let parts: Vec<String> = parts.iter().map(cell).collect();
            format!("({})", parts.join(","))
        }
        Outcome::Returned(value) => cell(value),
        Outcome::Threw(thrown) => format!("!{}", thrown.text()),
        other => other.describe(module),
    };
    let wanted = match row.result.strip_prefix('!') {
        Some(error) => format!("!{}", error.replace("\\n", "\n")),
        None if is_text(instance) => {
            let text = row.result;
            let inside = text.strip_prefix('"').and_then(|t| t.strip_suffix('"'));
            inside.unwrap_or(text).to_string()
        }
        None => row.result.to_string(),
    };
    // Julia's approximations use fused operations where the machine has them.
    let near = |a: &str, b: &str| {
        let bits = |text| u64::from_str_radix(text, 16).ok();
        matches!((bits(a), bits(b)), (Some(a), Some(b)) if a.abs_diff(b) == 1)
    };
    let right = found == wanted || (case.is_approximate() && near(&found, &wanted));
    (!right).then(|| {
        format!(
            "line {}: {} {:?} {:?}: {found}, Julia has {wanted}",
            row.line, row.op, row.types, row.args
        )
    })
}

/// Checks every `step`th row of each function; gives their number.
fn check_table(table: Table, step: usize) -> usize {
    let path = support::folder("tests/golden").join(table.file());
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{path:?}: {e}"));
    let mut expander = Expander::new();
    let plan = plan(table, rows(table, &text), &|name, types| {
        expander.has(name, types)
    });
    let instances: Vec<Instance> = plan
        .cases
        .iter()
        .map(|case| expander.instance(case.template, &case.types))
        .collect();
    let mut module = jlift_ir::text::parse(&expander.text()).unwrap_or_else(|e| panic!("{}", e[0]));
    // Functions are numbered in the order of the text.
    let numbers: Vec<u32> = expander
        .text()
        .lines()
        .filter_map(|l| {
            l.strip_prefix("extern ")
                .unwrap_or(l)
                .strip_prefix("function @")
        })
        .filter_map(|l| l.split(' ').next()?.parse().ok())
        .collect();
    link(&mut module);
    let mut wrong = Vec::new();
    let mut checked = 0;
    for (case, instance) in plan.cases.iter().zip(&instances) {
        let place = numbers
            .iter()
            .position(|&n| n == instance.id)
            .expect("a function");
        let func = Func::from_u32(place as u32);
        for row in case.rows.iter().step_by(step) {
            checked += 1;
            wrong.extend(check(&module, func, case, row, instance));
        }
    }
    // `exp` of a NaN branches on a conversion that has no defined result.
    let all = wrong.len();
    wrong.retain(|w| !w.contains(": undefined: a branch in Base.Math.exp(Float32)"));
    assert!(all - wrong.len() <= 1, "more rows are undefined than known");
    println!("{}: {checked} rows", table.file());
    let shown = wrong
        .iter()
        .take(40)
        .cloned()
        .collect::<Vec<_>>()
        .join("\n");
    assert!(
        wrong.is_empty(),
        "{} of {checked} rows are wrong:\n{shown}",
        wrong.len()
    );
    checked
}

macro_rules! tables {
    ($($name:ident = $table:ident, every $step:literal, $least:literal;)*) => {
        $(
            #[test]
            fn $name() {
                assert!(check_table(Table::$table, $step) > $least);
            }
        )*
    };
}

tables! {
    functions_of_two_integers_are_julias = IntBinary, every 5, 8000;
    functions_of_an_integer_are_julias = IntUnary, every 3, 1000;
    functions_of_two_floats_are_julias = FloatBinary, every 5, 3000;
    functions_of_a_float_are_julias = FloatUnary, every 2, 500;
    conversions_are_julias = Convert, every 3, 2000;
    // Thousands of statements for each.
    texts_of_floats_are_julias = FloatPrint, every 40, 300;
}
