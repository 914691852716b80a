use serde_json_path::JsonPath;
use source::{Node, Span};

/// What an overlay does at some places of a document (Overlay 1.1.0, section 4.4.3).
#[derive(Clone, Debug)]
pub struct Action {
    /// The places, as they are written.
    pub target: String,
    /// Where that is written.
    pub span: Span,
    /// What becomes of what stands there.
    pub change: Change,
    /// Fingerprints of the words that are translated, in the form of the update.
    pub translates: Option<Node>,
    pub(crate) path: JsonPath,
}

/// What becomes of what stands at a place.
#[derive(Clone, Debug)]
pub enum Change {
    /// This is merged with it.
    Update(Node),
    /// A copy of what stands elsewhere is merged with it (since 1.1).
    Copy(JsonPath),
    /// It is taken away.
    Remove,
}
