use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use codegen::Generated;

use contract::report::{self, Style};
use contract::{Checked, inert};
use similar::TextDiff;

use crate::documents::Document;
use crate::environment::{Environment, MANIFEST};
use crate::settings::{RuntimeSource, Settings};
use crate::staged::{Staged, sweep};
use crate::{Exit, barrier, client, failure, members, name, progress, runtime, tell};

/// A file that is generated, as it should be and as it is.
struct File {
    /// Path from the root.
    path: String,
    new: String,
    old: Option<Vec<u8>>,
}

impl File {
    fn new(environment: &Environment, path: String, new: String) -> io::Result<Self> {
        Ok(Self {
            old: old(environment, &path)?,
            path,
            new,
        })
    }

    fn is_stale(&self) -> bool {
        self.old.as_deref() != Some(self.new.as_bytes())
    }
}

/// What becomes of one document.
pub(crate) struct Output {
    pub(crate) document: Document,
    took: Duration,
    code: File,
    /// What clients share, where they carry it, with what stands there and should not.
    runtime: Vec<File>,
    extra: Vec<String>,
    /// Whether the package is there, and is not made now.
    package_is_there: bool,
}

impl Output {
    pub(crate) fn new(
        environment: &Environment,
        document: Document,
        generated: &Generated,
        took: Duration,
    ) -> io::Result<Self> {
        let client = &document.client;
        let text = generated.file(
            &format!("{} generate", environment.command),
            client.attributes(),
        );
        let code = File::new(environment, client.generated.clone(), text)?;
        let mut files = Vec::new();
        if environment.settings.runtime == RuntimeSource::Vendored {
            for (name, text) in runtime::files(&environment.command) {
                let path = format!("{}/{name}", client.runtime.0);
                files.push(File::new(environment, path, text)?);
            }
        }
        let extra = match files.is_empty() {
            true => Vec::new(),
            false => extra(environment, &client.runtime.0, &files)?,
        };
        Ok(Self {
            package_is_there: environment.at(&client.folder).join(MANIFEST).exists(),
            took,
            code,
            runtime: files,
            extra,
            document,
        })
    }

    fn is_stale(&self) -> bool {
        self.code.is_stale() || self.runtime_is_stale()
    }

    fn runtime_is_stale(&self) -> bool {
        !self.extra.is_empty() || self.runtime.iter().any(File::is_stale)
    }

    /// What stands in the way of writing it.
    pub(crate) fn problems(&self, environment: &Environment) -> io::Result<Vec<String>> {
        let mut problems = self.not_ours(environment);
        let members = self.with_members(environment);
        problems.extend(members.err().map(|error| error.to_string()));
        problems.extend(match self.package_is_there {
            true => client::problems(environment, &self.document, &self.code.new)?,
            false => {
                let package = self.document.client.package.as_ref();
                name::taken(environment, package)?.into_iter().collect()
            }
        });
        Ok(problems)
    }

    /// The same of a new module, for which the package gets the crates that it lacks.
    pub(crate) fn module_problems(&self, environment: &Environment) -> io::Result<Vec<String>> {
        let mut problems = self.not_ours(environment);
        let client = &self.document.client;
        problems.extend(client::without_features(
            environment,
            client,
            &self.code.new,
        )?);
        Ok(problems)
    }

