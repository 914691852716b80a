//! What git is asked, and what it says.

use std::env;
use std::io;
use std::path::Path;
use std::process::{Command, Output};

use contract::inert;

/// So many lines of what git says are passed on.
const MOST_LINES: usize = 8;

/// What a hook of git's is told of its repository. The one that is asked here is that around
/// the folder, be it a submodule's.
const OF_A_HOOK: [&str; 5] = [
    "GIT_COMMON_DIR",
    "GIT_DIR",
    "GIT_INDEX_FILE",
    "GIT_PREFIX",
    "GIT_WORK_TREE",
];

/// A commit, and how a reader called it.
#[derive(Clone, Debug)]
pub(crate) struct Revision {
    pub(crate) commit: String,
    pub(crate) name: String,
}

impl Revision {
    /// The name with the commit, where that says more.
    pub(crate) fn shown(&self) -> String {
        let (short, name) = (short(&self.commit), inert::line(&self.name));
        match self.commit.starts_with(&self.name) {
            true => short.to_owned(),
            false => format!("{name} ({short})"),
        }
    }
}

/// The first digits of a commit.
pub(crate) fn short(commit: &str) -> &str {
    commit.get(..7).unwrap_or(commit)
}

/// What git answers to a question that it may say no to.
type Answer = Result<String, No>;

/// Git's no, with what it adds to it; mostly nothing.
#[derive(Debug)]
struct No(String);

impl No {
    /// The end of a sentence.
    fn words(&self) -> String {
        match self.0.is_empty() {
            true => String::new(),
            false => format!("; git says: {}", self.0),
        }
    }
}

/// The commit that a name means.
pub(crate) fn revision(root: &Path, command: &str, name: &str) -> io::Result<Revision> {
    check_repository(root, command)?;
    let no = match commit(root, name)? {
        Ok(commit) => {
            let name = name.to_owned();
            return Ok(Revision { commit, name });
        }
        Err(no) => no,
    };
    let hint = match is_shallow(root)? {
        true => SHALLOW,
        false => "name a file, a branch, a tag or a commit; `git fetch` brings new ones",
    };
    Err(io::Error::other(format!(
        "`{}` is neither a file nor a revision of this repository; {hint}{}",
        inert::line(name),
        no.words()
    )))
}

/// Whether a name means a commit; not where nobody can tell.
pub(crate) fn is_revision(root: &Path, name: &str) -> bool {
    commit(root, name).is_ok_and(|answer| answer.is_ok())
}

fn commit(root: &Path, name: &str) -> io::Result<Answer> {
    let wanted = format!("{name}^{{commit}}");
    verify(root, &wanted)
}

/// The object that an expression means.
fn verify(root: &Path, expression: &str) -> io::Result<Answer> {
    let options = ["rev-parse", "--verify", "--quiet", "--end-of-options"];
    line(root, &[&options[..], &[expression]].concat())
}

/// What to do where the history is not here.
pub(crate) const SHALLOW: &str =
    "this clone is shallow: `git fetch --unshallow`, or check it out with its history";

pub(crate) fn is_shallow(root: &Path) -> io::Result<bool> {
    let answer = line(root, &["rev-parse", "--is-shallow-repository"])?;
    Ok(answer.is_ok_and(|answer| answer == "true"))
}

fn check_repository(root: &Path, command: &str) -> io::Result<()> {
    let answer = line(root, &["rev-parse", "--git-dir"]);
    let answer = answer.map_err(|error| {
        io::Error::other(format!(
            "no revision can be read: {error}; two files need no git: \
             `{command} review OLD NEW`"
        ))
    });
    answer.map(|_| ())
}

/// Where the work left the branch that it goes to.
pub(crate) fn merge_base(
    root: &Path,
    command: &str,
    default: Option<&str>,
) -> io::Result<Revision> {
    check_repository(root, command)?;
    let (shown, branch) = target(root, command, default)?;
    let shown = inert::line(&shown).into_owned();
    match line(root, &["merge-base", "HEAD", &branch])? {
        Ok(commit) => {
            let name = format!("merge-base with {shown}");
            Ok(Revision { commit, name })
        }
        Err(no) => {
            let base = name_the_base(command);
            let hint = match is_shallow(root)? {
                true => SHALLOW,
                false => &base,
            };
            let words = no.words();
            Err(io::Error::other(format!(
                "`HEAD` and `{shown}` have no commit in common; {hint}{words}"
            )))
        }
    }
}

fn name_the_base(command: &str) -> String {
    format!("name the base: `{command} review BASE`")
}

/// The branch that the work goes to, as a reader knows it, and in full: what the pull request
/// says, else what is configured, else what the remote says, else a usual name.
fn target(root: &Path, command: &str, default: Option<&str>) -> io::Result<(String, String)> {
    let asked = env::var_os("GITHUB_BASE_REF").filter(|base| !base.is_empty());
    if let Some(base) = asked {
        return asked_for(root, &base.to_string_lossy());
    }
    let candidates = match default {
        Some(branch) => ["remotes/origin", "heads"]
            .map(|from| format!("refs/{from}/{branch}"))
            .to_vec(),
        None => {
            let remote = ["symbolic-ref", "--quiet", "refs/remotes/origin/HEAD"];
            let told = line(root, &remote)?.into_iter();
            let usual = [
                "remotes/origin/main",
                "remotes/origin/master",
                "heads/main",
                "heads/master",
            ];
            told.chain(usual.map(|name| format!("refs/{name}")))
                .collect()
        }
    };
    for full in candidates {
        match commit(root, &full)? {
            Ok(_) => {
                let shown = full.trim_start_matches("refs/");
                let shown = shown
                    .trim_start_matches("remotes/")
                    .trim_start_matches("heads/");
                return Ok((shown.to_owned(), full));
            }
            Err(no) if no.0.is_empty() => {}
            Err(no) => {
                let shown = inert::line(&full).into_owned();
                return Err(io::Error::other(format!(
                    "cannot read `{shown}`{}",
                    no.words()
                )));
            }
        }
    }
    let base = name_the_base(command);
    let hint = match is_shallow(root)? {
        true => SHALLOW,
        false => &base,
    };
    let wanted = inert::line(default.unwrap_or("main"));
    Err(io::Error::other(format!(
        "no default branch, such as `origin/{wanted}`, is here; {hint}"
    )))
}

