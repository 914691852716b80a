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
    let wanted = format!("{name}^{{commit}}");
    let arguments = [
        "rev-parse",
        "--verify",
        "--quiet",
        "--end-of-options",
        &wanted,
    ];
    if let Some(commit) = line(root, &arguments)? {
        let name = name.to_owned();
        return Ok(Revision { commit, name });
    }
    let hint = match is_shallow(root)? {
        true => "this clone is shallow: `git fetch --unshallow`, or check it out with its history",
        false => "name a file, a branch, a tag or a commit; `git fetch` brings new ones",
    };
    Err(io::Error::other(format!(
        "`{name}` is neither a file nor a revision of this repository; {hint}"
    )))
}

/// Where the work left the default branch.
pub(crate) fn merge_base(root: &Path) -> io::Result<Revision> {
    let branch = default_branch(root)?;
    let found = line(root, &["merge-base", "HEAD", &branch])?;
    if let Some(commit) = found {
        let name = format!("merge-base with {branch}");
        return Ok(Revision { commit, name });
    }
    let hint = match is_shallow(root)? {
        true => "this clone is shallow: `git fetch --unshallow`, or check it out with its history",
        false => "name the base: `cargo xtask review BASE`",
    };
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
        let commit = format!("{candidate}^{{commit}}");
        let arguments = [
            "rev-parse",
            "--verify",
            "--quiet",
            "--end-of-options",
            &commit,
        ];
        if line(root, &arguments)?.is_some() {
            return Ok(candidate.clone());
        }
    }
    let hint = match is_shallow(root)? {
        true => "this clone is shallow: `git fetch --unshallow`, or check it out with its history",
        false => "name the base: `cargo xtask review BASE`",
    };
    Err(io::Error::other(format!(
        "no default branch, such as `origin/main`, is here; {hint}"
    )))
}

/// The files of a folder in a revision, by path from the root.
pub(crate) fn files(root: &Path, revision: &Revision, folder: &str) -> io::Result<Vec<String>> {
    let folder = format!("{folder}/");
    let arguments = ["ls-tree", "-z", "--name-only", &revision.commit, &folder];
    let output = git(root, &arguments)?;
    if !output.status.success() {
        return Err(failed(&arguments, &output));
    }
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let names = text.split('\0').filter(|name| !name.is_empty());
    Ok(names.map(str::to_owned).collect())
}

/// A file in a revision; `None` when it is not there.
pub(crate) fn file(root: &Path, revision: &Revision, path: &str) -> io::Result<Option<Vec<u8>>> {
    let object = format!("{}:./{path}", revision.commit);
    let exists = git(root, &["cat-file", "-e", &object])?;
    if !exists.status.success() {
        return Ok(None);
    }
    let arguments = ["cat-file", "blob", &object];
    let output = git(root, &arguments)?;
    match output.status.success() {
        true => Ok(Some(output.stdout)),
        false => Err(failed(&arguments, &output)),
    }
}

fn is_shallow(root: &Path) -> io::Result<bool> {
    let answer = line(root, &["rev-parse", "--is-shallow-repository"])?;
    Ok(answer.as_deref() == Some("true"))
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

fn failed(arguments: &[&str], output: &Output) -> io::Error {
    let reason = String::from_utf8_lossy(&output.stderr);
    let reason = reason.lines().next().unwrap_or("no reason given");
    io::Error::other(format!("`git {}` failed: {reason}", arguments.join(" ")))
}
