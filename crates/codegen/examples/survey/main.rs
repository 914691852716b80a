//! What becomes of every document in a folder.
//!
//! `cargo run --release -p codegen --example survey -- DIR [--tsv FILE] [--crates DIR]`
//!
//! Each document has a process of its own, so that no crash or hang ends the run, and
//! [`LIMIT`] to finish. A line tells file, outcome (`generated`, `in part`, `refused`, `panicked`,
//! `timed out`), milliseconds of CPU, lines of code, peak memory in MiB, operations and methods,
//! properties and fields, and the first finding. A document with errors is generated without the
//! operations that need what is wrong. At the end stands what is not kept or is read in another
//! way, and in how many documents. `--tsv` writes the lines as columns, and `--crates` the
//! generated crates, to be compiled.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fmt;
use std::fs;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use codegen::{Generated, Home, answer, generate_at, generate_behind};
use contract::lint::{PARTIAL, RULES, gate, gate_partially};
use contract::{Checked, Document, Finding, Rejected, Severity};
use counts::{Counts, counts};
use serde::{Deserialize, Serialize};

mod answers;
mod counts;
mod package;

/// How long a document may take.
const LIMIT: Duration = Duration::from_secs(60);

/// The first argument of the process for one document.
const ONE: &str = "--one";
/// The same, with the generator in processes of its own: for a document that ends the first.
const CAREFUL: &str = "--careful";
/// The only argument of those.
const GENERATOR: &str = "--generator";

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.as_slice() {
        [first, document, code] if first == ONE => {
            return one(Path::new(document), Path::new(code), &generate_at);
        }
        [first, document, code] if first == CAREFUL => {
            return one(Path::new(document), Path::new(code), &behind);
        }
        [only] if only == GENERATOR => {
            answer(&mut io::stdin().lock(), &mut io::stdout().lock())?;
            return Ok(ExitCode::SUCCESS);
        }
        _ => {}
    }
    let Options {
        folder,
        tsv,
        crates,
    } = Options::read(arguments)?;
    let mut documents: Vec<PathBuf> = fs::read_dir(&folder)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    documents.retain(|path| {
        let ending = path.extension().and_then(|ending| ending.to_str());
        matches!(ending, Some("json" | "yaml" | "yml"))
    });
    documents.sort();
    let scratch = crates.clone().unwrap_or_else(std::env::temp_dir);
    fs::create_dir_all(&scratch)?;
    let mut rows = Vec::new();
    for document in &documents {
        let code = scratch.join("survey.rs");
        let mut row = survey(ONE, document, &code)?;
        if row.outcome == Outcome::Panicked {
            row = survey(CAREFUL, document, &code)?;
        }
        println!("{row}");
        if let (Some(crates), Outcome::Generated | Outcome::InPart) = (&crates, row.outcome) {
            package::write(
                crates,
                &row.file,
                &fs::read_to_string(&code)?,
                &serde_json::from_slice::<Vec<answers::Shown>>(&fs::read(
                    code.with_extension("json"),
                )?)?,
            )?;
        }
        rows.push(row);
    }
    if let Some(tsv) = tsv {
        let mut file = fs::File::create(tsv)?;
        writeln!(
            file,
            "file\toutcome\tmilliseconds\tlines\tpeak_mib\toperations\tmethods\tevents\t\
             properties\tfields\tuntyped_properties\tuntyped_fields\tfirst_finding"
        )?;
        for Row {
            file: name,
            outcome,
            told,
        } in &rows
        {
            let Counts {
                operations,
                methods,
                events,
                properties,
                fields,
                untyped_properties,
                untyped_fields,
            } = told.counts;
            writeln!(
                file,
                "{name}\t{outcome}\t{}\t{}\t{}\t{operations}\t{methods}\t{events}\t{properties}\t\
                 {fields}\t{untyped_properties}\t{untyped_fields}\t{}",
                told.milliseconds, told.lines, told.mib, told.finding
            )?;
        }
    }
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for kind in rows.iter().flat_map(|row| &row.told.rewritten) {
        *kinds.entry(kind).or_default() += 1;
    }
    let mut kinds: Vec<_> = kinds.into_iter().collect();
    kinds.sort_by_key(|(_, documents)| std::cmp::Reverse(*documents));
    for (kind, documents) in kinds {
        println!("in {documents} documents: {kind}");
    }
    let sum = |number: fn(&Counts) -> usize| -> usize {
        rows.iter().map(|row| number(&row.told.counts)).sum()
    };
    println!(
        "operations {} methods {} webhooks and callbacks {}",
        sum(|counts| counts.operations),
        sum(|counts| counts.methods),
        sum(|counts| counts.events),
    );
    println!(
        "properties {} (of any JSON: {}) fields {} (of any JSON: {})",
        sum(|counts| counts.properties),
        sum(|counts| counts.untyped_properties),
        sum(|counts| counts.fields),
        sum(|counts| counts.untyped_fields),
    );
    let lines: usize = rows.iter().map(|row| row.told.lines).sum();
    println!(
        "lines {lines}; milliseconds of CPU grow with operations to the power of {:.2}",
        slope(&rows)
    );
    let count = |outcome| rows.iter().filter(|row| row.outcome == outcome).count();
    let panicked = count(Outcome::Panicked) + count(Outcome::TimedOut);
    println!(
        "generated {} in part {} refused {} panicked {panicked} of {}",
        count(Outcome::Generated),
        count(Outcome::InPart),
        count(Outcome::Refused),
        rows.len()
    );
    Ok(ExitCode::SUCCESS)
}

