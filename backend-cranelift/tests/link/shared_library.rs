//! Shared libraries for x86-64.

use crate::objects::{ADD, Builder, add_object, calling, names, shared, x86_64};
use crate::output::{
    Loaded, contains, dynamic_strings, dynamic_symbols, dynamic_table, parse, segments,
};
use jlift_backend_cranelift::link::{
    Library, LinkError, LinkRequest, OutputKind, link, link_with_cc,
};
use object::{Object, ObjectSection, ObjectSymbol, elf};

fn request<'a>(
    exports: &'a [String],
    objects: &'a [&'a [u8]],
    imports: &'a [(String, Library)],
    target: &'a target_lexicon::Triple,
) -> LinkRequest<'a> {
    LinkRequest {
        kind: OutputKind::SharedLibrary {
            exports,
            soname: None,
        },
        target,
        objects,
        imports,
        keep_symbols: false,
    }
}

#[test]
fn one_function_is_the_only_dynamic_symbol_and_can_be_called() {
    let library = shared(&["add"], &[&add_object("add")]).unwrap();
    assert_eq!(dynamic_symbols(&library), [("add".to_owned(), false)]);
    assert_eq!(dynamic_strings(&library, elf::DT_NEEDED), [""; 0]);
    assert_eq!(Loaded::new(&library).call("add", 40, 2), 42);
}

#[test]
fn a_function_of_a_hundred_bytes_fits_into_1200() {
    let mut code = ADD.to_vec();
    code.resize(100, 0x90);
    let object = Builder::x86_64().code("kernel", &code, &[]).finish();
    let library = shared(&["kernel"], &[&object]).unwrap();
    assert!(library.len() <= 1200, "{} bytes", library.len());
    assert_eq!(Loaded::new(&library).call("kernel", 1, 2), 3);
}

#[test]
fn nothing_is_both_writable_and_executable_and_the_text_needs_no_relocation() {
    let object = calling("go", "getpid").finish();
    let exports = names(&["go"]);
    let imports = [("getpid".to_owned(), Library::C)];
    let target = x86_64();
    let library = link(&request(&exports, &[&object], &imports, &target)).unwrap();
    let (write, execute) = (elf::PF_W.0, elf::PF_X.0);
    let segments = segments(&library);
    for (kind, flags) in &segments {
        assert_ne!(flags & (write | execute), write | execute, "{kind:?}");
    }
    assert!(segments.iter().any(|(kind, _)| *kind == elf::PT_GNU_STACK));
    assert!(segments.iter().any(|(kind, _)| *kind == elf::PT_GNU_RELRO));
    for (tag, value) in dynamic_table(&library) {
        assert_ne!(tag, elf::DT_TEXTREL);
        assert!(tag != elf::DT_FLAGS || value & elf::DF_TEXTREL.0 == 0);
    }
}

#[test]
fn only_exports_are_visible_and_unreachable_functions_are_left_out() {
    // outer calls helper, which nobody exports; unused is reached from nowhere.
    let call = [0xe9, 0, 0, 0, 0]; // jmp helper
    let outer = Builder::x86_64()
        .code("outer", &call, &[(1, "helper", elf::R_X86_64_PLT32, -4)])
        .finish();
    let marker = b"unreachable code";
    let helper = Builder::x86_64()
        .code("helper", &ADD, &[])
        .code("unused", marker, &[(0, "nowhere", elf::R_X86_64_64, 0)])
        .finish();
    let library = shared(&["outer"], &[&outer, &helper]).unwrap();
    assert_eq!(dynamic_symbols(&library), [("outer".to_owned(), false)]);
    for absent in [
        "helper",
        "unused",
        "nowhere",
        "unreachable code",
        ".symtab",
        "ild",
    ] {
        assert!(!contains(&library, absent), "{absent}");
    }
    assert_eq!(Loaded::new(&library).call("outer", 20, 3), 23);
}

