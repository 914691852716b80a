//! Pages over the wire: every way to ask for the next one, with what can go wrong between them.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use generated::{Builder, Client, ErrorKind, Items, Pages, Retry};
use serde_json::{Value, json};
use tokio::sync::mpsc::UnboundedReceiver;

use crate::server::{Said, server};

mod loose;

#[rustfmt::skip]
#[allow(unreachable_pub, dead_code, unused_imports)]
mod generated;

use generated::types::{Filters, FiltersFiltersItem, Pet, Search, SearchPage};

/// So many there are, three to a page.
const PETS: u64 = 7;

/// Every operation that has pages, with how often a walk through all of them asks.
const WALKS: [(&str, usize); 10] = [
    ("list_pets", 3),
    ("list_numbered", 3),
    // Nothing says how many there are: the last page is empty.
    ("list_by_offset", 4),
    ("list_by_last", 3),
    ("list_linked", 3),
    ("list_headed", 3),
    ("search_pets", 3),
    ("filter_pets", 3),
    ("list_dropshot", 3),
    ("list_speakeasy", 3),
];

/// What is asked for in a query, if anything.
fn asked(head: &str, name: &str) -> Option<u64> {
    let (_, query) = head.split(' ').nth(1)?.split_once('?')?;
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let (_, value) = pairs.find(|(known, _)| *known == name)?;
    Some(value.trim_start_matches('c').parse().unwrap())
}

/// An account that keeps its contract: what comes after so many pets.
fn page(head: &str, body: &str) -> Said {
    let path = head.split(' ').nth(1).unwrap();
    let (_, path) = path.split_once("/v1").unwrap();
    let path = path.split('?').next().unwrap();
    let before = match path {
        "/numbered" => asked(head, "page%5Bnumber%5D").map(|page| page * 3),
        "/offset" => asked(head, "offset"),
        "/last" => asked(head, "starting_after"),
        "/linked" | "/headed" => asked(head, "from"),
        "/dropshot" => asked(head, "page_token"),
        "/search" => {
            let body: Value = serde_json::from_str(body).unwrap();
            assert_eq!(body["words"], "blue", "the rest of the body stays");
            body["page"]["after"].as_u64()
        }
        "/filtered" => {
            let body: Value = serde_json::from_str(body).unwrap();
            let [filter, other] = body["filters"].as_array().unwrap().as_slice() else {
                panic!("a list stays a list: {body}");
            };
            assert_eq!(
                (&filter["kind"], &other["kind"]),
                (&"cat".into(), &"dog".into())
            );
            filter["page"].as_u64().map(|page| page * 3)
        }
        _ => asked(head, "after"),
    };
    let before = before.unwrap_or(0);
    let pets = before + 1..=PETS.min(before + 3);
    let pets: Vec<_> = pets
        .map(|id| json!({"id": id, "name": format!("Pet {id}")}))
        .collect();
    let next = (before + 3 < PETS).then_some(before + 3);
    let link = next.map(|next| format!("../v1{path}?from={next}"));
    let headers = match (&link, path) {
        (Some(link), "/headed") => {
            format!("Link: </v1/headed?from=0>; rel=first\r\nlink: <{link}>; rel=\"next\"\r\n")
        }
        _ => String::new(),
    };
    let cursor = next.map(|next| format!("c{next}"));
    let body = match path {
        "/offset" | "/headed" => json!(pets),
        "/search" => json!({"found": {"pets": pets}, "meta": {"next": next}}),
        "/dropshot" => json!({"items": pets, "next_page": cursor}),
        _ => json!({
            "data": pets,
            "pages": 3,
            "has_more": next.is_some(),
            "meta": {"next": cursor},
            "links": {"next": link},
        }),
    };
    Said {
        status: 200,
        headers,
        body: body.to_string(),
    }
}

type Fault = fn(number: usize, Said) -> Said;

