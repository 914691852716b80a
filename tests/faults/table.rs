//! What goes wrong, and what must follow from it.

use callbell::ErrorKind;
use serde_json::{Value, json};

use super::{KEY, NAME};
use crate::peer::Act;

/// Something that goes wrong, and what must follow from it.
pub(super) struct Fault {
    pub(super) name: &'static str,
    pub(super) happens: Happens,
    pub(super) kind: ErrorKind,
    pub(super) status: Option<u16>,
    /// Part of what the caller must be able to read of the body.
    pub(super) body: &'static str,
    /// Whether the request may be sent again: always, if it was safe, or not at all.
    pub(super) repeats: Repeats,
    pub(super) may_have_been_processed: bool,
}

pub(super) enum Happens {
    NobodyListens,
    NoSuchName,
    NoTls,
    At(Act),
}

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Repeats {
    Always,
    IfSafe,
    Never,
}

use ErrorKind::*;
use Repeats::*;

/// A response that knows too much: the contact's name and the key are in its body and in
/// a header.
fn answer(status: &str, content_type: &str, body: &str) -> Vec<u8> {
    format!(
        "HTTP/1.1 {status}\r\ncontent-type: {content_type}\r\nx-echo: {NAME} {KEY}\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len(),
    )
    .into_bytes()
}

fn json_answer(status: &str, body: &Value) -> Act {
    Act::Write(answer(status, "application/json", &body.to_string()))
}

fn refusal(status: &str) -> Act {
    json_answer(status, &json!({ "error": format!("no {NAME} {KEY}") }))
}

fn with_header(act: Act, header: &str) -> Act {
    let Act::Write(bytes) = act else { panic!() };
    let text = String::from_utf8(bytes).unwrap();
    Act::Write(
        text.replacen("\r\n", &format!("\r\n{header}\r\n"), 1)
            .into_bytes(),
    )
}

