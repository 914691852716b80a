use contract::lint::nearest;
use oxilangtag::LanguageTag;
use serde_json_path::JsonPath;
use source::{Finding, Findings, Node, Severity, Source, Value};

use crate::action::{Action, Change};
use crate::rules::{FORM, finding};

/// How the files of overlays end, before what they are written in.
const ENDING: &str = ".overlay";
/// What may stand in an overlay, in its `info`, and in an action, beside extensions.
const TOP: [&str; 4] = ["overlay", "info", "extends", "actions"];
const INFO: [&str; 3] = ["title", "version", "description"];
const ACTION: [&str; 5] = ["target", "description", "update", "remove", "copy"];
/// The extension of an action with the fingerprints of the words that it translates.
pub(crate) const TRANSLATES: &str = "x-translates";

/// A list of changes to a document (Overlay 1.1.0, section 4.4.1).
#[derive(Clone, Debug)]
pub struct Overlay {
    source: Source,
    /// What is done, in order.
    pub actions: Vec<Action>,
    /// Where the list stands.
    pub(crate) list: source::Span,
}

/// What an overlay is written in, as the ending of its file.
pub const ENDINGS: [&str; 3] = ["yaml", "yml", "json"];

/// Whether a file is an overlay, by its name: `pets.es.overlay.yaml`.
///
/// ```
/// assert!(overlay::is_overlay("pets.es.overlay.yaml"));
/// assert!(!overlay::is_overlay("pets.es.overlay.yaml~"));
/// ```
#[must_use]
pub fn is_overlay(file: &str) -> bool {
    let name = file.rsplit_once('.');
    name.is_some_and(|(stem, ending)| stem.ends_with(ENDING) && ENDINGS.contains(&ending))
}

/// The language of a translation, by the name of its file: `es` of `pets.es.overlay.yaml`.
///
/// # Errors
/// When the name has no language, or what stands in its place is no tag of one (BCP 47).
pub fn language(file: &str) -> Result<String, String> {
    let (_, name) = file.rsplit_once('/').unwrap_or(("", file));
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let stem = stem.strip_suffix(ENDING).unwrap_or(stem);
    let Some((_, tag)) = stem.rsplit_once('.') else {
        return Err(format!(
            "`{name}` says no language; call it as `pets.es{ENDING}.yaml`"
        ));
    };
    self::tag(tag)
}

/// The tag of a language.
///
/// # Errors
/// When it is none (BCP 47).
pub fn tag(tag: &str) -> Result<String, String> {
    match LanguageTag::parse(tag) {
        Ok(tag) => Ok(tag.into_inner().to_owned()),
        Err(why) => Err(format!(
            "`{tag}` is no tag of a language (BCP 47): {}; `es` and `pt-BR` are",
            lower(&why.to_string())
        )),
    }
}

impl Overlay {
    /// Reads an overlay; what is wrong with its form becomes findings, and is left out.
    ///
    /// ```
    /// use overlay::Overlay;
    /// let text = "overlay: 1.0.0\ninfo: {title: A, version: '1'}\nactions: [{target: $.infos, updat: {}}]";
    /// let (_, findings) = Overlay::read(source::Source::new("a.overlay.yaml", text));
    /// assert_eq!(findings[0].message, "an action has no `updat`");
    /// assert_eq!(findings[0].help.as_deref(), Some("did you mean `update`?"));
    /// ```
    #[must_use]
    pub fn read(source: Source) -> (Self, Findings) {
        let mut findings = Findings::new();
        let nothing = Node::new(Value::Null, source::Span::default());
        let root = source::parse(source.text(), &mut findings).unwrap_or(nothing);
        let mut overlay = Self {
            source,
            actions: Vec::new(),
            list: root.key_span("actions"),
        };
        if !has_errors(&findings) {
            overlay.actions = Reader(&mut findings).top(&root);
        }
        (overlay, findings)
    }

    /// The text that was read, and its name.
    #[must_use]
    pub fn source(&self) -> &Source {
        &self.source
    }
}

/// Whether something cannot stay as it is.
#[must_use]
pub fn has_errors(findings: &[Finding]) -> bool {
    findings.iter().any(|one| one.severity == Severity::Error)
}

