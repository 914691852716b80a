//! The documentation of documents: written whole, compared, or served while somebody writes.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

use codegen::{Asked, Given};
use contract::report::{self, Found, Style};
use contract::{Checked, inert};
use docs::{File, Site};
use overlay::translation;

use crate::documents::Document;
use crate::environment::{Environment, read_if_there};
use crate::generate::admitted;
use crate::staged::{Staged, sweep};
use crate::{Exit, barrier, client, failure, git, translations};

mod history;
mod server;

use history::History;

/// What people wrote of what changed.
const CHANGELOG: &str = "CHANGELOG.md";
/// The file that lists what a site has, so that nothing else is ever replaced.
const LIST: &str = "files.txt";
/// How that begins.
const MARK: &str = "# Written by `docs`; whatever else stands here is not replaced.\n";

/// What to write, and where.
#[derive(Debug)]
pub(crate) struct Docs {
    pub(crate) names: Vec<String>,
    pub(crate) out: Option<PathBuf>,
    pub(crate) url: Option<String>,
    pub(crate) language: String,
    pub(crate) check: bool,
    pub(crate) missing: Option<String>,
    pub(crate) serve: bool,
}

pub(crate) fn run(
    out: &mut dyn Write,
    style: Style,
    environment: &Environment,
    docs: &Docs,
) -> io::Result<Exit> {
    let tags = [Some(&docs.language), docs.missing.as_ref()];
    for tag in tags.into_iter().flatten() {
        overlay::tag(tag).map_err(io::Error::other)?;
    }
    if let Some(url) = docs.url.as_deref().filter(|url| !is_address(url)) {
        return Err(io::Error::other(format!(
            "`{}` is no address of a site; write it as `https://docs.example/pets`",
            inert::line(url)
        )));
    }
    let documents = environment.named_documents(&docs.names)?;
    if let Some(language) = &docs.missing {
        if language.eq_ignore_ascii_case(&docs.language) {
            return Err(io::Error::other(format!(
                "`{language}` is the language of the document; say another with `--language` if it \
                 is not"
            )));
        }
        return missing(out, environment, &documents, language);
    }
    if docs.serve {
        return server::run(out, style, environment, docs, &documents);
    }
    let mut sites = Vec::new();
    let mut exit = Exit::Fine;
    let mut is_shallow = false;
    for document in &documents {
        let started = Instant::now();
        let history = History::read(environment, &document.path);
        is_shallow |= history.is_shallow;
        match files(out, style, environment, docs, document, &history)? {
            Ok((files, languages)) => {
                let target = docs.target(environment, document, documents.len() > 1);
                sites.push((target, files, languages, started.elapsed()));
            }
            Err(failure) => exit = exit.worse(failure),
        }
    }
    if exit != Exit::Fine {
        writeln!(
            out,
            "nothing was written\nnext: correct what is found, then `{} docs`",
            environment.command
        )?;
        return Ok(exit);
    }
    for (target, files, languages, took) in sites {
        let shown = target.strip_prefix(&environment.root).unwrap_or(&target);
        let shown = inert::line(&shown.display().to_string()).into_owned();
        let state = match (docs.check, is_as(&target, &files)?) {
            (_, true) => "unchanged",
            (true, false) => {
                exit = exit.worse(Exit::Stale);
                "stale"
            }
            (false, false) => {
                write(&target, &files)?;
                "written"
            }
        };
        let (count, took) = (files.len(), took.as_millis());
        writeln!(
            out,
            "{state:<9} {shown}: {count} files, {languages}, in {took} ms"
        )?;
    }
    if exit == Exit::Stale {
        writeln!(out, "next: `{} docs` writes it", environment.command)?;
    }
    if is_shallow {
        writeln!(
            out,
            "note: the page of changes knows the releases that this clone has; {}",
            git::SHALLOW
        )?;
    }
    Ok(exit)
}

/// Whether a sitemap can name what is below it (RFC 3986, section 3).
fn is_address(url: &str) -> bool {
    let rest = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"));
    let fits = |c: char| c.is_ascii_graphic() && !"\"<>\\^`{|}?#".contains(c);
    rest.is_some_and(|rest| !rest.is_empty() && rest.chars().all(fits))
}

