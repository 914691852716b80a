//! The rules that a contract must keep, and the gate behind which it is sound.
//!
//! One rule is one file: what it finds, why, and a wrong and a right example.
//! [`RULES`] is the table. What is asked of operations is asked of their model
//! ([`Api`]); what may be malformed is read from the tree.

use std::cell::OnceCell;
use std::collections::{BTreeMap, HashSet};

use serde_json::Value;

use crate::document::{Checked, Document, Rejected};
use crate::finding::{Finding, Findings, Severity, dedup, has_errors};
use crate::lenient;
use crate::lower::{is_newer, lower};
use crate::operation::{Api, Operation};
use crate::partial;
use crate::schema::Schemas;
use crate::source::{Node, Span};
use crate::walk::{Kind, Place, Site, join, pointer, resolve, sites};

mod array_items;
mod bounds;
mod cyclic_ref;
mod default;
mod description_missing;
mod discriminator;
mod enum_value;
mod error_response;
mod example;
mod example_property;
mod extensible_enum;
mod format_unknown;
mod openapi_version;
mod operation_id_duplicate;
mod operation_id_missing;
mod pagination;
mod parameter_duplicate;
mod path_duplicate;
mod path_form;
mod path_parameter;
mod pattern;
mod rate_limit;
mod ref_siblings;
mod repetition;
mod required_property;
mod sandbox;
mod security_missing;
mod security_undeclared;
mod server_missing;
mod server_variable;
mod silence;
mod status_code;
mod structure;
mod success_response;
mod tag_duplicate;
mod tag_undeclared;
mod unresolved_ref;
mod unused_component;

pub use bounds::PAIRS;

/// Every rule, in the order in which they run and are listed.
pub const RULES: &[Rule] = &[
    openapi_version::RULE,
    structure::RULE,
    unresolved_ref::RULE,
    cyclic_ref::RULE,
    ref_siblings::RULE,
    server_missing::RULE,
    server_variable::RULE,
    description_missing::RULE,
    operation_id_missing::RULE,
    operation_id_duplicate::RULE,
    tag_undeclared::RULE,
    tag_duplicate::RULE,
    security_missing::RULE,
    security_undeclared::RULE,
    path_form::RULE,
    path_parameter::RULE,
    path_duplicate::RULE,
    parameter_duplicate::RULE,
    status_code::RULE,
    success_response::RULE,
    error_response::RULE,
    required_property::RULE,
    array_items::RULE,
    bounds::RULE,
    pattern::RULE,
    format_unknown::RULE,
    discriminator::RULE,
    enum_value::RULE,
    extensible_enum::RULE,
    default::RULE,
    example::RULE,
    example_property::RULE,
    rate_limit::RULE,
    repetition::RULE,
    pagination::RULE,
    sandbox::RULE,
    unused_component::RULE,
    silence::RULE,
];

/// The rule about the form of documents.
pub(crate) const STRUCTURE: &str = structure::RULE.name;

/// The rules whose warnings say how a document is read that is not as it should be.
pub const READINGS: [&str; 3] = [STRUCTURE, openapi_version::RULE.name, "duplicate-key"];

/// What warnings about operations that are left out are called.
pub const PARTIAL: &str = partial::RULE;

/// What each rule asks for, in one sentence.
#[must_use]
pub fn summaries() -> BTreeMap<&'static str, &'static str> {
    RULES.iter().map(|rule| (rule.name, rule.summary)).collect()
}

/// One thing to look for.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// A stable name, shown with every finding.
    pub name: &'static str,
    /// How much its findings matter.
    pub severity: Severity,
    /// What it asks for, in one sentence.
    pub summary: &'static str,
    /// What and why, with an example before and after, as Markdown.
    pub explanation: &'static str,
    check: fn(&Context<'_>, &mut Findings),
}

impl Rule {
    fn finding(&self, message: impl Into<String>, span: Span) -> Finding {
        Finding::new(self.name, self.severity, message, span)
    }
}

/// The name that was probably meant, when one is close enough.
///
/// ```
/// use contract::lint::nearest;
/// assert_eq!(nearest("aproved", ["added", "approved"]), Some("approved"));
/// assert_eq!(nearest("colour", ["added", "approved"]), None);
/// ```
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // Something must be left of it.
    let most = name.len().div_ceil(3).min(name.len().saturating_sub(1));
    // Comparing is expensive, and a length says enough of most names.
    let similar = known
        .into_iter()
        .filter(|known| known.len().abs_diff(name.len()) <= most);
    let close = similar.map(|known| (strsim::damerau_levenshtein(name, known), known));
    let (distance, known) = close.min()?;
    (distance <= most).then_some(known)
}

/// What a rule may look at.
struct Context<'a> {
    root: &'a Node,
    sites: Vec<Site<'a>>,
    api: Api,
    json: Value,
    schemas: OnceCell<Schemas>,
}

impl<'a> Context<'a> {
    fn new(root: &'a Node) -> Self {
        Self {
            root,
            sites: sites(root),
            api: Api::read(root),
            json: root.to_json(),
            schemas: OnceCell::new(),
        }
    }

    fn schemas(&self) -> &Schemas {
        self.schemas.get_or_init(|| Schemas::new(self.json.clone()))
    }

