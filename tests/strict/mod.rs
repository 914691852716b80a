//! Responses read to the letter, as whoever tests a server asks for by `reads = "strict"`.

use std::sync::Arc;

use generated::types::{GetPriceError, Price, PriceState};
use generated::webhooks::Event;
use generated::{Builder, Client, ErrorKind};

use crate::server::{Said, server};

#[rustfmt::skip]
#[allow(unreachable_pub, dead_code, unused_imports)]
mod generated;

/// What the contract describes.
const PRICE: &str = r#"{"code":"EUR","amount":1.5,"kind":"price","note":null,"state":"new"}"#;

/// What it does not, and where a client is told so; others read all of these.
const OTHERS: [(&str, &str, &str); 6] = [
    ("1.5", r#""1.5""#, "at `/amount`"),
    ("EUR", "E", "at `/code`"),
    (r#""price""#, r#""offer""#, "at `/kind`"),
    (r#","note":null"#, "", "`note` is missing"),
    (r#""state""#, r#""more":1,"state""#, "none of the values"),
    ("null", r#"null,"either":"7""#, "at `/either`"),
];

async fn client(status: u16, media_type: &str, body: &str) -> Client {
    let headers = format!("content-type: {media_type}\r\n");
    let body = body.to_owned();
    let answer = move |_: &str, _: &str| Said {
        status,
        headers: headers.clone(),
        body: body.clone(),
    };
    let (url, _) = server(Arc::new(answer)).await;
    Builder::new().base_url(&url).build().unwrap()
}

async fn price(body: &str) -> Result<Price, generated::Error<GetPriceError>> {
    let client = client(200, "application/json", body).await;
    let price = client.get_price().await?;
    Ok(price.into_inner())
}

#[tokio::test]
async fn what_the_contract_does_not_describe_fails() {
    assert!(price(PRICE).await.is_ok());
    for (described, answered, place) in OTHERS {
        let body = PRICE.replace(described, answered);
        let error = price(&body).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UnreadableAnswer);
        let words = error.to_string();
        assert!(words.contains(place), "{body}: {words}");
    }
    // A list that gains a value breaks nobody.
    let gained = price(&PRICE.replace("new", "newer")).await.unwrap();
    assert!(matches!(gained.state, Some(PriceState::Unknown(state)) if state == "newer"));
}

#[tokio::test]
async fn nor_is_it_read_from_refusals_streams_and_events() {
    let other = PRICE.replace("1.5", r#""1.5""#);
    for (body, is_read) in [(PRICE, true), (&*other, false)] {
        let refuses = client(404, "application/json", body).await;
        let error = refuses.get_price().await.unwrap_err();
        assert_eq!(error.refusal().is_some(), is_read, "{error}");

        let lists = client(200, "application/jsonl", &format!("{body}\n")).await;
        let mut prices = lists.list_prices().await.unwrap().into_inner();
        assert_eq!(prices.next().await.unwrap().is_ok(), is_read);

        let tells = client(200, "text/event-stream", &format!("data: {body}\n\n")).await;
        let mut prices = tells.watch_prices().await.unwrap().into_inner();
        assert_eq!(prices.next().await.unwrap().is_ok(), is_read);

        let event = Event::parse(&reqwest::header::HeaderMap::new(), body.as_bytes());
        assert_eq!(matches!(event, Ok(Event::Changed(_))), is_read);
    }
}