impl Docs {
    /// The folder of a document's site.
    fn target(&self, environment: &Environment, document: &Document, are_several: bool) -> PathBuf {
        match &self.out {
            Some(out) if are_several => out.join(document.name.to_string()),
            Some(out) => out.clone(),
            None => environment.at(&format!("target/docs/{}", document.name)),
        }
    }
}

/// The files of a site, and its languages.
type Made = (Vec<(String, String)>, String);

/// The files of a document's site, and its languages; findings are drawn.
fn files(
    out: &mut dyn Write,
    style: Style,
    environment: &Environment,
    docs: &Docs,
    document: &Document,
    history: &History,
) -> io::Result<Result<Made, Exit>> {
    let path = environment.at(&document.path);
    let read = document.read(environment).map_err(io::Error::other)?;
    let Some(checked) = admitted(out, style, environment, read.clone())? else {
        return Ok(Err(Exit::ContractErrors));
    };
    let mut translated = Vec::new();
    let mut has_errors = false;
    for translation in translations::all(&path, &document.path, read.root())? {
        if translation.language.eq_ignore_ascii_case(&docs.language) {
            return Err(io::Error::other(format!(
                "`{}` translates into `{}`, which `{}` is written in; say its language with \
                 `--language`",
                inert::line(translation.found.source.name()),
                docs.language,
                document.path
            )));
        }
        let Found { source, findings } = &translation.found;
        let findings = environment.settings.levelled(findings.clone());
        report::findings(out, style, source, &findings)?;
        // What is wrong is done by nobody: it could make anything of the document.
        if overlay::has_errors(&translation.found.findings) || overlay::has_errors(&findings) {
            has_errors = true;
            continue;
        }
        // Overlays are about the document as it is written, and pages about how it is read.
        let mut root = read.root().clone();
        let overlay = translation.overlay.without_blanks();
        if let Err(finding) = overlay.apply(&mut root, 0) {
            report::findings(out, style, source, &[*finding])?;
            has_errors = true;
            continue;
        }
        match admitted(out, style, environment, read.clone().with_root(root))? {
            Some(checked) => translated.push((translation.language, checked)),
            None => has_errors = true,
        }
    }
    if has_errors {
        return Ok(Err(Exit::ContractErrors));
    }
    let site = site(environment, docs, document, &checked, &translated)?;
    let site = site.releases(history.releases(&read)?);
    let languages: Vec<String> = site.languages().map(str::to_owned).collect();
    let home = client::home(&environment.settings, &document.client);
    let asked = Asked {
        prefix: site.prefix().to_owned(),
        given: given(&site),
    };
    let files = site.files_with(|| {
        let calls = barrier::calls(&checked, &home, asked).into_iter();
        calls.map(|call| ((call.operation, call.example), call.code))
    });
    let files = files.into_iter().map(|File { path, text }| (path, text));
    Ok(Ok((files.collect(), languages.join(", "))))
}

fn site(
    environment: &Environment,
    docs: &Docs,
    document: &Document,
    checked: &Checked,
    translated: &[(String, Checked)],
) -> io::Result<Site> {
    let name = document.name.to_string();
    let mut site = Site::new(&name, &docs.language, checked.written().clone());
    for (language, checked) in translated {
        site = site.translated(language, checked.written().clone());
    }
    let changelog = environment.at(CHANGELOG);
    if let Some(changelog) = read_if_there(&environment.root, &changelog, CHANGELOG)? {
        site = site.changelog(changelog.text());
    }
    Ok(match &docs.url {
        Some(url) => site.url(url),
        None => site,
    })
}

/// What operations are given in samples of the generated client.
fn given(site: &Site) -> BTreeMap<String, Given> {
    let given = site.given().into_iter().map(|(title, given)| {
        let (parameters, bodies) = (given.parameters, given.bodies);
        (title, Given { parameters, bodies })
    });
    given.collect()
}

