//! Translations that a change leaves behind.

use contract::Source;
use contract::source::Node;
use overlay::{Overlay, language, translation};
use serde::Serialize;

/// What a change of the document leaves to be translated in a language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct Behind {
    /// The file of the translation.
    pub name: String,
    /// Its language, a tag of BCP 47.
    pub language: String,
    /// Where the document says something else now than what is translated, as JSON Pointers.
    pub stale: Vec<String>,
    /// Where it says something that is not translated.
    pub missing: Vec<String>,
}

/// What translations lack since the document was another one; nothing of those that lack nothing new.
pub(crate) fn behind(old: &Node, new: &Node, overlays: &[Source]) -> Vec<Behind> {
    let behind = overlays.iter().filter_map(|source| {
        let language = language(source.name()).ok()?;
        let (overlay, _) = Overlay::read(source.clone());
        let before = translation::hold(old, &overlay, &language);
        let now = translation::hold(new, &overlay, &language);
        let fresh = |now: Vec<String>, before: &[String]| -> Vec<String> {
            let is_new = |place: &String| !before.contains(place);
            now.into_iter().filter(is_new).collect()
        };
        let behind = Behind {
            name: source.name().to_owned(),
            stale: fresh(now.stale, &before.stale),
            missing: fresh(now.missing, &before.missing),
            language,
        };
        (!behind.stale.is_empty() || !behind.missing.is_empty()).then_some(behind)
    });
    behind.collect()
}