/// A client of the account, in which something happens to the responses.
async fn account(fault: Fault) -> (Client, UnboundedReceiver<String>) {
    let number = AtomicUsize::new(0);
    let answer = move |head: &str, body: &str| {
        let number = number.fetch_add(1, Ordering::Relaxed) + 1;
        fault(number, page(head, body))
    };
    let (url, requests) = server(Arc::new(answer)).await;
    let client = Builder::new().base_url(&url).retry(Retry::never()).build();
    (client.unwrap(), requests)
}

/// How a walk went: the pets by their numbers, and the error that ended it.
#[derive(Debug, PartialEq)]
struct Walked {
    pets: Vec<i64>,
    error: Option<(Option<u64>, String)>,
}

async fn taken<T: 'static, E: 'static>(mut items: Items<Pet, T, E>) -> Walked {
    let mut walked = Walked {
        pets: Vec::new(),
        error: None,
    };
    while let Some(item) = items.next().await {
        assert_eq!(walked.error, None, "an error ends it");
        match item {
            Ok(pet) => walked.pets.push(pet.id),
            Err(error) => walked.error = Some((error.page(), error.to_string())),
        }
    }
    assert!(items.next().await.is_none(), "what ended has ended");
    walked
}

fn filters(kinds: &[&str]) -> Filters {
    let filters = kinds
        .iter()
        .map(|kind| FiltersFiltersItem::new().kind(*kind));
    Filters::new().filters(filters)
}

async fn walk(client: &Client, operation: &str) -> Walked {
    let mut search = Search::default().words("blue");
    search.page = Some(SearchPage::default());
    match operation {
        "list_pets" => taken(client.list_pets().kind("cat").items()).await,
        "list_numbered" => taken(client.list_numbered().items()).await,
        "list_by_offset" => taken(client.list_by_offset().items()).await,
        "list_by_last" => taken(client.list_by_last().items()).await,
        "list_linked" => taken(client.list_linked().items()).await,
        "list_headed" => taken(client.list_headed().items()).await,
        "search_pets" => taken(client.search_pets(&search).items()).await,
        "filter_pets" => taken(client.filter_pets(&filters(&["cat", "dog"])).items()).await,
        "list_dropshot" => taken(client.list_dropshot().items()).await,
        "list_speakeasy" => taken(client.list_speakeasy().items()).await,
        _ => unreachable!("`{operation}` is in no table"),
    }
}

fn seen(requests: &mut UnboundedReceiver<String>) -> Vec<String> {
    let seen = std::iter::from_fn(|| requests.try_recv().ok());
    seen.collect()
}

#[tokio::test]
async fn every_item_of_every_page_is_there_once() {
    for (operation, times) in WALKS {
        let (client, mut requests) = account(|_, said| said).await;
        let walked = walk(&client, operation).await;
        assert_eq!(walked.error, None, "{operation}");
        assert_eq!(walked.pets, [1, 2, 3, 4, 5, 6, 7], "{operation}");
        let seen = seen(&mut requests);
        assert_eq!(seen.len(), times, "{operation}");
        // What was asked for beside the page stays.
        if operation == "list_pets" {
            assert!(
                seen.iter().all(|head| head.contains("kind=cat")),
                "{seen:?}"
            );
        }
    }
}

#[tokio::test]
async fn an_error_in_the_middle_ends_a_walk_and_says_at_which_page() {
    let faults: [(Fault, &str); 3] = [
        (
            |number, said| match number {
                2 => Said::from((500, "{}".to_owned())),
                _ => said,
            },
            "page 2: the server failed (500",
        ),
        (
            |number, said| match number {
                2 => Said::from((400, "{\"message\": \"no\"}".to_owned())),
                _ => said,
            },
            "page 2: the API refused the request (400",
        ),
        (
            |number, said| match number {
                2 => Said::from((200, "{\"data\": 1".to_owned())),
                _ => said,
            },
            "page 2: the response",
        ),
    ];
    for (operation, _) in WALKS {
        for (fault, wanted) in faults {
            let (client, mut requests) = account(fault).await;
            let Walked { pets, error } = walk(&client, operation).await;
            let (page, text) = error.unwrap();
            assert_eq!((page, pets), (Some(2), vec![1, 2, 3]), "{operation}");
            assert!(text.starts_with(&format!("`{operation}`: ")), "{text}");
            // A status that the contract does not describe is said so.
            let is_described = operation == "list_pets" || !wanted.contains("refused");
            assert!(!is_described || text.contains(wanted), "{text}");
            assert_eq!(seen(&mut requests).len(), 2, "{operation}");
        }
    }
}