/// Whether a folder has these files and no others.
fn is_as(target: &Path, files: &[(String, String)]) -> io::Result<bool> {
    let Some(known) = listed(target)? else {
        return Ok(false);
    };
    let names: BTreeSet<&str> = files.iter().map(|(path, _)| path.as_str()).collect();
    let is_same = known.iter().map(String::as_str).eq(names);
    let is_there = |(path, text): &(String, String)| {
        fs::read(target.join(path)).is_ok_and(|old| old == text.as_bytes())
    };
    Ok(is_same && files.iter().all(is_there))
}

/// What the list of a site names, if the folder has one.
fn listed(target: &Path) -> io::Result<Option<BTreeSet<String>>> {
    if !target.is_dir() {
        return Ok(None);
    }
    match fs::read_to_string(target.join(LIST)) {
        Ok(text) => Ok(text
            .strip_prefix(MARK)
            .map(|lines| lines.lines().map(str::to_owned).collect())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(failure::to("read", &target.join(LIST))(error)),
    }
}

fn write(target: &Path, files: &[(String, String)]) -> io::Result<()> {
    // Where a link leads, the site stands.
    let found = target.is_symlink().then(|| fs::canonicalize(target));
    let found = found.and_then(Result::ok);
    let target = found.as_deref().unwrap_or(target);
    sweep(target);
    refuse_strangers(target)?;
    if let Some(beside) = target.parent().filter(|beside| *beside != Path::new("")) {
        fs::create_dir_all(beside).map_err(failure::to("create", beside))?;
        sweep(beside);
    }
    let names: BTreeSet<&str> = files.iter().map(|(path, _)| path.as_str()).collect();
    let names = names.into_iter().map(|name| format!("{name}\n"));
    let list = format!("{MARK}{}", names.collect::<String>());
    let list = [(LIST.to_owned(), list)];
    let all: Vec<(&String, String)> = files
        .iter()
        .chain(&list)
        .map(|(path, text)| (path, text.clone()))
        .collect();
    Staged::pages(target, &all)?.commit_or_fill(target, &all)
}

/// A folder that holds anything that was not written here is not replaced.
fn refuse_strangers(target: &Path) -> io::Result<()> {
    if !target.exists() {
        return Ok(());
    }
    let shown = inert::line(&target.display().to_string()).into_owned();
    if !target.is_dir() {
        return Err(io::Error::other(format!(
            "`{shown}` is no folder; name another one with `--out`"
        )));
    }
    let known = listed(target)?.unwrap_or_default();
    let mut open = vec![target.to_owned()];
    while let Some(folder) = open.pop() {
        let list = failure::to("list", &folder);
        for entry in fs::read_dir(&folder).map_err(&list)? {
            let path = entry.map_err(&list)?.path();
            if path.is_dir() && !path.is_symlink() {
                open.push(path);
                continue;
            }
            let name = path.strip_prefix(target).unwrap_or(&path);
            let steps: Vec<_> = name.iter().map(|step| step.to_string_lossy()).collect();
            let name = steps.join("/");
            if name != LIST && !known.contains(&name) {
                return Err(io::Error::other(format!(
                    "`{shown}` has `{}`, which `docs` did not write; move it away, or name another \
                     folder with `--out`",
                    inert::line(&name)
                )));
            }
        }
    }
    Ok(())
}

/// Writes what documents lack in a language.
fn missing(
    out: &mut dyn Write,
    environment: &Environment,
    documents: &[Document],
    language: &str,
) -> io::Result<Exit> {
    let [document] = documents else {
        return Err(io::Error::other("there are several documents; name one"));
    };
    let path = environment.at(&document.path);
    let read = document.read(environment).map_err(io::Error::other)?;
    let translations = translations::all(&path, &document.path, read.root())?;
    let mut translations = translations.iter();
    let known = translations.find(|one| one.language.eq_ignore_ascii_case(language));
    let known = known.map(|one| &one.overlay);
    let file = document.file();
    if let Some(skeleton) = translation::skeleton(read.root(), known, file, language) {
        out.write_all(skeleton.as_bytes())?;
    }
    Ok(Exit::Fine)
}
