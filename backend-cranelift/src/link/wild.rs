//! Drives libwild: the options of each kind of output, a thread of its own, and a fence around
//! panics. It must not know how its inputs were made.

use super::memory_fs::MemoryFs;
use super::{EntryFlavor, LinkError, LinkRequest, Machine, OutputKind};
use libwild::{Args, Linker};
use std::any::Any;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Once, PoisonError};

/// Where the output is said to go; nothing of it ends up in the output.
const OUTPUT_NAME: &str = "out";

/// The command line for `request`, without the input files. `relro` asks for the addresses that the
/// loader fills in to be read-only after it has done so, which costs a program header.
pub(super) fn arguments(request: &LinkRequest<'_>, machine: Machine, relro: bool) -> Vec<String> {
    let mut arguments: Vec<String> = Vec::new();
    let mut add = |text: &str| arguments.push(text.to_owned());
    // Without a flavour the format is the host's.
    for text in ["ld", "-flavor", "gnu", "-m"] {
        add(text);
    }
    add(match machine {
        Machine::X86_64 => "elf_x86_64",
        Machine::Aarch64 => "aarch64linux",
    });
    add("-o");
    add(OUTPUT_NAME);
    if let OutputKind::Object = request.kind {
        add("-r");
        return arguments;
    }
    for text in [
        "--gc-sections",
        "--no-identity-comment",
        "--no-eh-frame-hdr",
        "--build-id=none",
        "--hash-style=gnu",
        "--discard-sframe",
        // Headers and constants share the segment of the code: one program header, one mapping and
        // one page of memory less.
        "--no-rosegment",
        "-z",
        if relro { "relro" } else { "norelro" },
        "-z",
        "noexecstack",
        "-z",
        "defs",
    ] {
        add(text);
    }
    if !request.keep_symbols {
        add("--strip-all");
    }
    match request.kind {
        OutputKind::SharedLibrary { soname, .. } => {
            add("-shared");
            // Exports are bound inside the library: two libraries with one name in common must
            // not get in each other's way.
            add("-Bsymbolic");
            if let Some(soname) = soname {
                add(&format!("--soname={soname}"));
            }
        }
        OutputKind::Executable { entry } => {
            add("--entry=_start");
            match entry {
                EntryFlavor::Freestanding => add("--no-dynamic-linker"),
                EntryFlavor::Dynamic => {
                    add("--pie");
                    add(&format!("--dynamic-linker={}", machine.loader_path()));
                }
            }
        }
        OutputKind::Object => {}
    }
    arguments
}

/// Links `files` as `arguments` say.
///
/// # Errors
/// [`LinkError::Linker`] with libwild's own message, [`LinkError::Panicked`], [`LinkError::Thread`],
/// and [`LinkError::Environment`].
pub(super) fn run(
    files: Vec<(String, Arc<[u8]>)>,
    arguments: &[String],
) -> Result<Vec<u8>, LinkError> {
    refuse_environment()?;
    let mut arguments = arguments.to_vec();
    arguments.extend(files.iter().map(|(name, _)| name.clone()));

    // One worker: inputs are small, so starting more threads costs more than they save, and with
    // one worker every task runs inside the fence below. A panic in a detached task would abort the
    // process if the pool had no handler of its own.
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(1)
        .panic_handler(drop)
        .build()
        .map_err(|error| LinkError::Thread {
            message: error.to_string(),
        })?;
    pool.install(|| quietly(AssertUnwindSafe(|| link(files, &arguments))))
}

fn link(files: Vec<(String, Arc<[u8]>)>, arguments: &[String]) -> Result<Vec<u8>, LinkError> {
    let refused = |error: libwild::error::Error| LinkError::Linker {
        message: error.to_string().trim_end().to_owned(),
    };
    let input = || arguments.iter().map(String::as_str);
    let mut args = Args::new(input).map_err(refused)?;
    args.on_warning(Box::new(|_warning| {}));
    args.parse(input).map_err(refused)?;

    let files = MemoryFs::new(files);
    let output = files.output();
    Linker::with_file_system(files)
        .run(&args)
        .map_err(refused)?;
    let mut output = output.lock().unwrap_or_else(PoisonError::into_inner);
    output.take().ok_or_else(|| LinkError::Linker {
        message: "no output was written".to_owned(),
    })
}

/// libwild is steered by a few variables that make it write files, or exit, or order its output
/// otherwise; none of them may have a say here.
fn refuse_environment() -> Result<(), LinkError> {
    match std::env::vars_os().find(|(name, _)| name.as_encoded_bytes().starts_with(b"WILD_")) {
        None => Ok(()),
        Some((name, _)) => Err(LinkError::Environment {
            variable: name.to_string_lossy().into_owned(),
        }),
    }
}

thread_local! {
    /// Whether a panic of this thread is one that [`quietly`] will report as an error.
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

/// Runs `action`; a panic in it becomes an error and writes nothing to stderr.
///
/// The panic hook is the process's, so it can only be wrapped, once; the wrapper passes on whatever
/// happens outside of here.
fn quietly<T>(
    action: AssertUnwindSafe<impl FnOnce() -> Result<T, LinkError>>,
) -> Result<T, LinkError> {
    static WRAP_HOOK: Once = Once::new();
    WRAP_HOOK.call_once(|| {
        let outer = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if !QUIET.get() {
                outer(info);
            }
        }));
    });
    QUIET.set(true);
    let result = catch_unwind(action);
    QUIET.set(false);
    result.unwrap_or_else(|payload| {
        Err(LinkError::Panicked {
            message: panic_message(payload.as_ref()),
        })
    })
}

fn panic_message(payload: &(dyn Any + Send)) -> String {
    match (
        payload.downcast_ref::<&str>(),
        payload.downcast_ref::<String>(),
    ) {
        (Some(message), _) => (*message).to_owned(),
        (_, Some(message)) => message.clone(),
        _ => "no message".to_owned(),
    }
}