#[tokio::test]
async fn a_page_is_asked_for_again_as_any_call_is() {
    let fault: Fault = |number, said| match number {
        2 | 4 => Said::from((503, "{}".to_owned())),
        _ => said,
    };
    for (operation, times) in WALKS {
        let (client, mut requests) = account(fault).await;
        let short = Duration::from_millis(1);
        let retry = Retry::default().backoff(short, short);
        let walked = walk(&client.with_retry(retry), operation).await;
        assert_eq!(walked.error, None, "{operation}");
        assert_eq!(walked.pets.len(), 7, "{operation}");
        assert_eq!(seen(&mut requests).len(), times + 2, "{operation}");
    }
}

#[tokio::test]
async fn nothing_is_asked_before_somebody_asks() {
    let (client, mut requests) = account(|_, said| said).await;
    let mut pages = client.list_pets().pages();
    assert_eq!(seen(&mut requests).len(), 0);
    let first = pages.next().await.unwrap().unwrap();
    assert_eq!((first.status().as_u16(), first.data.len()), (200, 3));
    assert_eq!(seen(&mut requests).len(), 1);
    let mut items = pages.items(|page| page.data);
    for left in [2, 1, 0] {
        let _ = items.next().await.unwrap().unwrap();
        let asked = usize::from(left == 2);
        assert_eq!(
            seen(&mut requests).len(),
            asked,
            "{left} are left of the page"
        );
    }
    drop(items);
    assert_eq!(seen(&mut requests).len(), 0);
}

#[tokio::test]
async fn a_walk_begins_where_its_request_stands() {
    let (client, mut requests) = account(|_, said| said).await;
    let walked = taken(client.list_numbered().page_number(1).items()).await;
    assert_eq!(walked.pets, [4, 5, 6, 7]);
    assert_eq!(seen(&mut requests).len(), 2);
    let walked = taken(client.list_by_offset().offset(5).items()).await;
    assert_eq!(walked.pets, [6, 7]);
    let walked = taken(client.list_pets().after("c6").items()).await;
    assert_eq!(walked.pets, [7]);
}

/// Every walk in which a page says of the next what was said before.
#[tokio::test]
async fn a_walk_in_a_circle_ends() {
    static FIRST: Mutex<Option<(String, String)>> = Mutex::new(None);
    // The third page is the first one again.
    let circle: Fault = |number, said| {
        let mut first = FIRST.lock().unwrap();
        match number {
            1 => *first = Some((said.headers.clone(), said.body.clone())),
            3 => {
                let (headers, body) = first.clone().unwrap();
                return Said {
                    headers,
                    body,
                    ..said
                };
            }
            _ => {}
        }
        said
    };
    for (operation, _) in WALKS {
        // Those that count do not depend on what pages say.
        if ["list_numbered", "list_by_offset", "filter_pets"].contains(&operation) {
            continue;
        }
        let (client, mut requests) = account(circle).await;
        let Walked { pets, error } = walk(&client, operation).await;
        assert_eq!(pets, [1, 2, 3, 4, 5, 6, 1, 2, 3], "{operation}");
        let (page, text) = error.unwrap();
        assert_eq!(page, Some(4), "{operation}");
        let wanted = "page 4: it cannot be asked for: its ";
        assert!(text.contains(wanted), "{text}");
        assert!(text.contains("is that of a page before it"), "{text}");
        assert_eq!(seen(&mut requests).len(), 3, "{operation}");
    }
}

