//! The documents of a workspace, and what is generated from each.

use std::fs;
use std::io;
use std::path::{self, Component, Path, PathBuf};

use contract::report::Style;
use contract::{ReadError, inert};

use crate::environment::{self, Environment};
use crate::failure;
use crate::name::{self, Name};
use crate::settings::{Clients, Settings};

/// The name, without ending, of a document that has a folder of its own.
const MAIN: &str = "openapi";

/// A document and the client that is generated from it.
#[derive(Clone, Debug)]
pub(crate) struct Document {
    /// Path from the root with `/`, as findings and generated code show it.
    pub(crate) path: String,
    /// The document's name without its ending, or its folder's.
    pub(crate) name: Name,
    pub(crate) client: Client,
}

/// Where a client stands, by paths from the root with `/`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Client {
    /// The package that it is, or that it is a module of.
    pub(crate) folder: String,
    /// The package's name, where the client is the package.
    pub(crate) package: Option<Name>,
    /// The generated file.
    pub(crate) generated: String,
    /// The folder of the runtime in the client's own sources, and the path of its module from
    /// the generated file's folder.
    pub(crate) runtime: (String, String),
}

impl Document {
    /// Reads the document.
    pub(crate) fn read(&self, environment: &Environment) -> Result<contract::Document, ReadError> {
        let path = environment.at(&self.path);
        contract::Document::read_below(&environment.root, &path, self.path.as_str())
    }

    /// The file's own name.
    pub(crate) fn file(&self) -> &str {
        let (_, file) = self.path.rsplit_once('/').unwrap_or(("", &self.path));
        file
    }

    /// The folder that is the document's own, where it has one.
    pub(crate) fn folder(&self, settings: &Settings) -> Option<&str> {
        let (folder, _) = self.path.rsplit_once('/')?;
        (folder != settings.documents).then_some(folder)
    }

    /// The path of a file at a path relative to the document's folder.
    pub(crate) fn beside(&self, path: &str) -> String {
        match self.path.rsplit_once('/') {
            Some((folder, _)) => format!("{folder}/{path}"),
            None => path.to_owned(),
        }
    }
}

impl Client {
    fn new(settings: &Settings, name: &Name, shown: &str) -> io::Result<Self> {
        let fill = |pattern: &str| Settings::fill(pattern, &name.to_string());
        Ok(match &settings.clients {
            Clients::Crates { folder, package } => {
                let (folder, package) = (fill(folder), Name::new(&fill(package), shown)?);
                Self {
                    generated: format!("{folder}/src/generated.rs"),
                    runtime: (format!("{folder}/src/runtime"), "runtime/mod.rs".to_owned()),
                    package: Some(package),
                    folder,
                }
            }
            Clients::Modules(file) => {
                // As code names it.
                let generated = Settings::fill(file, &name.to_string().replace('-', "_"));
                if ["src/lib.rs", "src/main.rs"].contains(&generated.as_str()) {
                    return Err(io::Error::other(format!(
                        "`{shown}` would be `{generated}`, which is the package's own; choose \
                         another name"
                    )));
                }
                let module = generated.trim_end_matches(".rs");
                let (_, last) = module.rsplit_once('/').unwrap_or(("", module));
                // A module's file `mod.rs` stands in the module's folder already.
                let (folder, from) = match last {
                    "mod" => (module.trim_end_matches("mod"), "runtime/mod.rs".to_owned()),
                    _ => (module, format!("{last}/runtime/mod.rs")),
                };
                Self {
                    runtime: (format!("{}/runtime", folder.trim_end_matches('/')), from),
                    folder: String::new(),
                    package: None,
                    generated,
                }
            }
        })
    }

