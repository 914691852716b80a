use std::io::{self, Write};

use super::{block, summary};
use crate::surface::{Bump, ItemChange};
use crate::{DocumentReview, Review, State};
use contract::escape::{code, sentence};
use diff::Verdict;

/// A review as sections of a changelog: the contract, then each crate.
///
/// # Errors
/// When the writer fails.
pub fn changelog(out: &mut dyn Write, review: &Review) -> io::Result<()> {
    if review.documents.is_empty() {
        return Ok(());
    }
    writeln!(out, "### Contract\n")?;
    for document in &review.documents {
        contract(out, document)?;
    }
    for document in &review.documents {
        package(out, document)?;
    }
    Ok(())
}

fn contract(out: &mut dyn Write, document: &DocumentReview) -> io::Result<()> {
    let name = code(&document.name);
    let version = match &document.contract_version.after {
        Some(version) => format!(" {}", sentence(version)),
        None => String::new(),
    };
    match &document.state {
        State::Added => writeln!(out, "- {name} is new.")?,
        State::Removed => writeln!(out, "- **Breaking:** {name} was removed.")?,
        State::Renamed => {
            let from = code(&document.base_name);
            writeln!(out, "- **Breaking:** {from} is {name}{version} now.")?;
        }
        State::Changed => writeln!(out, "- {name}{version}:")?,
    }
    for reviewed in &document.changes {
        let change = &reviewed.change;
        let mark = match change.verdict {
            Verdict::Breaking => "**Breaking:** ",
            Verdict::Risky => "**Risky:** ",
            Verdict::Unclassified => "**To judge:** ",
            Verdict::Compatible => "",
            Verdict::Documentation => continue,
        };
        writeln!(out, "  - {mark}{}.", sentence(&change.title))?;
    }
    let words = document.of(Verdict::Documentation).count();
    match words {
        0 => Ok(()),
        n => writeln!(
            out,
            "  - {} in descriptions and examples.",
            summary::plural(n, "change")
        ),
    }
}

fn package(out: &mut dyn Write, document: &DocumentReview) -> io::Result<()> {
    let Some(package) = &document.package else {
        return Ok(());
    };
    let caused = document
        .changes
        .iter()
        .flat_map(|reviewed| &reviewed.effects);
    let mut effects: Vec<&ItemChange> = Vec::new();
    for effect in caused.chain(&package.uncaused).chain(&package.generator) {
        if !effects.contains(&effect) {
            effects.push(effect);
        }
    }
    effects.sort_by(|a, b| (b.bump, &a.item).cmp(&(a.bump, &b.item)));
    if effects.is_empty() {
        return Ok(());
    }
    let stem = document.name.rsplit('/').next().unwrap_or(&document.name);
    let stem = stem.rsplit_once('.').map_or(stem, |(stem, _)| stem);
    let name = package.name.as_deref().unwrap_or(stem);
    writeln!(out, "\n### {}\n", code(name))?;
    for effect in block::without_setters(&effects) {
        let mark = match effect.bump {
            Bump::Major => "**Breaking:** ",
            _ => "",
        };
        writeln!(out, "- {mark}{}.", sentence(&block::effect(effect)))?;
    }
    Ok(())
}
