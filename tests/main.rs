//! What the workspace promises, pinned. `snapshots/` has a folder for each kind
//! of pin, and a file for each thing that a reviewer can recognise by name.
#![allow(clippy::unwrap_used)]

mod answers;
mod client;
mod diff;
mod examples;
mod faults;
mod generated;
mod http;
mod input;
mod key;
mod limits;
mod lint;
mod peer;
mod pin;
mod review;
mod sandbox;
mod schemas;
mod traces;