    /// The path of the client's items as code names it: a package gives them all by its own name.
    pub(crate) fn path(&self) -> String {
        if let Some(package) = &self.package {
            return package.to_string().replace('-', "_");
        }
        let file = self.generated.trim_end_matches(".rs");
        let module = file.trim_end_matches("/mod");
        let steps = module.split('/').skip_while(|step| *step == "src");
        ["crate"]
            .into_iter()
            .chain(steps)
            .collect::<Vec<_>>()
            .join("::")
    }

    /// What the generated file says to rustfmt, which would write it in its own way, and to the
    /// compiler, where a package need not use all of it. A crate's library says so itself.
    pub(crate) fn attributes(&self) -> &'static [&'static str] {
        match self.package {
            Some(_) => &[],
            None => &[
                "#![cfg_attr(rustfmt, rustfmt_skip)]",
                "#![allow(dead_code, unused_imports)]",
            ],
        }
    }

    /// The manifest of the package.
    pub(crate) fn manifest(&self) -> String {
        match self.folder.is_empty() {
            true => "Cargo.toml".to_owned(),
            false => format!("{}/Cargo.toml", self.folder),
        }
    }
}

/// The document that a command is to work on: a file, one of the workspace by its name, or the only
/// one that the workspace has. `command` is how users call the program, `manifest_path` the
/// `Cargo.toml` that they named.
///
/// # Errors
/// When there is no such document, or it cannot be read.
pub fn document(
    command: &str,
    manifest_path: Option<&Path>,
    named: Option<&str>,
) -> io::Result<contract::Document> {
    let read = |read: Result<contract::Document, _>| read.map_err(io::Error::other);
    if let Some(named) = named
        && Path::new(named).is_file()
    {
        return read(contract::Document::read(Path::new(named), named));
    }
    let start = environment::start(manifest_path)?;
    let mut told = Vec::new();
    let found = Environment::find(&mut told, Style::Plain, command, &start)?;
    let Ok(environment) = found else {
        return Err(io::Error::other(
            String::from_utf8_lossy(&told).into_owned(),
        ));
    };
    let named: Vec<String> = named.map(str::to_owned).into_iter().collect();
    let documents = environment.named_documents(&named)?;
    let [one] = documents.as_slice() else {
        let names = documents
            .iter()
            .map(|document| format!("`{}`", document.name));
        return Err(io::Error::other(format!(
            "there are several documents; name one of {}",
            names.collect::<Vec<_>>().join(", ")
        )));
    };
    read(one.read(&environment))
}

impl Environment {
    /// Every document, by path; at least one.
    pub(crate) fn documents(&self) -> io::Result<Vec<Document>> {
        let documents = self.any_documents()?;
        if documents.is_empty() {
            let folder = &self.settings.documents;
            return Err(io::Error::other(format!(
                "no document in `{folder}`; put one there, for instance `{folder}/api.yaml`, or \
                 `{} init` makes one",
                self.command
            )));
        }
        Ok(documents)
    }

    /// The documents of these names, or all.
    pub(crate) fn named_documents(&self, names: &[String]) -> io::Result<Vec<Document>> {
        let mut documents = self.documents()?;
        for name in names {
            if !documents.iter().any(|document| document.is_called(name)) {
                let known = documents
                    .iter()
                    .map(|document| format!("`{}`", document.name));
                return Err(io::Error::other(format!(
                    "no document is called `{}`; there are {}",
                    inert::line(name),
                    known.collect::<Vec<_>>().join(", ")
                )));
            }
        }
        documents.retain(|document| {
            names.is_empty() || names.iter().any(|name| document.is_called(name))
        });
        Ok(documents)
    }

    /// Every document, by path; there may be none.
    pub(crate) fn any_documents(&self) -> io::Result<Vec<Document>> {
        let mut documents = Vec::new();
        for path in self.files()? {
            if let Some(name) = self.document_name(&path) {
                let name = Name::new(name, &path)?;
                documents.push(self.document(name, path)?);
            }
        }
        documents.sort_by(|a, b| a.path.cmp(&b.path));
        for (index, one) in documents.iter().enumerate() {
            let is_same = |other: &&Document| {
                other.name.is_same(&one.name) || other.client.generated == one.client.generated
            };
            if let Some(other) = documents[..index].iter().find(is_same) {
                return Err(io::Error::other(format!(
                    "`{}` and `{}` generate the same crate; rename one, or let the place of \
                     clients depend on `{{name}}`",
                    other.path, one.path
                )));
            }
        }
        Ok(documents)
    }

