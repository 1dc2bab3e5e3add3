//! What it takes each backend to make an object of the same optimized typed IR: Cranelift on one
//! thread, LLVM's tools at -O0 and -O2. Times are those of the CPU: of this process for Cranelift, of
//! the tools without what they take for an empty module for LLVM, which is given its text for
//! nothing. Reads lines `name TAB file TAB exports, separated by semicolons`; writes a line
//! `name TAB statements TAB milliseconds of Cranelift, LLVM -O0, LLVM -O2` for each. `run` in place of
//! exports means a program: it is run, and all that this compiles is one module.

use jlift_backend_cranelift::emit::emit_for_linking;
use jlift_backend_llvm::{Environment, Level, Machine, Tools};
use jlift_driver::source::{Ending, Program};
use jlift_driver::{Failure, Options, Session};
use std::io::BufRead;
use std::path::Path;
use std::process::ExitCode;

/// Runs of each; the fastest counts, for whatever else the machine does only adds.
const RUNS: usize = 3;

/// CPU time in milliseconds of this process, or of the processes that it has waited for.
fn cpu(who: libc::c_int) -> f64 {
    // SAFETY: plain data that the call fills.
    let usage = unsafe {
        let mut usage: libc::rusage = std::mem::zeroed();
        libc::getrusage(who, &mut usage);
        usage
    };
    let ms = |t: libc::timeval| t.tv_sec as f64 * 1e3 + t.tv_usec as f64 / 1e3;
    ms(usage.ru_utime) + ms(usage.ru_stime)
}

/// The least CPU time that something takes.
fn fastest(
    runs: usize,
    who: libc::c_int,
    mut work: impl FnMut() -> Result<(), Failure>,
) -> Result<f64, Failure> {
    let mut best = f64::INFINITY;
    for _ in 0..runs {
        let begun = cpu(who);
        work()?;
        best = best.min(cpu(who) - begun);
    }
    Ok(best)
}

fn open(file: &Path, exports: &str) -> Result<Session, Failure> {
    let is_program = exports == "run";
    let exports = exports.split(';').filter(|e| !e.is_empty() && !is_program);
    let options = Options {
        exports: exports.map(str::to_string).collect(),
        threads: 1,
        keep_code: is_program,
        ..Options::default()
    };
    if is_program {
        let mut program = Program::to_run(options)?;
        return match silently(|| program.eval_file(file))?? {
            Ending::Done => Ok(program.into_whole()),
            Ending::Uncaught(text) => Err(Failure::plain(text)),
        };
    }
    if file.extension().is_some_and(|e| e == "jir") {
        return Session::open(file, options);
    }
    let mut program = Program::new(options)?;
    match program.eval_file(file)? {
        Ending::Done => program.into_session(),
        Ending::Uncaught(text) => Err(Failure::plain(text)),
    }
}

/// Does something while the standard output goes nowhere.
fn silently<T>(work: impl FnOnce() -> T) -> Result<T, Failure> {
    // SAFETY: system calls with valid arguments; the descriptors are this function's.
    let (kept, nowhere) = unsafe {
        (
            libc::dup(1),
            libc::open(c"/dev/null".as_ptr(), libc::O_WRONLY),
        )
    };
    if kept < 0 || nowhere < 0 {
        let reason = std::io::Error::last_os_error();
        return Err(Failure::plain(reason.to_string()));
    }
    // SAFETY: as above.
    unsafe { libc::dup2(nowhere, 1) };
    let done = work();
    // SAFETY: as above; what C's streams hold back is written before.
    unsafe {
        libc::fflush(std::ptr::null_mut());
        libc::dup2(kept, 1);
        libc::close(kept);
        libc::close(nowhere);
    }
    Ok(done)
}

/// Statements, and milliseconds of Cranelift, LLVM -O0 and LLVM -O2.
fn measure(
    file: &Path,
    exports: &str,
    tools: &Tools,
    machine: &Machine,
    nothing: [f64; 2],
) -> Result<(usize, [f64; 3]), Failure> {
    let mut session = open(file, exports)?;
    session.optimize()?;
    let functions = &session.module.functions;
    let statements = session.live().iter().map(|&f| {
        let blocks = functions[f].blocks.values();
        blocks.map(|b| b.insts.len() + 1).sum::<usize>()
    });
    let statements = statements.sum();
    let cranelift = fastest(RUNS, libc::RUSAGE_SELF, || {
        let made = session.compile(jlift_lower::Environment::Library, false)?;
        let object = emit_for_linking(made.isa, &made.program, &made.functions);
        object
            .map(|_| ())
            .map_err(|e| Failure::plain(e.to_string()))
    })?;
    let text = session.llvm_text(Environment::Library)?.text;
    let mut times = [cranelift, 0.0, 0.0];
    for (n, level) in [Level::O0, Level::O2].into_iter().enumerate() {
        let taken = fastest(RUNS, libc::RUSAGE_CHILDREN, || {
            let object = tools.object(&text, level, machine);
            object
                .map(|_| ())
                .map_err(|e| Failure::plain(e.to_string()))
        })?;
        times[n + 1] = (taken - nothing[n]).max(0.0);
    }
    Ok((statements, times))
}

fn run() -> Result<(), Failure> {
    let plain = |e: &dyn std::fmt::Display| Failure::plain(e.to_string());
    let tools = Tools::find(None).map_err(|e| plain(&e))?;
    let options = Options::default();
    let machine = Machine {
        triple: options.target,
        cpu: options.cpu,
    };
    let mut nothing = [0.0; 2];
    for (n, level) in [Level::O0, Level::O2].into_iter().enumerate() {
        let empty = "source_filename = \"empty\"\n";
        nothing[n] = fastest(RUNS, libc::RUSAGE_CHILDREN, || {
            let object = tools.object(empty, level, &machine);
            object
                .map(|_| ())
                .map_err(|e| Failure::plain(e.to_string()))
        })?;
    }
    println!(
        "LLVM {}, {} code\t0\t0\t{:.3}\t{:.3}",
        tools.version(),
        if cfg!(debug_assertions) {
            "debug"
        } else {
            "release"
        },
        nothing[0],
        nothing[1]
    );
    for line in std::io::stdin().lock().lines() {
        let line = line.map_err(|e| plain(&e))?;
        let mut parts = line.split('\t');
        let (Some(name), Some(file)) = (parts.next(), parts.next()) else {
            continue;
        };
        let exports = parts.next().unwrap_or("");
        match measure(Path::new(file), exports, &tools, &machine, nothing) {
            Ok((statements, [cranelift, o0, o2])) => {
                println!("{name}\t{statements}\t{cranelift:.3}\t{o0:.3}\t{o2:.3}");
            }
            Err(failure) => eprintln!("{name}: {}", failure.render(false)),
        }
    }
    Ok(())
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprint!("{}", failure.render(false));
            ExitCode::FAILURE
        }
    }
}
