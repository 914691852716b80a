//! What a document refers people to, and what it says of calls that follow.

use super::reader::{Found, Reader};

/// Whom to ask (`OpenAPI` 3.0.3, section 4.7.3).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contact {
    /// Their name.
    pub name: Option<String>,
    /// Their page.
    pub url: Option<String>,
    /// Their e-mail address.
    pub email: Option<String>,
}

/// What may be done with the API (`OpenAPI` 3.0.3, section 4.7.4).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct License {
    /// Its name.
    pub name: String,
    /// Its text.
    pub url: Option<String>,
}

/// More, elsewhere (`OpenAPI` 3.0.3, section 4.7.11).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExternalDocs {
    /// Where.
    pub url: String,
    /// What is there, as Markdown.
    pub description: Option<String>,
}

/// An operation that may be called with what is answered (`OpenAPI` 3.0.3, section 4.7.20).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// What the document calls it.
    pub name: String,
    /// The `operationId` of the operation, or a reference to it.
    pub operation: String,
    /// What for, as Markdown.
    pub description: Option<String>,
    /// What is given for each parameter: an expression, or a value.
    pub parameters: Vec<(String, String)>,
}

impl Reader<'_> {
    pub(super) fn contact(&self, info: &Found<'_>) -> Option<Contact> {
        let found = self.found_below(info, "contact")?;
        Some(Contact {
            name: found.text("name"),
            url: found.text("url"),
            email: found.text("email"),
        })
    }

    pub(super) fn license(&self, info: &Found<'_>) -> Option<License> {
        let found = self.found_below(info, "license")?;
        Some(License {
            name: found.text("name")?,
            url: found.text("url"),
        })
    }

    pub(super) fn external_docs(&self, holder: &Found<'_>) -> Option<ExternalDocs> {
        let found = self.found_below(holder, "externalDocs")?;
        Some(ExternalDocs {
            url: found.text("url")?,
            description: found.text("description"),
        })
    }

    pub(super) fn links(&self, response: &Found<'_>) -> Vec<Link> {
        let links = response.below("links").into_iter();
        let links = links.filter_map(|(name, at)| {
            let found = self.found(at)?;
            let parameters = found.below("parameters").into_iter();
            let parameters = parameters.filter_map(|(name, at)| {
                let value = self.value(&at)?;
                Some((name, value))
            });
            Some(Link {
                operation: found
                    .text("operationId")
                    .or_else(|| found.text("operationRef"))?,
                description: found.text("description"),
                parameters: parameters.collect(),
                name,
            })
        });
        links.collect()
    }

    fn found_below(&self, holder: &Found<'_>, key: &str) -> Option<Found<'_>> {
        holder.get(key)?;
        self.found(holder.at(key))
    }
}
