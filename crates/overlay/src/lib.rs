//! Overlays (`OpenAPI` Overlay 1.0 and 1.1), applied to a document with its positions: what an
//! overlay puts there stands, for every finding, in the overlay.
//!
//! A translation is an overlay that changes words alone: [`translation`] holds it against the
//! document whose words it translates.
#![warn(missing_docs)]

mod action;
mod apply;
mod fingerprint;
mod read;
pub mod rules;
pub mod translation;
pub mod words;

pub use action::{Action, Change};
pub use fingerprint::Fingerprint;
pub use read::{ENDINGS, Overlay, has_errors, is_overlay, language, tag};
