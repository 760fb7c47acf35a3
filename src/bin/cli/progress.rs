//! How far a long run has come, for the person who waits for it.

use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};
use toprail::report::thousands;

/// Nobody needs to be told before.
const PATIENCE: Duration = Duration::from_secs(1);
/// How often the eye can follow.
const BETWEEN: Duration = Duration::from_millis(100);
/// Back to the start of the line, and away with what stands there.
const WIPE: &str = "\r\x1b[K";

/// A line on the terminal that is written anew and wiped in the end.
#[derive(Debug)]
pub(crate) struct Progress {
    total: usize,
    /// When the line is due; none: nobody sees it.
    due: Option<Instant>,
    is_shown: bool,
}

impl Progress {
    /// For so many templates. It is shown where standard error is a terminal, unless what is printed shows it too.
    pub(crate) fn new(total: usize, prints_each: bool) -> Self {
        let is_seen = io::stderr().is_terminal() && !(prints_each && io::stdout().is_terminal());
        Self { total, due: is_seen.then(|| Instant::now() + PATIENCE), is_shown: false }
    }

    /// So many are done.
    pub(crate) fn done(&mut self, count: usize) {
        if let Some(line) = self.line(count, Instant::now()) {
            self.is_shown = true;
            write(&format!("{WIPE}{line}"));
        }
    }

    /// The line, where it is due.
    fn line(&mut self, count: usize, now: Instant) -> Option<String> {
        self.due.filter(|due| *due <= now && count < self.total)?;
        self.due = Some(now + BETWEEN);
        Some(format!("{} of {} templates", thousands(count), thousands(self.total)))
    }
}

/// However a run ends, nothing is left of the line.
impl Drop for Progress {
    fn drop(&mut self) {
        if self.is_shown {
            write(WIPE);
        }
    }
}

fn write(text: &str) {
    let mut out = io::stderr().lock();
    // A line that cannot be shown is no reason to stop.
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_run_says_nothing_and_a_long_one_ten_times_a_second() {
        let start = Instant::now();
        let mut progress = Progress { total: 1300, due: Some(start + PATIENCE), is_shown: false };
        let mut at = |count, millis| progress.line(count, start + Duration::from_millis(millis));
        assert_eq!(at(311, 999), None);
        assert_eq!(at(312, 1000).as_deref(), Some("312 of 1,300 templates"));
        assert_eq!(at(313, 1099), None);
        assert_eq!(at(1299, 1100).as_deref(), Some("1,299 of 1,300 templates"));
        assert_eq!(at(1300, 9000), None, "the report comes now");
    }

    #[test]
    fn nothing_is_said_where_nobody_sees_it() {
        let mut progress = Progress { total: 2, due: None, is_shown: false };
        assert_eq!(progress.line(1, Instant::now() + Duration::from_secs(60)), None);
    }
}
