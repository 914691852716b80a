//! What the commands are asked for.

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, ArgMatches, Command, Error, value_parser};

use contract::report::Style;

use crate::Exit;
use crate::docs::Docs;
use crate::init::Init;
use crate::lint::Lint;
use crate::report::Report;
use crate::settings::Wire;

/// How a review is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Terminal,
    Markdown,
    Json,
    Github,
    Sarif,
    Outputs,
    Changelog,
}

pub(crate) const FORMATS: [(&str, Format); 5] = [
    ("terminal", Format::Terminal),
    ("markdown", Format::Markdown),
    ("json", Format::Json),
    ("github", Format::Github),
    ("sarif", Format::Sarif),
];

/// A review may be summed up for later steps of a job, too.
const REVIEW_FORMATS: [(&str, Format); 6] = [
    FORMATS[0],
    FORMATS[1],
    FORMATS[2],
    FORMATS[3],
    FORMATS[4],
    ("outputs", Format::Outputs),
];

/// A form, and the file that it is written to.
pub(crate) type Written = (Format, PathBuf);

const WIRES: [(&str, Wire); 3] = [
    ("breaking", Wire::Breaking),
    ("risky", Wire::Risky),
    ("never", Wire::Never),
];

/// Whether to use colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Colour {
    Auto,
    Always,
    Never,
}

const COLOURS: [(&str, Colour); 3] = [
    ("auto", Colour::Auto),
    ("always", Colour::Always),
    ("never", Colour::Never),
];

/// What to review, and how to say it.
#[derive(Debug)]
pub(crate) struct Review {
    pub(crate) base: Option<String>,
    pub(crate) head: Option<String>,
    pub(crate) format: Format,
    pub(crate) write: Vec<Written>,
    pub(crate) wire_only: bool,
    pub(crate) fail_on: Option<Wire>,
}

/// A command that a program has beside those of every program.
#[derive(Clone, Debug)]
pub struct OwnCommand {
    /// Its name, help and arguments.
    pub command: Command,
    /// What it does, and what the exit code says of it.
    pub run: fn(&ArgMatches, Style, &mut dyn Write) -> io::Result<Exit>,
}

/// What to do.
#[derive(Debug)]
pub(crate) enum Task {
    Init(Init),
    Explain(Option<String>),
    Lint(Lint),
    Rules,
    Generate {
        names: Vec<String>,
        check: bool,
    },
    New {
        name: String,
        document: PathBuf,
        partial: bool,
    },
    Review(Review),
    Docs(Docs),
    /// A command of the program's own, by its place among those.
    Own(usize, ArgMatches),
}

impl Task {
    /// Whether what it says is about its work, and not what was asked for.
    pub(crate) fn is_told(&self) -> bool {
        match self {
            Self::Init(_) | Self::Generate { .. } | Self::New { .. } => true,
            Self::Docs(docs) => docs.missing.is_none(),
            Self::Lint(lint) => lint.report.is_for_terminal(),
            Self::Review(review) => review.format == Format::Terminal,
            Self::Explain(_) | Self::Rules | Self::Own(..) => false,
        }
    }
}

/// What to do, where, and how to tell of it.
#[derive(Debug)]
pub(crate) struct Arguments {
    pub(crate) task: Task,
    pub(crate) colour: Colour,
    pub(crate) quiet: bool,
    pub(crate) manifest_path: Option<PathBuf>,
}

const EXIT_CODES: &str = "\
exit codes:
  0 fine   1 the tool failed   2 usage or configuration   3 the contract has errors
  4 generated files are stale   5 a change that breaks callers, and nobody approved, or an API
  that does not do what its contract says";

