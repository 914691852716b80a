use std::io::{self, Write};
use std::panic::resume_unwind;
use std::path::Path;
use std::sync::Arc;
use std::thread;

use contract::report::{self, Style};
use contract::source::ReadError;
use contract::{Document, Source, inert};
use review::{Approvals, Side};

use super::place::Place;
use crate::documents::{self, Client, path_in};
use crate::environment::{Environment, is_there, read_if_there};
use crate::tree::Tree;
use crate::{Exit, manifest, tell, translations};

/// A document of one side, before it is read as one.
pub(super) struct Input {
    read: Box<dyn FnOnce() -> Result<Document, ReadError> + Send>,
    crate_version: Option<String>,
    committed: Option<String>,
    translations: Vec<Source>,
}

/// Both sides. Beside a file, a revision gives the file of the same path.
pub(super) fn inputs(
    environment: &Environment,
    base: &Place,
    head: &Place,
) -> io::Result<(Vec<Input>, Vec<Input>)> {
    Ok(match (base, head) {
        (Place::Revision(tree), Place::File(path)) => {
            (vec![same_path(environment, tree, path)?], vec![file(path)])
        }
        (Place::File(path), Place::Revision(tree)) => {
            (vec![file(path)], vec![same_path(environment, tree, path)?])
        }
        _ => (all(environment, base)?, all(environment, head)?),
    })
}

/// The file of a revision at the path that a file has here.
fn same_path(environment: &Environment, tree: &Arc<Tree>, file: &Path) -> io::Result<Input> {
    let root = &environment.root;
    let shown = file.display().to_string();
    let path = path_in(root, file).ok_or_else(|| {
        io::Error::other(format!(
            "`{}` is not below `{}`, and no revision has it; name two files, or a file that a \
             revision has",
            inert::line(&shown),
            inert::line(&root.display().to_string())
        ))
    })?;
    at_revision(environment, tree, path)
}

/// Every document of a side.
fn all(environment: &Environment, place: &Place) -> io::Result<Vec<Input>> {
    match place {
        Place::File(path) => Ok(vec![file(path)]),
        Place::Revision(tree) => {
            let mut names = tree.files(&environment.settings.documents)?;
            names.sort();
            let documents = names
                .into_iter()
                .filter(|name| environment.document_name(name).is_some());
            documents
                .map(|name| at_revision(environment, tree, name))
                .collect()
        }
        Place::WorkTree => {
            let documents = environment.any_documents()?.into_iter();
            documents.map(|it| in_work_tree(environment, it)).collect()
        }
    }
}

fn file(path: &Path) -> Input {
    let (name, path) = (path.display().to_string(), path.to_owned());
    Input {
        translations: sources(&path, &name),
        read: Box::new(move || Document::read(&path, name)),
        crate_version: None,
        committed: None,
    }
}

fn in_work_tree(environment: &Environment, document: documents::Document) -> io::Result<Input> {
    let root = environment.root.clone();
    let text = |path: &str| match is_there(&root.join(path)) {
        true => text(Source::read_below(&root, &root.join(path), path).map(Some)),
        false => Ok(None),
    };
    Ok(Input {
        crate_version: crate_version(&document.client, text)?,
        committed: None,
        translations: sources(&root.join(&document.path), &document.path),
        read: Box::new(move || {
            Document::read_below(&root, &root.join(&document.path), document.path)
        }),
    })
}

fn at_revision(environment: &Environment, tree: &Arc<Tree>, name: String) -> io::Result<Input> {
    let text = |path: &str| text(tree.read_below("", path));
    let (crate_version, committed) = match environment.client_of(&name) {
        None => (None, None),
        Some(client) => (crate_version(&client, text)?, text(&client.generated)?),
    };
    let translations = at_revision_translations(tree, &name)?;
    let tree = Arc::clone(tree);
    Ok(Input {
        translations,
        read: Box::new(move || tree.document(&name)),
        crate_version,
        committed,
    })
}

