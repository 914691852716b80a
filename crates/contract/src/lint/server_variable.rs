#![doc = include_str!("server_variable.md")]

use super::{Context, Findings, Rule, Severity};
use crate::operation::Server;
use crate::path::variables;
use crate::walk::join;

pub(super) const RULE: Rule = Rule {
    name: "server-variable",
    severity: Severity::Warning,
    summary: "the variables of a server's address are declared, and their defaults possible",
    explanation: include_str!("server_variable.md"),
    check,
};

fn check(context: &Context<'_>, out: &mut Findings) {
    let own = context.api.operations.iter().flat_map(|one| &one.servers);
    let mut seen = Vec::new();
    for server in context.api.servers.iter().chain(own) {
        // An operation without servers of its own has those of the document.
        if !seen.contains(&&server.origin.pointer) {
            seen.push(&server.origin.pointer);
            out.extend(findings(context, server));
        }
    }
}

fn findings(context: &Context<'_>, server: &Server) -> Findings {
    let at = |way: &[&str]| {
        let pointer = way
            .iter()
            .fold(server.origin.pointer.clone(), |at, step| join(&at, step));
        let node = context.root.pointer(&pointer);
        node.map_or(server.origin.span, |node| node.span.first_line())
    };
    let is_declared = |name: &str| server.variables.iter().any(|one| one.name == name);
    let undeclared = variables(&server.url).filter(|name| !is_declared(name));
    let undeclared = undeclared.map(|name| {
        RULE.finding(format!("`{name}` of the server is declared nowhere"), at(&["url"]))
            .help("add it to the server's `variables`, with a `default`; until then no client has the address")
    });
    let impossible = server.variables.iter().filter(|variable| {
        !variable.values.is_empty() && !variable.values.contains(&variable.default)
    });
    let impossible = impossible.map(|variable| {
        let (name, default) = (&variable.name, &variable.default);
        let message = format!("`{default}` is no value that `{name}` of the server may have");
        RULE.finding(message, at(&["variables", name, "default"]))
            .help("make one of `enum` the default, or add it there")
    });
    undeclared.chain(impossible).collect()
}