#[tokio::test]
async fn each_page_has_an_idempotency_key_of_its_own() {
    let (client, mut requests) = account(|_, said| said).await;
    let walked = taken(
        client
            .filter_pets(&filters(&["cat", "dog"]))
            .idempotency_key("mine")
            .items(),
    );
    assert_eq!(walked.await.error, None);
    let keys: Vec<_> = seen(&mut requests)
        .iter()
        .flat_map(|head| {
            head.lines()
                .map(str::to_ascii_lowercase)
                .collect::<Vec<_>>()
        })
        .filter_map(|line| line.strip_prefix("idempotency-key: ").map(str::to_owned))
        .collect();
    assert_eq!((keys.len(), keys[0].as_str()), (3, "mine"));
    assert!(keys[1] != "mine" && keys[1] != keys[2], "{keys:?}");
}

/// An API that takes no notice of what is asked for, and a link that leads to the page that it is on.
#[tokio::test]
async fn a_walk_on_the_spot_ends() {
    static FIRST: Mutex<Option<String>> = Mutex::new(None);
    let again: Fault = |_, said| {
        let body = FIRST
            .lock()
            .unwrap()
            .get_or_insert(said.body.clone())
            .clone();
        Said { body, ..said }
    };
    for operation in ["list_numbered", "list_by_offset"] {
        *FIRST.lock().unwrap() = None;
        let (client, mut requests) = account(again).await;
        let Walked { pets, error } = walk(&client, operation).await;
        assert_eq!(pets, [1, 2, 3, 1, 2, 3], "{operation}");
        let (page, text) = error.unwrap();
        assert_eq!(page, Some(3), "{operation}");
        assert!(text.contains("it is the page before it again"), "{text}");
        assert_eq!(seen(&mut requests).len(), 2, "{operation}");
    }
    let fragment: Fault = |number, said| {
        let mut body: Value = serde_json::from_str(&said.body).unwrap();
        body["links"]["next"] = format!("#{number}").into();
        Said {
            body: body.to_string(),
            ..said
        }
    };
    let (client, mut requests) = account(fragment).await;
    let Walked { pets, error } = walk(&client, "list_linked").await;
    assert_eq!((pets.len(), error.unwrap().0), (3, Some(2)));
    assert_eq!(seen(&mut requests).len(), 1);
}

#[tokio::test]
async fn a_link_to_another_place_is_not_followed() {
    let (elsewhere, mut stolen) = server(Arc::new(|_, _| (200, "{}".to_owned()))).await;
    for place in [
        elsewhere.as_str(),
        "http://localhost",
        "//evil.example.com/v1",
        "/v2/linked",
        "/v10",
        "https://user@evil.example.com/",
        "data:text/plain,1",
        "http://[",
    ] {
        let link = format!("{place}?from=3&key=secret");
        let answer = move |_: &str, _: &str| Said {
            status: 200,
            headers: format!("link: <{link}>; rel=next\r\n"),
            body: json!({"data": [], "links": {"next": link}}).to_string(),
        };
        let (url, mut requests) = server(Arc::new(answer)).await;
        let client = Builder::new().base_url(&url).build().unwrap();
        let mut pages: Pages<_, _> = client.list_linked().pages();
        assert!(pages.next().await.unwrap().is_ok(), "{place}");
        let error = pages.next().await.unwrap().unwrap_err();
        let text = error.to_string();
        assert!(
            text.contains("page 2: it cannot be asked for: its link"),
            "{text}"
        );
        assert!(!format!("{text}{error:?}").contains("secret"), "{text}");
        assert_eq!(error.kind(), ErrorKind::UnreadableAnswer);
        assert!(pages.next().await.is_none());
        assert_eq!(seen(&mut requests).len(), 1, "{place}");
    }
    assert_eq!(seen(&mut stolen).len(), 0);
}
