//! Answers that are not as the contract says, read as they are meant.

use super::generated::types;
use super::{answer, asked, header};

#[test]
fn choices_are_read_exactly_first_and_then_as_they_are_meant() {
    use types::{
        GetPriceResponse, GetPriceResponseEither as Either, GetPriceResponseTotal as Total,
    };
    let read = |rest: &str| {
        let json = format!(r#"{{"code":"EUR","amount":1,"count":1,"kind":"price",{rest}}}"#);
        sdk_runtime::from_json::<GetPriceResponse>(json.as_bytes())
    };
    let total = |json: &str| read(&format!(r#""total":{json}"#)).map(|price| price.total.unwrap());
    let either =
        |json: &str| read(&format!(r#""either":{json}"#)).map(|price| price.either.unwrap());
    assert!(matches!(either(r#""abc""#), Ok(Either::Mark(text)) if *text == "abc"));
    assert!(matches!(either(r#""ab""#), Ok(Either::Sign(text)) if *text == "ab"));
    // Neither so short nor a number is described.
    assert!(matches!(either(r#""a""#), Ok(Either::Mark(text)) if *text == "a"));
    assert!(matches!(either("17"), Ok(Either::Mark(text)) if *text == "17"));
    // What the contract forbids, and a number that came as a text.
    assert!(matches!(total(r#"{"net":1.5}"#), Ok(Total::Net(net)) if net.net == 1.5));
    let gross = total(r#"{"gross":"1.5","new":1,"either":"ab"}"#);
    assert!(
        matches!(&gross, Ok(Total::Gross(gross)) if gross.gross == 1.5
            && matches!(gross.either, Some(types::GrossEither::Sign(_)))),
        "{gross:?}"
    );
    // What is not described is kept, and is written as it was; but not of texts and numbers alone.
    for json in [r#"{"other":1}"#, r#"{"gross":1.5,"either":[]}"#, "[null]"] {
        let unknown = total(json);
        assert!(matches!(&unknown, Ok(Total::Unknown(_))), "{unknown:?}");
        assert_eq!(serde_json::to_string(&unknown.unwrap()).unwrap(), json);
    }
    assert_eq!(
        either("[]").unwrap_err().to_string(),
        "does not fit the contract at `/either`: it is none of the values that the contract gives"
    );
}

#[tokio::test]
async fn an_answer_may_be_a_value_that_is_not_listed() {
    let (client, request) = answer("200", "application/vnd.mood+json", r#""fair""#).await;
    let mood = client.get_mood().await.unwrap().into_inner();
    let (head, _) = asked(request).await;
    assert_eq!(header(&head, "accept"), Some("application/vnd.mood+json"));
    assert_eq!(mood, types::GetMoodResponse::Unknown("fair".into()));
}

#[tokio::test]
async fn an_answer_is_read_as_what_is_clearly_meant() {
    let body = r#"{"code": "e", "amount": "99.99", "count": "0", "kind": "offer", "either": "s1"}"#;
    let (client, _) = answer("200 OK", "application/json", body).await;
    let price = client.get_price().await.unwrap().into_inner();
    let said = serde_json::json!(
        {"code": "e", "amount": 99.99, "count": 0, "kind": "offer", "either": "s1"}
    );
    assert_eq!(serde_json::to_value(&price).unwrap(), said);
    // What tells alternatives apart is looked at.
    assert!(matches!(
        price.either,
        Some(types::GetPriceResponseEither::Sign(_))
    ));
    // What a caller makes is checked.
    assert!("e".parse::<types::Code>().is_err() && "EUR".parse::<types::Code>().is_ok());
    for (name, is_name) in [("Élan\u{1F600}", true), ("élan", false), ("p{L}", false)] {
        assert_eq!(name.parse::<types::Name>().is_ok(), is_name, "{name}");
    }
    assert!("a-1".parse::<types::Dashed>().is_ok() && "a1".parse::<types::Dashed>().is_err());

    let body = r#"{"code": "EUR", "amount": "much", "count": 1, "kind": "price"}"#;
    let (client, _) = answer("200 OK", "application/json", body).await;
    let error = client.get_price().await.unwrap_err().to_string();
    assert!(error.contains("at `/amount`: expected f64"), "{error}");
    assert!(!error.contains("much"), "{error}");
}
