//! What a long command is doing, on stderr where that is a terminal. Knows no command.

use indicatif::{ProgressBar, ProgressStyle};
use jlift_driver::diff::Progress;
use std::io::IsTerminal;
use std::time::Duration;

/// How it looks while something is done.
const TEMPLATE: &str = "{spinner} [{bar:24}] {pos}/{len} {elapsed} {msg}";

/// A bar, or nothing where nobody sees it.
pub struct Bar(ProgressBar);

impl Bar {
    pub fn new() -> Bar {
        if !std::io::stderr().is_terminal() {
            return Bar(ProgressBar::hidden());
        }
        let bar = ProgressBar::new(0);
        if let Ok(style) = ProgressStyle::with_template(TEMPLATE) {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(100));
        Bar(bar)
    }

    pub fn show(&mut self, progress: Progress) {
        match progress {
            Progress::Steps(count) => self.0.set_length(count as u64),
            Progress::Begin(what) => self.0.set_message(what),
            Progress::Done => self.0.inc(1),
        }
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
