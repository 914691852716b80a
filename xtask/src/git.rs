//! Documents of another revision, as git has them.

use std::io;
use std::path::Path;
use std::process::{Command, Output};

/// A commit, and how a reader called it.
#[derive(Clone, Debug)]
pub(crate) struct Revision {
    pub(crate) commit: String,
    pub(crate) name: String,
}

impl Revision {
    /// The name with the commit, where that says more.
    pub(crate) fn shown(&self) -> String {
        let short = self.commit.get(..7).unwrap_or(&self.commit);
        match self.commit.starts_with(&self.name) {
            true => short.to_owned(),
            false => format!("{} ({short})", self.name),
        }
    }
}

/// The commit that a name means.
pub(crate) fn revision(root: &Path, name: &str) -> io::Result<Revision> {
    if let Some(commit) = commit(root, name)? {
        let name = name.to_owned();
        return Ok(Revision { commit, name });
    }
    let otherwise = "name a file, a branch, a tag or a commit; `git fetch` brings new ones";
    let hint = hint(root, otherwise)?;
    Err(io::Error::other(format!(
        "`{name}` is neither a file nor a revision of this repository; {hint}"
    )))
}

fn commit(root: &Path, name: &str) -> io::Result<Option<String>> {
    let wanted = format!("{name}^{{commit}}");
    let options = ["rev-parse", "--verify", "--quiet", "--end-of-options"];
    line(root, &[&options[..], &[&wanted]].concat())
}

/// What to do about a commit that is not here.
fn hint<'a>(root: &Path, otherwise: &'a str) -> io::Result<&'a str> {
    let answer = line(root, &["rev-parse", "--is-shallow-repository"])?;
    Ok(match answer.as_deref() {
        Some("true") => {
            "this clone is shallow: `git fetch --unshallow`, or check it out with its history"
        }
        _ => otherwise,
    })
}

/// Where the work left the default branch.
pub(crate) fn merge_base(root: &Path) -> io::Result<Revision> {
    let branch = default_branch(root)?;
    if let Some(commit) = line(root, &["merge-base", "HEAD", &branch])? {
        let name = format!("merge-base with {branch}");
        return Ok(Revision { commit, name });
    }
    let hint = hint(root, "name the base: `cargo xtask review BASE`")?;
    Err(io::Error::other(format!(
        "`HEAD` and `{branch}` have no commit in common; {hint}"
    )))
}

/// The branch that pull requests go to: what the pull request or the remote says,
/// else a usual name.
fn default_branch(root: &Path) -> io::Result<String> {
    if line(root, &["rev-parse", "--git-dir"])?.is_none() {
        return Err(io::Error::other(format!(
            "`{}` is no git repository; name two files: `cargo xtask review OLD NEW`",
            root.display()
        )));
    }
    let mut candidates = Vec::new();
    if let Ok(base) = std::env::var("GITHUB_BASE_REF")
        && !base.is_empty()
    {
        candidates.push(format!("origin/{base}"));
    }
    let remote = [
        "symbolic-ref",
        "--quiet",
        "--short",
        "refs/remotes/origin/HEAD",
    ];
    candidates.extend(line(root, &remote)?);
    let usual = ["origin/main", "origin/master", "main", "master"];
    candidates.extend(usual.map(str::to_owned));
    for candidate in &candidates {
        if commit(root, candidate)?.is_some() {
            return Ok(candidate.clone());
        }
    }
    let hint = hint(root, "name the base: `cargo xtask review BASE`")?;
    Err(io::Error::other(format!(
        "no default branch, such as `origin/main`, is here; {hint}"
    )))
}

/// The files below a folder in a revision, by path from the root.
pub(crate) fn files(root: &Path, revision: &Revision, folder: &str) -> io::Result<Vec<String>> {
    list(root, revision, &format!("{folder}/"), true)
}

/// A file in a revision; `None` when it is not there.
pub(crate) fn file(root: &Path, revision: &Revision, path: &str) -> io::Result<Option<Vec<u8>>> {
    if list(root, revision, path, false)?.is_empty() {
        return Ok(None);
    }
    let object = format!("{}:./{path}", revision.commit);
    asked(root, &["cat-file", "blob", &object]).map(Some)
}

/// What a revision has at a path, or below it.
fn list(root: &Path, revision: &Revision, path: &str, below: bool) -> io::Result<Vec<String>> {
    let mut arguments = vec!["--literal-pathspecs", "ls-tree", "-z", "--name-only"];
    if below {
        arguments.push("-r");
    }
    arguments.extend([revision.commit.as_str(), "--", path]);
    let output = asked(root, &arguments)?;
    let text = String::from_utf8(output).map_err(|_| {
        io::Error::other(format!(
            "a name below `{path}` in {} is not UTF-8; rename it",
            revision.shown()
        ))
    })?;
    let names = text.split('\0').filter(|name| !name.is_empty());
    Ok(names.map(str::to_owned).collect())
}

/// What git answers; an error when it fails.
fn asked(root: &Path, arguments: &[&str]) -> io::Result<Vec<u8>> {
    let output = git(root, arguments)?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let reason = String::from_utf8_lossy(&output.stderr);
    let reason = reason.lines().next().unwrap_or("no reason given");
    let command = arguments.join(" ");
    Err(io::Error::other(format!(
        "`git {command}` failed: {reason}"
    )))
}

/// The only line of an answer; `None` when git says no.
fn line(root: &Path, arguments: &[&str]) -> io::Result<Option<String>> {
    let output = git(root, arguments)?;
    let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    Ok((output.status.success() && !text.is_empty()).then_some(text))
}

fn git(root: &Path, arguments: &[&str]) -> io::Result<Output> {
    let mut command = Command::new("git");
    command.arg("-C").arg(root).args(arguments);
    command.output().map_err(|error| {
        io::Error::other(format!(
            "cannot run `git`, which knows the revisions: {error}"
        ))
    })
}
