//! What the workspace promises, pinned. `snapshots/` has a folder for each kind
//! of pin, and a file for each thing that a reviewer can recognise by name.
#![allow(clippy::unwrap_used)]

mod account;
mod answers;
mod bundle;
mod calls;
mod client;
mod clients;
mod constructs;
mod credentials;
mod documentation;
mod events;

mod examples;
mod explanations;
mod faults;
mod forms;
mod generated;
mod growth;
mod headers;
mod input;
mod intermediaries;
mod key;
mod limits;
mod mutations;
mod names;
mod pages;
mod peer;
mod pin;
mod proxies;
mod reading;
mod review;
mod schemas;
mod server;
#[path = "../crates/callbell-sandbox/examples/soak/soak.rs"]
mod soak;
mod strangers;
mod strict;
mod styles;
mod traces;

#[tokio::test]
async fn both_ends_agree_on_what_was_created() {
    let summary = soak::soak(2_000, 1, |_| {}).await.unwrap();
    assert_eq!(summary.contradictions, Vec::<String>::new());
    // Every kind of end was seen.
    assert!(
        summary.acknowledged > 1_000 && summary.not_processed > 50,
        "{summary}"
    );
    assert!(summary.unknown > summary.unknown_but_created, "{summary}");
    assert!(summary.unknown_but_created > 50, "{summary}");
}
