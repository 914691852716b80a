//! Translations: overlays that put words in the place of words.

use std::collections::{BTreeMap, HashSet};

use contract::walk::join;
use pulldown_cmark::{Event, Parser, Tag, TagEnd};
use source::{Findings, Node, Span, Value, tokens};

use crate::action::{Action, Change};
use crate::apply::Matched;
use crate::fingerprint::{self, Fingerprint};
use crate::read::{Overlay, TRANSLATES, has_errors, shortened};
use crate::rules::{MISSING, NAMES, STALE, TARGET, WORDS, finding};
use crate::words;

mod skeleton;

pub use skeleton::skeleton;

/// A translation, held against the document whose words it translates.
#[derive(Debug)]
pub struct Held {
    /// What is wrong with it, each with its place in the overlay.
    pub findings: Findings,
    /// How many texts the document has.
    pub texts: usize,
    /// The places that have no translation, as JSON Pointers in the order of the document.
    pub missing: Vec<String>,
    /// The places whose text has changed since it was translated.
    pub stale: Vec<String>,
}

impl Held {
    /// How much is translated, of a hundred; all of nothing.
    #[must_use]
    pub fn percent(&self) -> usize {
        let translated = self.texts - self.missing.len();
        (translated * 100).checked_div(self.texts).unwrap_or(100)
    }
}

/// Holds a translation against a document.
///
/// ```
/// use contract::{Document, Source};
/// use overlay::{Overlay, translation};
///
/// let document = Document::parse(Source::new("pets.yaml", "info: {title: Pets, description: The `id`s.}"));
/// let text = "
/// overlay: 1.1.0
/// info: {title: Mascotas, version: 1.0.0}
/// actions: [{target: $.info, x-translates: {description: 840ceeb8}, update: {description: Los `ids`.}}]";
/// let (overlay, _) = Overlay::read(Source::new("pets.es.overlay.yaml", text));
/// let held = translation::hold(document.root(), &overlay, "es");
/// assert_eq!(held.findings[0].message, "the translation has not the names of its original");
/// assert_eq!((held.percent(), held.missing), (50, vec!["/info/title".to_owned()]));
/// ```
#[must_use]
pub fn hold(root: &Node, overlay: &Overlay, language: &str) -> Held {
    let mut holder = Holder {
        root,
        findings: Findings::new(),
        translated: HashSet::new(),
        stale: Vec::new(),
    };
    let mut changed = root.clone();
    // What is wrong is not done: it could make anything of the document.
    let applied = overlay.apply_with(&mut changed, 0, &mut |matched| {
        let before = holder.findings.len();
        holder.action(matched);
        !has_errors(&holder.findings[before..])
    });
    holder
        .findings
        .extend(applied.err().map(|finding| *finding));
    let words = words::of(root);
    let places = words.iter().map(|word| &word.pointer);
    let missing = places.filter(|place| !holder.translated.contains(*place));
    let mut held = Held {
        missing: missing.cloned().collect(),
        findings: holder.findings,
        texts: words.len(),
        stale: holder.stale,
    };
    if let Some(first) = held.missing.first() {
        let message = format!(
            "{} % of the texts are translated; `{first}`{} not",
            held.percent(),
            match held.missing.len() - 1 {
                0 => " is".to_owned(),
                more => format!(" and {more} more are"),
            }
        );
        let help = format!("`docs --missing {language}` writes what is left to translate");
        held.findings
            .push(finding(&MISSING, message, overlay.list).help(help));
    }
    held
}

impl Overlay {
    /// Without what is to be filled in, so that readers get the original until it is.
    #[must_use]
    pub fn without_blanks(mut self) -> Self {
        for action in &mut self.actions {
            if let Change::Update(update) = &mut action.change {
                without_blanks(update);
            }
        }
        let is_blank = |action: &Action| match &action.change {
            Change::Update(update) => is_blank(update),
            Change::Remove | Change::Copy(_) => false,
        };
        self.actions.retain(|action| !is_blank(action));
        self
    }
}

/// Takes away the texts of an object that are blank, and what holds nothing else.
fn without_blanks(node: &mut Node) {
    if let Value::Object(entries) = &mut node.value {
        for entry in entries.values_mut() {
            without_blanks(&mut entry.node);
        }
        entries.retain(|_, entry| !is_blank(&entry.node));
    }
}

fn is_blank(node: &Node) -> bool {
    match &node.value {
        Value::String(text) => text.trim().is_empty(),
        Value::Object(entries) => entries.is_empty(),
        _ => false,
    }
}

/// A text that an update puts somewhere.
struct Leaf<'o> {
    /// From the target to the text.
    pointer: String,
    node: &'o Node,
    /// What stands at the same place among the fingerprints.
    fingerprint: Option<&'o Node>,
}

/// What an update puts where, below the target.
fn leaves<'o>(
    node: &'o Node,
    fingerprint: Option<&'o Node>,
    pointer: String,
    leaves: &mut Vec<Leaf<'o>>,
) {
    if node.as_object().is_none_or(|object| object.is_empty()) {
        return leaves.push(Leaf {
            pointer,
            node,
            fingerprint,
        });
    }
    for (key, entry) in node.entries() {
        let fingerprint = fingerprint.and_then(|one| one.get(key));
        self::leaves(&entry.node, fingerprint, join(&pointer, key), leaves);
    }
}

struct Holder<'d> {
    root: &'d Node,
    findings: Findings,
    translated: HashSet<String>,
    stale: Vec<String>,
}

