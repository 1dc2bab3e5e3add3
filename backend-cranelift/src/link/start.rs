//! Machine code that no compiler makes: the program entry `_start`, and the three functions that
//! reach the kernel without a C library. It must not know what a program does.
//!
//! The functions, each in a section of its own so that only what is used is kept:
//! - `ssize_t jlift_sys_write(int32 fd, const void *bytes, size_t size)`: the system call's result,
//!   a negated error number on failure;
//! - `void jlift_sys_exit(int32 status)`: ends the process, without flushing anything;
//! - `void jlift_sys_abort(void)`: ends the process by `SIGABRT`, as `abort` does, also if the
//!   signal was ignored or blocked.
//!
//! Everything is position independent and uses Linux system-call numbers.

use super::{EntryFlavor, LinkError, Machine};
use object::elf;
use object::write::{Object, Relocation, SectionId, Symbol, SymbolId, SymbolSection};
use object::{
    Architecture, BinaryFormat, Endianness, RelocationFlags, SectionKind, SymbolFlags, SymbolKind,
    SymbolScope,
};

/// The name of the program entry.
pub(super) const ENTRY: &str = "_start";
/// What a program defines.
pub(super) const MAIN: &str = "main";
/// What the C library defines for `_start` to call.
pub(super) const LIBC_START: &str = "__libc_start_main";

/// A place in the code that the linker fills in.
struct Hole {
    offset: u64,
    symbol: &'static str,
    kind: elf::RelocationType,
    addend: i64,
}

/// A function: its name, its code, and what the code refers to.
struct Function {
    name: &'static str,
    code: &'static [u8],
    holes: &'static [Hole],
}

const X86_64_FREESTANDING: Function = Function {
    name: ENTRY,
    code: &[
        0x31, 0xed, // xor ebp, ebp        the outermost frame
        0x5f, // pop rdi                   argc
        0x48, 0x89, 0xe6, // mov rsi, rsp  argv
        0x48, 0x83, 0xe4, 0xf0, // and rsp, -16
        0xe8, 0, 0, 0, 0, // call main
        0x89, 0xc7, // mov edi, eax
        0xb8, 0xe7, 0, 0, 0, // mov eax, 231 (exit_group)
        0x0f, 0x05, // syscall
        0x0f, 0x0b, // ud2
    ],
    holes: &[Hole {
        offset: 0x0b,
        symbol: MAIN,
        kind: elf::R_X86_64_PLT32,
        addend: -4,
    }],
};

const X86_64_DYNAMIC: Function = Function {
    name: ENTRY,
    code: &[
        0x31, 0xed, // xor ebp, ebp
        0x49, 0x89, 0xd1, // mov r9, rdx   what the loader wants run at exit
        0x5e, // pop rsi                   argc
        0x48, 0x89, 0xe2, // mov rdx, rsp  argv
        0x48, 0x83, 0xe4, 0xf0, // and rsp, -16
        0x50, // push rax                  keeps the alignment
        0x54, // push rsp                  the end of the stack
        0x45, 0x31, 0xc0, // xor r8d, r8d  no fini
        0x31, 0xc9, // xor ecx, ecx        no init
        0x48, 0x8d, 0x3d, 0, 0, 0, 0, // lea rdi, [rip + main]
        0xff, 0x15, 0, 0, 0, 0, // call [rip + __libc_start_main@GOTPCREL]
        0x0f, 0x0b, // ud2
    ],
    holes: &[
        Hole {
            offset: 0x17,
            symbol: MAIN,
            kind: elf::R_X86_64_PC32,
            addend: -4,
        },
        Hole {
            offset: 0x1d,
            symbol: LIBC_START,
            kind: elf::R_X86_64_GOTPCRELX,
            addend: -4,
        },
    ],
};

const X86_64_RUNTIME: [Function; 3] = [
    Function {
        name: "jlift_sys_write",
        code: &[
            0xb8, 0x01, 0, 0, 0, // mov eax, 1 (write)
            0x0f, 0x05, // syscall
            0xc3, // ret
        ],
        holes: &[],
    },
    Function {
        name: "jlift_sys_exit",
        code: &[
            0xb8, 0xe7, 0, 0, 0, // mov eax, 231 (exit_group)
            0x0f, 0x05, // syscall
            0x0f, 0x0b, // ud2
        ],
        holes: &[],
    },
    Function {
        name: "jlift_sys_abort",
        code: &[
            0x6a, 0x00, 0x6a, 0x00, 0x6a, 0x00, 0x6a,
            0x00, // a zero struct sigaction: SIG_DFL
            0x6a, 0x06, 0x5f, // rdi = SIGABRT
            0x48, 0x89, 0xe6, // mov rsi, rsp
            0x31, 0xd2, // xor edx, edx
            0x6a, 0x08, 0x41, 0x5a, // r10 = size of a signal set
            0x6a, 0x0d, 0x58, // rax = 13 (rt_sigaction)
            0x0f, 0x05, // syscall
            0x6a, 0x20, // push 1 << (SIGABRT - 1)
            0x6a, 0x01, 0x5f, // rdi = SIG_UNBLOCK
            0x48, 0x89, 0xe6, // mov rsi, rsp
            0x6a, 0x0e, 0x58, // rax = 14 (rt_sigprocmask); rdx and r10 as before
            0x0f, 0x05, // syscall
            0xb8, 0xba, 0, 0, 0, // mov eax, 186 (gettid)
            0x0f, 0x05, // syscall
            0x89, 0xc7, // mov edi, eax
            0x6a, 0x06, 0x5e, // rsi = SIGABRT
            0xb8, 0xc8, 0, 0, 0, // mov eax, 200 (tkill)
            0x0f, 0x05, // syscall
            0x0f, 0x0b, // ud2
        ],
        holes: &[],
    },
];