    /// What somebody else wrote where something would be generated.
    fn not_ours(&self, environment: &Environment) -> Vec<String> {
        let client = &self.document.client;
        let mut problems = Vec::new();
        let is_there = |path: &str| environment.at(path).symlink_metadata().is_ok();
        if client.package.is_some() && !self.package_is_there && is_there(&client.folder) {
            problems.push(format!(
                "`{}` is there without a `{MANIFEST}`; bring that back, or move the folder away",
                client.folder
            ));
        }
        let is_generated = |old: &[u8]| old.is_empty() || old.starts_with(MARK.as_bytes());
        let code = self.code.old.as_deref();
        if client.package.is_none() && code.is_some_and(|old| !is_generated(old)) {
            problems.push(format!(
                "`{}` was not generated; rename the document, or move the file away",
                self.code.path
            ));
        }
        // Files that our own module does not name.
        let root = self
            .runtime
            .iter()
            .find(|file| file.path.ends_with("/mod.rs"));
        let root = root.and_then(|file| file.old.as_deref());
        let declared = match root {
            Some(root) if is_generated(root) => modules(&String::from_utf8_lossy(root)),
            Some(_) => Vec::new(),
            None if self.extra.is_empty() => return problems,
            None => Vec::new(),
        };
        let is_known = |path: &&String| {
            let name = path.rsplit('/').next().unwrap_or_default();
            let stem = name.strip_suffix(".rs");
            stem.is_some_and(|stem| declared.iter().any(|known| known == stem))
        };
        let folder = &client.runtime.0;
        match root.is_some_and(|root| !is_generated(root)) {
            true => problems.push(format!(
                "`{folder}` was not generated, and is where clients carry what they share; move \
                 it away"
            )),
            false => {
                let strangers = self.extra.iter().filter(|path| !is_known(path));
                problems.extend(strangers.map(|path| {
                    format!("`{path}` stands among generated files, and was not; move it away")
                }));
            }
        }
        problems
    }

    /// What has to be put in place, in order: killed in between, the next run goes on.
    pub(crate) fn staged(&self, environment: &Environment) -> io::Result<Vec<Staged>> {
        let client = &self.document.client;
        let mut staged = Vec::new();
        if client.package.is_some() && !self.package_is_there {
            let folder = environment.to_write(&client.folder)?;
            let files = client::files(environment, &self.document, &self.code.new)?;
            staged.push(Staged::folder(&folder, &environment.root, &files)?);
            return Ok(staged);
        }
        if self.runtime_is_stale() {
            let files: Vec<_> = self
                .runtime
                .iter()
                .map(|file| {
                    let (_, name) = file.path.rsplit_once('/').unwrap_or(("", &file.path));
                    (name, file.new.clone())
                })
                .collect();
            let folder = environment.to_write(&client.runtime.0)?;
            staged.push(Staged::folder(&folder, &environment.root, &files)?);
        }
        if self.code.is_stale() {
            let path = environment.to_write(&self.code.path)?;
            staged.push(Staged::file(&path, &self.code.new)?);
        }
        Ok(staged)
    }

    /// The manifest of the package that gets a client as a module, with what its code needs.
    pub(crate) fn needs(&self, environment: &Environment) -> io::Result<Option<Staged>> {
        if self.document.client.package.is_some() {
            return Ok(None);
        }
        let old = environment.manifest()?;
        let new = client::with_needs(environment, &self.document.client, &old, &self.code.new)?;
        match new == old {
            true => Ok(None),
            false => Staged::file(&environment.at(MANIFEST), &new).map(Some),
        }
    }

    /// The manifest of the root as it has to be so that cargo knows the client.
    pub(crate) fn members(&self, environment: &Environment) -> io::Result<Option<Staged>> {
        if self.document.client.package.is_none() {
            return Ok(None);
        }
        match self.with_members(environment)? {
            Some(text) => Staged::file(&environment.at(MANIFEST), &text).map(Some),
            None => Ok(None),
        }
    }

    fn with_members(&self, environment: &Environment) -> io::Result<Option<String>> {
        let manifest = environment.manifest()?;
        let is_inner = environment.is_inner();
        members::with(
            &environment.settings,
            &manifest,
            &self.document.client,
            is_inner,
        )
    }

    /// Says what became of what is generated, or would.
    pub(crate) fn tell(&self, out: &mut dyn Write, check: bool) -> io::Result<()> {
        let state = |is_stale: bool, is_new: bool| match (check, is_stale, is_new) {
            (true, true, _) => "stale",
            (true, false, _) => "fresh",
            (false, true, true) => "created",
            (false, true, false) => "written",
            (false, false, _) => "unchanged",
        };
        let lines = self.code.new.lines().count();
        let took = self.took.as_millis();
        let path = inert::line(&self.code.path);
        let code = state(self.code.is_stale(), self.code.old.is_none());
        writeln!(out, "{code:<9} {path}: {lines} lines in {took} ms")?;
        if self.runtime.is_empty() {
            return Ok(());
        }
        let is_new = self.runtime.iter().all(|file| file.old.is_none());
        let runtime = state(self.runtime_is_stale(), is_new);
        let (folder, count) = (&self.document.client.runtime.0, self.runtime.len());
        let folder = inert::line(folder);
        writeln!(
            out,
            "{runtime:<9} {folder}: {count} files, what clients share"
        )
    }
}

