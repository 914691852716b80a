use std::io;
use std::path::Path;

use contract::inert;

/// Says what was to be done, and with which file: what the operating system says names
/// neither.
pub(crate) fn to(action: &str, path: &Path) -> impl Fn(io::Error) -> io::Error {
    move |error| {
        let shown = path.display().to_string();
        let message = format!("cannot {action} `{}`: {error}", inert::line(&shown));
        io::Error::new(error.kind(), message)
    }
}