/// Reads, and says what is wrong.
struct Reader<'f>(&'f mut Findings);

impl Reader<'_> {
    fn tell(&mut self, finding: Finding) {
        self.0.push(finding);
    }

    fn top(&mut self, root: &Node) -> Vec<Action> {
        if root.as_object().is_none() {
            let finding = finding(
                &FORM,
                "an overlay is a mapping, and this is none",
                root.span,
            );
            self.tell(finding.help("it begins with `overlay: 1.1.0`"));
            return Vec::new();
        }
        self.known(root, "an overlay", &TOP);
        if root.get("extends").is_some() {
            self.text(root, "the overlay", "extends");
        }
        let has_copies = self.version(root);
        match root.get("info") {
            Some(info) => {
                self.known(info, "the `info` of an overlay", &INFO);
                for key in ["title", "version"] {
                    self.text(info, "`info`", key);
                }
                if info.get("description").is_some() {
                    self.text(info, "`info`", "description");
                }
            }
            None => self.tell(
                finding(&FORM, "the overlay lacks `info`", root.span)
                    .help("give it a `title` and a `version`"),
            ),
        }
        let actions = root.get("actions").and_then(Node::as_array);
        let Some(actions) = actions.filter(|actions| !actions.is_empty()) else {
            let span = root.key_span("actions").first_line();
            self.tell(
                finding(&FORM, "the overlay has no list of `actions`", span)
                    .help("an action has a `target` and an `update`"),
            );
            return Vec::new();
        };
        let actions = actions.iter();
        actions
            .filter_map(|action| self.action(action, has_copies))
            .collect()
    }

    /// Whether the version of the overlay has copies.
    fn version(&mut self, root: &Node) -> bool {
        let version = self.text(root, "the overlay", "overlay");
        let minor = version
            .as_deref()
            .and_then(|version| version.strip_prefix("1."));
        let minor = minor.and_then(|rest| {
            let (minor, patch) = rest.split_once('.')?;
            patch
                .bytes()
                .all(|byte| byte.is_ascii_digit())
                .then_some(minor)
        });
        match (version.as_deref(), minor) {
            (None, _) | (_, Some("0")) => false,
            (_, Some("1")) => true,
            (Some(other), _) => {
                let message = format!("`{other}` is no version of overlays that is known");
                let span = root.get("overlay").map_or(root.span, |it| it.span);
                self.tell(finding(&FORM, message, span).help("write `1.1.0`"));
                true
            }
        }
    }

    fn action(&mut self, action: &Node, has_copies: bool) -> Option<Action> {
        if action.as_object().is_none() {
            self.tell(finding(
                &FORM,
                "an action is a mapping, and this is none",
                action.span,
            ));
            return None;
        }
        let before = self.0.len();
        self.known(action, "an action", &ACTION);
        // What it does may be misspelt, and that is told.
        let is_told = self.0.len() > before;
        if action.get("description").is_some() {
            self.text(action, "the action", "description");
        }
        if let Some(remove) = action
            .get("remove")
            .filter(|one| !matches!(one.value, Value::Bool(_)))
        {
            let message = "`remove` is neither `true` nor `false`";
            self.tell(finding(&FORM, message, remove.span));
        }
        let target = self.text(action, "the action", "target")?;
        let span = action.get("target")?.span;
        let path = self.path(&target, span)?;
        Some(Action {
            change: self.change(action, has_copies, is_told)?,
            translates: action.get(TRANSLATES).cloned(),
            target,
            span,
            path,
        })
    }

    fn change(&mut self, action: &Node, has_copies: bool, is_told: bool) -> Option<Change> {
        // What is removed is not changed (Overlay 1.0.0, section 4.4.3.1).
        if action.get("remove").is_some_and(Node::is_true) {
            return Some(Change::Remove);
        }
        match (action.get("update"), action.get("copy")) {
            (Some(update), None) => Some(Change::Update(update.clone())),
            (None, Some(from)) if has_copies => {
                let text = self.text(action, "the action", "copy")?;
                self.path(&text, from.span).map(Change::Copy)
            }
            (None, Some(from)) => {
                let message = "an overlay of 1.0 has no `copy`";
                self.tell(finding(&FORM, message, from.span).help("write `overlay: 1.1.0`"));
                None
            }
            (Some(_), Some(from)) => {
                let message = "an action has one of `update` and `copy`";
                self.tell(finding(&FORM, message, from.span).help("make it two actions"));
                None
            }
            (None, None) if is_told => None,
            (None, None) => {
                let message = "the action does nothing";
                let help = "give it an `update`, or `remove: true`";
                self.tell(finding(&FORM, message, action.span.first_line()).help(help));
                None
            }
        }
    }

    fn path(&mut self, text: &str, span: source::Span) -> Option<JsonPath> {
        if let Some(why) = too_much(text) {
            let message = format!("`{}` {why}", shortened(text));
            let help = "make it several actions, each with a target of its own";
            self.tell(finding(&FORM, message, span).help(help));
            return None;
        }
        match JsonPath::parse(text) {
            Ok(path) => Some(path),
            Err(why) => {
                let at = text.get(why.position()..).unwrap_or_default();
                let message = match at.is_empty() {
                    true => format!("`{text}` is no JSONPath (RFC 9535): it ends too early"),
                    false => format!("`{text}` is no JSONPath (RFC 9535): it goes wrong at `{at}`"),
                };
                let help = "a path begins with `$`: `$.paths['/pets'].get`";
                self.tell(finding(&FORM, message, span).help(help));
                None
            }
        }
    }

    fn text(&mut self, node: &Node, what: &str, key: &str) -> Option<String> {
        let Some(value) = node.get(key) else {
            let message = format!("{what} lacks `{key}`");
            self.tell(finding(&FORM, message, node.span.first_line()));
            return None;
        };
        let text = value.as_str().map(str::to_owned);
        if text.is_none() {
            let message = format!("`{key}` is no text");
            self.tell(finding(&FORM, message, value.span).help("put it in quotes"));
        }
        text
    }

    /// Says which keys there are not.
    fn known(&mut self, node: &Node, what: &str, known: &[&str]) {
        for (key, entry) in node.entries() {
            if known.contains(&key) || key.starts_with("x-") {
                continue;
            }
            let unknown = finding(&FORM, format!("{what} has no `{key}`"), entry.key);
            let near = nearest(key, known.iter().copied());
            self.tell(match near {
                Some(near) => unknown.help(format!("did you mean `{near}`?")),
                None => unknown.help("what is one's own begins with `x-`"),
            });
        }
    }
}

