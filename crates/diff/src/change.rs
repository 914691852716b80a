use std::borrow::Cow;
use std::fmt;

use serde_json::Value;

use super::kind::Kind;
use contract::source::Span;

/// What a change means for whoever is on the other end of the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[derive(serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// A server on the new contract may refuse what old clients send, or even a
    /// tolerant client generated from the old contract fails on what it answers.
    Breaking,
    /// It depends on how strict the other end is, or it works and does something
    /// else than before.
    Risky,
    /// A keyword that this tool does not judge: a person must.
    Unclassified,
    /// Old clients and new servers understand each other.
    Compatible,
    /// Descriptions, examples and other text that no machine acts on.
    Documentation,
}

/// Which way a value travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Flow {
    /// From the client to the server.
    Request,
    /// From the server to the client.
    Response,
}

/// One difference between two documents, at its root cause.
#[derive(Clone, Debug, serde::Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct Change {
    /// What changed: a stable name (`id`), and its facts.
    #[serde(flatten)]
    #[cfg_attr(feature = "schemars", schemars(with = "super::kind::Described"))]
    pub kind: Kind,
    /// What it means on the wire; the worst of its reasons.
    pub verdict: Verdict,
    /// What it is about, a JSON Pointer: into the old document where it is gone or was
    /// renamed, else into the new one.
    pub subject: String,
    /// One sentence: the kind and the subject in words.
    pub title: String,
    /// Why it means that, for each direction concerned.
    pub reasons: Vec<Reason>,
    /// Where it stood, or would have, in the old document.
    pub old: Place,
    /// Where it stands, or would, in the new document.
    pub new: Place,
    /// What stood there, where that is part of the change.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Value>,
    /// What stands there, where that is part of the change.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<Value>,
    /// Other places of the same change, where one document repeats what the other
    /// shares: JSON Pointers into that one.
    pub also: Vec<String>,
    /// The operations that it reaches.
    pub used_by: Vec<Use>,
    /// Names the change across edits that do not touch it, whatever its title: `c` and 16
    /// hexadecimal digits.
    pub fingerprint: String,
    /// The names before and after, when something was only renamed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rename: Option<Rename>,
}

/// The same thing under two names.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct Rename {
    /// The name before.
    pub from: String,
    /// The name now.
    pub to: String,
}

/// Why a change means what it means.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct Reason {
    /// The direction that it speaks of; none when it holds either way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flow: Option<Flow>,
    /// What follows.
    pub verdict: Verdict,
    /// One sentence.
    pub text: Cow<'static, str>,
}

/// Something in a document.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct Place {
    /// JSON Pointer, with parameters and the like by name instead of position.
    pub pointer: String,
    /// Whether it stands there; else the span is the nearest thing that does.
    pub exists: bool,
    /// The file, where it is another than the document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Where to look.
    #[serde(flatten)]
    pub span: Span,
}

/// An operation that a change reaches.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct Use {
    /// Method and path, as `POST /contacts`.
    pub operation: String,
    /// The `operationId`, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operation_id: Option<String>,
    /// Which way the changed thing travels there.
    pub flow: Flow,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Breaking => "breaking",
            Self::Risky => "risky",
            Self::Unclassified => "unclassified",
            Self::Compatible => "compatible",
            Self::Documentation => "documentation",
        })
    }
}

impl Flow {
    /// The other direction, when `flip`.
    pub(super) fn flipped(self, flip: bool) -> Self {
        match (self, flip) {
            (flow, false) => flow,
            (Self::Request, true) => Self::Response,
            (Self::Response, true) => Self::Request,
        }
    }
}

/// What follows from a change in one direction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Judgement {
    pub(super) verdict: Verdict,
    pub(super) text: Cow<'static, str>,
}

/// What follows from a change, by direction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    /// The same either way, used or not.
    Always(Judgement),
    /// By who calls: the client, or the server in a callback.
    ByCaller {
        client: Judgement,
        server: Judgement,
    },
    /// As the value travels.
    ByFlow {
        request: Judgement,
        response: Judgement,
    },
}

