//! From the tree of a document to its operations.

use std::collections::HashSet;

use super::{
    Api, Callback, Extensions, IDEMPOTENT, Info, Operation, Origin, RateLimit, Tag, is_idempotent,
};
use super::{Parameter, Server, WebhookSignature};
use crate::lower::is_newer;
use crate::source::Node;
use crate::walk::{METHODS, join, operation_at, operations, pointer};

/// A document that is being read.
pub(super) struct Reader<'a> {
    root: &'a Node,
    /// Whether text beside a reference counts (`OpenAPI` 3.1.1, section 4.8.23).
    is_newer: bool,
    /// The path items that are being read: what the API calls in turn may lead back to them.
    open: Vec<String>,
}

/// An object with its references followed.
pub(super) struct Found<'a> {
    pub(super) node: &'a Node,
    pub(super) origin: Origin,
    /// The references that led to it, the first one first.
    beside: Vec<(&'a Node, String)>,
    is_newer: bool,
}

impl<'a> Found<'a> {
    pub(super) fn get(&self, key: &str) -> Option<&'a Node> {
        self.node.get(key)
    }

    /// A text of the object, or of the reference to it.
    pub(super) fn text(&self, key: &str) -> Option<String> {
        let beside = self.beside.iter().map(|(node, _)| *node);
        let mut beside = beside.filter(|_| self.is_newer);
        let text = |node: &'a Node| node.get(key)?.as_str();
        beside
            .find_map(text)
            .or_else(|| text(self.node))
            .map(str::to_owned)
    }

    pub(super) fn is_true(&self, key: &str) -> bool {
        self.get(key).is_some_and(Node::is_true)
    }

    /// Where it holds something.
    pub(super) fn at(&self, key: &str) -> String {
        join(&self.origin.pointer, key)
    }

    /// Where it holds what is in an object or a list below a key, and by which name or number.
    pub(super) fn below(&self, key: &str) -> Vec<(String, String)> {
        let at = self.at(key);
        let held = self.get(key);
        let names = held.into_iter().flat_map(Node::entries);
        let mut below: Vec<_> = names
            .map(|(name, _)| (name.to_owned(), join(&at, name)))
            .collect();
        let items = held.into_iter().flat_map(Node::items).enumerate();
        below.extend(items.map(|(i, _)| (i.to_string(), format!("{at}/{i}"))));
        below
    }

    pub(super) fn extensions(&self) -> Extensions {
        let own = self.node.entries().filter(|(key, _)| key.starts_with("x-"));
        own.map(|(key, entry)| (key.to_owned(), entry.node.to_json()))
            .collect()
    }
}

/// What a path says of all of its operations.
struct Shared {
    summary: Option<String>,
    description: Option<String>,
    parameters: Vec<Parameter>,
    servers: Option<Vec<Server>>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(root: &'a Node) -> Self {
        Self {
            root,
            is_newer: is_newer(root),
            open: Vec::new(),
        }
    }

    pub(super) fn api(mut self) -> Api {
        let Some(root) = self.found(String::new()) else {
            return Api::default();
        };
        let servers = self.servers(&root).unwrap_or_default();
        let mut api = Api {
            info: self.info(),
            rate_limit: rate_limit(self.root),
            tags: self.tags(&root),
            security_schemes: self.security_schemes(),
            webhook_signature: WebhookSignature::read(self.root),
            external_docs: self.external_docs(&root),
            ..Api::default()
        };
        let paths = root.below("paths").into_iter();
        for (path, at) in paths.filter(|(path, _)| path.starts_with('/')) {
            api.operations.extend(self.path_item(&path, at, &servers));
        }
        for (name, at) in root.below("webhooks") {
            let operations = self.path_item(&name, at, &servers);
            api.webhooks.push(Callback { name, operations });
        }
        api.servers = servers;
        api
    }

