//! Parameters on the wire: the rows of the table of styles (`OpenAPI` 3.0.3, section 4.7.12.4), and
//! what stands beside it.
//!
//! Where the table was corrected later, it is as in 3.0.4: what does not explode has commas in
//! the style `label`, too, as RFC 6570 says, and `|` is encoded.

use std::sync::Arc;

use generated::types::{Color, FieldsBody, Filter, FilterRangesItem, FilterSize};
use generated::{Builder, Client};
use tokio::sync::mpsc::UnboundedReceiver;

use crate::server::{Said, header, server};

#[rustfmt::skip]
#[allow(unreachable_pub, dead_code, unused_imports)]
mod generated;

const COLORS: [&str; 3] = ["blue", "black", "brown"];

fn color() -> Color {
    Color::new(150, 200, 100)
}

/// With all that the specification leaves open: lists, objects, and lists of objects.
fn filter() -> Filter {
    Filter::new()
        .word("é & b")
        .tags(["x", "y"])
        .size(FilterSize::new().min(1))
        .ranges([FilterRangesItem::new(1).to(2), FilterRangesItem::new(5)])
}

struct Api {
    client: Client,
    requests: UnboundedReceiver<String>,
}

impl Api {
    async fn start() -> Self {
        let answer = |_: &str, _: &str| Said::from((204, String::new()));
        let (url, requests) = server(Arc::new(answer)).await;
        let client = Builder::new().base_url(&url).build().unwrap();
        Self { client, requests }
    }

    /// The head and the body of what was asked.
    async fn asked(&mut self) -> (String, String) {
        let text = self.requests.recv().await.unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        (head.to_owned(), body.to_owned())
    }

    /// What stands behind the address of the API.
    async fn target(&mut self) -> String {
        target(&self.asked().await.0)
    }
}

fn target(head: &str) -> String {
    let target = head.split(' ').nth(1).unwrap();
    target.strip_prefix("/v1").unwrap().to_owned()
}

/// The pairs of the query.
fn pairs(target: &str) -> Vec<&str> {
    let (_, query) = target.split_once('?').unwrap();
    query.split('&').collect()
}

#[tokio::test]
async fn paths_have_every_style() {
    let mut api = Api::start().await;
    let (list, object) = (COLORS, color);
    api.client.matrix("", "blue", list, object()).await.unwrap();
    assert_eq!(
        api.target().await,
        "/matrix/;empty/;text=blue/;list=blue,black,brown/;object=B,150,G,200,R,100"
    );
    api.client
        .exploded_matrix("", "blue", list, object())
        .await
        .unwrap();
    assert_eq!(
        api.target().await,
        "/exploded-matrix/;empty/;text=blue/;list=blue;list=black;list=brown/;B=150;G=200;R=100"
    );
    api.client.label("", "blue", list, object()).await.unwrap();
    assert_eq!(
        api.target().await,
        "/label/a./.blue/.blue,black,brown/.B,150,G,200,R,100"
    );
    api.client
        .exploded_label("", "blue", list, object())
        .await
        .unwrap();
    assert_eq!(
        api.target().await,
        "/exploded-label/a./.blue/.blue.black.brown/.B=150.G=200.R=100"
    );
}

#[tokio::test]
async fn what_is_simple_stands_in_paths_and_headers() {
    let mut api = Api::start().await;
    let headers = |head: &str| {
        ["x-text", "x-list", "x-object"].map(|name| header(head, name).unwrap().to_owned())
    };
    api.client
        .simple("blue", COLORS, color(), "blue", COLORS, color())
        .await
        .unwrap();
    let (head, _) = api.asked().await;
    assert_eq!(
        target(&head),
        "/simple/blue/blue,black,brown/B,150,G,200,R,100"
    );
    assert_eq!(
        headers(&head),
        ["blue", "blue,black,brown", "B,150,G,200,R,100"]
    );
    api.client
        .exploded_simple("blue", COLORS, color(), "blue", COLORS, color())
        .await
        .unwrap();
    let (head, _) = api.asked().await;
    assert_eq!(
        target(&head),
        "/exploded-simple/blue/blue,black,brown/B=150,G=200,R=100"
    );
    assert_eq!(
        headers(&head),
        ["blue", "blue,black,brown", "B=150,G=200,R=100"]
    );
}