    fn document(&self, name: Name, path: String) -> io::Result<Document> {
        Ok(Document {
            client: Client::new(&self.settings, &name, &path)?,
            name,
            path,
        })
    }

    /// The document that another will be in this workspace; one of several files gets a folder.
    pub(crate) fn new_document(
        &self,
        name: &Name,
        original: &str,
        has_parts: bool,
    ) -> io::Result<Document> {
        let ending = match original.ends_with(".json") {
            true => "json",
            false => "yaml",
        };
        let folder = &self.settings.documents;
        let path = match has_parts {
            true => format!("{folder}/{name}/{MAIN}.{ending}"),
            false => format!("{folder}/{name}.{ending}"),
        };
        self.document(name.clone(), path)
    }

    /// Refuses a name that a document, a crate or a package has.
    pub(crate) fn check_free(&self, name: &Name) -> io::Result<()> {
        let client = Client::new(&self.settings, name, &name.to_string())?;
        let place = match &client.package {
            Some(_) => &client.folder,
            None => &client.generated,
        };
        let folder = format!("{}/{name}", self.settings.documents);
        let known = self.any_documents()?;
        let known = known.iter().find(|known| known.name.is_same(name));
        let is_there = |path: &str| self.at(path).symlink_metadata().is_ok();
        let taken = match known {
            Some(known) if !is_there(place) => {
                return Err(io::Error::other(format!(
                    "`{}` is there already, but its crate is not: `{} generate` makes it",
                    known.path, self.command
                )));
            }
            Some(known) => known.path.clone(),
            None if is_there(place) => place.clone(),
            None if is_there(&folder) => folder,
            None => {
                let taken = name::taken(self, client.package.as_ref())?;
                return taken.map_or(Ok(()), |taken| Err(io::Error::other(taken)));
            }
        };
        Err(io::Error::other(format!(
            "`{taken}` is there already; choose another name, or replace the document in \
             `{}` and run `{} generate`",
            self.settings.documents, self.command
        )))
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
        let documents = self.at(&self.settings.documents);
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

    /// The name of a document by its path from the root: of one in the folder of documents its
    /// file's, of `openapi.yaml` in a folder there the folder's. `None` for any other file.
    pub(crate) fn document_name<'a>(&self, path: &'a str) -> Option<&'a str> {
        let below = path
            .strip_prefix(&self.settings.documents)?
            .strip_prefix('/')?;
        if path == self.settings.approvals || overlay::is_overlay(path) {
            return None;
        }
        let (stem, ending) = below.rsplit_once('.')?;
        if !matches!(ending, "yaml" | "yml" | "json") {
            return None;
        }
        // What editors and tools keep beside documents is none.
        if below.split('/').any(|step| step.starts_with('.')) {
            return None;
        }
        match stem.split_once('/') {
            None => Some(stem),
            Some((folder, MAIN)) => Some(folder),
            Some(_) => None,
        }
    }

    /// The client of a document by the document's name.
    pub(crate) fn client_of_name(&self, name: &Name) -> io::Result<Client> {
        Client::new(&self.settings, name, &name.to_string())
    }

    /// The client of a document by the document's path from the root.
    pub(crate) fn client_of(&self, path: &str) -> Option<Client> {
        let name = Name::new(self.document_name(path)?, path).ok()?;
        Client::new(&self.settings, &name, path).ok()
    }
}

impl Document {
    fn is_called(&self, name: &str) -> bool {
        self.name.to_string() == name || self.path == name
    }
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
