use std::io::{self, Write};
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::thread;

use contract::report::{self, Style};
use contract::review::{self, Approvals, DocumentReview, Options, Review, Side, State};
use contract::source::ReadError;
use contract::{Document, Source};

use crate::arguments::{self, Format};
use crate::git::{self, Revision};
use crate::pipe::Pipe;
use crate::workspace::{APPROVALS, DOCUMENTS, Workspace, is_document, krate};
use crate::{Exit, barrier, manifest, tell, today};

/// Where one side of a review comes from.
#[derive(Debug)]
enum Place {
    WorkTree,
    Revision(Revision),
    File(PathBuf),
}

/// A document of one side, before it is read as one.
struct Input {
    read: Box<dyn FnOnce() -> Result<Document, ReadError> + Send>,
    crate_version: Option<String>,
    committed: Option<String>,
}

/// Reviews every document that two sides have.
pub(crate) fn run(
    out: &mut dyn Write,
    style: Style,
    arguments: &arguments::Review,
) -> io::Result<Exit> {
    let root = root()?;
    let (base, head) = places(&root, arguments)?;
    let today = today::today()?;
    let options = Options {
        today: &today,
        wire_only: arguments.wire_only,
        generate: &barrier::generate,
    };
    let mut approvals = approvals(&root, &head, &today)?;
    let (old, new) = inputs(&root, &base, &head)?;
    let (old, new) = at_once(|| parsed(old), || parsed(new));
    // What a program reads holds a review or nothing.
    let mut stderr = Pipe(io::stderr());
    let told: &mut dyn Write = match arguments.format {
        Format::Terminal => out,
        _ => &mut stderr,
    };
    let (old, new) = match (documents(told, style, old)?, documents(told, style, new)?) {
        (Ok(old), Ok(new)) => (old, new),
        (Err(one), Err(two)) => return Ok(one.worse(two)),
        (Err(exit), _) | (_, Err(exit)) => return Ok(exit),
    };
    let are_files = matches!((&base, &head), (Place::File(_), _) | (_, Place::File(_)));
    let mut documents = pair(old, new, are_files, &mut approvals, options);
    documents.retain(|document| !document.is_empty());
    let review = Review {
        base: shown(&base),
        head: shown(&head),
        documents,
        approvals: approvals.problems(),
    };
    write(out, style, arguments.format, &review)?;
    Ok(exit(&review, arguments.format))
}

/// The workspace, or the current folder when two files are compared outside of one.
fn root() -> io::Result<PathBuf> {
    match Workspace::find() {
        Ok(workspace) => Ok(workspace.root),
        Err(_) => std::env::current_dir(),
    }
}

fn places(root: &Path, arguments: &arguments::Review) -> io::Result<(Place, Place)> {
    let place = |name: &String| match Path::new(name) {
        path if path.is_file() => Ok(Place::File(path.to_owned())),
        path if path.is_dir() => Err(io::Error::other(format!(
            "`{name}` is a folder; name a document in it, or a revision"
        ))),
        _ => git::revision(root, name).map(Place::Revision),
    };
    let base = match &arguments.base {
        Some(name) => place(name)?,
        None => Place::Revision(git::merge_base(root)?),
    };
    let head = match &arguments.head {
        Some(name) => place(name)?,
        None => Place::WorkTree,
    };
    match (&base, &head) {
        (Place::File(file), Place::WorkTree) => Err(io::Error::other(format!(
            "`{0}` is a file; name the one to compare it with: `cargo xtask review {0} NEW`",
            file.display()
        ))),
        _ => Ok((base, head)),
    }
}

fn shown(place: &Place) -> String {
    match place {
        Place::WorkTree => "work tree".to_owned(),
        Place::Revision(revision) => revision.shown(),
        Place::File(path) => path.display().to_string(),
    }
}

/// Both sides. Beside a file, a revision gives the file of the same path.
fn inputs(root: &Path, base: &Place, head: &Place) -> io::Result<(Vec<Input>, Vec<Input>)> {
    let same_path = |revision: &Revision, file: &Path| {
        let name = file
            .strip_prefix(root)
            .unwrap_or(file)
            .display()
            .to_string();
        match git::file(root, revision, &name)? {
            Some(bytes) => Ok(vec![at_revision(root, revision, name, bytes)?]),
            None => Err(io::Error::other(format!(
                "`{name}` is not in {}",
                revision.shown()
            ))),
        }
    };
    Ok(match (base, head) {
        (Place::Revision(revision), Place::File(path)) => {
            (same_path(revision, path)?, vec![file(path)])
        }
        (Place::File(path), Place::Revision(revision)) => {
            (vec![file(path)], same_path(revision, path)?)
        }
        _ => (all(root, base)?, all(root, head)?),
    })
}

/// Every document of a side.
fn all(root: &Path, place: &Place) -> io::Result<Vec<Input>> {
    match place {
        Place::File(path) => Ok(vec![file(path)]),
        Place::Revision(revision) => {
            let names = git::files(root, revision, DOCUMENTS)?;
            let documents = names.into_iter().filter(|name| is_document(name));
            let read = |name: String| {
                let bytes = git::file(root, revision, &name)?.unwrap_or_default();
                at_revision(root, revision, name, bytes)
            };
            documents.map(read).collect()
        }
        Place::WorkTree => {
            let workspace = Workspace::find()?;
            let input = |document: crate::workspace::Document| {
                let text = |path: &str| std::fs::read_to_string(root.join(path)).ok();
                let crate_version = crate_version(&document.krate.to_string(), text);
                Input {
                    read: Box::new(move || Document::read(&document.path, document.name)),
                    crate_version,
                    committed: None,
                }
            };
            let documents = workspace.any_documents()?;
            Ok(documents.into_iter().map(input).collect())
        }
    }
}

