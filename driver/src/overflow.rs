//! What happens when a program that runs in this process uses up its stack: Julia's message and
//! exit code instead of a crash. Knows nothing of the program.

use std::ptr;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// The lowest address of the stack that is watched, for the signal handler, which cannot be given
/// anything and must not ask the system.
static STACK_END: AtomicUsize = AtomicUsize::new(0);

/// Whether it is a file that runs.
static OF_FILE: AtomicBool = AtomicBool::new(true);

const IN_FILE: &[u8] = b"ERROR: LoadError: StackOverflowError:\n";
const IN_CODE: &[u8] = b"ERROR: StackOverflowError:\n";

/// Bytes of the stack that the signal handler runs on.
const HANDLER_STACK: usize = 64 << 10;
/// An access this far below the stack, or this near its end, is one too many frame.
const NEAR: usize = 1 << 20;

/// The stack that recursive code may use where there is no limit, and that it gets where the limit may
/// be raised.
const WANTED: usize = 64 << 20;
/// Code that asks whether the stack ends leaves this much of it to what does not ask: functions of
/// the runtime, of C, and those that handle the exception.
const RESERVE: usize = 2 << 20;

/// The lowest address of this thread's stack that recursive code should use.
pub fn stack_limit() -> Option<u64> {
    let here = 0u8;
    let end = stack_end()?;
    // A small stack is not all reserve.
    let left = (&raw const here as usize).saturating_sub(end);
    Some(end.saturating_add(RESERVE.min(left / 4)) as u64)
}

/// Makes the end of this thread's stack end the process like an uncaught exception of a file, or of
/// code on the command line. Other invalid accesses crash as they did.
pub fn report_overflow(of_file: bool) {
    OF_FILE.store(of_file, Ordering::Relaxed);
    let handler = if of_file { in_file } else { in_code };
    let Some(end) = stack_end() else { return };
    STACK_END.store(end, Ordering::Relaxed);
    // SAFETY: the handler uses nothing but functions that signal handlers may call; its stack is
    // never freed.
    unsafe {
        let stack = vec![0u8; HANDLER_STACK].leak();
        let alternative = libc::stack_t {
            ss_sp: stack.as_mut_ptr().cast(),
            ss_flags: 0,
            ss_size: HANDLER_STACK,
        };
        if libc::sigaltstack(&alternative, ptr::null_mut()) != 0 {
            return;
        }
        let mut action: libc::sigaction = std::mem::zeroed();
        action.sa_sigaction = handler as *const () as usize;
        action.sa_flags = libc::SA_SIGINFO | libc::SA_ONSTACK;
        libc::sigemptyset(&mut action.sa_mask);
        libc::sigaction(libc::SIGSEGV, &action, ptr::null_mut());
        libc::sigaction(libc::SIGBUS, &action, ptr::null_mut());
    }
}

/// Ends the process as that would, for calls that nest too deeply without using the stack.
pub fn end_now() -> ! {
    let message = match OF_FILE.load(Ordering::Relaxed) {
        true => IN_FILE,
        false => IN_CODE,
    };
    // SAFETY: the bytes are there; nothing runs afterwards.
    unsafe {
        libc::write(2, message.as_ptr().cast(), message.len());
        libc::_exit(1);
    }
}

extern "C" fn in_file(signal: i32, info: *mut libc::siginfo_t, _: *mut libc::c_void) {
    end(signal, info, IN_FILE);
}

extern "C" fn in_code(signal: i32, info: *mut libc::siginfo_t, _: *mut libc::c_void) {
    end(signal, info, IN_CODE);
}

fn end(signal: i32, info: *mut libc::siginfo_t, message: &[u8]) {
    // SAFETY: the system passes a valid description of the fault.
    let address = unsafe { (*info).si_addr() } as usize;
    let low = STACK_END.load(Ordering::Relaxed);
    if (low.saturating_sub(NEAR)..low.saturating_add(NEAR)).contains(&address) {
        // SAFETY: both may be called from a signal handler.
        unsafe {
            libc::write(2, message.as_ptr().cast(), message.len());
            libc::_exit(1);
        }
    }
    // The access is repeated when the handler returns, and crashes then.
    // SAFETY: resets the handler.
    unsafe { libc::signal(signal, libc::SIG_DFL) };
}

/// The lowest address of the stack of this thread; of the main thread's, one that is lower by what it
/// uses now, since finding the exact one means reading the list of all mappings.
#[cfg(target_os = "linux")]
fn stack_end() -> Option<usize> {
    // SAFETY: plain calls.
    let is_main = unsafe { libc::gettid() == libc::getpid() };
    if is_main {
        let mut limit = libc::rlimit {
            rlim_cur: 0,
            rlim_max: 0,
        };
        // SAFETY: it writes the structure.
        if unsafe { libc::getrlimit(libc::RLIMIT_STACK, &mut limit) } != 0 {
            return None;
        }
        // The main thread's stack grows as far as the limit of the moment says; the system keeps at
        // least 128 MiB free for that. Frames of calls that are resolved at run time are large.
        let wanted = WANTED as libc::rlim_t;
        if limit.rlim_cur < wanted && limit.rlim_max >= wanted {
            let wanted = libc::rlimit {
                rlim_cur: wanted,
                ..limit
            };
            // SAFETY: it reads the structure.
            if unsafe { libc::setrlimit(libc::RLIMIT_STACK, &wanted) } == 0 {
                limit = wanted;
            }
        }
        let here = 0u8;
        let size = match limit.rlim_cur {
            libc::RLIM_INFINITY => WANTED,
            size => usize::try_from(size).ok()?,
        };
        return Some((&raw const here as usize).saturating_sub(size));
    }
    // SAFETY: plain calls; the attributes are destroyed after use.
    unsafe {
        let mut attributes: libc::pthread_attr_t = std::mem::zeroed();
        if libc::pthread_getattr_np(libc::pthread_self(), &mut attributes) != 0 {
            return None;
        }
        let (mut low, mut size) = (ptr::null_mut(), 0);
        let found = libc::pthread_attr_getstack(&attributes, &mut low, &mut size);
        libc::pthread_attr_destroy(&mut attributes);
        (found == 0).then_some(low as usize)
    }
}

#[cfg(not(target_os = "linux"))]
fn stack_end() -> Option<usize> {
    None
}
