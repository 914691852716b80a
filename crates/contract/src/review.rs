//! What a change of a contract means, on the wire and for whoever uses the crate.
//!
//! Both documents go through the same comparison and the same generator. What the
//! crate gains, loses or changes is told with the change of the contract that
//! caused it, and what nothing in the contract caused is told as such.

mod approval;
mod cause;
mod example;
mod version;

pub use approval::{Approval, Approvals, Approved};
pub use example::ExampleChange;
pub use version::{Version, Versions};

use std::panic::resume_unwind;
use std::thread;

use serde::Serialize;

use crate::diff::{Change, Verdict, diff};
use crate::document::Document;
use crate::finding::{Finding, Findings, Severity};
use crate::generate::generate;
use crate::lint;
use crate::outline::outline;
use crate::source::{Node, Span};
use crate::surface::{self, Bump, Effect, Surface};

/// A document to review, and the crate that is generated from it.
#[derive(Debug)]
pub struct Side {
    /// The document.
    pub document: Document,
    /// The version of the crate, where it has one.
    pub crate_version: Option<String>,
    /// The generated code that was committed beside the document, where it is known.
    pub committed: Option<String>,
}

/// What is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Options<'a> {
    /// The date, as `2026-11-21`: what was announced for later, and which approval
    /// still holds.
    pub today: &'a str,
    /// Leaves out the crate.
    pub wire_only: bool,
}

/// The review of every document.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct Review {
    /// What stood before, for a reader.
    pub base: String,
    /// What stands now, for a reader.
    pub head: String,
    /// The documents that changed; none when nothing did.
    pub documents: Vec<DocumentReview>,
    /// Approvals that do not do what they should.
    pub approvals: Vec<Problem>,
}

/// What became of a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It has another name, and with it another crate.
    Renamed,
    /// It is the same document.
    Changed,
}

/// In which order the two ends of the wire can be upgraded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Rollout {
    /// Old and new understand each other.
    AnyOrder,
    /// New clients break on an old server.
    ServerFirst,
    /// Old clients break on a new server.
    ClientsFirst,
    /// Either breaks on the other.
    NoOrder,
}

/// The review of one document.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct DocumentReview {
    /// Its path; of one that is gone, the path that it had.
    pub name: String,
    /// The path that it had before.
    pub base_name: String,
    /// What became of it.
    pub state: State,
    /// Every change, the worst first.
    pub changes: Vec<ReviewedChange>,
    /// In which order servers and clients can be upgraded.
    pub rollout: Rollout,
    /// What the crate's callers feel; left out when only the wire was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub krate: Option<CrateReview>,
    /// Examples of the contract that changed.
    pub examples: Vec<ExampleChange>,
    /// `info.version`: what it says, and what the changes ask for.
    pub contract_version: Version,
}

/// A change with what it does to the crate, and who agreed to it.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct ReviewedChange {
    /// The change.
    #[serde(flatten)]
    pub change: Change,
    /// The items of the crate that it touches.
    pub effects: Vec<Effect>,
    /// Who agreed to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub approved: Option<Approved>,
}

/// What the crate's callers feel.
#[derive(Debug, Default, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct CrateReview {
    /// How much the crate's version must rise.
    pub bump: Bump,
    /// The crate's version: what it says, and what it should.
    pub version: Version,
    /// Items that no change of the contract explains.
    pub uncaused: Vec<Effect>,
    /// Items that differ because the generator does, with the contract unchanged.
    pub generator: Vec<Effect>,
    /// Why the new document does not generate; empty when it does.
    pub refused: Vec<Problem>,
    /// Why the old document does not generate any more; empty when it does.
    pub base_refused: Vec<Problem>,
    /// Pieces of the outline that differ, as the snapshots are named.
    pub outlines: Vec<String>,
}

/// Something wrong with a document, for a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct Problem {
    /// The rule that found it.
    pub rule: &'static str,
    /// What is wrong.
    pub message: String,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// The document in which it stands.
    pub document: String,
    /// Where.
    #[serde(flatten)]
    pub span: Span,
}

impl Problem {
    fn new(document: &str, finding: &Finding) -> Self {
        let label = finding.label.as_ref();
        Self {
            rule: finding.rule,
            message: match label {
                Some(label) => format!("{}: {label}", finding.message),
                None => finding.message.clone(),
            },
            help: finding.help.clone(),
            document: document.to_owned(),
            span: finding.span,
        }
    }
}

impl Review {
    /// The changes that nobody approved although they break someone.
    pub fn unapproved(&self) -> impl Iterator<Item = &ReviewedChange> {
        self.documents
            .iter()
            .flat_map(|document| &document.changes)
            .filter(|reviewed| reviewed.is_unapproved())
    }

