//! What inference says of the kernels, against Julia's own typed IR of them: the same return types,
//! and no value of which less is known.

mod concreteness;

use concreteness::{Counts, of_body, reachable};
use jlift_driver::export::plain_name;
use jlift_driver::source::{Ending, Program};
use jlift_driver::{Options, Session};
use jlift_ir::text::type_text;
use jlift_ir::{Func, Module};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What precedes a signature in a kernel's first lines.
const EXPORT: &str = "# export: ";

/// Functions whose return type is another than Julia's: signature, ours, Julia's, and why ours is
/// right. Ours must be the narrower type.
const REFINED: &[(&str, &str, &str, &str)] = &[];

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

/// `f(Int64, Ptr{Float64})`: what identifies a function in two modules.
fn signature(module: &Module, func: Func) -> String {
    let f = &module.functions[func];
    let params: Vec<String> = f
        .params
        .iter()
        .map(|p| type_text(&module.tables, p.ty))
        .collect();
    let name = plain_name(module.tables.names.str(f.name));
    format!("{name}({})", params.join(", "))
}

fn return_type(module: &Module, func: Func) -> String {
    type_text(&module.tables, module.functions[func].ret)
}

/// The function of a dump with a signature. Julia's dumps do not mark an export that a former one
/// calls.
fn find(dump: &Module, wanted: &str) -> Result<Func, String> {
    let same = |f: &Func| signature(dump, *f) == wanted;
    let marked: Vec<Func> = dump.exports().filter(same).collect();
    let all = || dump.functions.keys().filter(same).collect();
    let found = if marked.is_empty() { all() } else { marked };
    match found[..] {
        [one] => Ok(one),
        [] => Err(format!("the dump has no {wanted}")),
        _ => Err(format!("the dump has several {wanted}")),
    }
}

/// What is wrong with the return type of `ours`, seen beside that of `theirs`.
fn compare_returns(ours: (&Module, Func), theirs: (&Module, Func)) -> Option<String> {
    let signature = signature(ours.0, ours.1);
    let (mine, julias) = (return_type(ours.0, ours.1), return_type(theirs.0, theirs.1));
    let refined = REFINED
        .iter()
        .any(|&(s, m, j, _)| (s, m, j) == (signature.as_str(), mine.as_str(), julias.as_str()));
    (mine != julias && !refined)
        .then(|| format!("{signature} returns {mine}, in Julia's dump {julias}"))
}

/// What is wrong with the types of the statements of `ours`, seen beside those of `theirs`.
fn compare_bodies(ours: (&Module, Func), theirs: (&Module, Func)) -> Option<String> {
    let (mine, julias) = (of_body(ours.0, ours.1), of_body(theirs.0, theirs.1));
    (mine.abstracts > julias.abstracts).then(|| {
        format!(
            "{}: {} values of abstract types, in Julia's dump {}:\n    {}",
            signature(ours.0, ours.1),
            mine.abstracts,
            julias.abstracts,
            mine.statements.join("\n    ")
        )
    })
}

fn total<'a>(module: &Module, funcs: impl IntoIterator<Item = &'a Func>) -> Counts {
    let mut counts = Counts::default();
    for &func in funcs {
        counts.add(&of_body(module, func));
    }
    counts
}

fn report(what: &str, counts: &Counts) {
    println!(
        "{what}: {} functions, {} values, {} of a union of concrete types, {} of abstract types",
        counts.functions, counts.values, counts.one_of_several, counts.abstracts
    );
    for (ty, n) in &counts.types {
        println!("    {n} {ty}");
    }
}

#[test]
fn kernels_are_inferred_as_precisely_as_by_julia() {
    let mut wrong = Vec::new();
    let mut compared = 0;
    let mut bodies = [Counts::default(), Counts::default()];
    let mut programs = [Counts::default(), Counts::default()];
    let mut optimized = Counts::default();
    let mut shared = 0;
    let mut mains = 0;
    let kernels = kernels();
    for kernel in &kernels {
        let name = kernel.name();
        let (mut session, dump) = match (kernel.inferred(), kernel.dumped()) {
            (Ok(session), Ok(dump)) => (session, dump),
            (Err(problem), _) | (_, Err(problem)) => {
                wrong.push(format!("{name}: {problem}"));
                continue;
            }
        };
        assert_eq!(session.exports.len(), kernel.signatures.len(), "{name}");
        let mut theirs = Vec::new();
        for &func in &session.exports {
            let signature = signature(&session.module, func);
            let julias = match find(&dump, &signature) {
                Ok(julias) => julias,
                Err(problem) => {
                    wrong.push(format!("{name}: {problem}"));
                    continue;
                }
            };
            compared += 1;
            theirs.push(julias);
            let pair = ((&session.module, func), (&dump, julias));
            let problems = [
                compare_returns(pair.0, pair.1),
                compare_bodies(pair.0, pair.1),
            ];
            wrong.extend(problems.into_iter().flatten().map(|p| format!("{name}: {p}")));
        }
        bodies[0].add(&total(&session.module, &session.exports));
        bodies[1].add(&total(&dump, &theirs));
        let mine = reachable(&session.module, &session.exports);
        let julias = reachable(&dump, &theirs);
        programs[0].add(&total(&session.module, &mine));
        programs[1].add(&total(&dump, &julias));

        // DIAGNOSTIC
        let all: BTreeMap<String, Func> = julias.iter().map(|&f| (signature(&dump, f), f)).collect();
        for &f in &mine {
            let s = signature(&session.module, f);
            if let Some(&j) = all.get(&s) {
                shared += 1;
                if dump.tables.names.str(dump.functions[j].name).starts_with("Main.") && !dump.functions[j].export { mains += 1; }
                if let Some(p) = compare_returns((&session.module, f), (&dump, j)) {
                    println!("CALLEE {name}: {p}");
                }
                if let Some(p) = compare_bodies((&session.module, f), (&dump, j)) {
                    println!("CALLEE {name}: {p}");
                }
            }
        }
        for &f in &mine {
            let c = of_body(&session.module, f);
            if c.abstracts > 0 {
                println!("ABS {name}: {}\n    {}", signature(&session.module, f), c.statements.join("\n    "));
            }
        }
        match session.optimize() {
            Ok(()) => {
                optimized.add(&total(&session.module, &session.exports));
                for &f in &session.exports {
                    let sig = signature(&session.module, f);
                    let Ok(j) = find(&dump, &sig) else { continue };
                    let (a, b) = (of_body(&session.module, f), of_body(&dump, j));
                    if a.one_of_several + a.abstracts + b.one_of_several + b.abstracts > 0 {
                        println!("OPT {name} {sig}: ours {}+{} dump {}+{}\n{}", a.one_of_several, a.abstracts, b.one_of_several, b.abstracts, b.statements.join("\n"));
                    }
                }
            }
            Err(f) => println!("{}", f.render(false)),
        }
    }
    println!("{compared} exports of {} kernels, {shared} shared {mains} mains", kernels.len());
    report("their bodies here", &bodies[0]);
    report("their bodies in Julia's dumps", &bodies[1]);
    report("with all that they call here", &programs[0]);
    report("with all that they call in Julia's dumps", &programs[1]);
    report("optimized bodies here", &optimized);
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
    let signatures: usize = kernels.iter().map(|k| k.signatures.len()).sum();
    assert_eq!(compared, signatures);
    assert!(compared > 300, "only {compared} exports");
}