#[tokio::test]
async fn forms_stand_in_queries_and_cookies() {
    let mut api = Api::start().await;
    api.client
        .form()
        .empty("")
        .text("blue")
        .list(COLORS)
        .object(color())
        .c_empty("")
        .c_text("blue")
        .c_list(COLORS)
        .c_object(color())
        .await
        .unwrap();
    let (head, _) = api.asked().await;
    let joined = "empty=; text=blue; list=blue,black,brown; object=B,150,G,200,R,100";
    assert_eq!(pairs(&target(&head)).join("; "), joined);
    let cookies = header(&head, "cookie").unwrap();
    assert_eq!(cookies.replace("c_", ""), joined);

    api.client
        .exploded_form()
        .empty("")
        .text("blue")
        .list(COLORS)
        .object(color())
        .c_empty("")
        .c_text("blue")
        .c_list(COLORS)
        .c_object(color())
        .await
        .unwrap();
    let (head, _) = api.asked().await;
    let exploded = "empty=; text=blue; list=blue; list=black; list=brown; B=150; G=200; R=100";
    assert_eq!(pairs(&target(&head)).join("; "), exploded);
    let cookies = header(&head, "cookie").unwrap();
    assert_eq!(cookies.replace("c_", ""), exploded);
}

#[tokio::test]
async fn nothing_in_a_value_ends_it() {
    let mut api = Api::start().await;
    let none: [&str; 0] = [];
    api.client
        .exploded_form()
        .text("a b&c=d+e;é")
        .list(none)
        .c_text("a b;c=d,\"é")
        .c_list(["a,b", "c"])
        .await
        .unwrap();
    let (head, _) = api.asked().await;
    assert_eq!(pairs(&target(&head)), ["text=a%20b%26c%3Dd%2Be%3B%C3%A9"]);
    assert_eq!(
        header(&head, "cookie"),
        Some("c_text=a%20b%3Bc=d%2C%22%C3%A9; c_list=a%2Cb; c_list=c")
    );
    // The style `cookie` encodes nothing (`OpenAPI` 3.2.0, section 4.12.3).
    let call = || api.client.cookies().text("a b,c").list(["d%", "e"]);
    call().await.unwrap();
    let error = call().text("a; b=c").await.unwrap_err();
    assert!(error.to_string().contains("cookie"), "{error}");
    let (head, _) = api.asked().await;
    assert_eq!(header(&head, "cookie"), Some("text=a b,c; list=d%; list=e"));
}

#[tokio::test]
async fn lists_and_objects_have_separators() {
    let mut api = Api::start().await;
    api.client
        .delimited()
        .spaced_list(COLORS)
        .spaced_object(color())
        .piped_list(["blue", "b|k"])
        .piped_object(color())
        .exploded(["x", "y"])
        .await
        .unwrap();
    assert_eq!(
        pairs(&api.target().await),
        [
            "spaced_list=blue%20black%20brown",
            "spaced_object=B%20150%20G%20200%20R%20100",
            "piped_list=blue%7Cb%7Ck",
            "piped_object=B%7C150%7CG%7C200%7CR%7C100",
            "exploded=x",
            "exploded=y",
        ]
    );
}

#[tokio::test]
async fn deep_objects_say_the_way_to_each_value() {
    let mut api = Api::start().await;
    api.client
        .deep()
        .object(color())
        .filter(filter())
        .expand(["a", "b"])
        .await
        .unwrap();
    let target = api.target().await.replace("%5B", "[").replace("%5D", "]");
    assert_eq!(
        pairs(&target),
        [
            "object[B]=150",
            "object[G]=200",
            "object[R]=100",
            "filter[ranges][0][from]=1",
            "filter[ranges][0][to]=2",
            "filter[ranges][1][from]=5",
            "filter[size][min]=1",
            "filter[tags][0]=x",
            "filter[tags][1]=y",
            "filter[word]=%C3%A9%20%26%20b",
            "expand[0]=a",
            "expand[1]=b",
        ]
    );
}

