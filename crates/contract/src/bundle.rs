//! Makes one document of several files: what `$ref` names in another file is brought in, as a
//! component where it is a schema and in its place where it is anything else. Every value
//! keeps the file and the line where it stands, so that a finding points there.
//!
//! Files are read by whoever asks for the document, from a folder or from a revision. Nothing
//! outside of the document's folder is asked for, nor what is no document by its name: lines of
//! it would be shown. Nothing is fetched from the network.

use std::collections::{HashMap, HashSet};

use percent_encoding::percent_decode_str;

use crate::finding::{Finding, Findings, Severity};
use crate::names::numbered;
use crate::source::{self, Node, Object, ReadError, Source};
use crate::walk::{Kind, Place, join, set_component};

/// How the file at a path, relative to the document's folder, is read.
pub(crate) type Read<'a> = &'a mut dyn FnMut(&str) -> Result<Source, ReadError>;

/// So many files one document may be made of.
const MOST_FILES: usize = 1000;
/// So often something may lead to something else that is no schema.
const DEPTH: usize = 32;
/// So many values may be brought in; what is shared is brought in as often as it is used.
const MOST_VALUES: usize = 1_000_000;

const SCHEMA: Place = Place::Object(Kind::Schema);

/// A file and where it is, relative to the document's folder.
struct File {
    path: String,
    root: Node,
}

struct Bundle<'a> {
    /// The document itself is the first.
    files: Vec<File>,
    sources: Vec<Source>,
    /// By path; why not, for one that cannot be read.
    known: HashMap<String, Result<usize, String>>,
    /// What became a component, by file and pointer.
    components: HashMap<(usize, String), String>,
    taken: HashSet<String>,
    /// Schemas that were brought in and are not yet gone through.
    open: Vec<(String, Node, usize)>,
    values: usize,
    /// What is being brought in, from the outside to the inside.
    within: Vec<(usize, String)>,
    read: Read<'a>,
    findings: Findings,
}

/// What a document of several files is made of.
pub(crate) struct Bundled {
    pub(crate) root: Node,
    /// The other files, in the order of the numbers in spans, from 1.
    pub(crate) parts: Vec<Source>,
    pub(crate) findings: Findings,
}

/// `name` is the file name of the document.
pub(crate) fn bundle(mut root: Node, name: &str, read: Read<'_>) -> Bundled {
    if !leads_outside(&root) {
        return Bundled {
            root,
            parts: Vec::new(),
            findings: Findings::new(),
        };
    }
    let schemas = root.get("components").and_then(|c| c.get("schemas"));
    let taken = schemas.into_iter().flat_map(Node::entries);
    let taken = taken.map(|(name, _)| name.to_owned()).collect();
    let mut bundle = Bundle {
        files: vec![File {
            path: name.to_owned(),
            root: root.clone(),
        }],
        sources: Vec::new(),
        known: HashMap::from([(name.to_owned(), Ok(0))]),
        components: HashMap::new(),
        taken,
        open: Vec::new(),
        values: 0,
        within: Vec::new(),
        read,
        findings: Findings::new(),
    };
    bundle.adopt(&root);
    bundle.visit(&mut root, Place::ROOT, 0, DEPTH);
    while let Some((name, mut schema, file)) = bundle.open.pop() {
        bundle.visit(&mut schema, SCHEMA, file, DEPTH);
        set_component(&mut root, &name, schema);
    }
    // What is brought in twice is wrong once.
    let mut seen = HashSet::new();
    let Bundle {
        sources: parts,
        mut findings,
        ..
    } = bundle;
    findings.retain(|finding| seen.insert((finding.span, finding.message.clone())));
    Bundled {
        root,
        parts,
        findings,
    }
}

/// Whether any reference may lead to another file.
fn leads_outside(node: &Node) -> bool {
    let reference = node.get("$ref").and_then(Node::as_str);
    reference.is_some_and(|reference| !reference.starts_with('#'))
        || node.items().any(leads_outside)
        || node.entries().any(|(_, entry)| leads_outside(&entry.node))
}