/// The branch that a pull request goes to; no other takes its place.
fn asked_for(root: &Path, base: &str) -> io::Result<(String, String)> {
    let full = format!("refs/remotes/origin/{base}");
    let no = match commit(root, &full)? {
        Ok(_) => return Ok((format!("origin/{base}"), full)),
        Err(no) => no,
    };
    let unshallow = match is_shallow(root)? {
        true => "--unshallow ",
        false => "",
    };
    let (base, words) = (inert::line(base), no.words());
    Err(io::Error::other(format!(
        "`GITHUB_BASE_REF` asks for `{base}`, and `origin/{base}` is not here: `git fetch \
         {unshallow}origin +refs/heads/{base}:refs/remotes/origin/{base}`{words}"
    )))
}

/// A tag, and the day on which it was made, or else its commit.
#[derive(Debug)]
pub(crate) struct Tag {
    pub(crate) revision: Revision,
    pub(crate) date: String,
}

/// The newest tags of what led to here, the newest first; none where there is no repository, or no
/// commit.
pub(crate) fn tags(root: &Path, most: usize) -> io::Result<Vec<Tag>> {
    let count = format!("--count={most}");
    let output = git(
        root,
        &[
            "for-each-ref",
            "--merged=HEAD",
            "--sort=-version:refname",
            "--sort=-creatordate",
            "--format=%(refname:lstrip=2)%00%(creatordate:short)%00%(objectname)%00%(*objectname)",
            &count,
            "refs/tags",
        ],
    )?;
    let text = String::from_utf8_lossy(&output.stdout);
    let tags = text.lines().filter_map(|line| {
        let mut parts = line.split('\0').map(str::to_owned);
        let (name, date, object, tagged) =
            (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        // A tag with words of its own is an object besides the commit.
        let commit = Some(tagged).filter(|it| !it.is_empty()).unwrap_or(object);
        Some(Tag {
            revision: Revision { commit, name },
            date,
        })
    });
    Ok(tags.collect())
}

/// The path from the top of the repository to a folder, with a `/` at the end.
pub(crate) fn prefix(folder: &Path) -> io::Result<String> {
    Ok(line(folder, &["rev-parse", "--show-prefix"])?.unwrap_or_default())
}

/// The tree of a commit; `None` when the commit is not here.
pub(crate) fn tree(repository: &Path, commit: &str) -> io::Result<Option<String>> {
    Ok(verify(repository, &format!("{commit}^{{tree}}"))?.ok())
}

/// What stands in a tree, as `git ls-tree -z` has it.
pub(crate) fn entries(repository: &Path, tree: &str) -> io::Result<Vec<u8>> {
    asked(repository, &["ls-tree", "-z", "--full-tree", tree])
}

/// The content of a file.
pub(crate) fn content(repository: &Path, object: &str) -> io::Result<Vec<u8>> {
    asked(repository, &["cat-file", "blob", object])
}

/// What git answers; an error when it fails.
fn asked(folder: &Path, arguments: &[&str]) -> io::Result<Vec<u8>> {
    let output = git(folder, arguments)?;
    match output.status.success() {
        true => Ok(output.stdout),
        false => Err(failed(folder, arguments, &output)),
    }
}

/// The only line of a response. Git says no with 1; with any other code it could not tell.
fn line(folder: &Path, arguments: &[&str]) -> io::Result<Answer> {
    let output = git(folder, arguments)?;
    match output.status.code() {
        Some(0) => {
            let text = String::from_utf8_lossy(&output.stdout);
            Ok(Ok(text.trim_end_matches(['\n', '\r']).to_owned()))
        }
        Some(1) => Ok(Err(No(words(&output)))),
        _ => Err(failed(folder, arguments, &output)),
    }
}

fn failed(folder: &Path, arguments: &[&str], output: &Output) -> io::Error {
    let (command, folder) = (arguments.join(" "), folder.display().to_string());
    let (command, folder) = (inert::line(&command), inert::line(&folder));
    let words = match words(output) {
        words if words.is_empty() => output.status.to_string(),
        words => words,
    };
    io::Error::other(format!("`git {command}` failed in `{folder}`: {words}"))
}

/// What git said of its failure, on one line.
fn words(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stderr);
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let lines: Vec<_> = lines.take(MOST_LINES).map(inert::line).collect();
    lines.join(" ")
}

fn git(folder: &Path, arguments: &[&str]) -> io::Result<Output> {
    let mut command = Command::new("git");
    command.arg("-C").arg(folder).args(arguments);
    for variable in OF_A_HOOK {
        command.env_remove(variable);
    }
    command.output().map_err(|error| {
        io::Error::other(format!(
            "cannot run `git`, which knows the revisions: {error}"
        ))
    })
}
