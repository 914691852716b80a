//! Where an API is found (`OpenAPI` 3.0.3, section 4.7.5).

use super::Origin;
use super::reader::{Found, Reader};
use crate::source::Node;

/// An address, with what may stand in its variables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    /// The address with its variables in braces; it may be relative.
    pub url: String,
    /// What it is for, as Markdown.
    pub description: Option<String>,
    /// The variables in order.
    pub variables: Vec<Variable>,
    /// Where it stands.
    pub origin: Origin,
}

/// A part of an address that callers choose (`OpenAPI` 3.0.3, section 4.7.6).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// What stands in the braces.
    pub name: String,
    /// What is sent where nobody chooses.
    pub default: String,
    /// What may be chosen; anything, where that is empty.
    pub values: Vec<String>,
    /// What it is for, as Markdown.
    pub description: Option<String>,
}

impl Server {
    /// The address with the defaults of its variables.
    #[must_use]
    pub fn resolved(&self) -> String {
        let mut url = self.url.clone();
        for variable in &self.variables {
            url = url.replace(&format!("{{{}}}", variable.name), &variable.default);
        }
        url
    }
}

impl Reader<'_> {
    /// The servers of a document, a path or an operation, if it has any of its own.
    pub(super) fn servers(&self, holder: &Found<'_>) -> Option<Vec<Server>> {
        let servers = holder.below("servers").into_iter();
        let servers = servers.filter_map(|(_, at)| {
            let server = self.found(at)?;
            let variables = server.get("variables").into_iter().flat_map(Node::entries);
            let variables = variables.filter_map(|(name, entry)| variable(name, &entry.node));
            Some(Server {
                url: server.text("url")?,
                description: server.text("description"),
                variables: variables.collect(),
                origin: server.origin,
            })
        });
        let servers: Vec<_> = servers.collect();
        (!servers.is_empty()).then_some(servers)
    }
}

fn variable(name: &str, node: &Node) -> Option<Variable> {
    let text = |key| node.get(key).and_then(Node::as_str).map(str::to_owned);
    let values = node.get("enum").into_iter().flat_map(Node::items);
    Some(Variable {
        name: name.to_owned(),
        default: text("default")?,
        values: values.filter_map(Node::as_str).map(str::to_owned).collect(),
        description: text("description"),
    })
}
