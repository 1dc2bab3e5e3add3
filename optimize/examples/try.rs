use jlift_ir::text::{parse, print_function};
use jlift_optimize::{
    passes::{ALL, Ctx},
    pipeline::{Level, optimize_function},
};
use std::time::{Duration, Instant};
fn main() {
    let args: Vec<String> = std::env::args().collect();
    let text = std::fs::read_to_string(&args[1]).unwrap();
    let m0 = parse(&text).unwrap_or_else(|e| panic!("{}", e[0]));
    let removable = Default::default();
    let n = m0
        .functions
        .values()
        .map(|f| f.statement_count())
        .sum::<usize>();
    let mut best = Duration::MAX;
    let mut m = m0.clone();
    let reps: usize = std::env::var("REPS").map_or(20, |r| r.parse().unwrap());
    for _ in 0..reps {
        m = m0.clone();
        let t = Instant::now();
        let mut ctx = Ctx::new(&mut m.tables, &m.globals, &removable);
        for f in m.functions.values_mut() {
            optimize_function(f, &mut ctx, Level::O2);
        }
        best = best.min(t.elapsed());
    }
    let after = m
        .functions
        .values()
        .map(|f| f.statement_count())
        .sum::<usize>();
    eprintln!(
        "{}: {n} -> {after} statements, {:?}, {:.2} us/statement",
        args[1],
        best,
        best.as_secs_f64() * 1e6 / n as f64
    );
    if args.len() > 3 {
        // The order of O2, timed.
        let get = |n: &str| ALL.iter().find(|p| p.0 == n).unwrap().1;
        let rep = [
            "simplify_cfg",
            "propagate",
            "sroa",
            "gvn",
            "phi_dedup",
            "simplify_cfg",
            "jump_threading",
            "dce",
        ];
        let mut m = m0.clone();
        let mut ctx = Ctx::new(&mut m.tables, &m.globals, &removable);
        for round in 0..4 {
            for p in rep {
                let pass = get(p);
                let t = Instant::now();
                let mut changed = 0;
                for f in m.functions.values_mut() {
                    if !f.layout.is_empty() {
                        changed += jlift_optimize::passes::run_pass(pass, f, &mut ctx) as usize;
                    }
                }
                eprintln!("round {round} {p}: {:?} {changed}", t.elapsed());
            }
        }
    }
    for (id, f) in m.functions.iter() {
        if args.len() > 2 && m.tables.names.str(f.name).ends_with(&args[2]) {
            println!("{}", print_function(&m, id));
        }
    }
    if let Err(e) = jlift_ir::verify::verify_module(&m) {
        for e in e {
            eprintln!("INVALID {e}");
        }
    }
}
