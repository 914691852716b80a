//! The contract in one language, and where its pages are.

use std::collections::{BTreeMap, HashSet};

use contract::operation::{Api, Link, Operation, Tag};
use contract::source::Node;
use contract::walk::{Kind, component, sites_from};

use crate::words::{self, Words};

/// So many operations stand on one page; with more, each has a page of its own. Twelve are what a
/// reader still finds by scrolling.
const MOST_ON_ONE_PAGE: usize = 12;

/// The contract in one language.
#[derive(Debug)]
pub(crate) struct Edition {
    /// The language, a tag of BCP 47.
    pub(crate) tag: String,
    pub(crate) words: &'static Words,
    /// The document with the words of the language.
    pub(crate) root: Node,
    pub(crate) api: Api,
}

/// A group's name, and its operations by their numbers.
pub(crate) type Group<'a> = (Option<&'a str>, Vec<(usize, &'a Operation)>);

/// Where things stand, in every language.
#[derive(Debug)]
pub(crate) struct Places {
    pub(crate) is_single: bool,
    /// What operations are called in addresses, in the order of the document; events behind them.
    pub(crate) operations: Vec<String>,
    /// The same of components, by name.
    pub(crate) schemas: BTreeMap<String, String>,
    /// The same of groups, by name.
    pub(crate) tags: BTreeMap<String, String>,
    /// Which operations refer to a component, by the component's name.
    pub(crate) users: BTreeMap<String, Vec<usize>>,
}

/// A page of the site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Page {
    Index,
    Changelog,
    Tag(String),
    Operation(usize),
    Schema(String),
}

impl Edition {
    pub(crate) fn new(tag: &str, root: Node) -> Self {
        Self {
            tag: tag.to_owned(),
            words: words::of(tag),
            api: Api::read(&root),
            root,
        }
    }

    /// What callers call, and what the API calls by itself.
    pub(crate) fn operations(&self) -> impl Iterator<Item = &Operation> {
        let events = self.api.webhooks.iter();
        let events = events.flat_map(|webhook| &webhook.operations);
        self.api.operations.iter().chain(events)
    }

    /// The operation that a link leads to, by its number.
    pub(crate) fn number_of(&self, link: &Link) -> Option<usize> {
        let at = contract::walk::pointer(&link.operation);
        let mut operations = self.operations();
        operations.position(|operation| {
            operation.id.as_deref() == Some(link.operation.as_str())
                || at.as_deref() == Some(operation.origin.pointer.as_str())
        })
    }

    /// What the API calls by itself, each with its number.
    pub(crate) fn events(&self) -> Vec<(usize, &Operation)> {
        let all = self.operations().enumerate();
        all.filter(|(number, _)| self.is_event(*number)).collect()
    }

    /// Whether an operation, by its number, is an event.
    pub(crate) fn is_event(&self, number: usize) -> bool {
        number >= self.api.operations.len()
    }

    /// The operations by their first group, in the order of the groups; those without one at the end.
    pub(crate) fn groups(&self) -> Vec<Group<'_>> {
        let mut groups: Vec<Group<'_>> = Vec::new();
        let declared = self.api.tags.iter().map(|tag| Some(tag.name.as_str()));
        groups.extend(declared.map(|tag| (tag, Vec::new())));
        for (number, operation) in self.operations().enumerate() {
            if self.is_event(number) {
                continue;
            }
            let tag = operation.tags.first().map(String::as_str);
            match groups.iter_mut().find(|(known, _)| *known == tag) {
                Some((_, operations)) => operations.push((number, operation)),
                None => groups.push((tag, vec![(number, operation)])),
            }
        }
        groups.retain(|(_, operations)| !operations.is_empty());
        groups.sort_by_key(|(tag, _)| tag.is_none());
        groups
    }

    /// What the document says of a group.
    pub(crate) fn tag_of(&self, tag: &str) -> Option<&Tag> {
        self.api.tags.iter().find(|one| one.name == tag)
    }

    /// What a group is about, as Markdown.
    pub(crate) fn about(&self, tag: &str) -> Option<&str> {
        self.tag_of(tag)?.description.as_deref()
    }

    /// What readers see of a group's name.
    pub(crate) fn shown<'a>(&'a self, tag: &'a str) -> &'a str {
        let tags = self.root.get("tags").into_iter().flat_map(Node::items);
        let mut tags = tags.filter(|one| one.get("name").and_then(Node::as_str) == Some(tag));
        let shown = tags
            .next()
            .and_then(|one| one.get("x-displayName")?.as_str());
        shown.unwrap_or(tag)
    }
}

/// What pages call parts of themselves, and what is no name of a file for Windows.
const TAKEN: [&str; 15] = [
    "authentication",
    "aux",
    "con",
    "events",
    "find",
    "found",
    "index",
    "main",
    "nul",
    "operations",
    "overview",
    "prn",
    "schemas",
    "search",
    "servers",
];

impl Places {
    pub(crate) fn of(edition: &Edition) -> Self {
        let mut taken: HashSet<String> = TAKEN.map(str::to_owned).into();
        let groups = edition.groups().into_iter().filter_map(|(tag, _)| tag);
        taken.extend(groups.map(|tag| format!("tag-{}", slug(tag))));
        let schemes = edition.api.security_schemes.iter();
        taken.extend(schemes.map(|scheme| slug(&format!("scheme-{}", scheme.name))));
        let operations = edition.operations().map(|operation| {
            let name = match &operation.id {
                Some(id) => slug(id),
                None => slug(&operation.title()),
            };
            free(name, &mut taken)
        });
        let operations: Vec<String> = operations.collect();
        let schemas = edition.root.pointer("/components/schemas");
        let schemas = schemas.into_iter().flat_map(Node::entries);
        let schemas = schemas.map(|(name, _)| (name.to_owned(), free(slug(name), &mut taken)));
        let schemas: BTreeMap<String, String> = schemas.collect();
        let mut taken: HashSet<String> = TAKEN.map(str::to_owned).into();
        let tags = edition.groups().into_iter().filter_map(|(tag, _)| tag);
        let tags = tags.map(|tag| (tag.to_owned(), free(slug(tag), &mut taken)));
        Self {
            is_single: operations.len() <= MOST_ON_ONE_PAGE,
            tags: tags.collect(),
            users: users(edition),
            operations,
            schemas,
        }
    }

