//! What inference says of the kernels, against Julia's own typed IR of them: the same return types,
//! and no value of which less is known. Ours is compared as inferred, Julia's dumps are of
//! optimized code: calls that Julia has inlined are functions of their own here, so what the
//! exports call is compared as well as their own bodies.

mod compare;
mod concreteness;

use compare::{compare_returns, compare_values, find};
use concreteness::{Counts, reachable};
use jlift_driver::source::{Ending, Program};
use jlift_driver::{Options, Session};
use jlift_ir::{Func, Module};
use std::path::{Path, PathBuf};

/// What precedes a signature in a kernel's first lines.
const EXPORT: &str = "# export: ";

/// A kernel: Julia source that names its exports.
struct Kernel {
    path: PathBuf,
    signatures: Vec<String>,
}

impl Kernel {
    fn name(&self) -> String {
        let stem = self.path.file_stem().unwrap_or_default();
        stem.to_string_lossy().into_owned()
    }

    /// Its typed IR as inference makes it.
    fn inferred(&self) -> Result<Session, String> {
        let options = Options {
            exports: self.signatures.clone(),
            ..Options::default()
        };
        let mut program = Program::new(options).map_err(|f| f.render(false))?;
        match program.eval_file(&self.path).map_err(|f| f.render(false))? {
            Ending::Done => program.into_session().map_err(|f| f.render(false)),
            Ending::Uncaught(text) => Err(text),
        }
    }

    /// Its typed IR as Julia made it.
    fn dumped(&self) -> Result<Module, String> {
        let path = self.path.with_extension("jir");
        let text = std::fs::read_to_string(&path).map_err(|e| format!("the dump: {e}"))?;
        jlift_ir::text::parse(&text).map_err(|errors| format!("the dump: {errors:?}"))
    }
}

fn kernels() -> Vec<Kernel> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("kernels");
    let mut found: Vec<Kernel> = std::fs::read_dir(folder)
        .expect("the folder of kernels")
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|e| e == "jl"))
        .map(|path| {
            let text = std::fs::read_to_string(&path).expect("a kernel");
            let signatures = text.lines().filter_map(|line| line.strip_prefix(EXPORT));
            let signatures = signatures.map(|s| s.trim().to_string()).collect();
            Kernel { path, signatures }
        })
        .filter(|kernel| !kernel.signatures.is_empty())
        .collect();
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

/// Counts of ours and of Julia's.
#[derive(Default)]
struct Pair {
    ours: Counts,
    theirs: Counts,
}

impl Pair {
    fn add(&mut self, other: Pair) {
        self.ours.add(other.ours);
        self.theirs.add(other.theirs);
    }
}

/// What the comparison of kernels came to.
#[derive(Default)]
struct Report {
    wrong: Vec<String>,
    exports: usize,
    /// Functions of the kernels that exports call, here and in the dump.
    callees: usize,
    bodies: Pair,
    programs: Pair,
}

impl Report {
    /// Compares a module of ours with Julia's.
    fn compare(&mut self, ours: &Module, exports: &[Func], dump: &Module) {
        let mut theirs = Vec::new();
        for &func in exports {
            let function = ours.describe(func);
            let same = match find(dump, &function) {
                Ok(same) => same,
                Err(problem) => {
                    self.wrong.push(problem);
                    continue;
                }
            };
            theirs.push(same);
            self.exports += 1;
            let pair = Pair {
                ours: Counts::of(ours, &[func]),
                theirs: Counts::of(dump, &[same]),
            };
            self.wrong
                .extend(compare_returns((ours, func), (dump, same)));
            self.wrong
                .extend(compare_values(&function, &pair.ours, &pair.theirs));
            self.bodies.add(pair);
        }
        let (mine, julias) = (reachable(ours, exports), reachable(dump, &theirs));
        let pair = Pair {
            ours: Counts::of(ours, &mine),
            theirs: Counts::of(dump, &julias),
        };
        let what = "all that is called";
        self.wrong
            .extend(compare_values(what, &pair.ours, &pair.theirs));
        self.programs.add(pair);
        for func in mine {
            // Base's functions are Julia's business; those of the program have the same source.
            let function = ours.describe(func);
            let called = function.starts_with("Main.") && !exports.contains(&func);
            if called && let Ok(same) = find(dump, &function) {
                self.callees += 1;
                self.wrong
                    .extend(compare_returns((ours, func), (dump, same)));
            }
        }
    }
}