/// The slope of a straight line through the logarithms of operations and time, for documents of
/// ten operations and more: 1 where the time of each operation stays the same.
#[allow(clippy::cast_precision_loss)]
fn slope(rows: &[Row]) -> f64 {
    let large = rows.iter().filter(|row| row.told.counts.methods >= 10);
    let points = large.map(|row| {
        let (operations, time) = (
            row.told.counts.methods as f64,
            row.told.milliseconds.max(1) as f64,
        );
        (operations.ln(), time.ln())
    });
    let points: Vec<(f64, f64)> = points.collect();
    let mean =
        |of: fn(&(f64, f64)) -> f64| points.iter().map(of).sum::<f64>() / points.len() as f64;
    let (x, y) = (mean(|point| point.0), mean(|point| point.1));
    let both: f64 = points
        .iter()
        .map(|point| (point.0 - x) * (point.1 - y))
        .sum();
    let own: f64 = points.iter().map(|point| (point.0 - x).powi(2)).sum();
    both / own
}

struct Options {
    folder: PathBuf,
    tsv: Option<PathBuf>,
    crates: Option<PathBuf>,
}

impl Options {
    fn read(arguments: Vec<String>) -> Result<Self, Box<dyn Error>> {
        let (mut folder, mut tsv, mut crates) = (None, None, None);
        let mut arguments = arguments.into_iter();
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--tsv" => tsv = arguments.next().map(PathBuf::from),
                "--crates" => crates = arguments.next().map(PathBuf::from),
                _ => folder = Some(PathBuf::from(argument)),
            }
        }
        Ok(Self {
            folder: folder.ok_or("usage: survey DIR [--tsv FILE] [--crates DIR]")?,
            tsv,
            crates,
        })
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Generated,
    InPart,
    Refused,
    Panicked,
    TimedOut,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Generated => "generated",
            Self::InPart => "in part",
            Self::Refused => "refused",
            Self::Panicked => "panicked",
            Self::TimedOut => "timed out",
        })
    }
}

struct Row {
    file: String,
    outcome: Outcome,
    told: Told,
}

/// What the process for one document tells.
#[derive(Default, Deserialize, Serialize)]
struct Told {
    /// Whether there is code.
    is_generated: bool,
    /// Whether operations were left out.
    is_partial: bool,
    lines: usize,
    mib: u64,
    /// Of CPU, in the process and in those that it started.
    milliseconds: u64,
    finding: String,
    /// What is not kept of the document, or is read in another way.
    rewritten: BTreeSet<String>,
    counts: Counts,
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            file,
            outcome,
            told,
        } = self;
        let Counts {
            operations,
            methods,
            properties,
            fields,
            ..
        } = told.counts;
        write!(
            f,
            "{file}: {outcome}, {} ms, {} lines, {} MiB, {methods} of {operations} operations, \
             {properties} properties, {fields} fields",
            told.milliseconds, told.lines, told.mib
        )?;
        match told.finding.is_empty() {
            true => Ok(()),
            false => write!(f, "\n    {}", told.finding),
        }
    }
}

fn survey(mode: &str, document: &Path, code: &Path) -> Result<Row, Box<dyn Error>> {
    let file = document.file_name().unwrap_or_default().to_string_lossy();
    let started = Instant::now();
    let mut child = Command::new(std::env::current_exe()?)
        .args([mode.as_ref(), document.as_os_str(), code.as_os_str()])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    // It tells less than a pipe holds.
    let finished = wait(&mut child, started)?;
    let mut told = String::new();
    if let Some(mut stdout) = child.stdout.take() {
        stdout.read_to_string(&mut told)?;
    }
    let told: Option<Told> = serde_json::from_str(&told).ok();
    let outcome = match &told {
        _ if !finished => Outcome::TimedOut,
        None => Outcome::Panicked,
        Some(told) if !told.is_generated => Outcome::Refused,
        Some(told) if told.is_partial => Outcome::InPart,
        Some(_) => Outcome::Generated,
    };
    Ok(Row {
        file: file.into_owned(),
        outcome,
        told: told.unwrap_or_default(),
    })
}

/// Whether the process ended by itself within the limit.
fn wait(child: &mut Child, started: Instant) -> Result<bool, Box<dyn Error>> {
    while child.try_wait()?.is_none() {
        if started.elapsed() > LIMIT {
            child.kill()?;
            child.wait()?;
            return Ok(false);
        }
        thread::sleep(Duration::from_millis(2));
    }
    Ok(true)
}

