//! The files of a revision, found as a work tree has them: links are followed, never out of
//! the workspace, and submodules are entered.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use contract::{Document, ReadError, Source, inert};

use crate::git::{self, Revision};

/// So many links are followed on the way to a file (Linux, path_resolution(7)).
const MOST_LINKS: usize = 40;

/// The files of a revision, by path from the root of the workspace.
#[derive(Debug)]
pub(crate) struct Tree {
    root: PathBuf,
    pub(crate) revision: Revision,
    /// The root itself; `None` when the revision does not have it.
    top: Option<Folder>,
    /// What was asked before, by repository and tree.
    known: Mutex<HashMap<Folder, Arc<Vec<Entry>>>>,
}

/// A tree of git's, and the repository that has it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Folder {
    repository: PathBuf,
    tree: String,
}

#[derive(Debug)]
struct Entry {
    name: Vec<u8>,
    kind: Kind,
    object: String,
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    File,
    Folder,
    Link,
    Module,
}

/// What a path leads to, and the path without links.
struct Found {
    path: Vec<String>,
    what: What,
}

enum What {
    File { repository: PathBuf, object: String },
    Folder(Folder),
}

/// Why a path leads nowhere.
enum Lost {
    /// A link leads out of the workspace.
    Outside,
    Failed(io::Error),
}

impl From<io::Error> for Lost {
    fn from(error: io::Error) -> Self {
        Self::Failed(error)
    }
}

impl Lost {
    fn named(self, name: &str) -> ReadError {
        let name = name.to_owned();
        match self {
            Self::Outside => ReadError::Outside { name },
            Self::Failed(error) => ReadError::Io { name, error },
        }
    }
}

impl Tree {
    pub(crate) fn new(root: &Path, revision: &Revision) -> io::Result<Self> {
        let mut tree = Self {
            root: root.to_owned(),
            revision: revision.clone(),
            top: None,
            known: Mutex::default(),
        };
        tree.top = tree.top()?;
        Ok(tree)
    }

    /// The workspace may be a folder of the repository.
    fn top(&self) -> io::Result<Option<Folder>> {
        let repository = self.root.clone();
        let tree = git::tree(&repository, &self.revision.commit)?;
        let mut top = tree.map(|tree| Folder { repository, tree });
        for step in git::prefix(&self.root)?.split_terminator('/') {
            let Some(folder) = top.take() else { break };
            let entries = self.entries(&folder)?;
            let found = entries.iter().find(|entry| entry.name == step.as_bytes());
            let found = found.filter(|entry| matches!(entry.kind, Kind::Folder));
            top = found.map(|entry| folder.inner(entry));
        }
        Ok(top)
    }

    /// A file; `None` when it is not there. Links are followed below `folder` only, as
    /// [`Source::read_below`] does.
    pub(crate) fn read_below(&self, folder: &str, path: &str) -> Result<Option<Source>, ReadError> {
        let lost = |lost: Lost| lost.named(path);
        let (Some(folder), Some(found)) = (
            self.find(folder).map_err(lost)?,
            self.find(path).map_err(lost)?,
        ) else {
            return Ok(None);
        };
        let name = path.to_owned();
        if !found.path.starts_with(&folder.path) {
            return Err(ReadError::Outside { name });
        }
        match found.what {
            What::Folder(_) => Err(ReadError::Folder { name }),
            What::File { repository, object } => {
                let bytes = git::content(&repository, &object);
                let bytes = bytes.map_err(|error| lost(error.into()))?;
                Source::from_bytes(name, bytes).map(Some)
            }
        }
    }

    /// A document with the files in its folder that it refers to.
    pub(crate) fn document(&self, name: &str) -> Result<Document, ReadError> {
        let read = |folder: &str, path: &str| {
            let missing = || ReadError::Io {
                name: path.to_owned(),
                error: io::Error::other(format!("it is not in {}", self.revision.shown())),
            };
            self.read_below(folder, path)?.ok_or_else(missing)
        };
        let (folder, _) = name.rsplit_once('/').unwrap_or_default();
        let beside = |part: &str| match folder {
            "" => part.to_owned(),
            folder => format!("{folder}/{part}"),
        };
        let source = read("", name)?;
        Ok(Document::parse_with(source, &mut |part| {
            read(folder, &beside(part))
        }))
    }

    /// What git calls the content of a folder, as long as it is the same; nothing where there is
    /// none.
    pub(crate) fn content(&self, folder: &str) -> io::Result<Option<String>> {
        match self.find(folder) {
            Ok(Some(Found {
                what: What::Folder(folder),
                ..
            })) => Ok(Some(folder.tree)),
            Ok(_) | Err(Lost::Outside) => Ok(None),
            Err(Lost::Failed(error)) => Err(error),
        }
    }

    /// The files in a folder and in the folders there, by path from the root.
    pub(crate) fn files(&self, folder: &str) -> io::Result<Vec<String>> {
        let mut files = self.names(folder)?;
        for path in files.clone() {
            files.extend(self.names(&path)?);
        }
        Ok(files)
    }

