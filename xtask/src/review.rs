use std::io::{self, Write};
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;

use contract::report::{self, Style};
use contract::source::ReadError;
use contract::{Document, Source, inert};
use review::{self, Approvals, DocumentReview, Options, Review, Side, State};

use crate::arguments::{self, Format};
use crate::pipe::Pipe;
use crate::tree::Tree;
use crate::workspace::{self, APPROVALS, DOCUMENTS, Workspace, is_document, krate};
use crate::{Exit, barrier, git, manifest, tell, today};

/// Where one side of a review comes from.
#[derive(Debug)]
enum Place {
    WorkTree,
    Revision(Arc<Tree>),
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
    let root = Workspace::find_any()?.root;
    let (base, head) = places(&root, arguments)?;
    let today = today::today()?;
    let options = Options {
        today: &today,
        wire_only: arguments.wire_only,
        generate: &barrier::generate,
    };
    let mut approvals = approvals(&root, &head, &today)?;
    let (old, new) = inputs(&root, &base, &head)?;
    if old.is_empty() && new.is_empty() {
        return Err(io::Error::other(format!(
            "no document in `{DOCUMENTS}`, neither in {} nor in {}",
            shown(&base),
            shown(&head)
        )));
    }
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
    if arguments.format == Format::Changelog && review.documents.is_empty() {
        writeln!(stderr, "nothing changed: {} → {}", review.base, review.head)?;
    }
    Ok(exit(&review, arguments.format))
}

/// What an argument names. A revision may be called like a folder, which is nothing to
/// compare; a file and a revision of one name are told apart by whoever names them.
fn place(root: &Path, name: &str) -> io::Result<Place> {
    let path = Path::new(name);
    let shown = inert::line(name);
    if path.is_file() {
        return match git::is_revision(root, name) {
            false => Ok(Place::File(path.to_owned())),
            true => Err(io::Error::other(format!(
                "`{shown}` is a file and a revision; write `./{shown}` for the file, or \
                 `refs/heads/{shown}` for a branch"
            ))),
        };
    }
    if path.is_dir() && !git::is_revision(root, name) {
        return Err(io::Error::other(format!(
            "`{shown}` is a folder; name a document in it, or a revision"
        )));
    }
    revision(root, &git::revision(root, name)?)
}

fn revision(root: &Path, revision: &git::Revision) -> io::Result<Place> {
    Tree::new(root, revision).map(|tree| Place::Revision(Arc::new(tree)))
}

fn places(root: &Path, arguments: &arguments::Review) -> io::Result<(Place, Place)> {
    let base = match &arguments.base {
        Some(name) => place(root, name)?,
        None => revision(root, &git::merge_base(root)?)?,
    };
    let head = match &arguments.head {
        Some(name) => place(root, name)?,
        None => Place::WorkTree,
    };
    match (&base, &head) {
        (Place::File(file), Place::WorkTree) => Err(io::Error::other(format!(
            "`{0}` is a file; name the one to compare it with: `cargo xtask review {0} NEW`",
            inert::line(&file.display().to_string())
        ))),
        _ => Ok((base, head)),
    }
}

fn shown(place: &Place) -> String {
    match place {
        Place::WorkTree => "work tree".to_owned(),
        Place::Revision(tree) => tree.revision.shown(),
        Place::File(path) => path.display().to_string(),
    }
}

/// Both sides. Beside a file, a revision gives the file of the same path.
fn inputs(root: &Path, base: &Place, head: &Place) -> io::Result<(Vec<Input>, Vec<Input>)> {
    Ok(match (base, head) {
        (Place::Revision(tree), Place::File(path)) => {
            (vec![same_path(root, tree, path)?], vec![file(path)])
        }
        (Place::File(path), Place::Revision(tree)) => {
            (vec![file(path)], vec![same_path(root, tree, path)?])
        }
        _ => (all(root, base)?, all(root, head)?),
    })
}

/// The file of a revision at the path that a file has here.
fn same_path(root: &Path, tree: &Arc<Tree>, file: &Path) -> io::Result<Input> {
    let shown = file.display().to_string();
    let path = workspace::path_in(root, file).ok_or_else(|| {
        io::Error::other(format!(
            "`{}` is not below `{}`, and no revision has it; name two files, or a file that a \
             revision has",
            inert::line(&shown),
            inert::line(&root.display().to_string())
        ))
    })?;
    at_revision(tree, path)
}

