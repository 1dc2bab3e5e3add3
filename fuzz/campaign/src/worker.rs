//! Each batch in a process of its own, so that what goes wrong in one stays there: one that crashes, or
//! that does not end, is noted, and the campaign goes on. Knows nothing of what a batch is.

use crate::journal::{Entry, Outcome, append};
use std::ffi::OsString;
use std::ops::Range;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::{Command, ExitStatus};
use std::time::{Duration, Instant};

/// How often it is looked whether a process has ended.
const PAUSE: Duration = Duration::from_millis(20);

/// A campaign in worker processes.
pub struct Campaign<'a> {
    pub name: &'a str,
    pub seeds: Range<u64>,
    pub batch: u64,
    pub log: &'a Path,
    /// How long a batch may take.
    pub patience: Duration,
}

/// Runs batches one after the other; `arguments` gives those of the process that runs some seeds itself
/// and adds what comes of it to the log. Whether all agreed.
///
/// # Errors
/// What is wrong with the program or the log.
pub fn run(
    campaign: &Campaign,
    arguments: &dyn Fn(Range<u64>) -> Vec<OsString>,
) -> Result<bool, String> {
    let program = std::env::current_exe().map_err(|e| format!("this program: {e}"))?;
    let mut agree = true;
    let mut first = campaign.seeds.start;
    while first < campaign.seeds.end {
        let end = (first + campaign.batch).min(campaign.seeds.end);
        let mut command = Command::new(&program);
        command.args(arguments(first..end));
        let how = match run_one(&mut command, campaign.patience) {
            Ok(status) => match status.code() {
                Some(0) => None,
                Some(1) => {
                    agree = false;
                    None
                }
                Some(code) => Some(format!("ended with code {code}")),
                None => Some(format!("ended by signal {}", status.signal().unwrap_or(0))),
            },
            Err(how) => Some(how),
        };
        if let Some(how) = how {
            agree = false;
            eprintln!("{} {first}..{end}: {how}", campaign.name);
            let outcome = Outcome::Lost {
                campaign: campaign.name.into(),
                how,
            };
            let (seeds, cpu) = (first..end, 0.0);
            append(
                campaign.log,
                &Entry {
                    seeds,
                    cpu,
                    outcome,
                },
            )?;
        }
        first = end;
    }
    Ok(agree)
}

fn run_one(command: &mut Command, patience: Duration) -> Result<ExitStatus, String> {
    command.process_group(0);
    // SAFETY: a system call that may be made after a fork.
    unsafe {
        command.pre_exec(|| {
            libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL);
            Ok(())
        });
    }
    let begun = Instant::now();
    let mut child = command.spawn().map_err(|e| format!("no process: {e}"))?;
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Ok(status),
            Ok(None) if begun.elapsed() < patience => std::thread::sleep(PAUSE),
            Ok(None) => {
                // With the tools that it has started.
                // SAFETY: the group of a process that was not waited for yet.
                unsafe { libc::kill(-(child.id() as libc::pid_t), libc::SIGKILL) };
                let _ = child.wait();
                return Err(format!("did not end in {} s", patience.as_secs()));
            }
            Err(e) => return Err(e.to_string()),
        }
    }
}

/// Seconds of processor time of this process and of those that it has waited for.
pub fn cpu_time() -> f64 {
    let of = |who| {
        // SAFETY: the structure is one of numbers, which the call fills in.
        let usage = unsafe {
            let mut usage: libc::rusage = std::mem::zeroed();
            libc::getrusage(who, &mut usage);
            usage
        };
        let seconds = |time: libc::timeval| time.tv_sec as f64 + time.tv_usec as f64 / 1e6;
        seconds(usage.ru_utime) + seconds(usage.ru_stime)
    };
    of(libc::RUSAGE_SELF) + of(libc::RUSAGE_CHILDREN)
}
