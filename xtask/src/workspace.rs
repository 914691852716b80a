use std::io;
use std::path::{self, Component, Path, PathBuf};
use std::{env, fs};

use contract::inert;

use crate::name::Name;
use crate::{failure, manifest};

/// The folder of documents.
pub(crate) const DOCUMENTS: &str = "openapi";

/// The list of approved changes, which stands beside the documents.
pub(crate) const APPROVALS: &str = "approvals.yaml";

/// The tree that the commands work on.
#[derive(Debug)]
pub(crate) struct Workspace {
    pub(crate) root: PathBuf,
}

/// A document and the crate that is generated from it.
#[derive(Debug)]
pub(crate) struct Document {
    /// Path from the root with `/`, as findings and generated code show it.
    pub(crate) name: String,
    pub(crate) path: PathBuf,
    /// Name of the crate: the document's name without its ending, or its folder's.
    pub(crate) krate: Name,
}

impl Document {
    /// The file's own name.
    pub(crate) fn file(&self) -> &str {
        let (_, file) = self.name.rsplit_once('/').unwrap_or(("", &self.name));
        file
    }

    /// The folder that is the document's own, where it has one.
    pub(crate) fn folder(&self) -> Option<&str> {
        let (folder, _) = self.name.rsplit_once('/')?;
        (folder != DOCUMENTS).then_some(folder)
    }

    /// The name of a file at a path relative to the document's folder.
    pub(crate) fn beside(&self, path: &str) -> String {
        match self.name.rsplit_once('/') {
            Some((folder, _)) => format!("{folder}/{path}"),
            None => path.to_owned(),
        }
    }
}

impl Workspace {
    /// The workspace around the current folder: the nearest ancestor that has a
    /// `Cargo.toml` and a folder of documents.
    pub(crate) fn find() -> io::Result<Self> {
        let here = here()?;
        let is_root =
            |path: &&Path| path.join("Cargo.toml").is_file() && path.join(DOCUMENTS).is_dir();
        match here.ancestors().find(is_root) {
            Some(root) => Ok(Self {
                root: root.to_owned(),
            }),
            None => Err(io::Error::other(format!(
                "no workspace with a folder `{DOCUMENTS}` around `{}`",
                here.display()
            ))),
        }
    }

    /// The same where the last document may be gone, and its folder with it: else the
    /// nearest ancestor whose `Cargo.toml` is of a workspace, else the current folder.
    pub(crate) fn find_any() -> io::Result<Self> {
        if let Ok(found) = Self::find() {
            return Ok(found);
        }
        let here = here()?;
        let is_workspace = |path: &&Path| {
            let manifest = fs::read_to_string(path.join("Cargo.toml"));
            manifest.is_ok_and(|manifest| manifest::is_workspace(&manifest))
        };
        let root = here.ancestors().find(is_workspace).unwrap_or(&here);
        Ok(Self {
            root: root.to_owned(),
        })
    }

    /// Every document, by name; at least one.
    pub(crate) fn documents(&self) -> io::Result<Vec<Document>> {
        let documents = self.any_documents()?;
        if documents.is_empty() {
            return Err(io::Error::other(format!(
                "no document in `{DOCUMENTS}`; put one there, for instance `{DOCUMENTS}/api.yaml`"
            )));
        }
        Ok(documents)
    }

    /// The document that another will be in this workspace; one of several files gets a folder.
    pub(crate) fn new_document(&self, name: &Name, original: &Path, has_parts: bool) -> Document {
        let ending = match original.extension().is_some_and(|ending| ending == "json") {
            true => "json",
            false => "yaml",
        };
        let name_here = match has_parts {
            true => format!("{DOCUMENTS}/{name}/{MAIN}.{ending}"),
            false => format!("{DOCUMENTS}/{name}.{ending}"),
        };
        Document {
            path: self.root.join(&name_here),
            name: name_here,
            krate: name.clone(),
        }
    }

    /// Refuses a name that a document or a crate has.
    pub(crate) fn check_free(&self, name: &Name) -> io::Result<()> {
        let crates = self.root.join("crates").join(name);
        let folder = self.root.join(DOCUMENTS).join(name);
        let known = self.any_documents()?;
        let known = known.iter().find(|known| known.krate.is_same(name));
        let is_there = |path: &Path| path.symlink_metadata().is_ok();
        let taken = match known {
            Some(known) if !is_there(&crates) => {
                return Err(io::Error::other(format!(
                    "`{}` is there already, but its crate is not: `cargo xtask generate` makes it",
                    known.name
                )));
            }
            Some(known) => known.name.clone(),
            None if is_there(&crates) => format!("crates/{name}"),
            None if is_there(&folder) => format!("{DOCUMENTS}/{name}"),
            None => return Ok(()),
        };
        Err(io::Error::other(format!(
            "`{taken}` is there already; choose another name, or replace the document in \
             `{DOCUMENTS}` and run `cargo xtask generate`"
        )))
    }

