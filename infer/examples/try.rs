use jlift_infer::World;
use std::sync::Arc;
fn main() {
    std::thread::Builder::new().stack_size(1 << 30).spawn(run).unwrap().join().unwrap();
}
fn run() {
    let path = std::env::args().nth(1).unwrap();
    let text = std::fs::read(&path).unwrap();
    let mut w = World::new();
    let file = w.sources.add(&path, &text, false, 1);
    let parsed = jlift_frontend::parse::parse(&text, file, &mut w.module.tables);
    for d in &parsed.diagnostics { println!("syntax: {}", d.message); }
    let mut tree = parsed.tree;
    let mut roots = vec![];
    for node in parsed.items {
        let nodes = match w.expand(&mut tree, &[node]) { Ok(n) => n, Err(e) => { println!("expand: {:?}", e.message); continue } };
        let shared = Arc::new(tree.clone());
        let (items, errors) = jlift_frontend::lower::lower_file(shared, &nodes, &mut w.lowering, &mut w.module.tables);
        for e in errors { println!("lower: {}", e.message); }
        if std::env::var("LOWERED").is_ok() { for item in &items { if let jlift_frontend::lowered::Item::Method(def) = item { let code = jlift_frontend::lower::lower_body(def, &mut w.lowering, &mut w.module.tables).unwrap(); println!("{}", jlift_frontend::lowered_text::code_text(&code, &w.module.tables)); for (_, c) in code.closures.iter() { for m in &c.methods { if let jlift_frontend::lowered::MethodBody::Code(code) = &m.body { println!("  closure:\n{}", jlift_frontend::lowered_text::code_text(code, &w.module.tables)); } } } } } }
        let main = w.main;
        for item in items {
            match w.define(main, &item) {
                Ok(jlift_infer::world::define::Defined::Execute) => {
                    if let jlift_frontend::lowered::Item::Thunk(code) = &item {
                        let (inst, ret) = w.infer_thunk(main, code);
                        println!("thunk: {}", w.lat_text(&ret));
                        for o in std::mem::take(&mut w.obstacles) { println!("obstacle: {} {:?}", o.message, o.notes); }
                        for o in w.reachable_obstacles(&[inst]) { println!("OBSTACLE {} {:?}", o.message, o.notes); }
                        roots.push(inst);
                    }
                }
                Ok(_) => {}
                Err(e) => println!("define: {} {:?}", e.message, e.notes),
            }
            for o in std::mem::take(&mut w.obstacles) { println!("obstacle: {} {:?}", o.message, o.notes); }
        }
    }
    let source = String::from_utf8_lossy(&text).into_owned();
    for line in source.lines() {
        let Some(spec) = line.strip_prefix("# export:") else { continue };
        let spec = spec.trim();
        let file = w.sources.add("export", spec.as_bytes(), false, 1);
        let parsed = jlift_frontend::parse::parse(spec.as_bytes(), file, &mut w.module.tables);
        let tree = parsed.tree;
        let args = tree.args(parsed.items[0]).to_vec();
        let main = w.main;
        let mut scope = Default::default();
        let f = match w.eval_type_value(main, &tree, args[0], &mut scope, 0) { Ok(f) => f, Err(e) => { println!("{spec}: {}", e.message); continue } };
        let mut lats = vec![];
        for &a in &args[1..] { match w.eval_type(main, &tree, a, &mut scope) { Ok(t) => lats.push(w.lat_of(t)), Err(e) => println!("{spec}: {}", e.message) } }
        let r = w.resolve_call(&jlift_infer::lattice::Lat::Const(f), &lats);
        match r.kind {
            jlift_infer::interp::call::CallKind::Invoke { inst, .. } => {
                println!("{spec} -> {}", w.lat_text(&r.ret));
                for o in std::mem::take(&mut w.obstacles) { println!("obstacle: {} {:?}", o.message, o.notes); }
                for o in w.reachable_obstacles(&[inst]) { println!("  OBSTACLE {} {:?}", o.message, o.notes); }
                if w.lat_text(&r.ret) == "Union{}" { for i in w.reachable_instances(&[inst]) {
                    let body = w.instances[i].body.clone().unwrap();
                    for c in body.calls.iter().flatten() { if let jlift_infer::interp::call::CallKind::Throws{message,..} = &c.kind { println!("    throws in {}: {message}", w.instance_text(i)); } }
                } }
                roots.push(inst);
            }
            k => println!("{spec}: {k:?}"),
        }
    }
    for r in roots { w.emit(r); }
    if std::env::var("DUMP").is_ok() { println!("{}", jlift_ir::text::print_module(&w.module)); }
    if let Err(errors) = jlift_ir::verify::verify_module(&w.module) {
        for e in errors.iter().take(20) { println!("verify: {:?}", e); }
    }
}
