use std::rc::Rc;

use contract::source::Node;
use contract::walk;

/// One of the two documents.
#[derive(Clone, Copy)]
pub(super) struct Side<'a> {
    pub(super) root: &'a Node,
    /// Whether keywords beside `$ref` count (`OpenAPI` 3.1, section 4.8.23).
    pub(super) siblings_count: bool,
}

/// A node and where it stands: a JSON Pointer, but for parameters and the like,
/// which stand by their name, because their position in a list means nothing.
#[derive(Clone, Debug)]
pub(super) struct Sited<'a> {
    pub(super) node: &'a Node,
    pub(super) at: Rc<str>,
}

impl<'a> Side<'a> {
    pub(super) fn new(root: &'a Node) -> Self {
        let version = root.get("openapi").and_then(Node::as_str);
        Self {
            root,
            siblings_count: version.is_some_and(|version| !version.starts_with("3.0")),
        }
    }

    /// The outermost value.
    pub(super) fn document(&self) -> Sited<'a> {
        Sited {
            node: self.root,
            at: "".into(),
        }
    }

    /// What a node refers to, one step; `None` when it refers to nothing in this
    /// document.
    pub(super) fn step(&self, sited: &Sited<'a>) -> Option<Sited<'a>> {
        let reference = sited.node.get("$ref")?.as_str()?;
        let at = walk::pointer(reference)?;
        let node = self.root.pointer(&at)?;
        let at = at.into();
        Some(Sited { node, at })
    }

    /// What a node refers to, followed to the end; itself when that leads nowhere.
    pub(super) fn follow(&self, sited: &Sited<'a>) -> Sited<'a> {
        let mut end = sited.clone();
        // No honest chain is longer.
        for _ in 0..32 {
            match self.step(&end) {
                Some(next) => end = next,
                None => return end,
            }
        }
        sited.clone()
    }
}

impl<'a> Sited<'a> {
    /// The same node has the same identity, however it was reached.
    pub(super) fn id(&self) -> usize {
        std::ptr::from_ref(self.node).addr()
    }

    pub(super) fn get(&self, key: &str) -> Option<Self> {
        let node = self.node.get(key)?;
        let at = walk::join(&self.at, key).into();
        Some(Self { node, at })
    }

    /// The entries of the mapping under `key`.
    pub(super) fn entries(&self, key: &str) -> Vec<(&'a str, Self)> {
        let Some(mapping) = self.get(key) else {
            return Vec::new();
        };
        mapping.own_entries()
    }

    /// The entries of this mapping.
    pub(super) fn own_entries(&self) -> Vec<(&'a str, Self)> {
        let site = |(name, entry): (&'a str, &'a contract::source::Entry)| {
            let at = walk::join(&self.at, name).into();
            let node = &entry.node;
            (name, Self { node, at })
        };
        self.node.entries().map(site).collect()
    }

    /// The items of the list under `key`.
    pub(super) fn items(&self, key: &str) -> Vec<Self> {
        let Some(list) = self.get(key) else {
            return Vec::new();
        };
        let site = |(index, node): (usize, &'a Node)| {
            let at = format!("{}/{index}", list.at).into();
            Self { node, at }
        };
        list.node.items().enumerate().map(site).collect()
    }

    pub(super) fn text(&self, key: &str) -> Option<&'a str> {
        self.node.get(key)?.as_str()
    }

    pub(super) fn flag(&self, key: &str) -> bool {
        self.node.get(key).is_some_and(Node::is_true)
    }
}
