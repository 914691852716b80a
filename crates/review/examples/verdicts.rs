//! Holds the wire verdict against pairs of documents that somebody else judged.
//!
//! `cargo run --release -p review --example verdicts -- CASES.tsv FILES_DIR`
//!
//! `CASES.tsv` has a header and columns `base`, `revision`, `openapi`, `verdict`
//! (`ERR`, `WARN`, `INFO`, `NONE`) and `checks`. A row is printed for each pair, then
//! the two rates.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;
use std::{env, fs};

use contract::{Document, Source};
use diff::{Change, Verdict, diff};

/// No promise of the pairs has run out on this day, or all have.
const TODAY: &str = "2026-11-21";

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [cases, files] = arguments.as_slice() else {
        return Err("usage: verdicts CASES.tsv FILES_DIR".into());
    };
    let mut counts: BTreeMap<(String, String), usize> = BTreeMap::new();
    println!("agrees\tours\ttheirs\tbase\trevision\tchanges");
    for line in fs::read_to_string(cases)?.lines().skip(1) {
        let columns: Vec<&str> = line.split('\t').collect();
        let [base, revision, _, theirs, checks] = columns.as_slice() else {
            return Err(format!("`{cases}`: five columns expected in `{line}`").into());
        };
        let read = |name: &str| {
            let path = Path::new(files).join(name);
            Source::read(&path, name).map(Document::parse)
        };
        let changes = diff(&read(base)?, &read(revision)?, TODAY);
        let ours = changes.first().map(|change| change.verdict);
        let agrees = match *theirs {
            "ERR" => matches!(ours, Some(Verdict::Breaking | Verdict::Risky)),
            "INFO" | "NONE" => ours != Some(Verdict::Breaking),
            _ => true,
        };
        let name = ours.map_or("none".to_owned(), |verdict| verdict.to_string());
        println!(
            "{}\t{name}\t{theirs}\t{base}\t{revision}\t{}",
            if agrees { "yes" } else { "NO" },
            explain(&changes, agrees, checks),
        );
        *counts.entry(((*theirs).to_owned(), name)).or_default() += 1;
    }
    rates(&counts);
    Ok(())
}

/// The worst changes, with the other opinion where it differs.
fn explain(changes: &[Change], agrees: bool, checks: &str) -> String {
    let worst = changes.first().map(|change| change.verdict);
    let shown = changes
        .iter()
        .filter(|change| Some(change.verdict) == worst);
    let shown = shown.map(|change| match agrees {
        true => change.kind.id().to_owned(),
        false => format!("{} ({})", change.title, change.reasons[0].text),
    });
    let shown = shown.collect::<Vec<_>>().join("; ");
    match agrees {
        true => shown,
        false => format!("{shown} — theirs: {checks}"),
    }
}

fn rates(counts: &BTreeMap<(String, String), usize>) {
    let count = |theirs: &[&str], ours: &[&str]| -> usize {
        let is_in = |key: &(String, String)| {
            theirs.contains(&key.0.as_str()) && (ours.is_empty() || ours.contains(&key.1.as_str()))
        };
        let hits = counts.iter().filter(|(key, _)| is_in(key));
        hits.map(|(_, count)| count).sum()
    };
    println!();
    for ((theirs, ours), count) in counts {
        println!("{theirs} judged {ours}: {count}");
    }
    let percent = |part: usize, whole: usize| 100.0 * part as f64 / whole.max(1) as f64;
    let errors = count(&["ERR"], &[]);
    let breaking = count(&["ERR"], &["breaking"]);
    let seen = count(&["ERR"], &["breaking", "risky"]);
    println!(
        "ERR seen as breaking or risky: {seen} of {errors} ({:.1} %), as breaking {breaking}",
        percent(seen, errors)
    );
    let harmless = count(&["INFO", "NONE"], &[]);
    let wrong = count(&["INFO", "NONE"], &["breaking"]);
    println!(
        "INFO and NONE called breaking: {wrong} of {harmless} ({:.1} %)",
        percent(wrong, harmless)
    );
}
