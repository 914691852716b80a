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
    /// Name of the crate, the document's name without its ending.
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

    /// The document that another will be in this workspace, under a name that is free.
    pub(crate) fn new_document(&self, name: &str, original: &Path) -> io::Result<Document> {
        let ending = match original.extension().is_some_and(|ending| ending == "json") {
            true => "json",
            false => "yaml",
        };
        let new = document(self.root.join(DOCUMENTS).join(format!("{name}.{ending}")))?;
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
        for entry in fs::read_dir(self.root.join(DOCUMENTS))? {
            let path = entry?.path();
            if is_document(&path) {
                documents.push(document(path)?);
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
}

/// Whether a file in the folder of documents is one.
pub(crate) fn is_document(path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str());
    let is_approvals = path.file_name().is_some_and(|name| name == APPROVALS);
    matches!(ending, Some("yaml" | "yml" | "json")) && !is_approvals
}

fn document(path: PathBuf) -> io::Result<Document> {
    let stem = path.file_stem().and_then(|stem| stem.to_str());
    let file = path.file_name().and_then(|name| name.to_str());
    let (Some(krate), Some(file)) = (stem, file) else {
        return Err(io::Error::other(format!(
            "`{}` is not UTF-8",
            path.display()
        )));
    };
    let name = format!("{DOCUMENTS}/{file}");
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
        name,
        path,
    })
}
