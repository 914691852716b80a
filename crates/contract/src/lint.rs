//! The rules that a contract must keep, and the gate behind which it is sound.
//!
//! One rule is one file: what it finds, why, and a wrong and a right example.
//! [`RULES`] is the table. Rules read the raw tree, not a typed model that
//! forgets what it does not know.

use serde_json::Value;

use crate::document::{Checked, Document, Rejected};
use crate::finding::{Finding, Findings, Severity, has_errors};
use crate::lower::{is_newer, lower};
use crate::schema::Schemas;
use crate::source::{Node, Span};
use crate::walk::{Kind, METHODS, Site, join, pointer, resolve, sites};

mod array_items;
mod bounds;
mod cyclic_ref;
mod default;
mod enum_value;
mod example;
mod extensible_enum;
mod openapi_version;
mod operation_id_duplicate;
mod operation_id_missing;
mod parameter_duplicate;
mod path_duplicate;
mod path_parameter;
mod pattern;
mod rate_limit;
mod ref_siblings;
mod repetition;
mod required_property;
mod security_undeclared;
mod status_code;
mod structure;
mod tag_duplicate;
mod tag_undeclared;
mod unresolved_ref;
mod unused_component;

/// Every rule, in the order in which they run and are listed.
pub const RULES: &[Rule] = &[
    openapi_version::RULE,
    structure::RULE,
    unresolved_ref::RULE,
    cyclic_ref::RULE,
    ref_siblings::RULE,
    operation_id_missing::RULE,
    operation_id_duplicate::RULE,
    tag_undeclared::RULE,
    tag_duplicate::RULE,
    security_undeclared::RULE,
    path_parameter::RULE,
    path_duplicate::RULE,
    parameter_duplicate::RULE,
    status_code::RULE,
    required_property::RULE,
    array_items::RULE,
    bounds::RULE,
    pattern::RULE,
    enum_value::RULE,
    extensible_enum::RULE,
    default::RULE,
    example::RULE,
    rate_limit::RULE,
    repetition::RULE,
    unused_component::RULE,
];

/// One thing to look for.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// A stable name, shown with every finding.
    pub name: &'static str,
    /// How much its findings matter.
    pub severity: Severity,
    /// What it asks for, in one sentence.
    pub summary: &'static str,
    check: fn(&Context<'_>, &mut Findings),
}

impl Rule {
    fn finding(&self, message: impl Into<String>, span: Span) -> Finding {
        Finding::new(self.name, self.severity, message, span)
    }
}

/// The name that was probably meant, when one is close enough.
fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let most = name.len().div_ceil(3);
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
    json: Value,
    schemas: Schemas,
}

impl<'a> Context<'a> {
    fn new(root: &'a Node) -> Self {
        let json = root.to_json();
        Self {
            root,
            sites: sites(root),
            schemas: Schemas::new(json.clone()),
            json,
        }
    }

    fn of(&self, kind: Kind) -> impl Iterator<Item = &Site<'a>> {
        self.sites.iter().filter(move |site| site.kind == kind)
    }

    /// All objects that a `$ref` stands in, with the reference.
    fn references(&self) -> impl Iterator<Item = (&Site<'a>, &'a str)> {
        self.sites
            .iter()
            .filter_map(|site| Some((site, site.node.get("$ref")?.as_str()?)))
    }

    fn resolve(&self, node: &'a Node) -> Option<&'a Node> {
        resolve(self.root, node)
    }
}

/// Everything that is wrong with a document, in its order.
#[must_use]
pub fn lint(document: &Document) -> Findings {
    let mut findings = document.syntax().to_vec();
    if findings.iter().any(|finding| finding.rule == "syntax") {
        return findings;
    }
    match is_newer(document.root()) {
        false => check(document.root(), findings),
        true => {
            let root = lower(document.root().clone(), &mut findings);
            check(&root, findings)
        }
    }
}

fn check(root: &Node, mut findings: Findings) -> Findings {
    let context = Context::new(root);
    for rule in RULES {
        (rule.check)(&context, &mut findings);
        // Rules know OpenAPI 3.0; on anything else they would only make noise.
        if findings
            .iter()
            .any(|f| f.rule == openapi_version::RULE.name)
        {
            return findings;
        }
    }
    findings.sort_by_key(|finding| finding.span);
    findings
}

/// Lets a document without errors through.
///
/// # Errors
/// Gives the document back with all findings when one of them is an error.
pub fn gate(document: Document) -> Result<Checked, Box<Rejected>> {
    let findings = lint(&document);
    if has_errors(&findings) {
        return Err(Box::new(Rejected { document, findings }));
    }
    let document = match is_newer(document.root()) {
        true => document.map(|root| lower(root, &mut Findings::new())),
        false => document,
    };
    Ok(Checked::new(document, findings))
}
