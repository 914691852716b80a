//! Reports in files.

use std::io::{self, Write};
use std::path::Path;

use crate::staged::Staged;

/// Writes a file whole.
pub(crate) fn to_file(
    file: &Path,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let mut text = Vec::new();
    write(&mut text)?;
    Staged::file(file, &String::from_utf8_lossy(&text))?.commit()
}