    /// The object at a pointer with its references followed; nothing where they lead nowhere.
    pub(super) fn found(&self, mut at: String) -> Option<Found<'a>> {
        let mut beside = Vec::new();
        let mut seen = HashSet::new();
        loop {
            let node = self.root.pointer(&at)?;
            let Some(reference) = node.get("$ref").and_then(Node::as_str) else {
                let span = self.root.locate(&at);
                return Some(Found {
                    node,
                    origin: Origin { pointer: at, span },
                    beside,
                    is_newer: self.is_newer,
                });
            };
            let target = pointer(reference)?;
            if !seen.insert(target.clone()) {
                return None;
            }
            beside.push((node, std::mem::replace(&mut at, target)));
        }
    }

    /// A value as a text.
    pub(super) fn value(&self, at: &str) -> Option<String> {
        let node = self.root.pointer(at)?;
        Some(match node.as_str() {
            Some(text) => text.to_owned(),
            None => node.to_json().to_string(),
        })
    }

    pub(super) fn origin(&self, pointer: &str) -> Origin {
        Origin {
            pointer: pointer.to_owned(),
            span: self.root.locate(pointer),
        }
    }

    fn info(&self) -> Info {
        let Some(info) = self.found("/info".to_owned()) else {
            return Info::default();
        };
        Info {
            title: info.text("title").unwrap_or_default(),
            version: info.text("version").unwrap_or_default(),
            summary: info.text("summary"),
            description: info.text("description"),
            terms_of_service: info.text("termsOfService"),
            contact: self.contact(&info),
            license: self.license(&info),
        }
    }

    fn tags(&self, root: &Found<'_>) -> Vec<Tag> {
        let tags = root.below("tags").into_iter();
        let tags = tags.filter_map(|(_, at)| {
            let tag = self.found(at)?;
            Some(Tag {
                name: tag.text("name")?,
                description: tag.text("description"),
                external_docs: self.external_docs(&tag),
                origin: tag.origin,
            })
        });
        tags.collect()
    }

    /// The operations of a path. What stands beside a reference counts, too, and first.
    fn path_item(&mut self, path: &str, at: String, servers: &[Server]) -> Vec<Operation> {
        let Some(item) = self.found(at) else {
            return Vec::new();
        };
        if self.open.contains(&item.origin.pointer) {
            return Vec::new();
        }
        let shared = Shared {
            summary: item.text("summary"),
            description: item.text("description"),
            parameters: self.parameters(&item),
            servers: self.servers(&item),
        };
        let servers = shared.servers.as_deref().unwrap_or(servers).to_vec();
        let mut operations: Vec<Operation> = Vec::new();
        self.open.push(item.origin.pointer.clone());
        let beside = item.beside.iter().map(|(node, at)| (*node, at.as_str()));
        for (holder, at) in beside.chain([(item.node, item.origin.pointer.as_str())]) {
            for (method, at) in methods(holder, at) {
                if operations.iter().all(|known| known.method != method)
                    && let Some(found) = self.found(at)
                {
                    operations.push(self.operation(method, path, &found, &shared, &servers));
                }
            }
        }
        self.open.pop();
        operations
    }

    fn operation(
        &mut self,
        method: String,
        path: &str,
        found: &Found<'_>,
        shared: &Shared,
        servers: &[Server],
    ) -> Operation {
        let own = self.servers(found);
        let servers = own.unwrap_or_else(|| servers.to_vec());
        let extensions = found.extensions();
        let stated = extensions.get(IDEMPOTENT).and_then(|value| value.as_bool());
        let tags = found.get("tags").into_iter().flat_map(Node::items);
        let parameters = self.effective(found, &shared.parameters);
        let request = self.request(found);
        Operation {
            id: found.text("operationId"),
            path: path.to_owned(),
            summary: found.text("summary").or_else(|| shared.summary.clone()),
            description: found
                .text("description")
                .or_else(|| shared.description.clone()),
            tags: tags.filter_map(Node::as_str).map(str::to_owned).collect(),
            deprecated: found.is_true("deprecated"),
            responses: self.responses(found),
            security: self.security(found),
            external_docs: self.external_docs(found),
            callbacks: self.callbacks(found, &servers),
            servers,
            idempotent: stated.unwrap_or_else(|| is_idempotent(&method.to_ascii_lowercase())),
            pagination: self.pagination(&extensions, &parameters, request.as_ref()),
            request,
            parameters,
            method,
            extensions,
            origin: found.origin.clone(),
        }
    }

    fn callbacks(&mut self, operation: &Found<'_>, servers: &[Server]) -> Vec<Callback> {
        let mut callbacks = Vec::new();
        for (name, at) in operation.below("callbacks") {
            let Some(callback) = self.found(at) else {
                continue;
            };
            let mut operations = Vec::new();
            let expressions = callback.node.entries().map(|(expression, _)| expression);
            for expression in expressions.filter(|name| !name.starts_with("x-")) {
                let at = callback.at(expression);
                operations.extend(self.path_item(expression, at, servers));
            }
            callbacks.push(Callback { name, operations });
        }
        callbacks
    }
}

/// The methods of a path item as they are sent, with the place of each.
fn methods(item: &Node, at: &str) -> Vec<(String, String)> {
    let operations = operations(item).map(|(method, _)| {
        let sent = match METHODS.contains(&method) {
            true => method.to_ascii_uppercase(),
            false => method.to_owned(),
        };
        (sent, operation_at(at, method))
    });
    operations.collect()
}

fn rate_limit(root: &Node) -> Option<RateLimit> {
    let number = |key| {
        let value = root.get("x-rate-limit")?.get(key)?.to_json().as_u64()?;
        u32::try_from(value).ok().filter(|number| *number > 0)
    };
    Some(RateLimit {
        requests: number("requests")?,
        seconds: number("seconds")?,
    })
}
