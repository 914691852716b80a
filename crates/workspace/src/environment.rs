use std::io::{self, Write};
use std::path::{self, Path, PathBuf};
use std::{env, fs};

use contract::report::{self, Style};
use contract::{Source, inert};

use crate::settings::Settings;
use crate::{Exit, failure, manifest};

/// The file that makes a folder a package or a workspace.
pub(crate) const MANIFEST: &str = "Cargo.toml";

/// What a command is told of its surroundings.
#[derive(Clone, Debug)]
pub struct Environment {
    /// How a reader calls the commands: `cargo sdk`.
    pub command: String,
    /// The folder that all paths of the settings are relative to.
    pub root: PathBuf,
    /// What is configured there.
    pub settings: Settings,
}

impl Environment {
    /// The surroundings of a folder: the nearest ancestor whose manifest has settings or that
    /// has a folder of documents; else the nearest workspace; else the nearest package. What is
    /// wrong with the settings is written to `out`.
    pub(crate) fn find(
        out: &mut dyn Write,
        style: Style,
        command: &str,
        start: &Path,
    ) -> io::Result<Result<Self, Exit>> {
        let Some(root) = root(start) else {
            return Err(io::Error::other(format!(
                "no `{MANIFEST}` in `{}` or above it; `{command} init` begins a workspace",
                inert::line(&start.display().to_string())
            )));
        };
        let text = read(&root.join(MANIFEST))?;
        let (settings, findings) = Settings::read(&text);
        if findings.is_empty() {
            let (command, root) = (command.to_owned(), root.to_owned());
            return Ok(Ok(Self {
                command,
                root,
                settings,
            }));
        }
        let source = Source::new(MANIFEST, text);
        report::findings(out, style, &source, &findings)?;
        writeln!(out, "nothing was done\nnext: correct `{MANIFEST}`")?;
        Ok(Err(Exit::Usage))
    }

    /// Where a path of the settings leads.
    pub(crate) fn at(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    /// Where a path of the settings leads, to be written.
    ///
    /// # Errors
    /// When a link on the way leads out of the root.
    pub(crate) fn to_write(&self, path: &str) -> io::Result<PathBuf> {
        let target = self.root.join(path);
        let mut above = target.ancestors().skip(1);
        let there = above.find(|folder| folder.symlink_metadata().is_ok());
        let real = |folder: &Path| fs::canonicalize(folder).map_err(failure::to("find", folder));
        match there {
            Some(folder) if !real(folder)?.starts_with(real(&self.root)?) => {
                Err(io::Error::other(format!(
                    "`{}` is a link that leads out of `{}`; nothing is written there",
                    inert::line(&folder.display().to_string()),
                    inert::line(&self.root.display().to_string())
                )))
            }
            _ => Ok(target),
        }
    }

    /// Whether a workspace is around the root.
    pub(crate) fn is_inner(&self) -> bool {
        let mut outer = self.root.ancestors().skip(1);
        outer.any(|folder| {
            read(&folder.join(MANIFEST)).is_ok_and(|text| manifest::is_workspace(&text))
        })
    }

    /// The text of the manifest at the root.
    pub(crate) fn manifest(&self) -> io::Result<String> {
        read(&self.root.join(MANIFEST))
    }
}

/// Where the search for a root begins: the folder of a manifest, or the current one.
pub(crate) fn start(manifest_path: Option<&Path>) -> io::Result<PathBuf> {
    let here = env::current_dir().map_err(failure::to("find", Path::new(".")))?;
    let Some(manifest) = manifest_path else {
        return Ok(here);
    };
    if !manifest.is_file() {
        return Err(io::Error::other(format!(
            "`{}` is no file; `--manifest-path` takes the path of a `{MANIFEST}`",
            inert::line(&manifest.display().to_string())
        )));
    }
    let manifest = path::absolute(manifest)?;
    Ok(manifest.parent().map_or(here, Path::to_owned))
}

fn root(start: &Path) -> Option<&Path> {
    let documents = Settings::default().documents;
    let manifest = |folder: &Path| read(&folder.join(MANIFEST)).ok();
    let has_settings = |folder: &&Path| manifest(folder).is_some_and(|m| Settings::are_in(&m));
    let has_documents =
        |folder: &&Path| folder.join(MANIFEST).is_file() && folder.join(&documents).is_dir();
    let is_workspace =
        |folder: &&Path| manifest(folder).is_some_and(|m| manifest::is_workspace(&m));
    let is_package = |folder: &&Path| folder.join(MANIFEST).is_file();
    let nearest = |is: &dyn Fn(&&Path) -> bool| start.ancestors().find(is);
    nearest(&|folder| has_settings(folder) || has_documents(folder))
        .or_else(|| nearest(&is_workspace))
        .or_else(|| nearest(&is_package))
}

fn read(path: &Path) -> io::Result<String> {
    fs::read_to_string(path).map_err(failure::to("read", path))
}

/// A file below a folder that need not be there. Findings call it `name`.
///
/// # Errors
/// When it is there and cannot be read, or is a link that leads out of the folder.
pub(crate) fn read_if_there(folder: &Path, path: &Path, name: &str) -> io::Result<Option<Source>> {
    if !is_there(path) {
        return Ok(None);
    }
    let read = Source::read_below(folder, path, name);
    read.map(Some).map_err(io::Error::other)
}

/// A link that leads nowhere is there, too: what cannot be read is said.
pub(crate) fn is_there(path: &Path) -> bool {
    let found = path.symlink_metadata();
    found.is_ok() || found.is_err_and(|error| error.kind() != io::ErrorKind::NotFound)
}