pub(super) fn faults() -> Vec<Fault> {
    let fault = |name, happens, kind, status: u16, body, repeats, may_have_been_processed| Fault {
        name,
        happens,
        kind,
        status: Some(status).filter(|status| *status != 0),
        body,
        repeats,
        may_have_been_processed,
    };
    let at = |act| Happens::At(act);
    let page = format!("<html>{NAME} {KEY}</html>");
    let html = |status| Act::Write(answer(status, "text/html", &page));
    let contact = json!({ "contact": { "name": NAME, "uuid": KEY } });
    let whole = answer("200 OK", "application/json", &contact.to_string());
    let head = |more: &str| format!("HTTP/1.1 200 OK\r\n{more}\r\n\r\n");
    let chunk = format!(
        "{}{:x}\r\n{NAME}\r\n",
        head("transfer-encoding: chunked"),
        NAME.len()
    );
    let gzip = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3];
    let gzip = [
        head("content-encoding: gzip\r\ncontent-length: 10").as_bytes(),
        &gzip,
    ]
    .concat();
    let empty = |status: &str| Act::Write(answer(status, "text/plain", ""));
    let moved = with_header(empty("302 Found"), "location: http://127.0.0.1:9/elsewhere");
    let long_wait = with_header(refusal("429 Too Many Requests"), "retry-after: 0");
    let for_ever = with_header(
        refusal("429 Too Many Requests"),
        "retry-after: 18446744073709551616",
    );
    let date = "retry-after: Sun, 06 Nov 1994 08:49:37 GMT";
    let dated = with_header(refusal("503 Service Unavailable"), date);
    let cut = |bytes: &[u8]| Act::Write(bytes[..bytes.len() - 10].to_vec());
    let failed = answer(
        "500 Internal Server Error",
        "application/json",
        "{\"error\": \"lost\"}",
    );
    let busy = answer(
        "503 Service Unavailable",
        "application/json",
        "{\"error\": \"busy\"}",
    );
    vec![
        fault(
            "refused connection",
            Happens::NobodyListens,
            Unreachable,
            0,
            "",
            Always,
            false,
        ),
        fault(
            "unknown name",
            // By a client of one's own, which may have followed a redirect before.
            Happens::NoSuchName,
            Unreachable,
            0,
            "",
            IfSafe,
            true,
        ),
        fault("no tls", Happens::NoTls, Unreachable, 0, "", Always, false),
        fault(
            "closed without a response",
            at(Act::Close),
            Unreachable,
            0,
            "",
            IfSafe,
            true,
        ),
        fault(
            "reset without a response",
            at(Act::Reset),
            Unreachable,
            0,
            "",
            IfSafe,
            true,
        ),
        fault(
            "no http",
            at(Act::Write(b"220 smtp\r\n".into())),
            Unreachable,
            0,
            "",
            IfSafe,
            true,
        ),
        fault(
            "no response in time",
            at(Act::Stall(vec![])),
            TimedOut,
            0,
            "",
            IfSafe,
            true,
        ),
        fault(
            "body stalls",
            at(Act::Stall(chunk.clone().into())),
            TimedOut,
            200,
            NAME,
            IfSafe,
            true,
        ),
        fault(
            "unauthorized",
            at(refusal("401 Unauthorized")),
            Unauthorized,
            401,
            KEY,
            Never,
            false,
        ),
        fault(
            "unauthorized by a proxy",
            at(html("401 Unauthorized")),
            Unauthorized,
            401,
            KEY,
            Never,
            false,
        ),
        fault(
            "refused",
            at(refusal("422 Unprocessable Entity")),
            Refused,
            422,
            NAME,
            Never,
            false,
        ),
        fault(
            "refused by a proxy",
            at(html("403 Forbidden")),
            Refused,
            403,
            NAME,
            Never,
            false,
        ),
        fault(
            "rate limited",
            at(long_wait),
            RateLimited,
            429,
            NAME,
            Always,
            false,
        ),
        fault(
            "busy with a date",
            at(dated),
            ServerFault,
            503,
            NAME,
            Always,
            false,
        ),
        fault(
            "busy, a page",
            at(html("503 Service Unavailable")),
            ServerFault,
            503,
            "<html>",
            IfSafe,
            true,
        ),
        fault(
            "busy, a gateway",
            // JSON, and an object, but nothing of what the contract has in it.
            at(json_answer(
                "503 Service Unavailable",
                &json!({ "message": NAME }),
            )),
            ServerFault,
            503,
            NAME,
            IfSafe,
            true,
        ),
        fault(
            "busy, the form as text",
            at(Act::Write(answer(
                "503 Service Unavailable",
                "text/plain",
                &format!("{{\"error\": \"{NAME}\"}}"),
            ))),
            ServerFault,
            503,
            NAME,
            IfSafe,
            true,
        ),
        fault(
            "busy, cut",
            at(cut(&busy)),
            ServerFault,
            503,
            "{\"erro",
            IfSafe,
            true,
        ),
        fault(
            "failed, empty",
            at(empty("500 Internal Server Error")),
            ServerFault,
            500,
            "",
            IfSafe,
            true,
        ),
        fault(
            "failed, cut",
            at(cut(&failed)),
            ServerFault,
            500,
            "{\"erro",
            IfSafe,
            true,
        ),
        fault(
            "bad gateway, a page",
            at(html("502 Bad Gateway")),
            ServerFault,
            502,
            "<html>",
            IfSafe,
            true,
        ),
        fault(
            "gateway timeout, empty",
            at(empty("504 Gateway Timeout")),
            ServerFault,
            504,
            "",
            IfSafe,
            true,
        ),
        fault(
            "not implemented",
            at(html("501 Not Implemented")),
            ServerFault,
            501,
            "<html>",
            Never,
            true,
        ),
        fault(
            "redirect",
            at(moved),
            UnreadableAnswer,
            302,
            "",
            Never,
            true,
        ),
        fault(
            "not modified",
            at(empty("304 Not Modified")),
            UnreadableAnswer,
            304,
            "",
            Never,
            true,
        ),
        fault(
            "choices without a location",
            at(empty("300 Multiple Choices")),
            UnreadableAnswer,
            300,
            "",
            Never,
            true,
        ),
        fault(
            "rate limited for ever",
            at(for_ever),
            RateLimited,
            429,
            NAME,
            Never,
            false,
        ),
        fault(
            "unknown success",
            at(empty("204 No Content")),
            UnreadableAnswer,
            204,
            "",
            Never,
            true,
        ),
        fault(
            "empty success",
            at(empty("200 OK")),
            UnreadableAnswer,
            200,
            "",
            Never,
            true,
        ),
        fault(
            "success, a page",
            at(html("200 OK")),
            UnreadableAnswer,
            200,
            "<html>",
            Never,
            true,
        ),
        fault(
            "success, another shape",
            at(Act::Write(whole.clone())),
            UnreadableAnswer,
            200,
            NAME,
            Never,
            true,
        ),
        fault(
            "success, cut",
            at(cut(&whole)),
            UnreadableAnswer,
            200,
            "{\"contact\"",
            IfSafe,
            true,
        ),
        fault(
            "success, a chunk missing",
            at(Act::Write(chunk.into())),
            UnreadableAnswer,
            200,
            NAME,
            IfSafe,
            true,
        ),
        fault(
            "success, gzip",
            at(Act::Write(gzip)),
            UnreadableAnswer,
            200,
            "",
            Never,
            true,
        ),
        fault(
            "success, too large",
            at(Act::Endless(head("content-length: 999999999").into())),
            UnreadableAnswer,
            200,
            "",
            Never,
            true,
        ),
        fault(
            "success, endless",
            at(Act::Endless(head("connection: close").into())),
            UnreadableAnswer,
            200,
            "   ",
            Never,
            true,
        ),
    ]
}
