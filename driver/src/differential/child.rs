//! Compiled code in a child process: it runs one call after the other and notes in shared memory how
//! each ended; when it dies, that is how the call ended that it was in, and another child goes on
//! with the next.

use super::Batch;
use super::observation::{Ending, Observation};
use super::shared::SharedMemory;
use crate::diagnostic::Failure;
use jlift_ir::error_record;
use std::fs::File;
use std::os::fd::AsRawFd;
use std::os::unix::fs::FileExt;
use std::ptr::null_mut;
use std::sync::atomic::{AtomicU32, Ordering};

/// A caller's code.
pub(super) struct Entry {
    pub address: *const u8,
    pub may_throw: bool,
    /// The function that gives the text of an exception, of code that keeps it itself.
    pub last_error: Option<*const u8>,
}

impl Entry {
    /// The text of the exception that ended the last call.
    ///
    /// # Safety
    /// The call has to have ended, on this thread.
    unsafe fn error(&self) -> Vec<u8> {
        let Some(function) = self.last_error else {
            return jlift_runtime_shims::error_message().into_bytes();
        };
        // SAFETY: the function has this type, and the length lies in front of the text.
        unsafe {
            let function: extern "C" fn() -> *const u8 = std::mem::transmute(function);
            let text = function();
            let between = (error_record::MESSAGE_OFFSET - error_record::LENGTH_OFFSET) as usize;
            let length = text.sub(between).cast::<u64>().read_unaligned();
            let most = error_record::MESSAGE_CAPACITY.into();
            std::slice::from_raw_parts(text, length.min(most) as usize).to_vec()
        }
    }
}

/// What a child notes of a call.
#[repr(C)]
struct Note {
    state: AtomicU32,
    message_size: u32,
    /// Size of all output when the call had ended.
    output_end: u64,
    message: [u8; MESSAGE],
}

/// Bytes of an exception's text.
const MESSAGE: usize = 1008;

const NOT_RUN: u32 = 0;
const RUNNING: u32 = 1;
const RETURNED: u32 = 2;
const THREW: u32 = 3;

/// The notes of all calls.
struct Notes {
    memory: SharedMemory,
    count: usize,
}

impl Notes {
    fn new(count: usize) -> Result<Notes, Failure> {
        let memory = SharedMemory::new(count * size_of::<Note>())?;
        Ok(Notes { memory, count })
    }

    fn at(&self, call: usize) -> *mut Note {
        debug_assert!(call < self.count);
        // SAFETY: there is a note for each call.
        unsafe { self.memory.start().cast::<Note>().add(call) }
    }

    fn state(&self, call: usize) -> &AtomicU32 {
        // SAFETY: the note exists as long as this does; zeros are a state.
        unsafe { &(*self.at(call)).state }
    }

    fn message(&self, call: usize) -> Vec<u8> {
        // SAFETY: no child runs, and any bytes are a note.
        let note = unsafe { &*self.at(call) };
        note.message[..(note.message_size as usize).min(MESSAGE)].to_vec()
    }

    fn output_end(&self, call: usize) -> u64 {
        // SAFETY: as above.
        unsafe { (*self.at(call)).output_end }
    }
}

impl Batch {
    /// Runs all wanted calls.
    pub(super) fn execute(
        &mut self,
        entries: &[Option<Entry>],
    ) -> Result<Vec<Observation>, Failure> {
        let count = self.calls.len();
        let notes = Notes::new(count)?;
        let output =
            tempfile::tempfile().map_err(|e| Failure::plain(format!("no temporary file: {e}")))?;
        self.slots.reset();
        let mut endings: Vec<Ending> = vec![Ending::NotRun; count];
        let mut first = 0;
        while first < count {
            let died = self.run_child(entries, &notes, &output, first)?;
            let inside =
                (first..count).find(|&call| notes.state(call).load(Ordering::Acquire) == RUNNING);
            match (inside, died) {
                // A program may end its process with code 0.
                (Some(call), died) => {
                    endings[call] = died.unwrap_or(Ending::Exited(0));
                    first = call + 1;
                }
                (None, None) => break,
                (None, Some(died)) => {
                    let message = format!("a child process {died} outside of any call");
                    return Err(Failure::plain(message));
                }
            }
        }
        let mut output_start = 0;
        let mut seen = Vec::with_capacity(count);
        for (call, ending) in endings.into_iter().enumerate() {
            let (ending, output) = match notes.state(call).load(Ordering::Acquire) {
                NOT_RUN => (Ending::NotRun, Vec::new()),
                RUNNING => (ending, Vec::new()),
                state => {
                    let end = notes.output_end(call);
                    let mut text = vec![0; end.saturating_sub(output_start) as usize];
                    // What cannot be read is not equal to what another way wrote.
                    let _ = output.read_exact_at(&mut text, output_start);
                    output_start = end;
                    let ending = match state {
                        THREW => Ending::Threw(notes.message(call)),
                        _ => Ending::Returned,
                    };
                    (ending, text)
                }
            };
            let slot = self.slots.slot(call);
            seen.push(Observation {
                result: self.slots.bytes(slot.result),
                buffers: slot.buffers.iter().map(|&p| self.slots.bytes(p)).collect(),
                strayed: self.slots.strayed(call),
                ending,
                output,
            });
        }
        Ok(seen)
    }