#[test]
fn kernels_are_inferred_as_precisely_as_by_julia() {
    let mut report = Report::default();
    let mut wrong = Vec::new();
    let kernels = kernels();
    for kernel in &kernels {
        let name = kernel.name();
        match (kernel.inferred(), kernel.dumped()) {
            (Ok(session), Ok(dump)) => report.compare(&session.module, &session.exports, &dump),
            (Err(problem), _) | (_, Err(problem)) => report.wrong.push(problem),
        }
        let found = report.wrong.drain(..);
        wrong.extend(found.map(|problem| format!("{name}: {problem}")));
    }
    let (exports, callees) = (report.exports, report.callees);
    println!(
        "{} kernels, {exports} exports, {callees} callees",
        kernels.len()
    );
    println!("exports here: {}", report.bodies.ours);
    println!("exports in Julia's dumps: {}", report.bodies.theirs);
    println!("with all that is called here: {}", report.programs.ours);
    println!(
        "with all that is called in Julia's dumps: {}",
        report.programs.theirs
    );
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
    let signatures: usize = kernels.iter().map(|k| k.signatures.len()).sum();
    assert_eq!(exports, signatures);
    assert!(exports > 400, "only {exports} exports");
    assert!(callees > 50, "only {callees} callees");
}

/// The problems of a module against another, both with the export `Main.f(Int64)`.
fn problems(ours: &str, theirs: &str) -> Vec<String> {
    let parse = |text: &str| jlift_ir::text::parse(text).expect("typed IR");
    let (ours, theirs) = (parse(ours), parse(theirs));
    let exports: Vec<Func> = ours.exports().collect();
    let mut report = Report::default();
    report.compare(&ours, &exports, &theirs);
    report.wrong
}

/// A module of `f`, which gives back the result of a call of `g` or drops it.
fn caller(ret: &str, call: &str, result: &str) -> String {
    format!(
        "jir 1\n
function @1 Main.f(_2 x::Int64)::{ret} self=typeof(Main.f) export
#1:
  %1 = invoke @2 g(_2)::{call}
  return {result}

function @2 Main.g(_2 x::Int64)::Int64 self=typeof(Main.g)
#1:
  return _2
"
    )
}

#[test]
fn a_wider_or_other_return_type_is_reported() {
    let julias = caller("Int64", "Int64", "%1");
    assert_eq!(problems(&julias, &julias), [""; 0]);
    let wider = caller("Union{Float64, Int64}", "Int64", "%1");
    assert_eq!(
        problems(&wider, &julias),
        ["Main.f(Int64) returns Union{Float64, Int64}, in Julia's dump Int64"]
    );
    let callee = julias.replace(
        "x::Int64)::Int64 self=typeof(Main.g)",
        "x::Int64)::Any self=typeof(Main.g)",
    );
    assert_eq!(
        problems(&callee, &julias),
        ["Main.g(Int64) returns Any, in Julia's dump Int64"]
    );
}

#[test]
fn a_value_of_an_abstract_type_is_reported() {
    let julias = caller("Int64", "Int64", "%1");
    for ty in [
        "Any",
        "Integer",
        "Tuple{Int64, Any}",
        "Union{Nothing, Integer}",
    ] {
        let found = problems(&caller("Int64", ty, "%1"), &julias);
        let line = format!("\n    %1 = invoke @2 g(_2)::{ty}");
        // Once for the body, once for all that is called.
        assert_eq!(found.len(), 2, "{ty}");
        assert!(
            found.iter().all(|problem| problem.contains(&line)),
            "{found:?}"
        );
    }
    // A union of concrete types is no abstract type, nor is a tuple of them.
    for ty in [
        "Union{Nothing, Int64}",
        "Tuple{Int64, Union{Nothing, Int64}}",
    ] {
        assert_eq!(
            problems(&caller("Int64", ty, "%1"), &julias),
            [""; 0],
            "{ty}"
        );
    }
}

#[test]
fn what_julia_left_untyped_because_nothing_uses_it_excuses_nothing() {
    let unused = caller("Int64", "Any", "_2");
    let used = caller("Int64", "Any", "%1");
    assert_eq!(problems(&used, &unused).len(), 2);
    assert_eq!(problems(&used, &used), [""; 0]);
}

#[test]
fn a_function_that_the_dump_lacks_is_reported() {
    let julias = caller("Int64", "Int64", "%1");
    let other = julias.replace("Main.f(_2 x::Int64)", "Main.f(_2 x::Int32)");
    assert_eq!(problems(&julias, &other), ["the dump has no Main.f(Int64)"]);
}