impl Holder<'_> {
    fn action(&mut self, Matched { action, places }: &Matched<'_>) {
        let Action { target, span, .. } = action;
        if places.is_empty() {
            let message = format!("`{target}` finds nothing in the document");
            let help = "what was renamed there is renamed here, too; what is gone is left out";
            self.findings
                .push(finding(&TARGET, message, *span).help(help));
            return;
        }
        let update = match &action.change {
            Change::Update(update) => update,
            Change::Remove | Change::Copy(_) => {
                let message = "a translation takes nothing away, and copies nothing";
                let help = "make it an `update`, or an overlay that is no translation";
                self.findings
                    .push(finding(&WORDS, message, *span).help(help));
                return;
            }
        };
        let mut all = Vec::new();
        leaves(update, action.translates.as_ref(), String::new(), &mut all);
        for leaf in all {
            self.leaf(action, places, &leaf);
        }
    }

    fn leaf(&mut self, action: &Action, places: &[String], leaf: &Leaf<'_>) {
        let full = places
            .iter()
            .map(|place| format!("{place}{}", leaf.pointer));
        let full: Vec<String> = full.collect();
        let key = tokens(&full[0]).into_iter().flatten().last();
        let key = key.unwrap_or_default();
        if full.iter().any(|place| !words::may_be(place)) {
            let message = format!("`{key}` is no text that a translation changes");
            let help = "names, types and values are the same in every language; `summary`, \
                        `description` and extensions are words";
            self.tell(finding(&WORDS, message, leaf.node.span).help(help));
            return;
        }
        let Some(text) = leaf.node.as_str() else {
            let message = format!("the translation of `{key}` is no text");
            self.tell(finding(&WORDS, message, leaf.node.span).help("put it in quotes"));
            return;
        };
        let originals = full.iter().map(|place| self.root.pointer(place)?.as_str());
        let originals: Option<Vec<&str>> = originals.collect();
        let Some(originals) = originals else {
            let message = format!("there is no `{key}` to translate at `{}`", action.target);
            let help = "write it in the document first, in its own language";
            self.tell(finding(&WORDS, message, leaf.node.span).help(help));
            return;
        };
        let original = originals[0];
        if originals
            .iter()
            .any(|other| other.trim() != original.trim())
        {
            let message = format!(
                "`{}` finds {} places whose `{key}` is not the same",
                action.target,
                places.len()
            );
            let help = "name one place, or make it one action for each";
            self.tell(finding(&TARGET, message, action.span).help(help));
            return;
        }
        if text.trim().is_empty() {
            return;
        }
        self.names(original, text, leaf.node.span);
        self.fingerprint(original, &key, leaf, &full);
        self.translated.extend(full);
    }

    fn tell(&mut self, finding: source::Finding) {
        self.findings.push(finding);
    }

    /// Names are not translated.
    fn names(&mut self, original: &str, text: &str, span: Span) {
        let (original, text) = (names(original), names(text));
        if original == text {
            return;
        }
        let list = |names: Vec<&String>| {
            let names = names
                .into_iter()
                .map(|name| format!("`{}`", shortened(name)));
            names.collect::<Vec<_>>().join(", ")
        };
        let more = |one: &BTreeMap<String, usize>, other: &BTreeMap<String, usize>| {
            let more = one
                .iter()
                .filter(|(name, count)| other.get(*name) < Some(count));
            list(more.map(|(name, _)| name).collect())
        };
        let (lost, strange) = (more(&original, &text), more(&text, &original));
        let label = match (lost.as_str(), strange.as_str()) {
            (lost, "") => format!("{lost} is left out"),
            ("", strange) => format!("{strange} is not in the original"),
            (lost, strange) => format!("{lost} became {strange}"),
        };
        let message = "the translation has not the names of its original";
        let help = "what stands in backticks is the same in every language";
        self.tell(finding(&NAMES, message, span).label(label).help(help));
    }

    fn fingerprint(&mut self, original: &str, key: &str, leaf: &Leaf<'_>, places: &[String]) {
        let expected = Fingerprint::of(original).to_string();
        let said = leaf.fingerprint.and_then(said);
        if said.as_deref() == Some(expected.as_str()) {
            return;
        }
        let (message, span) = match leaf.fingerprint {
            Some(node) => (
                format!("the `{key}` that is translated has changed since"),
                node.span,
            ),
            None => (
                format!("nothing says which `{key}` is translated"),
                leaf.node.span,
            ),
        };
        let label = format!("now: {}", shortened(original));
        self.stale.extend_from_slice(places);
        let mut print = fingerprint::quoted(&expected);
        for key in tokens(&leaf.pointer)
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .iter()
            .rev()
        {
            print = format!("{{{}: {print}}}", fingerprint::quoted(key));
        }
        let help = format!("when it says the same again, write `{TRANSLATES}: {print}`");
        self.tell(finding(&STALE, message, span).label(label).help(help));
    }
}

/// A fingerprint as it is written: YAML takes some of them for numbers.
fn said(node: &Node) -> Option<String> {
    match &node.value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(format!("{:0>8}", number.to_string())),
        _ => None,
    }
}

/// What stands in backticks, in lines or in blocks, and how often.
fn names(text: &str) -> BTreeMap<String, usize> {
    let mut names = BTreeMap::new();
    let mut block: Option<String> = None;
    for event in Parser::new(text) {
        let name = match event {
            Event::Code(name) => Some(name.into_string()),
            Event::Start(Tag::CodeBlock(_)) => {
                block = Some(String::new());
                None
            }
            Event::Text(text) => {
                block
                    .as_mut()
                    .into_iter()
                    .for_each(|block| block.push_str(&text));
                None
            }
            Event::End(TagEnd::CodeBlock) => block.take(),
            _ => None,
        };
        if let Some(name) = name {
            *names.entry(name).or_default() += 1;
        }
    }
    names
}
