use jlift_optimize::legalize::*;
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let text = std::fs::read_to_string(&a[1]).unwrap();
    let mut m = jlift_ir::text::parse(&text).unwrap();
    let roots: Vec<_> = m.exports().collect();
    let mut t = Vec::new();
    for e in std::fs::read_dir("runtime-shims/jir").unwrap() {
        let p = e.unwrap().path();
        t.push((
            p.file_stem().unwrap().to_string_lossy().into_owned(),
            std::fs::read_to_string(&p).unwrap(),
        ));
    }
    t.sort();
    let lib = ShimSource::new(t.iter().map(|(a, b)| (&a[..], &b[..])));
    let l = legalize(&mut m, &roots, &lib, &Capabilities::cranelift(false)).unwrap();
    let count = |m: &jlift_ir::Module, l: &[jlift_ir::Func]| -> usize {
        l.iter().map(|&f| m.functions[f].statement_count()).sum()
    };
    eprintln!("before {}", count(&m, &l.live));
    let s = std::time::Instant::now();
    let mut pol = jlift_optimize::outline::Policy::default();
    let g = |n: &str| std::env::var(n).ok().map(|x| x.parse::<i64>().unwrap());
    if let Some(x) = g("P") {
        pol.min_profit = x;
    }
    if let Some(x) = g("H") {
        pol.min_profit_in_loops = x;
    }
    if let Some(x) = g("W") {
        pol.min_weight = x as u32;
    }
    if let Some(x) = g("B") { pol.size_bonus = x; }
    if let Some(x) = g("C") {
        pol.max_params = x as usize;
    }
    jlift_optimize::outline::outline_with(&mut m, &l.live, &pol);
    let d = s.elapsed();
    let live = reachable(&m, &roots);
    eprintln!("after {} in {:?}", count(&m, &live), d);
    for f in live {
        let p = jlift_ir::text::print_function(&m, f);
        for x in p.lines() {
            println!("{}", x.split("  ; ").next().unwrap())
        }
    }
}
