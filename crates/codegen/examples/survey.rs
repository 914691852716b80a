//! What becomes of every document in a folder.
//!
//! `cargo run --release -p codegen --example survey -- DIR [--tsv FILE] [--crates DIR]`
//!
//! Each document has a process of its own, so that no crash or hang ends the run, and
//! [`LIMIT`] to finish. A line tells file, outcome (`generated`, `refused`, `panicked`,
//! `timed out`), milliseconds, lines of code, peak memory in MiB and the first finding;
//! At the end stands what is not kept or is read in another way, and in how many documents.
//! `--tsv` writes the lines as columns, and `--crates` the generated crates, to be compiled.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fmt;
use std::fs;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use codegen::{Dependencies, Generated, Runtime, answer, generate, generate_behind};
use contract::lint::{RULES, gate};
use contract::{Checked, Document, Finding, Severity};

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
            return one(Path::new(document), Path::new(code), &generate);
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
        if let (Some(crates), Outcome::Generated) = (&crates, row.outcome) {
            write_crate(
                crates,
                &row.file,
                &fs::read_to_string(scratch.join("survey.rs"))?,
            )?;
        }
        rows.push(row);
    }
    if let Some(tsv) = tsv {
        let mut file = fs::File::create(tsv)?;
        writeln!(
            file,
            "file\toutcome\tmilliseconds\tlines\tpeak_mib\tfirst_finding"
        )?;
        for row in &rows {
            let Row {
                file: name,
                outcome,
                milliseconds,
                lines,
                mib,
                finding,
                ..
            } = row;
            writeln!(
                file,
                "{name}\t{outcome}\t{milliseconds}\t{lines}\t{mib}\t{finding}"
            )?;
        }
    }
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for kind in rows.iter().flat_map(|row| &row.rewritten) {
        *kinds.entry(kind).or_default() += 1;
    }
    let mut kinds: Vec<_> = kinds.into_iter().collect();
    kinds.sort_by_key(|(_, documents)| std::cmp::Reverse(*documents));
    for (kind, documents) in kinds {
        println!("in {documents} documents: {kind}");
    }
    let count = |outcome| rows.iter().filter(|row| row.outcome == outcome).count();
    let panicked = count(Outcome::Panicked) + count(Outcome::TimedOut);
    println!(
        "generated {} refused {} panicked {panicked} of {}",
        count(Outcome::Generated),
        count(Outcome::Refused),
        rows.len()
    );
    Ok(ExitCode::SUCCESS)
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
    Refused,
    Panicked,
    TimedOut,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Generated => "generated",
            Self::Refused => "refused",
            Self::Panicked => "panicked",
            Self::TimedOut => "timed out",
        })
    }
}

