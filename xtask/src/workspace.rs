use std::io;
use std::path::{Path, PathBuf};
use std::{env, fs};

/// The folder of documents.
pub(crate) const DOCUMENTS: &str = "openapi";

/// The list of approved changes, which stands beside the documents.
pub(crate) const APPROVALS: &str = "approvals.yaml";

/// Names that members of the workspace have already, as packages or folders.
const RESERVED: [&str; 9] = [
    "callbell-handwritten",
    "callbell-sandbox",
    "contract",
    "handwritten",
    "runtime",
    "sandbox",
    "sdk-runtime",
    "workspace-tests",
    "xtask",
];

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
    pub(crate) krate: String,
}

impl Workspace {
    /// The workspace around the current folder: the nearest ancestor that has a
    /// `Cargo.toml` and a folder of documents.
    pub(crate) fn find() -> io::Result<Self> {
        let here = env::current_dir()?;
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

    /// The document that another will be in this workspace, under a name that is free; one
    /// of several files gets a folder.
    pub(crate) fn new_document(
        &self,
        name: &str,
        original: &Path,
        has_parts: bool,
    ) -> io::Result<Document> {
        let ending = match original.extension().is_some_and(|ending| ending == "json") {
            true => "json",
            false => "yaml",
        };
        let file = match has_parts {
            true => format!("{name}/{MAIN}.{ending}"),
            false => format!("{name}.{ending}"),
        };
        let new = document(&self.root, &format!("{DOCUMENTS}/{file}"))?;
        let krate = self.root.join("crates").join(&new.krate);
        let known = self.any_documents()?;
        if krate.exists() || known.iter().any(|known| known.krate == new.krate) {
            return Err(io::Error::other(format!(
                "`{name}` is there already; choose another name, or replace the document in \
                 `{DOCUMENTS}` and run `cargo xtask generate`"
            )));
        }
        Ok(new)
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
        for pair in documents.windows(2) {
            if pair[0].krate == pair[1].krate {
                return Err(io::Error::other(format!(
                    "`{}` and `{}` generate the same crate; rename one",
                    pair[0].name, pair[1].name
                )));
            }
        }
        Ok(documents)
    }

    /// The files in the folder of documents and in the folders there, by path from the root.
    fn files(&self) -> io::Result<Vec<String>> {
        let names = |folder: &Path| -> io::Result<Vec<PathBuf>> {
            let entries = fs::read_dir(folder)?;
            entries.map(|entry| Ok(entry?.path())).collect()
        };
        let mut files = names(&self.root.join(DOCUMENTS))?;
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

fn not_text(path: &Path) -> io::Error {
    io::Error::other(format!("`{}` is not UTF-8", path.display()))
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

/// The crate of a document, by the path from the root.
pub(crate) fn krate(name: &str) -> &str {
    let name = name.strip_prefix(DOCUMENTS).unwrap_or(name);
    let name = name.trim_start_matches('/');
    match name.split_once('/') {
        Some((folder, _)) => folder,
        None => name.rsplit_once('.').map_or(name, |(stem, _)| stem),
    }
}

fn document(root: &Path, name: &str) -> io::Result<Document> {
    let krate = krate(name);
    let is_name = krate.starts_with(|c: char| c.is_ascii_lowercase())
        && krate
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_');
    if !is_name || RESERVED.contains(&krate) {
        return Err(io::Error::other(format!(
            "`{name}` cannot name a crate; use another lower-case name"
        )));
    }
    Ok(Document {
        krate: krate.to_owned(),
        name: name.to_owned(),
        path: root.join(name),
    })
}
