use jlift_backend_cranelift::link::*;
use object::write::*;
use object::*;
fn obj(fns: &[(&str, &[u8], &[(u64, &str, object::elf::RelocationType, i64)])]) -> Vec<u8> {
    let mut o = object::write::Object::new(BinaryFormat::Elf, Architecture::X86_64, Endianness::Little);
    for (n, code, rel) in fns {
        let sec = o.add_section(vec![], format!(".text.{n}").into_bytes(), SectionKind::Text);
        let mk = |o: &mut object::write::Object, n: &str| o.symbol_id(n.as_bytes()).unwrap_or_else(|| o.add_symbol(object::write::Symbol{name:n.as_bytes().to_vec(),value:0,size:0,kind:SymbolKind::Text,scope:SymbolScope::Dynamic,weak:false,section:object::write::SymbolSection::Undefined,flags:SymbolFlags::None}));
        let s = mk(&mut o, n);
        o.add_symbol_data(s, sec, code, 16);
        for (off, t, ty, add) in *rel {
            let symbol = mk(&mut o, t);
            o.add_relocation(sec, object::write::Relocation{offset:*off,symbol,addend:*add,flags:RelocationFlags::Elf{r_type:*ty}}).unwrap();
        }
    }
    o.write().unwrap()
}
#[test]
fn go() {
    std::fs::create_dir_all("/tmp/linkout").unwrap();
    let t: target_lexicon::Triple = "x86_64-unknown-linux-gnu".parse().unwrap();
    let code = [0x8du8, 0x04, 0x37, 0xc3]; // lea eax,[rdi+rsi]; ret
    let mut code100 = code.to_vec(); code100.resize(100, 0x90);
    let o = obj(&[("add", &code100, &[])]);
    let ex = ["add".to_string()];
    let rq = LinkRequest{kind:OutputKind::SharedLibrary{exports:&ex,soname:None},target:&t,objects:&[&o],imports:&[],keep_symbols:false};
    for _ in 0..5 {
    let t0=std::time::Instant::now();
    let b = link(&rq).unwrap();
    eprintln!("so {} bytes {:?}", b.len(), t0.elapsed());
    std::fs::write("/tmp/linkout/one.so", b).unwrap();
    }
    let o = obj(&[("go", &[0x48,0x83,0xec,8, 0xff,0x15,0,0,0,0, 0xff,0x15,0,0,0,0, 0x48,0x83,0xc4,8,0xc3], &[(6,"sqrt",object::elf::R_X86_64_GOTPCREL,-4),(12,"getpid",object::elf::R_X86_64_GOTPCREL,-4)])]);
    let ex = ["go".to_string()];
    let im = [("sqrt".to_string(), Library::M), ("getpid".to_string(), Library::C), ("zzz".to_string(), Library::C)];
    let b = link(&LinkRequest{kind:OutputKind::SharedLibrary{exports:&ex,soname:Some("libgo.so")},target:&t,objects:&[&o],imports:&im,keep_symbols:false}).unwrap();
    eprintln!("so2 {}", b.len());
    std::fs::write("/tmp/linkout/imp.so", b).unwrap();
    // hello
    let o = { 
      let mut c = vec![0xbf,1,0,0,0, 0x48,0x8d,0x35,0,0,0,0, 0xba,6,0,0,0, 0xe8,0,0,0,0, 0xb8,7,0,0,0, 0xc3];
      c[8..12].copy_from_slice(&16i32.to_le_bytes());
      c.extend_from_slice(b"hello\n");
      obj(&[("main", &c, &[(18,"jlift_sys_write",object::elf::R_X86_64_PLT32,-4)])])
    };
    let b = link(&LinkRequest{kind:OutputKind::Executable{entry:EntryFlavor::Freestanding},target:&t,objects:&[&o],imports:&[],keep_symbols:false}).unwrap();
    eprintln!("hello static {}", b.len());
    std::fs::write("/tmp/linkout/hello", b).unwrap();
    let b = link(&LinkRequest{kind:OutputKind::Executable{entry:EntryFlavor::Dynamic},target:&t,objects:&[&o],imports:&[],keep_symbols:false}).unwrap();
    eprintln!("hello dyn {}", b.len());
    std::fs::write("/tmp/linkout/hellod", b).unwrap();
}