    fn of(&self, kind: Kind) -> impl Iterator<Item = &Site<'a>> {
        self.sites.iter().filter(move |site| site.kind == kind)
    }

    /// Those that the client calls or sends, and that stand here rather than behind a
    /// reference.
    fn own(&self, kind: Kind) -> impl Iterator<Item = &Site<'a>> {
        self.of(kind)
            .filter(|site| !site.in_callback && site.node.get("$ref").is_none())
    }

    /// All objects that a `$ref` stands in, with the reference.
    fn references(&self) -> impl Iterator<Item = (&Site<'a>, &'a str)> {
        self.sites
            .iter()
            .filter_map(|site| Some((site, site.node.get("$ref")?.as_str()?)))
    }

    /// Where a key of an operation stands.
    fn key_of(&self, operation: &Operation, key: &str) -> Span {
        self.root.locate(&join(&operation.origin.pointer, key))
    }

    fn resolve(&self, node: &'a Node) -> Option<&'a Node> {
        resolve(self.root, node)
    }
}

/// Everything that is wrong with a document, in its order.
#[must_use]
pub fn lint(document: &Document) -> Findings {
    let (root, findings) = read(document.root().clone(), document.syntax().to_vec());
    check(&root, findings, RULES)
}

/// The document in the words of 3.0, and how it is read.
fn read(mut root: Node, mut findings: Findings) -> (Node, Findings) {
    if has_no_tree(&findings) {
        return (root, findings);
    }
    lenient::version(&mut root, &mut findings);
    if is_newer(&root) {
        root = lower(root, &mut findings);
    }
    if openapi_version::is_known(&root) {
        lenient::read(&mut root, &mut findings);
    }
    (root, findings)
}

/// Whether the text could not be read.
fn has_no_tree(findings: &[Finding]) -> bool {
    findings.iter().any(|finding| finding.rule == "syntax")
}

fn check<'r>(
    root: &Node,
    mut findings: Findings,
    rules: impl IntoIterator<Item = &'r Rule>,
) -> Findings {
    if has_no_tree(&findings) {
        return findings;
    }
    let context = Context::new(root);
    for rule in rules {
        (rule.check)(&context, &mut findings);
        // Rules know OpenAPI 3.0; on anything else they would only make noise.
        if !openapi_version::is_known(root) {
            return findings;
        }
    }
    silence::apply(root, &mut findings);
    dedup(&mut findings);
    findings.sort_by_key(|finding| finding.span);
    findings
}

/// Lets a document without errors through.
///
/// # Errors
/// Gives the document back with all findings when one of them is an error.
pub fn gate(document: Document) -> Result<Checked, Box<Rejected>> {
    through(document, RULES, &mut |_, _| None)
}

/// The same, but what has errors is left out, with the operations that need it; a warning names
/// each.
///
/// # Errors
/// As [`gate`], for errors that are in no operation and in no component.
///
/// ```
/// use contract::{Document, Source, lint::gate_partially};
/// let text = r##"
/// openapi: 3.0.3
/// info: {title: Pets, version: 1.0.0}
/// paths:
///   /pets: {get: {responses: {'204': {description: None.}}}}
///   /owners: {get: {responses: {'200': {$ref: '#/components/responses/Owners'}}}}
/// "##;
/// let checked = gate_partially(Document::parse(Source::new("pets.yaml", text))).unwrap();
/// assert_eq!(checked.api().operations.len(), 1);
/// let mut findings = checked.findings().iter();
/// assert!(findings.any(|finding| finding.message == "`GET /owners` is left out"));
/// ```
pub fn gate_partially(document: Document) -> Result<Checked, Box<Rejected>> {
    through(document, RULES, &mut partial::leave_out)
}

/// As [`gate`], without a look at the values that are only shown: examples and defaults are most of
/// what there is to check, and make no errors. For whoever has to be quick.
///
/// # Errors
/// As [`gate`].
pub fn admit(document: Document) -> Result<Checked, Box<Rejected>> {
    let shown = [
        default::RULE,
        example::RULE,
        example_property::RULE,
        silence::RULE,
    ];
    let shown = shown.map(|rule| rule.name);
    let rules = RULES.iter().filter(|rule| !shown.contains(&rule.name));
    let rules: Vec<_> = rules.copied().collect();
    through(document, &rules, &mut |_, _| None)
}

/// Takes something with an error out of a document, and the error from its findings; says what,
/// if there was something to take.
type LeaveOut<'a> = &'a mut dyn FnMut(&mut Node, &mut Findings) -> Option<Findings>;

fn through(
    document: Document,
    rules: &[Rule],
    leave_out: LeaveOut<'_>,
) -> Result<Checked, Box<Rejected>> {
    let written = is_newer(document.root()).then(|| document.root().clone());
    let (document, root) = document.into_parts();
    let (mut root, mut readings) = read(root, document.syntax().to_vec());
    let mut is_whole = true;
    let findings = loop {
        let mut findings = check(&root, readings.clone(), rules);
        if !has_errors(&findings) || has_no_tree(&findings) {
            break findings;
        }
        let Some(told) = leave_out(&mut root, &mut findings) else {
            break findings;
        };
        is_whole = false;
        // Errors that were found while reading are found no more.
        let kept: HashSet<Span> = findings.iter().map(|finding| finding.span).collect();
        readings.retain(|it| it.severity != Severity::Error || kept.contains(&it.span));
        readings.extend(told);
    };
    let document = document.with_root(root);
    match has_errors(&findings) {
        true => Err(Box::new(Rejected { document, findings })),
        false => Ok(Checked::new(
            document,
            written.filter(|_| is_whole),
            findings,
        )),
    }
}
