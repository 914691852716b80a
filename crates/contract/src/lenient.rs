#![doc = include_str!("lenient.md")]

use serde_json::Value as Json;

use crate::finding::{Finding, Findings, Severity};
use crate::lint::nearest;
use crate::lower;
use crate::schema::keyword;
use crate::source::{Entry, Node, Object, Span};

mod forms;
mod keys;
mod merge;
mod published;
mod references;
mod swagger;
mod values;
mod version;

pub(crate) use published::VALIDATOR;
use published::{Definition, Form};
pub(crate) use version::read as version;

/// Reads what is not as the specification asks for, but whose meaning is clear, as what it
/// means. A finding says each time how. What has no meaning stays, for the rules to find.
pub(crate) fn read(root: &mut Node, findings: &mut Findings) {
    merge::read(root, findings);
    swagger::sections(root, findings);
    references::read(root, findings);
    let mut reader = Reader {
        findings,
        has_newer: false,
    };
    let holder = Holder {
        definition: Definition::ROOT,
        key: "",
        span: root.span,
        is_entry: false,
    };
    reader.object(root, Definition::ROOT, holder);
    if reader.has_newer {
        lower::schemas(root, findings);
    }
}

/// Goes through a document together with the schema that is published for it.
struct Reader<'a> {
    findings: &'a mut Findings,
    /// Whether keywords of 3.1 stand in it.
    has_newer: bool,
}

/// What a value stands in.
#[derive(Clone, Copy)]
struct Holder<'a> {
    definition: Definition,
    /// The key of the holder that leads to the value, by way of a mapping or a list or at once.
    key: &'a str,
    /// The key of the value, or itself in a list.
    span: Span,
    /// Whether it stands under a name that somebody chose, or in a list.
    is_entry: bool,
}

/// Whether the holder keeps a value.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Outcome {
    Keep,
    Drop,
}

use Outcome::{Drop, Keep};

impl Holder<'_> {
    /// `description` of a response, for a sentence.
    fn subject(&self) -> String {
        let noun = self.definition.noun();
        match (self.key, self.is_entry) {
            ("", _) => noun,
            (key, false) => format!("`{key}` of {noun}"),
            (key, true) if matches!(self.definition.name(), "Paths" | "Responses") => {
                format!("`{key}` of {noun}")
            }
            (key, true) => format!("what is in `{key}` of {noun}"),
        }
    }
}

impl Reader<'_> {
    fn tell(&mut self, message: impl Into<String>, span: Span, reading: &str) {
        let rule = crate::lint::STRUCTURE;
        let finding = Finding::new(rule, Severity::Warning, message, span);
        self.findings.push(finding.help(reading));
    }

    /// A value of any form.
    fn value(&mut self, node: &mut Node, form: &Form<'static>, holder: Holder<'_>) -> Outcome {
        let form = form.of(node);
        match form {
            Form::Object(definition) => self.object(node, definition, holder),
            Form::Map(entry, is_open) => self.map(node, &entry, is_open, holder),
            Form::List(schema) => self.list(node, schema, holder),
            Form::Scalar(schema) => self.scalar(node, schema, holder),
            Form::Any | Form::Choice(_) => Keep,
        }
    }

    /// An object whose keys are known.
    fn object(&mut self, node: &mut Node, definition: Definition, holder: Holder<'_>) -> Outcome {
        if self.as_object(node, definition, holder) == Drop {
            return Drop;
        }
        if node.as_object().is_none() {
            return Keep;
        }
        self.before(node, definition);
        self.keys(node, definition);
        self.after(node, definition, holder)
    }

    /// Values under names that somebody chose.
    fn map(
        &mut self,
        node: &mut Node,
        entry: &Form<'static>,
        is_open: bool,
        holder: Holder<'_>,
    ) -> Outcome {
        if self.as_map(node, holder) == Drop {
            return Drop;
        }
        let Some(object) = node.as_object_mut() else {
            return Keep;
        };
        object.retain(|name, held| {
            let holder = Holder {
                span: held.key,
                is_entry: true,
                ..holder
            };
            is_open && name.starts_with("x-") || self.value(&mut held.node, entry, holder) == Keep
        });
        Keep
    }

    fn list(&mut self, node: &mut Node, schema: &'static Json, holder: Holder<'_>) -> Outcome {
        if self.as_list(node, schema, holder) == Drop {
            return Drop;
        }
        let Some(items) = node.as_array_mut() else {
            return Keep;
        };
        let form = Form::new(&schema["items"]);
        items.retain_mut(|item| {
            let holder = Holder {
                span: item.span,
                is_entry: true,
                ..holder
            };
            self.value(item, &form, holder) == Keep
        });
        self.counted(node, schema, holder)
    }

    /// The entries of an object, each with the form that the schema has for its key.
    fn keys(&mut self, node: &mut Node, definition: Definition) {
        let Some(object) = node.as_object_mut() else {
            return;
        };
        let there: Vec<String> = object.keys().cloned().collect();
        object.retain(|key, held| {
            let Some(form) = definition.form(key) else {
                return self.unknown(key, held, definition, &there) == Keep;
            };
            let holder = Holder {
                definition,
                key,
                span: held.key,
                is_entry: matches!(definition.name(), "Paths" | "Responses"),
            };
            self.value(&mut held.node, &form, holder) == Keep
        });
    }

    /// A key that the specification does not have there.
    fn unknown(
        &mut self,
        key: &str,
        held: &Entry,
        definition: Definition,
        there: &[String],
    ) -> Outcome {
        if definition == Definition::SCHEMA && is_newer(key) {
            self.has_newer = true;
            let message = format!("`{key}` is no keyword of OpenAPI 3.0");
            self.tell(message, held.key, "read as OpenAPI 3.1 has it");
            return Keep;
        }
        let message = format!("`{key}` is not known in {}", definition.noun());
        let known = nearest(key, definition.keys());
        // A call would lack what this was meant to say.
        if let Some(known) = known.filter(|known| !there.iter().any(|key| key == known))
            && definition.is_meaning(known)
        {
            let finding = Finding::new(crate::lint::STRUCTURE, Severity::Error, message, held.key);
            let finding = finding.help(format!("did you mean `{known}`?"));
            self.findings.push(finding);
            return Drop;
        }
        let help = match known {
            Some(known) => format!("it is ignored; did you mean `{known}`?"),
            None if definition.name() == "Responses" => {
                "it is ignored; a status is `'100'` to `'599'`, `1XX` to `5XX`, or `default`".into()
            }
            None => format!("it is ignored; write `x-{key}` if it is an extension"),
        };
        self.tell(message, held.key, &help);
        Drop
    }
}

/// Whether a keyword of schemas is one that 3.1 brought.
fn is_newer(key: &str) -> bool {
    let is_brought_down = matches!(
        key,
        "$defs" | "const" | "contentEncoding" | "contentMediaType" | "contentSchema"
    );
    is_brought_down || !keyword::is_old(key) && keyword::role(key).is_some()
}

fn empty(span: Span) -> Node {
    Node::new(Object::new(), span)
}