/// The overlays of a document of the work tree; what cannot be read is `lint`'s business.
fn sources(document: &Path, shown: &str) -> Vec<Source> {
    let sources = translations::sources(document, shown).unwrap_or_default();
    sources.into_iter().filter_map(Result::ok).collect()
}

/// The same of a revision.
fn at_revision_translations(tree: &Arc<Tree>, document: &str) -> io::Result<Vec<Source>> {
    let folder = document.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut names = tree.names(folder)?;
    names.retain(|name| translations::is_of(Path::new(name), Path::new(document)));
    names.sort();
    let sources = names
        .iter()
        .filter_map(|name| tree.read_below("", name).ok().flatten());
    Ok(sources.collect())
}

/// The text of a file that need not be there; what is no text says nothing.
fn text(read: Result<Option<Source>, ReadError>) -> io::Result<Option<String>> {
    match read {
        Ok(source) => Ok(source.map(|source| source.text().to_owned())),
        Err(error @ ReadError::Io { .. }) => Err(io::Error::other(error)),
        Err(_) => Ok(None),
    }
}

fn crate_version(
    client: &Client,
    text: impl Fn(&str) -> io::Result<Option<String>>,
) -> io::Result<Option<String>> {
    let Some(own) = text(&client.manifest())? else {
        return Ok(None);
    };
    Ok(manifest::version(&own, text("Cargo.toml")?.as_deref()))
}

/// A document of one side, read.
pub(super) type Parsed = Result<Side, ReadError>;

pub(super) fn parsed(inputs: Vec<Input>) -> Vec<Parsed> {
    let parse = |input: Input| {
        Ok(Side {
            document: (input.read)()?,
            crate_version: input.crate_version,
            committed: input.committed,
            translations: input.translations,
        })
    };
    inputs.into_iter().map(parse).collect()
}

/// Runs the first on another thread while the second runs here.
pub(super) fn at_once<T: Send>(one: impl FnOnce() -> T + Send, two: impl FnOnce() -> T) -> (T, T) {
    thread::scope(|scope| {
        let one = scope.spawn(one);
        let two = two();
        (one.join().unwrap_or_else(|panic| resume_unwind(panic)), two)
    })
}

/// The documents of a side; says why, where one cannot be compared.
pub(super) fn documents(
    out: &mut dyn Write,
    style: Style,
    inputs: Vec<Parsed>,
) -> io::Result<Result<Vec<Side>, Exit>> {
    let mut sides = Vec::new();
    let mut exit = Exit::Fine;
    for input in inputs {
        let side = match input {
            Ok(side) => side,
            Err(error) => {
                tell(out, &error)?;
                exit = exit.worse(Exit::Failed);
                continue;
            }
        };
        let source = side.document.source();
        if let Err(findings) = review::readable(&side.document) {
            report::findings(out, style, source, &findings)?;
            let name = source.name();
            tell(
                out,
                &format!("`{name}` cannot be compared; correct it first"),
            )?;
            exit = exit.worse(Exit::ContractErrors);
        }
        sides.push(side);
    }
    Ok(match exit {
        Exit::Fine => Ok(sides),
        exit => Err(exit),
    })
}

/// The approvals of the new side.
pub(super) fn approvals(
    environment: &Environment,
    head: &Place,
    today: &str,
) -> io::Result<Approvals> {
    let (root, path) = (&environment.root, &environment.settings.approvals);
    let source = match head {
        Place::WorkTree => read_if_there(root, &root.join(path), path)?,
        Place::Revision(tree) => tree.read_below("", path).map_err(io::Error::other)?,
        Place::File(file) => {
            let (_, name) = path.rsplit_once('/').unwrap_or(("", path));
            let path = file.with_file_name(name);
            let folder = match path.parent() {
                Some(folder) if folder != Path::new("") => folder,
                _ => Path::new("."),
            };
            read_if_there(folder, &path, &path.display().to_string())?
        }
    };
    Ok(match source {
        Some(source) => Approvals::read(&source, today),
        None => Approvals::default(),
    })
}