#[test]
fn imports_name_just_the_libraries_in_use() {
    // double go(double x) = sqrt(x), and getpid, each called through its address.
    let root = calling("root", "sqrt").finish();
    let pid = calling("pid", "getpid").finish();
    let dead = calling("dead", "dlopen").finish();
    let exports = names(&["root", "pid"]);
    let imports = [
        ("sqrt".to_owned(), Library::M),
        ("getpid".to_owned(), Library::C),
        ("puts".to_owned(), Library::C),
        ("dlopen".to_owned(), Library::Named("libdl.so.2".to_owned())),
    ];
    let target = x86_64();
    let objects: [&[u8]; 3] = [&root, &pid, &dead];
    let library = link(&request(&exports, &objects, &imports, &target)).unwrap();
    assert_eq!(
        dynamic_strings(&library, elf::DT_NEEDED),
        ["libc.so.6", "libm.so.6"]
    );
    let mut undefined: Vec<String> = dynamic_symbols(&library)
        .into_iter()
        .filter_map(|(name, undefined)| undefined.then_some(name))
        .collect();
    undefined.sort();
    assert_eq!(undefined, ["getpid", "sqrt"]);

    let loaded = Loaded::new(&library);
    assert_eq!(
        u32::try_from(loaded.call("pid", 0, 0)).unwrap(),
        std::process::id()
    );
    // SAFETY: `root` passes its argument and result through.
    let root: extern "C" fn(f64) -> f64 = unsafe { std::mem::transmute(loaded.address("root")) };
    assert_eq!(root(2.25), 1.5);
}

#[test]
fn an_import_that_only_dead_code_uses_needs_no_library() {
    let object = Builder::x86_64()
        .code("add", &ADD, &[])
        .code("dead", &[0; 8], &[(0, "sin", elf::R_X86_64_GOTPCREL, -4)])
        .finish();
    let exports = names(&["add"]);
    let imports = [("sin".to_owned(), Library::M)];
    let target = x86_64();
    let library = link(&request(&exports, &[&object], &imports, &target)).unwrap();
    assert_eq!(dynamic_strings(&library, elf::DT_NEEDED), [""; 0]);
    assert_eq!(dynamic_symbols(&library), [("add".to_owned(), false)]);
}

#[test]
fn names_are_taken_literally() {
    let odd = ["axpy!", "*", "a b", "\u{3b1}", "x;y", "\"q\""];
    let objects: Vec<Vec<u8>> = odd.iter().map(|name| add_object(name)).collect();
    let hidden = add_object("hidden");
    let mut inputs: Vec<&[u8]> = objects.iter().map(Vec::as_slice).collect();
    inputs.push(&hidden);
    let library = shared(&odd, &inputs).unwrap();
    let mut found: Vec<String> = dynamic_symbols(&library).into_iter().map(|s| s.0).collect();
    found.sort();
    let mut expected = names(&odd);
    expected.sort();
    assert_eq!(found, expected);
    let loaded = Loaded::new(&library);
    for name in odd {
        assert_eq!(loaded.call(name, 3, 4), 7, "{name}");
    }
}

#[test]
fn exports_are_bound_inside_the_library() {
    // `getpid` here is our own export and must win over the C library's.
    let own = Builder::x86_64().code("getpid", &[0xb8, 0x2a, 0, 0, 0, 0xc3], &[]);
    let library = shared(
        &["go", "getpid"],
        &[&calling("go", "getpid").finish(), &own.finish()],
    )
    .unwrap();
    assert_eq!(Loaded::new(&library).call("go", 0, 0), 42);
}

#[test]
fn data_and_addresses_in_constants_work() {
    // table = { &add }; counter = 5; go(a, b) = table[0](a, b) + ++counter
    let go = [
        0x48, 0x83, 0xec, 0x08, // sub rsp, 8
        0xff, 0x15, 0, 0, 0, 0, // call [rip + table]
        0x83, 0x05, 0, 0, 0, 0, 0x01, // add dword [rip + counter], 1
        0x03, 0x05, 0, 0, 0, 0, // add eax, [rip + counter]
        0x48, 0x83, 0xc4, 0x08, // add rsp, 8
        0xc3, // ret
    ];
    let pc = elf::R_X86_64_PC32;
    let object = Builder::x86_64()
        .code(
            "go",
            &go,
            &[
                (6, "table", pc, -4),
                (12, "counter", pc, -5),
                (19, "counter", pc, -4),
            ],
        )
        .code("add", &ADD, &[])
        .data("counter", &5_u32.to_le_bytes(), &[])
        .constant_with_addresses("table", &[0; 8], &[(0, "add", elf::R_X86_64_64, 0)])
        .finish();
    let library = shared(&["go"], &[&object]).unwrap();
    let loaded = Loaded::new(&library);
    assert_eq!(loaded.call("go", 10, 20), 36);
    assert_eq!(loaded.call("go", 10, 20), 37);
}

