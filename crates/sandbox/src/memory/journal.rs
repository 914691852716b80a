//! What is remembered, in a file: a line for each change, written before the change is told. A
//! server that is killed has lost nothing that it told; one whose machine loses its power may have,
//! because nobody waits for the disk.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

/// A change of what is remembered. Collections are called by their paths, which another version of
/// a contract has, too.
#[derive(Debug, PartialEq)]
pub(crate) enum Entry {
    /// A collection below a parent is known, with these members by their identifiers. They are one
    /// change: a server that is killed meanwhile begins again.
    Open {
        path: String,
        parent: String,
        members: Vec<(String, Value)>,
    },
    /// A member, with the number of the last one that was made.
    Put {
        path: String,
        parent: String,
        id: String,
        number: u64,
        member: Value,
        /// What no other member may be created with.
        key: Option<String>,
    },
    /// A member less.
    Remove {
        path: String,
        parent: String,
        id: String,
    },
}

/// The file.
#[derive(Debug)]
pub(crate) struct Journal {
    path: PathBuf,
    /// Nothing once it is closed.
    file: Option<File>,
    /// Where the last whole line ends.
    end: u64,
}

impl Journal {
    /// Opens a file, or makes it, and reads what it holds. A last line that was not written to its
    /// end was told to nobody, and is taken away.
    ///
    /// # Errors
    /// When the file cannot be read or written, or is another one.
    pub(crate) fn open(path: &Path) -> io::Result<(Self, Vec<Entry>)> {
        let told = |error: io::Error| {
            io::Error::new(
                error.kind(),
                format!("cannot keep the state in `{}`: {error}", path.display()),
            )
        };
        let options = OpenOptions::new()
            .read(true)
            .append(true)
            .create(true)
            .clone();
        let mut file = options.open(path).map_err(told)?;
        lock(&file).map_err(told)?;
        // By the same handle: on Windows a lock keeps out every other one, our own, too.
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(told)?;
        let end = bytes
            .iter()
            .rposition(|byte| *byte == b'\n')
            .map_or(0, |at| at + 1);
        let mut entries = Vec::new();
        for (number, line) in bytes[..end].split(|byte| *byte == b'\n').enumerate() {
            if line.is_empty() {
                continue;
            }
            let entry = serde_json::from_slice(line)
                .ok()
                .and_then(|line| Entry::read(&line));
            entries.push(entry.ok_or_else(|| {
                let message = format!(
                    "`{}` is no state of a sandbox: line {} is no change; name another file",
                    path.display(),
                    number + 1
                );
                io::Error::new(io::ErrorKind::InvalidData, message)
            })?);
        }
        if entries.is_empty() && !Entry::begins(&bytes[end..]) {
            let message = format!(
                "`{}` is no state of a sandbox; name another file",
                path.display()
            );
            return Err(io::Error::new(io::ErrorKind::InvalidData, message));
        }
        file.set_len(end as u64).map_err(told)?;
        let journal = Self {
            path: path.to_owned(),
            file: Some(file),
            end: end as u64,
        };
        Ok((journal, entries))
    }

    /// # Errors
    /// When the file takes no more; it is then as it was.
    pub(crate) fn write(&mut self, entry: &Entry) -> io::Result<()> {
        let file = self.file.as_mut().ok_or_else(closed)?;
        let line = format!("{}\n", entry.value());
        let written = file.write_all(line.as_bytes());
        match written {
            Ok(()) => self.end += line.len() as u64,
            // A part of a line would make the next one unreadable.
            Err(_) => file.set_len(self.end)?,
        }
        written
    }

    /// Writes nothing any more, and lets the next server have the file.
    pub(crate) fn close(&mut self) {
        self.file = None;
    }

    /// Writes what is there in the place of how it came to be.
    ///
    /// # Errors
    /// When that cannot be written; the file is then as it was.
    pub(crate) fn rewrite(&mut self, entries: impl Iterator<Item = Entry>) -> io::Result<()> {
        if self.file.is_none() {
            return Err(closed());
        }
        let mut name = self.path.file_name().unwrap_or_default().to_owned();
        name.push(".new");
        let beside = self.path.with_file_name(name);
        let file = File::create(&beside)?;
        lock(&file)?;
        let mut file = io::BufWriter::new(file);
        for entry in entries {
            writeln!(file, "{}", entry.value())?;
        }
        let file = file.into_inner().map_err(|error| error.into_error())?;
        file.sync_all()?;
        std::fs::rename(&beside, &self.path)?;
        // It stands at its end, and has the lock.
        self.end = file.metadata()?.len();
        self.file = Some(file);
        Ok(())
    }
}

fn closed() -> io::Error {
    io::Error::other("the server has stopped")
}

/// Two servers that write to one file would each forget what the other one does. The lock goes with
/// the process, however that ends.
fn lock(file: &File) -> io::Result<()> {
    match file.try_lock() {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => Err(io::Error::new(
            io::ErrorKind::ResourceBusy,
            "another server keeps its own in it; stop that one, or name another file",
        )),
        // Some file systems have no locks.
        Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => Ok(()),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

impl Entry {
    fn value(&self) -> Value {
        match self {
            Self::Open {
                path,
                parent,
                members,
            } => json!(["open", path, parent, members]),
            Self::Put {
                path,
                parent,
                id,
                number,
                member,
                key,
            } => json!(["put", path, parent, id, number, member, key]),
            Self::Remove { path, parent, id } => json!(["remove", path, parent, id]),
        }
    }

    /// Whether a line that has no end may have become a change.
    fn begins(torn: &[u8]) -> bool {
        let starts = ["[\"open\",", "[\"put\",", "[\"remove\","].map(str::as_bytes);
        starts
            .iter()
            .any(|start| torn.starts_with(start) || start.starts_with(torn))
    }

    fn read(line: &Value) -> Option<Self> {
        let text = |at: usize| line.get(at)?.as_str().map(str::to_owned);
        let (path, parent) = (text(1)?, text(2)?);
        Some(match line.get(0)?.as_str()? {
            "open" => Self::Open {
                path,
                parent,
                members: match line.get(3) {
                    // Members have lines of their own in files of an earlier version.
                    None => Vec::new(),
                    Some(members) => serde_json::from_value(members.clone()).ok()?,
                },
            },
            "put" => Self::Put {
                path,
                parent,
                id: text(3)?,
                number: line.get(4)?.as_u64()?,
                member: line.get(5)?.clone(),
                key: text(6),
            },
            "remove" => Self::Remove {
                path,
                parent,
                id: text(3)?,
            },
            _ => return None,
        })
    }
}