/// The commands as `clap` knows them, for a program that is called so: `cargo sdk`.
#[must_use]
pub fn command(called: &str) -> Command {
    let example = |text: &str| text.replace("COMMAND", called);
    Command::new("sdk")
        .bin_name(called)
        .about("Clients, checks and reviews from OpenAPI contracts")
        .after_help(EXIT_CODES)
        .version(env!("CARGO_PKG_VERSION"))
        .subcommand_required(true)
        .disable_help_subcommand(true)
        .args([
            choice("color", &COLOURS.map(|(name, _)| name))
                .default_value("auto")
                .global(true)
                .help("Whether to use colour; `NO_COLOR` turns it off, too"),
            flag("quiet")
                .short('q')
                .global(true)
                .help("Say nothing unless something is wrong"),
            Arg::new("manifest-path")
                .long("manifest-path")
                .value_name("PATH")
                .global(true)
                .value_parser(value_parser!(PathBuf))
                .help("The `Cargo.toml` whose workspace to work on"),
        ])
        .subcommands([
            Command::new("init")
                .about("Begin here: a first contract, and the client that is generated from it")
                .after_help(example(
                    "In a package, in a workspace, or in an empty folder. Nothing that is there is \
                     replaced.\n\nexample:\n  COMMAND init shop --from shop-openapi.yaml",
                ))
                .args([
                    Arg::new("name").default_value("api").help("What to call it"),
                    Arg::new("from")
                        .long("from")
                        .value_name("FILE")
                        .value_parser(value_parser!(PathBuf))
                        .help("A document to begin with, instead of a small one"),
                    flag("module").help("The client is a module of the package here, not a crate"),
                    flag("alias").help("Let `cargo xtask` mean these commands, too"),
                    Arg::new("workflow")
                        .long("workflow")
                        .value_name("ACTION")
                        .help("Write a workflow that uses this action: `OWNER/REPOSITORY@REVISION`"),
                ]),
            Command::new("explain")
                .about("What a lint rule, a note or a kind of change means")
                .after_help(example("example:\n  COMMAND explain property-removed"))
                .arg(
                    Arg::new("rule")
                        .value_name("RULE")
                        .help("Its name; without it, all are listed"),
                ),
            Command::new("generate")
                .about("Regenerate clients from their documents")
                .after_help(example(
                    "example:\n  COMMAND generate --check   in CI: write nothing, show what is stale",
                ))
                .args([
                    Arg::new("names")
                        .value_name("NAME")
                        .action(ArgAction::Append)
                        .help("Documents, by name; without any, all"),
                    flag("check").help("Write nothing; show what is stale"),
                ]),
            Command::new("docs")
                .about("Write the documentation of documents, in all their languages")
                .after_help(example(
                    "A translation is an overlay beside the document: `shop.es.overlay.yaml`.\n\n\
                     examples:\n  COMMAND docs --serve            look at it while you write\n  \
                     COMMAND docs --missing es       what is left to translate",
                ))
                .args([
                    Arg::new("names")
                        .value_name("NAME")
                        .action(ArgAction::Append)
                        .help("Documents, by name; without any, all"),
                    Arg::new("out")
                        .long("out")
                        .value_name("DIR")
                        .value_parser(value_parser!(PathBuf))
                        .help("The folder of the site; `target/docs/NAME` unless told"),
                    Arg::new("url")
                        .long("url")
                        .value_name("URL")
                        .help("Where the site will be found, for a sitemap"),
                    Arg::new("language")
                        .long("language")
                        .value_name("TAG")
                        .default_value("en")
                        .help("The language that the document itself is written in"),
                    flag("check")
                        .conflicts_with("serve")
                        .help("Write nothing; say whether the site is as its document says"),
                    Arg::new("missing")
                        .long("missing")
                        .value_name("TAG")
                        .conflicts_with_all(["check", "serve", "out"])
                        .help("Write what is left to translate into a language, to be filled in"),
                    flag("serve").help("Serve it on loopback, and make it again when something changes"),
                ]),
            Command::new("lint")
                .about("Check documents")
                .after_help(example(
                    "example:\n  COMMAND lint openapi/shop.yaml --deny-warnings",
                ))
                .args([
                    Arg::new("files")
                        .value_name("FILE")
                        .action(ArgAction::Append)
                        .value_parser(value_parser!(PathBuf))
                        .help("Files; without any, all documents of the workspace"),
                    format(),
                    write(&FORMATS),
                    flag("deny-warnings").help("A warning fails like an error"),
                    flag("rules").help("List what is checked"),
                ]),
            Command::new("new")
                .about("Bring another API into the workspace: its document, and a client")
                .after_help(example("example:\n  COMMAND new petstore ~/petstore.yaml"))
                .args([
                    Arg::new("name").required(true).help("What to call it"),
                    Arg::new("document")
                        .required(true)
                        .value_parser(value_parser!(PathBuf))
                        .help("The document, which is copied with all files that it refers to"),
                    flag("partial").help(
                        "Leaves out the operations that need something which nobody can \
                         understand, and configures that",
                    ),
                ]),
            Command::new("review")
                .about("What a change means, on the wire and for users of the crate")
                .after_help(example(
                    "Each side is a git revision or a file. Without them, the work tree is compared \
                     with where it left the default branch.\n\nexample:\n  COMMAND review v1.2.0 \
                     --format markdown",
                ))
                .args([
                    Arg::new("base").help("What stood before"),
                    Arg::new("head").help("What stands now"),
                    choice("format", &REVIEW_FORMATS.map(|(name, _)| name))
                        .default_value("terminal")
                        .help("How it is written"),
                    write(&REVIEW_FORMATS),
                    choice("fail-on", &WIRES.map(|(name, _)| name))
                        .help("The least that fails, unless it is approved"),
                    flag("wire-only").help("Leave out the crate"),
                    flag("changelog").help("The section for CHANGELOG.md instead"),
                ]),
        ])
}