impl Bundle<'_> {
    /// Brings in what the node and all below it refer to; the node stands in `file`.
    fn visit(&mut self, node: &mut Node, place: Place, file: usize, depth: usize) {
        if place == Place::Data {
            return;
        }
        self.values += 1;
        let is_reference = node.get("$ref").and_then(Node::as_str).is_some();
        if is_reference && self.reference(node, place, file, depth) {
            return;
        }
        if place == SCHEMA {
            self.mapping(node, file);
        }
        if let Some(items) = node.as_array_mut() {
            for item in items {
                self.visit(item, place.under(""), file, depth);
            }
        }
        for (key, entry) in node.as_object_mut().into_iter().flatten() {
            let inner = place.under(key);
            // Of a schema, what is no schema refers to nothing.
            if place != SCHEMA || inner != Place::Object(Kind::Plain) {
                self.visit(&mut entry.node, inner, file, depth);
            }
        }
    }

    /// Schemas that the document only names get the names that it gives them.
    fn adopt(&mut self, root: &Node) {
        let schemas = root.get("components").and_then(|c| c.get("schemas"));
        for (name, entry) in schemas.into_iter().flat_map(Node::entries) {
            let is_only = entry.node.entries().count() == 1;
            let reference = entry.node.get("$ref").and_then(Node::as_str);
            let found = reference
                .filter(|_| is_only)
                .map(|text| self.target(text, 0));
            let Some(Ok(Some(found))) = found else {
                continue;
            };
            if found.0 == 0 || self.components.contains_key(&found) {
                continue;
            }
            if let Some(schema) = self.files[found.0].root.pointer(&found.1) {
                self.open.push((name.to_owned(), schema.clone(), found.0));
                self.components.insert(found, name.to_owned());
            }
        }
    }

    /// Whether something that was gone through stands there now.
    fn reference(&mut self, node: &mut Node, place: Place, file: usize, depth: usize) -> bool {
        let Some(reference) = node.get("$ref").cloned() else {
            return false;
        };
        let text = reference.as_str().unwrap_or_default();
        let error = |message: String, help: &str| {
            let error = Finding::new("unresolved-ref", Severity::Error, message, reference.span);
            error.help(help)
        };
        let (target, pointer) = match self.target(text, file) {
            Ok(Some(found)) => found,
            Ok(None) => return false,
            Err(reason) => {
                let help = "correct the path, which is relative to the file that it stands in";
                let mut finding = error(format!("`{text}` {reason}"), help);
                // What only tells something is no part of a call.
                if place == Place::Object(Kind::Plain) {
                    finding.severity = Severity::Warning;
                }
                self.findings.push(finding);
                node.remove("$ref");
                return false;
            }
        };
        if place == SCHEMA || target == 0 {
            let to = self.schema((target, pointer));
            node.set("$ref", Node::new(to, reference.span));
            return false;
        }
        let end = match depth == 0 || self.values > MOST_VALUES {
            true => Err("leads too far"),
            false => self.end(target, pointer).ok_or("leads back to itself"),
        };
        let (place_of_end, mut object) = match end {
            Ok(end) => end,
            Err(reason) => {
                let help = "break the circle: put something else than a reference into it";
                self.findings
                    .push(error(format!("`{text}` {reason}"), help));
                node.remove("$ref");
                return false;
            }
        };
        let target = place_of_end.0;
        self.within.push(place_of_end);
        self.visit(&mut object, place, target, depth - 1);
        self.within.pop();
        // What stands beside the reference of a path counts, too.
        node.remove("$ref");
        self.visit(node, place, file, depth);
        for (key, entry) in node.entries() {
            object.set(key, entry.node.clone());
        }
        *node = object;
        true
    }

    /// What stands at the end of a chain of references, or where something stands beside one;
    /// nothing for what leads back to itself.
    fn end(&mut self, file: usize, pointer: String) -> Option<((usize, String), Node)> {
        let mut here = (file, pointer);
        let mut seen = HashSet::new();
        loop {
            let node = self.files[here.0].root.pointer(&here.1)?;
            let is_only = node.entries().count() == 1;
            let reference = node.get("$ref").and_then(Node::as_str);
            let reference = reference.filter(|_| is_only).map(str::to_owned);
            let next = reference.and_then(|text| self.target(&text, here.0).ok().flatten());
            match next {
                // What stands in the document itself is referred to.
                Some(next) if next.0 > 0 => {
                    if !seen.insert(std::mem::replace(&mut here, next)) {
                        return None;
                    }
                }
                _ => break,
            }
        }
        let node = self.files[here.0].root.pointer(&here.1)?.clone();
        (!self.within.contains(&here)).then_some((here, node))
    }

    /// The values of a discriminator's mapping lead to files, too.
    fn mapping(&mut self, schema: &mut Node, file: usize) {
        let mapping = schema.get_mut("discriminator");
        let mapping = mapping.and_then(|d| d.get_mut("mapping"));
        let entries = mapping.and_then(Node::as_object_mut);
        for (_, entry) in entries.into_iter().flatten() {
            let text = entry.node.as_str().unwrap_or_default();
            let is_name = !text.contains(['/', '#', '.']) || self.taken.contains(text);
            if is_name && file == 0 || text.is_empty() {
                continue;
            }
            // What leads nowhere is left for the rule to find.
            if let Ok(Some(found)) = self.target(text, file) {
                let to = self.schema(found);
                entry.node = Node::new(to, entry.node.span);
            }
        }
    }

    /// The file and the pointer that a reference in `file` means; nothing for one that stays
    /// in the document or leads to the network.
    fn target(&mut self, reference: &str, file: usize) -> Result<Option<(usize, String)>, String> {
        let (path, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        if path.contains("://") || path.starts_with("//") || (path.is_empty() && file == 0) {
            return Ok(None);
        }
        let decode = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        let target = match path {
            "" => file,
            path => self.file(&decode(path), file)?,
        };
        let pointer = decode(fragment);
        let is_there = self.files[target].root.pointer(&pointer).is_some();
        match is_there {
            true => Ok(Some((target, pointer))),
            false => {
                let path = &self.files[target].path;
                Err(format!("names nothing: `{path}` has no `{pointer}`"))
            }
        }
    }

    /// Reads a file, unless that was done.
    fn file(&mut self, path: &str, from: usize) -> Result<usize, String> {
        if path.starts_with(['/', '\\']) || path.get(1..2) == Some(":") {
            return Err("is an absolute path; write one relative to this file".to_owned());
        }
        let path = relative(&self.files[from].path, path);
        if path == ".." || path.starts_with("../") {
            return Err("is outside of the document's folder; bring it in".to_owned());
        }
        if !["yaml", "yml", "json"]
            .into_iter()
            .any(|known| ending(&path) == Some(known))
        {
            return Err("is no document: its name ends in `.yaml`, `.yml` or `.json`".to_owned());
        }
        if let Some(known) = self.known.get(&path) {
            return known.clone();
        }
        let read = self.read(&path);
        self.known.insert(path, read.clone());
        read
    }

    fn read(&mut self, path: &str) -> Result<usize, String> {
        if self.files.len() > MOST_FILES {
            return Err(format!("is one file too many: more than {MOST_FILES}"));
        }
        let source = (self.read)(path).map_err(|error| format!("cannot be used: {error}"))?;
        let number = self.files.len();
        let before = self.findings.len();
        let root = source::parse(source.text(), &mut self.findings);
        let file = u16::try_from(number).unwrap_or(u16::MAX);
        for finding in &mut self.findings[before..] {
            finding.span.file = file;
            let related = finding.related.iter_mut();
            related.for_each(|(span, _)| span.file = file);
        }
        self.sources.push(source);
        let mut root = root.unwrap_or_else(|| Node::new(Object::new(), source::Span::default()));
        root.place_in(file);
        self.files.push(File {
            path: path.to_owned(),
            root,
        });
        Ok(number)
    }

    /// The reference to a schema, which becomes a component if it is in another file.
    fn schema(&mut self, found: (usize, String)) -> String {
        let (file, pointer) = &found;
        if *file == 0 {
            return format!("#{pointer}");
        }
        if let Some(name) = self.components.get(&found) {
            return format!("#{}", join("/components/schemas", name));
        }
        let name = self.free(*file, pointer);
        if let Some(schema) = self.files[*file].root.pointer(pointer) {
            self.open.push((name.clone(), schema.clone(), *file));
        }
        self.components.insert(found, name.clone());
        format!("#{}", join("/components/schemas", &name))
    }

    /// A name for a component: the last of the pointer, else the file's.
    fn free(&mut self, file: usize, pointer: &str) -> String {
        let path = &self.files[file].path;
        let stem = path.rsplit('/').next().unwrap_or_default();
        let stem = stem.rsplit_once('.').map_or(stem, |(stem, _)| stem);
        let last = pointer.rsplit('/').next().filter(|last| !last.is_empty());
        let is_named = |c: char| c.is_ascii_alphanumeric() || ['.', '-', '_'].contains(&c);
        let name = last.unwrap_or(stem);
        let name = name.replace(|c: char| !is_named(c), "_");
        numbered(&name, "", |name| self.taken.insert(name.to_owned()))
    }
}