    /// Whether every new document generates.
    #[must_use]
    pub fn generates(&self) -> bool {
        let crates = self.documents.iter().filter_map(|d| d.krate.as_ref());
        crates.into_iter().all(|krate| krate.refused.is_empty())
    }
}

impl ReviewedChange {
    /// Whether it breaks someone and nobody agreed.
    #[must_use]
    pub fn is_unapproved(&self) -> bool {
        self.change.verdict == Verdict::Breaking && self.approved.is_none()
    }
}

impl DocumentReview {
    /// The changes of one verdict.
    pub fn of(&self, verdict: Verdict) -> impl Iterator<Item = &ReviewedChange> {
        let is = move |reviewed: &&ReviewedChange| reviewed.change.verdict == verdict;
        self.changes.iter().filter(is)
    }

    /// The worst verdict; none when nothing changed.
    #[must_use]
    pub fn verdict(&self) -> Option<Verdict> {
        self.changes
            .iter()
            .map(|reviewed| reviewed.change.verdict)
            .min()
    }

    /// Whether there is anything to say.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let krate = self.krate.as_ref();
        self.state == State::Changed
            && self.changes.is_empty()
            && krate.is_none_or(|krate| {
                krate.uncaused.is_empty() && krate.generator.is_empty() && krate.refused.is_empty()
            })
    }
}

/// Whether a document can be compared: it was read whole, and is `OpenAPI` 3.
///
/// # Errors
/// What stands in the way.
pub fn readable(document: &Document) -> Result<(), Findings> {
    let version = document.root().get("openapi").and_then(Node::as_str);
    let is_3 = version.is_some_and(|version| version.starts_with("3."));
    let mut findings = document.syntax().to_vec();
    findings.retain(|finding| finding.rule == "syntax");
    if findings.is_empty() && !is_3 {
        // Stops at the version, which the other rules need.
        findings = lint::lint(document);
    }
    match findings.is_empty() {
        true => Ok(()),
        false => Err(findings),
    }
}

/// Whether two documents describe the same API under two names: most of what either
/// offers, the other does too.
#[must_use]
pub fn same_api(one: &Document, two: &Document) -> bool {
    let operations = |document: &Document| -> Vec<String> {
        let paths = document
            .root()
            .get("paths")
            .into_iter()
            .flat_map(Node::entries);
        paths
            .flat_map(|(path, item)| {
                let methods = item.node.entries().map(|(method, _)| method);
                let methods = methods.filter(|method| crate::walk::METHODS.contains(method));
                methods
                    .map(move |method| format!("{method} {path}"))
                    .collect::<Vec<_>>()
            })
            .collect()
    };
    let (one, two) = (operations(one), operations(two));
    let shared = one
        .iter()
        .filter(|operation| two.contains(operation))
        .count();
    shared > 0 && 2 * shared >= one.len().max(two.len())
}

/// Reviews one document against what it was.
#[must_use]
pub fn review(
    old: Side,
    new: Side,
    state: State,
    approvals: &mut Approvals,
    options: Options<'_>,
) -> DocumentReview {
    let (old_name, new_name) = (
        old.document.source().name().to_owned(),
        new.document.source().name().to_owned(),
    );
    let found = diff(&old.document, &new.document, options.today);
    let rollout = rollout(&found, || diff(&new.document, &old.document, options.today));
    let mut changes = reviewed(found, approvals);
    let examples = example::changes(&changes, old.document.root(), new.document.root());
    let contract_version = version::contract(&changes, old.document.root(), new.document.root());
    let krate = match options.wire_only {
        true => None,
        false => Some(krate(old, new, &mut changes)),
    };
    DocumentReview {
        state,
        base_name: old_name,
        name: new_name,
        changes,
        rollout,
        krate,
        examples,
        contract_version,
    }
}

/// Reviews a document that only one side has: all of it is new, or gone.
#[must_use]
pub fn review_alone(
    side: Side,
    state: State,
    approvals: &mut Approvals,
    options: Options<'_>,
) -> DocumentReview {
    let name = side.document.source().name().to_owned();
    let nothing = Document::nothing(&name);
    let (found, bump, rollout) = match state {
        State::Removed => (
            diff(&side.document, &nothing, options.today),
            Bump::Major,
            Rollout::ClientsFirst,
        ),
        _ => (
            diff(&nothing, &side.document, options.today),
            Bump::Minor,
            Rollout::ServerFirst,
        ),
    };
    let operations = ["operation-removed", "operation-added"];
    let found = found
        .into_iter()
        .filter(|change| operations.contains(&change.id));
    let changes = reviewed(found.collect(), approvals);
    let refused = match (options.wire_only, &state) {
        (false, State::Added) => code(side.document).1,
        _ => Vec::new(),
    };
    DocumentReview {
        base_name: name.clone(),
        name,
        changes,
        rollout,
        krate: (!options.wire_only).then(|| CrateReview {
            bump,
            refused,
            ..CrateReview::default()
        }),
        examples: Vec::new(),
        contract_version: Version::default(),
        state,
    }
}

