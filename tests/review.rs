//! The review as its readers see it: the history of the API, replayed as pull
//! requests, and what must hold of every report.

use std::fs;

use contract::report::Style;
use contract::{Document, Source};
use review::Bump;
use review::report;
use review::{Approvals, DocumentReview, Options, Review, Side, State, review, review_alone};

use crate::pin;

const TODAY: &str = "2026-11-21";
const NAME: &str = "openapi/callbell.yaml";

const OPTIONS: Options<'_> = Options {
    today: TODAY,
    wire_only: false,
    needs_approval: Some(diff::Verdict::Breaking),
    gate: &contract::lint::gate,
    generate: &codegen::generate,
};

fn side(text: &str) -> Side {
    Side {
        document: Document::parse(Source::new(NAME, text)),
        crate_version: Some("0.1.0".to_owned()),
        committed: None,
        translations: Vec::new(),
    }
}

fn reviewed(old: &str, new: &str, approvals: &mut Approvals) -> DocumentReview {
    review(side(old), side(new), State::Changed, approvals, OPTIONS)
}

fn whole(documents: Vec<DocumentReview>, approvals: &Approvals) -> Review {
    Review {
        base: "merge-base with origin/main (1a2b3c4)".to_owned(),
        head: "work tree".to_owned(),
        documents,
        approvals: approvals.problems(),
    }
}

pub(crate) fn of(old: &str, new: &str) -> Review {
    let mut approvals = Approvals::default();
    let document = reviewed(old, new, &mut approvals);
    whole(vec![document], &approvals)
}