    /// What stands in a folder, by path from the root; nothing when it is none.
    pub(crate) fn names(&self, path: &str) -> io::Result<Vec<String>> {
        let folder = match self.find(path) {
            Ok(Some(Found {
                what: What::Folder(folder),
                ..
            })) => folder,
            Ok(_) | Err(Lost::Outside) => return Ok(Vec::new()),
            Err(Lost::Failed(error)) => return Err(error),
        };
        let entries = self.entries(&folder)?;
        let names = entries
            .iter()
            .map(|entry| match std::str::from_utf8(&entry.name) {
                Ok(name) if path.is_empty() => Ok(name.to_owned()),
                Ok(name) => Ok(format!("{path}/{name}")),
                Err(_) => Err(io::Error::other(format!(
                    "a name in `{}` in {} is not UTF-8; rename it",
                    inert::line(path),
                    self.revision.shown()
                ))),
            });
        names.collect()
    }

    /// Goes from step to step.
    fn find(&self, path: &str) -> Result<Option<Found>, Lost> {
        let Some(top) = &self.top else {
            return Ok(None);
        };
        // The folders that were entered, and the steps that are left, the next one last.
        let mut here: Vec<(String, Folder)> = Vec::new();
        let mut open = steps(path);
        let mut links = 0;
        while let Some(step) = open.pop() {
            if step == ".." {
                here.pop().ok_or(Lost::Outside)?;
                continue;
            }
            let folder = here.last().map_or(top, |(_, folder)| folder);
            let entries = self.entries(folder)?;
            let Some(entry) = entries.iter().find(|entry| entry.name == step.as_bytes()) else {
                return Ok(None);
            };
            match entry.kind {
                Kind::Folder => here.push((step, folder.inner(entry))),
                Kind::Module => {
                    let module = self.module(&below(&here, &step).join("/"), &entry.object)?;
                    here.push((step, module));
                }
                Kind::Link => {
                    links += 1;
                    open.extend(target(folder, entry, links)?);
                }
                Kind::File if open.is_empty() => {
                    return Ok(Some(Found {
                        path: below(&here, &step),
                        what: What::File {
                            repository: folder.repository.clone(),
                            object: entry.object.clone(),
                        },
                    }));
                }
                Kind::File => return Ok(None),
            }
        }
        let path = here.iter().map(|(step, _)| step.clone()).collect();
        let folder = here.pop().map_or_else(|| top.clone(), |(_, folder)| folder);
        Ok(Some(Found {
            path,
            what: What::Folder(folder),
        }))
    }

    /// The tree of a submodule at the commit that the revision has of it. Its repository is
    /// the one that is checked out there.
    fn module(&self, path: &str, commit: &str) -> io::Result<Folder> {
        let repository = self.root.join(path);
        let (path, revision) = (inert::line(path), self.revision.shown());
        // In a folder that is not checked out git would take the repository around it.
        if !repository.is_dir() || !git::prefix(&repository)?.is_empty() {
            return Err(io::Error::other(format!(
                "`{path}` is a submodule in {revision}, and is not checked out here: \
                 `git submodule update --init {path}`"
            )));
        }
        match git::tree(&repository, commit)? {
            Some(tree) => Ok(Folder { repository, tree }),
            None => Err(io::Error::other(format!(
                "`{path}` is a submodule, and its commit {} of {revision} is not here: \
                 `git -C {path} fetch origin {commit}`",
                git::short(commit)
            ))),
        }
    }

    fn entries(&self, folder: &Folder) -> io::Result<Arc<Vec<Entry>>> {
        let known = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(entries) = known().get(folder) {
            return Ok(Arc::clone(entries));
        }
        let listed = git::entries(&folder.repository, &folder.tree)?;
        let lines = listed.split(|byte| *byte == 0);
        let entries = Arc::new(lines.filter_map(entry).collect::<Vec<_>>());
        known().insert(folder.clone(), Arc::clone(&entries));
        Ok(entries)
    }
}

impl Folder {
    fn inner(&self, entry: &Entry) -> Self {
        Self {
            repository: self.repository.clone(),
            tree: entry.object.clone(),
        }
    }
}

/// A line of `git ls-tree`: mode, type, object, and after a tab the name.
fn entry(line: &[u8]) -> Option<Entry> {
    let tab = line.iter().position(|byte| *byte == b'\t')?;
    let mut words = std::str::from_utf8(&line[..tab]).ok()?.split(' ');
    let kind = match words.next()? {
        "040000" => Kind::Folder,
        "120000" => Kind::Link,
        "160000" => Kind::Module,
        _ => Kind::File,
    };
    Some(Entry {
        name: line[tab + 1..].to_owned(),
        kind,
        object: words.nth(1)?.to_owned(),
    })
}

/// The steps of a path, the first one last.
fn steps(path: &str) -> Vec<String> {
    let steps = path.split('/').filter(|step| !["", "."].contains(step));
    steps.rev().map(str::to_owned).collect()
}

fn below(here: &[(String, Folder)], step: &str) -> Vec<String> {
    let outer = here.iter().map(|(step, _)| step.as_str());
    outer.chain([step]).map(str::to_owned).collect()
}

/// The steps that a link stands for.
fn target(folder: &Folder, link: &Entry, links: usize) -> Result<Vec<String>, Lost> {
    if links > MOST_LINKS {
        let message = "too many symbolic links lead on; look for one that leads to itself";
        return Err(Lost::Failed(io::Error::other(message)));
    }
    let to = git::content(&folder.repository, &link.object)?;
    let to = String::from_utf8_lossy(&to);
    match to.starts_with('/') {
        true => Err(Lost::Outside),
        false => Ok(steps(&to)),
    }
}