/// How generated files begin.
const MARK: &str = "// @generated by ";

/// The modules that a file of ours declares.
fn modules(text: &str) -> Vec<String> {
    let declared = text.lines().filter_map(|line| {
        let (visibility, name) = line.strip_suffix(';')?.rsplit_once("mod ")?;
        (visibility.is_empty() || visibility.starts_with("pub")).then_some(name)
    });
    declared.map(str::to_owned).collect()
}

/// The file that a new one takes the place of.
fn old(environment: &Environment, path: &str) -> io::Result<Option<Vec<u8>>> {
    let read = failure::to("read", Path::new(path));
    let at = environment.at(path);
    let kind = match fs::metadata(&at) {
        Ok(metadata) => metadata.file_type(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(read(error)),
    };
    if !kind.is_file() {
        return Err(io::Error::other(format!(
            "`{path}` is no file; remove it, and it is generated"
        )));
    }
    fs::read(&at).map(Some).map_err(read)
}

/// What stands in the folder of generated files beside them.
fn extra(environment: &Environment, folder: &str, files: &[File]) -> io::Result<Vec<String>> {
    let at = environment.at(folder);
    if !at.exists() {
        return Ok(Vec::new());
    }
    let mut extra = Vec::new();
    for entry in fs::read_dir(&at).map_err(failure::to("list", &at))? {
        let name = entry.map_err(failure::to("list", &at))?.file_name();
        let path = format!("{folder}/{}", name.to_string_lossy());
        if files.iter().all(|file| file.path != path) {
            extra.push(path);
        }
    }
    extra.sort();
    Ok(extra)
}

/// What to do with code that is new.
pub(crate) fn next(settings: &Settings) -> &'static str {
    match settings.snapshots {
        Some(_) => {
            "next: `cargo test --workspace`, then `cargo insta review` for the shapes that changed"
        }
        None => "next: `cargo test --workspace`",
    }
}

/// Regenerates clients, or shows which are stale. Nothing is written unless every document
/// generates.
pub(crate) fn run(
    out: &mut dyn Write,
    style: Style,
    environment: &Environment,
    names: &[String],
    check: bool,
) -> io::Result<Exit> {
    let mut outputs = Vec::new();
    let mut exit = Exit::Fine;
    for document in environment.named_documents(names)? {
        match output(out, style, environment, document)? {
            Ok(output) => outputs.push(output),
            Err(failure) => exit = exit.worse(failure),
        }
    }
    if exit == Exit::Fine {
        exit = blocked(out, environment, &outputs)?;
    }
    if exit != Exit::Fine {
        if !check {
            writeln!(out, "nothing was written")?;
        }
        let command = &environment.command;
        writeln!(out, "next: correct the errors, then `{command} generate`")?;
        return Ok(exit);
    }
    match check {
        true => compare(out, environment, &outputs),
        false => write(out, environment, &outputs),
    }
}

/// Tells what stands in the way of writing.
fn blocked(out: &mut dyn Write, environment: &Environment, outputs: &[Output]) -> io::Result<Exit> {
    let mut exit = Exit::Fine;
    for output in outputs {
        for problem in output.problems(environment)? {
            tell(out, &problem)?;
            exit = Exit::Failed;
        }
    }
    Ok(exit)
}