/// The ending of a file's name.
fn ending(path: &str) -> Option<&str> {
    Some(path.rsplit('/').next()?.rsplit_once('.')?.1)
}

/// The path that `path` means in a file at `from`, without steps that lead nowhere.
fn relative(from: &str, path: &str) -> String {
    let mut steps: Vec<&str> = from.split('/').collect();
    steps.pop();
    for step in path.split(['/', '\\']) {
        match step {
            "" | "." => {}
            ".." if steps.last().is_some_and(|last| *last != "..") => drop(steps.pop()),
            step => steps.push(step),
        }
    }
    steps.join("/")
}

#[cfg(test)]
mod tests {
    use super::relative;

    #[test]
    fn paths_are_relative_to_the_file_that_names_them() {
        assert_eq!(
            relative("api.yaml", "./schemas/Pet.yaml"),
            "schemas/Pet.yaml"
        );
        assert_eq!(relative("schemas/Pet.yaml", "Cat.yaml"), "schemas/Cat.yaml");
        assert_eq!(relative("schemas/Pet.yaml", "../api.yaml"), "api.yaml");
        assert_eq!(relative("api.yaml", "../common/a.yaml"), "../common/a.yaml");
        assert_eq!(relative("../common/a.yaml", "../b.yaml"), "../b.yaml");
    }
}
