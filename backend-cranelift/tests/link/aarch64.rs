//! Cross-linking for aarch64. What comes out is run only where an emulator is installed.

use crate::objects::{Builder, aarch64, names};
use crate::output::{OnDisk, dynamic_strings, dynamic_symbols, parse};
use jlift_backend_cranelift::link::{EntryFlavor, Library, LinkRequest, OutputKind, link};
use object::{Architecture, Object, elf};
use std::path::Path;
use std::process::{Command, Output};

/// Where Debian's cross C library lives.
const SYSROOT: &str = "/usr/aarch64-linux-gnu";

/// Runs a program under an emulator, or returns `None` if there is none.
fn emulate(file: &OnDisk, environment: &[(&str, &Path)]) -> Option<Output> {
    for emulator in ["qemu-aarch64-static", "qemu-aarch64"] {
        let mut command = Command::new(emulator);
        command.args(["-L", SYSROOT]);
        for (name, value) in environment {
            command.arg("-E").arg(format!("{name}={}", value.display()));
        }
        if let Ok(output) = command.arg(&file.path).output() {
            return Some(output);
        }
    }
    eprintln!("no qemu-aarch64: not run");
    None
}

fn words(code: &[u32]) -> Vec<u8> {
    code.iter().flat_map(|word| word.to_le_bytes()).collect()
}

/// `main`: writes `hello` and a line end with `jlift_sys_write`, then returns 7.
fn hello() -> Vec<u8> {
    let mut code = words(&[
        0xa9bf_7bfd, // stp x29, x30, [sp, #-16]!
        0x5280_0020, // mov w0, #1
        0x1000_00c1, // adr x1, text
        0xd280_00c2, // mov x2, #6
        0x9400_0000, // bl jlift_sys_write
        0x5280_00e0, // mov w0, #7
        0xa8c1_7bfd, // ldp x29, x30, [sp], #16
        0xd65f_03c0, // ret
    ]);
    code.extend_from_slice(b"hello\n");
    Builder::aarch64()
        .code(
            "main",
            &code,
            &[(16, "jlift_sys_write", elf::R_AARCH64_CALL26, 0)],
        )
        .finish()
}

#[test]
fn programs_of_both_flavours_are_for_aarch64_and_run() {
    for entry in [EntryFlavor::Freestanding, EntryFlavor::Dynamic] {
        let bytes = link(&LinkRequest {
            kind: OutputKind::Executable { entry },
            target: &aarch64(),
            objects: &[&hello()],
            imports: &[],
            keep_symbols: false,
        })
        .unwrap();
        assert_eq!(parse(&bytes).architecture(), Architecture::Aarch64);
        assert!(bytes.len() <= 3072, "{} bytes", bytes.len());
        if entry == EntryFlavor::Dynamic && !Path::new(SYSROOT).exists() {
            continue;
        }
        if let Some(run) = emulate(&OnDisk::new(&bytes), &[]) {
            assert_eq!(run.stdout, b"hello\n", "{entry:?} {run:?}");
            assert_eq!(run.status.code(), Some(7));
        }
    }
}

#[test]
fn abort_is_sigabrt_on_aarch64() {
    let code = words(&[0x9400_0000]); // bl jlift_sys_abort
    let object = Builder::aarch64()
        .code(
            "main",
            &code,
            &[(0, "jlift_sys_abort", elf::R_AARCH64_CALL26, 0)],
        )
        .finish();
    let bytes = link(&LinkRequest {
        kind: OutputKind::Executable {
            entry: EntryFlavor::Freestanding,
        },
        target: &aarch64(),
        objects: &[&object],
        imports: &[],
        keep_symbols: false,
    })
    .unwrap();
    if let Some(run) = emulate(&OnDisk::new(&bytes), &[]) {
        use std::os::unix::process::ExitStatusExt;
        assert_eq!(run.status.signal(), Some(libc::SIGABRT), "{run:?}");
    }
}