/// A document without errors, at the levels of the settings; those that it has are drawn.
pub(crate) fn admitted(
    out: &mut dyn Write,
    style: Style,
    environment: &Environment,
    document: contract::Document,
) -> io::Result<Option<Checked>> {
    let checked = match environment.settings.gate(document) {
        Ok(checked) => checked,
        Err(rejected) => {
            let source = rejected.document.source();
            report::findings(out, style, source, &rejected.findings)?;
            return Ok(None);
        }
    };
    let findings = environment.settings.levelled(checked.findings().to_vec());
    if contract::finding::has_errors(&findings) {
        report::findings(out, style, checked.document().source(), &findings)?;
        return Ok(None);
    }
    Ok(Some(checked))
}

fn output(
    out: &mut dyn Write,
    style: Style,
    environment: &Environment,
    document: Document,
) -> io::Result<Result<Output, Exit>> {
    let start = Instant::now();
    let read = match document.read(environment) {
        Ok(read) => read,
        Err(error) => {
            tell(out, &error)?;
            return Ok(Err(Exit::Failed));
        }
    };
    let Some(checked) = admitted(out, style, environment, read)? else {
        return Ok(Err(Exit::ContractErrors));
    };
    let source = checked.document().source();
    let findings = environment.settings.levelled(checked.findings().to_vec());
    if !findings.is_empty() {
        let count = report::count(&findings);
        let (path, command) = (&document.path, &environment.command);
        writeln!(out, "{path}: {count}, see `{command} lint`")?;
    }
    let home = client::home(&environment.settings, &document.client);
    let what = format!("generating from {}", document.path);
    let generated = match progress::during(&what, || barrier::generate(&checked, &home)) {
        Ok(generated) => generated,
        Err(finding) => {
            report::findings(out, style, source, &[*finding])?;
            return Ok(Err(Exit::ContractErrors));
        }
    };
    let output = Output::new(environment, document, &generated, start.elapsed())?;
    // Notes are on new code; whoever regenerates the same has read them.
    if output.code.is_stale() {
        report::findings(out, style, source, &generated.findings)?;
    }
    Ok(Ok(output))
}

fn compare(out: &mut dyn Write, environment: &Environment, outputs: &[Output]) -> io::Result<Exit> {
    let mut exit = Exit::Fine;
    for output in outputs {
        for file in output.runtime.iter().chain([&output.code]) {
            if file.is_stale() {
                let old = String::from_utf8_lossy(file.old.as_deref().unwrap_or_default());
                let diff = TextDiff::from_lines(old.as_ref(), &file.new);
                let mut diff = diff.unified_diff();
                diff.header(&file.path, &format!("{} (generated now)", file.path));
                write!(out, "{diff}")?;
            }
        }
        for path in &output.extra {
            writeln!(out, "{} is not generated; it goes", inert::line(path))?;
        }
        if output.is_stale() {
            exit = Exit::Stale;
        }
        output.tell(out, true)?;
    }
    match exit {
        Exit::Fine => writeln!(out, "generated files are as their documents say")?,
        _ => writeln!(out, "next: `{} generate`", environment.command)?,
    }
    Ok(exit)
}

/// Stages everything, then puts it in place: what can fail has failed before the
/// first file changes.
fn write(out: &mut dyn Write, environment: &Environment, outputs: &[Output]) -> io::Result<Exit> {
    sweep(&environment.root);
    sweep(&environment.at(&environment.settings.documents));
    for output in outputs {
        if let Some(folder) = environment.at(&output.code.path).parent() {
            sweep(folder);
        }
    }
    let stale = outputs.iter().filter(|output| output.is_stale());
    let mut staged = Vec::new();
    for output in stale {
        staged.extend(output.staged(environment)?);
    }
    let is_any = !staged.is_empty();
    for staged in staged {
        staged.commit()?;
    }
    for output in outputs {
        // After the crate, because cargo knows no member that is not there; and one at a time,
        // because each sees what the one before has added.
        if let Some(manifest) = output.members(environment)? {
            manifest.commit()?;
            writeln!(
                out,
                "written   {MANIFEST}: the client is a member of the workspace"
            )?;
        }
    }
    for output in outputs {
        output.tell(out, false)?;
    }
    match is_any {
        true => writeln!(out, "{}", next(&environment.settings))?,
        false => writeln!(
            out,
            "nothing to do: generated files are as their documents say"
        )?,
    }
    Ok(Exit::Fine)
}
