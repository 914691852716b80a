//! What a rule, a note or a kind of change means.

use std::io::{self, Write};

use contract::explanation::{part, sections};
use contract::lint::{RULES, nearest};
use contract::report::Style;
use contract::{Severity, inert};

use crate::{Exit, tell};

/// Something that can be explained.
struct Entry {
    name: &'static str,
    /// What it is, for the first line.
    what: String,
    text: &'static str,
    /// How it is told to be silent.
    silence: String,
}

/// Explains one, or lists all.
pub(crate) fn run(
    out: &mut dyn Write,
    style: Style,
    command: &str,
    name: Option<&str>,
) -> io::Result<Exit> {
    let entries: Vec<Entry> = rules()
        .chain(translations())
        .chain(notes())
        .chain(kinds(command))
        .collect();
    let Some(name) = name else {
        let longest = entries.iter().map(|entry| entry.name.len()).max();
        let width = longest.unwrap_or_default();
        for Entry { name, what, .. } in entries {
            writeln!(out, "{name:width$}  {what}")?;
        }
        return Ok(Exit::Fine);
    };
    let mut found = entries.iter().filter(|entry| entry.name == name).peekable();
    if found.peek().is_none() {
        let help = match nearest(name, entries.iter().map(|entry| entry.name)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("`{command} explain` lists all there is"),
        };
        let shown = inert::line(name);
        tell(out, &format!("nothing is called `{shown}`; {help}"))?;
        return Ok(Exit::Usage);
    }
    for (index, entry) in found.enumerate() {
        if index > 0 {
            writeln!(out)?;
        }
        write(out, style, entry)?;
    }
    Ok(Exit::Fine)
}

fn rules() -> impl Iterator<Item = Entry> {
    RULES.iter().map(|rule| Entry {
        name: rule.name,
        what: format!("lint, {}: {}", rule.severity.word(), rule.summary),
        text: rule.explanation,
        silence: match rule.severity {
            Severity::Error => {
                "It cannot be silenced: what it finds leaves no meaning to generate from."
                    .to_owned()
            }
            _ => format!(
                "`x-lint-ignore: {{{0}: WHY}}` where it stands. For all documents:\n\n```toml\n\
                 [workspace.metadata.sdk]\nlint = {{ {0} = \"off\" }}\n```",
                rule.name
            ),
        },
    })
}

fn translations() -> impl Iterator<Item = Entry> {
    overlay::rules::RULES.iter().map(|rule| Entry {
        name: rule.name,
        what: format!("lint, {}: {}", rule.severity.word(), rule.summary),
        text: rule.explanation,
        silence: match rule.severity {
            Severity::Error => {
                "It cannot be silenced: a page with it would say what is not so.".to_owned()
            }
            _ => format!(
                "For all documents:\n\n```toml\n[workspace.metadata.sdk]\nlint = {{ {} = \"off\" \
                 }}\n```",
                rule.name
            ),
        },
    })
}

fn notes() -> impl Iterator<Item = Entry> {
    sections(codegen::NOTES).map(|(name, text)| Entry {
        name,
        what: format!("note: {}", summary(text)),
        text,
        silence: "It is told of new code only: whoever regenerates the same has read it."
            .to_owned(),
    })
}

fn kinds(command: &str) -> impl Iterator<Item = Entry> {
    sections(diff::KINDS).map(move |(name, text)| Entry {
        name,
        what: format!("change: {}", summary(text)),
        text,
        silence: format!(
            "A change that breaks callers is approved by the entry that `{command} review` ends \
             with."
        ),
    })
}

/// The first sentence.
fn summary(text: &'static str) -> String {
    let what = part(text, "What").unwrap_or_default();
    let sentence = what.split_once(". ").map_or(what, |(first, _)| first);
    sentence.trim_end_matches('.').replace('\n', " ")
}

fn write(out: &mut dyn Write, style: Style, entry: &Entry) -> io::Result<()> {
    let heading = |text: &str| match style {
        Style::Colour => format!("\u{1b}[1m{text}\u{1b}[0m"),
        Style::Plain => text.to_owned(),
    };
    writeln!(out, "{}", heading(&format!("# {}", entry.name)))?;
    writeln!(out, "\n{}\n", entry.what)?;
    for line in entry.text.lines() {
        match line.starts_with("## ") {
            true => writeln!(out, "{}", heading(line))?,
            false => writeln!(out, "{line}")?,
        }
    }
    writeln!(out, "\n{}\n\n{}", heading("## Silence"), entry.silence)
}