struct Row {
    file: String,
    outcome: Outcome,
    milliseconds: u128,
    lines: usize,
    mib: u64,
    finding: String,
    /// What is not kept of the document, or is read in another way.
    rewritten: Vec<String>,
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            file,
            outcome,
            milliseconds,
            lines,
            mib,
            finding,
            ..
        } = self;
        write!(
            f,
            "{file}: {outcome}, {milliseconds} ms, {lines} lines, {mib} MiB"
        )?;
        match finding.is_empty() {
            true => Ok(()),
            false => write!(f, "\n    {finding}"),
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
    let finished = wait(&mut child, started)?;
    let milliseconds = started.elapsed().as_millis();
    let mut told = String::new();
    if let Some(mut stdout) = child.stdout.take() {
        stdout.read_to_string(&mut told)?;
    }
    let (first, rest) = told.split_once('\n').unwrap_or((&told, ""));
    let rewritten = rest.lines().map(str::to_owned).collect();
    let mut told = first.splitn(4, '\t');
    let mut number = || told.next().and_then(|text| text.parse().ok());
    let (code, lines, mib) = (number(), number(), number());
    let finding = told.next().unwrap_or_default().trim().to_owned();
    let outcome = match (finished, code) {
        (false, _) => Outcome::TimedOut,
        (true, Some(0)) => Outcome::Generated,
        (true, Some(3)) => Outcome::Refused,
        (true, _) => Outcome::Panicked,
    };
    Ok(Row {
        file: file.into_owned(),
        outcome,
        milliseconds,
        lines: lines.unwrap_or_default() as usize,
        mib: mib.unwrap_or_default(),
        finding,
        rewritten,
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

type Generate<'a> = &'a dyn Fn(&Checked) -> Result<Generated, Box<Finding>>;

fn behind(checked: &Checked) -> Result<Generated, Box<Finding>> {
    generate_behind(checked, &Runtime::Crate, &|| {
        let program = std::env::current_exe().unwrap_or_else(|_| "survey".into());
        let mut command = Command::new(program);
        command.arg(GENERATOR);
        command
    })
}

/// One document in this process: tells code, lines, memory and the first finding.
fn one(document: &Path, code: &Path, generate: Generate<'_>) -> Result<ExitCode, Box<dyn Error>> {
    let name = document.file_name().unwrap_or_default().to_string_lossy();
    let mut rewritten = BTreeSet::new();
    let (exit, lines, finding) = match Document::read(document, name.clone()) {
        Err(error) => (3, 0, error.to_string()),
        Ok(read) => match gate(read) {
            Err(rejected) => {
                let is_error = |f: &&Finding| f.severity == Severity::Error;
                let first = rejected.findings.iter().find(is_error);
                (
                    3,
                    0,
                    first.map(|first| told(&name, first)).unwrap_or_default(),
                )
            }
            Ok(checked) => match generate(&checked) {
                Err(finding) => (3, 0, told(&name, &finding)),
                Ok(generated) => {
                    fs::write(code, &generated.code)?;
                    let all = checked.findings().iter().chain(&generated.findings);
                    rewritten = all.filter_map(kind).collect();
                    let first = generated.findings.first();
                    let first = first.map(|first| told(&name, first)).unwrap_or_default();
                    (0, generated.code.lines().count(), first)
                }
            },
        },
    };
    let finding = finding.replace(['\t', '\n'], " ");
    println!("{exit}\t{lines}\t{}\t{finding}", peak().unwrap_or_default());
    rewritten.iter().for_each(|kind| println!("{kind}"));
    Ok(ExitCode::from(exit))
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

/// Crates that generated code may name, with what it needs of them.
const DEPENDENCIES: [(&str, &str); 8] = [
    ("bytes", "bytes = \"1\""),
    (
        "chrono",
        "chrono = { version = \"0.4\", default-features = false, features = [\"serde\"] }",
    ),
    ("futures", "futures = \"0.3\""),
    ("regress", "regress = \"0.12\""),
    (
        "reqwest",
        "reqwest = { version = \"0.13\", default-features = false }",
    ),
    (
        "serde",
        "serde = { version = \"1\", features = [\"derive\"] }",
    ),
    ("serde_json", "serde_json = \"1\""),
    ("uuid", "uuid = { version = \"1\", features = [\"serde\"] }"),
];

/// A crate of the workspace of all crates in `folder`.
fn write_crate(folder: &Path, file: &str, code: &str) -> Result<(), Box<dyn Error>> {
    let name: String = file
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() {
                c.to_ascii_lowercase()
            } else {
                '-'
            }
        })
        .collect();
    let words: Vec<&str> = name.split('-').filter(|word| !word.is_empty()).collect();
    let name = format!("c-{}", words.join("-"));
    let runtime = concat!(env!("CARGO_MANIFEST_DIR"), "/../runtime");
    let needs = Dependencies::of(code);
    let multipart = match needs.multipart {
        true => ", features = [\"multipart\"]",
        false => "",
    };
    let used = DEPENDENCIES
        .iter()
        .filter(|(name, _)| needs.crates.contains(name));
    let dependencies: Vec<&str> = used.map(|(_, dependency)| *dependency).collect();
    let manifest = format!(
        "[package]\nname = \"{name}\"\nedition = \"2024\"\n\n[features]\nschemars = []\n\n\
         [dependencies]\nsdk-runtime = {{ path = \"{runtime}\"{multipart} }}\n{}\n",
        dependencies.join("\n")
    );
    let krate = folder.join(&name);
    fs::create_dir_all(krate.join("src"))?;
    fs::write(krate.join("Cargo.toml"), manifest)?;
    fs::write(krate.join("src/lib.rs"), code)?;
    fs::write(
        folder.join("Cargo.toml"),
        "[workspace]\nresolver = \"3\"\nmembers = [\"c-*\"]\n",
    )?;
    Ok(())
}
