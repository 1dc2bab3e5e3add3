//! Programs for x86-64.

use crate::objects::{Builder, hello_object, x86_64};
use crate::output::{OnDisk, contains, dynamic_strings, segments};
use jlift_backend_cranelift::link::{
    EntryFlavor, Library, LinkError, LinkRequest, OutputKind, link, link_with_cc,
};
use object::elf;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::Command;

fn program(
    entry: EntryFlavor,
    objects: &[&[u8]],
    imports: &[(String, Library)],
) -> Result<Vec<u8>, LinkError> {
    link(&LinkRequest {
        kind: OutputKind::Executable { entry },
        target: &x86_64(),
        objects,
        imports,
        keep_symbols: false,
    })
}

/// `int32 main(int32 argc, char **argv)` with the given code.
fn main_object(code: &[u8], holes: &[crate::objects::Hole<'_>]) -> Vec<u8> {
    Builder::x86_64().code("main", code, holes).finish()
}

#[test]
fn a_freestanding_hello_writes_exits_and_needs_nothing() {
    let bytes = program(
        EntryFlavor::Freestanding,
        &[&hello_object("jlift_sys_write")],
        &[],
    )
    .unwrap();
    assert!(bytes.len() <= 1024, "{} bytes", bytes.len());
    assert!(
        segments(&bytes)
            .iter()
            .all(|(kind, _)| *kind != elf::PT_INTERP && *kind != elf::PT_DYNAMIC)
    );
    let run = OnDisk::new(&bytes).run(&[]);
    assert_eq!(run.stdout, b"hello\n");
    assert_eq!(run.status.code(), Some(7));
}

#[test]
fn a_dynamic_hello_goes_through_the_c_library() {
    let imports = [("write".to_owned(), Library::C)];
    let bytes = program(EntryFlavor::Dynamic, &[&hello_object("write")], &imports).unwrap();
    assert!(bytes.len() <= 3072, "{} bytes", bytes.len());
    assert!(contains(&bytes, "/lib64/ld-linux-x86-64.so.2"));
    assert_eq!(dynamic_strings(&bytes, elf::DT_NEEDED), ["libc.so.6"]);
    let run = OnDisk::new(&bytes).run(&[]);
    assert_eq!(run.stdout, b"hello\n");
    assert_eq!(run.status.code(), Some(7));
}

#[test]
fn a_dynamic_program_flushes_the_c_library_at_exit() {
    // main: puts("hello"); return 3. To a pipe, puts only buffers.
    let mut code = vec![
        0x50, // push rax
        0x48, 0x8d, 0x3d, 13, 0, 0, 0, // lea rdi, [rip + text]
        0xff, 0x15, 0, 0, 0, 0, // call [rip + puts@GOTPCREL]
        0xb8, 0x03, 0, 0, 0,    // mov eax, 3
        0x59, // pop rcx
        0xc3, // ret
    ];
    code.extend_from_slice(b"hello\0");
    let object = main_object(&code, &[(10, "puts", elf::R_X86_64_GOTPCREL, -4)]);
    let imports = [("puts".to_owned(), Library::C)];
    let bytes = program(EntryFlavor::Dynamic, &[&object], &imports).unwrap();
    let run = OnDisk::new(&bytes).run(&[]);
    assert_eq!(run.stdout, b"hello\n");
    assert_eq!(run.status.code(), Some(3));
}

#[test]
fn main_gets_argc_and_argv_on_an_aligned_stack() {
    // main: (rsp & 15) == 8 on entry ? argc * 10 + (argv[1][0] - '0') : 255
    let code = [
        0x8d, 0x04, 0xbf, // lea eax, [rdi + rdi*4]
        0x01, 0xc0, // add eax, eax
        0x48, 0x8b, 0x4e, 0x08, // mov rcx, [rsi + 8]
        0x0f, 0xb6, 0x09, // movzx ecx, byte [rcx]
        0x8d, 0x44, 0x08, 0xd0, // lea eax, [rax + rcx - '0']
        0x89, 0xe1, // mov ecx, esp
        0x83, 0xe1, 0x0f, // and ecx, 15
        0x83, 0xf9, 0x08, // cmp ecx, 8
        0xba, 0xff, 0, 0, 0, // mov edx, 255
        0x0f, 0x45, 0xc2, // cmovne eax, edx
        0xc3, // ret
    ];
    let object = main_object(&code, &[]);
    for entry in [EntryFlavor::Freestanding, EntryFlavor::Dynamic] {
        let file = OnDisk::new(&program(entry, &[&object], &[]).unwrap());
        assert_eq!(file.run(&["5"]).status.code(), Some(25), "{entry:?}");
        assert_eq!(file.run(&["5", "x"]).status.code(), Some(35), "{entry:?}");
    }
}

#[test]
fn abort_ends_by_sigabrt_even_if_it_is_ignored_or_blocked() {
    let code = [0x50, 0xe8, 0, 0, 0, 0]; // push rax; call jlift_sys_abort
    let object = main_object(&code, &[(2, "jlift_sys_abort", elf::R_X86_64_PLT32, -4)]);
    for entry in [EntryFlavor::Freestanding, EntryFlavor::Dynamic] {
        let file = OnDisk::new(&program(entry, &[&object], &[]).unwrap());
        let status = file.run(&[]).status;
        assert_eq!(status.signal(), Some(libc::SIGABRT), "{entry:?}: {status}");

        let mut deaf = Command::new(&file.path);
        let disarm = || {
            // SAFETY: both calls are async-signal-safe and the set is initialised.
            unsafe {
                libc::signal(libc::SIGABRT, libc::SIG_IGN);
                let mut set = std::mem::zeroed();
                libc::sigemptyset(&raw mut set);
                libc::sigaddset(&raw mut set, libc::SIGABRT);
                libc::sigprocmask(libc::SIG_BLOCK, &raw const set, std::ptr::null_mut());
            }
            Ok(())
        };
        // SAFETY: `disarm` only makes async-signal-safe calls.
        let status = unsafe { deaf.pre_exec(disarm) }.status().unwrap();
        assert_eq!(status.signal(), Some(libc::SIGABRT), "{entry:?}: {status}");
    }
}

#[test]
fn exit_ends_with_the_given_status() {
    // push rax; mov edi, 9; call jlift_sys_exit
    let code = [0x50, 0xbf, 0x09, 0, 0, 0, 0xe8, 0, 0, 0, 0];
    let object = main_object(&code, &[(7, "jlift_sys_exit", elf::R_X86_64_PLT32, -4)]);
    let bytes = program(EntryFlavor::Freestanding, &[&object], &[]).unwrap();
    assert_eq!(OnDisk::new(&bytes).run(&[]).status.code(), Some(9));
}

#[test]
fn a_program_without_main_is_an_error() {
    let object = Builder::x86_64().code("other", &[0xc3], &[]).finish();
    for entry in [EntryFlavor::Freestanding, EntryFlavor::Dynamic] {
        assert_eq!(
            program(entry, &[&object], &[]),
            Err(LinkError::Undefined {
                symbol: "main".to_owned()
            })
        );
    }
}

#[test]
fn a_freestanding_program_refuses_imports_and_thread_local_data() {
    let imports = [("write".to_owned(), Library::C)];
    assert_eq!(
        program(
            EntryFlavor::Freestanding,
            &[&hello_object("write")],
            &imports
        ),
        Err(LinkError::FreestandingImport {
            symbol: "write".to_owned()
        })
    );
    let object = Builder::x86_64()
        .code("main", &[0; 8], &[(0, "state", elf::R_X86_64_TPOFF32, 0)])
        .thread_local("state", &[0; 4])
        .finish();
    assert_eq!(
        program(EntryFlavor::Freestanding, &[&object], &[]),
        Err(LinkError::FreestandingThreadLocal {
            section: ".tdata.state".to_owned()
        })
    );
}

#[test]
fn the_same_program_twice_gives_the_same_bytes() {
    for (entry, writer) in [
        (EntryFlavor::Freestanding, "jlift_sys_write"),
        (EntryFlavor::Dynamic, "write"),
    ] {
        let imports = [("write".to_owned(), Library::C)];
        let object = hello_object(writer);
        let first = program(entry, &[&object], &imports).unwrap();
        assert_eq!(first, program(entry, &[&object], &imports).unwrap());
    }
}

#[test]
fn the_system_compiler_links_a_program_if_there_is_one() {
    let result = link_with_cc(
        &LinkRequest {
            kind: OutputKind::Executable {
                entry: EntryFlavor::Dynamic,
            },
            target: &x86_64(),
            objects: &[&hello_object("jlift_sys_write")],
            imports: &[],
            keep_symbols: false,
        },
        "cc",
    );
    match result {
        Ok(bytes) => {
            let run = OnDisk::new(&bytes).run(&[]);
            assert_eq!(run.stdout, b"hello\n");
            assert_eq!(run.status.code(), Some(7));
        }
        Err(LinkError::CompilerMissing { .. }) => {}
        Err(error) => panic!("{error}"),
    }
}
