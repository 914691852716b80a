//! What stands before the operations.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use contract::operation::{ExternalDocs, Info, Operation, Scheme, SecurityScheme, Server};

use super::{Writer, block, code, line, title, word};
use crate::authentication::Way;
use crate::html::{addresses, exports, heading};
use crate::markdown;

impl Writer<'_> {
    pub(super) fn changelog(&self, out: &mut String) {
        let (site, words) = (self.view.site, self.view.words());
        if !site.releases.is_empty() {
            title(out, 1, words.changes_of_api);
        }
        for release in &site.releases {
            let date = release.date.as_ref().map(|date| format!(" ({date})"));
            let name = line(release.name(words));
            title(out, 2, &format!("{name}{}", date.unwrap_or_default()));
            for line in release.lines(words) {
                let mark = line
                    .mark
                    .map(|(_, word)| format!("**{}** ", words.label(word)));
                let _ = writeln!(out, "- {}{}", mark.unwrap_or_default(), line.text);
            }
            out.push('\n');
        }
        out.push_str(site.changelog.as_deref().unwrap_or_default());
    }

    pub(super) fn index(&self, out: &mut String) {
        let view = self.view;
        let (words, api) = (view.words(), &view.edition.api);
        title(out, 1, &line(&api.info.title));
        if let Some(summary) = &api.info.summary {
            let _ = writeln!(out, "{}\n", line(summary));
        }
        block(out, api.info.description.as_deref(), 1);
        self.elsewhere(out, api.external_docs.as_ref());
        if let Some(limit) = &api.rate_limit {
            let _ = writeln!(out, "{}\n", words.limit(limit));
        }
        self.info(out, &api.info);
        if !api.servers.is_empty() {
            title(out, 2, words.servers);
            for server in &api.servers {
                self.server(out, server);
            }
            out.push('\n');
        }
        if !api.security_schemes.is_empty() {
            self.authentication(out, &api.security_schemes);
        }
        if view.site.places.is_single {
            for number in 0..view.site.places.operations.len() {
                self.operation(out, number, 2);
            }
            for name in view.site.places.schemas.keys() {
                self.schema(out, name, 2);
            }
            return;
        }
        for (tag, operations) in view.edition.groups() {
            let name = tag.map_or(words.operations, |tag| view.edition.shown(tag));
            title(out, 2, &line(name));
            self.contents(out, operations);
        }
        let events = view.edition.events();
        if !events.is_empty() {
            title(out, 2, words.events);
            self.contents(out, events);
        }
        if !view.site.places.schemas.is_empty() {
            title(out, 2, words.schemas);
            for name in view.site.places.schemas.keys() {
                let address = view.site.places.schema(view.page, name).unwrap_or_default();
                let _ = writeln!(
                    out,
                    "- [{}]({})",
                    word(name),
                    address.replace(".html", ".md")
                );
            }
        }
    }

    pub(super) fn tag(&self, out: &mut String, tag: &str) {
        let edition = self.view.edition;
        title(out, 1, &line(edition.shown(tag)));
        block(out, edition.about(tag), 1);
        let known = edition.tag_of(tag);
        self.elsewhere(out, known.and_then(|tag| tag.external_docs.as_ref()));
        let mut groups = edition.groups().into_iter();
        if let Some((_, operations)) = groups.find(|(known, _)| *known == Some(tag)) {
            self.contents(out, operations);
        }
    }

    fn contents(&self, out: &mut String, operations: Vec<(usize, &Operation)>) {
        let view = self.view;
        for (number, operation) in operations {
            let address = view.site.places.operation(view.page, number);
            let address = address.replace(".html", ".md");
            let title = line(heading(operation));
            let _ = writeln!(out, "- [{title}]({address}): {}", word(&operation.title()));
        }
        out.push('\n');
    }

    fn info(&self, out: &mut String, info: &Info) {
        let words = self.view.words();
        let mut lines = Vec::new();
        if let Some(contact) = &info.contact {
            let parts = [&contact.name, &contact.url, &contact.email];
            let parts: Vec<String> = parts.into_iter().flatten().map(|one| line(one)).collect();
            lines.push((words.contact, parts.join(", ")));
        }
        if let Some(license) = &info.license {
            let url = license.url.as_ref().map(|url| format!(", {}", line(url)));
            let text = format!("{}{}", line(&license.name), url.unwrap_or_default());
            lines.push((words.license, text));
        }
        let terms = info.terms_of_service.as_ref();
        lines.extend(terms.map(|terms| (words.terms, line(terms))));
        for (word, text) in &lines {
            let _ = writeln!(out, "- {} {text}", words.label(word));
        }
        if !lines.is_empty() {
            out.push('\n');
        }
    }

    pub(super) fn elsewhere(&self, out: &mut String, docs: Option<&ExternalDocs>) {
        if let Some(ExternalDocs { url, description }) = docs {
            let label = self.view.words().label(self.view.words().more);
            let about = description.as_deref().map(markdown::plain);
            let about = about.map(|about| format!("{}, ", line(&about)));
            let _ = writeln!(out, "{label} {}{}\n", about.unwrap_or_default(), line(url));
        }
    }

    fn server(&self, out: &mut String, server: &Server) {
        let words = self.view.words();
        let description = server.description.as_deref().map(line).unwrap_or_default();
        let _ = writeln!(out, "- {} {description}", word(&server.url));
        for variable in &server.variables {
            let name = word(&format!("{{{}}}", variable.name));
            let default = words.label(words.default);
            let _ = write!(out, "  - {name} {default} {}", word(&variable.default));
            if !variable.values.is_empty() {
                let values: Vec<String> = variable.values.iter().map(|one| word(one)).collect();
                let _ = write!(out, ". {} {}", words.label(words.one_of), values.join(", "));
            }
            if let Some(description) = &variable.description {
                let _ = write!(out, ". {}", line(description));
            }
            out.push('\n');
        }
    }

    fn authentication(&self, out: &mut String, schemes: &[SecurityScheme]) {
        let (words, prefix) = (self.view.words(), self.view.site.prefix());
        title(out, 2, words.authentication);
        for scheme in schemes {
            title(out, 3, &word(&scheme.name));
            let way = Way::of(&scheme.scheme, words);
            let pieces = way.pieces().map(|(text, code)| match code {
                Some(code) => format!("{text}{}", word(code)),
                None => text.to_owned(),
            });
            let _ = writeln!(out, "{}\n", pieces.collect::<String>());
            block(out, scheme.description.as_deref(), 3);
            self.flows(out, &scheme.scheme);
        }
        let variables = schemes.iter().flat_map(|one| one.scheme.variables(prefix));
        let variables: BTreeSet<String> = variables.collect();
        if !variables.is_empty() {
            let _ = writeln!(out, "{}\n", words.set_variable);
            code(out, "sh", &exports(&variables, prefix));
        }
    }

    fn flows(&self, out: &mut String, scheme: &Scheme) {
        let words = self.view.words();
        let flows = match scheme {
            Scheme::OAuth2 { flows } => flows,
            Scheme::OpenIdConnect { url } => {
                let _ = writeln!(out, "{} {}\n", words.label(words.discovery_url), line(url));
                return;
            }
            _ => return,
        };
        for flow in flows {
            let _ = writeln!(out, "- {}", word(&flow.name));
            for (name, url) in addresses(flow, words) {
                let _ = writeln!(out, "  - {} {}", words.label(name), line(url));
            }
            for (scope, meaning) in &flow.scopes {
                let _ = writeln!(out, "  - {}: {}", word(scope), line(meaning));
            }
        }
        out.push('\n');
    }
}
