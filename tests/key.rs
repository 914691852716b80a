//! The key forgives what people paste, and never shows itself.

use callbell::types::{CreateContactRequest, Source};
use callbell::{ApiKey, Client, InvalidKey};
use callbell_sandbox::Sandbox;

#[tokio::test]
async fn a_pasted_key_is_sent_once_prefixed() {
    let pasted = [
        "KEY",
        " KEY\n",
        "Bearer KEY",
        "bearer  KEY ",
        "Bearer Bearer KEY",
        "BEARER\tKEY",
    ];
    let sandbox = Sandbox::start().await.unwrap();
    let request = CreateContactRequest::new("1", "John Doe", Source::Whatsapp);
    for text in pasted {
        let client = Client::builder(&ApiKey::new(text).unwrap())
            .base_url(sandbox.url())
            .build()
            .unwrap();
        client.create_contact(&request).await.unwrap();
        let seen = sandbox.requests().pop().unwrap();
        let sent = seen
            .headers
            .iter()
            .find(|(name, _)| name == "authorization");
        assert_eq!(sent.unwrap().1, "Bearer KEY", "{text:?}");
    }
}

#[test]
fn an_empty_key_is_refused() {
    for text in ["", "  ", "Bearer", "Bearer ", " bearer bearer "] {
        assert_eq!(
            ApiKey::new(text).unwrap_err(),
            InvalidKey::Empty,
            "{text:?}"
        );
    }
}

#[test]
fn an_unsendable_key_is_refused_without_being_shown() {
    for (text, position) in [
        ("SEC RET", 4),
        ("SECRÈT", 5),
        ("Bearer SEC\nRET", 4),
        ("\u{0}", 1),
    ] {
        let error = ApiKey::new(text).unwrap_err();
        assert_eq!(error, InvalidKey::Unsendable { position }, "{text:?}");
        assert!(!format!("{error} {error:?}").contains("SEC"));
    }
}

#[test]
fn a_key_that_begins_like_the_prefix_is_a_key() {
    assert!(ApiKey::new("Bearerish").is_ok());
    assert!(ApiKey::new("Bear").is_ok());
}

#[test]
fn debug_shows_no_key() {
    let key = ApiKey::new("SECRET").unwrap();
    let client = Client::builder(&key)
        .base_url("http://127.0.0.1:1/v1")
        .build()
        .unwrap();
    let shown = format!("{key:?} {key:#?} {client:?} {client:#?}");
    assert!(!shown.contains("SECRET"), "{shown}");
}
