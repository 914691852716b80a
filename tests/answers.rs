//! Answers in the shapes that the API took over the years, as its release notes tell,
//! read by today's client.

use std::fs;

use callbell::types::CreateContactRequest;
use callbell::types::Source;
use callbell::{ApiKey, Client};
use callbell_sandbox::{Fault, Sandbox};

use crate::pin;

#[tokio::test]
async fn recorded_answers_are_read_as_pinned() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::builder(&ApiKey::new("KEY").unwrap()).base_url(sandbox.url());
    let client = client.build().unwrap();
    let request = CreateContactRequest::new("1", "John Doe", Source::Whatsapp);
    let mut seen = Vec::new();
    for (name, path) in pin::fixtures("answers") {
        let answer = fs::read(path).unwrap();
        sandbox.fail([Fault::page(200, "application/json", answer)]);
        let created = client.create_contact(&request).await;
        let created = created.unwrap_or_else(|error| panic!("{name}: {error}"));
        seen.push((name, format!("{:#?}\n", created.contact)));
    }
    pin::all("answers", seen);
}
