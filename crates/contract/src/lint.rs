//! The rules that a contract must keep, and the gate behind which it is sound.
//!
//! One rule is one file: what it finds, why, and a wrong and a right example.
//! [`RULES`] is the table. What is asked of operations is asked of their model
//! ([`Api`]); what may be malformed is read from the tree.

use serde_json::Value;

use crate::document::{Checked, Document, Rejected};
use crate::finding::{Finding, Findings, Severity, dedup, has_errors};
use crate::lenient;
use crate::lower::{is_newer, lower};
use crate::operation::{Api, Operation};
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
mod parameter_duplicate;
mod path_duplicate;
mod path_form;
mod path_parameter;
mod pattern;
mod rate_limit;
mod ref_siblings;
mod repetition;
mod required_property;
mod security_missing;
mod security_undeclared;
mod server_missing;
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
    unused_component::RULE,
    silence::RULE,
];

/// The rule about the form of documents.
pub(crate) const STRUCTURE: &str = structure::RULE.name;

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
    schemas: Schemas,
}

impl<'a> Context<'a> {
    fn new(root: &'a Node) -> Self {
        let json = root.to_json();
        Self {
            root,
            sites: sites(root),
            api: Api::read(root),
            schemas: Schemas::new(json.clone()),
            json,
        }
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
    examined(document.root().clone(), document.syntax().to_vec()).1
}

/// The document in the words of 3.0, and what is wrong with it.
fn examined(mut root: Node, mut findings: Findings) -> (Node, Findings) {
    if findings.iter().any(|finding| finding.rule == "syntax") {
        return (root, findings);
    }
    lenient::version(&mut root, &mut findings);
    if is_newer(&root) {
        root = lower(root, &mut findings);
    }
    if openapi_version::is_known(&root) {
        lenient::read(&mut root, &mut findings);
    }
    let findings = check(&root, findings);
    (root, findings)
}

fn check(root: &Node, mut findings: Findings) -> Findings {
    let context = Context::new(root);
    for rule in RULES {
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
    let written = is_newer(document.root()).then(|| document.root().clone());
    let (document, root) = document.into_parts();
    let (root, findings) = examined(root, document.syntax().to_vec());
    let document = document.with_root(root);
    match has_errors(&findings) {
        true => Err(Box::new(Rejected { document, findings })),
        false => Ok(Checked::new(document, written, findings)),
    }
}