/// A report as text.
pub(crate) fn text(write: impl Fn(&mut dyn std::io::Write) -> std::io::Result<()>) -> String {
    let mut out = Vec::new();
    write(&mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn terminal(review: &Review) -> String {
    text(|out| report::terminal(out, Style::Plain, review, &hints()))
}

fn markdown(review: &Review) -> String {
    text(|out| report::markdown(out, review, &hints()))
}

/// The versions of the contract from 2022 on: name, text before, text after.
pub(crate) fn history() -> Vec<(String, String, String)> {
    let mut fixtures = pin::fixtures("review").into_iter();
    let (_, first) = fixtures.next().unwrap();
    let mut text = fs::read_to_string(first).unwrap();
    let mut steps = Vec::new();
    for (name, path) in fixtures {
        let patch = fs::read_to_string(path).unwrap();
        let new = diffy::apply(&text, &diffy::Patch::from_str(&patch).unwrap()).unwrap();
        steps.push((name, text, new.clone()));
        text = new;
    }
    assert_eq!(steps.len(), 10);
    steps
}

#[test]
fn the_history_is_told_as_pinned() {
    let mut texts = Vec::new();
    for (name, old, new) in history() {
        let review = of(&old, &new);
        assert!(review.generates(), "{name}");
        texts.push((name, markdown(&review)));
    }
    pin::all("review", texts);
}

/// One edit of the history in every form of a report.
#[test]
fn a_report_has_the_forms_that_are_pinned() {
    let (_, old, new) = history()
        .into_iter()
        .find(|(name, ..)| name == "2026-03")
        .unwrap();
    let review = of(&old, &new);
    let (_, old, new) = history()
        .into_iter()
        .find(|(name, ..)| name == "2025-01")
        .unwrap();
    let small = of(&old, &new);
    pin::all(
        "report",
        [
            ("terminal".to_owned(), terminal(&review)),
            (
                "github".to_owned(),
                text(|out| report::github(out, &review)),
            ),
            (
                "changelog".to_owned(),
                text(|out| report::changelog(out, &review)),
            ),
            ("json".to_owned(), text(|out| report::json(out, &small))),
            ("json-schema".to_owned(), json_schema()),
        ],
    );
}

fn json_schema() -> String {
    let schema = schemars::schema_for!(Review);
    format!("{:#}\n", schema.to_value())
}

#[test]
fn the_json_is_what_its_schema_says() {
    let schema = schemars::schema_for!(Review).to_value();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for (name, old, new) in history() {
        let json = text(|out| report::json(out, &of(&old, &new)));
        let value = serde_json::from_str(&json).unwrap();
        let errors: Vec<_> = validator
            .iter_errors(&value)
            .map(|e| e.to_string())
            .collect();
        assert!(errors.is_empty(), "{name}: {errors:?}");
    }
    assert!(!validator.is_valid(&serde_json::json!({"documents": 1})));
}

/// A document whose operations all answer with one schema.
fn wide(operations: usize, properties: &str) -> String {
    let mut text = String::from(
        "openapi: 3.0.3\ninfo: {title: Wide, version: 1.0.0}\nservers: [{url: https://example.com}]\npaths:\n",
    );
    for n in 0..operations {
        text.push_str(&format!(
            "  /things{n}:\n    get:\n      operationId: getThing{n}\n      responses:\n        '200':\n          description: A thing.\n          content: {{application/json: {{schema: {{$ref: '#/components/schemas/Thing'}}}}}}\n"
        ));
    }
    text.push_str(&format!(
        "components:\n  schemas:\n    Thing: {{type: object, properties: {{{properties}}}}}\n"
    ));
    text
}

#[test]
fn one_cause_is_one_block_however_many_use_it() {
    let old = wide(100, "a: {type: string}, b: {type: string}");
    let new = wide(100, "a: {type: string}");
    let review = of(&old, &new);
    let changes = &review.documents[0].changes;
    assert_eq!(changes.len(), 1);
    assert_eq!(changes[0].change.title, "`Thing.b` was removed");
    assert_eq!(changes[0].change.used_by.len(), 100);
    let text = terminal(&review);
    assert_eq!(
        text.matches("risky: `Thing.b` was removed").count(),
        1,
        "{text}"
    );
    assert!(
        text.contains("used by `GET /things0`, `GET /things1`, `GET /things2` and 97 more"),
        "{text}"
    );
}

#[test]
fn the_order_of_the_upgrade_follows_from_both_ways() {
    use review::Rollout;
    let with = |property: &str| wide(1, property);
    let plain = with("a: {type: string}");
    let required = plain.replace("{type: object,", "{type: object, required: [a],");
    for (old, new, expected) in [
        (
            &plain,
            &with("a: {type: string}, b: {type: string}"),
            Rollout::AnyOrder,
        ),
        (&plain, &required, Rollout::ServerFirst),
        (&required, &plain, Rollout::ClientsFirst),
        (&plain, &with("a: {type: object}"), Rollout::NoOrder),
    ] {
        let document = reviewed(old, new, &mut Approvals::default());
        assert_eq!(document.rollout, expected);
    }
}

#[test]
fn an_approval_holds_until_its_date_and_for_its_change_only() {
    let (old, new) = (wide(1, "a: {type: string}"), wide(1, "a: {type: object}"));
    let first = of(&old, &new);
    let fingerprint = first
        .unapproved()
        .next()
        .unwrap()
        .change
        .fingerprint
        .clone();
    let list = |fingerprint: &str, until: &str| {
        let entry = format!(
            "- fingerprint: {fingerprint}\n  reason: nobody reads it\n  who: maria\n  until: {until}\n"
        );
        Approvals::read(&Source::new("openapi/approvals.yaml", entry), TODAY)
    };
    let judged = |mut approvals: Approvals, old: &str, new: &str| {
        let document = reviewed(old, new, &mut approvals);
        let review = whole(vec![document], &approvals);
        let problems = review
            .approvals
            .iter()
            .map(|problem| problem.rule)
            .collect::<Vec<_>>();
        (review.unapproved().count(), problems)
    };
    let none: [&str; 0] = [];
    assert_eq!(
        judged(list(&fingerprint, TODAY), &old, &new),
        (0, none.to_vec())
    );
    assert_eq!(
        judged(list(&fingerprint, "2026-11-20"), &old, &new),
        (1, vec!["approval-expired"])
    );
    assert_eq!(
        judged(list("c0123456789abcdef", "2027-01-01"), &old, &new),
        (1, vec!["approval-unused"])
    );
    // What ran out was renewed.
    let both = |until: &str| {
        format!("- fingerprint: {fingerprint}\n  reason: r\n  who: w\n  until: {until}\n")
    };
    let renewed = both("2026-01-01") + &both("2027-01-01");
    let renewed = Approvals::read(&Source::new("openapi/approvals.yaml", renewed), TODAY);
    assert_eq!(judged(renewed, &old, &new), (0, vec!["approval-expired"]));
    // Another layout and other lines are the same change; another type is not.
    let moved = |text: &str| format!("# A comment.\n\n{}", text.replace("{type: ", "{ type: "));
    assert_eq!(
        judged(list(&fingerprint, TODAY), &moved(&old), &moved(&new)),
        (0, none.to_vec())
    );
    let other = new.replace("a: {type: object}", "a: {type: array}");
    assert_eq!(judged(list(&fingerprint, TODAY), &old, &other).0, 1);
}

#[test]
fn approvals_that_are_not_whole_are_told_where() {
    let list = "- fingerprint: c1\n  reason: because\n  until: soon\n- {who: maria, why: none}\n";
    let approvals = Approvals::read(&Source::new("openapi/approvals.yaml", list), TODAY);
    let problems: Vec<_> = approvals
        .problems()
        .into_iter()
        .map(|problem| {
            format!(
                "{}:{} {}",
                problem.span.line, problem.span.column, problem.message
            )
        })
        .collect();
    assert_eq!(
        problems,
        [
            "1:3 this approval lacks `who`",
            "3:10 `until` is no date such as 2026-11-21",
            "4:3 this approval lacks `fingerprint`, `reason` and `until`",
            "4:16 an approval has no `why`",
        ]
    );
    assert!(approvals.problems().iter().all(|problem| problem.is_error));
    let empty = Approvals::read(&Source::new("a", "# none yet\n"), TODAY);
    assert!(empty.problems().is_empty());
}

#[test]
fn a_document_of_one_side_is_all_new_or_all_gone() {
    let text = wide(2, "a: {type: string}");
    let mut approvals = Approvals::default();
    let gone = review_alone(side(&text), State::Removed, &mut approvals, OPTIONS);
    let come = review_alone(side(&text), State::Added, &mut approvals, OPTIONS);
    let titles = |document: &DocumentReview| -> Vec<String> {
        let changes = document.changes.iter();
        changes
            .map(|r| format!("{}: {}", r.change.verdict, r.change.title))
            .collect()
    };
    assert_eq!(
        titles(&gone),
        [
            "breaking: `GET /things0` was removed",
            "breaking: `GET /things1` was removed"
        ]
    );
    assert_eq!(
        titles(&come),
        [
            "compatible: `GET /things0` is new",
            "compatible: `GET /things1` is new"
        ]
    );
    assert_eq!(gone.package.unwrap().bump, Bump::Major);
}

/// The generator's own changes are not blamed on the contract.
#[test]
fn what_only_the_generator_changed_is_told_apart() {
    let text = wide(1, "a: {type: string}");
    let mut old = side(&text);
    old.committed = Some("pub mod types { pub struct Thing { pub a: String } }".to_owned());
    let document = review(
        old,
        side(&text),
        State::Changed,
        &mut Approvals::default(),
        OPTIONS,
    );
    assert!(document.changes.is_empty());
    let package = document.package.as_ref().unwrap();
    assert!(package.uncaused.is_empty());
    let items: Vec<_> = package
        .generator
        .iter()
        .map(|effect| effect.item.as_str())
        .collect();
    assert!(items.contains(&"Thing.a"), "{items:?}");
    assert_eq!(package.bump, Bump::Major);
    let approvals = Approvals::default();
    let report = terminal(&whole(vec![document], &approvals));
    assert!(
        report.starts_with("the contract did not change, but what is generated from it did"),
        "{report}"
    );
}

/// What reports tell a reader of this workspace to do next.
pub(crate) fn hints() -> report::Hints {
    report::Hints {
        command: "cargo xtask".to_owned(),
        approvals: "openapi/approvals.yaml".to_owned(),
        snapshots: Some("tests/snapshots".to_owned()),
    }
}

#[test]
fn a_document_with_many_errors_has_a_report_that_can_be_read() {
    let schemas: String = (0..150)
        .map(|n| format!("    A{n}: {{$ref: '#/components/schemas/None{n}'}}\n"))
        .collect();
    let new = format!(
        "openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\npaths: {{}}\n\
         components:\n  schemas:\n{schemas}"
    );
    let old = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths: {}\n";
    let told = terminal(&of(old, &new));
    assert!(
        told.starts_with("the new contract does not generate: 150 errors\n"),
        "{told}"
    );
    assert!(told.contains("and 50 errors more"), "{told}");
    assert_eq!(
        told.matches("the new document does not generate").count(),
        100
    );
}
