//! What an account has, and what contacts may therefore name.

use callbell::types::{CreateContactRequest, Source};
use callbell::{ApiKey, Client};
use callbell_sandbox::{Account, Builder, Duplicates, Error, Sandbox};

async fn started(builder: Builder) -> (Sandbox, Client) {
    let sandbox = builder.start().await.unwrap();
    let key = ApiKey::new("YOUR_API_KEY").unwrap();
    let client = Client::builder(&key)
        .base_url(sandbox.url())
        .build()
        .unwrap();
    (sandbox, client)
}

fn john() -> CreateContactRequest {
    CreateContactRequest::new("123456789", "John Doe", Source::Whatsapp)
}

fn file(name: &str, text: &str) -> Result<Account, Error> {
    let path = std::env::temp_dir().join(format!("account-{}-{name}", std::process::id()));
    std::fs::write(&path, text).unwrap();
    let account = Account::read(&path);
    std::fs::remove_file(&path).unwrap();
    account
}

#[tokio::test]
async fn what_an_account_does_not_have_cannot_be_named() {
    let builder = Sandbox::builder()
        .tag("Interested")
        .custom_field("Billing Address")
        .user("agent@example.com")
        .team("0123456789abcdef0123456789abcdef");
    let (sandbox, client) = started(builder).await;
    let known = john()
        .tags(["Interested"])
        .custom_fields([("Billing Address", "Main Street 1")])
        .assigned_user("agent@example.com")
        .team_uuid("0123456789abcdef0123456789abcdef");
    let contact = client.create_contact(&known).await.unwrap().contact.clone();
    assert_eq!(contact.assigned_user.as_deref(), Some("agent@example.com"));
    assert_eq!(contact.tags, ["Interested"]);
    for (request, why) in [
        (
            john().tags(["Interested", "Lost", "Found"]),
            "the account has no tags `Lost` or `Found`",
        ),
        (
            john().custom_fields([("Size", "9")]),
            "the account has no custom field `Size`",
        ),
        (
            john().assigned_user("nobody@example.com"),
            "the account has no user `nobody@example.com`",
        ),
        (john().team_uuid("0"), "the account has no team `0`"),
        (
            john().tags(["Lost"]).team_uuid("0"),
            "the account has no tag `Lost`, no team `0`",
        ),
    ] {
        let error = client.create_contact(&request).await.unwrap_err();
        let status = error.status().map(|status| status.as_u16());
        assert_eq!(status, Some(422), "{error}");
        let body = String::from_utf8_lossy(error.body());
        assert!(body.contains(why), "{body}");
    }
    assert_eq!(sandbox.members("/contacts").len(), 1);
}

#[tokio::test]
async fn without_an_account_there_is_whatever_is_named() {
    let (_sandbox, client) = started(Sandbox::builder()).await;
    let named = john().tags(["Any"]).assigned_user("anybody@example.com");
    client.create_contact(&named).await.unwrap();
    // One that has nothing is another thing.
    let (_sandbox, client) = started(Sandbox::builder().account(Account::default())).await;
    client.create_contact(&named).await.unwrap_err();
    client.create_contact(&john()).await.unwrap();
}

#[tokio::test]
async fn only_contacts_from_whatsapp_have_the_phone_number_that_was_sent() {
    let (_sandbox, client) = started(Sandbox::builder()).await;
    let whatsapp = CreateContactRequest::new("5550100", "John", Source::Whatsapp);
    let contact = client
        .create_contact(&whatsapp)
        .await
        .unwrap()
        .contact
        .clone();
    assert_eq!(contact.phone_number.as_deref(), Some("5550100"));
    let telegram = CreateContactRequest::new("5550100", "John", Source::Telegram);
    let contact = client
        .create_contact(&telegram)
        .await
        .unwrap()
        .contact
        .clone();
    assert_eq!(contact.phone_number, None);
}

#[tokio::test]
async fn the_same_contact_twice_is_as_the_account_says() {
    let (sandbox, client) = started(Sandbox::builder()).await;
    let first = client
        .create_contact(&john())
        .await
        .unwrap()
        .contact
        .clone();
    let second = client
        .create_contact(&john())
        .await
        .unwrap()
        .contact
        .clone();
    assert_ne!(first.uuid, second.uuid);
    assert_eq!(sandbox.members("/contacts").len(), 2);

    let (sandbox, client) = started(Sandbox::builder().duplicates(Duplicates::Return)).await;
    let first = client
        .create_contact(&john())
        .await
        .unwrap()
        .contact
        .clone();
    let second = client
        .create_contact(&john().tags(["New"]))
        .await
        .unwrap()
        .contact
        .clone();
    assert_eq!((first.uuid, first.tags), (second.uuid, second.tags));
    assert_eq!(sandbox.members("/contacts").len(), 1);

    let (sandbox, client) = started(Sandbox::builder().duplicates(Duplicates::Refuse)).await;
    client.create_contact(&john()).await.unwrap();
    let error = client.create_contact(&john()).await.unwrap_err();
    let body = String::from_utf8_lossy(error.body());
    let why = "there is one with the same `source` and `identifier` already";
    assert!(body.contains(why), "{body}");
    assert_eq!(error.status().map(|status| status.as_u16()), Some(409));
    // The same identifier of another channel is somebody else.
    let other = CreateContactRequest::new("123456789", "John Doe", Source::Telegram);
    client.create_contact(&other).await.unwrap();
    assert_eq!(sandbox.members("/contacts").len(), 2);
}

#[test]
fn a_file_says_what_an_account_has() {
    let text = "users: [agent@example.com]\ntags: [Call back]\nduplicates: refuse\n";
    let account = file("good", text).unwrap();
    assert!(account.users.contains("agent@example.com") && account.tags.contains("Call back"));
    assert_eq!(account.duplicates, Duplicates::Refuse);
    let text = "users: [agent]\ntag: [Call back]\ntags:\n  - 7\nduplicates: never\n";
    let Err(Error::Seed(found)) = file("bad", text) else {
        panic!("it is read");
    };
    let told = found.findings.iter().map(|finding| {
        let span = finding.span;
        format!("{}:{}: {}", span.line, span.column, finding.message)
    });
    insta::assert_snapshot!(told.collect::<Vec<_>>().join("\n"));
}
