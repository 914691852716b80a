//! Requests are answered as Prism answers them, or there is a reason. The table runs without Prism.

use sandbox::Sandbox;

#[path = "../../benches/parity/table.rs"]
mod table;

use crate::send;
use table::{Rows, found, read};

#[tokio::test]
async fn requests_are_answered_as_prism_answers_them() {
    let all = read();
    let rows = || all.iter().flat_map(|rows| &rows.requests);
    let wrong = rows().filter(|row| row.prism.0 >= 400).count();
    assert!(rows().count() >= 60 && wrong >= 40, "{wrong}");
    assert!(rows().all(|row| row.ours.is_some() != row.reason.is_empty()));
    for Rows { document, requests } in &all {
        let Some(path) = found(document) else {
            println!("SKIPPED {document}: it is not there");
            continue;
        };
        let builder = Sandbox::from_path(&path).unwrap();
        let sandbox = builder.stateless().start().await.unwrap();
        for row in requests {
            let headers: Vec<(&str, &str)> = row
                .headers
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_str()))
                .collect();
            let url = format!("{}{}", sandbox.url(), row.path);
            let body = row.body.as_deref().unwrap_or_default();
            let answer = send(&url, &row.method, &headers, body).await;
            let given = (answer.status, answer.media_type());
            assert_eq!(given, *row.expected(), "{document}: {}", row.name);
        }
    }
}
