use semver::Version as Semver;
use serde::Serialize;

use super::ReviewedChange;
use crate::surface::Bump;
use contract::source::Node;
use diff::{Kind, Verdict};

/// A version before and after.
type Versions = (Option<String>, Option<String>);

/// What a version says, and what it should.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct Version {
    /// What it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// What it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// The least that the changes ask for; none when they ask for nothing, or the
    /// version is not a semantic one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wanted: Option<String>,
    /// Whether it is at least that.
    pub is_enough: bool,
}

/// `info.version`: a breaking change asks for a major version, other changes on the
/// wire for a minor one, words for a patch.
pub(super) fn contract(changes: &[ReviewedChange], old: &Node, new: &Node) -> Version {
    let of = |root: &Node| {
        let version = root.get("info").and_then(|info| info.get("version"));
        version.and_then(Node::as_str).map(str::to_owned)
    };
    let changes = changes.iter().map(|reviewed| &reviewed.change);
    // The version itself is no reason to raise it.
    let worst = changes
        .filter(|change| change.kind != Kind::VersionChanged)
        .map(|c| c.verdict)
        .min();
    let bump = match worst {
        None => Bump::None,
        Some(Verdict::Breaking) => Bump::Major,
        Some(Verdict::Documentation) => Bump::Patch,
        Some(_) => Bump::Minor,
    };
    version((of(old), of(new)), bump)
}

pub(super) fn package(versions: Versions, bump: Bump) -> Version {
    version(versions, bump)
}

fn version((before, after): Versions, bump: Bump) -> Version {
    let parse = |text: &Option<String>| text.as_deref().and_then(|text| Semver::parse(text).ok());
    let wanted = parse(&before).and_then(|before| next(&before, bump));
    let is_enough = match (&wanted, parse(&after)) {
        (Some(wanted), Some(after)) => after >= *wanted,
        _ => true,
    };
    Version {
        wanted: wanted.map(|wanted| wanted.to_string()),
        before,
        after,
        is_enough,
    }
}

/// The least version that a change asks for. Below 1.0 the second number is the
/// major one, and below 0.1 the third (the Cargo Book, `SemVer` compatibility).
fn next(version: &Semver, bump: Bump) -> Option<Semver> {
    let Semver {
        major,
        minor,
        patch,
        ..
    } = *version;
    // What leads up to a version asks for nothing that could be counted.
    if bump == Bump::None || !version.pre.is_empty() {
        return None;
    }
    let up = |number: u64| number.checked_add(1);
    Some(match (bump, major, minor) {
        (Bump::Major, 0, 0) => Semver::new(0, 0, up(patch)?),
        (Bump::Major, 0, _) => Semver::new(0, up(minor)?, 0),
        (Bump::Major, ..) => Semver::new(up(major)?, 0, 0),
        (Bump::Minor, 1.., _) => Semver::new(major, up(minor)?, 0),
        _ => Semver::new(major, minor, up(patch)?),
    })
}
