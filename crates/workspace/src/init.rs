//! A first contract, where there is none.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use contract::report::Style;
use contract::{Document, Source, inert};

use crate::documents::Client;
use crate::environment::{Environment, MANIFEST};
use crate::name::Name;
use crate::settings::{Clients, Settings};
use crate::staged::Staged;
use crate::{Exit, failure, manifest, new, tell};

/// What is begun.
#[derive(Debug)]
pub(crate) struct Init {
    pub(crate) name: String,
    /// The document to begin with.
    pub(crate) from: Option<PathBuf>,
    /// The client is a module of the package, and no crate.
    pub(crate) module: bool,
    /// `cargo xtask` means these commands, too.
    pub(crate) alias: bool,
    /// The action that a workflow uses.
    pub(crate) workflow: Option<String>,
}

/// What begins a workspace.
const WORKSPACE: &str = "[workspace]\nresolver = \"3\"\n";

/// A contract that says something of everything, for whoever has none yet.
const CONTRACT: &str = include_str!("init/contract.yaml");

/// Where the settings of a package stand, and what they say where its client is a module.
const SETTINGS: &[&str] = &["package", "metadata", "sdk"];
const MODULES: &str = "modules = \"src/{name}.rs\"";

/// Where cargo has aliases, and ours.
const CONFIG: &str = ".cargo/config.toml";
const ALIAS: &str = "xtask = \"sdk\"";

/// Where GitHub has workflows.
const WORKFLOW: &str = ".github/workflows/contract.yml";

/// Makes what is not there, and replaces nothing.
pub(crate) fn run(
    out: &mut dyn Write,
    style: Style,
    command: &str,
    start: &Path,
    init: &Init,
) -> io::Result<Exit> {
    let name = Name::new(&init.name, &init.name)?;
    if let Some(action) = &init.workflow {
        check_action(action)?;
    }
    let document = match &init.from {
        None => Document::parse(Source::new("a new contract.yaml", CONTRACT)),
        Some(file) => match Document::read(file, file.display().to_string()) {
            Ok(document) => document,
            Err(error) => {
                tell(out, &error)?;
                return Ok(Exit::Failed);
            }
        },
    };
    let Some(document) = new::gated(out, style, document, false)? else {
        return new::nothing(out);
    };
    // What stands in the way is found before anything is written.
    let is_in_one = |folder: &Path| folder.join(MANIFEST).is_file();
    if start.ancestors().any(is_in_one) {
        match Environment::find(out, style, command, start)? {
            Ok(environment) => check(&environment, init, &name)?,
            Err(exit) => return Ok(exit),
        }
    }
    begin(out, start, init)?;
    let environment = match Environment::find(out, style, command, start)? {
        Ok(environment) => environment,
        Err(exit) => return Ok(exit),
    };
    environment.check_free(&name)?;
    let exit = new::bring(out, style, &environment, &name, document)?;
    if exit != Exit::Fine {
        return Ok(exit);
    }
    if init.alias {
        alias(out, &environment)?;
    }
    if let Some(action) = &init.workflow {
        workflow(out, &environment, action)?;
    }
    let then = match environment.client_of_name(&name)? {
        Client {
            package: Some(package),
            folder,
            ..
        } => {
            format!("`cargo add {package} --path {folder}` in a package that calls it")
        }
        Client { .. } => {
            let module = name.to_string().replace('-', "_");
            format!("`pub mod {module};` in the library of the package")
        }
    };
    writeln!(out, "then: {then}")?;
    Ok(exit)
}

/// Refuses what is not at its beginning, and a module without a package.
fn check(environment: &Environment, init: &Init, name: &Name) -> io::Result<()> {
    if let Some(known) = environment.any_documents()?.first() {
        return Err(io::Error::other(format!(
            "`{}` is here already; `{} new NAME FILE` brings another contract",
            inert::line(&known.path),
            environment.command
        )));
    }
    if !init.module {
        return environment.check_free(name);
    }
    let text = environment.manifest()?;
    let is_package = manifest::parse(&text).is_ok_and(|table| table.contains_key("package"));
    let is_module = matches!(environment.settings.clients, Clients::Modules(_));
    let says = match (is_package, is_module, Settings::are_in(&text)) {
        (false, ..) => format!(
            "a module needs a package to be in, and `{MANIFEST}` is of a workspace only; run it \
             in a package's own folder"
        ),
        (true, false, true) => {
            format!("`{MANIFEST}` has settings already; add to them by hand: `{MODULES}`")
        }
        _ => return Ok(()),
    };
    Err(io::Error::other(says))
}

/// Refuses what names no action.
fn check_action(action: &str) -> io::Result<()> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./@".contains(c);
    match action.contains('@') && action.chars().all(is_plain) {
        true => Ok(()),
        false => Err(io::Error::other(format!(
            "`{}` names no action; write `OWNER/REPOSITORY@REVISION`",
            inert::line(action)
        ))),
    }
}

/// The manifest that everything else stands beside.
fn begin(out: &mut dyn Write, start: &Path, init: &Init) -> io::Result<()> {
    let path = start.join(MANIFEST);
    let is_in_one = start
        .ancestors()
        .any(|folder| folder.join(MANIFEST).is_file());
    if !is_in_one {
        if init.module {
            return Err(io::Error::other(
                "a module needs a package to be in: `cargo init` makes one",
            ));
        }
        Staged::file(&path, WORKSPACE)?.commit()?;
        return writeln!(out, "created   {MANIFEST}");
    }
    if !init.module {
        return Ok(());
    }
    let text = fs::read_to_string(&path).map_err(failure::to("read", &path))?;
    if !Settings::are_in(&text) {
        let text = manifest::with_lines(MANIFEST, &text, SETTINGS, &[MODULES.to_owned()])?;
        Staged::file(&path, &text)?.commit()?;
        writeln!(out, "written   {MANIFEST}: clients are modules")?;
    }
    Ok(())
}

fn alias(out: &mut dyn Write, environment: &Environment) -> io::Result<()> {
    let path = environment.to_write(CONFIG)?;
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(failure::to("read", &path)(error)),
    };
    if manifest::parse(&text).is_ok_and(|it| manifest::get(&it, &["alias", "xtask"]).is_some()) {
        return writeln!(out, "unchanged {CONFIG}: it has an alias `xtask`");
    }
    let state = if text.is_empty() {
        "created"
    } else {
        "written"
    };
    let text = manifest::with_lines(CONFIG, &text, &["alias"], &[ALIAS.to_owned()])?;
    Staged::file(&path, &text)?.commit()?;
    writeln!(out, "{state:<9} {CONFIG}: `cargo xtask` is `cargo sdk`")
}

fn workflow(out: &mut dyn Write, environment: &Environment, action: &str) -> io::Result<()> {
    let path = environment.to_write(WORKFLOW)?;
    if path.exists() {
        return writeln!(out, "unchanged {WORKFLOW}: it is there already");
    }
    let text = include_str!("init/workflow.yml").replace("ACTION", action);
    Staged::file(&path, &text)?.commit()?;
    writeln!(out, "created   {WORKFLOW}")
}