const AARCH64_FREESTANDING: Function = Function {
    name: ENTRY,
    code: &[
        0x1d, 0x00, 0x80, 0xd2, // mov x29, #0     the outermost frame
        0x1e, 0x00, 0x80, 0xd2, // mov x30, #0
        0xe0, 0x03, 0x40, 0xf9, // ldr x0, [sp]    argc
        0xe1, 0x23, 0x00, 0x91, // add x1, sp, #8  argv
        0x00, 0x00, 0x00, 0x94, // bl main
        0xc8, 0x0b, 0x80, 0xd2, // mov x8, #94 (exit_group)
        0x01, 0x00, 0x00, 0xd4, // svc #0
        0x20, 0x00, 0x20, 0xd4, // brk #1
    ],
    holes: &[Hole {
        offset: 0x10,
        symbol: MAIN,
        kind: elf::R_AARCH64_CALL26,
        addend: 0,
    }],
};

const AARCH64_DYNAMIC: Function = Function {
    name: ENTRY,
    code: &[
        0x1d, 0x00, 0x80, 0xd2, // mov x29, #0
        0x1e, 0x00, 0x80, 0xd2, // mov x30, #0
        0xe5, 0x03, 0x00, 0xaa, // mov x5, x0      what the loader wants run at exit
        0xe1, 0x03, 0x40, 0xf9, // ldr x1, [sp]    argc
        0xe2, 0x23, 0x00, 0x91, // add x2, sp, #8  argv
        0xe6, 0x03, 0x00, 0x91, // mov x6, sp      the end of the stack
        0x00, 0x00, 0x00, 0x90, // adrp x0, main
        0x00, 0x00, 0x00, 0x91, // add x0, x0, :lo12:main
        0x03, 0x00, 0x80, 0xd2, // mov x3, #0      no init
        0x04, 0x00, 0x80, 0xd2, // mov x4, #0      no fini
        0x10, 0x00, 0x00, 0x90, // adrp x16, :got:__libc_start_main
        0x10, 0x02, 0x40, 0xf9, // ldr x16, [x16, :got_lo12:__libc_start_main]
        0x00, 0x02, 0x3f, 0xd6, // blr x16
        0x20, 0x00, 0x20, 0xd4, // brk #1
    ],
    holes: &[
        Hole {
            offset: 0x18,
            symbol: MAIN,
            kind: elf::R_AARCH64_ADR_PREL_PG_HI21,
            addend: 0,
        },
        Hole {
            offset: 0x1c,
            symbol: MAIN,
            kind: elf::R_AARCH64_ADD_ABS_LO12_NC,
            addend: 0,
        },
        Hole {
            offset: 0x28,
            symbol: LIBC_START,
            kind: elf::R_AARCH64_ADR_GOT_PAGE,
            addend: 0,
        },
        Hole {
            offset: 0x2c,
            symbol: LIBC_START,
            kind: elf::R_AARCH64_LD64_GOT_LO12_NC,
            addend: 0,
        },
    ],
};

