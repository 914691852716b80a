use serde::Serialize;

use super::Problem;
use contract::source::{self, Node, Source};
use contract::{Finding, Findings, Severity};
use diff::day;

/// Who agreed to a breaking change, as a report shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct Approved {
    /// Who agreed.
    pub who: String,
    /// Why.
    pub reason: String,
    /// The last day on which it holds.
    pub until: String,
}

/// One entry of the list of approvals.
#[derive(Clone, Debug)]
struct Approval {
    fingerprint: String,
    approved: Approved,
    span: source::Span,
    is_used: bool,
}

/// `openapi/approvals.yaml`: a list of breaking changes that somebody agreed to, each
/// with `fingerprint`, `reason`, `who` and `until`.
#[derive(Clone, Debug, Default)]
pub struct Approvals {
    name: String,
    entries: Vec<Approval>,
    findings: Findings,
    today: String,
}

const KEYS: [&str; 4] = ["fingerprint", "reason", "who", "until"];

impl Approvals {
    /// Reads the list. What is wrong with it is told by [`problems`](Self::problems);
    /// an entry that is not whole approves nothing.
    ///
    /// ```
    /// use contract::Source;
    /// use review::Approvals;
    /// let list = Source::new("approvals.yaml", "- {fingerprint: c00c0ffee00c0ffee}");
    /// let problems = Approvals::read(&list, "2026-11-21").problems();
    /// assert_eq!(problems[0].message, "this approval lacks `reason`, `who` and `until`");
    /// ```
    #[must_use]
    pub fn read(source: &Source, today: &str) -> Self {
        let mut findings = Findings::new();
        // Nothing but comments approves nothing.
        let is_comment = |line: &str| line.trim().is_empty() || line.trim_start().starts_with('#');
        let root = match source.text().lines().all(is_comment) {
            true => None,
            false => source::parse(source.text(), &mut findings),
        };
        let mut approvals = Self {
            name: source.name().to_owned(),
            today: today.to_owned(),
            ..Self::default()
        };
        if let Some(root) = root {
            approvals.entries(&root, &mut findings);
        }
        approvals.findings = findings;
        approvals
    }

    fn entries(&mut self, root: &Node, findings: &mut Findings) {
        if root.as_array().is_none() && !matches!(root.value, source::Value::Null) {
            let message = "approvals are a list, one entry for each change";
            findings.push(error(message, root.span));
        }
        for item in root.items() {
            match entry(item, &self.today) {
                Ok(approval) => self.entries.push(approval),
                Err(problems) => findings.extend(problems),
            }
        }
    }

    /// The approval of a change. Every entry for it counts as used from then on, the
    /// one that still holds agrees.
    pub(super) fn take(&mut self, fingerprint: &str) -> Option<Approved> {
        let entries = self.entries.iter_mut();
        let mut agreed = None;
        for entry in entries.filter(|entry| entry.fingerprint == fingerprint) {
            entry.is_used = true;
            if entry.approved.until >= self.today {
                agreed.get_or_insert_with(|| entry.approved.clone());
            }
        }
        agreed
    }

    /// What is wrong with the list, once every change had its chance to be matched:
    /// entries that are not whole, are past their date, or match nothing.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        let mut findings = self.findings.clone();
        for entry in &self.entries {
            let fingerprint = &entry.fingerprint;
            if entry.approved.until < self.today {
                let message = format!(
                    "the approval of `{fingerprint}` ran out on {}",
                    entry.approved.until
                );
                let finding =
                    Finding::new("approval-expired", Severity::Warning, message, entry.span);
                findings.push(finding.help("agree again with a later `until`, or delete it"));
            } else if !entry.is_used {
                let message = format!("the approval of `{fingerprint}` matches no breaking change");
                let finding =
                    Finding::new("approval-unused", Severity::Warning, message, entry.span);
                findings.push(finding.help("delete it, or correct the fingerprint"));
            }
        }
        findings.sort_by_key(|finding| finding.span);
        findings
            .iter()
            .map(|finding| Problem::new(&self.name, finding))
            .collect()
    }
}

fn error(message: impl Into<String>, span: source::Span) -> Finding {
    Finding::new("approval", Severity::Error, message, span)
        .help("write `fingerprint`, `reason`, `who` and `until: YYYY-MM-DD`")
}

fn entry(item: &Node, today: &str) -> Result<Approval, Findings> {
    let mut findings = Findings::new();
    let text = |key: &str| {
        item.get(key)
            .and_then(Node::as_str)
            .filter(|text| !text.is_empty())
    };
    let missing: Vec<_> = KEYS.iter().filter(|key| text(key).is_none()).collect();
    if !missing.is_empty() {
        let names: Vec<_> = missing.iter().map(|key| format!("`{key}`")).collect();
        let names = match names.split_last() {
            Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
            _ => names.concat(),
        };
        findings.push(error(
            format!("this approval lacks {names}"),
            item.span.first_line(),
        ));
    }
    for (key, entry) in item.entries().filter(|(key, _)| !KEYS.contains(key)) {
        findings.push(error(format!("an approval has no `{key}`"), entry.key));
    }
    let until = item.get("until").filter(|_| text("until").is_some());
    if let Some(until) = until
        && day(until).is_none_or(|day| Some(day) != until.as_str())
    {
        let message = format!("`until` is no date such as {today}");
        findings.push(error(message, until.span));
    }
    if !findings.is_empty() {
        return Err(findings);
    }
    let owned = |key: &str| text(key).unwrap_or_default().to_owned();
    Ok(Approval {
        fingerprint: owned("fingerprint"),
        approved: Approved {
            who: owned("who"),
            reason: owned("reason"),
            until: owned("until"),
        },
        span: item.get("fingerprint").map_or(item.span, |node| node.span),
        is_used: false,
    })
}
