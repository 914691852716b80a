//! Reports in files.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use contract::inert;

use crate::failure;
use crate::staged::Staged;

/// Removes the report of an earlier run, where this one has none.
pub(crate) fn remove(file: &Path) -> io::Result<()> {
    match file.symlink_metadata() {
        Ok(there) if there.is_file() => fs::remove_file(file).map_err(failure::to("remove", file)),
        _ => Ok(()),
    }
}

/// Writes a file whole. What is no regular file, such as a pipe or a link, is written into.
pub(crate) fn to_file(
    file: &Path,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let mut text = Vec::new();
    write(&mut text)?;
    match file.symlink_metadata() {
        Ok(there) if there.is_dir() => Err(io::Error::other(format!(
            "`{}` is a folder; name a file to write",
            inert::line(&file.display().to_string())
        ))),
        Ok(there) if !there.is_file() => fs::write(file, text).map_err(failure::to("write", file)),
        _ => Staged::file(file, &String::from_utf8_lossy(&text))?.commit(),
    }
}