fn flag(name: &'static str) -> Arg {
    Arg::new(name).long(name).action(ArgAction::SetTrue)
}

fn choice<const N: usize>(name: &'static str, values: &[&'static str; N]) -> Arg {
    let values = PossibleValuesParser::new(*values);
    Arg::new(name)
        .long(name)
        .value_name("WHICH")
        .value_parser(values)
}

/// How findings are written.
pub(crate) fn format() -> Arg {
    choice("format", &FORMATS.map(|(name, _)| name))
        .default_value("terminal")
        .help("How it is written")
}

/// The same run in other forms, each in a file.
pub(crate) fn write(known: &'static [(&'static str, Format)]) -> Arg {
    let parse = move |text: &str| {
        let (name, file) = text
            .split_once('=')
            .ok_or("write the form and the file, as in `json=report.json`")?;
        let found = known.iter().find(|(known, _)| *known == name);
        let names = || known.iter().map(|(name, _)| *name).collect::<Vec<_>>();
        match found {
            Some((_, format)) if !file.is_empty() => Ok((*format, PathBuf::from(file))),
            Some(_) => Err("the file has no name".to_owned()),
            None => Err(format!("no such form; there are {}", names().join(", "))),
        }
    };
    Arg::new("write")
        .long("write")
        .value_name("FORM=FILE")
        .action(ArgAction::Append)
        .value_parser(parse)
        .help("Write the same to a file, too, in another form; may be repeated")
}

/// Reads the arguments, without the program's name.
///
/// # Errors
/// What is wrong with them, or the help that was asked for.
pub(crate) fn parse(
    called: &str,
    arguments: impl IntoIterator<Item = OsString>,
    own: &[OwnCommand],
) -> Result<Arguments, Error> {
    let all = [OsString::from(called)].into_iter().chain(arguments);
    let mut command = command(called);
    for own in own {
        command = command.subcommand(own.command.clone());
    }
    let matches = command.try_get_matches_from(all)?;
    Ok(read(&matches, own))
}

fn read(matches: &ArgMatches, own: &[OwnCommand]) -> Arguments {
    // A command is required.
    let (name, inner) = matches.subcommand().unwrap_or(("", matches));
    let text = |name: &str| inner.get_one::<String>(name).cloned();
    let path = |name: &str| inner.get_one::<PathBuf>(name).cloned();
    let task = match name {
        "init" => Task::Init(Init {
            name: text("name").unwrap_or_default(),
            from: path("from"),
            module: inner.get_flag("module"),
            alias: inner.get_flag("alias"),
            workflow: text("workflow"),
        }),
        "explain" => Task::Explain(text("rule")),
        "generate" => Task::Generate {
            names: all(inner, "names"),
            check: inner.get_flag("check"),
        },
        "docs" => Task::Docs(Docs {
            names: all(inner, "names"),
            out: path("out"),
            url: text("url"),
            language: text("language").unwrap_or_default(),
            check: inner.get_flag("check"),
            missing: text("missing"),
            serve: inner.get_flag("serve"),
        }),
        "lint" if inner.get_flag("rules") => Task::Rules,
        "lint" => Task::Lint(Lint {
            files: all(inner, "files"),
            deny_warnings: inner.get_flag("deny-warnings"),
            report: Report::of(inner),
        }),
        "new" => Task::New {
            name: text("name").unwrap_or_default(),
            document: path("document").unwrap_or_default(),
            partial: inner.get_flag("partial"),
        },
        "review" => Task::Review(Review {
            base: text("base"),
            head: text("head"),
            format: match inner.get_flag("changelog") {
                true => Format::Changelog,
                false => chosen(inner, "format", &REVIEW_FORMATS).unwrap_or(Format::Terminal),
            },
            write: all(inner, "write"),
            wire_only: inner.get_flag("wire-only"),
            fail_on: chosen(inner, "fail-on", &WIRES),
        }),
        name => {
            let place = own.iter().position(|own| own.command.get_name() == name);
            Task::Own(place.unwrap_or_default(), inner.clone())
        }
    };
    Arguments {
        task,
        colour: chosen(inner, "color", &COLOURS).unwrap_or(Colour::Auto),
        quiet: inner.get_flag("quiet"),
        manifest_path: path("manifest-path"),
    }
}

pub(crate) fn all<T: Clone + Send + Sync + 'static>(matches: &ArgMatches, name: &str) -> Vec<T> {
    let values = matches.get_many(name).into_iter().flatten();
    values.cloned().collect()
}

pub(crate) fn chosen<T: Copy>(matches: &ArgMatches, name: &str, known: &[(&str, T)]) -> Option<T> {
    let value = matches.get_one::<String>(name)?;
    let found = known.iter().find(|(name, _)| name == value);
    found.map(|(_, it)| *it)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_commands_are_what_clap_allows() {
        super::command("cargo sdk").debug_assert();
    }
}
