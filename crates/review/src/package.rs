//! What the change does to the crate: both documents through the same generator.

use std::collections::HashSet;
use std::panic::resume_unwind;
use std::thread;

use serde::Serialize;

use super::{Options, Problem, ReviewedChange, Side, Version, cause, version};
use crate::surface::{Bump, ItemChange, compare as compare_items};
use codegen::outline::compared;
use codegen::surface::{self as items, Surface};
use codegen::texts::{self, TextChange};
use contract::Document;
use contract::source::Span;
use contract::{Finding, Findings, Severity};

/// What the crate's callers feel.
#[derive(Debug, Default, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct CrateReview {
    /// Its name, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// How much the crate's version must rise.
    pub bump: Bump,
    /// The crate's version: what it says, and what it should.
    pub version: Version,
    /// Items that no change of the contract explains.
    pub uncaused: Vec<ItemChange>,
    /// Items that differ because the generator does, with the contract unchanged.
    pub generator: Vec<ItemChange>,
    /// Why the new document does not generate, as far as the first hundred errors say; empty
    /// when it does.
    pub refused: Vec<Problem>,
    /// How many errors the new document has.
    pub errors: usize,
    /// Why the old document does not generate any more; empty when it does.
    pub base_refused: Vec<Problem>,
    /// Pieces of the outline that differ, as the snapshots are named.
    pub outlines: Vec<String>,
}

/// What is generated from a document.
pub(super) struct Code {
    surface: Surface,
    outlines: Vec<(String, String)>,
    text: String,
}

pub(super) fn compare(
    old: Side,
    new: Side,
    changes: &mut [ReviewedChange],
    least: Bump,
    options: Options<'_>,
) -> CrateReview {
    let versions = (old.crate_version, new.crate_version);
    // Where only texts changed, the items of the crate are those that they were. Where nothing
    // did, somebody asks what the generator changed.
    let (one, two) = (old.document.root(), new.document.root());
    if let Some(change) = texts::compare(one, two).filter(|_| !one.same(two)) {
        return documented(change, versions, least);
    }
    let roots = cause::Roots::new(&old.document, &new.document);
    let ((before, base_refused), (after, refused)) = thread::scope(|scope| {
        let old = scope.spawn(|| code(old.document, options));
        let new = code(new.document, options);
        (old.join().unwrap_or_else(|panic| resume_unwind(panic)), new)
    });
    let mut package = CrateReview {
        base_refused: base_refused.problems,
        refused: refused.problems,
        errors: refused.errors,
        ..CrateReview::default()
    };
    let committed = old
        .committed
        .as_deref()
        .and_then(|code| items::read(code).ok());
    if let (Some(committed), Some(before)) = (&committed, &before) {
        package.generator = compare_items(committed, &before.surface);
    }
    // A document that does not generate today may have done so when it was committed.
    let base = before
        .as_ref()
        .map(|code| &code.surface)
        .or(committed.as_ref());
    if let (Some(base), Some(after)) = (base, &after) {
        let effects = compare_items(base, &after.surface);
        package.bump = effects
            .iter()
            .map(|effect| effect.bump)
            .max()
            .unwrap_or_default();
        if let Some(before) = &before {
            package.outlines = outlines(before, after);
            if package.bump == Bump::None && before.text != after.text {
                package.bump = Bump::Patch;
            }
        }
        package.uncaused = cause::attach(effects, changes, &roots, (base, &after.surface));
    }
    let generator = package.generator.iter().map(|effect| effect.bump).max();
    package.bump = package.bump.max(generator.unwrap_or_default()).max(least);
    package.version = version::package(versions, package.bump);
    package
}

/// A crate whose documentation is all that may differ.
fn documented(
    change: TextChange,
    versions: (Option<String>, Option<String>),
    least: Bump,
) -> CrateReview {
    let documentation = match change.is_documented_anew {
        true => Bump::Patch,
        false => Bump::None,
    };
    let bump = documentation.max(least);
    let pieces = change
        .methods
        .iter()
        .map(|name| format!("operation.{name}"));
    CrateReview {
        bump,
        version: version::package(versions, bump),
        outlines: pieces.collect(),
        ..CrateReview::default()
    }
}

/// So many errors are told; whoever corrects them finds the others.
const MOST: usize = 100;

/// Why a document does not generate.
#[derive(Default)]
pub(super) struct Refused {
    /// The first errors.
    pub(super) problems: Vec<Problem>,
    /// How many there are.
    pub(super) errors: usize,
}

/// The code of a document, or why there is none.
pub(super) fn code(document: Document, options: Options<'_>) -> (Option<Code>, Refused) {
    let source = document.source().clone();
    let refused = |findings: &Findings| {
        let errors = findings.iter().filter(|f| f.severity == Severity::Error);
        let first = errors.clone().take(MOST);
        Refused {
            problems: first
                .map(|finding| Problem::new(source.of(finding.span).name(), finding))
                .collect(),
            errors: errors.count(),
        }
    };
    let checked = match (options.gate)(document) {
        Ok(checked) => checked,
        Err(rejected) => return (None, refused(&rejected.findings)),
    };
    let generated = match (options.generate)(&checked) {
        Ok(generated) => generated,
        Err(finding) => return (None, refused(&vec![*finding])),
    };
    let read = compared(&generated.code).map(|(surface, pieces)| {
        let name = |kind: &str, name: &str| format!("{kind}.{name}");
        let pieces = pieces.into_iter();
        Code {
            surface,
            outlines: pieces.map(|p| (name(p.kind, &p.name), p.text)).collect(),
            text: generated.code,
        }
    });
    match read {
        Ok(code) => (Some(code), Refused::default()),
        Err(error) => {
            let message = format!("the generated code is no Rust: {error}");
            let finding = Finding::new("generator", Severity::Error, message, Span::default());
            (None, refused(&vec![finding]))
        }
    }
}

/// The pieces of the outline that are not what they were.
fn outlines(old: &Code, new: &Code) -> Vec<String> {
    let set =
        |code: &'_ Code| -> HashSet<(String, String)> { code.outlines.iter().cloned().collect() };
    let (old, new) = (set(old), set(new));
    let differing = old.symmetric_difference(&new);
    let mut names: Vec<String> = differing.map(|(name, _)| name.clone()).collect();
    names.sort();
    names.dedup();
    names
}