    /// Every document, by name; there may be none.
    pub(crate) fn any_documents(&self) -> io::Result<Vec<Document>> {
        let mut documents = Vec::new();
        for name in self.files()? {
            if is_document(&name) {
                documents.push(document(&self.root, &name)?);
            }
        }
        documents.sort_by(|a, b| a.name.cmp(&b.name));
        for (index, one) in documents.iter().enumerate() {
            let mut others = documents[..index].iter();
            if let Some(other) = others.find(|other| other.krate.is_same(&one.krate)) {
                return Err(io::Error::other(format!(
                    "`{}` and `{}` generate the same crate; rename one",
                    other.name, one.name
                )));
            }
        }
        Ok(documents)
    }

    /// The files in the folder of documents and in the folders there, by path from the root.
    fn files(&self) -> io::Result<Vec<String>> {
        let names = |folder: &Path| -> io::Result<Vec<PathBuf>> {
            let list = failure::to("list", folder);
            let entries = fs::read_dir(folder).map_err(&list)?;
            entries
                .map(|entry| Ok(entry.map_err(&list)?.path()))
                .collect()
        };
        let documents = self.root.join(DOCUMENTS);
        if !documents.exists() {
            return Ok(Vec::new());
        }
        let mut files = names(&documents)?;
        for folder in files.clone().iter().filter(|path| path.is_dir()) {
            files.extend(names(folder)?);
        }
        let relative = files.iter().map(|path| {
            let path = path.strip_prefix(&self.root).unwrap_or(path);
            let steps: Option<Vec<_>> = path.iter().map(|step| step.to_str()).collect();
            let steps = steps.ok_or_else(|| not_text(path))?;
            Ok(steps.join("/"))
        });
        relative.collect()
    }
}

fn here() -> io::Result<PathBuf> {
    env::current_dir().map_err(failure::to("find", Path::new(".")))
}

fn not_text(path: &Path) -> io::Error {
    let shown = path.display().to_string();
    io::Error::other(format!("`{}` is not UTF-8; rename it", inert::line(&shown)))
}

/// The path from the root, with `/`, of a file that somebody named; `None` for one that is not
/// below. Links stay as they are: a revision has its own.
pub(crate) fn path_in(root: &Path, file: &Path) -> Option<String> {
    let mut steps: Vec<Component> = Vec::new();
    let file = path::absolute(file).ok()?;
    for step in file.components() {
        match step {
            Component::CurDir => {}
            Component::ParentDir => drop(steps.pop()),
            step => steps.push(step),
        }
    }
    let path: PathBuf = steps.into_iter().collect();
    let path = path.strip_prefix(root).ok()?;
    let steps: Option<Vec<_>> = path.iter().map(|step| step.to_str()).collect();
    Some(steps?.join("/"))
}

/// The name, without ending, of a document that has a folder of its own.
const MAIN: &str = "openapi";

/// Whether a file, by its path from the root, is a document: one in the folder of documents,
/// or `openapi.yaml` in a folder there, beside the files that it is made of.
pub(crate) fn is_document(name: &str) -> bool {
    let steps: Vec<&str> = name.split('/').collect();
    let (file, own) = match steps.as_slice() {
        [DOCUMENTS, file] => (*file, false),
        [DOCUMENTS, _, file] => (*file, true),
        _ => return false,
    };
    let Some((stem, ending)) = file.rsplit_once('.') else {
        return false;
    };
    matches!(ending, "yaml" | "yml" | "json") && file != APPROVALS && (!own || stem == MAIN)
}

/// The crate of a document, by the path from the root; `None` for what is no document.
pub(crate) fn krate(name: &str) -> Option<&str> {
    if !is_document(name) {
        return None;
    }
    let (_, name) = name.split_once('/')?;
    match name.split_once('/') {
        Some((folder, _)) => Some(folder),
        None => name.rsplit_once('.').map(|(stem, _)| stem),
    }
}

fn document(root: &Path, name: &str) -> io::Result<Document> {
    Ok(Document {
        krate: Name::new(krate(name).unwrap_or_default(), name)?,
        name: name.to_owned(),
        path: root.join(name),
    })
}