/// The way back tells what new clients make of an old server. Nothing changed, nothing
/// to ask.
fn rollout(there: &[Change], back: impl FnOnce() -> Vec<Change>) -> Rollout {
    let breaks = |changes: &[Change]| changes.iter().any(|c| c.verdict == Verdict::Breaking);
    let back = match there.is_empty() {
        true => Vec::new(),
        false => back(),
    };
    match (breaks(there), breaks(&back)) {
        (false, false) => Rollout::AnyOrder,
        (false, true) => Rollout::ServerFirst,
        (true, false) => Rollout::ClientsFirst,
        (true, true) => Rollout::NoOrder,
    }
}

fn reviewed(changes: Vec<Change>, approvals: &mut Approvals) -> Vec<ReviewedChange> {
    let reviewed = |change: Change| ReviewedChange {
        approved: match change.verdict {
            Verdict::Breaking => approvals.take(&change.fingerprint),
            _ => None,
        },
        effects: Vec::new(),
        change,
    };
    changes.into_iter().map(reviewed).collect()
}

/// What is generated from a document.
struct Code {
    surface: Surface,
    outlines: Vec<(String, String)>,
    text: String,
}

fn krate(old: Side, new: Side, changes: &mut [ReviewedChange]) -> CrateReview {
    let versions = (old.crate_version, new.crate_version);
    let roots = cause::Roots::new(&old.document, &new.document);
    let ((before, base_refused), (after, refused)) = thread::scope(|scope| {
        let old = scope.spawn(|| code(old.document));
        let new = code(new.document);
        (old.join().unwrap_or_else(|panic| resume_unwind(panic)), new)
    });
    let mut krate = CrateReview {
        base_refused,
        refused,
        ..CrateReview::default()
    };
    let committed = old
        .committed
        .as_deref()
        .and_then(|code| surface::read(code).ok());
    if let (Some(committed), Some(before)) = (&committed, &before) {
        krate.generator = surface::compare(committed, &before.surface);
    }
    // A document that does not generate today may have done so when it was committed.
    let base = before
        .as_ref()
        .map(|code| &code.surface)
        .or(committed.as_ref());
    if let (Some(base), Some(after)) = (base, &after) {
        let effects = surface::compare(base, &after.surface);
        krate.bump = effects
            .iter()
            .map(|effect| effect.bump)
            .max()
            .unwrap_or_default();
        if let Some(before) = &before {
            krate.outlines = outlines(before, after);
            if krate.bump == Bump::None && before.text != after.text {
                krate.bump = Bump::Patch;
            }
        }
        krate.uncaused = cause::attach(effects, changes, &roots, (base, &after.surface));
    }
    let generator = krate.generator.iter().map(|effect| effect.bump).max();
    krate.bump = krate.bump.max(generator.unwrap_or_default());
    krate.version = version::krate(versions, krate.bump);
    krate
}

/// The code of a document, or why there is none.
fn code(document: Document) -> (Option<Code>, Vec<Problem>) {
    let name = document.source().name().to_owned();
    let problems = |findings: &Findings| -> Vec<Problem> {
        let errors = findings.iter().filter(|f| f.severity == Severity::Error);
        errors.map(|finding| Problem::new(&name, finding)).collect()
    };
    let checked = match lint::gate(document) {
        Ok(checked) => checked,
        Err(rejected) => return (None, problems(&rejected.findings)),
    };
    let generated = match generate(&checked) {
        Ok(generated) => generated,
        Err(finding) => return (None, problems(&vec![*finding])),
    };
    let read = surface::read(&generated.code).and_then(|surface| {
        let pieces = outline(&generated.code)?.into_iter();
        let name = |kind: &str, name: &str| format!("{kind}.{name}");
        Ok(Code {
            surface,
            outlines: pieces.map(|p| (name(p.kind, &p.name), p.text)).collect(),
            text: generated.code,
        })
    });
    match read {
        Ok(code) => (Some(code), Vec::new()),
        Err(error) => {
            let message = format!("the generated code is no Rust: {error}");
            let finding = Finding::new("generator", Severity::Error, message, Span::default());
            (None, problems(&vec![finding]))
        }
    }
}

/// The pieces of the outline that are not what they were.
fn outlines(old: &Code, new: &Code) -> Vec<String> {
    let lacks = |list: &[(String, String)], piece: &(String, String)| !list.contains(piece);
    let old_only = old
        .outlines
        .iter()
        .filter(|piece| lacks(&new.outlines, piece));
    let new_only = new
        .outlines
        .iter()
        .filter(|piece| lacks(&old.outlines, piece));
    let mut names: Vec<String> = old_only
        .chain(new_only)
        .map(|(name, _)| name.clone())
        .collect();
    names.sort();
    names.dedup();
    names
}