    /// The pages of a language, in order.
    pub(crate) fn pages(&self, has_changelog: bool) -> Vec<Page> {
        let mut pages = vec![Page::Index];
        if !self.is_single {
            pages.extend(self.tags.keys().cloned().map(Page::Tag));
            pages.extend((0..self.operations.len()).map(Page::Operation));
            pages.extend(self.schemas.keys().cloned().map(Page::Schema));
        }
        pages.extend(has_changelog.then_some(Page::Changelog));
        pages
    }

    /// The file of a page without its ending, from the folder of its language.
    pub(crate) fn file(&self, page: &Page) -> String {
        match page {
            Page::Index => "index".to_owned(),
            Page::Changelog => "changelog".to_owned(),
            Page::Tag(tag) => format!("tags/{}", self.tags[tag]),
            Page::Operation(number) => format!("operations/{}", self.operations[*number]),
            Page::Schema(name) => format!("schemas/{}", self.schemas[name]),
        }
    }

    /// The address of an operation for a reader of a page.
    pub(crate) fn operation(&self, from: &Page, number: usize) -> String {
        match self.is_single {
            true => self.anchor(from, &self.operations[number]),
            false => self.page(from, &Page::Operation(number)),
        }
    }

    /// The same of a component; nothing where there is none.
    pub(crate) fn schema(&self, from: &Page, name: &str) -> Option<String> {
        let slug = self.schemas.get(name)?;
        Some(match self.is_single {
            true => self.anchor(from, slug),
            false => self.page(from, &Page::Schema(name.to_owned())),
        })
    }

    /// A place of the only page.
    fn anchor(&self, from: &Page, slug: &str) -> String {
        match from {
            Page::Index => format!("#{slug}"),
            from => format!("{}#{slug}", self.page(from, &Page::Index)),
        }
    }

    pub(crate) fn page(&self, from: &Page, to: &Page) -> String {
        format!("{}{}.html", self.up(from), self.file(to))
    }

    /// From a page to the folder of its language.
    pub(crate) fn up(&self, from: &Page) -> &'static str {
        match from {
            Page::Index | Page::Changelog => "",
            Page::Tag(_) | Page::Operation(_) | Page::Schema(_) => "../",
        }
    }
}

/// A name as it stands in an address: `createContact` is `create-contact`.
fn slug(name: &str) -> String {
    let mut slug = String::new();
    let mut before: Option<char> = None;
    for c in name.chars() {
        let begins = c.is_uppercase() && before.is_some_and(|before| before.is_lowercase());
        let ends = begins || !c.is_alphanumeric();
        if ends && !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
        if c.is_ascii_alphanumeric() {
            slug.push(c.to_ascii_lowercase());
        }
        before = Some(c);
    }
    let slug: String = slug.trim_matches('-').chars().take(80).collect();
    match slug.is_empty() {
        true => "it".to_owned(),
        false => slug,
    }
}

/// A name that nobody else has.
fn free(name: String, taken: &mut HashSet<String>) -> String {
    let mut free = name.clone();
    let mut count = 1;
    while !taken.insert(free.clone()) {
        count += 1;
        free = format!("{name}-{count}");
    }
    free
}

/// Which operations refer to a component, by themselves or by others.
fn users(edition: &Edition) -> BTreeMap<String, Vec<usize>> {
    // What each component refers to.
    let references = |node: &Node, kind: Kind| -> HashSet<String> {
        let sites = sites_from(node, kind);
        let references = sites
            .iter()
            .filter_map(|site| site.node.get("$ref")?.as_str());
        references.filter_map(component).collect()
    };
    let schemas = edition.root.pointer("/components/schemas");
    let inner: BTreeMap<&str, HashSet<String>> = schemas
        .into_iter()
        .flat_map(Node::entries)
        .map(|(name, entry)| (name, references(&entry.node, Kind::Schema)))
        .collect();
    let mut users: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (number, operation) in edition.operations().enumerate() {
        let mut open: Vec<String> = schemas_of(operation);
        let node = edition.root.pointer(&operation.origin.pointer);
        open.extend(
            node.into_iter()
                .flat_map(|node| references(node, Kind::Operation)),
        );
        let mut seen = HashSet::new();
        while let Some(name) = open.pop() {
            if seen.insert(name.clone()) {
                open.extend(inner.get(name.as_str()).into_iter().flatten().cloned());
            }
        }
        for name in seen {
            users.entry(name).or_default().push(number);
        }
    }
    users
}

/// The components that an operation's values are, references to bodies and responses followed.
fn schemas_of(operation: &Operation) -> Vec<String> {
    let request = operation
        .request
        .iter()
        .flat_map(|request| &request.content);
    let responses = operation
        .responses
        .iter()
        .flat_map(|response| &response.content);
    let content = request.chain(responses);
    let schemas = content.filter_map(|content| content.schema.as_ref());
    let parameters = operation.parameters.iter();
    let parameters = parameters.filter_map(|parameter| parameter.schema.as_ref());
    schemas
        .chain(parameters)
        .filter_map(|schema| schema.component.clone())
        .collect()
}