const AARCH64_RUNTIME: [Function; 3] = [
    Function {
        name: "jlift_sys_write",
        code: &[
            0x08, 0x08, 0x80, 0xd2, // mov x8, #64 (write)
            0x01, 0x00, 0x00, 0xd4, // svc #0
            0xc0, 0x03, 0x5f, 0xd6, // ret
        ],
        holes: &[],
    },
    Function {
        name: "jlift_sys_exit",
        code: &[
            0xc8, 0x0b, 0x80, 0xd2, // mov x8, #94 (exit_group)
            0x01, 0x00, 0x00, 0xd4, // svc #0
            0x20, 0x00, 0x20, 0xd4, // brk #1
        ],
        holes: &[],
    },
    Function {
        name: "jlift_sys_abort",
        code: &[
            0xff, 0xc3, 0x00, 0xd1, // sub sp, sp, #48
            0xff, 0x7f, 0x00, 0xa9, // stp xzr, xzr, [sp]       a zero struct sigaction
            0xff, 0x7f, 0x01, 0xa9, // stp xzr, xzr, [sp, #16]
            0xc0, 0x00, 0x80, 0xd2, // mov x0, #6 (SIGABRT)
            0xe1, 0x03, 0x00, 0x91, // mov x1, sp
            0x02, 0x00, 0x80, 0xd2, // mov x2, #0
            0x03, 0x01, 0x80, 0xd2, // mov x3, #8               size of a signal set
            0xc8, 0x10, 0x80, 0xd2, // mov x8, #134 (rt_sigaction)
            0x01, 0x00, 0x00, 0xd4, // svc #0
            0x00, 0x04, 0x80, 0xd2, // mov x0, #1 << (SIGABRT - 1)
            0xe0, 0x03, 0x00, 0xf9, // str x0, [sp]
            0x20, 0x00, 0x80, 0xd2, // mov x0, #1 (SIG_UNBLOCK)
            0xe8, 0x10, 0x80, 0xd2, // mov x8, #135 (rt_sigprocmask)
            0x01, 0x00, 0x00, 0xd4, // svc #0
            0x48, 0x16, 0x80, 0xd2, // mov x8, #178 (gettid)
            0x01, 0x00, 0x00, 0xd4, // svc #0
            0xc1, 0x00, 0x80, 0xd2, // mov x1, #6
            0x48, 0x10, 0x80, 0xd2, // mov x8, #130 (tkill)
            0x01, 0x00, 0x00, 0xd4, // svc #0
            0x20, 0x00, 0x20, 0xd4, // brk #1
        ],
        holes: &[],
    },
];

fn runtime_functions(machine: Machine) -> &'static [Function] {
    match machine {
        Machine::X86_64 => &X86_64_RUNTIME,
        Machine::Aarch64 => &AARCH64_RUNTIME,
    }
}

/// Whether `name` is one of the functions that [`runtime_object`] can make.
pub(super) fn is_runtime_function(name: &str) -> bool {
    X86_64_RUNTIME.iter().any(|function| function.name == name)
}

/// An object that defines `_start`.
///
/// # Errors
/// [`LinkError::Linker`] if the object can't be written.
pub(super) fn start_object(machine: Machine, entry: EntryFlavor) -> Result<Vec<u8>, LinkError> {
    let function = match (machine, entry) {
        (Machine::X86_64, EntryFlavor::Freestanding) => &X86_64_FREESTANDING,
        (Machine::X86_64, EntryFlavor::Dynamic) => &X86_64_DYNAMIC,
        (Machine::Aarch64, EntryFlavor::Freestanding) => &AARCH64_FREESTANDING,
        (Machine::Aarch64, EntryFlavor::Dynamic) => &AARCH64_DYNAMIC,
    };
    object_of(machine, &[function])
}

/// An object that defines the runtime functions in `names`.
///
/// # Errors
/// [`LinkError::Linker`] if the object can't be written.
pub(super) fn runtime_object(machine: Machine, names: &[&str]) -> Result<Vec<u8>, LinkError> {
    let functions: Vec<&Function> = runtime_functions(machine)
        .iter()
        .filter(|function| names.contains(&function.name))
        .collect();
    object_of(machine, &functions)
}

fn object_of(machine: Machine, functions: &[&Function]) -> Result<Vec<u8>, LinkError> {
    let failed = |error: object::write::Error| LinkError::Linker {
        message: format!("start-up code: {error}"),
    };
    let (architecture, alignment) = match machine {
        Machine::X86_64 => (Architecture::X86_64, 1),
        Machine::Aarch64 => (Architecture::Aarch64, 4),
    };
    let mut object = Object::new(BinaryFormat::Elf, architecture, Endianness::Little);
    for function in functions {
        let name = format!(".text.{}", function.name).into_bytes();
        let section = object.add_section(Vec::new(), name, SectionKind::Text);
        let symbol = add_symbol(&mut object, function.name);
        object.add_symbol_data(symbol, section, function.code, alignment);
        for hole in function.holes {
            fill_in_later(&mut object, section, hole).map_err(failed)?;
        }
    }
    object.write().map_err(failed)
}

/// A global symbol, undefined until code is added for it.
fn add_symbol(object: &mut Object<'_>, name: &str) -> SymbolId {
    object.add_symbol(Symbol {
        name: name.as_bytes().to_vec(),
        value: 0,
        size: 0,
        kind: SymbolKind::Text,
        scope: SymbolScope::Dynamic,
        weak: false,
        section: SymbolSection::Undefined,
        flags: SymbolFlags::None,
    })
}

fn fill_in_later(
    object: &mut Object<'_>,
    section: SectionId,
    hole: &Hole,
) -> Result<(), object::write::Error> {
    let symbol = match object.symbol_id(hole.symbol.as_bytes()) {
        Some(symbol) => symbol,
        None => add_symbol(object, hole.symbol),
    };
    object.add_relocation(
        section,
        Relocation {
            offset: hole.offset,
            symbol,
            addend: hole.addend,
            flags: RelocationFlags::Elf { r_type: hole.kind },
        },
    )
}
