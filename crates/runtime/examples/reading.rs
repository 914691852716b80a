//! What it costs to read responses as they are meant: `cargo run --release -p sdk-runtime --example
//! reading`. serde_json alone, with the same types and serde's own reader of choices, is the peer.
//! Each figure is the least of all rounds.

// What is read is not looked at: reading it is what is measured.
#![allow(dead_code)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use sdk_runtime::choice;
use sdk_runtime::from_json;
use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};

const ROUNDS: usize = 15;

#[derive(Deserialize)]
struct Contact<C> {
    uuid: String,
    name: String,
    score: f64,
    visits: i64,
    active: bool,
    tags: Vec<String>,
    either: Option<C>,
}

#[derive(Deserialize)]
struct Net {
    net: f64,
}

#[derive(Deserialize)]
struct Gross {
    gross: f64,
    tax: f64,
}

/// A choice as serde reads it.
#[derive(Deserialize)]
#[serde(untagged)]
enum Exact {
    Net(Net),
    Gross(Gross),
}

/// The same as generated code reads it.
enum Meant {
    Net(Net),
    Gross(Gross),
}

impl<'de> Deserialize<'de> for Meant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        choice::read(deserializer, |given| {
            given.read(Self::Net)?;
            given.read(Self::Gross)
        })
    }
}

/// A response of so many contacts.
fn response(contacts: usize, has_choice: bool, has_texts: bool) -> Vec<u8> {
    let contact = |n: usize| {
        let mut contact = json!({
            "uuid": format!("{n:032x}"), "name": "Ann Example", "score": 0.5, "visits": n,
            "active": true, "tags": ["one", "two", "three"],
        });
        if has_choice {
            contact["either"] = match n % 2 {
                0 => json!({"net": 1.5}),
                _ => json!({"gross": 2.5, "tax": 0.19}),
            };
        }
        if has_texts {
            contact["score"] = "0.5".into();
        }
        contact
    };
    let contacts: Vec<Value> = (0..contacts).map(contact).collect();
    serde_json::to_vec(&contacts).unwrap_or_default()
}

/// The least time that it takes.
fn least(mut read: impl FnMut() -> usize) -> Duration {
    let time = |_| {
        let start = Instant::now();
        black_box(read());
        start.elapsed()
    };
    (0..ROUNDS).map(time).min().unwrap_or_default()
}

fn exactly<C: for<'de> Deserialize<'de>>(json: &[u8]) -> usize {
    serde_json::from_slice::<Vec<Contact<C>>>(json).map_or(0, |all| all.len())
}

fn as_meant<C: for<'de> Deserialize<'de>>(json: &[u8]) -> usize {
    from_json::<Vec<Contact<C>>>(json).map_or(0, |all| all.len())
}

fn main() {
    println!("contacts  bytes     what fits         exactly    as meant   ratio");
    for contacts in [1_000, 10_000, 100_000] {
        for (what, has_choice, has_texts) in [
            ("all", false, false),
            ("all, a choice", true, false),
            ("not all", false, true),
        ] {
            let json = response(contacts, has_choice, has_texts);
            // What does not fit is no answer for the peer: it reads one of the same size that does.
            let fits = response(contacts, has_choice, false);
            assert_eq!(as_meant::<Meant>(&json), contacts);
            let exact = least(|| exactly::<Exact>(&fits));
            let meant = least(|| as_meant::<Meant>(&json));
            let ratio = meant.as_secs_f64() / exact.as_secs_f64();
            println!(
                "{contacts:8}  {:8}  {what:14} {:8.2} ms {:8.2} ms  {ratio:6.3}",
                json.len(),
                exact.as_secs_f64() * 1e3,
                meant.as_secs_f64() * 1e3
            );
        }
    }
}
