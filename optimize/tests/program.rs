//! Optimizing whole programs, callees first: `program/*.jir` becomes the `.out` beside it, every
//! function that is left in the shape in which it is lowered. `JLIFT_BLESS=1` writes the `.out`
//! files anew.

mod legalize_support;

use jlift_ir::text::print_function;
use jlift_ir::verify::verify_function;
use jlift_ir::{Func, Module};
use jlift_optimize::inliner::Policy;
use jlift_optimize::legalize::{Capabilities, reachable};
use jlift_optimize::pipeline::Level;
use jlift_optimize::program::Optimizer;
use legalize_support::{directory, files, legalized, stand_ins};

fn optimized(text: &str) -> (Module, Vec<Func>) {
    let caps = Capabilities::cranelift(false);
    let Ok((mut module, _)) = legalized(text, &stand_ins(), &caps) else {
        panic!("refused")
    };
    let roots: Vec<Func> = module.exports().collect();
    let mut optimizer = Optimizer::new(Level::O2, Policy::of(Level::O2));
    optimizer.optimize(&mut module, &roots, &[]);
    let live = reachable(&module, &roots);
    optimizer.finish(&mut module, &live);
    for &func in &live {
        if let Err(errors) = verify_function(&module, func) {
            panic!("{}\n{}", errors[0], print_function(&module, func));
        }
    }
    (module, live)
}

#[test]
fn texts_become_what_is_written_beside_them() {
    let bless = std::env::var_os("JLIFT_BLESS").is_some();
    let inputs = files("optimize/tests/program", "jir");
    assert!(!inputs.is_empty());
    let mut wrong = Vec::new();
    for (name, text) in inputs {
        let (module, live) = optimized(&text);
        let named = |f: Func| module.tables.names.str(module.functions[f].name);
        let shown = live.iter().filter(|&&f| !named(f).starts_with("Shims."));
        let got: String = shown
            .map(|&f| format!("{}\n", print_function(&module, f)))
            .collect();
        let path = directory("optimize/tests/program").join(format!("{name}.out"));
        if bless {
            std::fs::write(&path, &got).unwrap_or_else(|e| panic!("{name}: {e}"));
            continue;
        }
        let want = std::fs::read_to_string(&path).unwrap_or_default();
        if want != got {
            wrong.push(format!("{name}\n--- expected\n{want}--- actual\n{got}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
