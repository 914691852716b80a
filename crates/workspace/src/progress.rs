//! A sign of life, for whoever watches.

use std::io::{self, IsTerminal as _};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use contract::inert;
use indicatif::ProgressBar;

/// What takes less is over before anybody wonders.
const PATIENCE: Duration = Duration::from_secs(1);
const TICK: Duration = Duration::from_millis(100);

/// Does some work, and says on a terminal what it is when it takes long. Nothing is left of that
/// afterwards, and nothing is written where nobody watches.
pub(crate) fn during<T>(what: &str, work: impl FnOnce() -> T) -> T {
    if !io::stderr().is_terminal() {
        return work();
    }
    thread::scope(|scope| {
        let (working, done) = mpsc::channel::<()>();
        scope.spawn(move || {
            if done.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout) {
                let bar = ProgressBar::new_spinner();
                bar.set_message(inert::line(what).into_owned());
                bar.enable_steady_tick(TICK);
                // It ends when the other end does.
                let _ = done.recv();
                bar.finish_and_clear();
            }
        });
        let result = work();
        drop(working);
        result
    })
}