fn file(path: &Path) -> Input {
    let (name, path) = (path.display().to_string(), path.to_owned());
    Input {
        read: Box::new(move || Document::read(&path, name)),
        crate_version: None,
        committed: None,
    }
}

fn at_revision(
    root: &Path,
    revision: &Revision,
    name: String,
    bytes: Vec<u8>,
) -> io::Result<Input> {
    let krate = krate(&name).to_owned();
    let text = |path: &str| {
        let bytes = git::file(root, revision, path).ok()??;
        String::from_utf8(bytes).ok()
    };
    Ok(Input {
        read: at_revision_with_parts(root, revision, &name, bytes),
        committed: text(&format!("crates/{krate}/src/generated.rs")),
        crate_version: crate_version(&krate, text),
    })
}

/// Reads a document with the files that it refers to, as they are in the same revision.
fn at_revision_with_parts(
    root: &Path,
    revision: &Revision,
    name: &str,
    bytes: Vec<u8>,
) -> Box<dyn FnOnce() -> Result<Document, ReadError> + Send> {
    let (root, revision, name) = (root.to_owned(), revision.clone(), name.to_owned());
    Box::new(move || {
        let folder = name.rsplit_once('/').map_or("", |(folder, _)| folder);
        let source = Source::from_bytes(&name, bytes)?;
        Ok(Document::parse_with(source, &mut |part| {
            let path = format!("{folder}/{part}");
            let error = |error| ReadError::Io {
                name: path.clone(),
                error,
            };
            let bytes = git::file(&root, &revision, path.trim_start_matches('/'));
            let missing = || io::Error::other(format!("it is not in {}", revision.shown()));
            let bytes = bytes
                .and_then(|bytes| bytes.ok_or_else(missing))
                .map_err(error)?;
            Source::from_bytes(&path, bytes)
        }))
    })
}

fn crate_version(krate: &str, text: impl Fn(&str) -> Option<String>) -> Option<String> {
    let own = text(&format!("crates/{krate}/Cargo.toml"))?;
    manifest::version(&own, text("Cargo.toml").as_deref())
}

/// A document of one side, read.
type Parsed = Result<Side, ReadError>;

fn parsed(inputs: Vec<Input>) -> Vec<Parsed> {
    let parse = |input: Input| {
        Ok(Side {
            document: (input.read)()?,
            crate_version: input.crate_version,
            committed: input.committed,
        })
    };
    inputs.into_iter().map(parse).collect()
}

/// Runs the first on another thread while the second runs here.
fn at_once<T: Send>(one: impl FnOnce() -> T + Send, two: impl FnOnce() -> T) -> (T, T) {
    thread::scope(|scope| {
        let one = scope.spawn(one);
        let two = two();
        (one.join().unwrap_or_else(|panic| resume_unwind(panic)), two)
    })
}

/// The documents of a side; says why, where one cannot be compared.
fn documents(
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

/// Puts together what is the same document: two files that somebody named, else by
/// name, else by what it offers.
fn pair(
    mut old: Vec<Side>,
    new: Vec<Side>,
    are_files: bool,
    approvals: &mut Approvals,
    options: Options<'_>,
) -> Vec<DocumentReview> {
    let name = |side: &Side| side.document.source().name().to_owned();
    let names: Vec<String> = new.iter().map(name).collect();
    let mut reviews = Vec::new();
    for side in new {
        let same_name = old.iter().position(|other| name(other) == name(&side));
        let same_api = || {
            old.iter().position(|other| {
                !names.contains(&name(other)) && review::same_api(&other.document, &side.document)
            })
        };
        let (found, state) = match same_name {
            Some(index) => (Some(index), State::Changed),
            None if are_files => (Some(0), State::Changed),
            None => (same_api(), State::Renamed),
        };
        reviews.push(match found {
            Some(index) => review::review(old.remove(index), side, state, approvals, options),
            None => review::review_alone(side, State::Added, approvals, options),
        });
    }
    let gone = old.into_iter();
    reviews.extend(gone.map(|side| review::review_alone(side, State::Removed, approvals, options)));
    reviews
}

/// The approvals of the new side.
fn approvals(root: &Path, head: &Place, today: &str) -> io::Result<Approvals> {
    let path = format!("{DOCUMENTS}/{APPROVALS}");
    let source = match head {
        Place::WorkTree => read_if_there(&root.join(&path), &path)?,
        Place::File(file) => {
            let path = file.with_file_name(APPROVALS);
            read_if_there(&path, &path.display().to_string())?
        }
        Place::Revision(revision) => match git::file(root, revision, &path)? {
            Some(bytes) => Some(Source::from_bytes(&path, bytes).map_err(io::Error::other)?),
            None => None,
        },
    };
    Ok(match source {
        Some(source) => Approvals::read(&source, today),
        None => Approvals::default(),
    })
}

fn read_if_there(path: &Path, name: &str) -> io::Result<Option<Source>> {
    match path.exists() {
        true => Source::read(path, name).map(Some).map_err(io::Error::other),
        false => Ok(None),
    }
}

fn write(out: &mut dyn Write, style: Style, format: Format, review: &Review) -> io::Result<()> {
    match format {
        Format::Terminal => report::terminal(out, style, review),
        Format::Markdown => report::markdown(out, review),
        Format::Github => report::github(out, review),
        Format::Changelog => report::changelog(out, review),
        Format::Json => report::json(out, review),
    }
}

fn exit(review: &Review, format: Format) -> Exit {
    if !review.generates() || review.has_bad_approvals() {
        return Exit::ContractErrors;
    }
    // A changelog tells of breaking changes; it does not judge them.
    match format != Format::Changelog && review.unapproved().next().is_some() {
        true => Exit::Unapproved,
        false => Exit::Fine,
    }
}
