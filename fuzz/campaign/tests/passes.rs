//! Each stage and each single pass of the optimizer keeps what generated functions mean: interpreted
//! before and after they do the same, use no memory that is not theirs, and keep nothing alive.

use jlift_campaign::seeds::seed;
use jlift_driver::differential::{Bytes, same_memory};
use jlift_generate::random::SeedBytes;
use jlift_generate::typed_ir::{Argument, Input, Sizes, inputs};
use jlift_interp::{Interpreter, Native, Options, Outcome, Stage, Value};
use jlift_ir::import::Library;
use jlift_ir::verify::verify_function;
use jlift_ir::{Func, Module, Tables, Type, TypeClass};
use jlift_optimize::inliner::Policy;
use jlift_optimize::legalize::{Capabilities, legalize, reachable};
use jlift_optimize::passes::{ALL, Ctx, Pass, run_pass};
use jlift_optimize::pipeline::Level;
use jlift_optimize::program::Optimizer;

/// What a call did: how it ended, its result, the memory that it was given.
type Seen = (Outcome, Vec<Bytes>);

fn call(module: &Module, root: Func, input: &Input, stage: Stage) -> (Seen, usize) {
    let options = Options {
        stage,
        fuel: 200_000,
        max_depth: 300,
        memory: 8 << 20,
        fma: true,
    };
    let mut interpreter = Interpreter::new(module, options);
    // Remainders of floats are calls of C's functions.
    interpreter.set_foreign(Box::new(Native::new().expect("C functions")));
    let buffers: Vec<u64> = input
        .buffers
        .iter()
        .map(|buffer| {
            let size = buffer.bytes.len() as u64;
            let base = interpreter.allocate(size).expect("memory");
            interpreter
                .memory
                .write_all(base, &buffer.bytes)
                .expect("written");
            base
        })
        .collect();
    let params: Vec<Type> = module.functions[root].params.iter().map(|p| p.ty).collect();
    let mut args = Vec::new();
    for (arg, &ty) in input.args.iter().zip(&params) {
        args.push(match arg {
            Argument::Bytes(bytes) => {
                let at = interpreter
                    .allocate(bytes.len().max(1) as u64)
                    .expect("memory");
                interpreter.memory.write_all(at, bytes).expect("written");
                interpreter.read_value(ty, at).expect("a value")
            }
            Argument::Pointer { buffer } => Value::bits(ty, buffers[*buffer].into()),
            Argument::Array { buffer, sizes } => {
                let (elem, _) = module.tables.array_of(ty).expect("an array");
                let stride = jlift_abi::layout::layout(&module.tables, elem).expect("a layout");
                let count = sizes.iter().product::<i64>() as u64;
                let elements: Vec<Value> = (0..count)
                    .map(|n| {
                        let at = buffers[*buffer] + n * u64::from(stride.stride());
                        interpreter.read_value(elem, at).expect("a value")
                    })
                    .collect();
                interpreter
                    .new_array(ty, sizes, &elements)
                    .expect("an array")
            }
        });
    }
    let arrays: Vec<Value> = args
        .iter()
        .filter(|a| is_array(module, a))
        .cloned()
        .collect();
    let outcome = interpreter.call(root, &args);
    if let (Stage::Owned, Outcome::Returned(value)) = (stage, &outcome) {
        let value = value.clone();
        let dropped = interpreter.drop_value(&value);
        assert_eq!(dropped, Outcome::Returned(Value::NOTHING));
    }
    for array in arrays.iter().filter(|_| stage == Stage::Owned) {
        let dropped = interpreter.drop_value(array);
        assert_eq!(dropped, Outcome::Returned(Value::NOTHING));
    }
    let memory = (buffers.iter().zip(&input.buffers))
        .map(|(&base, buffer)| {
            let mut bytes = vec![0; buffer.bytes.len()];
            let mut written = vec![false; bytes.len()];
            interpreter
                .memory
                .read(base, &mut bytes, &mut written)
                .expect("read");
            Bytes {
                bytes,
                defined: Some(written),
            }
        })
        .collect();
    let leaks = interpreter.leaks().len();
    ((outcome, memory), leaks)
}

fn is_array(module: &Module, value: &Value) -> bool {
    value
        .ty()
        .is_some_and(|ty| module.tables.class(ty) == TypeClass::Array)
}

/// Objects that may refer to each other are never freed when they do.
fn has_cycles(module: &Module) -> bool {
    module.tables.declared().iter().any(|&ty| {
        let fields = module.tables.field_types(ty).unwrap_or_default();
        fields
            .iter()
            .any(|&f| module.tables.members(f).contains(&ty))
    })
}

/// Whether two calls ended alike and left the same in memory, where NaNs are all one.
fn same(tables: &Tables, a: &Seen, b: &Seen, input: &Input) -> bool {
    let mut buffers = a.1.iter().zip(&b.1).zip(&input.buffers);
    a.0.same(&b.0) && buffers.all(|((x, y), of)| same_memory(tables, of.elem, x, y))
}