/// `int32 go(int32 i, int32 x)`: adds `x` to `zeros[i]` and returns the sum; behind it, `padding`
/// bytes that are never run.
fn zeros_object(padding: usize) -> Vec<u8> {
    let mut go = vec![
        0x48, 0x63, 0xff, // movsxd rdi, edi
        0x48, 0x8d, 0x05, 0, 0, 0, 0, // lea rax, [rip + zeros]
        0x48, 0x8d, 0x04, 0xb8, // lea rax, [rax + rdi*4]
        0x01, 0x30, // add [rax], esi
        0x8b, 0x00, // mov eax, [rax]
        0xc3, // ret
    ];
    go.resize(go.len() + padding, 0xcc);
    Builder::x86_64()
        .code("go", &go, &[(6, "zeros", elf::R_X86_64_PC32, -4)])
        .zeros("zeros", 40_000)
        .finish()
}

#[test]
fn zeroed_data_takes_no_space_in_the_file_and_is_zero() {
    // The paddings walk the end of the file over a page boundary in steps of 16.
    let smallest = shared(&["go"], &[&zeros_object(0)]).unwrap().len();
    assert!(smallest < 1300, "{smallest} bytes");
    for padding in (2 * 4096 - 2 * smallest..2 * 4096 + 64).step_by(16) {
        let library = shared(&["go"], &[&zeros_object(padding)]).unwrap();
        assert!(library.len() < smallest + padding + 1024);
        let loaded = Loaded::new(&library);
        for index in 0..10_000 {
            assert_eq!(loaded.call("go", index, 3), 3, "{padding} {index}");
        }
        assert_eq!(loaded.call("go", 0, 4), 7);
    }
}

#[test]
fn thread_local_data_is_one_per_thread() {
    // int32 next(void): ++state, with state = 100 in each thread
    let next = [
        0x50, // push rax
        0x66, 0x48, 0x8d, 0x3d, 0, 0, 0, 0, // data16 lea rdi, [rip + state@tlsgd]
        0x66, 0x66, 0x48, 0xe8, 0, 0, 0, 0, // call __tls_get_addr
        0x83, 0x00, 0x01, // add dword [rax], 1
        0x8b, 0x00, // mov eax, [rax]
        0x59, // pop rcx
        0xc3, // ret
    ];
    let object = Builder::x86_64()
        .code(
            "next",
            &next,
            &[
                (5, "state", elf::R_X86_64_TLSGD, -4),
                (13, "__tls_get_addr", elf::R_X86_64_PLT32, -4),
            ],
        )
        .thread_local("state", &100_u32.to_le_bytes())
        .finish();
    let library = shared(&["next"], &[&object]).unwrap();
    assert_eq!(
        dynamic_strings(&library, elf::DT_NEEDED),
        ["ld-linux-x86-64.so.2"]
    );
    let loaded = Loaded::new(&library);
    assert_eq!(loaded.call("next", 0, 0), 101);
    assert_eq!(loaded.call("next", 0, 0), 102);
    let address = loaded.address("next") as usize;
    let elsewhere = std::thread::spawn(move || {
        // SAFETY: the library outlives the thread, which is joined below.
        let next: extern "C" fn() -> i32 = unsafe { std::mem::transmute(address) };
        (next(), next())
    });
    assert_eq!(elsewhere.join().unwrap(), (101, 102));
    assert_eq!(loaded.call("next", 0, 0), 103);
}

