use std::path::PathBuf;

use crate::barrier;
use lexopt::{Arg, Error, Parser, ValueExt as _};

pub(crate) const HELP: &str = "\
usage: cargo xtask <command>

commands:
  generate          regenerate every client from its document in `openapi/`
  generate --check  write nothing; show what is stale
  lint [FILE…]      check documents; without FILE every document in `openapi/`
    --deny-warnings   a warning fails like an error
    --rules           list what is checked
  new NAME DOCUMENT
                    bring another API into the workspace: `openapi/NAME`, `crates/NAME`
  review [BASE] [HEAD]
                    what the change from BASE to HEAD means, on the wire and for
                    users of the crate; each a git revision or a file, without
                    them the merge-base with the default branch and the work tree
    --format FORMAT   terminal, markdown, json or github
    --wire-only       leave out the crate
    --changelog       the section for CHANGELOG.md instead

exit codes:
  0 fine   1 the tool failed   2 usage   3 the contract has errors
  4 generated files are stale: run `cargo xtask generate`
  5 a breaking change that nobody approved in `openapi/approvals.yaml`
";

/// How a review is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Terminal,
    Markdown,
    Json,
    Github,
    Changelog,
}

/// What to review, and how to say it.
#[derive(Debug)]
pub(crate) struct Review {
    pub(crate) base: Option<String>,
    pub(crate) head: Option<String>,
    pub(crate) format: Format,
    pub(crate) wire_only: bool,
}

/// What to do.
#[derive(Debug)]
pub(crate) enum Command {
    Help,
    Lint {
        files: Vec<PathBuf>,
        deny_warnings: bool,
    },
    Rules,
    /// The process behind the barrier.
    Generator,
    Generate {
        check: bool,
    },
    New {
        name: String,
        document: PathBuf,
    },
    Review(Review),
}

pub(crate) fn parse() -> Result<Command, Error> {
    let mut parser = Parser::from_env();
    let Some(first) = parser.next()? else {
        return Err("a command is missing".into());
    };
    match first {
        Arg::Short('h') | Arg::Long("help") => Ok(Command::Help),
        Arg::Value(name) => match name.string()?.as_str() {
            "help" => Ok(Command::Help),
            "lint" => lint(parser),
            "generate" => generate(parser),
            "new" => new(parser),
            "review" => review(parser),
            barrier::COMMAND => Ok(Command::Generator),
            other => Err(format!("there is no command `{other}`").into()),
        },
        other => Err(other.unexpected()),
    }
}

fn lint(mut parser: Parser) -> Result<Command, Error> {
    let (mut files, mut deny_warnings) = (Vec::new(), false);
    while let Some(argument) = parser.next()? {
        match argument {
            Arg::Short('h') | Arg::Long("help") => return Ok(Command::Help),
            Arg::Long("deny-warnings") => deny_warnings = true,
            Arg::Long("rules") => return Ok(Command::Rules),
            Arg::Value(file) => files.push(file.into()),
            other => return Err(other.unexpected()),
        }
    }
    Ok(Command::Lint {
        files,
        deny_warnings,
    })
}

fn generate(mut parser: Parser) -> Result<Command, Error> {
    let mut check = false;
    while let Some(argument) = parser.next()? {
        match argument {
            Arg::Short('h') | Arg::Long("help") => return Ok(Command::Help),
            Arg::Long("check") => check = true,
            other => return Err(other.unexpected()),
        }
    }
    Ok(Command::Generate { check })
}

fn new(mut parser: Parser) -> Result<Command, Error> {
    let (mut name, mut document) = (None, None);
    while let Some(argument) = parser.next()? {
        match argument {
            Arg::Short('h') | Arg::Long("help") => return Ok(Command::Help),
            Arg::Value(value) if name.is_none() => name = Some(value.string()?),
            Arg::Value(value) if document.is_none() => document = Some(value.into()),
            other => return Err(other.unexpected()),
        }
    }
    match (name, document) {
        (Some(name), Some(document)) => Ok(Command::New { name, document }),
        _ => Err("`new` needs a name and a document".into()),
    }
}

fn review(mut parser: Parser) -> Result<Command, Error> {
    let mut review = Review {
        base: None,
        head: None,
        format: Format::Terminal,
        wire_only: false,
    };
    while let Some(argument) = parser.next()? {
        match argument {
            Arg::Short('h') | Arg::Long("help") => return Ok(Command::Help),
            Arg::Long("format") => review.format = format(&parser.value()?.string()?)?,
            Arg::Long("changelog") => review.format = Format::Changelog,
            Arg::Long("wire-only") => review.wire_only = true,
            Arg::Value(base) if review.base.is_none() => review.base = Some(base.string()?),
            Arg::Value(head) if review.head.is_none() => review.head = Some(head.string()?),
            other => return Err(other.unexpected()),
        }
    }
    Ok(Command::Review(review))
}

fn format(name: &str) -> Result<Format, Error> {
    match name {
        "terminal" => Ok(Format::Terminal),
        "markdown" => Ok(Format::Markdown),
        "json" => Ok(Format::Json),
        "github" => Ok(Format::Github),
        other => Err(format!(
            "there is no format `{other}`; take `terminal`, `markdown`, `json` or `github`"
        )
        .into()),
    }
}