    /// Runs calls from `first` on in a child; how it died, unless it ended as it should.
    fn run_child(
        &self,
        entries: &[Option<Entry>],
        notes: &Notes,
        output: &File,
        first: usize,
    ) -> Result<Option<Ending>, Failure> {
        // SAFETY: the child runs generated code, which may allocate, and functions that may be called
        // after a fork; it ends without unwinding.
        let child = unsafe { libc::fork() };
        match child {
            -1 => {
                let reason = std::io::Error::last_os_error();
                Err(Failure::plain(format!("no child process: {reason}")))
            }
            0 => {
                // SAFETY: this is the child, which has one thread.
                unsafe { self.in_child(entries, notes, output, first) }
            }
            _ => Ok(wait_for(child)),
        }
    }

    /// # Safety
    /// To be called in a child process; the entries are code that may be called there.
    unsafe fn in_child(
        &self,
        entries: &[Option<Entry>],
        notes: &Notes,
        output: &File,
        first: usize,
    ) -> ! {
        // SAFETY: all of these are system calls with valid arguments.
        unsafe {
            libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL);
            let none = libc::rlimit {
                rlim_cur: 0,
                rlim_max: 0,
            };
            libc::setrlimit(libc::RLIMIT_CORE, &none);
            let fatal = [
                libc::SIGSEGV,
                libc::SIGBUS,
                libc::SIGILL,
                libc::SIGFPE,
                libc::SIGABRT,
                libc::SIGTRAP,
                libc::SIGPROF,
                libc::SIGALRM,
            ];
            for signal in fatal {
                libc::signal(signal, libc::SIG_DFL);
            }
            libc::dup2(output.as_raw_fd(), 1);
            let nowhere = libc::open(c"/dev/null".as_ptr(), libc::O_WRONLY);
            libc::dup2(nowhere, 2);
            let nothing = libc::open(c"/dev/null".as_ptr(), libc::O_RDONLY);
            libc::dup2(nothing, 0);
        }
        let timer = |seconds: u32| {
            // SAFETY: a structure of numbers.
            let mut timer: libc::itimerval = unsafe { std::mem::zeroed() };
            timer.it_value.tv_sec = seconds.into();
            timer
        };
        let patience = self.settings.patience.max(1);
        let (computing, waiting) = (timer(patience), timer(patience.saturating_mul(10)));
        for call in first..self.calls.len() {
            let placed = &self.calls[call];
            let Some(Some(entry)) = entries.get(placed.caller) else {
                continue;
            };
            if !placed.wanted {
                continue;
            }
            let slot = self.slots.slot(call);
            let (args, result) = (
                self.slots.address(slot.args) as *const u8,
                self.slots.address(slot.result) as *mut u8,
            );
            let note = notes.at(call);
            notes.state(call).store(RUNNING, Ordering::Release);
            // SAFETY: the entry is the code of a caller, and the pieces are those of its function.
            // The note belongs to this call alone.
            unsafe {
                libc::setitimer(libc::ITIMER_PROF, &computing, null_mut());
                libc::setitimer(libc::ITIMER_REAL, &waiting, null_mut());
                let threw = if entry.may_throw {
                    let code: extern "C" fn(*const u8, *mut u8) -> i32 =
                        std::mem::transmute(entry.address);
                    code(args, result) != 0
                } else {
                    let code: extern "C" fn(*const u8, *mut u8) =
                        std::mem::transmute(entry.address);
                    code(args, result);
                    false
                };
                if threw {
                    let text = entry.error();
                    let text = &text[..text.len().min(MESSAGE)];
                    let to = (&raw mut (*note).message).cast::<u8>();
                    std::ptr::copy_nonoverlapping(text.as_ptr(), to, text.len());
                    (*note).message_size = text.len() as u32;
                }
                let end = libc::lseek(1, 0, libc::SEEK_CUR);
                (*note).output_end = end.max(0) as u64;
                let state = if threw { THREW } else { RETURNED };
                notes.state(call).store(state, Ordering::Release);
            }
        }
        // SAFETY: ends the child without running what the parent has registered.
        unsafe { libc::_exit(0) }
    }
}

/// How a child died; `None` if it ended as it should.
fn wait_for(child: libc::pid_t) -> Option<Ending> {
    let mut status = 0;
    // SAFETY: the child is one of this process, and nobody else waits for it.
    while unsafe { libc::waitpid(child, &mut status, 0) } == -1 {
        let reason = std::io::Error::last_os_error();
        if reason.kind() != std::io::ErrorKind::Interrupted {
            return Some(Ending::Stopped(reason.to_string()));
        }
    }
    if libc::WIFSIGNALED(status) {
        return Some(match libc::WTERMSIG(status) {
            libc::SIGPROF | libc::SIGALRM => Ending::Overdue,
            signal => Ending::Signal(signal),
        });
    }
    match libc::WEXITSTATUS(status) {
        0 => None,
        code => Some(Ending::Exited(code)),
    }
}
