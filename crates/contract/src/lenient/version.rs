//! The version of `OpenAPI`.

use crate::finding::{Finding, Findings, Severity};
use crate::source::{Node, Value};

/// Makes a version with three numbers of one with fewer or more.
pub(crate) fn read(root: &mut Node, findings: &mut Findings) {
    let Some(node) = root.get_mut("openapi") else {
        return;
    };
    let said = match &node.value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => return,
    };
    let mut numbers = said.trim().split('.');
    let (Some("3"), Some(minor @ ("0" | "1" | "2"))) = (numbers.next(), numbers.next()) else {
        return;
    };
    let patch = numbers.next().unwrap_or_default();
    let patch = patch.split('-').next().unwrap_or_default();
    let is_number = !patch.is_empty() && patch.bytes().all(|byte| byte.is_ascii_digit());
    let read = format!("3.{minor}.{}", if is_number { patch } else { "0" });
    if said == read || said.starts_with(&format!("{read}-")) {
        return;
    }
    let message = format!("`openapi` is `{said}`; a version has three numbers");
    let finding = Finding::new("openapi-version", Severity::Warning, message, node.span);
    findings.push(finding.help(format!("read as `{read}`")));
    node.value = Value::String(read);
}