#[test]
fn the_soname_is_written_if_asked_for() {
    let object = add_object("add");
    let exports = names(&["add"]);
    let target = x86_64();
    let mut request = request(&exports, &[], &[], &target);
    let objects: [&[u8]; 1] = [&object];
    request.objects = &objects;
    assert_eq!(
        dynamic_strings(&link(&request).unwrap(), elf::DT_SONAME),
        [""; 0]
    );
    request.kind = OutputKind::SharedLibrary {
        exports: &exports,
        soname: Some("libadd.so.1"),
    };
    assert_eq!(
        dynamic_strings(&link(&request).unwrap(), elf::DT_SONAME),
        ["libadd.so.1"]
    );
}

#[test]
fn kept_symbols_name_hidden_functions_without_exporting_them() {
    let call = [0xe9, 0, 0, 0, 0]; // jmp helper
    let object = Builder::x86_64()
        .code("outer", &call, &[(1, "helper", elf::R_X86_64_PLT32, -4)])
        .code("helper", &ADD, &[])
        .finish();
    let exports = names(&["outer"]);
    let target = x86_64();
    let objects: [&[u8]; 1] = [&object];
    let mut request = request(&exports, &objects, &[], &target);
    request.keep_symbols = true;
    let library = link(&request).unwrap();
    let file = parse(&library);
    assert!(file.symbols().any(|symbol| symbol.name() == Ok("helper")));
    assert_eq!(dynamic_symbols(&library), [("outer".to_owned(), false)]);
    assert_eq!(Loaded::new(&library).call("outer", 5, 6), 11);
}

#[test]
fn sections_lie_inside_the_file_and_do_not_overlap() {
    let plain = shared(&["add"], &[&add_object("add")]).unwrap();
    let object = calling("go", "getpid").finish();
    let exports = names(&["go"]);
    let imports = [("getpid".to_owned(), Library::C)];
    let target = x86_64();
    let importing = link(&request(&exports, &[&object], &imports, &target)).unwrap();
    for library in [plain, importing] {
        let file = parse(&library);
        let mut ranges: Vec<(u64, u64)> = file
            .sections()
            .filter_map(|section| section.file_range())
            .collect();
        ranges.sort_unstable();
        let mut end = 0;
        for (start, size) in ranges {
            assert!(start >= end, "sections overlap at {start:#x}");
            end = start + size;
        }
        assert!(end <= library.len() as u64);
    }
}

#[test]
fn the_same_request_gives_the_same_bytes() {
    let object = calling("go", "getpid").code("add", &ADD, &[]).finish();
    let exports = names(&["go", "add"]);
    let imports = [("getpid".to_owned(), Library::C)];
    let target = x86_64();
    let first = link(&request(&exports, &[&object], &imports, &target)).unwrap();
    for _ in 0..20 {
        let again = link(&request(&exports, &[&object], &imports, &target)).unwrap();
        assert_eq!(first, again);
    }
    let mut others = Vec::new();
    for _ in 0..4 {
        let (exports, object, target) = (exports.clone(), object.clone(), target.clone());
        let imports = imports.clone();
        others.push(std::thread::spawn(move || {
            link(&request(&exports, &[&object], &imports, &target)).unwrap()
        }));
    }
    for other in others {
        assert_eq!(first, other.join().unwrap());
    }
}

#[test]
fn the_system_compiler_links_the_same_library_if_there_is_one() {
    let add = add_object("add!");
    let write = calling("pid", "getpid").finish();
    let exports = names(&["add!", "pid"]);
    let imports = [("getpid".to_owned(), Library::C)];
    let target = x86_64();
    let objects: [&[u8]; 2] = [&add, &write];
    match link_with_cc(&request(&exports, &objects, &imports, &target), "cc") {
        Ok(library) => {
            let mut symbols = dynamic_symbols(&library);
            symbols.sort();
            assert_eq!(
                symbols,
                [
                    ("add!".to_owned(), false),
                    ("getpid".to_owned(), true),
                    ("pid".to_owned(), false)
                ]
            );
            let loaded = Loaded::new(&library);
            assert_eq!(loaded.call("add!", 2, 2), 4);
            assert_ne!(loaded.call("pid", 0, 0), 0);
        }
        Err(LinkError::CompilerMissing { .. }) => {}
        Err(error) => panic!("{error}"),
    }
}
