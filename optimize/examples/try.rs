use jlift_ir::text::{parse, print_function};
use jlift_optimize::{
    passes::Ctx,
    pipeline::{Level, optimize_function},
};
fn main() {
    let args: Vec<String> = std::env::args().collect();
    let text = std::fs::read_to_string(&args[1]).unwrap();
    let mut m = parse(&text).unwrap_or_else(|e| panic!("{}", e[0]));
    let removable = Default::default();
    let n = m
        .functions
        .values()
        .map(|f| f.statement_count())
        .sum::<usize>();
    let t = std::time::Instant::now();
    let mut ctx = Ctx::new(&mut m.tables, &m.globals, &removable);
    for f in m.functions.values_mut() {
        optimize_function(f, &mut ctx, Level::O2);
    }
    let dt = t.elapsed();
    let after = m
        .functions
        .values()
        .map(|f| f.statement_count())
        .sum::<usize>();
    eprintln!(
        "{}: {n} -> {after} statements, {:?}, {:.2} us/statement",
        args[1],
        dt,
        dt.as_secs_f64() * 1e6 / n as f64
    );
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