/// Every document of a side.
fn all(root: &Path, place: &Place) -> io::Result<Vec<Input>> {
    match place {
        Place::File(path) => Ok(vec![file(path)]),
        Place::Revision(tree) => {
            let mut names = tree.files(DOCUMENTS)?;
            names.sort();
            let documents = names.into_iter().filter(|name| is_document(name));
            documents.map(|name| at_revision(tree, name)).collect()
        }
        Place::WorkTree => {
            let root = root.to_owned();
            let workspace = Workspace { root };
            let documents = workspace.any_documents()?.into_iter();
            documents.map(|it| in_work_tree(&workspace, it)).collect()
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

fn in_work_tree(workspace: &Workspace, document: workspace::Document) -> io::Result<Input> {
    let root = workspace.root.clone();
    let text = |path: &str| match path_is_there(&root.join(path)) {
        true => text(Source::read_below(&root, &root.join(path), path).map(Some)),
        false => Ok(None),
    };
    Ok(Input {
        crate_version: crate_version(&document.krate.to_string(), text)?,
        committed: None,
        read: Box::new(move || Document::read_below(&root, &document.path, document.name)),
    })
}

fn at_revision(tree: &Arc<Tree>, name: String) -> io::Result<Input> {
    let text = |path: &str| text(tree.read_below("", path));
    let (crate_version, committed) = match krate(&name) {
        None => (None, None),
        Some(krate) => (
            crate_version(krate, text)?,
            text(&format!("crates/{krate}/src/generated.rs"))?,
        ),
    };
    let tree = Arc::clone(tree);
    Ok(Input {
        read: Box::new(move || read_at(&tree, &name)),
        crate_version,
        committed,
    })
}

/// The text of a file that need not be there; what is no text says nothing.
fn text(read: Result<Option<Source>, ReadError>) -> io::Result<Option<String>> {
    match read {
        Ok(source) => Ok(source.map(|source| source.text().to_owned())),
        Err(error @ ReadError::Io { .. }) => Err(io::Error::other(error)),
        Err(_) => Ok(None),
    }
}

/// Reads a document with the files in its folder that it refers to, as they are in the same
/// revision.
fn read_at(tree: &Tree, name: &str) -> Result<Document, ReadError> {
    let read = |folder: &str, path: &str| {
        let missing = || ReadError::Io {
            name: path.to_owned(),
            error: io::Error::other(format!("it is not in {}", tree.revision.shown())),
        };
        tree.read_below(folder, path)?.ok_or_else(missing)
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

fn crate_version(
    krate: &str,
    text: impl Fn(&str) -> io::Result<Option<String>>,
) -> io::Result<Option<String>> {
    let Some(own) = text(&format!("crates/{krate}/Cargo.toml"))? else {
        return Ok(None);
    };
    Ok(manifest::version(&own, text("Cargo.toml")?.as_deref()))
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
    for review in &mut reviews {
        if let (Some(review), Some(name)) = (&mut review.krate, krate(&review.name)) {
            review.name = Some(name.to_owned());
        }
    }
    reviews
}

/// The approvals of the new side.
fn approvals(root: &Path, head: &Place, today: &str) -> io::Result<Approvals> {
    let path = format!("{DOCUMENTS}/{APPROVALS}");
    let source = match head {
        Place::WorkTree => read_if_there(root, &root.join(&path), &path)?,
        Place::Revision(tree) => tree.read_below("", &path).map_err(io::Error::other)?,
        Place::File(file) => {
            let path = file.with_file_name(APPROVALS);
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

fn read_if_there(root: &Path, path: &Path, name: &str) -> io::Result<Option<Source>> {
    if !path_is_there(path) {
        return Ok(None);
    }
    let read = Source::read_below(root, path, name);
    read.map(Some).map_err(io::Error::other)
}

/// A link that leads nowhere is there, too: what cannot be read is said.
fn path_is_there(path: &Path) -> bool {
    let found = path.symlink_metadata();
    found.is_ok() || found.is_err_and(|error| error.kind() != io::ErrorKind::NotFound)
}

fn write(out: &mut dyn Write, style: Style, format: Format, review: &Review) -> io::Result<()> {
    match format {
        Format::Terminal => review::report::terminal(out, style, review),
        Format::Markdown => review::report::markdown(out, review),
        Format::Github => review::report::github(out, review),
        Format::Changelog => review::report::changelog(out, review),
        Format::Json => review::report::json(out, review),
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
