//! Compiles the functions of a table in this process, calls them on every row and compares.

use crate::number::Number;
use crate::table::{Case, Plan, Row, Table, plan, rows};
use crate::template::{Expander, Instance};
use jlift_driver::Failure;
use jlift_driver::options::{BackendKind, CodeLevel, Options};
use jlift_driver::run::JitSession;
use jlift_driver::session::Session;
use jlift_ir::import::Library;
use jlift_ir::{Func, Module, Op, Type};
use std::fmt::Write;

/// Where the operands come from in the compiled code.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Operands {
    /// From memory: one function computes all rows of a case.
    Loaded,
    /// They are constants: one function for each of some rows of a case.
    Constant,
}

/// Rows of a case that are checked with constant operands: about this many.
const CONSTANT_ROWS: usize = 8;

/// What the text of a function's result is put into: the length, then the bytes.
const TEXT_AT: usize = 8;

/// Memory for operands and results, aligned for all of them.
type Buffer = [u128; 18];

/// The outcome of a table.
pub struct Report {
    pub checked: usize,
    pub skipped: Vec<(&'static str, usize)>,
    /// Rows that came out differently, described.
    pub wrong: Vec<String>,
}

/// Checks the rows of a table.
pub fn check(
    table: Table,
    (level, cpu, backend): (CodeLevel, &str, BackendKind),
    operands: Operands,
) -> Report {
    let text = table.read();
    let mut expander = Expander::new();
    let Plan { cases, skipped } = plan(table, rows(table, &text), &|name, types| {
        expander.has(name, types)
    });
    let mut entries = Vec::new();
    for case in &cases {
        let instance = expander.instance(case.template, &case.types);
        let suffix: Vec<String> = case.types.iter().map(|t| t.name()).collect();
        let name = format!("{}_{}", case.template, suffix.join("_"));
        if operands == Operands::Loaded {
            let name = format!("rows_{name}");
            export(&mut expander, &name, case, &instance, None);
            entries.push((name, case, &case.rows[..], instance.clone()));
            continue;
        }
        let step = case.rows.len().div_ceil(CONSTANT_ROWS);
        for row in case.rows.iter().step_by(step) {
            let name = format!("row{}_{name}", row.line);
            export(&mut expander, &name, case, &instance, Some(row));
            entries.push((name, case, std::slice::from_ref(row), instance.clone()));
        }
    }
    let options = Options {
        level,
        cpu: cpu.to_string(),
        backend,
        ..Options::default()
    };
    let source = expander.text();
    let mut session = Session::from_text(table.file(), &source, options)
        .unwrap_or_else(|e| panic!("{}", describe(&source, &e)));
    link(&mut session.module);
    let jit = session
        .jit()
        .unwrap_or_else(|e| panic!("{}", describe(&source, &e)));
    let mut report = Report {
        checked: 0,
        skipped,
        wrong: Vec::new(),
    };
    for (name, case, rows, instance) in entries {
        let entry = Entry::find(&session, &jit, &name);
        for row in rows {
            report.checked += 1;
            let got = entry.call(case, row, &instance);
            let want = expected(row, &instance);
            if got != want && !(case.is_approximate() && differ_by_one_ulp(&got, &want)) {
                let mut wrong = String::new();
                write!(
                    wrong,
                    "{}:{}: {} {:?} {:?}: {got}, Julia has {want}",
                    table.file(),
                    row.line,
                    row.op,
                    row.types,
                    row.args
                )
                .unwrap();
                report.wrong.push(wrong);
            }
        }
    }
    report
}

/// Kernels whose typed IR has Julia's own elementary functions.
const KERNELS: &[&str] = &["exp_log_models", "rk4_ode"];

/// Makes calls of external functions calls of the shims, or of the kernels' functions, so named.
fn link(module: &mut Module) {
    let shims = jlift_runtime_shims::TEXTS
        .iter()
        .map(|&(name, text)| (name.into(), text.into()));
    let kernels = KERNELS.iter().map(|name| {
        let path = format!("{}/kernels/{name}.jir", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{path}: {e}"));
        (path, text)
    });
    let texts: Vec<(String, String)> = shims.chain(kernels).collect();
    let library = Library::new(texts);
    let externals: Vec<Func> = module
        .functions
        .keys()
        .filter(|&f| module.functions[f].external)
        .collect();
    for external in externals {
        let function = &module.functions[external];
        let name = module.tables.names.str(function.name).to_string();
        let params: Vec<Type> = function.params.iter().map(|p| p.ty).collect();
        let shim = module
            .import_function(&library, &name, &params)
            .expect("a shim");
        for function in module.functions.values_mut() {
            for inst in function.insts.values_mut() {
                if let Op::Invoke { func, .. } = &mut inst.op
                    && *func == external
                {
                    *func = shim;
                }
            }
        }
    }
}

/// The first problems of a module with their lines.
fn describe(source: &str, failure: &Failure) -> String {
    let mut text = format!("{} problems in the module:", failure.diagnostics.len());
    for problem in failure.diagnostics.iter().take(20) {
        write!(text, "\n{} {:?}", problem.message, problem.notes).unwrap();
        if let Some((start, end)) = problem.span() {
            write!(text, " at `{}`", &source[start..end]).unwrap();
        }
    }
    text
}

/// Adds `NAME(a, b, out)`, which stores what a function makes of the operands: by calling it with
/// what it loads, or as a copy of the function with a row's operands as constants.
fn export(
    expander: &mut Expander,
    name: &str,
    case: &Case<'_>,
    instance: &Instance,
    constants: Option<&Row<'_>>,
) {
    let pointee = |at: usize| case.operands.get(at).map_or("UInt8".into(), |n| n.name());
    let result = &instance.result;
    let params = format!(
        "_2 a::Ptr{{{}}}, _3 b::Ptr{{{}}}, _4 out::Ptr{{{result}}}",
        pointee(0),
        pointee(1)
    );
    let mut before = String::new();
    let mut operands = Vec::new();
    for (at, operand) in case.operands.iter().enumerate() {
        let (number, param, ty) = (at + 8001, at + 2, operand.name());
        match constants {
            None => {
                before += &format!("  %{number} = Base.pointerref(_{param}, 1, 1)::{ty}\n");
                operands.push(format!("%{number}"));
            }
            Some(row) => operands.push(operand.literal(operand_bits(row, *operand, at))),
        }
    }
    if is_text(instance) {
        before += "  %8003 = Base.bitcast(type Ptr{UInt8}, _4)::Ptr{UInt8}\n";
        before += &format!("  %8004 = Base.add_ptr(%8003, UInt64({TEXT_AT}))::Ptr{{UInt8}}\n");
        operands.push("%8004".into());
    }
    let store = |number: usize, value: &str| {
        format!("  %{number} = Base.pointerset(_4, {value}, 1, 1)::Ptr{{{result}}}\n")
    };
    if constants.is_some() {
        expander.export_body(name, &params, instance, (&before, &operands), &store);
        return;
    }
    let (id, callee, list) = (instance.id, &instance.name, operands.join(", "));
    let call = format!("  %8005 = invoke @{id} {callee}({list})::{result}\n");
    let store = store(8006, "%8005");
    expander.export(name, &params, &format!("{before}{call}{store}"));
}

/// Whether a function writes text and returns its length.
fn is_text(instance: &Instance) -> bool {
    instance.params.iter().any(|p| p == "Ptr{UInt8}")
}

fn operand_bits(row: &Row<'_>, operand: Number, at: usize) -> u128 {
    operand
        .parse_cell(row.args[at])
        .unwrap_or_else(|| panic!("line {}: operand {}", row.line, row.args[at]))
}

/// A compiled function.
enum Entry {
    Plain(extern "C" fn(*const u8, *const u8, *mut u8)),
    Throwing(extern "C" fn(*const u8, *const u8, *mut u8) -> i32),
}

impl Entry {
    fn find(session: &Session, jit: &JitSession, name: &str) -> Entry {
        let func = session
            .exports
            .iter()
            .copied()
            .find(|&f| {
                let full = session
                    .module
                    .tables
                    .names
                    .str(session.module.functions[f].name);
                full.strip_prefix("Main.") == Some(name)
            })
            .unwrap_or_else(|| panic!("{name} is not exported"));
        let address = jit
            .entry(func)
            .unwrap_or_else(|| panic!("{name} has no entry"));
        // SAFETY: the entry of `name(a::Ptr, b::Ptr, out::Ptr)::Nothing`, with a status where the
        // function may throw.
        unsafe {
            if session.may_throw(func) {
                Entry::Throwing(std::mem::transmute::<
                    *const u8,
                    extern "C" fn(_, _, _) -> i32,
                >(address))
            } else {
                Entry::Plain(std::mem::transmute::<*const u8, extern "C" fn(_, _, _)>(
                    address,
                ))
            }
        }
    }

    /// The result as the tables write it.
    fn call(&self, case: &Case<'_>, row: &Row<'_>, instance: &Instance) -> String {
        let mut operands: [Buffer; 2] = [[0; 18]; 2];
        for (at, operand) in case.operands.iter().enumerate() {
            operands[at][0] = operand_bits(row, *operand, at);
        }
        // A result that is not written wholly is not mistaken for a right one.
        let mut out: Buffer = [0xA5A5_A5A5_A5A5_A5A5_A5A5_A5A5_A5A5_A5A5; 18];
        let (a, b) = (operands[0].as_ptr().cast(), operands[1].as_ptr().cast());
        match self {
            Entry::Plain(f) => f(a, b, out.as_mut_ptr().cast()),
            Entry::Throwing(f) => {
                if f(a, b, out.as_mut_ptr().cast()) != 0 {
                    return format!("!{}", jlift_runtime_shims::error_message());
                }
            }
        }
        let bytes: Vec<u8> = out.iter().flat_map(|word| word.to_le_bytes()).collect();
        if is_text(instance) {
            let length = number(&bytes, Number::Int(true, 64)).parse::<usize>();
            let text = length.ok().and_then(|n| bytes.get(TEXT_AT..TEXT_AT + n));
            return match text {
                Some(text) => String::from_utf8_lossy(text).into_owned(),
                None => "a text of impossible length".into(),
            };
        }
        if let Some(one) = Number::from_name(&instance.result) {
            return number(&bytes, one);
        }
        // `Tuple{A, B}`, laid out as in C.
        let pair = instance
            .result
            .trim_start_matches("Tuple{")
            .trim_end_matches('}');
        let (first, second) = pair.split_once(", ").expect("a number or a pair");
        let types = [first, second].map(|t| Number::from_name(t).expect("a pair of numbers"));
        let second_at = types[0].size().next_multiple_of(types[1].size());
        format!(
            "({},{})",
            number(&bytes, types[0]),
            number(&bytes[second_at..], types[1])
        )
    }
}

/// The number at the start of `bytes` as the tables write it.
fn number(bytes: &[u8], ty: Number) -> String {
    let mut word = [0; 16];
    word[..ty.size()].copy_from_slice(&bytes[..ty.size()]);
    ty.cell(u128::from_le_bytes(word))
}

/// Whether two floats in hexadecimal are neighbours. Julia's approximations use fused operations
/// where the CPU has them, so the last bit depends on it.
fn differ_by_one_ulp(a: &str, b: &str) -> bool {
    match (u64::from_str_radix(a, 16), u64::from_str_radix(b, 16)) {
        (Ok(a), Ok(b)) => a.abs_diff(b) == 1,
        _ => false,
    }
}

/// A row's result without the table's own quoting.
fn expected(row: &Row<'_>, instance: &Instance) -> String {
    if let Some(error) = row.result.strip_prefix('!') {
        return format!("!{}", error.replace("\\n", "\n"));
    }
    if is_text(instance) {
        let text = row.result;
        return text
            .strip_prefix('"')
            .and_then(|t| t.strip_suffix('"'))
            .unwrap_or(text)
            .into();
    }
    row.result.to_string()
}
