//! What a document was: as the tags have it at which it is another than before.

use std::io;

use contract::Document;
use diff::diff;
use docs::Release;

use crate::environment::Environment;
use crate::git::{self, Tag};
use crate::today;
use crate::tree::Tree;

/// So many of the newest tags are looked at: those of a large repository are mostly about something
/// else.
const MOST_TAGS: usize = 100;
/// So many of the newest releases are told.
const MOST: usize = 20;

/// The releases of a document, the newest first.
#[derive(Default)]
pub(super) struct History {
    releases: Vec<(Tag, Document)>,
    /// Whether nothing stands before them.
    is_whole: bool,
    /// Whether git was given the last commits alone.
    pub(super) is_shallow: bool,
}

/// A folder as a tag has it.
struct State {
    content: String,
    tag: Tag,
    tree: Tree,
}

impl History {
    /// What the tags know; nothing where there is no git, or no tag has a document that can be
    /// compared.
    pub(super) fn read(environment: &Environment, name: &str) -> Self {
        let root = &environment.root;
        let tags = git::tags(root, MOST_TAGS).unwrap_or_default();
        let is_shallow = git::is_shallow(root).unwrap_or_default();
        let mut history = Self {
            releases: Vec::new(),
            is_whole: tags.len() < MOST_TAGS && !is_shallow,
            is_shallow,
        };
        let folder = name.rsplit_once('/').map_or("", |(folder, _)| folder);
        let mut states: Vec<State> = Vec::new();
        for tag in tags {
            match State::read(environment, folder, tag) {
                Ok(Some(state)) => {
                    // Who has the same earlier released it.
                    states.pop_if(|newer| newer.content == state.content);
                    states.push(state);
                }
                Ok(None) => {}
                Err(_) => history.is_whole = false,
            }
        }
        history.is_whole &= states.len() <= MOST;
        for State { tag, tree, .. } in states.into_iter().take(MOST) {
            if let Ok(None) = tree.read_below("", name) {
                continue;
            }
            match tree.document(name) {
                Ok(document) if review::readable(&document).is_ok() => {
                    history.releases.push((tag, document));
                }
                _ => history.is_whole = false,
            }
        }
        history
    }

    /// What changed from release to release and up to now, the newest first.
    pub(super) fn releases(&self, now: &Document) -> io::Result<Vec<Release>> {
        if self.releases.is_empty() || review::readable(now).is_err() {
            return Ok(Vec::new());
        }
        let mut told = Vec::new();
        let (mut newer, mut of_newer) = (now, None::<&Tag>);
        for (tag, document) in &self.releases {
            let day = match of_newer {
                Some(tag) => tag.date.clone(),
                None => today::today()?,
            };
            let changes = diff(document, newer, &day);
            told.extend((!changes.is_empty()).then(|| release(of_newer, Some(changes))));
            (newer, of_newer) = (document, Some(tag));
        }
        told.extend(self.is_whole.then(|| release(of_newer, None)));
        Ok(told)
    }
}

impl State {
    /// Nothing where the tag does not have the folder.
    fn read(environment: &Environment, folder: &str, tag: Tag) -> io::Result<Option<Self>> {
        let tree = Tree::new(&environment.root, &tag.revision)?;
        let content = tree.content(folder)?;
        Ok(content.map(|content| Self { content, tag, tree }))
    }
}

fn release(tag: Option<&Tag>, changes: Option<Vec<diff::Change>>) -> Release {
    Release {
        name: tag.map(|tag| tag.revision.name.clone()),
        date: tag.map(|tag| tag.date.clone()),
        changes,
    }
}
