//! Writing so that a reader sees the old or the new, never a half.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process;

/// A new content beside the place where it will stand. Dropped without
/// [`commit`](Self::commit), it leaves nothing behind.
#[derive(Debug)]
pub(crate) struct Staged {
    temporary: PathBuf,
    target: PathBuf,
}

impl Staged {
    /// Writes a file beside its target and waits until the disk has it.
    pub(crate) fn file(target: &Path, content: &str) -> io::Result<Self> {
        let folder = target.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(folder)?;
        let staged = Self::beside(folder, target);
        write(&staged.temporary, content)?;
        Ok(staged)
    }

    /// Writes the files of a folder that does not exist yet, at the root, where no
    /// half of it is ever taken for a member of the workspace.
    pub(crate) fn folder(target: &Path, root: &Path, files: &[(&str, String)]) -> io::Result<Self> {
        let staged = Self::beside(root, target);
        for (name, content) in files {
            let path = staged.temporary.join(name);
            fs::create_dir_all(path.parent().unwrap_or(root))?;
            write(&path, content)?;
        }
        Ok(staged)
    }

    fn beside(folder: &Path, target: &Path) -> Self {
        let name = target.file_stem().unwrap_or_default().to_string_lossy();
        Self {
            temporary: folder.join(format!(".generated-{name}-{}.tmp", process::id())),
            target: target.to_owned(),
        }
    }

    /// Puts the new content in the place of the old, in one step.
    pub(crate) fn commit(self) -> io::Result<()> {
        fs::rename(&self.temporary, &self.target)
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        // After a commit there is nothing to remove.
        let _ = fs::remove_file(&self.temporary).or_else(|_| fs::remove_dir_all(&self.temporary));
    }
}

fn write(path: &Path, content: &str) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(content.as_bytes())?;
    file.sync_all()
}
