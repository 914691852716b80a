//! A file of members that are there from the start: by the path of their collection.

use std::path::Path;

use contract::finding::Severity;
use contract::report::Found;
use contract::source::{Node, parse};
use contract::{Finding, Findings, Source};

use crate::error::Error;
use crate::service::{Seeds, Service};

/// The rule that findings about such a file are of.
const RULE: &str = "seed";

/// What stands in a file.
#[derive(Debug)]
pub(crate) struct SeedFile {
    source: Source,
    root: Node,
}

impl SeedFile {
    /// # Errors
    /// When the file cannot be read, or is no YAML.
    pub(crate) fn read(path: &Path) -> Result<Self, Error> {
        let (source, root) = document(path)?;
        Ok(Self { source, root })
    }

    /// Its members, held against the contract.
    ///
    /// # Errors
    /// Everything that is wrong with them.
    pub(crate) fn seeds(&self, service: &Service) -> Result<Vec<Seeds>, Error> {
        let mut findings = Findings::new();
        let mut seeds = Vec::new();
        let finding = |message, span| Finding::new(RULE, Severity::Error, message, span);
        if self.root.as_object().is_none() {
            let message = "members stand below the path of their collection: `/contacts: [...]`";
            findings.push(finding(message.to_owned(), self.root.span));
        }
        for (path, entry) in self.root.entries() {
            match service.seeds(path, &entry.node.to_json()) {
                Ok(ready) => seeds.push(ready),
                Err(unfit) => findings.extend(unfit.into_iter().map(|unfit| {
                    let at = match unfit.pointer.as_str() {
                        "" => self.root.key_span(path),
                        below => entry.node.locate(below),
                    };
                    finding(unfit.message, at)
                })),
            }
        }
        match findings.is_empty() {
            true => Ok(seeds),
            false => Err(Error::Seed(Found {
                source: self.source.clone(),
                findings,
            })),
        }
    }
}

/// A file as YAML.
///
/// # Errors
/// When it cannot be read, or is no YAML.
pub(crate) fn document(path: &Path) -> Result<(Source, Node), Error> {
    let source = Source::read(path, path.to_string_lossy())?;
    let mut findings = Findings::new();
    let root = parse(source.text(), &mut findings);
    match root.filter(|_| findings.is_empty()) {
        Some(root) => Ok((source, root)),
        None => Err(Error::Seed(Found { source, findings })),
    }
}