#[test]
fn a_library_with_an_import_and_thread_local_data_works_in_a_program() {
    // int32 next(void): ++state, state = 100; then abs(), so that the C library is needed.
    let next = words(&[
        0xa9bf_7bfd, // stp x29, x30, [sp, #-16]!
        0x9000_0000, // adrp x0, :tlsdesc:state
        0xf940_0001, // ldr x1, [x0, :tlsdesc_lo12:state]
        0x9100_0000, // add x0, x0, :tlsdesc_lo12:state
        0xd63f_0020, // blr x1
        0xd53b_d041, // mrs x1, tpidr_el0
        0x8b00_0021, // add x1, x1, x0
        0xb940_0020, // ldr w0, [x1]
        0x1100_0400, // add w0, w0, #1
        0xb900_0020, // str w0, [x1]
        0x9000_0010, // adrp x16, :got:abs
        0xf940_0210, // ldr x16, [x16, :got_lo12:abs]
        0xd63f_0200, // blr x16
        0xa8c1_7bfd, // ldp x29, x30, [sp], #16
        0xd65f_03c0, // ret
    ]);
    let object = Builder::aarch64()
        .thread_local("state", &100_u32.to_le_bytes())
        .code(
            "next",
            &next,
            &[
                (4, "state", elf::R_AARCH64_TLSDESC_ADR_PAGE21, 0),
                (8, "state", elf::R_AARCH64_TLSDESC_LD64_LO12, 0),
                (12, "state", elf::R_AARCH64_TLSDESC_ADD_LO12, 0),
                (16, "state", elf::R_AARCH64_TLSDESC_CALL, 0),
                (40, "abs", elf::R_AARCH64_ADR_GOT_PAGE, 0),
                (44, "abs", elf::R_AARCH64_LD64_GOT_LO12_NC, 0),
            ],
        )
        .finish();
    let exports = names(&["next"]);
    let library = link(&LinkRequest {
        kind: OutputKind::SharedLibrary {
            exports: &exports,
            soname: None,
        },
        target: &aarch64(),
        objects: &[&object],
        imports: &[("abs".to_owned(), Library::C)],
        keep_symbols: false,
    })
    .unwrap();
    assert_eq!(parse(&library).architecture(), Architecture::Aarch64);
    assert_eq!(dynamic_strings(&library, elf::DT_NEEDED), ["libc.so.6"]);
    assert_eq!(
        dynamic_symbols(&library),
        [("abs".to_owned(), true), ("next".to_owned(), false)]
    );

    // main: next(); return next()
    let main = words(&[
        0xa9bf_7bfd, // stp x29, x30, [sp, #-16]!
        0x9400_0000, // bl next
        0x9400_0000, // bl next
        0xa8c1_7bfd, // ldp x29, x30, [sp], #16
        0xd65f_03c0, // ret
    ]);
    let call = elf::R_AARCH64_CALL26;
    let main = Builder::aarch64()
        .code("main", &main, &[(4, "next", call, 0), (8, "next", call, 0)])
        .finish();
    let program = link(&LinkRequest {
        kind: OutputKind::Executable {
            entry: EntryFlavor::Dynamic,
        },
        target: &aarch64(),
        objects: &[&main],
        imports: &[("next".to_owned(), Library::Named("linked".to_owned()))],
        keep_symbols: false,
    })
    .unwrap();
    assert_eq!(
        dynamic_strings(&program, elf::DT_NEEDED),
        ["libc.so.6", "linked"]
    );
    let library = OnDisk::new(&library);
    if Path::new(SYSROOT).exists() {
        let directory = library.path.parent().unwrap();
        if let Some(run) = emulate(&OnDisk::new(&program), &[("LD_LIBRARY_PATH", directory)]) {
            assert_eq!(run.status.code(), Some(102), "{run:?}");
        }
    }
}
