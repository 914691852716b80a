//! What a review says of one document.

use serde::Serialize;

use super::{Approved, Behind, CrateReview, ExampleChange, Version};
use crate::surface::ItemChange;
use diff::{Change, Verdict};

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
    #[serde(rename = "crate")]
    pub package: Option<CrateReview>,
    /// Examples of the contract that changed.
    pub examples: Vec<ExampleChange>,
    /// `info.version`: what it says, and what the changes ask for.
    pub contract_version: Version,
    /// What the changes leave to be translated.
    pub translations: Vec<Behind>,
}

/// A change with what it does to the crate, and who agreed to it.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct ReviewedChange {
    /// The change.
    #[serde(flatten)]
    pub change: Change,
    /// The items of the crate that it touches.
    pub effects: Vec<ItemChange>,
    /// Whether somebody must agree to it.
    #[serde(skip)]
    pub needs_approval: bool,
    /// Who agreed to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub approved: Option<Approved>,
}

impl ReviewedChange {
    /// Whether somebody must agree and nobody did.
    #[must_use]
    pub fn is_unapproved(&self) -> bool {
        self.needs_approval && self.approved.is_none()
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
        let package = self.package.as_ref();
        self.state == State::Changed
            && self.changes.is_empty()
            && package.is_none_or(|package| {
                package.uncaused.is_empty()
                    && package.generator.is_empty()
                    && package.refused.is_empty()
            })
    }
}