#[tokio::test]
async fn reserved_characters_stay_where_the_contract_allows_them() {
    let mut api = Api::start().await;
    // What would end the value, or be read as something else, is encoded nevertheless.
    let text = "https://a.b/?c=d,e;f@g!$(*)%41%é#[h]&i+j 100%";
    api.client
        .reserved()
        .url(text)
        .list(["a/b", "c:d"])
        .plain("a/b")
        .await
        .unwrap();
    assert_eq!(
        pairs(&api.target().await),
        [
            "url=https://a.b/?c=d,e;f@g!$(*)%41%25%C3%A9%23%5Bh%5D%26i%2Bj%20100%25",
            "list=a/b,c:d",
            "plain=a%2Fb",
        ]
    );
}

#[tokio::test]
async fn parameters_with_content_are_documents() {
    let mut api = Api::start().await;
    let inline = generated::types::ContentInline::new(7);
    api.client
        .content(Filter::new().word("a/b"))
        .where_(Filter::new().tags(["x"]))
        .x_where(filter())
        .seen([1, 2])
        .inline(inline)
        .xml("<a/>")
        .await
        .unwrap();
    let (head, _) = api.asked().await;
    assert_eq!(
        target(&head),
        "/content/%7B%22word%22:%22a%2Fb%22%7D?where=%7B%22tags%22%3A%5B%22x%22%5D%7D\
         &inline=%7B%22at%22%3A7%7D&xml=%3Ca%2F%3E"
    );
    // A header has no characters but those of ASCII; JSON needs none.
    assert_eq!(
        header(&head, "x-where"),
        Some(
            r#"{"ranges":[{"from":1,"to":2},{"from":5}],"size":{"min":1},"tags":["x","y"],"word":"\u00e9 & b"}"#
        )
    );
    assert_eq!(header(&head, "cookie"), Some("seen=[1%2C2]"));
}

#[tokio::test]
async fn a_parameter_may_be_the_whole_query() {
    let mut api = Api::start().await;
    api.client
        .whole_json(Filter::new().word("a"))
        .await
        .unwrap();
    assert_eq!(api.target().await, "/whole/json?%7B%22word%22%3A%22a%22%7D");
    api.client.whole_form().query(color()).await.unwrap();
    assert_eq!(api.target().await, "/whole/form?B=150&G=200&R=100");
    api.client.whole_text().query("$.a[1:1]").await.unwrap();
    assert_eq!(api.target().await, "/whole/text?%24.a%5B1%3A1%5D");
}

#[tokio::test]
async fn methods_that_are_rare_are_sent_as_well() {
    let mut api = Api::start().await;
    let found = api.client.find_things(&Filter::new().word("a")).await;
    // The server has no such thing.
    assert_eq!(found.unwrap_err().status().unwrap(), 204);
    let (head, body) = api.asked().await;
    assert!(head.starts_with("QUERY /v1/things HTTP"), "{head}");
    assert_eq!(body, r#"{"word":"a"}"#);
    api.client.copy_things("/others").await.unwrap();
    let (head, _) = api.asked().await;
    assert!(head.starts_with("COPY /v1/things HTTP"), "{head}");
    assert_eq!(header(&head, "destination"), Some("/others"));
}

#[tokio::test]
async fn fields_of_a_form_have_styles() {
    let mut api = Api::start().await;
    let body = FieldsBody::new()
        .exploded(["a", "b"])
        .joined(["a", "b"])
        .flat(color())
        .deep(filter())
        .json(["a", "b"])
        .plain(color());
    api.client.fields(&body).await.unwrap();
    let (head, body) = api.asked().await;
    assert_eq!(
        header(&head, "content-type"),
        Some("application/x-www-form-urlencoded")
    );
    let url = reqwest::Url::parse(&format!("http://localhost/?{body}")).unwrap();
    let fields = url.query_pairs();
    let fields: Vec<String> = fields
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    assert_eq!(
        fields,
        [
            "deep[ranges][0][from]=1",
            "deep[ranges][0][to]=2",
            "deep[ranges][1][from]=5",
            "deep[size][min]=1",
            "deep[tags][0]=x",
            "deep[tags][1]=y",
            "deep[word]=é & b",
            "exploded=a",
            "exploded=b",
            "B=150",
            "G=200",
            "R=100",
            "joined=a,b",
            r#"json=["a","b"]"#,
            r#"plain={"B":150,"G":200,"R":100}"#,
        ]
    );
}