/// Why a path is not followed: the time that one takes rises with a power of the steps that look
/// everywhere, and reading one with how deep it nests.
fn too_much(path: &str) -> Option<&'static str> {
    const LONGEST: usize = 4_000;
    const DEEPEST: usize = 8;
    if path.len() > LONGEST {
        return Some("is longer than a JSONPath of an overlay needs to be (4,000 signs)");
    }
    let (mut depth, mut deepest, mut everywhere) = (0_usize, 0, 0);
    let (mut quote, mut before) = (None, ' ');
    for c in path.chars() {
        match (quote, c) {
            (Some(_), _) if before == '\\' => {
                before = ' ';
                continue;
            }
            (Some(open), _) if open == c => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(c),
            (None, '[' | '(') => depth += 1,
            (None, ']' | ')') => depth = depth.saturating_sub(1),
            (None, '.') if before == '.' => {
                everywhere += if depth > 0 { 2 } else { 1 };
                before = ' ';
                continue;
            }
            _ => {}
        }
        deepest = deepest.max(depth);
        before = c;
    }
    match (deepest > DEEPEST, everywhere > 1) {
        (true, _) => Some("nests more than eight levels deep"),
        (_, true) => Some("looks everywhere (`..`) more than once, or within a filter"),
        (false, false) => None,
    }
}

/// The beginning of a text, on one line.
pub(crate) fn shortened(text: &str) -> String {
    const LONGEST: usize = 60;
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.chars().count() > LONGEST {
        true => line.chars().take(LONGEST).chain(['…']).collect(),
        false => line,
    }
}

fn lower(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_lowercase().to_string());
    first.unwrap_or_default() + letters.as_str().trim_end_matches('.')
}