struct Subject {
    seed: u64,
    module: Module,
    root: Func,
    calls: Vec<(Input, Seen)>,
}

/// So many seeds, few of which share their types.
fn seeds(first: u64, count: u64) -> impl Iterator<Item = u64> {
    (0..count).map(move |n| first + 16 * n)
}

/// Programs of which at least one call means something.
fn subjects(seeds: impl Iterator<Item = u64>) -> Vec<Subject> {
    let mut all = Vec::new();
    for number in seeds {
        let mut module = Module::default();
        let (group, _) = seed(&mut module, number, &Sizes::default(), 0);
        let mut bytes = SeedBytes::new(number ^ 0xabcd);
        let calls: Vec<(Input, Seen)> = (0..3)
            .filter_map(|_| {
                let bytes = bytes.bytes(500);
                let mut u = arbitrary::Unstructured::new(&bytes);
                let input = inputs(&module, group.root, &mut u);
                let (seen, _) = call(&module, group.root, &input, Stage::Typed);
                let means = matches!(seen.0, Outcome::Returned(_) | Outcome::Threw(_));
                means.then_some((input, seen))
            })
            .collect();
        if !calls.is_empty() {
            all.push(Subject {
                seed: number,
                module,
                root: group.root,
                calls,
            });
        }
    }
    all
}

fn shims() -> Library {
    Library::new(jlift_runtime_shims::TEXTS.iter().copied())
}

fn verify(module: &Module, functions: &[Func], what: &str) {
    for &func in functions {
        if let Err(errors) = verify_function(module, func) {
            panic!("{what}: {}", errors[0]);
        }
    }
}

fn legal(subject: &Subject) -> Module {
    let mut module = subject.module.clone();
    let capabilities = Capabilities::cranelift(true);
    let legalized = legalize(&mut module, &[subject.root], &shims(), &capabilities);
    if let Err(errors) = legalized {
        panic!("seed {}: {}", subject.seed, errors[0].message);
    }
    module
}

#[test]
fn every_single_pass_keeps_what_generated_functions_mean() {
    let mut compared = 0;
    for subject in subjects(seeds(20_000, 60)) {
        let legal = legal(&subject);
        let live = reachable(&legal, &[subject.root]);
        verify(&legal, &live, &format!("seed {} legalized", subject.seed));
        let none: &[(&str, Pass)] = &[("legalize", |_, _| false)];
        for &(name, pass) in none.iter().chain(ALL) {
            let mut module = legal.clone();
            let removable = cranelift_entity::EntitySet::new();
            for &func in &live {
                let mut f = module.functions[func].clone();
                let mut ctx = Ctx::new(&mut module.tables, &module.globals, &removable);
                run_pass(pass, &mut f, &mut ctx);
                module.functions[func] = f;
            }
            let what = format!("seed {} after {name}", subject.seed);
            verify(&module, &live, &what);
            for (input, seen) in &subject.calls {
                let (found, _) = call(&module, subject.root, input, Stage::Legal);
                assert!(
                    same(&module.tables, &found, seen, input),
                    "{what}:\n{}\n{}",
                    seen.0.describe(&subject.module),
                    found.0.describe(&module)
                );
                compared += 1;
            }
        }
    }
    assert!(compared > 1000, "{compared}");
}

#[test]
fn optimized_functions_mean_the_same_and_keep_nothing_alive() {
    let (mut compared, mut leaking) = (0, Vec::new());
    let mut looked_for_leaks = 0;
    for subject in subjects(seeds(30_000, 250)) {
        for level in [Level::O0, Level::O1, Level::O2] {
            let mut module = legal(&subject);
            let roots = [subject.root];
            let mut optimizer = Optimizer::new(level, Policy::of(level));
            optimizer.optimize(&mut module, &roots, &[]);
            let live = reachable(&module, &roots);
            optimizer.finish(&mut module, &live);
            let what = format!("seed {} at {level:?}", subject.seed);
            verify(&module, &live, &what);
            for (input, seen) in &subject.calls {
                let (found, leaks) = call(&module, subject.root, input, Stage::Owned);
                assert!(
                    same(&module.tables, &found, seen, input),
                    "{what}:\n{}\n{}",
                    seen.0.describe(&subject.module),
                    found.0.describe(&module)
                );
                if !has_cycles(&module) {
                    looked_for_leaks += 1;
                    if leaks > 0 {
                        leaking.push(format!("{what}: {leaks} objects"));
                    }
                }
                compared += 1;
            }
        }
    }
    assert!(leaking.is_empty(), "{}", leaking.join("\n"));
    assert!(compared > 1500, "{compared}");
    assert!(looked_for_leaks > 900, "{looked_for_leaks} of {compared}");
}
