//! What values have.

use std::fmt::Write as _;

use contract::operation::MediaType;
use contract::schema::Direction;
use contract::source::Node;

use super::{Writer, block, line, title, word};
use crate::fact::{Fact, facts};
use crate::field::{Field, Fields, Term, description};

impl Writer<'_> {
    pub(super) fn content(
        &self,
        out: &mut String,
        content: &MediaType,
        at: &str,
        direction: Direction,
    ) {
        let root = &self.view.edition.root;
        let schema = content.schema.as_ref().or(content.item_schema.as_ref());
        let Some(node) = schema.and_then(|at| root.pointer(&at.origin.pointer)) else {
            return;
        };
        let fields = Fields {
            root,
            is_whole: self.view.site.places.is_single,
            direction: Some(direction),
        };
        let kind = kind(&fields.kind(&[node]));
        let _ = writeln!(out, "{} {kind}\n", word(&content.name));
        self.fields(out, &fields.below(&[node], at, &[]), 0);
        out.push('\n');
    }

    pub(super) fn fields(&self, out: &mut String, fields: &[Field<'_>], depth: usize) {
        let words = self.view.words();
        for field in fields {
            let indent = "  ".repeat(depth);
            let mut head = word(&field.name);
            let mut about = Vec::new();
            about.extend(Some(kind(&field.kind)).filter(|kind| !kind.is_empty()));
            about.extend(field.facts.iter().find_map(|fact| match fact {
                Fact::Format(format) => Some(line(format)),
                _ => None,
            }));
            about.extend(field.required.then(|| words.required.to_owned()));
            about.extend(field.deprecated.then(|| words.deprecated.to_owned()));
            if !about.is_empty() {
                let _ = write!(head, " ({})", about.join(", "));
            }
            if let Some(description) = field.description {
                head = format!("{} {}", words.label(&head), line(description));
            }
            let _ = write!(out, "{indent}- {head}");
            for fact in self.told(&field.facts) {
                let _ = write!(out, " {fact}.");
            }
            out.push('\n');
            self.fields(out, &field.fields, depth + 1);
        }
    }

    /// Facts as sentences.
    fn told(&self, facts: &[Fact]) -> Vec<String> {
        let told = facts.iter().filter_map(|fact| fact.told(self.view.words()));
        let sentences = told.map(|told| {
            let codes: Vec<String> = told.codes.iter().map(|code| word(code)).collect();
            let parts = [Some(told.label), told.text, Some(codes.join(", "))];
            let parts: Vec<String> = parts.into_iter().flatten().collect();
            parts.join(" ").trim().to_owned()
        });
        sentences.collect()
    }

    pub(super) fn schema(&self, out: &mut String, name: &str, level: usize) {
        let view = self.view;
        let root = &view.edition.root;
        let pointer = contract::walk::join("/components/schemas", name);
        let Some(node) = root.pointer(&pointer) else {
            return;
        };
        let fields = Fields {
            root,
            is_whole: false,
            direction: None,
        };
        let nodes: [&Node; 1] = [node];
        let shape = fields.shape(&nodes);
        title(out, level, &word(name));
        block(out, description(&shape), level);
        for fact in self.told(&facts(root, &shape)) {
            let _ = writeln!(out, "- {fact}");
        }
        self.fields(out, &fields.below(&nodes, "", &[]), 0);
        out.push('\n');
        if let Some(users) = view.site.places.users.get(name) {
            let users = users
                .iter()
                .map(|number| word(&view.operation(*number).title()));
            let users: Vec<String> = users.collect();
            let label = view.words().label(view.words().used_by);
            let _ = writeln!(out, "{label} {}\n", users.join(", "));
        }
    }
}

fn kind(terms: &[Term]) -> String {
    let texts = terms.iter().map(|term| match term {
        Term::Text(text) | Term::Schema(text) => text.as_str(),
    });
    texts.collect()
}
