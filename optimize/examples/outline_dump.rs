use jlift_optimize::legalize::*;
fn main(){ let a:Vec<String>=std::env::args().collect();
let text=std::fs::read_to_string(&a[1]).unwrap(); let mut m=jlift_ir::text::parse(&text).unwrap();
let roots:Vec<_>=m.exports().collect();
let mut t=Vec::new(); for e in std::fs::read_dir("runtime-shims/jir").unwrap(){let p=e.unwrap().path(); t.push((p.file_stem().unwrap().to_string_lossy().into_owned(),std::fs::read_to_string(&p).unwrap()));}
t.sort();
let lib=ShimSource::new(t.iter().map(|(a,b)|(&a[..],&b[..])));
let l=legalize(&mut m,&roots,&lib,&Capabilities::cranelift(false)).unwrap();
let count=|m:&jlift_ir::Module,l:&[jlift_ir::Func]|->usize{l.iter().map(|&f|m.functions[f].statement_count()).sum()};
eprintln!("before {}",count(&m,&l.live));
let s=std::time::Instant::now();
jlift_optimize::outline::outline(&mut m,&l.live);
let d=s.elapsed();
let live=reachable(&m,&roots);
eprintln!("after {} in {:?}",count(&m,&live),d);
for f in live{ let p=jlift_ir::text::print_function(&m,f); for x in p.lines(){println!("{}",x.split("  ; ").next().unwrap())}}
}