type Generate<'a> = &'a dyn Fn(&Checked, &Home) -> Result<Generated, Box<Finding>>;

fn behind(checked: &Checked, home: &Home) -> Result<Generated, Box<Finding>> {
    generate_behind(checked, home, &|| {
        let program = std::env::current_exe().unwrap_or_else(|_| "survey".into());
        let mut command = Command::new(program);
        command.arg(GENERATOR);
        command
    })
}

/// One document in this process.
fn one(document: &Path, code: &Path, generate: Generate<'_>) -> Result<ExitCode, Box<dyn Error>> {
    let name = document.file_name().unwrap_or_default().to_string_lossy();
    let home = Home {
        path: package::name(&name).replace('-', "_"),
        ..Home::default()
    };
    // What is counted afterwards takes time and room, too.
    let (mut mib, mut milliseconds) = (None, None);
    let mut report = match Document::read(document, name.clone()) {
        Err(error) => Told {
            finding: error.to_string(),
            ..Told::default()
        },
        Ok(read) => match gated(read, document, &name) {
            Err(rejected) => {
                let is_error = |f: &&Finding| f.severity == Severity::Error;
                let first = rejected.findings.iter().find(is_error);
                Told {
                    finding: first.map(|first| told(&name, first)).unwrap_or_default(),
                    ..Told::default()
                }
            }
            Ok(checked) => match generate(&checked, &home) {
                Err(finding) => Told {
                    finding: told(&name, &finding),
                    ..Told::default()
                },
                Ok(generated) => {
                    (mib, milliseconds) = (peak(), cpu());
                    // With what was left out.
                    let stated = Document::read(document, name.clone())?;
                    fs::write(code, &generated.code)?;
                    let shown = answers::shown(&checked, &generated.code)?;
                    fs::write(code.with_extension("json"), serde_json::to_vec(&shown)?)?;
                    let all = checked.findings().iter().chain(&generated.findings);
                    let is_left_out = |finding: &&Finding| finding.rule == PARTIAL;
                    let left_out = checked.findings().iter().find(is_left_out);
                    let first = left_out.or(generated.findings.first());
                    Told {
                        is_generated: true,
                        is_partial: left_out.is_some(),
                        lines: generated.code.lines().count(),
                        finding: first.map(|first| told(&name, first)).unwrap_or_default(),
                        rewritten: all.filter_map(kind).collect(),
                        counts: counts(&stated, &checked, &generated)?,
                        ..Told::default()
                    }
                }
            },
        },
    };
    report.finding = report.finding.replace(['\t', '\n'], " ");
    report.mib = mib.or_else(peak).unwrap_or_default();
    report.milliseconds = milliseconds.or_else(cpu).unwrap_or_default();
    serde_json::to_writer(io::stdout(), &report)?;
    Ok(ExitCode::SUCCESS)
}

/// Lets a document through, without what is wrong with it if that helps.
fn gated(document: Document, path: &Path, name: &str) -> Result<Checked, Box<Rejected>> {
    gate(document).or_else(|rejected| match Document::read(path, name) {
        Ok(again) => gate_partially(again),
        Err(_) => Err(rejected),
    })
}

/// The CPU time of this process and of those that it waited for, in milliseconds, where the
/// system tells it.
fn cpu() -> Option<u64> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    // After the name, which may hold anything (proc_pid_stat(5)); 100 ticks are a second.
    let fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11).take(4);
    let ticks: Option<Vec<u64>> = fields.map(|ticks| ticks.parse().ok()).collect();
    Some(ticks?.iter().sum::<u64>() * 10)
}

/// What a note says of any document: what is not kept, or is read in another way. What the
/// lint finds is about the document.
fn kind(finding: &Finding) -> Option<String> {
    let Finding { rule, message, .. } = finding;
    if RULES.iter().any(|known| known.name == *rule) && *rule != "discriminator" {
        return None;
    }
    let message = message.split(", here and in").next().unwrap_or_default();
    // Keywords are the same in every document, other names are not.
    let is_keyword = ["not-kept", "openapi-3.1"].contains(rule);
    let mut words = String::new();
    for (index, part) in message.split('`').enumerate() {
        words.push_str(match index % 2 {
            1 if !is_keyword => "…",
            _ => part,
        });
    }
    Some(format!("[{rule}] {words}"))
}

fn told(name: &str, finding: &Finding) -> String {
    let Finding {
        rule,
        message,
        span,
        label,
        ..
    } = finding;
    let label = label.as_ref().map(|label| format!(": {label}"));
    let (line, column) = (span.line, span.column);
    format!(
        "{name}:{line}:{column}: [{rule}] {message}{}",
        label.unwrap_or_default()
    )
}

/// The most memory that this process had, in MiB, where the system tells it.
fn peak() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().strip_suffix(" kB")?.parse::<u64>().ok()? / 1024)
}
