//! What a change of a contract means, on the wire and for whoever uses the crate.
//!
//! Both documents go through the same comparison and the same generator. What the
//! crate gains, loses or changes is told with the change of the contract that
//! caused it, and what nothing in the contract caused is told as such.
#![warn(missing_docs)]

mod approval;
mod cause;
mod document;
mod example;
mod package;
mod problem;
pub mod report;
mod surface;
mod translation;
mod version;

pub use approval::{Approvals, Approved};
pub use document::{DocumentReview, ReviewedChange, Rollout, State};
pub use example::ExampleChange;
pub use package::CrateReview;
pub use problem::Problem;
pub use surface::{Bump, ItemChange, What};
pub use translation::Behind;
pub use version::Version;

use std::panic::resume_unwind;
use std::thread;

use serde::Serialize;

use codegen::Generated;
use contract::lint;
use contract::source::Node;
use contract::{Checked, Document, Rejected, Source};
use contract::{Finding, Findings, Severity};
use diff::{Change, Kind, Verdict, diff};

/// A document to review, and the crate that is generated from it.
#[derive(Debug)]
pub struct Side {
    /// The document.
    pub document: Document,
    /// The version of the crate, where it has one.
    pub crate_version: Option<String>,
    /// The generated code that was committed beside the document, where it is known.
    pub committed: Option<String>,
    /// The overlays with its words in other languages.
    pub translations: Vec<Source>,
}

/// What is asked for.
#[derive(Clone, Copy)]
pub struct Options<'a> {
    /// The date, as `2026-11-21`: what was announced for later, and which approval
    /// still holds.
    pub today: &'a str,
    /// Leaves out the crate.
    pub wire_only: bool,
    /// The mildest verdict that somebody must approve; none when nobody must.
    pub needs_approval: Option<Verdict>,
    /// How a document is let through: [`gate`](contract::lint::gate), or without what has errors.
    pub gate: &'a (dyn Fn(Document) -> Result<Checked, Box<Rejected>> + Sync),
    /// How code is generated: [`generate`](codegen::generate), or behind a barrier.
    pub generate: &'a (dyn Fn(&Checked) -> Result<Generated, Box<Finding>> + Sync),
}

impl std::fmt::Debug for Options<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Options")
            .field("today", &self.today)
            .field("wire_only", &self.wire_only)
            .field("needs_approval", &self.needs_approval)
            .finish_non_exhaustive()
    }
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

impl Review {
    /// The changes that nobody approved although somebody must.
    pub fn unapproved(&self) -> impl Iterator<Item = &ReviewedChange> {
        self.documents
            .iter()
            .flat_map(|document| &document.changes)
            .filter(|reviewed| reviewed.is_unapproved())
    }

    /// Whether the list of approvals itself is at fault.
    #[must_use]
    pub fn has_bad_approvals(&self) -> bool {
        self.approvals.iter().any(|problem| problem.is_error)
    }

    /// Whether every new document generates.
    #[must_use]
    pub fn generates(&self) -> bool {
        let crates = self.documents.iter().filter_map(|d| d.package.as_ref());
        crates.into_iter().all(|package| package.refused.is_empty())
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
    // A key that stands twice hides what the first one says.
    findings.retain(|finding| finding.severity == Severity::Error);
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
                let operations = contract::walk::operations(&item.node);
                let names = operations.map(|(method, _)| format!("{method} {path}"));
                names.collect::<Vec<_>>()
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
    // The way back tells what new clients make of an old server.
    let (found, back) = thread::scope(|scope| {
        let back = scope.spawn(|| diff(&new.document, &old.document, options.today));
        let found = diff(&old.document, &new.document, options.today);
        (
            found,
            back.join().unwrap_or_else(|panic| resume_unwind(panic)),
        )
    });
    let rollout = rollout(&found, &back);
    let mut changes = reviewed(found, approvals, options);
    let examples = example::changes(&changes, old.document.root(), new.document.root());
    let contract_version = version::contract(&changes, old.document.root(), new.document.root());
    let (before, now) = (old.document.root(), new.document.root());
    let translations = translation::behind(before, now, &new.translations);
    let package = match options.wire_only {
        true => None,
        false => {
            // Another name is another crate.
            let least = match state {
                State::Renamed => Bump::Major,
                _ => Bump::None,
            };
            Some(package::compare(old, new, &mut changes, least, options))
        }
    };
    DocumentReview {
        state,
        base_name: old_name,
        name: new_name,
        changes,
        rollout,
        package,
        examples,
        contract_version,
        translations,
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
    let found = found
        .into_iter()
        .filter(|change| matches!(change.kind, Kind::OperationAdded | Kind::OperationRemoved));
    let changes = reviewed(found.collect(), approvals, options);
    let refused = match (options.wire_only, &state) {
        (false, State::Added) => package::code(side.document, options).1,
        _ => package::Refused::default(),
    };
    DocumentReview {
        base_name: name.clone(),
        name,
        changes,
        rollout,
        package: (!options.wire_only).then(|| CrateReview {
            bump,
            refused: refused.problems,
            errors: refused.errors,
            ..CrateReview::default()
        }),
        examples: Vec::new(),
        contract_version: Version::default(),
        state,
        translations: Vec::new(),
    }
}

fn rollout(there: &[Change], back: &[Change]) -> Rollout {
    let breaks = |changes: &[Change]| changes.iter().any(|c| c.verdict == Verdict::Breaking);
    match (breaks(there), breaks(back)) {
        (false, false) => Rollout::AnyOrder,
        (false, true) => Rollout::ServerFirst,
        (true, false) => Rollout::ClientsFirst,
        (true, true) => Rollout::NoOrder,
    }
}

fn reviewed(
    changes: Vec<Change>,
    approvals: &mut Approvals,
    options: Options<'_>,
) -> Vec<ReviewedChange> {
    let reviewed = |change: Change| {
        let needs_approval = options
            .needs_approval
            .is_some_and(|mildest| change.verdict <= mildest);
        // An approval of what breaks holds where nobody asks for one, too.
        let is_approvable = needs_approval || change.verdict == Verdict::Breaking;
        let approved = match is_approvable {
            true => approvals.take(&change.fingerprint),
            false => None,
        };
        ReviewedChange {
            effects: Vec::new(),
            needs_approval,
            approved,
            change,
        }
    };
    changes.into_iter().map(reviewed).collect()
}