/// Whether a client generated from the old contract acts on a constraint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reader {
    /// It fails on a value outside of it.
    Checks,
    /// It reads any value; stricter clients do not.
    Ignores,
    /// It reads a text from any scalar; stricter clients do not.
    Converts,
    /// It keeps a value that is none of the alternatives as it is; stricter clients fail.
    Keeps,
}

fn judgement(verdict: Verdict, text: impl Into<Cow<'static, str>>) -> Judgement {
    let text = text.into();
    Judgement { verdict, text }
}

impl Effect {
    pub(super) fn always(verdict: Verdict, text: impl Into<Cow<'static, str>>) -> Self {
        Self::Always(judgement(verdict, text))
    }

    pub(super) fn by_flow(
        request: (Verdict, &'static str),
        response: (Verdict, &'static str),
    ) -> Self {
        Self::ByFlow {
            request: judgement(request.0, request.1),
            response: judgement(response.0, response.1),
        }
    }

    pub(super) fn by_caller(
        client: (Verdict, &'static str),
        server: (Verdict, &'static str),
    ) -> Self {
        Self::ByCaller {
            client: judgement(client.0, client.1),
            server: judgement(server.0, server.1),
        }
    }

    pub(super) fn documentation() -> Self {
        Self::always(Verdict::Documentation, "no machine acts on it")
    }

    pub(super) fn unclassified() -> Self {
        Self::always(
            Verdict::Unclassified,
            "this tool does not know what it means; judge it by hand",
        )
    }

    /// Whoever sends must send more than before: the server may refuse a client, and a
    /// client gets what it can skip.
    pub(super) fn demands(text: &'static str) -> Self {
        let skipped = "old clients skip what they do not know";
        Self::by_flow((Verdict::Breaking, text), (Verdict::Compatible, skipped))
    }

    /// Whoever sends may leave out what was sure to come.
    pub(super) fn waives(text: &'static str) -> Self {
        let taken = "the server still takes what it took";
        Self::by_flow((Verdict::Compatible, taken), (Verdict::Breaking, text))
    }

    /// The new contract allows less.
    pub(super) fn narrows() -> Self {
        let sent = "what the server sends was allowed before";
        Self::by_flow(REFUSED, (Verdict::Compatible, sent))
    }

    /// The new contract allows more.
    pub(super) fn widens(reader: Reader) -> Self {
        let taken = "the server still takes what it took";
        Self::by_flow((Verdict::Compatible, taken), unexpected(reader))
    }

    /// What follows in a direction when the values that this speaks of are those that
    /// are forbidden: more of them is less of the rest.
    pub(super) fn negated(&self, flow: Flow) -> Judgement {
        let (request, response) = match self {
            Self::Always(judgement) => return judgement.clone(),
            Self::ByCaller { client, .. } => return client.clone(),
            Self::ByFlow { request, response } => (request.verdict, response.verdict),
        };
        let harmless = Verdict::Unclassified;
        let (allows_less, allows_more) = (response < harmless, request < harmless);
        let (verdict, text) = match flow {
            Flow::Request if allows_less => REFUSED,
            Flow::Request => (Verdict::Compatible, "the server still takes what it took"),
            Flow::Response if allows_more => unexpected(Reader::Ignores),
            Flow::Response => (
                Verdict::Compatible,
                "what the server sends was allowed before",
            ),
        };
        judgement(verdict, text)
    }

    /// The new contract allows other values.
    pub(super) fn replaces(reader: Reader) -> Self {
        Self::by_flow(REFUSED, unexpected(reader))
    }
}

const REFUSED: (Verdict, &str) = (
    Verdict::Breaking,
    "the server may refuse what old clients send",
);

/// What old clients make of values that were not allowed before.
fn unexpected(reader: Reader) -> (Verdict, &'static str) {
    match reader {
        Reader::Checks => (
            Verdict::Breaking,
            "old clients fail on values that were not allowed before, generated ones included",
        ),
        Reader::Ignores => (
            Verdict::Risky,
            "old clients that check it fail; a generated one does not check it",
        ),
        Reader::Keeps => (
            Verdict::Risky,
            "old clients that are strict fail on a value that is none of what they know; a \
             generated one keeps it as unknown",
        ),
        Reader::Converts => (
            Verdict::Risky,
            "old clients that insist on text fail; a generated one reads the value as text",
        ),
    }
}
