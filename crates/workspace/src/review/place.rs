use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use contract::inert;

use crate::environment::Environment;
use crate::tree::Tree;
use crate::{arguments, git};

/// Where one side of a review comes from.
#[derive(Debug)]
pub(super) enum Place {
    WorkTree,
    Revision(Arc<Tree>),
    File(PathBuf),
}

/// What an argument names. A revision may be called like a folder, which is nothing to
/// compare; a file and a revision of one name are told apart by whoever names them.
fn place(environment: &Environment, name: &str) -> io::Result<Place> {
    let (root, path) = (environment.root.as_path(), Path::new(name));
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
    revision(root, &git::revision(root, &environment.command, name)?)
}

fn revision(root: &Path, revision: &git::Revision) -> io::Result<Place> {
    Tree::new(root, revision).map(|tree| Place::Revision(Arc::new(tree)))
}

/// Both sides, as they are named or else found.
pub(super) fn places(
    environment: &Environment,
    arguments: &arguments::Review,
) -> io::Result<(Place, Place)> {
    let Environment {
        command,
        root,
        settings,
    } = environment;
    let base = match &arguments.base {
        Some(name) => place(environment, name)?,
        None => {
            let branch = settings.default_branch.as_deref();
            revision(root, &git::merge_base(root, command, branch)?)?
        }
    };
    let head = match &arguments.head {
        Some(name) => place(environment, name)?,
        None => Place::WorkTree,
    };
    match (&base, &head) {
        (Place::File(file), Place::WorkTree) => Err(io::Error::other(format!(
            "`{0}` is a file; name the one to compare it with: `{command} review {0} NEW`",
            inert::line(&file.display().to_string())
        ))),
        _ => Ok((base, head)),
    }
}

impl Place {
    /// For a reader.
    pub(super) fn shown(&self) -> String {
        match self {
            Self::WorkTree => "work tree".to_owned(),
            Self::Revision(tree) => tree.revision.shown(),
            Self::File(path) => path.display().to_string(),
        }
    }
}
