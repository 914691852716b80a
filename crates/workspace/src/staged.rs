//! Writing so that a reader sees the old or the new, never a half.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crate::failure;

/// How a name of what is staged begins and ends; between them stand the target's name and the
/// number of the process.
const BEGIN: &str = ".generated-";
const END: &str = ".tmp";
/// The same of a folder that had to make room.
const BEFORE: &str = "old.tmp";

/// A process stages for seconds. What is older than this, somebody left behind.
const LONGEST: Duration = Duration::from_secs(60 * 60);

/// A new content beside the place where it will stand. Dropped without
/// [`commit`](Self::commit), it leaves nothing behind.
#[derive(Debug)]
pub(crate) struct Staged {
    temporary: PathBuf,
    target: PathBuf,
    is_folder: bool,
}

impl Staged {
    /// Writes a file beside its target and waits until the disk has it.
    pub(crate) fn file(target: &Path, content: &str) -> io::Result<Self> {
        let folder = target.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(folder).map_err(failure::to("create", folder))?;
        let staged = Self::beside(folder, target, false);
        write(&staged.temporary, content)?;
        Ok(staged)
    }

    /// Writes the files of a folder that does not exist yet, at the root, where no
    /// half of it is ever taken for a member of the workspace.
    pub(crate) fn folder<N: AsRef<Path>>(
        target: &Path,
        root: &Path,
        files: &[(N, String)],
    ) -> io::Result<Self> {
        Self::folder_by(target, root, files, write)
    }

    /// The same of many files that can be made again: nobody waits for the disk.
    pub(crate) fn pages<N: AsRef<Path>>(target: &Path, files: &[(N, String)]) -> io::Result<Self> {
        let beside = target.parent().unwrap_or(Path::new("."));
        Self::folder_by(target, beside, files, page)
    }

    fn folder_by<N: AsRef<Path>>(
        target: &Path,
        root: &Path,
        files: &[(N, String)],
        write: impl Fn(&Path, &str) -> io::Result<()>,
    ) -> io::Result<Self> {
        let staged = Self::beside(root, target, true);
        if let Some(outer) = target.parent() {
            fs::create_dir_all(outer).map_err(failure::to("create", outer))?;
        }
        put(&staged.temporary, files, write)?;
        Ok(staged)
    }

    fn beside(folder: &Path, target: &Path, is_folder: bool) -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        // For a reader; the number is what tells two of one process apart.
        let of = |path: &Path| {
            path.file_stem()
                .map(|stem| stem.to_string_lossy().into_owned())
        };
        let outer = target.parent().and_then(of).unwrap_or_default();
        let name = of(target).unwrap_or_default();
        Self {
            temporary: folder.join(format!(
                "{BEGIN}{outer}-{name}-{}-{}{END}",
                COUNT.fetch_add(1, Ordering::Relaxed),
                process::id()
            )),
            target: target.to_owned(),
            is_folder,
        }
    }

    /// Puts the new content in the place of the old, a file in one step. A folder that is there
    /// goes first: killed between the two, it is missing, which the next run makes good.
    pub(crate) fn commit(self) -> io::Result<()> {
        let write = failure::to("write", &self.target);
        // A file never takes the place of a folder.
        if !self.is_folder || !self.target.is_dir() {
            return fs::rename(&self.temporary, &self.target).map_err(write);
        }
        let before = self.temporary.with_extension(BEFORE);
        fs::rename(&self.target, &before).map_err(&write)?;
        match fs::rename(&self.temporary, &self.target) {
            Ok(()) => {
                remove(&before);
                Ok(())
            }
            Err(error) => {
                // What was there comes back.
                let _ = fs::rename(&before, &self.target);
                Err(write(error))
            }
        }
    }
}

impl Staged {
    /// The same for files that can be made again. A folder that cannot be moved, such as one that
    /// something is mounted at, is filled instead: each entry of it is replaced by itself.
    pub(crate) fn commit_or_fill<N: AsRef<Path>>(
        self,
        target: &Path,
        files: &[(N, String)],
    ) -> io::Result<()> {
        if let Ok(there) = target.metadata() {
            // Who may read it does not change.
            let _ = fs::set_permissions(&self.temporary, there.permissions());
        }
        match self.commit() {
            Err(_) if target.is_dir() => fill(target, files),
            done => done,
        }
    }
}

fn fill<N: AsRef<Path>>(target: &Path, files: &[(N, String)]) -> io::Result<()> {
    let write = failure::to("write", target);
    let staged = Staged::beside(target, target, true);
    let (new, old) = (staged.temporary.join("new"), staged.temporary.join("old"));
    put(&new, files, page)?;
    fs::create_dir_all(&old).map_err(failure::to("create", &old))?;
    for entry in fs::read_dir(target).map_err(&write)? {
        let name = entry.map_err(&write)?.file_name();
        if Some(name.as_os_str()) != staged.temporary.file_name() {
            fs::rename(target.join(&name), old.join(&name)).map_err(&write)?;
        }
    }
    for entry in fs::read_dir(&new).map_err(&write)? {
        let name = entry.map_err(&write)?.file_name();
        fs::rename(new.join(&name), target.join(&name)).map_err(&write)?;
    }
    Ok(())
}

impl Drop for Staged {
    fn drop(&mut self) {
        // After a commit there is nothing to remove.
        remove(&self.temporary);
    }
}

/// Writes files into a folder, each by its path from there.
fn put<N: AsRef<Path>>(
    target: &Path,
    files: &[(N, String)],
    write: impl Fn(&Path, &str) -> io::Result<()>,
) -> io::Result<()> {
    let mut made: HashSet<PathBuf> = HashSet::new();
    for (name, content) in files {
        let path = target.join(name);
        let folder = path.parent().unwrap_or(target);
        if !made.contains(folder) {
            fs::create_dir_all(folder).map_err(failure::to("create", folder))?;
            made.insert(folder.to_owned());
        }
        write(&path, content)?;
    }
    Ok(())
}

fn page(path: &Path, content: &str) -> io::Result<()> {
    fs::write(path, content).map_err(failure::to("write", path))
}

fn remove(staged: &Path) {
    let _ = fs::remove_file(staged).or_else(|_| fs::remove_dir_all(staged));
}

fn write(path: &Path, content: &str) -> io::Result<()> {
    let written = File::create(path).and_then(|mut file| {
        file.write_all(content.as_bytes())?;
        file.sync_all()
    });
    written.map_err(failure::to("write", path))
}

/// Removes from a folder what a process staged there that was killed. To be called before
/// anything is staged.
pub(crate) fn sweep(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let process = name.to_str().and_then(process_of);
        if process.is_some_and(|process| is_left(process, &entry)) {
            remove(&entry.path());
        }
    }
}

/// The process that staged something under this name.
fn process_of(name: &str) -> Option<u32> {
    let name = name.strip_prefix(BEGIN)?.strip_suffix(END)?;
    let name = name.strip_suffix(".old").unwrap_or(name);
    name.rsplit_once('-')?.1.parse().ok()
}

/// Whether the process that staged it is gone. Where the system does not tell, or another
/// has its number by now, the time does.
fn is_left(process: u32, staged: &fs::DirEntry) -> bool {
    let processes = Path::new("/proc");
    let is_told = processes.join("self").exists();
    let is_gone = is_told && !processes.join(process.to_string()).exists();
    let age = staged.metadata().and_then(|metadata| metadata.modified());
    let age = age.ok().and_then(|time| time.elapsed().ok());
    process == process::id() || is_gone || age.is_some_and(|age| age > LONGEST)
}
