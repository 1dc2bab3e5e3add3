mod legalize_support;
use legalize_support::*;
#[test] fn t(){ let n=std::env::var("K").unwrap(); let t=files("tests/kernels","jir").into_iter().find(|(a,_)|*a==n).unwrap().1;
 match legalized(&t,&real_shims(),&jlift_optimize::legalize::Capabilities::cranelift(false)) { Ok((m,live))=>{for f in live{ let p=jlift_ir::text::print_function(&m,f); for l in p.lines(){println!("{}",l.split("  ; ").next().unwrap())}}}, Err((m,d))=>println!("{} {}",m.describe(d[0].func),d[0].message)}}
